"""Whether what a plan takes as given names a key of the case file."""

from __future__ import annotations

import re
from collections.abc import Collection

PLACES = re.compile(r"\[\d+\]")
# One question that several keys answer: what a lesion is, and how long a course was. Who asks it by one of them has asked for all.
ASKED_AS = {
    **dict.fromkeys(("lesions.biopsy", "lesions.suspicion", "lesions.seen_on"), "lesions.nature"),
    **dict.fromkeys(("history.week", "history.until_week"), "history.cycles"),
}
IN_BRACKETS = re.compile(r"\(([^()]*)\)")


def is_named(place: str, taken: Collection[str]) -> bool:
    """Whether the key at `place` (`lesions[0].depth`) is among the keys taken as given, or in the brackets of a line that is judged."""
    key = PLACES.sub("", place)
    named = {*taken, *(one for line in taken for keys in IN_BRACKETS.findall(line) for one in keys.split(", "))}
    return key in named or ASKED_AS.get(key) in named
