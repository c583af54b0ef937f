"""A perforated bowel is deadlier than one that obstructs or bleeds: each has the figure of its own series."""

import pytest
from builders import make_case

import pathways as pw
from pathways.facts.risk.case import CaseRisks
from pathways.knowledge.protocols import knowledge, load_protocol

FIGURES = {"obstruction": "mortality_primary_emergency", "bleeding": "mortality_primary_emergency",
           "perforation": "mortality_primary_perforation"}  # fmt: skip


def death_of(emergency):
    case = make_case(primary={"status": "in_situ", "r0_resectable": True, "urgent": emergency})
    graph = pw.explore(case, load_protocol())
    return CaseRisks(graph.figures).emergency()


@pytest.mark.parametrize("emergency", FIGURES)
def test_an_emergency_of_the_primary_has_a_figure_of_its_kind(emergency):
    """Moved to this person, so near the figure and not at it."""
    figure = knowledge().parameters[FIGURES[emergency]].number
    assert death_of(emergency) == pytest.approx(figure, rel=0.5)


def test_a_perforation_is_deadlier_than_the_others():
    assert death_of("perforation") > 1.5 * death_of("obstruction") == 1.5 * death_of("bleeding")
