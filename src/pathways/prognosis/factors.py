"""What a patient's factors come to: one profile where all is told, a mixture of the profiles that what is not told leaves open.

Unknown is the average of the curves over the shares of resected patients, not a hazard ratio of one. The structure stands in the knowledge
(`prognosis.yaml`), the figures are parameters of the names it makes.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from functools import cached_property, lru_cache
from typing import Any

from pathways.facts.prognostic_inputs import Range
from pathways.knowledge.arithmetic import Number, YesNo
from pathways.knowledge.model import prognostic_figure
from pathways.knowledge.protocols import knowledge
from pathways.prognosis.curves import Profile
from pathways.quick_dataclass import dataclass

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
        return prognostic_figure(self.id, what)


# In place of a level of which nothing is counted.
NOTHING = Level("", "", -math.inf, False, ())


@dataclass(frozen=True)
class Factor:
    """A factor with its levels in ascending order of an input.

    `told`: today, after an operation, or always; `carried`: whether a figure of life after a recurrence may stand for life without
    clearance, and the other way round; `own_shares`: whether patients at the first meeting have shares of their own. `silent`: an input from one on (yes) that takes away what the factor does to life with the disease.
    """

    name: str
    words: str
    key: str
    input: str
    centred: bool
    carried: bool
    told: str
    silent: str
    own_shares: bool
    levels: tuple[Level, ...]

    @property
    def known_today(self) -> bool:
        """Whether it can be known before an operation."""
        return self.told != "after_operation"

    @cached_property
    def figures(self) -> frozenset[str]:
        """What its levels have figures for."""
        return frozenset(one for level in self.levels for one in level.figures)

    def read_for(self, what: str, *, carried: bool) -> str | None:
        """Whose figure is read for `what` (death, uncleared): its own, the other's where that is carried over, or none."""
        if what in self.figures:
            return what
        other = "uncleared" if what == "death" else "death"
        return other if carried and self.carried and self.known_today and other in self.figures else None

    def open_to(self, told: Range) -> range:
        """The places of the levels that what is told leaves open."""
        low, high = (sum(one.begins_at_or_below(end) for one in self.levels[1:]) for end in told)
        return range(low, high + 1)

    def shares(self, figure: Figure, among: str = "share") -> list[Number]:
        """Shares of the levels among resected patients (or the `usual_share`); the reference is the rest, and all where it is always told."""
        shared = self.told != "always"
        adverse = [figure(one.named(among)) if one.id and shared else 0.0 for one in self.levels]
        rest = 1.0 - sum(adverse)
        return [share if one.id else rest for one, share in zip(self.levels, adverse, strict=True)]

    def mean_recurrence(self, figure: Figure) -> Number:
        """What the hazard ratio of recurrence is divided by: its mean where the factor is centred."""
        return self.mean("recurrence", figure) if self.centred else 1.0

    def recurrence(self, level: Level, figure: Figure) -> Number:
        """The hazard ratio of recurrence of a level."""
        return ratio_of(level, "recurrence", figure) / self.mean_recurrence(figure)

    def death(self, level: Level, figure: Figure, *, carried: bool) -> Number:
        """The hazard ratio of death after a recurrence of a level: its own against the reference, one carried over against the average."""
        read = self.read_for("death", carried=carried)
        if read is None or level is NOTHING:
            return 1.0
        return ratio_of(level, read, figure) / (1.0 if read == "death" else self.mean(read, figure))

    def uncleared(self, level: Level, figure: Figure, *, carried: bool) -> Number:
        """The hazard ratio of death without clearance of a level, against the average: published medians know no factor."""
        read = self.read_for("uncleared", carried=carried)
        if read is None or level is NOTHING:
            return 1.0
        return ratio_of(level, read, figure) / self.mean(read, figure, without_clearance=True)

    def uncleared_among(self, places: range, figure: Figure, *, carried: bool) -> Number:
        """The same of a patient of whom the levels at `places` are possible: as many of each as among the resected, as after clearance."""
        read = self.read_for("uncleared", carried=carried)
        if read is None:
            return 1.0
        shares = self.shares(figure)
        ratio = sum(shares[place] * ratio_of(self.levels[place], read, figure) for place in places)
        return ratio / sum(shares[place] for place in places) / self.mean(read, figure, without_clearance=True)

    def long(self, level: Level, figure: Figure) -> Number:
        """The log odds that a level adds to those of a long survivor."""
        return figure(level.named("long")) if "long" in level.figures else 0.0

    def mean(self, what: str, figure: Figure, *, without_clearance: bool = False) -> Number:
        """The mean of a hazard ratio over the shares of the levels: among resected patients, or among those whom medians without clearance are of."""
        ratios = [ratio_of(one, what, figure) for one in self.levels]
        shares = self.shares(figure, "usual_share" if without_clearance and self.own_shares else "share")
        return sum(share * ratio for share, ratio in zip(shares, ratios, strict=True))


