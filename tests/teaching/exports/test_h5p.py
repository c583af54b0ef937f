"""The H5P package played by the rules of its player: every way ends, and earns what the lesson says."""

import io
import json
import zipfile
from dataclasses import replace

import pytest
from hypothesis import given, settings
from teaching.exports.lessons import branching, drawn, lessons, long

from pathways.drawing.liver import DrawnLesion, LiverState
from pathways.teaching.exports import FORMATS
from pathways.teaching.exports.h5p_check import plain_png
from pathways.teaching.exports.plain import unzipped, zipped
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


def test_the_first_page_and_every_end_say_who_reviewed_the_case_and_the_pages_between_do_not():
    said = {
        entry["type"]["metadata"]["title"]: "Not reviewed by a clinician" in entry["type"]["params"].get("text", "")
        for entry in scenario(FORMATS["h5p"].write(branching()))["content"]
        if "text" in entry["type"]["params"]
    }
    ends = {one.title for one in branching().passages if not one.choices}
    first = branching().passages[0].title
    assert {title for title, told in said.items() if told} == {first, *ends} & said.keys()
    assert first in said
    assert set(said) - {first, *ends}


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


def shown(content):
    """The pictures of a package in the order of its entries: the title, the words, and the points of each."""
    files, _ = unzipped(content)
    for entry in scenario(content)["content"]:
        if entry["type"]["library"] == "H5P.Image 1.1":
            params = entry["type"]["params"]
            yield entry["type"]["metadata"]["title"], params["alt"], files[f"content/{params['file']['path']}"]


def test_the_liver_is_a_picture_of_points_before_anything_is_done_and_at_the_end_beside_it():
    content = FORMATS["h5p"].write(drawn())
    assert FORMATS["h5p"].check(content) == []
    (first, before, at_first), (last, both, at_last) = shown(content)
    assert (first, last) == ("The meeting decides", "The liver is cleared")
    assert before.startswith("A: 1 of 52 mm in VIII, confirmed.")
    assert both.startswith(f"Left, before: {before} Right, now: ")
    assert "V, VI, VII, VIII" in both
    assert (plain_png(at_first), plain_png(at_last)) == ((900, 690), (900, 345))
    assert at_first != at_last
    # What is drawn is not told in lines as well.
    texts = [one["type"]["params"].get("text", "") for one in scenario(content)["content"]]
    assert not any("<pre>" in text for text in texts if "The meeting decides" in text)
    assert FORMATS["h5p"].write(drawn()) == content


def test_a_lesson_with_pictures_is_played_as_one_without():
    plain, pictured = (sorted(plays(scenario(FORMATS["h5p"].write(one))["content"])) for one in (branching(), drawn()))
    assert plain == pictured


def test_words_of_a_picture_are_inert():
    bait = DrawnLesion("<img src=x onerror=alert(1)>{{x}}", ("8",), 1, 30.0, "confirmed", deep=False, contacts=())
    passages = tuple(
        replace(one, liver=LiverState((bait,))) if one.id == "meeting" else one for one in branching().passages
    )
    content = FORMATS["h5p"].write(replace(branching(), passages=passages))
    assert FORMATS["h5p"].check(content) == []
    ((_, words, _),) = shown(content)
    assert "<" not in words
    assert "onerror" in words


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (lambda files, name: files.pop(name), "it is not in the package"),
        (lambda files, name: files.update({name: files[name] + b"<script>"}), "no plain PNG"),
        (lambda files, name: files.update({name: b"<svg onload=alert(1)>"}), "no plain PNG"),
        (lambda files, name: files.update({"content/images/0123456789abcdef.png": files[name]}), "nothing shows it"),
        (lambda files, name: files.update({"content/images/liver.svg": b"<svg/>"}), "hosts refuse this kind of file"),
        (lambda files, name: files.update({"content/content.json": files["content/content.json"].replace(b'"alt": "A', b'"alt": "<b>A')}), "markup"),
        (lambda files, name: files.update({"content/content.json": files["content/content.json"].replace(b'"width": 900', b'"width": 901')}), "no plain PNG of 901"),
    ],
)  # fmt: skip
def test_a_picture_that_is_missing_left_over_or_more_than_points_is_found(change, said):
    files, _ = unzipped(FORMATS["h5p"].write(drawn()))
    name = min(one for one in files if one.startswith("content/images/"))
    change(files, name)
    assert any(said in one for one in FORMATS["h5p"].check(zipped(files)))
