"""What a case says of volumes that cannot all be true: both sides of each tolerance."""

import json

import pytest

from pathways.case.loading import parse_case
from pathways.case.volumetry import errors, standard_volume
from pathways.documents.problems import DocumentError

ERROR = errors().measured
SEGMENTS = {"1": 20, "2": 90, "3": 90, "4": 120, "5": 200, "6": 180, "7": 230, "8": 270}
WHOLE = float(sum(SEGMENTS.values()))
LEFT = float(sum(SEGMENTS[one] for one in "1234"))
RIGHT_LIVER = [5, 6, 7, 8]


def problems(liver, **more):
    raw = {
        "schema": 1, "id": "told", "primary": {"tumour": "colorectal"}, "liver": liver,
        "lesions": [{"segments": [8], "size_mm": 20, "count": 1}], **more,
    }  # fmt: skip
    try:
        parse_case(json.dumps(raw))
    except DocumentError as refused:
        return [(one.key, one.message) for one in refused.problems]
    return []


def keys(liver, **more):
    return [key for key, _ in problems(liver, **more)]


def remnant(**told):
    return [{"removes": RIGHT_LIVER, **told}]


def clearly_above(figure):
    """A figure just within, and one just beyond, the joint error of it and another."""
    joint = ERROR * 2**0.5
    return figure * (1 + joint) / 1.002, figure * (1 + joint) * 1.01


def test_segments_may_be_more_than_the_total_by_their_joint_error_and_no_more():
    within, beyond = WHOLE / (1 + ERROR * 1.45), WHOLE / (1 + ERROR * 1.6)
    assert keys({"segments_ml": SEGMENTS, "total_ml": WHOLE - 0.05}) == []
    assert keys({"segments_ml": SEGMENTS, "total_ml": within}) == []
    assert keys({"segments_ml": SEGMENTS, "total_ml": beyond}) == ["liver.segments_ml"]


def test_segments_told_with_the_tumour_in_them_are_refused_with_total_and_tumour():
    ((key, message),) = problems({"segments_ml": SEGMENTS, "total_ml": WHOLE, "tumour_ml": 300})
    assert key == "liver.segments_ml"
    assert "total_ml, 1200" in message
    assert "tumour_ml 300" in message


def test_segments_that_are_less_than_the_total_are_no_contradiction():
    assert keys({"segments_ml": SEGMENTS, "total_ml": 1500}) == []
    assert keys({"segments_ml": SEGMENTS, "total_ml": 1500, "tumour_ml": 10}) == []


def test_a_remnant_in_ml_is_held_to_the_segments_it_is_made_of():
    within, beyond = clearly_above(LEFT)
    assert keys({"segments_ml": SEGMENTS, "measured_remnants": remnant(ml=within)}) == []
    ((key, message),) = problems({"segments_ml": SEGMENTS, "measured_remnants": remnant(ml=beyond)})
    assert key == "liver.measured_remnants[0].ml"
    assert "segments_ml (320 ml" in message


def test_a_fraction_of_the_measured_volume_is_held_to_the_segments():
    within, beyond = clearly_above(LEFT / WHOLE)
    for fraction, wrong in ((within, []), (beyond, ["liver.measured_remnants[0].fraction"])):
        told = remnant(fraction=round(fraction, 4), denominator="measured")
        assert keys({"segments_ml": SEGMENTS, "measured_remnants": told}) == wrong


def test_a_fraction_that_does_not_say_of_what_is_refused_only_if_it_fits_neither_volume():
    small, large = {"height_cm": 150, "weight_kg": 45}, {"height_cm": 175, "weight_kg": 60}
    liver = {"segments_ml": SEGMENTS, "measured_remnants": remnant(fraction=0.36)}
    # The liver usual for the small body is 880 ml: 320 ml are 36 % of it.
    assert keys(liver, patient=small) == []
    assert keys(liver, patient=large) == ["liver.measured_remnants[0].fraction"]
    told = {**liver, "measured_remnants": remnant(fraction=0.36, denominator="measured")}
    assert keys(told, patient=small) == ["liver.measured_remnants[0].fraction"]


