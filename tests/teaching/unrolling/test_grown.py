"""What volumetry is told to have found: the usual growth, and never on the wrong side of the limit."""

from itertools import chain
from types import SimpleNamespace

import pytest
from shipped import graph_of, named

from pathways.knowledge.protocols import knowledge, load_protocol
from pathways.planning.annotations import remnant_fraction, resection_of
from pathways.process.facts import NEUTRAL, State
from pathways.teaching.unrolling.grown import ABOVE, grown_share, measured_share, told_share
from pathways.teaching.unrolling.wording import step_costs

LIMIT = load_protocol().number("remnant_limit_normal")


def grown(name, growth, stimulus="pve"):
    return grown_share(graph_of(named(name)), State("restaging", **{**NEUTRAL, "growth": growth}), stimulus)


@pytest.mark.parametrize("stimulus", ["pve", "lvd"])
def test_growth_that_was_enough_is_the_usual_growth_of_its_stimulus_where_that_passes_the_limit(stimulus):
    before, now = grown("alp-03", "adequate", stimulus)
    assert now == pytest.approx(before * (1 + knowledge().parameters[f"growth_{stimulus}"].number))
    assert now > LIMIT


def test_growth_that_was_enough_though_the_usual_growth_is_not_is_just_above_the_limit():
    before, now = grown("pve-01", "adequate")
    assert before * (1 + knowledge().parameters["growth_pve"].number) < LIMIT
    assert now == pytest.approx(LIMIT + ABOVE)


@pytest.mark.parametrize("growth", ["weak", "exhausted"])
def test_growth_that_fell_short_is_well_below_the_limit_where_it_was_far_from_it_and_just_below_where_it_was_near(
    growth,
):
    before, now = grown("pve-01", growth)
    assert before < now < LIMIT - ABOVE
    before, now = grown("alp-03", growth)
    assert LIMIT - before < 3 * ABOVE
    assert now == pytest.approx(LIMIT - ABOVE)


def test_where_nothing_has_grown_there_is_nothing_to_tell():
    assert grown("pve-01", "none") is None


@pytest.mark.parametrize("name", ["pve-01", "alp-03"])
def test_what_an_operation_costs_tells_the_remnant_that_volumetry_was_told_to_find_and_else_the_one_there_is(name):
    graph, told = graph_of(named(name)), set()
    for edge in chain.from_iterable(graph.edges):
        state, resection = graph.states[edge.source], resection_of(graph, edge)
        if resection is not None:
            found = told_share(graph, state, resection)
            left = remnant_fraction(graph, edge, resection) if found is None else found
            told.add((state.growth == "adequate", state.volume == "enough", found is not None))
            assert any(one.startswith(f"remnant {left:.0%}") for one in step_costs(graph, SimpleNamespace(edge=edge)))
    assert (True, False, True) in told


def test_volumetry_that_finds_enough_and_the_operation_after_it_tell_one_figure():
    """It was 31 % in the finding and 30 % in what the operation costs."""
    graph, pairs = graph_of(named("alp-03")), set()
    for edge in chain.from_iterable(graph.edges):
        measures = any(effect.fact == "volume" for effect in edge.declared.effects)
        if not measures or "enough" not in edge.declared.finds:
            continue
        now = measured_share(graph, graph.states[edge.source], enough=True)[1]
        for after in graph.edges[edge.target]:
            resection = resection_of(graph, after)
            found = None if resection is None else told_share(graph, graph.states[edge.target], resection)
            if found is not None:
                pairs.add((round(now, 9), round(found, 9)))
    assert pairs
    assert all(now == found for now, found in pairs)
