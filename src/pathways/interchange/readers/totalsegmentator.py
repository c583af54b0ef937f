"""The statistics that TotalSegmentator writes: names of its classes, volumes in mm³."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

from pathways.documents.files import name_of
from pathways.documents.problems import DocumentError, shown
from pathways.documents.reader import read_file
from pathways.interchange.readers.draft import Draft, Origin
from pathways.interchange.readers.volumes import Volume, drafted

MM3_PER_ML = 1000
REMEDY = "TotalSegmentator tells mm³"


def draft_of(files: Sequence[Path], name: str, own: Mapping[str, str]) -> Draft:
    """The draft of one patient from the statistics of one scan: of the task total, of liver_segments, of its lesions."""
    volumes = [one for file in files for one in volumes_in(file)]
    return drafted(name, ", ".join(name_of(file) for file in files), volumes, own, REMEDY)


def volumes_in(file: Path) -> list[Volume]:
    """Every class with its volume. Raises DocumentError."""
    document = read_file(file)
    accepted = (
        'accepted: statistics.json of TotalSegmentator, as in {"liver": {"volume": 1500000.0, "intensity": 60.1}, ...}'
    )
    if not isinstance(document.value, dict) or not document.value:
        raise DocumentError([document.problem((), f"got {shown(document.value)}; {accepted}")])
    found, problems = [], []
    for name, entry in document.value.items():
        told = entry.get("volume") if isinstance(entry, dict) else None
        if isinstance(told, bool) or not isinstance(told, (int, float)) or told < 0:
            path = (name, "volume") if isinstance(entry, dict) and "volume" in entry else (name,)
            problems.append(
                document.problem(path, f"got {shown(told if isinstance(entry, dict) else entry)}; {accepted}")
            )
            continue
        place = document.problem((name, "volume"), "")
        origin = Origin(place.file, place.line, place.column, name)
        found.append(Volume(name, told / MM3_PER_ML, f"{told:.10g} mm³", origin))
    if problems:
        raise DocumentError(problems)
    return found
