"""What the search for resections over columns works on, and what it answers: one row a patient, sets of segments as bit masks.

A patient is eight segments, each with one entry of lesions or none, so that sets of lesions are bit masks in one byte.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import Any

import numpy as np
import numpy.typing as npt

from pathways.liver.anatomy import (
    ALL,
    HEPATIC_VEINS,
    LEFT,
    RIGHT,
    congested,
    has_adjacent_segments,
    resections_by_mask,
    size_of,
)
from pathways.liver.resections import CLEARANCES
from pathways.liver.volumes import Volumes

Masks = npt.NDArray[np.uint8]
Floats = npt.NDArray[np.float64]
Orders = npt.NDArray[np.int64]
Array = npt.NDArray[Any]

CORES = tuple(sorted(core for core in (0, *resections_by_mask()) if core != ALL))
WORD = 64
WORDS = -(-len(CORES) // WORD)
# The place of a core among them, -1 where a set of segments is none.
PLACE_OF = np.array([CORES.index(mask) if mask in CORES else -1 for mask in range(256)])
POPCOUNT = np.array([size_of(mask) for mask in range(256)], dtype=np.uint8)
BITS = np.array([[mask >> bit & 1 for bit in range(8)] for mask in range(256)], dtype=np.float64)
CLASS: dict[str, int] = {name: index for index, name in enumerate(CLEARANCES)}
NONE = np.iinfo(np.int64).max
# A candidate's place in the order of `pathways.liver.resections`: loss, then ablations, limited resections, core.
LOSS_SHIFT, ABLATED_SHIFT, LIMITED_SHIFT, BILLION = 17, 13, 9, 1e9
CANDIDATE = (1 << LIMITED_SHIFT) - 1


@dataclass(frozen=True)
class Catalogue:
    """What depends on the cores alone, for one number of adjacent segments that a remnant needs."""

    kept: npt.NDArray[np.uint8]  # core, veins sacrificed (bits) -> segments kept, 0 for none that will do
    subsets: tuple[tuple[int, ...], ...]  # core -> positions of the cores it contains
    supersets: npt.NDArray[np.uint64]  # core -> the cores that contain it, as bits of several words
    growth_side: tuple[int, ...]
    sizes: tuple[int, ...]


@lru_cache(maxsize=4)
def catalogue(adjacent: int) -> Catalogue:
    """The catalogue for remnants of `adjacent` joined segments."""
    kept = np.zeros((len(CORES), 8), dtype=np.uint8)
    parts = {0: (), **resections_by_mask()}
    for index, core in enumerate(CORES):
        left = ALL & ~core
        for veins in range(8):
            lost = [name for bit, name in enumerate(HEPATIC_VEINS) if veins >> bit & 1]
            stays = left & ~congested(left, lost)
            kept[index, veins] = stays if has_adjacent_segments(stays, adjacent) else 0
    subsets = tuple(
        tuple(place for place, other in enumerate(CORES) if other != core and not other & ~core) for core in CORES
    )
    mains = [parts[core][0] if parts[core] else 0 for core in CORES]
    sides = tuple(main if any(side and not side & ~main for side in (RIGHT, LEFT)) else 0 for main in mains)
    supersets = np.zeros((len(CORES), WORDS), dtype=np.uint64)
    for place, contained in enumerate(subsets):
        for smaller in contained:
            supersets[smaller, place // WORD] |= np.uint64(1 << place % WORD)
    return Catalogue(kept, subsets, supersets, sides, tuple(size_of(core) for core in CORES))


@dataclass(frozen=True)
class Measures:
    """Share of the liver in every set of segments, with its interval, by bit mask."""

    value: Floats
    low: Floats
    high: Floats
    spread: npt.NDArray[np.bool_]

    @staticmethod
    def of(volumes: Volumes) -> Measures:
        """The measures of a liver that nobody has measured."""
        found = [volumes.remnant(mask) for mask in range(256)]
        return Measures(
            np.array([one.value for one in found]),
            np.array([one.low for one in found]),
            np.array([one.high for one in found]),
            np.array([one.estimated for one in found]),
        )


@dataclass(frozen=True)
class Problem:
    """What the search works on, one row a patient. Masks are bit masks of segments.

    `needs`: segments that have to go because their inflow is held; `veins`: for each hepatic vein the segments whose lesions hold it;
    `counts`: lesions a segment; `loss_ml`: ml that limited resections of a segment's lesions take; `least`: a remnant that could not
    even reach this high (fraction) is none.
    """

    lesions: Masks
    limited: Masks
    ablatable: Masks
    needs: Masks
    veins: tuple[Masks, Masks, Masks]
    counts: npt.NDArray[np.uint8]
    loss_ml: Floats
    total_ml: Floats
    least: Floats
    measures: Measures
    adjacent: int
    major_from: int
    most_local: int
    most_ablations: int

    def rows(self, rows: Array) -> Problem:
        """The same problem for some of the patients."""
        columns = {
            name: getattr(self, name)[rows]
            for name in ("lesions", "limited", "ablatable", "needs", "counts", "loss_ml", "total_ml", "least")
        }
        rest = {
            name: getattr(self, name) for name in ("measures", "adjacent", "major_from", "most_local", "most_ablations")
        }
        return Problem(**columns, **rest, veins=tuple(vein[rows] for vein in self.veins))  # type: ignore[arg-type]

    def more_sessions(self, sessions: int) -> Problem:
        """The same problem with local treatments spread over several sessions."""
        values = {name: getattr(self, name) for name in self.__dataclass_fields__}
        return Problem(
            **{**values, "most_local": self.most_local * sessions, "most_ablations": self.most_ablations * sessions}
        )

    @cached_property
    def losses(self) -> tuple[Floats, Floats]:
        """What limited resections take, ml, for every set of the segments I to IV and of V to VIII."""
        half = BITS[:16, :4].T
        return self.loss_ml[:, :4] @ half, self.loss_ml[:, 4:] @ half

    @cached_property
    def lesions_in(self) -> tuple[Floats, Floats]:
        """Lesions in every set of the segments I to IV and of V to VIII."""
        half = BITS[:16, :4].T
        return self.counts[:, :4] @ half, self.counts[:, 4:] @ half

    def lost(self, rows: Array, limits: Masks) -> Floats:
        """Share of the liver that limited resections take in the patients `rows`."""
        if not limits.any():
            return np.zeros(len(rows))
        low, high = self.losses
        return np.minimum(1.0, (low[rows, limits & 15] + high[rows, limits >> 4]) / self.total_ml[rows])

    def veins_held(self, rows: Array, ablated: Masks) -> Masks:
        """The hepatic veins, as bits, that go with the lesions on them that are not ablated, in the patients `rows`."""
        spared = ~ablated
        right, middle, left = ((vein[rows] & spared) != 0 for vein in self.veins)
        found: Masks = right.view(np.uint8) | (middle.view(np.uint8) << 1) | (left.view(np.uint8) << 2)
        return found


@dataclass(frozen=True)
class Chosen:
    """One resection a patient: `exists` where there is one; the rest is only meant there."""

    exists: npt.NDArray[np.bool_]
    core: Masks
    limited: Masks
    ablated: Masks
    kept: Masks
    value: Floats
    low: Floats
    high: Floats
    estimated: npt.NDArray[np.bool_]

    @staticmethod
    def judged(
        measures: Measures,
        exists: npt.NDArray[np.bool_],
        core: Masks,
        limited: Masks,
        ablated: Masks,
        kept: Masks,
        lost: Floats,
    ) -> Chosen:
        """With the remnant that stays when limited resections take the share `lost` of the liver."""
        value, low, high = (np.maximum(0.0, one[kept] - lost) for one in (measures.value, measures.low, measures.high))
        estimated = (lost > 0) | measures.spread[kept]
        return Chosen(exists, core, limited, ablated, kept, value, low, high, estimated)

    def same_as(self, other: Chosen) -> npt.NDArray[np.bool_]:
        """Where both are the same resection."""
        alike = (self.core == other.core) & (self.limited == other.limited) & (self.ablated == other.ablated)
        return self.exists & other.exists & alike

    def rows(self, rows: Array) -> Chosen:
        """The same for some of the patients."""
        return Chosen(**{name: getattr(self, name)[rows] for name in self.__dataclass_fields__})

    @staticmethod
    def of(offered: Sequence[Chosen], which: Array, rows: Array) -> Chosen:
        """For each of the patients `rows` the resection of the column `which` of those offered."""
        fields = {}
        for name in Chosen.__dataclass_fields__:
            fields[name] = getattr(offered[0], name)[rows]
            for place, column in enumerate(offered[1:], start=1):
                here = np.flatnonzero(which == place)
                fields[name][here] = getattr(column, name)[rows[here]]
        return Chosen(**fields)

    def replaced(self, rows: Array, other: Chosen) -> Chosen:
        """This column with `other` in `rows`."""
        fields = {}
        for name in self.__dataclass_fields__:
            column = getattr(self, name).copy()
            column[rows] = getattr(other, name)
            fields[name] = column
        return Chosen(**fields)


@dataclass(frozen=True)
class Found:
    """The best resection of each class, the least loss of all, and the target of growth."""

    classes: tuple[Chosen, ...]
    first: Chosen
    target: Chosen
