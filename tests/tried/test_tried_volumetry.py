"""Cases that were tried and what a right answer holds: one quantity told twice, and limits that bind."""

from pathlib import Path

import pytest

import pathways as pw
from pathways.documents.problems import DocumentError
from pathways.facts.patient_assessment import PatientAssessment
from pathways.liver.anatomy import LEFT, mask_of

HERE = Path(__file__).parent / "volumetry"
DEFAULT = pw.load_protocol("default")
LEFT_WITH_CAUDATE = LEFT | mask_of([1])


def assessed(name):
    return PatientAssessment(pw.load_case(HERE / f"{name}.yaml"), DEFAULT)


def complaint(name):
    with pytest.raises(DocumentError) as refused:
        pw.load_case(HERE / f"{name}.yaml")
    (one,) = refused.value.problems
    return one


def test_eight_segments_are_the_functional_liver_and_the_gap_to_the_total_is_named():
    told = assessed("25-segments-and-total")
    assert told.total.value == 1200
    assert told.volumes.share(LEFT_WITH_CAUDATE) == pytest.approx(320 / 1200)
    (gap,) = told.volumetry.findings
    assert (gap.verdict, gap.value) == ("unknown", 300)
    assert "tumour" in gap.reason


@pytest.mark.parametrize("other", ["25-same-keys-reversed", "25-without-total"])
def test_neither_the_order_of_keys_nor_a_total_that_only_checks_moves_a_remnant(other):
    one, two = assessed("25-segments-and-total").volumes, assessed(other).volumes
    assert [one.remnant(kept) for kept in range(256)] == [two.remnant(kept) for kept in range(256)]


def test_a_sum_of_measured_segments_is_measured_and_has_the_error_of_measurement():
    left = assessed("25-without-total").volumes.remnant(LEFT_WITH_CAUDATE)
    assert not left.estimated
    error = DEFAULT and assessed("25-without-total").parameters["volumetry_relative_error"].number
    assert (left.high - left.low) / 2 == pytest.approx(error * left.value)


def test_a_segment_of_0_ml_is_asked_about_and_not_measured():
    told = assessed("26-segment-zero")
    assert [one.value for one in told.volumetry.findings] == [0.0]
    remnant = told.volumes.remnant(LEFT_WITH_CAUDATE)
    assert remnant.estimated
    assert remnant.value == pytest.approx(0.279, abs=0.001)
    # What is left for it does not depend on a body that is larger than its liver.
    assert told.total.value == pytest.approx(1110 / 0.91)


def test_a_fraction_that_fits_no_reading_of_its_ml_is_refused_with_both_places():
    one = complaint("a04")
    assert (one.line, one.key) == (26, "liver.measured_remnants[0].fraction")
    assert "0.45" in one.message
    assert "ml 400" in one.message
    assert "total_ml 1500" in one.message


def test_segments_and_a_remnant_that_differ_are_refused_with_both_places():
    one = complaint("30-remnant-vs-segments")
    assert "0.36" in one.message
    assert "segments_ml (320 ml" in one.message


def test_a_small_liver_in_a_large_body_is_refused_by_body_weight():
    found = pw.assess(pw.load_case(HERE / "a15.yaml"), DEFAULT)
    assert found.resections[0].meets_protocol is False


@pytest.mark.parametrize(("name", "met"), [("a16", True), ("a16b", False)])
def test_the_limit_itself_is_enough_and_a_thousandth_less_is_not(name, met):
    assert pw.assess(pw.load_case(HERE / f"{name}.yaml"), DEFAULT).resections[0].meets_protocol is met
