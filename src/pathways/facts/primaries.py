"""Rules of the primary: which metastases are resected as a rule, which in selected patients, and with what outlook."""

from __future__ import annotations

from typing import get_args

from pathways.case.grading import grade_of
from pathways.facts.disease import targeted_first
from pathways.facts.patient_assessment import PatientAssessment
from pathways.facts.verdict import Missing, Verdict, allowed, refused, unknown, without
from pathways.knowledge.arithmetic import wilson_ends
from pathways.knowledge.model import Parameter
from pathways.messages.catalogue import called, say
from pathways.process.rules import RULES
from pathways.words import ColorectalSite

RULE = "primary_rules"
RECORD = RULES[RULE]


def primary_rules(assessed: PatientAssessment) -> Verdict:
    """What the kind of primary says of liver resection, beside the criteria for bowel metastases."""
    tumour, protocol = assessed.case.primary.tumour, assessed.protocol
    name = called("tumour", tumour)
    if tumour in protocol.words("refused_primaries"):
        words = say("primary_rules.refused", protocol=protocol.id, tumour=name)
        return refused(RULE, words, value=tumour, sources=protocol.sources("refused_primaries"))
    if tumour == "colorectal":
        return allowed(RULE, say("primary_rules.bowel"), sources=RECORD.cited("bowel"))
    if tumour == "neuroendocrine":
        return _neuroendocrine(assessed)
    if tumour == "gist":
        return allowed(RULE, say("primary_rules.gist"), sources=protocol.sources("targeted_first_tumours"))
    sources = protocol.sources("selected_primaries")
    if tumour == "unknown":
        return _of_unknown_primary(assessed)
    # What is asked of a patient beside the criteria for bowel metastases. Figures stand in the parameters.
    own = say("primary_rules.own", tumour=name, rule=called("own_rule", tumour))
    words = _with_outlook(own, assessed, tumour)
    if tumour in protocol.words("selected_primaries"):
        return unknown(RULE, words, say("taken_as.selected"), value=tumour, sources=sources)
    return allowed(RULE, words, value=tumour, sources=sources)


def not_diverted(assessed: PatientAssessment) -> Verdict | None:
    """Why no stent, diversion or haemostasis controls the emergency of the primary; None where one may."""
    primary, protocol, key = assessed.case.primary, assessed.protocol, "obstruction_not_diverted"
    rule, tumour = "primary_not_urgent", primary.tumour
    if primary.urgent == "perforation":
        return refused(rule, say("primary_not_urgent.perforated"), value="perforation", sources=RULES[rule].sources)
    # What cannot be removed is bypassed: that is a diversion.
    removable = primary.site not in get_args(ColorectalSite) and primary.r0_resectable is not False
    if primary.urgent == "obstruction" and tumour in protocol.words(key) and removable:
        words = say("primary_not_urgent.not_diverted", tumour=called("tumour", tumour))
        return refused(rule, words, value=tumour, sources=protocol.sources(key))
    return None


def primary_sought(assessed: PatientAssessment) -> Verdict | None:
    """That the primary is looked for first, where nobody knows it and the protocol asks for the search; None otherwise."""
    key, tumour = "look_for_unknown_primary", assessed.case.primary.tumour
    if tumour != "unknown" or not assessed.protocol.yes(key):
        return None
    words = say("primary_sought.first", item="primary.tumour")
    return refused("primary_sought", words, value=tumour, sources=assessed.protocol.sources(key))


def _of_unknown_primary(assessed: PatientAssessment) -> Verdict:
    """Whatever is planned for metastases whose primary has not been found stands on that it will not be found."""
    sources = assessed.protocol.sources("selected_primaries", "look_for_unknown_primary")
    words = say("primary_rules.own", tumour=called("tumour", "unknown"), rule=called("own_rule", "unknown"))
    missing = Missing("primary.tumour", words, say("taken_as.not_found"))
    return without(RULE, [missing], value="unknown", sources=sources)


