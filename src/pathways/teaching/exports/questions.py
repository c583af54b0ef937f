"""Decisions as questions that stand alone: for question banks and flash cards.

Each carries what a learner must know to answer it: the patient as first met, one way to get there, and all findings told on it.
Another way may lead to the same decision; told is the one on which least is given away.
"""

from __future__ import annotations

from pathways.quick_dataclass import dataclass
from pathways.teaching.exports import words
from pathways.teaching.exports.plain import BadLesson, html_text, slug
from pathways.teaching.exports.walk import Step, is_graded, most_points, trails
from pathways.teaching.lessons.model import Choice, Lesson, Passage

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
    way: tuple[Step, ...]
    answers: tuple[tuple[Choice, str], ...]


def questions(lesson: Lesson) -> tuple[Question, ...]:
    """Every graded decision with two or more answers. Names stay while ids stay. Raises `BadLesson` if there is none."""
    ways = trails(lesson)
    found = tuple(
        Question(
            name=f"{slug(lesson.id)} {slug(here.id)}",
            passage=here,
            way=ways[here.id],
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
    parts: list[str] = []
    for step in question.way:
        # What was done is told by what happened; the answer itself would give the card before away.
        parts += [_heading(step.passage), *_paragraphs(step.passage.text)]
    parts += [_heading(here), *_paragraphs(here.text), _findings(question), _liver_map(question)]
    parts.append(f"<p><strong>{html_text(here.question or 'What do you do?')}</strong></p>")
    return "".join(parts)


def in_short(question: Question, most: int) -> str:
    """The situation of a question in at most `most` words, as HTML: what is decisive first, the question last."""
    here = question.passage
    told = dict(row for at in (*(one.passage for one in question.way), here) for row in at.findings)
    shown = [at.liver_map for at in (*(one.passage for one in question.way), here) if at.liver_map]
    legend = [line for line in (shown[-1] if shown else ()) if ": " in line]
    own = [f"{label}: {value}" for label, value in here.findings]
    happened = (
        [one for one in here.text if one not in question.way[0].passage.text] if question.way else list(here.text)
    )
    person = [told["Patient"].partition(", ")[0]] if "Patient" in told else []
    others = [
        f"{label}: {value}" for label, value in told.items() if label not in dict(here.findings) and label != "Patient"
    ]
    asked = here.question or "What do you do?"
    left, parts = most - len(asked.split()), list[str]()
    for words_ in (*person, *happened[-2:], *legend, *own, *others):
        if (long := len(words_.split())) <= left and words_ not in parts:
            parts.append(words_)
            left -= long
    return "".join(f"<p>{html_text(one)}</p>" for one in parts) + f"<p><strong>{html_text(asked)}</strong></p>"


def _heading(here: Passage) -> str:
    return f"<h4>{words.day(here.day)}: {html_text(here.title)}</h4>"


def note(lesson: Lesson) -> str:
    """Who reviewed the lesson, and what it is not."""
    return f"<p><small>{html_text(words.reviewed(lesson))}. {html_text(lesson.disclaimer)}</small></p>"


def _findings(question: Question) -> str:
    """All that was told on the way; of two findings of one name the later one."""
    told = dict(row for here in (*(one.passage for one in question.way), question.passage) for row in here.findings)
    rows = "".join(f"<tr><th>{html_text(label)}</th><td>{html_text(value)}</td></tr>" for label, value in told.items())
    return f"<table>{rows}</table>" if rows else ""


def _liver_map(question: Question) -> str:
    """The last map that was shown, in monospace."""
    shown = [here.liver_map for here in (*(one.passage for one in question.way), question.passage) if here.liver_map]
    # GIFT ends a question at an empty line, so line breaks are tags.
    return f"<pre>{'<br>'.join(html_text(one) or '&nbsp;' for one in shown[-1])}</pre>" if shown else ""


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
