"""How a remnant grew: what would stay of the liver on each day of a volumetry, against the limit that it has to reach."""

from __future__ import annotations

from collections.abc import Iterator

from pathways.drawing.svg import Drawn, element, label, picture
from pathways.messages.catalogue import say
from pathways.quick_dataclass import dataclass

WIDTH, HEIGHT = 420.0, 240.0
LEFT, RIGHT, TOP, BOTTOM = 46.0, 396.0, 24.0, 190.0
# Above the highest figure, so that its number has room; the axis of shares goes by steps of ten in a hundred.
ROOM, STEP = 0.05, 0.1


@dataclass(frozen=True, slots=True)
class GrowthCurve:
    """Days since the stimulus and the share of the liver that would stay then; `limit` is the share that is needed."""

    points: tuple[tuple[int, float], ...]
    limit: float


def growth(curve: GrowthCurve, *, name: str, alone: bool = False) -> Drawn:
    """The curve. Shape says it in one colour: discs are measurements, the broken line is the limit."""
    most_days = max(day for day, _ in curve.points)
    most = max(*(share for _, share in curve.points), curve.limit) + ROOM

    def x(day: float) -> float:
        return LEFT + (RIGHT - LEFT) * day / max(most_days, 1)

    def y(share: float) -> float:
        return BOTTOM - (BOTTOM - TOP) * share / most

    way = " ".join(f"{'L' if place else 'M'}{x(day):.1f},{y(share):.1f}" for place, (day, share) in enumerate(curve.points))  # fmt: skip
    # The words of the limit stand on the side of its line on which the last volume does not.
    grown = curve.points[-1][1] >= curve.limit
    inside = [
        *_axes(most, y),
        element(
            "line", x1=LEFT, x2=RIGHT, y1=y(curve.limit), y2=y(curve.limit), class_="pw-limit", stroke_dasharray="7 5"
        ),
        label(
            say("picture.growth_limit", limit=curve.limit),
            RIGHT,
            y(curve.limit) + (15 if grown else -7),
            "pw-small pw-stop pw-halo pw-end",
        ),
        element("path", d=way, class_="pw-stroke"),
    ]
    for place, (day, share) in enumerate(curve.points):
        inside.append(element("circle", cx=x(day), cy=y(share), r=5.0, class_="pw-ink"))
        side = "pw-end" if place == len(curve.points) - 1 else ""
        inside.append(label(say("picture.share", share=share), x(day) + (-8 if side else 8), y(share) - 9, f"pw-strong pw-halo {side}"))  # fmt: skip
        inside.append(label(str(day), x(day), BOTTOM + 18, f"pw-small {'pw-middle' if place else ''}"))
    inside.append(label(say("picture.growth_days"), (LEFT + RIGHT) / 2, BOTTOM + 40, "pw-small pw-middle"))
    return picture(
        *inside, name=name, title=say("picture.growth"), description=in_words(curve), width=WIDTH, height=HEIGHT, alone=alone,
        class_="pw-growth",
    )  # fmt: skip


def _axes(most: float, y: object) -> Iterator[Drawn]:
    assert callable(y)
    yield element("path", d=f"M{LEFT},{TOP} V{BOTTOM} H{RIGHT}", class_="pw-axis")
    for step in range(int(most / STEP) + 1):
        at = y(step * STEP)
        yield element("line", x1=LEFT, x2=RIGHT, y1=at, y2=at, class_="pw-grid")
        yield label(say("picture.share", share=step * STEP), LEFT - 6, at + 4, "pw-small pw-end pw-dim")


def in_words(curve: GrowthCurve) -> str:
    """The curve for whoever does not see it."""
    told = "; ".join(say("picture.growth_point", day=day, share=share) for day, share in curve.points)
    return say("picture.growth_told", points=told, limit=curve.limit)
