"""Shared wording: the notice on every page, and names as a person reads them."""

from __future__ import annotations

from pathways.case.models import Case
from pathways.ward.understanding import in_words

NOTICE = "Supports discussion and teaching; it is no medical device. Resection is not a promise of cure."
FAMILY_WORDS = {
    "pve": "PVE",
    "lvd": "LVD",
    "alpps": "ALPPS",
    "rescue_alpps": "rescue ALPPS",
}
RESECTABILITY_WORDS = {
    "resectable": "resectable",
    "remnant_insufficient": "removable, but too little liver would remain",
    "potentially_convertible": "not resectable now, potentially convertible",
    "unresectable": "not resectable, and no response would change that",
    "indeterminate": "indeterminate: a lesion is only suspected",
    "benign": "benign",
}


def family_words(family: str) -> str:
    """`upfront_surgery` as `upfront surgery`, `pve` as `PVE`."""
    return FAMILY_WORDS.get(family, family.replace("_", " "))


def weeks(days: float) -> str:
    """Days as a person plans them: `9 weeks`."""
    number = round(days / 7)
    return "1 week" if number == 1 else f"{number} weeks"


def understood_words(case: Case) -> str:
    """How the words of the file were read, where they are not those of the format; "" where all are."""
    return f"Read as: {in_words(case.understood)}." if case.understood else ""
