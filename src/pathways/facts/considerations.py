"""What weighs without barring: findings that surgeons discuss, each with the reason why it closes nothing by itself."""

from __future__ import annotations

from pathways.case.models import Case, ExtrahepaticDisease, Lesion
from pathways.case.volumetry import HEPATECTOMIES
from pathways.facts.history import WEEKS_A_MONTH
from pathways.facts.patient_assessment import PatientAssessment
from pathways.facts.verdict import Verdict, allowed, refused, unknown
from pathways.liver.anatomy import LEFT, RIGHT, mask_of, roman, vessels_within_reach
from pathways.messages.catalogue import called, say
from pathways.process.rules import RULES
from pathways.process.treatments import TREATMENTS


def bilobar_disease(assessed: PatientAssessment) -> Verdict | None:
    """Lesions on both sides."""
    placed = {label for entry, label in assessed.entries if "unknown" not in entry.segments}
    masks = [lesion.mask for lesion in assessed.lesions if lesion.label in placed]
    if not (any(mask & RIGHT for mask in masks) and any(mask & LEFT for mask in masks)):
        return None
    return allowed("bilobar_disease", say("bilobar_disease.found"), sources=RULES["bilobar_disease"].sources)


def vessel_contact(assessed: PatientAssessment) -> Verdict | None:
    """Vessels that a lesion touches."""
    vessels = sorted({vessel for lesion in assessed.case.lesions for vessel in lesion.contacts or ()})
    if not vessels:
        return None
    sources = RULES["vessel_contact"].sources
    words = say("vessel_contact.found", vessels=", ".join(called("vessel", one) for one in vessels))
    far = [(label, vessel) for lesion, label in assessed.labelled for vessel in out_of_reach(lesion)]
    if far:
        told = ", ".join(say("vessel_contact.far", lesion=one, vessel=called("vessel", vessel)) for one, vessel in far)
        words = say("vessel_contact.out_of_reach", words=words, told=told)
        return unknown("vessel_contact", words, say("taken_as.told"), value=told, sources=sources)
    return allowed("vessel_contact", words, sources=sources)


def out_of_reach(lesion: Lesion) -> tuple[str, ...]:
    """Vessels of the contacts that no lesion of these segments reaches, nor of their neighbours: likelier a slip of the pen."""
    near = vessels_within_reach(mask_of(lesion.segment_numbers), and_neighbours=True)
    return tuple(vessel for vessel in lesion.contacts or () if vessel not in near)


def vessel_invasion(assessed: PatientAssessment) -> Verdict | None:
    """What a lesion grows into, and tumour in a branch or vein: no response frees it, and its territory goes."""
    told = []
    for lesion, label in assessed.labelled:
        for key, vessels in (("invades", lesion.invades), ("thrombus", lesion.thrombus)):
            if vessels:
                named = ", ".join(called("vessel", one) for one in vessels)
                told.append(
                    say("vessel_invasion.invades", lesion=label, vessels=named)
                    if key == "invades"
                    else say("vessel_invasion.thrombus", lesion=label, vessels=named)
                )
        if lesion.bile_duct == "invaded":
            told.append(say("vessel_invasion.duct", lesion=label))
    if not told:
        return None
    words = say("vessel_invasion.found", told=", ".join(told))
    return allowed("vessel_invasion", words, value=", ".join(told), sources=RULES["vessel_invasion"].sources)


def bilioenteric_anastomosis(assessed: PatientAssessment) -> Verdict | None:
    """A bile duct joined to the bowel: bacteria reach what is ablated."""
    if not assessed.case.liver.bilioenteric_anastomosis:
        return None
    rule, key = "bilioenteric_anastomosis", "ablation_after_bilioenteric_anastomosis"
    sources = assessed.protocol.sources(key)
    if assessed.protocol.yes(key):
        return allowed(rule, say("bilioenteric_anastomosis.accepted"), sources=sources)
    return refused(rule, say("bilioenteric_anastomosis.bars"), sources=sources)


