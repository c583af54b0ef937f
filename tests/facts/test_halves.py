"""A half of a perioperative course that was given before today: it is operated on, and the other half follows."""

from dataclasses import replace

import pytest
from builders import make_case

from pathways.facts.halves import before_an_operation, first_half_given
from pathways.facts.patient_assessment import PatientAssessment
from pathways.knowledge.protocols import load_protocol
from pathways.planning.plan import plan

DEFAULT = load_protocol()
EASY = [{"id": "A", "segments": [6], "size_mm": 30, "count": 1, "depth": "deep", "contacts": []}]
HELD_BY_ALL_VEINS = [
    {
        **EASY[0],
        "segments": [4, 5, 8],
        "size_mm": 60,
        "contacts": ["right_hepatic_vein", "middle_hepatic_vein", "left_hepatic_vein"],
    }
]


def course(**told):
    known = {
        "event": "chemotherapy",
        "regimen": "folfox",
        "cycles": 6,
        "week": -16,
        "until_week": -4,
        "response": "partial",
    }
    return {**known, **told}


def seen(*history, lesions=EASY, **settings):
    changed = {key: replace(DEFAULT.settings[key], value=value) for key, value in settings.items()}
    protocol = replace(DEFAULT, settings={**DEFAULT.settings, **changed})
    return PatientAssessment(make_case(lesions=lesions, history=list(history)), protocol)


def drugs(found):
    return [[one.trigger for one in way.steps if "systemic" in one.acts] for way in found.pathways if way.curative]


@pytest.mark.parametrize(
    ("told", "given", "half"),
    [
        ({}, True, True),
        # From a block to a half; more is more than the half.
        ({"cycles": 3}, False, False), ({"cycles": 4}, True, True), ({"cycles": 7}, True, False), ({"cycles": 12}, True, False),
        # Twelve weeks ago at most.
        ({"until_week": -12, "week": -24}, True, True), ({"until_week": -13, "week": -25}, False, False),
        ({"until_week": None, "week": None}, False, False), ({"cycles": None, "until_week": None}, False, False),
        ({"response": "stable"}, True, True), ({"response": None}, True, True), ({"response": "progression"}, False, False),
        ({"regimen": "pembrolizumab"}, False, False),
    ],
)  # fmt: skip
def test_what_was_given_shortly_before_today_is_the_half_before_the_operation(told, given, half):
    one = seen(course(**told))
    assert (before_an_operation(one), first_half_given(one)) == (given, half)


def test_no_half_is_begun_before_today_where_the_protocol_gives_none_or_an_operation_or_another_course_came_after():
    assert not before_an_operation(seen(course(), perioperative_accepted=False))
    assert not before_an_operation(seen(course(), {"event": "hepatectomy", "week": -2, "removes": [2]}))
    assert not before_an_operation(seen(course(week=-40, until_week=-28), course(week=-12)))


def test_after_six_cycles_it_is_operated_on_and_the_other_six_follow():
    found = plan(make_case(lesions=EASY, history=[course()]))
    assert drugs(found)
    assert all(one == ["finish_chemotherapy_begun_before_today"] for one in drugs(found))
    first = found.pathways[0]
    assert first.title.endswith("→ second half of the course")
    assert first.chemotherapy_cycles == 6
    # No antibody after the operation: the drugs are those around it.
    note = next(one.note for one in first.steps if one.trigger == "finish_chemotherapy_begun_before_today")
    assert note.startswith("6 cycles of FOLFOX;")


def test_after_more_than_a_half_nothing_is_given_around_the_operation():
    found = plan(make_case(lesions=EASY, history=[course(cycles=8, week=-20)]))
    assert drugs(found)
    assert not any(drugs(found))
    closed = {one.family: one for one in found.closed}["perioperative_chemotherapy"]
    assert closed.kind == "not_needed"
    assert "8 cycles given are more than the half" in closed.verdicts[0].reason


def test_where_more_blocks_make_it_resectable_no_half_follows():
    found = plan(make_case(lesions=HELD_BY_ALL_VEINS, history=[course()]))
    assert all("finish_chemotherapy_begun_before_today" not in one for one in drugs(found) if len(one) > 1)
    assert any("start_conversion_chemotherapy" in one for one in drugs(found))


def test_whoever_declines_the_other_half_is_operated_on():
    case = make_case(lesions=EASY, history=[course()], patient={"declines": ["perioperative_chemotherapy"]})
    found = plan(case)
    assert drugs(found)
    assert not any(drugs(found))


def test_the_second_half_stands_in_the_place_of_adjuvant_drugs():
    adjuvant = replace(DEFAULT.settings["adjuvant_accepted"], value=True)
    protocol = replace(DEFAULT, settings={**DEFAULT.settings, "adjuvant_accepted": adjuvant})
    found = plan(make_case(lesions=EASY, history=[course()]), protocol, follow_up=True)
    assert not any("give_adjuvant_chemotherapy" in one for one in drugs(found))
