"""A perioperative course of which a half was given before today: the other half goes on with it, before or after the operation."""

from __future__ import annotations

from pathways.facts.blocks import BEFORE, HALVES
from pathways.facts.disease import progressing
from pathways.facts.patient_assessment import PatientAssessment
from pathways.words import LIVER_CLEARING


def second_half_left(assessed: PatientAssessment) -> bool:
    """Whether the operation that cleared the liver stands between the halves of a perioperative course, and the second is still due.

    One course no longer than a half went before it and none has followed; it did not end with progression.
    """
    history, protocol = assessed.case.history, assessed.protocol
    operation = max((place for place, one in enumerate(history) if one.event in LIVER_CLEARING), default=None)
    given = assessed.past.of_the_metastases
    if operation is None or len(given) != 1 or given[0].event > operation or assessed.systemic == "targeted":
        return False
    week, cycles = history[operation].week, given[0].cycles
    in_time = week is not None and -week <= protocol.whole("second_half_within_weeks")
    a_half = cycles is not None and cycles <= protocol.whole(HALVES[BEFORE])
    return in_time and a_half and history[given[0].event].response != "progression"


def first_half_given(assessed: PatientAssessment) -> bool:
    """Whether the last months before an operation that is still to come were the half before it, and no more: what follows it is the other."""
    protocol = assessed.protocol
    return before_an_operation(assessed) and assessed.past.cycles_counted <= protocol.whole(HALVES[BEFORE])


def before_an_operation(assessed: PatientAssessment) -> bool:
    """Whether a half before the operation, or more, has been given: one course against the metastases, that ended a while ago at most.

    Nothing that ended with progression, and nothing below a block. Whose cycles or end are not told is not taken to have had it.
    """
    protocol, given = assessed.protocol, assessed.past.of_the_metastases
    if not assessed.case.lesions or len(given) != 1 or given != assessed.past.towards_limit or progressing(assessed):
        return False
    course = given[0]
    if course.cycles is None or course.ended_week is None or not protocol.yes("perioperative_accepted"):
        return False
    recent = -course.ended_week <= protocol.whole("second_half_within_weeks")
    return course.cycles >= protocol.whole("cycles_per_block") and recent and assessed.systemic == "cytotoxic"
