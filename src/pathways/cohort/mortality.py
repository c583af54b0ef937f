"""Death of other causes, keyed like all luck: once the liver has been cleared a patient may die of something else at any time."""

from __future__ import annotations

from collections.abc import Mapping

from pathways.cohort.spread import Number, log, whole
from pathways.knowledge.model import Parameter

DAYS_A_YEAR = 365.25
TINY = 1e-9
EVENT = "life"
OTHER = 1  # the occurrence of the event; the other one is death of the disease


def days_to_other_death(u: Number, parameters: Mapping[str, Parameter]) -> Number:
    """Whole days from the first clearance to a death of another cause, at the point `u` of an exponential."""
    yearly = max(TINY, parameters["patients_other_death_yearly"].number)
    return whole(-log(1 - u) * DAYS_A_YEAR / yearly)
