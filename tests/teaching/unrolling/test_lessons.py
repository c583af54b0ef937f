"""Unrolled lessons: luck, score, refusals with their rule, other protocols, hostile text."""

import json
import re
from functools import cache
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from shipped import ROOT
from teaching.exports.lessons import with_a_page_that_asks_nothing

from pathways.documents.problems import DocumentError
from pathways.documents.reader import read_file
from pathways.knowledge.protocols import load_protocol
from pathways.teaching.authoring.generate import generated
from pathways.teaching.authoring.loading import load_scenario, parse_scenario
from pathways.teaching.lessons.play import Game
from pathways.teaching.scenarios.model import Scenario
from pathways.teaching.scenarios.signature import mark_of
from pathways.teaching.scenarios.text import scenario_text
from pathways.teaching.unrolling.unroll import BUDGETS, lesson_of, unrolled
from pathways.teaching.unrolling.walk import MOST_PASSAGES, Taken, Traveller
from pathways.ward.understanding import read_as

STARTER = sorted((ROOT / "scenarios" / "teaching").glob("*.yaml"))
# A third of them in the ordinary suite; all of them with -m slow.
ALL = [
    pytest.param(path, id=path.stem, marks=[pytest.mark.slow] if number % 3 else [])
    for number, path in enumerate(STARTER)
]
SOME = STARTER[::3]
OWN = ("operate_promptly", "grow_small_remnant", "patient_declines")


@cache
def starter(name):
    return load_scenario(next(path for path in STARTER if path.stem.startswith(name)))


@cache
def lesson_at(path):
    """The lesson in a file; when an answer would be right is told in general (`test_otherwise.py` has that of this patient)."""
    return lesson_of(as_written(path), explains=False)


@cache
def as_written(path):
    """The scenario in a file, without what the machine says of it."""
    return read_as(read_file(path), Scenario)[0]


@cache
def own(number):
    """The lesson and the unrolling of one of OWN under its own luck, made once."""
    scenario = starter(OWN[number])
    return lesson_of(scenario, explains=False), unrolled(scenario)


def choices(lesson, grade):
    return [choice for passage in lesson.passages for choice in passage.choices if choice.grade == grade]


def of_the_goal(lesson):
    """Every sentence of feedback and debrief that tells how often a goal is reached."""
    feedback = [
        words
        for passage in lesson.passages
        for choice in passage.choices
        for words in (*choice.feedback, *choice.costs)
    ]
    told = [*feedback, *lesson.debrief]
    return [
        words
        for words in told
        if re.search(r"\d+% .*of such patients|points less chance|of what was open, .*: \d+% ", words)
    ]


@pytest.mark.parametrize("objective", ["gist_targeted_first", "neuroendocrine_debulking", "operate_promptly"])
def test_how_often_a_goal_is_reached_is_told_of_bowel_metastases_alone(objective):
    lesson = lesson_at(next(path for path in STARTER if path.stem.startswith(objective)))
    own = objective == "operate_promptly"
    assert bool(of_the_goal(lesson)) is own
    said = [
        words
        for words in lesson.debrief
        if words.startswith("For this primary no figure was found of how often such patients")
    ]
    assert len(said) == (not own)


def test_the_starter_set_covers_every_objective_at_two_difficulties():
    from pathways.teaching.curriculum.schema import OBJECTIVES

    scenarios = [as_written(path) for path in STARTER]
    assert len(scenarios) >= 48
    for name in OBJECTIVES:
        found = [one.difficulty for one in scenarios if one.objective == name]
        assert len(found) >= 2
        assert len(set(found)) >= 2, name
    assert {one.difficulty for one in scenarios} == {"easy", "medium", "hard"}
    assert all(one.reviewed_by is None for one in scenarios)


def made_again(path):
    """The text that the command on top of a starter scenario writes."""
    remark = path.read_text(encoding="utf-8").splitlines()[1].removeprefix("# ")
    words = remark.rstrip(".").split()
    given = {word: words[words.index(word) + 1] for word in ("--objective", "--seed")}
    return scenario_text(generated(given["--objective"], int(given["--seed"]), int(words[-1])), remark)


@pytest.mark.parametrize("path", STARTER[::12], ids=lambda path: path.stem)
def test_a_starter_scenario_is_what_its_command_writes(path):
    assert made_again(path) == path.read_text(encoding="utf-8")


