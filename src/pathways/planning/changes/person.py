"""The person, the function of the liver and the wishes of the patient otherwise."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from pathways.facts.patient_assessment import PatientAssessment
from pathways.messages.catalogue import called, say
from pathways.planning.changes.model import (
    A_WISH,
    GEOMETRY,
    PER_YEAR,
    GradedChange,
    Kind,
    changed,
    cost_of,
    found,
    graded,
    numbers,
    one_key,
    with_part,
)

YEARS, OLDEST = 30, 110
# Who bears an operation decides which of them count: where the facts point, and what a response would open.
COUNTED = ("situation", "convertible")
FITNESS = ("fit_", *COUNTED)
FUNCTION = ("liver_function", "bile_drained", "start", *COUNTED)
# From the best to the worst.
EXTENTS = ("major", "minor", "ablation", "none")
# So that of two grades of a person the nearer one is said; less than what sets two findings apart.
PER_LEVEL = 0.1
BILE = ("none", "drained", "present")


def person(assessed: PatientAssessment) -> Iterator[GradedChange]:
    """What the patient is held fit for, ECOG, ASA and age; a worse one, and another age, as a finding only."""
    patient = assessed.case.patient
    yield from _held_fit_for(assessed)
    for name, grades, unit, facts in (
        ("ecog", range(5), "ECOG", (*FITNESS, "transplantable")), ("asa", range(1, 5), "ASA", FITNESS),
    ):  # fmt: skip
        before = getattr(patient, name)
        now = before or min(grades)
        for grade in grades:
            if grade != before:
                words = say("change.ecog", grade=grade) if name == "ecog" else say("change.asa", grade=grade)
                yield _level(assessed, name, grade, words, facts, apart=abs(now - grade), worse=grade > now, unit=unit)
    if patient.age_years is not None:
        for direction in (-1, 1):
            ages = [patient.age_years + direction * year for year in range(1, YEARS + 1)]
            yield from numbers(
                assessed, "patient", "age_years", [age for age in ages if 0 <= age <= OLDEST],
                lambda age: say("change.age", age=age, now=patient.age_years), ("transplantable", *FITNESS), unit="years",
                per_step=PER_YEAR, kind="finding",
            )  # fmt: skip


def _held_fit_for(assessed: PatientAssessment) -> Iterator[GradedChange]:
    """Less and more than the patient is held fit for: the nearest comes first, for nobody has to be fit for more than what is done."""
    before = assessed.case.patient.fit_for
    # What is not known is planned as fit: to find it less is worse than what is assumed.
    now = EXTENTS.index(before or "major")
    for place, level in enumerate(EXTENTS):
        if level != before:
            words = say("change.unfit") if level == "none" else say("change.fit", extent=called("extent", level))
            worse = place > now
            yield _level(
                assessed, "fit_for", level, words, FITNESS, apart=abs(now - place), worse=worse, known="measurement"
            )


def _level(
    assessed: PatientAssessment, name: str, level: Any, words: str, facts: tuple[str, ...], *,
    apart: int, worse: bool, unit: str = "", known: Kind = "treatment",
) -> GradedChange:  # fmt: skip
    """One level of what a person is graded by, so many grades from today's: the nearer is said."""
    before = getattr(assessed.case.patient, name)
    case, cost = with_part(assessed, "patient", **{name: level}), cost_of(before) + PER_LEVEL * apart
    kind = found(before, worse=worse, known=known)
    return graded(
        facts, [changed(assessed, f"patient.{name}", words, before, level, case, cost=cost, kind=kind, unit=unit)]
    )


