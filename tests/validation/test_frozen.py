"""Rows frozen before they were run: chosen by the rule that is written, each simulated or told why not, the page as the files say."""

import sys
from hashlib import sha256
from pathlib import Path

import numpy as np
import pytest

from pathways.cohort.codes.strategies import strategy
from pathways.cohort.engine.histories import NEVER
from pathways.cohort.runs.simulation import Words
from pathways.knowledge.protocols import knowledge
from pathways.process.declaration import PROCESS
from pathways.process.phases import PHASES
from pathways.process.selection import selected
from pathways.validation import predictive
from pathways.validation.calibration import Histories
from pathways.validation.predictive import (
    Emulated,
    coverage,
    figures,
    interval,
    measured,
    predicted,
    score,
    spread_between_series,
)

DOCS = Path(__file__).parents[2] / "docs"
sys.path.insert(0, str(DOCS))
from frozen import choose, left_out, page, simulate

ROWS, TOLD, MADE, AGAIN = (
    simulate.read(file) for file in (simulate.ROWS, simulate.EMULATIONS, simulate.PREDICTED, simulate.AGAIN)
)
# Of the predictions that were made before a row was looked at: they cannot be made again.
BLIND = "7e336dbba38f87623490c8c68934e012d7913d51b213d026d1468a870e5cb288"
STEPS = tuple(trigger.name for trigger in PROCESS.triggers)


def test_at_least_forty_rows_are_chosen_half_of_them_of_2018_or_later():
    assert len(ROWS) >= 40
    assert sum(one["year"] >= 2018 for one in ROWS) >= len(ROWS) / 2


def test_every_chosen_row_still_keeps_the_rule():
    """A study that gives the simulator a figure later leaves the list of those that are predicted: the row has to go, or the figure."""
    assert {one["id"]: why for one in ROWS if (why := choose.why_not(one))} == {}


@pytest.mark.parametrize(
    ("changes", "line"),
    [
        ({"interval": {"low": None, "high": 1.0}}, "1"),
        ({"case_mix": {"n": choose.LEAST - 1}}, "1"),
        ({"case_mix": {"n": choose.LEAST}}, ""),
        ({"id": "uk_third_line"}, "2"),
        ({"kind": "c_index"}, "3"),
        ({"value": 44.3, "case_mix": {"n": 1012}}, "3"),
        ({"source": {"title": "Actual 10-year survival after hepatic resection of CRLM: what factors preclude cure?", "pmid": "29455841"}}, "4"),
    ],
)  # fmt: skip
def test_a_row_that_breaks_a_line_of_the_rule_is_not_chosen(changes, line):
    row = {**next(one for one in ROWS if one["id"] == "koerkamp_os10"), **changes}
    assert choose.why_not(row)[:1] == line


def test_one_row_a_series_and_end_point_is_chosen_that_of_most_patients():
    keys = [(one["series"], choose.APART.get(one["id"], ""), one["kind"]) for one in ROWS]
    assert len(keys) == len(set(keys))
    few, many = ({**ROWS[0], "id": name, "case_mix": {"n": number}} for name, number in (("few", 50), ("many", 51)))
    assert [one["id"] for one in choose.chosen([few, many])] == ["many"]


def test_every_chosen_row_is_simulated_or_told_why_not():
    assert set(TOLD["rows"]) == {one["id"] for one in ROWS}
    simulated = {name for name, told in TOLD["rows"].items() if "not_simulated" not in told}
    assert set(MADE["rows"]) == simulated
    assert {len(values) for values in MADE["rows"].values()} == {MADE["draws"]}
    # Made again in full: as many rows, and as many draws of each.
    assert {name: len(values) for name, values in AGAIN["rows"].items()} == dict.fromkeys(simulated, MADE["draws"])
    assert all(told["not_simulated"] for name, told in TOLD["rows"].items() if name not in simulated)


def test_the_blind_predictions_are_those_that_were_committed_and_no_command_writes_them(tmp_path, monkeypatch):
    assert sha256(simulate.PREDICTED.read_bytes()).hexdigest() == BLIND
    monkeypatch.setattr(simulate, "AGAIN", tmp_path / "again.yaml")
    simulate.write({"newepoc_operated": [90.0]}, 1, 200)
    assert sha256(simulate.PREDICTED.read_bytes()).hexdigest() == BLIND
    made = simulate.read(simulate.AGAIN)
    assert made["date"] >= "2026-11-29"
    assert "Not blind" in simulate.AGAIN.read_text(encoding="utf-8")


