"""Small changes of a case, or of the policy it is judged by: what could be otherwise, in steps from small to large.

A ladder moves one quantity (a remnant, a size, a number of cycles, a finding) away from what the case says. Which step
opens or closes a pathway is found by `explain`; here nothing is judged.
"""

from __future__ import annotations

from collections.abc import Iterator

from pathways.facts.patient_assessment import PatientAssessment
from pathways.planning.changes.disease import elsewhere, history, primary
from pathways.planning.changes.lesions import lesions, remnants
from pathways.planning.changes.model import Change, GradedChange
from pathways.planning.changes.person import liver, person, wishes
from pathways.planning.changes.policies import limits, policies

__all__ = ["Change", "GradedChange", "graded_changes", "limits"]

MEASURED, LESIONS = "liver.measured_remnants", "lesions"
OTHERS = (person, liver, elsewhere, primary, history, wishes, policies)


def graded_changes(assessed: PatientAssessment, of: str = "") -> Iterator[GradedChange]:
    """Every ladder of a case under its protocol, volumetry and lesions first; with `of`, only those of that key."""
    for graded_change in _ladders(assessed, of):
        if graded_change.steps and of in ("", graded_change.key):
            yield graded_change


def _ladders(assessed: PatientAssessment, of: str) -> Iterator[GradedChange]:
    if of in ("", MEASURED):
        yield from remnants(assessed)
    if not of or of.startswith(LESIONS):
        yield from lesions(assessed, of)
    if not of.startswith((MEASURED, LESIONS)):
        for topic in OTHERS:
            yield from topic(assessed)
