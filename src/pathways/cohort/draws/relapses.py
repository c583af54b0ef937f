"""How a recurrence that lies ahead becomes an outcome of the process: the first follow-up and the luck that stands for each of its outcomes."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

from pathways.cohort.draws.lives import Lives
from pathways.process.declaration import PROCESS
from pathways.process.model import Trigger
from pathways.process.phases import CURATIVE_ENDS

Column = npt.NDArray[Any]
# Courses of chemotherapy around an operation that is possible without it.
AROUND_AN_OPERATION = ("perioperative", "adjuvant")
ALMOST_SURE = 1 - 2.0**-53


def _outcomes_of_follow_up() -> tuple[Trigger, ...]:
    """Outcomes of the first follow-up in their order: free, then the recurrences."""
    found = [one for one in PROCESS.triggers if "follow_up" in one.phases and one.kind == "outcome"]
    return tuple(one for one in found if one.to in ("recurred", *CURATIVE_ENDS))


def _sets(one: Trigger, fact: str) -> str:
    return next((str(effect.value) for effect in one.effects if effect.fact == fact), "")


def _places() -> Column:
    """By whether it is early and by site, the place of a recurrence among the outcomes of follow-up."""
    told = [(_sets(one, "relapse"), _sets(one, "relapse_site")) for one in RELAPSES]
    # Early ones outside the liver are counted with those in the liver too.
    early = [told.index(("early", "liver")), told.index(("early", "both")), told.index(("early", "both"))]
    late = [told.index(("late", site)) for site in ("liver", "elsewhere", "both")]
    return np.array([late, early])


def middles(lives: Lives) -> Column:
    """Luck in the middle of each outcome of follow-up."""
    shares = [0.0 if one.chance is None else lives.figure(one.chance.parameter) for one in RELAPSES]
    shares[0] = 1 - sum(shares)
    ends = np.cumsum(shares)
    return ends - np.array(shares) / 2


RELAPSES = _outcomes_of_follow_up()
PLACE_OF_RELAPSE = _places()
