"""What would have to be otherwise for an answer to be right: tried at the state of the question, on the facts of this patient."""

import re
from dataclasses import replace
from functools import cache
from itertools import islice
from typing import get_args

import pytest
from shipped import ROOT

from pathways.documents.reader import read_file
from pathways.facts.derive import CaseFacts
from pathways.facts.guarding import passes, refusals
from pathways.planning.changes.model import Change, GradedChange
from pathways.process.declaration import PROCESS
from pathways.teaching.scenarios.model import Scenario
from pathways.teaching.unrolling.debrief import way_of_best_answers
from pathways.teaching.unrolling.nearness import NEVER, dearer, of_one_thing, rounder
from pathways.teaching.unrolling.otherwise import Otherwise
from pathways.teaching.unrolling.otherwise_words import clause
from pathways.teaching.unrolling.unroll import lesson_of, unrolled
from pathways.teaching.unrolling.variations import varied
from pathways.ward.understanding import read_as
from pathways.words import Family

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
def test_what_would_make_an_answer_right_is_told_without_the_identifier_of_a_family(path):
    words = [line for passage in lesson_at(path).passages for choice in passage.choices for line in choice.feedback]
    assert any(one in line for line in words for one in SAID)
    raw = [family for family in get_args(Family) if "_" in family] + [
        "declines lvd",
        "declines pve",
        "declines simultaneous",
    ]
    assert [(line, one) for line in words for one in raw if one in line] == []


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


def test_an_answer_that_is_open_and_not_the_best_is_turned_by_what_refuses_the_best_one(monkeypatch):
    tried = []

    def nearest(self, trigger, found, *, opening):
        tried.extend(islice(found, 2))

    monkeypatch.setattr(Otherwise, "_nearest", nearest)
    told = 0
    for one, state, offer in wrong_answers(unrolled_at(QUICK[3])):
        otherwise = one.setting.otherwise
        best = otherwise.grades.advised(one.graph.index[state]).edge.declared
        if offer.open is not None and offer.trigger != best:
            tried.clear()
            assert replace(otherwise, known={}).turn(offer.trigger, state) is None
            assert not [there.words for there in tried if there.opens(best) or not there.opens(offer.trigger)]
            told += len(tried)
    assert told


@pytest.mark.parametrize(
    ("brought", "otherwise"),
    [
        ({"volume": "short"}, {"volume": "enough"}), ({"volume": "enough"}, {"volume": "short"}),
        ({"control": "controlled", "line": "first"}, {"control": "progressed"}), ({"control": "progressed"}, {"control": "controlled"}),
        ({"extent": "presented", "line": "first"}, {"extent": "responded"}), ({"extent": "responded"}, {"extent": "presented"}),
        ({"growth": "weak"}, {"growth": "adequate"}), ({"growth": "adequate"}, {"growth": "weak"}),
        ({"condition": "unfit"}, {"condition": "recovered"}),
    ],
)  # fmt: skip
def test_what_the_way_has_brought_could_have_come_the_other_way(brought, otherwise):
    one = unrolled_at(QUICK[4])
    state = one.graph.states[0]._replace(**brought)
    ways = [there.then for there in one.setting.otherwise._ways(state)]
    assert state._replace(**otherwise) in ways


def test_a_remnant_that_is_too_small_is_turned_by_the_volume_that_meets_the_limit():
    path = QUICK[3]
    one = unrolled_at(path)
    found = [
        one.setting.otherwise.turn(offer.trigger, state)
        for one, state, offer in wrong_answers(one)
        if any(verdict.rule == "remnant_volume" and verdict.closes == "barred" for verdict in offer.verdicts)
    ]
    assert any(turn is not None and turn.words.startswith("volumetry had found ") for turn in found)


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
    assert any(turn is not None and "there were no disease in the bones" in turn.words for turn in found)


def test_what_a_later_question_asks_about_is_not_told_before_it():
    for path in QUICK:
        one = unrolled_at(path)
        lesson = lesson_at(path)
        asked = [variation.fact for variation in one.scenario.variations]
        before = [passage for passage in lesson.decisions if passage.title != "The same patient, one fact otherwise"]
        words = " ".join(line for passage in before for choice in passage.choices for line in choice.feedback)
        assert not [fact for fact in asked if fact in words]


@pytest.mark.parametrize("path", SOME)
def test_what_is_supposed_is_round_and_is_neither_a_frailer_patient_nor_a_riddle(path):
    for passage in lesson_at(path).decisions:
        for choice in passage.choices:
            told = [line for line in choice.feedback if line.startswith(SAID)]
            for line in told:
                supposed = line.partition(" In another patient")[0]
                assert "it were found otherwise" not in supposed, line
                for size in re.findall(r"measured (\d+) mm instead", supposed):
                    assert int(size) % 10 == 0, line
                for share in re.findall(r"had found ([\d.]+)% of the liver left after", supposed):
                    assert float(share) % 5 == 0 or float(share) < 20, line
                    assert float(share) >= 15, line
                # That a patient bears less is said of giving up, and there that he bears nothing.
                assert "fit for an ablation through" not in supposed, line
                assert "and for no larger one" not in supposed, line
                # What only opens an answer is one thing, and is followed by what would make it right.
                if line.startswith("It would be open if"):
                    assert "In another patient it would be right if" in line, line
                if line.startswith(NONE):
                    fact = line.partition("it would be right if ")[2].rstrip(".")
                    asked = [
                        other.text[0]
                        for other in lesson_at(path).passages
                        if other.title == "The same patient, one fact otherwise"
                    ]
                    assert not any(
                        fact == words.partition("but ")[2].rstrip(".").replace("has ", "had ") for words in asked
                    ), line
                vein = re.search(r"touches all three hepatic veins.* lay free of the \w+ hepatic vein", supposed)
                assert vein is None, line


