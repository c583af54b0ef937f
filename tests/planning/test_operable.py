"""Today's state never says that something can be removed where nothing done to the liver is open to this patient."""

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
        assert not operates(case)
