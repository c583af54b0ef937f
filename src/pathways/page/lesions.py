"""What a tap on the drawn liver does to the case."""

from __future__ import annotations

import string
from typing import Any, get_args

from pathways import words
from pathways.case.models import segment_numbers
from pathways.documents.reader import Path
from pathways.page.text import GONE, Read, changed

NEW = "new"
SEGMENTS = range(1, 9)
VESSELS: tuple[str, ...] = get_args(words.Vessel)
MARKS = {"deep": ("depth", "deep"), "suspected": ("nature", "suspected"), "vanished": ("nature", "vanished")}
MOST = 60


def entries(read: Read) -> list[dict[str, Any]]:
    """The lesions as they are told."""
    found = read.at(("lesions",))
    return [one if isinstance(one, dict) else {} for one in found] if isinstance(found, (list, tuple)) else []


def places(entry: dict[str, Any]) -> tuple[int, ...]:
    """The segments of an entry, regions spelled out; none where they are not understood."""
    found = entry.get("segments")
    try:
        return segment_numbers(found) if isinstance(found, (list, tuple)) else ()
    except (KeyError, TypeError):
        return ()


def nowhere(entry: dict[str, Any]) -> bool:
    """Whether an entry only keeps the place of a lesion that is not yet told."""
    return set(entry) <= {"segments", "id"} and tuple(entry.get("segments") or ()) in (
        ("whole_liver",),
        ("unknown",),
        (),
    )


def label_of(entry: dict[str, Any], place: int) -> str:
    """What a lesion is called on the page."""
    told = entry.get("id")
    return (
        str(told) if told else string.ascii_uppercase[place] if place < len(string.ascii_uppercase) else str(place + 1)
    )


def current_of(read: Read, wanted: str) -> int | None:
    """The lesion that taps go to; None for a new one."""
    return int(wanted) if wanted.isdigit() and int(wanted) < len(entries(read)) else None


def in_segments(read: Read, current: int | None) -> frozenset[int]:
    """The segments that are shown pressed: those of the current lesion, or of any."""
    found = entries(read)
    chosen = [one for one in found if not nowhere(one)] if current is None else [found[current]]
    return frozenset(number for one in chosen for number in places(one))


def tapped(read: Read, number: int, current: int | None) -> tuple[str, str]:
    """The text after a tap on a segment, and the lesion that further taps go to.

    With no lesion chosen a tap puts a new one there, and a second tap takes it away again while nothing else is told of it; where more
    is told it is chosen. With a lesion chosen a tap puts the segment into it or takes it out.
    """
    found = entries(read)
    if current is not None:
        there = places(found[current])
        if nowhere(found[current]):
            there = ()
        after = tuple(one for one in there if one != number) if number in there else (*there, number)
        if not after:
            return read.text, str(current)
        return changed(read.text, [(("lesions", current, "segments"), sorted(after))]), str(current)
    here = [place for place, one in enumerate(found) if not nowhere(one) and number in places(one)]
    if here:
        last = here[-1]
        if set(found[last]) <= {"segments", "id"} and places(found[last]) == (number,):
            return removed(read, last), NEW
        return read.text, str(last)
    if len(found) >= MOST:
        return read.text, NEW
    place = next((at for at, one in enumerate(found) if nowhere(one)), len(found))
    changes: list[tuple[Path, Any]] = [
        (("lesions", place, "id"), _free_name(found, place)),
        (("lesions", place, "segments"), [number]),
    ]
    return changed(read.text, changes), NEW


def _free_name(found: list[dict[str, Any]], place: int) -> str:
    taken = {str(one.get("id")) for at, one in enumerate(found) if at != place}
    return next((one for one in string.ascii_uppercase if one not in taken), f"L{place + 1}")


def removed(read: Read, place: int) -> str:
    """The text without a lesion."""
    return changed(read.text, [(("lesions", place), GONE)])


def marked(read: Read, place: int, mark: str) -> str:
    """The text with a mark of a lesion set, or taken away."""
    key, word = MARKS[mark]
    now = entries(read)[place].get(key)
    return changed(read.text, [(("lesions", place, key), GONE if now == word else word)])


def vessel(read: Read, place: int, name: str) -> str:
    """The text with a vessel touched by a lesion, then grown into, then neither."""
    entry = entries(read)[place]
    touches, invades = ([*(entry.get(key) or ())] for key in ("contacts", "invades"))
    if name in invades:
        return changed(read.text, [(("lesions", place, "invades"), [one for one in invades if one != name] or GONE)])
    if name in touches:
        rest = [one for one in touches if one != name]
        return changed(
            read.text,
            [(("lesions", place, "contacts"), rest or GONE), (("lesions", place, "invades"), [*invades, name])],
        )
    return changed(read.text, [(("lesions", place, "contacts"), [*touches, name])])
