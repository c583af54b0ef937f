"""Rules about clearing the liver: which resections exist now and after a response, and what stands in the way."""

from __future__ import annotations

from collections.abc import Callable

from pathways.facts.patient_assessment import LesionScenario, PatientAssessment
from pathways.facts.verdict import Missing, Verdict, allowed, refused, unknown, without
from pathways.liver.anatomy import HEPATIC_VEINS, size_of
from pathways.liver.lesions import CONTACTS, DEPTH, NUMBER, PLACES, SIZE
from pathways.liver.remnant_left import withstands
from pathways.liver.resection import CLEARANCES, Clearance, Resection, best_of
from pathways.messages.catalogue import called, say
from pathways.process.rules import RULES

RULE = "all_lesions_treatable"
RECORD = RULES[RULE]
SOURCES = RECORD.sources
# What may be left out of a lesion, by key of the case: what is not reported, and what it is taken as.
NOT_TOLD: dict[str, Callable[[str], tuple[str, str]]] = {
    SIZE: lambda lesions: (
        say("not_reported.small_enough", lesions=lesions),
        say("taken_as.small_enough", lesions=lesions),
    ),
    NUMBER: lambda lesions: (
        say("not_reported.one_lesion", lesions=lesions),
        say("taken_as.one_lesion", lesions=lesions),
    ),
    CONTACTS: lambda lesions: (
        say("not_reported.free_of_vessels", lesions=lesions),
        say("taken_as.free_of_vessels", lesions=lesions),
    ),
    DEPTH: lambda lesions: (
        say("not_reported.superficial", lesions=lesions),
        say("taken_as.superficial", lesions=lesions),
    ),
    PLACES: lambda lesions: (
        say("not_reported.evenly_spread", lesions=lesions),
        say("taken_as.evenly_spread", lesions=lesions),
    ),
}


def best(assessed: PatientAssessment, scenario: LesionScenario, clearance: Clearance) -> Resection | None:
    """The resection of a class that loses least liver."""
    return best_of(assessed.resections(scenario), clearance)


def clearable(assessed: PatientAssessment, scenario: LesionScenario, clearance: Clearance) -> Verdict:
    """Whether a class of resection clears the liver as presented or after a response."""
    found = best(assessed, scenario, clearance)
    if found is not None:
        return _with_assumption(assessed, scenario, found, say("clears.resection", resection=found.name))
    treatment, others = called("clearance", clearance), assessed.resections(scenario)
    if clearance == "ablation":
        reason = say("clears.not", treatment=treatment, why=_not_ablated(assessed, scenario))
        return refused(RULE, reason, sources=RECORD.cited("ablation"))
    lesser = [one for one in others if CLEARANCES.index(one.clearance) < CLEARANCES.index(clearance)]
    if lesser:
        reason = say("parenchyma_sparing.not_needed", treatment=treatment, lesser=lesser[0].name)
        return refused("parenchyma_sparing", reason, sources=RULES["parenchyma_sparing"].sources, closes="not_needed")
    why = say("clears.it_takes", resection=others[0].name) if others else obstacle(assessed, scenario)
    return refused(RULE, say("clears.not", treatment=treatment, why=why), sources=SOURCES)


def _not_ablated(assessed: PatientAssessment, scenario: LesionScenario) -> str:
    """In words, why ablation alone does not clear the liver: the first lesion that it cannot treat."""
    barred = next((one for one in assessed.lesions if one.ablation.possible != "allowed"), None)
    if barred is None:
        return obstacle(assessed, scenario)
    return say("clears.not_a_lesion", lesion=barred.label, why=barred.ablation.reason)


def target_exists(assessed: PatientAssessment, scenario: LesionScenario) -> Verdict:
    """Whether there is a major resection of one side whose remnant could be made to grow."""
    target = assessed.target(scenario)
    if target is None:
        others = assessed.resections(scenario)
        if others:
            return refused(
                RULE, say("target.none_needed", resection=others[0].name), sources=SOURCES, closes="not_needed"
            )
        return refused(RULE, say("target.none_clears", why=obstacle(assessed, scenario)), sources=SOURCES)
    smaller = assessed.if_small_enough(scenario)
    if smaller is not None:
        words = say("clears.resection", resection=target.name)
        return without(
            RULE, [*_missing_of(assessed, scenario, target), _too_large(assessed, smaller)], words, sources=SOURCES
        )
    return _with_assumption(assessed, scenario, target, say("clears.resection", resection=target.name))


