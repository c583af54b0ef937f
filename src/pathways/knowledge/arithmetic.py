"""Formulas that hold for a number and for an array alike: one patient, a thousand draws, a column of patients.

Each is written once. Numbers go through `math`, so that one case needs no NumPy and is quick; arrays through NumPy, or element by
element through the same function of `math` where NumPy has none or might differ in the last bit.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from typing import Any

# A number, or an array with one number a draw or a patient.
Number = Any
# Yes or no, or an array of them.
YesNo = Any
_PLAIN = (float, int)
# Half the width of a 95 % interval, in standard errors.
Z95 = 1.959963984540054


def larger(one: Number, other: Number) -> Number:
    """The larger of two numbers, element by element, by adding and taking absolute values alone: it rounds, `at_least` does not."""
    return (one + other + abs(one - other)) / 2


def where(condition: YesNo, one: Number, other: Number) -> Number:
    """`one` where the condition holds, else `other`; both have been worked out, so neither may fail."""
    if isinstance(condition, bool) or not condition.ndim:
        return one if condition else other
    import numpy as np

    return np.where(condition, one, other)


def at_least(least: float, value: Number) -> Number:
    """The value, raised to `least` where it is below."""
    if isinstance(value, _PLAIN):
        return max(least, value)
    import numpy as np

    return np.maximum(least, value)


def smaller(one: Number, other: Number) -> Number:
    """The smaller of two numbers or columns."""
    if isinstance(one, _PLAIN):
        return min(one, other)
    import numpy as np

    return np.minimum(one, other)


def greater(one: Number, other: Number) -> Number:
    """The larger of two numbers or columns, exactly; either may be a number where the other is a column."""
    if isinstance(one, _PLAIN) and isinstance(other, _PLAIN):
        return max(one, other)
    import numpy as np

    return np.maximum(one, other)


def lesser(one: Number, other: Number) -> Number:
    """The smaller of two numbers or columns, exactly; either may be a number where the other is a column."""
    if isinstance(one, _PLAIN) and isinstance(other, _PLAIN):
        return min(one, other)
    import numpy as np

    return np.minimum(one, other)


def root(x: Number) -> Number:
    """The square root."""
    if isinstance(x, _PLAIN):
        return math.sqrt(x)
    import numpy as np

    return np.sqrt(x)


def in_quadrature(one: Number, other: Number) -> Number:
    """Two spreads that do not depend on one another, as one: the root of the sum of squares."""
    if isinstance(one, _PLAIN):
        return math.hypot(one, other)
    import numpy as np

    return np.hypot(one, other)


def falling(x: Number) -> Number:
    """What is left after `x` time constants."""
    return math.exp(-x) if isinstance(x, _PLAIN) else _each(math.exp, -x)


def odds_of(log_odds: Number) -> Number:
    """Odds from their logarithm: e to its power. Of a column NumPy's own, whose last bit may differ."""
    if isinstance(log_odds, _PLAIN):
        return math.exp(log_odds)
    import numpy as np

    return np.exp(log_odds)


def above(z: Number) -> Number:
    """Share of a standard normal above `z`."""
    scaled = z / math.sqrt(2)
    return 0.5 * (math.erfc(scaled) if isinstance(scaled, _PLAIN) else _each(math.erfc, scaled))


def density(z: Number) -> Number:
    """Density of a standard normal at `z`."""
    return falling(z * z / 2) / math.sqrt(2 * math.pi)


def with_odds(chance: Number, odds: Number) -> Number:
    """The chance whose odds are `odds` times those of `chance`; between 0 and 1 for every ratio above 0."""
    return chance * odds / (1 - chance + chance * odds)


def chance_of(odds: Number) -> Number:
    """The chance behind odds."""
    return odds / (1 + odds)


def average_odds(share: Number, odds: Number) -> Number:
    """Odds of the average of a group of which a `share` has `odds` against the others."""
    return 1 + share * (odds - 1)


def either(one: Number, other: Number) -> Number:
    """The chance that at least one of two things happens, each on its own account (a simplification: independent)."""
    return one + other - one * other


def shared_out(explicit: Sequence[Number | None], of_rest: Sequence[Number | None]) -> list[Number | None]:
    """Chances of a set of outcomes: some have one of their own, some take a share of what is left, in order, one may take the rest.

    Draws may make explicit chances exceed one together: then they are scaled down and nothing is left.
    """
    rest: Number = 1.0
    for chance in explicit:
        if chance is not None:
            rest = rest - chance
    over = (abs(rest) - rest) / 2
    scale = 1 / (1 + over)
    rest = (abs(rest) + rest) / 2
    found: list[Number | None] = []
    for chance, part in zip(explicit, of_rest, strict=True):
        share = None if part is None else rest * part
        if share is not None:
            rest = rest - share
        found.append(share if chance is None else chance * scale)
    return [rest if one is None else one for one in found]


def _each(function: Callable[[float], float], values: Number) -> Number:
    import numpy as np

    return np.fromiter(map(function, values.tolist()), dtype=float, count=len(values))


def wilson_ends(share: float, number: int) -> tuple[float, float]:
    """The 95 % interval by Wilson of a share of so many."""
    z2 = Z95 * Z95
    middle = (share + z2 / (2 * number)) / (1 + z2 / number)
    half = Z95 / (1 + z2 / number) * math.sqrt(share * (1 - share) / number + z2 / (4 * number * number))
    return max(0.0, middle - half), min(1.0, middle + half)
