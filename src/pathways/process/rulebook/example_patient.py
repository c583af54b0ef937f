"""The fully known patient that the examples of the rules, and many tests, change in one thing."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from pathways.case.loading import load_case
from pathways.case.models import Case

KNOWN: dict[str, Any] = {
    "schema": 1,
    "id": "built",
    "patient": {"height_cm": 168, "weight_kg": 71, "fit_for": "major"},
    "primary": {"tumour": "colorectal", "site": "sigmoid", "status": "resected"},
    "liver": {
        "background": "normal",
        "insufficiency": [],
        "bilirubin_umol_per_l": 10,
        "albumin_g_per_l": 42,
        "inr": 1.0,
    },
    "lesions": [{"id": "A", "segments": [8], "size_mm": 30, "count": 1}],
    "extrahepatic": [],
}
# What is known of every lesion where an example says nothing else of it.
TOLD: dict[str, Any] = {"contacts": [], "depth": "superficial"}


def example_case(changes: Mapping[str, Any]) -> Case:
    """KNOWN with `changes`; a mapping updates its part, None removes a key, also of a lesion, anything else replaces."""
    raw = json.loads(json.dumps(KNOWN))
    for part, value in changes.items():
        if isinstance(value, Mapping) and isinstance(raw.get(part), dict):
            raw[part] = {key: one for key, one in {**raw[part], **value}.items() if one is not None}
        elif value is None:
            raw.pop(part, None)
        else:
            raw[part] = value
    raw["lesions"] = [
        {key: one for key, one in {**TOLD, **lesion}.items() if one is not None} for lesion in raw["lesions"]
    ]
    return load_case(raw)