def test_the_page_shows_both_and_says_that_the_second_is_not_blind():
    text = page.section()
    assert f"{page.NOT_BLIND} {AGAIN['date']}" in text
    for made in (MADE, AGAIN):
        ninety, half = page.covered([one for one in ROWS if one["id"] in made["rows"]], made)
        assert f"{ninety} of {len(made['rows'])}" in text
        assert half <= ninety
    moved = {one["id"] for one in ROWS if one["id"] in AGAIN["rows"] and page.side(one, MADE) != page.side(one, AGAIN)}
    assert moved == set(page.WHY_MOVED)


@pytest.mark.parametrize(
    ("value", "side"), [(25.0, "in 50 %"), (24.9, "in 90 %"), (5.0, "in 90 %"), (4.9, "**outside**")]
)
def test_a_row_lies_in_the_narrowest_interval_that_holds_it(value, side):
    assert page.side({"id": "x", "value": value}, {"rows": {"x": list(range(101))}}) == side


def test_a_score_is_less_the_nearer_and_the_surer_a_prediction_is():
    sure, wide = np.full(100, 50.0), np.linspace(30.0, 70.0, 100)
    assert score(sure, 50.0) == 0
    assert score(sure, 60.0) == pytest.approx(10.0)
    assert 0 < score(wide, 50.0) < score(wide, 60.0)
    assert score(np.array([np.nan, 50.0]), 50.0) == 0


def test_a_meta_analysis_leaves_the_series_out_and_stands_where_three_others_are_left():
    pairs = [pair for _, some in left_out.end_points(ROWS) for pair in some]
    assert pairs
    for one, others in pairs:
        assert len(others) >= left_out.LEAST
        assert one["series"] not in {other["series"] for other in others}
    alike = [{"value": 40.0, "unit": "%", "patients": 400}] * 3
    values = left_out.left_out({"id": "x", "value": 90.0, "unit": "%", "patients": 400}, alike)
    assert np.median(values) == pytest.approx(40.0, abs=1.0)
    apart = [{**one, "value": value} for one, value in zip(alike, (20.0, 40.0, 60.0), strict=True)]
    wider = left_out.left_out({"id": "x", "value": 90.0, "unit": "%", "patients": 400}, apart)
    assert np.subtract(*interval(wider, 0.9)) < np.subtract(*interval(values, 0.9))


def test_what_is_simulated_names_steps_strategies_and_cohorts_that_exist():
    for some in simulate.groups(TOLD):
        for one in some:
            assert strategy(one.strategy).name == one.strategy
            events = [
                event
                for key in ("of", "share", "and", "without", "but_not", "ends")
                for event in one.asked.get(key, ())
            ]
            assert all(event in PHASES or selected(event) for event in events)


def test_the_page_has_the_frozen_rows_as_the_files_say():
    text = (DOCS / "background" / "calibration.md").read_text(encoding="utf-8")
    assert text[text.index(page.BEGIN) : text.index("<!-- decision models -->")].strip() == page.section().strip()


def test_an_interval_holds_the_share_of_values_that_it_says():
    values = np.arange(101.0)
    assert interval(values, 0.9) == pytest.approx((5.0, 95.0))
    assert interval(values, 0.5) == pytest.approx((25.0, 75.0))
    assert coverage([(5.0, (5.0, 95.0)), (4.9, (5.0, 95.0)), (95.1, (5.0, 95.0))]) == (1, 3)


def test_draws_move_what_is_not_certain_and_leave_what_differs_between_patients():
    one, other = figures(0, 3), figures(1, 3)
    assert one == figures(0, 3)
    assert set(one) == set(other)
    assert one["prognosis_between_series"] != other["prognosis_between_series"]
    assert not {"growth_pve", "days_to_operation", "cohort_age_years"} & set(one)
    assert all(0 <= one[name] <= 1 for name in one if knowledge().parameters[name].unit == "fraction")


