"""Published results beside simulated ones: the page is what the command writes, and how well it fits is held."""

import sys
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from pathways.cohort.runs.simulation import Words
from pathways.knowledge.protocols import knowledge
from pathways.process.declaration import PROCESS
from pathways.process.phases import PHASES
from pathways.process.selection import selected
from pathways.validation.calibration import Histories, _measure, agreement, compare
from pathways.validation.decision_models import Sweep, sweeps

DOCS = Path(__file__).parents[2] / "docs"
sys.path.insert(0, str(DOCS))
import calibration_page

PAGE = (DOCS / "background" / "calibration.md").read_text(encoding="utf-8")
STEPS = tuple(trigger.name for trigger in PROCESS.triggers)
TARGETS = knowledge().targets["targets"]


@pytest.mark.slow
def test_the_decision_models_are_what_their_command_writes():
    assert PAGE[PAGE.index(calibration_page.SWEEPS_BEGIN) :].strip() == calibration_page.decision_models().strip()


ROWS = {
    parts[1].split("(`")[-1].rstrip("`) "): line
    for line in PAGE.splitlines()
    if line.startswith("| ") and len(parts := line.split("|")) == 8 and "(`" in parts[1]
}
# Simulated again in every run of the suite; all others in the slow proof.
OFTEN = (
    "alpps_futile",
    "two_stage_tsai",
    "survival_sweden",
    "repeat_dejong",
    "everybody_norway",
    "celim",
    "survival_transplant",
)


@pytest.mark.every_change
def test_rows_of_the_page_are_what_its_command_writes():
    found = [compare(name, calibration_page.PATIENTS) for name in OFTEN]
    assert calibration_page.rows(found)[2:] == [ROWS[name] for name in OFTEN]


@pytest.mark.slow
def test_the_page_is_what_its_command_writes():
    begin, end = PAGE.index(calibration_page.TABLES_BEGIN), PAGE.index("\n## Misses")
    assert PAGE[begin:end].strip() == calibration_page.tables().strip()


def test_the_page_has_every_target_and_explains_every_miss():
    assert set(ROWS) == set(TARGETS)
    outside = {name for name, line in ROWS.items() if "**outside**" in line}
    held_back = {name for name, target in TARGETS.items() if target["use"] == "held_back"}
    assert len(TARGETS) >= 25
    assert len(held_back) >= 20
    # The aim, nine in ten, is not reached. Which ones miss is held by name, so that no change passes unseen.
    assert outside & held_back == {
        "eortc_resected", "raxo_converted", "raxo_treated", "recurrence_mayo", "repeat_dejong", "simultaneous_dutch", "staged_luo", "survival_1988",
        "survival_norway_3", "survival_sweden", "survival_transplant_oslo", "two_stage_tsai", "two_stage_vigano",
    }  # fmt: skip
    explained = PAGE[PAGE.index("## Misses") : PAGE.index(calibration_page.SWEEPS_BEGIN)]
    assert [name for name in outside if f"`{name}`" not in explained] == []


def test_published_series_that_ask_the_same_agree_with_each_other_less_than_nine_times_in_ten():
    within, pairs = agreement()
    assert pairs >= 24
    assert within / pairs < 0.9
    assert f"{within} of {pairs}" in PAGE


def test_what_is_measured_comes_after_what_it_is_measured_from():
    walked = routes([MET, SPLIT, GROWN, DONE])
    assert _measure(walked, {"of": ["alpps_stage_2"], "share": ["alpps_stage_1"]}).value == 0.0
    assert _measure(walked, {"of": ["alpps_stage_1"], "share": ["alpps_stage_1"]}).value == 1.0


def test_relative_survival_leaves_out_who_died_of_other_causes():
    walked = replace(
        routes([MET, SPLIT], [MET, SPLIT], last=(120, 120), died=(True, True)), died_otherwise=np.array([True, False])
    )
    target = {"of": ["alpps_stage_1"], "survival_years": 1}
    assert _measure(walked, target).value == 0.0
    assert _measure(replace(walked, died=np.array([True, False])), target | {"relative": True}).value == 1.0


def test_every_event_of_a_target_is_a_step_or_a_phase():
    for target in TARGETS.values():
        for name in (*target["of"], *target.get("share", ()), *target.get("days_to", ())):
            assert name in PHASES or selected(name)


def routes(*patients, last=(4000,), died=(False,)):
    """Routes by hand: each patient a list of (step, day, phase)."""
    flat = [(number, *step) for number, route in enumerate(patients) for step in route]
    codes = lambda names, place: np.array([names.index(one[place]) for one in flat])  # noqa: E731
    return Histories(
        np.array([one[0] for one in flat]), np.array([one[2] for one in flat]), Words(STEPS, codes(STEPS, 1)),
        Words(PHASES, codes(PHASES, 3)), np.array(last * len(patients))[: len(patients)], np.array(died * len(patients))[: len(patients)],
        np.zeros(len(patients), dtype=bool),
    )  # fmt: skip


SPLIT = ("alpps_stage_1", 20, "alpps_interval")
GROWN = ("ready_for_stage_two", 30, "between_stages")
DONE = ("alpps_stage_2", 40, "recovering")
MET = ("discuss", 10, "remnant_insufficient")
DIED = ("death_between_stages", 25, "dead")


def test_shares_count_those_who_began():
    found = _measure(
        routes([MET, SPLIT, GROWN, DONE], [MET, SPLIT, DIED], [MET]),
        {"of": ["alpps_stage_1"], "share": ["alpps_stage_2"]},
    )
    assert (found.value, found.number) == (0.5, 2)


def test_days_run_from_the_first_event_to_the_other():
    found = _measure(routes([MET, SPLIT, GROWN, DONE]), {"of": ["alpps_stage_1"], "days_to": ["recovering"]})
    assert found.value == 20


def test_within_days_leaves_out_what_came_later():
    walked = routes([MET, SPLIT, GROWN, DONE], [MET, SPLIT, DIED])
    assert _measure(walked, {"of": ["alpps_stage_1"], "share": ["dead"], "within_days": 5}).value == 0.5
    assert _measure(walked, {"of": ["alpps_stage_1"], "share": ["dead"], "within_days": 4}).value == 0.0


def test_survival_counts_from_the_event():
    walked = routes([MET, SPLIT], [MET, SPLIT], last=(20 + 100, 4000), died=(True, False))
    assert _measure(walked, {"of": ["alpps_stage_1"], "survival_years": 1}).value == 0.5


def test_an_order_flips_where_the_lines_cross():
    assert Sweep("", "a", "b", None, (0.0, 0.1), (0.6, 0.4), (0.5, 0.5)).flip == pytest.approx(0.05)
    assert Sweep("", "a", "b", None, (0.0, 0.1), (0.6, 0.55), (0.5, 0.5)).flip is None


@pytest.mark.slow
def test_more_deaths_of_the_first_strategy_never_help_it():
    for one in sweeps(1500):
        assert all(np.diff(one.alive_first) <= 1e-3)
