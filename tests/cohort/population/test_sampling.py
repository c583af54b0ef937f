"""Drawn patients follow the published marginals, and a cohort file narrows them."""

import numpy as np
import pytest

from cohort.columns import drawn
from pathways.cohort.patients.definition import Cohort, load_cohort
from pathways.cohort.population.sampling import _place, draw, quantile
from pathways.documents.problems import DocumentError, PathwaysError
from pathways.knowledge.protocols import knowledge

MANY = 60_000
FIGURES = knowledge().parameters


@pytest.fixture(scope="module")
def many():
    return drawn(MANY, seed=3)


def close(share, expected):
    return abs(share - expected) < 5 * np.sqrt(expected * (1 - expected) / MANY) + 1e-9


@pytest.mark.parametrize(
    ("name", "column"),
    [
        ("synchronous", "synchronous"),
        ("ras", "ras_mutated"),
        ("repair_deficient", "repair_deficient"),
        ("node_positive", "node_positive"),
    ],
)
def test_a_yes_or_no_is_drawn_as_often_as_published(many, name, column):
    assert close(getattr(many, column).mean(), FIGURES[f"cohort_{name}"].value)


@pytest.mark.parametrize(
    ("name", "column", "lowest"),
    [("site", "site", 0), ("asa", "asa", 1), ("ecog", "ecog", 0), ("background", "background", 0)],
)
def test_a_choice_is_drawn_in_the_published_shares(many, name, column, lowest):
    shares = FIGURES[f"cohort_{name}"].value
    for place, share in enumerate(shares):
        assert close((getattr(many, column) == place + lowest).mean(), share)


def test_numbers_of_metastases_fall_into_the_published_classes(many):
    bins = np.array(FIGURES["cohort_number_bins"].value, dtype=int).reshape(-1, 2)
    for (low, high), share in zip(bins, FIGURES["cohort_number_shares"].value, strict=True):
        number = many.lesion_number
        assert close(((number >= low) & (number <= high)).mean(), share)


def test_a_median_and_its_limits_are_kept(many):
    largest, distribution = many.sizes_mm.max(axis=1), FIGURES["cohort_largest_mm"].distribution
    assert np.median(largest) == pytest.approx(FIGURES["cohort_largest_mm"].value, rel=0.04)
    assert distribution["low"] <= largest.min()
    assert largest.max() <= distribution["high"]


def test_mutations_of_ras_and_braf_exclude_each_other(many):
    assert not (many.ras_mutated & many.braf_mutated).any()
    assert close(many.braf_mutated.mean(), FIGURES["cohort_braf"].value)


def test_quantiles_are_those_of_the_normal():
    from statistics import NormalDist

    p = np.array([1e-9, 1e-4, 0.02, 0.024, 0.3, 0.5, 0.77, 0.976, 0.999, 1 - 1e-9])
    assert quantile(p) == pytest.approx([NormalDist().inv_cdf(one) for one in p], rel=1e-7, abs=1e-8)


@pytest.mark.parametrize(
    ("only", "test"),
    [
        (
            {"synchronous": True, "bilobar": True},
            lambda one: one.synchronous.all() and ((one.lesions & 0xF0) > 0).all() and ((one.lesions & 0x0E) > 0).all(),
        ),
        ({"lesions": [4.0, 9.0]}, lambda one: ((one.lesion_number >= 4) & (one.lesion_number <= 9)).all()),
        ({"age_years": [40.0, 50.0], "sex": "female"}, lambda one: one.female.all() and (one.age_years <= 50).all()),
        (
            {"extrahepatic": False, "backgrounds": ["normal"]},
            lambda one: not one.extrahepatic.any() and not one.background.any(),
        ),
    ],
)
def test_a_cohort_holds_only_whom_it_names(only, test):
    assert test(draw(Cohort(schema=1, id="some", only=only), 1, 0, 500))


def test_a_narrowed_patient_does_not_depend_on_the_chunk():
    cohort = Cohort(schema=1, id="some", only={"lesions": [5.0, 6.0], "resectability": ["resectable"]})
    whole, part = draw(cohort, 1, 0, 200), draw(cohort, 1, 150, 20)
    assert part.document(3) == whole.document(153)


def test_a_cohort_nobody_fits_is_refused():
    with pytest.raises(PathwaysError, match="too narrow"):
        draw(Cohort(schema=1, id="nobody", only={"age_years": [18.0, 18.5], "lesions": [60.0, 60.0]}), 1, 0, 50)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (
            "schema: 1\nid: a\nonly: {synchronus: true}\n",
            r'c.yaml:3:8: only.synchronus: unknown key.*did you mean "synchronous"',
        ),
        ("schema: 1\nid: a\nonly: {age_years: [70, 50]}\n", r"c.yaml:3:19: only.age_years: .*from and to"),
        ("schema: 1\nid: a\ndraw: {ecog: [0.5, 0.1, 0.1, 0.1]}\nwhy: x\n", r"c.yaml:3:14: draw.ecog: .*add to 1"),
        ("schema: 1\nid: a\ndraw: {male: 0.5}\n", r"c.yaml:3:1: draw: .*why"),
        ("schema: 1\nid: a\nonly: {sites: [colon]}\n", r"c.yaml:3:16: only.sites"),
    ],
)
def test_a_wrong_cohort_file_is_answered_with_its_place(tmp_path, text, message):
    file = tmp_path / "c.yaml"
    file.write_text(text)
    with pytest.raises(DocumentError, match=message):
        load_cohort(file)


def test_a_number_at_a_limit_lies_beyond_it_so_that_what_has_no_share_is_never_drawn():
    limits = np.cumsum([0.0, 0.25, 0.0, 0.75])
    assert _place(limits, np.array([0.0, 0.2, 0.25, 0.999])).tolist() == [1, 1, 3, 3]
