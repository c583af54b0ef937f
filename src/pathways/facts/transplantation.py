"""Criteria for transplantation: those that do not change in a plan, and the test of time on chemotherapy."""

from __future__ import annotations

from collections.abc import Iterator

from pathways.facts.patient_assessment import PatientAssessment
from pathways.facts.verdict import Verdict, allowed, refused, unknown

RULE = "transplant_criteria"


def transplantable(assessed: PatientAssessment) -> Verdict:
    """Age, performance, BRAF, extrahepatic disease and CEA; the first that refuses speaks, then the first unknown."""
    found = list(_criteria(assessed))
    for answer in ("refused", "unknown"):
        for verdict in found:
            if verdict.verdict == answer:
                return verdict
    return allowed(RULE, "meets the criteria for transplantation", sources=_sources(assessed))


def tested(assessed: PatientAssessment, blocks: int) -> Verdict:
    """Long enough on chemotherapy with response or stable disease."""
    protocol = assessed.protocol
    needed = protocol.number("transplant_chemotherapy_weeks")
    block = protocol.number("cycles_per_block") * protocol.number("cycle_weeks")
    weeks = assessed.past.exposure_weeks + blocks * block
    details = {"value": float(weeks), "limit": needed, "unit": "weeks", "sources": _sources(assessed)}
    if weeks >= needed:
        return allowed(RULE, f"{weeks:g} weeks of chemotherapy, {needed:g} needed", **details)
    if assessed.past.exposure_unknown:
        reason = "length of earlier chemotherapy not reported (history.week, until_week)"
        return unknown(RULE, reason, "taken as long enough", **details)
    return refused(RULE, f"{weeks:g} weeks of chemotherapy, {needed:g} needed", **details)


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
        yield refused(RULE, f"the protocol {protocol.id} does not offer transplantation", sources=sources)


def _person(assessed: PatientAssessment) -> Iterator[Verdict]:
    patient, protocol, sources = assessed.case.patient, assessed.protocol, _sources(assessed)
    youngest, oldest = protocol.number("transplant_age_min"), protocol.number("transplant_age_max")
    if patient.age_years is None:
        yield unknown(RULE, "age not reported (patient.age_years)", "taken as within the limits", sources=sources)
    elif not youngest <= patient.age_years <= oldest:
        words = f"age {patient.age_years} is outside {youngest:g} to {oldest:g}"
        yield refused(RULE, words, value=float(patient.age_years), limit=oldest, unit="years", sources=sources)
    best = protocol.whole("transplant_ecog_max")
    if patient.ecog is None:
        yield unknown(
            RULE, "performance not reported (patient.ecog)", f"taken as ECOG {best} or better", sources=sources
        )
    elif patient.ecog > best:
        words = f"ECOG {patient.ecog} is above {best}"
        yield refused(RULE, words, value=float(patient.ecog), limit=float(best), unit="ECOG", sources=sources)


def _disease(assessed: PatientAssessment) -> Iterator[Verdict]:
    case, sources = assessed.case, _sources(assessed)
    if case.primary.tumour != "colorectal":
        yield refused(RULE, "the criteria are for colorectal metastases", value=case.primary.tumour, sources=sources)
    if case.primary.braf == "v600e":
        yield refused(RULE, "BRAF is mutated", value="v600e", sources=sources)
    elif case.primary.braf is None:
        yield unknown(RULE, "BRAF not reported (primary.braf)", "taken as not mutated", sources=sources)
    if case.extrahepatic:
        where = ", ".join(site.site.replace("_", " ") for site in case.extrahepatic)
        yield refused(RULE, f"extrahepatic disease: {where}", value=where, sources=sources)
    elif case.extrahepatic is None:
        yield unknown(RULE, "extrahepatic staging not reported (extrahepatic)", "taken as none", sources=sources)


def _cea(assessed: PatientAssessment) -> Iterator[Verdict]:
    """CEA below the limit, or fallen far enough from its peak."""
    primary, protocol, sources = assessed.case.primary, assessed.protocol, _sources(assessed)
    limit, fall = protocol.number("transplant_cea_max"), protocol.number("transplant_cea_fall")
    value, peak = primary.cea_ng_per_ml, primary.cea_peak_ng_per_ml
    if value is None:
        yield unknown(RULE, "CEA not reported (primary.cea_ng_per_ml)", "taken as low enough", sources=sources)
    elif value >= limit and (peak is None or value > peak * (1 - fall)):
        words = f"CEA {value:g} ng/ml is not below {limit:g} and has not fallen by {fall:.0%}"
        yield refused(RULE, words, value=value, limit=limit, unit="ng/ml", sources=sources)
