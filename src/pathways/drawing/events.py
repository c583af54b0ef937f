"""A pathway as what lasts and what happens on a day: spans of weeks and signs, read off what its steps say they do."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Literal

from pathways.facts.intervals import DAYS_A_WEEK
from pathways.planning.annotate import Pathway, PathwayStep
from pathways.process.acts import IRRADIATING, ON_THE_LIVER
from pathways.quick_dataclass import dataclass

Span = Literal["drugs", "radiotherapy", "growth", "recovery", "finding_out", "waiting"]
Sign = Literal[
    "liver",
    "bowel",
    "ablation",
    "embolisation",
    "elsewhere",
    "transplantation",
    "gate",
    "cleared",
    "drugs",
    "radiotherapy",
]
SPANS: tuple[Span, ...] = ("drugs", "radiotherapy", "growth", "recovery", "finding_out", "waiting")
# What takes effect over the days of its step is done on the first of them.
AT_THE_BEGINNING = ("drugs", "radiotherapy", "embolisation")
GROWING = ("hypertrophy", "alpps_interval")
RECOVERING = ("recovering", "emergency_recovery", "liver_failure")
FINDING_OUT = (
    "referred",
    "characterisation",
    "volumetry",
    "volumetry_before_diagnosis",
    "restaging",
    "pathology",
    "indeterminate",
)


@dataclass(frozen=True, slots=True)
class Lasting:
    """Weeks in which one thing goes on."""

    kind: Span
    start: float
    end: float
    words: str


@dataclass(frozen=True, slots=True)
class Happening:
    """Something on one day."""

    sign: Sign
    week: float
    words: str


def lasting(one: Pathway) -> tuple[Lasting, ...]:
    """What lasts along a pathway, in weeks from today."""
    return tuple(
        Lasting(kind_of(step), round(step.since / DAYS_A_WEEK, 2), round(step.day / DAYS_A_WEEK, 2), step.title)
        for step in one.steps
        if step.day > step.since
    )


def happening(one: Pathway) -> tuple[Happening, ...]:
    """What happens on a day along a pathway, in weeks from today."""
    found: list[Happening] = []
    for step in one.steps:
        week = round(step.day / DAYS_A_WEEK, 2)
        begins = round(step.since / DAYS_A_WEEK, 2)
        for sign in signs_of(step):
            # The interval after radiotherapy is no second course of it.
            if sign != "radiotherapy" or not any(one.sign == sign for one in found):
                found.append(Happening(sign, begins if sign in AT_THE_BEGINNING else week, step.title))
    if one.curative:
        found.append(Happening("cleared", round(one.days / DAYS_A_WEEK, 2), one.steps[-1].title))
    return tuple(found)


def signs_of(step: PathwayStep) -> Iterator[Sign]:
    """What is done to the patient in a step, liver and bowel apart; measuring the remnant is a gate."""
    acts = step.acts
    if "transplantation" in acts:
        yield "transplantation"
    if not (ON_THE_LIVER - {"ablation"}).isdisjoint(acts):
        yield "liver"
    if "ablation" in acts:
        yield "ablation"
    if "primary_resection" in acts:
        yield "bowel"
    if "metastasectomy" in acts:
        yield "elsewhere"
    if "embolisation" in acts:
        yield "embolisation"
    if step.kind == "decision" and "systemic" in acts:
        yield "drugs"
    if step.kind == "decision" and not IRRADIATING.isdisjoint(acts):
        yield "radiotherapy"
    if step.kind == "outcome" and "volumetry" in acts:
        yield "gate"


def operates(step: PathwayStep) -> bool:
    """Whether something is done to the patient on the last day of the step."""
    return step.operation or "ablation" in step.acts


def kind_of(step: PathwayStep) -> Span:
    """What goes on during a step. The days before an operation are waiting for it."""
    if operates(step):
        return "waiting"
    if not IRRADIATING.isdisjoint(step.acts):
        return "radiotherapy"
    if step.acts & {"systemic", "washout"} or step.before == "washout":
        return "drugs"
    if step.before in GROWING or step.after in GROWING:
        return "growth"
    if step.before in RECOVERING:
        return "recovery"
    if step.before in FINDING_OUT or step.after in ("volumetry", "restaging"):
        return "finding_out"
    return "waiting"
