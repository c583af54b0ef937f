"""Is a remnant enough, and how likely does it become so? The arithmetic of the remnant rules, for one remnant and for a column alike.

Which limits hold, and which remnant is meant, is decided by those who ask: `pathways.facts` for one case, the cohort for columns.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Protocol

from pathways.knowledge.arithmetic import (
    Number,
    YesNo,
    above,
    at_least,
    density,
    falling,
    in_quadrature,
    larger,
    smaller,
    where,
)
from pathways.quick_dataclass import dataclass

# Worst first. `likely`: an estimate whose interval holds the limit.
STATUSES = ("short", "likely_short", "likely_enough", "enough")
SHORT, LIKELY_SHORT, LIKELY_ENOUGH, ENOUGH = range(len(STATUSES))
# Where a ratio is taken, nothing smaller stands below the line.
TINY = 1e-9
# A measured remnant that misses its limit by rounding alone does not miss it.
SLACK = 1e-12


class Estimated(Protocol):
    """A figure, or a column of figures, each with its interval."""

    @property
    def value(self) -> Number:
        """The figure."""

    @property
    def low(self) -> Number:
        """The lower end of its interval."""

    @property
    def high(self) -> Number:
        """The upper end of its interval."""

    @property
    def estimated(self) -> YesNo:
        """Whether it was estimated, and not measured."""


@dataclass(frozen=True, slots=True)
class Growth:
    """Relative growth after a stimulus: a normal spread, of which what lies below zero does not happen."""

    mean: Number
    sd: Number
    above_zero: Number

    @staticmethod
    def of(mean: Number, sd: Number) -> Growth:
        """With the share that grows at all."""
        return Growth(mean, sd, above((0.0 - mean) / sd))


def half_width(estimate: Estimated) -> Number:
    """Half of an interval."""
    return (estimate.high - estimate.low) / 2


def _towards(estimate: Estimated, limit: Number) -> Number:
    """The half of an interval on which the limit lies: the interval of what is in doubt may be lopsided."""
    return where(estimate.value >= limit, estimate.value - estimate.low, estimate.high - estimate.value)


def body_weight_ratio(remnant: Estimated, total: Estimated, grams: Number) -> tuple[Number, Number, Number]:
    """A remnant fraction as a share of body weight (1 ml weighs 1 g), with its interval: both errors, as if independent."""
    value = remnant.value * total.value / grams
    there = value > 0
    share, error = where(there, remnant.value, 1.0), error_of_total(total)
    down, up = (
        in_quadrature(half / share, error) for half in (remnant.value - remnant.low, remnant.high - remnant.value)
    )
    low, high = at_least(0.0, value * (1 - down)), value * (1 + up)
    return value, where(there, low, 0.0), where(there, high, 0.0)


def error_of_total(total: Estimated) -> Number:
    """The relative error of a total volume; a measured one is taken as it is."""
    return where(total.estimated, half_width(total) / total.value, 0.0)


def status(estimate: Estimated, limit: Number) -> Number:
    """How an estimate stands to a limit, a position in `STATUSES`. A measured figure decides by itself."""
    enough = estimate.value >= limit - SLACK
    measured = where(enough, ENOUGH, SHORT)
    doubtful = where(enough, LIKELY_ENOUGH, LIKELY_SHORT)
    by_interval = where(estimate.low >= limit, ENOUGH, where(estimate.high < limit, SHORT, doubtful))
    return where(estimate.estimated, by_interval, measured)


def times_needed(value: Number, limit: Number) -> Number:
    """How many times as large a remnant would have to be."""
    return limit / at_least(TINY, value)


def growth_needed(value: Number, limit: Number) -> Number:
    """Relative growth that brings a remnant to its limit; 0 where it is enough."""
    return at_least(0.0, times_needed(value, limit) - 1)


def mean_below(estimate: Estimated, limit: Number, sds: float) -> Number:
    """Mean of the part of an estimate's normal spread that lies below the limit; an interval is `sds` deviations to each side."""
    spread = _towards(estimate, limit) / sds
    doubtful = estimate.estimated & (spread > 0)
    safe = where(doubtful, spread, 1.0)
    z = (limit - estimate.value) / safe
    below = estimate.value - safe * density(z) / at_least(TINY, above(-z))
    return where(doubtful, below, smaller(estimate.value, limit))


