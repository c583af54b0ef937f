"""The remnant rules over columns: status, growth needed and chance of growth, as `pathways.facts.remnant` has them."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import numpy.typing as npt

from pathways.cohort.rules.resection_problem import Chosen
from pathways.facts.remnant import STATUSES, TINY
from pathways.knowledge.model import Parameter, Protocol

Floats = npt.NDArray[np.float64]
Bools = npt.NDArray[np.bool_]
Codes = npt.NDArray[np.uint8]
STATUS = {name: code for code, name in enumerate(STATUSES)}
SLACK = 1e-12


@dataclass(frozen=True)
class Estimates:
    """A column of estimates with their intervals."""

    value: Floats
    low: Floats
    high: Floats
    estimated: Bools


@dataclass(frozen=True)
class Body:
    """What the body-weight rule needs: total liver volume with its interval, ml, and grams of body weight."""

    total: Estimates
    grams: Floats

    def rows(self, rows: npt.NDArray[np.int64]) -> Body:
        """The same for some of the patients."""
        total = self.total
        return Body(
            Estimates(total.value[rows], total.low[rows], total.high[rows], total.estimated[rows]), self.grams[rows]
        )


@dataclass(frozen=True)
class Growth:
    """Relative growth after a stimulus in a column of patients: mean, standard deviation, and the share that grows at all."""

    mean: Floats
    sd: Floats
    above_zero: Floats

    @staticmethod
    def after(stimuli: Sequence[str], parameters: Mapping[str, Parameter]) -> Growth:
        """One row a stimulus."""
        growths = [parameters[f"growth_{one}"] for one in stimuli]
        mean, sd = np.array([one.number for one in growths]), np.array([one.sd for one in growths])
        return Growth(mean, sd, above((0.0 - mean) / sd))

    def rows(self, rows: npt.NDArray[np.integer]) -> Growth:
        """Those of the given rows."""
        return Growth(self.mean[rows], self.sd[rows], self.above_zero[rows])


@dataclass(frozen=True)
class Remnants:
    """The remnants of one column of resections, judged by one column of limits."""

    chosen: Chosen
    body: Body
    limit: Floats
    body_limit: Floats
    parameters: Mapping[str, Parameter]
    protocol: Protocol

    @cached_property
    def fraction(self) -> Estimates:
        """The remnant as a fraction."""
        chosen = self.chosen
        return Estimates(chosen.value, chosen.low, chosen.high, chosen.estimated)

    @cached_property
    def ratio(self) -> Estimates:
        """The remnant to body weight."""
        remnant, total, grams = self.fraction, self.body.total, self.body.grams
        value = remnant.value * total.value / grams
        there = value > 0
        safe_remnant = np.where(there, remnant.value, 1.0)
        of_total = np.where(total.estimated, (total.high - total.low) / 2 / total.value, 0.0)
        spread = np.hypot((remnant.high - remnant.low) / 2 / safe_remnant, of_total)
        low, high = np.maximum(0.0, value * (1 - spread)), value * (1 + spread)
        return Estimates(value, np.where(there, low, 0.0), np.where(there, high, 0.0), remnant.estimated)

    @cached_property
    def status(self) -> Codes:
        """The worse of the two rules, a position in STATUSES; 0, the worst, where there is no resection."""
        worse = np.minimum(_status(self.fraction, self.limit), _status(self.ratio, self.body_limit))
        return np.where(self.chosen.exists, worse, 0).astype(np.uint8)

    def needed(self, measured_short: Bools | None = None) -> Floats:
        """Relative growth that brings the remnant to both limits; less is left of those that volumetry has found short."""
        by_volume = self.limit / np.maximum(self.fraction.value, TINY)
        by_weight = self.body_limit / np.maximum(self.ratio.value, TINY)
        # The first of two equals, as `max` has it.
        volume = by_volume >= by_weight
        value = np.where(volume, self.fraction.value, self.ratio.value)
        limit = np.where(volume, self.limit, self.body_limit)
        if measured_short is not None:
            short = np.flatnonzero(measured_short)
            by_fraction = (self.fraction.high - self.fraction.low) / 2
            by_ratio = (self.ratio.high - self.ratio.low) / 2
            half = np.where(volume, by_fraction, by_ratio)
            value[short] = self._mean_below(value[short], half[short], limit[short], self.fraction.estimated[short])
        return np.maximum(0.0, limit / np.maximum(value, TINY) - 1)

    def _mean_below(self, value: Floats, half: Floats, limit: Floats, estimated: Bools) -> Floats:
        spread = half / self.parameters["remnant_interval_sds"].number
        sure = ~estimated | (spread <= 0)
        safe = np.where(sure, 1.0, spread)
        z = (limit - value) / safe
        below = 0.5 * erfc(-z / math.sqrt(2))
        density = np.exp(-z * z / 2) / math.sqrt(2 * math.pi)
        return np.where(sure, np.minimum(value, limit), value - safe * density / np.maximum(below, TINY))

    def reachable(self, stimulus: str) -> Bools:
        """Whether growth after a stimulus can bring the remnant to the limit."""
        growth = self.parameters[f"growth_{stimulus}"]
        reach = growth.number + self.protocol.number("growth_reach_sds") * growth.sd
        return self.chosen.exists & (self.needed() <= reach)

    def growth_chance(self, growth: Growth, measured_short: Bools, gain: Floats | float = 1.0) -> Floats:
        """Chance that growth, `gain` times as large as at the first volumetry, reaches the limit."""
        needed = self.needed(measured_short)
        chance = above((needed / gain - growth.mean) / growth.sd) / growth.above_zero
        return np.where(self.chosen.exists, np.where(needed <= 0, 1.0, chance), 0.0)

    def enough_chance(self) -> Floats:
        """Chance that a remnant in doubt is measured as enough."""
        sds = self.parameters["remnant_interval_sds"].number
        return np.minimum(_enough(self.fraction, self.limit, sds), _enough(self.ratio, self.body_limit, sds))


def _status(estimate: Estimates, limit: Floats) -> Codes:
    enough = estimate.value >= limit - SLACK
    sure = np.where(enough, STATUS["enough"], STATUS["short"])
    likely = np.where(enough, STATUS["likely_enough"], STATUS["likely_short"])
    doubtful = np.where(
        estimate.low >= limit, STATUS["enough"], np.where(estimate.high < limit, STATUS["short"], likely)
    )
    return np.where(estimate.estimated, doubtful, sure).astype(np.uint8)


def _enough(estimate: Estimates, limit: Floats, sds: float) -> Floats:
    spread = (estimate.high - estimate.low) / 2 / sds
    sure = np.where(estimate.value >= limit, 1.0, 0.0)
    doubtful = estimate.estimated & (spread > 0)
    return np.where(doubtful, above((limit - estimate.value) / np.where(doubtful, spread, 1.0)), sure)


def above(z: Floats) -> Floats:
    """Share of a standard normal above `z`."""
    return 0.5 * erfc(z / math.sqrt(2))


def erfc(x: Floats) -> Floats:
    """The complementary error function: NumPy has none, and the scalar side uses the one of the C library."""
    return np.fromiter(map(math.erfc, x.tolist()), dtype=np.float64, count=len(x))
