"""Keys of the patient, the primary and disease elsewhere: what each opens, what it bars, and what is asked where it is not told."""

from __future__ import annotations

import io
from dataclasses import replace

import pytest
from builders import make_case
from rich.console import Console
from shipped import ROOT

import pathways as pw
import rule_answers
from pathways.case import grading
from pathways.case.loading import load_case
from pathways.case.models import HistoryEvent
from pathways.conformance import timing
from pathways.conformance.acts import Act
from pathways.conformance.proof import prove
from pathways.conformance.property import Breach, Unknown, View
from pathways.report.plan_table import print_plan

CONSTRUCTED = ROOT / "scenarios" / "constructed"
DEFAULT = pw.load_protocol("default")


def case_of(name, **parts):
    """A constructed case with keys of its parts changed; None takes one out."""
    case = load_case(CONSTRUCTED / f"{name}.yaml")
    for part, update in parts.items():
        case = case.model_copy(update={part: getattr(case, part).model_copy(update=update)})
    return case


def planned(case, protocol=DEFAULT, **options):
    return pw.plan(case, protocol, top=0, **options)


def found(plan, rule):
    return [one for one in plan.assessment.findings if one.rule == rule]


def items(plan):
    return [one.item for one in plan.find_out_next]


# --- grade and Ki-67 of a neuroendocrine tumour ------------------------------------------------------------------------------

GRADE_3 = "neuroendocrine-grade-3"


@pytest.mark.parametrize(("told", "opened"), [({"grade": 2, "ki67_percent": 20}, True), ({"grade": 3, "ki67_percent": 21}, False),
                                              ({"grade": None, "ki67_percent": 20}, True), ({"grade": None, "ki67_percent": 20.5}, False)])  # fmt: skip
def test_grade_3_by_word_or_by_ki67_is_not_resected_and_grade_2_is(told, opened):
    plan = planned(case_of(GRADE_3, primary=told))
    assert ("one_stage" in plan.open) is opened
    assert (plan.assessment.resectability == "resectable") is opened
    assert [one.verdict for one in found(plan, "primary_rules")] == ["allowed" if opened else "refused"]


def test_grade_3_is_given_no_chemotherapy_with_the_aim_of_an_operation_that_is_barred():
    assert planned(case_of(GRADE_3)).open == ("palliative",)


def test_the_grade_is_asked_for_and_strict_planning_takes_it_as_bad():
    untold = case_of(GRADE_3, primary={"grade": None, "ki67_percent": None})
    plan = planned(untold)
    assert "primary.grade" in items(plan)
    assert "one_stage" in plan.open
    assert "one_stage" not in planned(untold, strict=True).open


def test_a_grade_may_lie_one_above_its_ki67_because_mitoses_count_too():
    assert [grading.agree(grade, 10) for grade in (1, 2, 3)] == [False, True, True]
    assert not grading.agree(3, 1)


# --- a primary that is controlled without an operation ----------------------------------------------------------------------

WATCHED = "watched-primary"


def acts(plan):
    return {act for one in plan.pathways for step in one.steps if step.kind == "decision" for act in step.acts}


def test_a_controlled_primary_is_not_operated_on_and_its_surveillance_is_said():
    plan, in_place = (
        planned(case_of(WATCHED)),
        planned(case_of(WATCHED, primary={"status": "in_situ", "urgent": "none"})),
    )
    assert "primary_resection" not in acts(plan)
    assert "primary_resection" in acts(in_place)
    assert "surveillance" in found(plan, "primary_resectable")[0].reason
    operated = [one for one in plan.pathways if "one_stage" in one.families]
    assert operated
    assert all(any("surveillance" in words for words in one.warnings) for one in operated)
    assert not any("surveillance" in words for one in in_place.pathways for words in one.warnings)


def test_a_controlled_primary_is_no_resected_one_for_transplantation():
    unresectable = load_case(CONSTRUCTED / "transplant-candidate.yaml")
    assert "transplantation" in planned(unresectable).open
    primary = unresectable.primary.model_copy(update={"status": "controlled"})
    history = tuple(one for one in unresectable.history if one.event != "primary_resection")
    assert (
        "transplantation" not in planned(unresectable.model_copy(update={"primary": primary, "history": history})).open
    )