def test_without_a_body_size_a_standardised_fraction_cannot_be_held_to_anything():
    told = remnant(fraction=0.6, denominator="standardised")
    assert keys({"segments_ml": SEGMENTS, "measured_remnants": told}) == []
    assert keys({"segments_ml": SEGMENTS, "measured_remnants": remnant(fraction=0.6)}) != []


def test_tumour_that_is_not_told_may_be_what_the_lesions_can_hold_and_no_more():
    liver = {"total_ml": 1500, "measured_remnants": remnant(fraction=0.36, ml=400)}
    large = [{"segments": ["right_liver"], "size_mm": 90, "count": 1}]
    small = [{"segments": ["right_liver"], "size_mm": 30, "count": 1}]
    assert keys(liver, lesions=large) == []
    assert keys(liver, lesions=small) == ["liver.measured_remnants[0].fraction"]
    assert keys({**liver, "tumour_ml": 0}, lesions=large) == ["liver.measured_remnants[0].fraction"]


def test_what_was_measured_at_another_time_is_not_held_to_the_volumes_of_today():
    old = [{"removes": RIGHT_LIVER, "fraction": 0.36, "week": -5}, {"removes": RIGHT_LIVER, "fraction": 0.27}]
    assert keys({"segments_ml": SEGMENTS, "measured_remnants": old}) == []
    stimulus = [{"week": -4, "event": "portal_vein_embolisation", "segments": ["right"]}]
    before = {"segments_ml": SEGMENTS, "measured_remnants": remnant(fraction=0.2, week=-5)}
    assert keys(before, history=stimulus) == []
    assert keys(before) == ["liver.measured_remnants[0].fraction"]


def test_a_remnant_without_its_congested_part_may_be_smaller_than_its_segments():
    told = remnant(ml=200, excludes_congested=True)
    assert keys({"segments_ml": SEGMENTS, "measured_remnants": told}) == []
    assert keys({"segments_ml": SEGMENTS, "measured_remnants": remnant(ml=200)}) != []


@pytest.mark.parametrize("key", ["fraction", "ml"])
def test_two_figures_for_one_resection_may_differ_by_their_joint_error(key):
    first = 0.30 if key == "fraction" else 400.0
    for other, wrong in zip(clearly_above(first), ([], [f"liver.measured_remnants[1].{key}"]), strict=True):
        told = [*remnant(**{key: first}), *remnant(**{key: round(other, 4)})]
        assert keys({"measured_remnants": told}) == wrong


def test_removing_more_leaves_no_more_beyond_the_error():
    for more, wrong in ((0.31, []), (0.34, ["liver.measured_remnants[1].fraction"])):
        told = [*remnant(fraction=0.30), {"removes": [4, *RIGHT_LIVER], "fraction": more}]
        assert keys({"measured_remnants": told}) == wrong


def test_two_halves_are_one_liver():
    def halves(one, other, **more):
        return [
            {"removes": RIGHT_LIVER, "fraction": one, **more}, {"removes": [1, 2, 3, 4], "fraction": other, **more},
        ]  # fmt: skip

    for measured in ("measured", None):
        more = {"denominator": measured} if measured else {}
        assert keys({"measured_remnants": halves(0.35, 0.65, **more)}) == []
        assert keys({"measured_remnants": halves(0.2, 0.3, **more)}) == ["liver.measured_remnants[1].fraction"]
        assert keys({"measured_remnants": halves(0.8, 0.8, **more)}) == ["liver.measured_remnants[1].fraction"]
    # A liver larger than usual has two halves that are more than a usual liver.
    assert keys({"measured_remnants": halves(0.6, 0.7, denominator="standardised")}) == []


def test_the_volume_usual_for_a_body_is_told_by_height_and_weight_or_by_weight():
    def standard(**patient):
        raw = {
            "schema": 1, "id": "told", "primary": {"tumour": "colorectal"}, "lesions": [{"segments": [8]}], "patient": patient,
        }  # fmt: skip
        return standard_volume(parse_case(json.dumps(raw)))

    assert standard(height_cm=168, weight_kg=71) == pytest.approx(1512.4, abs=0.5)
    assert standard(weight_kg=71) == pytest.approx(1506.0, abs=0.1)
    assert standard() is None
