"""Rules about clearing the liver: which resections exist now and after a response, and what stands in the way."""

from __future__ import annotations

from pathways.facts.picture import Picture
from pathways.facts.verdict import Verdict, allowed, refused, unknown
from pathways.liver.anatomy import HEPATIC_VEINS, size_of
from pathways.liver.resections import Clearance, Resection, best_of

CLASS_WORDS = {
    "ablation": "ablation alone",
    "minor": "a minor resection",
    "minor_with_ablation": "a minor resection with ablation",
    "major": "a major resection",
    "major_with_ablation": "a major resection with ablation",
}
SOURCES = ("cancers_2022_resectability",)
RULE = "all_lesions_treatable"


def best(picture: Picture, extent: str, clearance: Clearance) -> Resection | None:
    """The resection of a class that loses least liver."""
    return best_of(picture.resections(extent), clearance)


def clearable(picture: Picture, extent: str, clearance: Clearance) -> Verdict:
    """Whether a class of resection clears the liver as presented or after a response."""
    found = best(picture, extent, clearance)
    words = CLASS_WORDS[clearance]
    if found is None:
        others = picture.resections(extent)
        if clearance == "ablation":
            barred = next((one for one in picture.lesions if one.ablation.possible != "allowed"), None)
            why = f"{barred.label}: {barred.ablation.reason}" if barred else obstacle(picture, extent)
            return refused(RULE, f"{words} does not clear the liver: {why}", sources=("collision_2025",))
        if others:
            reason = f"{words} is not needed: {others[0].name} clears the liver and costs less of it"
            return refused("parenchyma_sparing", reason, sources=("psh_2017",))
        return refused(RULE, f"{words} does not clear the liver: {obstacle(picture, extent)}", sources=SOURCES)
    return _with_assumption(found, f"{found.name} clears the liver")


def target_exists(picture: Picture, extent: str) -> Verdict:
    """Whether there is a major resection of one side whose remnant could be made to grow."""
    target = picture.target(extent)
    if target is None:
        others = picture.resections(extent)
        if others:
            return refused(RULE, f"no remnant to grow: {others[0].name} clears the liver without taking a whole side",
                           sources=SOURCES)  # fmt: skip
        return refused(
            RULE, f"no resection of a whole side clears the liver: {obstacle(picture, extent)}", sources=SOURCES
        )
    return _with_assumption(target, f"{target.name} clears the liver")


def two_sided(picture: Picture, extent: str) -> Verdict:
    """Whether the side that stays bears lesions, so that a first stage has something to clear."""
    target = picture.target(extent)
    if target is None:
        return target_exists(picture, extent)
    if target.lesions_in_remnant or target.removes & ~target.growth_side:
        return allowed(
            RULE, "lesions on both sides: the side that stays can be cleared first", sources=("passot_2016",)
        )
    return refused(
        RULE, "no lesion on the side that stays: a first stage would have nothing to clear", sources=("passot_2016",)
    )


def convertible(picture: Picture, extent: str) -> Verdict:
    """Whether a response would open a resection, or one that leaves more liver."""
    sources = ("folprecht_2010_celim", "vancutsem_2016_esmo")
    if extent == "responded":
        return refused(
            RULE, "the disease has responded already: nothing more is gained by shrinking it", sources=sources
        )
    now, then = picture.resections("presented"), picture.resections("responded")
    if not then:
        reason = f"even after a response: {obstacle(picture, 'responded')}"
        return refused(RULE, reason, sources=sources)
    if not now:
        return _with_assumption(then[0], f"after a response {then[0].name} could clear the liver", sources)
    if then[0].remnant.value > now[0].remnant.value + 1e-9 or {one.clearance for one in then} != {
        one.clearance for one in now
    }:
        return _with_assumption(then[0], f"after a response {then[0].name} would leave more liver", sources)
    return refused(RULE, "a response would open no resection that leaves more liver", sources=sources)


def obstacle(picture: Picture, extent: str) -> str:
    """In words, why nothing clears the liver."""
    lesions = picture.lesions
    involved = 0
    for lesion in lesions:
        involved |= lesion.mask
    held = [lesion for lesion in lesions if set(lesion.veins) == set(HEPATIC_VEINS)]
    if held and extent == "presented":
        return f"{held[0].label} holds all three hepatic veins"
    unsized = [lesion.label for lesion in lesions if lesion.size_mm is None]
    number = size_of(involved)
    limit = picture.protocol.whole("segments_involved_limit")
    diffuse = [one.label for one in lesions if one.size_mm is None and not one.placeless and size_of(one.mask) > limit]
    if diffuse and extent == "presented":
        return f"{diffuse[0]} is spread over more than {limit} segments and its size is not known"
    if unsized and picture.strict:
        return f"the size of {', '.join(unsized)} is not known"
    many = sum(lesion.count or 1 for lesion in lesions)
    if many > picture.protocol.whole("limited_resection_max_count"):
        return f"{many} lesions in {number} segments are too many to resect or ablate one by one"
    return "removing every lesion leaves no two adjacent segments with inflow, outflow and bile drainage"


def _with_assumption(found: Resection, words: str, sources: tuple[str, ...] = SOURCES) -> Verdict:
    if found.assumed:
        labels = ", ".join(found.assumed)
        return unknown(RULE, f"{words}; the size of {labels} is not reported (lesions.size_mm)",
                       f"{labels}: taken as small enough for a limited resection", sources=sources)  # fmt: skip
    return allowed(RULE, words, sources=sources)
