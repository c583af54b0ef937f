"""The formats: what each is for, who writes and who checks it. Writers are imported when they are asked for."""

from __future__ import annotations

from collections.abc import Callable
from importlib import import_module
from typing import Any

from pathways.quick_dataclass import dataclass
from pathways.teaching.exports.plain import prepared
from pathways.teaching.lessons.model import Lesson


@dataclass(frozen=True, slots=True)
class Format:
    """One format: its name, the usual ending of a file, whether it is text, and what it is for."""

    name: str
    suffix: str
    is_text: bool
    about: str
    module: str

    def write(self, lesson: Lesson, **options: str) -> bytes:
        """`lesson` in this format. Raises `BadLesson` for a lesson that is none."""
        made: bytes = self._of("write")(prepared(lesson), **options)
        return made

    def check(self, content: bytes) -> list[str]:
        """What is wrong with `content`; empty if it is sound."""
        found: list[str] = self._of("check")(content)
        return found

    def remarks(self, content: bytes) -> list[str]:
        """What a teacher should know of a sound `content`."""
        found: list[str] = self._of("remarks")(content) if self.name == "h5p" else []
        return found

    def _of(self, what: str) -> Callable[..., Any]:
        found: Callable[..., Any] = getattr(import_module(f"pathways.teaching.exports.{self.module}"), what)
        return found


FORMATS = {
    one.name: one
    for one in (
        Format("html", ".html", is_text=True, about="one page that plays offline in any browser", module="html_page"),
        Format("h5p", ".h5p", is_text=False, about="H5P Branching Scenario, content only", module="h5p"),
        Format("moodle", ".xml", is_text=True, about="Moodle XML: one question a decision", module="moodle"),
        Format("gift", ".gift", is_text=True, about="GIFT: the same questions as plain text", module="gift"),
        Format("twee", ".twee", is_text=True, about="Twee 3 for Twine, story format Harlowe", module="twee"),
        Format("scorm", ".zip", is_text=False, about="SCORM 1.2 package around the page, with score", module="scorm"),
        Format("anki", ".apkg", is_text=False, about="Anki deck: one card a decision", module="anki"),
        Format("markdown", ".md", is_text=True, about="facilitator's handout with answers", module="markdown"),
    )
}
