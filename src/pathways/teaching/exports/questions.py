"""Decisions as questions that stand alone: for question banks and flash cards.

Each carries what a learner must know to answer it: the patient as first met, and one way to get there, the one that earns most
(another way may lead to the same decision).
"""

from __future__ import annotations

from dataclasses import dataclass

from pathways.teaching.exports import words
from pathways.teaching.exports.plain import BadLesson, html_text, slug
from pathways.teaching.exports.walk import Step, is_graded, most_points, only_goes_on, trails
from pathways.teaching.lesson import Choice, Lesson, Passage

# The fractions that Moodle accepts, in the spelling of its exports.
FRACTIONS = (
    "100", "90", "83.33333", "80", "75", "70", "66.66667", "60", "50", "40", "33.33333", "30", "25", "20", "16.66667",
    "14.28571", "12.5", "11.11111", "10", "5", "0",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Question:
    """A decision with its name, the way there, and each answer with its fraction of a point in per cent."""

    name: str
    passage: Passage
    opening: Passage | None
    way: tuple[Step, ...]
    answers: tuple[tuple[Choice, str], ...]


def questions(lesson: Lesson) -> tuple[Question, ...]:
    """Every graded decision with two or more answers. Names stay while ids stay. Raises `BadLesson` if there is none."""
    ways = trails(lesson)
    first = lesson.passages[0]
    found = tuple(
        Question(
            name=f"{slug(lesson.id)} {slug(here.id)}",
            passage=here,
            opening=None if here is first else first,
            way=tuple(one for one in ways[here.id] if not only_goes_on(one.passage)),
            answers=tuple((one, fraction(one, here)) for one in here.choices),
        )
        for here in lesson.passages
        if len(here.choices) > 1 and is_graded(here) and most_points(here) > 0
    )
    if not found:
        raise BadLesson("no decision with two answers of which one earns a point: there is no question to ask")
    return found


def fraction(choice: Choice, here: Passage) -> str:
    """The score as a share of the best one here, as the nearest fraction that Moodle knows.

    Only what is worth as much as the best earns 100: an acceptable answer is never rounded up to it, nor an answer that earns
    something down to nothing.
    """
    share = 100 * choice.score / most_points(here) if choice.grade else 0.0
    if share in (0, 100):
        return f"{share:.0f}"
    return min(FRACTIONS[1:-1], key=lambda one: abs(float(one) - share))


def stem(lesson: Lesson, question: Question) -> str:
    """The question as HTML, with who reviewed the lesson and what it is not."""
    return situation(question) + note(lesson)


def situation(question: Question) -> str:
    """The patient, the way here, the findings, the map and what is asked, as HTML."""
    here = question.passage
    parts = []
    if question.opening is not None:
        parts += [f"<h4>{html_text(question.opening.title)}</h4>", *_paragraphs(question.opening.text)]
        if not here.findings:
            parts.append(findings(question.opening))
    if question.way:
        steps = "".join(f"<li>{words.day(one.passage.day)}: {html_text(one.choice.text)}</li>" for one in question.way)
        parts.append(f"<p><strong>What was done</strong></p><ol>{steps}</ol>")
    parts += [f"<h4>{words.day(here.day)}: {html_text(here.title)}</h4>", *_paragraphs(here.text), findings(here)]
    parts.append(liver_map(here))
    parts.append(f"<p><strong>{html_text(here.question or 'What do you do?')}</strong></p>")
    return "".join(parts)


def note(lesson: Lesson) -> str:
    """Who reviewed the lesson, and what it is not."""
    return f"<p><small>{html_text(words.reviewed(lesson).rstrip('.'))}. {html_text(lesson.disclaimer)}</small></p>"


def findings(here: Passage) -> str:
    """The findings as an HTML table; empty where there are none."""
    rows = "".join(f"<tr><th>{html_text(label)}</th><td>{html_text(value)}</td></tr>" for label, value in here.findings)
    return f"<table>{rows}</table>" if rows else ""


def liver_map(here: Passage) -> str:
    """The map in monospace; empty where there is none."""
    # Moodle and Anki take a line break inside <pre> as it stands; GIFT ends a question at an empty line, so breaks are tags.
    return f"<pre>{'<br>'.join(html_text(one) or '&nbsp;' for one in here.liver_map)}</pre>" if here.liver_map else ""


def feedback(lesson: Lesson, choice: Choice) -> str:
    """Grade, reasons, costs and sources of an answer as HTML."""
    parts = [f"<p><strong>{words.grade_of(choice)}</strong></p>"] if choice.grade else []
    parts += _paragraphs(choice.feedback)
    parts += _list(words.COSTS, choice.costs)
    parts += _list(words.SOURCES, tuple(words.citation_line(one) for one in words.cited(lesson, choice)))
    return "".join(parts)


def general_feedback(lesson: Lesson) -> str:
    """The debrief as HTML."""
    return "".join(_paragraphs(lesson.debrief))


def _paragraphs(texts: tuple[str, ...]) -> list[str]:
    return [f"<p>{html_text(one)}</p>" for one in texts]


def _list(title: str, items: tuple[str, ...]) -> list[str]:
    if not items:
        return []
    return [f"<p>{title}</p><ul>", *(f"<li>{html_text(one)}</li>" for one in items), "</ul>"]
