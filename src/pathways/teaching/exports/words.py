"""The words that every export uses, so that a lesson reads alike wherever it is opened."""

from __future__ import annotations

from pathways.teaching.lessons.model import Choice, Citation, Lesson

GRADES = {
    "best": "Best choice",
    "acceptable": "Acceptable choice",
    "poor": "Poor choice",
    "refused": "Refused by a rule",
}
SIGNS = {"best": "✓", "acceptable": "○", "poor": "▽", "refused": "✕"}
COSTS = "What it costs"
SOURCES = "Sources"
NOT_REVIEWED = "Not reviewed by a clinician"


def grade_of(choice: Choice) -> str:
    """The grade in words; empty where nothing is graded."""
    return GRADES[choice.grade] if choice.grade else ""


def reviewed(lesson: Lesson) -> str:
    """Who reviewed the lesson, as a sentence without its stop; nobody, if it does not say."""
    said = lesson.reviewed.rstrip(". ") or NOT_REVIEWED
    return said[0].upper() + said[1:]


def cited(lesson: Lesson, choice: Choice) -> tuple[Citation, ...]:
    """The sources of a choice, in its own order."""
    known = {one.id: one for one in lesson.citations}
    return tuple(known[name] for name in choice.sources)


def citation_line(citation: Citation) -> str:
    """A source as one line of plain text."""
    return f"{citation.text} {citation.url}".strip()


def misconception(lesson: Lesson) -> str:
    """The misconception, where the debrief does not tell it already."""
    return "" if any(lesson.misconception in one for one in lesson.debrief) else lesson.misconception


def settings(lesson: Lesson) -> str:
    """Under which protocol and luck the lesson was unrolled."""
    parts = [
        f"level {lesson.level}" if lesson.level else "",
        f"difficulty {lesson.difficulty}" if lesson.difficulty else "",
        f"protocol {lesson.protocol}" if lesson.protocol else "",
        f"seed {lesson.seed}",
    ]
    return ", ".join(part for part in parts if part)


def day(number: int) -> str:
    """A day of the lesson."""
    return f"Day {number}"


def points(number: float) -> str:
    """A score without false decimals."""
    return f"{number:.2f}".rstrip("0").rstrip(".")
