"""One self-contained page that plays a lesson offline.

The page asks for nothing: its policy forbids every request, and its style and script are allowed by their hashes alone. The lesson
lies in it as JSON with `<` escaped, and the script writes it into the page as text only.
"""

from __future__ import annotations

import base64
import hashlib
import json
import re
from dataclasses import field
from functools import cache
from html import escape
from html.parser import HTMLParser
from importlib.resources import files
from typing import Any

from pathways.quick_dataclass import dataclass
from pathways.teaching.exports import words
from pathways.teaching.exports.pictures import Drawing, drawn_growth, drawn_liver, first_liver
from pathways.teaching.exports.plain import fingerprint
from pathways.teaching.exports.walk import best_route, decisions_ahead, points_of
from pathways.teaching.lessons.model import Lesson, Passage

# Words with which a script could make markup or code out of text.
MARKUP_MAKERS = re.compile(
    r"innerHTML|outerHTML|insertAdjacentHTML|document\.write|\beval\b|new Function|DOMParser|srcdoc"
)
# Attributes by which a page asks for something; only an empty icon is allowed.
ASKING = {"src", "srcset", "href", "action", "formaction", "poster", "background", "data", "ping"}


def write(lesson: Lesson) -> bytes:
    """The page of `lesson`."""
    return page(lesson, "alone")


def page(lesson: Lesson, host: str, pass_mark: int | None = None) -> bytes:
    """The page, with `alone` or `scorm` keeping the progress; `pass_mark` in per cent is what a platform is told of."""
    style = _part("page.css")
    script = '(() => {\n"use strict";\n' + "".join(_part(f"{one}.js") for one in ("model", host, "view")) + "})();\n"
    parts = {
        "policy": policy(style, script),
        "title": escape(lesson.title or lesson.id),
        "style": style,
        "reviewed": escape(words.reviewed(lesson)),
        "disclaimer": escape(lesson.disclaimer),
        "lesson": embedded(lesson, pass_mark),
        "script": script,
    }
    return re.sub(r"\{\{(\w+)\}\}", lambda found: parts[found[1]], _part("page.html")).encode("utf-8")


def policy(style: str, script: str) -> str:
    """Nothing may be loaded; this one style and this one script may act."""
    return (
        f"default-src 'none'; script-src '{_hash(script)}'; style-src '{_hash(style)}'; "
        "img-src data:; base-uri 'none'; form-action 'none'"
    )


def embedded(lesson: Lesson, pass_mark: int | None = None) -> str:
    """The lesson as JSON that no HTML parser can take for markup."""
    told = document(lesson) if pass_mark is None else {**document(lesson), "passMark": pass_mark}
    text = json.dumps(told, ensure_ascii=False, separators=(",", ":"))
    for sign in ("<", ">", "&", "\u2028", "\u2029"):
        text = text.replace(sign, f"\\u{ord(sign):04x}")
    return text


def document(lesson: Lesson) -> dict[str, Any]:
    """What the page plays: passages by number, sources by id, the best route."""
    place = {one.id: number for number, one in enumerate(lesson.passages)}
    cited = {one.id: number for number, one in enumerate(lesson.citations)}
    ahead = decisions_ahead(lesson)
    route = best_route(lesson)
    # Many moments show the same liver: each is kept once.
    shown: dict[Drawing, int] = {}
    passages = [_passage(one, place, ahead, cited, shown) for one in lesson.passages]
    first = first_liver(lesson)
    before = -1 if first is None else shown.setdefault(drawn_liver(first), len(shown))
    return {
        "key": f"{lesson.id}:{fingerprint(lesson)}"[-64:]
        if not lesson.id
        else f"{fingerprint(lesson)}:{lesson.id}"[:64],
        "learning": list(lesson.learning_objectives),
        "misconception": words.misconception(lesson),
        "settings": words.settings(lesson),
        "debrief": list(lesson.debrief),
        "bestScore": points_of(route),
        "best": [[place[one.passage.id], one.passage.choices.index(one.choice)] for one in route],
        "citations": [{"text": one.text, "url": one.url} for one in lesson.citations],
        "words": {"grades": words.GRADES, "signs": words.SIGNS, "costs": words.COSTS, "sources": words.SOURCES},
        "passages": passages,
        # What a debrief sets beside the liver at its end.
        "before": before,
        "pictures": [_address(one) for one in shown],
    }


def _address(drawing: Drawing) -> dict[str, str]:
    """A picture as an address that lies in the page, and in words."""
    told = base64.b64encode(drawing[0].encode("utf-8")).decode("ascii")
    return {"picture": f"data:image/svg+xml;base64,{told}", "words": drawing[1]}


