"""All that a case says of volumes, and what of it cannot all be true.

Total, tumour, segments and remnants are figures of one liver, each with the error of its measurement. What stands in no dated
volumetry (total, tumour, segments) belongs to the latest one. A fraction may be one of the measured or of the standardised
volume: where the file does not say which, it is refused only if it fits neither. Decides nothing about treatment.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from itertools import combinations

from pathways.case.models import Case, Lesion, MeasuredRemnant
from pathways.documents.reader import Path
from pathways.knowledge.formulas import sphere_ml, volume_by_surface, volume_by_weight
from pathways.knowledge.protocols import knowledge
from pathways.quick_dataclass import dataclass

Finding = tuple[Path, str]
ALL_SEGMENTS = frozenset(range(1, 9))
OCCLUDING = (
    "portal_vein_embolisation",
    "portal_vein_ligation",
    "liver_venous_deprivation",
    "first_stage",
    "alpps_stage_1",
)
HEPATECTOMIES = ("hepatectomy", "first_stage", "alpps_stage_1")
# After these the liver has other volumes than before.
CHANGING = frozenset({*OCCLUDING, *HEPATECTOMIES, "stage_2", "transplantation", "radioembolisation"})
NOTHING = 1e-9


@dataclass(frozen=True, slots=True)
class Errors:
    """Errors as shares of a volume: of a measurement, and of a formula for the whole liver."""

    measured: float
    formula: float

    def of(self, *volumes: float, by_formula: float = 0.0) -> float:
        """The joint error of measured volumes, and of one that stands on a formula, as if independent."""
        return math.hypot(*(self.measured * volume for volume in volumes), self.formula * by_formula)


@dataclass(frozen=True, slots=True)
class Span:
    """From least to most; `high` is infinite where nothing bounds it. `names`: the places in the file behind it."""

    low: float
    high: float
    names: tuple[str, ...]

    def __str__(self) -> str:
        if math.isinf(self.high):
            return f"at least {self.low:.0f} ml"
        if self.high - self.low < 1:
            return f"{self.high:.0f} ml"
        return f"{self.low:.0f} to {self.high:.0f} ml"


def errors() -> Errors:
    """The cited errors."""
    parameters = knowledge().parameters
    return Errors(parameters["volumetry_relative_error"].number, parameters["total_volume_formula_relative_sd"].number)


def standard_volume(case: Case) -> float | None:
    """The liver volume usual for a body of this size, ml; None where the weight is not told."""
    patient, parameters = case.patient, knowledge().parameters
    if patient.weight_kg is None:
        return None
    if patient.height_cm is not None:
        by_surface = float(volume_by_surface(parameters, patient.height_cm, patient.weight_kg))
        if by_surface > 0:
            return by_surface
    return float(volume_by_weight(parameters, patient.weight_kg))


def measured_segments(case: Case, gone: frozenset[int]) -> dict[int, float]:
    """The segments with a volume, in their order. 0 ml is no volume: segmentations write it where a mask fails."""
    told = {int(segment): volume for segment, volume in case.liver.segments_ml.items()}
    return {segment: told[segment] for segment in sorted(told) if told[segment] > 0 and segment not in gone}


def segments_without_volume(case: Case, gone: frozenset[int]) -> tuple[int, ...]:
    """The segments that are still there and told as 0 ml."""
    told = sorted((int(segment), volume) for segment, volume in case.liver.segments_ml.items())
    return tuple(segment for segment, volume in told if volume == 0 and segment not in gone)


def most_tumour(case: Case) -> float:
    """The most ml that the lesions can hold: a ball of the largest diameter for each; infinite where one is not known."""
    return math.fsum(_most_of(lesion) for lesion in case.lesions)


def _most_of(lesion: Lesion) -> float:
    if lesion.size_mm is None or lesion.count is None:
        return math.inf
    return float(sphere_ml(lesion.size_mm, 0.0)) * lesion.count


def functional_liver(case: Case, gone: frozenset[int]) -> Span | None:
    """The measured liver without tumour: the sum of all its segments, else the total less the tumour. None where not told.

    Where the tumour is not told it is somewhere between nothing and the most that the lesions can hold.
    """
    segments = measured_segments(case, gone)
    if segments and set(segments) == ALL_SEGMENTS - gone:
        whole = math.fsum(segments.values())
        return Span(whole, whole, (f"segments_ml (in sum {whole:g} ml)",))
    return without_tumour(case)


def without_tumour(case: Case) -> Span | None:
    """The measured total less the tumour, as far as that is told."""
    liver = case.liver
    if liver.total_ml is None:
        return None
    names = [f"total_ml {liver.total_ml:g}"]
    if liver.tumour_ml is None:
        return Span(max(0.0, liver.total_ml - most_tumour(case)), liver.total_ml, tuple(names))
    if liver.tumour_ml:
        names.append(f"tumour_ml {liver.tumour_ml:g}")
    left = liver.total_ml - liver.tumour_ml
    return Span(left, left, tuple(names))


def unchanged_since(case: Case, week: int) -> bool | None:
    """Whether nothing has given the liver other volumes since a volumetry of that week; None where an event has no week."""
    weeks = [one.week for one in case.history if one.event in CHANGING]
    if any(one is not None and one > week for one in weeks):
        return False
    return None if None in weeks and week < 0 else True


def only_grown_since(case: Case, week: int) -> bool:
    """Whether since a volumetry of that week the liver has been made to grow, and nothing else has given it other volumes."""
    since = [one.event for one in case.history if one.event in CHANGING and one.week is not None and one.week > week]
    return bool(since) and {*OCCLUDING} - {*HEPATECTOMIES} >= {*since}


def contradictions(case: Case, gone: frozenset[int]) -> Iterator[Finding]:
    """What the volumes of a case say that cannot all be true, beyond the error with which each is measured."""
    whole = list(_of_the_whole(case, gone))
    yield from whole
    if whole:
        return
    remnants = list(_of_remnants(case, gone, errors()))
    yield from remnants
    if not remnants:
        yield from _of_pairs(case, gone, errors())


def _of_the_whole(case: Case, gone: frozenset[int]) -> Iterator[Finding]:
    """The total, the tumour and the segments."""
    liver = case.liver
    for segment in liver.segments_ml:
        if int(segment) in gone:
            yield ("liver", "segments_ml", segment), f'got a volume for "{segment}"; accepted: segments still there'
    if liver.total_ml is None:
        return
    tumour = liver.tumour_ml or 0.0
    if tumour >= liver.total_ml:
        yield ("liver", "tumour_ml"), f"got {tumour:g}; accepted: less than total_ml, {liver.total_ml:g}"
        return
    measured = math.fsum(measured_segments(case, gone).values())
    error = errors().of(measured, liver.total_ml, tumour)
    if measured > liver.total_ml - tumour + error:
        less = f" less tumour_ml {tumour:g}: segments are told without tumour" if tumour else ""
        yield (
            ("liver", "segments_ml"),
            f"got {measured:g} ml in sum; accepted: at most total_ml, {liver.total_ml:g}{less} (give or take {error:.0f} ml)",
        )


def _of_remnants(case: Case, gone: frozenset[int], error: Errors) -> Iterator[Finding]:
    """Each remnant against the total, the tumour and the segments, and against itself."""
    latest = max((one.week for one in case.liver.measured_remnants), default=0)
    comparable = unchanged_since(case, latest) is True
    for index, remnant in enumerate(case.liver.measured_remnants):
        kept = ALL_SEGMENTS - gone - set(remnant.removes)
        if not kept or kept == ALL_SEGMENTS - gone:
            continue
        path: Path = ("liver", "measured_remnants", index)
        total = case.liver.total_ml
        if remnant.ml is not None and total is not None and remnant.ml >= total and not kept & set(remnant.removes):
            yield (*path, "ml"), f"got {remnant.ml:g}; accepted: less than total_ml, {total:g}"
            continue
        of_today = remnant.week == latest and comparable
        bounds = _bounds(case, kept, gone) if of_today else Span(0.0, math.inf, ())
        if remnant.excludes_congested:
            # What has lost its drainage was left out, so the segments may well be larger.
            bounds = Span(0.0, bounds.high, bounds.names)
        if remnant.ml is not None:
            slack = error.of(remnant.ml, _finite(bounds))
            if not bounds.low - slack <= remnant.ml <= bounds.high + slack:
                accepted = f"{bounds}, by {' and '.join(bounds.names)}"
                yield (*path, "ml"), f"got {remnant.ml:g}; accepted: {accepted} (give or take {slack:.0f} ml)"
                continue
            bounds = Span(remnant.ml, remnant.ml, (f"its own ml {remnant.ml:g}",))
        if remnant.fraction is not None:
            whole = functional_liver(case, gone) if of_today else None
            yield from _of_a_fraction(case, (*path, "fraction"), remnant, bounds, whole, error)


def _finite(span: Span) -> float:
    return span.low if math.isinf(span.high) else span.high


def _bounds(case: Case, kept: frozenset[int], gone: frozenset[int]) -> Span:
    """What the total and the segments leave for the segments `kept`."""
    segments, whole = measured_segments(case, gone), functional_liver(case, gone)
    removed = ALL_SEGMENTS - gone - kept
    inside = math.fsum(volume for segment, volume in segments.items() if segment in kept)
    outside = math.fsum(volume for segment, volume in segments.items() if segment in removed)
    named = (f"segments_ml ({inside:g} ml of the remnant)",) if inside else ()
    if kept <= segments.keys():
        return Span(inside, inside, named)
    low, high, names = inside, math.inf, named
    if whole is not None:
        names = (*named, *whole.names, *((f"segments_ml ({outside:g} ml that go)",) if outside else ()))
        high = max(inside, whole.high - outside)
        if removed <= segments.keys():
            low = max(inside, whole.low - outside)
    return Span(low, high, names)


def _of_a_fraction(
    case: Case, path: Path, remnant: MeasuredRemnant, bounds: Span, whole: Span | None, error: Errors
) -> Iterator[Finding]:
    """Whether a fraction fits what is told of the same segments in ml, by one of the volumes it may be a fraction of."""
    fraction, standard = remnant.fraction or 0.0, standard_volume(case)
    readings: list[tuple[str, Span]] = []
    if remnant.denominator != "standardised":
        if whole is None:
            return
        readings.append((f"measured volume ({' less '.join(whole.names)})", whole))
    if remnant.denominator != "measured" and standard is not None:
        # A centre may use another formula than ours.
        by_formula = Span(standard * (1 - error.formula), standard * (1 + error.formula), ())
        readings.append((f"standardised volume (about {standard:.0f} ml)", by_formula))
    told = [(of, *_share(bounds, liver, error)) for of, liver in readings]
    if told and all(not low - NOTHING <= fraction <= high + NOTHING for _, low, high in told):
        accepted = " or ".join(f"{_in_words(low, high)} of the {of}" for of, low, high in told)
        yield path, f"got {fraction:g} beside {' and '.join(bounds.names) or 'the total'}; accepted: {accepted}"


def _share(bounds: Span, whole: Span, error: Errors) -> tuple[float, float]:
    """The least and the most share of the whole that the bounds allow, with the joint error of both."""
    joint = error.of(1.0, 1.0)
    low, high = bounds.low * (1 - joint), bounds.high * (1 + joint)
    return low / whole.high, high / whole.low if whole.low > 0 else math.inf


def _in_words(low: float, high: float) -> str:
    return f"{low:.2f} or more" if high >= 1 else f"{low:.2f} to {high:.2f}"


def _of_pairs(case: Case, gone: frozenset[int], error: Errors) -> Iterator[Finding]:
    """Two remnants of one week: one volume for one resection, more removed leaves no more, and two parts make no more than all."""
    remnants = case.liver.measured_remnants
    for (at, first), (index, one) in combinations(enumerate(remnants), 2):
        if one.week != first.week or one.excludes_congested != first.excludes_congested:
            continue
        for key in ("fraction", "ml"):
            mine, theirs = getattr(one, key), getattr(first, key)
            if mine is None or theirs is None or (key == "fraction" and one.denominator != first.denominator):
                continue
            told = _of_two(one, first, key, gone, error)
            if told:
                message = f"got {mine:g} beside {theirs:g} in measured_remnants[{at}]; accepted: {told}"
                yield ("liver", "measured_remnants", index, key), message


def _of_two(one: MeasuredRemnant, other: MeasuredRemnant, key: str, gone: frozenset[int], error: Errors) -> str:
    """What two figures of one kind break; nothing where they can both be true."""
    mine, theirs = getattr(one, key), getattr(other, key)
    slack = error.of(mine, theirs) + NOTHING
    taken, given = set(one.removes) - gone, set(other.removes) - gone
    if taken == given:
        return "one volume for the same resection in the same week" if abs(mine - theirs) > slack else ""
    if taken > given:
        return "removing more never leaves more" if mine > theirs + slack else ""
    if taken < given:
        return "removing less never leaves less" if theirs > mine + slack else ""
    if key == "ml" or one.denominator == "standardised":
        return ""
    if one.denominator is None:
        # It may be a standardised one, and then two parts of a large liver are more than one.
        slack = error.of(mine, theirs, by_formula=mine + theirs)
    if not taken & given and mine + theirs < 1 - slack:
        return "what two resections without a common segment leave is in sum at least the whole liver"
    if taken | given == ALL_SEGMENTS - gone and mine + theirs > 1 + slack:
        return "what two resections leave that take all segments between them is in sum at most the whole liver"
    return ""
