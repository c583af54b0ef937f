"""Named volumes as a draft: what segmentations measure, by whatever program.

Decides what a measured volume says of a case. A volume of 0 is no volume: programs write it where a mask is cut by the border of the
scan. A group of segments is what stays when the others go, so it is a measured remnant; a region in a word is not, because nobody
knows on which side segment I was counted.
"""

from __future__ import annotations

import math
import re
from collections.abc import Mapping, Sequence

from pathways.documents.problems import DocumentError
from pathways.interchange.readers.draft import Draft, Origin, joined, ml
from pathways.interchange.readers.naming import Meaning, meaning
from pathways.quick_dataclass import dataclass

ALL = tuple(range(1, 9))
# A segmentation of 1 ml is none of a liver: a volume was read in the wrong unit, or something else was measured.
LEAST_LIVER_ML, MOST_LIVER_ML = 200, 12_000
SAME = 1e-3


@dataclass(frozen=True, slots=True)
class Volume:
    """One named volume: ml, as it was told, and where. `size_mm`: the largest diameter, where the program measured it."""

    name: str
    ml: float
    told: str
    origin: Origin
    size_mm: float | None = None


def drafted(name: str, made_from: str, volumes: Sequence[Volume], own: Mapping[str, str], remedy: str) -> Draft:
    """The draft that named volumes make. Raises DocumentError."""
    draft = Draft(name, made_from, remedy=remedy)
    sorted_ = _Sorted(draft)
    _no_name_twice(volumes)
    for volume in volumes:
        sorted_.take(volume, meaning(volume.name, own))
    sorted_.write()
    return draft


def _no_name_twice(volumes: Sequence[Volume]) -> None:
    first: dict[str, Volume] = {}
    for one in volumes:
        known = first.setdefault(one.name, one)
        if known is not one and not math.isclose(known.ml, one.ml, rel_tol=SAME):
            where = f"{known.origin.file}:{known.origin.line}"
            message = f"got {one.told}, but {where} tells {known.told} for the same name; accepted: one of them"
            raise DocumentError([one.origin.problem(message)])


