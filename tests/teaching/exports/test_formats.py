"""Every format: sound, the same bytes every time, quick, whole, and inert for hostile text."""

import html
import io
import json
import re
import sqlite3
import time
import zipfile
from dataclasses import replace
from xml.etree import ElementTree as ET

import pytest
from hypothesis import given, settings
from teaching.exports.lessons import BAITS, branching, hostile, hostile_drawn, lessons, long, small

from pathways.teaching.exports import FORMATS, BadLesson
from pathways.teaching.exports.gift import read as read_gift
from pathways.teaching.exports.plain import unzipped
from pathways.teaching.exports.questions import FRACTIONS

ALL = sorted(FORMATS)
LESSONS = {"small": small, "branching": branching, "hostile": hostile, "hostile drawn": hostile_drawn, "long": long}
NAMES = [(format_, lesson) for format_ in ALL for lesson in LESSONS]


@pytest.fixture(autouse=True)
def fixed_time(monkeypatch):
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1763712000")


def words_of(name, lesson):
    """All that a format says of a lesson, without the spelling of the format."""
    return re.sub(r"[\\\u2060]", "", html.unescape(text_of(name, FORMATS[name].write(lesson))))


def text_of(name, content):
    """All that a format says, as one text."""
    if name in ("h5p", "scorm"):
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            return "".join(archive.read(one).decode("utf-8") for one in archive.namelist())
    if name == "anki":
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            database = sqlite3.connect(":memory:")
            database.deserialize(archive.read("collection.anki2"))
        found = "".join(one for (one,) in database.execute("select flds from notes"))
        database.close()
        return found
    return content.decode("utf-8")


@pytest.mark.parametrize(("name", "lesson"), NAMES)
def test_an_export_is_sound_and_the_same_every_time(name, lesson):
    content = FORMATS[name].write(LESSONS[lesson]())
    assert FORMATS[name].check(content) == []
    assert content == FORMATS[name].write(LESSONS[lesson]())


@pytest.mark.parametrize("name", ALL)
def test_an_export_of_forty_passages_takes_less_than_a_third_of_a_second(name):
    FORMATS[name].write(small())
    lesson = long(40)
    began = time.process_time()
    FORMATS[name].write(lesson)
    assert time.process_time() - began < 0.3


@pytest.mark.parametrize("name", ALL)
def test_an_export_says_who_reviewed_it_and_what_it_is_not(name):
    text = text_of(name, FORMATS[name].write(small()))
    assert "Not reviewed by a clinician" in text
    assert "Not a medical device" in text
    assert "Dr Example" in text_of(
        name, FORMATS[name].write(replace(small(), reviewed="Reviewed by Dr Example, 2026-01-02"))
    )


@pytest.mark.parametrize("name", ALL)
def test_every_feedback_cost_and_source_of_a_graded_answer_is_told(name):
    lesson = branching()
    text = words_of(name, lesson)
    for passage in lesson.passages:
        for choice in passage.choices:
            if choice.grade:
                known = {one.id: one.text for one in lesson.citations}
                for words in (choice.text, *choice.feedback, *choice.costs, *(known[one] for one in choice.sources)):
                    assert words in text, words


@pytest.mark.parametrize("name", ALL)
def test_the_debrief_is_told_whole(name):
    lesson = branching()
    assert [one for one in lesson.debrief if one not in words_of(name, lesson)] == []


@pytest.mark.parametrize("name", ["h5p", "html", "markdown", "scorm"])
def test_what_is_played_or_handed_out_tells_the_misconception_and_what_to_take_home(name):
    lesson = branching()
    assert [
        one for one in (lesson.misconception, *lesson.learning_objectives) if one not in words_of(name, lesson)
    ] == []


@pytest.mark.parametrize("name", ["html", "markdown", "scorm"])
def test_what_is_played_or_handed_out_says_level_difficulty_protocol_and_seed(name):
    one = replace(branching(), level="residents", difficulty="hard", protocol="mdacc", seed=12)
    assert "level residents, difficulty hard, protocol mdacc, seed 12" in words_of(name, one).replace("Level", "level")


@pytest.mark.parametrize("name", ["scorm", "anki"])
def test_a_package_is_called_after_its_lesson_and_one_without_a_title_after_its_id(name):
    for title, called in (("A remnant", "A remnant"), ("", "remnant-1")):
        content = FORMATS[name].write(replace(branching(), id="remnant-1", title=title))
        assert called_in(name, content) == {called}


def called_in(name, content):
    """What a platform or a program shows for a package."""
    files, _ = unzipped(content)
    if name == "scorm":
        return {one.text for one in ET.fromstring(files["imsmanifest.xml"]).iter() if one.tag.endswith("}title")}
    (decks,) = collection_of(content, "decks")
    return {one["name"].removeprefix("Pathways::") for one in json.loads(decks).values()} - {"Default"}


