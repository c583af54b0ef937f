"""What would have to be otherwise for an answer to be right: tried at the state of the question, on the facts of this patient."""

from functools import cache

import pytest
from shipped import ROOT

from pathways.documents.reader import read_file
from pathways.facts.derive import CaseFacts
from pathways.facts.guarding import refusals
from pathways.teaching.scenarios.model import Scenario
from pathways.teaching.unrolling.debrief import way_of_best_answers
from pathways.teaching.unrolling.unroll import lesson_of, unrolled
from pathways.teaching.unrolling.variations import varied
from pathways.ward.understanding import read_as

STARTER = sorted((ROOT / "scenarios" / "teaching").glob("*.yaml"))
NAMES = ("ablate_what", "failed_growth", "uncertain_nodule", "grow_small", "operate_promptly")
QUICK = [next(path for path in STARTER if path.stem.startswith(name)) for name in NAMES]
SOME = [pytest.param(path, id=path.stem, marks=[] if path in QUICK else [pytest.mark.slow]) for path in STARTER]
NONE = "No single fact of this patient, were it otherwise, would make it right."
SAID = (
    "It would be as good as the best answer if ",
    "It would be right if ",
    "It would be open if ",
    "No single fact of this patient, were it otherwise, would make it right.",
)


@cache
def unrolled_at(path):
    return unrolled(read_as(read_file(path), Scenario)[0])


@cache
def lesson_at(path):
    return lesson_of(read_as(read_file(path), Scenario)[0])


def wrong_answers(one):
    """Every answer on the best way, and of the variations, that is poor or refused: its unrolling, state and step."""
    asked = [(one, taken.asked) for taken in way_of_best_answers(one).taken]
    asked += [varied(one, number) for number in range(len(one.scenario.variations))]
    for there, question in asked:
        for offer in question.offers:
            if offer.grade in ("poor", "refused"):
                yield there, there.graph.states[question.node], offer


@pytest.mark.parametrize("path", SOME)
def test_of_every_wrong_answer_is_said_what_would_make_it_right_after_whatever_answer(path):
    for passage in lesson_at(path).decisions:
        wrong = {one.text for one in passage.choices if one.grade in ("poor", "refused")}
        for choice in passage.choices:
            own = choice.feedback[: choice.feedback.index("The other answers")] if "The other answers" in choice.feedback else choice.feedback  # fmt: skip
            if choice.text in wrong:
                assert any(line.startswith(SAID) for line in own), (passage.id, choice.text)
            for line in choice.feedback[len(own) :]:
                if any(line.startswith(f"{text}: ") for text in wrong - {choice.text}):
                    assert any(words in line for words in SAID), line


@pytest.mark.parametrize("path", SOME)
def test_what_is_told_turns_the_answer_in_the_changed_case_and_one_step_less_does_not(path):
    """The change is tried anew on facts of its own: the step is refused as the case is, and open after the change."""
    told = 0
    for one, state, offer in wrong_answers(unrolled_at(path)):
        otherwise = one.setting.otherwise
        for tried, less in otherwise.trials(offer.trigger, state) if offer.open is None else ():
            facts = CaseFacts(tried.case, one.protocol) if tried.case is not None else one.graph.facts
            assert refusals(offer.trigger, state, one.graph.facts) or state.phase not in offer.trigger.phases
            assert not refusals(offer.trigger, tried.state, facts)
            assert less is None or not less.opens(offer.trigger)
            told += 1
    assert told


def test_a_remnant_that_is_too_small_is_turned_by_the_volume_that_meets_the_limit():
    path = QUICK[3]
    one = unrolled_at(path)
    found = [
        one.setting.otherwise.turn(offer.trigger, state)
        for one, state, offer in wrong_answers(one)
        if any(verdict.rule == "remnant_volume" and verdict.closes == "barred" for verdict in offer.verdicts)
    ]
    assert any(turn is not None and turn.words.startswith("volumetry found otherwise: remnant of ") for turn in found)


def test_where_nothing_of_the_patient_opens_an_answer_that_is_said():
    lines = [
        line
        for path in QUICK
        for passage in lesson_at(path).decisions
        for one in passage.choices
        for line in one.feedback
    ]
    none = [line for line in lines if line.startswith(NONE)]
    assert none
    assert all(" In another patient it would be right if " in line for line in none)


def test_what_a_variation_has_changed_is_what_would_turn_its_answers_back():
    one = unrolled_at(QUICK[4])
    number = next(place for place, each in enumerate(one.scenario.variations) if "extrahepatic" in each.change)
    there, asked = varied(one, number)
    state = there.graph.states[asked.node]
    found = [
        there.setting.otherwise.turn(offer.trigger, state)
        for offer in asked.offers
        if any(verdict.rule == "extrahepatic_resectable" for verdict in offer.verdicts)
    ]
    assert any(turn is not None and "there were no disease in bone" in turn.words for turn in found)


def test_what_a_later_question_asks_about_is_not_told_before_it():
    for path in QUICK:
        one = unrolled_at(path)
        lesson = lesson_at(path)
        asked = [variation.fact for variation in one.scenario.variations]
        before = [passage for passage in lesson.decisions if passage.title != "The same patient, one fact otherwise"]
        words = " ".join(line for passage in before for choice in passage.choices for line in choice.feedback)
        assert not [fact for fact in asked if fact in words]
