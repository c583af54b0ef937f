"""The limit that binds, by the fraction or by body weight, is the one that is shown: plan, picture, audit, sweep."""

import json

import pytest
from builders import assessed, make_case
from hypothesis import given
from hypothesis import strategies as st

import pathways as pw
from pathways.case.course import Course
from pathways.conformance.audit import audit
from pathways.facts import remnant
from pathways.facts.patient_assessment import TODAY
from pathways.knowledge.protocols import load_protocol
from pathways.messages.figures import apart
from pathways.planning.compare import sweep
from pathways.report.charts import growth

DEFAULT = load_protocol("default")
RIGHT_LIVER = [{"id": "A", "segments": [5, 6, 7, 8], "size_mm": 60, "count": 4}]
HEAVY = {
    "patient": {"height_cm": 175, "weight_kg": 88},
    "liver": {
        "background": "steatosis", "total_ml": 1600, "tumour_ml": 100,
        "measured_remnants": [{"removes": [5, 6, 7, 8], "fraction": 0.42, "denominator": "measured"}],
    },
    "lesions": RIGHT_LIVER,
}  # fmt: skip
# 0.8 % of 88 kg are 704 ml, of 1500 ml.
BY_WEIGHT = DEFAULT.number("remnant_body_weight_damaged") * 88000 / 1500


def first(**changes):
    one = assessed(**changes)
    return one, one.resections(TODAY)[0]


def of_right(fraction, weight=None):
    patient = {"weight_kg": weight, "height_cm": None} if weight is None else {"weight_kg": weight}
    liver = {"measured_remnants": [{"removes": [5, 6, 7, 8], "fraction": fraction}]}
    return first(patient=patient, liver=liver, lesions=RIGHT_LIVER)


def test_body_weight_binds_where_it_asks_for_more_and_the_fraction_where_it_does():
    binds = remnant.binding_limit(*first(**HEAVY), 0)
    assert (binds.rule, binds.share, binds.ml) == ("remnant_body_weight", pytest.approx(BY_WEIGHT), pytest.approx(704))
    assert binds.remnant_ml == pytest.approx(630)
    light = {**HEAVY, "patient": {"height_cm": 175, "weight_kg": 60}}
    binds = remnant.binding_limit(*first(**light), 0)
    assert (binds.rule, binds.share, binds.ml) == ("remnant_volume", 0.40, pytest.approx(600))


def test_without_a_weight_the_fraction_binds_and_no_ml_are_told_of_a_population():
    binds = remnant.binding_limit(*of_right(0.27), 0)
    assert (binds.rule, binds.ml_known) == ("remnant_volume", False)
    assert binds.words(0.27) == ("27%", "30%")


def test_its_own_ml_make_the_limit_of_a_remnant():
    liver = {"measured_remnants": [{"removes": [5, 6, 7, 8], "fraction": 0.32, "ml": 320}]}
    one, found = first(patient={"weight_kg": 80}, liver=liver, lesions=RIGHT_LIVER)
    binds = remnant.binding_limit(one, found, 0)
    # 0.5 % of 80 kg are 400 ml, and the whole of which 320 ml are 32 % is 1000 ml.
    assert (binds.share, binds.ml, binds.remnant_ml) == (pytest.approx(0.4), pytest.approx(400), pytest.approx(320))


def test_the_limit_that_binds_is_met_exactly_where_both_rules_are_met():
    one, found = first(**HEAVY)
    binds = remnant.binding_limit(one, found, 0)
    for share, met in ((binds.share + 1e-6, "enough"), (binds.share - 1e-6, "short")):
        liver = {**HEAVY["liver"], "measured_remnants": [{**HEAVY["liver"]["measured_remnants"][0], "fraction": share}]}
        again, kept = first(**{**HEAVY, "liver": liver})
        assert remnant.remnant_status(again, kept, 0) == met


def test_plan_and_assessment_show_it_in_percent_and_ml():
    made = pw.plan(make_case(**HEAVY), DEFAULT)
    row = made.assessment.resections[0].as_json()
    assert row["limit_fraction"] == pytest.approx(BY_WEIGHT, abs=1e-4)
    assert (row["limit_ml"], row["remnant_ml"], row["limit_rule"]) == (704, 630, "remnant_body_weight")
    volume = next(one for one in made.assessment.findings if one.rule == "remnant_volume")
    assert "body weight asks for 46.9% (704 ml" in volume.reason
    notes = [step.note for one in made.pathways for step in one.steps if "right hepatectomy; remnant" in step.note]
    assert notes
    assert all("limit 46.9% (704 ml" in note for note in notes)
    measured = [one.smallest_remnant_fraction for one in made.pathways if one.smallest_remnant_fraction]
    assert not [one for one in measured if 0.42 < one < round(BY_WEIGHT, 4)]


def test_the_picture_of_growth_draws_it():
    text = json.dumps(growth(pw.plan(make_case(**HEAVY), DEFAULT)))
    assert "limit 46.9% (704 ml" in text
    assert f'"limit": {BY_WEIGHT}' in text


def test_an_audit_measures_the_excess_against_it():
    raw = json.loads(make_case(**HEAVY).model_dump_json(by_alias=True, exclude_defaults=True))
    course = Course.model_validate({
        "schema": 1, "case": {"schema": 1, **raw}, "events": [{"day": 10, "event": "hepatectomy", "removes": [5, 6, 7, 8]}],
    })  # fmt: skip
    rows = [row for row in audit(course, DEFAULT).rows if row.property == "remnant_before_resection"]
    assert [(row.verdict, row.rule) for row in rows] == [("deviation", "remnant_body_weight")]
    assert rows[0].excess == pytest.approx(BY_WEIGHT - 0.42, abs=1e-4)
    assert "42.0% (630 ml), at least 46.9% (704 ml" in rows[0].words


def test_a_sweep_of_a_limit_that_does_not_bind_shows_the_one_that_does():
    found = sweep(make_case(**HEAVY), DEFAULT, "remnant_limit_injured", [0.3, 0.4, 0.5])
    shown = [(one.left.limit.rule, round(one.left.limit.share, 3)) for one in found]
    assert shown == [("remnant_body_weight", 0.469), ("remnant_body_weight", 0.469), ("remnant_volume", 0.5)]
    assert found[0].as_json()["limit_ml"] == 704


def test_what_misses_its_limit_is_never_written_like_it():
    one, found = of_right(0.299)
    words = remnant.volume_verdict(one, found, 0).reason
    assert "keep 29.9%" in words
    assert "is 30.0%" in words
    one, found = of_right(0.30)
    assert "keep 30% (" in remnant.volume_verdict(one, found, 0).reason


@given(st.floats(0.01, 0.99), st.floats(0.01, 0.99))
def test_two_figures_that_differ_are_written_apart(figure, limit):
    told, wanted = apart(figure, limit)
    assert (told != wanted) or abs(figure - limit) < 1e-6
    assert len(told.partition(".")[2]) == len(wanted.partition(".")[2])


@pytest.mark.parametrize(
    ("figure", "limit", "written"),
    [(0.27, 0.30, ("27%", "30%")), (0.299, 0.30, ("29.9%", "30.0%")), (0.31, 0.465, ("31.0%", "46.5%")),
     (0.29996, 0.30, ("29.996%", "30.000%")), (0.30, 0.30, ("30%", "30%"))],
)  # fmt: skip
def test_as_many_decimals_are_written_as_tell_a_figure_from_its_limit(figure, limit, written):
    assert apart(figure, limit) == written
