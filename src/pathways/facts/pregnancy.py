"""What a pregnancy bars, and when: drugs, elective operations, rays. What waits for the delivery waits; obstetricians plan with the team."""

from __future__ import annotations

from pathways.facts.patient_assessment import PatientAssessment
from pathways.facts.verdict import Verdict, allowed, refused
from pathways.messages.catalogue import say
from pathways.process.rules import RULES

RULE = "pregnancy"
OVER = "none"


def _week(assessed: PatientAssessment, blocks: int) -> float:
    """The week of pregnancy after `blocks` blocks of systemic treatment in this plan."""
    protocol, today = assessed.protocol, assessed.case.patient.pregnant_weeks or 0
    if assessed.targeted:
        return today + blocks * protocol.number("targeted_weeks")
    return today + blocks * protocol.number("cycles_per_block") * protocol.number("cycle_weeks")


def _not_pregnant() -> Verdict:
    return allowed(RULE, say("pregnancy.none"), sources=RULES[RULE].sources)


def operation(assessed: PatientAssessment, pregnancy: str, blocks: int) -> Verdict:
    """Elective operations and ablation, up to a week; later the delivery comes first."""
    if pregnancy == OVER:
        return _not_pregnant()
    key, week = "pregnancy_operation_to_week", _week(assessed, blocks)
    limit = assessed.protocol.number(key)
    details = {"value": week, "limit": limit, "unit": "weeks", "sources": assessed.protocol.sources(key)}
    if week > limit:
        return refused(RULE, say("pregnancy.operation_late", week=week, limit=limit), **details)
    return allowed(RULE, say("pregnancy.operation", week=week, limit=limit), **details)


def systemic(assessed: PatientAssessment, pregnancy: str, blocks: int) -> Verdict:
    """A block of chemotherapy after the first trimester that ends early enough before the delivery; no other drugs."""
    if pregnancy == OVER:
        return _not_pregnant()
    protocol, week, end = assessed.protocol, _week(assessed, blocks), _week(assessed, blocks + 1)
    sources = protocol.sources("pregnancy_systemic_from_week", "pregnancy_systemic_to_week")
    first, last = protocol.number("pregnancy_systemic_from_week"), protocol.number("pregnancy_systemic_to_week")
    if assessed.systemic != "cytotoxic" and not protocol.yes("pregnancy_other_drugs"):
        words = say("pregnancy.other_drugs")
        return refused(RULE, words, value=assessed.systemic, sources=protocol.sources("pregnancy_other_drugs"))
    if week < first:
        words = say("pregnancy.systemic_early", week=week, first=first)
        return refused(RULE, words, value=week, limit=first, unit="weeks", sources=sources)
    if end > last:
        words = say("pregnancy.systemic_late", end=end, last=last)
        return refused(RULE, words, value=end, limit=last, unit="weeks", sources=sources)
    words = say("pregnancy.systemic", week=week)
    return allowed(RULE, words, value=week, limit=first, unit="weeks", sources=sources)


def radiation(assessed: PatientAssessment, pregnancy: str) -> Verdict:
    """Rays that reach the child: radiotherapy of the rectum, embolisation under fluoroscopy."""
    key = "pregnancy_radiation"
    if pregnancy == OVER or assessed.protocol.yes(key):
        return _not_pregnant()
    return refused(RULE, say("pregnancy.radiation"), sources=assessed.protocol.sources(key))


def days_to_delivery(assessed: PatientAssessment, blocks: int) -> float:
    """Days until the delivery that the protocol waits for, after `blocks` blocks."""
    weeks = assessed.protocol.number("pregnancy_delivery_week") - _week(assessed, blocks)
    return max(0.0, weeks) * 7


def findings(assessed: PatientAssessment) -> tuple[Verdict, ...]:
    """Of a pregnant patient: who plans with the team, and what is barred today."""
    week = assessed.case.patient.pregnant_weeks
    if week is None:
        return ()
    with_whom = allowed(RULE, say("pregnancy.planned_with", week=week), value=float(week), unit="weeks",
                        sources=RULES[RULE].sources)  # fmt: skip
    return (
        with_whom,
        operation(assessed, "pregnant", 0),
        systemic(assessed, "pregnant", 0),
        radiation(assessed, "pregnant"),
    )
