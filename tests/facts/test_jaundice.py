"""Jaundice comes before every elective step: an obstructed duct is drained first, a bilirubin nobody has explained bars drugs."""

import pytest
from builders import assessed, facts, make_case

import pathways as pw
from pathways.facts.liver_function import bears_drugs
from pathways.knowledge.protocols import load_protocol
from pathways.planning.assess import assess
from pathways.process.acts import TREATMENTS
from pathways.process.declaration import PROCESS

DEFAULT = load_protocol("default")
LESION = [{"id": "A", "segments": [6], "size_mm": 35, "count": 1, "depth": "superficial"}]
IN_PLACE = {
    "site": "sigmoid",
    "status": "in_situ",
    "presentation": "synchronous",
    "urgent": "none",
    "r0_resectable": True,
}
OBSTRUCTED = {"biliary_obstruction": "present"}


def of_drugs(**liver):
    return bears_drugs(assessed(liver={"biliary_obstruction": "none", **liver}))


def decisions(case, **more):
    return [
        [step.trigger for step in one.steps if step.kind == "decision"]
        for one in pw.plan(case, DEFAULT, top=0, **more).pathways
    ]


# --- what bars drugs --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("liver", "expected"),
    [
        ({"bilirubin_umol_per_l": 51}, "allowed"),
        ({"bilirubin_umol_per_l": 51.1}, "refused"),
        ({"bilirubin_umol_per_l": None}, "allowed"),
        ({"bilirubin_umol_per_l": 600, "biliary_obstruction": "drained"}, "unknown"),
        ({"bilirubin_umol_per_l": 600, "biliary_obstruction": "present"}, "unknown"),
        ({"bilirubin_umol_per_l": 51, "biliary_obstruction": None}, "allowed"),
        ({"bilirubin_umol_per_l": 150, "biliary_obstruction": None}, "refused"),
        ({"insufficiency": ["jaundice"], "bilirubin_umol_per_l": None}, "unknown"),
        ({"insufficiency": ["jaundice"], "bilirubin_umol_per_l": 40}, "allowed"),
        ({"insufficiency": ["jaundice"], "biliary_obstruction": "drained"}, "allowed"),
        ({"child_pugh": "B"}, "allowed"),
        ({"child_pugh": "C"}, "refused"),
    ],
)
def test_bilirubin_and_child_pugh_class_bar_drugs_on_both_sides_of_their_limits(liver, expected):
    assert of_drugs(**liver).verdict == expected


def test_a_jaundice_that_nobody_has_explained_names_the_cause_that_is_found_first():
    found = of_drugs(bilirubin_umol_per_l=150, biliary_obstruction=None)
    assert "the cause of the jaundice is found first" in found.reason
    assert "(liver.biliary_obstruction)" in found.reason
    assert (found.value, found.limit, found.unit) == (150, 51, "umol/l")


def test_jaundice_without_a_value_asks_for_the_value():
    assert "(liver.bilirubin_umol_per_l)" in of_drugs(insufficiency=["jaundice"], bilirubin_umol_per_l=None).reason
    liver = {"insufficiency": ["jaundice"], "bilirubin_umol_per_l": None}
    assert facts(strict=True, liver=liver).cell("liver_function_systemic", ()).value == "unknown"


def test_the_class_from_its_five_items_bars_drugs_as_a_given_one_does():
    five = {"insufficiency": ["ascites"], "bilirubin_umol_per_l": 40, "albumin_g_per_l": 27, "inr": 2.0}
    found = of_drugs(**five)
    assert found.verdict == "refused"
    assert found.reason == "Child-Pugh C (from its five items): no systemic treatment"
    assert of_drugs(**{**five, "inr": None}).verdict == "allowed"


def test_what_bars_drugs_stands_among_the_findings_only_where_it_does():
    case = make_case(lesions=LESION, liver={"bilirubin_umol_per_l": 150})
    said = [one.reason for one in assess(case, DEFAULT).findings if one.rule == "liver_sufficient"]
    assert len(said) == 2
    assert "systemic treatment" in said[1]
    calm = make_case(lesions=LESION, liver={"bilirubin_umol_per_l": 20})
    assert len([one for one in assess(calm, DEFAULT).findings if one.rule == "liver_sufficient"]) == 1


# --- plans ------------------------------------------------------------------------------------------------------------------


def test_an_unexplained_bilirubin_closes_perioperative_chemotherapy():
    case = make_case(lesions=LESION, liver={"biliary_obstruction": None, "bilirubin_umol_per_l": 150})
    closed = {one.family: one for one in pw.plan(case, DEFAULT, top=0).closed}
    assert closed["perioperative_chemotherapy"].kind == "barred"
    assert "liver_sufficient" in [one.rule for one in closed["perioperative_chemotherapy"].verdicts]
    mild = make_case(lesions=LESION, liver={"biliary_obstruction": None, "bilirubin_umol_per_l": 30})
    assert any("start_perioperative_chemotherapy" in one for one in decisions(mild))


