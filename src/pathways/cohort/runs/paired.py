"""Two strategies on the same patients with the same luck: the difference and its interval."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import numpy.typing as npt

from pathways.cohort.engine.histories import NEVER
from pathways.cohort.runs.outcomes import TREATMENT_CAUSE
from pathways.cohort.runs.running import How
from pathways.cohort.runs.simulation import Part, Simulation, run_chunk
from pathways.documents.problems import PathwaysError
from pathways.knowledge.arithmetic import Z95
from pathways.quick_dataclass import dataclass

# What is compared, patient by patient: yes-or-no columns made whole numbers.
MEASURES = ("resected", "operative_death", "dead_5y")
FIVE_YEARS = 1826
CELL = 0.5


@dataclass(frozen=True)
class Difference:
    """The share under the second strategy less that under the first, with its 95 % interval, of pairs."""

    measure: str
    first: float
    second: float
    value: float
    low: float
    high: float
    only_first: int
    only_second: int

    def as_json(self) -> dict[str, Any]:
        """As the JSON of the command line shows it."""
        shares = {name: round(getattr(self, name), 6) for name in ("first", "second", "value", "low", "high")}
        return {"measure": self.measure, **shares, "only_first": self.only_first, "only_second": self.only_second}


@dataclass(frozen=True)
class _Both:
    """Runs one chunk under both strategies; sums are whole numbers."""

    first: Simulation
    second: Simulation

    def __call__(self, chunk: int) -> tuple[int, npt.NDArray[np.int64]]:
        one, other = (_answers(run_chunk(each, chunk, rows=True)) for each in (self.first, self.second))
        counts = [
            (int(a.sum()), int(b.sum()), int((a & ~b).sum()), int((b & ~a).sum()))
            for a, b in zip(one, other, strict=True)
        ]
        return chunk, np.array(counts, dtype=np.int64)


def _answers(part: Part) -> tuple[npt.NDArray[np.bool_], ...]:
    columns: dict[str, Any] = part.patients or {}
    dead = (columns["cause"].codes == TREATMENT_CAUSE) & (columns["day_recurred"] == NEVER)
    return columns["resected"], dead, columns["dead"] & (columns["day_last_seen"] <= FIVE_YEARS)


def compare(first: Simulation, second: Simulation, how: How | None = None) -> tuple[Difference, ...]:
    """The differences between two simulations of the same patients. Raises PathwaysError where they are not the same."""
    same = (first.seed, first.patients, first.cohort, first.case) == (
        second.seed, second.patients, second.cohort, second.case,
    )  # fmt: skip
    if not same:
        raise PathwaysError("a paired comparison needs the same patients and the same seed on both sides")
    how = how or How()
    found = dict(how.map(_Both(first, second), list(range(first.chunks))))
    sums: Any = sum(found[chunk] for chunk in sorted(found))
    return tuple(
        _difference(name, first.patients, *(int(one) for one in row)) for name, row in zip(MEASURES, sums, strict=True)
    )


def _difference(measure: str, number: int, first: int, second: int, only_first: int, only_second: int) -> Difference:
    """Difference of paired shares with its interval."""
    value = (second - first) / number
    # Agresti and Min 2005: half a patient more in each of the four cells, so that no difference seen is not held for certain.
    more, fewer, of = only_second + CELL, only_first + CELL, number + 4 * CELL
    middle = (more - fewer) / of
    half = Z95 * math.sqrt(((more + fewer) / of - middle * middle) / of)
    low, high = max(-1.0, middle - half), min(1.0, middle + half)
    return Difference(measure, first / number, second / number, value, low, high, only_first, only_second)
