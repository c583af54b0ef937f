"""A scenario unrolled into a lesson, ready to be played or written for any classroom tool."""

from __future__ import annotations

from dataclasses import replace

from pathways.knowledge.protocols import load_protocol
from pathways.planning.uncollected import uncollected
from pathways.teaching.curriculum.objectives import objective_of
from pathways.teaching.lessons.model import Lesson
from pathways.teaching.scenarios.model import Scenario
from pathways.teaching.unrolling.passages import written
from pathways.teaching.unrolling.walk import TooLarge, Unrolled, setting_of

BUDGETS = ((4, 1), (3, 1), (3, 0), (2, 0), (1, 0))


def unrolled(
    scenario: Scenario, protocol: str | None = None, seed: int | None = None, *, explains: bool = True
) -> Unrolled:
    """`scenario` under its own protocol and seed, or under others (then states that it does not list are asked about).

    Without `explains`, when an answer would be right is told in general, which is ten times as quick.
    """
    own = (protocol in (None, scenario.protocol)) and (seed in (None, scenario.seed))
    setting = setting_of(scenario.case, load_protocol(protocol or scenario.protocol), objective_of(scenario.objective))
    luck = scenario.seed if seed is None else seed
    return Unrolled(scenario, setting, luck, ask_everywhere=not own, explains=explains)


def lesson_of(
    scenario: Scenario, protocol: str | None = None, seed: int | None = None, *, explains: bool = True
) -> Lesson:
    """The lesson of `scenario`; under another protocol or with another seed, if told."""
    with uncollected():
        return _lesson_of(unrolled(scenario, protocol, seed, explains=explains))


def _lesson_of(one: Unrolled) -> Lesson:
    # Questions that the file does not list may make a lesson too large: then fewer are asked on a way.
    for most, after in BUDGETS if one.ask_everywhere else ():
        try:
            return written(one)
        except TooLarge:
            fewer = one.scenario.model_copy(update={"decisions_at_most": most, "after_a_poor_choice": after})
            one = replace(one, scenario=fewer)
    return written(one)
