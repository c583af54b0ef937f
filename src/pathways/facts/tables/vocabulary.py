"""What the tables share: keys, lesion scenarios in them, and what they may ask of the facts already known."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Protocol

from pathways.facts.patient_assessment import LesionScenario, PatientAssessment
from pathways.facts.verdict import Finding, Verdict, yes_no
from pathways.process.facts import State
from pathways.process.model import Value

Key = tuple[Value, ...]
Answer = Callable[..., Finding]
Answers = Mapping[str, Answer]
SCENARIO = len(LesionScenario._fields)


class Facts(Protocol):
    """The facts of one case, as a table sees them."""

    assessed: PatientAssessment
    strict: bool
    follow_up: bool

    def cell(self, fact: str, key: Key) -> Finding:
        """The value of a case fact for the live facts `key`, with its verdicts."""


def judged(facts: Facts, rule: Callable[..., Verdict]) -> Answer:
    """A fact of the values yes, assumed, unknown, no from the verdict of `rule`."""
    strict = facts.strict
    return lambda *key: yes_no(rule(*key), strict=strict)


def plain(answer: bool) -> Finding:
    """Yes or no, with nothing behind it."""
    return Finding("yes" if answer else "no", ())


def scenario_in(key: Sequence[Value]) -> LesionScenario:
    """The scene that the key of a geometric table begins with."""
    return LesionScenario(*map(str, key[:SCENARIO]))


def scenario_of(state: State) -> LesionScenario:
    """The scene of a state."""
    return LesionScenario(state.extent, state.sites, state.nature)
