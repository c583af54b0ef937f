"""The facts of a case: fixed ones, and case tables looked up by live facts. What guards read; nothing else.

A table is computed cell by cell when a cell is first asked for, and kept. What computes it stands in `pathways.facts.tables`.
"""

from __future__ import annotations

from functools import cached_property

from pathways.case.models import Case
from pathways.facts.bad_ends import with_the_worst
from pathways.facts.cleared import nothing_left
from pathways.facts.history import past_of
from pathways.facts.patient_assessment import PatientAssessment
from pathways.facts.tables import clearing, person_and_disease, remnants, situation
from pathways.facts.tables.clearing import resection_of
from pathways.facts.tables.person_and_disease import POLICY_OF
from pathways.facts.tables.situation import pointed_at_after
from pathways.facts.tables.start import start_of
from pathways.facts.tables.vocabulary import Answer, Key, scenario_in, scenario_of
from pathways.facts.treatments import JUDGES
from pathways.facts.verdict import Finding
from pathways.knowledge.model import Protocol
from pathways.liver.resection import Resection
from pathways.process.facts import CASE_FACTS, LIVE_INDEX, State

__all__ = ["POLICY_OF", "CaseFacts", "Key", "pointed_at_after", "scenario_in", "scenario_of"]

FAMILIES = (person_and_disease, clearing, remnants, situation, *JUDGES)
INDICES = {fact.name: tuple(LIVE_INDEX[key] for key in fact.keys) for fact in CASE_FACTS}


class CaseFacts:
    """Every case fact of one case under one protocol; `at_worst`: keys of lesions read at their bad end where not told.

    With `follow_up` beyond clearance, and always where everything had been cleared before today.
    """

    def __init__(
        self,
        case: Case,
        protocol: Protocol,
        *,
        strict: bool = False,
        follow_up: bool = False,
        at_worst: frozenset[str] = frozenset(),
    ) -> None:
        if strict:
            case = with_the_worst(case, past_of(case, protocol))
        self.assessed = PatientAssessment(case, protocol, strict, at_worst)
        self.strict = strict
        # Whoever has been cleared is planned from there on, or there would be nothing to choose between.
        self.follow_up = follow_up or nothing_left(self.assessed)
        self._answers: dict[str, Answer] = {}
        for family in FAMILIES:
            self._answers.update(family.answers(self))
        self._cells: dict[str, dict[Key, Finding]] = {fact.name: {} for fact in CASE_FACTS}

    def lend(self, other: CaseFacts, moved: tuple[str, ...]) -> None:
        """Gives `other` every answer but those of facts whose names begin with one of `moved`: it differs in no other.

        `start` among them: it may begin otherwise. Before anything is asked of `other`.
        """
        if "start" not in moved:
            vars(other)["_start"] = self._start
        for fact, cells in self._cells.items():
            if not fact.startswith(moved):
                other._cells[fact] = cells
                other._answers[fact] = self._answers[fact]

    def finding(self, fact: str, state: State) -> Finding:
        """The value of a case fact in `state`, with its verdicts."""
        return self.cell(fact, tuple(state[index] for index in INDICES[fact]))

    def cell(self, fact: str, key: Key) -> Finding:
        """The value of a case fact for the live facts `key`, with its verdicts."""
        cells = self._cells[fact]
        found = cells.get(key)
        if found is None:
            found = cells[key] = self._answers[fact](*key)
        return found

    def key_indices(self, fact: str) -> tuple[int, ...]:
        """Positions in a state of the live facts that `fact` depends on."""
        return INDICES[fact]

    @cached_property
    def _start(self) -> State:
        return start_of(self.assessed)

    def start(self) -> State:
        """The state in which the case begins."""
        return self._start

    def resection(self, clearance: str, state: State) -> Resection | None:
        """The resection that a step of class `clearance` (or `target`, `debulking`) stands for in `state`."""
        return resection_of(self.assessed, clearance, scenario_of(state))
