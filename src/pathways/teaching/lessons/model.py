"""A lesson: a teaching scenario unrolled into passages, ready to be written for any classroom tool.

The machine, the luck of the seed and the rules have spoken already, so that a reader needs neither: which passage follows a
choice, what it cost and why it was refused is fixed text. All strings are plain text, never markup: every writer escapes.
"""

from __future__ import annotations

from typing import Literal

from pathways.drawing.growth import GrowthCurve
from pathways.drawing.liver import LiverState
from pathways.quick_dataclass import dataclass

Grade = Literal["best", "acceptable", "poor", "refused"]
Role = Literal["story", "decision", "debrief"]


@dataclass(frozen=True, slots=True)
class Citation:
    """A source as a reader needs it; `url` is a DOI or PubMed address, or empty."""

    id: str
    text: str
    url: str = ""


@dataclass(frozen=True, slots=True)
class Choice:
    """One option of a passage and what choosing it does.

    `to` is the id of the passage that follows; a refused choice leads back to the passage it was made in. `score` lies in 0..1 and is
    what was right on the knowledge of that moment, never luck. `feedback` are paragraphs shown after choosing, `costs` one line each
    ("28 days later", "remnant 24 % below 30 %"), `sources` ids of `Lesson.citations`. A passage with one choice without a grade only
    goes on: its `grade` is None, its text "Continue".
    """

    id: str
    text: str
    to: str
    grade: Grade | None = None
    score: float = 0.0
    feedback: tuple[str, ...] = ()
    costs: tuple[str, ...] = ()
    sources: tuple[str, ...] = ()
    # The step that is meant, for whoever examines lessons; nothing that a learner reads.
    act: str = ""


@dataclass(frozen=True, slots=True)
class Passage:
    """What is read at one moment: paragraphs, a table of findings (label, value), a liver map in monospace lines, the choices.

    A passage without choices is an end; every end has the role `debrief`.
    """

    id: str
    role: Role
    title: str
    day: int
    text: tuple[str, ...]
    findings: tuple[tuple[str, str], ...] = ()
    liver_map: tuple[str, ...] = ()
    question: str = ""
    choices: tuple[Choice, ...] = ()
    # What the lines of the map say, for writers that can draw it.
    liver: LiverState | None = None
    # How the remnant has grown until then, where it has.
    growth: GrowthCurve | None = None
    # Of the text what recounts the way taken and the best one: a writer that sets the two beside each other leaves it out.
    recounted: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Lesson:
    """A whole lesson. The first passage is where it begins; every passage can be reached and every one reaches an end."""

    id: str
    title: str
    objective: str
    learning_objectives: tuple[str, ...]
    misconception: str
    level: str
    difficulty: str
    protocol: str
    seed: int
    reviewed: str
    disclaimer: str
    passages: tuple[Passage, ...]
    citations: tuple[Citation, ...]
    debrief: tuple[str, ...] = ()
    # Whether what is to be learned is shown before the questions.
    aims_first: bool = False

    def passage(self, name: str) -> Passage:
        """The passage with the id `name`."""
        return next(one for one in self.passages if one.id == name)

    @property
    def decisions(self) -> tuple[Passage, ...]:
        """Passages that ask a question."""
        return tuple(one for one in self.passages if one.role == "decision")

    @property
    def largest_score(self) -> float:
        """The largest sum of scores over all ways through: a way with more decisions may earn more than the best answers do."""
        memo: dict[str, float] = {}
        order = [self.passages[0].id]
        while order:
            here = self.passage(order[-1])
            ways = [one for one in here.choices if one.to != here.id]
            waiting = [one.to for one in ways if one.to not in memo]
            if waiting:
                order.append(waiting[0])
            else:
                memo[here.id] = max((one.score + memo[one.to] for one in ways), default=0.0)
                order.pop()
        return memo[self.passages[0].id]
