"""What counts as time on treatment before a transplantation, and what has to lie before it."""

import pytest
from builders import assessed, make_case

import pathways as pw
from pathways.facts import transplantation
from pathways.facts.bad_ends import cea_may_have_fallen

DEFAULT = pw.load_protocol("default")


def course(week, until, response, regimen="folfox"):
    return {"event": "chemotherapy", "week": week, "until_week": until, "regimen": regimen, "response": response}


def verdict(history, blocks=0, line="none", **more):
    one = transplantation.tested(assessed(history=history, **more), blocks, line)
    return one.verdict, one.value


@pytest.mark.parametrize(
    ("history", "expected"),
    [
        ([course(-20, -7, "stable")], ("allowed", 13.0)),
        ([course(-19, -7, "stable")], ("refused", 12.0)),
        ([course(-27, -7, "progression")], ("refused", 0.0)),
        ([course(-40, -20, "progression"), course(-19, -6, "partial")], ("allowed", 13.0)),
        # Nor is a line that held once and was over when the next one failed.
        ([course(-64, -30, "partial"), course(-26, -4, "progression")], ("refused", 0.0)),
        ([course(-64, -30, "partial"), course(-26, -17, "progression"), course(-16, -3, "stable")], ("allowed", 13.0)),
        # A restaging that tells of progression ends the course before it.
        ([course(-27, -7, "stable"), {"event": "restaging", "week": -5, "response": "progression"}], ("refused", 0.0)),
    ],
)
def test_what_ended_with_progression_is_no_time_of_control(history, expected):
    assert verdict(history) == expected


@pytest.mark.parametrize(
    ("history", "line", "expected"),
    [
        ([course(-27, -7, "progression")], "second", "allowed"),
        ([], "first", "allowed"),
        # How much of two blocks lay before the progression of this plan is not followed.
        ([], "second", "refused"),
    ],
)
def test_the_time_of_a_second_line_counts_where_the_first_failed_before_today(history, line, expected):
    assert verdict(history, blocks=2, line=line)[0] == expected


@pytest.mark.parametrize(("until", "expected"), [(-13, "allowed"), (-12, "refused"), (None, "unknown")])
def test_a_new_liver_waits_after_immunotherapy(until, expected):
    history = [course(-60, -40, "partial"), {**course(-39, until, "stable", "pembrolizumab")}]
    history[1] = {key: value for key, value in history[1].items() if value is not None}
    assert verdict(history)[0] == expected


def test_a_plan_of_immunotherapy_leads_to_no_new_liver_and_says_why():
    case = assessed(primary={"mismatch_repair": "deficient"})
    one = transplantation.tested(case, 2, "first")
    assert one.verdict == "refused"
    assert "13 weeks after the last dose" in one.reason
    assert transplantation.tested(assessed(), 2, "first").verdict == "allowed"


CANDIDATE = {
    "patient": {"age_years": 50, "ecog": 0},
    "history": [{"event": "primary_resection", "week": -60}, course(-50, -6, "stable")],
    "extrahepatic": [],
    "lesions": [
        {
            "id": "A",
            "segments": [4, 5, 8],
            "count": 4,
            "size_mm": 50,
            "contacts": ["right_hepatic_vein", "middle_hepatic_vein", "left_hepatic_vein"],
        }
    ],
}


@pytest.mark.parametrize(
    ("cea", "peak", "answer", "asked"),
    [
        (79, None, "allowed", False),
        (80, None, "refused", True),
        (80, 160, "allowed", False),
        (81, 160, "refused", False),
    ],
)
def test_a_peak_that_is_not_told_is_asked_for(cea, peak, answer, asked):
    primary = {
        "status": "resected",
        "braf": "wild_type",
        "cea_ng_per_ml": cea,
        **({} if peak is None else {"cea_peak_ng_per_ml": peak}),
    }
    one = assessed(**CANDIDATE, primary=primary)
    found = transplantation.transplantable(one)
    assert (found.verdict, [item.item for item in cea_may_have_fallen(one)] != []) == (answer, asked)
    assert ("not reported (primary.cea_peak_ng_per_ml)" in found.reason) == asked
    if asked:
        plan = pw.plan(make_case(**CANDIDATE, primary=primary), DEFAULT)
        assert any(
            item.item == "primary.cea_peak_ng_per_ml" and "transplantation" in item.opens for item in plan.find_out_next
        )
