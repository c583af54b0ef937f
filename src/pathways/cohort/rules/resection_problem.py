"""What the search for resections over columns works on, and what it answers: one row a patient, sets of segments as bit masks.

A patient is eight segments, each with one entry of lesions or none, so that sets of lesions are bit masks in one byte.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import fields, replace
from typing import Any

import numpy as np
import numpy.typing as npt

from pathways.cohort.rules.cores import Bools, Masks
from pathways.liver import adequacy
from pathways.liver.anatomy import ALL
from pathways.liver.volumes import Volumes
from pathways.quick_dataclass import dataclass

Codes = npt.NDArray[np.uint8]
Floats = npt.NDArray[np.float64]
Array = npt.NDArray[Any]
HALF, HALF_SETS = 4, 16


class SumsOverSets:
    """Sums of one figure a segment over any set of a patient's segments.

    The order of these sums is a contract, because equal losses are ranked by their last bits: segments I to IV one after the other,
    V to VIII one after the other, then both halves. No linear algebra library adds them, whose order depends on machine and threads.
    """

    def __init__(self, by_segment: Array) -> None:
        self.number = len(by_segment)
        self._halves = [_sums_of_half(by_segment[:, half]) for half in (slice(0, HALF), slice(HALF, None))]

    def of(self, rows: Array, sets: Masks) -> Array:
        """The sums of the patients `rows`, each over a set of their own."""
        low, high = self._halves
        found: Array = low[(sets & (HALF_SETS - 1)).astype(np.int64) * self.number + rows]
        found += high[(sets >> HALF).astype(np.int64) * self.number + rows]
        return found

    def of_all(self, sets: Masks) -> Array:
        """The sums of every patient over each of some sets; (sets, patients)."""
        low, high = (half.reshape(HALF_SETS, self.number) for half in self._halves)
        found: Array = low[sets & (HALF_SETS - 1)]
        found += high[sets >> HALF]
        return found


def _sums_of_half(columns: Array) -> Array:
    """Sums over every set of four columns, one row a set, in one flat column."""
    sums = np.zeros((HALF_SETS, len(columns)), dtype=columns.dtype)
    for bit, column in enumerate(columns.T):
        for smaller in range(1 << bit):
            np.add(sums[smaller], column, out=sums[smaller | 1 << bit])
    return sums.reshape(-1)


@dataclass(frozen=True)
class Estimates:
    """A column of estimates with their intervals."""

    value: Floats
    low: Floats
    high: Floats
    estimated: Bools


@dataclass(frozen=True)
class Measures:
    """Share of the liver in every set of segments, with its interval, by bit mask."""

    value: Floats
    low: Floats
    high: Floats
    spread: Bools

    @staticmethod
    def of(volumes: Volumes) -> Measures:
        """The measures of a liver that nobody has measured."""
        found = [volumes.remnant(mask) for mask in range(ALL + 1)]
        return Measures(
            np.array([one.value for one in found]),
            np.array([one.low for one in found]),
            np.array([one.high for one in found]),
            np.array([one.estimated for one in found]),
        )

    def less(self, kept: Masks, lost: Floats) -> Estimates:
        """What is left of the segments `kept` without the share `lost`."""
        value, low, high = (np.maximum(0.0, one[kept] - lost) for one in (self.value, self.low, self.high))
        return Estimates(value, low, high, (lost > 0) | self.spread[kept])


@dataclass(frozen=True)
class Problem:
    """What the search works on, one row a patient. Masks are bit masks of segments.

    `needs`: segments that have to go because their inflow is held; `veins`: for each hepatic vein the segments whose lesions hold it;
    `counts`: lesions a segment; `loss_ml`: ml that limited resections of a segment's lesions take, `ablated_ml`: that their ablation takes; `used_up`, `ablated_up`: the segments
    of which that leaves nothing; `least`: a remnant that could not
    even reach this high (fraction) is none; `enough` (fraction) and `enough_ml`: what is enough by every limit that may come to hold;
    `total_error`: the relative error of the total.
    """

    lesions: Masks
    limited: Masks
    ablatable: Masks
    needs: Masks
    veins: tuple[Masks, Masks, Masks]
    counts: Codes
    loss_ml: Floats
    ablated_ml: Floats
    used_up: Masks
    ablated_up: Masks
    total_ml: Floats
    total_error: Floats
    least: Floats
    enough: Floats
    enough_ml: Floats
    measures: Measures
    adjacent: int
    major_from: int
    major_share: float
    leave_congested: bool
    most_local: int
    most_ablations: int

    def rows(self, rows: Array) -> Problem:
        """The same problem for some of the patients."""
        columns = (
            "lesions",
            "limited",
            "ablatable",
            "needs",
            "counts",
            "loss_ml",
            "ablated_ml",
            "used_up",
            "ablated_up",
            "total_ml",
            "total_error",
            "least",
            "enough",
            "enough_ml",
        )
        taken: dict[str, Any] = {name: getattr(self, name)[rows] for name in columns}
        right, middle, left = (vein[rows] for vein in self.veins)
        return replace(self, **taken, veins=(right, middle, left))

    def more_sessions(self, sessions: int) -> Problem:
        """The same problem with local treatments spread over several sessions."""
        return replace(self, most_local=self.most_local * sessions)

    @property
    def touching_veins(self) -> Bools:
        """Whether a patient bears a lesion on a hepatic vein."""
        right, middle, left = self.veins
        found: Bools = (right | middle | left) != 0
        return found

    def gone_locally(self, rows: Array, limited: Masks, ablated: Masks) -> Masks:
        """The segments of which limited resections and ablations leave nothing."""
        found: Masks = (limited & self.used_up[rows]) | (ablated & self.ablated_up[rows])
        return found

    def surely_enough(self, rows: Array, stays: Masks, lost: Floats) -> Bools:
        """Whether what stays of the patients `rows`, less `lost`, is enough by its lower end."""
        found: Bools = adequacy.surely_enough(
            self.measures.less(stays, lost),
            self.enough[rows],
            self.enough_ml[rows],
            self.total_ml[rows],
            self.total_error[rows],
        )
        return found

    def veins_held(self, rows: Array, ablated: Masks) -> Masks:
        """The hepatic veins, as bits, that go with the lesions on them that are not ablated, in the patients `rows`."""
        spared = ~ablated
        right, middle, left = ((vein[rows] & spared) != 0 for vein in self.veins)
        found: Masks = right.view(np.uint8) | (middle.view(np.uint8) << 1) | (left.view(np.uint8) << 2)
        return found


@dataclass(frozen=True)
class Chosen:
    """One resection a patient: `exists` where there is one; the rest is only meant there."""

    exists: Bools
    core: Masks
    limited: Masks
    ablated: Masks
    kept: Masks
    value: Floats
    low: Floats
    high: Floats
    estimated: Bools

    @staticmethod
    def nobody(number: int, measures: Measures) -> Chosen:
        """No resection: nothing is removed, and nothing kept."""
        core, limited, ablated, kept = (np.zeros(number, dtype=np.uint8) for _ in range(4))
        value, low, high = (np.full(number, max(0.0, one[0])) for one in (measures.value, measures.low, measures.high))
        estimated = np.full(number, measures.spread[0])
        return Chosen(np.zeros(number, dtype=bool), core, limited, ablated, kept, value, low, high, estimated)

    def same_as(self, other: Chosen) -> Bools:
        """Where both are the same resection."""
        alike = (self.core == other.core) & (self.limited == other.limited) & (self.ablated == other.ablated)
        return self.exists & other.exists & alike

    def takes_all_of(self, other: Chosen) -> Bools:
        """Where both exist and every segment that the other removes goes here too."""
        return self.exists & other.exists & ((other.core & ~self.core) == 0)

    def rows(self, rows: Array) -> Chosen:
        """The same for some of the patients."""
        return Chosen(**{field.name: getattr(self, field.name)[rows] for field in fields(self)})

    @staticmethod
    def of(offered: Sequence[Chosen], which: Array, rows: Array) -> Chosen:
        """For each of the patients `rows` the resection of the column `which` of those offered."""
        found = offered[0].rows(rows)
        for place, column in enumerate(offered[1:], start=1):
            here = np.flatnonzero(which == place)
            found.put(here, column.rows(rows[here]))
        return found

    def replaced(self, rows: Array, other: Chosen) -> Chosen:
        """This column with `other` in `rows`."""
        found = Chosen(**{field.name: getattr(self, field.name).copy() for field in fields(self)})
        found.put(rows, other)
        return found

    def put(self, rows: Array, other: Chosen) -> None:
        """Writes `other` into `rows`: for whoever has made this column."""
        for field in fields(self):
            getattr(self, field.name)[rows] = getattr(other, field.name)


@dataclass(frozen=True)
class Found:
    """The best resection of each class, which class loses least liver, and the target of growth.

    Where the target alone was wanted there are no classes.
    """

    classes: tuple[Chosen, ...]
    least: Codes
    target: Chosen

    def replaced(self, rows: Array, other: Found) -> Found:
        """These answers with `other` for the patients `rows`."""
        least = self.least.copy()
        least[rows] = other.least
        classes = tuple(one.replaced(rows, new) for one, new in zip(self.classes, other.classes, strict=True))
        return Found(classes, least, self.target.replaced(rows, other.target))

    @property
    def first(self) -> Chosen:
        """The resection that loses least liver of all."""
        return Chosen.of(self.classes, self.least, np.arange(len(self.least)))
