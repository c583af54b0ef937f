"""Intervals from the spread of the cited figures: every draw at once, under the policy of the point estimate.

Re-optimising in each draw is the value of information, shown apart. A figure is drawn from a generator of its own, so
that results depend on the seed and the figure's name alone.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import field
from functools import cached_property
from typing import Any
from zlib import crc32

from pathways.facts.figures import Figures
from pathways.graph.routes import Route
from pathways.knowledge.arithmetic import Number
from pathways.knowledge.model import NEVER_SEEN, Parameter
from pathways.planning.evaluate import Evaluation, Evaluator, Objective, Worth
from pathways.quick_dataclass import dataclass

DRAWS = 1000
SEED = 1988
LOW, HIGH = 2.5, 97.5
HALF = 0.5
NEGLIGIBLE = 1e-9
# The ends of a range are read as those of a 95 % interval, whatever it is of: a simplification.
ENDS_IN_SDS = 1.96
# A share varies at most between 0 and 1: its variance stays below this part of that, so that the draws stay inside.
MOST_SPREAD = 0.9
# The first word of units that may be negative.
LOGARITHM, RATIO = "log", "ratio"

# Chances are printed in whole percent: what is closer than that is read as the same.
READ_ALIKE = 0.01


INTERVALS = ("confidence", "studies", "guess", "none")


@dataclass(frozen=True, slots=True)
class Estimated:
    """A value with its 95 % interval; `draws`: those it comes from, the same for everything estimated of one plan."""

    value: float
    low: float
    high: float
    draws: Any = field(default=None, compare=False, repr=False)

    def as_json(self) -> dict[str, float]:
        """The value as the JSON of the command line shows it."""
        return {"value": round(self.value, 4), "low": round(self.low, 4), "high": round(self.high, 4)}

    def overlaps(self, other: Estimated) -> bool:
        """Whether the two intervals have a point in common."""
        return self.low <= other.high and other.low <= self.high

    def cannot_be_told_from(self, other: Estimated, alike: float = READ_ALIKE) -> bool:
        """Whether the two read alike, or no interval of their difference, draw by draw, leaves zero out."""
        if abs(self.value - other.value) < alike:
            return True
        if self.draws is None or other.draws is None:
            return self.overlaps(other)
        low, high = between(self.draws - other.draws)
        return low <= 0 <= high


# Draws of figures, by all that they are made from; of so many at most.
KEPT: dict[tuple[Any, ...], Any] = {}
MOST_KEPT = 1024


class Draws(Mapping[str, Any]):
    """Draws of every figure, made when first asked for."""

    def __init__(self, parameters: Mapping[str, Parameter], number: int, seed: int) -> None:
        self.parameters, self.number, self.seed = parameters, number, seed
        self._made: dict[str, Any] = {}

    def __getitem__(self, name: str) -> Any:
        if name not in self._made:
            self._made[name] = self._drawn(self.parameters[name])
        return self._made[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self.parameters)

    def __len__(self) -> int:
        return len(self.parameters)

    def intervals_of(self) -> dict[str, int]:
        """Of the figures that were asked for, how many have which kind of interval; those without one under `none`."""
        found = Counter(self.parameters[name].interval_of or "none" for name in self._made)
        return {kind: found[kind] for kind in INTERVALS if found[kind]}

    def _drawn(self, one: Parameter) -> Any:
        """The draws of a figure; a bare one has none. They are the same for every case: kept, and not to be written to."""
        if not one.distribution:
            return None
        told = (self.seed, self.number, one.id, one.unit, str(one.value), one.n, *one.distribution.items())
        found = KEPT.get(told, KEPT)
        if found is KEPT:
            if len(KEPT) >= MOST_KEPT:
                KEPT.clear()
            found = KEPT[told] = _drawn(one, self.seed, self.number)
            if found is not None:
                found.flags.writeable = False
        return found


def _drawn(one: Parameter, seed: int, number: int) -> Any:
    """A spread whose mean is the figure: by counts, by the ends of a range, by a standard error. Whoever has none of these stays as it is."""
    import numpy as np

    random = np.random.Generator(np.random.PCG64([seed, crc32(one.id.encode())]))
    spread = one.distribution
    kind = spread.get("kind")
    if kind == "beta":
        # The prior of Jeffreys only where an event was never seen, or always: `number` is the mean then.
        seen = 0 < one.number * spread["n"] < spread["n"]
        weight = spread["n"] if seen else spread["n"] + 2 * NEVER_SEEN
        return random.beta(one.number * weight, (1 - one.number) * weight, number)
    if kind == "range" and spread["low"] < spread["high"]:
        return _around(one, (spread["high"] - spread["low"]) / (2 * ENDS_IN_SDS), random, number)
    if kind == "normal":
        return random.normal(one.number, one.sd / (one.n or 1) ** 0.5, number)
    return None


def _around(one: Parameter, sd: float, random: Any, number: int) -> Any:
    """Draws with the figure as their mean and this deviation: a beta for a share, a log-normal for what is positive, else a normal."""
    mean = one.number
    if one.unit == "fraction":
        most = mean * (1 - mean)
        weight = most / min(sd**2, most * MOST_SPREAD) - 1
        return random.beta(mean * weight, (1 - mean) * weight, number)
    if one.unit.split()[0] == LOGARITHM:
        return random.normal(mean, sd, number)
    # Odds whose range lies above 1 stay there: in no draw is the sicker patient the safer one.
    least = 1.0 if one.unit == RATIO and one.distribution["low"] >= 1 else 0.0
    above = mean - least
    variance = math.log(1 + (sd / above) ** 2)
    return least + random.lognormal(math.log(above) - variance / 2, variance**0.5, number)


@dataclass(frozen=True)
class Uncertainty:
    """What the spread of the figures makes of an evaluation."""

    evaluation: Evaluation
    number: int = DRAWS
    seed: int = SEED

    @cached_property
    def draws(self) -> Draws:
        """The draws of the figures."""
        return Draws(self.evaluation.graph.facts.assessed.parameters, self.number, self.seed)

    @cached_property
    def evaluator(self) -> Evaluator:
        """The evaluator of all draws at once."""
        graph = self.evaluation.graph
        return Evaluator(graph, Figures(graph.facts.assessed, self.draws))

    @cached_property
    def _worth(self) -> dict[int, Worth]:
        return {}

    def worth(self, nodes: set[int]) -> dict[int, Worth]:
        """Worth of `nodes` in every draw, under the policy that is best for resection at the point estimate."""
        missing = nodes - self._worth.keys()
        if missing:
            self._worth.update(self.evaluator.under(self.evaluation.policy(), missing))
        return self._worth

    def start(self) -> Worth:
        """Worth of the start in every draw, under the best policy of the point estimate."""
        return self.worth({0})[0]

    def pathway(self, walk: Route) -> tuple[Number, Worth]:
        """Chance that `walk` goes as planned, and its worth, in every draw."""
        graph = self.evaluation.graph
        beside = {
            other.target
            for edge in walk
            if edge.declared.kind == "outcome" and not self.evaluator.ended(edge.source)
            for other in graph.edges[edge.source]
            if other.trigger != edge.trigger
        }
        return self.evaluator.along(walk, self.worth(beside))

    def gain_of_perfect_information(self) -> float:
        """What knowing every figure would add to the chance of resection: the best policy in each draw, averaged."""
        import numpy as np

        graph, evaluator = self.evaluation.graph, self.evaluator
        best: dict[int, Number] = {}
        for node in graph.order:
            leaving = graph.edges[node]
            if evaluator.ended(node):
                best[node] = evaluator.at_end(node).resected
            elif leaving[0].declared.kind == "decision":
                best[node] = best[leaving[0].target]
                for edge in leaving[1:]:
                    best[node] = np.maximum(best[node], best[edge.target])
            else:
                chances = evaluator.chances(node)
                best[node] = sum(chance * best[edge.target] for chance, edge in zip(chances, leaving, strict=True))
        return max(0.0, float(np.mean(best[0]) - np.mean(self.start().resected)))


def interval(value: Number, drawn: Number) -> Estimated:
    """A point estimate with the interval of its draws."""
    if isinstance(drawn, float | int):
        return Estimated(float(value), float(drawn), float(drawn))
    low, high = between(drawn)
    return Estimated(float(value), min(float(value), float(low)), max(float(value), float(high)), drawn)


def between(drawn: Number) -> tuple[float, float]:
    """The ends of the 95 % interval of draws, as NumPy's linear percentile has them; that one imports masked arrays first."""
    import numpy as np

    ordered = np.sort(drawn)
    last = len(ordered) - 1
    found = []
    for percent in (LOW, HIGH):
        place = last * (percent / 100)
        below = int(place)
        one, other, share = float(ordered[below]), float(ordered[min(below + 1, last)]), place - below
        # From the nearer end, so that neither end is missed by rounding.
        found.append(one + (other - one) * share if share < HALF else other - (other - one) * (1 - share))
    return found[0], found[1]


