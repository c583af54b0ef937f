"""What is left when things do not go as hoped: where every state can still lead at best, and how families are reached."""

from __future__ import annotations

import math

from pathways.facts.blocks import AFTER
from pathways.facts.step_names import title_for
from pathways.graph.explore import Edge, Graph
from pathways.graph.routes import Route
from pathways.messages.catalogue import say
from pathways.planning.annotate import Contingency
from pathways.planning.evaluate import Evaluation
from pathways.quick_dataclass import dataclass

# Ends from best to worst, for "where it can still lead".
LEAST_CHANCE = 1e-12
NOTHING_MORE = say("contingency.nothing_more")
PREFERENCE = (
    "resected",
    "no_visible_disease",
    "transplanted",
    "benign",
    "debulked",
    "controlled",
    "palliation",
    "dead",
)


@dataclass(frozen=True, slots=True)
class Prospects:
    """For every node: rank of the best end that hoped-for outcomes can still reach, steps to it, and the way there."""

    best_end: tuple[int, ...]
    first: tuple[Edge | None, ...]


def prospects(graph: Graph) -> Prospects:
    """The best end from every node when the team chooses and nature is kind, by the fewest steps."""
    size = len(graph.states)
    rank = [len(PREFERENCE)] * size
    steps = [0] * size
    first: list[Edge | None] = [None] * size
    for node in graph.order:
        out = graph.edges[node]
        if not out:
            rank[node] = PREFERENCE.index(graph.states[node].phase)
            continue
        followed = [edge for edge in out if edge.declared.kind == "decision" or edge.declared.hoped_for]
        chosen = min(followed, key=lambda edge: (rank[edge.target], steps[edge.target], edge.trigger))
        rank[node], steps[node], first[node] = rank[chosen.target], steps[chosen.target] + 1, chosen
    return Prospects(tuple(rank), tuple(first))


def contingencies(graph: Graph, walk: Route, ahead: Prospects) -> tuple[Contingency, ...]:
    """For every outcome not hoped for along `walk`: the next decision and the best end that is still there."""
    found: list[Contingency] = []
    for edge in walk:
        if edge.declared.kind != "outcome":
            continue
        for other in graph.edges[edge.source]:
            if other.trigger == edge.trigger:
                continue
            words = _next_decision(graph, ahead, other.target)
            end = PREFERENCE[ahead.best_end[other.target]]
            found.append(Contingency(graph.states[edge.source].phase, other.declared.title, words, end))
    return tuple(dict.fromkeys(found))


def _next_decision(graph: Graph, ahead: Prospects, node: int) -> str:
    """The next thing the team decides from `node` on the way to the best end."""
    step = ahead.first[node]
    # The second half of a perioperative course is what was planned, and no other way.
    while step is not None and (step.declared.kind == "outcome" or step.declared.course == AFTER):
        step = ahead.first[step.target]
    return title_for(step.declared, graph.facts.assessed) if step is not None else NOTHING_MORE


def reached_after(evaluation: Evaluation) -> dict[str, tuple[str, ...]]:
    """For each family on some route: outcomes not hoped for on the kindest way to it (none: a pathway carries it).

    The kindest way has the fewest of them and, of equals, the likeliest.
    """
    graph, evaluator = evaluation.graph, evaluation.evaluator
    cost: list[tuple[int, float] | None] = [None] * len(graph.states)
    via: list[Edge | None] = [None] * len(graph.states)
    cost[0] = (0, 0.0)
    found: dict[str, tuple[str, ...]] = {}
    best: dict[str, tuple[int, float]] = {}
    for node in reversed(graph.order):
        here, leaving = cost[node], graph.edges[node]
        if here is None or not leaving:
            continue
        decides = leaving[0].declared.kind == "decision" or evaluator.ended(node)
        chances = (1.0,) * len(leaving) if decides else evaluator.chances(node)
        for edge, chance in zip(leaving, chances, strict=True):
            declared, there = edge.declared, here
            if declared.kind == "outcome" and not declared.hoped_for:
                there = (here[0] + 1, here[1] - math.log(max(float(chance), LEAST_CHANCE)))
            known = cost[edge.target]
            if known is None or there < known:
                cost[edge.target], via[edge.target] = there, edge
            if not declared.tags:
                continue
            for family in graph.families(edge):
                if family not in best or here < best[family]:
                    best[family] = here
                    found[family] = _misfortunes(node, via)
    return found


def _misfortunes(node: int, via: list[Edge | None]) -> tuple[str, ...]:
    names: list[str] = []
    while (edge := via[node]) is not None:
        if edge.declared.kind == "outcome" and not edge.declared.hoped_for:
            names.append(edge.declared.name)
        node = edge.source
    return tuple(reversed(names))
