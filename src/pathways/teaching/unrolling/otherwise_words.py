"""A change of a case as a clause that follows "if": what would have to be otherwise, in the words of a lesson."""

from __future__ import annotations

import re
from collections.abc import Callable

from pathways.messages.catalogue import called, say
from pathways.planning.changes.model import Change

INDEX = re.compile(r"\[\d+\]")


def clause(change: Change) -> str:
    """The change, after "if"."""
    # The whole list of lesions otherwise is another patient, in words of its own.
    make = None if change.key == "lesions" else CLAUSES.get(INDEX.sub("", change.key))
    return say("turn.otherwise", words=change.words) if make is None else make(change)


def _lesion(change: Change) -> str:
    return change.words.split()[0].rstrip(":")


def _freed(change: Change) -> str:
    vessels = [called("vessel", one) for one in change.before if one not in change.after]
    return say("turn.lesions.contacts", lesion=_lesion(change), vessel=" and the ".join(vessels))


def _sized(change: Change) -> str:
    if change.before is None:
        return say("turn.otherwise", words=change.words)
    return say("turn.lesions.size_mm", lesion=_lesion(change), size=change.after, now=change.before)


def _lies(change: Change) -> str:
    return say("turn.lesion", lesion=_lesion(change), what=called("turn_lesion", str(change.after)))


def _elsewhere(change: Change) -> str:
    return say(
        "turn.no_disease" if len(change.after) < len(change.before or ()) else "turn.otherwise", words=change.words
    )


def _primary(change: Change) -> str:
    return say("turn.primary.resected") if change.after == "resected" else say("turn.otherwise", words=change.words)


CLAUSES: dict[str, Callable[[Change], str]] = {
    "lesions.contacts": _freed,
    "lesions.size_mm": _sized,
    "lesions.nature": _lies,
    "lesions.depth": _lies,
    "patient.fit_for": lambda one: called("turn_fit", str(one.after)),
    "history.response": lambda one: called("turn_response", str(one.after)),
    "lesions.count": lambda one: say("turn.lesions.count", lesion=_lesion(one), number=one.after, now=one.before),
    "lesions": lambda one: say("turn.lesions", lesion=one.before),
    "patient.ecog": lambda one: say("turn.patient.ecog", grade=one.after),
    "liver.measured_remnants": lambda one: say("turn.remnant", words=one.words),
    "history.cycles": lambda one: say("turn.history.cycles", number=one.after, now=one.before),
    "primary.status": _primary,
    "extrahepatic": _elsewhere,
    "primary.needs_radiotherapy": lambda _: say("turn.primary.needs_radiotherapy"),
}
