"""Two published decision models, asked again of this simulator: the operative mortality at which the preferred order flips.

Neither publishes its inputs in what could be read; only directions and thresholds are compared. Aloia and Fahy 2008 (PubMed 18621638):
systemic treatment before a major hepatectomy is better (38 against 29 % alive at five years), a simultaneous resection first only if its
mortality is below 0.5 %. Van Dessel 2009: liver first, as long as the hepatectomy costs less than 4.5 % and the later colectomy 3.2 %.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from math import log, prod

import numpy as np

from pathways.cohort.patients.definition import Cohort
from pathways.cohort.runs.paired import FIVE_YEARS
from pathways.cohort.runs.simulation import Simulation, run_chunk
from pathways.facts.risk.model import LEVELS
from pathways.facts.risk.person import NOBODY, laboratory_odds, platelets_odds, series_odds
from pathways.knowledge.protocols import knowledge, load_protocol
from pathways.quick_dataclass import dataclass

GRID = (0.0, 0.005, 0.01, 0.02, 0.03, 0.045, 0.06, 0.08, 0.10, 0.15, 0.20)
PATIENTS = 4000
SEED = 1988
# Log odds of what never happens.
NEVER = -50.0


@dataclass(frozen=True)
class Sweep:
    """Share alive at five years under two strategies over a mortality; the first one pays it."""

    title: str
    first: str
    second: str
    published: float | None
    mortality: tuple[float, ...]
    alive_first: tuple[float, ...]
    alive_second: tuple[float, ...]

    @property
    def flip(self) -> float | None:
        """The mortality at which the second begins to be better, on the line between two points; None where it never does."""
        lead = np.array(self.alive_first) - np.array(self.alive_second)
        behind = np.flatnonzero(lead < 0)
        if not len(behind):
            return None
        place = int(behind[0])
        if place == 0:
            return 0.0
        before, after = lead[place - 1], lead[place]
        low, high = self.mortality[place - 1], self.mortality[place]
        return float(low + (high - low) * before / (before - after))


def alive(cohort: str, strategy: str, patients: int, figures: Mapping[str, float]) -> float:
    """Share of a named cohort alive five years after the meeting."""
    entry = knowledge().targets["cohorts"][cohort]
    drawn = Cohort(schema=1, id=cohort, only=entry["only"], draw=entry.get("draw", {}))
    made = Simulation(strategy, load_protocol("default"), SEED, patients, cohort=drawn, figures=figures)
    lives = [run_chunk(made, chunk, rows=True).patients or {} for chunk in range(made.chunks)]
    dead = sum(int((one["dead"] & (one["day_last_seen"] < FIVE_YEARS)).sum()) for one in lives)
    return 1 - dead / patients


Figures = Callable[[float], Mapping[str, float]]


def hepatectomy(mortality: float) -> Mapping[str, float]:
    """Figures under which liver resections of any extent, and ablation, cost the average patient `mortality`."""
    figure = {name: one.number for name, one in knowledge().parameters.items() if name.startswith("risk_")}.__getitem__
    odds = series_odds(figure) * prod(
        one.odds for one in (*laboratory_odds(NOBODY, figure), platelets_odds(NOBODY, figure))
    )
    intercept = log(mortality / (1 - mortality) / odds) if mortality else NEVER
    extents = {f"risk_{extent}_{level}": intercept for extent in ("minor", "major") for level in LEVELS.values()}
    bounds = {"risk_minor_least": 0.0, "risk_major_least": 0.0, "risk_ablation_least": 0.0, "risk_ablation_most": 1.0}
    return {**extents, **bounds, "risk_failure_death": 0.0, "risk_extended_odds": 1.0, "risk_ablation": mortality}


def bowel(mortality: float) -> Mapping[str, float]:
    """Figures under which an elective resection of the bowel costs the average patient `mortality`."""
    return {"risk_colon": mortality, "risk_rectum": mortality}


def together(mortality: float) -> Mapping[str, float]:
    """Figures under which both in one session cost the average patient `mortality`, all of it told of the liver."""
    return {**hepatectomy(mortality), **bowel(0.0), "risk_with_bowel_major_odds": 1.0}


def _sweep(title: str, cohort: str, first: str, second: str, figures: Figures, threshold: str, patients: int) -> Sweep:
    """Both strategies with the figures that the first one pays set to every mortality of the grid."""
    ours = [alive(cohort, first, patients, figures(one)) for one in GRID]
    theirs = [alive(cohort, second, patients, {})] * len(GRID)
    published = knowledge().parameters[threshold].number
    return Sweep(title, first, second, published, GRID, tuple(ours), tuple(theirs))


def sweeps(patients: int = PATIENTS) -> tuple[Sweep, ...]:
    """The thresholds of the two models."""
    return (
        _sweep("Aloia 2008: simultaneous resection first, against systemic treatment first", "synchronous_resectable",
               "simultaneous", "perioperative_chemotherapy", together, "threshold_simultaneous_first", patients),
        _sweep("Van Dessel 2009: liver first, against the primary first; mortality of the hepatectomy that comes first",
               "synchronous_resectable", "liver_first", "primary_first", hepatectomy, "threshold_hepatectomy_first", patients),
        _sweep("Van Dessel 2009: the same; mortality of the colectomy that comes second", "synchronous_resectable",
               "liver_first", "primary_first", bowel, "threshold_colectomy_second", patients),
    )  # fmt: skip
