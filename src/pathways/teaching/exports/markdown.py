"""The facilitator's handout: sheets to hand out, then the answers with feedback, costs and sources, the debrief, and a timing.

CommonMark with tables; pictures are blocks of inert SVG. Every sign that a Markdown reader could take for markup is escaped.
"""

from __future__ import annotations

import re

from pathways.teaching.exports import words
from pathways.teaching.exports.pictures import drawn_liver, first_liver, not_inert, pictures
from pathways.teaching.exports.walk import best_route, is_graded, most_points, only_goes_on, points_of
from pathways.teaching.lessons.model import Choice, Lesson, Passage

# `<` as an entity, so that template engines that read Markdown first do not see their marks either.
SIGNS = re.compile(r"[\\`*_{}\[\]>#&|~$^@]")
STARTS = re.compile(r"^([-+=]|\d+(?=[.)]))")
EXAMPLE_MINUTES = 45
# A line of the map that is drawn, or names the sides: the picture says it.
DRAWN = re.compile(r"[\u2500-\u257f]|^\s*right\s+left\s*$|\(behind\)$")


def escaped(text: str) -> str:
    """`text` with nothing left that is markup, even at the start of a line or in a table."""
    # A backslash before a letter is no escape; before punctuation it is, in every CommonMark reader.
    found = SIGNS.sub(lambda sign: "\\" + sign[0], text).replace("<", "&lt;").replace("://", "\\://")
    return STARTS.sub(lambda sign: "\\" + sign[1] if not sign[1][0].isdigit() else sign[1] + "\u2060", found)


def write(lesson: Lesson) -> bytes:
    """The handout of `lesson`."""
    parts = [
        *_head(lesson),
        "## Case sheets",
        "",
        "To hand out or to project, one after the other. They hold no answers.",
        "",
        *(line for here in lesson.passages if here.choices for line in _sheet(lesson, here)),
        "---",
        "",
        "## Answers for the facilitator",
        "",
        *(
            line
            for here in lesson.passages
            if here.choices and not only_goes_on(here)
            for line in _answers(lesson, here)
        ),
        *_ends(lesson),
        *_debrief(lesson),
        *_timing(lesson),
        *_references(lesson),
    ]
    return ("\n".join(parts).rstrip() + "\n").encode("utf-8")


def _head(lesson: Lesson) -> list[str]:
    return [
        f"# {escaped(lesson.title or lesson.id)}",
        "",
        f"**{escaped(words.reviewed(lesson))}.** {escaped(lesson.disclaimer)}",
        "",
        f"Facilitator's handout. {_sentence(words.settings(lesson))}.",
        "",
        *_list("What learners should be able to do afterwards", lesson.learning_objectives),
        *([f"**The misconception it targets:** {escaped(lesson.misconception)}", ""] if lesson.misconception else []),
    ]


def _sheet(lesson: Lesson, here: Passage) -> list[str]:
    lines = [f"### {_label(lesson, here)}", "", *_paragraphs(here.text), *_findings(here), *_map(here)]
    if only_goes_on(here):
        return [*lines, f"It goes on: {_onward(lesson, here, here.choices[0])}.", ""]
    lines += [f"**{escaped(here.question or 'What do you do?')}**", ""]
    return [*lines, *(f"- \\[ \\] {_letter(place)}. {escaped(one.text)}" for place, one in enumerate(here.choices)), ""]


def _answers(lesson: Lesson, here: Passage) -> list[str]:
    lines = [f"### {_label(lesson, here)}", ""]
    for place, one in enumerate(here.choices):
        grade = f" **{words.grade_of(one)}**" if one.grade else ""
        points = f", {words.points(one.score)} of {words.points(most_points(here))} points" if one.grade else ""
        lines += [
            f"#### {_letter(place)}. {escaped(one.text)}",
            "",
            *([f"{grade.strip()}{points}.", ""] if grade else []),
        ]
        lines += [*_paragraphs(one.feedback), *_list(words.COSTS, one.costs)]
        lines += _sources(lesson, one)
        lines += [f"Then: {_onward(lesson, here, one)}.", ""]
    return lines


def _onward(lesson: Lesson, here: Passage, choice: Choice) -> str:
    if choice.to == here.id:
        return "choose again, this answer left out"
    target = lesson.passage(choice.to)
    if target.choices:
        return f"sheet {_sheet_number(lesson, target.id)}, {escaped(target.title)}"
    return f"the end, {escaped(target.title)}"


def _ends(lesson: Lesson) -> list[str]:
    lines = ["## How it can end", ""]
    for here in lesson.passages:
        if not here.choices:
            lines += [
                f"### {words.day(here.day)}: {escaped(here.title)}",
                "",
                *_paragraphs(here.text),
                *_findings(here),
                *_map(here, lesson),
            ]
    return lines


def _debrief(lesson: Lesson) -> list[str]:
    route = [one for one in best_route(lesson) if not only_goes_on(one.passage)]
    lines = ["## Debrief", "", *_paragraphs(lesson.debrief), "### The best route", ""]
    for number, one in enumerate(route, start=1):
        costs = f" ({escaped('; '.join(one.choice.costs))})" if one.choice.costs else ""
        lines.append(f"{number}. {words.day(one.passage.day)}: {escaped(one.choice.text)}{costs}")
    return [
        *lines,
        "",
        f"It earns {words.points(points_of(tuple(route)))} points. At each decision the first answer counts.",
        "",
    ]


