"""Why not, and what would open it: every answer is tried again here, from a file that says the changed case."""

import json

import pytest
from builders import make_case
from shipped import CONSTRUCTED, PUBLISHED, graph_of, named

import pathways as pw
from pathways.case.loading import parse_case
from pathways.facts.derive import CaseFacts
from pathways.knowledge.protocols import load_protocol
from pathways.planning.assumptions import in_lines
from pathways.planning.compare import compare, sweep
from pathways.planning.evaluate import evaluate
from pathways.planning.explain import Explainer, explain
from pathways.planning.graded_changes import graded_changes
from pathways.planning.missing import what_next
from pathways.planning.openness import families_open
from pathways.planning.plan import ALL_FAMILIES, plan
from pathways.planning.relaxed import Relaxed
from pathways.planning.turning import MOST_PAIRS

DEFAULT = load_protocol()
SOME = [named(name) for name in ("alp-01", "stg-01", "conv-01", "tsh-05", "lt-03")]


def graph_with(**changes):
    return pw.explore(make_case(**changes), DEFAULT)


def told_again(case):
    """The case as a person would write it down: through text and every check of the loader."""
    return parse_case(json.dumps(case.model_dump(mode="json", by_alias=True, exclude_unset=False, exclude_none=True)))


@pytest.mark.parametrize("path", SOME, ids=lambda path: path.stem)
def test_what_is_said_to_open_a_road_opens_it(path):
    made = Explainer(graph_of(path))
    for family in ALL_FAMILIES:
        if made.status(family) == "open":
            continue
        for answer in made.openings(family, combined=False):
            change = answer.changes[-1]
            assert family in plan(told_again(change.case), change.protocol, top=0).open, answer.words


def test_two_changes_together_open_what_none_opens_alone():
    graph = graph_of(named("lt-02"))
    found = explain(graph, "debulking").answers
    assert found
    assert all(len(answer.changes) == 2 for answer in found)
    for answer in found:
        last = answer.changes[-1]
        assert "debulking" in plan(told_again(last.case), last.protocol, top=0).open


def test_pairs_that_are_left_untried_are_counted():
    found = Explainer(graph_of(named("ben-02"))).turning.openings("transplantation")
    assert not found.answers
    assert found.tried == MOST_PAIRS
    assert found.left > 0


def test_an_open_family_is_explained_by_its_pathways_and_by_what_closes_it():
    graph = graph_of(named("alp-01"))
    found = explain(graph, "pve").as_json()
    planned = {one.id: one for one in plan(graph.facts.assessed.case, DEFAULT).pathways}
    assert [one["id"] for one in found["pathways"]] == [one.id for one in planned.values() if "pve" in one.families]
    for one in found["pathways"]:
        assert one["title"] == planned[one["id"]].title
        assert one["worse_than"] == planned[one["id"]].worse_than
        assert set(found["against"]) <= set(one["warnings"])
    carried = explain(graph, "pve")
    assert carried.assumptions == in_lines(
        one for one in carried.carried_by[0].assumed if all(one in other.assumed for other in carried.carried_by)
    )
    assert found["closes_if"]


def test_a_number_of_another_protocol_closes_a_road():
    lesions = [{"segments": [5, 6, 7, 8], "count": 4, "size_mm": 50, "depth": "deep"}]
    liver = {"measured_remnants": [{"removes": [5, 6, 7, 8], "fraction": 0.27}]}
    graph = graph_with(patient={"weight_kg": None, "height_cm": None}, liver=liver, lesions=lesions)
    closing = {one.changes[0].key for one in explain(graph, "pve").answers}
    assert "protocol.remnant_limit_normal" in closing


def test_what_is_said_to_close_a_road_closes_it():
    found = explain(graph_of(named("alp-01")), "pve")
    assert found.status == "open"
    assert found.answers
    for answer in found.answers:
        change = answer.changes[-1]
        assert "pve" not in plan(told_again(change.case), change.protocol, top=0).open, answer.words


@pytest.mark.parametrize("path", [*PUBLISHED, *CONSTRUCTED], ids=lambda path: path.stem)
def test_the_union_search_agrees_with_planning_on_what_is_open(path):
    graph = graph_of(path)
    assert Relaxed(graph.facts).open == families_open(graph.facts) == Explainer(graph).open


