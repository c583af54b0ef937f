"""The result of a simulation as people and programs read it."""

from __future__ import annotations

import math
from collections.abc import Iterator
from functools import cached_property
from typing import Any

from pathways.case.models import Case
from pathways.cohort.patients.definition import EVERYBODY, Cohort
from pathways.cohort.runs.outcomes import CAUSES, SPENT, Curve, OutcomeCounts, kaplan_meier, wilson
from pathways.cohort.runs.scores import SCORES, Counted, concordance, concordance_error
from pathways.cohort.runs.simulation import Simulation
from pathways.documents.display import Shown
from pathways.knowledge.arithmetic import Z95
from pathways.knowledge.model import Protocol
from pathways.knowledge.protocols import as_protocol
from pathways.planning.chances import Chances, chances_of
from pathways.process.phases import PHASES
from pathways.quick_dataclass import dataclass

# Survival is listed every half year, for ten years.
LISTED_DAYS = tuple(round(year * 365.25 / 2) for year in range(21))
DIGITS = 4
FIVE_YEARS, TEN_YEARS = 1826, 3652
BORROWED = (
    "no figure of how often the liver is cleared, of deaths and of survival was found for this primary: "
    "patients take their course as if the metastases came from the bowel"
)


@dataclass(frozen=True, repr=False)
class Result(Shown):
    """A simulation and its counts."""

    simulation: Simulation
    outcome_counts: OutcomeCounts
    seconds: float = 0.0

    def __repr__(self) -> str:
        return f"Result({self.outcome_counts.patients} patients of {self.simulation.who} by {self.simulation.strategy})"

    def to_rows(self) -> list[dict[str, Any]]:
        """A row a share with its interval, for a table; shares that have no figure for this disease are left out."""
        told = self.as_json() if self.figures_speak else {}
        return [
            {"what": key, **told[key]}
            for key in ("resected", "completed", "mortality_90d", "recurred")
            if told.get(key)
        ]

    @cached_property
    def survival(self) -> Curve:
        """Overall survival since the meeting."""
        return kaplan_meier(self.outcome_counts.died_on, self.outcome_counts.left_on)

    @cached_property
    def free_of_recurrence(self) -> Curve:
        """Survival without recurrence, since the first clearance."""
        return kaplan_meier(self.outcome_counts.relapsed_on, self.outcome_counts.free_until)

    @property
    def chances(self) -> Chances:
        """Whose the chances are; drawn patients have bowel metastases."""
        case = self.simulation.case
        return "own" if case is None else chances_of(case)

    @property
    def figures_speak(self) -> bool:
        """Whether chances, mortality and survival have figures for this disease: they are those of bowel metastases."""
        return self.chances == "own"

    def flows(self) -> list[dict[str, Any]]:
        """Steps between phases, the most walked first."""
        found = [
            {"from": PHASES[left], "to": PHASES[to], "count": int(count)}
            for left, row in enumerate(self.outcome_counts.flows)
            for to, count in enumerate(row)
            if count
        ]
        return sorted(found, key=lambda one: (-int(one["count"]), str(one["from"]), str(one["to"])))

    def as_json(self) -> dict[str, Any]:
        """The JSON of `pathways simulate`. All that varies between runs stands under `timing`."""
        simulation, counts = self.simulation, self.outcome_counts
        speaks = self.figures_speak
        return {
            "patients": counts.patients,
            "cohort": simulation.who,
            "seed": simulation.seed,
            "strategy": simulation.strategy,
            "protocol": simulation.protocol.id,
            "chances": self.chances,
            "resected": wilson(counts.resected, counts.patients),
            "completed": wilson(counts.completed, counts.begun),
            "mortality_90d": wilson(counts.deaths, counts.patients) if speaks else None,
            "recurred": wilson(counts.recurred, counts.cleared),
            "median_survival_days": self.survival.median() if speaks else None,
            "median_survival_interval": list(self.survival.median_interval()) if speaks else None,
            "survival": listed(self.survival) if speaks else [],
            "recurrence_free_survival": listed(self.free_of_recurrence) if speaks else [],
            **(separation(counts, simulation.case) if speaks else NOT_SEPARATED),
            "warnings": [] if speaks else [BORROWED],
            "ends": {PHASES[code]: int(count) for code, count in enumerate(counts.ends) if count},
            "flows": self.flows(),
            "timing": {"seconds": round(self.seconds, 3), "patients_per_second": round(counts.patients / self.seconds) if self.seconds else None},
        }  # fmt: skip


NOT_SEPARATED: dict[str, Any] = {
    "at_risk": [], "cumulative_incidence": {}, "time_in_phase": {}, "time_in_phase_intervals": {}, "risk_groups": [],
    "c_index": {one.name: None for one in SCORES}, "c_index_intervals": {one.name: None for one in SCORES},
}  # fmt: skip


