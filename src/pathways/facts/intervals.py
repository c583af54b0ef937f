"""Intervals that a case and its protocol decide: a block of systemic treatment, what must wash out after it."""

from __future__ import annotations

from pathways.facts.blocks import cycles_of, cycles_of_course
from pathways.facts.patient_assessment import PatientAssessment
from pathways.facts.regimen import longest_washout, regimen, since_last_dose, washout_held_to
from pathways.knowledge.arithmetic import Number, larger
from pathways.knowledge.model import Protocol
from pathways.process.blocks import number_of_blocks

DAYS_A_WEEK = 7
LINES = ("perioperative", "first", "second")


def block_days(protocol: Protocol, course: str = "", given: int = 0) -> float:
    """Days of one block or half of chemotherapy after the cycles `given` before: alike for all who are given no targeted drug instead."""
    return cycles_of_course(protocol, course, given) * protocol.number("cycle_weeks") * DAYS_A_WEEK


def weeks_of_a_block(assessed: PatientAssessment, course: str = "") -> float:
    """Weeks of one block or half of what this patient is given."""
    if assessed.targeted:
        return assessed.protocol.number("targeted_weeks")
    return block_days(assessed.protocol, course, _given(assessed)) / DAYS_A_WEEK


def weeks_of_blocks(assessed: PatientAssessment, blocks: int) -> float:
    """Weeks of all blocks in a count of them."""
    if assessed.targeted:
        return number_of_blocks(blocks) * weeks_of_a_block(assessed)
    return cycles_of(assessed.protocol, blocks, _given(assessed)) * assessed.protocol.number("cycle_weeks")


def _given(assessed: PatientAssessment) -> int:
    """Cycles of before that shorten a half: of chemotherapy alone."""
    return assessed.past.cycles_counted if assessed.systemic == "cytotoxic" else 0


def meeting_days(assessed: PatientAssessment, to_meeting: Number, to_operation: Number) -> Number:
    """Days to the meeting, or longer: until a drained liver has lost its jaundice, or chemotherapy of the history washes out by the first operation."""
    meeting = larger(to_meeting, _days_of_jaundice(assessed))
    told = since_last_dose(assessed)
    if told is None:
        return meeting
    since, needed = told
    return larger(meeting, (needed - since) * DAYS_A_WEEK - to_operation)


def _days_of_jaundice(assessed: PatientAssessment) -> float:
    """What is left of the weeks after a drainage of the history, where the bilirubin is still high: as long as one of the plan is waited for."""
    weeks = [one.week for one in assessed.case.history if one.event == "biliary_drainage" and one.week is not None]
    if not weeks or assessed.biliary_obstruction != "drained" or not assessed.jaundiced:
        return 0.0
    return max(0.0, assessed.parameters["days_of_drainage"].number + weeks[-1] * DAYS_A_WEEK)


def washout_days(assessed: PatientAssessment, line: str, to_restaging: Number) -> Number:
    """Further days after the restaging: the last cycle and the way to the meeting (`to_restaging`, days) already count."""
    return _beside_restaging(assessed, washout_held_to(regimen(assessed, line).name, assessed), to_restaging)


def longest_washout_days(assessed: PatientAssessment) -> Number:
    """The same after whatever drug of the protocol washes out the longest."""
    return _beside_restaging(assessed, longest_washout(assessed), assessed.parameters["days_to_restaging"].number)


def _beside_restaging(assessed: PatientAssessment, weeks: float, to_restaging: Number) -> Number:
    since_dose = assessed.protocol.number("cycle_weeks") * DAYS_A_WEEK + to_restaging
    return larger(0.0, weeks * DAYS_A_WEEK - since_dose)
