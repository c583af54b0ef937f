"""The map of pathways: it folds them all and no other, and what it says of them is read off the graph."""

import io
import json
import os
import sys
from functools import cache

import networkx as nx
import pytest
from shipped import CONSTRUCTED, PUBLISHED, named, plan_at

import pathways as pw
from pathways.interchange import maps
from pathways.planning.map_answers import NO_QUESTION, QUESTIONS
from pathways.planning.pathway_groups import hoped_for
from pathways.planning.pathway_map import irreversible, map_of
from pathways.planning.plan import ALL_FAMILIES
from pathways.process.declaration import PROCESS

# Few enough pathways to list, from every kind of case.
LISTED = [named("alp-03"), *PUBLISHED[::8], *CONSTRUCTED[::8]]
STEP = {one.name: one for one in PROCESS.triggers}


@cache
def map_at(path):
    return map_of(plan_at(path))


def walked(drawn):
    """Every walk through a map, by the names of its steps."""
    ends = [node for node, told in drawn.nodes(data=True) if told["kind"] == "end"]
    for end in ends:
        for path in nx.all_simple_edge_paths(drawn, 0, end):
            yield tuple(step for one in path for step in drawn.edges[one]["steps"].split())


@pytest.mark.parametrize("path", LISTED, ids=lambda path: path.stem)
def test_the_walks_through_the_map_are_the_pathways_and_no_others(path):
    drawn = pw.pathway_map(plan_at(path))
    assert nx.is_directed_acyclic_graph(drawn)
    hoped = hoped_for(plan_at(path).graph)
    wanted = {tuple(edge.declared.name for edge in walk if edge.declared.kind == "decision") for walk in hoped.listed()}
    found = list(walked(drawn))
    assert len(found) == len(set(found)) == hoped.number == drawn.graph["pathways"]
    assert set(found) == wanted


@pytest.mark.parametrize("path", LISTED, ids=lambda path: path.stem)
def test_what_is_common_lies_on_every_walk_and_what_lies_on_every_walk_is_common(path):
    made = map_at(path)
    listed = list(hoped_for(plan_at(path).graph).listed())
    decisions = [{edge.declared.name for edge in walk if edge.declared.kind == "decision"} for walk in listed]
    shared = set.intersection(*decisions)
    assert {one.step for one in made.common if one.of == "all" and one.step in STEP} == shared


@pytest.mark.parametrize("path", LISTED, ids=lambda path: path.stem)
def test_answers_to_a_question_count_every_pathway_that_aims_at_the_liver_once(path):
    made = map_at(path)
    number = made.folded.through[0]
    for question, answers in made.questions.items():
        care = sum(
            1
            for walk in hoped_for(plan_at(path).graph).listed()
            if any("palliative" in plan_at(path).graph.families(edge) for edge in walk)
        )
        assert sum(one.pathways for one in answers) == (number if question == "aim" else number - care)


def test_the_span_of_an_answer_holds_the_chances_of_the_pathways_of_the_plan_that_give_it():
    made, plan = map_at(named("alp-03")), plan_at(named("alp-03"))
    for question, answers in made.questions.items():
        for one in answers:
            carrying = [
                other.prospect.cleared.value
                for other in plan.pathways
                if tuple(family for family in QUESTIONS[question] if family in other.families) == one.families
                and (question == "aim" or "palliative" not in other.families)
            ]
            assert all(one.cleared[0] - 1e-9 <= chance <= one.cleared[1] + 1e-9 for chance in carrying)


def test_a_step_that_cannot_be_undone_says_what_is_out_of_reach_after_it():
    made = map_at(named("alp-03"))
    embolised = next(
        one for one in made.no_return if one["step"] == "embolise_portal_vein" and "alpps" in one["closes"]
    )
    assert {"lvd", "two_stage", "perioperative_chemotherapy"} <= set(embolised["closes"])
    assert not any(one["step"] == "start_perioperative_chemotherapy" for one in made.no_return)


def test_every_operation_is_one_that_cannot_be_undone_and_no_drug_is():
    assert all(irreversible(one) for one in PROCESS.triggers if one.operation)
    assert not any(irreversible(one) for one in PROCESS.triggers if one.acts == ("systemic",))


