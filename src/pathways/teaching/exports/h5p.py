"""H5P Branching Scenario, content only: the site brings the player, the file brings the case.

The player has no variables and must not be led in a circle. So a refused answer shows why, and then a copy of the question without
it; where a decision has more than two refused answers, the second refusal leads to the answers that are open. Points are given at
the first question only: the first answer counts. The liver is a picture of points, because sites take no SVG from a package: it follows the
page that shows it first, and every page that shows it otherwise, at an end beside the liver as it was.
"""

from __future__ import annotations

import json
import re
from html import escape
from typing import Any

from pathways.messages.catalogue import say
from pathways.quick_dataclass import dataclass
from pathways.teaching.exports import words
from pathways.teaching.exports.h5p_check import LIBRARIES, LONGEST_BUTTON, MAIN, check, nodes
from pathways.teaching.exports.pictures import drawn_liver, first_liver, liver_points
from pathways.teaching.exports.plain import digest, html_text, plain_title, uuid_of, zipped
from pathways.teaching.exports.walk import is_graded, only_goes_on
from pathways.teaching.lessons.model import Choice, Lesson, Passage

__all__ = ["MANY_NODES", "TARGETS", "check", "remarks", "write"]

TARGETS = ("1.8", "1.9", "1.10")
# Beyond this the H5P editor is reported to become slow.
MANY_NODES = 60
FEW_REFUSED = 2
POINTS = 100
END = -1
LONGEST_ALT = 2000


@dataclass(frozen=True, slots=True)
class Node:
    """One entry of the content: the passage's page, its liver, its question without some answers, or the one answer that is left."""

    kind: str
    passage: str
    gone: frozenset[int] = frozenset()


def write(lesson: Lesson, target: str = "1.8") -> bytes:
    """The package of `lesson` for the version `target` of Branching Scenario."""
    plan = _Plan(lesson)
    content = {"branchingScenario": _scenario(lesson, [plan.entry(one) for one in plan.order()])}
    files = {"h5p.json": _json(_package(lesson, target)), "content/content.json": _json(content)}
    return zipped(files | {f"content/{path}": picture for path, picture in plan.pictures.items()})


def remarks(content: bytes) -> list[str]:
    """What a teacher should know of a package that is otherwise sound."""
    count = nodes(content)
    return (
        [f"{count} nodes: the H5P editor is reported to become slow beyond {MANY_NODES}"] if count > MANY_NODES else []
    )


