"""How long drawn patients live: the model of `pathways.prognosis` by columns, with luck by key like everything else.

What lies ahead is drawn once, when the liver is first cleared: the day of recurrence, its site, the day of death of the disease. The process
then follows it: outcomes of follow-up and of assessing a recurrence are those that lie ahead.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import numpy as np
import numpy.typing as npt

from pathways.cohort.draws.background_mortality import DAYS_A_YEAR
from pathways.cohort.draws.random_numbers import Words, uniforms
from pathways.cohort.patients.columns import EXTRAHEPATIC, SITES, Patients
from pathways.facts.patient_assessment import PatientAssessment
from pathways.facts.prognostic_inputs import OTHER_SITE, SITE_RANKS
from pathways.knowledge.model import Parameter
from pathways.prognosis.background import OtherDeaths, other_deaths
from pathways.prognosis.curves import Model, Profile, after_recurrence, year_of_recurrence
from pathways.prognosis.factors import column_profile, odds_of_elsewhere
from pathways.prognosis.patient import BOWEL, Prognosis, model_of, with_course
from pathways.prognosis.uncleared import MOST_ECOG, ecog_ratio, hazards_by_ecog, least_ratio
from pathways.quick_dataclass import dataclass

Ints = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]
Bools = npt.NDArray[np.bool_]
Rows = npt.NDArray[np.int64]
FAR = np.iinfo(np.int64).max
# Where a recurrence lies, by code.
LIVER, ELSEWHERE, BOTH = 0, 1, 2
# Names of the luck of a life; each is drawn once a patient.
KIND, RECURRENCE, SITE, AFTER, UNCLEARED = (
    f"life:{one}" for one in ("kind", "recurrence", "site", "after", "uncleared")
)
HALF_A_DAY = 0.5
# Log odds of what does not happen.
NEVER_LONG = -50.0
# The rank of each drawn site elsewhere, the first code being none.
SITE_RANKS_BY_CODE = np.array([0.0, *(SITE_RANKS.get(site, OTHER_SITE) for site in EXTRAHEPATIC[1:])])
# Bands of earliness: within six months, within twelve, later.
BAND_ENDS = (0.5, 1.0)


@dataclass(frozen=True)
class Ahead:
    """What lies ahead of patients whose liver is cleared, in days since clearance: FAR where it never comes."""

    recurs: Ints
    site: npt.NDArray[np.uint8]
    dies: Ints


@dataclass(frozen=True)
class Lives:
    """The lives of the patients of a chunk. `elsewhere`: odds that a recurrence lies outside the liver, not in it alone.

    `known`: whether there are figures for the disease; `treated_again`: where nobody is, nobody outlives a recurrence for long.
    """

    others: OtherDeaths
    parameters: Mapping[str, Parameter]
    profile: Profile
    elsewhere: Any
    uncleared: Floats
    known: bool = True
    treated_again: bool = True

    def figure(self, name: str) -> float:
        """A figure."""
        return self.parameters[name].number

    @property
    def model(self) -> Model:
        """The figures of the model."""
        return model_of(self.figure)

    def ahead(self, words: Words, rows: Rows, around: Bools) -> Ahead:
        """What lies ahead of the patients `rows` with these words; `around`: chemotherapy was given around their operation."""
        model = self.model
        profile = self._profile(rows, around)
        years = year_of_recurrence(model, profile, uniforms(words, RECURRENCE))
        luck = uniforms(words, SITE)
        alone = (1 - model.both) * self.elsewhere[rows] / (1 + self.elsewhere[rows])
        site = np.where(luck < model.both, BOTH, np.where(luck < model.both + alone, ELSEWHERE, LIVER))
        band = np.searchsorted(BAND_ENDS, years, side="right")
        times = np.array([*model.early_death, 1.0])[band] * np.where(site == BOTH, model.both_death, 1.0)
        more = np.array([*model.early_long, 0.0])[band] + np.where(site == BOTH, model.both_long, 0.0)
        if not self.treated_again:
            more = more + NEVER_LONG
        after = after_recurrence(model, profile, times, more).years(uniforms(words, AFTER))
        return Ahead(in_days(years), site.astype(np.uint8), in_days(years + after))

    def _profile(self, rows: Rows, around: Bools) -> Profile:
        one = Profile(
            *(np.asarray(column)[rows] for column in (self.profile.recurrence, self.profile.death, self.profile.long))
        )
        other = with_course(one, "perioperative", self.figure)
        return Profile(
            *(np.where(around, getattr(other, name), getattr(one, name)) for name in ("recurrence", "death", "long"))
        )

    def without_clearance(self, words: Words, rows: Rows) -> Ints:
        """Days from the meeting to death of the disease of those whose liver is never cleared."""
        shape = self.figure("prognosis_without_clearance_shape")
        return in_days((-np.log1p(-uniforms(words, UNCLEARED)) / self.uncleared[rows]) ** (1 / shape))


def in_days(years: Floats) -> Ints:
    """Years as whole days; FAR where they never come."""
    comes = np.isfinite(years)
    days = np.floor(np.where(comes, years, 0.0) * DAYS_A_YEAR + HALF_A_DAY).astype(np.int64)
    return np.where(comes, days, FAR)


def lives_of(
    patients: Patients,
    words: Words,
    parameters: Mapping[str, Parameter],
    *,
    treated_again: bool = True,
    carried: bool = True,
) -> Lives:
    """The lives of drawn patients, of whom everything is told but the margin to come.

    `carried`: whether what moves life on one side of a clearance alone moves it on the other too, a setting of the protocol.
    """

    def figure(name: str) -> float:
        return parameters[name].number

    told = {
        **inputs_of_columns(patients),
        "margin": uniforms(words, KIND) >= 1 - figure("prognosis_margin_share"),
    }  # fmt: skip
    hazards = hazards_by_ecog(figure, parameters)
    ecog = np.minimum(patients.ecog, MOST_ECOG)
    profile, elsewhere = column_profile(told, figure, carried=carried), odds_of_elsewhere(told, figure)
    if carried:
        by_ecog = np.array([ecog_ratio(hazards, parameters, one) for one in range(MOST_ECOG + 1)])
        profile = replace(profile, death=profile.death * by_ecog[ecog])
    least = np.where(
        patients.repair_deficient, *(least_ratio(figure, parameters, deficient=one) for one in (True, False))
    )
    uncleared = np.array(hazards)[ecog] * np.maximum(profile.uncleared, least)
    others = other_deaths(patients.age_years.astype(np.float64), patients.female, parameters)
    return Lives(others, parameters, profile, elsewhere, uncleared, treated_again=treated_again)


def inputs_of_columns(patients: Patients) -> dict[str, Any]:
    """What scores and the model count by, as columns."""
    largest = patients.sizes_mm.max(axis=1)
    return {
        "age": patients.age_years,
        "node_positive": patients.node_positive,
        "interval_months": patients.interval_months,
        "number": patients.lesion_number,
        "largest_mm": largest,
        "burden": np.hypot(largest / 10, patients.lesion_number),
        "cea": patients.cea_ng_per_ml,
        "ras_mutated": patients.ras_mutated,
        "braf_mutated": patients.braf_mutated,
        "right_sided": patients.site == SITES.index("right_colon"),
        "extrahepatic": patients.extrahepatic > 0,
        "elsewhere": SITE_RANKS_BY_CODE[patients.extrahepatic],
        "repair_deficient": patients.repair_deficient,
        "failed_lines": np.zeros(len(patients)),
        "bowel": np.ones(len(patients), dtype=bool),
    }


def lives_like(assessed: PatientAssessment, words: Words) -> Lives:
    """The lives of patients who are all like one case: what it does not tell differs between them, by its shares."""
    prognosis = Prognosis(assessed, {})
    patient = assessed.case.patient
    female = None if patient.sex is None else patient.sex == "female"
    others = other_deaths(patient.age_years, female, assessed.parameters)
    if assessed.case.primary.tumour != BOWEL:
        one = np.ones(len(words))
        return Lives(others, assessed.parameters, Profile(one, one, one), one, one, known=False)
    kinds = prognosis.kinds
    place = np.searchsorted(np.cumsum(kinds.weights)[:-1], uniforms(words, KIND), side="right")
    profile = Profile(kinds.profile.recurrence[place], kinds.profile.death[place], kinds.profile.long[place])
    elsewhere = np.full(len(words), prognosis.odds_of_elsewhere)
    return Lives(others, assessed.parameters, profile, elsewhere, _uncleared_like(prognosis, words))


def _uncleared_like(prognosis: Prognosis, words: Words) -> Floats:
    hazards = prognosis.uncleared_hazards(prognosis.figure)
    place = np.searchsorted(np.cumsum([share for share, _ in hazards])[:-1], uniforms(words, KIND, 1), side="right")
    return np.array([hazard for _, hazard in hazards])[place]
