"""What the words of a record mean, by what the declared steps say of themselves: acts, and families that the word alone implies."""

from __future__ import annotations

from collections.abc import Mapping

from pathways.process.acts import ACT_OF_EVENT
from pathways.process.declaration import PROCESS
from pathways.process.model import Trigger


def _by_word() -> dict[str, list[Trigger]]:
    found: dict[str, list[Trigger]] = {}
    for trigger in PROCESS.triggers:
        for word in trigger.events if trigger.kind == "decision" else ():
            found.setdefault(word, []).append(trigger)
    return found


def _acts(word: str, steps: list[Trigger]) -> frozenset[str]:
    """The one act of a known word; a word that only steps know means what all of them do."""
    if word in ACT_OF_EVENT:
        return frozenset({ACT_OF_EVENT[word]})
    return frozenset.intersection(*(frozenset(one.acts) for one in steps))


def _families(steps: list[Trigger]) -> tuple[str, ...]:
    """Families that every step of this name belongs to, whatever went before it."""
    sure = [[tag.family for tag in one.tags if not tag.when] for one in steps]
    return tuple(family for family in sure[0] if all(family in other for other in sure))


_STEPS = _by_word()
# For every word of a record: what was done (nothing where no property judges it), and the families it belongs to.
ACTS_OF: Mapping[str, frozenset[str]] = {
    **{word: frozenset({act}) for word, act in ACT_OF_EVENT.items()},
    **{word: _acts(word, steps) for word, steps in _STEPS.items()},
}
FAMILIES_OF: Mapping[str, tuple[str, ...]] = {word: _families(steps) for word, steps in _STEPS.items()}
