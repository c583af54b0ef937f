"""Chips: how a family of pathways stands, by a sign before its words."""

from __future__ import annotations

from typing import Literal

from pathways.drawing.svg import Drawn, element
from pathways.messages.catalogue import called

Standing = Literal["open", "worse", "contingent", "not_needed", "does_not_apply", "barred"]
SHAPES: dict[Standing, tuple[tuple[str, dict[str, object]], ...]] = {
    "open": (("circle", {"cx": 8, "cy": 8, "r": 5, "class_": "pw-ink"}),),
    "worse": (
        ("circle", {"cx": 8, "cy": 8, "r": 5, "class_": "pw-sign"}),
        ("path", {"d": "M8,3 A5,5 0 0 1 8,13 Z", "class_": "pw-ink"}),
    ),
    "contingent": (("path", {"d": "M2,8 H10 M7,4.5 L10.5,8 L7,11.5 M13,3 V13", "class_": "pw-sign-line"}),),
    "not_needed": (("circle", {"cx": 8, "cy": 8, "r": 5, "class_": "pw-sign"}),),
    "does_not_apply": (("path", {"d": "M4,8 H12", "class_": "pw-sign-line"}),),
    "barred": (
        ("circle", {"cx": 8, "cy": 8, "r": 5.5, "class_": "pw-sign"}),
        ("path", {"d": "M4.2,11.8 L11.8,4.2", "class_": "pw-sign-line"}),
    ),
}  # fmt: skip


def chip(standing: Standing, words: str = "") -> Drawn:
    """The chip as markup of a page: the sign is for the eye, the words say the same."""
    parts = [element(shape, **attributes) for shape, attributes in SHAPES[standing]]
    mark = element("svg", *parts, viewBox="0 0 16 16", class_="pw pw-chip-sign", aria_hidden="true")
    return element("span", mark, words or called("standing", standing), class_=f"chip chip-{standing}")
