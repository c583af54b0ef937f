"""Label maps on their grid: read, turned so that the first axis runs to the right, the second forward, the third up, and held to one grid.

Decides what a label map is: whole numbers in three dimensions, with an affine that tells where it lies in mm. Axes may stand in any order and
direction; a grid that is turned in space stays turned, and every measure goes through its affine.
"""

from __future__ import annotations

import logging
import re
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from pathways.documents.extras import needs
from pathways.documents.problems import DocumentError, Problem, shown
from pathways.quick_dataclass import dataclass

# The lower bits of the byte of units.
UNIT_OF_LENGTH = 7
DIMENSIONS = 3
MM = {"mm": 1.0, "meter": 1000.0, "micron": 0.001, "unknown": 1.0}
# Programs that write a segmentation with names put them into an extension of the header.
LABEL = re.compile(r'<Label\b[^>]*\bKey="(\d+)"[^>]*>([^<]+)</Label>')
MOST_VOXELS = 300_000_000
# Two grids are one where no corner of one lies further from that of the other than this part of a voxel.
SAME_GRID = 0.1
WHOLE = 1e-3
# Edges of a voxel in mm, the volume of one whose edges are 1 long, and how far its corner lies from the origin in mm: a header in the wrong unit is
# within them, and refused where its unit can be named.
EDGES, FLAT, FAR = (0.001, 10_000.0), 0.1, 1_000_000.0


@dataclass(frozen=True)
class Grid:
    """A label map: its voxels, where they lie (index to mm: right, forward, up), and the names of its labels where the file tells them."""

    file: str
    data: NDArray[Any]
    affine: NDArray[np.float64]
    names: dict[int, str]
    # Where the border of the scan cuts what stays after a cut to the box of everything: labels in its outermost layer.
    cut: tuple[int, ...] = ()

    @property
    def voxel_ml(self) -> float:
        """The volume of one voxel."""
        return float(abs(np.linalg.det(self.affine[:3, :3]))) / 1000

    @property
    def spacing(self) -> NDArray[np.float64]:
        """The lengths of a voxel along its three axes, mm."""
        lengths: NDArray[np.float64] = np.sqrt((self.affine[:3, :3] ** 2).sum(axis=0))
        return lengths

    @property
    def voxel(self) -> str:
        """The lengths in words."""
        return " × ".join(f"{one:.3g}" for one in self.spacing)

    def labels(self) -> list[int]:
        """The labels that the map holds."""
        found: set[int] = set()
        for part in _planes(self.data):
            found.update(np.flatnonzero(np.bincount(part.ravel(order="K"))).tolist())
        return sorted(int(one) for one in found if one)


def complaint(file: str, message: str) -> DocumentError:
    """One complaint about a file as a whole."""
    return DocumentError([Problem(file, 1, 1, "", message)])


def read_grid(path: Path) -> Grid:
    """The label map in a NIfTI file. Raises DocumentError."""
    try:
        import nibabel
    except ImportError:
        raise needs(f"{path} (NIfTI)", "imaging") from None
    file = str(path)
    # What it finds odd in a header it prints; what matters of that is said here.
    logging.getLogger("nibabel.global").setLevel(logging.CRITICAL)
    try:
        image: Any = nibabel.load(path)
        shape, header = image.shape, image.header
        small = np.prod(shape, dtype=np.int64) <= MOST_VOXELS
        data = _voxels(image) if small else np.empty(0)
    except DocumentError:
        raise
    except FileNotFoundError:
        raise complaint(file, "cannot be read: no such file or directory") from None
    except Exception as error:  # noqa: BLE001 - nibabel has no class above its own errors, and damaged files raise many
        words = " ".join(str(error).split())[:120]
        raise complaint(file, f"not a NIfTI file that can be read: {words}") from None
    if not small:
        raise complaint(file, f"more than {MOST_VOXELS:,} voxels; cut it to the liver")
    while data.ndim > DIMENSIONS and data.shape[-1] == 1:
        data = data[..., 0]
    if data.ndim != DIMENSIONS or 0 in data.shape:
        size = " × ".join(map(str, shape))
        raise complaint(file, f"got {size} voxels; accepted: one label map in three dimensions")
    unit = MM.get(_unit_of_length(file, header), 1.0)
    affine = np.asarray(image.affine, dtype=np.float64) * np.array([[unit]] * DIMENSIONS + [[1.0]])
    if not _spans_a_volume(affine):
        raise complaint(file, "its affine tells no volume of a voxel; write the file anew with the grid of the scan")
    data, affine = _upright(data, affine)
    return Grid(file, _whole(file, data), affine, _names(header))


