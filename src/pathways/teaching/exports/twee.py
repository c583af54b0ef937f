"""Twee 3 for Twine, story format Harlowe: it is Twine's own default, and it does not run the text of a link.

(SugarCube evaluates the text of `[[text->passage]]` as an expression before it shows it, so that "name" or "stop" as an answer
would show something else, and a hostile text would act.) Texts stand in HTML tags, never at the start of a line, and every sign
that Harlowe or Twine reads is an entity.
"""

from __future__ import annotations

import json
import re
from collections import Counter

from pathways.quick_dataclass import dataclass
from pathways.teaching.exports import words
from pathways.teaching.exports.plain import plain_title, uuid_of
from pathways.teaching.exports.walk import is_graded, most_points
from pathways.teaching.lessons.model import Choice, Lesson, Passage

# Signs that mean something anywhere; then signs that do so only doubled; an opening bracket only if a colon follows.
ALWAYS = r"[&<>\[\]{}$_#*|^~`\\@=]"
DOUBLED = r"([/'\-+:])\1+"
MACRO = r"\((?=[^()]*:)"
FORMAT, FORMAT_VERSION = "Harlowe", "3.3.9"
SPECIAL = {"StoryTitle", "StoryData", "Setup"}
UUID = r"[0-9A-F]{8}-[0-9A-F]{4}-[0-9A-F]{4}-[0-9A-F]{4}-[0-9A-F]{12}"


def escaped(text: str) -> str:
    """`text` so that nothing in it is a link, a macro, a variable, a tag or a style."""

    def entity(found: re.Match[str]) -> str:
        return "".join(f"&#{ord(sign)};" for sign in found[0])

    # One pass: what has become an entity is not looked at again.
    return re.sub(f"{ALWAYS}|{DOUBLED}|{MACRO}", entity, text)


def write(lesson: Lesson) -> bytes:
    """`lesson` as Twee 3: a passage for each passage, and one for what follows each answer."""
    names = _names(lesson)
    start = names[lesson.passages[0].id]
    data = {
        "ifid": uuid_of("ifid", lesson.id).upper(),
        "format": FORMAT,
        "format-version": FORMAT_VERSION,
        "start": start,
    }
    title = plain_title(lesson.title or lesson.id).replace("::", ":")
    blocks = [f":: StoryTitle\n{title}", f":: StoryData\n{json.dumps(data, indent=2)}"]
    blocks.append(":: Setup [startup]\n(set: $points to 0, $possible to 0, $met to (a:))")
    for number, here in enumerate(lesson.passages):
        blocks.append(_passage(lesson, here, names, number))
        blocks += [_answer(lesson, here, one, names, number) for one in here.choices if _tells(one)]
    return ("\n\n".join(blocks) + "\n").encode("utf-8")


def _names(lesson: Lesson) -> dict[str, str]:
    """Names that a person can read in Twine, made of letters, digits and spaces alone, each once."""
    return {
        one.id: f"{number:02d} {' '.join(re.sub(r'[^A-Za-z0-9]+', ' ', one.title).split())[:48]}".strip()
        for number, one in enumerate(lesson.passages, start=1)
    }


def _tells(choice: Choice) -> bool:
    return bool(choice.grade or choice.feedback or choice.costs or choice.sources)


def _answer_name(here: Passage, choice: Choice, names: dict[str, str]) -> str:
    return f"{names[here.id]} answer {here.choices.index(choice) + 1}"


def _header(name: str, tag: str, column: int, row: int) -> str:
    position = json.dumps(
        {"position": f"{100 + 150 * column},{100 + 150 * row}", "size": "100,100"}, separators=(",", ":")
    )
    return f":: {name} [{tag}] {position}"


def _passage(lesson: Lesson, here: Passage, names: dict[str, str], number: int) -> str:
    lines = [_header(names[here.id], here.role, number, 0), f"<h2>{words.day(here.day)}: {escaped(here.title)}</h2>"]
    lines += _paragraphs(here.text)
    if here.findings:
        rows = "".join(f"<tr><th>{escaped(label)}</th><td>{escaped(value)}</td></tr>" for label, value in here.findings)
        lines.append(f"<table>{rows}</table>")
    if here.liver_map:
        # Spaces as entities: Harlowe folds them, and a line must not begin with one of its marks.
        lines.append(
            "<pre>" + "<br>".join(escaped(one).replace(" ", "&#160;") or "&#160;" for one in here.liver_map) + "</pre>"
        )
    if here.question:
        lines.append(f"<p><b>{escaped(here.question)}</b></p>")
    for choice in here.choices:
        target = _answer_name(here, choice, names) if _tells(choice) else names[choice.to]
        lines.append(f"<p>[[{escaped(choice.text)}->{target}]]</p>")
    if not here.choices:
        lines += _end(lesson)
    return "\n".join([*lines, _note(lesson)])


