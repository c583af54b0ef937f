"""A liver that has been cleared before today: no lesion is told of it, and a treatment of the history that cleared it."""

from __future__ import annotations

from pathways.facts.patient_assessment import PatientAssessment


def before_today(assessed: PatientAssessment) -> bool:
    """Whether the liver was cleared before today; what is left to treat lies elsewhere."""
    return not assessed.case.lesions


def nothing_left(assessed: PatientAssessment) -> bool:
    """Whether liver, bowel and every other site are behind: what is left to decide comes after clearance."""
    return before_today(assessed) and not assessed.case.primary_in_place and not assessed.elsewhere
