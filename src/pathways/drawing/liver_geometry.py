"""The liver from the front as a planar graph: each border is written once and belongs to the segments on both sides of it.

So segments touch without gap or overlap, and the edge of a resection is the borders between what goes and what stays. Four units are a
millimetre. The patient's right is on the left. Segment I lies behind; its place between IV, II and III, and the height at which IV is
parted into IVa and IVb, are conventions.
"""

from __future__ import annotations

import math
from functools import cache
from typing import NamedTuple

WIDTH, HEIGHT = 900.0, 690.0
UNITS_A_MM = 4.0


class Point(NamedTuple):
    """A place in the drawing."""

    x: float
    y: float


class Border(NamedTuple):
    """A border as cubic curves: its start, then for each curve two control points and the end."""

    start: Point
    curves: tuple[tuple[Point, Point, Point], ...]


def _border(*numbers: float) -> Border:
    places = [Point(x, y) for x, y in zip(numbers[::2], numbers[1::2], strict=True)]
    start, rest = places[0], places[1:]
    return Border(start, tuple((rest[at], rest[at + 1], rest[at + 2]) for at in range(0, len(rest), 3)))


# Outer borders are named `edge`, inner ones by the segments on both sides of them.
BORDERS: dict[str, Border] = {
    "edge7": _border(34, 428, 28, 290, 118, 90, 232, 60),
    "edge8": _border(232, 60, 292, 44, 366, 74, 420, 116),
    "edge4a": _border(420, 116, 448, 138, 512, 138, 548, 120),
    "edge2": _border(548, 120, 612, 94, 806, 104, 826, 186),
    "edge3": _border(826, 186, 838, 244, 628, 404, 550, 428),
    "edge4b": _border(550, 428, 528, 482, 396, 540, 344, 580),
    "edge5": _border(344, 580, 304, 610, 246, 616, 182, 640),
    "edge6": _border(182, 640, 104, 666, 40, 570, 34, 428),
    "7-8": _border(232, 60, 212, 116, 204, 190, 204, 250, 204, 300, 202, 352, 204, 404),
    "5-6": _border(204, 404, 208, 480, 206, 570, 182, 640),
    "8-4a": _border(420, 116, 418, 160, 410, 216, 402, 262, 396, 302, 390, 346, 384, 392),
    "5-4b": _border(384, 392, 376, 450, 362, 518, 344, 580),
    "4a-2": _border(548, 120, 550, 150, 549, 180, 548, 212),
    "1-2": _border(548, 212, 548, 234, 548, 254, 549, 276),
    "1-3": _border(549, 276, 549, 304, 550, 336, 550, 364),
    "4b-3": _border(550, 364, 550, 386, 550, 408, 550, 428),
    "6-7": _border(34, 428, 90, 400, 150, 394, 204, 404),
    "5-8": _border(204, 404, 262, 416, 320, 406, 384, 392),
    "4a-4b": _border(384, 392, 414, 382, 446, 372, 476, 366),
    "1-4b": _border(476, 366, 500, 374, 528, 374, 550, 364),
    "1-4a": _border(476, 366, 464, 318, 500, 230, 548, 212),
    "2-3": _border(549, 276, 584, 272, 616, 258, 652, 250, 712, 236, 772, 214, 826, 186),
}
# Segments as borders one after another; a minus runs a border backwards.
FACES: dict[str, tuple[str, ...]] = {
    "7": ("edge7", "7-8", "-6-7"), "8": ("edge8", "8-4a", "-5-8", "-7-8"), "6": ("6-7", "5-6", "edge6"),
    "5": ("5-8", "5-4b", "edge5", "-5-6"), "4a": ("edge4a", "4a-2", "-1-4a", "-4a-4b", "-8-4a"),
    "4b": ("4a-4b", "1-4b", "4b-3", "edge4b", "-5-4b"), "1": ("1-4a", "1-2", "1-3", "-1-4b"),
    "2": ("edge2", "-2-3", "-1-2", "-4a-2"), "3": ("2-3", "edge3", "-4b-3", "-1-3"),
}  # fmt: skip
OUTLINE = ("edge7", "edge8", "edge4a", "edge2", "edge3", "edge4b", "edge5", "edge6")
NAMES = {"1": "I", "2": "II", "3": "III", "4a": "IVa", "4b": "IVb", "5": "V", "6": "VI", "7": "VII", "8": "VIII"}
LABELS = {
    "7": Point(98, 300), "8": Point(322, 222), "6": Point(94, 536), "5": Point(250, 556), "4a": Point(468, 236),
    "4b": Point(478, 424), "1": Point(516, 314), "2": Point(694, 150), "3": Point(652, 300),
}  # fmt: skip
# Vessels as centre lines: points, with the width at the beginning and at the end. The veins run on the borders they belong to.
CAVA = Point(464, 140)
VEINS: dict[str, tuple[tuple[Point, ...], float, float]] = {
    "right_hepatic_vein": (
        (CAVA, Point(380, 130), Point(282, 142), Point(222, 184), Point(204, 250), Point(203, 340), Point(204, 404), Point(206, 500), Point(195, 592)),
        15.0, 5.0,
    ),
    "middle_hepatic_vein": (
        (CAVA, Point(444, 190), Point(412, 222), Point(402, 262), Point(394, 322), Point(384, 392), Point(373, 462), Point(357, 530)),
        15.0, 5.0,
    ),
    "left_hepatic_vein": (
        (CAVA, Point(506, 166), Point(544, 216), Point(592, 254), Point(652, 250), Point(716, 233), Point(780, 208)),
        13.0, 4.5,
    ),
}  # fmt: skip
VENA_CAVA = ((Point(464, 26), Point(464, 90), Point(464, 150)), 34.0, 28.0)
BIFURCATION = Point(424, 434)
PORTAL: dict[str, tuple[tuple[Point, ...], float]] = {
    "trunk": ((Point(446, 668), Point(442, 560), BIFURCATION), 18.0),
    "right_portal_pedicle": ((BIFURCATION, Point(384, 414), Point(324, 410)), 13.0),
    "right_anterior_pedicle": ((Point(324, 410), Point(298, 350), Point(300, 272)), 7.0),
    "right_anterior_pedicle_5": ((Point(324, 410), Point(296, 448), Point(284, 496)), 7.0),
    "right_posterior_pedicle": ((Point(324, 410), Point(228, 386), Point(166, 342), Point(134, 264)), 7.0),
    "right_posterior_pedicle_6": ((Point(228, 386), Point(164, 424), Point(132, 492)), 6.0),
    "left_portal_pedicle": ((BIFURCATION, Point(480, 394), Point(538, 374)), 12.0),
    "umbilical": ((Point(538, 374), Point(552, 384), Point(551, 414)), 8.0),
    "left_2": ((Point(538, 374), Point(590, 296), Point(662, 196)), 6.0),
    "left_3": ((Point(552, 398), Point(606, 376), Point(662, 322)), 6.0),
    "left_4": ((Point(551, 402), Point(512, 430), Point(490, 476)), 6.0),
}
HILUM = Point(430, 430)
# Where a branch is plugged: the place, and half of the plug.
PLUGS = {
    "right": ((Point(368, 400), Point(362, 426)),), "left": ((Point(474, 384), Point(488, 408)),),
    "5": ((Point(278, 468), Point(304, 476)),), "8": ((Point(286, 326), Point(312, 326)),),
    "4": ((Point(508, 412), Point(524, 432)),), "right_hepatic_vein": ((Point(216, 172), Point(244, 190)),),
    "middle_hepatic_vein": ((Point(398, 210), Point(424, 226)),), "left_hepatic_vein": ((Point(520, 204), Point(548, 190)),),
}  # fmt: skip


