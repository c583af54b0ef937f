"""Life without clearance by performance status: deaths of the disease, beside which stand those of other causes, as after clearance."""

from __future__ import annotations

import math
from collections.abc import Mapping

from pathways.knowledge.arithmetic import Number, odds_of
from pathways.knowledge.model import Parameter
from pathways.prognosis.background import other_deaths
from pathways.prognosis.curves import MONTHS, log_of
from pathways.prognosis.factors import Figure

MOST_ECOG = 3
# The longest median of a group of a trial without clearance, by whether mismatch repair is known to be deficient.
LONGEST = {
    False: "prognosis_without_clearance_longest_months",
    True: "prognosis_without_clearance_longest_deficient_months",
}
ECOG_MEDIANS = tuple(f"prognosis_without_clearance_ecog_{ecog}_months" for ecog in range(MOST_ECOG + 1))


def hazards_by_ecog(figure: Figure, parameters: Mapping[str, Parameter]) -> tuple[Number, ...]:
    """Of ECOG 0 to 3 (3 for 4 too) the hazard of death of the disease, in years to the power of the shape.

    Published medians are of deaths of every cause, at the age of trial patients: the age of drawn patients stands for it. What others die
    of by then is taken off, so that an older patient is not spared without clearance what counts after it.
    """
    return tuple(_hazard_of(name, figure, parameters) for name in ECOG_MEDIANS)


def least_ratio(figure: Figure, parameters: Mapping[str, Parameter], *, deficient: bool) -> Number:
    """The hazard ratio below which no group of a trial lay that was told by its ECOG: where favourable factors of many series multiply, it stands.

    The longest median is taken as that of ECOG 0, so that who is less fit lives shorter at the bound too.
    """
    return _hazard_of(LONGEST[deficient], figure, parameters) / _hazard_of(ECOG_MEDIANS[0], figure, parameters)


def _hazard_of(median: str, figure: Figure, parameters: Mapping[str, Parameter]) -> Number:
    """The hazard, in years to the power of the shape, that makes this median in months."""
    shape = figure("prognosis_without_clearance_shape")
    years = figure(median) / MONTHS
    alive = other_deaths(None, None, parameters).alive(years)
    return (math.log(2) + log_of(alive)) * odds_of(-shape * log_of(years))


def ecog_ratio(hazards: tuple[Number, ...], parameters: Mapping[str, Parameter], ecog: int) -> Number:
    """The hazard ratio of an ECOG against the average of resected patients: carried over, it is that of death after a recurrence."""
    shares = parameters["prognosis_ecog_resected"].value
    return hazards[min(ecog, MOST_ECOG)] / sum(share * one for share, one in zip(shares, hazards, strict=True))
