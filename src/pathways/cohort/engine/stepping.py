"""Walks columns of patients along a plan, whatever it was made from: everybody takes one step at a time, all phases together.

A plan says which step each patient takes at which node, and where it leads; time, luck and what is kept of a route are the same for all
plans. Luck is keyed by (seed, patient, phase left, visit of it, draw), so a patient's route does not depend on who is beside them.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from typing import Any, Protocol

import numpy as np
import numpy.typing as npt

from pathways.cohort.draws.durations import DurationDistribution, whole
from pathways.cohort.draws.lives import Lives
from pathways.cohort.draws.random_numbers import VISITS, Words, keyed
from pathways.cohort.engine.histories import PatientHistories, Walks
from pathways.process.phases import PHASES

Ints = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]
Column = npt.NDArray[Any]
PARTS = 3  # durations that a step may add up
OUTCOME_DRAW = 0
# Steps after which something is wrong: the rank of the process bounds every route far below.
MOST_STEPS = 400
UNKNOWN = -1


class Growing:
    """A column that grows: `values` is longer than what is in use."""

    def __init__(self, dtype: Any, fill: Any, width: int = 0) -> None:
        self.fill = fill
        self.values: Column = np.full((64, width) if width else 64, fill, dtype=dtype)

    def reach(self, number: int) -> None:
        """Makes room for `number` rows."""
        if number > len(self.values):
            more = np.full((max(number, 2 * len(self.values)) - len(self.values), *self.values.shape[1:]), self.fill)
            self.values = np.concatenate([self.values, more.astype(self.values.dtype)])


def make_room(columns: Iterable[Growing], number: int) -> None:
    """Makes room in columns that grow side by side; asked before every new row, so a look at one of them is enough as a rule."""
    first, *others = columns
    if number > len(first.values):
        for column in (first, *others):
            column.reach(number)


class Spreads:
    """The durations that steps draw, by number; 0 stands for none."""

    def __init__(self) -> None:
        self._place: dict[DurationDistribution, int] = {}
        self.low, self.middle, self.high, self.rate, self.inside = (np.zeros(1) for _ in range(5))

    def place(self, distribution: DurationDistribution) -> int:
        """The number of a spread."""
        if distribution not in self._place:
            self._place[distribution] = len(self._place) + 1
            rate = distribution.rate or 0.0
            inside = 1 - math.exp(-rate * (distribution.high - distribution.low))
            for name, value in zip(
                ("low", "middle", "high", "rate", "inside"),
                (distribution.low, distribution.middle, distribution.high, rate, inside),
                strict=True,
            ):
                setattr(self, name, np.append(getattr(self, name), value))
        return self._place[distribution]

    def days(self, place: Column, u: Floats) -> Ints:
        """Whole days at the points `u` of the spreads `place`: `Spread.days`, the same to the last bit."""
        low, middle = self.low[place], self.middle[place]
        days = low + (middle - low) * np.minimum(2 * u, 1.0) + (self.high[place] - middle) * np.maximum(2 * u - 1, 0.0)
        rate = self.rate[place]
        falling = np.flatnonzero(rate)
        if len(falling):
            inside = self.inside[place[falling]]
            days[falling] = low[falling] - np.log(1 - u[falling] * inside) / rate[falling]
        return np.asarray(whole(days))


class Edges:
    """Steps as columns: the phase left, the trigger, fixed days, drawn days by part, the node reached (UNKNOWN: it depends on the patient)."""

    def __init__(self) -> None:
        self.number = 0
        self.distributions = Spreads()
        self.left, self.trigger = Growing(np.uint8, 0), Growing(np.uint8, 0)
        self.days, self.target = Growing(np.int64, 0), Growing(np.int32, UNKNOWN)
        self.drawn = [Growing(np.uint8, 0) for _ in range(PARTS)]
        self.columns = (self.left, self.trigger, self.days, self.target, *self.drawn)
        self.parts_drawn: set[int] = set()

    def add(self, left: int, trigger: int, distributions: tuple[DurationDistribution, ...], target: int) -> int:
        """Adds a step; returns its number."""
        edge, self.number = self.number, self.number + 1
        make_room(self.columns, self.number)
        self.left.values[edge], self.trigger.values[edge], self.target.values[edge] = left, trigger, target
        for part, distribution in enumerate(distributions):
            if distribution.fixed:
                self.days.values[edge] += whole(float(distribution.low))
            else:
                self.drawn[part].values[edge] = self.distributions.place(distribution)
                self.parts_drawn.add(part)
        return edge


class RandomNumbers:
    """The luck of some patients in the phases that they are leaving."""

    def __init__(self, words: Words, phase: Column, visit: Column, own: Column | None = None) -> None:
        self.words, self.own = words, own
        self.key = phase.astype(np.int64) * VISITS + visit

    def draw(self, number: int, some: Ints | None = None) -> Floats:
        """Draw `number` of everybody, or of those at the places `some`."""
        places = slice(None) if some is None else some
        found = keyed(self.words[places], self.key[places], number)
        if self.own is None or number != OUTCOME_DRAW:
            return found
        own = self.own[places]
        return np.where(np.isnan(own), found, own)


class Plan(Protocol):
    """What is walked. Columns by node may grow while it is walked."""

    edges: Edges
    dead: int

    @property
    def phase(self) -> Column:
        """The phase of each node."""

    @property
    def ended(self) -> Column:
        """Whether a route ends at each node."""

    def start(self) -> Column:
        """The node each patient starts from."""

    def choose(self, rows: Ints, at: Column, luck: RandomNumbers) -> Column:
        """The edge that each of the patients `rows` takes from the node `at`."""

    def more_days(self, rows: Ints, edge: Column) -> Ints | None:
        """Days of a step that are neither fixed nor drawn but the patient's own."""

    def arrive(self, rows: Ints, edge: Column) -> Column:
        """The node that each patient reaches."""


