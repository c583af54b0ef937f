"""Today's state never says that something can be removed where nothing done to the liver is open to this patient."""

from dataclasses import replace

import pytest
from builders import make_case
from hypothesis import given, settings
from shipped import CONSTRUCTED, PUBLISHED
from strategies import cases, extreme_cases, sparse_cases

import pathways as pw
from pathways.process.acts import ON_THE_LIVER, STIMULI

DEFAULT = pw.load_protocol("default")
EASY = [{"id": "A", "segments": [6], "size_mm": 25, "count": 1, "depth": "superficial"}]
BARS = {
    "ECOG 3": ({"patient": {"fit_for": None, "ecog": 3}}, "fit_for_operation"),
    "ASA 4": ({"patient": {"fit_for": None, "asa": 4}}, "fit_for_operation"),
    "bone": ({"extrahepatic": [{"site": "bone"}]}, "extrahepatic_resectable"),
    "ascites": ({"liver": {"insufficiency": ["ascites"]}}, "liver_sufficient"),
    "primary": ({"primary": {"status": "in_situ", "r0_resectable": False}}, "primary_resectable"),
}


def operates(case, protocol=DEFAULT):
    """Whether anything is done to the liver on some pathway of the case."""
    made = pw.plan(case, protocol, top=0)
    return any(
        step.acts & (ON_THE_LIVER | STIMULI) for one in made.pathways for step in one.steps if step.kind == "decision"
    )


def after_a_response(case):
    """Whether every operation on the liver of a plan stands behind systemic treatment, by which a lesser one may come to suffice."""
    for one in pw.plan(case, DEFAULT, top=0).pathways:
        acts = [step.acts for step in one.steps if step.kind == "decision"]
        liver = next((place for place, act in enumerate(acts) if act & (ON_THE_LIVER | STIMULI)), None)
        if liver is not None and not any("systemic" in act for act in acts[:liver]):
            return False
    return True


@pytest.mark.parametrize("name", BARS)
def test_what_bars_every_operation_is_said_in_the_first_line(name):
    changes, rule = BARS[name]
    case = make_case(lesions=EASY, **changes)
    found = pw.assess(case, DEFAULT)
    assert (found.resectability, {one.rule for one in found.barred_by}) == ("unresectable", {rule})
    assert not operates(case)


def test_what_a_plan_can_change_on_the_way_bars_nothing_for_good():
    obstructed = make_case(lesions=EASY, liver={"biliary_obstruction": "present"})
    progressing = make_case(
        lesions=EASY, history=[{"week": -12, "until_week": -4, "event": "chemotherapy", "response": "progression"}]
    )
    for case in (make_case(lesions=EASY), obstructed, progressing):
        found = pw.assess(case, DEFAULT)
        assert (found.resectability, found.barred_by) == ("resectable", ())


def test_fit_for_ablation_only_is_enough_where_ablation_clears():
    found = pw.assess(make_case(lesions=EASY, patient={"fit_for": "ablation"}), DEFAULT)
    assert (found.resectability, found.barred_by) == ("resectable", ())
    large = [{**EASY[0], "size_mm": 45}]
    found = pw.assess(make_case(lesions=large, patient={"fit_for": "ablation"}), DEFAULT)
    assert (found.resectability, {one.rule for one in found.barred_by}) == ("unresectable", {"fit_for_operation"})


# Two metastases of the right liver that ask for a right hepatectomy, and after a response for two limited resections.
TAKES_A_MAJOR = [
    {
        "id": "A",
        "segments": [5, 8],
        "size_mm": 55,
        "count": 1,
        "depth": "superficial",
        "contacts": ["right_hepatic_vein"],
    },
    {"id": "B", "segments": [6, 7], "size_mm": 40, "count": 1, "depth": "deep", "contacts": []},
]
BORNE = {
    "fit for a major resection": ({"patient": {"fit_for": "major"}}, True),
    "fit for a minor one": ({"patient": {"fit_for": "minor"}}, False),
    "bilirubin 34": ({"liver": {"bilirubin_umol_per_l": 34.0, "biliary_obstruction": "none"}}, True),
    "bilirubin 35": ({"liver": {"bilirubin_umol_per_l": 35.0, "biliary_obstruction": "none"}}, False),
}


