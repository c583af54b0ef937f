"""The map of pathways on the terminal: what all share, what they part over, and the partings as a tree of at most a screen."""

from __future__ import annotations

from collections import Counter, deque
from dataclasses import field
from string import ascii_lowercase

from rich.console import Console
from rich.padding import Padding
from rich.text import Text

from pathways.graph.folding import Way
from pathways.messages.catalogue import called, say
from pathways.messages.naming import family_words
from pathways.planning.annotations import names_resection
from pathways.planning.map_answers import Option
from pathways.planning.pathway_map import PathwayMap, irreversible
from pathways.quick_dataclass import dataclass
from pathways.report.words import NOTICE

TREE_LINES = 20
IDS_SHOWN = 3
LONG_NAME = 26
MARKS = tuple(ascii_lowercase) + tuple(f"{first}{second}" for first in ascii_lowercase for second in ascii_lowercase)


def print_map(found: PathwayMap, console: Console, *, every: bool = False) -> None:
    """Prints the map; with `every` the whole tree, however long it is."""
    assessment, number = found.plan.assessment, found.folded.through[0]
    case, protocol, cleared = assessment.case.id, assessment.protocol.id, found.curative_pathways
    heading = say("map.heading", case=case, protocol=protocol, pathways=_pathways(number))
    ends = say("map.cleared_some", cleared=cleared) if cleared else say("map.cleared_none")
    console.print(Text(f"{heading}, {ends}", style="bold"))
    for of, words in (("all", say("map.share_all")), ("cleared", say("map.share_cleared"))):
        titles = [one.title for one in found.common if one.of == of]
        if titles:
            console.print(Padding(Text(f"{words}: {' · '.join(titles)}"), (0, 0, 0, 2)))
    _questions(found, console)
    _no_return(found, console)
    _Tree(found, console.width, None if every else TREE_LINES).write_on(console)
    console.print(Text(f"\n{NOTICE}", style="italic"))


def _pathways(number: int) -> str:
    return say("map.pathway") if number == 1 else say("map.pathways", number=number)


def _questions(found: PathwayMap, console: Console) -> None:
    if not found.questions:
        return
    counted = say("map.part" if found.plan.best_shown else "map.part_no_figure")
    console.print(Text(f"\n{counted}", style="bold"))
    for question, answers in found.questions.items():
        words = Text.assemble(
            (called("question", question), "cyan"), ": ", " · ".join(_option(one, question) for one in answers)
        )
        console.print(Padding(words, (0, 0, 0, 2)))


def _option(one: Option, question: str) -> str:
    words = say("map.to_clear") if question == "aim" and not one.families else one.words
    low, high = one.cleared_shown or (0.0, 0.0)
    if high <= 0:
        return say("map.option", answer=words, pathways=one.pathways)
    if f"{low:.0%}" == f"{high:.0%}":
        return say("map.option_one_chance", answer=words, pathways=one.pathways, low=low)
    return say("map.option_cleared", answer=words, pathways=one.pathways, low=low, high=high)


def _no_return(found: PathwayMap, console: Console) -> None:
    """What a step at the first parting puts out of reach for good, beside the other answers to its own question."""
    first = next(iter(found.folded.partings()), None)
    closing: dict[tuple[str, ...], list[str]] = {}
    for one in found.no_return:
        if one["from"] == first and one["beside"]:
            closing.setdefault(tuple(one["beside"]), []).append(one["title"])
    if not closing:
        return
    console.print(Text(f"\n{say('map.no_return')}", style="bold"))
    for families, titles in closing.items():
        step, then = ", ".join(titles), ", ".join(family_words(one) for one in families)
        console.print(Padding(Text(say("map.closes", step=step, families=then)), (0, 0, 0, 2)))


@dataclass
class _Line:
    """One line of the tree: what is done, how many pathways do it, and which of the plan."""

    words: str
    point: int
    through: int
    ids: list[str]
    ends: bool
    times: int = 1
    children: list[_Line] = field(default_factory=list)
    mark: str = ""
    refers: int | None = None
    hidden: int = 0


