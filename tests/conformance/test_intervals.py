"""Intervals between treatments: radiotherapy and rectum, a targeted drug and the liver, the primary and transplantation."""

from dataclasses import replace
from pathlib import Path

import pytest
from builders import make_case

import pathways as pw
from pathways.conformance import timing
from pathways.conformance.acts import Act
from pathways.conformance.proof import prove
from pathways.conformance.property import Breach, Unknown, View

DEFAULT = pw.load_protocol("default")
GUIDELINES = Path(__file__).parents[1] / "tried" / "guidelines"
RECTUM = {
    "tumour": "colorectal",
    "site": "rectum",
    "status": "in_situ",
    "presentation": "synchronous",
    "needs_radiotherapy": True,
}
GIST = {"tumour": "gist", "site": None, "status": "resected", "presentation": "metachronous"}
# Not resectable whatever is done: a lesion that holds all three veins, and no drug that it has not had.
FOR_TRANSPLANTATION = pw.load_case(GUIDELINES / "12a-tx-ok.yaml")
RESECTION = Act("resect", frozenset({"primary_resection"}), decision=True, days=14)
ON_LIVER = Act("resect", frozenset({"hepatectomy"}), decision=True, days=14)
LISTING = Act("list", frozenset({"transplantation"}), decision=True, days=0)


def open_properties(case, protocol=DEFAULT):
    return {one.id for one in prove(pw.explore(case, protocol)) if one.counter_example}


def with_setting(key, value):
    setting = replace(DEFAULT.settings[key], value=value)
    return replace(DEFAULT, settings={**DEFAULT.settings, key: setting})


def steps(case):
    return [
        [step.trigger for step in one.steps if step.kind == "decision"]
        for one in pw.plan(case, DEFAULT, top=0).pathways
    ]


# --- radiotherapy and the rectum ---------------------------------------------------------------------------------------


def test_whatever_lies_between_radiotherapy_and_the_rectum_the_interval_is_kept():
    case = make_case(primary=RECTUM)
    assert open_properties(case) == set()
    assert any("irradiate_primary_after_liver" in one for one in steps(case))
    # The plan waits six weeks by convention, or operates on the liver meanwhile: more than those are not always kept.
    assert open_properties(case, with_setting("radiotherapy_wait_weeks", 7)) == {"radiotherapy_interval"}


@pytest.mark.parametrize(("ended", "waits"), [(-3, True), (-4, False), (None, False)])
def test_radiotherapy_of_the_history_is_waited_for_until_its_interval_has_passed(ended, waits):
    case = make_case(primary=RECTUM, history=[{"event": "radiotherapy", "until_week": ended}])
    assert pw.explore(case, DEFAULT).states[0].primary == ("irradiated" if waits else "rested")
    assert "radiotherapy_interval" not in open_properties(case)
    said = {words for one in pw.plan(case, DEFAULT).pathways for words in one.assumptions}
    assert any("interval after the radiotherapy over" in words for words in said) is (ended is None)


@pytest.mark.parametrize(("clock", "answer"), [(28, None), (27, Breach), (None, Unknown)])
def test_the_interval_after_radiotherapy_is_judged_on_both_sides(clock, answer):
    view = View(make_case(primary=RECTUM), DEFAULT)
    found = timing.rested(True, clock, RESECTION, view)
    assert found is None if answer is None else isinstance(found, answer)
    assert timing.rested(False, 0, RESECTION, view) is None
    assert timing.rested(True, 0, replace(RESECTION, elective=False), view) is None


# --- a targeted drug and the liver ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(("weeks", "first"), [(26, "operation"), (25, "drug")])
def test_a_gist_is_operated_on_when_its_drug_has_been_given_long_enough(weeks, first):
    history = [{"event": "chemotherapy", "regimen": "imatinib", "week": -weeks, "until_week": 0, "response": "partial"}]
    case = make_case(primary=GIST, history=history)
    now = {one[1] for one in steps(case)}
    assert "start_perioperative_chemotherapy" in now
    assert bool(now & {"ablate_liver", "resect_liver_minor"}) is (first == "operation")
    assert open_properties(case) == set()


def test_a_gist_that_has_had_nothing_is_given_its_drug_for_half_a_year():
    made = pw.plan(make_case(primary=GIST), DEFAULT)
    first = made.pathways[0]
    block = next(one for one in first.steps if one.trigger == "start_perioperative_chemotherapy")
    assert block.day - block.since == 26 * 7
    assert open_properties(make_case(primary=GIST)) == set()


@pytest.mark.parametrize(("given", "answer"), [(182, None), (181, Breach), (None, Unknown)])
def test_the_weeks_of_a_targeted_drug_are_judged_on_both_sides(given, answer):
    view = View(make_case(primary=GIST), DEFAULT)
    found = timing.targeted(given, 0, ON_LIVER, view)
    assert found is None if answer is None else isinstance(found, answer)
    assert timing.targeted(0, 0, ON_LIVER, View(make_case(), DEFAULT)) is None


def test_how_long_the_drug_was_given_is_an_assumption_where_it_is_not_told():
    case = make_case(primary=GIST, history=[{"event": "chemotherapy", "regimen": "imatinib"}])
    said = {words for one in pw.plan(case, DEFAULT).pathways for words in one.assumptions}
    assert any("treated long enough" in words for words in said)
    assert not pw.plan(case, DEFAULT, strict=True).curative or "targeted_long_enough" not in open_properties(case)


# --- the primary and transplantation ------------------------------------------------------------------------------------


def resected(week):
    history = [event for event in FOR_TRANSPLANTATION.history if event.event != "primary_resection"]
    told = {"event": "primary_resection", **({} if week is None else {"week": week})}
    event = type(FOR_TRANSPLANTATION.history[0]).model_validate(told)
    return FOR_TRANSPLANTATION.model_copy(update={"history": (event, *history)})


@pytest.mark.parametrize(("week", "observed"), [(-13, False), (-12, True), (None, False)])
def test_who_is_listed_has_been_observed_since_the_primary(week, observed):
    case = resected(week)
    listing = [one for one in steps(case) if "list_for_transplantation" in one]
    assert listing
    assert all(("observe_before_listing" in one) is observed for one in listing)
    assert open_properties(case) == set()
    said = {words for one in pw.plan(case, DEFAULT).pathways for words in one.assumptions}
    assert any("resected long enough ago" in words for words in said) is (week is None)


def test_a_primary_that_is_resected_in_the_plan_is_followed_by_observation():
    case = pw.load_case(next(GUIDELINES.glob("12e-*.yaml")))
    listing = [one for one in steps(case) if "list_for_transplantation" in one]
    assert listing
    assert all("observe_before_listing" in one for one in listing)
    assert open_properties(case) == set()


@pytest.mark.parametrize(("clock", "answer"), [(91, None), (90, Breach), (None, Unknown)])
def test_the_observation_before_listing_is_judged_on_both_sides(clock, answer):
    view = View(FOR_TRANSPLANTATION, DEFAULT)
    found = timing.observed(True, clock, LISTING, view)
    assert found is None if answer is None else isinstance(found, answer)
    assert timing.observed(False, 0, LISTING, view) is None
