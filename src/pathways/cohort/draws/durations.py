"""How long a step takes in one patient: drawn from the spread of its figure, whole days, by one formula for numbers and columns.

A range keeps its published value as the median: half of the patients lie evenly below it, half above. Where the spread of patients is
published apart from the planned value, a parameter `patients_<name>` holds it. A bare figure is the same for everybody.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

from pathways.facts.durations import observation_days
from pathways.knowledge.model import Parameter, Protocol
from pathways.quick_dataclass import dataclass

Number = Any


@dataclass(frozen=True, slots=True)
class DurationDistribution:
    """Days between `low` and `high` around `middle`; with a `rate`, falling off from `low`."""

    low: float
    middle: float
    high: float
    rate: float | None = None

    @property
    def fixed(self) -> bool:
        """Whether nothing is drawn."""
        return self.low == self.high

    def days(self, u: Number) -> Number:
        """Days at the point `u` of the spread, unrounded."""
        if self.rate is not None:
            inside = 1 - math.exp(-self.rate * (self.high - self.low))
            return self.low - log(1 - u * inside) / self.rate
        below, above = 2 * u, 2 * u - 1
        # The smaller of 2u and 1, the larger of 2u - 1 and 0, for floats and arrays alike.
        first = (below + 1 - abs(below - 1)) / 2
        second = (above + abs(above)) / 2
        return self.low + (self.middle - self.low) * first + (self.high - self.middle) * second


def distribution_of(name: str, parameters: Mapping[str, Parameter]) -> DurationDistribution:
    """The spread of the figure `name` over patients."""
    one = parameters.get(f"patients_{name}") or parameters[name]
    kind = one.distribution.get("kind")
    if kind == "tail":
        return DurationDistribution(
            one.distribution["low"], one.number, one.distribution["high"], one.distribution["rate"]
        )
    if kind == "range":
        low, high = one.distribution["low"], one.distribution["high"]
        return DurationDistribution(low, min(max(one.number, low), high), high)
    return DurationDistribution(one.number, one.number, one.number)


def whole(days: Number) -> Number:
    """Days as a whole number, halves up."""
    if isinstance(days, float):
        return math.floor(days + 0.5)
    import numpy as np

    return np.floor(days + 0.5).astype(np.int64)


def log(x: Number) -> Number:
    """The natural logarithm of a number or of a column."""
    if isinstance(x, float):
        return math.log(x)
    import numpy as np

    return np.log(x)


def observation(protocol: Protocol, parameters: Mapping[str, Parameter]) -> DurationDistribution:
    """Days between the recovery from the resection of a primary and listing: counted from the operation, so that who recovers soonest waits too."""
    days = float(observation_days(protocol, distribution_of("days_of_recovery", parameters).low))
    return DurationDistribution(days, days, days)
