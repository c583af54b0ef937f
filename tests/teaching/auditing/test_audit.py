"""The audit finds each thing it looks for where it is planted, and not beside it."""

import json
import re

import pytest
from shipped import ROOT
from typer.testing import CliRunner

from pathways.cli.main import app
from pathways.teaching.auditing.audit import audited
from pathways.teaching.auditing.causes import is_cause, says_why
from pathways.teaching.auditing.cues import detail_cue, longest_key, position_cue, twins
from pathways.teaching.auditing.guessing import after_a_sibling, from_headings
from pathways.teaching.auditing.items import Answer, Item
from pathways.teaching.curriculum.objectives import syllabus
from pathways.teaching.lessons.model import Choice, Lesson, Passage

KEYS = {
    "scenarios", "questions", "distinct", "guessable_headings", "guessable_sibling", "longest_key", "leaks", "twins",
    "cause_in_feedback", "decisions",
}  # fmt: skip


def item(objective, answers, scenario="s"):
    """A question: answers by their words, the right ones marked by a star."""
    made = tuple(
        Answer(one.strip("*"), one.strip("*").partition(":")[0], "best" if one.endswith("*") else "refused", ())
        for one in answers
    )
    return Item(scenario, objective, "?", made, 10)


def test_headings_that_are_always_right_are_guessed_and_balanced_ones_are_not():
    always = [item(f"o{n}", ("cut*", "wait", "burn")) for n in range(6)]
    assert from_headings(always) == 1
    balanced = [item(f"o{n}", tuple(f"{w}*" if n % 3 == k else w for k, w in enumerate(("cut", "wait", "burn")))) for n in range(9)]  # fmt: skip
    assert from_headings(balanced) <= 1 / 3 + 1e-9


def test_a_sibling_gives_away_what_is_always_right_in_an_objective_and_misleads_where_the_key_changes():
    same = [item("o", ("cut*", "wait"), "a"), item("o", ("cut*", "wait"), "b"), item("p", ("cut", "wait*"), "c")]
    assert after_a_sibling(same) == 1
    contrast = [item("o", ("cut*", "wait"), "a"), item("o", ("cut", "wait*"), "b")]
    assert after_a_sibling(contrast) == 0
    assert after_a_sibling([item("o", ("cut*", "wait"), "a")]) is None


def test_cues_of_length_detail_and_place():
    found = [item("o", ("cut: the right liver, with care*", "wait", "burn"))] * 40
    assert longest_key(found) == (1, pytest.approx(1 / 3))
    assert detail_cue(found) == (1, 0)
    assert position_cue(found) == pytest.approx(2 / 3)


def test_twins_are_found_where_one_of_them_is_right():
    assert list(
        twins([item("o", ("Liver imaging and the meeting first*", "Imaging the liver and the meeting first", "cut"))])
    )
    assert not list(twins([item("o", ("Liver imaging and the meeting first*", "cut", "wait"))]))


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("The best of what is open.", False),
        ("With the best continuation 81% (74% to 88%) of such patients have the liver cleared; 5.9% die of treatment.", False),
        ("For this primary no figure was found of how often such patients have the liver cleared.", False),
        ("12 points less chance of the goal.", False),
        ("The remnant has to grow first, because what is left cannot carry the patient through the first days.", True),
        # Words that stand in sentences without a cause.
        ("A larger resection costs more lives than a limited one, which is a price to be paid before the meeting decides.", False),
        ("So the liver is imaged by MRI before the operation and after the drugs that were given.", False),
        ("It would be right if the remnant were larger, because the patient could then bear the operation.", False),
        ("No plan does otherwise: an operation is put off until the last dose has worn off, so that wounds heal.", False),
        ("One fact decides here: the bowel has perforated, so that no stent would end the contamination.", False),
        ("It stays, because it does.", False),
        ("Heat does not reach beyond 30 mm, so that a lesion of this size comes back at its rim more often than not.", True),
        ("Every week leaves tumour in place; so nothing is gained by waiting once the remnant has grown.", True),
    ],
)  # fmt: skip
def test_a_cause_is_told_from_a_figure(words, expected):
    assert says_why(Answer("cut", "cut", "best", (words,))) is expected


def test_what_is_said_of_the_other_answers_is_no_cause_of_this_one():
    why = "The remnant has to grow first, because what is left cannot carry the patient through the first days."
    assert says_why(Answer("cut", "cut", "best", (why,)))
    assert not says_why(Answer("cut", "cut", "best", ("Not open here.", "The other answers", f"wait: {why}")))


def test_every_reason_of_the_syllabus_names_a_cause_but_the_one_for_rules_that_have_none():
    reasons = syllabus().reasons
    told = [words for one in reasons.acts for words in (one.why, one.poor)] + [
        one.because for one in reasons.rules.values()
    ]
    for words in told:
        assert any(is_cause(one) for one in re.split(r"(?<=[.!?]) ", words)), words
    assert not is_cause(reasons.otherwise.because)


def test_a_name_and_a_story_that_give_the_answer_away_are_leaks():
    choices = (Choice("a", "Cut it out", "e", "best", 1.0), Choice("b", "Wait a while", "p", "refused"))
    passage = Passage("p", "decision", "t", 0, ("The team wants to cut it out.",), (), (), "What now?", choices)
    end = Passage("e", "debrief", "t", 1, ())
    lesson = Lesson("grow-1", "t", "grow", (), "m", "l", "d", "p", 1, "r", "d", (passage, end), ())
    words = [one.words for one in audited([("grow-1", lesson)]).leaks]
    assert any("names the objective" in one for one in words)
    assert any("before it is asked for" in one for one in words)


def test_the_command_reads_a_file_a_folder_and_a_course(tmp_path):
    shipped = ROOT / "scenarios" / "teaching"
    one = min(shipped.glob("*.yaml"))
    course = tmp_path / "course.yaml"
    course.write_text(json.dumps({"title": "A course", "scenarios": [str(one)]}), encoding="utf-8")
    for place in (one, course):
        found = CliRunner().invoke(app, ["teach", "audit", str(place), "--json"])
        document = json.loads(found.stdout)
        assert document.keys() >= KEYS
        assert document["scenarios"] == 1
    empty = CliRunner().invoke(app, ["teach", "audit", str(tmp_path / "nothing")])
    assert empty.exit_code != 0
    assert "no such file" in str(empty.exception)