def test_jaundice_with_obstruction_not_told_is_an_assumption_of_every_elective_pathway():
    case = make_case(lesions=LESION, liver={"biliary_obstruction": None, "bilirubin_umol_per_l": 40})
    plan = pw.plan(case, DEFAULT, top=0)
    cleared = [one for one in plan.pathways if one.curative]
    assert cleared
    assert all(any("liver.biliary_obstruction" in words for words in one.assumptions) for one in cleared)
    assert "liver.biliary_obstruction" in [one.item for one in plan.find_out_next]


@pytest.mark.parametrize("site", ["sigmoid", "rectum"])
def test_drainage_comes_before_bowel_drugs_and_liver(site):
    primary = {**IN_PLACE, "site": site, "needs_radiotherapy": site == "rectum"}
    case = make_case(lesions=LESION, primary=primary, liver=OBSTRUCTED)
    walks = decisions(case)
    assert any("resect_primary" in one for one in walks)
    assert any("start_perioperative_chemotherapy" in one for one in walks)
    for walk in walks:
        assert walk[1] in ("drain_bile_ducts", "palliate"), walk


def test_no_route_at_all_treats_electively_through_an_undrained_obstruction():
    lung = [{"site": "lung", "resectable": True}]
    case = make_case(lesions=LESION, primary=IN_PLACE, liver=OBSTRUCTED, extrahepatic=lung)
    graph = pw.explore(case, DEFAULT)
    treated = 0
    for leaving in graph.edges:
        for edge in leaving:
            if edge.declared.kind == "decision" and TREATMENTS & set(edge.declared.acts):
                treated += 1
                assert graph.states[edge.source].bile == "free", edge.declared.name
    assert treated > 5


def test_an_emergency_of_the_primary_does_not_wait_for_the_drain():
    case = make_case(lesions=LESION, primary={**IN_PLACE, "urgent": "obstruction"}, liver=OBSTRUCTED)
    for walk in decisions(case):
        assert walk[0] in ("divert_or_stent", "resect_primary_urgently")
        assert "drain_bile_ducts" in walk or walk[-1] in ("palliate", "resect_primary_urgently")


@pytest.mark.parametrize("state", ["none", "drained"])
def test_without_obstruction_or_after_drainage_nothing_is_drained(state):
    case = make_case(lesions=LESION, primary=IN_PLACE, liver={"biliary_obstruction": state})
    walks = decisions(case)
    assert any("resect_liver_minor" in one for one in walks)
    assert not any("drain" in name for one in walks for name in one)


def test_a_suspected_lesion_may_be_drained_before_it_is_characterised_and_not_resected_undrained():
    case = make_case(lesions=[{**LESION[0], "nature": "suspected"}], liver=OBSTRUCTED)
    graph = pw.explore(case, DEFAULT)
    taken = {edge.declared.name for leaving in graph.edges for edge in leaving}
    assert {"drain_bile_ducts_before_diagnosis", "resect_for_diagnosis"} <= taken
    for leaving in graph.edges:
        for edge in leaving:
            if edge.declared.name == "resect_for_diagnosis":
                assert graph.states[edge.source].bile == "free"


@pytest.mark.parametrize(("first", "last"), [("first_stage", "second_stage"), ("alpps_stage_1", "alpps_stage_2")])
def test_a_duct_obstructed_between_two_stages_is_drained_and_the_last_stage_follows(first, last):
    case = make_case(
        lesions=[{"id": "A", "segments": [5, 6, 7, 8], "size_mm": 60, "count": 4}],
        liver={**OBSTRUCTED, "measured_remnants": [{"removes": [5, 6, 7, 8], "fraction": 0.45, "week": 0}]},
        history=[{"event": first, "week": -6, "segments": ["right"]}],
    )
    walks = decisions(case)
    assert any(one[-2:] == ["drain_bile_ducts", last] for one in walks), walks


def test_every_declared_elective_treatment_before_clearance_asks_for_the_drain():
    """Whoever adds a treatment is told: what may be the first elective act of a plan reads the bile ducts."""
    later = {"recurrence", "found at operation"}
    for trigger in PROCESS.triggers:
        if trigger.kind != "decision" or not trigger.elective or not TREATMENTS & set(trigger.acts):
            continue
        if later & set(trigger.treats) or trigger.course in ("postoperative", "adjuvant", "recurrence"):
            continue
        if trigger.name == "wait_after_radiotherapy":
            continue
        assert "bile_drained" in {guard.fact for guard in trigger.guards}, trigger.name


@pytest.mark.parametrize(
    ("week", "bilirubin", "day"), [(0, 120, 21), (-1, 120, 14), (-3, 120, 14), (None, 120, 14), (0, 30, 14)]
)
def test_a_drained_liver_is_given_as_long_to_recover_as_one_that_this_plan_drains(week, bilirubin, day):
    drainage = {"event": "biliary_drainage"} if week is None else {"event": "biliary_drainage", "week": week}
    case = make_case(
        lesions=LESION, liver={"biliary_obstruction": "drained", "bilirubin_umol_per_l": bilirubin}, history=[drainage]
    )
    assert pw.plan(case, DEFAULT).pathways[0].steps[0].day == day
