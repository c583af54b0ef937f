"""Intervals, what moves them, and the order that follows."""

import numpy as np
import pytest
from builders import make_case
from shipped import CONSTRUCTED, PUBLISHED, graph_of, named, plan_at

import pathways as pw
from pathways.knowledge.protocols import knowledge, load_protocol
from pathways.planning.evaluate import evaluate
from pathways.planning.pathway_groups import hoped_for, pathway_groups
from pathways.planning.plan import plan
from pathways.planning.ranking import ordered
from pathways.planning.uncertainty import DRAWS, Draws, Estimated, Uncertainty, interval, one_way

DEFAULT = load_protocol()
PARAMETERS = knowledge().parameters
NUMBERS = ("probability_as_planned", "probability_resected", "mortality_90d", "days_to_clearance", "survival_5y")


def test_a_plan_stands_on_at_least_a_thousand_draws():
    assert DRAWS >= 1000


@pytest.mark.parametrize("path", [*PUBLISHED, *CONSTRUCTED], ids=lambda path: path.stem)
def test_every_figure_printed_carries_its_interval(path):
    for one in plan_at(path).pathways:
        pathway = one.as_json()
        for name in NUMBERS:
            found = pathway[name]
            assert found is None or found["low"] <= found["value"] <= found["high"]
        for name in ("probability_as_planned", "probability_resected", "probability_cleared"):
            assert 0 <= pathway[name]["low"] <= pathway[name]["high"] <= 1


def test_the_same_seed_gives_the_same_intervals_and_another_seed_others():
    evaluation = evaluate(graph_of(named("alp-01")))
    first, again, other = (Uncertainty(evaluation, seed=seed).start().resected for seed in (1, 1, 2))
    assert np.array_equal(first, again)
    assert not np.array_equal(first, other)


def test_a_figure_is_drawn_alike_whatever_else_is_drawn():
    one, other = Draws(PARAMETERS, 50, 3), Draws(PARAMETERS, 50, 3)
    alone = one["morbidity_repeat"]
    for name in ("complication_major", "open_and_close_chance"):
        assert other[name] is not None
    assert np.array_equal(alone, other["morbidity_repeat"])


DRAWN = [name for name, one in PARAMETERS.items() if one.distribution.get("kind") in ("range", "beta", "normal")]


@pytest.mark.parametrize("name", DRAWN)
def test_the_mean_of_the_draws_is_the_figure_and_a_share_stays_one(name):
    one, drawn = PARAMETERS[name], Draws(PARAMETERS, 20_000, 5)[name]
    assert abs(drawn.mean() - one.number) <= 4 * drawn.std() / len(drawn) ** 0.5 + 1e-12
    if one.unit == "fraction" and one.distribution["kind"] != "normal":
        assert 0 <= drawn.min() <= drawn.max() <= 1
    if one.unit in ("days", "weeks", "months", "ratio"):
        assert drawn.min() > 0


@pytest.mark.parametrize("name", [name for name in DRAWN if PARAMETERS[name].distribution["kind"] == "range"])
def test_draws_are_as_wide_as_the_range_says_or_as_a_share_can_be(name):
    one, drawn = PARAMETERS[name], Draws(PARAMETERS, 20_000, 5)[name]
    wide = (one.distribution["high"] - one.distribution["low"]) / 3.92
    assert drawn.std() == pytest.approx(wide, rel=0.15)


def test_every_range_says_what_it_is_of_and_the_figures_of_the_team_are_guesses():
    for name in DRAWN:
        one = PARAMETERS[name]
        assert one.interval_of in ("confidence", "studies", "guess")
        if one.sources == ("pathways_team",) and one.distribution["kind"] == "range":
            assert one.interval_of == "guess"


def test_a_plan_counts_what_the_intervals_behind_it_are():
    made = plan(pw.load_case(named("alp-01")), DEFAULT)
    assert set(made.intervals) <= {"confidence", "studies", "guess", "none"}
    assert made.intervals["guess"] > 0
    assert made.as_json()["intervals"] == made.intervals


def test_draws_in_one_pass_are_what_one_pass_a_draw_gives():
    from pathways.facts.figures import Figures
    from pathways.planning.evaluate import Evaluator

    evaluation = evaluate(graph_of(named("stg-01")))
    uncertainty = Uncertainty(evaluation, number=5)
    together = uncertainty.start()
    graph = evaluation.graph
    for draw in range(5):
        alone = {
            name: float(uncertainty.draws[name][draw]) for name in PARAMETERS if uncertainty.draws[name] is not None
        }
        worth = Evaluator(graph, Figures(graph.facts.assessed, alone)).under(evaluation.policy(), {0})[0]
        assert together.resected[draw] == pytest.approx(worth.resected, abs=1e-12)
        assert together.days[draw] == pytest.approx(worth.days, abs=1e-9)


@pytest.mark.parametrize("name", ["alp-01", "tsh-01", "abl-02"])
def test_knowing_everything_never_costs_anything(name):
    assert Uncertainty(evaluate(graph_of(named(name)))).gain_of_perfect_information() >= 0


