"""A picture of ours as points (PNG), for readers that take no SVG.

Draws what our pictures are made of and nothing else: filled and stroked paths, circles, lines, two kinds of pattern and words, in the colours
of a light page. Everything is drawn at twice its size and made smaller, so that edges are smooth.
"""

from __future__ import annotations

import itertools
import math
import re
import struct
import zlib
from collections.abc import Callable, Iterator
from functools import cache
from xml.etree import ElementTree as ET

import numpy as np
from numpy.typing import NDArray

from pathways.drawing.strokes import written
from pathways.drawing.style import CLASSES, LIGHT
from pathways.quick_dataclass import dataclass

Mask = NDArray[np.float32]
Image = NDArray[np.float32]
Line = list[tuple[float, float]]
FINER = 2
STEPS = 14
SIGNATURE = b"\x89PNG\r\n\x1a\n"
NUMBER = re.compile(r"[A-Za-z]|-?(?:\d+\.?\d*|\.\d+)")
# How thick letters are written, as a share of their size.
THICK, STRONG = 0.1, 0.14


def points(svg: str) -> Image:
    """The picture in shades of red, green and blue from 0 to 1, one row a line of points."""
    root = ET.fromstring(svg)  # noqa: S314 - a picture that was drawn here
    width, height = int(float(root.attrib["width"])), int(float(root.attrib["height"]))
    canvas = _Canvas(width, height)
    canvas.patterns = {one.attrib["id"]: one for one in root.iter() if _kind(one) == "pattern"}
    _draw(root, canvas)
    return canvas.finished()


def png(image: Image) -> bytes:
    """Points as a PNG of three chunks and no remark; the same points, the same bytes."""
    shades = np.rint(np.clip(image, 0, 1) * 255).astype(np.uint8)
    height, width, _ = shades.shape
    rows = np.concatenate([np.zeros((height, 1), np.uint8), shades.reshape(height, width * 3)], axis=1)
    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    chunks = ((b"IHDR", head), (b"IDAT", zlib.compress(rows.tobytes(), 9)), (b"IEND", b""))
    return SIGNATURE + b"".join(
        struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body)) for name, body in chunks
    )


def beside(first: Image, second: Image) -> Image:
    """Two pictures of one size side by side, each half as large."""
    return np.concatenate([_halved(first), _halved(second)], axis=1)


