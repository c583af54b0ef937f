"""Chemotherapy of the history is counted as it was: by the cycle of its drugs, and as long as it counts."""

from dataclasses import replace
from pathlib import Path

import pytest
from builders import make_case
from hypothesis import assume, given, seed, settings
from hypothesis import strategies as st

from pathways.case.loading import load_case
from pathways.conformance.limits import Limits
from pathways.facts import bad_ends, disease, transplantation
from pathways.facts.patient_assessment import PatientAssessment
from pathways.facts.regimen import washout_verdict
from pathways.facts.remnant import volume_limit
from pathways.knowledge.protocols import load_protocol
from pathways.planning.plan import plan

TRIED = Path(__file__).parent.parent / "tried"
DEFAULT = load_protocol()


def course(regimen="folfox", **told):
    return {"event": "chemotherapy", **({"regimen": regimen} if regimen else {}), **told}


def seen(*history, background="normal", protocol=DEFAULT):
    liver = {"background": background, "insufficiency": []}
    return PatientAssessment(make_case(liver=liver, history=list(history)), protocol)


def with_settings(**values):
    changed = {key: replace(DEFAULT.settings[key], value=value) for key, value in values.items()}
    return replace(DEFAULT, settings={**DEFAULT.settings, **changed})


def remaining(one):
    return disease.chemotherapy_remaining(one, 0)


# --- the cycle of the drugs ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("regimen", "cycles"),
    [
        ("capox", 8), ("capox_bevacizumab", 8), ("xelox", 8), ("capiri", 8), ("xeliri_bevacizumab", 8), ("capecitabine", 8),
        ("folfox", 12), ("folfox_panitumumab", 12), ("folfiri_cetuximab", 12), ("folfoxiri_bevacizumab", 12),
        ("fluorouracil", 12), ("something_new", 12), (None, 12),
    ],
)  # fmt: skip
def test_24_weeks_are_as_many_cycles_as_the_regimen_has(regimen, cycles):
    one = seen(course(regimen, week=-28, until_week=-4))
    assert (one.past.cycles_counted, one.past.exposure_weeks) == (cycles, 24)


@pytest.mark.parametrize(
    ("regimen", "cycles", "weeks", "state"),
    [("capox", 4, 12, "normal"), ("capox", 5, 15, "exposed"), ("folfox", 5, 10, "normal"), ("folfox", 6, 12, "normal"),
     ("something_new", 5, 10, "normal")],
)  # fmt: skip
def test_cycles_last_as_long_as_the_regimen_says(regimen, cycles, weeks, state):
    one = seen(course(regimen, cycles=cycles))
    assert (one.past.exposure_weeks, one.liver_state()) == (weeks, state)


def test_what_is_told_is_not_reckoned():
    one = seen(course("capox", week=-30, until_week=-4, cycles=6))
    assert (one.past.cycles_counted, one.past.exposure_weeks) == (6, 26)


@pytest.mark.parametrize(("regimen", "name"), [("something_new", "something_new"), (None, "earlier chemotherapy")])
def test_a_cycle_of_unknown_length_is_the_protocols_and_that_is_said(regimen, name):
    words = f"the length of a cycle of {name} is not known: reckoned as 2 weeks"
    by_dates, by_cycles = seen(course(regimen, week=-14, until_week=-6)), seen(course(regimen, until_week=-6, cycles=4))
    assert by_dates.state_assumptions == by_cycles.state_assumptions == (words,)
    assert remaining(by_dates).reason == f"one more block makes 8 of at most 12 cycles; {words}"
    assert remaining(by_cycles).reason == "one more block makes 8 of at most 12 cycles"


def test_nothing_is_said_of_a_cycle_that_is_known_or_not_needed():
    assert seen(course("capox", until_week=-6, cycles=4)).state_assumptions == ()
    assert seen(course("something_new", cycles=4, week=-14, until_week=-6)).state_assumptions == ()


def test_the_cycle_of_a_plan_is_no_measure_of_what_was_given():
    one = seen(course("folfox", week=-28, until_week=-4), protocol=with_settings(cycle_weeks=3))
    assert one.past.cycles_counted == 12


