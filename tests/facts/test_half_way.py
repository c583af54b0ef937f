"""A patient between two stages goes on with the second: the same pathway, with its families, its risks and its reasons."""

from pathlib import Path

import pytest
from builders import make_case

import pathways as pw
from pathways.conformance.acts import Act
from pathways.conformance.proof import prove
from pathways.conformance.property import View
from pathways.conformance.safety import barred_after

TRIED = Path(__file__).parents[1] / "tried" / "adversarial"
DEFAULT = pw.load_protocol("default")
RIGHT = [{"id": "A", "segments": ["right_liver"], "size_mm": 50, "count": 4}]
REMOVES = [5, 6, 7, 8]


def half_way(event, *remnants, **more):
    """A right side that was closed eight weeks ago, with volumetry (fraction, week)."""
    measured = [{"removes": REMOVES, "fraction": fraction, "week": week} for fraction, week in remnants]
    history = [{"week": -8, "event": event, "partial": [2], "segments": ["right"]}, *more.pop("after", [])]
    return make_case(lesions=RIGHT, history=history, liver={"measured_remnants": measured}, **more)


def plan_of(case):
    return pw.plan(case, DEFAULT)


def steps(case):
    return [step.trigger for step in plan_of(case).pathways[0].steps if step.kind == "decision"]


@pytest.mark.parametrize(
    ("name", "step", "family"), [("a05", "alpps_stage_2", "alpps"), ("a29", "second_stage", "two_stage")]
)
def test_after_a_stage_one_with_a_grown_remnant_the_last_stage_comes_and_no_second_first_one(name, step, family):
    made = plan_of(pw.load_case(TRIED / f"{name}.yaml"))
    first = made.pathways[0]
    assert [one.trigger for one in first.steps if one.kind == "decision"] == ["discuss", step]
    assert first.families == (family,)
    assert set(made.open) == {family, "palliative"}


@pytest.mark.parametrize(("event", "step"), [("first_stage", "second_stage"), ("alpps_stage_1", "alpps_stage_2")])
def test_the_limit_of_the_remnant_decides_between_the_last_stage_and_more_growth(event, step):
    assert steps(half_way(event, (0.20, -9), (0.30, -1)))[-1] == step
    waiting = steps(half_way(event, (0.20, -9), (0.299, -1)))
    assert waiting[1] != step
    assert waiting[-1] == step


def test_growth_that_nobody_has_measured_yet_is_measured_before_the_last_stage():
    graph = pw.explore(half_way("first_stage", (0.22, -9)), DEFAULT)
    assert graph.states[0].growth in ("pending", "weak")
    assert not [one.id for one in prove(graph) if one.counter_example]


def test_a_liver_resection_after_the_stage_ends_it():
    done = half_way("first_stage", (0.36, -1), after=[{"week": -1, "event": "hepatectomy", "partial": [3]}])
    assert pw.explore(done, DEFAULT).states[0].stage == "none"


def test_a_stage_on_the_other_side_is_no_half_of_this_one():
    other = make_case(
        lesions=RIGHT, history=[{"week": -8, "event": "first_stage", "segments": ["left"]}],
        liver={"measured_remnants": [{"removes": REMOVES, "fraction": 0.36, "week": -1}]},
    )  # fmt: skip
    assert pw.explore(other, DEFAULT).states[0].stage == "none"


# --- a liver that fails between the stages ---------------------------------------------------------------------------------


def failing(event, **liver):
    """Half way, the remnant grown: with these signs and values of the liver."""
    measured = [{"removes": REMOVES, "fraction": 0.36, "week": -1}]
    history = [{"week": -8, "event": event, "partial": [2], "segments": ["right"]}]
    return make_case(lesions=RIGHT, history=history, liver={"measured_remnants": measured, **liver})


@pytest.mark.parametrize(("event", "step"), [("first_stage", "second_stage"), ("alpps_stage_1", "alpps_stage_2")])
@pytest.mark.parametrize(
    "liver",
    [{"insufficiency": ["ascites"]}, {"insufficiency": [], "bilirubin_umol_per_l": 80, "biliary_obstruction": "none"}],
)
def test_a_liver_that_fails_after_the_first_stage_is_waited_for_and_this_is_said(event, step, liver):
    case = failing(event, **liver)
    assert steps(case) == ["discuss", "recover_between_stages", step]
    assert any("recovered from the stage before" in words for words in plan_of(case).pathways[0].assumptions)
    assert not pw.plan(case, DEFAULT, strict=True).curative
    assert not [one.id for one in prove(pw.explore(case, DEFAULT)) if one.counter_example]


