"""A change of a case as a clause that follows "if": what would have to be otherwise, in the words of a lesson."""

from __future__ import annotations

import re
from collections.abc import Callable

from pathways.messages.catalogue import called, say
from pathways.planning.changes.model import Change

INDEX = re.compile(r"\[\d+\]")
# Keys whose clause hangs on the value alone.
BY_VALUE = frozenset({"patient.fit_for", "history.response", "lesions.nature", "lesions.depth"})


def clause(change: Change) -> str:
    """The change, after "if"."""
    key = INDEX.sub("", change.key)
    name = f"turn.{key}.{change.after}" if key in BY_VALUE else f"turn.{key}"
    # The whole list of lesions otherwise is another patient, in words of its own.
    make = None if change.key == "lesions" else CLAUSES.get(key)
    if key in BY_VALUE:
        return say(name, lesion=change.words.split()[0]) if key.startswith("lesions") else say(name)
    if make is not None:
        return make(change)
    return say("turn.otherwise", words=change.words)


def _lesion(change: Change) -> str:
    return change.words.split()[0].rstrip(":")


def _freed(change: Change) -> str:
    vessels = [called("vessel", one) for one in change.before if one not in change.after]
    return say("turn.lesions.contacts", lesion=_lesion(change), vessel=" and the ".join(vessels))


def _sized(change: Change) -> str:
    if change.before is None:
        return say("turn.otherwise", words=change.words)
    return say("turn.lesions.size_mm", lesion=_lesion(change), size=change.after, now=change.before)


CLAUSES: dict[str, Callable[[Change], str]] = {
    "lesions.contacts": _freed,
    "lesions.size_mm": _sized,
    "lesions.count": lambda one: say("turn.lesions.count", lesion=_lesion(one), number=one.after, now=one.before),
    "lesions": lambda one: say("turn.lesions", lesion=one.before),
    "patient.ecog": lambda one: say("turn.patient.ecog", grade=one.after),
    "liver.measured_remnants": lambda one: say("turn.remnant", words=one.words),
    "history.cycles": lambda one: say("turn.history.cycles", number=one.after, now=one.before),
    "primary.needs_radiotherapy": lambda _: say("turn.primary.needs_radiotherapy"),
}
