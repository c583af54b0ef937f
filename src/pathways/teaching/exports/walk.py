"""Ways through a lesson: is it one, which route is best, how did one get here, how much is still to come.

A lesson is a graph without circles; only a refused choice leads back into its own passage.
"""

from __future__ import annotations

from collections.abc import Iterator

from pathways.quick_dataclass import dataclass
from pathways.teaching.lessons.model import Choice, Lesson, Passage


@dataclass(frozen=True, slots=True)
class Step:
    """A choice made in a passage."""

    passage: Passage
    choice: Choice


def faults(lesson: Lesson) -> list[str]:
    """Why `lesson` is none, in words; empty if it is one."""
    if not lesson.passages:
        return ["a lesson without passages"]
    known = {one.id: one for one in lesson.passages}
    wrong = [] if len(known) == len(lesson.passages) else ["two passages carry one id"]
    sources = {one.id for one in lesson.citations}
    for here in lesson.passages:
        wrong += _faults_of(here, known, sources)
    if wrong:
        return wrong
    if _sorted(lesson) is None:
        return ["passages lead in a circle"]
    reached = {one.id for one in _reached(lesson)}
    return [f"{one.id}: cannot be reached" for one in lesson.passages if one.id not in reached]


def _faults_of(here: Passage, known: dict[str, Passage], sources: set[str]) -> Iterator[str]:
    ways = forward(here)
    if not here.choices and here.role != "debrief":
        yield f"{here.id}: an end that is no debrief"
    if here.choices and not ways:
        yield f"{here.id}: no choice leads on"
    if not here.title:
        yield f"{here.id}: no title"
    if len({one.id for one in here.choices}) < len(here.choices):
        yield f"{here.id}: two choices carry one id"
    for choice in here.choices:
        yield from _faults_of_choice(here, choice, known)
        yield from (
            f"{here.id}, {choice.id}: source {one} is not cited" for one in choice.sources if one not in sources
        )


def _faults_of_choice(here: Passage, choice: Choice, known: dict[str, Passage]) -> Iterator[str]:
    place = f"{here.id}, {choice.id}"
    if choice.to not in known:
        yield f"{place}: leads to {choice.to}, which is no passage"
    if not choice.text:
        yield f"{place}: no text"
    if not 0 <= choice.score <= 1:
        yield f"{place}: score {choice.score} is not between 0 and 1"
    if (choice.to == here.id) != (choice.grade == "refused"):
        yield f"{place}: refused choices, and no others, lead back"


def forward(here: Passage) -> tuple[Choice, ...]:
    """The choices that lead on."""
    return tuple(one for one in here.choices if one.to != here.id)


def only_goes_on(here: Passage) -> bool:
    """Whether the passage asks nothing."""
    return len(here.choices) == 1 and here.choices[0].grade is None


def is_graded(here: Passage) -> bool:
    """Whether a choice made here earns points."""
    return any(one.grade is not None for one in here.choices)


def most_points(here: Passage) -> float:
    """What the best choice of a passage earns."""
    return max((one.score for one in here.choices if one.grade is not None), default=0.0)


def in_order(lesson: Lesson) -> tuple[Passage, ...]:
    """Passages so that every arrow points forward; among equals in the lesson's own order."""
    order = _sorted(lesson)
    assert order is not None, "prepared() refuses circles"
    return order


def best_route(lesson: Lesson) -> tuple[Step, ...]:
    """The best choice at every decision; of equal choices the first.

    Not the route with most points: after a poor choice more decisions can follow, which earn more than one good one.
    """
    known = {one.id: one for one in lesson.passages}
    here, route = lesson.passages[0], []
    while forward(here):
        choice = max(forward(here), key=lambda one: (one.score, one.grade == "best"))
        route.append(Step(here, choice))
        here = known[choice.to]
    return tuple(route)


def points_of(route: tuple[Step, ...]) -> float:
    """What a route earns."""
    return sum(one.choice.score for one in route if one.choice.grade is not None)


def decisions_ahead(lesson: Lesson) -> dict[str, int]:
    """For each passage the most graded decisions that can still come, its own among them."""
    ahead: dict[str, int] = {}
    for here in reversed(in_order(lesson)):
        later = max((ahead[one.to] for one in forward(here)), default=0)
        ahead[here.id] = later + is_graded(here)
    return ahead


def trails(lesson: Lesson) -> dict[str, tuple[Step, ...]]:
    """For each passage one way to get there: the one on which least is given away."""
    found: dict[str, tuple[float, tuple[Step, ...]]] = {lesson.passages[0].id: (0.0, ())}
    for here in in_order(lesson):
        lost, way = found[here.id]
        for choice in forward(here):
            loss = lost + most_points(here) - choice.score
            if choice.to not in found or loss < found[choice.to][0]:
                found[choice.to] = (loss, (*way, Step(here, choice)))
    return {name: way for name, (_, way) in found.items()}


def _reached(lesson: Lesson) -> list[Passage]:
    known = {one.id: one for one in lesson.passages}
    seen, waiting = [], [lesson.passages[0]]
    marked = {lesson.passages[0].id}
    while waiting:
        here = waiting.pop()
        seen.append(here)
        for choice in here.choices:
            if choice.to not in marked:
                marked.add(choice.to)
                waiting.append(known[choice.to])
    return seen


def _sorted(lesson: Lesson) -> tuple[Passage, ...] | None:
    """Topological order, or None if there is a circle."""
    place = {one.id: number for number, one in enumerate(lesson.passages)}
    entering = [0] * len(lesson.passages)
    for here in lesson.passages:
        for choice in forward(here):
            entering[place[choice.to]] += 1
    ready = [number for number, count in enumerate(entering) if not count]
    order = []
    while ready:
        number = min(ready)
        ready.remove(number)
        order.append(lesson.passages[number])
        for choice in forward(lesson.passages[number]):
            entering[place[choice.to]] -= 1
            if not entering[place[choice.to]]:
                ready.append(place[choice.to])
    return tuple(order) if len(order) == len(lesson.passages) else None
