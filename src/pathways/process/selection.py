"""Steps named by what they say of themselves, for data: strategies, objectives, published results.

A selector is words that must all hold of a step, such as `one_stage class:minor alone` or `systemic course:second_line`:

    hepatectomy            an act, or a family that is no act's name, or the name of a step
    class:minor|major      clears the liver by one of these classes of resection
    course:adjuvant        systemic treatment of that place in a plan
    with:primary · alone   treats that site too · treats nothing beside the liver
    emergency              forced by an emergency of the primary
    finds:recurrence       finds that
    in:restaging           can be taken in that phase
    sets:stage=incomplete  makes that live fact have that value
    asks:operation=primary asks for exactly that value of a fact
    not:ablation           the opposite of a word

A step that is added later is found by the selectors that fit it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import lru_cache
from typing import get_args

from pathways.documents.problems import PathwaysError, nearest
from pathways.liver.resection import CLEARANCES
from pathways.process.acts import ACTS, COURSES, FINDINGS, SITES, kinds_of
from pathways.process.declaration import PROCESS
from pathways.process.model import Trigger
from pathways.words import Family

Test = Callable[[Trigger], bool]
FAMILIES: tuple[str, ...] = get_args(Family)
NAMES = tuple(trigger.name for trigger in PROCESS.triggers)
CLASSES = tuple(dict.fromkeys((*CLEARANCES, *(one.clearance for one in PROCESS.triggers if one.clearance), "none")))
VALUES = {fact.name: tuple(map(str, fact.domain)) for fact in PROCESS.live_facts}
VALUES |= {fact.name: fact.domain for fact in PROCESS.case_facts}


def steps(selectors: Iterable[str]) -> tuple[str, ...]:
    """Names of the steps that `selectors` name, in their order, each once. Raises PathwaysError with the nearest word."""
    return tuple(dict.fromkeys(trigger.name for one in selectors for trigger in selected(one)))


@lru_cache(maxsize=512)
def selected(selector: str) -> tuple[Trigger, ...]:
    """The steps that `selector` names, in declared order. Raises PathwaysError where a word is unknown, or nothing fits."""
    tests = [_test(word) for word in selector.split()]
    found = tuple(trigger for trigger in PROCESS.triggers if tests and all(test(trigger) for test in tests))
    if not found:
        raise PathwaysError(f'"{selector}" names no step')
    return found


def _test(word: str) -> Test:
    if word.startswith("not:"):
        inner = _test(word.removeprefix("not:"))
        return lambda trigger: not inner(trigger)
    kind, colon, value = word.partition(":")
    if not colon:
        return _plain(word)
    if kind not in _NAMED:
        raise PathwaysError(f'"{word}": accepted before the colon: not, {", ".join(_NAMED)}{nearest(kind, _NAMED)}')
    known, made = _NAMED[kind]
    values = value.split("|")
    for one in values:
        _check(one, word, known)
    return made(values)


def _check(value: str, word: str, known: Iterable[str]) -> None:
    """Refuses a value that is not known; one with an equals sign is a fact and one of its values."""
    fact, equals, wanted = value.partition("=")
    accepted = VALUES.get(fact, ()) if equals else tuple(known)
    if equals and fact not in VALUES:
        raise PathwaysError(f'"{word}": unknown fact "{fact}"{nearest(fact, VALUES)}')
    if (wanted if equals else value) not in accepted:
        raise PathwaysError(f'"{word}": accepted: {", ".join(accepted)}{nearest(wanted or value, accepted)}')


def _plain(word: str) -> Test:
    if word in ACTS:
        return lambda trigger: word in kinds_of(trigger)
    if word in FAMILIES:
        return lambda trigger: any(tag.family == word for tag in trigger.tags)
    if word == "alone":
        return lambda trigger: not trigger.treats
    if word == "emergency":
        return lambda trigger: not trigger.elective
    if word in NAMES:
        return lambda trigger: trigger.name == word
    known = (*ACTS, *FAMILIES, *NAMES, "alone", "emergency")
    raise PathwaysError(f'"{word}" is no act, no family and no step{nearest(word, known)}')


def _sets(values: list[str]) -> Test:
    pairs = {tuple(one.split("=")) for one in values}
    return lambda trigger: any((effect.fact, str(effect.value)) in pairs for effect in trigger.effects)


def _asks(values: list[str]) -> Test:
    pairs = [one.split("=") for one in values]
    return lambda trigger: any(
        guard.fact == fact and {str(one) for one in guard.values} == {value}
        for fact, value in pairs
        for guard in trigger.guards
    )


# What may stand before a colon: the values it takes, and the test that it makes.
_NAMED: dict[str, tuple[tuple[str, ...], Callable[[list[str]], Test]]] = {
    "class": (CLASSES, lambda values: lambda trigger: (trigger.clearance or "none") in values),
    "course": (COURSES, lambda values: lambda trigger: trigger.course in values),
    "with": (SITES, lambda values: lambda trigger: not set(values).isdisjoint(trigger.treats)),
    "finds": (tuple(FINDINGS), lambda values: lambda trigger: not set(values).isdisjoint(trigger.finds)),
    "in": (PROCESS.phases, lambda values: lambda trigger: not set(values).isdisjoint(trigger.phases)),
    "sets": ((), _sets),
    "asks": ((), _asks),
}