def _unit_of_length(file: str, header: Any) -> str:
    """The unit of the grid by its name in the format; that of time, which stands in the same byte, says nothing of a map."""
    from nibabel.nifti1 import unit_codes

    if not hasattr(header, "get_xyzt_units"):
        return "unknown"
    code = int(header["xyzt_units"]) & UNIT_OF_LENGTH
    if code not in unit_codes.label:
        raise complaint(
            file, "its unit of length is none that the format has; write the file anew with the grid of the scan"
        )
    return str(unit_codes.label[code])


def _spans_a_volume(affine: NDArray[np.float64]) -> bool:
    """Whether the edges of a voxel are of a length that can be reckoned with and do not lie in one plane, nor nearly so."""
    if not np.isfinite(affine).all() or np.abs(affine).max() > FAR:
        return False
    axes = affine[:DIMENSIONS, :DIMENSIONS]
    edges = np.linalg.norm(axes, axis=0)
    if edges.min() < EDGES[0] or edges.max() > EDGES[1]:
        return False
    return bool(abs(np.linalg.det(axes / edges)) > FLAT)


def _voxels(image: Any) -> NDArray[Any]:
    """The voxels in the type in which they are stored, where nothing scales them: a map of labels has no need of more."""
    proxy = image.dataobj
    slope, inter = getattr(proxy, "slope", 1.0), getattr(proxy, "inter", 0.0)
    if slope == 1 and inter == 0 and hasattr(proxy, "get_unscaled"):
        found: NDArray[Any] = np.asanyarray(proxy.get_unscaled())
        return found
    return np.asanyarray(proxy, dtype=np.float32)


def _whole(file: str, data: NDArray[Any]) -> NDArray[Any]:
    """The labels as whole numbers of 16 bits. A map of probabilities is refused: where its lesions end is a choice."""
    if data.dtype.kind in "iub":
        if data.dtype.itemsize <= 1:
            return data.view(np.uint8) if data.dtype.kind == "b" else data
        if data.size and (int(data.max()) > np.iinfo(np.int16).max or int(data.min()) < 0):
            raise complaint(
                file, f"got labels up to {int(data.max())}; accepted: labels from 0 to {np.iinfo(np.int16).max}"
            )
        return data.astype(np.int16)
    if data.dtype.kind != "f":
        raise complaint(file, f"got voxels of the kind {data.dtype}; accepted: a label map of whole numbers")
    found = np.empty(data.shape, dtype=np.int16)
    for part, target in zip(data, found, strict=True):
        rounded = np.rint(part)
        if (
            not np.isfinite(part).all()
            or np.abs(part - rounded).max(initial=0) > WHOLE
            or rounded.max(initial=0) > np.iinfo(np.int16).max
        ):
            raise complaint(
                file, "its voxels are no whole numbers (an image, or probabilities?); accepted: a label map"
            )
        target[...] = rounded
    return found


def _upright(data: NDArray[Any], affine: NDArray[np.float64]) -> tuple[NDArray[Any], NDArray[np.float64]]:
    """The same map with its axes as near as may be to right, forward and up; nothing is copied."""
    from nibabel import orientations

    turning: Any = orientations
    order = turning.io_orientation(affine)
    turned = affine @ turning.inv_ornt_aff(order, data.shape)
    axes = [int(np.flatnonzero(order[:, 0] == axis)[0]) for axis in range(DIMENSIONS)]
    for axis in range(DIMENSIONS):
        if order[axis, 1] < 0:
            data = np.flip(data, axis)
    return data.transpose(axes), turned