def test_every_family_answers_a_question_or_is_named_as_answering_none():
    asked = [one for families in QUESTIONS.values() for one in families]
    assert sorted([*asked, *NO_QUESTION]) == sorted(ALL_FAMILIES)


def test_a_family_that_begins_with_drugs_against_the_disease_answers_the_question_about_drugs():
    begins = {tag.family for one in PROCESS.triggers if "systemic" in one.acts for tag in one.tags}
    assert begins == set(QUESTIONS["drugs"])


def test_the_json_has_the_fixed_parts_and_its_ways_lead_to_its_points(capsys):
    document = map_at(named("alp-03")).as_json()
    assert {"nodes", "edges", "common", "partings", "no_return"} <= set(document)
    points = {one["id"] for one in document["nodes"]}
    assert {one["from"] for one in document["edges"]} | {one["to"] for one in document["edges"]} == points
    assert json.loads(json.dumps(document)) == document
    point, way = {"id", "kind", "phase", "title", "pathways", "meets"}, {"from", "to", "steps", "title", "families"}
    assert all(set(one) == point for one in document["nodes"])
    assert all(set(one) == way | {"pathways", "no_return"} for one in document["edges"])
    parting = next(one for one in document["partings"] if one["pathways"] == 72)
    assert sum(one["pathways"] for one in parting["options"]) == 72


@pytest.mark.parametrize("name", ["alp-03", "sim-04"])
def test_graphml_of_the_map_is_read_back_by_networkx(name):
    drawn = pw.pathway_map(plan_at(named(name)))
    read = nx.read_graphml(io.BytesIO(maps.graphml(map_at(named(name))).encode()), node_type=int, force_multigraph=True)
    assert set(read.nodes) == set(drawn.nodes)
    assert sorted(told["steps"] for _, _, told in read.edges(data=True)) == sorted(
        told["steps"] for _, _, told in drawn.edges(data=True)
    )


def test_mermaid_and_dot_name_every_point_and_mark_what_cannot_be_taken_back():
    made = map_at(named("sim-04"))
    for text, arrow in ((maps.mermaid(made), "==>"), (maps.dot(made), "style=bold")):
        assert all(f"n{point}" in text for point in range(len(made.folded.ways)))
        assert arrow in text


@pytest.mark.parametrize("path", [named("alp-03"), named("lf-02"), named("sim-04")], ids=lambda path: path.stem)
def test_the_tree_fits_a_screen_at_eighty_columns(path, capsys, monkeypatch):
    said = printed(path, capsys, monkeypatch)
    assert len(said.splitlines()) <= 52
    assert max(map(len, said.splitlines())) <= 80


def test_the_tree_of_the_map_tells_a_stranger_where_pathways_part(capsys, monkeypatch):
    said = printed(named("alp-03"), capsys, monkeypatch)
    for words in (
        "72 pathways, 71 with the liver cleared", "left trisectionectomy + limited resection of A", "growth of the remnant",
        "ALPPS 9", "perioperative systemic treatment 57", "No way back", "→ as at",
    ):  # fmt: skip
        assert words in " ".join(said.split())


def printed(path, capsys, monkeypatch):
    from pathways.cli.main import run

    monkeypatch.setattr(sys, "argv", ["pathways", "map", str(path)])
    monkeypatch.setitem(os.environ, "COLUMNS", "80")
    with pytest.raises(SystemExit) as stop:
        run()
    assert not stop.value.code
    return capsys.readouterr().out


@pytest.mark.benchmark
def test_the_map_costs_at_most_half_of_the_plan():
    import time

    from pathways.planning.plan import plan

    ratios = []
    for path in PUBLISHED[::4]:
        case, protocol = pw.load_case(path), pw.load_protocol()
        plan(case, protocol)
        before = time.perf_counter()
        made = plan(case, protocol)
        planned = time.perf_counter()
        map_of(made).as_json()
        ratios.append((time.perf_counter() - planned) / (planned - before))
    assert sorted(ratios)[len(ratios) // 2] <= 0.5
