"""What is known of a nodule: biopsy before nature before suspicion; how often such are benign; the next test; benign ones are left."""

import pytest
from builders import assessed, facts, make_case
from shipped import ROOT, plan_at

import pathways as pw
from pathways.conformance.proof import prove
from pathways.documents.problems import PathwaysError
from pathways.facts import nodules
from pathways.facts.disease import lesions_characterised
from pathways.facts.figures import Figures
from pathways.process.facts import NEUTRAL, State

DEFAULT = pw.load_protocol("default")
CASES = ROOT / "scenarios" / "constructed"
PROVEN = {
    "id": "M",
    "segments": [6],
    "size_mm": 30,
    "count": 1,
    "contacts": [],
    "depth": "superficial",
    "nature": "confirmed",
}
NODULE = {"id": "A", "segments": [3], "size_mm": 14, "count": 1, "contacts": [], "depth": "superficial"}
ANY_STATE = State._make(NEUTRAL.get(name, "referred") for name in State._fields)


def nodule(**told):
    return [{**NODULE, **told}]


def known_as(**told):
    return make_case(lesions=nodule(**told)).lesions[0].known_as


@pytest.mark.parametrize(
    ("told", "is_"),
    [
        ({}, "confirmed"),
        ({"suspicion": "high"}, "suspected"),
        ({"suspicion": "low", "nature": "confirmed"}, "confirmed"),
        ({"suspicion": "low", "nature": "benign"}, "benign"),
        ({"nature": "suspected", "biopsy": "malignant"}, "confirmed"),
        ({"nature": "suspected", "biopsy": "benign"}, "benign"),
        ({"suspicion": "moderate", "biopsy": "benign"}, "benign"),
        ({"suspicion": "high", "biopsy": "benign"}, "suspected"),
        ({"suspicion": "high", "biopsy": "benign", "nature": "benign"}, "benign"),
        ({"suspicion": "high", "biopsy": "malignant"}, "confirmed"),
        ({"nature": "vanished", "biopsy": "malignant"}, "vanished"),
        ({"biopsy": "inconclusive"}, "suspected"),
        ({"biopsy": "inconclusive", "nature": "confirmed"}, "confirmed"),
    ],
)
def test_a_biopsy_goes_before_nature_and_that_before_a_suspicion(told, is_):
    assert known_as(**told) == is_


@pytest.mark.parametrize(("biopsy", "nature"), [("benign", "confirmed"), ("malignant", "benign")])
def test_a_biopsy_that_contradicts_the_nature_is_refused_with_both_places(biopsy, nature):
    with pytest.raises(PathwaysError) as refusal:
        make_case(lesions=nodule(biopsy=biopsy, nature=nature))
    assert "lesions[0].biopsy" in str(refusal.value)
    assert f'lesions[0].nature "{nature}"' in str(refusal.value)


def chance(lesions):
    here = assessed(lesions=lesions)
    return nodules.benign_chance(Figures(here), ANY_STATE), here.parameters


@pytest.mark.parametrize(
    ("told", "figure"),
    [
        ({"nature": "suspected"}, "benign_chance"),
        ({"suspicion": "low"}, "suspicion_low_benign"),
        ({"suspicion": "high", "seen_on": ["ct"], "size_mm": 5}, "suspicion_high_benign"),
        ({"nature": "suspected", "seen_on": ["ct", "mri"], "size_mm": 8}, "suspicion_moderate_benign"),
        ({"nature": "suspected", "seen_on": ["ct"], "size_mm": 9.9}, "suspicion_low_benign"),
        ({"nature": "suspected", "seen_on": ["ct"], "size_mm": 10}, "suspicion_moderate_benign"),
        ({"nature": "suspected", "seen_on": ["ct", "pet"], "size_mm": 8}, "suspicion_high_benign"),
    ],
)
def test_how_often_such_a_nodule_is_benign_hangs_on_what_is_told_of_it(told, figure):
    found, figures = chance(nodule(**told))
    assert found == figures[figure].number


def test_beside_proven_metastases_it_is_benign_less_often_and_of_several_the_most_suspicious_counts():
    alone, figures = chance(nodule(suspicion="moderate"))
    beside, _ = chance([*nodule(suspicion="moderate"), PROVEN])
    assert beside == figures["suspicion_moderate_benign_beside"].number < alone
    worst, _ = chance([*nodule(suspicion="low"), {**NODULE, "id": "B", "suspicion": "high"}])
    assert worst == figures["suspicion_high_benign"].number


def test_an_assessment_names_suspicion_chance_and_oxaliplatin():
    given = [{"event": "chemotherapy", "regimen": "capox", "week": -205, "until_week": -182, "cycles": 8}]
    without, after = (
        lesions_characterised(assessed(lesions=nodule(suspicion="moderate"), history=one)) for one in ([], given)
    )
    assert "moderate suspicion" in without.reason
    assert "58%" in without.reason
    assert "regenerative" not in without.reason
    assert "regenerative" in after.reason


