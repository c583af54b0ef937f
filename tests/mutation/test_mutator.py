"""The mutator puts in one fault at a time, and the drawn sample still has its places."""

import ast

import pytest
from mutation.mutator import Mutant, mutants_in
from mutation.probing import place_of
from mutation.run import QUICK_S, failed, in_order, located, parts, sample, wilson

SOURCE = '''
LIMITS = ("a", "b")

def open_at(size: int, sites: tuple[int, ...]) -> bool:
    """Whether 30 is enough."""
    notes = [f"{size + 1}"]
    notes.append("é")
    return "é" in notes and size <= 30 if not sites else False
'''


def changed(kind, source=SOURCE, declared=False):
    return [one.after for one in mutants_in(source, "a/b/process/c.py", declared=declared) if one.kind.startswith(kind)]


@pytest.mark.parametrize(
    ("kind", "after"),
    [
        ("limit", ["(size < 30)"]),
        ("negated", ["('é' not in notes)"]),
        ("and/or", ["('é' in notes or size <= 30)"]),
        ("not", ["(sites)"]),
        ("one more", ["31"]),
        ("yes for no", ["True"]),
        ("left out", ["pass"]),
        ("without element", ["('b',)", "('a',)"]),
        ("turned round", ["(False if not sites else 'é' in notes and size <= 30)"]),
    ],
)
def test_each_kind_of_fault_is_put_in_where_it_can_be(kind, after):
    assert changed(kind) == after


def test_a_keyword_is_left_out_of_declared_records_only():
    assert changed("without", "a = f(b=1)", declared=True) == ["f()"]
    assert changed("without", "a = f(b=1)") == []


def test_every_mutant_parses_and_differs_in_its_own_place_alone():
    found = mutants_in(SOURCE, "a/b/process/c.py", declared=False)
    assert len({one.id for one in found}) == len(found)
    for one in found:
        ast.parse(one.applied(SOURCE))
        assert one.applied(SOURCE).replace(one.after, one.before, 1).count(one.before) >= SOURCE.count(one.before)
    with pytest.raises((ValueError, IndexError)):
        found[0].applied("other")


def test_most_of_the_drawn_sample_is_still_found_in_the_source():
    from mutation.mutator import ROOT

    gone = [one.id for one in sample() if located(one, (ROOT / one.file).read_text(encoding="utf-8")) is None]
    assert len(gone) <= 20, gone


def test_a_probe_stands_before_the_first_statement_of_the_innermost_function_around_a_mutant():
    outer = 'def one():\n    """Words."""\n    def two():\n        return 1 + 1\n    return two() + 2\n\nTHREE = 3\n'
    found = {one.begins[0]: place_of(outer, one) for one in mutants_in(outer, "a/b/process/c.py", declared=True)}
    assert found == {4: (4, 8), 5: (3, 4), 7: None}


def test_a_mutant_is_found_again_where_lines_have_moved_by_the_function_it_stands_in():
    drawn = "def one(a, b):\n    return a in b\n"
    (fault,) = (one for one in mutants_in(drawn, "a/b/planning/c.py", declared=False) if one.kind == "negated")
    moved = f"def other(a, b):\n    return a in b\n\n\n{drawn}"
    assert (
        located(fault, moved) == f"def other(a, b):\n    return a in b\n\n\n{drawn.replace('a in b', '(a not in b)')}"
    )
    assert located(fault, drawn.replace("one", "three").replace("a", "c")) is None
    assert located(fault, f"\n{drawn}    return a in b\n") is None, "two places: which of them was drawn is not known"


def test_tests_that_come_by_a_mutant_go_first_then_its_room_and_what_is_written_down_last():
    one = Mutant("src/pathways/graph/routes.py", "walks", "arithmetic", (1, 0), (1, 5), "a - b", "(a + b)")
    seconds = {
        "tests/cli/test_a.py::by": 3.0,
        "tests/golden/test_golden.py::by": 0.1,
        "tests/golden/test_golden.py::not": 0.1,
        "tests/process/test_a.py::not": 0.1,
        "tests/graph/test_a.py::slow": 2.0,
        "tests/graph/test_a.py::quick": 0.2,
        "tests/planning/test_a.py::by": 1.0,
        "tests/ward/test_a.py::not": 0.1,
    }
    by = [test for test in seconds if test.endswith("by")]
    assert in_order(one, {"tests": {one.id: by}, "seconds": seconds}) == [
        "tests/planning/test_a.py::by",
        "tests/cli/test_a.py::by",
        "tests/graph/test_a.py::quick",
        "tests/process/test_a.py::not",
        "tests/graph/test_a.py::slow",
        "tests/golden/test_golden.py::by",
        "tests/golden/test_golden.py::not",
    ]


def test_every_test_gives_one_example_before_any_gives_a_second():
    one = Mutant("src/pathways/graph/routes.py", "walks", "arithmetic", (1, 0), (1, 5), "a - b", "(a + b)")
    seconds = {
        "tests/graph/test_a.py::first[1]": 0.1, "tests/graph/test_a.py::first[2]": 0.2, "tests/graph/test_a.py::second[1]": 0.3,
        "tests/process/test_a.py::third[1]": 0.1,
    }  # fmt: skip
    assert [test.rpartition("::")[2] for test in in_order(one, {"tests": {one.id: []}, "seconds": seconds})] == [
        "first[1]", "second[1]", "third[1]", "first[2]",
    ]  # fmt: skip


def test_the_test_that_killed_is_read_off_the_summary():
    tests = ["tests/a.py::one[a - b]", "tests/a.py::one"]
    assert failed("FAILED tests/a.py::one[a - b] - assert 1 == 2", tests) == "tests/a.py::one[a - b]"
    assert failed("ERROR tests/a.py::one", tests) == "tests/a.py::one"
    assert failed("ERROR tests/a.py - ValueError: x", tests) is None


def test_the_quick_tests_end_before_the_first_that_takes_them_over_their_time():
    seconds = {"a": QUICK_S - 1.0, "b": 1.0, "c": 0.5}
    assert parts(["a", "b", "c"], seconds) == (["a", "b"], ["c"])
    assert parts(["a", "c", "b"], seconds) == (["a", "c"], ["b"])


def test_the_interval_of_a_share_is_that_of_wilson():
    assert [round(one, 3) for one in wilson(29, 32)] == [0.758, 0.968]
    assert [round(one, 3) for one in wilson(93, 100)] == [0.863, 0.966]