@pytest.mark.parametrize(
    ("key", "value", "cycles"), [("long_cycle_weeks", 4, 6), ("long_cycle_regimens", ("xelox",), 12)]
)
def test_a_protocol_may_count_otherwise(key, value, cycles):
    one = seen(course("capox", week=-28, until_week=-4), protocol=with_settings(**{key: value}))
    assert one.past.cycles_counted == cycles


# --- how long it counts ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("ended", "background", "state"),
    [
        (-51, "normal", "exposed"), (-52, "normal", "exposed"), (-53, "normal", "normal"),
        (-53, None, "exposed"), (-53, "steatosis", "injured"), (-53, "cirrhosis", "cirrhosis"), (-500, None, "exposed"),
    ],
)  # fmt: skip
def test_a_background_stated_as_normal_outranks_what_ended_more_than_a_year_ago(ended, background, state):
    one = seen(course(week=ended - 24, until_week=ended, cycles=12), background=background)
    assert one.liver_state() == state


def test_exposure_does_not_fade_where_the_protocol_says_so():
    one = seen(course(week=-224, until_week=-200, cycles=12), protocol=with_settings(exposure_fades=False))
    assert (one.liver_state(), one.state_assumptions) == ("exposed", ())


@pytest.mark.parametrize(("weeks", "state"), [(199, "normal"), (200, "exposed")])
def test_how_long_ago_is_a_setting(weeks, state):
    one = seen(course(week=-224, until_week=-200, cycles=12), protocol=with_settings(past_course_weeks=weeks))
    assert one.liver_state() == state


def test_what_is_left_out_is_named_with_the_reason():
    one = seen(course(week=-224, until_week=-200, cycles=12), course("capox", week=-14, until_week=-5))
    (words,) = one.state_assumptions
    assert words.startswith(
        "folfox ended 200 weeks ago, more than 52: not counted against the remnant, because the background"
    )
    assert (one.past.exposure_cycles, one.past.exposure_weeks) == (3, 9)


@pytest.mark.parametrize(
    ("told", "state", "said"),
    [({}, "exposed", True), ({"week": -53}, "exposed", True), ({"week": -52}, "exposed", False), ({"until_week": -53}, "normal", False)],
)  # fmt: skip
def test_a_course_whose_end_is_not_known_counts_and_that_is_said(told, state, said):
    one = seen(course(cycles=9, **told))
    assert one.liver_state() == state
    words = "the end of folfox is not reported (history.until_week): counted against the remnant"
    assert (words in one.state_assumptions) is said
    assert ("the end of folfox is not reported (history.until_week): counted" in remaining(one).reason) is said


@pytest.mark.parametrize(
    ("history", "asked"),
    [
        # Twelve and four more are sixteen; eight and four are twelve.
        ([course(cycles=12)], True), ([course(cycles=8)], False),
        # Told, it is a bar or none; begun within the year it cannot have ended before.
        ([course(cycles=12, until_week=-52)], False), ([course(cycles=12, until_week=-53)], False), ([course(cycles=12, week=-52)], False),
        # What is told bars by itself, and what stands behind an event of this year did not end before it.
        ([course(cycles=9, until_week=-20), course(cycles=4)], False), ([{"event": "radiotherapy", "week": -30, "until_week": -29}, course(cycles=12)], False),
    ],
)  # fmt: skip
def test_a_bar_by_cycles_whose_end_is_not_told_is_asked_about_and_opens_where_they_ended_long_ago(history, asked):
    one = seen(*history)
    (found,) = [each for each in bad_ends.taken_as_given(one) if each.item == "history.until_week"] or [None]
    assert (found is not None) is asked
    if asked:
        assert found.taken == "badly"
        assert remaining(one).verdict == "refused"
        assert remaining(replace(one, case=bad_ends.ended_long_ago(one))).verdict == "allowed"


CONVERTIBLE = {
    "segments": [8], "size_mm": 60, "count": 1, "depth": "deep",
    "contacts": ["right_hepatic_vein", "middle_hepatic_vein", "left_hepatic_vein"], "nature": "confirmed",
}  # fmt: skip


