import pytest
from builders import assessed, facts, make_case

from pathways.facts import transplantation
from pathways.knowledge.protocols import load_protocol
from pathways.planning.plan import plan

KNOWN = {
    "patient": {"age_years": 50, "ecog": 0},
    "primary": {"braf": "wild_type", "cea_ng_per_ml": 20},
    "lesions": [{"id": "A", "segments": ["whole_liver"], "size_mm": 60, "count": 30}],
    "history": [
        {"event": "chemotherapy", "regimen": "folfox", "week": -20, "until_week": -4, "cycles": 8, "response": "stable"}
    ],
}


def with_changes(**changes):
    return {
        key: {**value, **changes.get(key, {})} if isinstance(value, dict) else changes.get(key, value)
        for key, value in KNOWN.items()
    } | {key: value for key, value in changes.items() if key not in KNOWN}


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({}, "allowed"),
        ({"patient": {"age_years": 65}}, "allowed"),
        ({"patient": {"age_years": 66}}, "refused"),
        ({"patient": {"age_years": 17}}, "refused"),
        ({"patient": {"age_years": None}}, "unknown"),
        ({"patient": {"ecog": 1}}, "allowed"),
        ({"patient": {"ecog": 2}}, "refused"),
        ({"patient": {"ecog": None}}, "unknown"),
        ({"primary": {"braf": "v600e"}}, "refused"),
        ({"primary": {"braf": None}}, "unknown"),
        ({"primary": {"cea_ng_per_ml": 79}}, "allowed"),
        ({"primary": {"cea_ng_per_ml": 80}}, "refused"),
        ({"primary": {"cea_ng_per_ml": 80, "cea_peak_ng_per_ml": 160}}, "allowed"),
        ({"primary": {"cea_ng_per_ml": 81, "cea_peak_ng_per_ml": 160}}, "refused"),
        ({"primary": {"cea_ng_per_ml": None}}, "unknown"),
        ({"primary": {"tumour": "breast", "site": None}}, "refused"),
        ({"extrahepatic": [{"site": "lung", "resectable": True}]}, "refused"),
    ],
)
def test_the_criteria_are_asked_one_by_one(changes, expected):
    verdict = transplantation.transplantable(assessed(**with_changes(**changes)))
    assert verdict.verdict == expected, verdict.reason
    assert verdict.sources == ("transmet_2024",)


@pytest.mark.parametrize(("weeks", "expected"), [(13, "allowed"), (12, "refused")])
def test_time_on_chemotherapy_is_asked_for(weeks, expected):
    history = [{"event": "chemotherapy", "regimen": "folfox", "week": -30, "until_week": -30 + weeks, "cycles": 6}]
    assert transplantation.tested(assessed(history=history), 0, "none").verdict == expected


def test_blocks_of_the_plan_count_as_time_on_chemotherapy():
    assert [transplantation.tested(assessed(), blocks, "first").verdict for blocks in (1, 2)] == ["refused", "allowed"]


@pytest.mark.parametrize(
    ("primary", "expected"),
    [
        (
            {"presentation": "metachronous", "interval_months": 11},
            "refused",
        ),  # found in week -4, the course had ended in week -20
        (
            {"presentation": "metachronous", "interval_months": 6},
            "allowed",
        ),  # found in week -26, in the midst of the course
        ({"presentation": "metachronous"}, "allowed"),  # nobody tells when they were found
        ({"presentation": "synchronous"}, "allowed"),
    ],
)
def test_what_had_ended_before_the_metastases_were_found_is_no_test_of_them(primary, expected):
    history = [
        {"week": -52, "event": "primary_resection"},
        {"week": -46, "until_week": -20, "event": "chemotherapy", "regimen": "folfox", "cycles": 12},
    ]
    assert transplantation.tested(assessed(history=history, primary=primary), 0, "none").verdict == expected


def test_unreported_time_on_chemotherapy_is_unknown():
    assert transplantation.tested(assessed(history=[{"event": "chemotherapy"}]), 0, "none").verdict == "unknown"


def test_transplantation_is_open_for_definitively_unresectable_disease_and_ends_the_plan():
    made = plan(make_case(**KNOWN), load_protocol())
    assert "transplantation" in made.open
    assert made.curative


def test_transplantation_is_closed_where_the_liver_can_be_cleared():
    closed = {one.family: one.verdicts for one in plan(make_case(), load_protocol()).closed}
    assert "what lies in the liver can be resected, at once or after the remnant has grown" in [
        verdict.reason for verdict in closed["transplantation"]
    ]


def test_strict_planning_takes_no_criterion_as_given():
    assert facts(strict=True, **with_changes(primary={"braf": None})).cell("transplantable", ()).value == "unknown"


@pytest.mark.parametrize(
    ("changes", "assumed"),
    [
        ({"patient": {"age_years": None}}, "age within the limits"),
        ({"patient": {"ecog": None}}, "ECOG 1 or better"),
        ({"primary": {"braf": None}}, "BRAF not mutated"),
        ({"primary": {"cea_ng_per_ml": None}}, "CEA low enough"),
    ],
)
def test_every_criterion_that_is_not_reported_says_how_it_is_taken(changes, assumed):
    assert transplantation.transplantable(assessed(**with_changes(**changes))).assumed == assumed