class _Plan:
    """Which nodes there are, where each leads, and what it shows."""

    def __init__(self, lesson: Lesson) -> None:
        self.lesson = lesson
        self.known = {one.id: one for one in lesson.passages}
        self.number: dict[Node, int] = {}
        self.first = first_liver(lesson)
        self.drawn_first = next((one.id for one in lesson.passages if one.liver is not None), None)
        self.pictures: dict[str, bytes] = {}

    def shows(self, here: Passage) -> bool:
        """Whether the liver follows the page: where it is shown first, and where it is another one than at first."""
        return here.liver is not None and (here.id == self.drawn_first or here.liver != self.first)

    def order(self) -> list[Node]:
        """Nodes from the start on, in the order in which they are met first."""
        start = Node("page", self.lesson.passages[0].id)
        self.number = {start: 0}
        waiting = [start]
        for node in waiting:
            for one in self._onward(node):
                if one not in self.number:
                    self.number[one] = len(self.number)
                    waiting.append(one)
        return waiting

    def entry(self, node: Node) -> dict[str, Any]:
        """The entry of the content for `node`."""
        here = self.known[node.passage]
        onward = [self.number[one] for one in self._onward(node)]
        if node.kind == "ask":
            return self._question(here, node, onward)
        if node.kind == "liver":
            return {**self._liver(here), "nextContentId": onward[0] if onward else END}
        name = uuid_of("h5p", self.lesson.id, node.kind, here.id, sorted(node.gone))
        html = (
            _page(self.lesson, here, mapped=not self.shows(here))
            if node.kind == "page"
            else _told(self.lesson, self._left(node), only=bool(node.gone))
        )
        button = here.choices[0].text if node.kind == "page" and only_goes_on(here) else "Continue"
        made = _entry("H5P.AdvancedText 1.1", {"text": html}, name, "Text", here.title)
        return {
            **made,
            "proceedButtonText": plain_title(button, LONGEST_BUTTON),
            "nextContentId": onward[0] if onward else END,
        }

    def _onward(self, node: Node) -> list[Node]:
        here = self.known[node.passage]
        if node.kind == "told":
            return [Node("page", self._left(node).to)]
        if node.kind == "page" and self.shows(here):
            return [Node("liver", here.id)]
        if node.kind in ("page", "liver"):
            if not here.choices:
                return []
            if only_goes_on(here) and not _says_something(here.choices[0]):
                return [Node("page", here.choices[0].to)]
            return [_asked(here, frozenset())]
        return [
            _asked(here, self._without(here, node.gone, place)) if one.to == here.id else Node("page", one.to)
            for place, one in enumerate(here.choices)
            if place not in node.gone
        ]

    def _liver(self, here: Passage) -> dict[str, Any]:
        """The entry of the liver of a passage; at an end the liver as it was stands beside it."""
        assert here.liver is not None
        before = self.first if not here.choices and here.liver != self.first else None
        picture, width, height = liver_points(here.liver, before)
        path = f"images/{digest(picture.hex())}.png"
        self.pictures[path] = picture
        words_now = drawn_liver(here.liver)[1]
        alt = words_now if before is None else say("h5p.liver_before", before=drawn_liver(before)[1], now=words_now)
        file = {"path": path, "mime": "image/png", "width": width, "height": height, "copyright": {"license": "U"}}
        params = {"contentName": "Image", "decorative": False, "file": file, "alt": plain_title(alt, LONGEST_ALT)}
        name = uuid_of("h5p", self.lesson.id, "liver", here.id)
        return _entry("H5P.Image 1.1", params, name, "Image", here.title)

    def _without(self, here: Passage, gone: frozenset[int], place: int) -> frozenset[int]:
        refused = frozenset(number for number, one in enumerate(here.choices) if one.to == here.id)
        return refused if gone and len(refused) > FEW_REFUSED else gone | {place}

    def _left(self, node: Node) -> Choice:
        here = self.known[node.passage]
        return next(one for place, one in enumerate(here.choices) if place not in node.gone)

    def _question(self, here: Passage, node: Node, onward: list[int]) -> dict[str, Any]:
        open_ = [one for place, one in enumerate(here.choices) if place not in node.gone]
        alternatives = [
            {
                "text": _plain_html(one.text),
                "nextContentId": to,
                "feedback": _feedback(self.lesson, one, counts=not node.gone and is_graded(here)),
            }
            for one, to in zip(open_, onward, strict=True)
        ]
        question = f"<p>{html_text(here.question or 'What do you do?')}</p>"
        params = {"branchingQuestion": {"question": question, "alternatives": alternatives}}
        name = uuid_of("h5p", self.lesson.id, "ask", here.id, sorted(node.gone))
        return _entry("H5P.BranchingQuestion 1.0", params, name, "Branching Question", here.title)


def _asked(here: Passage, gone: frozenset[int]) -> Node:
    """The question without the answers that are gone; a question needs two."""
    return Node("ask" if len(here.choices) - len(gone) > 1 else "told", here.id, gone)


def _says_something(choice: Choice) -> bool:
    return bool(choice.grade or choice.feedback or choice.costs or choice.sources)


def _entry(library: str, params: dict[str, Any], name: str, kind: str, title: str) -> dict[str, Any]:
    metadata = {"contentType": kind, "license": "U", "title": plain_title(title)}
    return {
        "type": {"library": library, "params": params, "subContentId": name, "metadata": metadata},
        "showContentTitle": False,
        "proceedButtonText": "Continue",
        "forceContentFinished": "useBehavioural",
        "contentBehaviour": "useBehavioural",
        "feedback": {"title": "", "subtitle": ""},
    }


def _page(lesson: Lesson, here: Passage, *, mapped: bool) -> str:
    """A passage as HTML of the tags that a text may hold: a table would be taken out, so findings are a list.

    `mapped`: with the map of the liver in lines, where no picture follows.
    """
    parts = [f"<h2>{html_text(here.title)}</h2>", f"<p><em>{words.day(here.day)}</em></p>", *_paragraphs(here.text)]
    if here.findings:
        rows = "".join(
            f"<li><strong>{html_text(label)}:</strong> {html_text(value)}</li>" for label, value in here.findings
        )
        parts.append(f"<ul>{rows}</ul>")
    if here.liver_map and mapped:
        parts.append("<pre>" + "\n".join(html_text(one) for one in here.liver_map) + "</pre>")
    if not here.choices:
        parts += ["<hr>", "<h3>Debrief</h3>", *_paragraphs(lesson.debrief)]
        if told := words.misconception(lesson):
            parts += ["<h3>The misconception this case is about</h3>", *_paragraphs((told,))]
    if not here.choices:
        # What a case is for is told after it: told before, it answers the first question.
        parts += _items("To take home", lesson.learning_objectives)
    if here is lesson.passages[0] or not here.choices:
        parts.append(_note(lesson))
    return "".join(parts)


