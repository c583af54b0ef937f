"""Whether what a plan takes as given names a key of the case file."""

from __future__ import annotations

import re
from collections.abc import Collection

PLACES = re.compile(r"\[\d+\]")
IN_BRACKETS = re.compile(r"\(([^()]*)\)")


def is_named(place: str, taken: Collection[str]) -> bool:
    """Whether the key at `place` (`lesions[0].depth`) is among the keys taken as given, or in the brackets of a line that is judged."""
    key = PLACES.sub("", place)
    return key in taken or any(key in keys.split(", ") for line in taken for keys in IN_BRACKETS.findall(line))
