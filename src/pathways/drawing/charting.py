"""What every chart is made of: its heading, its axes, its frame."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from pathways.drawing.svg import Drawn, element, folded, label, picture
from pathways.messages.catalogue import say
from pathways.planning.plan import Plan

WIDTH = 900.0
MARGIN = 16.0


def percent_axis(x: float, wide: float, y: float, low: float, high: float, tall: float) -> list[Drawn]:
    """Lines of whole percents from `low` to `high`, from left to right."""
    step = next((one for one in (1, 2, 5, 10, 20) if (high - low) * 100 / one <= 8), 25)  # noqa: PLR2004
    found: list[Drawn] = []
    for percent in range(0, 101, step):
        share = percent / 100
        if low - 1e-9 <= share <= high + 1e-9:
            place = x + wide * (share - low) / (high - low or 1.0)
            found += [
                element("line", x1=place, x2=place, y1=y + 2, y2=y + 2 + tall, class_="pw-grid"),
                label(f"{percent} %", place, y - 2, "pw-small pw-dim pw-middle"),
            ]
    return found


def line(points: Iterable[tuple[float, float]]) -> str:
    """A path through points."""
    return "M" + " L".join(f"{x:.1f},{y:.1f}" for x, y in points)


def title_of(plan: Plan, words: str) -> str:
    """The title of a chart of a plan."""
    assessment = plan.assessment
    return say("chart.title", case=assessment.case.id, protocol=assessment.protocol.id, what=words)


def heading(title: str) -> list[Drawn]:
    """The title, on two lines at most."""
    return [
        label(words, MARGIN, 24 + 18 * at, "pw-large pw-strong")
        for at, words in enumerate(folded(title, WIDTH - 2 * MARGIN, 17, 2))
    ]


def chart(inside: Sequence[Drawn], name: str, title: str, words: str, height: float) -> Drawn:
    """The picture with the notice that every chart carries."""
    notice = label(say("chart.notice"), MARGIN, height + 8, "pw-small pw-dim")
    return picture(
        *inside, notice, name=name, title=title, description=words, width=WIDTH, height=height + 20, alone=True
    )
