import io
import json
import re

import networkx as nx
import pytest
from shipped import graph_of, named

from pathways.interchange import data, drawings
from pathways.process.declaration import PROCESS

NAMES = ["meta-02", "alp-01", "pve-01"]


@pytest.mark.parametrize("name", NAMES)
def test_graphml_is_read_back_by_networkx_with_every_state_and_step(name):
    graph = graph_of(named(name))
    read = nx.read_graphml(io.BytesIO(data.graphml(graph).encode()), force_multigraph=True)
    assert read.number_of_nodes() == len(graph.states)
    assert read.number_of_edges() == graph.number_of_edges
    assert {fields["phase"] for _, fields in read.nodes(data=True)} == {state.phase for state in graph.states}


@pytest.mark.parametrize("name", NAMES)
def test_json_holds_every_state_and_step(name):
    graph = graph_of(named(name))
    document = json.loads(data.graph_json(graph))
    assert len(document["states"]) == len(graph.states)
    assert len(document["edges"]) == graph.number_of_edges
    assert document["states"][document["start"]]["phase"] == "referred"


@pytest.mark.parametrize("name", NAMES)
def test_dot_has_a_line_for_every_state_and_step(name):
    graph = graph_of(named(name))
    text = drawings.dot(graph)
    assert len(re.findall(r"^  s\d+ \[", text, re.M)) == len(graph.states)
    assert len(re.findall(r"^  s\d+ -> s\d+ ", text, re.M)) == graph.number_of_edges


@pytest.mark.parametrize("name", NAMES)
def test_dot_dashes_exactly_the_outcomes_that_nobody_hopes_for(name):
    graph = graph_of(named(name))
    drawn = re.findall(r'^  s(\d+) -> s(\d+) \[label="(\w+)"(, style=dashed)?\];$', drawings.dot(graph), re.M)
    feared = {
        (str(edge.source), str(edge.target), edge.declared.name)
        for leaving in graph.edges
        for edge in leaving
        if edge.declared.kind == "outcome" and not edge.declared.hoped_for
    }
    assert {tuple(line) for *line, style in drawn if style} == feared
    assert feared
    assert any(not style for *_, style in drawn)


@pytest.mark.parametrize("name", NAMES)
def test_mermaid_draws_exactly_the_phases_reached(name):
    graph = graph_of(named(name))
    text = drawings.mermaid(graph)
    drawn = set(re.findall(r"^  (\w+)[\[({]", text, re.M))
    assert drawn == {state.phase for state in graph.states}
    arrows = set(re.findall(r"^  (\w+) -->.*\| (\w+)$", text, re.M))
    edges = [edge for leaving in graph.edges for edge in leaving]
    assert arrows == {(graph.states[edge.source].phase, graph.states[edge.target].phase) for edge in edges}


def test_drawings_say_what_they_are():
    assert "no medical device" in drawings.mermaid(graph_of(named("meta-02")))
    assert "no medical device" in drawings.dot(graph_of(named("meta-02")))


def test_quotes_in_a_label_are_escaped():
    assert drawings._escaped('say "x"\\') == 'say \\"x\\"\\\\'


def test_the_exported_keys_are_all_of_the_state():
    assert graph_of(named("meta-02")).states[0]._fields == data.STATE_KEYS
    assert {trigger.kind for trigger in PROCESS.triggers} == {"decision", "outcome"}
