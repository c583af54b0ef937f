"""A formula says the same of a number and of an array, to the last bit."""

import math

import numpy as np
import pytest

from pathways.knowledge import arithmetic
from pathways.knowledge.formulas import body_surface_m2, sphere_ml
from pathways.liver import adequacy
from pathways.liver.adequacy import STATUSES, Growth
from pathways.liver.volumes import Estimate

RNG = np.random.default_rng(4)
ONE, OTHER, SHARE = RNG.normal(0.3, 0.3, 200), RNG.normal(0.3, 0.3, 200), RNG.random(200)
VALUE, HALF = RNG.uniform(0.05, 0.6, 200), RNG.choice([0.0, 0.02, 0.1], 200)
ESTIMATED = RNG.random(200) < 0.7


class Column:
    """A column of estimates."""

    value, low, high, estimated = VALUE, np.maximum(0.0, VALUE - HALF), VALUE + HALF, ESTIMATED


def estimates():
    for value, low, high, estimated in zip(VALUE, Column.low, Column.high, ESTIMATED, strict=True):
        yield Estimate(float(value), float(low), float(high), bool(estimated), "")


@pytest.mark.parametrize(
    ("formula", "columns"),
    [
        (arithmetic.larger, (ONE, OTHER)), (arithmetic.smaller, (ONE, OTHER)), (arithmetic.in_quadrature, (ONE, OTHER)),
        (arithmetic.root, (SHARE,)), (arithmetic.falling, (ONE,)), (arithmetic.above, (ONE,)), (arithmetic.density, (ONE,)),
        (arithmetic.with_odds, (SHARE, VALUE)), (arithmetic.average_odds, (SHARE, VALUE)), (arithmetic.either, (SHARE, VALUE)),
        (adequacy.times_needed, (ONE, VALUE)), (adequacy.growth_needed, (ONE, VALUE)), (adequacy.late_chance, (VALUE, SHARE)),
        (adequacy.later_gain, (VALUE, SHARE, 1 + VALUE)), (body_surface_m2, (VALUE, SHARE)),
    ],
    ids=lambda one: getattr(one, "__name__", ""),
)  # fmt: skip
def test_numbers_and_arrays_agree(formula, columns):
    rows = [formula(*row) for row in zip(*(column.tolist() for column in columns), strict=True)]
    assert formula(*columns).tolist() == rows
    assert all(isinstance(row, float) for row in rows)


@pytest.mark.parametrize("sds", [1.0, 1.96])
def test_estimates_of_one_and_of_many_are_judged_alike(sds):
    limit = np.where(np.arange(200) % 3, 0.3, VALUE)
    for formula in (adequacy.mean_below, adequacy.enough_chance):
        many = formula(Column, limit, sds)
        one_by_one = [formula(one, at, sds) for one, at in zip(estimates(), limit.tolist(), strict=True)]
        assert many.tolist() == one_by_one
    statuses = adequacy.status(Column, limit)
    found = [adequacy.status(one, at) for one, at in zip(estimates(), limit.tolist(), strict=True)]
    assert statuses.tolist() == found
    assert set(found) == set(range(len(STATUSES)))


def test_ratios_to_body_weight_are_alike():
    grams = RNG.uniform(40_000, 120_000, 200)
    total = Estimate(1500.0, 1200.0, 1800.0, True, "")
    many = adequacy.body_weight_ratio(Column, total, grams)
    rows = [adequacy.body_weight_ratio(one, total, at) for one, at in zip(estimates(), grams.tolist(), strict=True)]
    found = np.array(rows).T
    assert (many[0] == found[0]).all()
    # The C library and Python take the root of a sum of squares with an error of their own in the last bit.
    assert np.allclose(many[1:], found[1:], rtol=1e-15, atol=0)


def test_a_chance_to_reach_is_one_where_nothing_is_needed_and_falls_with_what_is():
    growth = Growth.of(0.4, 0.2)
    assert adequacy.reach_chance(0.0, growth) == 1.0
    chances = [adequacy.reach_chance(needed, growth) for needed in (0.1, 0.3, 0.6, 1.2)]
    assert chances == sorted(chances, reverse=True)
    assert adequacy.reach_chance(np.array([0.0, 0.1, 0.3, 0.6, 1.2]), growth).tolist() == [1.0, *chances]
    assert adequacy.reach_chance(0.6, growth, 2.0) == adequacy.reach_chance(0.3, growth)


def test_outcomes_share_out_what_there_is():
    assert arithmetic.shared_out([0.2, None, None], [None, 0.5, None]) == [0.2, 0.4, 0.4]
    many = arithmetic.shared_out([np.array([0.2, 0.9]), np.array([0.3, 0.9]), None], [None, None, None])
    assert [row.tolist() for row in many] == [[0.2, 0.9 / 1.8], [0.3, 0.9 / 1.8], [0.5, 0.0]]


def test_where_takes_one_side():
    assert arithmetic.where(True, 1.0, 2.0) == 1.0
    assert arithmetic.where(False, 1.0, 2.0) == 2.0
    assert arithmetic.where(np.array([True, False]), 1.0, 2.0).tolist() == [1.0, 2.0]
    assert arithmetic.at_least(0.5, 0.2) == 0.5
    assert arithmetic.at_least(0.5, np.array([0.2, 0.7])).tolist() == [0.5, 0.7]


def test_a_limited_resection_takes_a_sphere():
    assert sphere_ml(20.0, 0.0) == pytest.approx(4 / 3 * math.pi)
