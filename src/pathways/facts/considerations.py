"""What weighs without barring: findings that surgeons discuss, each with the reason why it closes nothing by itself."""

from __future__ import annotations

from pathways.case.models import Case
from pathways.facts.patient_assessment import PatientAssessment
from pathways.facts.verdict import Verdict, allowed
from pathways.liver.anatomy import LEFT, RIGHT
from pathways.process.rules import RULES

WEEKS_A_MONTH = 52 / 12


def bilobar_disease(assessed: PatientAssessment) -> Verdict | None:
    """Lesions on both sides."""
    masks = [lesion.mask for lesion in assessed.lesions]
    if not (any(mask & RIGHT for mask in masks) and any(mask & LEFT for mask in masks)):
        return None
    words = "lesions on both sides: no bar in itself, number and remnant decide"
    return allowed("bilobar_disease", words, sources=RULES["bilobar_disease"].sources)


def vessel_contact(assessed: PatientAssessment) -> Verdict | None:
    """Vessels that a lesion touches."""
    vessels = sorted({vessel.replace("_", " ") for lesion in assessed.case.lesions for vessel in lesion.contacts})
    if not vessels:
        return None
    words = f"contact with {', '.join(vessels)}: no bar in itself; contact on imaging is not invasion"
    return allowed("vessel_contact", words, sources=RULES["vessel_contact"].sources)


def extrahepatic_disease(assessed: PatientAssessment) -> Verdict | None:
    """Disease outside liver and primary."""
    if not assessed.case.extrahepatic:
        return None
    words = "extrahepatic disease: no bar in itself where all of it can be removed"
    return allowed("extrahepatic_disease", words, sources=RULES["extrahepatic_disease"].sources)


def altered_anatomy(assessed: PatientAssessment) -> Verdict | None:
    """An earlier operation on the liver, and what a second one costs."""
    if not assessed.past.hepatectomy:
        return None
    repeat = assessed.parameters["mortality_repeat"].number
    morbidity = assessed.parameters["morbidity_repeat"].number
    words = (
        f"earlier liver operation: adhesions and altered anatomy; after a second hepatectomy {repeat:.1%} died and "
        f"{morbidity:.0%} had complications"
    )
    return allowed("altered_anatomy", words, sources=RULES["altered_anatomy"].sources)


def early_recurrence(assessed: PatientAssessment) -> Verdict | None:
    """A recurrence within the protocol's months of the last liver operation."""
    months = months_since_hepatectomy(assessed)
    limit = assessed.protocol.number("early_recurrence_months")
    if months is None or months > limit:
        return None
    words = (
        f"{months:.0f} months after the last liver operation: an early recurrence; chemotherapy first is one pathway"
    )
    sources = assessed.protocol.sources("early_recurrence_months")
    return allowed("early_recurrence", words, value=months, limit=limit, unit="months", sources=sources)


def considerations(assessed: PatientAssessment) -> tuple[Verdict, ...]:
    """Findings that are no bars: both sides, vessels, extrahepatic disease, an earlier operation, an early recurrence."""
    rules = (bilobar_disease, vessel_contact, extrahepatic_disease, altered_anatomy, early_recurrence)
    return tuple(one for rule in rules if (one := rule(assessed)) is not None)


def months_since_hepatectomy(assessed: PatientAssessment) -> float | None:
    """Months since the last liver operation; None where there was none or its week is not told."""
    week = assessed.past.last_hepatectomy_week
    return None if week is None else -week / WEEKS_A_MONTH


# Treatments that a case may tell of and this product does not plan. Said openly, where the case asks for them.
NOT_PLANNED = {
    "arterial_infusion": "arterial infusion of the liver",
    "radioembolisation": "radioembolisation",
    "stereotactic_radiotherapy": "stereotactic radiotherapy",
    "transplantation": "what follows a transplantation",
}


def not_modelled(case: Case) -> tuple[str, ...]:
    """What this case touches and the product does not plan, each as a sentence."""
    found = [
        f"{NOT_PLANNED[event.event]}, which lies in the history; what it did to the liver is not counted"
        for event in case.history
        if event.event in NOT_PLANNED
    ]
    veins = {"right_hepatic_vein", "middle_hepatic_vein", "left_hepatic_vein"}
    if any(veins <= set(lesion.contacts) for lesion in case.lesions):
        found.append("resection outside the body (a lesion holds all three hepatic veins)")
    if case.primary.needs_radiotherapy and case.primary.status == "in_situ":
        found.append("watch and wait of the rectum after a complete response")
    if case.primary.tumour == "neuroendocrine":
        found.append("transplantation and liver-directed treatment of neuroendocrine metastases")
    return tuple(dict.fromkeys(found))
