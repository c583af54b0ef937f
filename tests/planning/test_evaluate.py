"""Chances and days, against calculation by hand, simulation of single patients, and laws."""

import math
import random
from dataclasses import replace

import pytest
from builders import make_case
from hypothesis import given, settings
from shipped import PUBLISHED, ROOT, graph_of, named
from strategies import cases

import pathways as pw
from pathways.knowledge.protocols import knowledge, load_protocol
from pathways.planning.evaluate import OBJECTIVES, Evaluator, Worth, alive, clearance_days, evaluate
from pathways.planning.pathway_groups import hoped_for, pathway_groups
from pathways.process.declaration import PROCESS

DEFAULT = load_protocol()
FIGURES = {name: one.number for name, one in knowledge().parameters.items() if isinstance(one.value, int | float)}
SIMPLE = {"lesions": [{"segments": [6], "size_mm": 50, "depth": "superficial"}], "liver": {"inr": None}}


def graph_with(**changes):
    return pw.explore(make_case(**changes), DEFAULT)


def average(odds, share):
    """Odds of a series in which a share has a factor."""
    return 1 + share * (odds - 1)


# By hand: the known patient tells neither age, ASA class nor laboratory values; a small resection leaves far more than the limit.
ODDS = math.exp(FIGURES["risk_minor_national"])
for factor in ("inr", "ggt", "creatinine", "platelets"):
    ODDS *= average(FIGURES[f"risk_{factor}_odds"], FIGURES[f"risk_{factor}_share"])
THIRD, FOURTH = FIGURES["risk_asa_3_odds"], FIGURES["risk_asa_3_odds"] * FIGURES["risk_asa_4_odds"]
ASA = 1 + FIGURES["risk_asa_3_share"] * (THIRD - 1) + FIGURES["risk_asa_4_share"] * (FOURTH - 1)
AGE = FIGURES["risk_age_average"]


def of(odds):
    return odds / (1 + odds)


DEATH = of(ODDS * AGE * ASA)


def test_one_limited_resection_by_hand():
    """Death, open and close, and more found with its second session are the only ways not to be cleared at once."""
    death, slow = DEATH, FIGURES["complication_minor"]
    more, closed = FIGURES["more_found_chance"], FIGURES["open_and_close_chance"]
    second = 1 - FIGURES["risk_ablation"]
    resected = (1 - death - more - closed) + more * second
    worth = evaluate(graph_with(**SIMPLE)).worth()
    assert worth.resected == pytest.approx(resected, abs=1e-12)
    assert worth.dead == pytest.approx(death + more * (1 - second), abs=1e-12)
    days = FIGURES["days_to_meeting"] + FIGURES["days_to_operation"]
    well, ill = FIGURES["days_of_recovery"], FIGURES["days_of_slow_recovery"]
    days += (1 - death - slow) * well + slow * ill
    ablation_slow = FIGURES["complication_ablation"]
    short = FIGURES["days_of_recovery_ablation"]
    again = FIGURES["days_to_operation"] + (second - ablation_slow) * short + ablation_slow * ill
    assert worth.days == pytest.approx(days + more * again, abs=1e-9)


def test_a_pathway_as_planned_by_hand():
    graph = graph_with(**SIMPLE)
    names = ("discuss", "resect_liver_minor", "recovers")
    walk = next(one for one in pathway_groups(hoped_for(graph)) if tuple(edge.declared.name for edge in one) == names)
    planned, worth = evaluate(graph).pathway(walk)
    lost = ("complication_minor", "more_found_chance", "open_and_close_chance")
    assert planned == pytest.approx(1 - DEATH - sum(FIGURES[name] for name in lost))
    assert worth.resected == pytest.approx(evaluate(graph).worth().resected)


@pytest.mark.parametrize("age", [30, 45, 65, 80, 95])
def test_death_after_hepatectomy_rises_with_age_between_two_bounds(age):
    """The intercept is that of 65 years; of an age that is not told, the average of a series."""
    graph = graph_with(patient={"age_years": age}, **SIMPLE)
    names = ("discuss", "resect_liver_minor", "recovers")
    walk = next(one for one in pathway_groups(hoped_for(graph)) if tuple(edge.declared.name for edge in one) == names)
    evaluator = Evaluator(graph, graph.figures)
    node = walk[-1].source
    death = dict(zip((e.declared.name for e in graph.edges[node]), evaluator.chances(node), strict=True))[
        "dies_after_operation"
    ]
    years = min(max(age, FIGURES["risk_age_flat_below"]), FIGURES["risk_age_flat_above"]) - 65
    expected = of(ODDS * ASA * math.exp(FIGURES["risk_age_per_year"] * years))
    assert death == pytest.approx(max(expected, FIGURES["risk_minor_least"]))


