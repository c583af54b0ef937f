"""The cited figures of one case: what durations and probabilities are made of."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import field

from pathways.facts.patient_assessment import PatientAssessment
from pathways.knowledge.arithmetic import Number
from pathways.quick_dataclass import dataclass


@dataclass(frozen=True)
class CitedFigures:
    """Cited figures for a case. `drawn` replaces figures by others, arrays among them."""

    assessed: PatientAssessment
    drawn: Mapping[str, Number] = field(default_factory=dict)

    def figure(self, name: str) -> Number:
        """A cited figure."""
        found = self.drawn.get(name)
        return self.assessed.parameters[name].number if found is None else found
