"""The same patient with one fact otherwise: the case that comes of it, and the decision that is asked about there."""

from __future__ import annotations

from dataclasses import replace

from pathways.documents.problems import PathwaysError
from pathways.messages.catalogue import say
from pathways.process.phases import START
from pathways.teaching.curriculum.schema import Objective
from pathways.teaching.scenarios.model import Variation
from pathways.teaching.unrolling.answers import offer
from pathways.teaching.unrolling.changing import with_change
from pathways.teaching.unrolling.grades import Grades
from pathways.teaching.unrolling.walk import Asked, Unrolled, setting_of


def first_team_decision(grades: Grades, objective: Objective) -> int | None:
    """The first decision after the meeting, or the one before it that the objective is about; None where luck comes first."""
    node, graph = 0, grades.graph
    while graph.edges[node] and graph.edges[node][0].declared.kind == "decision":
        state = graph.states[node]
        if state.phase != START or any(one.meets(state) for one in objective.decisions):
            return node
        node = grades.advised(node).edge.target
    return None


def varied(one: Unrolled, number: int) -> tuple[Unrolled, Asked]:
    """The scenario with its variation `number`, and what is asked there. Raises PathwaysError."""
    variation: Variation = one.scenario.variations[number]
    case = with_change(one.scenario.case, variation.change)
    setting = setting_of(case, one.protocol, one.objective.varied)
    other = replace(one, scenario=one.scenario.model_copy(update={"case": case}), setting=setting, with_intervals=False)
    node = first_team_decision(setting.grades, one.objective)
    if node is None:
        raise PathwaysError("comes to no decision without luck; accepted: a change after which the team decides first")
    offers = tuple(offer(setting.grades, node, each.trigger) for each in variation.options)
    question = variation.question or say("variation.question")
    return other, Asked(f"v{number + 1}", node, question, offers, variation.options)