def separation(counts: OutcomeCounts, case: Case | None) -> dict[str, Any]:
    """Numbers at risk, deaths by cause, where days are spent, and what the scores tell apart: counted since resection."""
    apart = list(_concordances(counts))
    return {
        "at_risk": _at_risk(counts),
        "cumulative_incidence": {
            cause: [{"day": day, **_share(int(died[: day + 1].sum()), counts.patients)} for day in LISTED_DAYS]
            for cause, died in zip(CAUSES, counts.died_of, strict=True)
        },
        "time_in_phase": {
            name: round(int(days) / max(1, counts.patients), 1) for name, days in zip(SPENT, counts.spent, strict=True)
        },
        "time_in_phase_intervals": dict(zip(SPENT, _spent_intervals(counts), strict=True)),
        "risk_groups": [] if case is not None else list(_risk_groups(counts)),
        # Patients like one case have one score: nothing is told apart.
        "c_index": {one.name: None if case is not None or c is None else round(c, DIGITS) for one, c, _ in apart},
        "c_index_intervals": {
            one.name: ends if case is None else None for one, _, ends in apart
        },
    }  # fmt: skip


def _share(events: int, number: int) -> dict[str, float]:
    found = wilson(events, number) or {"value": 0.0, "low": 0.0, "high": 0.0}
    return {name: round(value, DIGITS) for name, value in found.items()}


def _spent_intervals(counts: OutcomeCounts) -> Iterator[list[float]]:
    """The 95 % interval of each mean, of so many patients."""
    number = max(1, counts.patients)
    for days, squares in zip(counts.spent, counts.spent_squared, strict=True):
        mean = int(days) / number
        half = Z95 * math.sqrt(max(0.0, int(squares) / number - mean * mean) / number)
        yield [round(max(0.0, mean - half), 1), round(mean + half, 1)]


def _at_risk(counts: OutcomeCounts) -> list[dict[str, int]]:
    leaving = counts.died_on + counts.left_on
    remaining = leaving[::-1].cumsum()[::-1]
    return [{"day": day, "patients": int(remaining[day])} for day in LISTED_DAYS]


def _concordances(counts: OutcomeCounts) -> Iterator[tuple[Counted, float | None, list[float] | None]]:
    first = 0
    for one in SCORES:
        rows = slice(first, first + one.most + 1)
        died, left = counts.score_died[rows], counts.score_left[rows]
        found, error = concordance(died, left), concordance_error(died, left)
        ends = None
        if found is not None and error is not None:
            ends = [round(max(0.0, found - Z95 * error), DIGITS), round(min(1.0, found + Z95 * error), DIGITS)]
        yield one, found, ends
        first += one.most + 1


def _risk_groups(counts: OutcomeCounts) -> Iterator[dict[str, Any]]:
    first = 0
    for one in SCORES:
        for group, low, high in one.groups:
            rows = slice(first + low, first + min(high, one.most) + 1)
            died, left = counts.score_died[rows].sum(axis=0), counts.score_left[rows].sum(axis=0)
            curve = kaplan_meier(died, left)
            patients = int(died.sum() + left.sum())
            five, ten = (
                round(float(curve.value[day]), DIGITS) if patients else None for day in (FIVE_YEARS, TEN_YEARS)
            )
            yield {
                "score": one.name, "group": group, "patients": patients, "median_survival_days": curve.median() if patients else None,
                "survival_5y": five, "survival_10y": ten,
                "intervals": {
                    "median_survival_days": list(curve.median_interval()),
                    "survival_5y": _ends(curve, FIVE_YEARS), "survival_10y": _ends(curve, TEN_YEARS),
                } if patients else None,
            }  # fmt: skip
        first += one.most + 1


def _ends(curve: Curve, day: int) -> list[float]:
    return [round(float(end[day]), DIGITS) for end in (curve.low, curve.high)]


def listed(curve: Curve) -> list[dict[str, Any]]:
    """A curve at the listed days, as long as anybody is at risk."""
    return [
        {
            "day": day,
            "value": round(float(curve.value[day]), DIGITS),
            "low": round(float(curve.low[day]), DIGITS),
            "high": round(float(curve.high[day]), DIGITS),
        }
        for day in LISTED_DAYS
        if curve.at_risk[day]
    ]


def simulate(
    who: Case | Cohort | None = None,
    protocol: Protocol | str | None = None,
    *,
    patients: int = 10_000,
    seed: int = 1,
    strategy: str | None = None,
    workers: int = 1,
) -> Result:
    """Simulates drawn patients (of a cohort, or all), or patients like one case, under a strategy.

    `strategy`: "guideline", a family, or an objective; unless told "guideline" for cohorts and "resection" for a case.
    Raises PathwaysError for a name that is none.
    """
    import time

    from pathways.cohort.codes.strategies import GUIDELINE, is_objective
    from pathways.cohort.codes.strategies import strategy as find
    from pathways.cohort.runs.running import How, run

    case = who if isinstance(who, Case) else None
    name = strategy or (GUIDELINE if case is None else "resection")
    if not is_objective(name):
        find(name)
    cohort = None if case is not None else (who if isinstance(who, Cohort) else EVERYBODY)
    made = Simulation(name, as_protocol(protocol or "default"), seed, patients, cohort=cohort, case=case)
    begun = time.perf_counter()
    counts = run(made, How(workers))
    return Result(made, counts, time.perf_counter() - begun)
