"""Rules about clearing the liver: which resections exist now and after a response, and what stands in the way."""

from __future__ import annotations

from pathways.facts.patient_assessment import LesionScenario, PatientAssessment
from pathways.facts.verdict import Verdict, allowed, refused, unknown
from pathways.liver.anatomy import HEPATIC_VEINS, size_of
from pathways.liver.resections import CLEARANCES, Clearance, Resection, best_of
from pathways.process.rules import RULES

CLASS_WORDS = {
    "ablation": "ablation alone",
    "minor": "a minor resection",
    "minor_with_ablation": "a minor resection with ablation",
    "major": "a major resection",
    "major_with_ablation": "a major resection with ablation",
}
RULE = "all_lesions_treatable"
RECORD = RULES[RULE]
SOURCES = RECORD.sources


def best(assessed: PatientAssessment, scenario: LesionScenario, clearance: Clearance) -> Resection | None:
    """The resection of a class that loses least liver."""
    return best_of(assessed.resections(scenario), clearance)


def clearable(assessed: PatientAssessment, scenario: LesionScenario, clearance: Clearance) -> Verdict:
    """Whether a class of resection clears the liver as presented or after a response."""
    found = best(assessed, scenario, clearance)
    words = CLASS_WORDS[clearance]
    if found is None:
        others = assessed.resections(scenario)
        if clearance == "ablation":
            barred = next((one for one in assessed.lesions if one.ablation.possible != "allowed"), None)
            why = f"{barred.label}: {barred.ablation.reason}" if barred else obstacle(assessed, scenario)
            return refused(RULE, f"{words} does not clear the liver: {why}", sources=RECORD.cited("ablation"))
        lesser = [one for one in others if CLEARANCES.index(one.clearance) < CLEARANCES.index(clearance)]
        if lesser:
            reason = f"{words} is not needed: {lesser[0].name} clears the liver and costs less of it"
            return refused("parenchyma_sparing", reason, sources=RULES["parenchyma_sparing"].sources)
        why = f"it takes {others[0].name}" if others else obstacle(assessed, scenario)
        return refused(RULE, f"{words} does not clear the liver: {why}", sources=SOURCES)
    return _with_assumption(found, f"{found.name} clears the liver")


def target_exists(assessed: PatientAssessment, scenario: LesionScenario) -> Verdict:
    """Whether there is a major resection of one side whose remnant could be made to grow."""
    target = assessed.target(scenario)
    if target is None:
        others = assessed.resections(scenario)
        if others:
            return refused(RULE, f"no remnant to grow: {others[0].name} clears the liver without taking a whole side",
                           sources=SOURCES)  # fmt: skip
        return refused(
            RULE, f"no resection of a whole side clears the liver: {obstacle(assessed, scenario)}", sources=SOURCES
        )
    return _with_assumption(target, f"{target.name} clears the liver")


def two_sided(assessed: PatientAssessment, scenario: LesionScenario) -> Verdict:
    """Whether the side that stays bears lesions, so that a first stage has something to clear."""
    target = assessed.target(scenario)
    if target is None:
        return target_exists(assessed, scenario)
    if target.lesions_in_remnant or target.removes & ~target.growth_side:
        return allowed(
            RULE,
            "lesions on both sides: the side that stays can be cleared first",
            sources=RECORD.cited("a first stage"),
        )
    return refused(
        RULE,
        "no lesion on the side that stays: a first stage would have nothing to clear",
        sources=RECORD.cited("a first stage"),
    )


def convertible(assessed: PatientAssessment, scenario: LesionScenario) -> Verdict:
    """Whether a response would open a resection, or one that leaves more liver."""
    sources = RECORD.cited("a response")
    if scenario.extent == "responded":
        return refused(
            RULE, "the disease has responded already: nothing more is gained by shrinking it", sources=sources
        )
    later = scenario._replace(extent="responded")
    now, then = assessed.resections(scenario), assessed.resections(later)
    if not then:
        reason = f"even after a response: {obstacle(assessed, later)}"
        return refused(RULE, reason, sources=sources)
    if not now:
        return _with_assumption(then[0], f"after a response {then[0].name} could clear the liver", sources)
    if then[0].remnant.value > now[0].remnant.value + 1e-9 or {one.clearance for one in then} != {
        one.clearance for one in now
    }:
        return _with_assumption(then[0], f"after a response {then[0].name} would leave more liver", sources)
    return refused(RULE, "a response would open no resection that leaves more liver", sources=sources)


def target_in_one(assessed: PatientAssessment, scenario: LesionScenario) -> Verdict:
    """Whether one session clears what the growing side bears."""
    if assessed.clearing_sessions(scenario) == 1:
        return allowed(RULE, "one session clears what the growing side bears", sources=RECORD.cited("several sessions"))
    words = "the side that stays bears more lesions than one session clears: it is cleared in two"
    return refused(RULE, words, sources=RECORD.cited("several sessions"))


def debulkable(assessed: PatientAssessment, scenario: LesionScenario) -> Verdict:
    """Whether an operation removes the share of tumour that the protocol asks for."""
    rule, wanted = "debulking_share", assessed.protocol.number("debulking_share")
    sources = assessed.protocol.sources("debulking_share")
    found = assessed.debulking(scenario)
    details = {"limit": wanted, "unit": "fraction", "sources": sources}
    if found is None:
        return refused(rule, f"no operation removes {wanted:.0%} of the tumour and leaves a remnant", **details)
    words = f"{found.resection.name} removes {found.share:.0%} of the tumour; {wanted:.0%} asked for"
    if found.by_number:
        assumed = "lesions taken as alike and spread evenly over their segments"
        return unknown(rule, f"{words}; sizes not reported (lesions.size_mm)", assumed, value=found.share, **details)
    return allowed(rule, words, value=found.share, **details)


def obstacle(assessed: PatientAssessment, scenario: LesionScenario) -> str:
    """In words, why nothing clears the liver."""
    lesions = assessed.lesions
    involved = 0
    for lesion in lesions:
        involved |= lesion.mask
    held = [lesion for lesion in lesions if set(lesion.veins) == set(HEPATIC_VEINS)]
    if held and scenario.extent == "presented":
        return f"{held[0].label} holds all three hepatic veins"
    unsized = [lesion.label for lesion in lesions if lesion.size_mm is None]
    number = size_of(involved)
    limit = assessed.protocol.whole("segments_involved_limit")
    diffuse = [one.label for one in lesions if one.size_mm is None and not one.placeless and size_of(one.mask) > limit]
    if diffuse and scenario.extent == "presented":
        return f"{diffuse[0]} is spread over more than {limit} segments and its size is not known"
    if unsized and assessed.strict:
        return f"the size of {', '.join(unsized)} is not known"
    many = sum(lesion.count or 1 for lesion in lesions)
    if many > assessed.protocol.whole("limited_resection_max_count"):
        return f"{many} lesions in {number} segments are too many to resect or ablate one by one"
    return "removing every lesion leaves no two adjacent segments with inflow, outflow and bile drainage"


def _with_assumption(found: Resection, words: str, sources: tuple[str, ...] = SOURCES) -> Verdict:
    if found.assumed:
        labels = ", ".join(found.assumed)
        return unknown(RULE, f"{words}; the size of {labels} is not reported (lesions.size_mm)",
                       f"{labels}: taken as small enough for a limited resection", sources=sources)  # fmt: skip
    return allowed(RULE, words, sources=sources)