def test_a_plan_closed_by_cycles_of_untold_end_says_what_would_be_open_had_they_ended_long_ago():
    # Where nothing goes into the artery: that is a line of its own.
    protocol = with_settings(arterial_infusion_accepted=False)
    case = make_case(lesions=[CONVERTIBLE], history=[course(cycles=12, response="stable")])
    made = plan(case, protocol)
    item = next(one for one in made.find_out_next if one.asked == ("history.until_week", "badly"))
    assert item.chance_now == 0 < item.chance_otherwise
    assert "conversion_chemotherapy" in item.opens
    assert made.opens_if["conversion_chemotherapy"] == ("chemotherapy of untold end over for more than 52 weeks",)
    strict = plan(case, protocol, strict=True)
    assert "conversion_chemotherapy" in {one.family for one in strict.closed}


@pytest.mark.parametrize(("ended", "answer"), [(-51, "refused"), (-52, "refused"), (-53, "allowed")])
@pytest.mark.parametrize("background", ["normal", None])
def test_cycles_of_more_than_a_year_ago_do_not_count_before_a_hepatectomy(ended, answer, background):
    assert remaining(seen(course(until_week=ended, cycles=12), background=background)).verdict == answer


def test_the_rule_names_the_course_that_is_not_counted():
    words = remaining(seen(course(until_week=-53, cycles=12))).reason
    assert (
        words
        == "one more block makes 4 of at most 12 cycles; folfox is not counted: it ended 53 weeks ago, more than 52"
    )


def test_cycles_of_a_past_course_that_are_not_told_are_not_missing():
    assert remaining(seen(course(until_week=-53))).verdict == "allowed"
    assert remaining(seen(course(until_week=-52))).verdict == "unknown"
    assert remaining(seen(course())).verdict == "unknown"


@pytest.mark.parametrize(("week", "answer"), [(-19, "refused"), (-5, "allowed")])
def test_cycles_before_the_last_liver_operation_do_not_count(week, answer):
    operation = {"event": "hepatectomy", "removes": [2, 3], "week": week}
    chemotherapy = course(week=-18 if week < -18 else -36, until_week=-6, cycles=12)
    history = [operation, chemotherapy] if week < -18 else [chemotherapy, operation]
    assert remaining(seen(*history)).verdict == answer


def test_weeks_on_chemotherapy_before_a_transplantation_do_not_fade():
    one = seen(course(week=-224, until_week=-200, cycles=12))
    assert transplantation.tested(one, 0, "none").value == 24


# --- patients that were tried ----------------------------------------------------------------------------------------


def test_after_folfox_of_four_years_ago_the_limit_is_30_percent_and_perioperative_chemotherapy_open():
    found = plan(load_case(TRIED / "folfox-four-years-ago.yaml"), DEFAULT)
    volume = next(one for one in found.assessment.findings if one.rule == "remnant_volume")
    assert (volume.verdict, volume.limit) == ("allowed", 0.30)
    operated = next(one for one in found.pathways if one.title == "right hepatectomy")
    assert any("folfox ended 200 weeks ago" in words for words in operated.assumptions)
    names = [one.title for one in found.pathways]
    assert names[:2] == ["right hepatectomy", "perioperative chemotherapy → right hepatectomy"]


def test_24_weeks_of_capox_are_eight_cycles_and_four_more_are_open():
    case = load_case(TRIED / "capox-by-dates.yaml")
    one = PatientAssessment(case, DEFAULT)
    assert (one.past.cycles_counted, one.liver_state()) == (8, "exposed")
    verdict = remaining(one)
    assert (verdict.verdict, verdict.value) == ("allowed", 12.0)


# --- laws ------------------------------------------------------------------------------------------------------------

REGIMENS = ["folfox", "capox_bevacizumab", "folfiri_cetuximab", "capecitabine", "something_new", "imatinib"]
BACKGROUNDS = ["normal", "steatosis", "cirrhosis", None]


@st.composite
def courses(draw):
    told = {"regimen": draw(st.sampled_from(REGIMENS)), "event": "chemotherapy"}
    if draw(st.booleans()):
        told["until_week"] = draw(st.integers(-120, -2))
        if draw(st.booleans()):
            told["week"] = told["until_week"] - draw(st.integers(1, 40))
    if draw(st.booleans()):
        told["cycles"] = draw(st.integers(1, 14))
    return told


@st.composite
def histories(draw):
    found = draw(st.lists(courses(), max_size=3))
    if draw(st.booleans()):
        found.insert(draw(st.integers(0, len(found))), {"event": "hepatectomy", "removes": [2]})
    return found


