from collections import Counter
from itertools import islice

import networkx as nx
import pytest
from builders import make_case
from hypothesis import given, settings
from shipped import CONSTRUCTED, PUBLISHED, ROOT, case_at, graph_of, named
from strategies import cases

from pathways.graph.explore import explore
from pathways.graph.routes import count_routes, counts, routes, walks
from pathways.knowledge.protocols import load_protocol
from pathways.process.declaration import PROCESS
from pathways.process.facts import State
from pathways.process.phases import INVARIANTS
from pathways.teaching.authoring.loading import load_scenario

DEFAULT = load_protocol()


@pytest.mark.parametrize("path", PUBLISHED, ids=lambda path: path.stem)
def test_the_graph_of_a_published_case_is_acyclic_and_ends_everywhere(path):
    graph = graph_of(path)
    drawn = graph.to_networkx()
    assert nx.is_directed_acyclic_graph(drawn)
    assert all(graph.states[node].phase in PROCESS.ends for node in range(len(graph.states)) if graph.is_end(node))
    # A cleared liver ends the episode; the second half of a perioperative course follows it.
    leads_on = {
        edge.declared.course
        for node, state in enumerate(graph.states)
        if state.phase in PROCESS.ends
        for edge in graph.edges[node]
    }
    assert leads_on <= {"postoperative"}


@pytest.mark.parametrize("path", PUBLISHED, ids=lambda path: path.stem)
def test_every_state_is_reachable_from_the_start(path):
    drawn = graph_of(path).to_networkx()
    start = graph_of(path).states[0]
    assert len(nx.descendants(drawn, start)) == len(drawn) - 1


@given(cases())
@settings(max_examples=60, deadline=None, derandomize=True)
def test_any_drawn_case_gives_an_acyclic_graph_that_ends(case):
    graph = explore(case, DEFAULT)
    position = {node: place for place, node in enumerate(graph.order)}
    assert len(position) == len(graph.states)
    for leaving in graph.edges:
        assert all(position[edge.target] < position[edge.source] for edge in leaving)
    assert {graph.states[node].phase for node in range(len(graph.states)) if graph.is_end(node)} <= PROCESS.ends


@given(cases())
@settings(max_examples=60, deadline=None, derandomize=True)
def test_a_phase_offers_one_set_of_outcomes_with_one_hoped_for_member(case):
    graph = explore(case, DEFAULT)
    for node, state in enumerate(graph.states):
        kinds = {edge.declared.kind for edge in graph.edges[node]}
        assert len(kinds) <= 1
        if state.phase in PROCESS.outcome_phases:
            assert sum(edge.declared.hoped_for for edge in graph.edges[node]) == 1


@given(cases())
@settings(max_examples=60, deadline=None, derandomize=True)
def test_what_is_declared_true_of_a_phase_holds_in_every_state(case):
    for state in explore(case, DEFAULT).states:
        for fact, allowed in INVARIANTS.get(state.phase, {}).items():
            # A fact that nobody reads again may have been reset.
            assert getattr(state, fact) in allowed or fact not in live_of(state)


def live_of(state):
    from pathways.process.liveness import live_facts

    return live_facts()[state.phase, state.stage]


@given(cases())
@settings(max_examples=40, deadline=None, derandomize=True)
def test_counting_equals_listing(case):
    graph = explore(case, DEFAULT)
    number = count_routes(graph)
    if number < 1_000_000:
        assert sum(1 for _ in routes(graph)) == number


FEW, MANY = 1_000, 20_000


def teaching():
    return {path: load_scenario(path).case for path in sorted((ROOT / "scenarios" / "teaching").glob("*.yaml"))}


def walked_by_networkx(graph):
    """The complete routes as networkx finds them, and as we do."""
    drawn = nx.MultiDiGraph()
    drawn.add_nodes_from(range(len(graph.states)))
    for leaving in graph.edges:
        for edge in leaving:
            drawn.add_edge(edge.source, edge.target, key=edge.trigger)
    ends = [node for node in drawn if not drawn.out_degree(node)]
    theirs = Counter(map(tuple, nx.all_simple_edge_paths(drawn, 0, ends)))
    as_theirs = {edge: (edge.source, edge.target, edge.trigger) for leaving in graph.edges for edge in leaving}
    return theirs, Counter(tuple(map(as_theirs.__getitem__, route)) for route in routes(graph))


def holds_for(graphs, least, most):
    """networkx and we find the same routes, each once, of every graph with so many; how many graphs that are."""
    held = 0
    for graph in graphs:
        if least <= count_routes(graph) < most:
            theirs, ours = walked_by_networkx(graph)
            assert ours == theirs
            assert set(ours.values()) == {1}
            held += 1
    return held


def test_routes_are_those_that_networkx_walks():
    assert holds_for(map(graph_of, (*PUBLISHED, *CONSTRUCTED)), 0, FEW) > 35


@pytest.mark.slow
def test_routes_of_every_shipped_case_under_twenty_thousand_are_those_that_networkx_walks():
    shipped = holds_for(map(graph_of, (*PUBLISHED, *CONSTRUCTED)), FEW, MANY)
    assert shipped > 8
    # pve-01 (67 685 routes) for good measure.
    assert holds_for([graph_of(named("pve-01"))], MANY, 100_000) == 1
    assert holds_for((explore(case, DEFAULT) for case in teaching().values()), 0, MANY) > 5


