"""Every simulated figure of survival stands with the interval of so many patients."""

import io
import math

import numpy as np
import pytest
from rich.console import Console

from pathways.cohort.engine.histories import NEVER
from pathways.cohort.patients.definition import EVERYBODY
from pathways.cohort.runs.outcomes import HORIZON, kaplan_meier, wilson
from pathways.cohort.runs.results import Result
from pathways.cohort.runs.running import run
from pathways.cohort.runs.scores import SCORES, concordance, concordance_error
from pathways.cohort.runs.simulation import Simulation, run_chunk
from pathways.knowledge.protocols import load_protocol
from pathways.report.cohort_table import print_result

MADE = Simulation("guideline", load_protocol("default"), 3, 1200, cohort=EVERYBODY)


@pytest.fixture(scope="module")
def result():
    return Result(MADE, run(MADE))


@pytest.fixture(scope="module")
def told(result):
    return result.as_json()


def test_the_median_stands_between_where_the_ends_of_the_interval_cross_the_half(result, told):
    low, high = told["median_survival_interval"]
    assert low < told["median_survival_days"] < high
    assert result.survival.low[low] <= 0.5 < result.survival.low[low - 1]
    assert result.survival.high[high] <= 0.5 < result.survival.high[high - 1]


def test_an_end_of_a_median_that_is_not_reached_is_null():
    died, left = np.zeros(HORIZON + 1, dtype=np.int64), np.zeros(HORIZON + 1, dtype=np.int64)
    died[:12], left[-1] = 1, 11
    assert kaplan_meier(died, left).median() == 11
    assert kaplan_meier(died, left).median_interval()[1] is None


def test_time_in_phase_has_the_interval_of_a_mean_of_patients(told):
    rows = run_chunk(MADE, 0, rows=True).patients
    days = np.where(rows["day_cleared"] == NEVER, rows["day_last_seen"], 0)
    half = 1.96 * days.std() / math.sqrt(len(days))
    assert told["time_in_phase"]["never_cleared"] == pytest.approx(days.mean(), abs=0.06)
    assert told["time_in_phase_intervals"]["never_cleared"] == pytest.approx(
        [days.mean() - half, days.mean() + half], abs=0.1
    )
    assert set(told["time_in_phase_intervals"]) == set(told["time_in_phase"])


def test_deaths_by_cause_have_the_interval_of_a_share(told):
    row = told["cumulative_incidence"]["disease"][10]
    wanted = wilson(round(row["value"] * 1200), 1200)
    assert [row[key] for key in ("value", "low", "high")] == pytest.approx(
        [wanted[key] for key in ("value", "low", "high")], abs=1e-4
    )


def test_every_risk_group_with_patients_has_the_intervals_of_its_figures(told):
    groups = [one for one in told["risk_groups"] if one["patients"]]
    assert groups
    for one in groups:
        for key in ("survival_5y", "survival_10y"):
            low, high = one["intervals"][key]
            assert low <= one[key] <= high
        low, high = one["intervals"]["median_survival_days"]
        if one["median_survival_days"] is not None:
            assert low <= one["median_survival_days"]
            assert high is None or one["median_survival_days"] <= high


def counted(points, days, died):
    table = np.zeros((2, 3, 1000), dtype=np.int64)
    np.add.at(table, (np.where(died, 0, 1), points, days), 1)
    return table


def test_the_error_of_the_c_index_is_that_between_samples():
    random = np.random.default_rng(5)
    found, errors = [], []
    for _ in range(60):
        points = random.integers(0, 3, 250)
        days = np.minimum(random.exponential(300 / (1 + points)).astype(np.int64), 999)
        died, left = counted(points, days, random.random(250) < 0.8)
        found.append(concordance(died, left))
        errors.append(concordance_error(died, left))
    assert np.mean(errors) == pytest.approx(np.std(found), rel=0.25)
    assert concordance_error(4 * died, 4 * left) == pytest.approx(errors[-1] / 2)


def test_the_interval_of_the_c_index_reaches_as_far_to_either_side_as_its_error_says(result, told):
    first = 0
    for one in SCORES:
        rows = slice(first, first + one.most + 1)
        first = rows.stop
        error = concordance_error(result.outcome_counts.score_died[rows], result.outcome_counts.score_left[rows])
        low, high = told["c_index_intervals"][one.name]
        assert 0 < low < told["c_index"][one.name] < high < 1
        assert high - low == pytest.approx(2 * 1.96 * error, abs=2e-4)


def test_nobody_has_no_c_index_and_no_error_of_one():
    nobody = np.zeros((3, 10), dtype=np.int64)
    assert concordance_error(nobody, nobody) is None


def test_c_indices_stand_with_their_intervals_or_both_are_null(told):
    for name, value in told["c_index"].items():
        low, high = told["c_index_intervals"][name]
        assert low < value < high


def test_the_printed_median_has_its_interval(result, told):
    out = io.StringIO()
    print_result(result, None, None, Console(file=out, width=120))
    months = [days / 365.25 * 12 for days in (told["median_survival_days"], *told["median_survival_interval"])]
    assert "median survival {:.1f} months ({:.1f} to {:.1f})".format(*months) in out.getvalue()


def test_steps_between_phases_come_the_most_walked_first_and_by_name_where_as_many_walk_them(told):
    found = [(-one["count"], one["from"], one["to"]) for one in told["flows"]]
    assert len(found) > 20
    assert found == sorted(found)
