"""Cases that were tried and what a right answer holds: jaundice and drainage before elective steps."""

from pathlib import Path

import pytest

import pathways as pw
from pathways.case.course import Course
from pathways.conformance.audit import audit

HERE = Path(__file__).parent
DEFAULT = pw.load_protocol("default")


def tried(name, **liver):
    case = pw.load_case(next(HERE.glob(f"*/{name}.yaml")))
    return case.model_copy(update={"liver": case.liver.model_copy(update=liver)})


def walks(case):
    return [[step.trigger for step in one.steps] for one in pw.plan(case, DEFAULT, top=0).pathways]


@pytest.mark.parametrize("state", ["none", "drained"])
def test_52_drained_ducts_open_elective_steps_again_and_unobstructed_ones_never_closed_them(state):
    first = {one[1] for one in walks(tried("52-liver-first-drained", biliary_obstruction=state))}
    assert {"resect_liver_minor", "start_perioperative_chemotherapy", "irradiate_primary"} <= first
    assert "drain_bile_ducts" not in first


def test_52_undrained_nothing_elective_comes_before_the_drain():
    jaundiced = tried("52-liver-first-drained", biliary_obstruction="present")
    assert {one[1] for one in walks(jaundiced)} == {"drain_bile_ducts", "palliate"}
    after = {one[2] for one in walks(jaundiced) if len(one) > 2}
    assert {"resect_liver_minor", "start_perioperative_chemotherapy", "irradiate_primary"} <= after


def test_52_a_course_through_an_undrained_obstruction_has_a_finding():
    jaundiced = tried("52-liver-first-drained", biliary_obstruction="present")
    chemotherapy = {"day": 3, "until_day": 45, "event": "chemotherapy", "regimen": "folfox", "cycles": 4}
    course = Course.model_validate({"schema": 1, "case": jaundiced, "events": [chemotherapy]})
    assert [row.rule for row in audit(course, DEFAULT).deviations] == ["biliary_drained"]


@pytest.mark.parametrize(("bilirubin", "opened"), [(51, True), (120, False), (600, False)])
def test_38c_a_high_bilirubin_without_obstruction_leaves_no_perioperative_chemotherapy(bilirubin, opened):
    found = pw.plan(tried("38c-bilirubin-120", bilirubin_umol_per_l=bilirubin), DEFAULT, top=0)
    closed = {one.family: one.verdicts for one in found.closed}
    rules = [one.rule for one in closed.get("perioperative_chemotherapy", ()) if "systemic" in one.reason]
    assert (rules == []) == opened


def test_a13b_bilirubin_of_150_with_nothing_told_of_the_ducts_asks_for_the_cause_before_any_drug():
    found = pw.plan(tried("a13b"), DEFAULT, top=0)
    closed = {one.family: one.verdicts for one in found.closed}["perioperative_chemotherapy"]
    (reason,) = (one.reason for one in closed if one.rule == "liver_sufficient")
    assert "cause of the jaundice is found first" in reason
    assert "(liver.biliary_obstruction)" in reason
    assert all(not one.curative for one in found.pathways)
