"""How figures are written beside one another, so that rounding never hides which is the larger."""

from __future__ import annotations

from collections.abc import Iterable

MOST_DECIMALS = 4
# Two shares closer than this are one.
SAME = 1e-9


def decimals_apart(limit: float, figures: Iterable[float], least: int = 0) -> int:
    """Decimals of a percentage with which `limit` is written in full (to a tenth) and apart from every other figure."""
    others = [one for one in figures if abs(one - limit) > SAME]
    for decimals in range(least, MOST_DECIMALS):
        exact = decimals > 0 or abs(limit * 100 - round(limit * 100)) < 0.05  # noqa: PLR2004
        if exact and all(f"{one:.{decimals}%}" != f"{limit:.{decimals}%}" for one in others):
            return decimals
    return MOST_DECIMALS


def percentage(share: float, decimals: int = 0) -> str:
    """A share as a percentage with so many decimals: `46.5%`."""
    return f"{share:.{decimals}%}"


def apart(figure: float, limit: float, least: int = 0) -> tuple[str, str]:
    """A figure and its limit as percentages, with as many decimals as tell them apart: 29.9% and 30.0%."""
    decimals = decimals_apart(limit, (figure,), least)
    return percentage(figure, decimals), percentage(limit, decimals)
