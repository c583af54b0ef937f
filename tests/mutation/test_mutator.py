"""The mutator puts in one fault at a time, and the drawn sample still has its places."""

import ast

import pytest
from mutation.mutator import mutants_in
from mutation.probing import place_of
from mutation.run import located, sample

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
