"""What is told of a lesion is told of today: a response of the past is in it, and frees, shrinks and hides nothing a second time."""

import pytest
from builders import assessed, make_case

import pathways as pw
from pathways.facts.patient_assessment import AFTER_RESPONSE, TODAY
from pathways.knowledge.protocols import load_protocol
from pathways.planning.missing import what_next
from rule_answers import with_setting

DEFAULT = load_protocol()
TOUCHING = [{"id": "A", "segments": [8], "size_mm": 30, "count": 1, "depth": "deep", "contacts": ["right_anterior_pedicle"]}]  # fmt: skip
VANISHED = [{"id": "A", "segments": [5], "count": 1, "nature": "vanished"}, {"id": "B", "segments": [2], "count": 1, "nature": "vanished"}]  # fmt: skip


def answered(response):
    course = {"week": -20, "until_week": -6, "event": "chemotherapy", "regimen": "folfox", "cycles": 6}
    return [{**course, "response": response}] if response else []


@pytest.mark.parametrize("response", [None, "stable", "partial", "complete"])
def test_a_contact_that_is_told_today_is_not_freed_by_a_response_of_the_past(response):
    (lesion,) = assessed(lesions=TOUCHING, history=answered(response)).lesions_in(TODAY)
    assert (lesion.detached, bool(lesion.needs_inflow_removed)) == ((), True)


@pytest.mark.parametrize("response", [None, "partial"])
def test_a_response_to_come_frees_it_after_one_of_the_past_too(response):
    (lesion,) = assessed(lesions=TOUCHING, history=answered(response)).lesions_in(AFTER_RESPONSE)
    assert lesion.detached == ("right_anterior_pedicle",)


def test_a_centre_that_detaches_what_is_still_touched_says_always():
    patient = assessed(lesions=TOUCHING, history=answered("partial"))
    always = type(patient)(patient.case, with_setting(DEFAULT, "vessel_detachment", "always"))
    assert always.lesions_in(TODAY)[0].detached == ("right_anterior_pedicle",)


@pytest.mark.parametrize("response", [None, "partial", "complete"])
def test_a_size_that_is_told_today_is_the_size(response):
    (lesion,) = assessed(lesions=TOUCHING, history=answered(response)).lesions_in(TODAY)
    assert lesion.size_mm == 30


def test_sizes_that_are_not_told_are_no_smaller_for_a_response_of_the_past():
    spread = [{"id": "A", "segments": ["whole_liver"]}]
    before, after = (assessed(lesions=spread, history=answered(one)) for one in (None, "partial"))
    assert bool(before.resections(TODAY)) == bool(after.resections(TODAY))


def names(case):
    return {edge.declared.name for leaving in pw.explore(case, DEFAULT).edges for edge in leaving}


def test_where_every_lesion_has_vanished_no_more_chemotherapy_comes_before_the_operation():
    """One that is still to be seen can be treated before it, whatever else has vanished."""
    seen = {"id": "C", "segments": [6], "size_mm": 20, "count": 1, "depth": "superficial", "contacts": []}
    history = answered("complete")
    assert "start_perioperative_chemotherapy" not in names(make_case(lesions=VANISHED, history=history))
    long_ago = [{**one, "week": -40, "until_week": -26} for one in history]
    assert "start_perioperative_chemotherapy" not in names(make_case(lesions=VANISHED, history=long_ago))
    assert "start_perioperative_chemotherapy" in names(make_case(lesions=[*VANISHED, seen], history=long_ago))


@pytest.mark.parametrize(("told", "asked"), [({}, True), ({"seen_on": []}, False)])
def test_an_mri_is_asked_for_where_it_is_not_told_whether_it_shows_what_has_vanished(told, asked):
    case = make_case(lesions=[{**one, **told} for one in VANISHED], history=answered("complete"))
    found = {one.item: one for one in what_next(pw.plan(case, DEFAULT).evaluation)}
    assert ("lesions.seen_on" in found) == asked
    if asked:
        assert "hepatobiliary contrast" in found["lesions.seen_on"].reason
        assert "surveillance" in found["lesions.seen_on"].closes


def test_what_has_vanished_has_had_its_systemic_treatment():
    protocol = with_setting(DEFAULT, "systemic_first_from_points", 0)
    facts = pw.explore(make_case(lesions=VANISHED), protocol).facts
    assert facts.cell("systemic_before", ("none",) * 3).value == "yes"
