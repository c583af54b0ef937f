"""A remnant is made to grow for an operation: where it has grown and the disease is controlled, that operation is open."""

import pytest
from builders import make_case
from hypothesis import given, settings
from shipped import CONSTRUCTED, PUBLISHED, ROOT, graph_of
from strategies import operable_cases

import pathways as pw
from pathways.facts.tables.clearing import not_borne

# Where several of a class clear the liver, the one that leaves most is not the one that a remnant grows for.
ANOTHER_LEAVES_MORE = {
    "patient": {"height_cm": 152, "weight_kg": None},
    "liver": {"background": "steatohepatitis", "measured_remnants": []},
    "lesions": [
        {"id": "A", "segments": [3], "count": 4, "size_mm": 64, "contacts": ["right_anterior_pedicle"]},
        {"id": "B", "segments": [1], "count": 3, "size_mm": 54, "contacts": []},
        {"id": "C", "segments": [7], "count": 2, "size_mm": 42, "contacts": ["middle_hepatic_vein"]},
    ],
}


def grown(graph):
    """States in which the remnant has grown, before the liver is touched, with disease that is controlled."""
    return [
        state
        for state in graph.states
        if (state.growth, state.stage, state.control) == ("adequate", "none", "controlled")
    ]


def left_to_care(graph):
    """Of those the ones that are called unresectable though a major resection is borne."""
    borne = not_borne(graph.facts, "major") is None
    return [state for state in grown(graph) if borne and state.phase == "unresectable"]


@pytest.mark.parametrize("path", [*CONSTRUCTED, *PUBLISHED], ids=lambda path: path.stem)
def test_no_shipped_case_ends_in_care_once_its_remnant_has_grown(path):
    assert left_to_care(graph_of(path)) == []


def test_what_another_resection_of_its_class_hid_is_done_once_the_remnant_has_grown():
    cases = [make_case(**ANOTHER_LEAVES_MORE), pw.load_case(ROOT / "tests" / "tried" / "adversarial" / "a15.yaml")]
    for graph in map(pw.explore, cases):
        done = {edge.declared.name for leaving in graph.edges for edge in leaving}
        assert grown(graph)
        assert left_to_care(graph) == []
        assert "resect_liver_grown" in done


@given(operable_cases())
@settings(max_examples=25, deadline=None, derandomize=True)
def test_no_drawn_case_ends_in_care_once_its_remnant_has_grown(case):
    assert left_to_care(pw.explore(case)) == []
