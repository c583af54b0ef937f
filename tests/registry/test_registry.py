"""A folder of cases in one command: one line a patient, the same on any number of workers, and a stopped run goes on."""

import contextlib
import csv
import gc
import json
import shutil
import sys
from unittest.mock import patch

import pytest
from shipped import named, plan_at

from pathways.cli.main import run as command_line
from pathways.documents.problems import PathwaysError
from pathways.registry import running
from pathways.registry.lines import Asked, line_of, mark
from pathways.registry.running import Kept, cases_in, run
from pathways.registry.summary import Summary, row_of

CASES = ("sim-02", "rep-03", "res-01")


@pytest.fixture
def folder(tmp_path):
    place = tmp_path / "cases"
    place.mkdir()
    for name in CASES:
        shutil.copy(named(name), place / f"{name}.yaml")
    (place / "case.schema.json").write_text("{}")
    return place


def command(*words):
    with patch.object(sys, "argv", ["pathways", *map(str, words)]), pytest.raises(SystemExit) as stop:
        command_line()
    return stop.value.code or 0


def test_a_line_says_of_a_patient_what_its_plan_says(folder):
    line = line_of(folder / "res-01.yaml", Asked())
    made = plan_at(named("res-01"))
    assert line["case"] == made.assessment.case.id
    assert tuple(line["open"]) == made.open
    assert set(line["closed"]) == {one.family for one in made.closed}
    assert line["first"]["title"] == made.pathways[0].title
    assert line["first"]["cleared"] == pytest.approx(made.to_rows()[0]["cleared"], abs=1e-4)
    assert "liver.albumin_g_per_l" in line["unknown"]
    assert json.loads(json.dumps(line)) == line


def test_one_command_plans_a_folder_one_json_line_a_patient(folder, capsys):
    assert command("plan", folder, "--json-lines", "--workers", "1") == 0
    shown = capsys.readouterr()
    lines = [json.loads(one) for one in shown.out.splitlines()]
    assert [line["file"] for line in lines] == sorted(f"{name}.yaml" for name in CASES)
    assert "3 patients; 3 with a pathway that clears all sites" in shown.err
    assert "one_stage" in shown.err


def test_a_file_that_cannot_be_used_is_one_line_and_the_others_are_planned(folder, capsys):
    (folder / "aaa.yaml").write_text("schema: 1\nid: aaa\nprimary: {tumour: colorectal}\nlesions: [{segments: [9]}]\n")
    assert command("plan", folder) == 2
    shown = capsys.readouterr()
    assert "aaa.yaml" in shown.err
    assert "got 9" in shown.err
    assert shown.out.count("cleared") == 3
    assert "1 files cannot be used" in shown.out


def test_one_document_holds_patients_and_summary(folder, capsys):
    assert command("plan", folder, "--json") == 0
    document = json.loads(capsys.readouterr().out)
    assert len(document["patients"]) == 3
    assert document["summary"]["families"]["one_stage"]["open"] == 3
    assert document["summary"]["unknown"]["liver.inr"] == 3
    assert document["summary"]["patients"] == 3


@pytest.mark.slow
def test_workers_make_no_other_lines(folder, monkeypatch):
    monkeypatch.setattr(running, "MOST_AT_A_TIME", 1)
    cases = cases_in(folder)
    assert list(run(cases, Asked(), 2)) == list(run(cases, Asked(), 1))