@pytest.mark.slow
@pytest.mark.parametrize("path", STARTER, ids=lambda path: path.stem)
def test_every_starter_scenario_is_what_its_command_writes(path):
    assert made_again(path) == path.read_text(encoding="utf-8")


@pytest.mark.parametrize("path", SOME, ids=lambda path: path.stem)
def test_what_an_operation_would_leave_is_told_once_a_page(path):
    for passage in lesson_at(path).passages:
        told = [label for label, _ in passage.findings if label.startswith("After ")]
        assert len(told) == len(set(told)), passage.title


def test_more_chemotherapy_at_the_restaging_is_refused_and_the_feedback_says_what_it_would_break():
    lessons = [lesson_at(path) for path in STARTER if "prompt" in path.stem or "washout" in path.stem]
    refused = [one for lesson in lessons for one in choices(lesson, "refused") if "more cycles" in one.text]
    assert any("No plan does otherwise: " in " ".join(one.feedback) for one in refused)
    for one in refused:
        words = " ".join(one.feedback)
        assert "the disease is resectable" in words.lower()
        assert "It would be right if " in words
        assert "karoui_2006" in one.sources


def test_an_operation_straight_from_the_restaging_is_refused_by_the_washout():
    words = [
        " ".join(one.feedback)
        for path in STARTER
        if "washout" in path.stem or "operate_promptly" in path.stem
        for one in choices(lesson_at(path), "refused")
    ]
    assert any("weeks since the last dose" in one and "the interval of that drug has passed" in one for one in words)


def test_a_remnant_below_the_limit_is_refused_with_value_and_limit():
    lesson = own(1)[0]
    limit = load_protocol().number("remnant_limit_normal")
    assert any(
        line.startswith("remnant volume: ") and line.endswith(f", limit {limit:.0%}")
        for one in choices(lesson, "refused")
        for line in one.costs
    )


def test_where_protocols_disagree_the_debrief_says_so():
    words = []
    for path in STARTER:
        found = [one for one in lesson_at(path).debrief if one.startswith("Protocols disagree")]
        measured = as_written(path).measured
        assert bool(found) == bool(measured and measured.disputed), path.stem
        words += found
    assert any("open under mdacc" in one and "refused under default" in one for one in words)


def test_a_case_can_be_replayed_under_another_protocol():
    mine, other = own(1)[0], lesson_of(starter("grow_small_remnant"), protocol="mdacc")
    assert other.protocol == "mdacc"
    assert any("trisectionectomy" in one.text for one in choices(other, "best"))
    assert not any("trisectionectomy" in one.text for one in mine.decisions[0].choices if one.grade == "best")


def test_the_wish_of_the_patient_is_a_step_of_its_own():
    lesson = own(2)[0]
    step = next(one for one in lesson.passages if one.title == "The patient")
    assert step.role == "decision"
    assert {one.grade for one in step.choices} == {"best", "refused", "poor"}
    refused = next(one for one in step.choices if one.grade == "refused")
    assert "The patient has understood it and does not want it" in " ".join(refused.feedback)


def test_who_declines_nothing_is_asked_all_the_same():
    assert any(one.title == "The patient" and one.role == "story" for one in own(0)[0].passages)


@given(st.integers(0, 2**53), st.sampled_from([0, 1]))
@settings(max_examples=25, deadline=None, derandomize=True)
def test_luck_decides_what_happens_and_never_the_score(seed, number):
    """The first decision is met under every luck: its answers are graded alike, whatever follows."""
    mine, other = own(number)[0], lesson_of(starter(OWN[number]), seed=seed, explains=False)
    same = {one.text: (one.grade, one.score, one.feedback, one.costs) for one in mine.decisions[0].choices}
    met = {one.text: (one.grade, one.score, one.feedback, one.costs) for one in other.decisions[0].choices}
    assert all(met[text] == told for text, told in same.items() if text in met)


