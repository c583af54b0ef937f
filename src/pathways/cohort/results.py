"""The result of a simulation as people and programs read it."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Any

from pathways.cohort.simulation import Simulation
from pathways.cohort.tally import Curve, Tally, kaplan_meier, wilson
from pathways.process.phases import PHASES

# Survival is listed every half year, for ten years.
LISTED_DAYS = tuple(round(year * 365.25 / 2) for year in range(21))
DIGITS = 4


@dataclass(frozen=True)
class Result:
    """A simulation and its counts."""

    simulation: Simulation
    tally: Tally
    seconds: float = 0.0

    @cached_property
    def survival(self) -> Curve:
        """Overall survival since the meeting."""
        return kaplan_meier(self.tally.died_on, self.tally.left_on)

    @cached_property
    def free_of_recurrence(self) -> Curve:
        """Survival without recurrence, since the first clearance."""
        return kaplan_meier(self.tally.relapsed_on, self.tally.free_until)

    def flows(self) -> list[dict[str, Any]]:
        """Steps between phases, the most walked first."""
        found = [
            {"from": PHASES[left], "to": PHASES[to], "count": int(count)}
            for left, row in enumerate(self.tally.flows)
            for to, count in enumerate(row)
            if count
        ]
        return sorted(found, key=lambda one: (-int(one["count"]), str(one["from"]), str(one["to"])))

    def as_json(self) -> dict[str, Any]:
        """The JSON of `pathways simulate`. All that varies between runs stands under `timing`."""
        simulation, counts = self.simulation, self.tally
        return {
            "patients": counts.patients,
            "cohort": simulation.who,
            "seed": simulation.seed,
            "strategy": simulation.strategy,
            "protocol": simulation.protocol.id,
            "resected": wilson(counts.resected, counts.patients),
            "completed": wilson(counts.completed, counts.begun),
            "mortality_90d": wilson(counts.deaths, counts.patients),
            "recurred": wilson(counts.recurred, counts.cleared),
            "median_survival_days": self.survival.median(),
            "survival": listed(self.survival),
            "recurrence_free_survival": listed(self.free_of_recurrence),
            "ends": {PHASES[code]: int(count) for code, count in enumerate(counts.ends) if count},
            "flows": self.flows(),
            "timing": {"seconds": round(self.seconds, 3), "patients_per_second": round(counts.patients / self.seconds) if self.seconds else None},
        }  # fmt: skip


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
