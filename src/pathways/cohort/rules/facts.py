"""Facts of drawn patients, derived by columns: the same rules as `pathways.facts`, for every patient at once.

A fixed fact is a column of codes (positions in its domain); a case table is a column of codes for every combination of the live
facts it depends on. A test holds every cell to `CaseFacts` on thousands of drawn cases.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from functools import cached_property

from pathways.cohort.patients.columns import Patients
from pathways.cohort.rules.exposure import Exposure
from pathways.cohort.rules.looked_up import fixed_facts
from pathways.cohort.rules.resection_problem import Codes
from pathways.cohort.rules.resections import Resections
from pathways.cohort.rules.statuses import Statuses
from pathways.documents.problems import PathwaysError
from pathways.knowledge.model import Parameter, Protocol
from pathways.knowledge.protocols import knowledge

TUMOUR = "colorectal"  # the primary of everybody drawn


class CohortFacts:
    """Facts of drawn patients under one protocol, by family of rules. Scenarios are the two extents: as presented, after a response."""

    def __init__(
        self,
        patients: Patients,
        protocol: Protocol,
        *,
        follow_up: bool = True,
        figures: Mapping[str, float] | None = None,
    ) -> None:
        if TUMOUR in protocol.words("debulking_tumours"):
            raise PathwaysError(
                f"protocol {protocol.id}: debulking_tumours names {TUMOUR}, and drawn patients are not debulked: whether a share of their tumour can be removed is not worked out"
            )
        self.patients = patients
        self.protocol = protocol
        self.follow_up = follow_up
        self.figures = figures or {}
        known = knowledge().parameters
        self.parameters: Mapping[str, Parameter] = {
            **known,
            **{name: replace(known[name], value=value, distribution={}) for name, value in self.figures.items()},
        }
        self.number = len(patients)
        self.exposure = Exposure(patients, protocol)
        self.resections = Resections(self.exposure, self.parameters)
        self.remnants = Statuses(self.resections)

    @cached_property
    def fixed(self) -> dict[str, Codes]:
        """Every fact without keys, by name."""
        return fixed_facts(self.patients, self.protocol, follow_up=self.follow_up)
