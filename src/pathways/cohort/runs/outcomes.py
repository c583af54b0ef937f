"""What a chunk of patients adds to the result: whole numbers only, so that chunks merge to the same sums in any grouping."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import fields
from typing import Any

import numpy as np
import numpy.typing as npt

from pathways.cohort.codes.state import PHASE_CODE
from pathways.cohort.draws.background_mortality import DAYS_A_YEAR, EVENT
from pathways.cohort.draws.lives import FAR
from pathways.cohort.draws.random_numbers import patient_words, uniforms
from pathways.cohort.engine.histories import DEAD, NEVER, Walks
from pathways.cohort.runs.scores import SCORES, Scores
from pathways.knowledge.arithmetic import Z95, wilson_ends
from pathways.knowledge.model import Parameter
from pathways.process.phases import PHASES
from pathways.quick_dataclass import dataclass

Ints = npt.NDArray[np.int64]
# Days beyond this are all counted as this one: ten years of follow-up.
HORIZON = 3653
YEARS = 5
PALLIATION, TRANSPLANTED, CONTROLLED = (PHASE_CODE[name] for name in ("palliation", "transplanted", "controlled"))
HALF_A_DAY = 0.5
# What patients die of; deaths without clearance are counted as of the disease, because their figures hold every cause.
CAUSES = ("disease", "treatment", "other")
DISEASE_CAUSE, TREATMENT_CAUSE, OTHER_CAUSE = range(len(CAUSES))
NO_CAUSE = 255
RECURRENCE_SITES = ("liver", "elsewhere", "both")
# Where patients spend their days.
SPENT = ("until_clearance", "free_of_recurrence", "after_recurrence", "never_cleared")


@dataclass(frozen=True)
class Life:
    """Until when each patient was seen, for ten years at most, whether dead then and of what, and the first recurrence.

    `cause` is a place in CAUSES, NO_CAUSE of who is alive; `recurred_day` NEVER where no recurrence was seen, `site` a place in RECURRENCE_SITES or
    NO_CAUSE; `relapse_day` and `relapsed`
    count from the first clearance, and death counts as a relapse.
    """

    day: Ints
    died: npt.NDArray[np.bool_]
    cause: npt.NDArray[np.uint8]
    recurred_day: Ints
    site: npt.NDArray[np.uint8]
    relapse_day: Ints
    relapsed: npt.NDArray[np.bool_]

    @property
    def died_otherwise(self) -> npt.NDArray[np.bool_]:
        """Who died of another cause than the disease and its treatment."""
        return self.cause == OTHER_CAUSE


def lives(walks: Walks, seed: int, parameters: Mapping[str, Parameter]) -> Life:
    """Follows patients beyond the end of their route, everybody for ten years: nobody leaves the count because of how they are.

    Who was cleared dies on the day that lies ahead; who was not, by line and fitness since the meeting, so that steps which lead nowhere add
    no life, and beside it of other causes; with a new liver by a constant hazard, which holds deaths of every cause. Time to recurrence counts from the first
    clearance.
    """
    cleared = walks.cleared_day != NEVER
    again = walks.recurrence_day != NEVER
    replaced = (walks.end == TRANSPLANTED) & ~again
    ended = walks.end == DEAD
    without = ((walks.end == PALLIATION) | (walks.end == CONTROLLED)) & ~cleared
    dies = np.minimum(walks.other_death_day, walks.disease_death_day)
    dies = np.where(replaced, walks.days + _with_a_new_liver(walks, seed, parameters), dies)
    dies = np.where(without, np.maximum(walks.days, np.minimum(walks.other_death_day, walks.uncleared_day)), dies)
    # Other ends without clearance have no figure: they are seen until then.
    followed = (cleared | without) & ~ended
    dies = np.where(followed, np.maximum(dies, walks.days), np.where(ended, walks.days, FAR))
    last = np.where(followed | ended, np.minimum(dies, HORIZON), walks.days)
    died = dies <= last
    cause = _causes(walks, np.where(without, walks.uncleared_day, walks.disease_death_day), followed & ~replaced, died)
    relapse = np.where(again, np.minimum(walks.recurrence_day, walks.relapse_day), walks.relapse_day)
    recurred = cleared & (relapse <= last)
    until = np.where(recurred, relapse, last)
    return Life(
        last, died, cause, np.where(recurred, relapse, NEVER),
        np.where(recurred & (walks.relapse_day < FAR), walks.relapse_site, NO_CAUSE).astype(np.uint8), np.where(cleared, until - walks.cleared_day, NEVER),
        cleared & (recurred | died),
    )  # fmt: skip


def _with_a_new_liver(walks: Walks, seed: int, parameters: Mapping[str, Parameter]) -> Ints:
    mean = -YEARS * DAYS_A_YEAR / math.log(parameters["survival_5y_transplanted"].number)
    luck = uniforms(patient_words(seed, walks.patient), EVENT, 0, TRANSPLANTED)
    return np.floor(-np.log(1 - luck) * mean + HALF_A_DAY).astype(np.int64)


def _causes(
    walks: Walks, disease_day: Ints, by_days_ahead: npt.NDArray[np.bool_], died: npt.NDArray[np.bool_]
) -> npt.NDArray[np.uint8]:
    of_disease = np.where(by_days_ahead, disease_day <= walks.other_death_day, walks.died_of_disease)
    otherwise = np.where(by_days_ahead, ~of_disease, walks.died_otherwise)
    of_treatment = (walks.end == DEAD) & ~walks.died_of_disease & ~walks.died_otherwise
    cause = np.where(of_treatment, TREATMENT_CAUSE, np.where(otherwise, OTHER_CAUSE, DISEASE_CAUSE))
    return np.where(died, cause, NO_CAUSE).astype(np.uint8)


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
    died_of: Ints  # cause, day since the meeting
    spent: Ints  # days, by SPENT
    spent_squared: Ints  # the squares of each patient's days
    score_died: Ints  # score and points, day since clearance, of the resected
    score_left: Ints

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


def outcome_counts(walks: Walks, life: Life, scores: Scores) -> OutcomeCounts:
    """The counts of a chunk."""
    cleared = walks.cleared_day != NEVER
    # Deaths of the operations up to the first clearance; those of treating recurrences are part of survival.
    dead = died_of_treatment(walks)
    free = cleared & ~life.relapsed
    spent = _spent(walks, life)
    return OutcomeCounts(
        patients=len(walks.patient),
        resected=int(walks.resected.sum()),
        cleared=int(cleared.sum()),
        begun=int(walks.begun.sum()),
        completed=int((walks.begun & cleared).sum()),
        deaths=int(dead.sum()),
        operations=int(walks.operations.sum(dtype=np.int64)),
        blocks=int(walks.blocks.sum(dtype=np.int64)),
        recurred=int((life.recurred_day != NEVER).sum()),
        flows=walks.flows,
        ends=np.bincount(walks.end, minlength=len(PHASES)),
        died_on=_by_day(life.day[life.died]),
        left_on=_by_day(life.day[~life.died]),
        relapsed_on=_by_day(life.relapse_day[life.relapsed]),
        free_until=_by_day(life.relapse_day[free]),
        died_of=np.stack([_by_day(life.day[life.cause == code]) for code in range(len(CAUSES))]),
        spent=spent.sum(axis=1),
        spent_squared=(spent * spent).sum(axis=1),
        score_died=_by_score(walks, life, scores, died=True),
        score_left=_by_score(walks, life, scores, died=False),
    )


def died_of_treatment(walks: Walks) -> npt.NDArray[np.bool_]:
    """Who died of the treatment up to the first clearance; deaths of treating recurrences are part of survival."""
    return (walks.end == DEAD) & ~walks.died_otherwise & ~walks.died_of_disease & (walks.recurrence_day == NEVER)


def _spent(walks: Walks, life: Life) -> Ints:
    """Days of each patient, a row a place of SPENT."""
    cleared = walks.cleared_day != NEVER
    return np.stack([
        np.where(cleared, np.minimum(walks.cleared_day, life.day), 0),
        np.where(cleared, np.maximum(life.relapse_day, 0), 0),
        np.where(life.recurred_day != NEVER, life.day - life.recurred_day, 0),
        np.where(cleared, 0, life.day),
    ]).astype(np.int64)  # fmt: skip


def _by_score(walks: Walks, life: Life, scores: Scores, *, died: bool) -> Ints:
    """The resected by points of each score and by the day since clearance on which they died or were last seen."""
    found = np.zeros((sum(one.most + 1 for one in SCORES), HORIZON + 1), dtype=np.int64)
    first = 0
    for one in SCORES:
        points = scores[one.name]
        some = walks.resected & (points != NEVER) & (life.died == died)
        place = (first + points[some]) * (HORIZON + 1) + np.clip(life.day[some] - walks.cleared_day[some], 0, HORIZON)
        found += np.bincount(place, minlength=found.size).reshape(found.shape)
        first += one.most + 1
    return found


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
        return _half_left(self.value)

    def median_interval(self) -> tuple[int | None, int | None]:
        """Where the ends of the interval cross the half: None where they do not within the time of follow-up."""
        return _half_left(self.low), _half_left(self.high)


def _half_left(shares: npt.NDArray[np.float64]) -> int | None:
    below = np.flatnonzero(shares <= 0.5)  # noqa: PLR2004 - a median
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
    share = events / number
    low, high = wilson_ends(share, number)
    return {"value": round(share, 6), "low": round(low, 6), "high": round(high, 6)}
