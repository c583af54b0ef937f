"""The state in which a case begins: what has been done and found before today, as live facts."""

from __future__ import annotations

from pathways.facts import cleared, disease, fitness, halves, nodules, primaries, remnant
from pathways.facts.patient_assessment import TODAY, PatientAssessment
from pathways.liver.resection import Resection
from pathways.process.blocks import FIRST_HALF
from pathways.process.facts import NEUTRAL, State
from pathways.process.model import Value
from pathways.process.phases import CLEARED, LIVER_SPARED, START

# How far surgery of the liver has come after these operations, as long as no other follows.
STAGE_AFTER = {"first_stage": "first", "alpps_stage_1": "split"}


def start_of(assessed: PatientAssessment) -> State:
    """The state in which the case begins."""
    case = assessed.case
    live = dict(NEUTRAL)
    live |= _of_the_lesions(assessed)
    if case.patient.pregnant_weeks is not None:
        live["pregnancy"], live["gestation"] = "pregnant", "as_told"
    if assessed.biliary_obstruction == "present":
        live["bile"] = "obstructed"
    if assessed.elsewhere:
        live["extrahepatic"] = "present"
    if case.primary_in_place:
        live["primary"] = _primary_today(assessed)
    if disease.progressing(assessed):
        live["control"] = "progressed"
    stage = _stage_begun(assessed)
    if assessed.entries:
        live["stage"] = stage
    live["stimulus"], live["growth"] = _stimulus_given(assessed, stage)
    if stage != "none" and (fitness.fails_for_now(assessed) or fitness.unfit_for_now(assessed)):
        live["condition"] = "unfit"
    return State._make(START if name == "phase" else live[name] for name in State._fields)


def _of_the_lesions(assessed: PatientAssessment) -> dict[str, Value]:
    """What is known of the nature of the lesions; where all are benign the liver is spared, where none is left it has been cleared."""
    if cleared.before_today(assessed):
        return _of_a_cleared_liver(assessed)
    natures = {lesion.known_as for lesion, _ in assessed.entries}
    if not natures:
        return {"nature": "benign", "stage": LIVER_SPARED}
    found: dict[str, Value] = {}
    if "suspected" in natures:
        found["nature"] = "suspected" if natures == {"suspected"} else "mixed"
        if nodules.biopsied_in_vain(assessed):
            found["characterised"] = "inconclusive"
    if "vanished" in natures:
        found["sites"] = "present"
    return found


def _of_a_cleared_liver(assessed: PatientAssessment) -> dict[str, Value]:
    """The liver is behind; a perioperative course whose operation it was goes on with its other half."""
    goes_on: dict[str, Value] = {"line": "perioperative", "blocks": FIRST_HALF}
    return {"stage": CLEARED, **(goes_on if halves.second_half_left(assessed) else {})}


def _prepared(assessed: PatientAssessment) -> Resection | None:
    """The resection whose side has been closed before today; none where another side was, or nothing is told of it."""
    target = assessed.target(TODAY) if assessed.past.closed_inflow else None
    return target if target is not None and remnant.grown_before_today(assessed, target) else None


def _stage_begun(assessed: PatientAssessment) -> str:
    """A stage of the history that waits for the other: no liver resection has followed, and the prepared side bears the disease."""
    operations = [event.event for event in assessed.case.history if event.event in (*STAGE_AFTER, "hepatectomy")]
    if not operations or _prepared(assessed) is None:
        return "none"
    return STAGE_AFTER.get(operations[-1], "none")


def _stimulus_given(assessed: PatientAssessment, stage: str) -> tuple[str, str]:
    """The growth stimulus of the history, where it closed the side to be removed, and what it has achieved.

    Between two stages the plan goes on: with the last stage where volumetry has found enough, else with growth that is measured first.
    """
    target = _prepared(assessed)
    if target is None:
        return "none", "none"
    status = remnant.remnant_status(assessed, target, 0)
    stimulus = "split" if stage == "split" else remnant.embolised_by(assessed)
    if growth_unmeasured(assessed, target):
        # Nobody knows yet what has grown: that is measured first.
        return stimulus, "pending"
    if stage == "none":
        return stimulus, "weak" if status in ("short", "likely_short") else "none"
    if status == "enough":
        return stimulus, "adequate"
    # What was measured too small after a split is given more time.
    return stimulus, "weak" if status == "short" or stage == "split" else "pending"


def growth_unmeasured(assessed: PatientAssessment, target: Resection) -> bool:
    """Whether a remnant has not been measured since it was made to grow, and the meeting is over lesions and a primary that are known."""
    certain = all(lesion.known_as != "suspected" for lesion, _ in assessed.entries)
    return (
        certain and primaries.primary_sought(assessed) is None and not remnant.measured_since_stimulus(assessed, target)
    )


def _primary_today(assessed: PatientAssessment) -> str:
    if assessed.case.primary.urgent not in (None, "none"):
        return "urgent"
    irradiated = [event for event in assessed.case.history if event.event == "radiotherapy"]
    if not irradiated:
        return "in_situ"
    # Where its end is not told it lies long enough back, and the plan says so.
    ended = irradiated[-1].until_week if irradiated[-1].until_week is not None else irradiated[-1].week
    weeks = assessed.protocol.number("radiotherapy_wait_weeks")
    return "irradiated" if ended is not None and -ended < weeks else "rested"
