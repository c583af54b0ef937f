"""Rules of the primary: which metastases are resected as a rule, which in selected patients, and with what outlook."""

from __future__ import annotations

from pathways.facts.disease import targeted_first
from pathways.facts.patient_assessment import PatientAssessment
from pathways.facts.verdict import Verdict, allowed, refused, unknown
from pathways.process.rules import RULES

RULE = "primary_rules"
RECORD = RULES[RULE]
# What is asked of a patient beside the criteria for bowel metastases. Figures stand in the parameters.
OWN_RULES = {
    "breast": "liver resection where systemic treatment controls the disease and the liver is the only site",
    "stomach": "liver resection for few metastases: several of them doubled the hazard of death",
    "pancreas": "not resected as a rule: long control by systemic treatment is asked for",
    "periampullary": "resected in selected patients, above all the intestinal type",
    "gallbladder": "not resected as a rule: long control by systemic treatment is asked for",
    "lung": "not resected as a rule: long control by systemic treatment is asked for",
    "melanoma": "resected in selected patients, after a long interval and with all sites removable",
    "kidney": "resected in selected patients, after a long interval",
    "sarcoma": "resected in selected patients, after a long interval",
    "other": "resected in selected patients",
    "unknown": "primary not known: resected in selected patients",
}


def primary_rules(assessed: PatientAssessment) -> Verdict:
    """What the kind of primary says of liver resection, beside the criteria for bowel metastases."""
    tumour, protocol = assessed.case.primary.tumour, assessed.protocol
    if tumour in protocol.words("refused_primaries"):
        words = f"the protocol {protocol.id} does not resect liver metastases of this primary ({tumour})"
        return refused(RULE, words, value=tumour, sources=protocol.sources("refused_primaries"))
    if tumour == "colorectal":
        return allowed(RULE, "bowel metastases: the criteria are made for them", sources=RECORD.cited("bowel"))
    if tumour == "neuroendocrine":
        words = "neuroendocrine: resection of all, or of most of the tumour; slow disease is operated on again"
        return allowed(RULE, words + _outlook(assessed, tumour), sources=RECORD.cited("neuroendocrine"))
    if tumour == "gist":
        words = "GIST: targeted drug first, operation while it is stable or responding, no debulking"
        return allowed(RULE, words, sources=protocol.sources("targeted_first_tumours"))
    sources = protocol.sources("selected_primaries")
    words = f"{tumour}: {OWN_RULES[tumour]}{_outlook(assessed, tumour)}"
    if tumour in protocol.words("selected_primaries"):
        return unknown(RULE, words, "taken as selected by the team", value=tumour, sources=sources)
    return allowed(RULE, words, value=tumour, sources=sources)


def systemic_first(assessed: PatientAssessment, line: str) -> Verdict:
    """What has to come before an operation: a targeted drug, or control by the systemic treatment of the primary."""
    targeted = targeted_first(assessed, line)
    tumour, protocol = assessed.case.primary.tumour, assessed.protocol
    if targeted.verdict == "refused" or tumour not in protocol.words("control_first_primaries"):
        return targeted
    sources = protocol.sources("control_first_primaries")
    if line != "none" or assessed.past.systemic_before:
        return allowed(RULE, f"{tumour}: systemic treatment has been given", value=tumour, sources=sources)
    words = f"{tumour}: resected only after systemic treatment has controlled the disease, and none is recorded"
    return refused(RULE, words, value=tumour, sources=sources)


def _outlook(assessed: PatientAssessment, tumour: str) -> str:
    figure = assessed.parameters.get(f"survival_5y_{tumour}") or assessed.parameters["survival_5y_other"]
    label = "" if figure.confidence == "confirmed" else f", {figure.confidence}"
    return f" (5-year survival after resection {figure.number:.0%}{label})"


def debulking_allowed(assessed: PatientAssessment) -> Verdict:
    """Whether removing most of the tumour, but not all, is a treatment of this disease."""
    tumour, protocol = assessed.case.primary.tumour, assessed.protocol
    sources = protocol.sources("debulking_tumours")
    if tumour in protocol.words("debulking_tumours"):
        return allowed("debulking_share", f"{tumour}: debulking is a treatment", value=tumour, sources=sources)
    words = f"{tumour}: removing part of the disease is no treatment under this protocol"
    return refused("debulking_share", words, value=tumour, sources=sources)
