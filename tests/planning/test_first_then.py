"""Which pathway becomes first if what is missing turns out otherwise: the same as planning the case in which it has."""

import pytest
from shipped import named, plan_at

import pathways as pw
from pathways.case.models import MeasuredRemnant
from pathways.planning.first_then import estimated


def item_of(plan, key):
    return next(one for one in plan.find_out_next if one.item == key)


def test_a_remnant_measured_at_either_end_of_its_estimate_is_planned_as_if_it_were_told():
    plan = plan_at(named("alp-03"))
    found = plan.first_then.if_measured
    left = estimated(plan.assessment).remnant
    assert [one.measured for one in found] == [pytest.approx(left.low, abs=0.01), pytest.approx(left.high, abs=0.01)]
    case = plan.assessment.case
    for one in found:
        told = MeasuredRemnant(removes=(2, 3, 4, 5, 8), fraction=one.measured)
        liver = case.liver.model_copy(update={"measured_remnants": (told,)})
        assert pw.plan(case.model_copy(update={"liver": liver})).pathways[0].title == one.title
    assert not any(one.same for one in found), "volumetry decides here"


def test_a_remnant_that_is_told_is_no_estimate():
    plan = pw.plan(
        pw.parse_case(
            "schema: 1\nid: a\nprimary: {tumour: colorectal}\nliver: {measured_remnants: [{removes: [5, 6, 7, 8], fraction: 0.5}]}\n"
            "lesions:\n  - {segments: [5, 6, 7, 8], size_mm: 90}\n"
        )
    )
    assert estimated(plan.assessment) is None
    assert plan.first_then.if_measured == ()


def test_what_every_operation_asks_for_leaves_no_pathway_that_clears():
    plan = plan_at(named("alp-03"))
    found = plan.first_then.if_not(item_of(plan, "extrahepatic"))
    assert not found.curative
    assert not found.same
    assert found.title == "systemic treatment or care without clearing the liver"


def test_what_takes_only_a_later_step_away_leaves_the_first_where_it_is():
    plan = plan_at(named("alp-01"))
    item = item_of(plan, "history.cycles")
    assert not item.another_case
    found = plan.first_then.if_not(item)
    assert found.same
    assert found.title == plan.pathways[0].title


def test_what_is_taken_badly_may_turn_out_well_and_brings_a_lesser_operation_first():
    plan = plan_at(named("alp-01"))
    item = item_of(plan, "lesions.size_mm")
    assert item.chance_otherwise > item.chance_now
    assert plan.first_then.if_not(item).title.startswith("limited resection")


def test_what_takes_a_plan_is_known_only_once_it_has_been_asked():
    plan = pw.plan(pw.load_case(named("rep-01")))
    item = item_of(plan, "lesions.contacts")
    assert not plan.first_then.knows(item)
    plan.first_then.if_not(item)
    assert plan.first_then.knows(item)
