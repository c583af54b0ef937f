"""Rules about the disease outside the liver's geometry: primary, extrahepatic sites, chemotherapy, wishes, policies."""

from __future__ import annotations

from pathways.facts.patient_assessment import PatientAssessment
from pathways.facts.verdict import Verdict, allowed, refused, unknown
from pathways.process.rules import RULES

DISPUTED_ORDER = RULES["simultaneous_safe"].sources


def primary_resectable(assessed: PatientAssessment) -> Verdict:
    """The primary is gone, or can be removed with a clear margin."""
    primary = assessed.case.primary
    rule, sources = "primary_resectable", RULES["primary_resectable"].sources
    if not primary_in_place(assessed):
        return allowed(rule, "the primary is no longer in place", value=primary.status)
    if primary.r0_resectable is False:
        return refused(rule, "the primary cannot be removed with a clear margin", sources=sources)
    if primary.r0_resectable is None:
        return unknown(
            rule, "not reported whether the primary can be removed with a clear margin (primary.r0_resectable)",
            "taken as resectable", sources=sources,
        )  # fmt: skip
    return allowed(rule, "the primary can be removed with a clear margin", sources=sources)


def primary_in_place(assessed: PatientAssessment) -> bool:
    """Whether the primary is taken to be in place: as stated; what obstructs or bleeds is there; else unknown is gone."""
    primary = assessed.case.primary
    return primary.status == "in_situ" or (primary.status is None and primary.urgent not in (None, "none"))


def extrahepatic_resectable(assessed: PatientAssessment) -> Verdict:
    """No extrahepatic disease, or all of it removable at a site the protocol operates on."""
    sites = assessed.case.extrahepatic
    protocol, rule = assessed.protocol, "extrahepatic_resectable"
    sources = protocol.sources("extrahepatic_sites_resectable")
    if sites is None:
        reason = "extrahepatic staging not reported (extrahepatic)"
        return unknown(rule, reason, "taken as no extrahepatic disease", sources=sources)
    operable = protocol.words("extrahepatic_sites_resectable")
    for site in sites:
        name = site.site.replace("_", " ")
        if site.site not in operable:
            return refused(rule, f"disease in {name}: not operated on under this protocol", value=site.site,
                           limit=", ".join(operable), sources=sources)  # fmt: skip
        if site.resectable is False:
            return refused(rule, f"disease in {name} cannot be removed", value=site.site, sources=sources)
    most = protocol.whole("extrahepatic_sites_max")
    kinds = {site.site for site in sites}
    if len(kinds) > most:
        words = f"disease at {len(kinds)} sites outside the liver: more than {most}"
        return refused(rule, words, value=float(len(kinds)), limit=float(most), unit="sites",
                       sources=protocol.sources("extrahepatic_sites_max"))  # fmt: skip
    open_sites = [site.site.replace("_", " ") for site in sites if site.resectable is None]
    if open_sites:
        reason = f"not reported whether disease in {', '.join(open_sites)} can be removed (extrahepatic.resectable)"
        return unknown(rule, reason, "taken as resectable", sources=sources)
    if not sites:
        return allowed(rule, "no extrahepatic disease", sources=sources)
    return allowed(rule, "extrahepatic disease can be removed", sources=sources)


def primary_not_urgent(assessed: PatientAssessment) -> Verdict:
    """Obstruction, perforation and bleeding are dealt with first."""
    urgent = assessed.case.primary.urgent
    rule, sources = "primary_not_urgent", RULES["primary_not_urgent"].sources
    if urgent not in (None, "none"):
        return refused(rule, f"{urgent} of the primary is dealt with first", value=urgent, sources=sources)
    if urgent is None and primary_in_place(assessed):
        return unknown(
            rule, "urgency of the primary not reported (primary.urgent)", "taken as not urgent", sources=sources
        )
    return allowed(rule, "the primary is no emergency", value=urgent, sources=sources)


def disease_controlled(assessed: PatientAssessment) -> Verdict:
    """After progression no operation on the liver until the disease is controlled again, unless the protocol waives it."""
    sources = assessed.protocol.sources("operate_on_progression")
    response = assessed.past.last_response
    if progressing(assessed):
        return refused(
            "disease_controlled", "the last recorded response is progression", value=response, sources=sources
        )
    return allowed("disease_controlled", "no progression recorded", value=response, sources=sources)


