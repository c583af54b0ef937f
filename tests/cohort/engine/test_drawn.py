"""The engine of columns, the graph walker and the `transitions` machine walk the same routes, step for step and day for day."""

import numpy as np
import pytest
from builders import make_case

from cohort.columns import SEED, drawn, engine_routes, machine_route, routes
from pathways.cohort.codes.strategies import FAMILIES, names, strategy
from pathways.cohort.engine.one_case import walk_case
from pathways.documents.problems import PathwaysError
from pathways.graph.explore import explore
from pathways.knowledge.protocols import load_protocol
from pathways.planning.evaluate import evaluate

PAIRS = [
    ("default", "guideline", 300), ("mdacc", "alpps", 120), ("european", "liver_first", 120), ("default", "two_stage", 120),
    ("mdacc", "perioperative_chemotherapy", 120), ("default", "transplantation", 120), ("european", "lvd", 120),
]  # fmt: skip


# Each protocol once with a policy of its own; the others, and every family, are slow proofs.
@pytest.mark.parametrize(
    ("protocol", "name", "number"),
    [*PAIRS[:3], *(pytest.param(*one, marks=pytest.mark.slow) for one in PAIRS[3:])],
)
def test_the_engine_walks_every_step_as_the_machine_does(protocol, name, number):
    patients = drawn(number, first=1000 * PAIRS.index((protocol, name, number)))
    walked = engine_routes(patients, protocol, name)
    for row in range(number):
        assert walked[int(patients.number[row])] == machine_route(patients, row, protocol, name)


@pytest.mark.slow
@pytest.mark.parametrize("name", ["guideline", *FAMILIES])
def test_the_engine_walks_every_step_as_the_machine_does_for_every_family(name):
    patients = drawn(600, first=100_000)
    walked = engine_routes(patients, "default", name)
    for row in range(len(patients)):
        assert walked[int(patients.number[row])] == machine_route(patients, row, "default", name)


def test_the_graph_of_a_case_is_walked_as_the_engine_walks_it():
    patients = drawn(60, first=300)
    walked = engine_routes(patients, "default", "guideline")
    for row in range(len(patients)):
        number = int(patients.number[row])
        graph = explore(patients.case(row), load_protocol("default"), follow_up=True)
        assert routes(walk_case(graph, "guideline", SEED, number, 1, steps=True))[number] == walked[number]


def test_a_patient_is_the_same_whoever_is_beside_them():
    whole = engine_routes(drawn(300), "default", "guideline")
    for first, number in ((0, 1), (17, 40), (250, 50)):
        part = engine_routes(drawn(number, first), "default", "guideline")
        assert part == {patient: whole[patient] for patient in part}


def test_everybody_comes_to_an_end_and_time_advances():
    for route in engine_routes(drawn(2000, 5000), "default", "guideline").values():
        days = [day for _, day, _ in route]
        assert days == sorted(days)
        assert route[-1][2] in ("no_visible_disease", "transplanted", "palliation", "dead", "controlled")


@pytest.mark.parametrize("objective", ["resection", "survival", "safety", "time"])
def test_many_patients_like_one_case_are_resected_as_often_as_the_exact_chance_says(objective):
    case = make_case(
        lesions=[
            {"segments": [5, 6, 7, 8], "count": 4, "size_mm": 60, "depth": "deep"},
            {"segments": [3], "size_mm": 15},
        ]
    )
    judged_by, number = load_protocol("default"), 40_000
    exact = evaluate(explore(case, judged_by)).best(objective)[1][0]
    walks = walk_case(explore(case, judged_by, follow_up=True), objective, 3, 0, number)
    for share, expected in ((walks.resected.mean(), exact.resected),):
        assert abs(share - expected) < 4 * np.sqrt(max(expected * (1 - expected), 1e-9) / number) + 1e-9


def test_a_family_put_first_is_taken_where_it_is_open():
    patients = drawn(3000)
    for family, step in (
        ("alpps", "alpps_stage_1"),
        ("perioperative_chemotherapy", "start_perioperative_chemotherapy"),
    ):
        guideline = engine_routes(patients, "default", "guideline")
        first = engine_routes(patients, "default", family)
        taken = [
            sum(any(one[0] == step for one in route) for route in walked.values()) for walked in (guideline, first)
        ]
        assert taken[1] > taken[0]


def test_a_strategy_that_is_none_is_refused_with_the_nearest_name():
    with pytest.raises(PathwaysError, match='did you mean "guideline"'):
        strategy("guidline")
    assert {"guideline", "alpps", "resection"} <= set(names())


@pytest.mark.parametrize("name", ["guideline", "palliative_after_recurrence", *FAMILIES])
def test_every_strategy_walks_a_drawn_cohort(name):
    assert len(engine_routes(drawn(64), "default", name)) == 64


def test_the_guideline_removes_no_primary_where_disease_elsewhere_cannot_go():
    patients = drawn(4000, first=70_000)
    barred = (patients.extrahepatic > 0) & ~patients.extrahepatic_resectable
    routes = engine_routes(patients, "default", "guideline")
    steps = {one[0] for number, route in routes.items() if barred[number - 70_000] for one in route}
    assert "palliate" in steps
    assert not steps & {"resect_primary", "irradiate_primary", "resect_extrahepatic", "measure_remnant"}