@given(st.integers(0, 2**53))
@settings(max_examples=25, deadline=None, derandomize=True)
def test_a_state_is_worth_the_same_under_every_luck(seed):
    one, other = own(0)[1], unrolled(starter("operate_promptly"), seed=seed)
    way, asked = other.onward(Traveller())
    while asked is not None:
        best = next(each for each in asked.offers if each.grade == "best")
        node = one.graph.index[other.graph.states[asked.node]]
        for graded, again in zip(one.grades.options(node), other.grades.options(asked.node), strict=True):
            assert (graded.grade, graded.score, graded.regret) == (again.grade, again.score, again.regret)
        way, asked = other.onward(other.taking(way, Taken(asked, best)))


def test_the_same_luck_meets_every_answer():
    """Two answers that lead through the same kind of event draw the same number."""
    scenario = starter("operate_promptly")
    again = lesson_of(scenario, seed=scenario.seed, explains=False)
    assert again == lesson_of(scenario, explains=False) == own(0)[0]


@pytest.mark.parametrize("path", ALL)
def test_different_answers_lead_to_different_debriefs(path):
    lesson = lesson_at(path)
    ends = [one for one in lesson.passages if one.role == "debrief"]
    # Where a bar leaves one pathway open, there is one end.
    assert len({one.text for one in ends}) == len(ends) >= (1 if "extrahepatic_a_bar" in path.stem else 2)


def test_an_end_says_of_the_answer_that_gave_something_away_what_it_gave_away_in_all():
    ends = [one.text for number in range(2) for one in own(number)[0].passages if one.role == "debrief"]
    found = 0
    for end in ends:
        each = [line.split(" Given away: ")[1] for line in end if " Given away: " in line]
        (in_all,) = (line for line in end if "on what was known at each moment" in line)
        assert bool(each) is not in_all.startswith("Nothing was given away")
        if len(each) == 1:
            found += 1
            told = in_all.removeprefix("Given away in all, on what was known at each moment: ")
            assert each[0].startswith(told.removesuffix(" Luck has no part in this."))
    assert found >= 3


HOSTILE = "<script>alert(1)</script> {{x}} [[y->z]] $\\frac{1}{2}$ & \"quoted\" 'single' \u202e ]]> {=a ~b}"


def test_hostile_text_stays_text():
    raw = starter("operate_promptly").model_copy(
        update={"story": (HOSTILE,), "title": HOSTILE, "learning_objectives": (HOSTILE,)}
    )
    lesson = lesson_of(parse_scenario(scenario_text(raw)))
    assert lesson.passages[0].text == (HOSTILE,)
    assert lesson.title == HOSTILE


def test_control_characters_never_reach_a_terminal(capsys):
    from rich.console import Console

    from pathways.report.lesson_page import print_heading, print_passage

    raw = starter("operate_promptly").model_copy(
        update={"story": ("\x1b[2J[bold]not bold[/bold]\x07",), "title": "\x1b]0;x\x07"}
    )
    lesson = lesson_of(raw)
    screen = Console(force_terminal=False, width=80)
    print_heading(lesson, screen)
    print_passage(lesson.passages[0], screen)
    shown = capsys.readouterr().out
    assert "\x1b" not in shown
    assert "\x07" not in shown
    assert "[bold]not bold[/bold]" in shown


def test_the_first_answer_counts_and_undo_takes_it_back():
    game = Game(own(0)[0])
    while game.here.role != "decision":
        game = game.taking(game.here.choices[0])
    wrong = next(one for one in game.here.choices if one.grade == "refused")
    right = next(one for one in game.here.choices if one.grade == "best")
    assert game.taking(wrong).taking(right).score == 0
    assert game.taking(wrong).undone().taking(right).score == 1
    assert game.taking(wrong).here == game.here


def test_undo_leads_past_the_pages_that_ask_nothing_to_the_decision_that_was_made():
    beginning = Game(with_a_page_that_asks_nothing())
    meeting = beginning.taking(beginning.choice("on"))
    assert meeting.undone() == beginning
    news = meeting.taking(meeting.choice("pve"))
    volumetry = news.taking(news.choice("on"))
    assert [one.here.id for one in (meeting, news, volumetry)] == ["meeting", "news", "grown"]
    assert news.undone() == volumetry.undone() == meeting
    # A refused answer leads back to the page it was given on: taking it back asks the same again.
    refused = volumetry.taking(volumetry.choice("wedge"))
    assert refused.here == volumetry.here
    assert refused.undone() == volumetry