def collection_of(content, columns):
    """Columns of the one row that a deck keeps of itself."""
    files, _ = unzipped(content)
    database = sqlite3.connect(":memory:")
    database.deserialize(files["collection.anki2"])
    found = database.execute(f"select {columns} from col").fetchone()
    database.close()
    return found


def test_a_deck_counts_the_day_it_was_made_in_seconds_and_its_changes_in_thousandths():
    now = 1763712000
    assert collection_of(FORMATS["anki"].write(branching()), "crt, mod, scm") == (
        now - now % 86400,
        now * 1000,
        now * 1000,
    )


@given(lesson=lessons())
@settings(max_examples=100, deadline=None, derandomize=True)
def test_any_lesson_gives_a_sound_export_in_every_format(lesson):
    for name in ALL:
        try:
            content = FORMATS[name].write(lesson)
        except BadLesson as error:
            assert "no question to ask" in str(error)
            continue
        assert FORMATS[name].check(content) == [], name


def test_question_banks_and_cards_refuse_a_lesson_that_asks_nothing():
    plain = small()
    silent = replace(
        plain, passages=(replace(plain.passages[0], choices=plain.passages[0].choices[:1]), plain.passages[1])
    )
    for name in ("moodle", "gift", "anki"):
        with pytest.raises(BadLesson, match="no question to ask"):
            FORMATS[name].write(silent)


# What hostile text must not become, format by format. The browser, extwee, Anki and others look again elsewhere.


def test_a_graded_answer_in_twee_earns_its_points_where_the_decision_has_not_been_met():
    lesson = branching()
    asked = [here for here in lesson.passages if any(one.grade for one in here.choices)]
    text = FORMATS["twee"].write(lesson).decode("utf-8")
    counted = re.findall(
        r"\(unless: \$met contains (\d+)\)\[\(set: \$met to it \+ \(a: \1\), "
        r"\$points to it \+ ([\d.]+), \$possible to it \+ ([\d.]+)\)\]",
        text,
    )
    earned = {
        (number, f"{one.score:g}", f"{max(other.score for other in here.choices):g}")
        for number, here in enumerate(asked, 1)
        for one in here.choices
        if one.grade
    }
    assert {(int(number), points, most) for number, points, most in counted} == earned
    assert len(counted) == sum(bool(one.grade) for here in asked for one in here.choices)
    assert "(set: $points to 0, $possible to 0, $met to (a:))" in text


def test_hostile_text_stays_text_in_moodle_xml():
    quiz = ET.fromstring(FORMATS["moodle"].write(hostile()))
    assert [one.get("type") for one in quiz] == ["category", "multichoice", "multichoice"]
    assert [len(one.findall("answer")) for one in quiz[1:]] == [5, 3]
    for text in quiz.iter("text"):
        assert not re.search(r"<(?!/?(?:p|strong|small|h4|table|tr|th|td|pre|br|ol|ul|li)>)", text.text or "")
    shown = html.unescape(re.sub(r"<[^>]*>", "", quiz[1].findtext("questiontext/text")))
    assert BAITS[0] in shown
    assert BAITS[1] in shown


def test_hostile_text_stays_text_in_gift():
    questions = read_gift(FORMATS["gift"].write(hostile()).decode("utf-8"))
    assert [len(one.answers) for one in questions] == [5, 3]
    assert all(BAITS[3].split("\\")[0] in html.unescape(re.sub(r"<[^>]*>", "", one.stem)) for one in questions)


def test_hostile_text_brings_no_tag_into_h5p():
    content = FORMATS["h5p"].write(hostile())
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        assert sorted(archive.namelist()) == ["content/content.json", "h5p.json"]
        scenario = json.loads(archive.read("content/content.json"))["branchingScenario"]
        assert "<" not in json.loads(archive.read("h5p.json"))["title"]
    for entry in scenario["content"]:
        assert "<" not in entry["type"]["metadata"]["title"]
        for one in entry["type"]["params"].get("branchingQuestion", {}).get("alternatives", ()):
            assert "<" not in one["text"]
            assert BAITS[0] in html.unescape(one["text"])


def test_hostile_text_is_no_field_sound_or_formula_in_anki():
    fields = text_of("anki", FORMATS["anki"].write(hostile()))
    assert not re.search(r"\{\{|\[sound|\[latex|\\[(\[]|<script|<img", fields)


# Each format's own promises.


def test_an_answer_as_good_as_the_best_earns_the_whole_point_and_an_acceptable_one_a_part():
    quiz = ET.fromstring(FORMATS["moodle"].write(branching()))
    assert [one.get("fraction") for one in quiz[1].findall("answer")] == ["100", "0", "70", "0", "10"]
    both = branching()
    grown = both.passage("grown")
    two = replace(
        grown, choices=(grown.choices[0], replace(grown.choices[1], grade="best", score=1.0), grown.choices[2])
    )
    both = replace(both, passages=tuple(two if one.id == "grown" else one for one in both.passages))
    quiz = ET.fromstring(FORMATS["moodle"].write(both))
    assert [one.get("fraction") for one in quiz[2].findall("answer")] == ["100", "100", "0"]
    assert quiz[2].findtext("single") == "true"


