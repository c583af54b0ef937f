"""Two stages that end after the first: an end of its own, with its chance."""

import pytest
from builders import make_case
from shipped import CONSTRUCTED

import pathways as pw
from pathways.knowledge.protocols import load_protocol

SMALL = {"measured_remnants": [{"removes": [5, 6, 7, 8], "fraction": 0.2}]}
BOTH_SIDES = [
    {"id": "A", "segments": [5, 6, 7, 8], "size_mm": 60, "count": 1, "depth": "deep", "contacts": ["right_portal_pedicle"]},
    {"id": "B", "segments": [2], "size_mm": 12, "count": 1, "depth": "superficial", "contacts": []},
]  # fmt: skip


def staged():
    yield make_case(lesions=BOTH_SIDES, liver=SMALL)
    yield pw.load_case(next(path for path in CONSTRUCTED if path.stem == "multi-stage"))


def forward(plan, one):
    """The same share counted from the start on: along the pathway, and by the best policy off it."""
    graph, policy, evaluator = plan.graph, plan.evaluation.policy(), plan.evaluation.evaluator
    waiting, found = {(0, 0): 1.0}, 0.0
    while waiting:
        (node, place), mass = waiting.popitem()
        state = graph.states[node]
        if evaluator.ended(node):
            found += mass * (state.phase == "palliation" and state.stage in ("first", "further", "split"))
            continue
        planned = one.walk[place] if place is not None and place < len(one.walk) else None
        leaving = graph.edges[node]
        if leaving[0].declared.kind == "decision":
            edge = planned or leaving[policy[node]]
            ahead = [(edge.target, 1.0, place + 1 if planned else None)]
        else:
            ahead = [
                (edge.target, chance, place + 1 if planned and edge.trigger == planned.trigger else None)
                for edge, chance in zip(leaving, evaluator.chances(node), strict=True)
            ]
        for target, chance, on in ahead:
            waiting[target, on] = waiting.get((target, on), 0.0) + mass * chance
    return found


@pytest.mark.parametrize("case", [*staged()], ids=["two stages", "several sessions"])
def test_the_share_that_ends_after_the_first_stage_is_that_counted_from_the_start_on(case):
    made = pw.plan(case, load_protocol())
    told = [one for one in made.pathways if one.half_way]
    assert told
    for one in told[:2]:
        assert one.half_way.value == pytest.approx(forward(made, one))
        assert one.half_way.low <= one.half_way.value <= one.half_way.high
        assert one.half_way.value + one.prospect.cleared.value <= 1 + 1e-9


def test_it_is_told_of_pathways_with_a_last_stage_and_of_no_other():
    made = pw.plan(make_case(lesions=BOTH_SIDES, liver=SMALL), load_protocol())
    told = {
        bool(one.half_way) == ("last_stage" in {act for step in one.steps for act in step.acts})
        for one in made.pathways
    }
    assert told == {True}
    assert {bool(one.half_way) for one in made.pathways} == {True, False}


def test_a_patient_between_two_stages_is_told_it_too():
    history = [{"week": -6, "event": "first_stage", "segments": ["right"]}]
    made = pw.plan(make_case(lesions=BOTH_SIDES[:1], liver=SMALL, history=history), load_protocol())
    assert next(one.half_way for one in made.pathways if "two_stage" in one.families).value > 0


def test_nothing_is_told_of_it_where_the_first_stage_is_done_and_everybody_reaches_the_last():
    done = [{"week": -5, "event": "first_stage", "partial": [2], "segments": ["right"]}]
    grown = {"measured_remnants": [{"removes": [5, 6, 7, 8], "fraction": 0.38, "week": 0}]}
    made = pw.plan(make_case(lesions=BOTH_SIDES[:1], liver=grown, history=done), load_protocol())
    last = next(one for one in made.pathways if "two_stage" in one.families)
    assert last.half_way is None
