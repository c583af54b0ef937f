"""Closed is three things: nothing to do it to, a lesser act suffices, or a rule bars it."""

from io import StringIO

import pytest
from builders import make_case
from hypothesis import given, settings
from hypothesis import strategies as st
from rich.console import Console
from shipped import CONSTRUCTED, PUBLISHED, ROOT, plan_at
from strategies import cases, measured_cases, sparse_cases

import pathways as pw
from pathways.case.loading import load_case
from pathways.report.plan_table import print_plan

DEFAULT = pw.load_protocol("default")
EASY = [{"id": "A", "segments": [6], "size_mm": 25, "count": 1, "depth": "superficial"}]
RIGHT = [{"id": "A", "segments": [5, 6, 7, 8], "size_mm": 60, "count": 3, "depth": "deep"}]


def kinds(**changes):
    made = pw.plan(make_case(**changes), DEFAULT)
    return {one.family: (one.kind, one.than) for one in made.closed}


def test_what_there_is_nothing_to_do_it_to_does_not_apply():
    found = kinds(lesions=EASY)
    for family in ("primary_first", "liver_first", "simultaneous", "metastasectomy", "repeat_hepatectomy", "diagnostic_clarification",
                   "surveillance", "targeted_therapy", "rescue_alpps"):  # fmt: skip
        assert found[family] == ("does_not_apply", None), family


def test_what_a_lesser_act_makes_needless_says_which_pathway_that_is():
    found = kinds(lesions=EASY)
    for family in ("pve", "lvd", "alpps", "conversion_chemotherapy"):
        assert found[family] == ("not_needed", "p1"), family


def test_what_a_rule_bars_is_barred_even_where_it_would_be_needless_too():
    assert kinds(lesions=EASY)["debulking"] == ("barred", None)
    bones = kinds(lesions=EASY, extrahepatic=[{"site": "bone", "resectable": False}])
    assert bones["one_stage"] == ("barred", None)
    assert bones["metastasectomy"] == ("barred", None)


def why_not_at_once(case):
    (found,) = (one for one in pw.plan(case, DEFAULT).closed if one.family == "upfront_surgery")
    return [one.rule for one in found.verdicts]


def test_an_operation_at_once_is_closed_by_what_bars_it_and_not_by_what_comes_after():
    # Infusion makes it resectable: then treatment has gone before, but what closes it today is the hepatic veins.
    assert why_not_at_once(load_case(ROOT / "scenarios" / "constructed" / "arterial-infusion.yaml")) == [
        "all_lesions_treatable"
    ]
    begun = make_case(
        lesions=RIGHT, history=[{"week": -8, "event": "first_stage", "partial": [2], "segments": ["right"]}]
    )
    assert "order" in why_not_at_once(begun)


@pytest.mark.parametrize(("due", "said"), [(True, "radiotherapy comes before the operation"), (False, None)])
def test_where_the_rectum_waits_for_radiotherapy_that_is_why_nothing_is_operated_on_at_once(due, said):
    primary = {
        "site": "rectum",
        "status": "in_situ",
        "presentation": "synchronous",
        "r0_resectable": not due,
        "needs_radiotherapy": due,
    }
    made = pw.plan(make_case(primary=primary, lesions=EASY), DEFAULT)
    reasons = [verdict.reason for one in made.closed if one.family == "upfront_surgery" for verdict in one.verdicts]
    assert reasons == ([said] if said else [])


# What a family would find done already, later in a plan: no reason why it cannot begin today.
DONE_ALREADY = ("an operation on the liver has already begun", "it has been given in this plan, or a later line has")


@pytest.mark.parametrize("path", [*CONSTRUCTED, *PUBLISHED], ids=lambda path: path.stem)
def test_nothing_is_closed_by_what_only_the_plan_itself_would_have_done(path):
    made = plan_at(path)
    start = made.graph.states[0]
    if (start.stage, start.line, start.stimulus) == ("none", "none", "none"):
        said = {verdict.reason: one.family for one in made.closed for verdict in one.verdicts}
        assert not said.keys() & set(DONE_ALREADY)


def test_growth_of_a_remnant_is_needless_where_enough_stays_and_open_where_it_does_not():
    enough = {"measured_remnants": [{"removes": [5, 6, 7, 8], "fraction": 0.45}]}
    short = {"measured_remnants": [{"removes": [5, 6, 7, 8], "fraction": 0.22}]}
    assert kinds(lesions=RIGHT, liver=enough)["pve"][0] == "not_needed"
    assert "pve" not in kinds(lesions=RIGHT, liver=short)


