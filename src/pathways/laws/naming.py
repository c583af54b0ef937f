"""Whether a line of a plan that says what is taken as given names a key of the case file."""

from __future__ import annotations

import re
from collections.abc import Iterable

PLACES = re.compile(r"\[\d+\]")
# Lines that name a key in other words than its own.
IN_OTHER_WORDS = {
    "liver.background": ("background liver",),
    "patient.fit_for": ("fit_for,",),
    "patient.ecog": ("fit_for, ECOG",),
    "patient.asa": ("ECOG, ASA",),
    "history.cycles": ("length of earlier chemotherapy",),
}


def is_named(place: str, lines: Iterable[str]) -> bool:
    """Whether one of `lines` names the key at `place` (`lesions[0].depth`)."""
    key = PLACES.sub("", place)
    words = (key, *IN_OTHER_WORDS.get(key, ()))
    return any(word in line for line in lines for word in words)