@dataclass(frozen=True, slots=True)
class Swing:
    """What one figure alone does to the chance of a pathway, at the ends of its 95 % interval."""

    parameter: str
    low: float
    high: float
    at_low: float
    at_high: float
    flips: bool

    @property
    def width(self) -> float:
        """How far the chance moves."""
        return abs(self.at_high - self.at_low)


def one_way(
    evaluation: Evaluation,
    walk: Route,
    other: Route | None = None,
    *,
    objective: Objective = "resection",
    seed: int = SEED,
) -> list[Swing]:
    """Each figure moved alone, widest swing first; `flips`: the order of `walk` and `other` turns round."""
    import numpy as np

    graph = evaluation.graph
    parameters = graph.facts.assessed.parameters
    draws = Draws(parameters, DRAWS, seed)
    names = [name for name in parameters if draws[name] is not None]
    ends = {name: between(draws[name]) for name in names}
    # One column for each figure at each end, and all of them in one pass.
    columns = {name: np.full(2 * len(names), parameters[name].number) for name in names}
    for place, name in enumerate(names):
        columns[name][2 * place : 2 * place + 2] = ends[name]
    evaluator = Evaluator(graph, Figures(graph.facts.assessed, columns))
    policy = evaluation.policy(objective)
    worth = evaluator.under(policy)
    chance = np.broadcast_to(evaluator.along(walk, worth)[1].cleared, 2 * len(names))
    rival = None if other is None else np.broadcast_to(evaluator.along(other, worth)[1].cleared, 2 * len(names))
    ahead = None if other is None else _ahead(evaluation, walk, other)
    found = []
    for place, name in enumerate(names):
        pair = chance[2 * place : 2 * place + 2]
        flips = False
        if rival is not None and ahead is not None:
            now = pair - rival[2 * place : 2 * place + 2]
            flips = bool(np.any(now * ahead < 0))
        low, high = (float(one) for one in ends[name])
        found.append(Swing(name, low, high, float(pair[0]), float(pair[1]), flips))
    return sorted((one for one in found if one.width > NEGLIGIBLE or one.flips), key=lambda one: -one.width)


def _ahead(evaluation: Evaluation, walk: Route, other: Route) -> float:
    return float(evaluation.pathway(walk)[1].cleared - evaluation.pathway(other)[1].cleared)
