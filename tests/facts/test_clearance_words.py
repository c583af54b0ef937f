"""Why a class of resection is refused: something smaller does it, or it does not clear the liver at all."""

import pytest
from builders import make_case

from pathways.facts.geometry import clearable
from pathways.facts.patient_assessment import TODAY, PatientAssessment
from pathways.knowledge.protocols import load_protocol

SIDE = [
    {"id": "A", "segments": [4, 5, 8], "size_mm": 120, "depth": "deep"},
    {"id": "B", "segments": [6, 7], "count": 2, "size_mm": 60},
]
SMALL = [{"id": "A", "segments": [6], "size_mm": 20, "depth": "superficial"}]


def verdict(lesions, clearance):
    return clearable(PatientAssessment(make_case(lesions=lesions), load_protocol("default")), TODAY, clearance)


def test_a_smaller_class_that_does_not_do_it_is_not_called_unneeded():
    found = verdict(SIDE, "minor")
    assert found.rule == "all_lesions_treatable"
    assert found.reason == "a minor resection does not clear the liver: it takes right trisectionectomy"


@pytest.mark.parametrize("clearance", ["major", "major_with_ablation"])
def test_a_larger_class_than_needed_says_what_is_enough(clearance):
    found = verdict(SMALL, clearance)
    assert found.rule == "parenchyma_sparing"
    assert "is not needed" in found.reason
    assert "of A clears the liver and costs less of it" in found.reason
