"""What depends on the biology of a patient alone: chances and washout of the regimen that the rules suggest.

There are few combinations of what the rules ask about; each is answered once by the scalar rules and looked up for whole columns.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import product
from typing import Any

import numpy as np
import numpy.typing as npt

from pathways.cohort.patients.columns import BACKGROUNDS, SITES, Patients
from pathways.facts.figures import Figures
from pathways.facts.patient_assessment import PatientAssessment
from pathways.facts.regimen import regimen
from pathways.knowledge.model import Protocol
from pathways.process.facts import LIVE_FACTS

LINES = next(fact.domain for fact in LIVE_FACTS if fact.name == "line")
ASKED = ("ras_mutated", "braf_mutated", "repair_deficient", "site", "background")
SHAPE = (2, 2, 2, len(SITES), len(BACKGROUNDS))
WASHOUTS = ("washout_after_perioperative", "washout_after_first", "washout_after_second")


@dataclass(frozen=True)
class Biology:
    """Answers by combination; `response` and `progression` by line too."""

    response: npt.NDArray[np.float64]
    progression: npt.NDArray[np.float64]
    days: dict[str, npt.NDArray[np.float64]]


def codes(patients: Patients) -> npt.NDArray[np.int64]:
    """The combination each patient has."""
    columns = [getattr(patients, name).astype(np.int64) for name in ASKED]
    return np.ravel_multi_index(columns, SHAPE)


def biology(protocol: Protocol, example: Patients, figures: Mapping[str, float]) -> Biology:
    """The answers of the scalar rules under `protocol`; `example` lends everything that is not asked about."""
    return _biology(_Key(protocol, example, figures))


@dataclass(frozen=True)
class _Key:
    protocol: Protocol
    example: Patients
    figures: Mapping[str, float]

    def __hash__(self) -> int:
        return id(self.protocol)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Key) and other.protocol is self.protocol and other.figures == self.figures


@lru_cache(maxsize=8)
def _biology(key: _Key) -> Biology:
    one = key.example.rows(np.zeros(1, dtype=np.int64))
    response, progression = [], []
    days: dict[str, list[float]] = {name: [] for name in WASHOUTS}
    for values in product(*(range(size) for size in SHAPE)):
        columns: dict[str, Any] = {
            name: np.full(1, value, dtype=getattr(one, name).dtype) for name, value in zip(ASKED, values, strict=True)
        }
        figures = Figures(PatientAssessment(replace(one, **columns).case(0), key.protocol), key.figures)
        chosen = [regimen(figures.assessed, "first" if line == "none" else str(line)) for line in LINES]
        response.append([figures.figure(two.response) for two in chosen])
        progression.append([figures.figure(two.progression) for two in chosen])
        for name in WASHOUTS:
            days[name].append(float(figures.days_named(name)))
    return Biology(np.array(response), np.array(progression), {name: np.array(column) for name, column in days.items()})