ASKED_IN_FULL = (*PUBLISHED[::16], *CONSTRUCTED[::6])


@pytest.mark.parametrize("path", [*PUBLISHED[::4], *CONSTRUCTED], ids=lambda path: path.stem)
def test_every_closed_family_of_a_shipped_case_has_its_kind(path):
    made = plan_at(path)
    first = next((one.id for one in made.pathways if one.curative), None)
    # What would open each family stands in the document as well, and takes long to be found: asked for in some of the cases.
    rows = {row["family"]: row for row in made.as_json()["closed"]} if path in ASKED_IN_FULL else {}
    for one in made.closed:
        row = rows.get(one.family)
        assert one.kind in ("does_not_apply", "barred", "not_needed")
        assert one.than == (first if one.kind == "not_needed" else None)
        assert all("closes" not in verdict.as_json() for verdict in one.verdicts)
        assert row is None or (row["kind"], row["than"]) == (one.kind, one.than)


def test_what_is_needless_is_so_beside_a_pathway_that_clears():
    """Nothing is called needless where nothing clears the liver."""
    for path in (*PUBLISHED, *CONSTRUCTED):
        made = plan_at(path)
        if not made.curative:
            assert all(one.kind != "not_needed" for one in made.closed), path.stem


def reasons(**changes):
    made = pw.plan(make_case(**changes), DEFAULT)
    return {one.family: [(verdict.rule, verdict.closes) for verdict in one.verdicts] for one in made.closed}


@pytest.mark.parametrize(
    ("changes", "rule"),
    [
        ({"liver": {"insufficiency": ["ascites"]}}, "liver_sufficient"),
        ({"patient": {"fit_for": "none"}}, "fit_for_operation"),
        ({"extrahepatic": [{"site": "bone", "resectable": False}]}, "extrahepatic_resectable"),
    ],
)
def test_nothing_is_called_needless_beside_an_operation_that_the_same_rule_bars(changes, rule):
    found = reasons(lesions=EASY, **changes)
    barred = [one for one in found.values() if (rule, "barred") in one]
    assert barred
    assert not any(closes == "not_needed" for one in barred for _, closes in one)
    # A lesser act that is open makes it needless as before.
    assert any(closes == "not_needed" for one in reasons(lesions=EASY).values() for _, closes in one)


def test_a_liver_that_can_be_resected_keeps_a_new_one_away_even_where_the_patient_bears_no_operation():
    found = reasons(lesions=EASY, liver={"insufficiency": ["ascites"]})["transplantation"]
    assert ("transplant_criteria", "not_needed") in found


ALL_BENIGN = {"lesions": [{"segments": [2], "nature": "benign"}]}
FAILING_BETWEEN_STAGES = {
    "patient": {"ecog": 2, "asa": 3, "fit_for": "minor"},
    "liver": {"insufficiency": ["jaundice", "ascites"], "bilirubin_umol_per_l": 95, "inr": 1.8, "albumin_g_per_l": 26},
    "lesions": [{"segments": [5, 6, 7, 8], "count": 8, "size_mm": 60}],
    "history": [{"week": -1, "event": "alpps_stage_1", "segments": ["right"]}],
}
RESECTED = {"schema": 1, "id": "trial", "primary": {"tumour": "colorectal", "site": "sigmoid", "status": "resected"}}


@pytest.mark.parametrize(("changes", "reason"), [
    (ALL_BENIGN, "the liver bears nothing that has to be treated"),
    (FAILING_BETWEEN_STAGES, "the course never comes to the point where it has its place"),
], ids=["benign", "failing between the stages"])  # fmt: skip
def test_a_step_whose_place_is_never_reached_does_not_apply(changes, reason):
    made = pw.plan(load_case({**RESECTED, **changes}), DEFAULT)
    ablation = next(one for one in made.closed if one.family == "ablation")
    assert (ablation.kind, [one.reason for one in ablation.verdicts]) == ("does_not_apply", [reason])


@settings(max_examples=40, deadline=None, derandomize=True)
@given(st.one_of(cases(), sparse_cases(), measured_cases()))
def test_law_whatever_is_closed_is_closed_for_a_reason_and_can_be_printed(case):
    made = pw.plan(case, DEFAULT)
    assert all(one.verdicts for one in made.closed)
    with StringIO() as told:
        print_plan(made, Console(file=told, width=120))
        assert "Closed" in told.getvalue()
