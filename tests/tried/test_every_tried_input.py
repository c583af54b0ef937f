"""Every input that was tried, its right answer beside ours. `PYTHONPATH=src:tests python -m tried.test_every_tried_input` prints the table.

What we do not answer rightly stands in `misses.yaml` with its reason: a miss that is not listed fails, and so does a listed one that is right.
"""

from collections import Counter

import pytest

from pathways.documents.reader import read_file
from tried.answers import adversarial, cases, guidelines, logs
from tried.answers.asking import HERE, MARKS

ROWS = (*guidelines.ROWS, *adversarial.ROWS, *cases.ROWS, *logs.ROWS)
MISSES = {one["id"]: one for one in read_file(HERE / "misses.yaml").value}
FOLDERS = ("adversarial", "cases", "courses", "guidelines", "logs", "volumetry", "../case/first_guesses")
# Case files that logs name: they are read with them.
BESIDE_A_LOG = {"logs/case.yaml", "logs/case2.yaml", "logs/case3.yaml"}


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.id)
def test_an_input_gets_its_right_answer_or_is_a_listed_miss(row):
    if row.id in MISSES:
        assert not row.holds(), f"right now: take it off the list of misses ({row.answer()})"
        return
    assert row.holds(), f"{row.right}; we answer: {row.answer()}"


def test_every_file_that_was_tried_is_asked_about():
    tried = {f"{folder}/{path.name}" for folder in FOLDERS for path in (HERE / folder).iterdir() if path.is_file()}
    assert tried - {file for row in ROWS for file in row.files} - BESIDE_A_LOG == set()


def test_every_listed_miss_is_of_an_input_and_says_why_and_where():
    assert MISSES.keys() <= {row.id for row in ROWS}
    assert len({row.id for row in ROWS}) == len(ROWS)
    assert all(one.keys() == {"id", "why", "where"} and all(one.values()) for one in MISSES.values())


def test_the_table_counts_each_input_once(capsys):
    print_table()
    shown = capsys.readouterr().out
    assert f"{len(ROWS) - len(MISSES)} of {len(ROWS)}" in shown
    assert shown.count("| miss") == len(MISSES)


def print_table():
    """A line for each input: its mark, the right answer, ours, right or miss; then the share of right answers by mark."""
    print("| input | mark | right answer | what we answer | |\n|---|---|---|---|---|")
    for row in ROWS:
        print(
            f"| {row.files[0]} | {row.mark} | {row.right} | {row.answer()} | {'miss' if row.id in MISSES else 'right'} |"
        )
    all_of = Counter(row.mark for row in ROWS)
    right = Counter(row.mark for row in ROWS if row.id not in MISSES)
    print()
    for mark in MARKS:
        print(f"{mark}: {right[mark]} of {all_of[mark]} ({right[mark] / all_of[mark]:.0%})")
    print(f"all: {right.total()} of {all_of.total()} ({right.total() / all_of.total():.0%})")


if __name__ == "__main__":
    print_table()
