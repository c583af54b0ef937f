"""Segment IV in halves: a place that is kept and named, in a liver of eight segments; what local treatment costs at most."""

from __future__ import annotations

import pytest
from builders import make_case

import pathways as pw
from pathways.facts.patient_assessment import TODAY, PatientAssessment
from pathways.liver.anatomy import mask_of

DEFAULT = pw.load_protocol("default")
NODULE = {"id": "A", "size_mm": 20, "count": 1, "depth": "superficial"}


def resections(*lesions, **parts):
    return PatientAssessment(make_case(lesions=list(lesions), **parts), DEFAULT).resections(TODAY)


def test_a_half_is_a_place_and_a_limited_resection_names_it():
    half, whole = resections({**NODULE, "segments": ["4b"]}), resections({**NODULE, "segments": [4]})
    assert half[0].name == "limited resection of A in IVb"
    assert whole[0].name == "limited resection of A"
    assert [(one.removes, one.kept, one.remnant) for one in half] == [
        (one.removes, one.kept, one.remnant) for one in whole
    ]


@pytest.mark.parametrize(("count", "whole_segment"), [(1, False), (4, True)])
def test_what_is_resected_locally_in_a_segment_costs_at_most_the_segment(count, whole_segment):
    # Spheres of 65 mm: 144 ml each, of a segment of 190 ml in a liver of 1 500 ml.
    lesion = {**NODULE, "segments": [4], "size_mm": 45, "count": count}
    total = {"total_ml": 1500, "tumour_ml": 0}
    found = resections(lesion, liver=total)
    local = next(one for one in found if one.limited and not one.removes)
    share = PatientAssessment(make_case(lesions=[lesion], liver=total), DEFAULT).volumes.share(mask_of([4]))
    assert (local.remnant.value == pytest.approx(1 - share)) is whole_segment
    assert local.remnant.value >= 1 - share - 1e-9
