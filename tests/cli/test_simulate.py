"""`pathways simulate` as a user calls it."""

import json
import sys
from types import SimpleNamespace

import pytest
from processes import in_process
from shipped import PUBLISHED


@pytest.fixture
def pathways(capsys):
    def call(*words):
        return SimpleNamespace(**dict(zip(("returncode", "stdout", "stderr"), in_process(capsys, *words))))

    return call


def test_a_cohort_in_json_is_the_same_for_the_same_seed(pathways):
    runs = [pathways("simulate", "--patients", "2000", "--seed", "3", "--json") for _ in range(2)]
    one, other = (json.loads(run.stdout) for run in runs)
    one.pop("timing"), other.pop("timing")
    assert one == other
    assert {
        "patients",
        "seed",
        "strategy",
        "protocol",
        "resected",
        "completed",
        "mortality_90d",
        "survival",
        "flows",
    } <= one.keys()
    assert one["survival"][0] == {"day": 0, "value": 1.0, "low": 1.0, "high": 1.0}
    assert all(set(one[name]) == {"value", "low", "high"} for name in ("resected", "completed", "mortality_90d"))


def test_a_case_is_simulated_under_its_best_policy(pathways):
    run = pathways("simulate", PUBLISHED[0], "--patients", "3000", "--json")
    assert json.loads(run.stdout)["strategy"] == "resection"
    assert run.returncode == 0


def test_a_comparison_names_the_difference(pathways):
    run = pathways("simulate", "--patients", "1500", "--versus", "perioperative_chemotherapy")
    assert "difference" in run.stdout
    assert "points" in run.stdout
    assert "medical device" in " ".join(run.stdout.split())


def test_rows_cases_and_pictures_are_written(pathways, tmp_path):
    run = pathways(
        "simulate", "--patients", "30", "-o", tmp_path / "p.parquet", "--steps", tmp_path / "s.parquet",
        "--save-cases", tmp_path / "cases", "--picture", tmp_path / "curves.json", "--json",
    )  # fmt: skip
    assert json.loads(run.stdout)["patients"] == 30
    assert len(list((tmp_path / "cases").iterdir())) == 30
    assert pathways("validate", *(tmp_path / "cases").iterdir()).returncode == 0
    assert json.loads((tmp_path / "curves.json").read_text())["layer"]
    assert sorted(one.name for one in tmp_path.iterdir()) == ["cases", "curves.json", "p.parquet", "s.parquet"]


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["--strategy", "alps"], 'did you mean "alpps"'),
        (["-o", "rows.csv"], "ends in .parquet"),
        (["-o", "/no/such/folder/rows.parquet"], "no such folder"),
        (["--steps", "rows.parquet"], "needs -o"),
        (["--workers", "2", "--scheduler", "tcp://localhost:1"], "not both"),
        (["--picture", "a.gif"], ".svg or .png"),
        (["no-such-file.yaml"], "no such file"),
        (["--save-cases", "x", "--patients", "20000"], "at most 10000"),
    ],
)
def test_wrong_use_is_answered_in_one_line(words, message, tmp_path, capsys, monkeypatch):
    from pathways.cli.main import run

    patients = [] if "--patients" in words else ["--patients", "10"]
    monkeypatch.setattr(sys, "argv", ["pathways", "simulate", *patients, *words])
    # A fault is raised, not told.
    monkeypatch.setenv("PATHWAYS_DEBUG", "1")
    with pytest.raises(SystemExit) as stop:
        run()
    said = capsys.readouterr().err
    assert stop.value.code == 2
    assert message in said
    assert len(said.strip().splitlines()) <= 5
    assert "Traceback" not in said
