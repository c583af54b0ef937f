"""JSON made of YAML: missing, fresh, stale, damaged, where nothing can be written, by two processes at once."""

import json
import os
import subprocess
import sys
from dataclasses import replace

import pytest

from pathways.documents.compiled import Compiled
from pathways.documents.problems import DocumentError

SECOND = 1_000_000_000


class Made:
    """A folder of YAML, and how often it was read."""

    def __init__(self, folder):
        self.data = folder / "data"
        (self.data / "inner").mkdir(parents=True)
        self.yaml = self.data / "inner" / "one.yaml"
        self.yaml.write_text("first")
        self.reader = folder / "reader.py"
        self.reader.write_text("")
        self.times = 0
        self.compiled = Compiled(folder / "made.json", self.data, (self.reader,), self.make)

    def make(self):
        self.times += 1
        return {"said": self.yaml.read_text()}

    def load(self):
        return self.compiled.load()["said"]


@pytest.fixture
def made(tmp_path):
    return Made(tmp_path)


def shift(path, seconds):
    found = path.stat()
    os.utime(path, ns=(found.st_atime_ns, found.st_mtime_ns + seconds * SECOND))


def test_a_missing_file_is_made_and_written_and_read_from_then_on(made):
    assert made.load() == "first"
    assert json.loads(made.compiled.file.read_text()) == {"said": "first"}
    assert made.load() == "first"
    assert made.times == 1


def test_a_fresh_file_is_read_and_nothing_is_compiled(made):
    made.load()
    made.compiled.file.write_text('{"said": "from the file"}')
    os.utime(made.compiled.file, ns=(0, made.compiled._stamp()))
    assert made.load() == "from the file"


@pytest.mark.parametrize("seconds", [5, -5])
@pytest.mark.parametrize("of", ["yaml", "reader"])
def test_yaml_of_another_time_is_compiled_again_be_it_newer_or_older(made, of, seconds):
    for path in (made.data, made.data / "inner", made.yaml, made.reader):
        shift(path, -1000)
    shift(getattr(made, of), 100)
    made.load()
    made.yaml.write_text("second")
    shift(made.yaml, -1000)
    os.utime(getattr(made, of), ns=(0, made.compiled.file.stat().st_mtime_ns + seconds * SECOND))
    assert made.load() == "second"
    assert made.load() == "second"
    assert made.times == 2


@pytest.mark.parametrize("change", ["one more", "one less", "another in its place"])
def test_a_yaml_that_comes_or_goes_is_noticed(made, change):
    other = made.data / "other.yaml"
    other.write_text("")
    made.load()
    if change == "one more":
        (made.data / "inner" / "two.yaml").write_text("")
    elif change == "one less":
        other.unlink()
    else:
        new = made.data.parent / "new.yaml"
        new.write_text("second")
        new.replace(made.yaml)
    assert made.load() == made.yaml.read_text()
    assert made.times == 2


def test_a_change_while_the_yaml_is_read_is_not_taken_for_read(made):
    def make():
        said = made.make()
        made.yaml.write_text("changed meanwhile")
        shift(made.yaml, 5)
        return said

    assert replace(made.compiled, make=make).load() == {"said": "first"}
    assert made.load() == "changed meanwhile"


@pytest.mark.parametrize("text", ["", '{"said": "fir', "[]", "null", "\udcff"])
def test_a_damaged_file_is_made_anew(made, text):
    made.load()
    stamp = made.compiled.file.stat().st_mtime_ns
    made.compiled.file.write_bytes(text.encode("utf-8", "surrogateescape"))
    os.utime(made.compiled.file, ns=(0, stamp))
    assert made.load() == "first"
    assert json.loads(made.compiled.file.read_text()) == {"said": "first"}


def test_where_nothing_can_be_written_the_yaml_is_read_each_time(made, monkeypatch):
    opened = os.open

    def refused(path, flags, *more):
        if flags & os.O_CREAT:
            raise PermissionError(13, "Permission denied")
        return opened(path, flags, *more)

    monkeypatch.setattr(os, "open", refused)
    assert [made.compiled.load(), made.compiled.load()] == [{"said": "first"}] * 2
    assert made.times == 2
    monkeypatch.undo()
    assert sorted(one.name for one in made.data.parent.iterdir()) == ["data", "reader.py"]


def test_a_file_that_cannot_be_completed_leaves_nothing_behind(made, monkeypatch):
    def full(*_, **__):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "utime", full)
    assert made.load() == "first"
    assert sorted(one.name for one in made.data.parent.iterdir()) == ["data", "reader.py"]


def test_a_mistake_in_the_yaml_is_told_and_leaves_the_made_file_alone(made):
    made.load()
    before = made.compiled.file.read_bytes()
    shift(made.yaml, 5)

    def make():
        raise DocumentError([])

    with pytest.raises(DocumentError):
        replace(made.compiled, make=make).load()
    assert made.compiled.file.read_bytes() == before


def test_without_yaml_as_in_a_wheel_the_file_is_all_there_is(tmp_path):
    def never():
        raise AssertionError("there is nothing to compile")

    only = Compiled(tmp_path / "made.json", tmp_path / "data", (tmp_path / "gone.py",), never)
    with pytest.raises(DocumentError, match=r"made\.json:1:1: cannot be read: no such file.*; install pathways again"):
        only.load()
    only.file.write_text('{"said": "fir')
    with pytest.raises(DocumentError, match=r"made\.json:1:1: is damaged; install pathways again"):
        only.load()
    only.file.write_text('{"said": "first"}')
    assert only.load() == {"said": "first"}


def test_the_file_can_be_read_by_everybody_who_can_read_the_yaml(made):
    made.load()
    assert made.compiled.file.stat().st_mode == made.yaml.stat().st_mode


STARTED = """
import sys, time
from pathlib import Path
from pathways.documents.compiled import Compiled
folder, start = Path(sys.argv[1]), float(sys.argv[2])
def make():
    time.sleep(0.001)
    return {"said": "x" * 300_000}
made = Compiled(folder / "made.json", folder / "data", (), make)
while time.time() < start:
    pass
for _ in range(40):
    assert made.load() == {"said": "x" * 300_000}
    (folder / "made.json").unlink(missing_ok=True)
"""


def test_processes_that_start_at_once_never_see_half_a_file(tmp_path):
    import time

    (tmp_path / "data").mkdir()
    words = [sys.executable, "-c", STARTED, str(tmp_path), str(time.time() + 1)]
    running = [subprocess.Popen(words, stderr=subprocess.PIPE, text=True) for _ in range(3)]
    complaints = [one.communicate(timeout=60)[1] for one in running]
    assert complaints == ["", "", ""]
    assert {one.name for one in tmp_path.iterdir()} <= {"data", "made.json"}
