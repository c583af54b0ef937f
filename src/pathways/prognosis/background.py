"""Deaths of other causes, by the life table of one country, for numbers and columns alike."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from typing import Any

from pathways.knowledge.arithmetic import Number
from pathways.knowledge.model import Parameter
from pathways.quick_dataclass import dataclass

# A column of numbers; NumPy is imported where a column is made, so that a plan without figures needs none.
Floats = Any
# The first year of age of the table; who is younger has the same chances.
YOUNGEST = 18
DAYS_A_YEAR = 365.25
HALF_A_DAY = 0.5


@dataclass(frozen=True)
class OtherDeaths:
    """Death of other causes from an age on: the hazard gathered up to each age, of men and of women, and how much of each counts."""

    age: Number
    women: Number
    gathered_men: Floats
    gathered_women: Floats

    def alive(self, years: Number) -> Number:
        """The share alive after some years."""
        import numpy as np

        return np.exp(self._gathered(self.age) - self._gathered(self.age + years))

    def days(self, u: Number, rows: Any = None) -> Number:
        """Whole days to such a death at the point `u` of its distribution, of everybody or of some `rows`."""
        import numpy as np

        age, women = (one if rows is None or np.ndim(one) == 0 else one[rows] for one in (self.age, self.women))
        ages, women, u = np.broadcast_arrays(np.asarray(age, dtype=np.float64), np.asarray(women, dtype=np.float64), u)
        died_at = np.empty(ages.shape)
        for share in np.unique(women):
            some = women == share
            table = self.gathered_men + share * (self.gathered_women - self.gathered_men)
            before = np.interp(ages[some], YOUNGEST + np.arange(len(table)), table)
            died_at[some] = np.interp(before - np.log1p(-u[some]), table, YOUNGEST + np.arange(len(table)))
        found = np.floor(np.maximum(died_at - ages, 0.0) * DAYS_A_YEAR + HALF_A_DAY).astype(np.int64)
        return found if found.ndim else int(found)

    def _gathered(self, age: Number) -> Number:
        """The hazard from the first year of the table to an age, between the years of age evenly; beyond the table as in its last year."""
        import numpy as np

        place = np.clip(np.asarray(age, dtype=np.float64) - YOUNGEST, 0.0, None)
        last = len(self.gathered_men) - 2
        year = np.minimum(place.astype(np.int64), last)
        part = place - year
        men, women = (
            table[year] + part * (table[year + 1] - table[year]) for table in (self.gathered_men, self.gathered_women)
        )
        return men + self.women * (women - men)


def other_deaths(age: Number | None, female: Number | None, parameters: Mapping[str, Parameter]) -> OtherDeaths:
    """For patients of this age in years and this sex. Of whom it is not known: the age of the drawn patients, the mean of both sexes."""
    known = parameters["cohort_age_years"].number if age is None else age
    women = 0.5 if female is None else female * 1.0
    return OtherDeaths(
        known, women, _gathered(tuple(parameters["life_table_men"].value)), _gathered(tuple(parameters["life_table_women"].value))
    )  # fmt: skip


@lru_cache(maxsize=8)
def _gathered(deaths: tuple[float, ...]) -> Floats:
    import numpy as np

    return np.concatenate([[0.0], np.cumsum(-np.log1p(-np.asarray(deaths)))])