def in_order(found):
    """A history whose weeks go forward, as a case file asks for."""
    weeks = [week for one in found for week in (one.get("week", one.get("until_week")),) if week is not None]
    return weeks == sorted(weeks)


@pytest.mark.parametrize(
    ("months", "response", "counts", "cycles"),
    # Resected in week -60; the course ended in week -30, 30 weeks or 6.92 months after it.
    [
        (6.9, None, False, 12),
        (7, None, False, 0),
        (7, "stable", False, 12),
        (7, None, True, 12),
        (None, None, False, 12),
    ],
)
def test_cycles_that_had_ended_before_the_metastases_were_found_do_not_count_but_where_the_protocol_counts_them(
    months, response, counts, cycles
):
    told = {} if response is None else {"response": response}
    history = [{"event": "primary_resection", "week": -60}, course(week=-54, until_week=-30, cycles=12, **told)]
    primary = {"presentation": "metachronous", "interval_months": months}
    case = make_case(history=history, primary=primary)
    one = PatientAssessment(case, with_settings(adjuvant_cycles_count=counts))
    assert one.past.cycles_counted == Limits(one).cycles_before == cycles
    assert one.past.exposure_cycles == 12
    left_out = "it had ended before the metastases were found" in remaining(one).reason
    assert left_out is (cycles == 0)


# --- each line of treatment ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("responses", "all_lines", "cycles"),
    [
        (("stable", "partial"), False, 16),
        (("progression", "partial"), False, 4),
        (("progression", "partial"), True, 16),
        (("stable", "progression"), False, 0),
    ],
)
def test_cycles_up_to_a_progression_do_not_count_for_the_next_line_but_where_the_protocol_counts_them(
    responses, all_lines, cycles
):
    first = course(week=-40, until_week=-16, cycles=12, response=responses[0])
    then = course("folfiri", week=-12, until_week=-4, cycles=4, response=responses[1])
    one = seen(first, then, protocol=with_settings(cycles_of_earlier_lines_count=all_lines))
    assert one.past.cycles_counted == Limits(one).cycles_before == cycles
    # The liver has had them all, and so has whoever reads how many were given.
    assert (one.past.exposure_cycles, one.cycles_since_hepatectomy(0)) == (16, 16)
    assert ("folfox is not counted" in remaining(one).reason.lower()) is (cycles < 16)


def test_a_progression_seen_at_a_restaging_ends_a_line_and_one_of_the_irradiated_primary_does_not():
    twelve = course(week=-30, until_week=-6, cycles=12)
    restaged = seen(twelve, {"event": "restaging", "week": -4, "response": "progression"})
    irradiated = seen(twelve, {"event": "radiotherapy", "week": -4, "response": "progression"})
    assert (restaged.past.cycles_counted, irradiated.past.cycles_counted) == (0, 12)


@pytest.mark.parametrize("cycles", [8, 9, 12])
def test_whoever_progresses_is_given_a_second_line_however_long_the_first_was(cycles):
    history = [course(week=-30, until_week=-5, cycles=cycles, response="progression")]
    found = plan(make_case(history=history))
    assert found.pathways[0].steps[1].trigger == "start_second_line"
    assert found.pathways[0].curative
    counted = plan(make_case(history=history), with_settings(cycles_of_earlier_lines_count=True))
    assert any("start_second_line" in [step.trigger for step in one.steps] for one in counted.pathways) is (cycles == 8)


def test_drugs_go_into_the_artery_however_long_systemic_treatment_has_left_the_liver_unresectable():
    for cycles in (8, 12, 20):
        one = seen(course(week=-50, until_week=-6, cycles=cycles, response="stable"))
        assert disease.new_line_remaining(one, 0).verdict == "allowed"
        all_lines = seen(
            course(week=-50, until_week=-6, cycles=cycles), protocol=with_settings(cycles_of_earlier_lines_count=True)
        )
        assert disease.new_line_remaining(all_lines, 0).verdict == ("allowed" if cycles == 8 else "refused")


FAILED_TWICE = (
    course(week=-50, until_week=-30, cycles=8, response="progression"),
    course("folfiri", week=-20, until_week=-4, cycles=6, response="progression"),
)


