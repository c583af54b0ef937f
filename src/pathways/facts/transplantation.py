"""Criteria for transplantation: those that do not change in a plan, and the test of time on chemotherapy."""

from __future__ import annotations

from collections.abc import Iterator

from pathways.facts.blocks import cycles_of
from pathways.facts.disease import doubt_elsewhere, progressing
from pathways.facts.history import Given, immunotherapies, line_begins
from pathways.facts.patient_assessment import PatientAssessment
from pathways.facts.verdict import Verdict, allowed, refused, unknown, without
from pathways.messages.catalogue import called, say

RULE = "transplant_criteria"


def transplantable(assessed: PatientAssessment) -> Verdict:
    """Age, performance, BRAF, extrahepatic disease and CEA; the first that refuses speaks, then the first unknown."""
    found = list(_criteria(assessed))
    for answer in ("refused", "unknown"):
        for verdict in found:
            if verdict.verdict == answer:
                return verdict
    return allowed(RULE, say("transplant_criteria.met"), sources=_sources(assessed))


def tested(assessed: PatientAssessment, blocks: int, line: str) -> Verdict:
    """Long enough on chemotherapy with response or stable disease; what ended with progression is no such time."""
    protocol = assessed.protocol
    after = _after_immunotherapy(assessed, blocks)
    if after is not None:
        return after
    needed = protocol.number("transplant_chemotherapy_weeks")
    if line == "second" and not progressing(assessed):
        # How much of the time lay before the progression is not followed.
        words = say("transplant_criteria.second_line", needed=needed)
        return refused(RULE, words, limit=needed, unit="weeks", sources=_sources(assessed))
    held = [one for one in assessed.past.of_the_metastases if _held(assessed, one)]
    given = sum(one.weeks or 0 for one in held)
    weeks = given + cycles_of(protocol, blocks, assessed.past.cycles_counted) * protocol.number("cycle_weeks")
    details = {"value": float(weeks), "limit": needed, "unit": "weeks", "sources": _sources(assessed)}
    every = len(held) == len(assessed.past.of_the_metastases)
    words = say(
        "transplant_criteria.weeks" if every else "transplant_criteria.weeks_that_hold", weeks=weeks, needed=needed
    )
    if weeks >= needed:
        return allowed(RULE, words, **details)
    if any(one.weeks is None for one in held):
        reason = say("transplant_criteria.weeks_not_reported", item="history.week, until_week")
        return unknown(RULE, reason, say("taken_as.long_enough"), **details)
    return refused(RULE, words, **details)


def _held(assessed: PatientAssessment, course: Given) -> bool:
    """Whether a course belongs to the line that still holds, as far as that is told: no progression was seen at its end or after it."""
    last = course.event == max(one.event for one in assessed.past.of_the_metastases)
    return course.event >= line_begins(assessed.case.history) and not (last and progressing(assessed))


def _after_immunotherapy(assessed: PatientAssessment, blocks: int) -> Verdict | None:
    """A new liver waits after checkpoint inhibitors; None where none was given, or long enough ago."""
    key = "transplant_after_immunotherapy_weeks"
    weeks, sources = assessed.protocol.number(key), assessed.protocol.sources(key)
    if blocks and weeks and assessed.systemic == "immunotherapy":
        return refused(
            RULE, say("transplant_criteria.immunotherapy", weeks=weeks), limit=weeks, unit="weeks", sources=sources
        )
    ended = [one.until_week for one in immunotherapies(assessed.case)]
    if not ended or not weeks:
        return None
    known = [week for week in ended if week is not None]
    if len(known) < len(ended):
        words = say("transplant_criteria.immunotherapy_not_dated", item="history.until_week", weeks=weeks)
        return unknown(RULE, words, say("taken_as.long_ago"), limit=weeks, unit="weeks", sources=sources)
    since = float(-max(known))
    if since >= weeks:
        return None
    words = say("transplant_criteria.since_immunotherapy", since=since, weeks=weeks)
    return refused(RULE, words, value=since, limit=weeks, unit="weeks", sources=sources)


def observed(assessed: PatientAssessment, listed: str) -> Verdict:
    """Long enough since the primary was resected: before today, or in this plan with the observation after it."""
    case, key = assessed.case, "transplant_observation_weeks"
    needed, sources = assessed.protocol.number(key), assessed.protocol.sources(key)
    if listed != "no":
        return allowed(RULE, say("transplant_criteria.observed"), limit=needed, unit="weeks", sources=sources)
    if case.primary_in_place:
        return refused(
            RULE, say("transplant_criteria.observe", needed=needed), limit=needed, unit="weeks", sources=sources
        )
    weeks = [event.week for event in case.history if event.event == "primary_resection"]
    if not weeks or weeks[-1] is None:
        words = say("transplant_criteria.resection_not_dated", item="history.week")
        return unknown(RULE, words, say("taken_as.long_ago"), limit=needed, unit="weeks", sources=sources)
    since = float(-weeks[-1])
    make = allowed if since >= needed else refused
    words = say("transplant_criteria.since_the_primary", since=since, needed=needed)
    return make(RULE, words, value=since, limit=needed, unit="weeks", sources=sources)