def ablation_safe(assessed: PatientAssessment) -> Verdict:
    """What an anastomosis of bile duct and bowel says of any ablation, the one that removing the primary will make too."""
    found = bilioenteric_anastomosis(assessed)
    if found is None and assessed.joins_the_bile_duct:
        words = say("local_ablation.will_be_joined", tumour=called("tumour", assessed.case.primary.tumour))
        sources = assessed.protocol.sources("primaries_joining_the_bile_duct")
        return refused("bilioenteric_anastomosis", words, sources=sources)
    return found or allowed("bilioenteric_anastomosis", say("bilioenteric_anastomosis.none"))


def extrahepatic_disease(assessed: PatientAssessment) -> Verdict | None:
    """Disease outside liver and primary: how much of it there is, and what of it was removed before."""
    sites, counted = assessed.case.extrahepatic or (), assessed.elsewhere
    removed = [event.site for event in assessed.case.history if event.event == "metastasectomy" and event.site]
    if not sites and not removed:
        return None
    if counted:
        words = say("extrahepatic_disease.found")
    elif assessed.doubtful_elsewhere:
        words = say("extrahepatic_disease.suspected")
    else:
        words = say("extrahepatic_disease.benign") if sites else say("extrahepatic_disease.was_there")
    told = [
        _told_of(one) for one in sites if one.count is not None or one.size_mm is not None or one.nature != "confirmed"
    ]
    told += [say("extrahepatic_disease.removed", site=site) for site in removed]
    if told:
        words = say("extrahepatic_disease.told", words=words, told=", ".join(told))
    return allowed(
        "extrahepatic_disease", words, value=", ".join(told) or None, sources=RULES["extrahepatic_disease"].sources
    )


def _told_of(one: ExtrahepaticDisease) -> str:
    """Number, place, size and nature of a finding elsewhere, as far as they are told."""
    words = called("site", one.site)
    if one.count is not None:
        words = say("extrahepatic_disease.number", number=one.count, site=words)
    if one.size_mm is not None:
        words = say("extrahepatic_disease.size", words=words, size=one.size_mm)
    if one.nature != "confirmed":
        words = say("extrahepatic_disease.of_nature", words=words, nature=called("nature_elsewhere", one.nature))
    return words


def altered_anatomy(assessed: PatientAssessment) -> Verdict | None:
    """An earlier operation on the liver, and what a second one costs."""
    if not assessed.past.hepatectomy:
        return None
    repeat = assessed.parameters["mortality_repeat"].number
    morbidity = assessed.parameters["morbidity_repeat"].number
    words = say("altered_anatomy.found", mortality=repeat, morbidity=morbidity)
    return allowed("altered_anatomy", words, sources=RULES["altered_anatomy"].sources)


def earlier_resection(assessed: PatientAssessment) -> Verdict | None:
    """What an earlier liver resection left: its margin, and segments of which a part was removed."""
    told = []
    for event in assessed.case.history:
        if event.event in HEPATECTOMIES:
            told += (
                [say("earlier_resection.margin", margin=event.margin.upper())] if event.margin in ("r1", "r2") else []
            )
            told += [say("earlier_resection.partial", segments=roman(mask_of(event.partial)))] if event.partial else []
    if not told:
        return None
    words = say("earlier_resection.found", told=", ".join(dict.fromkeys(told)))
    return allowed(
        "earlier_resection", words, value=", ".join(dict.fromkeys(told)), sources=RULES["earlier_resection"].sources
    )


def early_recurrence(assessed: PatientAssessment) -> Verdict | None:
    """A recurrence within the protocol's months of the last liver operation."""
    months = months_since_hepatectomy(assessed)
    limit = assessed.protocol.number("early_recurrence_months")
    if months is None or months > limit:
        return None
    words = say("early_recurrence.found", months=months)
    sources = assessed.protocol.sources("early_recurrence_months")
    return allowed("early_recurrence", words, value=months, limit=limit, unit="months", sources=sources)


def laboratory_risk(assessed: PatientAssessment) -> tuple[Verdict, ...]:
    """Values from which on more patients died after a resection, each with its odds."""
    liver, rule = assessed.case.liver, "laboratory_risk"
    found = []
    for key, value in (("ggt", liver.ggt_u_per_l), ("creatinine", liver.creatinine_umol_per_l)):
        setting = assessed.protocol.settings[f"{key}_high"]
        limit = assessed.protocol.number(setting.key)
        if value is not None and value >= limit:
            odds = assessed.parameters[f"mortality_odds_{key}"].number
            words = say(
                "laboratory_risk.found",
                what=called("laboratory", key),
                value=value,
                unit=setting.unit,
                limit=limit,
                odds=odds,
            )
            found.append(allowed(rule, words, value=value, limit=limit, unit=setting.unit, sources=setting.sources))
    return tuple(found)


