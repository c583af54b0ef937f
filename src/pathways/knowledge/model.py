"""Compiled knowledge as frozen values: what the rules and the process read.

No validation happens here: `compile.py` and `protocols.py` validate before these are made.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import field
from typing import Any

from pathways.quick_dataclass import dataclass

# Events added to those seen and to those not seen: the prior of Jeffreys.
NEVER_SEEN = 0.5


@dataclass(frozen=True, slots=True)
class Parameter:
    """One figure: value in `unit`, spread in `distribution`, ids of its sources, how sure it is."""

    id: str
    value: Any
    unit: str
    sources: tuple[str, ...]
    confidence: str
    description: str
    population: str
    reviewed: str
    n: int | None = None
    distribution: Mapping[str, Any] = field(default_factory=dict)
    note: str | None = None

    @property
    def number(self) -> float:
        """The value as one number.

        Where an event was never seen, 0 of n is no estimate of its chance: the mean of the spread that the draws come
        from (beta with the prior of Jeffreys) stands for it, 0.5 of n + 1.
        """
        spread = self.distribution
        if spread.get("kind") == "beta" and spread["events"] == 0:
            return float(NEVER_SEEN / (spread["n"] + 2 * NEVER_SEEN))
        return float(self.value)

    @property
    def interval_of(self) -> str:
        """What its interval is: of confidence (counts, a standard error), the spread of studies, a guess; empty where it has none."""
        kind = self.distribution.get("kind")
        return str(self.distribution["of"]) if kind == "range" else "confidence" if kind in ("beta", "normal") else ""

    @property
    def sd(self) -> float:
        """Standard deviation, where the spread is normal; 0 where no spread is known."""
        return float(self.distribution.get("sd") or 0.0)


@dataclass(frozen=True, slots=True)
class Setting:
    """One choice of a protocol."""

    key: str
    value: Any
    unit: str
    sources: tuple[str, ...]
    confidence: str
    why: str
    denominator: str | None = None


@dataclass(frozen=True, slots=True)
class Protocol:
    """A named set of thresholds and policies. `replaced` names the settings that differ from the base."""

    id: str
    title: str
    settings: Mapping[str, Setting]
    replaced: tuple[str, ...] = ()
    based_on: str | None = None
    references: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)

    def number(self, key: str) -> float:
        """The number set for `key`."""
        return float(self.settings[key].value)

    def whole(self, key: str) -> int:
        """The whole number set for `key`."""
        return int(self.settings[key].value)

    def yes(self, key: str) -> bool:
        """Whether `key` is switched on."""
        return bool(self.settings[key].value)

    def word(self, key: str) -> str:
        """The word set for `key`."""
        return str(self.settings[key].value)

    def words(self, key: str) -> tuple[str, ...]:
        """The words set for `key`."""
        return tuple(self.settings[key].value)

    def sources(self, *keys: str) -> tuple[str, ...]:
        """Source ids behind `keys`, each once."""
        return tuple(dict.fromkeys(source for key in keys for source in self.settings[key].sources))


@dataclass(frozen=True, slots=True)
class Knowledge:
    """Everything shipped: sources, parameters and protocols."""

    sources: Mapping[str, Mapping[str, Any]]
    parameters: Mapping[str, Parameter]
    protocols: Mapping[str, Protocol]
    scores: Mapping[str, Mapping[str, Any]]
    strategies: Mapping[str, Mapping[str, Any]]
    targets: Mapping[str, Mapping[str, Any]]
    prognosis: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)


def prognostic_figure(level: str, what: str) -> str:
    """The name of the parameter that says what a level of a prognostic factor does."""
    if what == "uncleared":
        return f"prognosis_without_clearance_{level}"
    return f"prognosis_without_clearance_{level}_share" if what == "usual_share" else f"prognosis_{level}_{what}"