def _answer(lesson: Lesson, here: Passage, choice: Choice, names: dict[str, str], number: int) -> str:
    row = here.choices.index(choice) + 1
    lines = [_header(_answer_name(here, choice, names), choice.grade or "answer", number, row)]
    if choice.grade:
        # The first answer at a decision counts.
        lines.append(
            f"(unless: $met contains {number})[(set: $met to it + (a: {number}), "
            f"$points to it + {words.points(choice.score)}, $possible to it + {words.points(most_points(here))})]"
        )
        lines.append(f"<h3>{words.grade_of(choice)}</h3>")
    lines += _paragraphs(choice.feedback)
    lines += _list(words.COSTS, choice.costs)
    lines += _list(words.SOURCES, tuple(words.citation_line(one) for one in words.cited(lesson, choice)))
    lines.append(f"<p>[[{'Choose again' if choice.to == here.id else 'Continue'}->{names[choice.to]}]]</p>")
    return "\n".join([*lines, _note(lesson)])


def _end(lesson: Lesson) -> list[str]:
    lines = _paragraphs(lesson.debrief)
    if told := words.misconception(lesson):
        lines += ["<h3>The misconception this case is about</h3>", *_paragraphs((told,))]
    if any(is_graded(one) for one in lesson.passages):
        lines.append(
            "<p><b>Your points: (print: $points) of (print: $possible).</b> The first answer at each decision counts.</p>"
        )
    return lines


def _note(lesson: Lesson) -> str:
    return f"<p><small>{escaped(words.reviewed(lesson))}. {escaped(lesson.disclaimer)}</small></p>"


def _paragraphs(texts: tuple[str, ...]) -> list[str]:
    return [f"<p>{escaped(one)}</p>" for one in texts]


def _list(title: str, items: tuple[str, ...]) -> list[str]:
    return [f"<p>{title}</p><ul>{''.join(f'<li>{escaped(one)}</li>' for one in items)}</ul>"] if items else []


@dataclass(frozen=True, slots=True)
class Read:
    """A passage as read back."""

    name: str
    tags: tuple[str, ...]
    text: str

    @property
    def links(self) -> list[str]:
        """Where its links lead."""
        return [one.rpartition("->")[2] for one in re.findall(r"\[\[(.*?)\]\]", self.text, re.DOTALL)]


def read(text: str) -> list[Read]:
    """The passages of Twee text."""
    found = []
    for block in re.split(r"^::", text, flags=re.MULTILINE)[1:]:
        header, _, body = block.partition("\n")
        shape = re.fullmatch(r"\s*([^\[\]{}\s][^\[\]{}]*?)\s*(?:\[([^\[\]]*)\])?\s*(\{.*\})?\s*", header)
        if shape is None:
            raise ValueError(f"no passage header: ::{header[:60]}")
        found.append(Read(shape[1], tuple((shape[2] or "").split()), body.strip()))
    return found


def check(content: bytes) -> list[str]:
    """What is wrong with Twee text: story data, names, links that lead nowhere, passages nobody reaches."""
    try:
        found = read(content.decode("utf-8"))
    except (UnicodeDecodeError, ValueError) as error:
        return [str(error)]
    by_name = {one.name: one for one in found}
    wrong = [
        f"{name}: two passages carry this name"
        for name, count in Counter(one.name for one in found).items()
        if count > 1
    ]
    if not by_name.get("StoryTitle", Read("", (), "")).text:
        wrong.append("no story title")
    try:
        data = json.loads(by_name["StoryData"].text)
        ifid, start, story_format = str(data["ifid"]), str(data["start"]), str(data["format"])
    except (KeyError, ValueError, TypeError) as error:
        return [*wrong, f"no story data: {error}"]
    if not re.fullmatch(UUID, ifid):
        wrong.append(f"IFID {ifid} is no upper-case UUID")
    if story_format != FORMAT:
        wrong.append(f"story format {story_format}: texts are escaped for {FORMAT}")
    if start not in by_name:
        return [*wrong, f"it starts at {start}, which is no passage"]
    return [*wrong, *_link_faults(found, by_name, start)]


def _link_faults(found: list[Read], by_name: dict[str, Read], start: str) -> list[str]:
    found = [one for one in found if one.name not in SPECIAL]
    wrong = [
        f"{one.name}: a link to {to}, which is no passage" for one in found for to in one.links if to not in by_name
    ]
    if wrong:
        return wrong
    seen, waiting = {start}, [start]
    while waiting:
        for to in by_name[waiting.pop()].links:
            if to not in seen:
                seen.add(to)
                waiting.append(to)
    return [f"{one.name}: cannot be reached" for one in found if one.name not in seen]