# --- disease elsewhere that is suspected, or benign ---------------------------------------------------------------------------

NODULES = "suspected-lung-nodule"


def elsewhere(**update):
    """The case of the nodules with the first of them changed, alone."""
    case = case_of(NODULES)
    return case.model_copy(update={"extrahepatic": (case.extrahepatic[0].model_copy(update=update),)})


def test_small_suspected_nodules_bar_nothing_are_asked_for_and_not_operated_on():
    plan = planned(case_of(NODULES))
    assert "one_stage" in plan.open
    assert "metastasectomy" not in plan.open
    assert "extrahepatic.nature" in items(plan)
    assert [one.verdict for one in found(plan, "extrahepatic_resectable")] == ["unknown"]


@pytest.mark.parametrize("site", ["bone", "brain", "paraaortic_nodes"])
def test_suspected_bars_less_than_confirmed_and_benign_bars_nothing(site):
    opened = {
        nature: "one_stage" in planned(elsewhere(site=site, nature=nature)).open
        for nature in ("confirmed", "suspected", "benign")
    }
    assert opened == {"confirmed": False, "suspected": True, "benign": True}
    assert "one_stage" not in planned(elsewhere(site=site), strict=True).open


def test_from_the_size_of_the_protocol_on_suspected_counts_as_disease_and_is_asked_for_all_the_same():
    limit = DEFAULT.number("suspected_elsewhere_mm")
    below, at = (planned(elsewhere(site="bone", size_mm=size)) for size in (limit - 0.1, limit))
    assert "one_stage" in below.open
    assert "one_stage" not in at.open
    assert "extrahepatic.nature" in items(at)
    assert "metastasectomy" in planned(elsewhere(size_mm=limit)).open


def test_a_size_that_is_not_told_opens_nothing_without_an_assumption_that_names_it():
    plan = planned(elsewhere(site="bone", size_mm=None))
    assert "one_stage" in plan.open
    assert any("extrahepatic.size_mm" in one for one in items(plan))


def test_a_benign_mass_is_no_disease():
    case = case_of(NODULES)
    benign = case.model_copy(update={"extrahepatic": (case.extrahepatic[1],)})
    none = case.model_copy(update={"extrahepatic": ()})
    assert planned(benign).open == planned(none).open
    assert "benign" in found(planned(benign), "extrahepatic_disease")[0].reason


# --- a primary that nobody knows ------------------------------------------------------------------------------------------------

NOT_KNOWN = "unknown-primary"


def decisions(one):
    return [step.trigger for step in one.steps if step.kind == "decision"]


@pytest.mark.parametrize("nature", ["confirmed", "suspected"])
def test_an_unknown_primary_is_looked_for_before_anything_oncological(nature):
    case = case_of(NOT_KNOWN)
    lesions = (case.lesions[0].model_copy(update={"nature": nature}),)
    plan = planned(case.model_copy(update={"lesions": lesions}))
    assert {decisions(one)[0] for one in plan.pathways} == {
        "look_for_primary" if nature == "confirmed" else "look_for_primary_and_lesion"
    }
    assert "primary.tumour" in items(plan)
    assert {one.verdict for one in found(plan, "primary_sought")} == {"refused"}


def test_a_known_primary_is_not_looked_for_and_a_search_that_is_over_is_a_choice_of_the_protocol():
    assert not found(planned(case_of(WATCHED)), "primary_sought")
    over = rule_answers.with_setting(DEFAULT, "look_for_unknown_primary", False)
    assert {decisions(one)[0] for one in planned(case_of(NOT_KNOWN), over).pathways} == {"discuss"}


def test_under_strict_planning_nothing_is_resected_of_an_unknown_primary():
    assert "one_stage" not in planned(case_of(NOT_KNOWN), strict=True).open


# --- a pregnancy -----------------------------------------------------------------------------------------------------------------

PREGNANT = "pregnant-32-weeks"
BARRED_LATE = {"resect_liver_minor", "resect_primary", "resect_liver_minor_and_primary", "ablate_liver"}


# Weeks that may pass before the first block.
MEETING_AND_VOLUMETRY = 3


def in_week(week, **primary):
    return case_of(PREGNANT, patient={"pregnant_weeks": week}, primary=primary)


def graph_of(case, protocol=DEFAULT):
    return pw.explore(case, protocol)


