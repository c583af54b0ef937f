"""What is proved of a lesson before anybody plays it: it can be solved, it has no dead ends, and it hits its objective."""

from __future__ import annotations

from collections.abc import Iterator

from pathways.documents.problems import PathwaysError
from pathways.teaching.lessons.model import Lesson
from pathways.teaching.unrolling.answers import hits
from pathways.teaching.unrolling.debrief import way_of_best_answers
from pathways.teaching.unrolling.passages import written
from pathways.teaching.unrolling.walk import Unrolled


def faults_of(one: Unrolled) -> tuple[str, ...]:
    """Everything that is wrong with the lesson of a scenario; nothing: it is proved."""
    try:
        lesson = written(one)
    except PathwaysError as error:
        return (str(error),)
    return (*_dead_ends(lesson), *_unsolvable(one), *_off_objective(one))


def _dead_ends(lesson: Lesson) -> Iterator[str]:
    """Every passage is reached, and from every passage an end."""
    ways = {one.id: {choice.to for choice in one.choices} for one in lesson.passages}
    for name, targets in ways.items():
        for target in targets - set(ways):
            yield f"passage {name} leads to {target}, which is not there"
    reached, waiting = set[str](), [lesson.passages[0].id]
    while waiting:
        name = waiting.pop()
        if name not in reached:
            reached.add(name)
            waiting += ways[name] & set(ways)
    for name in sorted(set(ways) - reached):
        yield f"passage {name} cannot be reached"
    ending = {one.id for one in lesson.passages if not one.choices}
    grown = True
    while grown:
        more = {name for name, targets in ways.items() if targets & ending} - ending
        ending, grown = ending | more, bool(more)
    for name in sorted(set(ways) - ending):
        yield f"passage {name} leads to no end"
    for one in lesson.passages:
        if not one.choices and one.role != "debrief":
            yield f"passage {one.id} ends without a debrief"


def _unsolvable(one: Unrolled) -> Iterator[str]:
    if one.grades.worth(0).resected <= 0:
        yield "no policy reaches a good end with positive chance"
    best = way_of_best_answers(one)
    if not best.taken:
        yield "nothing is decided on the way of the best answers"


def _off_objective(one: Unrolled) -> Iterator[str]:
    """The objective's decision lies on the way of the best answers, and separates good from bad."""
    for taken in way_of_best_answers(one).taken:
        if hits(one.grades, taken.asked.node, one.objective, taken.asked.offers):
            return
    yield f"the decision of {one.scenario.objective} does not arise, or does not separate good from bad"
