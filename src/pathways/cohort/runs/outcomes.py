"""What a chunk of patients adds to the result: whole numbers only, so that chunks merge to the same sums in any grouping."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, fields
from typing import Any

import numpy as np
import numpy.typing as npt

from pathways.cohort.codes.state import PHASE_CODE
from pathways.cohort.draws.background_mortality import DAYS_A_YEAR, EVENT
from pathways.cohort.draws.random_numbers import patient_words, uniforms
from pathways.cohort.engine.histories import DEAD, NEVER, Walks
from pathways.knowledge.model import Parameter
from pathways.process.phases import PHASES

Ints = npt.NDArray[np.int64]
# Days beyond this are all counted as this one: ten years of follow-up.
HORIZON = 3653
YEARS = 5
PALLIATION, TRANSPLANTED, CONTROLLED = (PHASE_CODE[name] for name in ("palliation", "transplanted", "controlled"))
Z95 = 1.959963984540054


@dataclass(frozen=True)
class Life:
    """Until when each patient is followed, and what was seen then."""

    day: Ints
    died: npt.NDArray[np.bool_]
    died_otherwise: npt.NDArray[np.bool_]
    relapse_day: Ints
    relapsed: npt.NDArray[np.bool_]


def lives(walks: Walks, seed: int, parameters: Mapping[str, Parameter]) -> Life:
    """Follows patients beyond the end of their route.

    Who is cared for without the aim of clearance, or has a new liver, lives by a constant hazard: since the meeting, or since the recurrence
    or the transplantation, so that steps which lead nowhere add no life. Who is free of disease at the end of follow-up leaves the
    count there. Time to recurrence counts from the first clearance, and death counts as one.
    """
    words = patient_words(seed, walks.patient)
    cleared = walks.cleared_day != NEVER
    again = walks.recurrence_day != NEVER
    day, died = walks.days.copy(), walks.end == DEAD
    for code, rows, since, mean in _hazards(walks, again, parameters):
        lived = np.floor(-np.log(1 - uniforms(words[rows], EVENT, 0, code)) * mean + 0.5).astype(np.int64)
        day[rows] = np.maximum(day[rows], since + lived)
        died[rows] = True
    # The published survival after transplantation holds deaths of every cause already.
    sooner = cleared & (walks.end != TRANSPLANTED) & (walks.other_death_day < day)
    day, died = np.where(sooner, np.maximum(walks.other_death_day, walks.days), day), died | sooner
    until = np.where(again, walks.recurrence_day, day)
    relapse_day = np.where(cleared, until - walks.cleared_day, NEVER)
    return Life(day, died, walks.died_otherwise | sooner, relapse_day, cleared & (again | died))


def _hazards(
    walks: Walks, again: npt.NDArray[np.bool_], parameters: Mapping[str, Parameter]
) -> Iterator[tuple[int, Ints, Ints, float]]:
    """Who lives on after an end, since when the hazard runs, and the mean number of days."""
    median, later = (
        parameters[name].number / math.log(2)
        for name in ("patients_palliation_days", "patients_palliation_after_recurrence_days")
    )
    for code, which, mean in (
        (PALLIATION, ~again, median), (PALLIATION, again, later), (CONTROLLED, ~again, median),
        (TRANSPLANTED, ~again, -YEARS * DAYS_A_YEAR / math.log(parameters["survival_5y_transplanted"].number)),
    ):  # fmt: skip
        rows = np.flatnonzero((walks.end == code) & which)
        begins = walks.days if code == TRANSPLANTED else np.where(again, walks.recurrence_day, 0)
        yield code, rows, begins[rows], mean


@dataclass(frozen=True)
class OutcomeCounts:
    """Counts of a chunk, or of everybody."""

    patients: int
    resected: int
    cleared: int
    begun: int
    completed: int
    deaths: int
    operations: int
    blocks: int
    recurred: int
    flows: Ints  # phase left, phase reached
    ends: Ints  # by phase
    died_on: Ints  # by day since the meeting
    left_on: Ints
    relapsed_on: Ints  # by day since clearance
    free_until: Ints

    def plus(self, other: OutcomeCounts) -> OutcomeCounts:
        """Both together."""
        sums: dict[str, Any] = {
            field.name: getattr(self, field.name) + getattr(other, field.name) for field in fields(self)
        }
        return OutcomeCounts(**sums)

    def as_json(self) -> dict[str, Any]:
        """As plain numbers, for a file beside a finished chunk."""
        found = {field.name: getattr(self, field.name) for field in fields(self)}
        return {name: value.tolist() if isinstance(value, np.ndarray) else value for name, value in found.items()}

    @staticmethod
    def from_json(document: dict[str, Any]) -> OutcomeCounts:
        """What `as_json` wrote."""
        columns: dict[str, Any] = {
            name: np.array(value, dtype=np.int64) if isinstance(value, list) else int(value)
            for name, value in document.items()
        }
        return OutcomeCounts(**columns)


def outcome_counts(walks: Walks, life: Life) -> OutcomeCounts:
    """The counts of a chunk."""
    cleared = walks.cleared_day != NEVER
    # Deaths of the operations up to the first clearance; those of treating recurrences are part of survival.
    dead = (walks.end == DEAD) & ~walks.died_otherwise & (walks.recurrence_day == NEVER)
    free = cleared & ~life.relapsed
    return OutcomeCounts(
        patients=len(walks.patient),
        resected=int(walks.resected.sum()),
        cleared=int(cleared.sum()),
        begun=int(walks.begun.sum()),
        completed=int((walks.begun & cleared).sum()),
        deaths=int(dead.sum()),
        operations=int(walks.operations.sum(dtype=np.int64)),
        blocks=int(walks.blocks.sum(dtype=np.int64)),
        recurred=int((walks.recurrence_day != NEVER).sum()),
        flows=walks.flows,
        ends=np.bincount(walks.end, minlength=len(PHASES)),
        died_on=_by_day(life.day[life.died]),
        left_on=_by_day(life.day[~life.died]),
        relapsed_on=_by_day(life.relapse_day[life.relapsed]),
        free_until=_by_day(life.relapse_day[free]),
    )


def _by_day(days: Ints) -> Ints:
    return np.bincount(np.minimum(days, HORIZON), minlength=HORIZON + 1)


@dataclass(frozen=True)
class Curve:
    """A Kaplan-Meier estimate by day, with 95 % intervals by Greenwood on the log-log scale."""

    value: npt.NDArray[np.float64]
    low: npt.NDArray[np.float64]
    high: npt.NDArray[np.float64]
    at_risk: Ints

    def median(self) -> int | None:
        """First day on which half or fewer are left; None where it is not reached."""
        below = np.flatnonzero(self.value <= 0.5)  # noqa: PLR2004 - a median
        return int(below[0]) if len(below) else None


def kaplan_meier(events: Ints, censored: Ints) -> Curve:
    """The curve of events and censorings counted by day. Who leaves on a day is at risk on it."""
    leaving = events + censored
    at_risk = leaving[::-1].cumsum()[::-1]
    safe = np.maximum(at_risk, 1)
    value = np.cumprod(1 - events / safe)
    with np.errstate(divide="ignore", invalid="ignore"):
        variance = np.cumsum(np.where(safe > events, events / (safe * (safe - events)), 0.0))
        log = np.log(value)
        half = Z95 * np.sqrt(variance) / np.where(log == 0, 1.0, log)
        low, high = value ** np.exp(-half), value ** np.exp(half)
    sure = (value <= 0) | (value >= 1)
    return Curve(value, np.where(sure, value, low), np.where(sure, value, high), at_risk)


def wilson(events: int, number: int) -> dict[str, float] | None:
    """A share with its 95 % interval by Wilson; None of nobody."""
    if not number:
        return None
    share, z2 = events / number, Z95 * Z95
    middle = (share + z2 / (2 * number)) / (1 + z2 / number)
    half = Z95 / (1 + z2 / number) * math.sqrt(share * (1 - share) / number + z2 / (4 * number * number))
    low, high = max(0.0, middle - half), min(1.0, middle + half)
    return {"value": round(share, 6), "low": round(low, 6), "high": round(high, 6)}