def _told(lesson: Lesson, choice: Choice, *, only: bool) -> str:
    """The one answer there is, or that is left, and what follows it."""
    grade = f" {words.grade_of(choice)}." if choice.grade else ""
    parts = [
        f"<p>{'What is left: ' if only else ''}<strong>{html_text(choice.text)}</strong>.{grade}</p>",
        *_paragraphs(choice.feedback),
    ]
    parts += _items(words.COSTS, choice.costs)
    parts += _items(words.SOURCES, tuple(words.citation_line(one) for one in words.cited(lesson, choice)))
    return "".join(parts)


def _feedback(lesson: Lesson, choice: Choice, *, counts: bool) -> dict[str, Any]:
    """What is shown between an answer and what follows, in paragraphs alone; points where the answer counts."""
    lines = [*choice.feedback, *(f"{words.COSTS}: {one}" for one in choice.costs)]
    lines += [f"{words.SOURCES}: {words.citation_line(one)}" for one in words.cited(lesson, choice)]
    made: dict[str, Any] = {"title": words.grade_of(choice), "subtitle": "".join(_paragraphs(tuple(lines)))}
    if choice.grade:
        made["endScreenScore"] = round(POINTS * choice.score) if counts else 0
    return made


def _scenario(lesson: Lesson, content: list[dict[str, Any]]) -> dict[str, Any]:
    title = f"<p>{html_text(lesson.title or lesson.id)}</p>"
    return {
        "title": plain_title(lesson.title or lesson.id),
        "startScreen": {"startScreenTitle": title, "startScreenSubtitle": _note(lesson)},
        "endScreens": [
            {
                "endScreenTitle": "<p>The case ends here</p>",
                "endScreenSubtitle": _note(lesson),
                "contentId": END,
                "endScreenScore": 0,
            }
        ],
        "content": content,
        "scoringOptionGroup": {"scoringOption": "dynamic-score", "includeInteractionsScores": False},
        "behaviour": {
            "enableBackwardsNavigation": True,
            "forceContentFinished": False,
            "randomizeBranchingQuestions": False,
        },
        "l10n": {
            "startScreenButtonText": "Start",
            "endScreenButtonText": "Play again",
            "backButtonText": "Back",
            "disableProceedButtonText": "Finish this step first",
            "replayButtonText": "Replay",
            "scoreText": "Your score:",
            "fullscreenAria": "Fullscreen",
        },
    }


def _package(lesson: Lesson, target: str) -> dict[str, Any]:
    minor = int(target.partition(".")[2])
    libraries = [{"machineName": MAIN, "majorVersion": 1, "minorVersion": minor}]
    for name in LIBRARIES:
        machine, _, version = name.partition(" ")
        major, _, least = version.partition(".")
        libraries.append({"machineName": machine, "majorVersion": int(major), "minorVersion": int(least)})
    return {
        "title": plain_title(lesson.title or lesson.id),
        "language": "en",
        "mainLibrary": MAIN,
        "embedTypes": ["iframe"],
        "license": "U",
        "preloadedDependencies": libraries,
    }


def _note(lesson: Lesson) -> str:
    return f"<p><em>{html_text(words.reviewed(lesson))}. {html_text(lesson.disclaimer)}</em></p>"


def _plain_html(text: str) -> str:
    """For a field that is plain text and yet set as HTML."""
    return escape(re.sub(r"\\(?=[(\[)\]])", "\\\\\u2060", text), quote=False)


def _paragraphs(texts: tuple[str, ...]) -> list[str]:
    return [f"<p>{html_text(one)}</p>" for one in texts]


def _items(title: str, items: tuple[str, ...]) -> list[str]:
    return [f"<h3>{title}</h3><ul>{''.join(f'<li>{html_text(one)}</li>' for one in items)}</ul>"] if items else []


def _json(document: dict[str, Any]) -> bytes:
    return json.dumps(document, ensure_ascii=False, indent=1).encode("utf-8")