def test_the_bowel_is_moved_by_age_and_asa_class_but_by_nothing_of_the_liver():
    case = {
        "patient": {"age_years": 75, "asa": 3, "fit_for": "major"},
        "primary": {"status": "in_situ", "r0_resectable": True},
    }
    trigger = next(one for one in PROCESS.triggers if one.name == "dies_after_operation")
    found = []
    for liver in (
        {"platelets_e9_per_l": 250.0},
        {"platelets_e9_per_l": 110.0, "inr": 1.3, "background": "steatohepatitis"},
    ):
        graph = graph_with(**{**SIMPLE, **case, "liver": {"inr": None, **liver}})
        state = next(one for one in graph.states if one.phase == "recovering" and one.operation == "primary")
        found.append(graph.figures.chance(trigger, state))
    odds = math.exp(10 * FIGURES["risk_age_per_year"]) * THIRD / (AGE * ASA)
    assert found[0] == found[1] == pytest.approx(of(odds * FIGURES["risk_colon"] / (1 - FIGURES["risk_colon"])))


def test_an_event_never_seen_is_not_impossible():
    one = replace(
        knowledge().parameters["morbidity_repeat"], value=0.0, distribution={"kind": "beta", "events": 0, "n": 148}
    )
    assert one.number == pytest.approx(0.5 / 149)


@pytest.mark.parametrize("path", PUBLISHED, ids=lambda path: path.stem)
def test_chances_of_every_outcome_set_add_to_one(path):
    graph = graph_of(path)
    evaluator = Evaluator(graph, graph.figures)
    for node, leaving in enumerate(graph.edges):
        if leaving and leaving[0].declared.kind == "outcome":
            chances = evaluator.chances(node)
            assert math.isclose(sum(chances), 1, abs_tol=1e-12)
            assert all(0 <= chance <= 1 for chance in chances)


@given(cases())
@settings(max_examples=40, deadline=None, derandomize=True)
def test_the_best_policy_is_at_least_as_good_as_every_idea(case):
    graph = pw.explore(case, DEFAULT)
    evaluation = evaluate(graph)
    best = evaluation.worth().resected
    for walk in pathway_groups(hoped_for(graph)):
        planned, worth = evaluation.pathway(walk)
        if graph.states[walk[-1].target].phase in PROCESS.curative_ends:
            assert planned <= worth.cleared + 1e-12
        assert worth.resected <= best + 1e-12
        assert 0 <= worth.dead <= 1
        assert worth.resected <= worth.cleared + 1e-12


@pytest.mark.parametrize("name", ["alp-01", "gist-01", "sim-02"])
def test_each_objective_is_served_best_by_its_own_policy(name):
    evaluation = evaluate(graph_of(named(name)))
    worths = {objective: evaluation.worth(objective) for objective in OBJECTIVES}
    assert worths["resection"].resected == max(one.resected for one in worths.values())
    for objective in ("survival", "life"):
        if worths[objective].uncleared is not None:
            lived = evaluation.evaluator.lived[objective]
            assert alive(worths[objective], lived) >= max(alive(one, lived) for one in worths.values()) - 1e-9


@pytest.mark.parametrize(("objective", "its_own"), [("resection", "resected"), ("time", "days"), ("safety", "dead")])
def test_what_an_objective_leaves_equal_goes_to_the_likelier_clearance_then_fewer_deaths_then_fewer_days(
    objective, its_own
):
    def merit(**told):
        return evaluate(graph_of(named("sim-04"))).evaluator._merit(objective, equal._replace(**told))

    equal = Worth(0.7, 0.7, 0.02, 0.0, None, 90.0, 63.0, 1.0, 0.0)
    better = {name: value for name, value in {"cleared": 0.8, "dead": 0.01, "days": 80.0}.items() if name != its_own}
    for place, name in enumerate(better):
        later = {other: better[other] for other in [*better][place + 1 :]}
        assert merit(**{name: better[name]}) > merit(**later)


@pytest.mark.parametrize("path", PUBLISHED[::6], ids=lambda path: path.stem)
def test_the_distribution_of_days_adds_to_the_chance_of_clearance(path):
    evaluation = evaluate(graph_of(path))
    days = clearance_days(evaluation.graph, evaluation.policy())
    worth = evaluation.worth()
    assert sum(days.values()) == pytest.approx(worth.cleared)
    if worth.cleared:
        mean = sum(day * chance for day, chance in days.items()) / sum(days.values())
        # Days of the distribution are whole; each of at most twenty steps is rounded.
        assert mean == pytest.approx(worth.days_to_clearance, abs=10)


