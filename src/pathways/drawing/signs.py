"""Signs of a timeline. Squares are operations, which cannot be taken back; rings are done through the skin; open shapes ask or give."""

from __future__ import annotations

from pathways.drawing.events import SPANS, Sign, Span
from pathways.drawing.svg import Drawn, element, label
from pathways.messages.catalogue import called

SIZE = 20.0
SIGNS: tuple[Sign, ...] = (
    "liver", "bowel", "elsewhere", "transplantation", "ablation", "embolisation", "drugs", "radiotherapy", "gate", "cleared",
)  # fmt: skip
# What is drawn in a square of 20, its middle at 0, 0.
SQUARE = ("rect", {"x": -9, "y": -9, "width": 18, "height": 18, "rx": 2, "class_": "pw-ink"})
PARTS: dict[Sign, tuple[tuple[str, dict[str, object]], ...]] = {
    "liver": (
        SQUARE,
        ("path", {"d": "M-6,2 C-6,-4 -1,-5 1,-4 C4,-5 7,-3 6,-1 C3,3 -2,6 -4,5 C-6,5 -6,4 -6,2 Z", "class_": "pw-on-ink-full"}),
        ("path", {"d": "M1,-7 L-2,8", "class_": "pw-stroke"}),
    ),
    "bowel": (SQUARE, ("path", {"d": "M-5,6 V-1 A5,5 0 0 1 5,-1 V6 M-5,2 h3 M5,2 h-3", "class_": "pw-on-ink"})),
    "elsewhere": (SQUARE, ("path", {"d": "M-5,0 H5 M0,-5 V5", "class_": "pw-on-ink"})),
    "transplantation": (SQUARE, ("path", {"d": "M-5,-2 H4 L1,-5 M5,2 H-4 L-1,5", "class_": "pw-on-ink"})),
    "ablation": (
        ("circle", {"cx": -2, "cy": 2, "r": 6.5, "class_": "pw-sign"}),
        ("path", {"d": "M9,-9 L-2,2", "class_": "pw-sign-line"}),
        ("circle", {"cx": -2, "cy": 2, "r": 2, "class_": "pw-ink"}),
    ),
    "embolisation": (
        ("circle", {"cx": 0, "cy": 0, "r": 8.5, "class_": "pw-sign"}),
        ("path", {"d": "M-8,-2.5 H0 M-8,2.5 H0", "class_": "pw-sign-line"}),
        ("rect", {"x": -1, "y": -4, "width": 4, "height": 8, "class_": "pw-ink"}),
    ),
    "drugs": (("path", {"d": "M0,-9 C3,-4 6,-1 6,3 A6,6 0 0 1 -6,3 C-6,-1 -3,-4 0,-9 Z M-3,3 H3 M0,0 V6", "class_": "pw-sign"}),),
    "radiotherapy": (
        ("path", {"d": "M0,-8 L8,7 H-8 Z", "class_": "pw-sign"}),
        ("path", {"d": "M0,-2 V5 M-3,5 L-1.5,0 M3,5 L1.5,0", "class_": "pw-sign-line"}),
    ),
    "gate": (
        ("path", {"d": "M0,-9 L9,0 L0,9 L-9,0 Z", "class_": "pw-sign"}),
        ("path", {"d": "M0,-4 V1", "class_": "pw-sign-line"}),
        ("circle", {"cx": 0, "cy": 4.4, "r": 1.3, "class_": "pw-ink"}),
    ),
    "cleared": (
        ("circle", {"cx": 0, "cy": 0, "r": 8.5, "class_": "pw-ink"}),
        ("path", {"d": "M-4,0 L-1,4 L5,-4", "class_": "pw-on-ink"}),
    ),
}  # fmt: skip
SPAN_CLASSES: dict[Span, str] = {
    "drugs": "pw-drug", "radiotherapy": "pw-ray", "growth": "pw-grow", "recovery": "pw-rest", "finding_out": "pw-find",
    "waiting": "pw-wait",
}  # fmt: skip


def sign(kind: Sign, x: float, y: float, words: str = "") -> Drawn:
    """A sign with its middle at a place; `words` is what a reader is told of it."""
    parts = [element(shape, **attributes) for shape, attributes in PARTS[kind]]
    return element("g", element("title", words) if words else None, *parts, transform=f"translate({x:.1f} {y:.1f})")


def span(kind: Span, x: float, y: float, width: float, height: float, words: str = "") -> Drawn:
    """What lasts: a bar, told apart by its edge and texture as well as by its colour."""
    bar = element(
        "rect",
        element("title", words) if words else None,
        x=x,
        y=y,
        width=max(width, 1.0),
        height=height,
        class_=SPAN_CLASSES[kind],
    )
    inside: list[Drawn] = []
    step = {"growth": 7.0, "radiotherapy": 8.0}.get(kind)
    if step:
        at = x + step / 2
        while at < x + width - 2:
            if kind == "growth":
                inside.append(element("circle", cx=at, cy=y + height / 2, r=1.4, class_="pw-ink"))
            else:
                inside.append(
                    element(
                        "path",
                        d=f"M{at - 2:.1f},{y + height - 2:.1f} l2,{4 - height:.1f} l2,{height - 4:.1f}",
                        class_="pw-axis",
                    )
                )
            at += step
    return Drawn(bar + "".join(inside))


def legend(x: float, y: float, width: float, spans: set[Span], signs: set[Sign]) -> tuple[list[Drawn], float]:
    """The signs and bars that occur, named; and the height that takes."""
    from pathways.drawing.svg import wide

    found: list[Drawn] = []
    across, down = x, y
    entries: list[tuple[str, Sign | Span]] = [("sign", one) for one in SIGNS if one in signs]
    entries += [("span", one) for one in SPANS if one in spans]
    for what, one in entries:
        words = called("happening", one) if what == "sign" else called("span", one)
        room = 34 + wide(words, 12)
        if across + room > x + width and across > x:
            across, down = x, down + 24
        if what == "sign":
            found.append(sign(one, across + 10, down))  # type: ignore[arg-type]
        else:
            found.append(span(one, across, down - 6, 20, 12))  # type: ignore[arg-type]
        found.append(label(words, across + 26, down + 4, "pw-small"))
        across += room + 8
    return found, down - y + 24
