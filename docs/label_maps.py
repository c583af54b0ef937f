"""Makes the label maps of docs/how-to/import.md: a liver in voxels of 4 mm, two lesions, two veins. Run: python docs/label_maps.py (needs nibabel).

The liver is that of the tests (tests/volumes.py): segments in boxes of an ellipsoid. It shows the call, and no anatomy.
"""

import sys
from pathlib import Path

ROOT = Path(__file__).parent.parent
FOLDER = ROOT / "docs" / "how-to" / "import"
sys.path.insert(0, str(ROOT / "tests"))


def main(folder: Path = FOLDER) -> None:
    """Writes the three maps, each on the same grid."""
    from volumes import ball, grid, saved, segments, tube

    affine, _, place = grid((4.0, 4.0, 4.0))
    inside = segments(place, labels=False) > 0
    lesions = ball(place, (55, 0, 30), 30) | ball(place, (-50, 20, -20), 18)
    veins = 1 * (inside & tube(place, (35, 0), 10)) + 2 * (inside & tube(place, (-5, 0), 10))
    for name, data in (("segments", segments(place)), ("lesions", inside & lesions), ("vessels", veins)):
        saved(folder, name, data, affine)


if __name__ == "__main__":
    main()
