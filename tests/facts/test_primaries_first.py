"""Other primaries than the bowel: disease that would not be touched before drugs have controlled it is not operated on at once."""

import pytest
from builders import make_case

import pathways as pw

MANY = {"segments": [5, 6], "size_mm": 20, "depth": "superficial", "contacts": []}


def first_treatments(tumour, count, **primary):
    """What each pathway that clears the liver begins with."""
    case = make_case(primary={"tumour": tumour, "status": "resected", **primary}, lesions=[{**MANY, "count": count}])
    plan = pw.plan(case, top=0)
    decided = [[step for step in one.steps if step.kind == "decision"] for one in plan.pathways if one.curative]
    return {("systemic" in steps[1].acts) for steps in decided if len(steps) > 1}


@pytest.mark.parametrize("count", [1, 2, 11])
def test_stomach_cancer_is_operated_on_after_systemic_treatment_alone(count):
    assert first_treatments("stomach", count) == {True}
    assert first_treatments("stomach", count, status="in_situ", r0_resectable=True) == {True}


@pytest.mark.parametrize("tumour", ["breast", "melanoma", "kidney", "periampullary"])
@pytest.mark.parametrize(("count", "only"), [(9, False), (10, True)])
def test_what_is_resected_in_selected_patients_only_is_no_less_strict_by_number_than_the_bowel(tumour, count, only):
    assert (first_treatments(tumour, count) == {True}) is only
    assert (first_treatments("colorectal", count) == {True}) is only


def test_a_tumour_with_drugs_of_its_own_is_not_asked_for_the_number():
    assert False in first_treatments("neuroendocrine", 10, grade=1)


@pytest.mark.parametrize(
    ("tumour", "presentation", "only"),
    [
        ("breast", "synchronous", True), ("melanoma", "synchronous", True), ("kidney", "synchronous", False),
        ("breast", "metachronous", False), ("melanoma", "metachronous", False), ("breast", None, False),
    ],
)  # fmt: skip
def test_metastases_found_together_with_a_breast_cancer_or_a_melanoma_are_treated_systemically_first(
    tumour, presentation, only
):
    assert (first_treatments(tumour, 2, presentation=presentation) == {True}) is only
