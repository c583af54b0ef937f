"""Shared wording: the notice on every page, and names as a person reads them."""

from __future__ import annotations

from pathways.case.models import Case
from pathways.messages.catalogue import say
from pathways.messages.naming import family_words
from pathways.planning.uncertainty import Estimated
from pathways.ward.understanding import in_words

NOTICE = "Supports discussion and teaching; it is no medical device. Resection is not a promise of cure."

__all__ = ["NOTICE", "family_words", "figure", "share_of", "understood_words", "weeks", "with_interval"]


def weeks(days: float) -> str:
    """Days as a person plans them: `9 weeks`."""
    number = round(days / 7)
    return "1 week" if number == 1 else f"{number} weeks"


def understood_words(case: Case) -> str:
    """How the words of the file were read, where they are not those of the format; "" where all are."""
    return say("today.understood", words=in_words(case.understood)) if case.understood else ""


def with_interval(found: Estimated) -> str:
    """A chance in whole percent with its interval, as short as it can be read."""
    return say("cards.interval", value=found.value, low=f"{found.low * 100:.0f}", high=f"{found.high * 100:.0f}")


def figure(found: Estimated | None) -> str:
    """The same, or that there is no figure."""
    return say("cards.no_figure") if found is None else with_interval(found)


def share_of(found: float | None) -> str:
    """A chance in whole percent, or that there is no figure."""
    return say("cards.no_figure") if found is None else f"{found:.0%}"