def _names(header: Any) -> dict[int, str]:
    """What the file calls its labels; nothing where it does not tell."""
    found: dict[int, str] = {}
    for one in getattr(header, "extensions", ()):
        content = getattr(one, "content", b"")
        text = content.decode("utf-8", "replace") if isinstance(content, bytes) else str(content)
        found |= {int(key): name.strip() for key, name in LABEL.findall(text)}
    return found


def on_one_grid(grids: list[Grid]) -> None:
    """Holds label maps to one grid: same voxels at the same place. Raises DocumentError."""
    first = grids[0]
    for other in grids[1:]:
        if other.data.shape != first.data.shape:
            ours, theirs = (" × ".join(map(str, one.data.shape)) for one in (other, first))
            message = f"its grid has {ours} voxels, that of {first.file} {theirs}"
        else:
            apart = np.abs(_corners(other) - _corners(first)).max()
            if apart <= SAME_GRID * min(first.spacing.min(), other.spacing.min()):
                continue
            message = f"its grid lies up to {apart:.3g} mm from that of {first.file}"
        remedy = f"accepted: one grid (resample {shown(Path(other.file).name)} to the other, by the nearest voxel, in the program that made it)"
        raise complaint(other.file, f"{message}; {remedy}")


def _corners(grid: Grid) -> NDArray[np.float64]:
    size = np.array(grid.data.shape) - 1
    index = np.array([[(corner >> axis) & 1 for axis in range(3)] for corner in range(8)]) * size
    found: NDArray[np.float64] = index @ grid.affine[:3, :3].T + grid.affine[:3, 3]
    return found


def cut_to_their_box(grids: list[Grid], first: int) -> list[Grid]:
    """The maps cut to the box that holds everything in the first ones, and a voxel around it where the grid has one."""
    box = [slice(0, size) for size in grids[0].data.shape]
    for axis, filled in enumerate(_filled([one.data for one in grids[:first]])):
        where = np.flatnonzero(filled)
        if len(where):
            box[axis] = slice(max(0, int(where[0]) - 1), min(len(filled), int(where[-1]) + 2))
    return [_cut_to(one, (box[0], box[1], box[2])) for one in grids]


def _cut_to(grid: Grid, box: tuple[slice, slice, slice]) -> Grid:
    affine = grid.affine.copy()
    affine[:3, 3] += affine[:3, :3] @ [one.start for one in box]
    return replace(grid, data=np.ascontiguousarray(grid.data[box]), affine=affine, cut=_at_the_border(grid.data))


def _at_the_border(data: NDArray[Any]) -> tuple[int, ...]:
    """The labels with a voxel in the outermost layer of the grid: nobody knows how they go on."""
    sides = [data[0], data[-1], data[:, 0], data[:, -1], data[:, :, 0], data[:, :, -1]]
    found = {int(one) for side in sides for one in np.unique(side).tolist()}
    return tuple(sorted(found - {0}))


def _planes(data: NDArray[Any]) -> NDArray[Any]:
    """The map plane by plane, each in one piece in memory: NIfTI files run along their first axis."""
    slowest = int(np.argmax(np.abs(data.strides)))
    return np.moveaxis(data, slowest, 0)


def _filled(masks: list[NDArray[Any]]) -> list[NDArray[np.bool_]]:
    """For each axis, in which of its layers anything stands."""
    found = [np.zeros(size, dtype=bool) for size in masks[0].shape]
    for mask in masks:
        slowest = int(np.argmax(np.abs(mask.strides)))
        shadow = np.zeros(tuple(size for axis, size in enumerate(mask.shape) if axis != slowest), dtype=bool)
        for number, plane in enumerate(_planes(mask)):
            if plane.any():
                found[slowest][number] = True
                shadow |= plane != 0
        others = [axis for axis in range(DIMENSIONS) if axis != slowest]
        for place, axis in enumerate(others):
            found[axis] |= shadow.any(axis=1 - place)
    return found
