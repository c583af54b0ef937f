"""Bars: a figure with its interval, and what stays of the liver against the limit that binds."""

from __future__ import annotations

from pathways.drawing.svg import Drawn, element, label, picture
from pathways.messages.catalogue import say
from pathways.planning.assess import AssessedResection
from pathways.planning.uncertainty import Estimated


def interval(found: Estimated, *, name: str, words: str, most: float, width: float = 140.0) -> Drawn:
    """A figure as a mark on the bar of its interval, from nothing to `most`."""
    x, long = 4.0, width - 8

    def at(value: float) -> float:
        return x + long * min(max(value / most, 0.0), 1.0)

    inside = [
        element("line", x1=x, x2=x + long, y1=9, y2=9, class_="pw-grid"),
        element(
            "rect",
            x=at(found.low),
            y=4,
            width=max(at(found.high) - at(found.low), 1.0),
            height=10,
            rx=2,
            class_="pw-bar",
        ),
        element("line", x1=at(found.value), x2=at(found.value), y1=2, y2=16, class_="pw-mark"),
    ]
    told = say("picture.interval", what=words, value=found.value, low=found.low, high=found.high)
    return picture(*inside, name=name, title=words, description=told, width=width, height=18, class_="pw-interval")


def remnant(
    one: AssessedResection, *, name: str, grown: float | None = None, width: float = 220.0, alone: bool = False
) -> Drawn:
    """What stays of the liver with its error, what it usually grows to (dashed), and the limit that binds with its mark."""
    left, limit = one.resection.remnant, one.limit.share
    most = max(0.6, left.high, limit, grown or 0.0) * 1.05
    x, long = 4.0, width - 8

    def at(value: float) -> float:
        return x + long * min(max(value / most, 0.0), 1.0)

    inside = [
        element("line", x1=x, x2=x + long, y1=14, y2=14, class_="pw-grid"),
        element("rect", x=x, y=8, width=at(left.value) - x, height=12, class_="pw-seg"),
    ]
    if grown is not None and grown > left.value:
        inside.append(
            element("rect", x=at(left.value), y=8, width=at(grown) - at(left.value), height=12, class_="pw-wait")
        )
    if left.high > left.low:
        inside.append(
            element(
                "path",
                d=f"M{at(left.low):.1f},10 v8 M{at(left.low):.1f},14 H{at(left.high):.1f} M{at(left.high):.1f},10 v8",
                class_="pw-stroke",
            )
        )
    edge = at(limit)
    inside += [
        element("line", x1=edge, x2=edge, y1=3, y2=23, class_="pw-limit"),
        element("path", d=f"M{edge:.1f},22 l-5,7 h10 Z", class_="pw-limit-sign"),
    ]
    told, bound = one.limit.words(left.value)
    described = say("picture.remnant", resection=one.resection.name, remnant=told, limit=bound)
    if alone:
        inside.append(label(described, x, 46, "pw-small"))
    return picture(
        *inside, name=name, title=say("picture.liver_left"), description=described, width=width, height=52 if alone else 31, alone=alone,
        class_="pw-remnant",
    )  # fmt: skip
