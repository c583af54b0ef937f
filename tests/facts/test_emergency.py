"""A perforated bowel is deadlier than one that obstructs or bleeds: each has the figure of its own series."""

import pytest
from builders import make_case

import pathways as pw
from pathways.facts.risk.case import CaseRisks
from pathways.knowledge.protocols import knowledge, load_protocol

FIGURES = {"obstruction": "mortality_primary_emergency", "bleeding": "mortality_primary_emergency",
           "perforation": "mortality_primary_perforation"}  # fmt: skip


def death_of(emergency, **patient):
    case = make_case(primary={"status": "in_situ", "r0_resectable": True, "urgent": emergency}, patient=patient)
    graph = pw.explore(case, load_protocol())
    return CaseRisks(graph.figures).emergency()


@pytest.mark.parametrize("emergency", FIGURES)
def test_an_emergency_of_the_primary_has_a_figure_of_its_kind(emergency):
    """Moved to this person, so near the figure and not at it."""
    figure = knowledge().parameters[FIGURES[emergency]].number
    assert death_of(emergency) == pytest.approx(figure, rel=0.5)


def test_a_perforation_is_deadlier_than_the_others():
    assert death_of("perforation") > 1.5 * death_of("obstruction") == 1.5 * death_of("bleeding")


@pytest.mark.parametrize("emergency", FIGURES)
def test_of_whom_neither_age_nor_asa_class_is_told_dies_as_its_series(emergency):
    figure = knowledge().parameters[FIGURES[emergency]].number
    assert death_of(emergency, age_years=None, asa=None) == pytest.approx(figure)


@pytest.mark.parametrize(("asa", "above"), [(2, False), (3, False), (4, True)])
def test_a_series_of_emergencies_is_of_patients_as_sick_as_they_come(asa, above):
    """At the mean age of the series ASA III is not above its figure, for it is its middle; of healthy livers' series it stood far above."""
    told = death_of("perforation", age_years=70, asa=asa)
    figure = knowledge().parameters["mortality_primary_perforation"].number
    assert (told > figure) is above
    assert told < 2.5 * figure


def test_the_average_emergency_is_older_and_sicker_than_the_average_of_liver_resections():
    figures = {name: one.number for name, one in knowledge().parameters.items() if name.startswith("risk_a")}
    for name in ("risk_age_average", "risk_asa_3_share", "risk_asa_4_share"):
        assert figures[f"{name}_emergency"] > figures[name]


@pytest.mark.parametrize(
    ("patient", "open_"),
    [
        ({"asa": 3}, True),
        ({"asa": 4}, True),
        ({"asa": 5, "ecog": 4}, True),
        ({"fit_for": "ablation"}, True),
        # By its definition it is the largest treatment of the liver that the team holds safe.
        ({"fit_for": "none"}, True),
        ({}, True),
    ],
)
def test_gates_of_elective_operations_bar_no_emergency(patient, open_):
    case = make_case(primary={"site": "sigmoid", "status": "in_situ", "urgent": "perforation"}, patient=patient)
    found = pw.plan(case, pw.load_protocol("default"))
    assert any(step.trigger == "resect_primary_urgently" for one in found.pathways for step in one.steps) == open_


@pytest.mark.parametrize(
    "patient", [{"fit_for": "none", "ecog": 1, "asa": 3}, {"ecog": 4, "asa": 4}, {"fit_for": "ablation"}]
)
def test_to_leave_a_perforation_as_it_is_stands_behind_what_is_done_for_it(patient):
    """It risks no operation, and so was first where nothing clears the liver."""
    bowel = {"site": "rectum", "status": "in_situ", "urgent": "perforation"}
    found = pw.plan(make_case(primary=bowel, patient=patient), top=0)
    first, *_, last = found.pathways
    assert any(step.trigger == "resect_primary_urgently" for step in first.steps)
    assert any(step.trigger == "leave_the_emergency" for step in last.steps)
