"""What is said and done, held word by word: `python tests/golden/writing.py` writes it anew when a change is meant."""

import importlib.util
from pathlib import Path

import pytest
from shipped import COURSES

HERE = Path(__file__).parent
SPEC = importlib.util.spec_from_file_location("writing", HERE / "writing.py")
writing = importlib.util.module_from_spec(SPEC)
SPEC.loader.exec_module(writing)


@pytest.mark.parametrize("path", writing.CASES, ids=lambda path: path.stem)
def test_a_case_is_judged_and_planned_as_written_down(path):
    assert writing.of_case(path) == (HERE / f"{path.stem}.txt").read_text(encoding="utf-8")


def test_courses_are_audited_as_written_down():
    text = "\n".join(f"# {one.stem}\n{writing.of_course(one)}" for one in COURSES)
    assert text == (HERE / "courses.txt").read_text(encoding="utf-8")


def test_findings_of_every_variant_are_as_written_down():
    assert writing.of_variants() == (HERE / "variants.txt").read_text(encoding="utf-8")


@pytest.mark.parametrize("name", sorted(writing.LIMITS))
def test_what_is_said_on_both_sides_of_every_limit_is_as_written_down(name):
    assert writing.LIMITS[name]() == (HERE / f"{name}.txt").read_text(encoding="utf-8")
