"""Survival by year, of columns: cure of recurrence, life after a recurrence, and life without clearance.

One set of formulas. A column is a patient, a draw of the figures, or one of the kinds of patients that an unknown factor leaves open. Times
are years since clearance (since the meeting, without clearance). Death of other causes is no part of these curves: it multiplies them.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from itertools import pairwise
from typing import Any

from pathways.knowledge.arithmetic import Number, chance_of, odds_of
from pathways.quick_dataclass import dataclass

YEARS = 10
MONTHS = 12
# A recurrence counts as come in the middle of its interval: quarters of the first year, half years later.
EDGES = (0.0, 0.25, 0.5, 0.75, 1.0, *(1 + half / 2 for half in range(1, 2 * YEARS - 1)))
QUARTERS = 4
# The middles of the intervals; where among the ends of intervals the years end; years from a late recurrence to the end of a year.
MIDDLES = tuple((before + after) / 2 for before, after in pairwise(EDGES))
YEAR_ENDS = [EDGES.index(float(year)) - 1 for year in range(1, YEARS + 1)]
LATE = tuple(0.25 + place / 2 for place in range(2 * YEARS - 2))
TINY = 1e-300


@dataclass(frozen=True)
class Model:
    """The figures of the model, numbers or draws: see the parameters `prognosis_*`.

    `free`: minus the logarithm of the share at reference that never recurs; `shape`, `scale`: the Weibull of the time of recurrences;
    `long`: log odds of a long survivor after a recurrence; `median`, `shape_after`: the Weibull of the others; `early_*`: by band, before
    six months and before a year; `both`: share of recurrences in the liver and elsewhere, and what such a recurrence adds.
    """

    free: Number
    shape: Number
    scale: Number
    long: Number
    median: Number
    shape_after: float
    early_death: tuple[Number, Number]
    early_long: tuple[Number, Number]
    both: Number
    both_death: Number
    both_long: Number


@dataclass(frozen=True)
class Profile:
    """What a patient's factors come to: hazard ratios of recurrence, of death after it, of death without clearance; log odds of a long survivor."""

    recurrence: Number
    death: Number
    long: Number
    uncleared: Number = 1.0


def months_lived(alive: Sequence[Number]) -> Number:
    """Mean months lived within ten years, of a curve by year from 0 to 10."""
    return MONTHS * (sum(alive[1:-1]) + (alive[0] + alive[-1]) / 2)


def come(model: Model, years: Number) -> Number:
    """The share of recurrences to come that have come by then."""
    return 1 - odds_of(-odds_of(model.shape * log_of(years / model.scale)))


def free_of_recurrence(model: Model, profile: Profile, years: Number) -> Number:
    """The share without a recurrence."""
    return odds_of(-model.free * profile.recurrence * come(model, years))


def year_of_recurrence(model: Model, profile: Profile, u: Number) -> Number:
    """The year of recurrence at the point `u` of its distribution; infinite where it never comes."""
    import numpy as np

    part = -np.log1p(-u) / (model.free * profile.recurrence)
    with np.errstate(divide="ignore", invalid="ignore"):
        years = model.scale * (-np.log1p(-part)) ** (1 / model.shape)
    return np.where(part < 1, years, np.inf)


@dataclass(frozen=True)
class After:
    """Life after a recurrence of one kind: the share of long survivors, and the rate of the others in years to the power of the shape."""

    long: Number
    rate: Number
    shape: float

    def alive(self, years: Number) -> Number:
        """The share not dead of the disease some years after the recurrence."""
        return self.long + (1 - self.long) * odds_of(-self.rate * years**self.shape)

    def years(self, u: Number) -> Number:
        """Years to death of the disease at the point `u` of its distribution; infinite for a long survivor."""
        import numpy as np

        left = (1 - u - self.long) / (1 - self.long)
        with np.errstate(divide="ignore", invalid="ignore"):
            years = (-np.log(left) / self.rate) ** (1 / self.shape)
        return np.where(left > 0, years, np.inf)


def after_recurrence(model: Model, profile: Profile, times: Number = 1.0, more: Number = 0.0) -> After:
    """Life after a recurrence; `times`, `more`: hazard ratio and log odds of a long survivor, by site and time."""
    rate = math.log(2) * profile.death * times * odds_of(-model.shape_after * log_of(model.median))
    return After(chance_of(odds_of(model.long + profile.long + more)), rate, model.shape_after)


def after_clearance(model: Model, profile: Profile) -> tuple[Any, Any]:
    """By year 1 to 10, a row a year: the share not dead of the disease, and the share without a recurrence, in columns."""
    import numpy as np

    edges = np.array(EDGES[1:])[:, None]
    free = free_of_recurrence(model, profile, edges)
    comes = np.concatenate([1 - free[:1], free[:-1] - free[1:]])
    alive = free[YEAR_ENDS].copy()
    for band, (times, more) in enumerate(zip(model.early_death, model.early_long, strict=True)):
        of_band = slice(2 * band, 2 * band + 2)
        left = np.arange(1, YEARS + 1)[:, None, None] - np.array(MIDDLES[of_band])[:, None]
        alive += (comes[of_band] * _at_any_site(model, profile, times, more, left)).sum(axis=1)
    late = _at_any_site(model, profile, 1.0, 0.0, np.array(LATE)[:, None])
    for year in range(2, YEARS + 1):
        halves = 2 * (year - 1)
        alive[year - 1] += (comes[QUARTERS : QUARTERS + halves] * late[halves - 1 :: -1]).sum(axis=0)
    return alive, free[YEAR_ENDS]


def _at_any_site(model: Model, profile: Profile, times: Number, more: Number, years: Any) -> Any:
    """Life after a recurrence at whichever site: the share not dead some years after it."""
    one = after_recurrence(model, profile, times, more)
    other = after_recurrence(model, profile, times * model.both_death, more + model.both_long)
    return (1 - model.both) * one.alive(years) + model.both * other.alive(years)


def log_of(value: Number) -> Number:
    """The logarithm of a number or of an array; of nothing that of something tiny."""
    if isinstance(value, float):
        return math.log(max(value, TINY))
    import numpy as np

    return np.log(np.maximum(value, TINY))
