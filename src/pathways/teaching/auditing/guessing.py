"""Guessing: how often somebody who never reads the case is right, from what other lessons have taught.

Two such people are tried: one learns acts (which step of the machine), one the words before a colon. Each answers with what was
right most often elsewhere; of equals any. The more successful of the two counts.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence

from pathways.teaching.auditing.items import Answer, Item

Reading = Callable[[Answer], str]
READINGS: tuple[Reading, ...] = (lambda one: one.act, lambda one: one.heading)
# How many answers the share of all answers counts for, where an act was seen seldom; a sibling's answers count before others.
PRIOR = 1.0
Counts = dict[str, list[float]]


def from_headings(items: Sequence[Item]) -> float:
    """The share that is guessed by somebody who has learnt the lessons of all other objectives."""
    return max(_from_headings(items, reading) for reading in READINGS)


def after_a_sibling(items: Sequence[Item]) -> float | None:
    """The share that is guessed after one more lesson of the same objective; None where no objective has two."""
    found = [one for one in (_after_a_sibling(items, reading) for reading in READINGS) if one is not None]
    return max(found, default=None)


def _from_headings(items: Sequence[Item], reading: Reading) -> float:
    total = _counted(items, reading)
    base = _share(items)
    return _mean(
        _guessed(one, _minus(total, own, base), reading)
        for objective, own_items in _by(items, lambda one: one.objective).items()
        for own in (_counted(own_items, reading),)
        for one in own_items
    )


def _after_a_sibling(items: Sequence[Item], reading: Reading) -> float | None:
    total, base, found = _counted(items, reading), _share(items), list[float]()
    for own_items in _by(items, lambda one: one.objective).values():
        others = _minus(total, _counted(own_items, reading), base)
        lessons = _by(own_items, lambda one: one.scenario)
        for other, seen in lessons.items():
            learnt = dict(others)
            for word, (good, offered) in _counted(seen, reading).items():
                learnt[word] = (good + others[word]) / (offered + 1)
            found += [
                _guessed(one, learnt, reading, base)
                for name, asked in lessons.items()
                if name != other
                for one in asked
            ]
    return _mean(found) if found else None


def _counted(items: Iterable[Item], reading: Reading) -> Counts:
    """How often each word was right, and how often it was offered."""
    found: Counts = defaultdict(lambda: [0.0, 0.0])
    for item in items:
        for one in item.answers:
            found[reading(one)][0] += one.good
            found[reading(one)][1] += 1
    return found


def _minus(total: Counts, own: Counts, base: float) -> dict[str, float]:
    """The share of right answers of each word in everything but `own`."""
    return {
        word: (good - own.get(word, [0.0, 0.0])[0] + PRIOR * base) / (offered - own.get(word, [0.0, 0.0])[1] + PRIOR)
        for word, (good, offered) in total.items()
    }


def _guessed(item: Item, learnt: dict[str, float], reading: Reading, base: float = 0.0) -> float:
    """How often the answer held for the likeliest is right; of equals any is taken."""
    shares = [round(learnt.get(reading(one), base), 6) for one in item.answers]
    taken = [one for one, share in zip(item.answers, shares, strict=True) if share == max(shares)]
    return sum(one.good for one in taken) / len(taken)


def _by(items: Iterable[Item], key: Callable[[Item], str]) -> dict[str, list[Item]]:
    found: dict[str, list[Item]] = defaultdict(list)
    for one in items:
        found[key(one)].append(one)
    return found


def _share(items: Iterable[Item]) -> float:
    return _mean(one.chance for one in items)


def _mean(numbers: Iterable[float]) -> float:
    found = list(numbers)
    return sum(found) / len(found) if found else 0.0
