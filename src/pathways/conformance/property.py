"""What a property is: a sentence and a small machine that watches acts.

A property keeps a memory (a mode) and, where it bounds days, a clock of its own; `judge` looks at an act before `after`
moves the memory on. The clock passed in has run until the act is done. A clock of None is a time that a record does not
tell: then the answer is Unknown, never a breach.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cached_property
from typing import Any, Literal

from pathways.case.models import Case
from pathways.conformance.acts import Act
from pathways.conformance.limits import Limits
from pathways.facts.patient_assessment import PatientAssessment
from pathways.knowledge.model import Protocol
from pathways.quick_dataclass import dataclass

Mode = Any
Clock = int | None
Memory = tuple[Mode, Clock]
ANYTHING: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Breach:
    """How an act breaks a property, and by how much."""

    words: str
    rule: str
    excess: float | None = None
    unit: str | None = None


@dataclass(frozen=True, slots=True)
class Unknown:
    """What is not told, so that an act can be neither right nor wrong."""

    words: str
    rule: str


Answer = Breach | Unknown | None


@dataclass(frozen=True)
class View:
    """A case under a protocol, as properties look at it.

    `recorded`: acts come from a record, which begins with a case as described: somebody has imaged that liver.
    """

    case: Case
    protocol: Protocol
    recorded: bool = False

    @cached_property
    def limits(self) -> Limits:
        """Limits and bars, computed again."""
        return Limits(self.assessed)

    @cached_property
    def assessed(self) -> PatientAssessment:
        """Volumes and history."""
        return PatientAssessment(self.case, self.protocol)


@dataclass(frozen=True)
class Property:
    """One property. `judges`: kinds of acts at which it can fail (ANYTHING: any); `clock`: which of two is the worse."""

    id: str
    sentence: str
    sources: tuple[str, ...]
    judges: frozenset[str]
    judge: Callable[[Mode, Clock, Act, View], Answer]
    start: Callable[[View], Memory] = lambda _: (None, 0)
    after: Callable[[Mode, Clock, Act, View], Memory] | None = None
    clock: Literal["latest", "earliest", ""] = ""
