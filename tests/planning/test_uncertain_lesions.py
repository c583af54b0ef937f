from dataclasses import replace

import pytest
from builders import make_case
from shipped import named

import pathways as pw
from pathways.case.course import Course
from pathways.conformance.audit import audit
from pathways.conformance.proof import prove
from pathways.knowledge.protocols import load_protocol
from pathways.planning.plan import plan
from pathways.process.declaration import PROCESS

DEFAULT = load_protocol()
# The demonstrated case: suspected recurrence in segment VI, five months after resection of a liver metastasis.
RECURRENCE = """
schema: 1
id: recurrence
patient: {fit_for: major}
primary: {tumour: colorectal, site: sigmoid, status: resected}
liver: {background: normal, insufficiency: []}
lesions: [{id: A, segments: [6], size_mm: 18, count: 1, nature: NATURE}]
extrahepatic: []
history: [{week: -22, event: hepatectomy, partial: [7], margin: r0}]
"""


def recurrence(nature):
    return plan(pw.parse_case(RECURRENCE.replace("NATURE", nature)), DEFAULT)


def test_a_suspected_lesion_makes_the_case_indeterminate():
    assert recurrence("suspected").assessment.resectability == "indeterminate"
    assert recurrence("confirmed").assessment.resectability == "resectable"


def test_the_demonstrated_recurrence_has_its_sensible_pathways():
    families = {
        "diagnostic_clarification",
        "surveillance",
        "repeat_hepatectomy",
        "ablation",
        "perioperative_chemotherapy",
    }
    assert families <= set(recurrence("suspected").open)


def test_nothing_is_treated_before_a_suspected_lesion_is_characterised_or_the_step_says_diagnostic():
    graph = recurrence("suspected").graph
    for leaving in graph.edges:
        for edge in leaving:
            trigger, state = edge.declared, graph.states[edge.source]
            if state.nature == "suspected" and trigger.kind == "decision":
                treats = trigger.oncological or trigger.operation
                assert not treats or "diagnostic_clarification" in graph.families(edge), trigger.name


def test_benign_ends_the_oncological_pathway():
    graph = recurrence("suspected").graph
    benign = [node for node, state in enumerate(graph.states) if state.phase == "benign"]
    assert benign
    assert all(graph.is_end(node) for node in benign)
    assert "benign" not in PROCESS.curative_ends


def test_a_diagnostic_resection_waits_for_pathology_before_it_counts_as_clearance():
    patient = pw.patient(pw.parse_case(RECURRENCE.replace("NATURE", "suspected")), DEFAULT)
    patient.decide("discuss_uncertain_lesion")
    patient.decide("characterise")
    patient.outcome("stays_uncertain")
    patient.decide("resect_for_diagnosis")
    assert patient.outcome("recovers").phase == "pathology"
    assert patient.outcome("metastasis_at_pathology").phase == "resected"


def test_no_major_resection_is_done_for_the_sake_of_a_diagnosis():
    text = RECURRENCE.replace("NATURE", "suspected").replace(
        "segments: [6], size_mm: 18", "segments: [5, 6, 7, 8], size_mm: 90"
    )
    patient = pw.patient(pw.parse_case(text), DEFAULT)
    patient.decide("discuss_uncertain_lesion")
    with pytest.raises(pw.Refused):
        patient.decide("resect_for_diagnosis")


def test_somebody_without_an_uncertain_lesion_has_no_clarification_to_go_through():
    closed = {one.family: one.verdicts for one in plan(pw.load_case(named("meta-02")), DEFAULT).closed}
    assert closed["diagnostic_clarification"][0].rule == "lesions_characterised"


# --- characterised first ---------------------------------------------------------------------------------------------------

# Nothing smaller takes it out.
LARGE = [{"id": "A", "segments": [5, 6, 7, 8], "size_mm": 90, "count": 1, "nature": "suspected", "depth": "deep"}]
SMALL = [{"id": "A", "segments": [6], "size_mm": 18, "count": 1, "nature": "suspected", "depth": "superficial"}]
LUNG = [{"site": "lung", "count": 1, "resectable": True}]
IN_PLACE = {
    "site": "sigmoid",
    "status": "in_situ",
    "presentation": "synchronous",
    "urgent": "none",
    "r0_resectable": True,
}
MAJOR = {
    "measured_remnants": [{"removes": [4, 5, 6, 7, 8], "fraction": 0.45}, {"removes": [5, 6, 7, 8], "fraction": 0.6}]
}


