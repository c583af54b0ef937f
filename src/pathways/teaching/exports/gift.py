r"""GIFT: the questions of the Moodle export as plain text.

The five signs of GIFT are escaped by a backslash or, where parsers differ (braces, backslash, tilde), written as an entity, since
the texts are HTML anyway.
"""

from __future__ import annotations

import re

from pathways.quick_dataclass import dataclass
from pathways.teaching.exports import questions as asked
from pathways.teaching.exports.moodle import answer_faults, category, html_faults
from pathways.teaching.exports.plain import html_text
from pathways.teaching.lessons.model import Lesson

SIGNS = re.compile(r"(?<!\\)[~=#{}]")


def write(lesson: Lesson) -> bytes:
    """The questions of `lesson`, a blank line between two of them."""
    blocks = [f"$CATEGORY: {category(lesson)}", *(_question(lesson, one) for one in asked.questions(lesson))]
    return ("\n\n".join(blocks) + "\n").encode("utf-8")


def _question(lesson: Lesson, question: asked.Question) -> str:
    lines = [f"::{question.name}::[html]{_escaped(asked.stem(lesson, question))} {{"]
    for choice, fraction in question.answers:
        sign = "=" if fraction == "100" else "~" if fraction == "0" else f"~%{fraction}%"
        text = _escaped(f"<p>{html_text(choice.text)}</p>")
        lines.append(f"  {sign}{text}#{_escaped(asked.feedback(lesson, choice)) or '<p></p>'}")
    if lesson.debrief:
        lines.append(f"  ####{_escaped(asked.general_feedback(lesson))}")
    return "\n".join([*lines, "}"])


def _escaped(html: str) -> str:
    entities = html.replace("~", "&#126;")
    return re.sub(r"[=#:{}]", lambda found: "\\" + found[0], entities)


@dataclass(frozen=True, slots=True)
class Read:
    """A question as read back."""

    name: str
    stem: str
    answers: tuple[tuple[str, str, str], ...]
    general: str


def read(text: str) -> list[Read]:
    """The questions of GIFT text. Raises `ValueError` where it is none."""
    found = []
    for block in re.split(r"\n[ \t]*\n", text.strip()):
        if block.startswith("$CATEGORY:"):
            continue
        shape = re.fullmatch(r"::(.+?)::\[html\](.*?)(?<!\\)\{(.*)(?<!\\)\}\s*", block, re.DOTALL)
        if shape is None:
            raise ValueError(f"no question: {block[:60]!r}")
        name, stem, body = shape.groups()
        if SIGNS.search(stem):
            raise ValueError(f"{name}: a sign of GIFT in the question")
        answers, _, general = body.partition("####")
        pieces = re.split(r"(?<!\\)([=~])", answers)
        if pieces[0].strip():
            raise ValueError(f"{name}: text before the first answer")
        read_back = [_answer(name, sign, piece) for sign, piece in zip(pieces[1::2], pieces[2::2], strict=True)]
        found.append(Read(name, _plain(stem.strip()), tuple(read_back), _plain(general.strip())))
    return found


def _answer(name: str, sign: str, piece: str) -> tuple[str, str, str]:
    weight = re.match(r"%(-?[0-9.]+)%", piece)
    fraction = weight[1] if weight else "100" if sign == "=" else "0"
    parts = re.split(r"(?<!\\)#", piece[weight.end() if weight else 0 :])
    if len(parts) != 2:  # noqa: PLR2004 - title and question
        raise ValueError(f"{name}: an answer with {len(parts) - 1} feedbacks")
    if any(re.search(r"(?<!\\)[{}]", one) for one in parts):
        raise ValueError(f"{name}: a brace in an answer")
    return fraction, _plain(parts[0].strip()), _plain(parts[1].strip())


def _plain(text: str) -> str:
    return re.sub(r"\\([=#:{}~])", r"\1", text)


def check(content: bytes) -> list[str]:
    """What is wrong with GIFT text, read back by a parser of our own."""
    try:
        text = content.decode("utf-8")
        found = read(text)
    except (UnicodeDecodeError, ValueError) as error:
        return [str(error)]
    wrong = [] if text.startswith("$CATEGORY: $course$/top/") else ["the category does not stand first"]
    names = [one.name for one in found]
    wrong += [f"{one}: two questions carry this name" for one in sorted({one for one in names if names.count(one) > 1})]
    for one in found:
        faults = answer_faults([answer[0] for answer in one.answers], [answer[1] for answer in one.answers])
        texts = [one.stem, one.general, *(text for answer in one.answers for text in answer[1:])]
        wrong += [
            f"{one.name}: {fault}" for fault in [*faults, *(fault for text in texts for fault in html_faults(text))]
        ]
    return wrong if found else [*wrong, "no question"]
