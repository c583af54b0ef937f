"""The liver of a patient as a picture: lesions to scale, what goes and what stays, which side has its inflow closed.

Full veins are hepatic, hollow ones portal. Hatched: goes. Dotted: inflow closed. Outline of dots: gone before. A full disc is a lesion of
told size, to scale (of an entry its largest); a dashed ring one whose size is not told; a question mark suspected, a cross vanished, a hole deep. Where in its
segments a lesion lies is not told by a case file: it is drawn where there is room, beside the vessels it touches.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from itertools import cycle

from pathways.drawing import liver_geometry as drawn_liver
from pathways.drawing.liver_geometry import FACES, HEIGHT, LABELS, NAMES, UNITS_A_MM, WIDTH, Point, distance
from pathways.drawing.svg import Drawn, element, identity, label, picture
from pathways.facts.patient_assessment import PatientAssessment
from pathways.liver.anatomy import roman, segments_of
from pathways.liver.resection import Resection
from pathways.messages.catalogue import called, say
from pathways.quick_dataclass import dataclass

# A liver of this volume fills the drawing; another one's lesions keep their share of the organ.
DRAWN_FOR_ML = 1500.0
# How large a lesion of unknown size is drawn, for the eye alone.
UNTOLD_MM = 13.0
MOST_DRAWN = 12
SMALL_UP_TO = 280


@dataclass(frozen=True, slots=True)
class DrawnLesion:
    """A lesion entry of a case as it is drawn. `treated`: `limited` or `ablated` in place, or nothing."""

    label: str
    segments: tuple[str, ...]
    count: int | None
    size_mm: float | None
    nature: str
    deep: bool
    contacts: tuple[str, ...]
    treated: str = ""


@dataclass(frozen=True, slots=True)
class LiverState:
    """What a picture of a liver shows. Segments are named as in the drawing: 1 2 3 4a 4b 5 6 7 8, in this order."""

    lesions: tuple[DrawnLesion, ...] = ()
    removed: tuple[str, ...] = ()
    gone: tuple[str, ...] = ()
    closed: tuple[str, ...] = ()
    volume_ml: float = DRAWN_FOR_ML


def state_of(assessed: PatientAssessment, resection: Resection | None = None, closed: int = 0) -> LiverState:
    """The liver of a patient today, with what `resection` would do to it and the segments `closed` by embolisation."""
    cut, ablated = (set(resection.limited), set(resection.ablated)) if resection else (set(), set())
    lesions = tuple(
        DrawnLesion(
            label=name,
            segments=tuple(part for one in lesion.segment_numbers for part in parts(one)),
            count=lesion.count,
            size_mm=lesion.size_mm,
            nature=lesion.known_as,
            deep=lesion.depth == "deep",
            contacts=tuple(lesion.contacts or ()) + tuple(lesion.invades),
            treated="limited" if name in cut else "ablated" if name in ablated else "",
        )
        for lesion, name in assessed.labelled
    )
    gone, shut = assessed.past.gone, closed | assessed.past.closed_inflow
    removed = resection.removes if resection else 0
    return LiverState(
        lesions, named(removed & ~gone), named(gone), named(shut & ~gone & ~removed), assessed.total.value
    )


def named(mask: int) -> tuple[str, ...]:
    """Segments of a bit mask as the drawing names them."""
    return tuple(part for one in segments_of(mask) for part in parts(one))


def parts(segment: int) -> tuple[str, ...]:
    """Segment IV is drawn in two."""
    return ("4a", "4b") if segment == 4 else (str(segment),)  # noqa: PLR2004


def liver(
    state: LiverState, *, name: str, title: str, alone: bool = False, small: bool = False, after: bool = False
) -> Drawn:
    """The picture of a liver. `small`: without vessels and letters, for a row of a table; `after`: what goes is gone."""
    own = identity(name)
    if after:
        state = LiverState(
            tuple(_left_over(state)), (), tuple(sorted({*state.gone, *state.removed})), state.closed, state.volume_ml
        )
    stays = frozenset(FACES).difference(state.gone, state.removed)
    inside: list[Drawn] = [_patterns(own, small=small)]
    if not small and {"4b", "5"} & stays:
        inside.append(
            element(
                "path",
                d="M346,566 C326,580 308,612 314,636 C320,654 344,652 351,632 C357,612 372,588 366,564 Z",
                class_="pw-gall",
            )
        )
    inside += _segments(state, own)
    inside.append(
        element("path", d=drawn_liver.path(drawn_liver.OUTLINE), class_="pw-rim") if not state.gone else Drawn("")
    )
    if not small:
        inside += _vessels(state)
    inside += [
        element("path", d=drawn_liver.path((border,), closed=False), class_="pw-cut")
        for border in drawn_liver.cut(frozenset(state.removed or state.gone))
    ]
    inside += _lesions(state, small=small)
    if not small:
        inside += [
            label(NAMES[one], LABELS[one].x, LABELS[one].y, "pw-segment-name") for one in FACES if one not in state.gone
        ]
        inside += [
            label(say("picture.patients_right"), 20, 30, "pw-side"),
            label(say("picture.patients_left"), WIDTH - 20, 30, "pw-side pw-end"),
            *_scale(state),
        ]
    return picture(
        *inside,
        name=name,
        title=title,
        description=described(state),
        width=WIDTH,
        height=HEIGHT,
        alone=alone,
        class_="pw-liver",
    )


def described(state: LiverState) -> str:
    """The picture in words, for whoever does not see it."""
    said = [_lesion_words(one) for one in state.lesions]
    for segments, words in (
        (state.gone, "gone"),
        (state.removed, "removed"),
        (state.closed, "closed"),
    ):
        if segments:
            names = ", ".join(NAMES[one] for one in FACES_IN_ORDER if one in segments)
            said.append(
                say("picture.gone", segments=names)
                if words == "gone"
                else say("picture.removed", segments=names)
                if words == "removed"
                else say("picture.closed", segments=names)
            )
    return " ".join(said) or say("picture.no_lesion")


FACES_IN_ORDER = ("1", "2", "3", "4a", "4b", "5", "6", "7", "8")


def _lesion_words(one: DrawnLesion) -> str:
    segments = roman(sum(1 << (number - 1) for number in sorted({int(part[0]) for part in one.segments})))
    number = say("picture.number_untold") if one.count is None else str(one.count)
    size = say("picture.size_untold") if one.size_mm is None else say("picture.size", size=one.size_mm)
    return say(
        "picture.lesion",
        label=one.label,
        number=number,
        size=size,
        segments=segments,
        nature=called("nature", one.nature),
    )


def _left_over(state: LiverState) -> Iterator[DrawnLesion]:
    """Lesions that are still there after the operation: those in what stays that nothing was done to."""
    for one in state.lesions:
        if one.treated:
            continue
        left = tuple(part for part in one.segments if part not in state.removed)
        if left and len(left) == len(one.segments):
            yield one


def _patterns(own: str, *, small: bool) -> Drawn:
    width, dot = (28, 6.5) if small else (12, 2.6)
    hatch = element(
        "pattern", element("path", d=f"M0 0V{width}", class_="pw-hatch"), id=f"{own}-hatch", width=width, height=width,
        patternUnits="userSpaceOnUse", patternTransform="rotate(45)",
    )  # fmt: skip
    wide = dot * 5.4
    dots = element(
        "pattern",
        element("circle", cx=wide / 4, cy=wide / 4, r=dot, class_="pw-dots"),
        element("circle", cx=wide * 3 / 4, cy=wide * 3 / 4, r=dot, class_="pw-dots"),
        id=f"{own}-dots", width=wide, height=wide, patternUnits="userSpaceOnUse",
    )  # fmt: skip
    return element("defs", hatch, dots)


def _segments(state: LiverState, own: str) -> Iterator[Drawn]:
    for segment, borders in FACES.items():
        data = drawn_liver.path(borders)
        if segment in state.gone:
            yield element("path", d=data, class_="pw-gone")
            continue
        removed = segment in state.removed
        yield element("path", d=data, class_="pw-removed" if removed else "pw-seg")
        if removed or segment in state.closed:
            yield element("path", d=data, fill=f"url(#{own}-{'hatch' if removed else 'dots'})", stroke="none")


def _vessels(state: LiverState) -> Iterator[Drawn]:
    """Portal branches hollow, hepatic veins full; those of what is gone left out."""
    here = frozenset(FACES).difference(state.gone)
    branches = [(line, width) for key, (line, width) in drawn_liver.PORTAL.items() if SUPPLIES.get(key, here) & here]
    for line, width in branches:
        yield element("path", d=drawn_liver.curve(line), class_="pw-portal-edge", stroke_width=width + 5)
    for line, width in branches:
        yield element("path", d=drawn_liver.curve(line), class_="pw-portal-core", stroke_width=width)
    for key, (line, first, last) in drawn_liver.VEINS.items():
        if DRAINS[key] & here:
            yield element("path", d=drawn_liver.tapering(line, first, last), class_="pw-vein")
    yield element("path", d=drawn_liver.tapering(*drawn_liver.VENA_CAVA), class_="pw-vein")
    for place in _plugs(state.closed):
        (a, b) = place
        yield element("line", x1=a.x, y1=a.y, x2=b.x, y2=b.y, class_="pw-plug")


DRAINS = {
    "right_hepatic_vein": frozenset({"5", "6", "7", "8"}), "middle_hepatic_vein": frozenset({"4a", "4b", "5", "8"}),
    "left_hepatic_vein": frozenset({"2", "3", "4a"}),
}  # fmt: skip
SUPPLIES = {
    "right_portal_pedicle": frozenset({"5", "6", "7", "8"}), "right_anterior_pedicle": frozenset({"8"}),
    "right_anterior_pedicle_5": frozenset({"5"}), "right_posterior_pedicle": frozenset({"6", "7"}),
    "right_posterior_pedicle_6": frozenset({"6"}), "left_portal_pedicle": frozenset({"2", "3", "4a", "4b"}),
    "umbilical": frozenset({"3", "4a", "4b"}), "left_2": frozenset({"2"}), "left_3": frozenset({"3"}),
    "left_4": frozenset({"4a", "4b"}),
}  # fmt: skip


def _plugs(closed: tuple[str, ...]) -> Iterator[tuple[Point, Point]]:
    """Where branches are closed: the trunk of a side where all of it is, else its branches."""
    for side, segments in (("right", {"5", "6", "7", "8"}), ("left", {"2", "3", "4a", "4b"})):
        if segments.issubset(closed):
            yield from drawn_liver.PLUGS[side]
            continue
        for branch, part in (("5", "5"), ("8", "8"), ("4", "4b")):
            if part in segments and part in closed:
                yield from drawn_liver.PLUGS[branch]


def _lesions(state: LiverState, *, small: bool) -> Iterator[Drawn]:
    scale = UNITS_A_MM / 2 * (DRAWN_FOR_ML / state.volume_ml) ** (1 / 3)
    taken: list[tuple[Point, float]] = []
    for one in sorted(state.lesions, key=lambda one: -(one.size_mm or 0)):
        segments = [part for part in one.segments if part not in state.gone]
        if one.treated:
            # What is cut or ablated in place lies in what stays.
            segments = [part for part in segments if part not in state.removed] or segments
        if not segments or one.nature == "benign":
            continue
        # The size of an entry is that of its largest; how large the others are is not told.
        sizes = [one.size_mm, *[None] * (min(one.count or 1, MOST_DRAWN) - 1)]
        radii = [scale * (size or min(UNTOLD_MM, one.size_mm or UNTOLD_MM)) for size in sizes]
        for size, radius, place in zip(sizes, radii, _places(one, segments, radii, taken), strict=True):
            yield element("g", *_mark(replace(one, size_mm=size), place, radius, small=small), class_="pw-lesion-of")


def _places(
    one: DrawnLesion, segments: list[str], radii: list[float], taken: list[tuple[Point, float]]
) -> Iterator[Point]:
    vessels = [drawn_liver.vessel(name) for name in one.contacts]
    # One lesion may lie across several segments: it is looked for in all of them; several go round.
    rounds: Iterable[list[str]] = [segments] if len(radii) == 1 else ([part] for part in cycle(segments))
    for radius, among in zip(radii, rounds, strict=False):
        deepest_first = sorted(place for part in among for place in drawn_liver.places_in(part))
        candidates = [place for _, place in deepest_first]
        costs = [_cost(place, radius, vessels, taken) + rank / 8 for rank, place in enumerate(candidates)]
        best = candidates[costs.index(min(costs))]
        taken.append((best, radius))
        yield best


def _cost(place: Point, radius: float, vessels: list[tuple[Point, ...]], taken: list[tuple[Point, float]]) -> float:
    """How badly a lesion lies there: far from a vessel it touches, upon another lesion or a name, or beyond the rim."""
    apart = sum(max(0.0, min(distance(place, one) for one in line) - radius) for line in vessels)
    over = sum(max(0.0, radius + other + 5 - distance(place, there)) for there, other in taken)
    out = max(0.0, radius - drawn_liver.to_rim(place))
    # A name may be covered where nothing else fits.
    named = sum(max(0.0, radius + 20 - distance(place, there)) for there in LABELS.values())
    return 3 * apart + 3 * over + 5 * out + 0.6 * named


def _mark(one: DrawnLesion, place: Point, radius: float, *, small: bool) -> Iterator[Drawn]:
    x, y = place
    ring = one.size_mm is None or one.nature in ("suspected", "vanished")
    if small:
        radius = max(radius, 14.0)
    shape = "pw-lesion-ring" if ring else "pw-lesion"
    dashed = " pw-dashed" if one.size_mm is None or one.nature == "vanished" else ""
    yield element("circle", cx=x, cy=y, r=radius, class_=f"{shape}{dashed}")
    if one.nature == "vanished":
        arm = radius * 0.6
        yield element(
            "path",
            d=f"M{x - arm:.1f},{y - arm:.1f} l{2 * arm:.1f},{2 * arm:.1f} m0,{-2 * arm:.1f} l{-2 * arm:.1f},{2 * arm:.1f}",
            class_="pw-stroke",
        )
    if one.deep and not ring:
        yield element("circle", cx=x, cy=y, r=radius * 0.35, class_="pw-paper")
    if one.treated:
        yield element("circle", cx=x, cy=y, r=radius + 9, class_="pw-treated")
    if small:
        return
    words = f"{one.label}?" if one.nature == "suspected" else one.label
    if one.nature != "vanished" and not one.deep and radius >= (18 if ring else 24):
        yield label(words, x, y + 8, f"pw-middle pw-lesion-name{'' if ring else ' pw-on-lesion'}")
    else:
        yield label(words, x + radius + 6, y + 8, "pw-lesion-name pw-halo")


def _scale(state: LiverState) -> Iterator[Drawn]:
    """A bar of 50 mm at the scale of the lesions."""
    long = 50 * UNITS_A_MM * (DRAWN_FOR_ML / state.volume_ml) ** (1 / 3)
    x, y = WIDTH - 20 - long, HEIGHT - 30
    yield element("path", d=f"M{x:.1f},{y - 12} v12 h{long:.1f} v-12", class_="pw-stroke")
    yield label(say("picture.scale"), x, y + 24, "pw-side")
