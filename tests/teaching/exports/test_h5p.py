"""The H5P package played by the rules of its player: every way ends, and earns what the lesson says."""

import io
import json
import zipfile

import pytest
from hypothesis import given, settings
from teaching.exports.lessons import branching, lessons, long

from pathways.teaching.exports import FORMATS
from pathways.teaching.exports.walk import is_graded, most_points


def scenario(content):
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return json.loads(archive.read("content/content.json"))["branchingScenario"]


def plays(content, at=0, way=()):
    """Every way to the end: the texts of the answers with points, and the entries passed."""
    if at == -1:
        yield way
        return
    entry = content[at]
    question = entry["type"]["params"].get("branchingQuestion")
    if question is None:
        yield from plays(content, entry["nextContentId"], way)
        return
    best = max(one["feedback"].get("endScreenScore", 0) for one in question["alternatives"])
    for one in question["alternatives"]:
        step = (one["text"], one["feedback"].get("endScreenScore", 0), best)
        yield from plays(content, one["nextContentId"], (*way, step))


def lesson_plays(lesson, here, left, first):
    """The same from the lesson: a refused answer once, points for the first answer of a decision."""
    if not here.choices:
        yield ()
        return
    open_ = [one for one in here.choices if one.id not in left]
    for one in open_:
        silent = len(here.choices) == 1 or (len(open_) == 1)
        points = round(100 * one.score) if one.grade and first else 0
        step = (
            () if silent else ((one.text, points, round(100 * most_points(here)) if first and is_graded(here) else 0),)
        )
        refused = one.to == here.id
        target = here if refused else lesson.passage(one.to)
        for rest in lesson_plays(lesson, target, left | {one.id} if refused else frozenset(), not refused):
            yield step + rest


def test_every_way_through_the_package_is_a_way_through_the_lesson_with_its_points():
    lesson = branching()
    found = sorted(plays(scenario(FORMATS["h5p"].write(lesson))["content"]))
    assert found == sorted(lesson_plays(lesson, lesson.passages[0], frozenset(), True))


@given(lesson=lessons())
@settings(max_examples=100, deadline=None, derandomize=True)
def test_any_lesson_is_played_to_its_ends(lesson):
    content = scenario(FORMATS["h5p"].write(lesson))["content"]
    ends = {entry["type"]["metadata"]["title"] for entry in content if entry.get("nextContentId") == -1}
    assert len(ends) == len({one.title for one in lesson.passages if not one.choices})


@pytest.mark.parametrize("target", ["1.8", "1.9", "1.10"])
def test_the_declared_version_is_the_one_asked_for(target):
    content = FORMATS["h5p"].write(branching(), target=target)
    assert FORMATS["h5p"].check(content) == []
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        package = json.loads(archive.read("h5p.json"))
    main = next(one for one in package["preloadedDependencies"] if one["machineName"] == package["mainLibrary"])
    assert f"{main['majorVersion']}.{main['minorVersion']}" == target


def test_a_package_of_many_nodes_is_remarked_on_and_a_small_one_is_not():
    assert "60" in FORMATS["h5p"].remarks(FORMATS["h5p"].write(long(40)))[0]
    assert FORMATS["h5p"].remarks(FORMATS["h5p"].write(branching())) == []