def path(names: tuple[str, ...], *, closed: bool = True) -> str:
    """Borders one after another as the data of a path."""
    drawn: list[str] = []
    for name in names:
        border = oriented(name)
        if not drawn:
            drawn.append(f"M{border.start.x:g},{border.start.y:g}")
        drawn += [f"C{a.x:g},{a.y:g} {b.x:g},{b.y:g} {c.x:g},{c.y:g}" for a, b, c in border.curves]
    return " ".join([*drawn, "Z"] if closed else drawn)


def oriented(name: str) -> Border:
    """A border, backwards where its name has a minus."""
    if not name.startswith("-"):
        return BORDERS[name]
    border = BORDERS[name[1:]]
    ends = [border.start, *(end for _, _, end in border.curves)]
    curves = tuple(
        (second, first, ends[place]) for place, (first, second, _) in reversed(list(enumerate(border.curves)))
    )
    return Border(ends[-1], curves)


@cache
def rim() -> tuple[Point, ...]:
    """The outline as points."""
    return tuple(point for name in OUTLINE for point in sampled(BORDERS[name])[:-1])


@cache
def to_rim(place: Point) -> float:
    """How far a place is from the outline."""
    return min(distance(place, one) for one in rim())


@cache
def polygon(segment: str) -> tuple[Point, ...]:
    """The border of a segment as points."""
    return tuple(point for name in FACES[segment] for point in sampled(oriented(name))[:-1])