def taken_while_pregnant(case, protocol=DEFAULT):
    graph = graph_of(case, protocol)
    return {
        edge.declared.name
        for leaving in graph.edges
        for edge in leaving
        if edge.declared.kind == "decision" and graph.states[edge.source].pregnancy == "pregnant"
    }


@pytest.mark.parametrize("shift", [0, 1])
def test_an_elective_operation_is_barred_late_and_follows_the_delivery(shift):
    # Meeting, volumetry and scheduling take five weeks: told in week 22 the operation is done by week 27.
    assert DEFAULT.whole("pregnancy_operation_to_week") == 27
    week = 22 + shift
    assert bool(BARRED_LATE & taken_while_pregnant(in_week(week))) is (shift == 0)
    assert "one_stage" in planned(in_week(week)).open


LONG_AGO, TODAY = -6, 0


@pytest.mark.parametrize(
    ("regimen", "until", "last"),
    [("folfox", TODAY, 22), ("folfox_bevacizumab", LONG_AGO, 22), ("folfox_bevacizumab", TODAY, 20)],
)
def test_what_must_wash_out_of_the_history_delays_the_operation_of_a_pregnant_patient(regimen, until, last):
    # Six weeks after bevacizumab, less two on the way to the operation, are four before the meeting in place of two.
    assert DEFAULT.whole("washout_weeks_bevacizumab") == 6
    course = {"event": "chemotherapy", "regimen": regimen, "cycles": 4, "week": until - 8, "until_week": until}
    for week in (last, last + 1):
        patient = {"pregnant_weeks": week, "sex": "female", "age_years": 36}
        case = make_case(patient=patient, history=[{**course, "response": "partial"}])
        assert bool(BARRED_LATE & taken_while_pregnant(case)) is (week == last)
        assert not [one.counter_example for one in prove(graph_of(case)) if one.counter_example]


@pytest.mark.parametrize(("setting", "shift", "given"), [("from", -1, False), ("from", 0, True)])
def test_no_systemic_treatment_in_the_first_trimester(setting, shift, given):
    week = DEFAULT.whole(f"pregnancy_systemic_{setting}_week") + shift
    assert ("start_perioperative_chemotherapy" in taken_while_pregnant(in_week(week))) is given


def test_no_block_ends_near_the_delivery():
    block = DEFAULT.whole("perioperative_cycles_before") * DEFAULT.whole("cycle_weeks")
    last = DEFAULT.whole("pregnancy_systemic_to_week") - block - MEETING_AND_VOLUMETRY
    assert "start_perioperative_chemotherapy" in taken_while_pregnant(in_week(last))
    assert "start_perioperative_chemotherapy" not in taken_while_pregnant(in_week(last + 1))


def test_neither_rays_nor_other_drugs_during_a_pregnancy_unless_the_protocol_says_so():
    rectum = in_week(20, site="rectum", needs_radiotherapy=True)
    assert "irradiate_primary" not in taken_while_pregnant(rectum)
    assert "irradiate_primary" in taken_while_pregnant(
        rectum, rule_answers.with_setting(DEFAULT, "pregnancy_radiation", True)
    )
    deficient = in_week(20, mismatch_repair="deficient")
    assert not any("chemotherapy" in one for one in taken_while_pregnant(deficient) if one.startswith("start"))


def operations_before_delivery(week):
    graph = graph_of(in_week(week))
    routes = [[step.trigger for step in one.steps] for one in planned(in_week(week)).pathways]
    assert any(edge.declared.name == "wait_for_delivery" for leaving in graph.edges for edge in leaving)
    return [
        sum(step.startswith(("resect_", "ablate_")) for step in one[: one.index("wait_for_delivery")])
        for one in routes
        if "wait_for_delivery" in one
    ]


@pytest.mark.parametrize(("week", "most"), [(10, 2), (11, 1), (22, 1), (23, 0)])
def test_a_second_operation_waits_for_the_delivery_unless_it_is_done_in_time(week, most):
    # The first with a slow recovery and the way to the second: twelve weeks; the way to the first: five.
    assert max(operations_before_delivery(week), default=0) <= most
    graph = graph_of(in_week(week))
    first = {"resect_primary", "resect_liver_minor"} & {
        edge.declared.name
        for leaving in graph.edges
        for edge in leaving
        if graph.states[edge.source].gestation == "later"
    }
    assert bool(first) is (most == 2)


