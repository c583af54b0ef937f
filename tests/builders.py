"""Cases for tests of rules: a fully known patient, with what the test is about changed."""

from __future__ import annotations

from typing import Any

from pathways.facts.derive import CaseFacts
from pathways.facts.patient_assessment import PatientAssessment
from pathways.knowledge.protocols import load_protocol
from pathways.process.rulebook.example_patient import KNOWN, example_case

__all__ = ["KNOWN", "assessed", "facts", "make_case"]


def make_case(**changes: Any):
    """KNOWN with `changes`; a dict updates its part, None removes a key, anything else replaces."""
    return example_case(changes)


def assessed(protocol: str = "default", *, strict: bool = False, **changes: Any) -> PatientAssessment:
    return PatientAssessment(make_case(**changes), load_protocol(protocol), strict)


def facts(protocol: str = "default", *, strict: bool = False, **changes: Any) -> CaseFacts:
    return CaseFacts(make_case(**changes), load_protocol(protocol), strict=strict)