def simulated(graph, policy, patients, seed):
    """Patients one by one along the graph: how many are resected, die, and the days of each."""
    luck, evaluator = random.Random(seed), Evaluator(graph, graph.figures)
    resected, dead, days = 0, 0, []
    for _ in range(patients):
        node, day = 0, 0.0
        while not evaluator.ended(node):
            leaving = graph.edges[node]
            if leaving[0].declared.kind == "decision":
                edge = leaving[policy[node]]
            else:
                edge = luck.choices(leaving, evaluator.chances(node))[0]
            day += graph.days(edge)
            node = edge.target
        resected += graph.states[node].phase == "resected"
        dead += graph.states[node].phase == "dead"
        days.append(day)
    return resected, dead, days


@pytest.mark.parametrize("name", ["alp-01", "stg-01", "gist-01"])
def test_single_patients_agree_within_four_standard_errors(name):
    graph, patients = graph_of(named(name)), 4000
    evaluation = evaluate(graph)
    resected, dead, days = simulated(graph, evaluation.policy(), patients, seed=7)
    worth = evaluation.worth()
    for count, chance in ((resected, worth.resected), (dead, worth.dead)):
        assert abs(count / patients - chance) <= 4 * math.sqrt(chance * (1 - chance) / patients)
    mean = sum(days) / patients
    spread = math.sqrt(sum((day - mean) ** 2 for day in days) / patients)
    assert abs(mean - worth.days) <= 4 * spread / math.sqrt(patients)


def test_the_machine_driven_by_the_best_policy_agrees_too():
    """The same with the transitions-backed patient, which knows nothing of the graph."""
    case, patients, luck = pw.load_case(named("abl-02")), 250, random.Random(11)
    graph = graph_of(named("abl-02"))
    evaluation, evaluator = evaluate(graph), Evaluator(graph, graph.figures)
    policy, resected = evaluation.policy(), 0
    for _ in range(patients):
        one = pw.patient(case, DEFAULT)
        while not one.ended:
            node = graph.index[one.state]
            leaving = graph.edges[node]
            if leaving[0].declared.kind == "decision":
                one.decide(leaving[policy[node]].declared.name)
            else:
                one.outcome(luck.choices(leaving, evaluator.chances(node))[0].declared.name)
        resected += one.phase == "resected"
    chance = evaluation.worth().resected
    assert abs(resected / patients - chance) <= 4 * math.sqrt(chance * (1 - chance) / patients)


def test_survival_is_unknown_where_no_figure_speaks_of_the_disease():
    assert evaluate(graph_with(**SIMPLE)).worth().uncleared is not None
    assert evaluate(graph_with(primary={"tumour": "breast", "site": None}, **SIMPLE)).worth().uncleared is None


def test_growth_saturates():
    """The second wait adds less than the first, and a remnant that needs more growth has the smaller chance."""
    trigger = next(one for one in PROCESS.triggers if one.name == "remnant_grows")

    def chances(fraction):
        liver = {"measured_remnants": [{"removes": [5, 6, 7, 8], "fraction": fraction}]}
        graph = graph_with(
            liver=liver, lesions=[{"segments": [5, 6, 7, 8], "count": 4, "size_mm": 60, "depth": "deep"}]
        )
        found = {}
        for state in graph.states:
            if state.phase == "hypertrophy" and state.stimulus == "pve" and state.blocks == 0:
                found[state.growth] = graph.figures.chance(trigger, state)
        return found["pending"], found["waiting"]

    near, far = chances(0.28), chances(0.20)
    assert near[0] > far[0]
    assert all(0 <= late < first for first, late in (near, far))


def test_deaths_of_the_first_year_stand_for_those_of_a_transplantation():
    case = pw.load_case(ROOT / "scenarios" / "constructed" / "transplant-candidate.yaml")
    found = next(one for one in pw.plan(case, DEFAULT).pathways if one.end == "transplanted")
    waiting, dying = (knowledge().parameters[f"transplantation_{one}_chance"].number for one in ("dropout", "death"))
    assert found.prospect.cleared.value == pytest.approx((1 - waiting) * (1 - dying), abs=1e-6)
    assert found.prospect.mortality.value == pytest.approx((1 - waiting) * dying, abs=1e-6)
