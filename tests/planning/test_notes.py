"""What stands beside a step of a pathway, as the protocol has it."""

import pytest
from shipped import case_at, named, plan_at

import pathways as pw
import rule_answers
from pathways.facts.derive import scenario_of
from pathways.planning.annotations import remnant_fraction, resection_of

DEFAULT = pw.load_protocol()


def notes_of(plan, step):
    return {one.note for pathway in plan.pathways for one in pathway.steps if one.trigger == step}


@pytest.mark.parametrize(
    ("branches_too", "told", "other"),
    [(True, "with the branches of segment IV", "left open"), (False, "segment IV left open", "branches")],
)
def test_an_embolisation_of_a_side_with_segment_four_says_whether_its_branches_are_closed_too(
    branches_too, told, other
):
    made = pw.plan(case_at(named("pve-01")), rule_answers.with_setting(DEFAULT, "embolise_segment_iv", branches_too))
    notes = notes_of(made, "embolise_portal_vein") | notes_of(made, "deprive_liver_veins")
    assert notes
    assert all(one.endswith(told) and other not in one for one in notes)


def test_an_embolisation_of_a_side_without_segment_four_says_nothing_of_it():
    path = named("alp-01")
    notes = notes_of(plan_at(path), "embolise_portal_vein") | notes_of(plan_at(path), "deprive_liver_veins")
    assert notes
    assert not any("segment IV" in one for one in notes)


@pytest.mark.parametrize(("name", "adequate"), [("alp-01", True), ("br-02", False)])
def test_the_remnant_of_the_target_counts_as_grown_where_growth_was_adequate_and_else_as_it_is_today(name, adequate):
    graph = plan_at(named(name)).graph
    told = set()
    for edge in (one for leaving in graph.edges for one in leaving):
        resection, state = resection_of(graph, edge), graph.states[edge.source]
        target = graph.facts.assessed.target(scenario_of(state))
        if resection is not None and resection == target and state.volume != "enough":
            grown = remnant_fraction(graph, edge, resection) > resection.remnant.value
            told.add((state.growth == "adequate", grown))
    assert told == {(adequate, adequate)}