@pytest.mark.parametrize(
    ("score", "fraction"),
    [
        (0.999, "90"), (0.001, "5"), (0.333, "33.33333"), (0.5, "50"), (1, "100"), (0, "0"), (5 / 6, "83.33333"), (0.8, "80"),
        (3 / 4, "75"), (0.7, "70"), (2 / 3, "66.66667"), (0.6, "60"), (0.4, "40"), (0.3, "30"), (1 / 4, "25"), (0.2, "20"),
        (1 / 6, "16.66667"), (1 / 7, "14.28571"), (1 / 8, "12.5"), (1 / 9, "11.11111"), (0.1, "10"), (0.05, "5"),
    ],
)  # fmt: skip
def test_a_score_becomes_the_nearest_fraction_that_moodle_knows(score, fraction):
    from pathways.teaching.exports.questions import fraction as nearest_fraction
    from pathways.teaching.lessons.model import Choice, Passage

    one = Choice("a", "A", "end", "acceptable", score)
    here = Passage("here", "decision", "Here", 0, (), choices=(one, Choice("b", "B", "end", "best", 1.0)))
    assert nearest_fraction(one, here) == fraction
    assert fraction in FRACTIONS


def test_names_of_questions_stay_when_the_wording_changes():
    def names(lesson):
        return [
            one.findtext("name/text") for one in ET.fromstring(FORMATS["moodle"].write(lesson)).findall("question")[1:]
        ]

    other = replace(branching(), passages=tuple(replace(one, text=("Other words.",)) for one in branching().passages))
    assert names(branching()) == names(other)


def test_a_question_tells_the_patient_and_the_way_there():
    stem = read_gift(FORMATS["gift"].write(branching()).decode("utf-8"))[1].stem
    assert "A woman of 62" in stem
    assert "Day 3: The meeting decides" in stem
    # What was chosen before is the answer of another question.
    assert "Chosen: " not in stem


def test_a_question_tells_the_findings_of_the_whole_way_the_later_ones_in_place_of_the_earlier():
    lesson = branching()
    first, *others = lesson.passages
    grown = replace(lesson.passage("grown"), findings=(("Largest", "60 mm"),), liver_map=())
    lesson = replace(lesson, passages=(first, *(grown if one.id == "grown" else one for one in others)))
    stem = read_gift(FORMATS["gift"].write(lesson).decode("utf-8"))[1].stem
    assert "<td>sigmoid carcinoma, resected</td>" in stem
    assert "<td>60 mm</td>" in stem
    assert "52 mm, touches the right hepatic vein</td>" not in stem
    assert "A 52 mm" in stem


def cards(lesson):
    with zipfile.ZipFile(io.BytesIO(FORMATS["anki"].write(lesson))) as archive:
        database = sqlite3.connect(":memory:")
        database.deserialize(archive.read("collection.anki2"))
    found = list(
        database.execute(
            "select notes.guid, notes.flds, cards.id from notes join cards on cards.nid = notes.id order by due"
        )
    )
    database.close()
    return found


def test_a_card_keeps_its_guid_when_the_wording_changes_and_not_when_the_lesson_does():
    other = replace(branching(), title="Another title", debrief=("Other words.",))
    assert [one[0] for one in cards(branching())] == [one[0] for one in cards(other)]
    assert not {one[0] for one in cards(branching())} & {one[0] for one in cards(replace(branching(), id="other"))}


def test_a_card_answers_with_the_best_choice():
    fields = cards(branching())[0][1].split("\x1f")
    assert "Portal vein embolisation" in fields[3]
    assert "Right hepatectomy now" not in fields[3]


def test_the_handout_gives_nothing_away_on_its_sheets_and_names_every_answer_behind_them():
    text = FORMATS["markdown"].write(branching()).decode("utf-8")
    sheets, answers = text.split("## Answers for the facilitator")
    assert "Best choice" not in sheets
    assert "To hand out or to project, one after the other. They hold no answers." in sheets
    assert "Best choice" in answers
    asked = [one for here in branching().passages for one in here.choices if one.grade]
    assert asked
    assert [one.text for one in asked if f". {one.text}\n" not in answers] == []
    assert "### The best route\n\n1. Day 3: Portal vein embolisation" in answers


def test_the_shares_of_the_timing_add_up():
    text = FORMATS["markdown"].write(branching()).decode("utf-8")
    shares = [int(one) for one in re.findall(r"\| (\d+)% \|", text)]
    assert len(shares) == 4
    assert abs(sum(shares) - 100) <= 2