def two_sided(assessed: PatientAssessment, scenario: LesionScenario) -> Verdict:
    """Whether the side that stays bears lesions, so that a first stage has something to clear."""
    target = assessed.target(scenario)
    if target is None:
        return target_exists(assessed, scenario)
    if target.lesions_in_remnant or target.removes & ~target.growth_side:
        return allowed(RULE, say("two_sided.yes"), sources=RECORD.cited("a first stage"))
    return refused(RULE, say("two_sided.no"), sources=RECORD.cited("a first stage"), closes="does_not_apply")


def cleared_before_stimulus(assessed: PatientAssessment, stage: str, scenario: LesionScenario) -> Verdict:
    """Whether nothing has to be cleared in the side that stays before the other is embolised."""
    rule, key = "staged_in_order", "remnant_cleared_before_stimulus"
    sources = assessed.protocol.sources(key)
    if not assessed.protocol.yes(key):
        return allowed(rule, say("staged_in_order.either_order"), sources=sources)
    if stage != "none" or two_sided(assessed, scenario).verdict == "refused":
        return allowed(rule, say("staged_in_order.side_clear"), sources=sources)
    return refused(rule, say("staged_in_order.clear_first", protocol=assessed.protocol.id), sources=sources)


def convertible(assessed: PatientAssessment, scenario: LesionScenario, barred: frozenset[str] = frozenset()) -> Verdict:
    """Whether a response would open a resection, or one that leaves more liver; of a class that is not `barred` for the patient."""
    sources = RECORD.cited("a response")
    if scenario.extent == "responded":
        return refused(RULE, say("convertible.responded"), sources=sources, closes="not_needed")
    later = scenario._replace(extent="responded")
    now, then = (
        [one for one in assessed.resections(seen) if one.clearance not in barred and not one.grown_only]
        for seen in (scenario, later)
    )
    if not then:
        reason = say("convertible.not_even_then", why=obstacle(assessed, later))
        return refused(RULE, reason, sources=sources)
    if not now:
        words = say("convertible.clears", resection=then[0].name)
        return _with_assumption(assessed, later, then[0], words, sources)
    if then[0].remnant.value > now[0].remnant.value + 1e-9 or {one.clearance for one in then} != {
        one.clearance for one in now
    }:
        words = say("convertible.leaves_more", resection=then[0].name)
        return _with_assumption(assessed, later, then[0], words, sources)
    return refused(RULE, say("convertible.gains_nothing"), sources=sources, closes="not_needed")


def target_in_one(assessed: PatientAssessment, scenario: LesionScenario) -> Verdict:
    """Whether one session clears what the growing side bears."""
    if assessed.clearing_sessions(scenario) == 1:
        return allowed(RULE, say("sessions.one"), sources=RECORD.cited("several sessions"))
    return refused(RULE, say("sessions.two"), sources=RECORD.cited("several sessions"))


def debulkable(assessed: PatientAssessment, scenario: LesionScenario) -> Verdict:
    """Whether an operation removes the share of tumour that the protocol asks for."""
    rule, wanted = "debulking_share", assessed.protocol.number("debulking_share")
    sources = assessed.protocol.sources("debulking_share")
    found = assessed.debulking(scenario)
    details = {"limit": wanted, "unit": "fraction", "sources": sources}
    if found is None:
        return refused(rule, say("debulking_share.none", wanted=wanted), **details)
    words = say("debulking_share.removes", resection=found.resection.name, share=found.share, wanted=wanted)
    if found.by_number:
        reason = say("debulking_share.sizes_not_reported", words=words, item=SIZE)
        return unknown(rule, reason, say("taken_as.alike_and_spread"), value=found.share, **details)
    return allowed(rule, words, value=found.share, **details)


