"""Cases that were tried and what a right answer holds: nodules that are only suspected."""

from pathlib import Path

import pytest

import pathways as pw
from pathways.conformance.audit import audit

HERE = Path(__file__).parent
DEFAULT = pw.load_protocol("default")
FNH = "cases/fnh-01.yaml"
SUSPECTED = "guidelines/44-suspected.yaml"


def tried(name, **changes):
    return pw.load_case(HERE / name).model_copy(update=changes)


@pytest.mark.parametrize("name", [FNH, SUSPECTED])
def test_characterising_leads_and_no_diagnostic_operation_comes_before_it(name):
    found = pw.plan(tried(name), DEFAULT, top=0)
    assert found.assessment.resectability == "indeterminate"
    assert found.pathways[0].steps[1].trigger == "characterise"
    for one in found.pathways:
        decisions = [step.trigger for step in one.steps if step.kind == "decision"]
        assert decisions[1] in ("characterise", "watch"), one.title
        assert {"diagnostic_clarification", "surveillance"} & set(one.families)


def test_fnh_01_a_major_diagnostic_resection_is_what_is_left_where_the_nodules_stay_uncertain():
    (said,) = (
        one for one in pw.plan(tried(FNH), DEFAULT).pathways[0].contingencies if one.outcome == "It stays uncertain"
    )
    assert said.then == "Diagnostic major resection: the lesion can be taken out no other way"


def test_fnh_01_what_was_done_was_called_diagnostic_and_is_no_treatment_of_an_uncharacterised_lesion():
    course = pw.load_course(HERE / "courses" / "fnh-01.yaml")
    assert "characterised_before_resection" not in {row.property for row in audit(course, DEFAULT).deviations}


@pytest.mark.parametrize("name", [FNH, SUSPECTED])
def test_lung_lesions_stay_in_the_plan_where_the_nodules_are_benign(name):
    lung = pw.parse_case(
        "schema: 1\nid: lung\nprimary: {tumour: colorectal}\nlesions: [{segments: [6]}]\n"
        "extrahepatic: [{site: lung, count: 2, resectable: true}]\n"
    ).extrahepatic
    for extrahepatic, then in ((lung, "Resection of the extrahepatic disease"), ((), "nothing more to decide")):
        found = pw.plan(tried(name, extrahepatic=extrahepatic), DEFAULT)
        assert then in {one.then for one in found.pathways[0].contingencies if one.outcome == "It is benign"}
