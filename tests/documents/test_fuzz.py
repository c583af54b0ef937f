"""Inputs that nobody wrote: seconds of them here, a minute in CI (`tests/fuzzing.py --seconds 60`), ten behind the marker."""

import os
import subprocess
import sys

import pytest
from fuzzing import ROOT, Tried, run
from hypothesis import given, settings
from hypothesis import strategies as st


def test_changed_files_are_read_or_refused_in_words():
    # As many as two seconds try on a quiet machine: how many of them are read hangs on no clock.
    tried = run(inputs=300, seed=3)
    assert tried.read > 20
    assert tried.refused > 100


@pytest.mark.slow
def test_ten_minutes_of_changed_files_are_read_or_refused_in_words():
    tried = run(seconds=600, seed=4)
    assert tried.read + tried.refused > 10_000


@given(st.binary(max_size=300))
@settings(max_examples=300, deadline=None, derandomize=True)
def test_any_bytes_are_read_or_refused_in_words(tmp_path_factory, data):
    Tried(tmp_path_factory.getbasetemp()).one(data)


# What a minute of fuzzing does to readers, files by files, is done to the command here: one process reads them all.
@given(st.lists(st.binary(max_size=120), min_size=20, max_size=20))
@settings(max_examples=1, deadline=None, derandomize=True)
def test_the_command_answers_any_bytes_in_words(tmp_path_factory, drawn):
    folder = tmp_path_factory.mktemp("drawn")
    names = []
    for number, raw in enumerate(drawn):
        names.append(f"{number}{('.yaml', '.csv', '.xes', '.parquet', '.csv.gz')[number % 5]}")
        (folder / names[-1]).write_bytes(raw)
    for command in ("validate", "audit"):
        made = subprocess.run(
            [sys.executable, "-m", "pathways", command, *names],
            capture_output=True,
            cwd=folder,
            env={**os.environ, "PATHWAYS_DEBUG": "1"},
        )
        assert made.returncode == 2
        assert b"Traceback" not in made.stderr, made.stderr
        assert all(line.isprintable() for line in made.stderr.decode("utf-8").splitlines())


def test_the_fuzzer_tells_what_it_tried():
    made = subprocess.run(
        [sys.executable, str(ROOT / "tests" / "fuzzing.py"), "--inputs", "50"], capture_output=True, text=True
    )
    assert made.stdout.startswith("50 inputs: ")