def test_the_union_search_finds_every_single_change_that_trying_them_one_by_one_finds():
    """Brute force: every step of every ladder is planned; no family that one of them opens may lack an answer."""
    graph = graph_of(named("stg-01"))
    made = Explainer(graph)
    opened = set()
    for graded_change in graded_changes(graph.facts.assessed):
        if not graded_change.option or graded_change.opens:
            continue
        for change in {0: graded_change.steps[0], 1: graded_change.steps[-1]}.values():
            opened |= families_open(CaseFacts(change.case, change.protocol)) - made.open
    assert opened
    for family in opened:
        assert made.openings(family, combined=False), family


LIMIT = pw.load_protocol("default").number("remnant_limit_normal")
BELOW = round(LIMIT - 0.01, 4)


@pytest.mark.parametrize(("fraction", "opens"), [(BELOW, True), (LIMIT, False)])
def test_embolisation_is_closed_from_the_limit_on_and_the_answer_is_one_point_below(fraction, opens):
    lesions = [{"segments": [5, 6, 7, 8], "count": 4, "size_mm": 50, "depth": "deep"}]
    patient = {"weight_kg": None, "height_cm": None}
    graph = graph_with(
        patient=patient, liver={"measured_remnants": [{"removes": [5, 6, 7, 8], "fraction": fraction}]}, lesions=lesions
    )
    found = explain(graph, "pve")
    assert (found.status == "open") == opens
    change = next(one.changes[0] for one in found.answers if one.changes[0].key == "liver.measured_remnants")
    assert change.after == (LIMIT if opens else BELOW)


def test_a_wish_is_an_answer():
    lesions = [{"segments": [5, 6, 7, 8], "count": 4, "size_mm": 50, "depth": "deep"}]
    liver = {"measured_remnants": [{"removes": [5, 6, 7, 8], "fraction": 0.22}]}
    graph = graph_with(patient={"declines": ["alpps"]}, liver=liver, lesions=lesions)
    assert "the patient accepts alpps" in [one.words for one in explain(graph, "alpps").answers]


def test_a_policy_is_an_answer_with_its_key():
    found = explain(graph_of(named("alp-01")), "debulking").answers
    assert [one.changes[0].key for one in found] == ["protocol.debulking_tumours"]


def test_every_plan_says_what_would_open_its_closed_pathways():
    made = plan(pw.load_case(named("alp-01")), DEFAULT)
    opening = {one["family"]: one["opens_if"] for one in made.as_json()["closed"]}
    assert set(opening) == {one.family for one in made.closed}
    assert opening["debulking"]


# --- what to find out next ------------------------------------------------------------------------------------------


def test_the_missing_item_on_which_most_hangs_comes_first():
    evaluation = evaluate(graph_with(extrahepatic=None, patient={"fit_for": None}))
    found = what_next(evaluation)
    assert [one.drop for one in found] == sorted((one.drop for one in found), reverse=True)
    assert {"extrahepatic", "patient.fit_for, patient.ecog, patient.asa"} <= {one.item for one in found}


def test_nothing_hangs_on_what_is_known():
    assert "extrahepatic" not in {one.item for one in what_next(evaluate(graph_with()))}


@pytest.mark.parametrize("path", SOME, ids=lambda path: path.stem)
def test_taking_an_assumption_the_other_way_never_helps(path):
    """But for what is taken badly: a size that would spare liver, a primary taken as in place."""
    assert all(
        one.drop >= -1e-12 or one.taken == "badly" or "primary in place" in one.assumed
        for one in what_next(evaluate(graph_of(path)))
    )


def test_the_chance_without_the_assumption_is_that_of_the_case_that_says_no():
    """Extrahepatic disease that bars surgery, once as an assumption taken back and once in the file."""
    lesions = [{"segments": [6], "size_mm": 50, "depth": "superficial"}]
    item = next(
        one for one in what_next(evaluate(graph_with(extrahepatic=None, lesions=lesions))) if one.item == "extrahepatic"
    )
    barred = graph_with(extrahepatic=[{"site": "bone", "resectable": False}], lesions=lesions)
    assert item.chance_otherwise == pytest.approx(evaluate(barred).worth().resected)


# --- protocols compared ---------------------------------------------------------------------------------------------


