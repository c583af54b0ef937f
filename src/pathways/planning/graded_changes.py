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

# Topics, with how the keys begin that they change where it is one part of the case alone.
TOPICS = {
    remnants: "liver.measured_remnants",
    lesions: "lesions",
    **dict.fromkeys((person, liver, elsewhere, primary, history, wishes, policies), ""),
}


def graded_changes(assessed: PatientAssessment, of: str = "") -> Iterator[GradedChange]:
    """Every ladder of a case under its protocol; with `of`, a key, only those of topics that may change it."""
    for topic, begins in TOPICS.items():
        if of and not of.startswith(begins):
            continue
        for graded_change in topic(assessed):
            if graded_change.steps:
                yield graded_change