def most_growth(mean: float, sd: float, sds: float) -> float:
    """The most growth that is reckoned with."""
    return mean + sds * sd


def surely_enough(remnant: Estimated, limit: Number, limit_ml: Number, total_ml: Number, error: Number) -> YesNo:
    """Whether the lower end of a remnant is enough by both limits: as a fraction, and in ml of a total with its relative `error`.

    A measured share decides by itself, as in `status`: there the error of the total does not count.
    """
    share = where(remnant.value > 0, remnant.value, 1.0)
    spread = in_quadrature((remnant.value - remnant.low) / share, where(remnant.estimated, error, 0.0))
    return (remnant.low >= limit) & (remnant.value * total_ml * (1 - spread) >= limit_ml)


def least_remnant(limit: Number, growths: Iterable[tuple[float, float]], sds: float) -> Number:
    """The remnant below which even the strongest stimulus would not reach the limit; a stimulus is a mean and a deviation."""
    return limit / (1 + max(most_growth(mean, sd, sds) for mean, sd in growths))


def reach_chance(needed: Number, growth: Growth, gain: Number = 1.0) -> Number:
    """Chance that growth, `gain` times as large as at the first volumetry, is as large as needed."""
    return where(needed <= 0, 1.0, above((needed / gain - growth.mean) / growth.sd) / growth.above_zero)


def fallen_short(growth: Growth, needed: Number) -> Number:
    """Mean growth of those who have grown less than needed."""
    low, high = (0.0 - growth.mean) / growth.sd, (needed - growth.mean) / growth.sd
    share = above(low) - above(high)
    there = share > TINY
    mean = growth.mean + growth.sd * (density(low) - density(high)) / where(there, share, 1.0)
    return at_least(0.0, smaller(where(there, mean, 0.0), needed))


def needed_again(needed: Number, before: Growth) -> Number:
    """What of a relative growth is still needed where a first stimulus has fallen short of it."""
    return at_least(0.0, (1 + needed) / (1 + fallen_short(before, needed)) - 1)


def later_gain(first: Number, extra: Number, constant: Number) -> Number:
    """How much larger growth is `extra` weeks after a first volumetry `first` weeks after the stimulus: growth saturates."""
    return (1 - falling((first + extra) / constant)) / (1 - falling(first / constant))


def late_chance(soon: Number, late: Number) -> Number:
    """Chance to reach the limit later, of those who have not reached it soon."""
    return (late - soon) / larger(TINY, 1 - soon)


def grows_on_chance(needed: Number, growth: Growth, gain: Number) -> Number:
    """Chance that a remnant that has grown already, by an unknown share of what it was, grows on by as much as is needed of what it is.

    `gain`: how much larger the whole growth is by then: (1 + gain g) / (1 + g) has to reach 1 + `needed`, over every g that there may have been.
    """
    room = gain - 1 - needed
    there = room > TINY
    chance = where(there, reach_chance(needed / where(there, room, 1.0), growth), 0.0)
    return where(needed <= 0, 1.0, chance)


def enough_after_short(before: Number, now: Number) -> Number:
    """Chance that a remnant is enough `now`, of those in whom it was not `before`."""
    return late_chance(before, larger(before, now))


def enough_chance(estimate: Estimated, limit: Number, sds: float) -> Number:
    """Chance that the true figure, spread around its estimate, is at the limit or above it."""
    spread = _towards(estimate, limit) / sds
    doubtful = estimate.estimated & (spread > 0)
    chance = above((limit - estimate.value) / where(doubtful, spread, 1.0))
    return where(doubtful, chance, where(estimate.value >= limit, 1.0, 0.0))
