"""How long a patient lives on a pathway: the mixture of its ends, by year, from the chances that the pathway has anyway.

Who is cleared lives by the two-stage model from the day of clearance; who is not, by line and fitness from today; who dies of the treatment
is dead. Pathways are put in order by life counted from clearance: waiting for it is no gain.
"""

from __future__ import annotations

from functools import cached_property
from typing import Any

from pathways.graph.routes import Route
from pathways.planning.evaluate import NOBODY, Lived, Worth, alive
from pathways.planning.uncertainty import Estimated, interval
from pathways.prognosis.curves import YEARS, months_lived
from pathways.prognosis.factors import Factor
from pathways.prognosis.patient import MIDDLE_YEAR, Course, Prognosis
from pathways.prognosis.told import Curve, Driver, Swing
from pathways.quick_dataclass import dataclass

DAYS_A_YEAR = 365.25
RECURRENCE_YEAR = 3
AROUND_AN_OPERATION = ("perioperative", "adjuvant")
# Months are printed whole: what differs by less is read as the same.
MONTHS_ALIKE = 1.0


def course_of(walk: Route) -> Course:
    """Whether chemotherapy is given around an operation that is possible without it."""
    around = any(edge.declared.kind == "decision" and edge.declared.course in AROUND_AN_OPERATION for edge in walk)
    return "perioperative" if around else "none"


@dataclass(frozen=True)
class Outlook:
    """How long one lives on one pathway. Worked out when asked for."""

    prognosis: Prognosis
    worth: Worth
    drawn: Worth
    course: Course

    @cached_property
    def survival(self) -> tuple[Estimated, ...]:
        """The share alive at the end of years 1 to 10 from today."""
        return tuple(interval(self._alive[year], self._alive_drawn[year]) for year in range(1, YEARS + 1))

    @cached_property
    def five_years(self) -> Estimated:
        """The share alive at five years from today."""
        if "survival" in self.__dict__:
            return self.survival[MIDDLE_YEAR - 1]
        return interval(self._alive[MIDDLE_YEAR], self._alive_drawn[MIDDLE_YEAR])

    @cached_property
    def months(self) -> Estimated:
        """Mean months lived within ten years from today."""
        return interval(months_lived(self._alive), months_lived(self._alive_drawn))

    @cached_property
    def free(self) -> Estimated | None:
        """The share cleared, alive and without a recurrence three years from today; None where a new liver may come, which has no figure."""
        if self.worth.transplanted > 0:
            return None
        own, drawn = self.prognosis.cleared(self.course).free, self.prognosis.cleared_drawn(self.course).free
        assert own is not None
        assert drawn is not None
        value, spread = (
            worth.cleared * delayed(curve, self._years)[RECURRENCE_YEAR]
            for worth, curve in ((self.worth, own), (self.drawn, drawn))
        )
        return interval(value, spread)

    @property
    def drivers(self) -> tuple[Driver, ...]:
        """What moves it."""
        return self.prognosis.drivers(self.course)

    @cached_property
    def by_five_years(self) -> Estimated:
        """What pathways are put in order by: alive five years after clearance, or from today without it."""
        return self._counted(lambda alive: alive[MIDDLE_YEAR])

    @cached_property
    def by_months(self) -> Estimated:
        """The same of months lived within ten years."""
        return self._counted(months_lived)

    def _counted(self, figure: Any) -> Estimated:
        own, drawn = (
            Lived(*(figure(curve.alive) for curve in curves)) for curves in (self._curves, self._curves_drawn)
        )
        return interval(alive(self.worth, own), alive(self.drawn, drawn))

    @cached_property
    def _years(self) -> float:
        """Mean years from today to clearance, of those cleared."""
        return float(self.worth.days_to_clearance) / DAYS_A_YEAR

    @cached_property
    def _curves(self) -> tuple[Curve, Curve, Curve]:
        one = self.prognosis
        return one.cleared(self.course), one.transplanted_once, one.uncleared_once

    @cached_property
    def _curves_drawn(self) -> tuple[Curve, Curve, Curve]:
        return (
            self.prognosis.cleared_drawn(self.course),
            self.prognosis.transplanted_drawn,
            self.prognosis.uncleared_drawn,
        )

    @cached_property
    def _alive(self) -> Any:
        return self._mixed(self.worth, self._curves)

    @cached_property
    def _alive_drawn(self) -> Any:
        return self._mixed(self.drawn, self._curves_drawn)

    def _mixed(self, worth: Worth, curves: tuple[Curve, Curve, Curve]) -> Any:
        cleared = delayed(curves[0].alive, self._years)
        # Where nobody has a new liver, nothing is asked of how long one lives with it.
        transplanted = 0.0 if worth.transplanted is NOBODY else delayed(curves[1].alive, self._years)
        rows = alive(worth, Lived(cleared, transplanted, curves[2].alive))
        # Nobody is dead today; deaths of the treatment count from the first year on.
        rows[0] = 1.0
        return rows


@dataclass(frozen=True, slots=True)
class Hanging:
    """A factor that is not known, and five-year survival after clearance at its best and at its worst level, each with its interval."""

    swing: Swing
    best: Estimated
    worst: Estimated
    sources: tuple[str, ...]

    @property
    def factor(self) -> Factor:
        """The factor."""
        return self.swing.factor

    @property
    def best_level(self) -> str:
        """The level at which one lives longest, in words."""
        return self.factor.levels[self.swing.best].words

    @property
    def worst_level(self) -> str:
        """The level at which one lives shortest, in words."""
        return self.factor.levels[self.swing.worst].words

    def as_json(self) -> dict[str, Any]:
        """The factor as the JSON of the command line shows it."""
        return {
            **self.swing.as_json(),
            "best": {"level": self.best_level, **self.best.as_json()},
            "worst": {"level": self.worst_level, **self.worst.as_json()},
            "sources": list(self.sources),
        }


def hanging(prognosis: Prognosis) -> tuple[Hanging, ...]:
    """What is not known and would move five-year survival after clearance, most first, with the interval of each end."""
    found = []
    for one in prognosis.swings:
        ends = [
            interval(alive, prognosis.drawn_at(one.factor, place, alive))
            for alive, place in ((one.at_best, one.best), (one.at_worst, one.worst))
        ]
        found.append(Hanging(one, ends[0], ends[1], prognosis.sources_of(one.factor)))
    return tuple(found)


def delayed(curve: Any, years: float) -> Any:
    """A curve by year that begins some years later, everybody alive before: in its first year deaths rise evenly, later they are even."""
    import numpy as np

    whole = int(years)
    part = years - whole
    later = np.concatenate([np.ones((whole, *curve.shape[1:])), curve])[: len(curve)]
    before = np.concatenate([later[:1], later[:-1]])
    found = later + part * (before - later)
    if whole + 1 < len(curve):
        found[whole + 1] = 1 - (1 - curve[1]) * (1 - part) ** 2
    return found