class _Tree:
    """Partings from the start on, each written out once; where a way meets what is written out elsewhere, it says where."""

    def __init__(self, found: PathwayMap, width: int, most: int | None) -> None:
        self.found, self.width = found, width
        self.short, self.ahead = _short_names(found), found.folded.ahead
        self.start = _Line(say("map.start"), 0, found.folded.through[0], [], ends=False)
        self.expanded: dict[int, _Line] = {0: self.start}
        waiting, lines = deque([self.start]), 0
        while waiting:
            line = waiting.popleft()
            below = self._below(line.point, line.times)
            if most is not None and lines + len(below) > most:
                line.hidden = len(below)
                continue
            lines += len(below)
            line.children = below
            for one in below:
                if one.ends:
                    continue
                if one.point in self.expanded:
                    one.refers = one.point
                else:
                    self.expanded[one.point] = one
                    waiting.append(one)

    def _below(self, point: int, times: int) -> list[_Line]:
        """The ways out of a point; those that differ in their first step alone are one line."""
        ways = self.found.folded.ways
        grouped: dict[tuple[int, tuple[str, ...], bool], list[int]] = {}
        for place, way in enumerate(ways[point]):
            tail = self.found.step_words(way)[1:]
            grouped.setdefault((way.target, tail, irreversible(way.edges[0].declared)), []).append(place)
        lines = []
        for (target, _, _), places in grouped.items():
            firsts = [self._step(ways[point][place], 0) for place in places]
            first = firsts[0]
            for other in firsts[1:]:
                first = say("map.or", first=first, other=other)
            way = ways[point][places[0]]
            steps = [first, *(self._step(way, place) for place in range(1, len(way.edges)))]
            # A point with one way on is no parting: the way goes through it.
            while len(ways[target]) == 1:
                way = ways[target][0]
                steps += [self._step(way, place) for place in range(len(way.edges))]
                target = way.target  # noqa: PLW2901
            if not ways[target] and not way.edges[-1].declared.gives_up:
                steps.append(self.found.point_words(target))
            ids = [one for place in places for one in self.found.carried.get((point, place), ())]
            through = times * sum(self.ahead[ways[point][place].target] for place in places)
            ends = not ways[target]
            lines.append(_Line(" → ".join(steps), target, through, sorted(ids, key=_number), ends, times * len(places)))
        return lines

    def _step(self, way: Way, place: int) -> str:
        words = self.found.step_words(way)[place]
        words = self.short.get(words, words)
        if (
            "embolisation" in way.edges[place].declared.acts
            and len(families := self.found.graph.families(way.edges[place])) == 1
        ):
            words = family_words(families[0])
        return say("map.undone", step=words) if irreversible(way.edges[place].declared) else words

    def write_on(self, console: Console) -> None:
        """Prints the tree, with the marks and short names it uses."""
        named = iter(MARKS)
        for point in self._referred():
            self.expanded[point].mark = next(named)
        console.print(Text(f"\n{say('map.tree')}", style="bold"))
        for name, short in self.short.items():
            console.print(Padding(Text(f"{short} = {name}"), (0, 0, 0, 2)))
        for line in self._written(self.start, "  ", ""):
            console.print(line)

    def _referred(self) -> list[int]:
        found: list[int] = []
        waiting = [self.start]
        while waiting:
            line = waiting.pop(0)
            if line.refers is not None and line.refers not in found:
                found.append(line.refers)
            waiting = [*line.children, *waiting]
        return found

    def _written(self, line: _Line, head: str, below: str) -> list[Text]:
        words = line.words
        if line.refers is not None:
            words = say("map.see", steps=words, mark=self.expanded[line.refers].mark)
        if line.hidden:
            words = say("map.hidden", steps=words, number=line.hidden)
        mark = f"({line.mark}) " if line.mark else ""
        ids = " ".join(line.ids[:IDS_SHOWN]) + (f" +{len(line.ids) - IDS_SHOWN}" if len(line.ids) > IDS_SHOWN else "")
        right = f"{line.through:>5}  {ids}".rstrip() if line is not self.start else f"{line.through:>5}"
        room = max(self.width - 21, 30)
        first, *others = _wrapped(f"{mark}{words}", room - len(head))
        written = [Text.assemble(f"{head}{first}".ljust(room), (right, "dim"))]
        written += [Text(f"{below or head}{'│ ' if line.children else '  '}{other}") for other in others]
        for place, one in enumerate(line.children):
            last = place == len(line.children) - 1
            written += self._written(one, f"{below}{'└─ ' if last else '├─ '}", f"{below}{'   ' if last else '│  '}")
        return written


def _wrapped(words: str, room: int) -> list[str]:
    import textwrap

    return textwrap.wrap(words, max(room, 20)) or [""]


def _number(identity: str) -> int:
    return int(identity.removeprefix("p"))


def _short_names(found: PathwayMap) -> dict[str, str]:
    """Letters for the operations that are named over and over."""
    said = Counter(
        words
        for way in found.folded.every_way()
        for words, edge in zip(found.step_words(way), way.edges, strict=True)
        if names_resection(edge.declared)
    )
    often = [words for words, number in said.items() if number > 1 and len(words) > LONG_NAME]
    return {words: "R" if len(often) == 1 else f"R{place}" for place, words in enumerate(often, start=1)}