def with_setting(value):
    settings = dict(DEFAULT.settings)
    settings["diagnosis_by_resection_first"] = replace(settings["diagnosis_by_resection_first"], value=value)
    return replace(DEFAULT, settings=settings)


def before_resections(graph):
    """Whether the lesion had been examined, for every diagnostic resection of a graph."""
    return {
        graph.states[edge.source].characterised
        for leaving in graph.edges
        for edge in leaving
        if edge.declared.operation and not edge.declared.oncological
    }


@pytest.mark.parametrize(("lesions", "liver"), [(SMALL, {}), (LARGE, MAJOR)], ids=["minor", "major"])
def test_a_diagnostic_resection_follows_only_where_examining_the_lesion_left_it_uncertain(lesions, liver):
    case = make_case(lesions=lesions, liver=liver)
    assert before_resections(pw.explore(case, DEFAULT)) == {"inconclusive"}
    found = plan(case, DEFAULT, top=0)
    assert found.pathways[0].steps[1].trigger == "characterise"
    assert not any("diagnostic" in one.title for one in found.pathways)
    assert any(one.outcome == "It stays uncertain" for one in found.pathways[0].contingencies)


def test_a_protocol_may_let_a_minor_resection_make_the_diagnosis_first_and_the_plan_says_so():
    case = make_case(lesions=SMALL)
    found = plan(case, with_setting(("minor",)), top=0)
    assert before_resections(found.graph) == {"no", "inconclusive"}
    first = [one for one in found.pathways if one.title.startswith("diagnostic")]
    assert first
    assert all(any("lets that come first" in words for words in one.warnings) for one in first)
    assert before_resections(pw.explore(make_case(lesions=LARGE, liver=MAJOR), with_setting(("minor",)))) == {
        "inconclusive"
    }


def test_what_closes_a_diagnostic_resection_is_that_the_lesion_is_characterised_first():
    patient = pw.patient(make_case(lesions=SMALL), DEFAULT)
    patient.decide("discuss_uncertain_lesion")
    with pytest.raises(pw.Refused) as refusal:
        patient.decide("resect_for_diagnosis")
    assert [one.rule for one in refusal.value.verdicts] == ["lesions_characterised"]
    assert "characterised first" in refusal.value.verdicts[0].reason


def test_a_lesion_is_examined_once_and_may_be_watched_after_that():
    patient = pw.patient(make_case(lesions=SMALL), DEFAULT)
    patient.decide("discuss_uncertain_lesion")
    patient.decide("characterise")
    assert patient.outcome("stays_uncertain").phase == "indeterminate"
    with pytest.raises(pw.Refused):
        patient.decide("characterise")
    patient.decide("watch")
    assert patient.outcome("metastasis_confirmed").phase == "resectable"


@pytest.mark.parametrize("declines", [["surveillance"], ["surveillance", "diagnostic_clarification"], ["palliative"]])
def test_whoever_declines_to_be_watched_and_cannot_be_operated_on_reaches_an_end(declines):
    case = make_case(lesions=SMALL, patient={"fit_for": "none", "declines": declines})
    graph = pw.explore(case, DEFAULT)
    assert all(graph.is_end(node) or graph.edges[node] for node in range(len(graph.states)))


# --- benign frees the liver, and nothing else --------------------------------------------------------------------------------


def ends_after_benign(**changes):
    """Steps and ends that follow from a lesion found benign."""
    graph = pw.explore(make_case(lesions=SMALL, **changes), DEFAULT)
    waiting = [edge.target for out in graph.edges for edge in out if "benign" in edge.declared.finds]
    steps, ends, seen = set(), set(), set()
    while waiting:
        node = waiting.pop()
        if node in seen:
            continue
        seen.add(node)
        if graph.is_end(node):
            ends.add(graph.states[node].phase)
        for edge in graph.edges[node]:
            steps.add(edge.declared.name)
            waiting.append(edge.target)
    return steps, ends


def test_a_benign_nodule_alone_ends_the_plan():
    assert ends_after_benign() == (set(), {"benign"})


def test_lung_lesions_stay_in_the_plan_where_the_nodule_of_the_liver_is_benign():
    steps, ends = ends_after_benign(extrahepatic=LUNG)
    assert "resect_extrahepatic" in steps
    assert ends == {"no_visible_disease", "palliation", "dead"}
    assert not any("liver" in one for one in steps)


