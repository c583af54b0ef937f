"""A liver in voxels: segments in boxes of an ellipsoid, with lesions as balls and vessels as tubes, on any grid."""

from __future__ import annotations

from pathlib import Path

import nibabel
import numpy as np

# The middle of the liver, and half its axes, in mm: right, forward, up.
HALF_AXES = np.array([90.0, 65.0, 65.0])
TURNED = np.array([[0.96, -0.28, 0.0], [0.28, 0.96, 0.0], [0.0, 0.0, 1.0]])


def grid(spacing=(2.5, 2.5, 2.5), turned=False, margin=10.0):
    """The affine of a grid that holds the liver, its shape, and where each of its voxels lies."""
    matrix = (TURNED if turned else np.eye(3)) @ np.diag(spacing)
    half = np.ceil((HALF_AXES * (1.3 if turned else 1.0) + margin) / spacing).astype(int)
    shape = tuple(int(one) for one in 2 * half + 1)
    affine = np.eye(4)
    affine[:3, :3] = matrix
    affine[:3, 3] = -matrix @ half
    index = np.stack(np.meshgrid(*[np.arange(size) for size in shape], indexing="ij"), axis=-1)
    return affine, shape, index @ matrix.T + affine[:3, 3]


def segments(place, labels=True):
    """Segments of the liver: VII, VI to the right, VIII, V, then IV, then II, III, and I behind."""
    x, y, z = (place[..., axis] for axis in range(3))
    inside = ((place / HALF_AXES) ** 2).sum(axis=-1) < 1
    column = np.digitize(x, [-45.0, -5.0, 35.0])
    up = (z > 0).astype(int)
    table = np.array([[3, 2], [4, 4], [5, 8], [6, 7]], dtype=np.uint8)
    found = table[column, up]
    found[(np.abs(x) < 15) & (y < -40)] = 1
    found[~inside] = 0
    return found if labels else (found > 0).astype(np.uint8)


def ball(place, middle, diameter):
    return ((place - np.array(middle)) ** 2).sum(axis=-1) <= (diameter / 2) ** 2


def tube(place, at, diameter, axis=2):
    """A vessel along an axis through a point."""
    across = [one for one in range(3) if one != axis]
    return sum((place[..., one] - at[one]) ** 2 for one in across) <= (diameter / 2) ** 2


def saved(folder: Path, name: str, data, affine, **header) -> Path:
    file = folder / f"{name}.nii.gz"
    image = nibabel.Nifti1Image(np.asarray(data, dtype=header.pop("dtype", np.uint8)), affine)
    for key, value in header.items():
        image.header[key] = value
    nibabel.save(image, file)
    return file


def stored_otherwise(data, affine, order=(0, 1, 2), flips=(False, False, False)):
    """The same map in space, with its axes in another order and direction."""
    data = np.asarray(data).transpose(order)
    affine = affine.copy()
    affine[:3, :3] = affine[:3, list(order)]
    for axis, flip in enumerate(flips):
        if flip:
            affine[:3, 3] += affine[:3, axis] * (data.shape[axis] - 1)
            affine[:3, axis] *= -1
            data = np.flip(data, axis)
    return np.ascontiguousarray(data), affine
