"""Routes: complete walks from the start to an end, bad luck included. Counted exactly, streamed, never collected."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from pathways.graph.explore import Edge, Graph

Route = tuple[Edge, ...]

# Below this many routes from a node, their tails are kept and shared: a walk then costs one joining of tuples a route,
# and the memory stays bounded by this number times the nodes that are kept. More would be joined slower than they are shared.
TAILS_KEPT = 128
MOST_TAILS = 4096


def count_routes(graph: Graph) -> int:
    """The exact number of routes, by dynamic programming from the ends; linear in the edges."""
    return counts(graph)[0]


def counts(graph: Graph, edges: Sequence[Sequence[Edge]] | None = None) -> list[int]:
    """The number of walks to an end from every node, over `edges` (all edges of the graph unless told)."""
    leaving = graph.edges if edges is None else edges
    number = [0] * len(graph.states)
    for node in graph.order:
        out = leaving[node]
        number[node] = sum([number[edge.target] for edge in out]) if out else 1
    return number


def routes(graph: Graph) -> Iterator[Route]:
    """Every route, in the declared order of triggers, as a tuple of edges; lazily, in constant memory."""
    return walks(graph.edges, counts(graph))


def walks(edges: Sequence[Sequence[Edge]], number: Sequence[int]) -> Iterator[Route]:
    """Every complete walk over `edges`; `number` holds the walks from each node (0: a node that leads nowhere)."""
    kept: dict[int, list[Route]] = {}
    stack: list[tuple[Route, int]] = [((), 0)]
    while stack:
        head, node = stack.pop()
        if number[node] <= TAILS_KEPT:
            tails = kept.get(node)
            if tails is None:
                if len(kept) >= MOST_TAILS:
                    kept.clear()
                tails = _tails(edges, number, node, kept)
            for tail in tails:
                yield head + tail
            continue
        stack.extend(((*head, edge), edge.target) for edge in reversed(edges[node]) if number[edge.target])


def _tails(
    edges: Sequence[Sequence[Edge]], number: Sequence[int], node: int, kept: dict[int, list[Route]]
) -> list[Route]:
    """Every walk from `node`, all at once, with those of the nodes after it in `kept`; only for nodes with few of them."""
    found = kept.get(node)
    if found is None:
        found = [] if edges[node] else [()]
        for edge in edges[node]:
            if number[edge.target]:
                first = (edge,)
                found += [first + tail for tail in _tails(edges, number, edge.target, kept)]
        kept[node] = found
    return found