def _sources(assessed: PatientAssessment) -> tuple[str, ...]:
    return assessed.protocol.sources("transplant_age_max")


def _criteria(assessed: PatientAssessment) -> Iterator[Verdict]:
    yield from _policy(assessed)
    yield from _person(assessed)
    yield from _disease(assessed)
    yield from _cea(assessed)


def _policy(assessed: PatientAssessment) -> Iterator[Verdict]:
    protocol, sources = assessed.protocol, _sources(assessed)
    if not protocol.yes("transplant_accepted"):
        yield refused(RULE, say("transplant_criteria.not_offered", protocol=protocol.id), sources=sources)


def _person(assessed: PatientAssessment) -> Iterator[Verdict]:
    patient, protocol, sources = assessed.case.patient, assessed.protocol, _sources(assessed)
    youngest, oldest = protocol.number("transplant_age_min"), protocol.number("transplant_age_max")
    if patient.age_years is None:
        words = say("transplant_criteria.age_not_reported", item="patient.age_years")
        yield unknown(RULE, words, say("taken_as.within_the_limits"), sources=sources)
    elif not youngest <= patient.age_years <= oldest:
        words = say("transplant_criteria.age", age=patient.age_years, youngest=youngest, oldest=oldest)
        yield refused(RULE, words, value=float(patient.age_years), limit=oldest, unit="years", sources=sources)
    best = protocol.whole("transplant_ecog_max")
    if patient.ecog is None:
        words = say("transplant_criteria.ecog_not_reported", item="patient.ecog")
        yield unknown(RULE, words, say("taken_as.ecog", limit=best), sources=sources)
    elif patient.ecog > best:
        words = say("transplant_criteria.ecog", ecog=patient.ecog, limit=best)
        yield refused(RULE, words, value=float(patient.ecog), limit=float(best), unit="ECOG", sources=sources)


def _disease(assessed: PatientAssessment) -> Iterator[Verdict]:
    case, sources = assessed.case, _sources(assessed)
    if case.primary.tumour != "colorectal":
        words = say("transplant_criteria.other_primary")
        yield refused(RULE, words, value=case.primary.tumour, sources=sources)
    if case.primary.status == "controlled":
        yield refused(RULE, say("transplant_criteria.primary_not_resected"), value="controlled", sources=sources)
    if case.primary.braf == "v600e":
        yield refused(RULE, say("transplant_criteria.braf"), value="v600e", sources=sources)
    elif case.primary.braf is None:
        words = say("transplant_criteria.braf_not_reported", item="primary.braf")
        yield unknown(RULE, words, say("taken_as.not_mutated"), sources=sources)
    if assessed.elsewhere:
        where = ", ".join(site.site.replace("_", " ") for site in assessed.elsewhere)
        sites = ", ".join(called("site", site.site) for site in assessed.elsewhere)
        yield refused(RULE, say("transplant_criteria.extrahepatic", sites=sites), value=where, sources=sources)
    elif assessed.doubtful_elsewhere:
        yield without(RULE, [doubt_elsewhere(assessed)], sources=sources)
    elif case.extrahepatic is None:
        words = say("extrahepatic_resectable.staging_not_reported", item="extrahepatic")
        yield unknown(RULE, words, say("taken_as.no_extrahepatic_disease"), sources=sources)


def _cea(assessed: PatientAssessment) -> Iterator[Verdict]:
    """CEA below the limit, or fallen far enough from its peak."""
    primary, protocol, sources = assessed.case.primary, assessed.protocol, _sources(assessed)
    limit, fall = protocol.number("transplant_cea_max"), protocol.number("transplant_cea_fall")
    value, peak = primary.cea_ng_per_ml, primary.cea_peak_ng_per_ml
    if value is None:
        words = say("transplant_criteria.cea_not_reported", item="primary.cea_ng_per_ml")
        yield unknown(RULE, words, say("taken_as.low_enough"), sources=sources)
    elif value >= limit and (peak is None or value > peak * (1 - fall)):
        words = (
            say(
                "transplant_criteria.cea_peak_not_reported",
                cea=value,
                limit=limit,
                fall=fall,
                item="primary.cea_peak_ng_per_ml",
            )
            if peak is None
            else say("transplant_criteria.cea", cea=value, limit=limit, fall=fall)
        )
        yield refused(RULE, words, value=value, limit=limit, unit="ng/ml", sources=sources)
