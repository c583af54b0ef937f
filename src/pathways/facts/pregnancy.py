"""What a pregnancy bars, and when: drugs, elective operations, rays. What waits for the delivery waits; obstetricians plan with the team."""

from __future__ import annotations

from pathways.facts.intervals import DAYS_A_WEEK, longest_washout_days, meeting_days, weeks_of_a_block, weeks_of_blocks
from pathways.facts.patient_assessment import PatientAssessment
from pathways.facts.verdict import Verdict, allowed, refused
from pathways.messages.catalogue import say
from pathways.process.blocks import number_of_blocks
from pathways.process.rules import RULES

RULE = "pregnancy"
OVER, LATE = "none", "late"


def week_at_least(assessed: PatientAssessment, blocks: int) -> float:
    """The week of pregnancy after `blocks` blocks of systemic treatment in this plan, if nothing else took time."""
    return (assessed.case.patient.pregnant_weeks or 0) + weeks_of_blocks(assessed, blocks)


def _week_at_most(assessed: PatientAssessment, gestation: str, blocks: int) -> float:
    """The week after `blocks` blocks with their restaging, the first meeting, volumetry, and the step that `gestation` tells of."""
    figure = assessed.parameters
    days = float(meeting_days(assessed, figure["days_to_meeting"].number, figure["days_to_operation"].number))
    days += figure["days_to_volumetry"].number + number_of_blocks(blocks) * figure["days_to_restaging"].number
    if gestation == "later":
        # An operation with the way to it and a slow recovery: the longest of the steps that count as one.
        days += figure["days_to_operation"].number + figure["days_of_slow_recovery"].number
    return week_at_least(assessed, blocks) + days / DAYS_A_WEEK


def _week_of_operation(assessed: PatientAssessment, gestation: str, blocks: int) -> float:
    """The week in which an operation decided now is done at the latest: scheduled, and after what must wash out."""
    days = assessed.parameters["days_to_operation"].number
    if blocks:
        days += longest_washout_days(assessed)
    return _week_at_most(assessed, gestation, blocks) + days / DAYS_A_WEEK


def _over(assessed: PatientAssessment, gestation: str) -> bool:
    return gestation == OVER or assessed.case.patient.pregnant_weeks is None


def _not_pregnant() -> Verdict:
    return allowed(RULE, say("pregnancy.none"), sources=RULES[RULE].sources)


def operation(assessed: PatientAssessment, gestation: str, blocks: int) -> Verdict:
    """Elective operations and ablation, done by a week; after much else, or later, the delivery comes first."""
    if _over(assessed, gestation):
        return _not_pregnant()
    key, week = "pregnancy_operation_to_week", _week_of_operation(assessed, gestation, blocks)
    limit = assessed.protocol.number(key)
    details = {"value": round(week, 1), "limit": limit, "unit": "weeks", "sources": assessed.protocol.sources(key)}
    if gestation == LATE:
        return refused(RULE, say("pregnancy.too_much_before"), sources=assessed.protocol.sources(key))
    if week > limit:
        return refused(RULE, say("pregnancy.operation_late", week=round(week, 1), limit=limit), **details)
    return allowed(RULE, say("pregnancy.operation", week=round(week, 1), limit=limit), **details)


def systemic(assessed: PatientAssessment, gestation: str, blocks: int, course: str = "") -> Verdict:
    """A block or half of chemotherapy after the first trimester that ends early enough before the delivery; no other drugs."""
    if _over(assessed, gestation):
        return _not_pregnant()
    protocol, week = assessed.protocol, week_at_least(assessed, blocks)
    end = round(_week_at_most(assessed, gestation, blocks) + weeks_of_a_block(assessed, course), 1)
    sources = protocol.sources("pregnancy_systemic_from_week", "pregnancy_systemic_to_week")
    first, last = protocol.number("pregnancy_systemic_from_week"), protocol.number("pregnancy_systemic_to_week")
    if assessed.systemic != "cytotoxic" and not protocol.yes("pregnancy_other_drugs"):
        words = say("pregnancy.other_drugs")
        return refused(RULE, words, value=assessed.systemic, sources=protocol.sources("pregnancy_other_drugs"))
    if gestation == LATE:
        return refused(RULE, say("pregnancy.too_much_before"), sources=sources)
    if week < first:
        words = say("pregnancy.systemic_early", week=week, first=first)
        return refused(RULE, words, value=week, limit=first, unit="weeks", sources=sources)
    if end > last:
        words = say("pregnancy.systemic_late", end=end, last=last)
        return refused(RULE, words, value=end, limit=last, unit="weeks", sources=sources)
    words = say("pregnancy.systemic", week=week)
    return allowed(RULE, words, value=week, limit=first, unit="weeks", sources=sources)


def radiation(assessed: PatientAssessment, gestation: str) -> Verdict:
    """Rays that reach the child: radiotherapy of the rectum, embolisation under fluoroscopy."""
    key = "pregnancy_radiation"
    if _over(assessed, gestation) or assessed.protocol.yes(key):
        return _not_pregnant()
    return refused(RULE, say("pregnancy.radiation"), sources=assessed.protocol.sources(key))


def findings(assessed: PatientAssessment) -> tuple[Verdict, ...]:
    """Of a pregnant patient: who plans with the team, and what is barred today."""
    week = assessed.case.patient.pregnant_weeks
    if week is None:
        return ()
    with_whom = allowed(RULE, say("pregnancy.planned_with", week=week), value=float(week), unit="weeks",
                        sources=RULES[RULE].sources)  # fmt: skip
    return (
        with_whom,
        operation(assessed, "as_told", 0),
        systemic(assessed, "as_told", 0),
        radiation(assessed, "as_told"),
    )
