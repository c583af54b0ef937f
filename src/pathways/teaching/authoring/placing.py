"""Where the right answer stands among the answers: dealt out over a course as an examiner would, and not drawn for each question alone.

Each question of a lesson (its first decision, its second, its first variation) is dealt its place by two cards: one by objective, one by
number of the lesson. Over the objectives of a seed, and over the lessons of an objective, each place comes equally often; within a lesson
one place tells nothing of the next.
"""

from __future__ import annotations

from functools import cache

from pathways.machine.random_numbers import uniform
from pathways.teaching.curriculum.case_spaces import Key
from pathways.teaching.curriculum.schema import OBJECTIVES
from pathways.teaching.scenarios.model import Option, Scenario


def placed(scenario: Scenario, key: Key) -> Scenario:
    """The scenario, each right answer in the place that is dealt to it."""
    return scenario.model_copy(
        update={
            "decisions": tuple(
                one.model_copy(update={"options": _with_best_at(one.options, key, one.id)})
                for one in scenario.decisions
            ),
            "variations": tuple(
                one.model_copy(update={"options": _with_best_at(one.options, key, f"v{number}")})
                for number, one in enumerate(scenario.variations, start=1)
            ),
        }
    )


def _with_best_at(options: tuple[Option, ...], key: Key, question: str) -> tuple[Option, ...]:
    """The answers, the best one changed with the one that stands where it belongs."""
    best = next((place for place, one in enumerate(options) if one.expected == "best"), None)
    if best is None:
        return options
    made, wanted = list(options), place_of(key, question, len(options))
    made[best], made[wanted] = made[wanted], made[best]
    return tuple(made)


def place_of(key: Key, question: str, places: int) -> int:
    """The place of the right answer to a question, counted from 0."""
    by_objective = _dealt(key.seed, f"{question}/objective", OBJECTIVES.index(key.objective), places)
    return (by_objective + _dealt(key.seed, f"{question}/number", key.number, places)) % places


def _dealt(seed: int, pack: str, turn: int, places: int) -> int:
    """The card of a turn: each pack holds every place once, in an order of its own."""
    number, within = divmod(turn, places)
    return _pack(seed, pack, number, places)[within]


@cache
def _pack(seed: int, pack: str, number: int, places: int) -> tuple[int, ...]:
    return tuple(sorted(range(places), key=lambda card: uniform(seed, number, f"place/{pack}/{places}/{card}")))
