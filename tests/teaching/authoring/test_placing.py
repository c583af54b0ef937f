"""Right answers are dealt out among the places: over the lessons of a seed, over those of an objective, and nothing within one."""

from collections import Counter
from itertools import pairwise

import pytest
from generated import scenario_for
from shipped import ROOT

from pathways.teaching.auditing.cues import FEW
from pathways.teaching.authoring.loading import load_scenario
from pathways.teaching.authoring.placing import place_of, placed
from pathways.teaching.curriculum.case_spaces import Key
from pathways.teaching.curriculum.objectives import syllabus
from pathways.teaching.curriculum.schema import OBJECTIVES

SEEDS = range(400)
QUESTIONS = ("d1", "d2", "v1", "v2", "v3")


def cue(found):
    """By how much the likeliest place beats chance, as the audit counts it: `found` are places, each with the number of answers."""
    beaten = []
    for place in range(max(among for _, among in found)):
        there = [(one, among) for one, among in found if among > place]
        if len(there) >= FEW:
            beaten.append((sum(one == place for one, _ in there) - sum(1 / among for _, among in there)) / len(there))
    return max(beaten)


@pytest.mark.parametrize("places", [3, 4, 5, 6])
def test_each_place_comes_equally_often_over_the_objectives_and_over_the_lessons_of_one(places):
    for seed in range(40):
        for question in QUESTIONS:
            over = Counter(place_of(Key(name, seed, 1, 0), question, places) for name in OBJECTIVES)
            assert len(over) == places
            assert max(over.values()) - min(over.values()) <= 1 + (len(OBJECTIVES) % places > 0)
            along = Counter(place_of(Key("liver_first", seed, 6 + turn, 0), question, places) for turn in range(60))
            assert max(along.values()) - min(along.values()) <= 2


def test_no_seed_of_four_hundred_has_a_cue_of_place_in_questions_as_the_starter_set_has_them():
    shapes = {}
    for name in OBJECTIVES:
        made = load_scenario(ROOT / "scenarios" / "teaching" / f"{name}-11-1.yaml")
        shapes[name] = [(one.id, len(one.options)) for one in made.decisions]
        shapes[name] += [(f"v{number}", len(one.options)) for number, one in enumerate(made.variations, start=1)]
    for seed in SEEDS:
        found = [
            (place_of(Key(name, seed, 1, 0), question, among), among)
            for name, asked in shapes.items()
            for question, among in asked
        ]
        assert cue(found) <= syllabus().audit.cue, seed


def test_the_place_of_one_question_tells_nothing_of_the_place_of_the_next():
    """Over many lessons the next right answer stands in the same place as often as chance has it."""
    same = [
        place_of(key, one, 5) == place_of(key, other, 5)
        for seed in SEEDS
        for key in (Key("liver_first", seed, 1, 0), Key("patient_declines", seed, 2, 0))
        for one, other in pairwise(QUESTIONS)
    ]
    assert abs(sum(same) / len(same) - 1 / 5) < 0.02


def test_placing_moves_the_best_answer_and_keeps_every_answer():
    made = scenario_for("grow_small_remnant")
    for number in range(1, 6):
        key = Key("grow_small_remnant", 1, number, 0)
        moved = placed(made, key)
        for before, after, question in [
            *((one, other, one.id) for one, other in zip(made.decisions, moved.decisions, strict=True)),
            *((one, other, f"v{place}") for place, (one, other) in enumerate(zip(made.variations, moved.variations, strict=True), start=1)),
        ]:  # fmt: skip
            assert sorted(one.trigger for one in before.options) == sorted(one.trigger for one in after.options)
            best = next(place for place, one in enumerate(after.options) if one.expected == "best")
            assert best == place_of(key, question, len(after.options))
