import pytest
from shipped import named

import pathways as pw
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