def test_a_stopped_run_goes_on_where_it_was(folder, tmp_path, monkeypatch, capsys):
    output = tmp_path / "plans.jsonl"
    kept = Kept(output)
    stopped = run(cases_in(folder), Asked(), 1, kept)
    first = next(stopped)
    stopped.close()
    kept.leave(whole=False)
    with (tmp_path / "plans.jsonl.partial").open("a") as stream:
        stream.write('{"case": "cut of')
    asked = []
    monkeypatch.setattr(
        running,
        "lines_of",
        lambda files, asked_=None, **more: (
            asked.extend(files) or [line_of(one, more.get("asked", asked_)) for one in files]
        ),
    )
    assert command("plan", folder, "-o", output, "--workers", "1") == 0
    lines = [json.loads(one) for one in output.read_text().splitlines()]
    assert len(lines) == 3
    assert lines[0] == first
    assert len(asked) == 2
    assert not (tmp_path / "plans.jsonl.partial").exists()
    asked.clear()
    assert command("plan", folder, "-o", output, "--workers", "1") == 0
    assert asked == []
    capsys.readouterr()


def test_a_case_or_an_option_that_changed_is_planned_again(folder):
    file = folder / "sim-02.yaml"
    before = mark(file, Asked())
    assert mark(file, Asked(strict=True)) != before
    assert mark(file, Asked(("mdacc",))) != before
    file.write_text(file.read_text() + "\n")
    assert mark(file, Asked()) != before


def test_lines_are_written_as_tables(folder, tmp_path, capsys):
    from pyarrow import parquet

    assert command("plan", folder, "-o", tmp_path / "a.csv", "--workers", "1") == 0
    assert command("plan", folder, "-o", tmp_path / "a.parquet", "--workers", "1") == 0
    with (tmp_path / "a.csv").open(newline="") as stream:
        rows = list(csv.DictReader(stream))
    assert [row["file"] for row in rows] == sorted(f"{name}.yaml" for name in CASES)
    assert float(rows[0]["p1_cleared"]) > 0.5
    assert parquet.read_table(tmp_path / "a.parquet").num_rows == 3
    assert command("plan", folder, "-o", tmp_path / "a.txt") == 2
    assert "accepted: a file that ends in .jsonl, .csv, .parquet" in capsys.readouterr().err


def test_protocols_are_compared_over_a_folder(folder, capsys):
    assert command("compare", folder, "default", "european", "--json-lines") == 0
    lines = [json.loads(one) for one in capsys.readouterr().out.splitlines()]
    assert sorted(line["file"] for line in lines) == sorted(f"{name}.yaml" for name in CASES)
    assert all({"protocols", "differences"} <= set(line) for line in lines)
    assert command("compare", folder, "default", "mdacc") == 0
    assert "3 patients" in capsys.readouterr().out


def test_options_of_one_case_are_refused_for_a_folder(folder, capsys):
    assert command("plan", folder, "--steps", "p1") == 2
    assert "--steps: is of one case" in capsys.readouterr().err


def test_a_folder_without_a_case_is_said(tmp_path):
    with pytest.raises(PathwaysError, match="holds no case"):
        cases_in(tmp_path)


def test_a_summary_counts_differences_by_family_and_setting():
    summary = Summary()
    one = {
        "family": "alpps",
        "protocol": "b",
        "before": "closed",
        "after": "open",
        "because": [{"setting": "alpps_accepted"}],
    }
    summary.take({"case": "a", "file": "a", "differences": [one]})
    summary.take({"case": "b", "file": "b", "differences": [one]})
    assert summary.as_json()["differences"][0]["patients"] == 2
    assert summary.as_json()["settings"] == [{"protocol": "b", "setting": "alpps_accepted", "families": 2}]
    assert row_of({"case": "a", "file": "a", "differences": [one]})["differences"] == "alpps closed open b"


@pytest.mark.parametrize("wanted", [True, False])
def test_memory_is_looked_after_as_before_whatever_a_file_holds(folder, wanted, monkeypatch):
    from pathways.registry import lines

    monkeypatch.setattr(lines, "line_of", lambda file, asked: [] if wanted else 1 // 0)
    (gc.enable if wanted else gc.disable)()
    try:
        with contextlib.suppress(ZeroDivisionError):
            lines.lines_of(cases_in(folder), Asked())
        assert gc.isenabled() is wanted
        assert gc.get_freeze_count() == 0
    finally:
        gc.enable()
