"""The table that 3D Slicer's Segment Statistics writes, in both dialects of its header: keys of the plug-ins, and names with units."""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from pathways.documents.files import name_of
from pathways.documents.problems import DocumentError, Problem, shown
from pathways.interchange.readers.draft import Draft, Origin
from pathways.interchange.readers.sheets import Sheet, number, read_csv
from pathways.interchange.readers.volumes import Volume, drafted
from pathways.quick_dataclass import dataclass

# `LabelmapSegmentStatisticsPlugin.volume_cm3`, and `Volume [cm3] (LM)`, `Volume [mm3]`, `Volume (mm3) (1)`.
BY_PLUGIN = re.compile(r"(\w+?)(?:SegmentStatisticsPlugin)?\.(\w+)")
BY_NAME = re.compile(
    r"(volume|feret diameter)\s*(?:[\[(]?\s*(mm3|cm3|mm³|cm³|cc|ml|mm)\s*[\])]?)?\s*(?:\((\w+)\))?", re.IGNORECASE
)
PER_ML = {"mm3": 1000, "mm³": 1000, "cm3": 1, "cm³": 1, "cc": 1, "ml": 1}
# Which plug-in is believed where several have measured: the voxels themselves first.
ORDER = ("labelmap", "lm", "", "scalarvolume", "sv", "1", "closedsurface", "cs", "2", "3")
SAME = 0.01
ACCEPTED = (
    "accepted: a table of Segment Statistics, with the columns Segment and LabelmapSegmentStatisticsPlugin.volume_cm3, or Segment and "
    "Volume [cm3]"
)
REMEDY = "are these the columns of Segment Statistics, in their own units?"


def draft_of(files: Sequence[Path], name: str, own: Mapping[str, str]) -> Draft:
    """The draft of one patient from the table of one segmentation."""
    volumes = [one for file in files for one in volumes_in(file)]
    return drafted(name, ", ".join(name_of(file) for file in files), volumes, own, REMEDY)


@dataclass(frozen=True, slots=True)
class _Column:
    """A column of a measurement: which plug-in, and the unit."""

    place: int
    plugin: str
    unit: str


def volumes_in(file: Path) -> list[Volume]:
    """Every segment with its volume. Raises DocumentError."""
    sheet = read_csv(file)
    names = [place for place, one in enumerate(sheet.header) if one.strip().casefold() in ("segment", "segment name")]
    columns = [_volume_column(place, one) for place, one in enumerate(sheet.header)]
    volumes = sorted((one for one in columns if one), key=_rank)
    if len(names) != 1 or not volumes:
        unit = next((one for one in sheet.header if one.strip().casefold().startswith("volume")), "")
        told = (
            f"{shown(unit)} tells no unit"
            if unit and names
            else f"got the columns {', '.join(map(shown, sheet.header[:4]))}"
        )
        raise DocumentError([Problem(sheet.file, 1, 1, "", f"{told}; {ACCEPTED}")])
    feret = next((place for place, one in enumerate(sheet.header) if _is_feret(one)), None)
    found = [one for line, row in sheet.rows for one in _row(sheet, line, row, names[0], volumes, feret)]
    if not found:
        raise DocumentError([Problem(sheet.file, 1, 1, "", f"no row tells a segment; {ACCEPTED}")])
    return found


def _volume_column(place: int, header: str) -> _Column | None:
    by_plugin, by_name = BY_PLUGIN.fullmatch(header.strip()), BY_NAME.fullmatch(header.strip())
    if by_plugin:
        measure, _, unit = by_plugin[2].partition("_")
        if measure == "volume" and unit in PER_ML:
            return _Column(place, by_plugin[1].casefold(), unit)
    if by_name and by_name[1].casefold() == "volume" and (by_name[2] or "").casefold() in PER_ML:
        return _Column(place, (by_name[3] or "").casefold(), by_name[2].casefold())
    return None


def _is_feret(header: str) -> bool:
    by_name = BY_NAME.fullmatch(header.strip())
    named = by_name is not None and by_name[1].casefold() == "feret diameter" and by_name[2] == "mm"
    return named or header.strip().endswith(".feret_diameter_mm")


def _rank(column: _Column) -> tuple[int, int]:
    plugin = ORDER.index(column.plugin) if column.plugin in ORDER else len(ORDER)
    return plugin, PER_ML[column.unit]


def _row(
    sheet: Sheet, line: int, row: Sequence[str], names: int, columns: Sequence[_Column], feret: int | None
) -> Iterator[Volume]:
    name = row[names].strip()
    told = [(one, value) for one in columns if (value := _figure(sheet, line, row, one.place)) is not None]
    if not name and not told:
        return
    origin = Origin(sheet.file, line, (told[0][0].place if told else names) + 1, name)
    if not name or not told:
        missing = "name" if not name else "volume"
        raise DocumentError([origin.problem(f"a row without a {missing}; accepted: a name and a volume in each")])
    best, value = told[0]
    for other, again in told[1:]:
        ours, theirs = value / PER_ML[best.unit], again / PER_ML[other.unit]
        if other.plugin == best.plugin and not math.isclose(ours, theirs, rel_tol=SAME, abs_tol=SAME):
            message = (
                f"got {again:.10g} {other.unit} beside {value:.10g} {best.unit}; accepted: the same volume in both units "
                "(columns that are shifted, or a unit that was changed?)"
            )
            raise DocumentError([Problem(sheet.file, line, other.place + 1, name, message)])
    size = None if feret is None else _figure(sheet, line, row, feret)
    yield Volume(name, value / PER_ML[best.unit], f"{value:.10g} {best.unit}", origin, size or None)


def _figure(sheet: Sheet, line: int, row: Sequence[str], place: int) -> float | None:
    text = row[place].strip()
    if not text:
        return None
    value = number(text, sheet)
    if value is None or value < 0:
        message = f"got {shown(text)}; accepted: a number that is not negative (columns that are shifted?)"
        raise DocumentError([Problem(sheet.file, line, place + 1, sheet.header[place], message)])
    return value
