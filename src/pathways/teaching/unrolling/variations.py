"""The same patient with one fact otherwise: the case that comes of it, and the decision that is asked about there."""

from __future__ import annotations

import copy
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from pathways.case.loading import load_case
from pathways.case.models import Case
from pathways.documents.problems import PathwaysError, shown
from pathways.messages.catalogue import say
from pathways.process.phases import START
from pathways.teaching.curriculum.schema import Objective
from pathways.teaching.scenarios.model import Variation
from pathways.teaching.unrolling.answers import offer
from pathways.teaching.unrolling.grades import Grades
from pathways.teaching.unrolling.walk import Asked, Unrolled, setting_of

# In place of a value: the key is left out.
LEFT_OUT = "-"


def with_change(case: Case, change: Mapping[str, Any]) -> Case:
    """`case` with the keys of `change` otherwise. Raises PathwaysError where a path leads nowhere or no case comes of it."""
    return load_case(changed_document(case.model_dump(mode="json", by_alias=True, exclude_none=True), change)[0])


def changed_document(raw: Mapping[str, Any], change: Mapping[str, Any]) -> tuple[dict[str, Any], Any, Any]:
    """A document with the change, and the first value before and after."""
    made: dict[str, Any] = {"schema": 1, **copy.deepcopy(dict(raw))}
    first: list[tuple[Any, Any]] = []
    for path, new in change.items():
        place: Any = made
        *parts, last = [int(part) if part.isdigit() else part for part in path.split(".")]
        try:
            for part in parts:
                place = place[part]
            if last == "+":
                old = None
                place.append(new)
                first.append((old, new))
                continue
            old = place[last] if isinstance(last, int) or last in place else None
            if new == LEFT_OUT:
                del place[last]
            else:
                place[last] = new
        except (KeyError, IndexError, TypeError, AttributeError):
            raise PathwaysError(
                f"{shown(path)} leads to no key of the case; accepted: a path as lesions.0.size_mm, or history.+ for one more"
            ) from None
        first.append((old, new))
    return made, *first[0]


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
