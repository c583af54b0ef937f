"""Pathways of the hoped-for subgraph, folded into ideas without listing them.

A pathway is a walk on which every outcome is the hoped-for one. Two pathways are the same idea when they carry the
same families, clear the liver by the same classes and end alike; the quicker one stands for both. The fold is a
dynamic programme from the ends: each node keeps the best continuation for every set of labels, so that a million
walks cost no more than the sets they differ in.
"""

from __future__ import annotations

from collections.abc import Iterator
from operator import itemgetter

from pathways.graph.explore import Edge, Graph
from pathways.graph.routes import Route, counts, walks
from pathways.process.acts import ON_THE_LIVER
from pathways.process.facts import LIVE_INDEX, State
from pathways.quick_dataclass import dataclass

# Live facts that change as soon as anything is done to the patient.
TOUCHED_BY_TREATMENT = ("sites", "bile", "stage", "extrahepatic", "primary", "line", "stimulus", "growth", "volume")
_touched = itemgetter(*[LIVE_INDEX[name] for name in TOUCHED_BY_TREATMENT])
_touched_but_the_primary = itemgetter(*[LIVE_INDEX[name] for name in TOUCHED_BY_TREATMENT if name != "primary"])

Labels = frozenset[str]


@dataclass(frozen=True, slots=True)
class Best:
    """The quickest continuation with certain labels: days from here, first edge, and the labels after it."""

    days: float
    edge: Edge | None
    rest: Labels


@dataclass(frozen=True, slots=True)
class HopedFor:
    """The subgraph of decisions and hoped-for outcomes, with the number of walks from every node."""

    graph: Graph
    edges: tuple[tuple[Edge, ...], ...]
    walks_from: list[int]

    @property
    def number(self) -> int:
        """How many pathways there are before folding."""
        return self.walks_from[0]

    def states(self) -> list[State]:
        """States that lie on some pathway."""
        reached = {0}
        for node in reversed(self.graph.order):
            if node in reached:
                reached.update(edge.target for edge in self.edges[node])
        return [state for node, state in enumerate(self.graph.states) if node in reached]

    def listed(self) -> Iterator[Route]:
        """Every pathway, one by one."""
        return walks(self.edges, self.walks_from)


def hoped_for(graph: Graph) -> HopedFor:
    """Decisions and hoped-for outcomes. Giving up is intended only before any treatment, or where nothing else is left."""
    edges = tuple(_intended(graph, node, leaving) for node, leaving in enumerate(graph.edges))
    return HopedFor(graph, edges, counts(graph, edges))


def _intended(graph: Graph, node: int, leaving: tuple[Edge, ...]) -> tuple[Edge, ...]:
    kept = tuple(edge for edge in leaving if edge.declared.kind == "decision" or edge.declared.hoped_for)
    going_on = tuple(edge for edge in kept if not edge.declared.gives_up)
    if not going_on or len(going_on) == len(kept) or untouched(graph.states[node], graph.states[0]):
        return kept
    return going_on


def untouched(state: State, start: State) -> bool:
    """Whether nothing has been done in `state` yet but what an emergency of the primary forced."""
    read = _touched_but_the_primary if start.primary == "urgent" else _touched
    return bool(read(state) == read(start))


def pathway_groups(hoped: HopedFor) -> list[Route]:
    """One pathway an idea, the quickest of it, in no clinical order."""
    graph = hoped.graph
    best: list[dict[Labels, Best]] = [{} for _ in graph.states]
    for node in graph.order:
        out = hoped.edges[node]
        if not out:
            best[node] = {frozenset({f"end:{graph.states[node].phase}"}): Best(0.0, None, frozenset())}
            continue
        best[node] = _continuations(graph, out, best)
    return [_walk(best, labels) for labels in best[0]]


def idea_of(graph: Graph, walk: Route) -> Labels:
    """The idea of a pathway: every pathway with the same labels is another order of it."""
    end = frozenset({f"end:{graph.states[walk[-1].target].phase}"}) if walk else frozenset[str]()
    return end.union(*(labels_of(graph, edge) for edge in walk))


def _continuations(graph: Graph, out: tuple[Edge, ...], best: list[dict[Labels, Best]]) -> dict[Labels, Best]:
    found: dict[Labels, Best] = {}
    for edge in out:
        days = graph.days(edge)
        own = labels_of(graph, edge)
        for rest, after in best[edge.target].items():
            labels = rest | own
            total = days + after.days
            if labels not in found or total < found[labels].days:
                found[labels] = Best(total, edge, rest)
    return found


def labels_of(graph: Graph, edge: Edge) -> Labels:
    """What a step adds to the idea of its pathway: families, and the class of resection."""
    trigger = edge.declared
    own = set(graph.families(edge))
    if trigger.clearance:
        own.add(f"clearance:{trigger.clearance}")
    if trigger.sets_apart:
        own.add(trigger.name)
    # Liver and another organ in one session or one after the other: who operates, and what it costs, differ.
    if "metastasectomy" in trigger.acts and not ON_THE_LIVER.isdisjoint(trigger.acts):
        own.add("one_session")
    return frozenset(own)


def _walk(best: list[dict[Labels, Best]], labels: Labels) -> Route:
    walk: list[Edge] = []
    node = 0
    while (here := best[node][labels]).edge is not None:
        walk.append(here.edge)
        node, labels = here.edge.target, here.rest
    return tuple(walk)
