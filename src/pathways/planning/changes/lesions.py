"""Volumes and lesions otherwise."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from functools import partial
from typing import Any

from pathways.case.models import Case, Lesion, MeasuredRemnant
from pathways.facts.patient_assessment import AFTER_RESPONSE, TODAY, PatientAssessment
from pathways.liver.anatomy import resection_name, segments_of
from pathways.liver.lesions import lesion_label
from pathways.liver.resection import Resection
from pathways.messages.catalogue import called, say
from pathways.messages.figures import apart
from pathways.planning.changes.model import (
    A_FINDING,
    A_MISSING_FINDING,
    GEOMETRY,
    PER_POINT,
    PER_STEP_MM,
    Change,
    GradedChange,
    Kind,
    Made,
    changed,
    cost_of,
    found,
    graded,
    with_part,
)

POINT = 0.01
# A volumetry that is so far from today's figure is another patient's.
MOST_POINTS = 25
SIZE_STEP_MM = 5.0
LARGEST_MM = 120.0
# From the least disease to the most: what is known of a lesion.
NATURES = ("vanished", "suspected", "confirmed")


def remnants(assessed: PatientAssessment) -> Iterator[GradedChange]:
    """Volumetry that finds more or less; less as an option only within what is not known or the error of a volumetry."""
    seen: set[int] = set()
    for one in _worth_measuring(assessed):
        left = assessed.present & ~one.removes & one.kept
        if one.removes and left not in seen:
            seen.add(left)
            today = assessed.volumes.remnant(one.kept)
            more: Kind = "measurement" if today.estimated else "treatment"
            fewer = [-points for points in range(1, MOST_POINTS)]
            within = [one for one in fewer if _fraction(today.value, one) >= today.low]
            ladders: tuple[tuple[Sequence[int], Kind], ...] = (
                (range(1, MOST_POINTS), more), (within, "measurement"), (fewer[len(within) :], "finding"),
            )  # fmt: skip
            for several, kind in ladders:
                made = Made([partial(measured, assessed, one, points, kind) for points in several])
                yield GradedChange(GEOMETRY, made)


def _fraction(now: float, points: int) -> float:
    return round(now + points * POINT, 2)


def _worth_measuring(assessed: PatientAssessment) -> Iterator[Resection]:
    for scenario in (TODAY, AFTER_RESPONSE):
        target = assessed.target(scenario)
        if target is not None:
            yield target
        yield from assessed.resections(scenario)[:3]


def measured(assessed: PatientAssessment, one: Resection, points: int, kind: Kind) -> Change | None:
    """Volumetry of today that finds `points` percentage points more (or fewer) than is known or estimated."""
    now = assessed.volumes.share(one.kept)
    fraction = _fraction(now, points)
    if not 0 < fraction < 1:
        return None
    removes = segments_of(assessed.present & ~one.kept)
    ours = MeasuredRemnant(removes=tuple(removes), fraction=fraction)
    kept = tuple(other for other in assessed.case.liver.measured_remnants if set(other.removes) != set(removes))
    core = resection_name(one.removes)
    told, today = apart(fraction, now)
    words = say("change.remnant", resection=core, fraction=told, now=today, points=points)
    # A volumetry that finds otherwise stands in the place of whatever contradicts it.
    updates: tuple[dict[str, Any], ...] = (
        {"measured_remnants": (*kept, ours)},
        {"measured_remnants": (ours,)},
        {"measured_remnants": (ours,), "segments_ml": {}},
    )
    for update in updates:
        change = changed(
            assessed, "liver.measured_remnants", words, round(now, 4), fraction,
            with_part(assessed, "liver", **update), cost=abs(points) * PER_POINT,
            unit="fraction", kind=kind,
        )  # fmt: skip
        if change is not None:
            # A figure that hardly any liver has is no answer, but a mistake.
            possible = not replace(assessed, case=change.case).volumetry.hardly_possible
            return change if possible else None
    return None


def lesions(assessed: PatientAssessment, of: str = "") -> Iterator[GradedChange]:
    """Each lesion smaller, fewer, free of a vessel, at another depth, of another nature, or not there; or larger. With `of`, a key, only that."""
    for index, lesion in enumerate(assessed.case.lesions):
        name = lesion_label(lesion, index)
        for key, ladders in OF_A_LESION.items():
            if of in ("", f"lesions[{index}]{key}"):
                yield from ladders(assessed, index, lesion, name)


def _free_of_a_vessel(assessed: PatientAssessment, index: int, lesion: Lesion, name: str) -> Iterator[GradedChange]:
    for vessel in lesion.contacts or ():
        rest = tuple(one for one in lesion.contacts or () if one != vessel)
        words = say("change.free_of_vessel", lesion=name, vessel=called("vessel", vessel))
        yield graded(GEOMETRY, [
            changed(assessed, f"lesions[{index}].contacts", words, list(lesion.contacts or ()), list(rest),
                    _with_lesion(assessed, index, contacts=rest), cost=A_FINDING, kind="treatment")
        ])  # fmt: skip


def _depths(assessed: PatientAssessment, index: int, lesion: Lesion, name: str) -> Iterator[GradedChange]:
    for depth in ("superficial", "deep"):
        if lesion.depth != depth:
            words = say("change.lesion_is", lesion=name, what=called("depth", depth))
            kind = found(lesion.depth, worse=depth == "deep", known="measurement")
            yield _otherwise(assessed, index, words, kind, depth=depth)


def _natures(assessed: PatientAssessment, index: int, lesion: Lesion, name: str) -> Iterator[GradedChange]:
    biopsied = lesion.biopsy in ("benign", "malignant")
    for nature in () if biopsied else ("confirmed", "suspected", "vanished"):
        if lesion.known_as != nature:
            words = say("change.lesion_is", lesion=name, what=called("nature", nature))
            # A response may let a lesion vanish; nobody can make a proven one a suspicion again.
            kind: Kind = "treatment" if nature == "vanished" else "finding"
            yield _otherwise(assessed, index, words, kind, nature=nature)


def _gone(assessed: PatientAssessment, index: int, lesion: Lesion, name: str) -> Iterator[GradedChange]:
    if len(assessed.case.lesions) > 1:
        rest = tuple(one for one in assessed.case.lesions if one is not lesion)
        yield graded(GEOMETRY, [
            changed(assessed, f"lesions[{index}]", say("change.without_lesion", lesion=name), name, None,
                    assessed.case.model_copy(update={"lesions": rest}), cost=2 * A_FINDING, kind="treatment")
        ])  # fmt: skip


def _with_lesion(assessed: PatientAssessment, index: int, **update: Any) -> Case:
    several = list(assessed.case.lesions)
    several[index] = several[index].model_copy(update=update)
    return assessed.case.model_copy(update={"lesions": tuple(several)})


def _otherwise(assessed: PatientAssessment, index: int, words: str, kind: Kind, **update: Any) -> GradedChange:
    ((name, value),) = update.items()
    before = getattr(assessed.case.lesions[index], name)
    cost = A_FINDING if name == "nature" else cost_of(before)
    return graded(GEOMETRY, [
        changed(assessed, f"lesions[{index}].{name}", words, before, value, _with_lesion(assessed, index, **update),
                cost=cost, kind=kind)
    ])  # fmt: skip


def _numbers(assessed: PatientAssessment, index: int, lesion: Lesion, name: str) -> Iterator[GradedChange]:
    if lesion.count is not None and lesion.count > 1:
        yield graded(GEOMETRY, [
            changed(assessed, f"lesions[{index}].count", say("change.lesions", lesion=name, number=number, now=lesion.count),
                    lesion.count, number, _with_lesion(assessed, index, count=number), cost=(lesion.count - number) * 0.5,
                    unit="lesions", kind="treatment")
            for number in range(lesion.count - 1, 0, -1)
        ])  # fmt: skip


def _sizes(assessed: PatientAssessment, index: int, lesion: Lesion, name: str) -> Iterator[GradedChange]:
    now = lesion.size_mm

    def to(size: float, cost: float, words: str, *, worse: bool) -> Change | None:
        return changed(
            assessed, f"lesions[{index}].size_mm", words, now, size, _with_lesion(assessed, index, size_mm=size),
            cost=cost, unit="mm", kind=found(now, worse=worse),
        )  # fmt: skip

    if now is None:
        sizes = [SIZE_STEP_MM * step for step in range(1, int(LARGEST_MM / SIZE_STEP_MM) + 1)]
        # Planning takes an unknown size as small: to find it large is worse than what is assumed.
        at_least = (
            to(one, A_MISSING_FINDING, say("change.size_at_least", lesion=name, size=one), worse=True) for one in sizes
        )
        yield graded(GEOMETRY, at_least, bound=True)
        at_most = (
            to(one, A_MISSING_FINDING, say("change.size_at_most", lesion=name, size=one), worse=False)
            for one in reversed(sizes)
        )
        yield graded(GEOMETRY, at_most, bound=True)
        return
    for direction in (-1, 1):
        first = (
            SIZE_STEP_MM * ((now - 1e-9) // SIZE_STEP_MM) if direction < 0 else SIZE_STEP_MM * (now // SIZE_STEP_MM + 1)
        )
        sizes = [first + direction * SIZE_STEP_MM * step for step in range(int(LARGEST_MM / SIZE_STEP_MM))]
        yield graded(GEOMETRY, [
            to(size, PER_STEP_MM * abs(size - now) / SIZE_STEP_MM, say("change.size", lesion=name, size=size, now=now),
               worse=direction > 0)
            for size in sizes if 0 < size <= 2 * LARGEST_MM
        ])  # fmt: skip


# The ladders of a lesion by the end of the key that they change.
OF_A_LESION = {
    ".size_mm": _sizes,
    ".count": _numbers,
    ".contacts": _free_of_a_vessel,
    ".depth": _depths,
    ".nature": _natures,
    "": _gone,
}
