"""Cues in the wording: length, detail, position, near-twins of which one earns nothing, and words that give the key away."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence

from pathways.quick_dataclass import dataclass
from pathways.teaching.auditing.items import WORD, Answer, Item
from pathways.teaching.lessons.model import Lesson

# Answers that share so much of their words are one answer to a reader.
ALIKE = 0.7
# Words of an aim that stand in the right answer and in no other one give it away, if they are so many.
TELLING_WORDS = 3
SHORT_WORD = 4
# A share of fewer answers, or questions, says nothing.
FEW = 30


@dataclass(frozen=True, slots=True)
class Found:
    """A place in a lesson that gives something away, in words."""

    scenario: str
    words: str


def longest_key(items: Sequence[Item]) -> tuple[float, float]:
    """How often the longest answer is right, and how often any answer is: of equally long ones any."""
    return _rate(items, lambda one: len(WORD.findall(one.text))), _mean(one.chance for one in items)


def detail_cue(items: Sequence[Item]) -> tuple[float, float]:
    """The share of answers that are right, of those with a detail after a colon and of those without."""
    answers = [one for item in items for one in item.answers]
    detailed = [one.good for one in answers if ":" in one.text]
    plain = [one.good for one in answers if ":" not in one.text]
    if min(len(detailed), len(plain)) < FEW:
        return _mean(one.good for one in answers), _mean(one.good for one in answers)
    return _mean(detailed), _mean(plain)


def position_cue(items: Sequence[Item]) -> float:
    """By how much the likeliest place of a right answer beats chance."""
    most = max((len(one.answers) for one in items), default=0)
    found = []
    for place in range(most):
        there = [one for one in items if len(one.answers) > place]
        if len(there) >= FEW:
            found.append(_mean(one.answers[place].good for one in there) - _mean(one.chance for one in there))
    return max(found, default=0.0)


def twins(items: Iterable[Item]) -> Iterator[Found]:
    """Two answers of one question that say the same to a reader, of which one is right and one is not."""
    for item in items:
        for number, one in enumerate(item.answers):
            for other in item.answers[number + 1 :]:
                if one.good != other.good and _alike(one, other):
                    yield Found(item.scenario, f'"{one.text}" and "{other.text}"')


def leaks(lesson: Lesson, scenario: str, items: Iterable[Item]) -> Iterator[Found]:
    """What gives an answer away before it is asked for: the name of the objective, the aims, the words before a question."""
    if lesson.objective and lesson.objective in lesson.id:
        yield Found(scenario, f"the id names the objective: {lesson.id}")
    for passage in lesson.passages:
        for label, value in passage.findings:
            if "not for an operation" in value:
                yield Found(scenario, f"{label}: {value}")
    for item in items:
        for aim in lesson.learning_objectives if lesson.aims_first else ():
            if _given_away(item, aim):
                yield Found(scenario, f"an aim above the question: {aim}")
        for one in item.answers:
            if one.good and len(one.text) > SHORT_WORD and one.text.lower() in item.before.lower():
                yield Found(scenario, f"told before it is asked for: {one.text}")


def _given_away(item: Item, aim: str) -> bool:
    """Whether words of `aim` stand in right answers and in no wrong one."""
    right = {word for one in item.answers if one.good for word in _words(one.text)}
    wrong = {word for one in item.answers if not one.good for word in _words(one.text)}
    return len((right - wrong) & _words(aim)) >= TELLING_WORDS


def _alike(one: Answer, other: Answer) -> bool:
    first, second = _words(one.text), _words(other.text)
    return bool(first | second) and len(first & second) / len(first | second) >= ALIKE


def _words(text: str) -> set[str]:
    return {word for word in re.findall(r"[\w-]+", text.lower()) if len(word) >= SHORT_WORD or word.isupper()}


def _rate(items: Sequence[Item], measure: object) -> float:
    found = []
    for item in items:
        sizes = [measure(one) for one in item.answers]  # type: ignore[operator]
        longest = [one.good for one, size in zip(item.answers, sizes, strict=True) if size == max(sizes)]
        found.append(_mean(longest))
    return _mean(found)


def _mean(numbers: Iterable[float]) -> float:
    found = list(numbers)
    return sum(found) / len(found) if found else 0.0
