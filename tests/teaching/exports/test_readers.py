"""Independent readers open what is written: extwee, gift-pegjs, Anki itself, a CommonMark parser.

Where a reader is missing, its tests are skipped and say what to install.
"""

import html
import importlib.util
import json
import re
import shutil
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest
from markdown_it import MarkdownIt
from teaching.exports.lessons import BAITS, branching, hostile, long, small

from pathways.teaching.exports import FORMATS
from pathways.teaching.exports.gift import read as read_gift
from pathways.teaching.exports.plain import prepared
from pathways.teaching.exports.twee import escaped
from pathways.teaching.exports.twee import read as read_twee

READERS = Path(__file__).parent / "readers"
LESSONS = {"small": small, "branching": branching, "hostile": hostile, "long": long}


def node(script, package, text):
    if shutil.which("node") is None:
        pytest.skip("node is missing")
    if not (READERS / "node_modules" / package).is_dir():
        pytest.skip(f"{package} is missing: npm install --no-package-lock in {READERS.relative_to(READERS.parents[3])}")
    ran = subprocess.run(
        ["node", str(READERS / script)], input=text, capture_output=True, check=False, encoding="utf-8", timeout=60
    )
    assert ran.returncode == 0, ran.stderr
    return json.loads(ran.stdout)


@pytest.mark.parametrize("lesson", LESSONS)
def test_extwee_reads_the_story(lesson):
    text = FORMATS["twee"].write(LESSONS[lesson]()).decode("utf-8")
    story = node("twee.mjs", "extwee", text)
    ours = {one.name: one for one in read_twee(text)}
    names = {one["name"] for one in story["passages"]} | {"StoryTitle", "StoryData"}
    assert names == set(ours)
    assert story["format"] == "Harlowe"
    assert story["start"] in names
    assert re.fullmatch(r"[0-9A-F-]{36}", story["ifid"])
    for one in story["passages"]:
        links = [link.rpartition("->")[2] for link in re.findall(r"\[\[(.*?)\]\]", one["text"])]
        assert set(links) <= names, one["name"]
        assert links == ours[one["name"]].links


def test_extwee_finds_as_many_links_in_the_hostile_story_as_in_the_plain_one():
    def shape(lesson):
        story = node("twee.mjs", "extwee", FORMATS["twee"].write(lesson).decode("utf-8"))
        return [
            (one["tags"], one["text"].count("[["), len(re.findall(r"\([a-z-]+:", one["text"])))
            for one in story["passages"]
        ]

    assert shape(hostile()) == shape(branching())


@pytest.mark.parametrize(
    "text", [*BAITS, "(a:1)(print: 2)", "--- ''x'' //y//", "a->b<-c", "((x: 1))", "(x) (24 %): y", "&#91;&#91;x]]"]
)
def test_no_sign_of_harlowe_is_left_in_a_text_and_none_of_it_is_lost(text):
    made = escaped(text)
    left = re.sub(r"&#\d+;", "", made)
    assert not re.search(r"[\[\]{}$_#*=|^~`\\@<>&]|::|//|''|--|\+\+", left)
    assert not re.search(r"\([\w/-]+:", made)
    assert html.unescape(made) == text


@pytest.mark.parametrize("lesson", LESSONS)
def test_gift_pegjs_reads_the_questions_as_our_own_parser_does(lesson):
    text = FORMATS["gift"].write(LESSONS[lesson]()).decode("utf-8")
    category, *found = node("gift.cjs", "gift-pegjs", text)
    assert category["type"] == "Category"
    ours = read_gift(text)
    assert [one["title"] for one in found] == [one.name for one in ours]
    for theirs, one in zip(found, ours, strict=True):
        assert theirs["type"] == "MC"
        assert theirs["stem"] == {"format": "html", "text": one.stem}
        assert [choice["text"]["text"] for choice in theirs["choices"]] == [text for _, text, _ in one.answers]
        assert [choice["feedback"]["text"] for choice in theirs["choices"]] == [told for _, _, told in one.answers]
        assert [choice["isCorrect"] for choice in theirs["choices"]] == [
            fraction == "100" for fraction, _, _ in one.answers
        ]


