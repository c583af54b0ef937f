"""A change, a ladder of changes from small to large, and how one is made of a case.

A change that may *open* a pathway is an option: a measurement, a treatment, or a choice of the centre or the patient. What
makes the disease or the patient worse, or what nobody can change, is a `finding`: it may tell what would close a pathway.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import cached_property
from typing import Any, Literal, overload

from pathways.case import contradictions
from pathways.case.models import Case
from pathways.facts.patient_assessment import PatientAssessment
from pathways.knowledge.model import Protocol
from pathways.process.treatments import TREATMENTS
from pathways.quick_dataclass import dataclass

Kind = Literal["measurement", "treatment", "choice", "finding"]
# How much of a change one step is: ten points of remnant, ten millimetres, two cycles or one finding count alike.
PER_POINT, PER_STEP_MM, PER_CYCLE, PER_YEAR = 0.1, 0.5, 0.5, 0.2
A_FINDING, A_MISSING_FINDING, A_POLICY, A_WISH = 1.0, 0.5, 1.5, 1.0

REMNANT = ("remnant_", "reach_", "volumetry_useful", "growth_called_for", "situation", "removable")
GEOMETRY = (
    "clear_", "target", "two_sided", "convertible", "clearing_stages", "side_cleared", "debulkable", "only_vanished",
    "systemic_before",
    *REMNANT, "start",
)  # fmt: skip
# Facts that treatments bring, each with the parts of the case that the records of their rules read.
BROUGHT = {
    fact.name: frozenset(key.split(".")[0] for rule in one.rules for key in rule.reads)
    for one in TREATMENTS
    for fact in one.facts
}


@dataclass(frozen=True, slots=True)
class Change:
    """One thing otherwise. `key` names it in the case file (or the setting of the protocol); `cost`: how far it is."""

    key: str
    words: str
    before: Any
    after: Any
    unit: str
    cost: float
    case: Case
    protocol: Protocol
    kind: Kind


class Made(Sequence[Change]):
    """Steps of a ladder that are made when they are looked at, without those that contradict the case: the first and the last without the others."""

    def __init__(self, makers: Sequence[Callable[[], Change | None]]) -> None:
        self._makers = makers

    @cached_property
    def _last(self) -> tuple[int, Change | None]:
        tried = ((place, self._makers[place]()) for place in reversed(range(len(self._makers))))
        return next(((place, one) for place, one in tried if one is not None), (0, None))

    @cached_property
    def _first(self) -> Change | None:
        return next((one for make in self._makers if (one := make()) is not None), None)

    @cached_property
    def _every(self) -> tuple[Change, ...]:
        end, last = self._last
        return tuple(one for one in (*(make() for make in self._makers[:end]), last) if one is not None)

    def __bool__(self) -> bool:
        """Whether there is a step at all."""
        return self._last[1] is not None

    def __len__(self) -> int:
        """How many steps there are."""
        return len(self._every)

    @overload
    def __getitem__(self, place: int) -> Change: ...

    @overload
    def __getitem__(self, place: slice) -> tuple[Change, ...]: ...

    def __getitem__(self, place: int | slice) -> Change | tuple[Change, ...]:
        """A step, or some."""
        end = self._first if place == 0 else self._last[1] if place == -1 else None
        return self._every[place] if end is None else end


@dataclass(frozen=True, slots=True)
class GradedChange:
    """Changes of one quantity and one kind, from the smallest; `touches` are beginnings of the names of facts they can move.

    No other fact may differ after a step: what else is known of the case is taken over. `opens`: those of them by which it may
    open a pathway, where not by all. `bound`: a step stands for itself and all beyond it ("at most 30 mm"), so what it opens the
    last one must open too.
    """

    touches: tuple[str, ...]
    steps: Sequence[Change]
    bound: bool = False
    opens: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        """What a treatment brings is moved by whatever part of the case the record of its rule reads."""
        parts = {self.key.replace("[", ".").split(".")[0]} if self.steps else set[str]()
        brought = tuple(
            fact for fact, read in BROUGHT.items() if not parts.isdisjoint(read) and fact not in self.touches
        )
        object.__setattr__(self, "touches", (*self.touches, *brought))

    @property
    def key(self) -> str:
        """The key of the case, or the setting, that it moves."""
        return self.steps[-1].key

    @property
    def option(self) -> bool:
        """Whether somebody can measure, treat or choose it."""
        return self.steps[-1].kind != "finding"


def graded(
    touches: tuple[str, ...], steps: Iterable[Change | None], *, bound: bool = False, opens: tuple[str, ...] = ()
) -> GradedChange:
    """The steps that no rule of contradictions refuses."""
    return GradedChange(touches, tuple(one for one in steps if one is not None), bound, opens)


def changed(
    assessed: PatientAssessment,
    key: str,
    words: str,
    before: Any,
    after: Any,
    case: Case,
    *,
    cost: float,
    kind: Kind,
    unit: str = "",
) -> Change | None:
    """The change, or None where the changed case would contradict itself."""
    if any(True for _ in contradictions.of_case(case)):
        return None
    return Change(key, words, before, after, unit, cost, case, assessed.protocol, kind)


def with_part(assessed: PatientAssessment, part: str, **update: Any) -> Case:
    """The case with keys of one part otherwise."""
    case = assessed.case
    return case.model_copy(update={part: getattr(case, part).model_copy(update=update)})


def cost_of(before: Any) -> float:
    """What learning or changing one finding costs."""
    return A_MISSING_FINDING if before is None else A_FINDING


def found(before: Any, *, worse: bool = False, known: Kind = "treatment") -> Kind:
    """What learning a value is where none is known; else what bringing it about is; a finding where it is worse."""
    if worse:
        return "finding"
    return "measurement" if before is None else known


def one_key(
    assessed: PatientAssessment,
    part: str,
    name: str,
    value: Any,
    words: str,
    touches: tuple[str, ...],
    *,
    kind: Kind | None = None,
    unit: str = "",
) -> Iterator[GradedChange]:
    """A single key of a part of the case set to another value."""
    before = getattr(getattr(assessed.case, part), name)
    if before != value:
        yield graded(touches, [
            changed(assessed, f"{part}.{name}", words, before, value, with_part(assessed, part, **{name: value}),
                    cost=cost_of(before), kind=kind or found(before), unit=unit)
        ])  # fmt: skip


def numbers(
    assessed: PatientAssessment, part: str, name: str, values: Sequence[float], words: Callable[[float], str],
    touches: tuple[str, ...], *, kind: Kind | None = None, unit: str, per_step: float,
) -> Iterator[GradedChange]:  # fmt: skip
    """A number of a part of the case set to each of `values` in turn."""
    before = getattr(getattr(assessed.case, part), name)
    yield graded(touches, [
        changed(assessed, f"{part}.{name}", words(value), before, value, with_part(assessed, part, **{name: value}),
                cost=A_MISSING_FINDING if before is None else per_step * step, kind=kind or found(before), unit=unit)
        for step, value in enumerate(values, start=1)
    ])  # fmt: skip
