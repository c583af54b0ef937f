"""Label maps of segments, lesions and vessels as a draft: every volume, size, depth and contact is measured, none is typed."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from pathways.documents.problems import PathwaysError, shown
from pathways.interchange.readers.draft import Draft, Origin, joined, ml
from pathways.interchange.readers.naming import PASSED_OVER, meaning
from pathways.interchange.readers.volumes import LEAST_LIVER_ML, MOST_LIVER_ML
from pathways.knowledge.model import Protocol
from pathways.liver.anatomy import mask_of, vessels_within_reach
from pathways.ward.values import meant

if TYPE_CHECKING:
    from pathways.interchange.readers.masks.grids import Grid
    from pathways.interchange.readers.masks.measuring import Found, Measured

RIGHT, LEFT = (5, 6, 7, 8), (2, 3)
# One label of a map of lesions that fills more of the liver than this is the liver.
MOST_OF_THE_LIVER = 0.5
# Less of a lesion than this is shown as nothing anyway.
LEAST_SHOWN = 0.005
NIFTI = (".nii.gz", ".nii")
# Names of programs that are no single vessel of a case, and what they may be.
UNCLEAR = {"portal_vein_and_splenic_vein": "hilum, right_portal_pedicle or left_portal_pedicle"}


def draft_of(
    segments: Path,
    lesions: Path,
    vessels: Sequence[Path],
    name: str,
    own: Mapping[str, str],
    protocol: Protocol,
) -> Draft:
    """The draft of one patient from the label maps of one scan. Raises DocumentError."""
    from pathways.interchange.readers.masks.grids import cut_to_their_box, on_one_grid, read_grid
    from pathways.interchange.readers.masks.measuring import measured

    maps = [read_grid(one) for one in (segments, lesions, *vessels)]
    on_one_grid(maps)
    maps = cut_to_their_box(maps, 2)
    liver, tumour = _segments(maps[0], own), _lesions(maps[1], own)
    named, unclear = _vessels(maps[2:], own)
    _not_the_liver(liver, tumour)
    found = measured(liver, tumour, {**named, **unclear}, _setting(protocol, "import_contact_mm"))
    made_from = ", ".join(one.name for one in (segments, lesions, *vessels))
    draft = Draft(name, made_from)
    _plausible(found, liver.file)
    _Writer(
        draft, found, protocol, liver.file, tumour.file, tuple(named), tuple(unclear), lesions_cut=bool(tumour.cut)
    ).write()
    return draft


def names_of(pairs: list[str]) -> dict[str, str]:
    """`vessels:3=RHV`, `lesions:1=-` as a mapping of `map:label` to what it means. Raises PathwaysError."""
    found: dict[str, str] = {}
    for one in pairs:
        which, sign, said = (part.strip() for part in one.partition("="))
        which, _, label = which.rpartition(":")
        if not sign or which not in ("segments", "lesions", "vessels") or not label.isdigit():
            message = (
                f"--label: got {shown(one)}; accepted: segments:41=S4, lesions:1=- (to pass it over), vessels:3=RHV"
            )
            raise PathwaysError(message)
        found[f"{which}:{label}"] = said
    return found


def _setting(protocol: Protocol, name: str) -> float:
    value = protocol.settings[name].value
    assert isinstance(value, (int, float))
    return float(value)


# --- what labels mean -------------------------------------------------------------------------------------------------


def _segments(grid: Grid, own: Mapping[str, str]) -> Grid:
    """The map with segment numbers for labels."""
    from pathways.interchange.readers.masks.grids import complaint

    numbers: dict[int, int] = {}
    for label in grid.labels():
        said = own.get(f"segments:{label}", grid.names.get(label, str(label) if label <= max(RIGHT) else ""))
        found = meaning(said, {}) if said != PASSED_OVER else None
        if found is None or (
            label in grid.names and found.what == "foreign" and f"segments:{label}" not in own and _some(grid)
        ):
            numbers[label] = 0
        elif found.what != "segments" or len(found.segments) != 1:
            called = f" ({shown(grid.names[label])})" if label in grid.names else ""
            message = (
                f"label {label}{called} is no segment of the liver; accepted: labels 1 to 8 for the segments, or --label segments:{label}=S4, "
                f"--label segments:{label}=- to pass it over"
            )
            raise complaint(grid.file, message)
        else:
            numbers[label] = found.segments[0]
    if not any(numbers.values()):
        raise complaint(grid.file, "the map is empty; accepted: labels 1 to 8 for the segments of the liver")
    return _relabelled(grid, numbers)


def _some(grid: Grid) -> bool:
    """Whether the names of a map tell of segments: then what else it holds is passed over."""
    return any(meaning(name, {}).what == "segments" for name in grid.names.values())


def _lesions(grid: Grid, own: Mapping[str, str]) -> Grid:
    """The map of lesions, without what is none."""
    from pathways.interchange.readers.masks.grids import complaint

    numbers: dict[int, int] = {}
    for label in grid.labels():
        said = own.get(f"lesions:{label}", "")
        called = grid.names.get(label, "")
        other = called and not said and meaning(called, {}).what not in ("lesion", "tumour", "by_itself")
        numbers[label] = 0 if said == PASSED_OVER or other else label
    if grid.labels() and not any(numbers.values()):
        names = joined(shown(grid.names[one]) for one in grid.labels() if one in grid.names)
        raise complaint(grid.file, f"no label is a lesion ({names}); accepted: --label lesions:N=lesion says which is")
    if not grid.labels():
        message = "the map is empty: no lesion; accepted: a map of lesions (without any, the draft of the volumes is that of import totalsegmentator)"
        raise complaint(grid.file, message)
    return _relabelled(grid, numbers)


def _vessels(
    grids: Sequence[Grid], own: Mapping[str, str]
) -> tuple[dict[str, tuple[Grid, int]], dict[str, tuple[Grid, int]]]:
    """The vessels that have a name of a case, and those that a program calls something else."""
    from pathways.interchange.readers.masks.grids import complaint

    named: dict[str, tuple[Grid, int]] = {}
    unclear: dict[str, tuple[Grid, int]] = {}
    for grid in grids:
        labels = grid.labels()
        stem = next((Path(grid.file).name.removesuffix(end) for end in NIFTI if grid.file.endswith(end)), "")
        for label in labels:
            told = own.get(f"vessels:{label}", grid.names.get(label, stem if len(labels) == 1 else ""))
            if told == PASSED_OVER:
                continue
            found = meant("Vessel", told)
            name = found.word if found else told
            if not told or (found is None and f"vessels:{label}" in own):
                called = f"got {shown(told)}" if told else f"label {label} has no name"
                message = f"{called}; accepted: --label vessels:{label}=right_hepatic_vein (or MHV, LHV, vena cava, hilum, ...), - to pass it over"
                raise complaint(grid.file, message)
            if name in named or name in unclear:
                raise complaint(grid.file, f"{name} stands in two maps or labels; accepted: once")
            (named if found else unclear)[name] = (grid, label)
    return named, unclear


def _relabelled(grid: Grid, numbers: Mapping[int, int]) -> Grid:
    """The map with other numbers; the same one where nothing changes."""
    from dataclasses import replace

    import numpy as np

    if all(old == new for old, new in numbers.items()):
        return grid
    table = np.zeros(max(numbers) + 1, dtype=np.uint8 if max(numbers.values()) < 256 else np.int16)  # noqa: PLR2004
    for old, new in numbers.items():
        table[old] = new
    cut = tuple(sorted({numbers.get(one, 0) for one in grid.cut} - {0}))
    return replace(grid, data=table[grid.data], cut=cut)


# --- what cannot be a liver -------------------------------------------------------------------------------------------


def _not_the_liver(liver: Grid, tumour: Grid) -> None:
    """A label of the lesions that fills most of the liver is the liver: some maps hold both (1 the liver, 2 its tumour)."""
    import numpy as np

    from pathways.interchange.readers.masks.grids import complaint

    whole = np.count_nonzero(liver.data)
    for label in tumour.labels():
        inside = int(np.count_nonzero((tumour.data == label) & (liver.data > 0)))
        if inside > MOST_OF_THE_LIVER * whole:
            message = f"label {label} fills {inside / whole:.0%} of the liver: is it the liver? accepted: --label lesions:{label}=- to pass it over"
            raise complaint(tumour.file, message)


def _plausible(found: Measured, file: str) -> None:
    from pathways.interchange.readers.masks.grids import complaint

    if not LEAST_LIVER_ML <= found.total_ml <= MOST_LIVER_ML:
        message = (
            f"the segments are {found.total_ml:.3g} ml in sum; accepted: {LEAST_LIVER_ML} to {MOST_LIVER_ML} ml "
            f"(is this the liver, and does the header tell mm? a voxel is {found.voxel})"
        )
        raise complaint(file, message)
    right = [found.centres[one] for one in RIGHT if one in found.centres]
    left = [found.centres[one] for one in LEFT if one in found.centres]
    if right and left and max(right) < min(left):
        message = "segments V to VIII lie to the left of II and III; accepted: a map whose affine is that of its scan (was it mirrored? labels in another order?)"
        raise complaint(file, message)


def _mm(distance: float) -> str:
    return f"{distance:.0f} mm" if math.isfinite(distance) else "nowhere near"


# --- the draft --------------------------------------------------------------------------------------------------------


class _Writer:
    """Writes what was measured, each value with where it came from."""

    def __init__(
        self,
        draft: Draft,
        found: Measured,
        protocol: Protocol,
        segments: str,
        lesions: str,
        named: tuple[str, ...],
        unclear: tuple[str, ...],
        *,
        lesions_cut: bool,
    ) -> None:
        self.lesions_cut = lesions_cut
        self.draft, self.found, self.protocol = draft, found, protocol
        self.of_segments, self.of_lesions = Origin(segments), Origin(lesions)
        self.named, self.unclear = named, unclear
        # Vessels that lesions may touch and that stand in no map, and these lesions.
        self.untold: dict[tuple[str, ...], list[str]] = {}
        self.from_segments, self.from_lesions = Path(segments).name, Path(lesions).name

    def write(self) -> None:
        """The whole draft."""
        found, draft = self.found, self.draft
        draft.notes.append(f"Measured in space, from edge to edge; a voxel is {found.voxel} mm.")
        self._volumes()
        for index, one in enumerate(found.lesions):
            self._lesion(index, one)
        if self.lesions_cut:
            draft.notes.append("The border of the scan cuts a lesion: its size and volume are of a part.")
        if found.specks:
            draft.notes.append(
                f"Specks of fewer than eight voxels, no lesions here: {'; '.join(found.specks[:8])}. Are they any?"
            )
        if found.outside:
            draft.notes.append(f"Outside the liver, no lesions of it: {'; '.join(found.outside[:8])}.")
        if not found.lesions:
            from pathways.interchange.readers.masks.grids import complaint

            raise complaint(
                self.of_lesions.file, "no part of the map lies in the liver; accepted: lesions and segments of one scan"
            )
        self._of_vessels()

    def _volumes(self) -> None:
        found, draft = self.found, self.draft
        if found.cut:
            draft.notes.append(
                f"The border of the scan cuts segment {joined(found.cut)}: their volumes and the total are of a part, and are left out."
            )
        else:
            remark = f"{self.from_segments}: all segments, tumour included"
            draft.put(("liver", "total_ml"), ml(found.total_ml), remark, self.of_segments)
        remark = f"{self.from_lesions}: the lesions in the liver"
        draft.put(("liver", "tumour_ml"), round(found.tumour_ml, 2), remark, self.of_lesions)
        for number, volume in found.segments_ml.items():
            if number not in found.cut:
                remark = f"{self.from_segments}: label {number}, without tumour"
                draft.put(("liver", "segments_ml", str(number)), ml(volume), remark, self.of_segments)

    def _lesion(self, index: int, one: Found) -> None:
        place, draft, origin = ("lesions", index), self.draft, self.of_lesions
        least = _setting(self.protocol, "import_segment_share")
        segments = tuple(number for number, share in one.shares.items() if share >= least) or tuple(one.shares)
        shares = ", ".join(
            f"{number}: {share:.0%}"
            for number, share in sorted(one.shares.items(), key=lambda pair: -pair[1])
            if share >= LEAST_SHOWN
        )
        x, y, z = one.centre
        label = f"{self.from_lesions}: label {one.label}, {one.ml:.2g} ml, middle at ({x:.0f}, {y:.0f}, {z:.0f}) mm"
        draft.put((*place, "id"), f"L{index + 1}", label, origin)
        across = "" if len(one.shares) == 1 else f"; named from {least:.0%} of the lesion on"
        draft.put((*place, "segments"), segments, f"{shares}{across}", origin)
        draft.put((*place, "count"), 1, "one connected part", origin)
        draft.put((*place, "size_mm"), round(one.size_mm, 1), "largest diameter in space, give or take a voxel", origin)
        self._contacts(place, one, segments)
        deep = _setting(self.protocol, "import_deep_mm")
        if math.isfinite(one.depth_mm):
            word = "deep" if one.depth_mm >= deep else "superficial"
            remark = f"{one.depth_mm:.0f} mm under the surface of the liver; deep from {deep:g} mm on (import_deep_mm)"
            draft.put((*place, "depth"), word, remark, origin)

    def _contacts(self, place: tuple[str | int, ...], one: Found, segments: tuple[int, ...]) -> None:
        if not self.named:
            return
        limit, half = _setting(self.protocol, "import_contact_mm"), _setting(self.protocol, "import_encasement_share")
        near = [vessel for vessel in one.near if vessel.name in self.named]
        touched = sorted((vessel for vessel in near if vessel.distance_mm <= limit), key=lambda vessel: vessel.name)
        within_reach = vessels_within_reach(mask_of(segments), and_neighbours=True)
        untold = [name for name in within_reach if name not in self.named]
        told = ", ".join(
            f"{vessel.name} {_mm(vessel.distance_mm)}" for vessel in sorted(near, key=lambda vessel: vessel.name)
        )
        self.draft.remarks[place] = f"Distances: {told}"
        gap = f"; not in the maps, but within reach: {', '.join(untold)}" if untold else ""
        if touched or not untold:
            names = tuple(vessel.name for vessel in touched)
            remark = f"up to {limit:g} mm (import_contact_mm){gap}"
            self.draft.put((*place, "contacts"), names, remark, self.of_lesions)
        else:
            self.untold.setdefault(tuple(untold), []).append(f"L{int(place[1]) + 1}")
        around = [vessel for vessel in touched if vessel.around >= half]
        if around:
            shares = ", ".join(f"{vessel.name} {vessel.around:.0%}" for vessel in around)
            remark = f"around it by about this share of the circumference: {shares}; from {half:.0%} on (import_encasement_share). Contact is not invasion: look"
            self.draft.put((*place, "invades"), tuple(vessel.name for vessel in around), remark, self.of_lesions)

    def _of_vessels(self) -> None:
        for untold, which in self.untold.items():
            touch = "touches" if len(which) == 1 else "touch"
            self.draft.notes.append(
                f"{joined(which)} {touch} no vessel of the maps, but may touch one that is not in them ({', '.join(untold)}): contacts are not told."
            )
        limit = _setting(self.protocol, "import_contact_mm")
        for name in self.unclear:
            near = [
                f"L{index + 1} {_mm(vessel.distance_mm)}{' (touches it)' if vessel.distance_mm <= limit else ''}"
                for index, one in enumerate(self.found.lesions)
                for vessel in one.near
                if vessel.name == name
            ]
            may_be = f", in a case {UNCLEAR[name]}" if name in UNCLEAR else ""
            self.draft.unmapped.append(f"{name}{may_be} ({', '.join(near)})")