ANKI = """
import json, os, sys, tempfile
from anki.collection import Collection, ImportAnkiPackageOptions, ImportAnkiPackageRequest
folder = sys.argv[1]
collection = Collection(os.path.join(folder, "all.anki2"))
told = []
for name in sys.argv[2:]:
    options = ImportAnkiPackageOptions(merge_notetypes=True)
    log = collection.import_anki_package(ImportAnkiPackageRequest(package_path=name, options=options)).log
    told.append({"new": len(log.new), "updated": len(log.updated), "duplicate": len(log.duplicate), "notes": collection.note_count()})
cards = [collection.get_card(one) for one in collection.find_cards("", order="c.due")]
shown = [[one.question(), one.answer()] for one in cards]
decks = [one.name for one in collection.decks.all_names_and_ids()]
sound = collection.fix_integrity()[1]
collection.close()
print(json.dumps({"told": told, "shown": shown, "decks": decks, "sound": sound}))
"""


def anki(folder, *decks):
    if importlib.util.find_spec("anki") is None:
        pytest.skip("the package anki is missing: pip install '.[test]'")
    names = []
    for number, content in enumerate(decks):
        names.append(str(folder / f"{number}.apkg"))
        Path(names[-1]).write_bytes(content)
    command = [sys.executable, "-W", "ignore", "-c", ANKI, str(folder), *names]
    ran = subprocess.run(command, capture_output=True, check=False, encoding="utf-8", timeout=120)
    assert ran.returncode == 0, ran.stderr
    return json.loads(ran.stdout.splitlines()[-1])


def test_anki_imports_the_deck_and_updates_it_when_it_comes_again(tmp_path, monkeypatch):
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1763712000")
    first = FORMATS["anki"].write(branching())
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1763712060")
    other = FORMATS["anki"].write(replace(branching(), debrief=("Other words.",)))
    found = anki(tmp_path, first, first, other)
    assert [(one["new"], one["updated"], one["notes"]) for one in found["told"]] == [(2, 0, 2), (0, 0, 2), (0, 2, 2)]
    assert found["sound"]
    assert f"Pathways::{branching().title}" in found["decks"]
    question, answer = found["shown"][0]
    assert "What does the meeting recommend?" in question
    assert "Best choice" not in question
    assert "Best choice" in answer
    assert "Other words." in answer


def test_anki_shows_hostile_text_as_text(tmp_path):
    found = anki(tmp_path, FORMATS["anki"].write(hostile()))
    for side in found["shown"][0]:
        tags = set(re.findall(r"<([a-z0-9]+)", re.sub(r"<style>.*?</style>", "", side, flags=re.S)))
        assert tags <= {
            "h3",
            "h4",
            "p",
            "strong",
            "small",
            "table",
            "tr",
            "th",
            "td",
            "pre",
            "br",
            "ol",
            "ul",
            "li",
            "hr",
        }
        assert "[anki:" not in side
        shown = html.unescape(re.sub(r"<[^>]*>", "", side))
        assert BAITS[0] in shown
        assert "{{c1::bitten}}" in shown


def inline(tokens):
    return [child for token in tokens for child in (token.children or ())]


@pytest.mark.parametrize("preset", ["commonmark", "gfm-like"])
def test_a_commonmark_parser_finds_no_markup_of_others_in_the_handout(preset):
    text = FORMATS["markdown"].write(hostile()).decode("utf-8")
    reader = MarkdownIt(preset, {"linkify": False}).enable("table")
    tokens = reader.parse(text)
    kinds = {one.type for one in tokens} | {one.type for one in inline(tokens)}
    assert kinds <= {
        "heading_open", "heading_close", "paragraph_open", "paragraph_close", "inline", "text", "text_special", "strong_open",
        "strong_close", "bullet_list_open", "bullet_list_close", "ordered_list_open", "ordered_list_close", "list_item_open",
        "list_item_close", "table_open", "table_close", "thead_open", "thead_close", "tbody_open", "tbody_close", "tr_open", "tr_close",
        "th_open", "th_close", "td_open", "td_close", "fence", "hr",
    }  # fmt: skip


def test_a_commonmark_parser_shows_every_text_as_it_was():
    lesson = prepared(hostile())
    tokens = MarkdownIt("commonmark").enable("table").parse(FORMATS["markdown"].write(lesson).decode("utf-8"))
    shown = {
        "".join(child.content for child in one.children).replace("\u2060", "") for one in tokens if one.type == "inline"
    }
    maps = "".join(one.content for one in tokens if one.type == "fence")
    for passage in lesson.passages:
        for words in passage.text:
            assert words in shown
        for line in passage.liver_map:
            assert line in maps
        for choice in passage.choices:
            if choice.grade:
                assert all(words in shown for words in choice.feedback)