def test_nobody_waits_for_a_liver_that_does_not_fail():
    assert steps(failing("alpps_stage_1", insufficiency=[])) == ["discuss", "alpps_stage_2"]


def test_a_cirrhosis_does_not_pass_by_waiting():
    for liver in ({"background": "cirrhosis"}, {"child_pugh": "B"}):
        made = plan_of(failing("alpps_stage_1", insufficiency=["ascites"], **liver))
        assert not made.curative
        assert made.graph.states[0].condition == "well"


def test_before_any_stage_a_failing_liver_is_not_waited_for():
    case = make_case(lesions=RIGHT, liver={"insufficiency": ["ascites"]})
    assert not plan_of(case).curative


def test_segment_four_counts_with_the_right_branch_split_or_not():
    """A right trisectionectomy by ALPPS: the right branch is closed; segment IV, whose branches were left open, goes with it."""
    wide = [{"id": "A", "segments": [4, 5, 8], "size_mm": 50, "count": 3, "contacts": ["right_portal_pedicle"]}]
    remnant = {"measured_remnants": [{"removes": [4, 5, 6, 7, 8], "fraction": 0.36, "week": -1}]}

    def stage(event):
        history = [{"week": -8, "event": event, "segments": ["right"]}]
        return pw.explore(make_case(lesions=wide, history=history, liver=remnant), DEFAULT).states[0].stage

    assert stage("alpps_stage_1") == "split"
    assert stage("first_stage") == "first"


@pytest.mark.parametrize("event", ["first_stage", "alpps_stage_1"])
@pytest.mark.parametrize("fraction", [0.15, 0.25, 0.31, 0.5])
def test_every_property_holds_for_a_patient_half_way(event, fraction):
    graph = pw.explore(half_way(event, (0.14, -9), (fraction, -1)), DEFAULT)
    assert not [one.id for one in prove(graph) if one.counter_example]


# --- a patient who is weak between the stages ------------------------------------------------------------------------------


@pytest.mark.parametrize(("patient", "waits"), [
    ({"ecog": 1, "asa": 2, "fit_for": None}, False), ({"ecog": 2, "asa": 2, "fit_for": None}, True), ({"ecog": 2, "asa": 5, "fit_for": None}, None),
    ({"ecog": 2, "asa": 2, "fit_for": "minor"}, None),
])  # fmt: skip
@pytest.mark.parametrize(("event", "step"), [("first_stage", "second_stage"), ("alpps_stage_1", "alpps_stage_2")])
def test_an_ecog_status_that_fell_after_the_first_stage_is_waited_for_and_the_word_of_the_team_is_not(
    event, step, patient, waits
):
    case = failing(event, insufficiency=[])
    case = case.model_copy(update={"patient": case.patient.model_copy(update=patient)})
    if waits is None:
        assert not plan_of(case).curative
        return
    assert steps(case) == ["discuss", *(["recover_between_stages"] if waits else []), step]
    assert any("recovered from the stage before" in words for words in plan_of(case).pathways[0].assumptions) is waits
    assert bool(pw.plan(case, DEFAULT, strict=True).curative) is not waits
    assert not [one.id for one in prove(pw.explore(case, DEFAULT)) if one.counter_example]


def test_before_any_stage_an_ecog_status_above_the_limit_is_not_waited_for():
    case = make_case(lesions=RIGHT, patient={"ecog": 2, "asa": 2, "fit_for": None})
    graph = pw.explore(case, DEFAULT)
    assert {
        graph.facts.finding("fit_next_stage", state._replace(condition="recovered")).value for state in graph.states
    } == {"no"}


@pytest.mark.parametrize(("history", "so"), [([], False), (["first_stage"], True), (["first_stage", "hepatectomy"], False), (["alpps_stage_1"], True)])  # fmt: skip
def test_the_property_lets_time_mend_only_what_a_stage_before_today_has_done(history, so):
    events = [
        {"event": one, "week": -20 + 4 * at, **({"segments": ["right"]} if one != "hepatectomy" else {})}
        for at, one in enumerate(history)
    ]
    view = View(make_case(lesions=RIGHT, history=events), DEFAULT)
    assert (
        barred_after((False, False, False), 0, Act("recovers", frozenset(), decision=False, days=14, ill=False), view)[
            0
        ][2]
        is so
    )
