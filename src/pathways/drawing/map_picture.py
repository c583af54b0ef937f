"""The map of pathways as a picture: a column for each question that pathways answer differently, ribbons as wide as pathways are many."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from operator import itemgetter

from pathways.drawing.svg import Drawn, element, folded, label, picture
from pathways.messages.catalogue import called, say
from pathways.planning.map_answers import Option
from pathways.planning.pathway_map import PathwayMap

WIDTH = 1000.0
MARGIN = 16.0
TALL = 300.0
GAP = 36.0
BAR = 12.0
# Families whose choice closes, cuts or destroys something: their bars are black.
FINAL = {
    "pve",
    "lvd",
    "two_stage",
    "alpps",
    "rescue_alpps",
    "ablation",
    "metastasectomy",
    "transplantation",
    "debulking",
}
Answer = tuple[str, ...]
Placed = dict[Answer, tuple[float, float]]
Ends = Callable[[tuple[Answer, ...]], tuple[Answer, Answer]]


def map_picture(found: PathwayMap, *, name: str, alone: bool = False) -> Drawn:
    """The picture of a map: what all take, the questions side by side, what all take that clear the liver."""
    case, protocol = found.plan.assessment.case.id, found.plan.assessment.protocol.id
    title = say("map.title", case=case)
    number, cleared = found.folded.through[0], found.curative_pathways
    heading = say("map.heading", case=case, protocol=protocol, pathways=say("map.pathways", number=number))
    heading = f"{heading}, {say('map.cleared_some', cleared=cleared) if cleared else say('map.cleared_none')}"
    inside: list[Drawn] = [label(heading, MARGIN, 24, "pw-large pw-strong")]
    y = 30.0
    for of in ("all", "cleared"):
        steps = " · ".join(one.title for one in found.common if one.of == of)
        if steps:
            told = say("map.all_take", steps=steps) if of == "all" else say("map.all_clear", steps=steps)
            for line in folded(told, WIDTH - 2 * MARGIN):
                y += 17
                inside.append(label(line, MARGIN, y))
    questions = {key: answers for key, answers in found.questions.items() if key != "aim"}
    if questions:
        drawn = _Columns(found, questions, y + 30)
        inside += drawn.drawn()
        y = drawn.bottom
    key, others = key_words(found), number - sum(found.answers.flows(()).values())
    if others:
        key = f"{key} {say('map.no_aim', number=others)}"
    for line in folded(key, WIDTH - 2 * MARGIN, 12):
        y += 16
        inside.append(label(line, MARGIN, y, "pw-small pw-dim"))
    return picture(
        *inside,
        name=name,
        title=title,
        description=described(found),
        width=WIDTH,
        height=y + 14,
        alone=alone,
        class_="pw-map",
    )


def described(found: PathwayMap) -> str:
    """The map in words."""
    said = []
    for question, answers in found.questions.items():
        told = ", ".join(option_words(one) for one in answers)
        said.append(say("map.described", question=called("question", question), answers=told))
    return " ".join(said) or key_words(found)


def key_words(found: PathwayMap) -> str:
    """How the picture is read."""
    return say("map.key" if found.plan.best_shown else "map.key_no_figure")


def option_words(one: Option) -> str:
    """An answer with how many pathways give it and between which chances they clear the liver."""
    if one.cleared_shown is None:
        return say("map.option", answer=one.words, pathways=one.pathways)
    low, high = one.cleared_shown
    return say("map.option_cleared", answer=one.words, pathways=one.pathways, low=low, high=high)


class _Columns:
    """Bars of answers in columns, and ribbons between neighbouring columns."""

    def __init__(self, found: PathwayMap, questions: dict[str, tuple[Option, ...]], top: float) -> None:
        self.questions, self.top = questions, top
        self.flows = found.answers.flows(tuple(questions))
        self.total = sum(self.flows.values())
        most = max(map(len, questions.values()))
        self.tall = TALL + GAP * most
        self.bottom = top + 46 + self.tall
        across = (WIDTH - 2 * MARGIN - 150) / max(len(questions), 1)
        self.x = [MARGIN + 40 + across * at for at in range(len(questions) + 1)]
        self.bars: list[dict[Answer, tuple[float, float]]] = [self._placed(answers) for answers in questions.values()]
        ends = TALL * 0.98
        self.bars.append({(): (self.top + 46 + (self.tall - ends) / 2, ends)})

    def _placed(self, answers: tuple[Option, ...]) -> dict[Answer, tuple[float, float]]:
        """Where each bar begins and how long it is; under each other, in the middle of the column."""
        unit = TALL / self.total
        heights = [max(one.pathways * unit, 3.0) for one in answers]
        y = self.top + 46 + (self.tall - sum(heights) - GAP * (len(answers) - 1)) / 2
        placed = {}
        for one, height in zip(answers, heights, strict=True):
            placed[one.families] = (y, height)
            y += height + GAP
        return placed

    def drawn(self) -> Iterator[Drawn]:
        """Ribbons first, bars and words upon them."""
        start: Placed = {(): self.bars[-1][()]}
        last = len(self.questions) - 1
        yield from self._ribbons(MARGIN + 6, start, self.x[0], self.bars[0], lambda key: ((), key[0]))
        for at in range(last):
            yield from self._ribbons(
                self.x[at], self.bars[at], self.x[at + 1], self.bars[at + 1], itemgetter(at, at + 1)
            )
        yield from self._ribbons(
            self.x[last], self.bars[last], self.x[last + 1], self.bars[-1], lambda key: (key[last], ())
        )
        yield self._bar(MARGIN + 6, *start[()], final=False)
        yield self._bar(self.x[-1], *self.bars[-1][()], final=True)
        y, height = self.bars[-1][()]
        for at, words in enumerate(folded(called("end", "resected"), 90)):
            yield label(words, self.x[-1] + BAR + 8, y + height / 2 + 16 * at, "pw-strong")
        yield label(str(self.total), self.x[-1] + BAR + 8, y + height / 2 - 16, "pw-dim")
        for at, (question, answers) in enumerate(self.questions.items()):
            yield label(called("question", question), self.x[at], self.top + 8, "pw-large pw-strong")
            for one in answers:
                y, height = self.bars[at][one.families]
                yield self._bar(self.x[at], y, height, final=not FINAL.isdisjoint(one.families))
                yield label(f"{one.words} {one.pathways}", self.x[at], y - 18, "pw-strong pw-halo")
                if one.cleared_shown is not None:
                    low, high = one.cleared_shown
                    yield label(say("map.span", low=low, high=high), self.x[at], y - 5, "pw-small pw-dim pw-halo")

    def _bar(self, x: float, y: float, height: float, *, final: bool) -> Drawn:
        return element("rect", x=x, y=y, width=BAR, height=height, rx=2, class_="pw-ink" if final else "pw-sign")

    def _ribbons(
        self,
        x: float,
        left: dict[Answer, tuple[float, float]],
        to: float,
        right: dict[Answer, tuple[float, float]],
        ends: Ends,
    ) -> Iterator[Drawn]:
        """Ribbons from the bars of one column to those of the next, in the order of both so that they cross least."""
        counted: dict[tuple[Answer, Answer], int] = {}
        for key, number in self.flows.items():
            pair = ends(key)
            counted[pair] = counted.get(pair, 0) + number
        leaving, arriving = dict.fromkeys(left, 0.0), dict.fromkeys(right, 0.0)
        order = [(a, b) for a in left for b in right if (a, b) in counted]
        totals_left = {a: sum(number for (one, _), number in counted.items() if one == a) for a in left}
        totals_right = {b: sum(number for (_, one), number in counted.items() if one == b) for b in right}
        for a, b in order:
            number = counted[a, b]
            wide_left = left[a][1] * number / totals_left[a]
            wide_right = right[b][1] * number / totals_right[b]
            y1, y2 = left[a][0] + leaving[a], right[b][0] + arriving[b]
            leaving[a] += wide_left
            arriving[b] += wide_right
            x1, x2, middle = x + BAR, to, (x + BAR + to) / 2
            yield element(
                "path",
                d=f"M{x1:.1f},{y1:.1f} C{middle:.1f},{y1:.1f} {middle:.1f},{y2:.1f} {x2:.1f},{y2:.1f} v{wide_right:.1f} "
                f"C{middle:.1f},{y2 + wide_right:.1f} {middle:.1f},{y1 + wide_left:.1f} {x1:.1f},{y1 + wide_left:.1f} Z",
                class_="pw-ribbon",
            )
