"""What is told of how long a patient lives: a curve, what drives it, what is not known, and what moves one side of a clearance alone."""

from __future__ import annotations

from typing import Any, NamedTuple

from pathways.prognosis.factors import Factor
from pathways.quick_dataclass import dataclass


class Curve(NamedTuple):
    """By year 0 to 10, a row a year: the share alive, and the share alive that never had a recurrence (None where that has no figure)."""

    alive: Any
    free: Any


@dataclass(frozen=True, slots=True)
class Swing:
    """A factor that is not known, five-year survival after clearance at its best and worst level, and how far it moves it on average.

    `best`, `worst`: the places of these levels.
    """

    factor: Factor
    at_best: float
    at_worst: float
    moves: float
    best: int
    worst: int

    def as_json(self) -> dict[str, Any]:
        """The factor as the JSON of the command line shows it."""
        best, worst, moves = (round(one, 4) for one in (self.at_best, self.at_worst, self.moves))
        return {
            "factor": self.factor.words,
            "item": self.factor.key,
            "at_best": best,
            "at_worst": worst,
            "moves": moves,
        }


@dataclass(frozen=True, slots=True)
class Ratio:
    """A hazard ratio with its interval, what the interval is of (`reference`: the level that others are told against), and its sources.

    `carried_over`: the figure is of the other side of a clearance.
    """

    value: float
    low: float | None
    high: float | None
    interval_of: str
    sources: tuple[str, ...]
    carried_over: bool = False

    def as_json(self) -> dict[str, Any]:
        """The ratio as the JSON of the command line shows it."""
        ratio, low, high = (None if one is None else round(one, 3) for one in (self.value, self.low, self.high))
        return {"hazard_ratio": ratio, "low": low, "high": high, "interval_of": self.interval_of, "sources": list(self.sources)}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Driver:
    """A factor of this patient: its hazard ratio of recurrence, of death after one, and of death without clearance.

    None where it is not told, or has none. `sources`: of the factor, whatever is told.
    """

    factor: str
    value: str
    recurrence: Ratio | None
    death: Ratio | None
    uncleared: Ratio | None
    sources: tuple[str, ...]

    @property
    def ratios(self) -> tuple[tuple[str, Ratio], ...]:
        """The ratios it has, each with what it is of."""
        every = (("recurrence", self.recurrence), ("death", self.death), ("uncleared", self.uncleared))
        return tuple((name, one) for name, one in every if one is not None)

    def as_json(self) -> dict[str, Any]:
        """The driver as the JSON of the command line shows it."""
        no_ratio: dict[str, Any] = {"hazard_ratio": None, "low": None, "high": None, "interval_of": None}
        own = no_ratio if self.recurrence is None else self.recurrence.as_json()
        beside = {"death_after_recurrence": self.death, "without_clearance": self.uncleared}
        return {
            "factor": self.factor, "value": self.value, **own, "sources": list(self.sources),
            **{
                name: None if one is None else {**one.as_json(), "carried_over": one.carried_over} for name, one in beside.items()
            },
        }  # fmt: skip


@dataclass(frozen=True, slots=True)
class OneArm:
    """A factor of this patient that moves life on one side of a clearance alone: what is compared across it is not told by the same.

    `arm`: cleared, uncleared, or kept_liver, of whatever moves life with one's own liver.
    """

    factor: str
    arm: str

    def as_json(self) -> dict[str, str]:
        """The factor as the JSON of the command line shows it."""
        return {"factor": self.factor, "arm": self.arm}
