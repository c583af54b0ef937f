"""Rules about the person and the organ as a whole: fitness, liver function, bile drainage."""

from __future__ import annotations

from typing import Any

from pathways.case.volumetry import HEPATECTOMIES
from pathways.facts.liver_function import liver_sufficient
from pathways.facts.patient_assessment import PatientAssessment
from pathways.facts.verdict import Verdict, allowed, refused, unknown
from pathways.messages.catalogue import called, say

ORDER = ("none", "ablation", "minor", "major")
WORST_ASA, WORST_ECOG = 5, 4


def fit_for(assessed: PatientAssessment, wanted: str) -> Verdict:
    """Fitness for `wanted` (ablation, minor, major). The team's own word goes before scores."""
    patient, protocol = assessed.case.patient, assessed.protocol
    rule = "fit_for_operation"
    if patient.fit_for is not None:
        fits = ORDER.index(patient.fit_for) >= ORDER.index(wanted)
        make = allowed if fits else refused
        words = say("fit_for_operation.by_the_team", extent=called("extent", patient.fit_for))
        return make(rule, words, value=patient.fit_for, limit=wanted)
    ecog_key = "ecog_max_major" if wanted == "major" else "ecog_max_minor"
    scores = (("ECOG", patient.ecog, ecog_key), ("ASA", patient.asa, "asa_max"))
    for name, value, key in scores:
        limit = protocol.whole(key)
        if value is not None and value > limit:
            return refused(
                rule, say("fit_for_operation.above", score=name, value=value, limit=limit), value=float(value),
                limit=float(limit), unit=name, sources=protocol.sources(key),
            )  # fmt: skip
    known = [(name, value, key) for name, value, key in scores if value is not None]
    if known:
        name, value, key = known[0]
        limit = protocol.whole(key)
        within = say("fit_for_operation.within", score=name, value=value, limit=limit)
        details: dict[str, Any] = {
            "value": float(value or 0), "limit": float(limit), "unit": name, "sources": protocol.sources(key),
        }  # fmt: skip
        if len(known) == len(scores):
            return allowed(rule, within, **details)
        other = "ASA" if name == "ECOG" else "ECOG"
        item = f"patient.{other.lower()}"
        reason = say("fit_for_operation.other_not_reported", within=within, score=other, item=item)
        return unknown(rule, reason, say("taken_as.fit", extent=called("extent", wanted)), **details)
    return unknown(
        rule, say("fit_for_operation.not_reported", item="patient.fit_for, patient.ecog, patient.asa"),
        say("taken_as.fit", extent=called("extent", wanted)), limit=wanted, sources=protocol.sources(ecog_key, "asa_max"),
    )  # fmt: skip


def fit_for_emergency(assessed: PatientAssessment) -> Verdict:
    """Fitness for an emergency operation on the bowel: the gates of elective ones are not asked, since the emergency makes the class.

    What the team holds safe for the liver says nothing of it.
    """
    patient, protocol = assessed.case.patient, assessed.protocol
    rule, keys = "fit_for_operation", ("emergency_asa_max", "emergency_ecog_max")
    scores = (("ASA", patient.asa, keys[0], WORST_ASA), ("ECOG", patient.ecog, keys[1], WORST_ECOG))
    for name, value, key, worst in scores:
        limit = protocol.whole(key)
        details: dict[str, Any] = {"limit": float(limit), "unit": name, "sources": protocol.sources(key)}
        if value is not None and value > limit:
            words = say("fit_for_operation.above", score=name, value=value, limit=limit)
            return refused(rule, words, value=float(value), **details)
        if value is None and limit < worst:
            words = say("fit_for_operation.not_reported", item=f"patient.{name.lower()}")
            return unknown(rule, words, say("taken_as.fit_for_emergency"), **details)
    return allowed(rule, say("fit_for_operation.emergency"), sources=protocol.sources(*keys))


def fit_for_alpps(assessed: PatientAssessment) -> Verdict:
    """Fitness for ALPPS: that for a major operation, and the trial's limit on ECOG."""
    patient, protocol = assessed.case.patient, assessed.protocol
    limit = protocol.whole("alpps_ecog_max")
    if patient.ecog is not None and patient.ecog > limit:
        return refused(
            "fit_for_operation", say("fit_for_operation.above_for_alpps", ecog=patient.ecog, limit=limit),
            value=float(patient.ecog), limit=float(limit), unit="ECOG", sources=protocol.sources("alpps_ecog_max"),
        )  # fmt: skip
    return fit_for(assessed, "major")


