"""Remnants by columns: one resection a patient, with the limits it is judged by. The rules are those of `pathways.liver.adequacy`."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import cached_property

import numpy as np
import numpy.typing as npt

from pathways.cohort.rules.cores import Bools
from pathways.cohort.rules.resection_problem import Chosen, Codes, Estimates, Floats
from pathways.knowledge.arithmetic import smaller, where
from pathways.knowledge.model import Parameter
from pathways.liver import adequacy
from pathways.liver.adequacy import Growth
from pathways.quick_dataclass import dataclass


def _of_rows(growth: Growth, rows: npt.NDArray[np.int64]) -> Growth:
    return Growth(*(np.asarray(one)[rows] for one in (growth.mean, growth.sd, growth.above_zero)))


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
class Remnants:
    """The remnants of one column of resections, and of the limits they are judged by; only meant where there is a resection."""

    chosen: Chosen
    body: Body
    limit: Floats
    body_limit: Floats
    parameters: Mapping[str, Parameter]

    @cached_property
    def ratio(self) -> Estimates:
        """The remnant to body weight."""
        return Estimates(
            *adequacy.body_weight_ratio(self.chosen, self.body.total, self.body.grams), self.chosen.estimated
        )

    def judged_by(self, limit: Floats, body_limit: Floats) -> Remnants:
        """The same remnants judged by other limits."""
        other = Remnants(self.chosen, self.body, limit, body_limit, self.parameters)
        other.__dict__["ratio"] = self.ratio
        return other

    @cached_property
    def status(self) -> Codes:
        """The worse of the two rules, a position in `adequacy.STATUSES`."""
        by_volume, by_weight = (
            adequacy.status(self.chosen, self.limit),
            adequacy.status(self.ratio, self.body_limit),
        )
        return smaller(by_volume, by_weight).astype(np.uint8)

    def needed(self, measured_short: Bools | None = None) -> Floats:
        """Relative growth that brings the remnant to both limits; less is left of those that volumetry has found short."""
        fraction, ratio = self.chosen, self.ratio
        by_volume, by_weight = (
            adequacy.times_needed(one.value, limit) for one, limit in ((fraction, self.limit), (ratio, self.body_limit))
        )
        # The first of two equals, as `max` has it.
        volume = by_volume >= by_weight
        value, limit = where(volume, fraction.value, ratio.value), where(volume, self.limit, self.body_limit)
        if measured_short is not None:
            short = np.flatnonzero(measured_short)
            low, high = (
                where(volume, *pair)[short] for pair in ((fraction.low, ratio.low), (fraction.high, ratio.high))
            )
            stricter = Estimates(value[short], low, high, fraction.estimated[short])
            value[short] = adequacy.mean_below(stricter, limit[short], self._sds)
        found: Floats = adequacy.growth_needed(value, limit)
        return found

    @property
    def _sds(self) -> float:
        return self.parameters["remnant_interval_sds"].number

    def growth_chance(
        self,
        growth: Growth,
        measured_short: Bools,
        gain: Floats | float = 1.0,
        after: Iterable[tuple[Bools, Growth]] = (),
    ) -> Floats:
        """Chance that growth, `gain` times as large as at the first volumetry, reaches the limit; 0 without a resection.

        `after`: who has been made to grow before, and by what, in vain; one after the other.
        """
        needed = self.needed(measured_short)
        for whom, before in after:
            again = np.flatnonzero(whom)
            if len(again):
                needed[again] = adequacy.needed_again(needed[again], _of_rows(before, again))
        chance = adequacy.reach_chance(needed, growth, gain)
        return np.where(self.chosen.exists, chance, 0.0)

    def enough_chance(self) -> Floats:
        """Chance that a remnant in doubt is measured as enough."""
        pairs = ((self.chosen, self.limit), (self.ratio, self.body_limit))
        found: Floats = smaller(*(adequacy.enough_chance(one, limit, self._sds) for one, limit in pairs))
        return found