@pytest.mark.parametrize("week", [8, 14, 18, 21, 25])
@pytest.mark.parametrize("name", [PREGNANT, "obstructing-primary", "mixed-lesions", "neuroendocrine-debulking"])
def test_weeks_of_a_pregnancy_are_kept_on_every_route_whatever_lies_before(name, week):
    case = case_of(name, patient={"pregnant_weeks": week, "sex": "female", "age_years": 36})
    assert not [one.counter_example for one in prove(graph_of(case)) if one.counter_example]


@pytest.mark.parametrize(("day", "answer"), [(27 * 7, None), (27 * 7 + 1, Breach), (None, Unknown)])
def test_the_week_of_an_operation_is_judged_on_both_sides(day, answer):
    view = View(in_week(20), DEFAULT)
    act = Act("resect", frozenset({"hepatectomy"}), decision=True, days=14)
    found = timing.expecting(True, day, act, view)
    assert found is None if answer is None else isinstance(found, answer)
    assert timing.expecting(False, day, act, view) is None
    assert timing.expecting(True, day, replace(act, elective=False), view) is None
    delivery = replace(act, kinds=frozenset({"delivery"}))
    assert timing.expecting_after(True, day, delivery, view)[0] is False


def test_an_emergency_does_not_wait_for_the_delivery():
    assert "resect_primary_urgently" in taken_while_pregnant(in_week(36, urgent="obstruction"))


def test_every_pathway_says_that_it_is_planned_with_obstetricians():
    plan = planned(in_week(32))
    assert all(any("obstetricians" in words for words in one.warnings) for one in plan.pathways)
    assert "obstetricians" in found(plan, "pregnancy")[0].reason
    waiting = next(step for one in plan.pathways for step in one.steps if step.trigger == "wait_for_delivery")
    assert waiting.day - waiting.since == (37 - 32) * 7 + 14 if hasattr(waiting, "since") else waiting.day > 0
    assert not found(planned(case_of(PREGNANT, patient={"pregnant_weeks": None})), "pregnancy")


NO_FIGURE = "no figure of how often the liver is cleared was found for this primary"

# --- figures of another disease ----------------------------------------------------------------------------------------------------


def test_every_pathway_says_that_no_figure_of_clearing_is_of_this_primary():
    lung = case_of(WATCHED, primary={"tumour": "gallbladder", "site": None, "status": "resected"})
    course = {
        "week": -20,
        "until_week": -6,
        "event": "chemotherapy",
        "regimen": "gemcitabine",
        "cycles": 4,
        "response": "stable",
    }
    plan = planned(lung.model_copy(update={"history": (HistoryEvent(**course),)}))
    operated = [one for one in plan.pathways if "one_stage" in one.families]
    assert operated
    assert all(any(NO_FIGURE in words for words in one.warnings) for one in operated)
    assert all(
        any(NO_FIGURE in words for words in row["warnings"])
        for row in plan.as_json()["pathways"]
        if "one_stage" in row["families"]
    )
    assert not any(NO_FIGURE in words for one in planned(case_of(WATCHED)).pathways for words in one.warnings)


def test_the_table_of_borrowed_chances_shows_none_and_says_what_it_is_ordered_by():
    for name, borrowed in ((NOT_KNOWN, True), (WATCHED, False)):
        console = Console(file=io.StringIO(), width=160)
        print_plan(planned(case_of(name)), console)
        text = " ".join(console.file.getvalue().split())
        assert ("No figure of how often the liver is cleared was found for this primary" in text) is borrowed
        assert ("ordered as if the metastases came from the bowel" in text) is borrowed
        assert ("borrowed" in text) is False


@pytest.mark.parametrize(("shift", "named"), [(0, True), (1, False)])
def test_a_woman_of_an_age_to_be_pregnant_is_assumed_not_to_be_and_that_is_said(shift, named):
    age = DEFAULT.whole("pregnancy_asked_to_age") + shift
    plan = planned(case_of(PREGNANT, patient={"pregnant_weeks": None, "age_years": age}))
    assert any("patient.pregnant_weeks" in line for line in plan.pathways[0].assumptions) is named