def readable(graph, file):
    """The graph written and read by networkx."""
    nx.write_graphml(graph.to_networkx(), file)
    return nx.read_graphml(file, force_multigraph=True)


@pytest.mark.parametrize(
    "path",
    [named("meta-02"), named("lung-01"), named("rep-02"), named("alp-01"), *CONSTRUCTED[:8]],
    ids=lambda path: path.stem,
)
def test_what_networkx_writes_as_graphml_reads_back_with_equal_states_steps_and_triggers(path, tmp_path):
    graph = graph_of(path)
    read = readable(graph, tmp_path / "graph.graphml")
    state = {node: State(**told) for node, told in read.nodes(data=True)}
    assert set(state.values()) == set(graph.states)
    assert len(read) == len(graph.states)
    told = {
        (
            state[source],
            state[target],
            key,
            step["trigger"],
            step["kind"],
            step["hoped_for"],
            step["families"],
            step["days"],
        )
        for source, target, key, step in read.edges(data=True, keys=True)
    }
    steps = [edge for leaving in graph.edges for edge in leaving]
    assert read.number_of_edges() == len(steps)
    assert told == {
        (
            graph.states[edge.source], graph.states[edge.target], edge.declared.name, edge.declared.name, edge.declared.kind,
            edge.declared.hoped_for, " ".join(graph.families(edge)), graph.days(edge),
        )
        for edge in steps
    }  # fmt: skip


@pytest.mark.slow
def test_the_graph_of_every_shipped_case_reads_back(tmp_path):
    for path in (*PUBLISHED, *CONSTRUCTED):
        graph = graph_of(path)
        read = readable(graph, tmp_path / "graph.graphml")
        assert {State(**told) for _, told in read.nodes(data=True)} == set(graph.states)
        assert Counter(nx.get_edge_attributes(read, "trigger").values()) == Counter(
            edge.declared.name for leaving in graph.edges for edge in leaving
        )


def test_routes_come_in_declared_order_and_lazily():
    graph = graph_of(named("lf-02"))
    assert count_routes(graph) > 1_000_000
    first = list(islice(routes(graph), 500))
    keys = [tuple(edge.trigger for edge in route) for route in first]
    assert keys == sorted(keys)
    assert len(set(keys)) == 500


def test_counting_is_exact_far_beyond_a_million_million():
    class GradedChange:
        edges = tuple(tuple(_edges(node)) for node in range(61))
        states = tuple(range(61))
        order = tuple(range(60, -1, -1))

    assert count_routes(GradedChange()) == 2**60


def _edges(node):
    from pathways.graph.explore import Edge

    return [Edge(trigger, node, node + 1) for trigger in range(2)] if node < 60 else []


def test_walking_keeps_memory_constant():
    import tracemalloc

    graph = graph_of(named("lf-02"))
    number = counts(graph)
    tracemalloc.start()
    for _ in islice(walks(graph.edges, number), 20_000):
        pass
    _, after_few = tracemalloc.get_traced_memory()
    for _ in islice(walks(graph.edges, number), 300_000):
        pass
    _, after_many = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert after_many < 3 * after_few + 2_000_000


def test_sizes_stay_small_on_published_cases():
    sizes = sorted(len(graph_of(path).states) for path in PUBLISHED)
    assert sizes[len(sizes) // 2] < 3000
    assert sizes[-1] < 20_000


def test_edge_keys_of_the_networkx_graph_are_triggers():
    drawn = graph_of(named("meta-02")).to_networkx()
    assert {key for _, _, key in drawn.edges(keys=True)} <= {trigger.name for trigger in PROCESS.triggers}
    assert all(node.phase for node in drawn)


IRRADIATED = {
    "primary": {
        "site": "rectum", "status": "in_situ", "presentation": "synchronous", "urgent": "none", "r0_resectable": True,
        "needs_radiotherapy": True,
    },
    "history": [{"event": "radiotherapy", "week": -12, "until_week": -11}],
    "extrahepatic": [{"site": "lung", "resectable": True}],
}  # fmt: skip


@pytest.mark.parametrize(
    "case",
    [case_at(named("dlm-01")), case_at(named("lung-01")), make_case(**{**IRRADIATED, "history": []}), make_case(**IRRADIATED)],
    ids=["dlm-01", "lung-01", "radiotherapy is due", "radiotherapy was given before"],
)  # fmt: skip
def test_surgery_is_called_upfront_only_where_no_oncological_treatment_of_the_plan_has_gone_before(case):
    graph = explore(case, DEFAULT)
    edges = [edge for leaving in graph.edges for edge in leaving]
    treated = {edge.target for edge in edges if edge.declared.oncological}
    for node in reversed(graph.order):
        if node in treated:
            treated |= {edge.target for edge in graph.edges[node]}
    upfront = {edge.source for edge in edges if "upfront_surgery" in graph.families(edge)}
    assert treated
    assert not upfront & treated
    # Where radiotherapy is due it is what comes first.
    assert upfront or any(edge.declared.name.startswith("irradiate") for edge in edges)
