"""Couinaud segments, their neighbours and vessels, and the Brisbane 2000 catalogue of hepatectomies.

Sets of segments are bit masks: segment s is bit s-1. Standard anatomy only: variants (an inferior right hepatic vein,
a trifurcated portal vein) are not modelled. Source of the names: Brisbane 2000 terminology, `brisbane_2000`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import cache, lru_cache
from typing import get_args

from pathways.messages.catalogue import joined, say
from pathways.words import Vessel

ROMAN = {1: "I", 2: "II", 3: "III", 4: "IV", 5: "V", 6: "VI", 7: "VII", 8: "VIII"}


def mask_of(segments: Iterable[int]) -> int:
    """The bit mask of segment numbers 1 to 8."""
    mask = 0
    for segment in segments:
        mask |= 1 << (segment - 1)
    return mask


def segments_of(mask: int) -> tuple[int, ...]:
    """The segment numbers in a bit mask, ascending."""
    return tuple(segment for segment in range(1, 9) if mask >> (segment - 1) & 1)


def size_of(mask: int) -> int:
    """How many segments a bit mask holds."""
    return mask.bit_count()


def roman(mask: int) -> str:
    """`II III IV` for a bit mask; `none` for no segment."""
    return " ".join(ROMAN[segment] for segment in segments_of(mask)) or say("segments.none")


ALL = mask_of(range(1, 9))
CAUDATE = mask_of([1])
RIGHT = mask_of([5, 6, 7, 8])
LEFT = mask_of([2, 3, 4])
LEFT_LATERAL = mask_of([2, 3])

# Segments that share a surface through which a common remnant can be left.
NEIGHBOUR_PAIRS = (
    (1, 2), (1, 4), (1, 7), (1, 8), (2, 3), (2, 4), (3, 4), (4, 5), (4, 8), (5, 6), (5, 8), (6, 7), (7, 8),
)  # fmt: skip
ADJACENT = tuple(mask_of(pair) for pair in NEIGHBOUR_PAIRS)

# Portal pedicles: the segments that lose inflow and bile drainage with them.
PEDICLE_TERRITORY = {
    "right_portal_pedicle": RIGHT,
    "left_portal_pedicle": LEFT,
    "right_anterior_pedicle": mask_of([5, 8]),
    "right_posterior_pedicle": mask_of([6, 7]),
}

# What goes with the bile duct of a segment: its section; segment I drains by ducts of its own.
SECTIONS = (CAUDATE, LEFT_LATERAL, mask_of([4]), mask_of([5, 8]), mask_of([6, 7]))

# Hepatic veins that drain a segment: it is congested only when all of them are gone. I drains to the vena cava.
VEINS_OF_SEGMENT = {
    1: frozenset[str](),
    2: frozenset({"left_hepatic_vein"}),
    3: frozenset({"left_hepatic_vein"}),
    4: frozenset({"left_hepatic_vein", "middle_hepatic_vein"}),
    5: frozenset({"middle_hepatic_vein", "right_hepatic_vein"}),
    6: frozenset({"right_hepatic_vein"}),
    7: frozenset({"right_hepatic_vein"}),
    8: frozenset({"middle_hepatic_vein", "right_hepatic_vein"}),
}
HEPATIC_VEINS = ("right_hepatic_vein", "middle_hepatic_vein", "left_hepatic_vein")

# Vessels that run in a segment or along its border: what a lesion there can touch. I lies between cava, hilum and the roots of
# the three veins.
VESSELS_WITHIN_REACH = {
    1: frozenset({"hilum", "vena_cava", "right_portal_pedicle", "left_portal_pedicle", *HEPATIC_VEINS}),
    2: frozenset({"left_hepatic_vein", "left_portal_pedicle"}),
    3: frozenset({"left_hepatic_vein", "left_portal_pedicle"}),
    4: frozenset({"left_hepatic_vein", "middle_hepatic_vein", "left_portal_pedicle", "hilum"}),
    5: frozenset(
        {"middle_hepatic_vein", "right_hepatic_vein", "right_anterior_pedicle", "right_portal_pedicle", "hilum"}
    ),
    6: frozenset({"right_hepatic_vein", "right_posterior_pedicle", "right_portal_pedicle"}),
    7: frozenset({"right_hepatic_vein", "right_posterior_pedicle", "right_portal_pedicle", "vena_cava"}),
    8: frozenset(
        {"middle_hepatic_vein", "right_hepatic_vein", "right_anterior_pedicle", "right_portal_pedicle", "vena_cava"}
    ),
}
VESSELS: tuple[str, ...] = get_args(Vessel)


def vessels_within_reach(mask: int, *, and_neighbours: bool) -> tuple[str, ...]:
    """Vessels that a lesion in these segments can touch; a large one reaches those of the neighbouring segments too."""
    if and_neighbours:
        mask |= mask_of(number for pair in ADJACENT if pair & mask for number in segments_of(pair))
    near = frozenset[str]().union(*(VESSELS_WITHIN_REACH[number] for number in segments_of(mask)))
    return tuple(vessel for vessel in VESSELS if vessel in near)


def congested(kept: int, sacrificed_veins: Iterable[str]) -> int:
    """Kept segments that lose every draining vein."""
    lost = set(sacrificed_veins)
    if not lost:
        return 0
    drained_by_none = (s for s in segments_of(kept) if VEINS_OF_SEGMENT[s] and VEINS_OF_SEGMENT[s] <= lost)
    return mask_of(drained_by_none)


@cache
def has_adjacent_segments(mask: int, wanted: int = 2) -> bool:
    """Whether `mask` holds `wanted` segments joined to one another (one segment alone for `wanted` 1)."""
    return any(size_of(group) >= wanted for group in connected_groups(mask))


def connected_groups(mask: int) -> Iterator[int]:
    """The groups of neighbouring segments in `mask`."""
    left = mask
    while left:
        group = left & -left
        grown = True
        while grown:
            joined = group
            for pair in ADJACENT:
                if pair & joined and not pair & ~mask:
                    joined |= pair
            grown = joined != group
            group = joined
        yield group
        left &= ~group


@lru_cache(maxsize=1)
def _catalogue() -> dict[int, str]:
    """Every anatomical hepatectomy with a name of its own, by the segments it removes."""
    named = {mask_of([one]): say("hepatectomy.segmentectomy", segment=ROMAN[one]) for one in range(2, 9)}
    named[CAUDATE] = say("hepatectomy.caudate")
    for first, second in NEIGHBOUR_PAIRS:
        if first != 1:
            name = say("hepatectomy.bisegmentectomy", first=ROMAN[first], second=ROMAN[second])
            named[mask_of([first, second])] = name
    named[LEFT_LATERAL] = say("hepatectomy.left_lateral")
    named[mask_of([4])] = say("hepatectomy.left_medial")
    named[mask_of([5, 8])] = say("hepatectomy.right_anterior")
    named[mask_of([6, 7])] = say("hepatectomy.right_posterior")
    named[mask_of([4, 5, 8])] = say("hepatectomy.central")
    named[RIGHT] = say("hepatectomy.right")
    named[LEFT] = say("hepatectomy.left")
    named[RIGHT | mask_of([4])] = say("hepatectomy.right_trisectionectomy")
    named[LEFT | mask_of([5, 8])] = say("hepatectomy.left_trisectionectomy")
    return named


@lru_cache(maxsize=1)
def resections_by_mask() -> dict[int, tuple[int, ...]]:
    """Removed segments to the catalogue entries that make them up: one entry, or two apart, with or without I.

    The larger entry stands first; more than two entries in one session are not offered.
    """
    found: dict[int, tuple[int, ...]] = {}
    singles = sorted(_catalogue(), key=lambda mask: (-size_of(mask), mask))
    for mask in singles:
        found[mask] = (mask,)
    for mask in singles:
        found.setdefault(mask | CAUDATE, (mask, CAUDATE))
    for index, first in enumerate(singles):
        for second in singles[index + 1 :]:
            if not first & second:
                found.setdefault(first | second, (first, second))
    for mask, parts in list(found.items()):
        if not mask & CAUDATE:
            found.setdefault(mask | CAUDATE, (*parts, CAUDATE))
    return found


def resection_name(removed: int) -> str:
    """Brisbane name of removing `removed`."""
    if not removed:
        return ""
    parts = resections_by_mask().get(removed)
    if parts is None:
        return say("hepatectomy.of_segments", segments=roman(removed))
    *first, last = (_catalogue()[part] for part in parts)
    return joined([", ".join(first), last] if first else [last])