def simultaneous_safe(assessed: PatientAssessment, extent: str) -> Verdict:
    """Whether the protocol takes liver and primary in one session, by extent of the liver part and site of the bowel.

    Electively: the process treats an emergency of the primary on its own first.
    """
    primary, protocol, rule = assessed.case.primary, assessed.protocol, "simultaneous_safe"
    if extent == "minor":
        return allowed(rule, "minor liver surgery together with the primary", sources=DISPUTED_ORDER)
    if primary.tumour != "colorectal":
        reason = f"no cited rule says whether major hepatectomy goes together with the primary ({primary.tumour})"
        return unknown(rule, reason, "taken as the team's decision", sources=DISPUTED_ORDER)
    if primary.site is None and not protocol.yes("simultaneous_major_with_rectum"):
        return unknown(rule, "site of the primary in the bowel not reported (primary.site)", "taken as colon",
                       sources=protocol.sources("simultaneous_major_with_rectum"))  # fmt: skip
    where = "rectum" if primary.site in ("rectum", "rectosigmoid") else "colon"
    key = f"simultaneous_major_with_{where}"
    if protocol.yes(key):
        return allowed(
            rule, f"major hepatectomy together with a resection of the {where}", sources=protocol.sources(key)
        )
    return refused(rule, f"no major hepatectomy together with a resection of the {where}", value=primary.site,
                   sources=protocol.sources(key))  # fmt: skip


def chemotherapy_remaining(assessed: PatientAssessment, blocks: int) -> Verdict:
    """Whether one more block after `blocks` stays within the hard limit of cycles before hepatectomy."""
    protocol, rule = assessed.protocol, "chemotherapy_remaining"
    cycles, limit = assessed.cycles_after(blocks + 1), protocol.whole("hard_cycles")
    sources = protocol.sources("hard_cycles", "cycles_per_block")
    if assessed.targeted:
        return allowed(rule, "a targeted drug counts as no cytotoxic cycle", sources=sources)
    details = {"value": float(cycles), "limit": float(limit), "unit": "cycles", "sources": sources}
    if cycles > limit:
        return refused(rule, f"one more block would make {cycles} cycles, more than {limit}", **details)
    if assessed.past.cycles_unknown:
        reason = "cycles of earlier chemotherapy not reported (history.cycles)"
        return unknown(rule, reason, "earlier cycles not counted", **details)
    return allowed(rule, f"one more block makes {cycles} of at most {limit} cycles", **details)


def targeted_first(assessed: PatientAssessment, line: str) -> Verdict:
    """A tumour with a targeted drug is given it before an operation on the liver, and operated on while it responds."""
    rule, sources = "targeted_first", assessed.protocol.sources("targeted_first_tumours")
    tumour = assessed.case.primary.tumour
    if not assessed.targeted:
        return allowed(rule, "no targeted drug comes first for this tumour", value=tumour, sources=sources)
    if line != "none" or assessed.past.systemic_before:
        return allowed(rule, f"{tumour}: targeted treatment has been given", value=tumour, sources=sources)
    return refused(rule, f"{tumour}: targeted treatment comes first", value=tumour, sources=sources)


def radiotherapy_due(assessed: PatientAssessment) -> bool:
    """Whether the rectum is to be irradiated before it is resected, and has not been yet."""
    done = any(event.event == "radiotherapy" for event in assessed.case.history)
    return assessed.case.primary.needs_radiotherapy is True and primary_in_place(assessed) and not done


def patient_accepts(assessed: PatientAssessment, family: str) -> Verdict:
    """Nothing the patient declines is planned."""
    if family in assessed.case.patient.declines:
        return refused("patient_accepts", f"the patient declines {family.replace('_', ' ')}", value=family)
    return allowed("patient_accepts", f"the patient has not declined {family.replace('_', ' ')}")


def policy(assessed: PatientAssessment, key: str, words: str, choice: str = "") -> Verdict:
    """What a protocol offers at all; `choice` is looked for in a list of policies."""
    setting = assessed.protocol.settings[key]
    offered = choice in assessed.protocol.words(key) if choice else assessed.protocol.yes(key)
    make = allowed if offered else refused
    relation = "offers" if offered else "does not offer"
    reason = f"the protocol {assessed.protocol.id} {relation} {words}"
    return make("policy", reason, value=choice or str(setting.value).lower(), sources=setting.sources)


def lesions_characterised(assessed: PatientAssessment) -> Verdict:
    """Every lesion is known to be a metastasis (or has vanished)."""
    suspected = [lesion.label for lesion, entry in zip(assessed.lesions, assessed.case.lesions, strict=True)
                 if entry.nature == "suspected"]  # fmt: skip
    sources = RULES["lesions_characterised"].sources
    if suspected and len(suspected) < len(assessed.lesions):
        words = f"only suspected beside proven metastases: {', '.join(suspected)}"
        return refused("lesions_characterised", words, sources=sources)
    if suspected:
        return refused("lesions_characterised", f"only suspected: {', '.join(suspected)}", sources=sources)
    return allowed("lesions_characterised", "every lesion is taken as a metastasis", sources=sources)


def progressing(assessed: PatientAssessment) -> bool:
    """Whether the last recorded response was progression and the protocol does not waive it."""
    waived = assessed.protocol.yes("operate_on_progression")
    return assessed.past.last_response == "progression" and not waived