@pytest.mark.parametrize("name", BORNE)
def test_resectable_is_what_this_patient_bears_and_what_is_not_borne_is_shrunk_to_what_is(name):
    """A major resection that person or liver does not bear is no operation to plan a course around, and none that bars conversion."""
    changes, borne = BORNE[name]
    case = make_case(lesions=TAKES_A_MAJOR, **changes)
    made = pw.plan(case, DEFAULT, top=0)
    assert ("conversion_chemotherapy" in made.open) != borne
    assert ("perioperative_chemotherapy" in made.open) == borne
    if not borne:
        first = made.pathways[0]
        assert "conversion_chemotherapy" in first.families
        assert not any("hepatectomy" in one.title for one in made.pathways)


def test_a_response_that_opens_nothing_the_patient_bears_is_not_waited_for():
    made = pw.plan(make_case(lesions=TAKES_A_MAJOR, patient={"fit_for": "ablation"}), DEFAULT, top=0)
    assert [one.families for one in made.pathways if one.curative] == []
    (reason,) = {one.reason for one in closed(made, "conversion_chemotherapy")}
    assert reason == "a minor resection is not for this patient: the team holds the patient fit for ablation"


def test_who_bears_no_operation_is_irradiated_and_who_bears_one_is_not():
    for fit_for, irradiated in (("major", False), ("minor", True), ("ablation", True)):
        made = pw.plan(make_case(lesions=TAKES_A_MAJOR, patient={"fit_for": fit_for}), DEFAULT, top=0)
        assert ("stereotactic_radiotherapy" in made.open) == irradiated, fit_for


def test_nobody_is_given_a_liver_because_the_own_one_fails():
    """What is transplanted for is what no technique removes; that a resection is not borne is no reason."""
    case = make_case(lesions=TAKES_A_MAJOR, liver={"bilirubin_umol_per_l": 40.0, "biliary_obstruction": "none"})
    reasons = [one.reason for one in closed(pw.plan(case, DEFAULT, top=0), "transplantation")]
    assert any(one.startswith("what lies in the liver can be resected") for one in reasons)


def closed(made, family):
    return next(one.verdicts for one in made.closed if one.family == family)


RECTUM = {"site": "rectum", "status": "in_situ", "presentation": "synchronous", "interval_months": 0, "urgent": "none"}


@pytest.mark.parametrize("asked", [True, False])
def test_a_rectum_without_a_clear_margin_is_planned_behind_the_radiotherapy_that_is_asked_for(asked):
    case = make_case(lesions=EASY, primary={**RECTUM, "r0_resectable": False, "needs_radiotherapy": asked})
    made = pw.plan(case, DEFAULT, top=0)
    assert any(one.curative for one in made.pathways) == asked
    for one in made.pathways:
        if one.curative:
            acts = [act for step in one.steps for act in step.acts]
            assert acts.index("radiotherapy") < min(acts.index(name) for name in acts if name in ON_THE_LIVER)
            assert any("after radiotherapy" in line for line in one.assumptions)


def test_a_centre_may_hold_that_radiotherapy_clears_no_margin():
    case = make_case(lesions=EASY, primary={**RECTUM, "r0_resectable": False, "needs_radiotherapy": True})
    protocol = replace(DEFAULT, settings={
        **DEFAULT.settings,
        "radiotherapy_may_clear_margin": replace(DEFAULT.settings["radiotherapy_may_clear_margin"], value=False),
    })  # fmt: skip
    assert not any(one.curative for one in pw.plan(case, protocol, top=0).pathways)
    assert pw.assess(case, protocol).resectability == "unresectable"


def test_a_primary_that_went_in_an_emergency_needs_no_clear_margin_any_more():
    case = make_case(lesions=EASY, primary={"status": "in_situ", "r0_resectable": False, "urgent": "obstruction"})
    made = pw.plan(case, DEFAULT, top=0)
    assert any(one.curative for one in made.pathways)


@pytest.mark.parametrize("path", [*PUBLISHED[::3], *CONSTRUCTED], ids=lambda path: path.stem)
def test_a_shipped_case_that_is_called_resectable_has_an_operation(path):
    case = pw.load_case(path)
    assert pw.assess(case, DEFAULT).resectability not in ("resectable", "remnant_insufficient") or operates(case)


@given(cases() | extreme_cases() | sparse_cases())
@settings(max_examples=60, deadline=None, derandomize=True)
def test_a_drawn_case_that_is_called_resectable_has_an_operation(case):
    """What the patient declines is a wish, and no finding of what could be done."""
    case = case.model_copy(update={"patient": case.patient.model_copy(update={"declines": ()})})
    found = pw.assess(case, DEFAULT)
    if found.resectability in ("resectable", "remnant_insufficient"):
        assert operates(case)
    if found.barred_by:
        assert not operates(case) or after_a_response(case)
