"""An answer in words: a step that is refused is named as the open one would be, so that the wording does not tell."""

from itertools import chain

import pytest
from shipped import graph_of, named

from pathways.case.loading import load_case
from pathways.facts.regimen import regimen
from pathways.knowledge.protocols import load_protocol
from pathways.teaching.curriculum.objectives import objective_of
from pathways.teaching.unrolling.act_words import answer_words
from pathways.teaching.unrolling.answers import offer
from pathways.teaching.unrolling.refusals import TRIGGERS
from pathways.teaching.unrolling.variations import first_team_decision
from pathways.teaching.unrolling.walk import setting_of

AT_ALL_VEINS = {
    "id": "A", "segments": [4], "count": 1, "size_mm": 60, "depth": "deep",
    "contacts": ["right_hepatic_vein", "middle_hepatic_vein", "left_hepatic_vein"],
}  # fmt: skip
AT_THE_RIGHT_PEDICLE = {**AT_ALL_VEINS, "segments": [5, 8], "contacts": ["right_portal_pedicle"]}
SMALL = {"id": "B", "count": 1, "size_mm": 20, "depth": "superficial"}


def words(lesions, step="resect_liver_major", remnants=()):
    """The step as an answer at the first decision of such a patient, and its grade."""
    case = load_case(
        {
            "schema": 1, "id": "p", "patient": {"age_years": 60, "ecog": 0, "asa": 2, "fit_for": "major"},
            "primary": {"type": "colorectal", "site": "sigmoid", "status": "resected", "presentation": "synchronous", "interval_months": 0, "ras": "mutated"},
            "liver": {"background": "normal", "measured_remnants": list(remnants)}, "lesions": lesions, "extrahepatic": [],
        }
    )  # fmt: skip
    setting = setting_of(case, load_protocol(), objective_of("conversion_chemotherapy"))
    node = first_team_decision(setting.grades, setting.objective)
    answer = offer(setting.grades, node, step)
    return answer_words(setting.graph, TRIGGERS[step], setting.graph.states[node]), answer.grade


@pytest.mark.parametrize(
    ("step", "other", "expected"),
    [
        ("resect_liver_major", [2], "Left hepatectomy"),
        ("resect_liver_major", [3, 6], "Left hepatectomy"),
        ("resect_liver_major", [7], "Left hepatectomy with limited resection of B"),
        ("resect_liver_major_with_ablation", [2], "Left hepatectomy with ablation of what is left"),
        ("resect_liver_major_with_ablation", [7], "Left hepatectomy with ablation of B"),
    ],
)
def test_a_refused_side_names_what_is_done_outside_it(step, other, expected):
    assert words([AT_ALL_VEINS, {**SMALL, "segments": other}], step) == (expected, "refused")


def test_the_open_one_is_worded_the_same():
    half = {"removes": [5, 6, 7, 8], "fraction": 0.41, "week": 0, "denominator": "standardised"}
    lesions = [AT_THE_RIGHT_PEDICLE, {**SMALL, "segments": [3]}]
    assert words(lesions, remnants=[half]) == ("Right hepatectomy with limited resection of B", "best")
    assert words(lesions, remnants=[{**half, "fraction": 0.2}]) == (
        "Right hepatectomy with limited resection of B",
        "refused",
    )


def test_to_close_the_hepatic_veins_too_is_worded_apart_from_the_portal_branches_alone():
    small = {"removes": [5, 6, 7, 8], "fraction": 0.2, "week": 0, "denominator": "standardised"}
    told = {
        step: words([AT_THE_RIGHT_PEDICLE], step, [small])[0]
        for step in ("embolise_portal_vein", "deprive_liver_veins")
    }
    assert told == {
        "embolise_portal_vein": "Embolise the portal branches of V VI VII VIII, then volumetry",
        "deprive_liver_veins": "Embolise the portal branches and hepatic veins of V VI VII VIII, then volumetry",
    }


@pytest.mark.parametrize(("given", "line"), [("none", "first"), ("first", "second")])
def test_a_second_line_is_worded_by_its_own_drugs_once_others_have_been_given_and_before_that_by_the_first(given, line):
    graph = graph_of(named("conv-01"))
    told = {
        answer_words(graph, edge.declared, graph.states[edge.source])
        for edge in chain.from_iterable(graph.edges)
        if edge.declared.course == "second_line" and graph.states[edge.source].line == given
    }
    assert told == {f"4 cycles of {regimen(graph.facts.assessed, line).words}, then restaging"}