@pytest.mark.parametrize(
    ("history", "blocks", "answer"),
    [
        ((), 0, "allowed"), ((), 2, "allowed"), (FAILED_TWICE[:1], 0, "allowed"), (FAILED_TWICE[:1], 1, "refused"),
        (FAILED_TWICE, 0, "refused"),
        # More than a year ago: such drugs may be given again.
        (({**FAILED_TWICE[0], "week": -80, "until_week": -60}, FAILED_TWICE[1]), 0, "allowed"),
        # A line that still holds is one; a restaging that tells of the same progression again is none.
        ((FAILED_TWICE[0], course("folfiri", week=-20, until_week=-4, cycles=6, response="stable")), 0, "refused"),
        ((*FAILED_TWICE[:1], {"event": "restaging", "week": -28, "response": "progression"}), 0, "allowed"),
    ],
)  # fmt: skip
def test_a_plan_to_operate_is_built_on_two_lines_at_most(history, blocks, answer):
    assert disease.lines_remaining(seen(*history), blocks).verdict == answer


def test_after_two_lines_that_failed_the_plan_says_why_no_other_is_begun():
    made = plan(make_case(history=list(FAILED_TWICE)))
    assert not any(one.curative for one in made.pathways)
    assert "2 lines of chemotherapy have failed: no plan to operate is built on another" in [
        one.reason for one in made.assessment.findings
    ]
    three = plan(make_case(history=list(FAILED_TWICE)), with_settings(lines_before_surgery_max=3))
    assert any(one.curative for one in three.pathways)
    immunotherapy = plan(make_case(history=list(FAILED_TWICE), primary={"mismatch_repair": "deficient"}))
    assert any(one.curative for one in immunotherapy.pathways)


@seed(20261128)
@settings(max_examples=300, deadline=None)
@given(histories(), st.sampled_from(BACKGROUNDS), st.booleans(), st.booleans())
def test_properties_count_the_history_apart_and_agree(history, background, fades, lines):
    assume(in_order(history))
    protocol = with_settings(exposure_fades=fades, cycles_of_earlier_lines_count=lines)
    one = seen(*history, background=background, protocol=protocol)
    limits = Limits(one)
    assert limits.given == (one.past.exposure_cycles, one.past.exposure_weeks)
    assert limits.cycles_before == one.past.cycles_counted
    for blocks in range(4):
        cycles = one.cycles_in(blocks)
        assert limits.remnant_limit(*limits.after(cycles)) == volume_limit(one, blocks).value


@seed(20261129)
@settings(max_examples=200, deadline=None)
@given(
    st.sampled_from(REGIMENS), st.integers(1, 40), st.integers(2, 200), st.integers(1, 200),
    st.one_of(st.none(), st.integers(1, 14)), st.lists(courses(), max_size=1),
)  # fmt: skip
def test_a_finished_course_further_in_the_past_closes_nothing_and_raises_no_limit(
    regimen, weeks, ended, earlier, cycles, others
):
    told = {} if cycles is None else {"cycles": cycles}
    later = [one for one in others if one.get("week", one.get("until_week", 0)) > -2 or "until_week" not in one]

    def at(week):
        return seen(course(regimen, week=week - weeks, until_week=week, **told), *later)

    near, far = at(-ended), at(-ended - earlier)
    for blocks in range(4):
        assert volume_limit(far, blocks).value <= volume_limit(near, blocks).value
        if disease.chemotherapy_remaining(near, blocks).verdict != "refused":
            assert disease.chemotherapy_remaining(far, blocks).verdict != "refused"
        if transplantation.tested(near, blocks, "none").verdict != "refused":
            assert transplantation.tested(far, blocks, "none").verdict != "refused"
    washed = washout_verdict(near), washout_verdict(far)
    assert None in washed or washed[0].limit is None or washed[1].value >= washed[0].value


@pytest.mark.parametrize("response", ["complete", "partial", "progression"])
def test_the_response_to_radiotherapy_is_of_the_primary_and_says_nothing_of_the_liver(response):
    radiotherapy = {"event": "radiotherapy", "week": -8, "until_week": -7, "response": response}
    assert seen(radiotherapy).past.last_response is None
    later = {"event": "restaging", "week": -1, "response": "stable"}
    assert seen(radiotherapy, later).past.last_response == "stable"
