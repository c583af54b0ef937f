"""Which pathway becomes first if something that is missing turns out otherwise than it is taken, or an estimated remnant is measured.

What is missing may lead to another case, which is planned anew; where it only takes steps away, the first pathway that does not stand
on it is the answer. A remnant that is an estimate is measured at both ends of its interval.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from functools import cached_property

from pathways.facts.derive import CaseFacts
from pathways.graph.explore import Edge, Graph
from pathways.liver.resection import Resection
from pathways.planning.annotate import Pathway
from pathways.planning.assess import Assessment
from pathways.planning.changes.lesions import measured
from pathways.planning.missing import Asked, MissingItem, the_other_way
from pathways.quick_dataclass import dataclass

POINT = 0.01


@dataclass(frozen=True, slots=True)
class First:
    """The pathway that stands first then, and whether it is the same as now. `ends`: what of an estimate was measured, as a share."""

    title: str
    same: bool
    curative: bool
    measured: float | None = None


@dataclass(frozen=True)
class FirstThen:
    """What comes first then, for one plan. `replanned`: the pathways of a case whose facts are others, in their order."""

    graph: Graph
    assessment: Assessment
    pathways: tuple[Pathway, ...]
    replanned: Callable[[CaseFacts], Sequence[Pathway]]

    def if_not(self, item: MissingItem) -> First | None:
        """What comes first if an item is not as it is taken; None where there is no pathway at all."""
        if item.asked not in self._known:
            other = self._others[item.asked]
            if isinstance(other, CaseFacts):
                found = self._first(other)
            else:
                left = (one for one in self.pathways if other.isdisjoint(one.walk))
                found = self._compared(next(left, None))
            self._known[item.asked] = found
        return self._known[item.asked]

    def knows(self, item: MissingItem) -> bool:
        """Whether an item has been asked for, or costs next to nothing."""
        return item.asked in self._known or not item.another_case

    @cached_property
    def _known(self) -> dict[Asked, First | None]:
        return {}

    @property
    def knows_measured(self) -> bool:
        """Whether the ends of an estimated remnant have been asked for."""
        return "if_measured" in self.__dict__

    @cached_property
    def if_measured(self) -> tuple[First, ...]:
        """What comes first if volumetry finds the lower and the upper end of an estimated remnant."""
        resection = estimated(self.assessment)
        return () if resection is None else tuple(self._at_the_ends(resection))

    @cached_property
    def _others(self) -> dict[Asked, CaseFacts | frozenset[Edge]]:
        return the_other_way(self.graph)

    def _at_the_ends(self, resection: Resection) -> Iterator[First]:
        facts, left = self.graph.facts, resection.remnant
        now = facts.assessed.volumes.share(resection.kept)
        for end in (left.low, left.high):
            change = measured(facts.assessed, resection, round((end - now) / POINT), "measurement")
            if change is None:
                continue
            then = CaseFacts(change.case, facts.assessed.protocol, strict=facts.strict, follow_up=facts.follow_up)
            first = self._first(then)
            if first is not None:
                yield replace(first, measured=float(change.after))

    def _first(self, facts: CaseFacts) -> First | None:
        return self._compared(next(iter(self.replanned(facts)), None))

    def _compared(self, one: Pathway | None) -> First | None:
        now = self.pathways[0].title if self.pathways else ""
        return None if one is None else First(one.title, one.title == now, one.curative)


def estimated(assessment: Assessment) -> Resection | None:
    """The first resection of today whose remnant is an estimate: volumetry finds it out."""
    for one in assessment.resections:
        left = one.resection.remnant
        if left.estimated and left.low < left.high and one.resection.removes:
            return one.resection
    return None
