"""What is a lesson, and which way through it is the best one."""

from dataclasses import replace

import pytest
from hypothesis import given, settings
from teaching.exports.lessons import branching, lessons, small

from pathways.teaching.exports import FORMATS, BadLesson
from pathways.teaching.exports.plain import prepared
from pathways.teaching.exports.walk import best_route, decisions_ahead, faults, most_points, points_of, trails
from pathways.teaching.lessons.model import Choice, Passage


def changed(name, **values):
    lesson = branching()
    return replace(lesson, passages=tuple(replace(one, **values) if one.id == name else one for one in lesson.passages))


def with_choice(name, number, **values):
    lesson = branching()
    choices = list(lesson.passage(name).choices)
    choices[number] = replace(choices[number], **values)
    return changed(name, choices=tuple(choices))


@pytest.mark.parametrize(
    ("lesson", "words"),
    [
        (replace(branching(), passages=()), "without passages"),
        (changed("wishes", id="grown"), "two passages carry one id"),
        (changed("cleared", role="story"), "an end that is no debrief"),
        (changed("grown", title=""), "no title"),
        (with_choice("grown", 0, to="nowhere"), "which is no passage"),
        (with_choice("grown", 0, text=""), "no text"),
        (with_choice("grown", 0, score=1.5), "not between 0 and 1"),
        (with_choice("grown", 0, to="grown"), "refused choices, and no others, lead back"),
        (with_choice("grown", 2, to="cleared"), "refused choices, and no others, lead back"),
        (with_choice("grown", 0, sources=("unknown",)), "source unknown is not cited"),
        (with_choice("grown", 0, id="wait"), "two choices carry one id"),
        (with_choice("wishes", 0, to="meeting"), "circle"),
        (changed("meeting", choices=branching().passage("meeting").choices[1:2]), "no choice leads on"),
        (
            replace(branching(), passages=(*branching().passages, Passage("lost", "debrief", "Lost", 0, ()))),
            "lost: cannot be reached",
        ),
    ],
)  # fmt: skip
def test_a_lesson_that_is_none_is_refused_with_the_reason(lesson, words):
    assert any(words in one for one in faults(lesson))
    with pytest.raises(BadLesson, match=words):
        FORMATS["html"].write(lesson)


@pytest.mark.parametrize("lesson", [small(), branching()], ids=lambda one: one.id)
def test_a_lesson_without_fault_has_none(lesson):
    assert faults(lesson) == []


def test_the_best_route_takes_the_best_choice_at_each_decision():
    assert [one.choice.id for one in best_route(branching())] == ["on", "pve", "resect"]


def test_a_poor_answer_is_no_part_of_the_best_route_even_where_it_leads_to_more_points():
    lesson = small()
    later = Passage("later", "decision", "Later", 90, (), choices=(Choice("well", "Well", "end", "best", 1.0),))
    start = replace(
        lesson.passages[0],
        choices=(Choice("wait", "Wait", "later", "poor", 0.5), Choice("now", "Now", "end", "best", 1.0)),
    )
    found = best_route(replace(lesson, passages=(start, later, lesson.passages[1])))
    assert [one.choice.id for one in found] == ["now"]
    assert points_of(found) == 1


@given(lesson=lessons())
@settings(max_examples=40, deadline=None, derandomize=True)
def test_the_best_route_gives_nothing_away_and_a_trail_leads_to_every_passage(lesson):
    assert all(one.choice.score == most_points(one.passage) for one in best_route(lesson))
    ahead = decisions_ahead(lesson)
    for name, way in trails(lesson).items():
        places = [one.passage.id for one in way] + [name]
        assert places[0] == lesson.passages[0].id
        assert [one.choice.to for one in way] == places[1:]
        assert ahead[name] <= len(lesson.passages)


def test_what_no_format_can_carry_is_taken_out_of_every_string():
    dirty = "a\x00b\ud800c\u202ed\u2029e\n\tf  g"
    lesson = prepared(replace(small(), title=dirty, debrief=(dirty,)))
    assert lesson.title == lesson.debrief[0] == "a\ufffdb\ufffdcd e f g"


def test_a_liver_map_keeps_its_spaces():
    lines = ("  | VII | ", "  \ta")
    lesson = changed("grown", liver_map=lines)
    assert prepared(lesson).passage("grown").liver_map == ("  | VII |", "  \ta")
