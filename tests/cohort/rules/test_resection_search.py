"""The search by sets of cores finds what the plain search by columns finds, in every field."""

from dataclasses import fields

import numpy as np
import pytest

from cohort.columns import drawn
from cohort.oracle_resection_search import oracle
from pathways.cohort.rules.cores import CORE, CORES, EVERY, SUPERSETS, WORD, words_of
from pathways.cohort.rules.facts import CohortFacts
from pathways.cohort.rules.resection_problem import Chosen, Problem, SumsOverSets
from pathways.cohort.rules.resection_search import search
from pathways.cohort.rules.resections import measures
from pathways.knowledge.protocols import load_protocol


def differences(one, other):
    """Fields in which two columns of resections differ."""
    return [
        field.name
        for field in fields(Chosen)
        if not np.array_equal(getattr(one, field.name), getattr(other, field.name))
    ]


def compared(problem):
    found, expected = search(problem), oracle(problem)
    columns = zip(
        (*found.classes, found.first, found.target),
        (*expected.classes, expected.first, expected.target),
        strict=True,
    )
    return [(place, name) for place, pair in enumerate(columns) for name in differences(*pair)]


# Protocols differ in numbers alone: under the others it is a slow proof.
@pytest.mark.parametrize(
    "protocol", ["default", *(pytest.param(one, marks=pytest.mark.slow) for one in ("mdacc", "european"))]
)
@pytest.mark.parametrize("sessions", [1, 2])
@pytest.mark.parametrize("extent", [0, 1])
def test_every_field_is_that_of_the_plain_search(protocol, extent, sessions):
    facts = CohortFacts(drawn(12_000, first=30_000), load_protocol(protocol))
    assert compared(facts.resections.problems[extent].more_sessions(sessions)) == []


def stress(seed, number=1500):
    """Problems nobody would be drawn with: every limit and contact at random, on top of one another."""
    rng = np.random.default_rng(seed)
    lesions = rng.integers(0, 256, number, dtype=np.uint8)
    some = [rng.integers(0, 256, number, dtype=np.uint8) for _ in range(8)]
    rare = some[5] & some[6] & some[7]
    counts = np.unpackbits(lesions[:, None], axis=1, bitorder="little") * rng.integers(
        1, 60, (number, 8), dtype=np.uint8
    )
    most = int(rng.integers(1, 30))
    return Problem(
        lesions=lesions,
        limited=some[0] & lesions,
        ablatable=(some[1] | some[0]) & lesions,
        needs=rare & np.uint8(rng.integers(0, 256)),
        veins=tuple(one & lesions & some[7] for one in some[2:5]),
        counts=counts if seed % 2 else np.minimum(counts, 1 + counts % 4),
        loss_ml=rng.uniform(0, 90, (number, 8)) * (counts > 0),
        used_up=some[6] & some[0] & lesions,
        ablated_up=some[7] & some[1] & lesions,
        ablated_ml=rng.uniform(0, 90, (number, 8)) * (counts > 0),
        total_ml=rng.uniform(900, 2000, number),
        total_error=rng.uniform(0, 0.5, number),
        least=rng.choice([0.0, 0.1, 0.2, 0.3], number),
        enough=rng.choice([0.0, 0.2, 0.4, 0.6, 0.8], number),
        enough_ml=rng.choice([0.0, 300.0, 700.0], number),
        measures=measures(),
        adjacent=int(rng.integers(1, 4)),
        major_from=int(rng.integers(2, 5)),
        major_share=float(rng.choice([0.2, 0.35, 0.5, 0.7])),
        leave_congested=bool(seed % 3 == 0),
        most_local=most,
        most_ablations=int(rng.integers(0, most + 3)),
    )


@pytest.mark.parametrize("seed", [*range(7), *(pytest.param(one, marks=pytest.mark.slow) for one in range(7, 28))])
def test_every_field_is_that_of_the_plain_search_for_problems_nobody_would_be_drawn_with(seed):
    assert compared(stress(seed)) == []


def test_the_target_alone_is_the_same_target():
    for seed in (1, 2):
        found = search(stress(seed), "target")
        assert found.classes == ()
        assert differences(found.target, search(stress(seed)).target) == []


def test_some_of_the_patients_have_the_answers_of_all():
    problem, rows = stress(3), np.arange(7, 900, 13)
    whole, part = search(problem), search(problem.rows(rows))
    assert differences(whole.first.rows(rows), part.first) == []
    assert differences(whole.target.rows(rows), part.target) == []


def test_sums_are_made_in_the_order_that_is_promised():
    by_segment = np.random.default_rng(1).uniform(0, 90, (50, 8))
    sets = np.arange(256, dtype=np.uint8)
    all_sums = SumsOverSets(by_segment).of_all(sets)
    for row, columns in enumerate(by_segment.tolist()):
        for mask in range(256):
            halves = [0.0, 0.0]
            for bit in range(8):
                if mask >> bit & 1:
                    halves[bit // 4] += columns[bit]
            assert all_sums[mask, row] == halves[0] + halves[1]
    masks = sets[:50]
    assert (SumsOverSets(by_segment).of(np.arange(50), masks) == all_sums[masks, np.arange(50)]).all()


def test_a_core_stands_behind_those_it_contains():
    for place, core in enumerate(CORES):
        contained = [other for other in CORES if other != core and not other & ~core]
        assert all(CORES.index(other) < place for other in contained)
        for other in contained:
            at = CORES.index(other)
            assert int(SUPERSETS[place // WORD, at]) >> place % WORD & 1
    assert (words_of(np.ones(len(CORE), dtype=bool)) == EVERY).all()