def test_the_primary_stays_in_the_plan_where_the_nodule_of_the_liver_is_benign():
    steps, ends = ends_after_benign(primary=IN_PLACE)
    assert "resect_primary" in steps
    assert ends == {"no_visible_disease", "palliation", "dead"}
    steps, _ = ends_after_benign(primary=IN_PLACE, extrahepatic=LUNG)
    assert {"resect_primary", "resect_extrahepatic"} <= steps


def test_the_rectum_is_irradiated_and_rests_although_no_liver_operation_fills_the_interval():
    steps, _ = ends_after_benign(primary={**IN_PLACE, "site": "rectum", "needs_radiotherapy": True})
    assert {"irradiate_primary", "wait_after_radiotherapy", "resect_primary"} <= steps


def test_what_cannot_be_removed_elsewhere_is_cared_for_after_a_benign_nodule():
    steps, ends = ends_after_benign(extrahepatic=[{"site": "bone"}])
    assert "resect_extrahepatic" not in steps
    assert ends == {"palliation"}


def test_the_contingency_of_a_benign_nodule_tells_of_the_lung():
    found = plan(make_case(lesions=SMALL, extrahepatic=LUNG), DEFAULT)
    said = {(one.outcome, one.then, one.best_end) for one in found.pathways[0].contingencies}
    assert ("It is benign", "Resection of the extrahepatic disease", "no_visible_disease") in said


def test_a_vanished_site_beside_a_benign_nodule_is_proven_disease():
    lesions = [*SMALL, {"id": "B", "segments": [2], "size_mm": 12, "count": 1, "nature": "vanished"}]
    graph = pw.explore(make_case(lesions=lesions), DEFAULT)
    taken = {edge.declared.name for out in graph.edges for edge in out}
    assert "other_lesion_benign" in taken
    assert "benign" not in {state.phase for state in graph.states}


def test_every_property_holds_where_a_suspected_lesion_stands_beside_primary_and_lung():
    graph = pw.explore(make_case(lesions=SMALL, primary=IN_PLACE, extrahepatic=LUNG), DEFAULT)
    assert [one.id for one in prove(graph) if one.counter_example] == []


@pytest.mark.parametrize(
    ("event", "wrong"),
    [
        ({"event": "metastasectomy", "site": "lung"}, False),
        ({"event": "hepatectomy", "partial": [6]}, True),
        ({"event": "ablation", "segments": [6]}, True),
    ],
    ids=lambda one: one["event"] if isinstance(one, dict) else "",
)
def test_a_record_may_treat_the_lung_after_a_benign_nodule_and_not_the_liver(event, wrong):
    case = make_case(lesions=SMALL, extrahepatic=LUNG)
    found_benign = {"day": 5, "event": "restaging", "modality": "mri", "finding": "benign"}
    course = Course.model_validate({"schema": 1, "case": case, "events": [found_benign, {"day": 20, **event}]})
    against = [row for row in audit(course, DEFAULT).deviations if row.property == "benign_not_treated"]
    assert bool(against) == wrong


def test_a_record_may_treat_proven_metastases_after_the_nodule_beside_them_was_benign():
    case = make_case(lesions=[*SMALL, {"id": "B", "segments": [2], "size_mm": 20, "count": 1}])
    events = [
        {"day": 5, "event": "restaging", "modality": "mri", "finding": "benign"},
        {"day": 20, "event": "hepatectomy", "partial": [2]},
    ]
    course = Course.model_validate({"schema": 1, "case": case, "events": events})
    assert not [row for row in audit(course, DEFAULT).deviations if row.property == "benign_not_treated"]


def test_of_what_is_found_out_the_same_share_is_benign_by_examining_and_by_watching():
    graph = pw.explore(make_case(lesions=SMALL), DEFAULT)
    shares = {}
    for node, state in enumerate(graph.states):
        if state.phase == "characterisation":
            chances = graph.figures.outcome_chances([edge.declared for edge in graph.edges[node]], state)
            told = {edge.declared.name: chance for edge, chance in zip(graph.edges[node], chances, strict=True)}
            shares[state.characterised] = told["lesion_benign"] / (told["lesion_benign"] + told["metastasis_confirmed"])
    assert set(shares) == {"no", "examined", "inconclusive"}
    assert len({round(one, 12) for one in shares.values()}) == 1
