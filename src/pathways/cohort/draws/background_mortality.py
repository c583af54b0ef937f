"""Deaths of other causes after the liver is cleared: by the life table of the general population, for numbers and columns alike."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from pathways.cohort.draws.durations import Number, log, whole
from pathways.knowledge.model import Parameter

DAYS_A_YEAR = 365.25
TINY = 1e-9
EVENT = "life"
OTHER = 1  # the occurrence of the event; the other one is death of the disease
# Ages between which the life table is read; mortality grows exponentially with age (Gompertz).
YOUNGER, OLDER = 60, 70


@dataclass(frozen=True)
class OtherDeaths:
    """Hazard of death of other causes: deaths a year at the meeting, and by how much it grows a year; a number or one a patient."""

    hazard: Number
    growth: Number

    def days(self, u: Number, rows: Any = None) -> Number:
        """Whole days to such a death at the point `u` of its distribution, of everybody or of some `rows`."""
        hazard, growth = (
            (self.hazard, self.growth) if rows is None else (self._of(self.hazard, rows), self._of(self.growth, rows))
        )
        return whole(log(1 - growth * log(1 - u) / hazard) / growth * DAYS_A_YEAR)

    def _of(self, column: Number, rows: Any) -> Number:
        return column if isinstance(column, float) else column[rows]


def other_deaths(age: Number | None, female: Number | None, parameters: Mapping[str, Parameter]) -> OtherDeaths:
    """For patients of this age in years and this sex. Of whom it is not known: the age of the drawn patients, the mean of both sexes."""
    if age is None:
        age = parameters["cohort_age_years"].number
    share = 0.5 if female is None else female * 1.0
    hazard, growth = 0.0, 0.0
    for sex, weight in (("men", 1.0 - share), ("women", share)):
        younger, older = (max(TINY, parameters[f"life_table_{sex}_{years}"].number) for years in (YOUNGER, OLDER))
        by_year = log(older / younger) / (OLDER - YOUNGER)
        hazard = hazard + weight * younger * (older / younger) ** ((age - YOUNGER) / (OLDER - YOUNGER))
        growth = growth + weight * by_year
    return OtherDeaths(hazard, growth)