def _neuroendocrine(assessed: PatientAssessment) -> Verdict:
    """A neuroendocrine tumour by its grade: which is asked for where neither it nor Ki-67 is told."""
    primary, key = assessed.case.primary, "neuroendocrine_grade_max"
    highest, sources = assessed.protocol.whole(key), assessed.protocol.sources(key)
    words = _with_outlook(say("primary_rules.neuroendocrine"), assessed, primary.tumour)
    grade = grade_of(primary)
    if grade is None:
        words = say("primary_rules.grade_not_reported", words=words, item="primary.grade")
        return unknown(RULE, words, say("taken_as.grade", grade=highest), limit=float(highest), unit="grade",
                       sources=(*RECORD.cited("neuroendocrine"), *sources))  # fmt: skip
    told = say("primary_rules.grade", grade=grade)
    if primary.grade is None:
        told = say("primary_rules.grade_by_ki67", grade=grade, ki67=primary.ki67_percent)
    details = {"value": float(grade), "limit": float(highest), "unit": "grade"}
    if grade > highest:
        return refused(RULE, say("primary_rules.grade_too_high", told=told), sources=sources, **details)
    words = say("primary_rules.of_grade", words=words, told=told)
    return allowed(RULE, words, sources=RECORD.cited("neuroendocrine"), **details)


def lasting_control(assessed: PatientAssessment) -> bool:
    """Whether systemic treatment alone can hold this tumour for years: not a neuroendocrine one of a grade that is not resected."""
    protocol, grade = assessed.protocol, grade_of(assessed.case.primary)
    if grade is not None and grade > protocol.whole("neuroendocrine_grade_max"):
        return False
    return assessed.case.primary.tumour in protocol.words("lasting_control_tumours")


def systemic_first(assessed: PatientAssessment, line: str) -> Verdict:
    """What has to come before an operation: a targeted drug, or control by the systemic treatment of the primary."""
    targeted = targeted_first(assessed, line)
    tumour, protocol = assessed.case.primary.tumour, assessed.protocol
    if targeted.verdict == "refused" or tumour not in protocol.words("control_first_primaries"):
        return targeted
    sources = protocol.sources("control_first_primaries")
    if line != "none" or assessed.past.systemic_before:
        words = say("primary_rules.systemic_given", tumour=called("tumour", tumour))
        return allowed(RULE, words, value=tumour, sources=sources)
    words = say("primary_rules.systemic_first", tumour=called("tumour", tumour))
    return refused(RULE, words, value=tumour, sources=sources)


def _with_outlook(words: str, assessed: PatientAssessment, tumour: str) -> str:
    """`words` with the survival after resection, its interval, and how sure that figure is if it is not confirmed."""
    figure = assessed.parameters.get(f"survival_5y_{tumour}") or assessed.parameters["survival_5y_other"]
    interval = _interval(figure)
    if figure.confidence == "confirmed":
        return say("primary_rules.outlook", words=words, survival=figure.number, interval=interval)
    return say(
        "primary_rules.unsure_outlook", words=words, survival=figure.number, interval=interval,
        confidence=called("confidence", figure.confidence),
    )  # fmt: skip


def _interval(figure: Parameter) -> str:
    """The range of a share, or the interval of its number of patients."""
    low, high = figure.distribution.get("low"), figure.distribution.get("high")
    if low is None and figure.n:
        low, high = wilson_ends(figure.number, figure.n)
    return say("primary_rules.no_interval") if low is None else say("primary_rules.interval", low=low, high=high)


def debulking_allowed(assessed: PatientAssessment) -> Verdict:
    """Whether removing most of the tumour, but not all, is a treatment of this disease."""
    tumour, protocol = assessed.case.primary.tumour, assessed.protocol
    sources = protocol.sources("debulking_tumours")
    if tumour in protocol.words("debulking_tumours"):
        words = say("debulking_share.a_treatment", tumour=called("tumour", tumour))
        return allowed("debulking_share", words, value=tumour, sources=sources)
    words = say("debulking_share.no_treatment", tumour=called("tumour", tumour))
    return refused("debulking_share", words, value=tumour, sources=sources)
