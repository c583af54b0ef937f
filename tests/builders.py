"""Cases for tests of rules: a fully known patient, with what the test is about changed."""

from __future__ import annotations

import json
from typing import Any

from pathways.case.loading import parse_case
from pathways.facts.derive import CaseFacts
from pathways.facts.patient_assessment import PatientAssessment
from pathways.knowledge.protocols import load_protocol

KNOWN: dict[str, Any] = {
    "schema": 1,
    "id": "built",
    "patient": {"height_cm": 168, "weight_kg": 71, "fit_for": "major"},
    "primary": {"tumour": "colorectal", "site": "sigmoid", "status": "resected"},
    "liver": {"background": "normal", "insufficiency": []},
    "lesions": [{"id": "A", "segments": [8], "size_mm": 30, "count": 1}],
    "extrahepatic": [],
}


def make_case(**changes: Any):
    """KNOWN with `changes`; a dict updates its part, None removes a key, anything else replaces."""
    raw = json.loads(json.dumps(KNOWN))
    for part, value in changes.items():
        if isinstance(value, dict) and isinstance(raw.get(part), dict):
            raw[part].update(value)
            raw[part] = {key: one for key, one in raw[part].items() if one is not None}
        elif value is None:
            raw.pop(part, None)
        else:
            raw[part] = value
    return parse_case(json.dumps(raw))


def assessed(protocol: str = "default", *, strict: bool = False, **changes: Any) -> PatientAssessment:
    return PatientAssessment(make_case(**changes), load_protocol(protocol), strict)


def facts(protocol: str = "default", *, strict: bool = False, **changes: Any) -> CaseFacts:
    return CaseFacts(make_case(**changes), load_protocol(protocol), strict=strict)