def _halved(image: Image) -> Image:
    height, width = image.shape[0] // 2 * 2, image.shape[1] // 2 * 2
    fours = image[:height, :width].reshape(height // 2, 2, width // 2, 2, 3)
    return np.asarray(fours.mean(axis=(1, 3)), np.float32)


@dataclass(frozen=True, slots=True)
class _Part:
    """A part of a picture: how far each point is covered, and where its upper left corner lies."""

    cover: Mask
    top: int
    left: int

    @property
    def where(self) -> tuple[slice, slice]:
        height, width = self.cover.shape
        return slice(self.top, self.top + height), slice(self.left, self.left + width)


class _Canvas:
    def __init__(self, width: int, height: int) -> None:
        self.image: Image = np.empty((height * FINER, width * FINER, 3), np.float32)
        self.image[:] = _shade(LIGHT["paper"])
        self.patterns: dict[str, ET.Element] = {}

    def finished(self) -> Image:
        return _halved(self.image)

    def put(self, part: _Part, colour: str, opacity: float = 1.0) -> None:
        share = (part.cover * np.float32(opacity))[:, :, None]
        there = self.image[part.where]
        there += share * (_shade(colour) - there)

    def part(self, lines: list[Line], reach: float) -> _Part:
        """The part that lines and what lies around them take, empty."""
        height, width = self.image.shape[:2]
        x, y = ([one[axis] * FINER for line in lines for one in line] for axis in (0, 1))
        left, right = max(0, int(min(x, default=0) - reach)), min(width, int(max(x, default=0) + reach) + 2)
        top, bottom = max(0, int(min(y, default=0) - reach)), min(height, int(max(y, default=0) + reach) + 2)
        return _Part(np.zeros((max(0, bottom - top), max(0, right - left)), np.float32), top, left)

    def fill(self, lines: list[Line]) -> _Part:
        """What lies within closed lines: where they go round more often one way than the other."""
        part = self.part(lines, 1)
        height, width = part.cover.shape
        turns = np.zeros((height, width + 1), np.int32)
        for line in lines:
            for (ax, ay), (bx, by) in zip(line, [*line[1:], line[0]], strict=True):
                low, high = sorted((ay * FINER - part.top, by * FINER - part.top))
                rows = np.arange(max(0, math.ceil(low - 0.5)), min(height, math.ceil(high - 0.5)))
                if len(rows):
                    at = ax + (bx - ax) * ((rows + part.top + 0.5) / FINER - ay) / (by - ay)
                    columns = np.clip(np.ceil(at * FINER - 0.5) - part.left, 0, width).astype(int)
                    turns[rows, columns] += 1 if by > ay else -1
        part.cover[:] = np.cumsum(turns, axis=1)[:, :width] != 0
        return part

    def stroke(self, lines: list[Line], thick: float) -> _Part:
        """What lies no further than half of `thick` from the lines."""
        reach = thick * FINER / 2
        part = self.part(lines, reach)
        height, width = part.cover.shape
        for line in lines:
            for first, second in itertools.pairwise(line):
                x1, x2 = (one[0] * FINER - part.left for one in (first, second))
                y1, y2 = (one[1] * FINER - part.top for one in (first, second))
                left, right = max(0, int(min(x1, x2) - reach)), min(width, int(max(x1, x2) + reach) + 2)
                top, bottom = max(0, int(min(y1, y2) - reach)), min(height, int(max(y1, y2) + reach) + 2)
                if left >= right or top >= bottom:
                    continue
                x, y = np.arange(left, right)[None, :] + 0.5 - x1, np.arange(top, bottom)[:, None] + 0.5 - y1
                dx, dy = x2 - x1, y2 - y1
                along = np.clip((x * dx + y * dy) / (dx * dx + dy * dy), 0, 1) if dx or dy else 0.0
                near = (x - along * dx) ** 2 + (y - along * dy) ** 2 <= reach * reach
                there = part.cover[top:bottom, left:right]
                np.maximum(there, near, out=there)
        return part


def _draw(one: ET.Element, canvas: _Canvas) -> None:
    kind = _kind(one)
    if kind in ("defs", "style", "title", "desc"):
        return
    if kind in SHAPES:
        style = {**_styled(one.get("class", "")), **one.attrib}
        if kind == "text":
            _write(one, style, canvas)
        else:
            _shape(SHAPES[kind](one), style, canvas)
    for child in one:
        _draw(child, canvas)


def _shape(lines: list[Line], style: dict[str, str], canvas: _Canvas) -> None:
    fill, stroke = style.get("fill", "#000000"), style.get("stroke", "none")
    if fill.startswith("url(#"):
        pattern, part = canvas.patterns[fill[5:-1]], canvas.fill(lines)
        canvas.put(_Part(part.cover * _pattern(pattern, part), part.top, part.left), _pattern_colour(pattern))
    elif fill != "none":
        canvas.put(canvas.fill(lines), fill, float(style.get("fill-opacity", 1)))
    if stroke != "none":
        parts = _dashed(lines, style.get("stroke-dasharray", "none"))
        canvas.put(canvas.stroke(parts, float(style.get("stroke-width", "1").removesuffix("px"))), stroke)


def _write(one: ET.Element, style: dict[str, str], canvas: _Canvas) -> None:
    size = float(style.get("font-size", "13px").removesuffix("px"))
    strokes, long = written("".join(one.itertext()), size)
    left = float(style["x"]) - long * {"middle": 0.5, "end": 1.0}.get(style.get("text-anchor", ""), 0.0)
    base = float(style["y"]) + (size * 0.35 if style.get("dominant-baseline") == "central" else 0.0)
    lines = [[(left + x, base + y) for x, y in stroke] for stroke in strokes]
    thick = size * (STRONG if style.get("font-weight") == "600" else THICK)
    if style.get("paint-order") == "stroke":
        halo = thick + float(style.get("stroke-width", "0").removesuffix("px"))
        canvas.put(canvas.stroke(lines, halo), style.get("stroke", LIGHT["paper"]))
    canvas.put(canvas.stroke(lines, thick), style.get("fill", LIGHT["ink"]))


def _pattern(pattern: ET.Element, part: _Part) -> Mask:
    """Where a pattern has colour in a part: slanting lines, or dots."""
    height, width = part.cover.shape
    x = (np.arange(width)[None, :] + part.left + 0.5) / FINER
    y = (np.arange(height)[:, None] + part.top + 0.5) / FINER
    step = float(pattern.attrib["width"])
    dots = [one for one in pattern if _kind(one) == "circle"]
    if not dots:
        across = np.mod((x + y) / math.sqrt(2), step)
        thick = float(_styled(pattern[0].get("class", ""))["stroke-width"])
        return (np.minimum(across, step - across) <= thick / 2).astype(np.float32)
    mask = np.zeros((height, width), np.float32)
    for one in dots:
        away = np.hypot(np.mod(x, step) - float(one.attrib["cx"]), np.mod(y, step) - float(one.attrib["cy"]))
        mask = np.maximum(mask, away <= float(one.attrib["r"]))
    return mask


def _pattern_colour(pattern: ET.Element) -> str:
    style = _styled(pattern[0].get("class", ""))
    return style.get("stroke") or style["fill"]


def _path(one: ET.Element) -> list[Line]:
    return _lines(one.attrib["d"])


def _circle(one: ET.Element) -> list[Line]:
    x, y, r = (float(one.attrib[key]) for key in ("cx", "cy", "r"))
    turns = [2 * math.pi * step / 64 for step in range(65)]
    return [[(x + r * math.cos(turn), y + r * math.sin(turn)) for turn in turns]]


def _line(one: ET.Element) -> list[Line]:
    x1, y1, x2, y2 = (float(one.attrib[key]) for key in ("x1", "y1", "x2", "y2"))
    return [[(x1, y1), (x2, y2)]]


def _rect(one: ET.Element) -> list[Line]:
    x, y, width, height = (float(one.get(key, 0)) for key in ("x", "y", "width", "height"))
    return [[(x, y), (x + width, y), (x + width, y + height), (x, y + height), (x, y)]]


SHAPES: dict[str, Callable[[ET.Element], list[Line]]] = {
    "path": _path, "circle": _circle, "line": _line, "rect": _rect, "text": lambda _: [],
}  # fmt: skip


def _lines(data: str) -> list[Line]:
    """The data of a path as lines: M, L, H, V and C, the small letters from where the pen is, and Z."""
    words, lines, at, command = NUMBER.findall(data), list[Line](), 0, ""
    x = y = 0.0

    def take(number: int) -> list[float]:
        nonlocal at
        at += number
        return [float(one) for one in words[at - number : at]]

    while at < len(words):
        if words[at].isalpha():
            command, at = words[at], at + 1
        ox, oy = (x, y) if command.islower() else (0.0, 0.0)
        match command.upper():
            case "Z":
                lines[-1].append(lines[-1][0])
                continue
            case "H":
                x = take(1)[0] + ox
            case "V":
                y = take(1)[0] + oy
            case "C":
                a, b, c, d, e, f = take(6)
                lines[-1] += _curve((x, y), (a + ox, b + oy), (c + ox, d + oy), (e + ox, f + oy))
                x, y = e + ox, f + oy
                continue
            case _:
                dx, dy = take(2)
                x, y = dx + ox, dy + oy
        if command in "Mm":
            lines.append([(x, y)])
            command = "L" if command == "M" else "l"
        else:
            lines[-1].append((x, y))
    return lines


def _curve(*four: tuple[float, float]) -> Iterator[tuple[float, float]]:
    for step in range(1, STEPS + 1):
        t = step / STEPS
        weights = ((1 - t) ** 3, 3 * t * (1 - t) ** 2, 3 * t * t * (1 - t), t**3)
        yield (
            sum(w * p[0] for w, p in zip(weights, four, strict=True)),
            sum(w * p[1] for w, p in zip(weights, four, strict=True)),
        )


def _dashed(lines: list[Line], dashes: str) -> list[Line]:
    if dashes == "none":
        return lines
    lengths = [float(one) for one in re.split(r"[ ,]+", dashes.strip())]
    found: list[Line] = []
    for line in lines:
        turn, left = 0, lengths[0]
        piece = [line[0]]
        for (ax, ay), (bx, by) in itertools.pairwise(line):
            long, gone = math.hypot(bx - ax, by - ay), 0.0
            while long - gone > left:
                gone += left
                here = (ax + (bx - ax) * gone / long, ay + (by - ay) * gone / long)
                if turn % 2 == 0:
                    found.append([*piece, here])
                turn += 1
                piece, left = [here], lengths[turn % len(lengths)]
            left -= long - gone
            piece.append((bx, by))
        if turn % 2 == 0:
            found.append(piece)
    return found


@cache
def _rules() -> dict[str, dict[str, str]]:
    """What each class of our pictures says, with the colours of a light page."""
    found: dict[str, dict[str, str]] = {}
    for name, body in re.findall(r"\.([\w-]+)\{([^}]*)\}", CLASSES):
        told = re.sub(r"var\(--([\w-]+)\)", lambda one: LIGHT[one[1]], body)
        found.setdefault(name, {}).update(
            (key, value) for key, colon, value in (part.partition(":") for part in told.split(";")) if colon
        )
    return found


def _styled(classes: str) -> dict[str, str]:
    """The style of an element: as in a page, of two classes the one that is told later counts."""
    wanted, style = set(classes.split()), dict[str, str]()
    for name, told in _rules().items():
        if name in wanted:
            style.update(told)
    return style


def _kind(one: ET.Element) -> str:
    return one.tag.rpartition("}")[2]


def _shade(colour: str) -> NDArray[np.float32]:
    return np.array([int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)], np.float32)
