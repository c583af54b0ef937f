"""Connected parts of a label map, and distances between them, with NumPy alone.

Voxels are connected by faces, edges and corners: a thin bridge between two voxels of one lesion may run diagonally. A map is taken as runs along its
last axis; runs of neighbouring rows that touch are joined. SciPy would do the same, for 120 MB more in every installation.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]
Mask = NDArray[np.bool_]
# Pairs of points whose distances are looked at in one piece: bounds the memory.
PIECE = 4_000_000


def components(labels: NDArray[Any]) -> tuple[Ints, Ints, Ints]:
    """Every voxel that is not 0 as its index in the flat map, the part it belongs to (0, 1, ...), and the label of each part."""
    padded = np.pad(labels, 1)
    start, end, value, root = _runs(padded)
    names, part = np.unique(root, return_inverse=True)
    length = end - start + 1
    before = np.cumsum(length) - length
    where = np.arange(int(length.sum())) - np.repeat(before, length) + np.repeat(start, length)
    place = tuple(one - 1 for one in np.unravel_index(where, padded.shape))
    index: Ints = np.ravel_multi_index(place, labels.shape).astype(np.int64)
    return index, np.repeat(part, length).astype(np.int64), value[names]


def _runs(padded: NDArray[Any]) -> tuple[Ints, Ints, Ints, Ints]:
    """The runs of a map with an empty rim: their first and last voxel, their label, and the first run of the part they belong to."""
    flat = padded.ravel()
    edges = np.flatnonzero(flat[1:] != flat[:-1]) + 1
    start, end = np.append(0, edges).astype(np.int64), np.append(edges, len(flat)).astype(np.int64) - 1
    value = flat[start].astype(np.int64)
    filled = value != 0
    start, end, value = start[filled], end[filled], value[filled]
    return start, end, value, _joined(start, end, value, padded.shape)


def _joined(start: Ints, end: Ints, value: Ints, shape: tuple[int, ...]) -> Ints:
    """The first run of the part that each run belongs to."""
    row, plane = shape[2], shape[1] * shape[2]
    pairs = [_touching(start, end, value, step) for step in (row, plane - row, plane, plane + row)]
    # Two runs of one row touch where their labels differ: they are two parts.
    one, other = (np.concatenate([pair[side] for pair in pairs]) for side in (0, 1))
    root: Ints = np.arange(len(start))
    while True:
        ours, theirs = root[one], root[other]
        apart = ours != theirs
        if not apart.any():
            return root
        np.minimum.at(root, np.maximum(ours, theirs)[apart], np.minimum(ours, theirs)[apart])
        while not np.array_equal(root, again := root[root]):
            root = again


def _touching(start: Ints, end: Ints, value: Ints, step: int) -> tuple[Ints, Ints]:
    """Runs, and those of the row `step` voxels further that touch them and hold the same label."""
    low = np.searchsorted(end, start + step - 1, "left")
    high = np.searchsorted(start, end + step + 1, "right")
    number = np.maximum(high - low, 0)
    one = np.repeat(np.arange(len(start)), number)
    before = np.cumsum(number) - number
    other = np.arange(len(one)) - np.repeat(before, number) + np.repeat(low, number)
    same = value[one] == value[other]
    return one[same], other[same]


def neighbours_of(mask: Mask) -> Mask:
    """The voxels that share a face with one of the mask, those of the mask left out."""
    found = np.zeros_like(mask)
    for axis in range(mask.ndim):
        ahead = tuple(slice(1, None) if one == axis else slice(None) for one in range(mask.ndim))
        behind = tuple(slice(None, -1) if one == axis else slice(None) for one in range(mask.ndim))
        found[ahead] |= mask[behind]
        found[behind] |= mask[ahead]
    found &= ~mask
    return found


def surface_of(mask: Mask) -> Mask:
    """The voxels of the mask that share a face with one outside it; what lies at the border of the map is inside."""
    return mask & neighbours_of(~mask)


def outside_of(mask: Mask) -> Mask:
    """What lies outside a body: the empty voxels that are connected with the border of the map. Holes inside are none of it."""
    empty = np.pad(np.pad(~mask, 1, constant_values=True), 1)
    start, end, _, root = _runs(empty.view(np.uint8))
    outer = root == root[0]
    steps = np.zeros(empty.size + 1, dtype=np.int8)
    steps[start[outer]] = 1
    steps[end[outer] + 1] = -1
    outside: Mask = np.cumsum(steps[:-1], dtype=np.int8).view(np.bool_).reshape(empty.shape)
    return outside[2:-2, 2:-2, 2:-2]


def extreme_points(index: Ints) -> Ints:
    """Of the voxels of a body those that can lie at the ends of its longest diameter: the corners of its outline in each plane.

    Convexity is the same in index and in space, so this holds whatever the affine.
    """
    order = np.lexsort((index[:, 2], index[:, 1], index[:, 0]))
    points = index[order]
    row = np.flatnonzero(np.append(True, (np.diff(points[:, :2], axis=0) != 0).any(axis=1)))
    ends = np.unique(np.concatenate([row, np.append(row[1:], len(points)) - 1]))
    points = points[ends]
    found = []
    for plane in np.split(points, np.flatnonzero(np.diff(points[:, 0])) + 1):
        outline = _outline([(int(y), int(z)) for _, y, z in plane])
        found += [(int(plane[0, 0]), y, z) for y, z in outline]
    return np.array(found, dtype=np.int64)


def _outline(points: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """The corners of the convex hull of points in a plane, sorted as they come (monotone chain)."""
    if len(points) < 3:  # noqa: PLR2004
        return points
    half: list[list[tuple[int, int]]] = []
    for ordered in (points, points[::-1]):
        chain: list[tuple[int, int]] = []
        for y, z in ordered:
            while len(chain) > 1 and _turns(chain[-2], chain[-1], (y, z)) <= 0:
                chain.pop()
            chain.append((y, z))
        half.append(chain[:-1])
    return list(dict.fromkeys((*half[0], *half[1])))


def _turns(one: tuple[int, int], two: tuple[int, int], three: tuple[int, int]) -> int:
    return (two[0] - one[0]) * (three[1] - one[1]) - (two[1] - one[1]) * (three[0] - one[0])


def farthest(points: Floats) -> tuple[float, Floats]:
    """The greatest distance between two points, and the way from one to the other."""
    best, way = 0.0, np.zeros(3)
    piece = max(1, PIECE // len(points))
    for begin in range(0, len(points), piece):
        apart = points[begin : begin + piece, None, :] - points[None, :, :]
        square = (apart**2).sum(axis=2)
        at = np.unravel_index(int(square.argmax()), square.shape)
        if square[at] > best:
            best, way = float(square[at]), apart[at]
    return best**0.5, way


class Cloud:
    """Points of a body in blocks, so that what is far from another body is passed over block by block."""

    def __init__(self, points: Floats, edge: float) -> None:
        self.points = points
        cell = np.floor(points / edge).astype(np.int64)
        order = np.lexsort(cell.T) if len(points) else np.zeros(0, dtype=np.int64)
        begins = (
            np.flatnonzero(np.append(True, (np.diff(cell[order], axis=0) != 0).any(axis=1))) if len(points) else order
        )
        self.blocks: list[Ints] = np.split(order, begins[1:]) if len(points) else []
        self.centres = np.array([points[one].mean(axis=0) for one in self.blocks]).reshape(-1, 3)
        self.radii = np.array(
            [
                np.sqrt(((points[one] - centre) ** 2).sum(axis=1).max())
                for one, centre in zip(self.blocks, self.centres, strict=True)
            ]
        )

    def least(self, other: Cloud) -> tuple[Floats, Floats]:
        """For each pair of blocks, what they are apart at least and at most."""
        apart = np.sqrt(((self.centres[:, None, :] - other.centres[None, :, :]) ** 2).sum(axis=2))
        reach = self.radii[:, None] + other.radii[None, :]
        return apart - reach, apart + reach


def nearest(body: Cloud, other: Cloud) -> tuple[float, Floats]:
    """The least distance from a body to another, and the way there; infinite where one of them is empty."""
    best, way = float("inf"), np.zeros(3)
    if not body.blocks or not other.blocks:
        return best, way
    least, most = body.least(other)
    ours, theirs = np.nonzero(least <= most.min())
    for at in np.argsort(least[ours, theirs], kind="stable"):
        if least[ours[at], theirs[at]] > best:
            break
        apart = other.points[other.blocks[theirs[at]]][:, None, :] - body.points[body.blocks[ours[at]]][None, :, :]
        square = (apart**2).sum(axis=2)
        where = np.unravel_index(int(square.argmin()), square.shape)
        if square[where] ** 0.5 < best:
            best, way = float(square[where] ** 0.5), apart[where]
    return best, way


def within(body: Cloud, other: Cloud, distance: float) -> Mask:
    """Which points of the other body lie within `distance` of the first."""
    found = np.zeros(len(other.points), dtype=bool)
    if not body.blocks or not other.blocks:
        return found
    least, _ = body.least(other)
    for ours, theirs in zip(*np.nonzero(least <= distance), strict=True):
        chosen = other.blocks[theirs]
        square = ((other.points[chosen][:, None, :] - body.points[body.blocks[ours]][None, :, :]) ** 2).sum(axis=2)
        found[chosen] |= (square <= distance**2).any(axis=1)
    return found
