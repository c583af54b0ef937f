"""What nature answers in a lesson: the outcome whose share of the whole holds the number that luck gives by key."""

from __future__ import annotations

from pathways.graph.explore import Edge
from pathways.machine.random_numbers import uniform
from pathways.planning.evaluate import Evaluator


def outcome(evaluator: Evaluator, node: int, seed: int, occurrence: int) -> Edge:
    """The outcome that leaves `node`, the `occurrence`-th time its phase is entered; in declared order."""
    graph = evaluator.graph
    drawn, passed = uniform(seed, 0, graph.states[node].phase, occurrence), 0.0
    leaving = [
        (edge, chance) for edge, chance in zip(graph.edges[node], evaluator.chances(node), strict=True) if chance > 0
    ]
    for edge, chance in leaving:
        passed += float(chance)
        if drawn < passed:
            return edge
    return leaving[-1][0]
