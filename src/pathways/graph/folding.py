"""All walks of a graph folded into one directed graph of the points where they part, meet and end. No clinical word is known here.

Two states are one point where the same decisions lie ahead of both: then the walks through them differ in the past alone. The fold
is one pass from the ends, so that it costs no more than the edges, however many walks there are.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Iterator, Sequence
from functools import cached_property
from typing import TYPE_CHECKING, Any, TypeAlias

from pathways.graph.explore import Edge, Graph
from pathways.quick_dataclass import dataclass

if TYPE_CHECKING:
    import networkx as nx

    Drawn: TypeAlias = nx.MultiDiGraph

Named = Callable[[Edge], Hashable]


@dataclass(frozen=True, slots=True)
class Way:
    """A way from one point to another: the decisions on it, in order. `through`: the walks that take it."""

    source: int
    target: int
    edges: tuple[Edge, ...]
    through: int


@dataclass(frozen=True)
class Folded:
    """Points by number, 0 first, so that every way leads to a later one; `states` holds the nodes that a point stands for."""

    graph: Graph
    states: tuple[tuple[int, ...], ...]
    ways: tuple[tuple[Way, ...], ...]
    through: tuple[int, ...]

    def ends(self) -> list[int]:
        """Points at which walks end."""
        return [point for point, leaving in enumerate(self.ways) if not leaving]

    def partings(self) -> list[int]:
        """Points at which something is chosen."""
        return [point for point, leaving in enumerate(self.ways) if len(leaving) > 1]

    @cached_property
    def arriving(self) -> tuple[int, ...]:
        """How many ways lead to each point."""
        found = [0] * len(self.ways)
        for way in self.every_way():
            found[way.target] += 1
        return tuple(found)

    @cached_property
    def ahead(self) -> tuple[int, ...]:
        """How many walks lead on from each point."""
        found = [1] * len(self.ways)
        for point in reversed(range(len(self.ways))):
            if self.ways[point]:
                found[point] = sum(found[way.target] for way in self.ways[point])
        return tuple(found)

    def meetings(self) -> list[int]:
        """Points at which ways come together, the ends apart."""
        return [point for point, number in enumerate(self.arriving) if number > 1 and self.ways[point]]

    def every_way(self) -> Iterator[Way]:
        """Every way, from the start on."""
        for leaving in self.ways:
            yield from leaving

    def on_all(self, ends: Iterable[int]) -> tuple[Way, ...]:
        """Ways that every walk to one of `ends` takes, in order: those that dominate the ends."""
        import networkx as nx

        start, sink = ("point", 0), ("sink",)
        drawn = nx.DiGraph()
        drawn.add_node(start)
        for place, way in enumerate(self.every_way()):
            drawn.add_edge(("point", way.source), ("way", place))
            drawn.add_edge(("way", place), ("point", way.target))
        drawn.add_edges_from((("point", end), sink) for end in ends)
        if sink not in drawn:
            return ()
        before = nx.immediate_dominators(drawn, start)
        ways, found, here = tuple(self.every_way()), list[Way](), before.get(sink, start)
        while here != start:
            if here[0] == "way":
                found.append(ways[here[1]])
            here = before[here]
        return tuple(reversed(found))

    def to_networkx(self, of_point: Callable[[int], dict[str, Any]], of_way: Callable[[Way], dict[str, Any]]) -> Drawn:
        """The fold as a networkx graph, with what is told of each point and each way; the key of a way are its triggers."""
        import networkx as nx

        drawn = nx.MultiDiGraph()
        for point in range(len(self.ways)):
            drawn.add_node(point, **of_point(point))
        for way in self.every_way():
            key = " ".join(edge.declared.name for edge in way.edges)
            if drawn.has_edge(way.source, way.target, key=key):
                key = f"{key} {drawn.number_of_edges(way.source, way.target)}"
            drawn.add_edge(way.source, way.target, key=key, **of_way(way))
        return drawn


def folded(graph: Graph, leaving: Sequence[Sequence[Edge]], named: Named) -> Folded:
    """The walks over `leaving` from the start, folded. Outcomes are no points: the walk goes through them.

    Two decisions are alike where `named` calls them alike and the same lies ahead of both.
    """
    reached = _reached(graph, leaving)
    merged = _Merged(graph, leaving, named)
    for node in graph.order:
        if node in reached:
            merged.add(node)
    return merged.contracted()


def graphml_of(drawn: Drawn) -> str:
    """A graph with plain attributes as GraphML, by networkx."""
    import networkx as nx

    return "\n".join(nx.generate_graphml(drawn, named_key_ids=True)) + "\n"


def _reached(graph: Graph, leaving: Sequence[Sequence[Edge]]) -> set[int]:
    reached = {0}
    for node in reversed(graph.order):
        if node in reached:
            reached.update(edge.target for edge in leaving[node])
    return reached


class _Merged:
    """Points in the order in which they are found: ends first."""

    def __init__(self, graph: Graph, leaving: Sequence[Sequence[Edge]], named: Named) -> None:
        self.graph, self.leaving, self.named = graph, leaving, named
        self.known: dict[Hashable, int] = {}
        self.point_of: dict[int, int] = {}
        self.states: list[list[int]] = []
        self.ahead: list[list[tuple[Edge, int]]] = []

    def add(self, node: int) -> None:
        """The point of a node of which all targets have theirs."""
        out = self.leaving[node]
        if len(out) == 1 and out[0].declared.kind == "outcome":
            self.point_of[node] = self.point_of[out[0].target]
            return
        ahead = [(edge, self.point_of[edge.target]) for edge in out]
        known: Hashable = frozenset((self.named(edge), point) for edge, point in ahead) or self.graph.states[node].phase
        point = self.known.setdefault(known, len(self.states))
        if point == len(self.states):
            self.states.append([])
            self.ahead.append(ahead)
        self.states[point].append(node)
        self.point_of[node] = point

    def contracted(self) -> Folded:
        """Points at which nothing is chosen and nothing meets belong to the way through them; numbered from the start on."""
        start = self.point_of[0]
        walks = self._walks()
        arriving = [0] * len(self.states)
        for ahead in self.ahead:
            for _, target in ahead:
                arriving[target] += 1
        kept = [
            point for point, ahead in enumerate(self.ahead) if point == start or len(ahead) != 1 or arriving[point] > 1
        ]
        number = {point: place for place, point in enumerate(reversed(kept))}
        through = [0] * len(kept)
        through[0] = 1
        ways: list[tuple[Way, ...]] = []
        for point in reversed(kept):
            here = through[number[point]]
            leaving = []
            for edge, target in self.ahead[point]:
                edges = [edge]
                while target not in number:
                    edge, target = self.ahead[target][0]  # noqa: PLW2901
                    edges.append(edge)
                leaving.append(Way(number[point], number[target], tuple(edges), here * walks[target]))
                through[number[target]] += here
            ways.append(tuple(leaving))
        states = tuple(tuple(self.states[point]) for point in reversed(kept))
        counted = tuple(
            number_before * walks[point] for number_before, point in zip(through, reversed(kept), strict=True)
        )
        return Folded(self.graph, states, tuple(ways), counted)

    def _walks(self) -> list[int]:
        """How many walks lead on from each point."""
        walks: list[int] = []
        for ahead in self.ahead:
            walks.append(sum(walks[target] for _, target in ahead) if ahead else 1)
        return walks
