"""The pictures of a passage for writers that take SVG: the liver, and how its remnant grew. And whether an SVG is inert."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache
from html.parser import HTMLParser

from pathways.drawing.growth import GrowthCurve, growth, in_words
from pathways.drawing.liver import LiverState, described, liver
from pathways.drawing.raster import beside, png, points
from pathways.drawing.style import css
from pathways.teaching.lessons.model import Lesson, Passage

Drawing = tuple[str, str]
# All that our pictures are made of: nothing that asks for anything, leads anywhere or acts.
TAGS = frozenset({"svg", "title", "desc", "style", "rect", "path", "circle", "line", "text", "g", "defs", "pattern"})
ATTRIBUTES = frozenset({
    "xmlns", "viewbox", "width", "height", "role", "aria-labelledby", "class", "id", "d", "x", "y", "x1", "x2", "y1", "y2", "cx", "cy", "r",
    "rx", "fill", "stroke", "stroke-width", "stroke-dasharray", "patternunits", "patterntransform",
})  # fmt: skip
# The one reference: a pattern of the same picture.
OWN_PATTERN = re.compile(r"url\(#[A-Za-z0-9_-]+\)")


def drawn_liver(state: LiverState, name: str = "liver", title: str = "Liver map") -> Drawing:
    """The liver as an SVG that stands alone, and in words."""
    return liver(state, name=name, title=title, alone=True), described(state)


def drawn_growth(curve: GrowthCurve, name: str = "growth") -> Drawing:
    """How the remnant grew, as an SVG that stands alone, and in words."""
    return growth(curve, name=name, alone=True), in_words(curve)


def pictures(here: Passage, name: str) -> Iterator[Drawing]:
    """The pictures of a passage, each with its words; `name` makes their ids their own."""
    if here.liver is not None:
        yield drawn_liver(here.liver, f"liver-{name}")
    if here.growth is not None:
        yield drawn_growth(here.growth, f"growth-{name}")


def first_liver(lesson: Lesson) -> LiverState | None:
    """The liver as it was before anything was done: the first that is shown."""
    return next((one.liver for one in lesson.passages if one.liver is not None), None)


@lru_cache(maxsize=64)
def liver_points(state: LiverState, before: LiverState | None = None) -> tuple[bytes, int, int]:
    """The liver as a PNG with its width and height, for readers that take no SVG; with `before`, that one beside it."""
    image = points(drawn_liver(state)[0])
    if before is not None:
        image = beside(points(drawn_liver(before)[0]), image)
    return png(image), image.shape[1], image.shape[0]


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.wrong: list[str] = []
        self.inside = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.inside = tag
        self.wrong += [] if tag in TAGS else [f"tag {tag}"]
        for name, value in attrs:
            told = value or ""
            if name not in ATTRIBUTES:
                self.wrong.append(f"attribute {name} of {tag}")
            elif "url(" in told.lower() and not (name == "fill" and OWN_PATTERN.fullmatch(told)):
                self.wrong.append(f"{name} asks for {told}")

    def handle_endtag(self, _tag: str) -> None:
        self.inside = ""

    def handle_data(self, data: str) -> None:
        if self.inside == "style" and data != css():
            self.wrong.append("a style that is none of ours")

    def handle_comment(self, _data: str) -> None:
        self.wrong.append("a comment")

    def handle_decl(self, decl: str) -> None:
        self.wrong.append(f"a declaration {decl}")

    def handle_pi(self, _data: str) -> None:
        self.wrong.append("a processing instruction")

    def unknown_decl(self, _data: str) -> None:
        self.wrong.append("a declaration")


def not_inert(svg: str) -> list[str]:
    """What an SVG holds that our pictures do not: a tag, an attribute, a reference, a style; empty for one of ours."""
    reader = _Reader()
    reader.feed(svg)
    reader.close()
    found = list(reader.wrong)
    if not re.fullmatch(r"<svg [^\n]*</svg>", svg) or svg.count("<svg") != 1:
        found.append("more or less than one picture on one line")
    return found
