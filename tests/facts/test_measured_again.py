"""A remnant that volumetry has found too small, after chemotherapy: one patient measured twice, not two patients."""

from dataclasses import replace

import pytest
from builders import facts

from pathways.facts import remnant
from pathways.facts.figures import Figures
from pathways.facts.tables import remnants
from pathways.graph.explore import explore_facts
from pathways.liver.adequacy import enough_after_short
from pathways.process.declaration import PROCESS
from pathways.process.facts import NEUTRAL, State

ENOUGH = next(one for one in PROCESS.triggers if one.name == "volumetry_enough")
ON_THE_RIGHT = {
    "segments": [5, 6, 7, 8],
    "size_mm": 60,
    "count": 1,
    "contacts": ["right_portal_pedicle"],
    "depth": "deep",
}
ON_THE_LEFT = {"segments": [2], "size_mm": 28, "count": 1, "contacts": [], "depth": "superficial"}


def unmeasured(*lesions):
    """A right hepatectomy of which only an estimate tells what it leaves."""
    return facts(liver={"measured_remnants": None, "segments_ml": None, "total_ml": None}, lesions=list(lesions))


def at(**live):
    return State(phase="resectable", **{**NEUTRAL, **live})


def status(found, **live):
    return found.finding("remnant_major", at(**live)).value


def chance(found, **live):
    return Figures(found.assessed).chance(ENOUGH, at(**live))


@pytest.mark.parametrize(
    ("before", "now", "then"),
    [(0.8, 0.9, 0.5), (0.8, 0.8, 0.0), (0.8, 0.7, 0.0), (0.0, 0.7, 0.7), (1.0, 1.0, 0.0)],
)
def test_what_was_too_small_is_enough_only_where_more_is_left_than_before(before, now, then):
    assert enough_after_short(before, now) == pytest.approx(then)


def test_what_was_too_small_stays_so_until_a_response_leaves_it_in_doubt_again():
    found = unmeasured(ON_THE_RIGHT)
    assert status(found).startswith("likely")
    assert status(found, volume="short") == "short"
    assert status(found, volume="short", extent="responded") == "short"
    assert status(found, volume="was_short", blocks=1) == "short"
    assert status(found, volume="was_short", blocks=1, extent="responded") == "likely_short"


def test_a_response_that_leaves_no_more_liver_makes_no_remnant_enough():
    found = unmeasured(ON_THE_RIGHT)
    assert chance(found, extent="responded") == pytest.approx(chance(found))
    assert chance(found, volume="was_short", extent="responded") == 0


def test_a_response_that_leaves_more_liver_makes_some_remnants_enough():
    found = unmeasured(ON_THE_RIGHT, ON_THE_LEFT)
    today, later = chance(found), chance(found, extent="responded")
    assert 0 < today < later < 1
    again = chance(found, volume="was_short", extent="responded")
    assert again == pytest.approx((later - today) / (1 - today))
    assert 0 < again < later


def test_no_plan_measures_again_before_a_response():
    graph = explore_facts(unmeasured(ON_THE_RIGHT, ON_THE_LEFT))
    again = [
        graph.states[edge.source]
        for leaving in graph.edges
        for edge in leaving
        if edge.declared.name == "measure_remnant" and graph.states[edge.source].volume == "was_short"
    ]
    assert {state.extent for state in again} == {"responded"}
    assert any(state.volume == "was_short" for state in graph.states)


def in_doubt(monkeypatch, one, other):
    """A patient whose right hepatectomy and whose smaller one beside ablation are in doubt, as `one` and `other` say."""
    found = facts(
        liver={"measured_remnants": None, "segments_ml": None, "total_ml": None},
        lesions=[ON_THE_RIGHT, {**ON_THE_LEFT, "segments": [3]}],
    )
    both = [each for each in (found.resection(name, at()) for name in ("major", "major_with_ablation")) if each]
    assert len(both) == 2
    said = {both[0].name: one, both[1].name: other}
    monkeypatch.setattr(remnant, "remnant_status", lambda _, each, __: said.get(each.name, "enough"))
    return found, both


@pytest.mark.parametrize(
    ("less_by", "other", "then"),
    [
        (0.01, "likely_short", "short"),
        (0.01, "likely_enough", "enough"),
        (0.0, "likely_short", "enough"),
        (-0.01, "likely_short", "enough"),
    ],
)
def test_what_is_measured_enough_frees_no_resection_that_leaves_less_and_likely_too_little(
    monkeypatch, less_by, other, then
):
    found, (first, second) = in_doubt(monkeypatch, "likely_enough", other)
    value = first.remnant.value - less_by
    second = replace(second, remnant=replace(second.remnant, value=value))
    monkeypatch.setattr(
        remnants, "resection_of", lambda _, name, __: {"major": first, "major_with_ablation": second}.get(name)
    )
    live = {"volume": "enough", "blocks": 1}
    assert found.finding("remnant_major", at(**live)).value == "enough"
    assert found.finding("remnant_major_with_ablation", at(**live)).value == then
    assert found.finding("remnant_major_with_ablation", at(volume="short")).value == "short"
