"""Which ways to clear a liver are no better than another: they take more of it and keep, ablate and assume nothing better."""

from __future__ import annotations

from pathways.liver.resection import Resection


def beats(one: Resection, other: Resection) -> bool:
    """Whether `one` takes less liver than `other` and keeps, ablates and assumes nothing worse.

    Limited resection and ablation of the same lesion are two pathways, not a better and a worse one.
    """
    return beats_as_it_is(one, other) and not _only_grows(other.growth_side, one)


def beats_as_it_is(one: Resection, other: Resection) -> bool:
    """The same of the liver as it is, which nothing makes grow."""
    more = _takes_more(other.removes, other.kept, other.congested, one)
    return more and set(one.ablated) <= set(other.ablated) and set(one.assumed) <= set(other.assumed)


def is_worse(removes: int, kept: int, stowed: int, growth_side: int, one: Resection) -> bool:
    """Whether a clearance takes more liver than `one`, keeps no more of it, and has no side to grow for where `one` may leave too little."""
    return _takes_more(removes, kept, stowed, one) and not _only_grows(growth_side, one)


def _takes_more(removes: int, kept: int, stowed: int, one: Resection) -> bool:
    """Whether a clearance takes more liver than `one` and keeps no more of it; to take out what `one` leaves congested (not `stowed` here) gains."""
    return not (one.removes == removes or one.removes & ~removes or kept & ~one.kept or one.congested & ~stowed)


def _only_grows(growth_side: int, one: Resection) -> bool:
    """Whether a clearance has a side to grow for where `one` has none and may leave too little; one that has lost its inflow gains nothing."""
    return bool(growth_side & one.kept) and not one.growth_side and not one.enough
