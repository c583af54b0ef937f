"""Questions of lessons as an examiner counts them: each once, with its answers, the act behind each, and what is told of it."""

from __future__ import annotations

import re
from collections.abc import Iterator

from pathways.quick_dataclass import dataclass
from pathways.teaching.lessons.model import Choice, Lesson, Passage

GOOD = ("best", "acceptable")
DETAIL = re.compile(r"[\d.%]+|[A-Z]|[IVX]+|[A-Z]{4,}|\w+mab|imatinib|and|of|the")
WORD = re.compile(r"[\w'-]+")


@dataclass(frozen=True, slots=True)
class Answer:
    """An answer as shown: its words, what comes before a colon, its grade, and its feedback."""

    text: str
    act: str
    grade: str
    feedback: tuple[str, ...]

    @property
    def good(self) -> bool:
        """Whether it earns the point."""
        return self.grade in GOOD

    @property
    def heading(self) -> str:
        """What is left of it for somebody who reads no detail: the words before a colon, without numbers, lesions, segments and drugs."""
        told = self.text.partition(":")[0].replace(",", " ").split()
        return " ".join(word for word in told if not DETAIL.fullmatch(word)).lower()


@dataclass(frozen=True, slots=True)
class Item:
    """A question of one scenario. `scenario` and `objective` as in the file; `before` is what was read on the way to it."""

    scenario: str
    objective: str
    question: str
    answers: tuple[Answer, ...]
    words_to_read: int
    before: str = ""

    @property
    def key(self) -> tuple[tuple[str, bool], ...]:
        """What makes two questions the same one: the acts that are offered, and which of them are right."""
        return tuple(sorted((one.act, one.good) for one in self.answers))

    @property
    def chance(self) -> float:
        """How often a guess is right."""
        return sum(one.good for one in self.answers) / len(self.answers)


def items_of(lesson: Lesson, scenario: str) -> tuple[Item, ...]:
    """The questions of `lesson`, each once, in the order in which they are met."""
    found: dict[tuple[str, ...], Item] = {}
    for passage, before in _with_what_was_read(lesson):
        answers = tuple(_answer(one) for one in passage.choices if one.grade is not None)
        if len(answers) < 2:  # noqa: PLR2004 - one answer is no question
            continue
        item = Item(scenario, lesson.objective, passage.question, answers, _words(passage), before)
        found.setdefault((passage.question, *(one.text for one in answers)), item)
    return tuple(found.values())


def decisions_on_the_best_way(lesson: Lesson) -> int:
    """How many questions somebody meets who always answers best."""
    known = {one.id: one for one in lesson.passages}
    here, found = lesson.passages[0], 0
    while here.choices:
        found += here.role == "decision"
        onward = [one for one in here.choices if one.to != here.id]
        here = known[max(onward, key=lambda one: (one.score, one.grade == "best")).to]
    return found


def _answer(one: Choice) -> Answer:
    return Answer(one.text, one.act or one.text.partition(":")[0].strip().lower(), one.grade or "", one.feedback)


def _with_what_was_read(lesson: Lesson) -> Iterator[tuple[Passage, str]]:
    """Every decision, breadth first, with the words read since the one before it."""
    known = {one.id: one for one in lesson.passages}
    waiting, seen = [(lesson.passages[0], "")], {lesson.passages[0].id}
    while waiting:
        here, before = waiting.pop(0)
        told = " ".join((before, *here.text))
        if here.role == "decision":
            yield here, told
            told = ""
        for choice in here.choices:
            if choice.to not in seen:
                seen.add(choice.to)
                waiting.append((known[choice.to], told))


def _words(passage: Passage) -> int:
    """Words in front of somebody who answers."""
    told = [*passage.text, *(f"{label} {value}" for label, value in passage.findings), passage.question]
    return len(WORD.findall(" ".join([*told, *(one.text for one in passage.choices)])))