def test_protocols_differ_by_the_setting_and_at_the_threshold_that_is_named():
    protocols = [load_protocol(name) for name in ("default", "mdacc", "european")]
    found = compare(pw.load_case(named("alp-03")), protocols)
    assert found.differences
    for one in found.differences:
        for setting in one.because:
            near = found.judged[0].with_setting(setting.key, setting.turns_at)
            assert near.statuses[one.family] != found.judged[0].statuses[one.family]
            toward = setting.turns_at + (1 if setting.first > setting.other else -1) * 0.01
            assert found.judged[0].with_setting(setting.key, toward).statuses[one.family] == one.before
        told = one.as_json()
        assert {key: told[key] for key in ("family", "protocol", "before", "after")} == {
            "family": one.family, "protocol": one.protocol, "before": one.before, "after": one.after,
        }  # fmt: skip
        assert [each["setting"] for each in told["because"]] == [each.key for each in one.because]


def test_a_comparison_shows_the_remnant_and_the_limit_that_binds_under_each_protocol():
    found = compare(pw.load_case(named("pve-01")), [load_protocol("mdacc"), DEFAULT])
    assert [round(one.left.limit.share, 2) for one in found.judged] == [0.20, 0.30]
    assert len({one.as_json()["remnant_fraction"] for one in found.judged}) == 1


def test_a_protocol_does_not_differ_from_itself():
    assert not compare(pw.load_case(named("alp-03")), [DEFAULT, DEFAULT]).differences


def test_a_sweep_opens_growth_where_the_limit_passes_the_remnant():
    lesions = [{"segments": [5, 6, 7, 8], "count": 4, "size_mm": 50, "depth": "deep"}]
    liver = {"measured_remnants": [{"removes": [5, 6, 7, 8], "fraction": 0.27}]}
    case = make_case(patient={"weight_kg": None, "height_cm": None}, liver=liver, lesions=lesions)
    swept = sweep(case, DEFAULT, "remnant_limit_normal", (0.25, 0.27, 0.28))
    assert ["pve" in one.open for one in swept] == [False, False, True]


def test_facts_of_a_changed_case_are_derived_as_for_any_other():
    change = Explainer(graph_of(named("alp-01"))).openings("ablation")[0].changes[0]
    assert CaseFacts(change.case, change.protocol).start() == pw.explore(told_again(change.case), DEFAULT).states[0]


def test_answers_say_what_has_to_be_done():
    found = explain(graph_of(named("alp-01")), "ablation").as_json()
    groups = {one["changes"][0]["kind"]: one["group"] for one in found["opens_if"]}
    assert groups == {"measurement": "measure", "treatment": "treat"}


def test_of_two_changes_the_one_that_asks_for_more_gives_the_group():
    for answer in explain(graph_of(named("lt-02")), "debulking").answers:
        kinds = {one.kind for one in answer.changes}
        assert answer.group == ("choose" if "choice" in kinds else "treat" if "treatment" in kinds else "measure")


@pytest.mark.parametrize("path", [named("meta-02"), named("abl-02"), CONSTRUCTED[9]], ids=lambda path: path.stem)
def test_what_would_have_to_be_worse_stands_apart_is_no_option_and_opens_it(path):
    made = Explainer(graph_of(path))
    shown = 0
    for family in ALL_FAMILIES:
        if made.status(family) == "open":
            continue
        options, worse = made.openings(family, combined=False), made.turning.worsenings(family)
        assert all(one.group != "worse" for one in options)
        for answer in worse:
            (change,) = answer.changes
            assert (answer.group, change.kind) == ("worse", "finding")
            assert family in plan(told_again(change.case), change.protocol, top=0).open, answer.words
            shown += 1
    assert shown


def test_the_answer_on_the_terminal_has_options_by_group_and_the_worse_apart():
    from io import StringIO

    from rich.console import Console

    from pathways.report.why_table import print_explanation

    for family, headings, not_said in (
        ("ablation", ["What opens it", "  Measure", "  Treat"], "worse state"),
        ("pve", ["What closes it", "It would also close if"], "  Choose"),
    ):
        text = StringIO()
        print_explanation(explain(graph_of(named("alp-01")), family), Console(file=text, width=200))
        said = text.getvalue()
        places = [said.index(one) for one in headings]
        assert places == sorted(places)
        assert not_said not in said
