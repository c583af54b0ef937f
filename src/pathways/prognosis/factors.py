"""What a patient's factors come to: one profile where all is told, a mixture of the profiles that what is not told leaves open.

Unknown is the average of the curves over the shares of resected patients, not a hazard ratio of one. The structure stands in the knowledge
(`prognosis.yaml`), the figures are parameters of the names it makes.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from pathways.facts.prognostic_inputs import Range
from pathways.knowledge.arithmetic import Number, YesNo
from pathways.knowledge.protocols import knowledge
from pathways.prognosis.curves import Profile

# More kinds of patients than this are put together with their neighbours: see `_together`.
MOST_KINDS = 48
Figure = Callable[[str], Number]


@dataclass(frozen=True, slots=True)
class Level:
    """One level of a factor; `id` is empty for the reference."""

    id: str
    words: str
    above: float
    at_least: bool
    figures: tuple[str, ...]

    def begins_at_or_below(self, value: Number) -> YesNo:
        """Whether `value` lies in this level or beyond."""
        return value >= self.above if self.at_least else value > self.above

    def named(self, what: str) -> str:
        """The name of a parameter of this level."""
        return f"prognosis_{self.id}_{what}"


@dataclass(frozen=True, slots=True)
class Factor:
    """A factor with its levels in ascending order of an input."""

    name: str
    words: str
    key: str
    input: str
    centred: bool
    known_today: bool
    levels: tuple[Level, ...]

    def open_to(self, told: Range) -> range:
        """The places of the levels that what is told leaves open."""
        low, high = (sum(one.begins_at_or_below(end) for one in self.levels[1:]) for end in told)
        return range(low, high + 1)

    def shares(self, figure: Figure) -> list[Number]:
        """Shares of the levels among resected patients; the reference is the rest."""
        adverse = [figure(one.named("share")) if one.id else 0.0 for one in self.levels]
        rest = 1.0 - sum(adverse)
        return [share if one.id else rest for one, share in zip(self.levels, adverse, strict=True)]

    def mean_recurrence(self, figure: Figure) -> Number:
        """What the hazard ratio of recurrence is divided by: its mean where the factor is centred."""
        if not self.centred:
            return 1.0
        ratios = [recurrence_of(one, figure) for one in self.levels]
        return sum(share * ratio for share, ratio in zip(self.shares(figure), ratios, strict=True))


def recurrence_of(level: Level, figure: Figure) -> Number:
    """The hazard ratio of recurrence of a level, as published."""
    return figure(level.named("recurrence")) if "recurrence" in level.figures else 1.0


def death_of(level: Level, figure: Figure) -> Number:
    """The hazard ratio of death after a recurrence of a level."""
    return figure(level.named("death")) if "death" in level.figures else 1.0


def long_of(level: Level, figure: Figure) -> Number:
    """The log odds that a level adds to those of a long survivor."""
    return figure(level.named("long")) if "long" in level.figures else 0.0


@lru_cache(maxsize=1)
def factors() -> tuple[Factor, ...]:
    """The factors, in the order of the knowledge."""
    return tuple(
        Factor(
            name, entry["words"], entry.get("key", ""), entry["input"], entry["centred"], entry["told"] == "today",
            tuple(_level(one) for one in entry["levels"]),
        )
        for name, entry in knowledge().prognosis.items()
    )  # fmt: skip


def _level(entry: Mapping[str, Any]) -> Level:
    at_least, above = entry.get("at_least"), entry.get("above")
    limit = at_least if at_least is not None else above if above is not None else -math.inf
    return Level(entry.get("id", ""), entry["words"], limit, at_least is not None, tuple(entry["figures"]))


@dataclass(frozen=True)
class Kinds:
    """The kinds of patients that what is told leaves open, with their weights: one where all is told."""

    weights: Any
    profile: Profile

    def mean(self, column: Any) -> float:
        """The mean over the kinds."""
        return float((self.weights * column).sum())


def told_profile(told: Mapping[str, Range], figure: Figure, fixed: Mapping[str, int] | None = None) -> Profile:
    """The profile of what is told alone, for numbers or draws; what is not told counts nothing. `fixed`: places of levels taken for known."""
    recurrence: Number = 1.0
    death: Number = 1.0
    long: Number = 0.0
    for factor in factors():
        place = (fixed or {}).get(factor.name)
        open_to = factor.open_to(told[factor.input]) if place is None else (place,)
        if len(open_to) == 1:
            level = factor.levels[open_to[0]]
            recurrence = recurrence * recurrence_of(level, figure) / factor.mean_recurrence(figure)
            death = death * death_of(level, figure)
            long = long + long_of(level, figure)
    return Profile(recurrence, death, long)


def column_profile(told: Mapping[str, Any], figure: Figure) -> Profile:
    """The profiles of columns of patients of whom every input is told."""
    import numpy as np

    recurrence: Number = 1.0
    death: Number = 1.0
    long: Number = 0.0
    for factor in factors():
        column = np.asarray(told[factor.input], dtype=np.float64)
        place = sum(
            (one.begins_at_or_below(column) for one in factor.levels[1:]), np.zeros(len(column), dtype=np.int64)
        )
        mean = factor.mean_recurrence(figure)
        recurrence = recurrence * np.array([recurrence_of(one, figure) / mean for one in factor.levels])[place]
        death = death * np.array([death_of(one, figure) for one in factor.levels])[place]
        long = long + np.array([long_of(one, figure) for one in factor.levels])[place]
    return Profile(recurrence, death, long)


def odds_of_elsewhere(told: Mapping[str, Any], figure: Figure) -> Number:
    """Odds that a recurrence at one site lies outside the liver, not in it alone: nodes of the primary move it, and are centred."""
    import numpy as np

    ratio, share = figure("prognosis_elsewhere_node_positive"), figure("prognosis_node_positive_share")
    mean = 1 + share * (ratio - 1)
    node = told["node_positive"]
    return figure("prognosis_elsewhere_odds") * (
        1.0 if node is None else np.where(np.asarray(node) > 0, ratio, 1.0) / mean
    )


def kinds(
    told: Mapping[str, Range], figure: Figure, fixed: Mapping[str, int] | None = None, most: int = MOST_KINDS
) -> Kinds:
    """The kinds of patients under the figures as numbers, at most so many; `fixed`: places of levels taken for known."""
    import numpy as np

    weights, recurrence, death, long = (np.array([one]) for one in (1.0, 1.0, 1.0, 0.0))
    for factor in factors():
        place = None if fixed is None else fixed.get(factor.name)
        places: Sequence[int] = factor.open_to(told[factor.input]) if place is None else (place,)
        levels = [factor.levels[one] for one in places]
        shares = np.array([factor.shares(figure)[one] for one in places])
        mean = factor.mean_recurrence(figure)
        weights = _each(weights, shares / shares.sum())
        recurrence = _each(recurrence, np.array([recurrence_of(one, figure) / mean for one in levels]))
        death = _each(death, np.array([death_of(one, figure) for one in levels]))
        long = (long[:, None] + np.array([long_of(one, figure) for one in levels])).ravel()
    return Kinds(*_together(weights, recurrence, death, long, most))


def _each(one: Any, other: Any) -> Any:
    return (one[:, None] * other).ravel()


def _together(weights: Any, recurrence: Any, death: Any, long: Any, most: int) -> tuple[Any, Profile]:
    """At most so many kinds: neighbours by hazard of recurrence share their mean; the curves move by less than a printed percent."""
    import numpy as np

    if len(weights) <= most:
        return weights, Profile(recurrence, death, long)
    order = np.argsort(recurrence, kind="stable")
    place = np.minimum((np.cumsum(weights[order]) * most).astype(np.int64), most - 1)
    total = np.bincount(place, weights[order], most)
    kept = total > 0
    means = [
        np.bincount(place, (weights * one)[order], most)[kept] / total[kept] for one in (np.log(recurrence), np.log(death), long)
    ]  # fmt: skip
    return total[kept], Profile(np.exp(means[0]), np.exp(means[1]), means[2])
