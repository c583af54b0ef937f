"""Moodle XML: one question of one answer for each decision, feedback for every answer, part of a point for what is acceptable."""

from __future__ import annotations

import re
from html.parser import HTMLParser
from typing import TYPE_CHECKING

from pathways.teaching.exports import questions as asked
from pathways.teaching.exports.plain import digest, html_text, slug
from pathways.teaching.lessons.model import Lesson

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element

TAGS = {
    "p", "strong", "small", "h4", "table", "tr", "th", "td", "pre", "br", "ol", "ul", "li",
}  # fmt: skip
LONGEST_NAME = 255
LONGEST_IDNUMBER = 100


def write(lesson: Lesson) -> bytes:
    """The questions of `lesson` in one category."""
    parts = ['<?xml version="1.0" encoding="UTF-8"?>', "<quiz>", _category(lesson)]
    parts += [_question(lesson, one) for one in asked.questions(lesson)]
    return "\n".join([*parts, "</quiz>", ""]).encode("utf-8")


def category(lesson: Lesson) -> str:
    """Where Moodle puts the questions: letters and digits alone, because a slash would make another level."""
    title = re.sub(r"[^\w ()-]+", " ", lesson.title)
    return f"$course$/top/Pathways {' '.join(title.split())[:200] or slug(lesson.id)}".replace("_", " ")


def _category(lesson: Lesson) -> str:
    return f'<question type="category"><category><text>{category(lesson)}</text></category></question>'


def _question(lesson: Lesson, question: asked.Question) -> str:
    lines = [
        '<question type="multichoice">',
        f"<name><text>{question.name[:LONGEST_NAME]}</text></name>",
        _html("questiontext", asked.stem(lesson, question)),
        _html("generalfeedback", asked.general_feedback(lesson)),
        "<defaultgrade>1</defaultgrade><penalty>0.3333333</penalty><hidden>0</hidden>",
        f"<idnumber>{_idnumber(question)}</idnumber>",
        "<single>true</single><shuffleanswers>true</shuffleanswers><answernumbering>abc</answernumbering>",
    ]
    for choice, fraction in question.answers:
        text = _cdata(f"<p>{html_text(choice.text)}</p>")
        lines.append(
            f'<answer fraction="{fraction}" format="html"><text>{text}</text>'
            f"{_html('feedback', asked.feedback(lesson, choice))}</answer>"
        )
    tag = slug(lesson.objective)
    return "\n".join(
        [*lines, f"<tags><tag><text>pathways</text></tag><tag><text>{tag}</text></tag></tags>", "</question>"]
    )


def _idnumber(question: asked.Question) -> str:
    name = question.name.replace(" ", ".")
    return name if len(name) <= LONGEST_IDNUMBER else f"{name[:80]}-{digest(name)}"


def _html(tag: str, content: str) -> str:
    return f'<{tag} format="html"><text>{_cdata(content)}</text></{tag}>'


def _cdata(content: str) -> str:
    return f"<![CDATA[{content.replace(']]>', ']]]]><![CDATA[>')}]]>"


def check(content: bytes) -> list[str]:
    """What is wrong with Moodle XML: no XML, a question Moodle would refuse or round, a tag that is none of ours."""
    from xml.etree.ElementTree import ParseError, fromstring

    if not content.startswith(b"<?xml"):
        return ["the XML declaration does not stand first"]
    if b"<!DOCTYPE" in content or b"<!ENTITY" in content:
        return ["a document type is declared"]
    try:
        quiz = fromstring(content)  # noqa: S314 - no document type, so nothing can be expanded
    except ParseError as error:
        return [f"no XML: {error}"]
    if quiz.tag != "quiz":
        return [f"the root is {quiz.tag}, not quiz"]
    wrong, names = [], []
    for one in quiz.findall("question"):
        if one.get("type") == "category":
            path = one.findtext("category/text") or ""
            wrong += [] if path.startswith("$course$/top/") and path.count("/") == 2 else [f"category {path}"]  # noqa: PLR2004 - the top and one folder
        else:
            names.append(one.findtext("name/text") or "")
            wrong += [f"{names[-1]}: {fault}" for fault in _question_faults(one)]
    wrong += [f"{one}: two questions carry this name" for one in sorted({one for one in names if names.count(one) > 1})]
    return wrong if names else [*wrong, "no question"]


def _question_faults(question: Element) -> list[str]:
    wrong = []
    if not 0 < len(question.findtext("name/text") or "") <= LONGEST_NAME:
        wrong.append("its name is empty or too long")
    if not 0 < len(question.findtext("idnumber") or "") <= LONGEST_IDNUMBER:
        wrong.append("its id number is empty or too long")
    answers = question.findall("answer")
    fractions = [one.get("fraction") or "" for one in answers]
    wrong += answer_faults(fractions, [one.findtext("text") or "" for one in answers])
    if question.findtext("single") != "true":
        wrong.append("it does not ask for one answer")
    for text in question.iter("text"):
        wrong += html_faults(text.text or "")
    return wrong


def answer_faults(fractions: list[str], texts: list[str]) -> list[str]:
    """What a question bank would refuse in the answers of one question."""
    wrong = [f"fraction {one} is none that Moodle knows" for one in fractions if one not in asked.FRACTIONS]
    if len(fractions) < 2:  # noqa: PLR2004 - one answer is no question
        wrong.append("fewer than two answers")
    if "100" not in fractions:
        wrong.append("no answer earns the whole point")
    return wrong + ["an answer is empty" for one in texts if not re.sub(r"<[^>]*>", "", one).strip()]


class _Tags(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.found: set[str] = set()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.add(tag if not attrs else f"{tag} with {attrs[0][0]}")


def html_faults(text: str) -> list[str]:
    """Tags and attributes that we never write."""
    reader = _Tags()
    reader.feed(text)
    reader.close()
    return [f"tag {one}" for one in sorted(reader.found - TAGS)]
