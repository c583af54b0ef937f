"""What is looked up for drawn patients: fixed facts, case tables that read little of the patient, regimens.

The scalar rules of cases answer, once for every combination of what they read (see `by_combination`).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import lru_cache
from itertools import product

import numpy as np
import numpy.typing as npt

from pathways.case.models import Case
from pathways.cohort.codes.case_facts import CODE
from pathways.cohort.codes.state import LIVE, Seen
from pathways.cohort.patients.columns import Patients
from pathways.cohort.rules.by_combination import LIMITS, READS, Ask, ByCombination, Ints, columns_behind, reads_of
from pathways.facts.derive import CaseFacts
from pathways.facts.figures import Figures
from pathways.facts.patient_assessment import PatientAssessment
from pathways.facts.regimen import regimen
from pathways.facts.tables.person_and_disease import FIXED
from pathways.facts.treatments import JUDGES
from pathways.facts.verdict import yes_no
from pathways.knowledge.arithmetic import where
from pathways.knowledge.formulas import volume_by_surface, volume_by_weight
from pathways.knowledge.model import Protocol
from pathways.knowledge.protocols import knowledge
from pathways.process.facts import CASE_FACTS
from pathways.process.treatments import TREATMENTS
from pathways.quick_dataclass import dataclass

Codes = npt.NDArray[np.uint8]
# Facts of treatments read what the record of their rule names: none of them the volumes of a liver.
BROUGHT = frozenset(fact.name for one in TREATMENTS for fact in one.facts)
WITHOUT_KEYS = tuple(fact.name for fact in CASE_FACTS if not fact.keys)
# Those of treatments that read every lesion: judged by the formula of the rule, on columns.
BY_COLUMNS: dict[str, Callable[..., npt.NDArray[np.bool_]]] = {
    name: judge for room in JUDGES for name, judge in getattr(room, "BY_COLUMNS", {}).items()
}
# Case tables that are looked up, with the live facts they depend on.
WITH_KEYS = {fact.name: fact.keys for fact in CASE_FACTS if fact.keys and (fact.name in READS or fact.name in BROUGHT)}
LINES = LIVE["line"]
WASHOUTS = ("washout_after_perioperative", "washout_after_first", "washout_after_second")


@dataclass(frozen=True)
class Asked:
    """Under what scalar rules are asked. Protocols are few and are not copied: the same object is the same protocol."""

    protocol: Protocol
    figures: Mapping[str, float] | None = None
    follow_up: bool = True

    def __hash__(self) -> int:
        return id(self.protocol)

    def __eq__(self, other: object) -> bool:
        return (
            isinstance(other, Asked)
            and other.protocol is self.protocol
            and (other.figures or {}) == (self.figures or {})
            and other.follow_up == self.follow_up
        )

    def of(self, names: Sequence[str]) -> Ask:
        """The codes of some fixed facts."""

        def ask(case: Case) -> list[float]:
            assessed = PatientAssessment(case, self.protocol)
            return [CODE[name][self._value(name, assessed)] for name in names]

        return ask

    def _value(self, name: str, assessed: PatientAssessment) -> str:
        """The value of a fixed fact. A verdict needs no more than the patient, and is many times quicker than all facts of a case."""
        if name in FIXED:
            return yes_no(FIXED[name](assessed), strict=False).value
        return CaseFacts(assessed.case, self.protocol, follow_up=self.follow_up).cell(name, ()).value

    def figures_of(self, case: Case) -> Figures:
        """The figures of a case."""
        return Figures(PatientAssessment(case, self.protocol), self.figures or {})


# --- fixed facts --------------------------------------------------------------------------------------------------


def fixed_facts(patients: Patients, protocol: Protocol, *, follow_up: bool) -> dict[str, Codes]:
    """Every fact without keys, by name, as codes in its domain."""
    found: dict[str, Codes] = {name: _by_columns(name, patients, protocol) for name in BY_COLUMNS}
    for names, known in _fixed(Asked(protocol, follow_up=follow_up)):
        codes = known.codes(patients)
        answers = known.answers.astype(np.uint8)
        found |= {name: answers[codes, place] for place, name in enumerate(names)}
    return found


@lru_cache(maxsize=8)
def _fixed(asked: Asked) -> tuple[tuple[tuple[str, ...], ByCombination], ...]:
    """The facts that depend on the same columns, together."""
    groups: dict[tuple[str, ...], list[str]] = {}
    for name in (one for one in WITHOUT_KEYS if one not in BY_COLUMNS):
        groups.setdefault(tuple(sorted(columns_behind(reads_of(name)))), []).append(name)
    limits = {name: [asked.protocol.number(one) for one in settings] for name, settings in LIMITS.items()}
    return tuple(
        (
            tuple(names),
            ByCombination([key for one in names for key in reads_of(one)], limits, asked.of(names), len(names)),
        )
        for names in groups.values()
    )


def _by_columns(name: str, patients: Patients, protocol: Protocol) -> Codes:
    """A fact that reads every lesion of a patient and the volume of the liver: no combination stands for another."""
    parameters = knowledge().parameters
    by_surface = volume_by_surface(parameters, patients.height_cm, patients.weight_kg)
    total = where(by_surface > 0, by_surface, volume_by_weight(parameters, patients.weight_kg))
    holds = BY_COLUMNS[name](patients.counts, patients.sizes_mm, total, protocol)
    return np.where(holds, CODE[name]["yes"], CODE[name]["no"]).astype(np.uint8)


# --- case tables --------------------------------------------------------------------------------------------------


class LookedUp:
    """A case table of a column of patients that reads little of them."""

    def __init__(self, name: str, patients: Patients, protocol: Protocol) -> None:
        self.keys = WITH_KEYS[name]
        self.shape = tuple(len(LIVE[key]) for key in self.keys)
        known, groups = _table(name, Asked(protocol))
        if len(patients) and not known.complete:
            known.ask_all(patients)
            groups[:] = np.unique(known.answers, axis=0, return_inverse=True)[1].reshape(-1)
        self._codes = known.codes(patients)
        self._answers = known.answers
        # Patients of one group have the same answers in every state.
        self.group, self.groups = groups[self._codes], int(groups.max()) + 1

    def of(self, rows: Ints, state: Seen) -> Codes:
        """Codes of the table for patients `rows` in the states `state`."""
        live = np.ravel_multi_index(tuple(state[key].astype(np.int64) for key in self.keys), self.shape)
        return self._answers[self._codes[rows], live].astype(np.uint8)


@lru_cache(maxsize=64)
def _table(name: str, asked: Asked) -> tuple[ByCombination, Ints]:
    """A table by combination, and the group of each."""
    keys = tuple(product(*(LIVE[key] for key in WITH_KEYS[name])))

    def ask(case: Case) -> list[float]:
        facts = CaseFacts(case, asked.protocol, follow_up=asked.follow_up)
        return [CODE[name][facts.cell(name, key).value] for key in keys]

    known = ByCombination(reads_of(name), {}, ask, len(keys))
    return known, np.zeros(len(known.known), dtype=np.int64)


# --- the regimen --------------------------------------------------------------------------------------------------


class Biology:
    """What the regimen that the rules suggest means for each patient: chances by line, and days of washout."""

    def __init__(self, patients: Patients, protocol: Protocol, figures: Mapping[str, float]) -> None:
        known = _regimens(Asked(protocol, figures))
        self.codes = known.codes(patients)
        lines = len(LINES)
        self.response, self.progression = known.answers[:, :lines], known.answers[:, lines : 2 * lines]
        self.days = {name: known.answers[:, 2 * lines + place] for place, name in enumerate(WASHOUTS)}


@lru_cache(maxsize=8)
def _regimens(asked: Asked) -> ByCombination:
    def ask(case: Case) -> list[float]:
        figures = asked.figures_of(case)
        chosen = [regimen(figures.assessed, "first" if line == "none" else str(line)) for line in LINES]
        chances = [
            figures.figure(name) for name in (*(one.response for one in chosen), *(one.progression for one in chosen))
        ]
        return [*chances, *(float(figures.days_named(name)) for name in WASHOUTS)]

    return ByCombination(READS["regimen"], {}, ask, 2 * len(LINES) + len(WASHOUTS))
