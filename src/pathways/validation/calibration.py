"""Published results beside simulated ones: `knowledge/data/targets.yaml`, measured on the steps of simulated patients.

An event is a step or a phase that is reached. What is measured begins with the first event of `of`; only patients who have one count.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Any

import numpy as np
import numpy.typing as npt

from pathways.cohort.draws.background_mortality import DAYS_A_YEAR
from pathways.cohort.patients.definition import Cohort
from pathways.cohort.runs.outcomes import HORIZON, OTHER_CAUSE, kaplan_meier, wilson
from pathways.cohort.runs.simulation import Part, Simulation, Words, run_chunk
from pathways.knowledge.arithmetic import Z95
from pathways.knowledge.protocols import knowledge, load_protocol
from pathways.process.phases import PHASES
from pathways.process.selection import steps
from pathways.quick_dataclass import dataclass

PATIENTS = 4000
SEED = 1988
Ints = npt.NDArray[np.int64]
NEVER = np.iinfo(np.int64).max


@dataclass(frozen=True)
class Measured:
    """A simulated figure with its 95 % interval, of so many patients."""

    value: float
    low: float
    high: float
    number: int


@dataclass(frozen=True)
class Comparison:
    """A target and what the simulation gives."""

    name: str
    target: Mapping[str, Any]
    simulated: Measured | None

    @property
    def inside(self) -> bool:
        """Whether the simulated figure lies in the published interval."""
        return self.simulated is not None and self.target["low"] <= self.simulated.value <= self.target["high"]


@dataclass(frozen=True)
class Histories:
    """The steps of simulated patients, sorted by patient, and until when each is followed."""

    patient: Ints
    day: Ints
    step: Words
    phase: Words
    last_day: Ints
    died: npt.NDArray[np.bool_]
    died_otherwise: npt.NDArray[np.bool_]

    @property
    def number(self) -> int:
        """How many patients."""
        return len(self.last_day)

    def first(self, events: tuple[str, ...], since: Ints | None = None) -> Ints:
        """The place of the first of these events in each patient, from the place `since` on; NEVER where there is none.

        An event is a phase, or the steps that a selector names.
        """
        happened = np.zeros(len(self.patient), dtype=bool)
        for name in (*(one for one in events if one in PHASES), *steps(one for one in events if one not in PHASES)):
            column = self.phase if name in PHASES else self.step
            happened |= column.codes == column.names.index(name)
        places = np.flatnonzero(happened)
        if since is not None:
            places = places[places >= since[self.patient[places]]]
        found = np.full(self.number, NEVER, dtype=np.int64)
        # The first place of each patient is written last.
        found[self.patient[places[::-1]]] = places[::-1]
        if "referred" in events:
            starts = np.searchsorted(self.patient, np.arange(self.number))
            return np.minimum(found, starts)
        return found

    def days(self, places: Ints) -> Ints:
        """The days of events, -1 where there is none."""
        there = places != NEVER
        return np.where(there, self.day[np.where(there, places, 0)], -1)


def comparisons(patients: int = PATIENTS, seed: int = SEED) -> tuple[Comparison, ...]:
    """Every target beside its simulation."""
    return tuple(compare(name, patients, seed) for name in knowledge().targets["targets"])


def compare(name: str, patients: int = PATIENTS, seed: int = SEED) -> Comparison:
    """One target beside its simulation."""
    target = knowledge().targets["targets"][name]
    figures = tuple(sorted(target.get("figures", {}).items()))
    histories = simulated(target["cohort"], target["strategy"], patients, seed, figures)
    return Comparison(name, target, _measure(histories, target))


ASKED = (
    "cohort", "strategy", "of", "share", "days_to", "survival_years", "survival_median", "relative", "within_days", "first", "figures",
)  # fmt: skip


def agreement() -> tuple[int, int]:
    """How often the figure of one published series lies in the interval of another that is measured alike: how often, of how many pairs.

    Series differ by more than chance, so a simulator that met the truth would not lie in every interval either.
    """
    targets = knowledge().targets["targets"].values()
    pairs = [
        (one, other)
        for one in targets
        for other in targets
        if one is not other and all(one.get(key) == other.get(key) for key in ASKED)
    ]
    return sum(other["low"] <= one["value"] <= other["high"] for one, other in pairs), len(pairs)


@lru_cache(maxsize=32)
def simulated(
    cohort: str, strategy: str, patients: int, seed: int, figures: tuple[tuple[str, float], ...] = ()
) -> Histories:
    """Patients of a named cohort under a strategy."""
    entry = knowledge().targets["cohorts"][cohort]
    drawn = Cohort(schema=1, id=cohort, only=entry["only"], draw=entry.get("draw", {}))
    made = Simulation(strategy, load_protocol("default"), seed, patients, cohort=drawn, figures=dict(figures))
    return histories_of([run_chunk(made, chunk, rows=True, steps=True) for chunk in range(made.chunks)])


def histories_of(parts: Sequence[Part]) -> Histories:
    """The histories of finished chunks, one after the other."""
    steps = [part.steps or {} for part in parts]
    rows = [part.patients or {} for part in parts]

    def joined(columns: list[dict[str, Any]], name: str) -> Any:
        if isinstance(columns[0][name], Words):
            return Words(columns[0][name].names, np.concatenate([one[name].codes for one in columns]))
        return np.concatenate([one[name] for one in columns])

    return Histories(
        joined(steps, "patient"), joined(steps, "day"), joined(steps, "trigger"), joined(steps, "to"),
        joined(rows, "day_last_seen"), joined(rows, "dead"), joined(rows, "cause").codes == OTHER_CAUSE,
    )  # fmt: skip


def _measure(histories: Histories, target: Mapping[str, Any]) -> Measured | None:
    begins = histories.first(tuple(target["of"]))
    counted = np.flatnonzero(begins != NEVER)
    if not len(counted):
        return None
    since = histories.days(begins)[counted]
    if target.get("share"):
        return _share(histories, target, begins, since, counted)
    if target.get("days_to"):
        days = histories.days(histories.first(tuple(target["days_to"]), begins))[counted]
        return _median(np.sort((days - since)[days >= 0]))
    return _survival(histories, target, since, counted)


def _share(histories: Histories, target: Mapping[str, Any], begins: Ints, since: Ints, counted: Ints) -> Measured:
    ends = histories.first(tuple(target["share"]), begins)[counted]
    happened = ends != NEVER
    if target.get("first"):
        # The very step that leaves the meeting has to lead there.
        happened &= ends == begins[counted]
    if "within_days" in target:
        days = histories.days(ends)
        happened &= days - since <= target["within_days"]
    found = wilson(int(happened.sum()), len(counted))
    assert found is not None
    return Measured(found["value"], found["low"], found["high"], len(counted))


def _median(days: Ints) -> Measured | None:
    """A median with the interval of its order statistics."""
    if not len(days):
        return None
    number = len(days)
    half = Z95 * np.sqrt(number) / 2
    low, high = int(max(0, np.floor(number / 2 - half))), int(min(number - 1, np.ceil(number / 2 + half)))
    return Measured(float(np.median(days)), float(days[low]), float(days[high]), number)


def _survival(histories: Histories, target: Mapping[str, Any], since: Ints, counted: Ints) -> Measured | None:
    # Who died of something else before has never come to it.
    alive = histories.last_day[counted] >= since
    counted, since = counted[alive], since[alive]
    days = np.minimum(histories.last_day[counted] - since, HORIZON)
    died = histories.died[counted]
    if target.get("relative"):
        # Relative survival is that of the disease alone: who dies of other causes leaves the count.
        died &= ~histories.died_otherwise[counted]
    curve = kaplan_meier(
        np.bincount(days[died], minlength=HORIZON + 1), np.bincount(days[~died], minlength=HORIZON + 1)
    )
    if target.get("survival_median"):
        median = curve.median()
        if median is None:
            return None
        low, high = (np.flatnonzero(one <= 0.5) for one in (curve.low, curve.high))  # noqa: PLR2004 - medians
        return Measured(float(median), float(low[0]), float(high[0]) if len(high) else float(HORIZON), len(counted))
    day = round(target["survival_years"] * DAYS_A_YEAR)
    return Measured(float(curve.value[day]), float(curve.low[day]), float(curve.high[day]), len(counted))
