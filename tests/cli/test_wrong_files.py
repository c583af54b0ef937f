"""What no command can read or write is said in a sentence with status 2, whichever command is asked."""

import json
import os
import subprocess
import sys
from unittest.mock import patch

import pytest
from shipped import PUBLISHED, ROOT

LONG = "x" * 300
CASE = PUBLISHED[0]
READING = {
    "plan": ["plan"], "assess": ["assess"], "explain": ["explain", "FILE", "pve"], "compare": ["compare", "FILE", "default"], "check": ["check"],
    "audit": ["audit"], "routes": ["routes"], "export": ["export", "FILE", "--to", "json"], "picture": ["picture", "FILE", "timeline"],
    "simulate": ["simulate"], "validate": ["validate"], "play": ["teach", "play"], "teach export": ["teach", "export", "FILE", "--to", "html"],
    "protocol": ["protocol", "show"], "overlay": ["plan", CASE, "--protocol"],
}  # fmt: skip


def answered(capsys, *words):
    from pathways.cli.main import run

    with patch.object(sys, "argv", ["pathways", *map(str, words)]), pytest.raises(SystemExit) as stop:
        run()
    return stop.value.code, capsys.readouterr()


def command(name, file):
    words = READING[name]
    return [file if word == "FILE" else word for word in words] if "FILE" in words else [*words, file]


@pytest.mark.parametrize("name", READING)
def test_what_is_no_readable_file_is_answered_in_a_sentence(name, tmp_path, capsys):
    (tmp_path / "folder.yaml").mkdir()
    (tmp_path / "empty.yaml").touch()
    (tmp_path / "utf16.yaml").write_bytes("schema: 1".encode("utf-16"))
    (tmp_path / "half.yaml").write_text('{"schema": 1, "events": [], "\\ud800": {"x": [true, 1e308]}}')
    for file in ("folder.yaml", "empty.yaml", "utf16.yaml", "half.yaml", "nothing.yaml", f"{LONG}.yaml"):
        status, said = answered(capsys, *command(name, tmp_path / file))
        assert status == 2, (file, said)
        assert said.err.strip()
        assert "fault of the program" not in said.err


@pytest.mark.parametrize("name", ["folder.csv", "folder.xes", f"{LONG}.csv", "nothing.xes"])
def test_a_log_that_cannot_be_read_is_answered_in_a_sentence(name, tmp_path, capsys):
    if name.startswith("folder"):
        (tmp_path / name).mkdir()
    status, said = answered(capsys, "audit", tmp_path / name)
    assert status == 2
    assert "cannot be read: " in said.err


@pytest.mark.parametrize("encoding", ["x-nothing", "utf-7", "hex", "idna"])
def test_an_encoding_that_cannot_be_read_is_named_with_the_remedy(encoding, tmp_path, capsys):
    (tmp_path / "log.xes").write_text(f'<?xml version="1.0" encoding="{encoding}"?><log/>')
    status, said = answered(capsys, "audit", tmp_path / "log.xes")
    assert status == 2
    assert f'log.xes:1:1: the encoding "{encoding}" cannot be read; save the log as UTF-8' in said.err


@pytest.mark.parametrize("name", [LONG, "a/" * 3000, "../" * 2000, "😀"])
def test_a_course_that_names_no_case_says_so_and_not_the_whole_name(name, tmp_path, capsys):
    file = tmp_path / "course.yaml"
    file.write_text(json.dumps({"schema": 1, "case": name[:1999], "events": [{"event": "biopsy"}]}))
    (tmp_path / "log.csv").write_text(f"course,case,event\np,{name[:1999]},biopsy\n")
    for one in ("course.yaml", "log.csv"):
        status, said = answered(capsys, "audit", tmp_path / one)
        assert status == 2
        assert "case: got" in said.err
        assert "name of a case file" in said.err
        assert len(said.err) < 600


@pytest.mark.parametrize(
    "words", [["export", CASE, "--to", "json"], ["picture", CASE, "timeline"]], ids=["export", "picture"]
)
def test_a_file_that_cannot_be_written_is_answered_in_a_sentence(words, tmp_path, capsys):
    status, said = answered(capsys, *words, "-o", tmp_path / f"{LONG}.json")
    assert status == 2
    assert "cannot be written: file name too long" in said.err


@pytest.mark.parametrize(
    "words", [["protocol", "diff", "default", "mdacc"], ["assess", CASE, "--json"]], ids=["text", "json"]
)
def test_an_output_without_a_letter_gets_another_and_json_stays_json(words):
    environment = {**os.environ, "PYTHONIOENCODING": "ascii"}
    made = subprocess.run(
        [sys.executable, "-m", "pathways", *map(str, words)],
        capture_output=True,
        check=False,
        cwd=ROOT,
        env=environment,
    )
    assert (made.returncode, made.stderr) == (0, b"")
    assert made.stdout.isascii()
    if "--json" in words:
        json.loads(made.stdout)