def sampled(border: Border, steps: int = 8) -> list[Point]:
    """Points along a border, its ends included."""
    points, here = [border.start], border.start
    for first, second, end in border.curves:
        for step in range(1, steps + 1):
            t = step / steps
            u = 1 - t
            points.append(Point(
                u**3 * here.x + 3 * u * u * t * first.x + 3 * u * t * t * second.x + t**3 * end.x,
                u**3 * here.y + 3 * u * u * t * first.y + 3 * u * t * t * second.y + t**3 * end.y,
            ))  # fmt: skip
        here = end
    return points


def area(points: tuple[Point, ...]) -> float:
    """The area inside points."""
    return abs(sum(a.x * b.y - b.x * a.y for a, b in zip(points, (*points[1:], points[0]), strict=True))) / 2


def inside(place: Point, points: tuple[Point, ...]) -> bool:
    """Whether a place lies inside points."""
    found = False
    for a, b in zip(points, (*points[1:], points[0]), strict=True):
        if (a.y > place.y) != (b.y > place.y) and place.x < (b.x - a.x) * (place.y - a.y) / (b.y - a.y) + a.x:
            found = not found
    return found


@cache
def places_in(segment: str, step: int = 22) -> tuple[tuple[float, Point], ...]:
    """Places for a lesion in a segment, each with how shallow it lies: those deepest inside have the lowest."""
    border = polygon(segment)
    found = [
        (-round(min(distance(Point(x, y), one) for one in border)), Point(x, y))
        for x in range(24, int(WIDTH), step)
        for y in range(40, int(HEIGHT), step)
        if inside(Point(x, y), border)
    ]
    return tuple(sorted(found))


def distance(one: Point, other: Point) -> float:
    """How far two places are apart."""
    return math.hypot(one.x - other.x, one.y - other.y)


@cache
def vessel(name: str) -> tuple[Point, ...]:
    """Points along a vessel of the case file; none where it is not drawn."""
    if name == "hilum":
        return (HILUM,)
    if name == "vena_cava":
        return VENA_CAVA[0]
    lines = [line[0] for key, line in VEINS.items() if key == name]
    lines += [line[0] for key, line in PORTAL.items() if key.startswith(name)]
    return tuple(point for line in lines for point in smooth(line))


def smooth(points: tuple[Point, ...], steps: int = 6) -> list[Point]:
    """A curve through points (Catmull and Rom), as points."""
    if len(points) < 3:  # noqa: PLR2004
        return list(points)
    found: list[Point] = []
    for at in range(len(points) - 1):
        before, a, b, after = points[max(at - 1, 0)], points[at], points[at + 1], points[min(at + 2, len(points) - 1)]
        for step in range(steps):
            t = step / steps
            found.append(Point(*(
                0.5 * (2 * p1 + (p2 - p0) * t + (2 * p0 - 5 * p1 + 4 * p2 - p3) * t * t + (3 * p1 - p0 - 3 * p2 + p3) * t**3)
                for p0, p1, p2, p3 in zip(before, a, b, after, strict=True)
            )))  # fmt: skip
    return [*found, points[-1]]


def tapering(points: tuple[Point, ...], first: float, last: float) -> str:
    """A vessel as the data of a path: its width goes from `first` to `last` along its centre line."""
    line = smooth(points)
    left, right = [], []
    for at, here in enumerate(line):
        a, b = line[max(at - 1, 0)], line[min(at + 1, len(line) - 1)]
        long = distance(a, b) or 1.0
        half = (first + (last - first) * at / (len(line) - 1)) / 2
        across = Point(-(b.y - a.y) / long * half, (b.x - a.x) / long * half)
        left.append(Point(here.x + across.x, here.y + across.y))
        right.append(Point(here.x - across.x, here.y - across.y))
    return "M" + " L".join(f"{one.x:.1f},{one.y:.1f}" for one in [*left, *reversed(right)]) + " Z"


def curve(points: tuple[Point, ...]) -> str:
    """A curve through points as the data of a path."""
    return "M" + " L".join(f"{one.x:.1f},{one.y:.1f}" for one in smooth(points))


def cut(removed: frozenset[str]) -> list[str]:
    """Borders between segments that go and segments that stay."""
    sides: dict[str, list[str]] = {}
    for segment, names in FACES.items():
        for name in names:
            sides.setdefault(name.lstrip("-"), []).append(segment)
    return [name for name, both in sides.items() if len(both) == 2 and (both[0] in removed) != (both[1] in removed)]  # noqa: PLR2004
