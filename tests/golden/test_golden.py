"""What is said and done, held word by word: `python tests/golden/writing.py` writes it anew when a change is meant."""

import importlib.util
from pathlib import Path

import pytest

SPEC = importlib.util.spec_from_file_location("writing", Path(__file__).parent / "writing.py")
writing = importlib.util.module_from_spec(SPEC)
SPEC.loader.exec_module(writing)
shelves = importlib.import_module("shelves")
HELD = shelves.rows_by_case(shelves.NUMBERS.read_text(encoding="utf-8"))
FILES = sorted(shelves.DECISIONS.glob("*.txt"))


def held(name, told):
    assert writing.words_of(told) == (shelves.DECISIONS / f"{name}.txt").read_text(encoding="utf-8")
    for shelf in told:
        assert sorted(shelf.rows) == HELD.get(shelf.case, [])


@pytest.mark.parametrize("path", writing.CASES, ids=lambda path: path.stem)
def test_a_case_is_judged_and_planned_as_written_down(path):
    held(path.stem, writing.of_case(path))


@pytest.mark.parametrize("name", sorted(writing.SHELVES))
def test_variants_courses_and_both_sides_of_every_limit_are_as_written_down(name):
    told = writing.SHELVES[name]()
    held(name, told)
    assert {case for case in HELD if case.startswith(f"{name}/")} <= {shelf.case for shelf in told}


def test_nothing_is_written_down_that_no_test_holds():
    assert {file.stem for file in FILES} == {*writing.SHELVES, *(path.stem for path in writing.CASES)}
    assert {case.partition("/")[0] for case in HELD} == {file.stem for file in FILES}


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_a_file_of_decisions_holds_no_number(file):
    """A corrected figure then touches the one table, and of the decisions those that really come out otherwise."""
    lines = file.read_text(encoding="utf-8").splitlines()
    # What patients and records are called is chosen here, and no figure.
    assert [line for line in lines if shelves.NUMBER.search(line) and not line.lstrip().startswith("# ")] == []