def anaemia(assessed: PatientAssessment) -> Verdict | None:
    """A haemoglobin below the limit of the sex, the lower one where the sex is not told; and whether a transfusion is considered."""
    patient, protocol = assessed.case.patient, assessed.protocol
    value, key = patient.haemoglobin_g_per_l, f"anaemia_below_{patient.sex or 'female'}"
    if value is None or value >= protocol.number(key):
        return None
    odds, limit = assessed.parameters["complication_odds_anaemia"], protocol.number(key)
    words = say("anaemia.found", value=value, limit=limit, odds=odds.number)
    sources = (*protocol.sources(key), *odds.sources)
    if transfused(assessed):
        limit = protocol.number("haemoglobin_transfused_below")
        words = say("anaemia.transfused", words=words, limit=limit)
        sources = (*sources, *protocol.sources("haemoglobin_transfused_below"))
    return allowed("anaemia", words, value=value, limit=limit, unit="g/l", sources=tuple(dict.fromkeys(sources)))


def transfused(assessed: PatientAssessment) -> bool:
    """Whether the haemoglobin is so low that a transfusion is considered."""
    value = assessed.case.patient.haemoglobin_g_per_l
    return value is not None and value < assessed.protocol.number("haemoglobin_transfused_below")


def transfusion(assessed: PatientAssessment) -> str | None:
    """In words, that a transfusion is considered before an operation elsewhere than on the liver."""
    if not transfused(assessed):
        return None
    limit = assessed.protocol.number("haemoglobin_transfused_below")
    return say("anaemia.elsewhere", value=assessed.case.patient.haemoglobin_g_per_l, limit=limit)


def considerations(assessed: PatientAssessment) -> tuple[Verdict, ...]:
    """Findings that are no bars: both sides, vessels, extrahepatic disease, an earlier operation and what it left, an early recurrence."""
    rules = (
        bilobar_disease, vessel_contact, vessel_invasion, bilioenteric_anastomosis, extrahepatic_disease, altered_anatomy, earlier_resection, early_recurrence, anaemia,
    )  # fmt: skip
    return (*laboratory_risk(assessed), *(one for rule in rules if (one := rule(assessed)) is not None))


def months_since_hepatectomy(assessed: PatientAssessment) -> float | None:
    """Months since the last liver operation; None where there was none or its week is not told."""
    week = assessed.past.last_hepatectomy_week
    return None if week is None else -week / WEEKS_A_MONTH


# What a history may tell of and whose effect on the liver is not counted, planned here or not. Said openly.
NOT_COUNTED = frozenset(
    {"radioembolisation", "transplantation"} | {event for one in TREATMENTS for event in one.events}
)


def not_modelled(case: Case) -> tuple[str, ...]:
    """What this case touches and the product does not plan, each as a sentence."""
    found = [
        say("not_modelled.in_the_history", treatment=called("unplanned", event.event))
        for event in case.history
        if event.event in NOT_COUNTED
    ]
    if any(event.event == "exploration" for event in case.history):
        found.append(say("not_modelled.explored"))
    if any(event.event == "complication" for event in case.history):
        found.append(say("not_modelled.complicated"))
    if any(event.event == "transplantation" for event in case.history):
        found.append(say("not_modelled.graft"))
    if any(one.site == "peritoneum" and one.resectable is not False for one in case.disease_elsewhere or ()):
        found.append(say("not_modelled.peritoneum"))
    veins = {"right_hepatic_vein", "middle_hepatic_vein", "left_hepatic_vein"}
    if any(veins <= set(lesion.contacts or ()) for lesion in case.lesions):
        found.append(say("not_modelled.outside_the_body"))
    if case.primary.needs_radiotherapy and case.primary_in_place:
        found.append(say("not_modelled.watch_and_wait"))
    if case.primary.tumour == "neuroendocrine":
        found.append(say("not_modelled.neuroendocrine"))
    return tuple(dict.fromkeys(found))
