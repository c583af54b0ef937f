"""A lesson being played: where the learner stands, what was answered, undo, and the score. Knows no terminal.

The score of a decision is that of the first answer given to it: a refused answer leads back, and the second try earns nothing more.
"""

from __future__ import annotations

from dataclasses import replace

from pathways.documents.problems import PathwaysError
from pathways.quick_dataclass import dataclass
from pathways.teaching.lessons.model import Choice, Lesson, Passage


@dataclass(frozen=True, slots=True)
class Answer:
    """A choice, and the passage it was made in."""

    passage: str
    choice: Choice


@dataclass(frozen=True, slots=True)
class Game:
    """A lesson and the answers given so far."""

    lesson: Lesson
    answers: tuple[Answer, ...] = ()

    @property
    def here(self) -> Passage:
        """The passage the learner stands at."""
        return self.lesson.passage(self.answers[-1].choice.to) if self.answers else self.lesson.passages[0]

    @property
    def over(self) -> bool:
        """Whether this is the debrief."""
        return not self.here.choices

    def taking(self, choice: Choice) -> Game:
        """The game after `choice`."""
        return replace(self, answers=(*self.answers, Answer(self.here.id, choice)))

    def undone(self) -> Game:
        """The game before the latest graded answer; where there is none, at the beginning."""
        answers = list(self.answers)
        while answers and answers.pop().choice.grade is None:
            pass
        return replace(self, answers=tuple(answers))

    @property
    def scored(self) -> tuple[Answer, ...]:
        """The answers that count: the first one given at each passage on the way."""
        first: dict[str, Answer] = {}
        for one in self.answers:
            if one.choice.grade is not None:
                first.setdefault(one.passage, one)
        return tuple(first.values())

    @property
    def score(self) -> float:
        """Points so far, one a decision at most."""
        return sum(one.choice.score for one in self.scored)

    def choice(self, word: str) -> Choice:
        """The choice meant by a letter, a number or its own name. Raises PathwaysError with what is accepted."""
        choices, wanted = self.here.choices, word.strip().lower()
        letters = dict(zip("abcdefgh", choices, strict=False))
        numbers = {str(number): one for number, one in enumerate(choices, start=1)}
        names = {one.id.lower(): one for one in choices}
        found = letters.get(wanted) or numbers.get(wanted) or names.get(wanted)
        if found is None:
            raise PathwaysError(f'answer "{word.strip()}": accepted: {", ".join(letters)}')
        return found


def replayed(lesson: Lesson, choices: tuple[str, ...]) -> Game:
    """The game after the choices with these names, as far as they still fit."""
    game = Game(lesson)
    for name in choices:
        found = next((one for one in game.here.choices if one.id == name), None)
        if found is None:
            break
        game = game.taking(found)
    return game
