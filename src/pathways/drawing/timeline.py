"""Pathways over weeks from today: a row each, its whole title above it, so that no two read alike."""

from __future__ import annotations

import math
from collections.abc import Sequence

from pathways.drawing.events import Sign, Span, happening, lasting
from pathways.drawing.signs import legend, sign, span
from pathways.drawing.svg import Drawn, element, folded, label, picture
from pathways.messages.catalogue import called, say
from pathways.planning.annotate import Pathway

WIDTH = 900.0
MARGIN = 14.0
BAR = 14.0
ROW = 40.0


def weeks_of(pathways: Sequence[Pathway]) -> float:
    """Weeks that the longest of them takes, its last recovery included."""
    return max((one.steps[-1].day / 7 for one in pathways if one.steps), default=1.0)


def timeline(pathways: Sequence[Pathway], *, name: str, title: str, alone: bool = False, width: float = WIDTH) -> Drawn:
    """The timelines of `pathways` under one axis, with a legend of what occurs in them."""
    weeks = weeks_of(pathways)
    inside: list[Drawn] = []
    top = 16.0
    if alone:
        inside.append(label(title, MARGIN, 24, "pw-large pw-strong"))
        top = 44.0
    inside.append(label(say("picture.weeks"), width - MARGIN, top - 4, "pw-small pw-dim pw-end"))
    rows_from = top + 18
    rows: list[Drawn] = []
    y = rows_from
    for one in pathways:
        lines = folded(f"{one.id}  {one.title}", width - 2 * MARGIN, 13)
        rows += [
            label(words, MARGIN, y + 15 + 16 * at, f"pw-halo {'pw-strong' if not at else ''}".strip())
            for at, words in enumerate(lines)
        ]
        y += 16 * len(lines) + 6
        rows += _track(one, MARGIN, y + ROW / 4, width - 2 * MARGIN, weeks)
        y += ROW
    inside += _axis(MARGIN, top + 10, width - 2 * MARGIN, weeks, y - top - 10)
    inside += rows
    spans: set[Span] = {part.kind for one in pathways for part in lasting(one)}
    signs: set[Sign] = {part.sign for one in pathways for part in happening(one)}
    named, height = legend(MARGIN, y + 18, width - 2 * MARGIN, spans, signs)
    inside += named
    return picture(
        *inside, name=name, title=title, description=" ".join(described(one) for one in pathways), width=width,
        height=y + 18 + height, alone=alone, class_="pw-timeline",
    )  # fmt: skip


def track(one: Pathway, *, name: str, weeks: float, width: float = 480.0) -> Drawn:
    """The timeline of one pathway without words, for a row of a table; all rows share `weeks`."""
    inside = [*_ticks(10, 2, width - 20, weeks, 26), *_track(one, 10, 15, width - 20, weeks)]
    return picture(
        *inside, name=name, title=one.title, description=described(one), width=width, height=30, class_="pw-track"
    )


def described(one: Pathway) -> str:
    """A timeline in words."""
    parts = [
        (part.start, say("picture.span", what=called("span", part.kind), start=part.start, end=part.end))
        for part in lasting(one)
    ]
    parts += [
        (part.week, say("picture.sign", what=called("happening", part.sign), week=part.week)) for part in happening(one)
    ]
    return say(
        "picture.timeline", pathway=one.id, title=one.title, parts="; ".join(words for _, words in sorted(parts))
    )


def axis(*, name: str, weeks: float, width: float = 480.0) -> Drawn:
    """The axis of the rows drawn by `track`."""
    return picture(
        *_axis(10, 14, width - 20, weeks, 4), name=name, title=say("picture.weeks"), description="", width=width, height=20, class_="pw-track",
    )  # fmt: skip


def every(weeks: float) -> int:
    """Weeks from one tick to the next: at most ten of them."""
    return next((step for step in (1, 2, 4, 8, 13, 26, 52) if weeks / step <= 10), 104)  # noqa: PLR2004


def _at(week: float, x: float, width: float, weeks: float) -> float:
    return x + width * min(week / weeks, 1.0) if weeks else x


def _ticks(x: float, y: float, width: float, weeks: float, height: float) -> list[Drawn]:
    step = every(weeks)
    return [
        element(
            "line", x1=_at(week, x, width, weeks), x2=_at(week, x, width, weeks), y1=y, y2=y + height, class_="pw-grid"
        )
        for week in range(0, math.floor(weeks) + 1, step)
    ]


def _axis(x: float, y: float, width: float, weeks: float, height: float) -> list[Drawn]:
    step = every(weeks)
    named = [
        label(str(week), _at(week, x, width, weeks), y, "pw-small pw-dim pw-middle")
        for week in range(0, math.floor(weeks) + 1, step)
    ]
    return [*_ticks(x, y + 4, width, weeks, height), *named]


def _track(one: Pathway, x: float, y: float, width: float, weeks: float) -> list[Drawn]:
    """Bars of what lasts on a line, signs of what happens upon them; signs of one day stand side by side."""
    found = [element("line", x1=x, x2=x + width, y1=y, y2=y, class_="pw-grid")]
    for part in lasting(one):
        start, end = _at(part.start, x, width, weeks), _at(part.end, x, width, weeks)
        found.append(span(part.kind, start, y - BAR / 2, end - start, BAR, part.words))
    placed: list[float] = []
    for one_sign in happening(one):
        at = _at(one_sign.week, x, width, weeks)
        while any(abs(at - other) < 18.5 for other in placed):  # noqa: PLR2004
            at += 19
        placed.append(at)
        found.append(sign(one_sign.sign, at, y, one_sign.words))
    return found
