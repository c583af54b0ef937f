"""What masks say of lesions: segments, diameter, volume, depth, and how near each vessel is. All in mm, whatever the grid.

Distances are from edge to edge: between voxels that lie side by side there is nothing. Decides no treatment; from which distance a lesion touches
a vessel, is deep, or lies in a segment, the protocol says.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from pathways.interchange.readers.masks.grids import Grid
from pathways.interchange.readers.masks.parts import (
    Cloud,
    Floats,
    Ints,
    Mask,
    components,
    extreme_points,
    farthest,
    nearest,
    neighbours_of,
    outside_of,
    surface_of,
    within,
)
from pathways.quick_dataclass import dataclass

# Below it a part has no shape: a speck, two voxels wide in every direction at most.
SPECK = 8
# Sectors into which the circumference of a vessel is divided.
SECTORS = 12
# The edge of a block of points, in voxels.
BLOCK = 8
# How far along a vessel its direction is looked for, in multiples of its own width; at least this many voxels of it.
ALONG, LEAST_VOXELS = 2.0, 12
HALF = 0.5


@dataclass(frozen=True, slots=True)
class Near:
    """A vessel beside a lesion: the distance in mm, and the share of its circumference that the lesion touches."""

    name: str
    distance_mm: float
    around: float


@dataclass(frozen=True, slots=True)
class Found:
    """One lesion. `shares`: the part of it in each segment; `depth_mm`: from its nearest edge to the surface of the liver."""

    label: int
    voxels: int
    ml: float
    centre: tuple[float, float, float]
    size_mm: float
    shares: Mapping[int, float]
    depth_mm: float
    near: tuple[Near, ...]


@dataclass
class Measured:
    """All that was measured. `cut`: segments that the border of the grid cuts; `outside`, `specks`: parts that are no lesions of the liver."""

    segments_ml: dict[int, float]
    total_ml: float
    tumour_ml: float
    cut: tuple[int, ...]
    lesions: list[Found]
    outside: list[str]
    specks: list[str]
    voxel: str
    centres: dict[int, float]


def measured(segments: Grid, lesions: Grid, vessels: Mapping[str, tuple[Grid, int]], contact_mm: float) -> Measured:
    """Measures lesions and segments; labels of `segments` are segment numbers. The maps are cut to the box of liver and lesions."""
    liver, affine, ml = segments.data, segments.affine, segments.voxel_ml
    index, part, label = components(lesions.data)
    order = np.argsort(part, kind="stable")
    bodies = np.split(index[order], np.flatnonzero(np.diff(part[order])) + 1) if len(index) else []
    outside, specks = [], []
    kept: list[tuple[int, Ints, Mapping[int, float]]] = []
    for body, number in zip(bodies, label, strict=True):
        if len(body) < SPECK:
            specks.append(_told(body, affine, liver.shape, ml))
        elif shares := _shares(body, liver):
            kept.append((int(number), body, shares))
        else:
            outside.append(_told(body, affine, liver.shape, ml))
    tumour = np.zeros(liver.shape, dtype=bool)
    for _, body, _ in kept:
        tumour.ravel()[body] = True
    whole = (liver > 0) | tumour
    scene = _Scene(affine, segments, whole, {name: grid.data == one for name, (grid, one) in vessels.items()})
    found = [scene.lesion(number, body, shares, contact_mm) for number, body, shares in kept]
    found.sort(key=lambda one: (-one.voxels, *(round(part, 1) for part in one.centre)))
    counts = np.bincount(liver[~tumour], minlength=9)
    return Measured(
        {number: float(counts[number]) * ml for number in range(1, 9) if counts[number]},
        float(np.count_nonzero(whole)) * ml,
        float(np.count_nonzero(tumour)) * ml,
        segments.cut,
        found,
        sorted(outside),
        sorted(specks),
        segments.voxel,
        _to_the_right(liver, affine),
    )


def _told(body: Ints, affine: Floats, shape: tuple[int, ...], ml: float) -> str:
    """A body in words: its volume and its middle."""
    return f"{len(body) * ml:.2g} ml at {_where(body, affine, shape)}"


def _where(body: Ints, affine: Floats, shape: tuple[int, ...]) -> str:
    """The middle of a body, in mm of the scan, in words."""
    x, y, z = _points(body, affine, shape).mean(axis=0)
    return f"({x:.0f}, {y:.0f}, {z:.0f}) mm"


def _points(body: Ints, affine: Floats, shape: tuple[int, ...]) -> Floats:
    index = np.stack(np.unravel_index(body, shape), axis=1)
    found: Floats = index @ affine[:3, :3].T + affine[:3, 3]
    return found


def _to_the_right(liver: NDArray[Any], affine: Floats) -> dict[int, float]:
    """How far to the right the middle of each segment lies, mm."""
    found = {}
    for number in range(1, 9):
        body = np.flatnonzero(liver == number)
        if len(body):
            found[number] = float(_points(body[:: max(1, len(body) // 5000)], affine, liver.shape)[:, 0].mean())
    return found


def _shares(body: Ints, liver: NDArray[Any]) -> Mapping[int, float]:
    """The part of a lesion in each segment; none where most of it lies outside the liver.

    Some segmentations leave a hole where the tumour is: such voxels take the segment that they are nearest to, grown in from around.
    """
    inside = liver.ravel()[body]
    if not (inside == 0).any():
        return _counted(inside)
    place = np.stack(np.unravel_index(body, liver.shape), axis=1)
    low, high = np.maximum(place.min(axis=0) - 1, 0), np.minimum(place.max(axis=0) + 2, liver.shape)
    box = tuple(slice(int(one), int(other)) for one, other in zip(low, high, strict=True))
    local = liver[box].copy()
    mask = np.zeros(local.shape, dtype=bool)
    mask[tuple((place - low).T)] = True
    rim = local[neighbours_of(mask)]
    told = np.count_nonzero(inside) / len(inside)
    if told < HALF and (not len(rim) or np.count_nonzero(rim) / len(rim) < HALF):
        return {}
    waiting = mask & (local == 0)
    while waiting.any():
        grown = np.zeros_like(local)
        for axis in range(3):
            for step in (1, -1):
                moved = np.roll(local, step, axis=axis)
                edge = [slice(None)] * 3
                edge[axis] = slice(0, 1) if step == 1 else slice(-1, None)
                moved[tuple(edge)] = 0
                np.maximum(grown, moved, out=grown)
        new = waiting & (grown > 0)
        if not new.any():
            break
        local[new] = grown[new]
        waiting &= ~new
    return _counted(local[mask])


def _counted(labels: NDArray[Any]) -> Mapping[int, float]:
    counts = np.bincount(labels, minlength=9)[:9]
    return {number: float(counts[number] / len(labels)) for number in range(1, 9) if counts[number]}


class _Scene:
    """The liver around its lesions."""

    def __init__(self, affine: Floats, grid: Grid, liver: Mask, vessels: Mapping[str, Mask]) -> None:
        self.affine = affine
        self.matrix = affine[:3, :3]
        self.back = np.linalg.inv(self.matrix)
        self.shape = liver.shape
        self.longest = float(grid.spacing.max())
        self.vessels = vessels
        filled = liver.copy()
        for one in vessels.values():
            filled |= one
        # The liver has a surface where it is seen from outside; a vessel that runs into it opens none.
        beside = neighbours_of(filled) & outside_of(filled)
        self.beyond = self._cloud(beside)
        self.vessel_points = {name: _points(np.flatnonzero(one), affine, self.shape) for name, one in vessels.items()}
        self.vessel_skin = {name: self._cloud(surface_of(one)) for name, one in vessels.items()}

    def _cloud(self, mask: Mask) -> Cloud:
        return Cloud(_points(np.flatnonzero(mask), self.affine, self.shape), BLOCK * self.longest)

    def lesion(self, label: int, body: Ints, shares: Mapping[int, float], contact_mm: float) -> Found:
        """Measures one lesion."""
        points = _points(body, self.affine, self.shape)
        index = np.stack(np.unravel_index(body, self.shape), axis=1)
        ends = extreme_points(index) @ self.matrix.T + self.affine[:3, 3]
        far, way = farthest(ends)
        skin = self._skin(index)
        near = tuple(self._near(name, skin, contact_mm) for name in self.vessels)
        centre = points.mean(axis=0)
        return Found(
            label,
            len(body),
            len(body) * float(abs(np.linalg.det(self.matrix))) / 1000,
            (float(centre[0]), float(centre[1]), float(centre[2])),
            far + self._voxel_along(way),
            shares,
            self._gap(*nearest(skin, self.beyond)),
            near,
        )

    def _skin(self, index: Ints) -> Cloud:
        """The outermost voxels of a body."""
        low = index.min(axis=0) - 1
        box = np.zeros(index.max(axis=0) - low + 2, dtype=bool)
        box[tuple((index - low).T)] = True
        return Cloud((np.argwhere(surface_of(box)) + low) @ self.matrix.T + self.affine[:3, 3], BLOCK * self.longest)

    def _voxel_along(self, way: Floats) -> float:
        """How long a voxel is in a direction: what lies between the middles of two voxels and their far edges."""
        length = float(np.linalg.norm(way))
        if length == 0:
            return float(np.cbrt(abs(np.linalg.det(self.matrix))))
        steps = self.back @ (way / length)
        return float(1 / np.linalg.norm(steps))

    def _gap(self, distance: float, way: Floats) -> float:
        """From the middle of one voxel to that of another, less what of both is inside."""
        if not np.isfinite(distance):
            return distance
        return max(0.0, distance - self._voxel_along(way))

    def _near(self, name: str, skin: Cloud, contact_mm: float) -> Near:
        distance = self._gap(*nearest(skin, self.vessel_skin[name]))
        around = self._around(name, skin, contact_mm) if distance <= contact_mm else 0.0
        return Near(name, distance, around)

    def _around(self, name: str, lesion: Cloud, contact_mm: float) -> float:
        """The share of the circumference of a vessel that a lesion touches, where it touches most of it.

        Looked at across the vessel: slices along its own direction, each divided into sectors around its middle.
        """
        skin = self.vessel_skin[name].points
        touched = within(lesion, self.vessel_skin[name], max(contact_mm, self.longest))
        if not touched.any():
            return 0.0
        middle = skin[touched].mean(axis=0)
        width = self._width(name, middle)
        local = np.sqrt(((self.vessel_points[name] - middle) ** 2).sum(axis=1)) <= max(ALONG * width, 3 * self.longest)
        tube = self.vessel_points[name][local]
        if len(tube) < LEAST_VOXELS:
            return float(touched.sum() / len(skin))
        axes = np.linalg.svd(tube - tube.mean(axis=0), full_matrices=False)[2]
        slices = np.floor((tube - middle) @ axes[0] / self.longest).astype(int)
        of_skin = np.floor((skin - middle) @ axes[0] / self.longest).astype(int)
        near_skin = np.sqrt(((skin - middle) ** 2).sum(axis=1)) <= max(ALONG * width, 3 * self.longest)
        best = 0.0
        for at in np.unique(of_skin[touched & near_skin]):
            here = tube[slices == at]
            if not len(here):
                continue
            across = (skin - here.mean(axis=0)) @ axes[1:].T
            sector = (
                np.floor((np.arctan2(across[:, 1], across[:, 0]) / (2 * np.pi) + 0.5) * SECTORS).astype(int) % SECTORS
            )
            mine = near_skin & (of_skin == at)
            every = np.bincount(sector[mine], minlength=SECTORS)
            ours = np.bincount(sector[mine & touched], minlength=SECTORS)
            if np.count_nonzero(every) >= SECTORS // 2:
                best = max(best, float((ours[every > 0] / every[every > 0]).mean()))
        return best

    def _width(self, name: str, middle: Floats) -> float:
        """About how wide a vessel is here: twice the distance from its deepest voxel nearby to its skin."""
        points, skin = self.vessel_points[name], self.vessel_skin[name].points
        near = points[((points - middle) ** 2).sum(axis=1) <= (6 * self.longest) ** 2][:400]
        close = skin[((skin - middle) ** 2).sum(axis=1) <= (12 * self.longest) ** 2][:2000]
        if not len(near) or not len(close):
            return 2 * self.longest
        apart = np.sqrt(((near[:, None, :] - close[None, :, :]) ** 2).sum(axis=2)).min(axis=1)
        return float(2 * (apart.max() + self.longest))