def test_published_shares_that_are_measured_alike_differ_by_more_than_chance():
    assert 0 < spread_between_series() < 1


def test_the_same_draws_predict_the_same_values():
    some = next(some for some in simulate.groups(TOLD) if some[0].name == "newepoc_operated")
    one, other = (predicted(some, 2, 200) for _ in range(2))
    assert {name: list(values) for name, values in one.items()} == {
        name: list(values) for name, values in other.items()
    }
    assert all(0 <= value <= 100 for value in one["newepoc_operated"])


@pytest.mark.slow
def test_the_predicted_values_are_what_the_command_writes():
    (some,) = [some for some in simulate.groups(TOLD) if some[0].name == "newepoc_operated"]
    draws = len(AGAIN["rows"]["newepoc_operated"])
    for name, values in predicted(some, draws, AGAIN["patients"]).items():
        assert sorted(round(float(one), simulate.DIGITS) for one in values) == AGAIN["rows"][name]


def routes(*patients, last, died):
    """Routes by hand: each patient a list of (step, day, phase)."""
    flat = [(number, *step) for number, route in enumerate(patients) for step in route]
    codes = lambda names, place: np.array([names.index(one[place]) for one in flat])  # noqa: E731
    return Histories(
        np.array([one[0] for one in flat]), np.array([one[2] for one in flat]), Words(STEPS, codes(STEPS, 1)),
        Words(PHASES, codes(PHASES, 3)), np.array(last), np.array(died), np.zeros(len(patients), dtype=bool),
    )  # fmt: skip


CLEARED, GIVEN_UP = ("recovers", 30, "resected"), ("palliate", 130, "palliation")


def found(asked, *patients, last, died, recurred, number=10):
    one = Emulated("x", None, "guideline", {"of": ["resected"], **asked}, number)
    return measured(routes(*patients, last=last, died=died), np.array(recurred), one)


def test_time_free_of_disease_ends_with_recurrence_death_or_what_the_series_counts():
    month = 365.25 / 12
    told = {"last": (3653,), "died": (False,)}
    ends = {"of": ["resected"], "free_median": True}
    assert found(ends, [CLEARED], **told, recurred=(90,)).value == pytest.approx(60 / month)
    assert found(ends, [CLEARED], last=(80,), died=(True,), recurred=(NEVER,)).value == pytest.approx(50 / month)
    assert found(
        {**ends, "ends": ["palliation"]}, [CLEARED, GIVEN_UP], **told, recurred=(NEVER,)
    ).value == pytest.approx(100 / month)
    assert found(ends, [CLEARED, GIVEN_UP], **told, recurred=(NEVER,)).value == pytest.approx(
        predictive.HORIZON / month
    )


def test_who_dies_on_the_last_day_of_the_years_is_not_alive_after_them():
    years = {"survival_years": 1}
    day = round(365.25)
    for last, alive in ((30 + day, 0.0), (30 + day + 1, 1.0)):
        assert found(years, [CLEARED], last=(last,), died=(True,), recurred=(NEVER,)).value == alive
    assert found({**years, "dead": True}, [CLEARED], last=(60,), died=(True,), recurred=(NEVER,)).value == 1.0


def test_only_so_many_patients_are_counted_as_the_series_had_and_only_those_it_would_have():
    told = {"last": (60, 3653), "died": (True, False), "recurred": (NEVER, NEVER)}
    both = [CLEARED], [CLEARED, GIVEN_UP]
    assert found({"survival_years": 5}, *both, **told).value == 0.5
    assert found({"survival_years": 5}, *both, **told, number=1).value == 0.0
    assert found({"survival_years": 5, "and": ["palliation"]}, *both, **told).value == 1.0
    assert found({"survival_years": 5, "without": ["palliation"]}, *both, **told).value == 0.0
    assert found({"share": ["palliation"]}, *both, **told).value == 0.5
    assert found({"share": ["palliation"], "within_days": 99}, *both, **told).value == 0.0
    assert found({"share": ["palliation"], "but_not": ["palliation"]}, *both, **told).value == 0.0
    assert found({"of": ["transplanted"], "survival_years": 5}, *both, **told) is None