def obstacle(assessed: PatientAssessment, scenario: LesionScenario) -> str:
    """In words, why nothing clears the liver."""
    lesions = assessed.lesions
    involved = 0
    for lesion in lesions:
        involved |= lesion.mask
    held = [lesion for lesion in lesions if set(lesion.veins) == set(HEPATIC_VEINS)]
    if held and scenario.extent == "presented":
        return say("obstacle.all_three_veins", lesion=held[0].label)
    unsized = [lesion.label for lesion in lesions if lesion.size_mm is None]
    number = size_of(involved)
    limit = assessed.protocol.whole("segments_involved_limit")
    diffuse = [one.label for one in lesions if one.size_mm is None and not one.placeless and size_of(one.mask) > limit]
    nowhere = [label for one, label in assessed.entries if "unknown" in one.segments and label in diffuse]
    if nowhere and scenario.extent == "presented":
        return say("obstacle.nowhere", lesion=nowhere[0])
    if diffuse and scenario.extent == "presented":
        return say("obstacle.spread", lesion=diffuse[0], limit=limit)
    if unsized and assessed.strict:
        return say("obstacle.sizes_not_known", lesions=", ".join(unsized))
    many = sum(lesion.count or 1 for lesion in lesions)
    if many > assessed.protocol.whole("limited_resection_max_count"):
        return say("obstacle.too_many", lesions=many, segments=number)
    return say("obstacle.no_remnant")


def _with_assumption(
    assessed: PatientAssessment,
    scenario: LesionScenario,
    found: Resection,
    words: str,
    sources: tuple[str, ...] = SOURCES,
) -> Verdict:
    """`found` clears the liver, if what is not told of its lesions is as good as it is taken to be."""
    missing = _missing_of(assessed, scenario, found)
    return without(RULE, missing, words, sources=sources) if missing else allowed(RULE, words, sources=sources)


def _missing_of(assessed: PatientAssessment, scenario: LesionScenario, found: Resection) -> tuple[Missing, ...]:
    """What is not told of the lesions and taken as good, item by item."""
    return tuple(
        Missing(key, *NOT_TOLD[key](_named(assessed, labels)))
        for key, labels in untold_of(assessed, scenario, found).items()
    )


def _too_large(assessed: PatientAssessment, smaller: Resection) -> Missing:
    """Sizes that are not told and taken as too large: if they were not, a lesser operation would leave enough."""
    lesions = _named(assessed, list(smaller.assumed))
    remnant = smaller.remnant.value
    return Missing(
        SIZE,
        say("not_reported.small_enough", lesions=lesions),
        say("taken_as.too_large", lesions=lesions, resection=smaller.name, remnant=remnant),
        taken="badly",
    )


def untold_of(assessed: PatientAssessment, scenario: LesionScenario, found: Resection) -> dict[str, list[str]]:
    """What is not told of the lesions and would turn `found` round at its bad end: the keys, each with the lesions."""
    untold = {SIZE: list(found.assumed)} if found.assumed else {}
    if assessed.strict:
        return untold
    problem = assessed.problem(scenario)
    for key in (NUMBER, CONTACTS, DEPTH, PLACES):
        worse = assessed.lesions_in(scenario, (key,))
        turned = [
            one.label
            for place, (one, bad) in enumerate(zip(problem.lesions, worse, strict=True))
            if one != bad and not withstands(problem, found, place, bad)
        ]
        if key == NUMBER and found.ablated:
            # Whatever becomes of a lesion, it counts where the number of the patient's lesions bars ablation.
            turned = [one.label for one in problem.lesions if one.count is None or one.label in turned]
        if turned:
            untold[key] = turned
    return untold


def _named(assessed: PatientAssessment, labels: list[str]) -> str:
    """The labels of lesions; in short where it is all of several."""
    everything = len(labels) == len(assessed.case.lesions) > 2  # noqa: PLR2004 - two names are read as quickly
    return say("lesions.all") if everything else ", ".join(labels)
