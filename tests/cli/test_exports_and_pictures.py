"""Exports and pictures that cannot be made: a sentence, and nothing is written."""

import json
import sys

import pytest
from shipped import CONSTRUCTED, named, plan_at

from pathways.cli.main import FORMATS, run
from pathways.cli.picturing import PICTURES

NOTHING_CLEARS = [
    path for path in CONSTRUCTED if path.stem in ("bone-metastases", "neuroendocrine-grade-3", "complete-response")
]


def answered(capsys, monkeypatch, *words):
    # A fault is raised, not told.
    monkeypatch.setenv("PATHWAYS_DEBUG", "1")
    monkeypatch.setattr(sys, "argv", ["pathways", *map(str, words)])
    with pytest.raises(SystemExit) as stop:
        run()
    said = capsys.readouterr()
    return stop.value.code or 0, said.out, said.err


@pytest.mark.parametrize("form", FORMATS)
def test_an_export_to_a_folder_is_answered_in_a_sentence(form, tmp_path, capsys, monkeypatch):
    folder = tmp_path / "exports"
    folder.mkdir()
    status, out, error = answered(capsys, monkeypatch, "export", named("meta-02"), "--to", form, "-o", folder)
    assert (status, out) == (2, "")
    assert str(folder) in error
    assert len(error.strip().splitlines()) == 1
    assert [*tmp_path.rglob("*")] == [folder]


def test_a_picture_to_a_folder_is_answered_in_a_sentence(tmp_path, capsys, monkeypatch):
    folder = tmp_path / "timeline.json"
    folder.mkdir()
    for place, words in ((folder, str(folder)), (tmp_path, "accepted: json, svg, png")):
        status, out, error = answered(capsys, monkeypatch, "picture", named("meta-02"), "timeline", "-o", place)
        assert (status, out) == (2, "")
        assert words in error
    assert [*tmp_path.rglob("*")] == [folder]


@pytest.mark.parametrize("path", NOTHING_CLEARS, ids=lambda path: path.stem)
@pytest.mark.parametrize("what", PICTURES)
def test_a_picture_of_a_case_that_nothing_clears_is_drawn_or_answered_in_a_sentence(
    path, what, tmp_path, capsys, monkeypatch
):
    file = tmp_path / "picture.json"
    status, out, error = answered(capsys, monkeypatch, "picture", path, what, "-o", file)
    if status == 0:
        assert json.loads(file.read_text(encoding="utf-8"))["title"]["text"]
        return
    assert (status, out) == (2, "")
    assert len(error.strip().splitlines()) == 1
    assert not file.exists()


def test_a_timeline_of_a_case_that_nothing_clears_says_so(tmp_path, capsys, monkeypatch):
    (path,) = (one for one in NOTHING_CLEARS if one.stem == "bone-metastases")
    assert not plan_at(path).curative
    for what in ("timeline", "tornado"):
        _, _, error = answered(capsys, monkeypatch, "picture", path, what, "-o", tmp_path / "picture.json")
        assert error == "no pathway of this case ends with the liver cleared\n"
