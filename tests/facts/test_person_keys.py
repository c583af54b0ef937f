"""Keys of the patient, the primary and disease elsewhere: what each opens, what it bars, and what is asked where it is not told."""

from __future__ import annotations

import pytest
from shipped import ROOT, plan_at

import pathways as pw
from pathways.case import grading
from pathways.case.loading import load_case

CONSTRUCTED = ROOT / "scenarios" / "constructed"
DEFAULT = pw.load_protocol("default")


def case_of(name, **parts):
    """A constructed case with keys of its parts changed; None takes one out."""
    case = load_case(CONSTRUCTED / f"{name}.yaml")
    for part, update in parts.items():
        case = case.model_copy(update={part: getattr(case, part).model_copy(update=update)})
    return case


def planned(case, protocol=DEFAULT, **options):
    return pw.plan(case, protocol, top=0, **options)


def found(plan, rule):
    return [one for one in plan.assessment.findings if one.rule == rule]


def items(plan):
    return [one.item for one in plan.find_out_next]


# --- grade and Ki-67 of a neuroendocrine tumour ------------------------------------------------------------------------------

GRADE_3 = "neuroendocrine-grade-3"


@pytest.mark.parametrize(("told", "opened"), [({"grade": 2, "ki67_percent": 20}, True), ({"grade": 3, "ki67_percent": 21}, False),
                                              ({"grade": None, "ki67_percent": 20}, True), ({"grade": None, "ki67_percent": 20.5}, False)])  # fmt: skip
def test_grade_3_by_word_or_by_ki67_is_not_resected_and_grade_2_is(told, opened):
    plan = planned(case_of(GRADE_3, primary=told))
    assert ("one_stage" in plan.open) is opened
    assert (plan.assessment.resectability == "resectable") is opened
    assert [one.verdict for one in found(plan, "primary_rules")] == ["allowed" if opened else "refused"]


def test_grade_3_is_given_no_chemotherapy_with_the_aim_of_an_operation_that_is_barred():
    assert planned(case_of(GRADE_3)).open == ("palliative",)


def test_the_grade_is_asked_for_and_strict_planning_takes_it_as_bad():
    untold = case_of(GRADE_3, primary={"grade": None, "ki67_percent": None})
    plan = planned(untold)
    assert "primary.grade" in items(plan)
    assert "one_stage" in plan.open
    assert "one_stage" not in planned(untold, strict=True).open


def test_a_grade_may_lie_one_above_its_ki67_because_mitoses_count_too():
    assert [grading.agree(grade, 10) for grade in (1, 2, 3)] == [False, True, True]
    assert not grading.agree(3, 1)
