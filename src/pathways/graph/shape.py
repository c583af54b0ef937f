"""The shape of a graph, by networkx: how long it may last, what everybody passes, from where there is no way back. Asked once a case, not hot."""

from __future__ import annotations

from collections.abc import Collection
from itertools import pairwise
from typing import TYPE_CHECKING

from pathways.graph.explore import Edge, Graph
from pathways.graph.routes import Route

if TYPE_CHECKING:
    import networkx as nx

# Beside the positions of states: where all walks come together.
SINK = -1


def longest_route(graph: Graph) -> tuple[float, Route]:
    """The planned days of the route that takes most, bad luck included, and the route."""
    import networkx as nx

    slowest: dict[tuple[int, int], Edge] = {}
    for leaving in graph.edges:
        for edge in leaving:
            known = slowest.get((edge.source, edge.target))
            if known is None or graph.days(edge) > graph.days(known):
                slowest[edge.source, edge.target] = edge
    drawn = nx.DiGraph()
    drawn.add_node(0)
    drawn.add_weighted_edges_from(((*ends, graph.days(edge)) for ends, edge in slowest.items()), weight="days")
    nodes = nx.dag_longest_path(drawn, weight="days")
    # Steps that take no days may be missing before and behind: any of them lead from the start and to an end.
    nodes = [*nx.shortest_path(drawn, 0, nodes[0]), *nodes[1:]]
    while not graph.is_end(nodes[-1]):
        nodes.append(graph.edges[nodes[-1]][0].target)
    route = tuple(slowest[ends] for ends in pairwise(nodes))
    return sum(map(graph.days, route)), route


def bottlenecks(graph: Graph, phases: Collection[str] = ()) -> tuple[int, ...]:
    """States that every route passes, in order; with `phases`, every route that comes to one of them."""
    import networkx as nx

    drawn = nx.DiGraph()
    drawn.add_node(0)
    drawn.add_edges_from((edge.source, edge.target) for leaving in graph.edges for edge in leaving)
    for node, state in enumerate(graph.states):
        if state.phase in phases if phases else graph.is_end(node):
            drawn.add_edge(node, SINK)
    if SINK not in drawn:
        return ()
    before = nx.immediate_dominators(drawn, 0)
    found, here = list[int](), SINK
    while here != 0:
        here = before[here]
        found.append(here)
    return tuple(reversed(found))


def condensed_phases(graph: Graph) -> nx.DiGraph:
    """The phases that the graph reaches, those that lead back to one another as one node: behind an arrow there is no way back.

    A node is a number in topological order, with `phases`: a tuple of names, in the order of the graph.
    """
    import networkx as nx

    drawn = nx.DiGraph()
    drawn.add_nodes_from(dict.fromkeys(state.phase for state in graph.states))
    for leaving in graph.edges:
        drawn.add_edges_from((graph.states[edge.source].phase, graph.states[edge.target].phase) for edge in leaving)
    order = {phase: place for place, phase in enumerate(drawn)}
    groups = nx.condensation(drawn)
    members = {node: tuple(sorted(told, key=order.__getitem__)) for node, told in groups.nodes(data="members")}
    sequence = nx.lexicographical_topological_sort(groups, key=lambda node: order[members[node][0]])
    number = {node: place for place, node in enumerate(sequence)}
    found = nx.DiGraph()
    found.add_nodes_from((place, {"phases": members[node]}) for node, place in number.items())
    found.add_edges_from((number[source], number[target]) for source, target in groups.edges)
    return found