def test_a_reviewed_scenario_says_by_whom():
    assert own(0)[0].reviewed == "not reviewed by a clinician"
    signed = {
        "reviewed_by": "A. Surgeon",
        "reviewed_on": "2026-11-21",
        "reviewed_as": "surgeon",
        "reviewed_scope": "keys",
    }
    reviewed = starter("operate_promptly").model_copy(
        update={**signed, "reviewed_content": mark_of(starter("operate_promptly"))}
    )
    assert lesson_of(reviewed).reviewed == "reviewed by A. Surgeon (surgeon), 2026-11-21: keys"
    changed = reviewed.model_copy(update={"title": "Somebody else"})
    assert lesson_of(changed).reviewed.startswith("not reviewed by a clinician as it stands: what A. Surgeon reviewed")


def test_a_scenario_is_plain_json_too():
    assert parse_scenario(
        json.dumps(starter("operate_promptly").model_dump(mode="json", by_alias=True, exclude_none=True))
    ) == starter("operate_promptly")


@pytest.mark.parametrize("path", ALL)
def test_a_lesson_stays_small_under_another_protocol_and_another_luck(path):
    scenario = as_written(path)
    for protocol, seed in (("mdacc", 3), ("european", None)):
        assert len(lesson_of(scenario, protocol, seed, explains=False).passages) <= MOST_PASSAGES


def test_a_case_in_place_of_a_scenario_is_told_apart():
    with pytest.raises(DocumentError, match="this is a case; accepted: a teaching scenario"):
        load_scenario(ROOT / "scenarios" / "published" / "alp-01.yaml")


@pytest.mark.parametrize("path", ALL)
def test_every_answer_says_why_and_when_it_would_be_right_and_names_no_rule(path):
    for passage in lesson_at(path).decisions:
        for choice in passage.choices:
            words = " ".join(choice.feedback)
            assert "(rule " not in words
            assert "It would break" not in words
            if choice.grade in ("poor", "refused"):
                assert "It would be right if " in words
            if passage.title != "The patient":
                assert "The other answers" in choice.feedback
                others = choice.feedback[choice.feedback.index("The other answers") + 1 :]
                assert len(others) == len(passage.choices) - 1


@pytest.mark.parametrize("path", ALL)
def test_in_every_variation_the_changed_fact_changes_the_key_and_the_feedback_names_it(path):
    scenario = as_written(path)
    asked = [one for one in scenario.decisions if {each.trigger for each in one.options}]
    for variation in scenario.variations:
        best = [one.trigger for one in variation.options if one.expected == "best"]
        same = [
            one
            for one in asked
            if {each.trigger for each in one.options} == {each.trigger for each in variation.options}
        ]
        assert same
        for one in same:
            assert [each.trigger for each in one.options if each.expected == "best"] != best
    varied = [one for one in lesson_at(path).decisions if one.title == "The same patient, one fact otherwise"]
    assert len(varied) == len(scenario.variations)
    for variation, passage in zip(scenario.variations, varied, strict=True):
        for choice in passage.choices:
            assert any(variation.fact in line and line.startswith("One fact") for line in choice.feedback)


def test_series_of_one_fact_otherwise_are_there_for_twelve_objectives():
    assert len({one.objective for one in map(as_written, STARTER) if one.variations}) >= 12


def test_after_growth_the_volume_is_told_and_not_that_it_is_enough():
    told = [
        line
        for path in SOME
        for passage in lesson_at(path).passages
        for line in passage.text
        if "Volumetry" in line and "would stay now" in line
    ]
    assert told
    for path in SOME:
        for passage in lesson_at(path).passages:
            assert "large enough" not in " ".join((*passage.text, *(value for _, value in passage.findings)))


def test_operating_within_days_is_right_at_times_and_a_second_line_wrong():
    within, second = set(), set()
    for path in SOME:
        for passage in lesson_at(path).decisions:
            for choice in passage.choices:
                if choice.text.startswith("Within days"):
                    within.add(choice.grade in ("best", "acceptable"))
                if choice.act == "start_second_line":
                    second.add(choice.grade in ("best", "acceptable"))
    assert within == second == {True, False}


def test_a_lesson_that_is_too_large_asks_less_every_time_and_at_last_nothing_after_a_poor_choice():
    assert all(other[0] <= one[0] and other[1] <= one[1] and other != one for one, other in pairwise(BUDGETS))
    assert BUDGETS[-1] == (1, 0)