@pytest.mark.parametrize(
    ("told", "item"),
    [
        ({"suspicion": "low", "seen_on": ["ct"]}, "lesions.seen_on"),
        ({"suspicion": "low", "seen_on": ["mri"]}, "lesions.biopsy"),
        ({"suspicion": "low", "seen_on": ["mri"], "biopsy": "inconclusive"}, "lesions.nature"),
    ],
)
def test_the_next_test_of_a_nodule_stands_under_what_to_find_out(told, item):
    plan = pw.plan(make_case(lesions=nodule(**told)), DEFAULT)
    assert item in [one.item for one in plan.find_out_next]


def test_a_biopsy_in_vain_lets_an_operation_make_the_diagnosis():
    for told, fact in (({"suspicion": "high"}, "no"), ({"biopsy": "inconclusive"}, "yes")):
        here = facts(lesions=nodule(**told))
        assert here.finding("diagnosis_by_minor_resection", here.start()).value == fact


def test_a_benign_lesion_is_neither_treated_nor_counted():
    beside = assessed(lesions=[PROVEN, {**NODULE, "segments": [2, 3], "size_mm": 90, "nature": "benign"}])
    alone = assessed(lesions=[PROVEN])
    assert [one.label for one in beside.lesions] == ["M"]
    assert {one.name for one in beside.resections(nodules_today())} == {
        one.name for one in alone.resections(nodules_today())
    }


def nodules_today():
    from pathways.facts.patient_assessment import TODAY

    return TODAY


def test_a_liver_in_which_all_is_benign_is_left_alone_and_what_lies_elsewhere_is_not():
    plan = plan_at(CASES / "benign-liver-lung-metastasis.yaml")
    assert plan.assessment.resectability == "benign"
    assert not plan.assessment.resections
    assert plan.pathways[0].families == ("metastasectomy", "upfront_surgery")
    alone = pw.plan(make_case(lesions=nodule(biopsy="benign")), DEFAULT)
    assert [one.title for one in alone.pathways] == ["no treatment"]


def test_the_nodule_after_oxaliplatin_is_examined_first_and_the_haemangioma_left():
    first = plan_at(CASES / "nodule-after-oxaliplatin.yaml").pathways[0]
    assert "diagnostic_clarification" in first.families
    assert plan_at(CASES / "benign-beside-metastasis.yaml").pathways[0].title == "limited resection of A"


@pytest.mark.parametrize(
    "name", ["nodule-after-oxaliplatin", "benign-beside-metastasis", "benign-liver-lung-metastasis"]
)
def test_every_property_holds_on_them(name):
    graph = pw.explore(pw.load_case(CASES / f"{name}.yaml"), DEFAULT)
    assert not [one.id for one in prove(graph) if one.counter_example]


def test_a_lesion_of_unknown_place_is_treated_locally_or_not_at_all_and_the_plan_says_so():
    small, large = (assessed(lesions=nodule(segments=["unknown"], size_mm=size)) for size in (20, 60))
    assert {one.removes for one in small.resections(nodules_today())} == {0}
    assert not large.resections(nodules_today())
    plan = pw.plan(make_case(lesions=nodule(segments=["unknown"], nature="confirmed")), DEFAULT)
    assert "anywhere in the liver" in " ".join(plan.pathways[0].assumptions)
    with pytest.raises(PathwaysError, match="beside other places"):
        make_case(lesions=nodule(segments=["unknown", 5]))


def test_a_negative_biopsy_against_imaging_of_high_suspicion_settles_nothing():
    """It is wrong once in five: whoever has it is examined again, with the chance of the biopsy and not of the image."""
    one = assessed(lesions=nodule(suspicion="high", biopsy="benign", seen_on=["mri"]))
    assert nodules.figure_of(one) == "benign_after_negative_biopsy"
    assert Figures(one).figure("benign_after_negative_biopsy") == pytest.approx(165 / 208, abs=5e-4)
    assert "a negative biopsy of a suspicious lesion is wrong in 21%" in lesions_characterised(one).reason
    told = nodules.to_find_out(one)
    assert told is not None
    assert told.item == "lesions.biopsy"
    assert "imaging and biopsy disagree" in told.reason
    plan = pw.plan(make_case(lesions=nodule(suspicion="high", biopsy="benign")))
    assert {"diagnostic_clarification", "surveillance"} <= {name for way in plan.pathways for name in way.families}


def test_of_several_nodules_those_that_no_biopsy_speaks_against_count():
    doubted = {**NODULE, "suspicion": "high", "biopsy": "benign"}
    other = {**NODULE, "id": "B", "segments": [7], "suspicion": "moderate"}
    assert nodules.figure_of(assessed(lesions=[doubted, other])) == "suspicion_moderate_benign"
    assert nodules.figure_of(assessed(lesions=[doubted, PROVEN])) == "benign_after_negative_biopsy"


def test_what_a_liver_without_a_metastasis_does_not_need_is_no_bar():
    plan = pw.plan(make_case(lesions=nodule(nature="benign")))
    assert {one.family for one in plan.closed if one.kind == "barred"} == set()
