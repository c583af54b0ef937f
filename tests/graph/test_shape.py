"""The shape of a graph, held to what the routes themselves say."""

from functools import cache

import networkx as nx
import pytest
from shipped import CONSTRUCTED, graph_of, named

from pathways.graph.routes import count_routes, routes
from pathways.graph.shape import bottlenecks, condensed_phases, longest_route


@cache
def few():
    """Graphs whose routes can be listed."""
    published = [graph_of(named(name)) for name in ("meta-02", "rep-02", "stg-02", "lung-01")]
    return published + [graph for graph in map(graph_of, CONSTRUCTED) if count_routes(graph) < 300]


def nodes_of(route):
    return {0} | {edge.target for edge in route}


def test_no_route_takes_more_days_than_the_longest_one():
    assert len(few()) > 20
    for graph in few():
        days, longest = longest_route(graph)
        every = list(routes(graph))
        assert longest in every, graph.facts.assessed.case.id
        assert days == max(sum(map(graph.days, route)) for route in every) == sum(map(graph.days, longest))


def test_every_route_passes_a_bottleneck_and_can_avoid_every_other_state():
    for graph in few():
        every = [nodes_of(route) for route in routes(graph)]
        assert set(bottlenecks(graph)) - set.intersection(*every) == set(), graph.facts.assessed.case.id
        assert set.intersection(*every) <= {*bottlenecks(graph)}
        assert bottlenecks(graph)[0] == 0


def test_bottlenecks_of_a_cure_are_those_of_the_routes_that_end_in_it():
    graph = graph_of(named("rep-02"))
    cured = [nodes_of(one) for one in routes(graph) if graph.states[one[-1].target].phase == "resected"]
    found = bottlenecks(graph, ("resected",))
    assert set(found) == set.intersection(*cured)
    assert [graph.states[node].phase for node in found][:2] == ["referred", "resectable"]
    assert set(bottlenecks(graph)) <= set(found)


def test_a_phase_that_is_not_reached_has_no_bottleneck():
    assert bottlenecks(graph_of(named("meta-02")), ("transplanted",)) == ()


@pytest.mark.parametrize("name", ["meta-02", "alp-01", "conv-01"])
def test_phases_stand_together_where_each_leads_back_to_the_other(name):
    graph = graph_of(named(name))
    found = condensed_phases(graph)
    phases = nx.DiGraph()
    for leaving in graph.edges:
        phases.add_edges_from((graph.states[e.source].phase, graph.states[e.target].phase) for e in leaving)
    assert nx.is_directed_acyclic_graph(found)
    assert all(source < target for source, target in found.edges)
    group = {phase: node for node, told in found.nodes(data="phases") for phase in told}
    assert group.keys() == set(phases)
    reached = {phase: nx.descendants(phases, phase) | {phase} for phase in phases}
    for one in phases:
        for other in phases:
            assert (group[one] == group[other]) == (other in reached[one] and one in reached[other])
    assert "referred" in found.nodes[0]["phases"]
