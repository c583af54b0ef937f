"""What is said and done, held word by word: `python tests/golden/writing.py` writes it anew when a change is meant."""

import importlib.util
import subprocess
import sys
from pathlib import Path

import pytest

SPEC = importlib.util.spec_from_file_location("writing", Path(__file__).parent / "writing.py")
writing = importlib.util.module_from_spec(SPEC)
SPEC.loader.exec_module(writing)
shelves = importlib.import_module("shelves")
HELD = shelves.rows_by_case(shelves.NUMBERS.read_text(encoding="utf-8"))
ORDER = shelves.order_by_case(shelves.ORDER.read_text(encoding="utf-8"))
FILES = sorted(shelves.DECISIONS.glob("*.txt"))


def held(name, told):
    assert writing.words_of(told) == (shelves.DECISIONS / f"{name}.txt").read_text(encoding="utf-8")
    for shelf in told:
        assert sorted(shelf.rows) == HELD.get(shelf.case, [])


@pytest.mark.parametrize("path", writing.CASES, ids=lambda path: path.stem)
def test_a_case_is_judged_and_planned_as_written_down(path):
    told = writing.of_case(path)
    held(path.stem, told)
    assert ORDER[path.stem] == told[0].order


@pytest.mark.parametrize("name", sorted(writing.SHELVES))
def test_settings_variants_courses_and_both_sides_of_every_limit_are_as_written_down(name):
    told = writing.SHELVES[name]()
    held(name, told)
    assert {case for case in HELD if case.startswith(f"{name}/")} <= {shelf.case for shelf in told}


def test_nothing_is_written_down_that_no_test_holds():
    assert {file.stem for file in FILES} == {*writing.SHELVES, *(path.stem for path in writing.CASES)}
    assert set(ORDER) == {path.stem for path in writing.CASES}
    assert {case.partition("/")[0] for case in HELD} == {file.stem for file in FILES}


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_a_file_of_decisions_holds_no_number(file):
    """A corrected figure then touches the one table, and of the decisions those that really come out otherwise."""
    lines = file.read_text(encoding="utf-8").splitlines()
    # What patients and records are called is chosen here, and no figure.
    assert [line for line in lines if shelves.NUMBER.search(line) and not line.lstrip().startswith("# ")] == []


CHANGED = """
import runpy, sys
from dataclasses import replace
from pathways.knowledge.protocols import knowledge
kind, name, factor, script, folder = sys.argv[1:]
known = knowledge()
figures = known.parameters if kind == "parameter" else known.protocols[kind].settings
figures[name] = replace(figures[name], value=round(figures[name].value * float(factor), 4))
sys.argv = [script, folder]
runpy.run_path(script, run_name="__main__")
"""


@pytest.mark.slow
@pytest.mark.parametrize(
    ("kind", "name", "factor", "most"),
    [
        ("parameter", "risk_minor_national", 0.97, 1),
        ("parameter", "conversion_chance_per_block", 1.08, 2),
        ("parameter", "growth_pve", 1.06, 3),
        ("parameter", "days_of_recovery", 1.07, 2),
        ("default", "remnant_limit_normal", 1.03, 3),
    ],
)
def test_a_corrected_figure_touches_few_files(kind, name, factor, most, tmp_path):
    """The table of numbers, the order, and a case whose first ten pathways are others."""
    words = [sys.executable, "-c", CHANGED, kind, name, str(factor), shelves.HERE / "writing.py", tmp_path]
    subprocess.run(words, check=True)
    paths = [one.relative_to(shelves.HERE) for one in (*FILES, shelves.ORDER, shelves.NUMBERS)]
    touched = [str(one) for one in paths if (shelves.HERE / one).read_bytes() != (tmp_path / one).read_bytes()]
    assert "numbers.tsv" in touched
    assert len(touched) <= most, touched
