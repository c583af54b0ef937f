"""The limit that binds and what is taken as given, as `plan --json` tells them."""

import pytest
from builders import make_case
from shipped import named

import pathways as pw


@pytest.mark.parametrize(
    ("weight", "rule", "ml"),
    [(71, "remnant_volume", 450.0), (130, "remnant_body_weight", 650.0), (None, "remnant_volume", 450.0)],
)
def test_the_stricter_limit_is_told_as_a_share_and_in_ml(weight, rule, ml):
    lesion = {"id": "A", "segments": [5, 6, 7, 8], "size_mm": 90, "depth": "deep"}
    liver = {"total_ml": 1500, "measured_remnants": [{"removes": [5, 6, 7, 8], "ml": 480.0}]}
    case = make_case(lesions=[lesion], liver=liver, patient={"weight_kg": weight})
    found = pw.plan(case).as_json()["limit"]
    assert found["rule"] == rule
    assert found["ml"] == pytest.approx(ml, abs=1)
    assert found["remnant_ml"] == pytest.approx(480, abs=1)
    assert found["fraction"] == pytest.approx(ml / 1500, abs=1e-3)


def test_ml_are_not_told_of_a_liver_of_which_neither_volume_nor_weight_is_known():
    found = pw.plan(pw.load_case(named("alp-03"))).as_json()["limit"]
    assert (found["rule"], found["fraction"], found["ml"], found["remnant_ml"]) == ("remnant_volume", 0.3, None, None)


def test_where_nothing_clears_the_liver_no_limit_binds():
    assert pw.plan(pw.load_case(named("lt-03"))).as_json()["limit"] is None


def test_what_is_taken_as_given_says_what_it_turns():
    told = pw.plan(pw.load_case(named("alp-03"))).as_json()
    by_key = {one["key"]: one for one in told["assumptions"]}
    assert by_key["extrahepatic"]["turns"]["probability_resected_otherwise"] == 0
    assert "alpps" in by_key["extrahepatic"]["turns"]["closes"]
    assert by_key["patient.declines"]["turns"] is None
    of_pathways = [one for row in told["pathways"] for one in row["assumptions"]]
    assert all(one in told["assumptions"] for one in of_pathways)
    assert all(one["assumed"] for one in of_pathways)
