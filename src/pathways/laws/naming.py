"""Whether what a plan takes as given names a key of the case file."""

from __future__ import annotations

import re
from collections.abc import Collection

PLACES = re.compile(r"\[\d+\]")
# One question that several keys answer: what a lesion is. Who asks it by one of them has asked for all.
ASKED_AS = dict.fromkeys(("lesions.biopsy", "lesions.suspicion", "lesions.seen_on"), "lesions.nature")
IN_BRACKETS = re.compile(r"\(([^()]*)\)")


def is_named(place: str, taken: Collection[str]) -> bool:
    """Whether the key at `place` (`lesions[0].depth`) is among the keys taken as given, or in the brackets of a line that is judged."""
    key = PLACES.sub("", place)
    key = ASKED_AS.get(key, key)
    return key in taken or any(key in keys.split(", ") for line in taken for keys in IN_BRACKETS.findall(line))
