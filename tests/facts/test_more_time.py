"""More time for a remnant that fell short: what it is given for, and when it is given no more."""

from random import Random
from statistics import NormalDist

import pytest
from builders import facts, make_case

from pathways.facts.cited import CitedFigures
from pathways.facts.guarding import refusals
from pathways.facts.patient_assessment import PatientAssessment
from pathways.facts.probabilities import CHANCES
from pathways.knowledge.protocols import load_protocol
from pathways.liver.adequacy import Growth, grows_on_chance
from pathways.process.declaration import PROCESS
from pathways.process.facts import NEUTRAL, State

DEFAULT = load_protocol()
WAIT = next(one for one in PROCESS.triggers if one.name == "wait_longer")
SHORT = {"measured_remnants": [{"removes": [5, 6, 7, 8], "fraction": 0.2}]}
AT_THE_RIGHT_PEDICLE = {
    "id": "A", "segments": [5, 8], "size_mm": 60, "count": 1, "depth": "deep", "contacts": ["right_portal_pedicle"],
}  # fmt: skip
AT_ALL_VEINS = {
    **AT_THE_RIGHT_PEDICLE, "contacts": ["right_hepatic_vein", "middle_hepatic_vein", "left_hepatic_vein"],
}  # fmt: skip


def refused(lesion, **live):
    state = State("remnant_insufficient", **NEUTRAL)._replace(**{"growth": "weak", "stimulus": "pve", **live})
    return {one.rule for one in refusals(WAIT, state, facts(lesions=[lesion], liver=SHORT))}


def test_more_time_is_given_once_for_a_resection_that_the_remnant_is_too_small_for():
    assert refused(AT_THE_RIGHT_PEDICLE) == set()


@pytest.mark.parametrize(
    ("lesion", "live", "rule"),
    [
        (AT_ALL_VEINS, {}, "all_lesions_treatable"),
        (AT_THE_RIGHT_PEDICLE, {"growth": "exhausted"}, "remnant_growth"),
        (AT_THE_RIGHT_PEDICLE, {"growth": "adequate"}, "remnant_growth"),
        (AT_THE_RIGHT_PEDICLE, {"stimulus": "none"}, "remnant_growth"),
        (AT_THE_RIGHT_PEDICLE, {"stage": "cleared"}, "staged_in_order"),
        (AT_THE_RIGHT_PEDICLE, {"control": "progressed"}, "disease_controlled"),
    ],
)
def test_no_more_time_is_given_where_it_would_serve_no_resection_or_has_been_given(lesion, live, rule):
    assert refused(lesion, **live) == {rule}


# --- what more time does --------------------------------------------------------------------------------------------------


def measured(fraction, *events, **remnant):
    """A remnant measured after a stimulus of the history; the right side, which bears the tumour, has had it."""
    liver = {
        "background": "normal",
        "embolised": [5, 6, 7, 8],
        "measured_remnants": [{"removes": [5, 6, 7, 8], "fraction": fraction, **remnant}],
    }
    case = make_case(lesions=[AT_THE_RIGHT_PEDICLE], liver=liver, history=list(events))
    return CitedFigures(PatientAssessment(case, DEFAULT))


def later(stimulus, figures, **live):
    state = State("hypertrophy", **NEUTRAL)._replace(growth="waiting", stimulus=stimulus, **live)
    return CHANCES["growth_late_success"](figures, state)


def embolised(week):
    return {"event": "portal_vein_embolisation", "week": week, "segments": [5, 6, 7, 8]}


SPLIT = {"event": "alpps_stage_1", "week": -1, "segments": [5, 6, 7, 8]}


def test_after_a_split_the_remnant_that_is_just_short_reaches_it_and_one_far_below_does_not():
    found = [later("split", measured(fraction, SPLIT)) for fraction in (0.20, 0.26, 0.28, 0.295)]
    assert found == sorted(found)
    assert found[0] < 0.01
    # By hand: 0.30 / 0.28 - 1 = 0.0714 of growth of 0.09 (0.09), never below none.
    normal = NormalDist(0.09, 0.09)
    assert found[2] == pytest.approx((1 - normal.cdf(0.30 / 0.28 - 1)) / (1 - normal.cdf(0)), abs=1e-9)


def test_where_half_as_much_again_was_needed_and_fell_short_one_in_four_reach_it_later():
    """The opinion that the figure was chosen by; the split is still to come."""
    figures = CitedFigures(PatientAssessment(make_case(lesions=[AT_THE_RIGHT_PEDICLE], liver=SHORT), DEFAULT))
    assert 0.2 < later("split", figures) < 0.3


def test_a_remnant_grows_on_after_embolisation_the_less_the_longer_ago_it_was():
    found = [later("pve", measured(0.295, embolised(week))) for week in (-2, -3, -4, -6, -12)]
    assert found == sorted(found, reverse=True)
    assert found[0] > 0.7
    assert found[-1] < 0.01


def test_growth_is_reckoned_from_the_volumetry_after_the_stimulus():
    assert later("pve", measured(0.295, embolised(-12), week=-9)) == later("pve", measured(0.295, embolised(-3)))
    # Where the stimulus has no date the volumetry is the one of the protocol: four weeks after it.
    undated = {"event": "portal_vein_embolisation", "segments": [5, 6, 7, 8]}
    assert later("pve", measured(0.295, undated)) == pytest.approx(later("pve", measured(0.295, embolised(-4))))


def test_what_is_drawn_grows_on_as_often_as_is_reckoned():
    """Every growth that there may have been, drawn: (1 + gain g) / (1 + g) against what is needed."""
    growth, random = Growth.of(0.47, 0.35), Random(20261130)
    grown = [g for g in (random.gauss(0.47, 0.35) for _ in range(200_000)) if g > 0]
    for needed, gain in ((0.02, 1.1), (0.05, 1.2), (0.0, 1.1), (0.3, 1.2)):
        drawn = sum((1 + gain * g) / (1 + g) >= 1 + needed for g in grown) / len(grown)
        assert grows_on_chance(needed, growth, gain) == pytest.approx(drawn, abs=0.005)