class _Sorted:
    """The volumes of one liver, by what they are of."""

    def __init__(self, draft: Draft) -> None:
        self.draft = draft
        self.segments: dict[int, list[tuple[Volume, str]]] = {}
        self.groups: list[tuple[Volume, tuple[int, ...]]] = []
        self.liver: Volume | None = None
        self.tumour: Volume | None = None
        self.lesions: list[tuple[Volume, tuple[int, ...]]] = []
        self.empty: list[str] = []
        self.by_itself: list[Volume] = []

    def take(self, volume: Volume, meant: Meaning) -> None:
        """Puts one volume where it belongs."""
        if meant.what == "by_itself":
            self.by_itself.append(volume)
        elif meant.what in ("foreign", "region"):
            if volume.ml > 0:
                self.draft.unmapped.append(f"{volume.name} ({volume.told})")
        elif volume.ml <= 0:
            self.empty.append(volume.name)
        elif meant.what == "segments" and len(meant.segments) > 1:
            self.groups.append((volume, meant.segments))
        elif meant.what == "segments":
            self.segments.setdefault(meant.segments[0], []).append((volume, meant.half))
        elif meant.what == "lesion":
            self.lesions.append((volume, meant.segments))
        else:
            self._only(volume, meant.what)

    def _only(self, volume: Volume, what: str) -> None:
        known: Volume | None = getattr(self, what)
        if known is not None and not math.isclose(known.ml, volume.ml, rel_tol=SAME):
            where = f"{known.origin.file}:{known.origin.line}: {known.origin.name}"
            message = f"got {volume.told} of {what}, but {where} tells {known.told}; accepted: one of them"
            raise DocumentError([volume.origin.problem(message)])
        setattr(self, what, known or volume)

    def write(self) -> None:
        """The draft of all of them."""
        draft = self.draft
        if self.by_itself:
            names = joined(one.name for one in self.by_itself[:3])
            message = f"{names}: a name that 3D Slicer gives by itself says nothing; accepted: --map {self.by_itself[0].name}=S1, or another name there"
            raise DocumentError([self.by_itself[0].origin.problem(message)])
        if not (self.liver or self.segments or self.groups or self.tumour or self.lesions):
            empty = f" ({joined(self.empty)} has no volume)" if self.empty else ""
            message = f"no liver, segment or lesion among the names{empty}; accepted: liver, liver_segment_1 to 8, tumour; --map NAME=S1 says what another means"
            raise DocumentError([Origin(draft.made_from).problem(message)])
        if self.empty:
            draft.notes.append(
                f"Not measured, told as 0: {joined(self.empty)}. Programs write 0 where the border of the scan cuts a mask."
            )
        # The order of a table says nothing: the same volumes are the same case.
        self.lesions.sort(key=lambda one: _as_counted(one[0].name))
        self.groups.sort(key=lambda one: one[1])
        self._plausible()
        self._whole()
        self._segments()
        self._remnants()
        self._lesions()
        self._with_tumour_inside()

    def _plausible(self) -> None:
        """Whether what is called a liver can be one: else a unit was mistaken, and nothing is guessed from it."""
        if self.liver is not None and not LEAST_LIVER_ML <= self.liver.ml <= MOST_LIVER_ML:
            message = f"got {self.liver.told} of liver, {self.liver.ml:g} ml; accepted: {LEAST_LIVER_ML} to {MOST_LIVER_ML} ml"
            raise DocumentError([self.liver.origin.problem(f"{message}; {self.draft.remedy}")])
        every = [one for found in self.segments.values() for one, _ in found]
        measured = math.fsum(one.ml for one in every)
        if every and not (measured <= MOST_LIVER_ML and max(one.ml for one in every) >= 1):
            message = f"the segments are {measured:g} ml in sum; accepted: volumes of segments of a liver"
            raise DocumentError([every[0].origin.problem(f"{message}; {self.draft.remedy}")])

    def _whole(self) -> None:
        if self.liver is not None:
            remark = f"{_from(self.liver)}; tumour included"
            self.draft.put(("liver", "total_ml"), ml(self.liver.ml), remark, self.liver.origin)
        lesions = [one for one, _ in self.lesions]
        if self.tumour is not None:
            self.draft.put(("liver", "tumour_ml"), ml(self.tumour.ml), _from(self.tumour), self.tumour.origin)
        elif lesions:
            total = math.fsum(one.ml for one in lesions)
            remark = f"the sum of {joined(one.name for one in lesions)}"
            self.draft.put(("liver", "tumour_ml"), ml(total), remark, lesions[0].origin)

    def _segments(self) -> None:
        for number in sorted(self.segments):
            found = self.segments[number]
            halves = {half for _, half in found if half}
            whole = [one for one, half in found if not half]
            if len(whole) > 1 or (whole and halves) or len(halves) + len(whole) < len(found):
                names = joined(f"{one.name} ({one.told})" for one, _ in found)
                message = f"segment {number} is told by {names}; accepted: once, or its halves 4a and 4b"
                raise DocumentError([found[-1][0].origin.problem(message)])
            if halves and len(halves) == 1:
                one = found[0][0]
                self.draft.unmapped.append(f"{one.name} ({one.told}): one half of segment IV alone")
                continue
            volume = math.fsum(one.ml for one, _ in found)
            remark = joined(_from(one) for one, _ in found)
            self.draft.put(("liver", "segments_ml", str(number)), ml(volume), remark, found[0][0].origin)

    def _remnants(self) -> None:
        for index, (volume, kept) in enumerate(self.groups):
            if set(kept) == set(ALL):
                self.draft.unmapped.append(f"{volume.name} ({volume.told}): all segments, which is no remnant")
                continue
            place = ("liver", "measured_remnants", index)
            removes = tuple(one for one in ALL if one not in kept)
            self.draft.put((*place, "removes"), removes, f"{volume.name} is what stays without them", volume.origin)
            self.draft.put((*place, "ml"), ml(volume.ml), _from(volume), volume.origin)

    def _lesions(self) -> None:
        for index, (volume, where) in enumerate(self.lesions):
            place = ("lesions", index)
            self.draft.put((*place, "id"), volume.name, f"{_from(volume)}, {volume.ml:.1f} ml", volume.origin)
            told = "by its name" if where else "not told: somewhere in the liver"
            self.draft.put((*place, "segments"), where or ("unknown",), told, volume.origin)
            self.draft.put((*place, "count"), 1, "one segment of the segmentation", volume.origin)
            if volume.size_mm is not None:
                size = round(volume.size_mm, 1)
                self.draft.put((*place, "size_mm"), size, "its Feret diameter", volume.origin)
        if self.tumour is not None and not self.lesions:
            self.draft.notes.append(
                f"{self.tumour.name} is one volume: how many lesions, how large and where it does not tell. Put them in."
            )

    def _with_tumour_inside(self) -> None:
        """Segments are told without tumour. Whether these hold it a list of volumes does not say; where they must, they are left out."""
        segments = self.draft.value.get("liver", {}).get("segments_ml")
        if not segments:
            return
        tumour = self.draft.value["liver"].get("tumour_ml")
        if tumour is None:
            if self.liver is not None:
                self.draft.notes.append(
                    "Segment volumes are those of the masks: tumour inside them is counted as liver."
                )
            return
        if self._consistent():
            self.draft.notes.append(
                f"Segment volumes are those of the masks: if these hold the tumour ({tumour:g} ml), it is counted as liver."
            )
            return
        told = ", ".join(f"{number}: {volume:g}" for number, volume in segments.items())
        del self.draft.value["liver"]["segments_ml"]
        self.draft.notes.append(
            f"Left out: segments_ml {{{told}}}. With {tumour:g} ml of tumour in them they fill the whole liver, and which hold how much is "
            "not told: take it off, and put them in. pathways import labels does it from the masks."
        )

    def _consistent(self) -> bool:
        try:
            self.draft.case()
        except DocumentError:
            less = dict(self.draft.value["liver"])
            del less["segments_ml"]
            without = Draft(self.draft.name, self.draft.made_from, {**self.draft.value, "liver": less})
            try:
                without.case()
            except DocumentError:
                return True
            return False
        return True


def _as_counted(name: str) -> list[tuple[bool, int, str]]:
    """Names in the order in which a person counts them: lesion 2 before lesion 10."""
    return [(one.isdigit(), int(one) if one.isdigit() else 0, one) for one in re.split(r"(\d+)", name.casefold())]


def _from(volume: Volume) -> str:
    return f"{volume.origin.file.rpartition('/')[2]}: {volume.name} {volume.told}"