def _timing(lesson: Lesson) -> list[str]:
    """Shares of a session by how much there is to read and to discuss at each decision of the best route."""
    on_route = [one.passage for one in best_route(lesson)]
    asked = [one for one in on_route if is_graded(one)]
    if not asked:
        return []
    amounts = {one.id: _amount(one) for one in on_route}
    debrief = sum(len(one.split()) for one in lesson.debrief)
    whole = sum(amounts.values()) + debrief or 1
    lines = [
        "## Timing",
        "",
        (
            "A suggestion taken from this lesson alone: time in proportion to the words that are read and discussed along the best "
            f"route, for a session of {EXAMPLE_MINUTES} minutes as an example. Groups that take other routes need longer."
        ),
        "",
        "| Part | Answers to discuss | Share | Minutes |",
        "|---|---|---|---|",
    ]
    rows = [
        (_label(lesson, one), str(0 if only_goes_on(one) else len(one.choices)), amounts[one.id]) for one in on_route
    ]
    for label, answers, amount in [*rows, ("Debrief", "", debrief)]:
        share = amount / whole
        lines.append(f"| {label} | {answers} | {share:.0%} | {share * EXAMPLE_MINUTES:.0f} |")
    return [*lines, ""]


def _amount(here: Passage) -> int:
    texts = [*here.text, here.question, *(part for row in here.findings for part in row)]
    for one in here.choices:
        texts += [one.text, *one.feedback, *one.costs]
    return sum(len(one.split()) for one in texts)


def _references(lesson: Lesson) -> list[str]:
    if not lesson.citations:
        return []
    lines = [f"{number}. {escaped(words.citation_line(one))}" for number, one in enumerate(lesson.citations, start=1)]
    return ["## References", "", *lines, ""]


def _sources(lesson: Lesson, choice: Choice) -> list[str]:
    place = {one.id: number for number, one in enumerate(lesson.citations, start=1)}
    return (
        [f"{words.SOURCES}: {', '.join(escaped(f'[{place[one]}]') for one in choice.sources)}.", ""]
        if choice.sources
        else []
    )


def _label(lesson: Lesson, here: Passage) -> str:
    return f"Sheet {_sheet_number(lesson, here.id)}, {words.day(here.day).lower()}: {escaped(here.title)}"


def _sheet_number(lesson: Lesson, name: str) -> int:
    return [one.id for one in lesson.passages if one.choices].index(name) + 1


def _letter(place: int) -> str:
    return chr(ord("A") + place % 26)


def _sentence(text: str) -> str:
    return escaped(text[:1].upper() + text[1:])


def _paragraphs(texts: tuple[str, ...]) -> list[str]:
    return [line for one in texts for line in (escaped(one), "")]


def _list(title: str, items: tuple[str, ...]) -> list[str]:
    return [f"{title}:", "", *(f"- {escaped(one)}" for one in items), ""] if items else []


def _findings(here: Passage) -> list[str]:
    if not here.findings:
        return []
    return [
        "| Finding | |",
        "|---|---|",
        *(f"| {escaped(label)} | {escaped(value)} |" for label, value in here.findings),
        "",
    ]


def _map(here: Passage, lesson: Lesson | None = None) -> list[str]:
    """The liver and how its remnant grew as pictures, and what explains them in words; lines where nothing is drawn.

    A picture stands in a block of HTML on one line: readers of CommonMark that take no HTML leave it out, and the words stay. With
    `lesson`, the liver before anything was done stands beside it.
    """
    if here.liver is None:
        return _lines(here)
    before = first_liver(lesson) if lesson is not None else None
    shown = list(pictures(here, here.id))
    if before is not None and before != here.liver:
        shown = [drawn_liver(before, f"before-{here.id}", "The liver before"), *shown]
    lines = [line for svg, _ in shown for line in ("<figure>", svg, "</figure>", "")]
    legend = [line for line in here.liver_map if not DRAWN.search(line)]
    return [*lines, *(f"- {escaped(line.strip())}" for line in legend if line.strip()), ""]


def _lines(here: Passage) -> list[str]:
    if not here.liver_map:
        return []
    longest = max((len(one) for line in here.liver_map for one in re.findall("~+", line)), default=0)
    fence = "~" * max(3, longest + 1)
    return [fence, *here.liver_map, fence, ""]


def check(content: bytes) -> list[str]:
    """What is wrong with a handout: HTML, a link or an image outside the drawings, a drawing that does not end, a part missing."""
    try:
        lines = content.decode("utf-8").splitlines()
    except UnicodeDecodeError as error:
        return [f"not UTF-8: {error.reason}"]
    wrong, fence, headings, drawn = [], "", [], False
    for number, line in enumerate(lines, start=1):
        if fence or re.match("~~~+$", line):
            fence = "" if line == fence else fence or line
            continue
        if line in ("<figure>", "</figure>"):
            drawn = line == "<figure>"
            continue
        if drawn:
            wrong += [f"line {number}: a picture that is none of ours: {one}" for one in not_inert(line)]
            continue
        bare = re.sub(r"\\[!-/:-@\[-`{-~]", "", line)
        if re.search(r"<|\]\(|\]\[|!\[|`", bare):
            wrong.append(f"line {number}: markup in a text")
        if line.startswith("#"):
            headings.append(line)
    if fence or drawn:
        wrong.append("a drawing does not end")
    if len(lines) < 3 or not lines[0].startswith("# ") or not lines[2].startswith("**"):  # noqa: PLR2004 - heading, blank, first line
        wrong.append("title and review do not stand first")
    needed = ("## Case sheets", "## Answers for the facilitator", "## How it can end", "## Debrief")
    return wrong + [f"the part {one[3:]!r} is missing" for one in needed if one not in headings]
