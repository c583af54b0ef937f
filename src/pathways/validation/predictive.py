"""What the simulator predicts of a published series, with a predictive interval: figures drawn, the spread between series, as many patients.

A draw replaces every share, odds and figure of prognosis by one of its spread, simulates the patients of the series under it, and measures what the
series measured on as many patients. The spread between series is part of the model for survival and recurrence (`prognosis_between_series`); for shares of
patients it is that of the published shares that are measured alike.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache
from typing import Any

import numpy as np
import numpy.typing as npt

from pathways.cohort.draws.background_mortality import DAYS_A_YEAR
from pathways.cohort.engine.histories import NEVER as NO_DAY
from pathways.cohort.patients.definition import Cohort
from pathways.cohort.runs.outcomes import HORIZON
from pathways.cohort.runs.simulation import Simulation, run_chunk
from pathways.knowledge.model import Parameter
from pathways.knowledge.protocols import knowledge, load_protocol
from pathways.planning.uncertainty import Draws
from pathways.quick_dataclass import dataclass
from pathways.validation.calibration import ASKED, NEVER, Histories, histories_of

SEED = 1988
HALF = 0.5
MONTH = DAYS_A_YEAR / 12
Floats = npt.NDArray[np.float64]
# A spread of this kind lies between patients: how much a liver grows.
OF_PATIENTS = "normal"


@dataclass(frozen=True)
class Emulated:
    """A series as it is simulated: the cohort, the strategy, and what is measured (see docs/frozen/emulations.yaml)."""

    name: str
    cohort: Cohort
    strategy: str
    asked: Mapping[str, Any]
    patients: int


@dataclass(frozen=True)
class Found:
    """What one simulation gives for a series: the share or the median (months), and of how many."""

    value: float
    number: int
    is_share: bool


def figures(draw: int, draws: int, seed: int = SEED) -> dict[str, float]:
    """The figures of one draw; those that only differ between patients stay."""
    return {name: float(found[draw]) for name, found in _drawn(draws, seed).items()}


@lru_cache(maxsize=2)
def _drawn(draws: int, seed: int) -> dict[str, Floats]:
    made = Draws(knowledge().parameters, draws, seed)
    found = {name: made[name] for name, one in knowledge().parameters.items() if _is_known_with_error(one)}
    return {name: values for name, values in found.items() if values is not None}


def _is_known_with_error(one: Parameter) -> bool:
    if one.id.startswith("prognosis_"):
        return bool(one.distribution)
    return one.distribution.get("kind") not in (None, OF_PATIENTS) and one.unit.split()[0] in (
        "fraction",
        "log",
        "ratio",
        "odds",
    )


def simulated(
    one: Emulated, patients: int, seed: int, replaced: Mapping[str, float]
) -> tuple[Histories, npt.NDArray[np.int64]]:
    """The histories of a series under replaced figures, and the day of each first recurrence (NO_DAY where none was seen)."""
    made = Simulation(one.strategy, load_protocol("default"), seed, patients, cohort=one.cohort, figures=replaced)
    parts = [run_chunk(made, chunk, rows=True, steps=True) for chunk in range(made.chunks)]
    recurred = np.concatenate([(part.patients or {})["day_recurred"] for part in parts])
    return histories_of(parts), recurred


def measured(histories: Histories, recurred: npt.NDArray[np.int64], one: Emulated) -> Found | None:
    """What the series measured, of the first so many patients that it would have counted; of all of them for a share."""
    asked = one.asked
    begins = histories.first(tuple(asked["of"]))
    counts = begins != NEVER
    for key, wanted in (("and", True), ("without", False)):
        if key in asked:
            counts &= (histories.first(tuple(asked[key]), begins) != NEVER) == wanted
    counted = np.flatnonzero(counts)
    since = histories.days(begins)
    counted = counted[histories.last_day[counted] >= since[counted]]
    if not len(counted):
        return None
    if "share" in asked:
        return Found(_share(histories, asked, begins, since, counted), len(counted), is_share=True)
    counted = counted[: one.patients]
    ends = np.where(histories.died, histories.last_day, HORIZON + since)
    if "free_years" in asked or "free_median" in asked:
        ends = np.minimum(ends, np.where((recurred != NO_DAY) & (recurred >= since), recurred, HORIZON + since))
        stopped = histories.days(histories.first(tuple(asked.get("ends", ())), begins)) if "ends" in asked else None
        if stopped is not None:
            ends = np.where(stopped >= 0, np.minimum(ends, stopped), ends)
    return _lived(asked, (ends - since)[counted])


def _share(histories: Histories, asked: Mapping[str, Any], begins: Any, since: Any, counted: Any) -> float:
    places = histories.first(tuple(asked["share"]), begins)
    happened = places != NEVER
    if "within_days" in asked:
        happened &= histories.days(places) - since <= asked["within_days"]
    if "but_not" in asked:
        happened &= histories.first(tuple(asked["but_not"]), begins) == NEVER
    return float(happened[counted].mean())


def _lived(asked: Mapping[str, Any], days: Any) -> Found:
    """Everybody is followed for ten years: a share is a count, a median the middle one."""
    years = asked.get("survival_years", asked.get("free_years"))
    if years is None:
        return Found(float(np.median(days)) / MONTH, len(days), is_share=False)
    alive = float((days > min(years * DAYS_A_YEAR, HORIZON - 1)).mean())
    return Found(1 - alive if asked.get("dead") else alive, len(days), is_share=True)


def predicted(some: Sequence[Emulated], draws: int, patients: int, seed: int = SEED) -> dict[str, Floats]:
    """Of series of the same patients under the same strategy: a predictive value a draw, per cent for a share, months for a median.

    A value is NaN where nobody was counted.
    """
    values: dict[str, list[float]] = {one.name: [] for one in some}
    for draw in range(draws):
        histories, recurred = simulated(some[0], patients, seed + 1 + draw, figures(draw, draws, seed))
        for one in some:
            found = measured(histories, recurred, one)
            values[one.name].append(math.nan if found is None else _as_published(one, found, draw, seed))
    return {name: np.array(found) for name, found in values.items()}


def _as_published(one: Emulated, found: Found, draw: int, seed: int) -> float:
    """What another series of as many patients would print: the share moved by the spread between series, and counted."""
    if not found.is_share:
        return found.value
    if "share" not in one.asked:
        return 100 * found.value
    random = np.random.Generator(np.random.PCG64([seed, draw, sum(map(ord, one.name))]))
    odds = (found.value * found.number + HALF) / ((1 - found.value) * found.number + HALF)
    moved = odds * math.exp(random.normal(0.0, spread_between_series()))
    return 100 * float(random.binomial(one.patients, moved / (1 + moved))) / one.patients


@lru_cache(maxsize=1)
def spread_between_series() -> float:
    """The deviation of log odds between published shares that are measured alike, by moments over all such groups (DerSimonian and Laird)."""
    groups = defaultdict(list)
    for one in knowledge().targets["targets"].values():
        if one.get("share") and one["n"] and 0 < one["value"] < 1:
            groups[str([one.get(key) for key in ASKED])].append((one["value"], one["n"]))
    excess, weight = 0.0, 0.0
    for rows in groups.values():
        if len(rows) > 1:
            share, number = np.array(rows).T
            logit, weights = np.log(share / (1 - share)), number * share * (1 - share)
            mean = (weights * logit).sum() / weights.sum()
            excess += float((weights * (logit - mean) ** 2).sum()) - (len(rows) - 1)
            weight += float(weights.sum() - (weights**2).sum() / weights.sum())
    return math.sqrt(max(0.0, excess / weight)) if weight else 0.0


def interval(values: Floats, share: float) -> tuple[float, float]:
    """The middle part of the predictive values that holds such a share of them."""
    low, high = np.nanquantile(values, ((1 - share) / 2, (1 + share) / 2))
    return float(low), float(high)


def coverage(rows: Iterable[tuple[float, tuple[float, float]]]) -> tuple[int, int]:
    """How many published values lie in their interval, of how many."""
    inside = [low <= value <= high for value, (low, high) in rows]
    return sum(inside), len(inside)


def score(values: Floats, value: float) -> float:
    """How far predictive values are from what was published, and how spread: the continuous ranked probability score, less is better."""
    found = np.asarray(values, dtype=float)
    found = found[~np.isnan(found)]
    return float(np.abs(found - value).mean() - np.abs(found[:, None] - found[None, :]).mean() / 2)
