"""A patient between two stages goes on with the second: the same pathway, with its families, its risks and its reasons."""

from pathlib import Path

import pytest
from builders import make_case

import pathways as pw
from pathways.conformance.proof import prove

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


@pytest.mark.parametrize("event", ["first_stage", "alpps_stage_1"])
@pytest.mark.parametrize("fraction", [0.15, 0.25, 0.31, 0.5])
def test_every_property_holds_for_a_patient_half_way(event, fraction):
    graph = pw.explore(half_way(event, (0.14, -9), (fraction, -1)), DEFAULT)
    assert not [one.id for one in prove(graph) if one.counter_example]
