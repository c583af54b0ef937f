"""Inputs that were tried, with what a right answer holds: bad cases, logs of other programs, courses that were really done."""

from functools import cache
from pathlib import Path

import pytest

import pathways as pw
from pathways.case.eventlog import courses_in
from pathways.conformance.audit import audit
from pathways.documents.problems import DocumentError
from pathways.process.acts import ON_THE_LIVER, STIMULI

HERE = Path(__file__).parent
DEFAULT = pw.load_protocol("default")


def tried(name):
    return pw.load_case(HERE / "adversarial" / f"{name}.yaml")


def test_a_vanished_lesion_that_is_told_with_a_size_had_it_before():
    said = {words for one in planned("a24").pathways for words in one.assumptions}
    assert "A has vanished: 60 mm is read as its size before" in said


@pytest.mark.parametrize(
    ("name", "words"), [("a02", "outside the body"), ("a34", "transplanted liver"), ("a37", "HIPEC")]
)
def test_what_the_case_touches_and_nobody_plans_here_is_said(name, words):
    assert any(words in one for one in planned(name).assessment.not_modelled)


def test_a_lesion_that_holds_all_three_veins_is_not_resectable_as_it_is():
    assert planned("a02").assessment.resectability == "potentially_convertible"


@cache
def planned(name):
    return pw.plan(tried(name), DEFAULT, top=0)


def decisions(name):
    """The decisions of each pathway, in order."""
    return [[step for step in one.steps if step.kind == "decision"] for one in planned(name).pathways]


def first_on_the_liver(name):
    return {
        next((step.trigger for step in one if step.acts & (ON_THE_LIVER | STIMULI)), None) for one in decisions(name)
    }


def refused(name):
    return {one.rule for one in planned(name).assessment.findings if one.verdict == "refused"}


def test_a01_eight_lesions_are_the_same_as_one_entry_or_as_eight():
    one, eight = planned("a01a"), planned("a01b")
    assert [made.families for made in one.pathways] == [made.families for made in eight.pathways]
    assert one.best.value == pytest.approx(eight.best.value)


def test_a07_after_embolisation_the_remnant_is_measured_before_the_operation_and_no_second_one_leads():
    assert "pve" not in planned("a07").pathways[0].families
    for one in decisions("a07"):
        steps = [step.trigger for step in one]
        operations = [place for place, step in enumerate(steps) if step.startswith("resect_liver_major")]
        assert all({"measure_remnant", "discuss_growth"} & {*steps[:place]} for place in operations)


def test_a08_a_resection_that_leaves_only_embolised_liver_is_refused():
    assert "all_lesions_treatable" in refused("a08")
    assert first_on_the_liver("a08") == {None}


def test_a09_who_declines_chemotherapy_gets_none():
    assert not any("systemic" in step.acts for one in decisions("a09") for step in one if step.trigger != "palliate")


@pytest.mark.parametrize("name", ["a10", "a12"])
def test_who_is_not_fit_has_no_operation(name):
    assert "fit_for_operation" in refused(name)
    assert first_on_the_liver(name) == {None}


def test_a14_age_alone_is_no_bar():
    assert "one_stage" in planned("a14").open


def test_a15_a_remnant_too_small_for_the_body_is_not_operated_on_at_once():
    assert "remnant_body_weight" in refused("a15")
    assert "resect_liver_major" not in first_on_the_liver("a15")


def test_a16_thirty_percent_is_enough_and_less_is_not():
    assert "remnant_volume" not in refused("a16")
    assert "resect_liver_major" in first_on_the_liver("a16")
    assert "remnant_volume" in refused("a16b")
    assert "resect_liver_major" not in first_on_the_liver("a16b")


@pytest.mark.parametrize("name", ["a18", "a18b"])
def test_disease_of_brain_or_bone_is_no_silent_yes(name):
    assert "extrahepatic_resectable" in refused(name)
    assert not planned(name).curative


@pytest.mark.parametrize(
    ("name", "key"),
    [
        ("a19", "history[1].week"), ("a20", "history[0].week"), ("a21", "lesions[0].segments[0]"),
        ("a22", "history[0].event"), ("a23", "history[0].until_week"), ("a38", "lesions"),
    ],
)  # fmt: skip
def test_what_cannot_be_true_is_refused_at_its_place(name, key):
    with pytest.raises(DocumentError) as refusal:
        tried(name)
    assert refusal.value.problems[0].key == key


def test_a28_a_perforated_primary_comes_first():
    first = {one[0].trigger for one in decisions("a28") if any(step.acts & ON_THE_LIVER for step in one)}
    assert first == {"resect_primary_urgently"}


def test_a30_chemotherapy_of_four_years_ago_neither_raises_the_limit_nor_closes_a_new_course():
    assert planned("a30").assessment.liver_state == "normal"
    assert "resect_liver_major" in first_on_the_liver("a30")
    assert "perioperative_chemotherapy" in planned("a30").open


def test_a31_twenty_four_weeks_of_capox_are_eight_cycles():
    warned = {words for one in planned("a31").pathways for words in one.warnings if "cycles before" in words}
    assert any(words.startswith("8 cycles") for words in warned)


def test_a35_one_entry_over_the_whole_liver_is_not_one_lesion():
    assert "all_lesions_treatable" in refused("a35")


@pytest.mark.parametrize("name", ["02-floats", "02c-pandas-index", "03-semicolon", "12-list", "22-pm4py"])
def test_a_log_as_other_programs_write_it_is_read(name):
    found = [course for _, course in courses_in(HERE / "logs" / f"{name}.csv")]
    assert found
    for course in found:
        assert audit(course, DEFAULT, name).conforms


def test_a_log_of_floats_says_the_same_as_one_of_whole_numbers():
    read = {
        name: list(courses_in(HERE / "logs" / f"{name}.csv"))
        for name in ("02-floats", "02c-pandas-index", "03-semicolon")
    }
    assert read["02-floats"] == read["02c-pandas-index"] == read["03-semicolon"]
    assert read["02-floats"][0][1].events[0].cycles == 4


def test_an_xes_log_is_read_in_the_encoding_that_it_names():
    assert [name for name, _ in courses_in(HERE / "logs" / "08-latin1.xes")] == ["Müller"]


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("04-latin1.csv", "2:2: byte 0xfc is not UTF-8 text; save the file as UTF-8"),
        ("05-order.csv", "3:4: events[1].day: got 55; accepted: 90 or more"),
        ("09-typo.xes", '4:57: cyles: unknown key "cyles"; did you mean "cycles"?'),
        ("11-date.csv", '2:4: time:timestamp: got "1704067200"; accepted: a date'),
        ("19g.csv", "1:4: event: this column stands in column 1 already; accepted: once"),
    ],
)
def test_a_log_that_cannot_be_meant_is_answered_at_its_place(name, words):
    with pytest.raises(DocumentError) as refusal:
        list(courses_in(HERE / "logs" / name))
    assert words in str(refusal.value.problems[0])


@pytest.mark.parametrize("path", sorted((HERE / "courses").glob("*.yaml")), ids=lambda path: path.stem)
def test_what_was_really_done_conforms(path):
    assert audit(pw.load_course(path), DEFAULT, path.name).conforms