def ratio_of(level: Level, what: str, figure: Figure) -> Number:
    """A hazard ratio of a level as published: one at the reference."""
    return figure(level.named(what)) if what in level.figures else 1.0


@lru_cache(maxsize=1)
def factors() -> tuple[Factor, ...]:
    """The factors, in the order of the knowledge."""
    return tuple(
        Factor(
            name, entry["words"], entry.get("key", ""), entry["input"], entry["centred"], entry["carried"], entry["told"],
            entry.get("silent", ""), entry["shares_of"] == "both",
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


def told_profile(
    told: Mapping[str, Range], figure: Figure, fixed: Mapping[str, int] | None = None, *, carried: bool = True
) -> Profile:
    """The profile of what is told alone, for numbers or draws; what is not told counts nothing after clearance (see `kinds`).

    `fixed`: places of levels taken for known.
    """
    recurrence, death, long, uncleared = _nothing()
    for factor in factors():
        place = (fixed or {}).get(factor.name)
        open_to = factor.open_to(told[factor.input]) if place is None else (place,)
        if len(open_to) > 1 and not silenced_by(factor, told, fixed):
            uncleared = uncleared * factor.uncleared_among(range(open_to[0], open_to[-1] + 1), figure, carried=carried)
        if len(open_to) == 1:
            level = factor.levels[open_to[0]]
            recurrence = recurrence * factor.recurrence(level, figure)
            if silenced_by(factor, told, fixed):
                continue
            death = death * factor.death(level, figure, carried=carried)
            long = long + factor.long(level, figure)
            uncleared = uncleared * factor.uncleared(level, figure, carried=carried)
    return Profile(recurrence, death, long, uncleared)


def column_profile(told: Mapping[str, Any], figure: Figure, *, carried: bool = True) -> Profile:
    """The profiles of columns of patients of whom every input is told; one that is left out counts nothing."""
    import numpy as np

    recurrence, death, long, uncleared = _nothing()
    for factor in factors():
        if factor.input not in told:
            continue
        column = np.asarray(told[factor.input], dtype=np.float64)
        place = sum(
            (one.begins_at_or_below(column) for one in factor.levels[1:]), np.zeros(len(column), dtype=np.int64)
        )
        levels = factor.levels
        recurrence = recurrence * np.array([factor.recurrence(one, figure) for one in levels])[place]
        if factor.silent in told:
            place = np.where(np.asarray(told[factor.silent]) >= 1, len(levels), place)
            levels = (*levels, NOTHING)
        death = death * np.array([factor.death(one, figure, carried=carried) for one in levels])[place]
        long = long + np.array([factor.long(one, figure) for one in levels])[place]
        uncleared = uncleared * np.array([factor.uncleared(one, figure, carried=carried) for one in levels])[place]
    return Profile(recurrence, death, long, uncleared)


def silenced_by(factor: Factor, told: Mapping[str, Range], fixed: Mapping[str, int] | None = None) -> bool:
    """Whether another factor is known, or taken for known, that takes away what this one does to life with the disease."""
    if not factor.silent:
        return False
    other = next(one for one in factors() if one.input == factor.silent)
    place = (fixed or {}).get(other.name)
    return (min(other.open_to(told[other.input])) if place is None else place) > 0


def _nothing() -> tuple[Number, Number, Number, Number]:
    return 1.0, 1.0, 0.0, 1.0


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
    told: Mapping[str, Range],
    figure: Figure,
    fixed: Mapping[str, int] | None = None,
    most: int = MOST_KINDS,
    *,
    carried: bool = True,
) -> Kinds:
    """The kinds of patients under the figures as numbers, at most so many; `fixed`: places of levels taken for known."""
    import numpy as np

    weights, recurrence, death, long = (np.array([one]) for one in (1.0, 1.0, 1.0, 0.0))
    for factor in factors():
        place = None if fixed is None else fixed.get(factor.name)
        places: Sequence[int] = factor.open_to(told[factor.input]) if place is None else (place,)
        levels = [factor.levels[one] for one in places]
        silenced = silenced_by(factor, told, fixed)
        shares = np.array(factor.shares(figure))[list(places)] if len(places) > 1 else np.ones(1)
        weights = _each(weights, shares / shares.sum())
        recurrence = _each(recurrence, np.array([factor.recurrence(one, figure) for one in levels]))
        with_disease = [NOTHING] * len(levels) if silenced else levels
        death = _each(death, np.array([factor.death(one, figure, carried=carried) for one in with_disease]))
        long = (long[:, None] + np.array([factor.long(one, figure) for one in with_disease])).ravel()
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
