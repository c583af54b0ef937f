"""What to find out next: the item missing from the case whose answer could change the plan most.

Planning goes on under labelled assumptions. Here each is taken the other way: the steps that stand on it are left out of
the graph, and the best chance of resection is asked for again, in one backward pass for each item.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from pathways.graph.explore import Edge, Graph
from pathways.planning.evaluate import Evaluation
from pathways.planning.pathway_groups import hoped_for
from pathways.process.facts import LIVE_INDEX

NEGLIGIBLE = 1e-9
# The key of the case file that a reason names: "(primary.r0_resectable)".
ITEM = re.compile(r"\(([a-z_]+(?:\.[a-z_0-9]+)?(?:, [a-z_A-Z.]+)*)\)")


@dataclass(frozen=True, slots=True)
class MissingItem:
    """An item that is missing, what is taken as given, and what the plan is worth if that is wrong."""

    item: str
    reason: str
    assumed: str
    chance_now: float
    chance_otherwise: float
    closes: tuple[str, ...]

    @property
    def drop(self) -> float:
        """How much of the chance of resection hangs on it."""
        return self.chance_now - self.chance_otherwise

    def as_json(self) -> dict[str, Any]:
        """The item as the JSON of the command line shows it."""
        return {
            "item": self.item,
            "reason": self.reason,
            "assumed": self.assumed,
            "probability_resected": round(self.chance_now, 4),
            "probability_resected_otherwise": round(self.chance_otherwise, 4),
            "closes": list(self.closes),
        }


def what_next(evaluation: Evaluation) -> tuple[MissingItem, ...]:
    """Missing items by how much hangs on them; those that change nothing are left out."""
    graph = evaluation.graph
    standing: dict[str, set[tuple[int, int]]] = {}
    words: dict[str, tuple[str, str]] = {}
    for reason, assumed, step in _assumptions(graph):
        named = ITEM.search(reason)
        item = named[1] if named else reason
        standing.setdefault(item, set()).add(step)
        words.setdefault(item, (reason, assumed))
    now = evaluation.worth().resected
    open_now = _open(graph, set())
    found = []
    for item, steps in standing.items():
        otherwise = evaluation.evaluator.most_resected(steps)
        closes = tuple(sorted(open_now - _open(graph, {graph.edges[node][place] for node, place in steps})))
        if closes or now - otherwise > NEGLIGIBLE:
            found.append(MissingItem(item, *words[item], float(now), float(otherwise), closes))
    return tuple(sorted(found, key=lambda one: (-round(one.drop, 6), -len(one.closes), one.reason)))


def _assumptions(graph: Graph) -> Iterator[tuple[str, str, tuple[int, int]]]:
    """Every step (node, place) that stands on an assumption about something that is not reported."""
    facts = graph.facts
    known: dict[tuple[str, tuple[object, ...]], tuple[tuple[str, str], ...]] = {}
    for node, leaving in enumerate(graph.edges):
        state = graph.states[node]
        for place, edge in enumerate(leaving):
            for guard in edge.declared.guards:
                if guard.fact in LIVE_INDEX:
                    continue
                key = tuple(state[index] for index in facts.key_indices(guard.fact))
                cell = (guard.fact, key)
                if cell not in known:
                    finding = facts.cell(guard.fact, key)
                    known[cell] = tuple(
                        (one.reason, one.assumed)
                        for one in finding.verdicts
                        if finding.value == "assumed" and one.verdict == "unknown" and one.assumed
                    )
                for reason, assumed in known[cell]:
                    yield reason, assumed, (node, place)


def _open(graph: Graph, missing: set[Edge]) -> frozenset[str]:
    """Families that some pathway carries without the steps `missing`."""
    hoped = hoped_for(graph)
    leads_on: dict[int, bool] = {}
    for node in graph.order:
        out = hoped.edges[node]
        leads_on[node] = not out or any(leads_on[edge.target] for edge in out if edge not in missing)
    reached, found = {0}, set[str]()
    for node in reversed(graph.order):
        if node in reached and leads_on[node]:
            for edge in hoped.edges[node]:
                if edge not in missing and leads_on[edge.target]:
                    reached.add(edge.target)
                    found.update(graph.families(edge))
    return frozenset(found)
