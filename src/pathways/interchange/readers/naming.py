"""What the name of a segment in a segmentation means: a segment of the liver, the liver, a lesion, tumour as a whole, a vessel.

Names are free text of many programs and hands. Nothing is guessed: a name that 3D Slicer gives by itself (Segment_1) is no segment of Couinaud
until somebody says so.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Literal

from pathways.documents.problems import PathwaysError, shown
from pathways.quick_dataclass import dataclass
from pathways.ward import values
from pathways.ward.table import normal

What = Literal["segments", "liver", "tumour", "lesion", "foreign", "by_itself", "region"]
# Of the whole name, normalised; what stands beside a number is taken off first.
LIVER = frozenset({"liver", "whole_liver", "total_liver", "liver_volume", "total_liver_volume", "hepar", "leber"})
TUMOURS = frozenset({
    "liver_tumour", "liver_tumours", "liver_lesions", "liver_lesion", "tumours", "lesions", "metastases", "liver_metastases", "mets", "tumour", "crlm",
})  # fmt: skip
ONE_LESION = re.compile(r"(?:liver_)?(?:tumour|lesion|metastasis|met|mets|crlm|m|l|t)_?(\d{1,3}|[a-z])?(?:_(.+))?")
SLICERS_OWN = re.compile(r"segment_\d+", re.IGNORECASE)
# Numbers alone, or with a word before them: what names a region in a word does not say on which side segment I is.
NUMBERED = re.compile(r"(?:liver_)?(?:(?:s|sg|seg|segs|segment|segments|couinaud)[\s_.]*)?([ivIV1-8][\s\wIVX,;/+&-]*)")
PASSED_OVER = "-"
ACCEPTED = "S1 to S8 (S2+S3 for both), liver, tumour, lesion, or - to pass it over"


@dataclass(frozen=True, slots=True)
class Meaning:
    """What a name means; `segments`: the segments it names, of a lesion those it lies in. `half`: a or b of segment IV."""

    what: What
    segments: tuple[int, ...] = ()
    half: str = ""


def meaning(name: str, own: Mapping[str, str]) -> Meaning:
    """What `name` means, with what the user says of it first."""
    if name.strip() in own:
        return _said(own[name.strip()])
    if SLICERS_OWN.fullmatch(name.strip()):
        return Meaning("by_itself")
    word = normal(name)
    if word in LIVER:
        return Meaning("liver")
    segments = _segments(name)
    if segments:
        return Meaning("segments", segments, word[-1] if values.is_half(_bare(name)) else "")
    if word in TUMOURS:
        return Meaning("tumour")
    lesion = ONE_LESION.fullmatch(word)
    if lesion and (lesion[1] or lesion[2]):
        where = _segments(lesion[2]) if lesion[2] else ()
        return Meaning("lesion", where) if where or not lesion[2] else Meaning("foreign")
    if values.meant("Region", _bare(name)) is not None or "remnant" in word or word in ("flr", "frl"):
        return Meaning("region")
    return Meaning("foreign")


def names_of(pairs: list[str]) -> dict[str, str]:
    """`Segment_1=S1` as a mapping of names. Raises PathwaysError."""
    found: dict[str, str] = {}
    for one in pairs:
        name, sign, said = one.rpartition("=")
        if not sign or not name.strip():
            raise PathwaysError(f"--map: got {shown(one)}; accepted: NAME=MEANING, as in Segment_1=S1")
        if said.strip() != PASSED_OVER and _said(said).what == "foreign":
            raise PathwaysError(f"--map {name}: got {shown(said)}; accepted: {ACCEPTED}")
        found[name.strip()] = said.strip()
    return found


def _said(text: str) -> Meaning:
    word = normal(text)
    if word in LIVER:
        return Meaning("liver")
    if word in ("tumour", "tumours"):
        return Meaning("tumour")
    if word in ("lesion", "metastasis"):
        return Meaning("lesion")
    segments = _segments(text)
    return Meaning("segments", segments, word[-1] if values.is_half(text) else "") if segments else Meaning("foreign")


def _bare(name: str) -> str:
    return re.sub(r"^liver[\s_]+", "", name.strip(), flags=re.IGNORECASE)


def _segments(name: str) -> tuple[int, ...]:
    """The segments that a name lists by their numbers; none where it is a word."""
    found = NUMBERED.fullmatch(name.strip())
    if found is None:
        found = NUMBERED.fullmatch(name.strip().casefold())
    if found is None:
        return ()
    places = values.places(_bare(name), "") or values.places(found[1], "")
    return tuple(place for place in places or () if isinstance(place, int))
