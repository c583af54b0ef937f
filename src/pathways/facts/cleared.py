"""A liver that has been cleared before today: no lesion is told of it, and a treatment of the history that cleared it."""

from __future__ import annotations

from pathways.facts.blocks import BEFORE, HALVES
from pathways.facts.patient_assessment import PatientAssessment
from pathways.words import LIVER_CLEARING


def before_today(assessed: PatientAssessment) -> bool:
    """Whether the liver was cleared before today; what is left to treat lies elsewhere."""
    return not assessed.case.lesions


def nothing_left(assessed: PatientAssessment) -> bool:
    """Whether liver, bowel and every other site are behind: what is left to decide comes after clearance."""
    return before_today(assessed) and not assessed.case.primary_in_place and not assessed.elsewhere


def half_left(assessed: PatientAssessment) -> bool:
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