def remnant_function(assessed: PatientAssessment) -> Verdict | None:
    """ICG retention against the protocol's limit for a major resection; None where it was not measured."""
    value, limit = assessed.case.liver.icg_r15_percent, assessed.protocol.number("icg_r15_max_major")
    if value is None:
        return None
    sources = assessed.protocol.sources("icg_r15_max_major")
    above = value > limit
    make = refused if above else allowed
    reason = say("remnant_function.above" if above else "remnant_function.within", retention=value, limit=limit)
    return make("remnant_function", reason, value=value, limit=limit, unit="percent", sources=sources)


def function_for(assessed: PatientAssessment, wanted: str) -> Verdict:
    """The stricter of liver sufficiency and, for a major resection, measured function."""
    sufficient = liver_sufficient(assessed, wanted)
    measured = remnant_function(assessed) if wanted == "major" else None
    if measured is not None and measured.verdict == "refused" and sufficient.verdict != "refused":
        return measured
    return sufficient


def function_for_next_stage(assessed: PatientAssessment, condition: str) -> Verdict:
    """Function for the stage that completes the resection: signs of a liver that failed after the stage before may pass with time."""
    now = function_for(assessed, "major")
    if condition != "recovered" or not between_stages(assessed) or not fails_for_now(assessed):
        return now
    return _after_waiting(now, say("liver_sufficient.after_waiting", now=now.reason))


def between_stages(assessed: PatientAssessment) -> bool:
    """Whether the last operation on the liver was a stage: what is told of today is then what that stage has done, and may pass."""
    operations = [event.event for event in assessed.case.history if event.event in HEPATECTOMIES]
    return bool(operations) and operations[-1] != "hepatectomy"


def fit_for_next_stage(assessed: PatientAssessment, condition: str) -> Verdict:
    """Fitness for the stage that completes the resection: an ECOG status that fell after the stage before may rise with time."""
    now = fit_for(assessed, "major")
    if condition != "recovered" or not between_stages(assessed) or not unfit_for_now(assessed):
        return now
    return _after_waiting(now, say("fit_for_operation.after_waiting", now=now.reason))


def _after_waiting(now: Verdict, words: str) -> Verdict:
    """What bars the next stage today, taken to have passed."""
    return unknown(now.rule, words, say("taken_as.recovered"), sources=now.sources)


def unfit_for_now(assessed: PatientAssessment) -> bool:
    """Whether only what time may mend makes the patient unfit for a major resection: the ECOG status, and no word of the team."""
    patient = assessed.case.patient
    if patient.ecog is None or fit_for(assessed, "major").verdict != "refused":
        return False
    mended = patient.model_copy(update={"ecog": None})
    again = PatientAssessment(assessed.case.model_copy(update={"patient": mended}), assessed.protocol)
    return fit_for(again, "major").verdict != "refused"


def fails_for_now(assessed: PatientAssessment) -> bool:
    """Whether only what time may mend bars a major resection: signs, bilirubin, INR. A cirrhosis and its class do not pass."""
    case = assessed.case
    if case.liver.background == "cirrhosis" or function_for(assessed, "major").verdict != "refused":
        return False
    mended = {
        "insufficiency": (),
        "bilirubin_umol_per_l": None,
        "inr": None,
        "albumin_g_per_l": None,
        "icg_r15_percent": None,
    }
    liver = case.liver.model_copy(update=mended)
    again = PatientAssessment(case.model_copy(update={"liver": liver}), assessed.protocol)
    return function_for(again, "major").verdict != "refused"


def biliary_drained(assessed: PatientAssessment, bile: str | None = None) -> Verdict:
    """An undrained obstruction bars every elective step; `bile` is how a plan has left it, if one is asked."""
    state, told, at = assessed.biliary_obstruction, assessed.case.liver.biliary_obstruction, assessed.ducts_at_lesions
    if state == "present" and bile == "free":
        return allowed("biliary_drained", say("biliary_drained.in_this_plan"), value="drained")
    if state == "present" and told is None:
        return refused("biliary_drained", say("biliary_drained.at_a_lesion", lesions=", ".join(at)), value=state)
    if state == "present":
        return refused("biliary_drained", say("biliary_drained.obstructed"), value=state)
    if state is None and at:
        item = "liver.biliary_obstruction"
        words = say("biliary_drained.ducts_at_lesions", lesions=", ".join(at), item=item)
        return unknown("biliary_drained", words, say("taken_as.ducts_drain"))
    if state is None and not assessed.jaundiced:
        return allowed("biliary_drained", say("biliary_drained.no_jaundice"))
    if state is None:
        return unknown(
            "biliary_drained",
            say("biliary_drained.not_reported", item="liver.biliary_obstruction"),
            say("taken_as.not_obstructed"),
        )
    words = say("biliary_drained.drained" if state == "drained" else "biliary_drained.free")
    return allowed("biliary_drained", words, value=state)
