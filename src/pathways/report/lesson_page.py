"""A lesson on the terminal: one page a passage, feedback after an answer, and the debrief. Plain text stays plain text."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from rich.console import Console, Group, RenderableType
from rich.padding import Padding
from rich.rule import Rule
from rich.table import Table
from rich.text import Text

from pathways.documents.visible import printable
from pathways.teaching.lessons.model import Choice, Lesson, Passage
from pathways.teaching.lessons.play import Game

MARKS = {"best": ("+", "green"), "acceptable": ("+", "green"), "poor": ("!", "yellow"), "refused": ("x", "red")}
MOST_WIDE = 100
LETTERS = "abcdefgh"


def print_heading(lesson: Lesson, console: Console) -> None:
    """Who the case is, and what it is for; nothing that gives the answer away."""
    console.print(Rule(Text(shown(lesson.title), style="bold"), align="left"))
    facts = f"Scenario {lesson.id}, {lesson.difficulty}; judged under protocol {lesson.protocol}, luck of seed {lesson.seed}; {lesson.reviewed}."
    how = "Answer with a letter; u takes the last answer back, q stops and keeps the progress."
    _print(
        console, Text(shown(facts), style="dim"), Text(shown(lesson.disclaimer), style="italic"), Text(how), Text("")
    )


def print_passage(passage: Passage, console: Console) -> None:
    """One moment: what happened, findings, the map, the question and its answers."""
    day = f"Day {passage.day}" if passage.day else "Today"
    parts: list[RenderableType] = [Rule(Text(f"{day} · {shown(passage.title)}"), align="left", characters="─")]
    parts += [Padding(Text(shown(one)), (0, 0, 1, 0)) for one in passage.text]
    if passage.findings:
        parts += [_findings(passage), Text("")]
    if passage.liver_map:
        parts += [
            *(
                Padding(Text(shown(line), no_wrap=line.startswith(("│", "┌", "├", "└", " "))), (0, 0, 0, 2))
                for line in passage.liver_map
            ),
            Text(""),
        ]
    if passage.question:
        parts += [Text(shown(passage.question), style="bold")]
        parts += [_option(letter, choice) for letter, choice in zip(LETTERS, passage.choices, strict=False)]
    _print(console, *parts)


def print_feedback(choice: Choice, numbers: Mapping[str, int], console: Console) -> None:
    """What an answer did: the grade, why, what it cost, and the sources by number."""
    if choice.grade is None:
        return
    mark, style = MARKS[choice.grade]
    head, *rest = choice.feedback or ("",)
    parts: list[RenderableType] = [Text(""), Text(f"{mark} {shown(head)}", style=f"bold {style}")]
    parts += [Padding(Text(shown(one)), (0, 0, 0, 2)) for one in rest]
    parts += [Padding(Text(f"· {shown(one)}", style=style), (0, 0, 0, 2)) for one in choice.costs]
    if choice.sources:
        cited = " ".join(f"[{numbers[one]}]" for one in choice.sources if one in numbers)
        parts.append(Padding(Text(f"Sources: {cited}", style="dim"), (0, 0, 0, 2)))
    _print(console, *parts, Text(""))


def print_debrief(game: Game, console: Console) -> None:
    """The score, what the case was about, and the sources."""
    lesson = game.lesson
    parts: list[RenderableType] = [Rule(Text("What this case teaches"), align="left")]
    parts += [Padding(Text(shown(one)), (0, 0, 1, 0)) for one in lesson.debrief]
    parts += [Text("To take home", style="bold"), *(_bullet(one) for one in lesson.learning_objectives), Text("")]
    scored = game.scored
    words = f"Score {game.score:.2g} of {len(scored)}: " if scored else "Nothing was decided: "
    words += "what was right on what was known at each decision; the first answer counts, and luck does not."
    parts += [Text(words, style="bold"), Text("")]
    _print(console, *parts)
    print_sources(lesson, (source for one in game.answers for source in one.choice.sources), console)
    _print(console, Text(shown(lesson.disclaimer), style="italic"))


def print_sources(lesson: Lesson, cited: Iterable[str], console: Console) -> None:
    """The sources cited, with the numbers they have in the lesson."""
    wanted, numbers = set(cited), numbered(lesson)
    lines = [
        Padding(Text(shown(f"[{numbers[one.id]}] {one.text} {one.url}".rstrip())), (0, 0, 0, 2))
        for one in lesson.citations
        if one.id in wanted
    ]
    if lines:
        _print(console, Text("Sources", style="bold"), *lines, Text(""))


def numbered(lesson: Lesson) -> dict[str, int]:
    """The number of every source of a lesson."""
    return {one.id: number for number, one in enumerate(lesson.citations, start=1)}


def shown(words: str) -> str:
    """`words` without anything that a terminal would obey: control characters are replaced."""
    return printable(words)


def _findings(passage: Passage) -> Table:
    table = Table(box=None, pad_edge=False, show_header=False)
    table.add_column(style="cyan")
    table.add_column()
    for label, value in passage.findings:
        table.add_row(Text(shown(label)), Text(shown(value)))
    return table


def _option(letter: str, choice: Choice) -> RenderableType:
    table = Table(box=None, pad_edge=False, show_header=False)
    table.add_column(no_wrap=True)
    table.add_column()
    table.add_row(Text(f"  {letter})", style="bold"), Text(shown(choice.text)))
    return table


def _bullet(words: str) -> RenderableType:
    return Padding(Text(f"· {shown(words)}"), (0, 0, 0, 2))


def _print(console: Console, *parts: RenderableType) -> None:
    """Lines longer than a person reads with ease are not printed, however wide the terminal."""
    console.print(Group(*parts), width=min(console.width, MOST_WIDE))
