"""What a tumour board found wrong on the first page of new patients, each with both of its sides."""

import pytest
from builders import assessed, make_case

import pathways as pw
from pathways.facts.disease import rays_in_turn
from pathways.facts.liver_function import EXTENTS, liver_sufficient
from pathways.facts.patient_assessment import PatientAssessment
from pathways.facts.systemic_before_surgery import given_first
from rule_answers import with_setting

DEFAULT = pw.load_protocol("default")
SMALL = {"id": "A", "segments": [6], "size_mm": 12, "depth": "superficial", "contacts": []}


@pytest.mark.parametrize(("count", "asked"), [(9, "allowed"), (10, "refused"), (None, "unknown")])
def test_from_ten_lesions_on_systemic_treatment_comes_before_the_liver_is_touched(count, asked):
    lesion = {**SMALL, **({} if count is None else {"count": count})}
    assert given_first(assessed(lesions=[lesion]), "none", "none", "none").verdict == asked
    assert given_first(assessed(lesions=[lesion]), "perioperative", "none", "none").verdict == "allowed"
    given = [{"event": "chemotherapy", "week": -20, "until_week": -8, "regimen": "folfox", "cycles": 6}]
    assert given_first(assessed(lesions=[lesion], history=given), "none", "none", "none").verdict == "allowed"


def test_a_centre_that_offers_no_chemotherapy_around_an_operation_does_not_ask_for_it():
    protocol = with_setting(DEFAULT, "perioperative_accepted", value=False)
    case = make_case(lesions=[{**SMALL, "count": 12}])
    assert "upfront_surgery" in pw.plan(case, protocol).open
    assert "upfront_surgery" not in pw.plan(case, DEFAULT).open
    assert pw.plan(case, DEFAULT).pathways[0].title.startswith("perioperative chemotherapy")


@pytest.mark.parametrize(
    ("least", "open_"),
    [
        ("major", "allowed allowed refused"),
        ("minor", "allowed refused refused"),
        ("ablation", "refused refused refused"),
    ],
)
def test_portal_hypertension_bars_by_the_extent_of_what_is_done(least, open_):
    protocol = with_setting(DEFAULT, "portal_hypertension_bars_from", least)
    told = {"insufficiency": ["portal_hypertension"], "background": "cirrhosis", "icg_r15_percent": 10}
    one = PatientAssessment(make_case(liver=told), protocol)
    assert " ".join(liver_sufficient(one, extent).verdict for extent in EXTENTS) == open_
    with_another = PatientAssessment(make_case(liver={"insufficiency": ["portal_hypertension", "ascites"]}), protocol)
    assert {liver_sufficient(with_another, extent).verdict for extent in EXTENTS} == {"refused"}


@pytest.mark.parametrize(
    ("tumour", "status", "ablates"),
    [("periampullary", "in_situ", False), ("periampullary", "resected", True), ("stomach", "in_situ", True)],
)
def test_nothing_is_ablated_where_the_primary_takes_the_bile_duct_with_it(tumour, status, ablates):
    case = make_case(primary={"tumour": tumour, "status": status, "site": None}, lesions=[SMALL | {"count": 1}])
    assert any("ablation" in step.acts for one in pw.plan(case, DEFAULT).pathways for step in one.steps) == ablates


def test_imatinib_is_stopped_for_a_week_and_goes_on_after_the_operation():
    history = [{"event": "chemotherapy", "week": -40, "until_week": 0, "regimen": "imatinib", "response": "partial"}]
    case = make_case(
        primary={"tumour": "gist", "site": None, "status": "resected"}, history=history, lesions=[SMALL | {"count": 1}]
    )
    first = pw.plan(case, DEFAULT).pathways[0]
    day = next(step.day for step in first.steps if "hepatectomy" in step.acts or "ablation" in step.acts)
    assert 7 <= day < 42
    assert any("imatinib is stopped shortly before the operation" in words for words in first.warnings)
    never = make_case(primary={"tumour": "colorectal"}, lesions=[SMALL | {"count": 1}])
    assert not any("goes on after it" in words for one in pw.plan(never, DEFAULT).pathways for words in one.warnings)


@pytest.mark.parametrize(
    ("repair", "history", "line", "in_turn"),
    [
        ("proficient", [], "none", True), ("deficient", [], "none", False), ("deficient", [], "first", True),
        ("deficient", [{"event": "chemotherapy", "regimen": "pembrolizumab", "week": -20, "until_week": -8}], "none", True),
        ("deficient", [{"event": "chemotherapy", "regimen": "folfox", "week": -20, "until_week": -8}], "none", False),
    ],
)  # fmt: skip
def test_immunotherapy_comes_before_radiotherapy_of_the_rectum(repair, history, line, in_turn):
    primary = {"site": "rectum", "status": "in_situ", "needs_radiotherapy": True, "mismatch_repair": repair}
    one = assessed(primary=primary, history=history)
    assert (rays_in_turn(one, line).verdict == "allowed") == in_turn
    asks_nothing = with_setting(DEFAULT, "immunotherapy_before_radiotherapy", value=False)
    assert rays_in_turn(PatientAssessment(one.case, asks_nothing), line).verdict == "allowed"