def test_an_interval_holds_its_value():
    assert interval(0.5, np.array([0.6, 0.7, 0.8])).low == 0.5
    assert interval(0.5, 0.5) == Estimated(0.5, 0.5, 0.5)


def test_one_way_sensitivity_moves_the_chance_between_the_ends_of_a_figure():
    graph = graph_of(named("alp-01"))
    evaluation = evaluate(graph)
    walks = pathway_groups(hoped_for(graph))
    walk = max(walks, key=lambda one: evaluation.pathway(one)[1].cleared)
    swings = one_way(evaluation, walk)
    now = evaluation.pathway(walk)[1].cleared
    assert swings == sorted(swings, key=lambda one: -one.width)
    closed = next(one for one in swings if one.parameter == "open_and_close_chance")
    assert closed.at_high < now < closed.at_low


def test_a_figure_that_turns_the_order_is_named():
    """Two pathways a hair apart: some figure at the end of its interval puts the other first."""
    graph = graph_of(named("alp-01"))
    evaluation = evaluate(graph)
    walks = sorted(pathway_groups(hoped_for(graph)), key=lambda one: -evaluation.pathway(one)[1].cleared)[:2]
    assert any(one.flips for one in one_way(evaluation, *walks))


@pytest.mark.parametrize("path", PUBLISHED[::4], ids=lambda path: path.stem)
def test_no_pathway_off_the_front_beats_one_on_it(path):
    made = plan(pw.load_case(path), DEFAULT, top=0)
    curative = [one for one in made.pathways if one.curative and not one.watched]
    for one in curative:
        costs = [
            (-other.prospect.cleared.value, other.prospect.mortality.value, other.prospect.days.value)
            for other in (one, *curative)
            if other.prospect.mortality and other.prospect.days
        ]
        if one.pareto and len(costs) == len(curative) + 1:
            mine = costs[0]
            assert not any(all(b <= a - 1e-6 for a, b in zip(mine, theirs, strict=True)) for theirs in costs[1:])


def test_the_pareto_front_comes_first_and_care_without_clearing_last():
    made = plan(pw.load_case(named("alp-01")), DEFAULT)
    curative = [one.pareto for one in made.pathways if one.curative]
    assert curative == sorted(curative, reverse=True)
    assert [one.curative for one in made.pathways] == sorted((one.curative for one in made.pathways), reverse=True)


@pytest.mark.parametrize("objective", ["resection", "time", "safety"])
def test_an_objective_puts_a_best_or_tied_pathway_first(objective):
    made = plan(pw.load_case(named("sim-02")), DEFAULT, objective=objective)
    curative = [one.prospect for one in made.pathways if one.curative]
    measure = {"resection": lambda one: one.cleared, "time": lambda one: one.days, "safety": lambda one: one.mortality}[
        objective
    ]
    best = (max if objective == "resection" else min)(curative, key=lambda one: measure(one).value)
    assert measure(curative[0]).overlaps(measure(best))


@pytest.mark.parametrize("objective", ["life", "survival"])
def test_where_no_pathway_has_a_figure_of_life_the_order_stands_as_without_an_objective(objective):
    """Of a neuroendocrine tumour nothing is known: asking for life may not put the Pareto front aside."""
    case = pw.load_case(named("net-02"))
    asked, plain = plan(case, DEFAULT, objective=objective), plan(case, DEFAULT)
    assert {one.prospect.outlook for one in plain.pathways if one.prospect} == {None}
    assert [one.title for one in asked.pathways] == [one.title for one in plain.pathways]


def test_ties_go_to_the_road_that_loses_less_liver():
    made = plan(pw.load_case(named("alp-01")), DEFAULT)
    assert ordered(made.pathways) == list(ordered(tuple(reversed(made.pathways))))


def test_watching_is_not_called_clearing():
    case = make_case(lesions=[{"segments": [6], "nature": "vanished", "size_mm": 10, "depth": "superficial"}])
    made = plan(case, DEFAULT)
    watching = [place for place, one in enumerate(made.pathways) if one.watched]
    clearing = [place for place, one in enumerate(made.pathways) if one.curative and not one.watched]
    assert watching
    assert min(watching) > max(clearing)
    at_once = min((made.pathways[place] for place in watching), key=lambda one: len(one.steps))
    assert at_once.as_json()["probability_resected"]["value"] == 0


def test_no_mortality_is_invented_for_other_primaries():
    case = make_case(primary={"tumour": "stomach", "site": None, "status": "in_situ", "r0_resectable": True},
                     lesions=[{"segments": [6], "size_mm": 20, "depth": "superficial"}])  # fmt: skip
    for pathway in (one.as_json() for one in plan(case, DEFAULT).pathways):
        on_the_primary = any("primary" in step["trigger"] for step in pathway["steps"])
        assert (pathway["mortality_90d"] is None) == on_the_primary
