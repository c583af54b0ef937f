"""Whether chemotherapy may go into the hepatic artery: policy, tumour, systemic treatment before it, disease elsewhere, bevacizumab; and fitness."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from functools import partial

from pathways.facts.disease import doubt_elsewhere
from pathways.facts.fitness import fit_for
from pathways.facts.patient_assessment import PatientAssessment
from pathways.facts.tables.vocabulary import Answers, Facts, judged
from pathways.facts.verdict import Verdict, allowed, each_missing, refused, unknown, without
from pathways.messages.catalogue import called, say
from pathways.process.rules import RULES
from pathways.ward.regimens import drugs_in

RULE = "arterial_infusion"
ACCESS = "infusion_access"


def answers(facts: Facts) -> Answers:
    """The facts that the treatment brings."""
    return {
        "infusion_possible": judged(facts, partial(infusion_possible, facts.assessed)),
        "infusion_access": judged(facts, partial(infusion_access, facts.assessed)),
    }


def infusion_possible(assessed: PatientAssessment, blocks: int) -> Verdict:
    """The first that refuses speaks, then everything that is not known."""
    found = [
        *_of_the_disease(assessed),
        *_systemic_first(assessed, blocks),
        *_elsewhere(assessed),
        *_bevacizumab(assessed, blocks),
    ]
    for verdict in found:
        if verdict.verdict == "refused":
            return verdict
    return _together(found) if found else allowed(RULE, say("arterial_infusion.met"), sources=RULES[RULE].sources)


def _together(found: list[Verdict]) -> Verdict:
    """Several that are not known, as one."""
    return replace(
        found[0],
        reason="; ".join(one.reason for one in found),
        assumed="; ".join(one.assumed or "" for one in found),
        missing=tuple(each_missing(found)),
        sources=tuple(dict.fromkeys(source for one in found for source in one.sources)),
    )


def _of_the_disease(assessed: PatientAssessment) -> Iterator[Verdict]:
    protocol, primary = assessed.protocol, assessed.case.primary
    if not protocol.yes("arterial_infusion_accepted"):
        words = say("arterial_infusion.not_offered", protocol=protocol.id)
        yield refused(RULE, words, sources=protocol.sources("arterial_infusion_accepted"))
    if primary.tumour != "colorectal":
        words = say("arterial_infusion.other_primary")
        yield refused(RULE, words, value=primary.tumour, sources=RULES[RULE].sources)
    elif assessed.systemic != "cytotoxic":
        words = say("arterial_infusion.immunotherapy")
        yield refused(RULE, words, value=assessed.systemic, sources=RULES[RULE].sources)
    elif primary.mismatch_repair is None:
        words = say("arterial_infusion.repair_not_reported", item="primary.mismatch_repair")
        yield unknown(RULE, words, say("taken_as.repair_proficient"), sources=RULES[RULE].sources)


def _systemic_first(assessed: PatientAssessment, blocks: int) -> Iterator[Verdict]:
    """So many cycles of systemic treatment that the disease counts as one that it does not make resectable."""
    key = "arterial_infusion_cycles_min"
    cycles, least = assessed.cycles_since_hepatectomy(blocks), assessed.protocol.whole(key)
    if cycles >= least:
        return
    details = {
        "value": float(cycles), "limit": float(least), "unit": "cycles", "sources": assessed.protocol.sources(key),
    }  # fmt: skip
    if assessed.past.cycles_since_hepatectomy_unknown:
        words = say("arterial_infusion.cycles_not_reported", item="history.cycles")
        yield unknown(RULE, words, say("taken_as.long_enough"), **details)
    else:
        # There is no disease yet that systemic treatment has left unresectable.
        words = say("arterial_infusion.systemic_first", cycles=cycles, least=least)
        yield refused(RULE, words, closes="does_not_apply", **details)


def _elsewhere(assessed: PatientAssessment) -> Iterator[Verdict]:
    """Sites that bear disease beside the liver; what is only suspected is found out, and what is not told is taken as none."""
    key = "arterial_infusion_sites_max"
    sources, most = assessed.protocol.sources(key), assessed.protocol.whole(key)
    sites = {one.site for one in assessed.elsewhere or ()}
    if len(sites) > most:
        names = ", ".join(called("site", one) for one in sorted(sites))
        words = say("arterial_infusion.elsewhere", sites=names)
        yield refused(RULE, words, value=float(len(sites)), limit=float(most), unit="sites", sources=sources)
    elif assessed.elsewhere is None:
        words = say("extrahepatic_resectable.staging_not_reported", item="extrahepatic")
        yield unknown(RULE, words, say("taken_as.no_extrahepatic_disease"), sources=sources)
    elif assessed.doubtful_elsewhere:
        yield without(RULE, [doubt_elsewhere(assessed)], sources=sources)


def _bevacizumab(assessed: PatientAssessment, blocks: int) -> Iterator[Verdict]:
    """What was given last must have washed out; in a plan it has, because the washout is a step, and the meeting waits for the history."""
    key, past = "arterial_infusion_bevacizumab_accepted", assessed.past
    drugs = drugs_in(past.last_regimen) if past.last_regimen else None
    if blocks or drugs is None or "bevacizumab" not in drugs.kinds or assessed.protocol.yes(key):
        return
    if past.last_dose_week is None:
        words = say("arterial_infusion.bevacizumab_not_dated", item="history.until_week")
        yield unknown(RULE, words, say("taken_as.bevacizumab_washed_out"), sources=assessed.protocol.sources(key))


def infusion_access(assessed: PatientAssessment) -> Verdict:
    """A pump is implanted through the open belly; a port through the skin, like an ablation."""
    pump = assessed.protocol.yes("arterial_infusion_by_pump")
    fit = fit_for(assessed, "minor" if pump else "ablation")
    if fit.verdict != "refused":
        return replace(fit, rule=ACCESS)
    words = say("infusion_access.unfit_for_pump" if pump else "infusion_access.unfit_for_port", why=fit.reason)
    return replace(fit, rule=ACCESS, reason=words, sources=(*fit.sources, *RULES[ACCESS].sources))
