"""Shared wording: the notice on every page, and names as a person reads them."""

from __future__ import annotations

from pathways.case.models import Case
from pathways.messages.catalogue import called
from pathways.ward.understanding import in_words

NOTICE = "Supports discussion and teaching; it is no medical device. Resection is not a promise of cure."
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
    return called("family", family)


def weeks(days: float) -> str:
    """Days as a person plans them: `9 weeks`."""
    number = round(days / 7)
    return "1 week" if number == 1 else f"{number} weeks"


def understood_words(case: Case) -> str:
    """How the words of the file were read, where they are not those of the format; "" where all are."""
    return f"Read as: {in_words(case.understood)}." if case.understood else ""
