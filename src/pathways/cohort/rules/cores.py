"""The cores that the search for resections tries, and sets of them as bits of words, so that a whole set is one operation.

A core is a set of segments that goes as a whole, or none. A set of cores is `WORDS` words; the bit of a core is its place in `CORES`.
Cores ascend as numbers, so a core stands behind all that it contains: whoever tries the lowest bit first meets no core before a
smaller one that may beat it.
"""

from __future__ import annotations

from functools import lru_cache

import numpy as np
import numpy.typing as npt

from pathways.liver.anatomy import (
    ALL,
    HEPATIC_VEINS,
    congested,
    has_adjacent_segments,
    resections_by_mask,
)
from pathways.liver.resection import side_to_grow_for
from pathways.quick_dataclass import dataclass

Masks = npt.NDArray[np.uint8]
Words = npt.NDArray[np.uint64]
Bools = npt.NDArray[np.bool_]

CORES = tuple(sorted(core for core in (0, *resections_by_mask()) if core != ALL))
CORE: Masks = np.array(CORES, dtype=np.uint8)
WORD = 64
WORDS = -(-len(CORES) // WORD)
VEINS_LOST = 1 << len(HEPATIC_VEINS)
_EVERY_SET = np.arange(ALL + 1, dtype=np.uint8)


def words_of(flags: Bools) -> Words:
    """Sets of cores as words: from (cores, ...) to (words, ...)."""
    padded = np.zeros((WORDS * WORD, *flags.shape[1:]), dtype=bool)
    padded[: len(CORES)] = flags
    # Eight cores make a byte where they lie side by side: NumPy packs the last axis many times quicker than the first.
    octets = np.packbits(np.ascontiguousarray(np.moveaxis(padded, 0, -1)), axis=-1, bitorder="little")
    return np.ascontiguousarray(np.moveaxis(octets.view("<u8").astype(np.uint64, copy=False), -1, 0))


# By set of segments: the cores that hold all of it, and those that touch nothing of it; (words, sets).
HOLDING = words_of((_EVERY_SET & ~CORE[:, None]) == 0)
SPARING = words_of((_EVERY_SET & CORE[:, None]) == 0)
EVERY = HOLDING[:, 0]
# By core: the larger ones that contain it; (words, cores).
SUPERSETS = words_of(((CORE & ~CORE[:, None]) == 0) & (CORE[:, None] != CORE))
# By core: those segments that are to be embolised so that the rest grows, 0 where no side goes as a whole.
GROWTH_SIDE: Masks = np.array([side_to_grow_for(core) for core in CORES], dtype=np.uint8)
GROWING = words_of(GROWTH_SIDE != 0)


@dataclass(frozen=True)
class Catalogue:
    """What cores leave, for one number of joined segments that a remnant needs. Hepatic veins that are lost are bits."""

    kept: Masks  # core, veins lost -> segments kept, 0 for none that will do
    leaving: Words  # word, veins lost -> cores that leave a remnant
    within: Words  # word, set of segments, veins lost -> cores whose remnant lies within the set


@lru_cache(maxsize=4)
def catalogue(adjacent: int) -> Catalogue:
    """The catalogue for remnants of `adjacent` joined segments."""
    kept = np.array([[_kept(core, veins, adjacent) for veins in range(VEINS_LOST)] for core in CORES], dtype=np.uint8)
    return Catalogue(kept, words_of(kept != 0), words_of((kept[:, None] & ~_EVERY_SET[:, None]) == 0))


def _kept(core: int, veins: int, adjacent: int) -> int:
    left = ALL & ~core
    stays = left & ~congested(left, [name for bit, name in enumerate(HEPATIC_VEINS) if veins >> bit & 1])
    return stays if has_adjacent_segments(stays, adjacent) else 0