def walk(plan: Plan, patients: Ints, seed: int, lives: Lives, *, steps: bool = False) -> Walks:
    """Walks every patient to an end; with `steps` every step is recorded."""
    kept = PatientHistories(patients, seed, lives, steps=steps)
    visits = np.zeros(len(patients) * len(PHASES), dtype=np.uint8)
    node = plan.start().astype(np.int32)
    rows = np.flatnonzero(~plan.ended[node])
    for _ in range(MOST_STEPS):
        if not len(rows):
            return kept.walks(plan.phase[node])
        node_before = node[rows]
        phase = plan.phase[node_before]
        where = rows * len(PHASES) + phase
        visit = visits[where]
        visits[where] = visit + 1
        luck = RandomNumbers(kept.words[rows], phase, visit, kept.own_luck(rows, phase, visit))
        edge = plan.choose(rows, node_before, luck)
        trigger = plan.edges.trigger.values[edge]
        days = kept.own_days(rows, phase, visit, trigger, _days(plan, rows, edge, luck))
        alive = kept.pass_days(rows, phase, trigger, days)
        if alive is not None:
            node[rows[~alive]] = plan.dead
            rows, edge, phase, trigger = rows[alive], edge[alive], phase[alive], trigger[alive]
        reached = plan.arrive(rows, edge)
        node[rows] = reached
        kept.reach(rows, phase, trigger, plan.phase[reached])
        rows = rows[~plan.ended[reached]]
    raise RuntimeError("somebody never comes to an end: the declared process is faulty")


def _days(plan: Plan, rows: Ints, edge: Column, luck: RandomNumbers) -> Ints:
    edges = plan.edges
    days: Ints = edges.days.values[edge]
    for part in edges.parts_drawn:
        place = edges.drawn[part].values[edge]
        drawn = np.flatnonzero(place)
        if len(drawn):
            days[drawn] += edges.distributions.days(place[drawn], luck.draw(1 + part, drawn))
    more = plan.more_days(rows, edge)
    return days if more is None else days + more