def _passage(
    here: Passage, place: dict[str, int], ahead: dict[str, int], cited: dict[str, int], shown: dict[Drawing, int]
) -> dict[str, Any]:
    liver, growth = (
        -1 if one is None else shown.setdefault(one, len(shown))
        for one in (
            None if here.liver is None else drawn_liver(here.liver),
            None if here.growth is None else drawn_growth(here.growth),
        )
    )
    return {
        "title": here.title,
        "day": here.day,
        # The page sets the two ways beside each other: told in words too they would be told twice.
        "text": [one for one in here.text if one not in here.recounted],
        "findings": [list(one) for one in here.findings],
        "map": list(here.liver_map),
        "liver": liver,
        "growth": growth,
        "question": here.question,
        "ahead": ahead[here.id],
        "choices": [
            {
                "text": one.text,
                "to": place[one.to],
                "grade": one.grade,
                "score": one.score,
                "feedback": list(one.feedback),
                "costs": list(one.costs),
                "sources": [cited[name] for name in one.sources],
            }
            for one in here.choices
        ],
    }


@cache
def _part(name: str) -> str:
    return (files("pathways.teaching.exports") / "page" / name).read_text(encoding="utf-8")


def _hash(text: str) -> str:
    return "sha256-" + base64.b64encode(hashlib.sha256(text.encode("utf-8")).digest()).decode("ascii")


@dataclass
class _Reader(HTMLParser):
    """Collects what a check looks at."""

    tags: list[tuple[str, dict[str, str | None]]] = field(default_factory=list)
    texts: dict[str, list[str]] = field(default_factory=dict)
    inside: str = ""

    def __post_init__(self) -> None:
        super().__init__(convert_charrefs=True)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        self.inside = dict(attrs).get("id") or tag

    def handle_endtag(self, _tag: str) -> None:
        self.inside = ""

    def handle_data(self, data: str) -> None:
        self.texts.setdefault(self.inside, []).append(data)


def check(content: bytes) -> list[str]:
    """What is wrong with a page: it asks for something, its policy is weak or does not fit, its data cannot be read."""
    try:
        text = content.decode("utf-8")
    except UnicodeDecodeError as error:
        return [f"not UTF-8: {error.reason}"]
    reader = _Reader()
    reader.feed(text)
    wrong = [*_asking(reader), *_policy_faults(reader)]
    script = "".join(reader.texts.get("script", ()))
    if found := MARKUP_MAKERS.search(script):
        wrong.append(f"the script uses {found[0]}")
    ids = {attributes["id"] for _, attributes in reader.tags if attributes.get("id")}
    wrong += [f"no element {one}" for one in ("case", "progress", "say", "disclaimer", "reviewed") if one not in ids]
    if not "".join(reader.texts.get("reviewed", ())).strip(" ."):
        wrong.append("it does not say who reviewed it")
    return wrong + _data_faults("".join(reader.texts.get("lesson", ())))


def _asking(reader: _Reader) -> list[str]:
    return [
        f"<{tag} {name}> asks for {value}"
        for tag, attributes in reader.tags
        for name, value in attributes.items()
        if (name in ASKING and not (value or "").startswith("#") and (tag, value) != ("link", "data:,"))
        or name.startswith("on")
    ]


def _policy_faults(reader: _Reader) -> list[str]:
    policies = [
        attributes.get("content") or ""
        for tag, attributes in reader.tags
        if tag == "meta" and (attributes.get("http-equiv") or "").lower() == "content-security-policy"
    ]
    if len(policies) != 1:
        return [f"{len(policies)} policies; one is needed"]
    style, script = ("".join(reader.texts.get(one, ())) for one in ("style", "script"))
    return [] if policies[0] == policy(style, script) else ["the policy does not fit the style and the script"]


def _data_faults(text: str) -> list[str]:
    if "<" in text:
        return ["the data hold <, which could end their element"]
    try:
        data = json.loads(text)
        count = len(data["passages"])
        choices = [one for here in data["passages"] for one in here["choices"]]
        sources = len(data["citations"])
        return [
            *(f"a choice leads to passage {one['to']} of {count}" for one in choices if not 0 <= one["to"] < count),
            *(
                f"source {one} of {sources}"
                for choice in choices
                for one in choice["sources"]
                if not 0 <= one < sources
            ),
        ]
    except (ValueError, KeyError, TypeError) as error:
        return [f"the data cannot be read: {error}"]