def liver(assessed: PatientAssessment) -> Iterator[GradedChange]:
    """A healthier background, bile ducts, and a function that is measured or treated to be better."""
    state = assessed.case.liver
    yield from one_key(assessed, "liver", "insufficiency", (), say("liver_sufficient.no_sign"), FUNCTION)
    # A damaged liver is no way to open a pathway: only a healthier background is one.
    yield from one_key(
        assessed, "liver", "background", "normal", say("change.background"), (*GEOMETRY, *FUNCTION), kind="measurement"
    )
    for bile in BILE:
        words = say("change.bile", state=called("bile", bile))
        # Where nothing is told of the bile ducts, they are planned as free.
        worse = BILE.index(bile) > BILE.index(state.biliary_obstruction or "none")
        kind = found(state.biliary_obstruction, worse=worse)
        yield from one_key(assessed, "liver", "biliary_obstruction", bile, words, FUNCTION, kind=kind)
    yield from one_key(assessed, "liver", "child_pugh", "A", say("change.child_pugh"), FUNCTION)
    yield from _laboratory(assessed)
    if state.icg_r15_percent is not None:
        values = [float(value) for value in range(int(state.icg_r15_percent), -1, -1)]
        yield from numbers(assessed, "liver", "icg_r15_percent", values, lambda value: say("change.icg", retention=value), FUNCTION,
                           unit="percent", per_step=PER_YEAR, kind="measurement")  # fmt: skip


# Of each value of the blood the settings that set a limit on it, whether it has to fall to them, and its unit.
LIMITS: dict[str, tuple[tuple[str, ...], bool, str]] = {
    "inr": (("inr_max",), True, "ratio"),
    "bilirubin_umol_per_l": (
        ("bilirubin_max_systemic", "bilirubin_max_ablation", "bilirubin_max_minor", "bilirubin_max_major"), True, "umol/l",
    ),
    "albumin_g_per_l": (("albumin_min_minor", "albumin_min_major", "albumin_low"), False, "g/l"),
    "platelets_e9_per_l": (("platelets_min_operation", "platelets_min_cirrhosis", "platelets_low"), False, "e9/l"),
}  # fmt: skip
USUAL_INR = 1.0


def _laboratory(assessed: PatientAssessment) -> Iterator[GradedChange]:
    """Values that a second measurement may bring back within a limit: of the protocol, or of a Child-Pugh class."""
    liver, patient, protocol = assessed.case.liver, assessed.case.patient, assessed.protocol
    yield from _brought(assessed, "inr", lambda value: say("change.inr", value=value), beside=(USUAL_INR,))
    if liver.inr is not None and liver.inr > protocol.number("inr_max") and patient.anticoagulated is None:
        yield from one_key(assessed, "patient", "anticoagulated", True, say("change.anticoagulated"), FUNCTION)
    yield from _brought(assessed, "bilirubin_umol_per_l", lambda value: say("change.bilirubin", value=value))
    bilirubin = liver.bilirubin_umol_per_l
    if bilirubin is not None and bilirubin > protocol.number("bilirubin_max_major") and liver.gilbert is None:
        yield from one_key(assessed, "liver", "gilbert", True, say("change.gilbert"), FUNCTION)
    yield from _brought(assessed, "albumin_g_per_l", lambda value: say("change.albumin", value=value))
    yield from _brought(assessed, "platelets_e9_per_l", lambda value: say("change.platelets", value=value))


def _brought(
    assessed: PatientAssessment, name: str, words: Callable[[float], str], beside: tuple[float, ...] = ()
) -> Iterator[GradedChange]:
    """A value brought to each limit between it and the farthest one, the nearest first."""
    now, (settings, falls, unit) = getattr(assessed.case.liver, name), LIMITS[name]
    if now is None:
        return
    points = assessed.parameters.get(f"child_pugh_{name.split('_', maxsplit=1)[0]}")
    limits = {*map(assessed.protocol.number, settings), *(points.value if points else ()), *beside}
    ahead = sorted((one for one in limits if (one < now if falls else one > now)), reverse=falls)
    steps = [
        changed(
            assessed, f"liver.{name}", words(value), now, value, with_part(assessed, "liver", **{name: value}),
            cost=cost_of(now) + PER_LEVEL * place, kind=found(now), unit=unit,
        )
        for place, value in enumerate(ahead)
    ]  # fmt: skip
    if any(steps):
        yield graded(FUNCTION, steps)


def wishes(assessed: PatientAssessment) -> Iterator[GradedChange]:
    """Each family that the patient declines, accepted."""
    declines = assessed.case.patient.declines
    for family in declines:
        rest = tuple(one for one in declines if one != family)
        words = say("change.accepts", family=called("family", family))
        yield graded((f"accepts_{family}",), [
            changed(assessed, "patient.declines", words, list(declines), list(rest),
                    with_part(assessed, "patient", declines=rest), cost=A_WISH, kind="choice")
        ])  # fmt: skip
