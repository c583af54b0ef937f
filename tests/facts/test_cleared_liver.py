"""A liver that was cleared before today: what is left to treat lies elsewhere, and nobody guesses what that is."""

from __future__ import annotations

import math

import pytest
from processes import in_process
from shipped import ROOT

import pathways as pw
from pathways.case.loading import load_case
from pathways.case.models import ExtrahepaticDisease
from pathways.facts.derive import CaseFacts
from pathways.facts.prognostic_inputs import inputs_of
from pathways.knowledge.protocols import load_protocol

CONSTRUCTED = ROOT / "scenarios" / "constructed"
RECTUM, HALF = (CONSTRUCTED / f"liver-cleared-{name}.yaml" for name in ("rectum-left", "second-half"))
# Families that act on metastases of the liver.
ON_THE_LIVER = (
    "one_stage", "two_stage", "alpps", "rescue_alpps", "pve", "lvd", "ablation", "simultaneous", "liver_first", "primary_first",
    "conversion_chemotherapy", "transplantation", "debulking", "arterial_infusion", "stereotactic_radiotherapy",
    "repeat_hepatectomy",
)  # fmt: skip


def planned(case, **options):
    return pw.plan(case, top=0, **options)


def changed(path, **update):
    return load_case(path).model_copy(update=update)


def operated(week, **course):
    """The second half, with its operation in another week or its course told otherwise."""
    case = load_case(HALF)
    *first, drugs, operation = case.history
    history = (*first, drugs.model_copy(update=course), operation.model_copy(update={"week": week}))
    return case.model_copy(update={"history": history})


def test_after_a_cleared_liver_the_rectum_is_planned_and_nothing_on_the_liver():
    plan = planned(load_case(RECTUM))
    assert plan.assessment.resectability == "cleared"
    assert not plan.assessment.resections
    triggers = [[step.trigger for step in one.steps] for one in plan.pathways if one.curative]
    assert triggers
    assert all("irradiate_primary_after_liver" in one and "resect_primary" in one for one in triggers)
    assert {one.family: one.kind for one in plan.closed if one.family in ON_THE_LIVER} == dict.fromkeys(
        ON_THE_LIVER, "does_not_apply"
    )


def test_disease_elsewhere_is_removed_after_a_cleared_liver():
    lung = ExtrahepaticDisease(site="lung", count=2, resectable=True)
    plan = planned(changed(HALF, extrahepatic=(lung,)))
    assert "metastasectomy" in plan.open
    assert plan.pathways[0].curative


@pytest.mark.parametrize(("week", "due"), [(-5, True), (-12, True), (-13, False), (None, False)])
def test_the_second_half_is_due_for_twelve_weeks(week, due):
    plan = planned(operated(week))
    assert ("perioperative_chemotherapy" in plan.open) is due
    titles = [one.title for one in plan.pathways]
    assert ("second half of perioperative chemotherapy → follow-up" in titles) is due


@pytest.mark.parametrize(
    "history", [slice(None), slice(2, None), slice(3, None)], ids=["half way", "no drugs", "nothing told"]
)
def test_after_everything_has_been_cleared_no_road_stands_alone(history):
    """What is decided then comes after clearance: it is planned without being asked for."""
    case = load_case(HALF)
    case = case.model_copy(update={"history": case.history[history]})
    plan = planned(case)
    assert len(plan.pathways) >= 2
    assert "follow-up" in [one.title for one in plan.pathways]
    assert all(one.watched for one in plan.pathways)
    assert plan.as_json() == planned(case, follow_up=True).as_json()


def test_follow_up_is_planned_by_itself_only_where_nothing_is_left():
    lung = ExtrahepaticDisease(site="lung", count=2, resectable=True)
    for case in (load_case(RECTUM), changed(HALF, extrahepatic=(lung,)), load_case(CONSTRUCTED / "multi-stage.yaml")):
        assert not CaseFacts(case, load_protocol()).follow_up


@pytest.mark.parametrize(("course", "due"), [
    ({"cycles": 6}, True), ({"cycles": 7}, False), ({"cycles": None}, True), ({"cycles": None, "until_week": -5}, False), ({"response": "stable"}, True), ({"response": "progression"}, False),
])  # fmt: skip
def test_the_second_half_follows_a_first_that_was_no_longer_and_did_not_fail(course, due):
    assert ("perioperative_chemotherapy" in planned(operated(-5, **course)).open) is due


def test_whoever_has_had_the_second_half_is_not_given_it_again():
    case = load_case(HALF)
    drugs = case.history[1].model_copy(update={"week": -4, "until_week": -1, "cycles": 2, "response": None})
    assert "perioperative_chemotherapy" not in planned(case.model_copy(update={"history": (*case.history, drugs)})).open


def test_what_lies_behind_counts_for_the_outlook_only_as_far_as_it_is_told():
    case = load_case(HALF)
    told = inputs_of(case)
    assert (told["number"], told["largest_mm"]) == ((1.0, math.inf), (0.0, math.inf))
    # CEA after the operation tells nothing of the disease before it, and its margin is known.
    assert told["cea"] == (-math.inf, math.inf)
    assert told["margin"] == (0.0, 0.0)
    peak = case.model_copy(update={"primary": case.primary.model_copy(update={"cea_peak_ng_per_ml": 210})})
    assert inputs_of(peak)["cea"] == (210.0, 210.0)
    *first, operation = case.history
    positive = case.model_copy(update={"history": (*first, operation.model_copy(update={"margin": "r1"}))})
    assert inputs_of(positive)["margin"] == (1.0, 1.0)
    lives = [planned(one).pathways[0].prospect.survival.value for one in (case, positive)]
    assert lives[1] < lives[0]


@pytest.mark.parametrize("path", [RECTUM, HALF], ids=["rectum", "half"])
@pytest.mark.parametrize("command", [
    ("plan",), ("plan", "--strict"), ("plan", "--follow-up", "--steps", "all"), ("plan", "--json"), ("assess",), ("map",), ("explain", "palliative"),
    ("check", "--laws"),
])  # fmt: skip
def test_every_command_answers(capsys, path, command):
    name, *options = command
    status, told, complaints = in_process(capsys, name, str(path), *options)
    assert status == 0, complaints
    assert "removing every lesion" not in told
