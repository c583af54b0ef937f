"""The state in which a case begins: what has been done and found before today, as live facts."""

from __future__ import annotations

from pathways.facts import disease, remnant
from pathways.facts.patient_assessment import TODAY, PatientAssessment
from pathways.process.facts import NEUTRAL, State
from pathways.process.phases import START


def start_of(assessed: PatientAssessment) -> State:
    """The state in which the case begins."""
    case = assessed.case
    live = dict(NEUTRAL)
    natures = {lesion.nature for lesion in case.lesions}
    if "suspected" in natures:
        live["nature"] = "suspected" if natures <= {"suspected", "vanished"} else "mixed"
    if "vanished" in natures:
        live["sites"] = "present"
    if case.liver.biliary_obstruction == "present":
        live["bile"] = "obstructed"
    if case.extrahepatic:
        live["extrahepatic"] = "present"
    if disease.primary_in_place(assessed):
        live["primary"] = _primary_today(assessed)
    if disease.progressing(assessed):
        live["control"] = "progressed"
    live["stimulus"], live["growth"] = _stimulus_given(assessed)
    return State._make(START if name == "phase" else live[name] for name in State._fields)


def _stimulus_given(assessed: PatientAssessment) -> tuple[str, str]:
    """The growth stimulus of the history, where it closed the side to be removed, and whether it fell short."""
    target = assessed.target(TODAY)
    if target is None or not target.growth_side or target.growth_side & ~assessed.past.closed_inflow:
        return "none", "none"
    veins_too = any(event.event == "liver_venous_deprivation" for event in assessed.case.history)
    short = remnant.remnant_status(assessed, target, 0) in ("short", "likely_short")
    return ("lvd" if veins_too else "pve"), ("weak" if short else "none")


def _primary_today(assessed: PatientAssessment) -> str:
    if assessed.case.primary.urgent not in (None, "none"):
        return "urgent"
    irradiated = any(event.event == "radiotherapy" for event in assessed.case.history)
    return "rested" if irradiated else "in_situ"