def test_two_changes_of_one_lesion_or_of_one_treatment_are_a_riddle_and_of_two_things_are_not():
    assert of_one_thing(["lesions[0].contacts"], ["lesions.0.segments", "lesions.0.size_mm"])
    assert of_one_thing(["lesions"], ["lesions[1].size_mm"])
    assert of_one_thing(["history.+"], ["history[1].response"])
    assert of_one_thing(["history.1.response"], ["history[2].response"])
    assert of_one_thing(["liver.measured_remnants"], ["liver.measured_remnants.0.fraction"])
    assert not of_one_thing(["lesions[0].contacts"], ["lesions[1].contacts"])
    assert not of_one_thing(["history[1].response"], ["history[1].cycles"])
    assert not of_one_thing(["patient.fit_for"], ["liver.measured_remnants"])


def ladder(key, values, costs=None):
    steps = (Change(key, "", 37, value, "", cost, None, None, "treatment") for value, cost in zip(values, costs or [1.0] * len(values), strict=True))  # fmt: skip
    return GradedChange((), tuple(steps))


@pytest.mark.parametrize(
    ("key", "values", "first", "told"),
    [
        ("lesions[0].size_mm", (35, 30, 25, 20), 0, 30),
        ("lesions[0].size_mm", (35, 30, 25, 20), 1, 30),
        ("lesions[0].size_mm", (35, 30, 25, 20), 2, 20),
        ("lesions[0].size_mm", (35, 30, 25), 2, None),
        ("liver.measured_remnants", (0.39, 0.38), 0, None),
        ("liver.measured_remnants", (0.31, 0.30, 0.29, 0.28, 0.27, 0.26, 0.25), 2, 0.25),
        ("liver.measured_remnants", (0.31, 0.30, 0.29), 1, 0.30),
        ("liver.measured_remnants", (0.2, 0.19, 0.18, 0.17, 0.16, 0.15, 0.14), 1, 0.15),
        ("liver.measured_remnants", (0.14, 0.13, 0.12, 0.11, 0.10), 0, 0.14),
        ("lesions[0].count", (27, 11, 10, 9), 1, 10),
        ("lesions[0].count", (9, 8, 7), 1, 8),
        ("history[1].cycles", (11, 9, 7), 1, 9),
    ],
)
def test_a_round_value_is_supposed_where_there_is_one_soon_after_the_first_that_will_do_and_else_none(
    key, values, first, told
):
    one = ladder(key, values)
    near = rounder(one, first, lambda change: True)
    assert (None if near is None else one.steps[near].after) == told
    # And never one that does not turn the answer: what holds of 29% and no longer of 25% is supposed by nobody.
    kept = rounder(one, first, lambda change: one.steps.index(change) <= first)
    assert kept == (first if one.steps[first].after == told else None)


def test_a_frailer_patient_is_supposed_of_giving_up_alone():
    frail, none = (
        Change("patient.fit_for", "", None, one, "", 0.5, None, None, "finding") for one in ("minor", "none")
    )
    better = Change("patient.fit_for", "", "none", "major", "", 1.0, None, None, "treatment")
    gives_up, operates = (next(one for one in PROCESS.triggers if one.gives_up is given and one.kind == "decision") for given in (True, False))  # fmt: skip
    assert dearer(frail, operates) == NEVER
    assert dearer(none, operates) == NEVER
    assert dearer(frail, gives_up) == NEVER
    assert dearer(none, gives_up) == 0
    # Of what a patient bears better the least that will do is supposed first.
    less = Change("patient.fit_for", "", "none", "minor", "", 1.0, None, None, "treatment")
    assert dearer(less, operates) < dearer(better, operates) < 1
    # A lesion is supposed smaller before it is supposed away.
    gone = Change("lesions[0].nature", "", "confirmed", "vanished", "", 1.0, None, None, "treatment")
    assert dearer(gone, operates) > 1


def test_every_change_of_a_case_has_words_of_its_own():
    for path in STARTER[::4]:
        for one in unrolled_at(path).setting.otherwise.turning.graded_changes:
            step = one.steps[0]
            if not step.key.startswith("protocol."):
                assert "it were found otherwise" not in clause(step), step.key


def test_what_opens_a_step_refuses_it_nowhere():
    """The quick question and the one that tells why have the same answer."""
    graph = unrolled_at(QUICK[0]).graph
    for state in graph.states[:60]:
        for one in PROCESS.triggers:
            if one.kind == "decision":
                assert passes(one, state, graph.facts) == (not refusals(one, state, graph.facts)), one.name
