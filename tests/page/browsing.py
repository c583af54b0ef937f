"""A reader of pages in the process of a test: it asks the application directly, fills in forms and presses buttons, and runs no script."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import urlencode

from pathways.page.app import application
from pathways.page.opened import Opened


@dataclass
class Answer:
    status: int
    headers: dict[str, str]
    text: str


def ask(app, method, path, *, body=b"", headers=(), host="127.0.0.1:8765"):
    """One request, without a network."""
    place, _, query = path.partition("?")
    scope = {
        "type": "http", "asgi": {"version": "3.0"}, "http_version": "1.1", "method": method, "scheme": "http", "path": place,
        "raw_path": place.encode(), "query_string": query.encode(), "root_path": "", "client": ("127.0.0.1", 1), "server": ("127.0.0.1", 8765),
        "headers": [(b"host", host.encode()), (b"content-length", str(len(body)).encode()), *((a.encode(), b.encode()) for a, b in headers)],
    }  # fmt: skip
    sent = []

    async def run():
        parts = [body[at : at + 65536] for at in range(0, len(body), 65536)] or [b""]

        async def receive():
            if parts:
                one = parts.pop(0)
                return {"type": "http.request", "body": one, "more_body": bool(parts)}
            return await asyncio.sleep(3600, {"type": "http.disconnect"})

        async def send(message):
            sent.append(message)

        await app(scope, receive, send)

    asyncio.run(run())
    head = next(one for one in sent if one["type"] == "http.response.start")
    text = b"".join(one.get("body", b"") for one in sent if one["type"] == "http.response.body")
    return Answer(head["status"], {a.decode(): b.decode() for a, b in head["headers"]}, text.decode())


@dataclass
class Control:
    tag: str
    attributes: dict[str, str | None]
    words: str = ""


class _Reader(HTMLParser):
    def __init__(self):
        super().__init__()
        self.controls: list[Control] = []
        self.text: list[str] = []
        self.heard: list[Control] = []
        self.inside: Control | None = None
        self.select: Control | None = None

    def handle_starttag(self, tag, attrs):
        attributes = dict(attrs)
        if tag == "select":
            self.select = Control(tag, attributes)
            self.controls.append(self.select)
        elif tag == "option" and self.select is not None:
            self.inside = Control(tag, attributes)
            if "selected" in attributes or "value" not in self.select.attributes:
                self.select.attributes["value"] = attributes.get("value")
                if attributes.get("value") is None:
                    self.select.words = "take"
        elif tag in ("input", "button", "textarea", "form", "a"):
            one = Control(tag, attributes)
            self.controls.append(one)
            self.inside = one if tag not in ("input", "form") else None

    def handle_endtag(self, tag):
        if tag == "select":
            self.select = None
        if self.inside is not None and tag == self.inside.tag:
            self.inside = None

    def handle_data(self, data):
        self.text.append(data)
        if self.inside is not None:
            if self.inside.tag == "option" and self.select is not None and self.select.words == "take":
                self.select.attributes["value"], self.select.words = data, ""
            self.inside.words += data


@dataclass
class Visit:
    """One page open on one application."""

    app: object
    screen: str = "case"
    answer: Answer = None
    filled: dict[str, str] = field(default_factory=dict)

    @classmethod
    def of(cls, place: Path | None = None, *, folder: Path | None = None, root="", path="/"):
        opened = Opened.at(place) if place is not None else Opened(folder)
        return cls(application(opened, root=root)).go(path)

    def another(self):
        """A second person at the same application."""
        return Visit(self.app).go("/")

    def go(self, path):
        self.answer = ask(self.app, "GET", path)
        self._read()
        return self

    def _read(self):
        self.page = _Reader()
        self.page.feed(self.answer.text)
        self.filled = {}

    @property
    def text(self):
        return " ".join(" ".join(self.page.text).split())

    def values(self):
        """What the form would send, as a browser collects it."""
        for one in self.page.controls:
            name, kind = one.attributes.get("name"), one.attributes.get("type")
            if (
                not name
                or one.tag == "button"
                or (kind in ("checkbox", "radio") and "checked" not in one.attributes and name not in self.filled)
            ):
                continue
            value = (
                one.words.removeprefix("\n")
                if one.tag == "textarea"
                else one.attributes.get("value") or ("on" if kind == "checkbox" else "")
            )
            if kind == "radio":
                if self.filled.get(name, value if "checked" in one.attributes else None) == value:
                    yield name, value
                continue
            yield name, self.filled.get(name, value)

    def value(self, name):
        return dict(self.values())[name]

    def fill(self, name, value):
        assert any(one.attributes.get("name") == name for one in self.page.controls), name
        self.filled[name] = value
        return self

    def button(self, identity):
        return next(one for one in self.page.controls if one.tag == "button" and one.attributes.get("id") == identity)

    def press(self, identity="", **more):
        """The button of that id; none is what Enter presses: the first of the form."""
        form = next(one for one in self.page.controls if one.tag == "form")
        action, pairs = form.attributes["action"], list(self.values())
        if identity:
            one = self.button(identity)
            action = one.attributes.get("formaction") or action
            if one.attributes.get("name"):
                pairs.append((one.attributes["name"], one.attributes["value"]))
        self.answer = ask(
            self.app,
            "POST",
            action,
            body=urlencode(pairs).encode(),
            headers=[("content-type", "application/x-www-form-urlencoded")],
            **more,
        )
        self._read()
        return self

    def pressed(self):
        return {
            one.attributes["aria-label"]
            for one in self.page.controls
            if (one.attributes.get("id") or "").startswith("segment-") and one.attributes["aria-pressed"] == "true"
        }
