"""Many patients like one case: its explored graph walked by columns, under the best policy of an objective or an order of preference.

Everything the walk asks is laid out by node once: where a decision leads, the running sum of the chances of an outcome set, the spread
of every duration. Luck has the same keys as in `engine`, so a drawn patient walks the same road there, here, and on the machine.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, cast

import numpy as np
import numpy.typing as npt

from pathways.cohort.compiled import TRIGGER_CODE
from pathways.cohort.engine import OUTCOME_DRAW
from pathways.cohort.ledger import Ledger, Walks
from pathways.cohort.luck import OCCURRENCES, UNIT, Words, mixed, slots
from pathways.cohort.spread import Spread, spread_of
from pathways.cohort.strategies import GUIDELINE, Preference, is_objective, strategy
from pathways.cohort.tables import PHASE_CODE
from pathways.facts.guarding import holds
from pathways.graph.explore import Edge, Graph
from pathways.knowledge.protocols import knowledge
from pathways.planning.evaluate import Objective, evaluate
from pathways.process.phases import END_OF_EPISODE, PHASES

Column = npt.NDArray[Any]
PARTS = 3
LOW, MIDDLE, HIGH, RATE = range(4)


def decisions(graph: Graph, name: str) -> dict[int, int]:
    """For every node where the team decides, the position of the edge that strategy `name` takes."""
    ordered = strategy(GUIDELINE if is_objective(name) else name)
    best = _best(graph, name) if is_objective(name) else None
    found = {}
    for node, leaving in enumerate(graph.edges):
        if leaving and leaving[0].declared.kind == "decision":
            by_objective = best is not None and graph.states[node].phase != END_OF_EPISODE
            if best is not None and by_objective:
                found[node] = best[node]
            else:
                found[node] = _preferred(graph, leaving, ordered.orders[graph.states[node].phase])
    return found


def _best(graph: Graph, name: str) -> list[int]:
    objective: Objective = name  # type: ignore[assignment]
    return evaluate(graph).policy(objective)


def _preferred(graph: Graph, leaving: tuple[Edge, ...], order: tuple[Preference, ...]) -> int:
    """The position of the first edge in the order of preference."""
    offered = {edge.declared.name: place for place, edge in enumerate(leaving)}
    state = graph.states[leaving[0].source]
    for one in order:
        if one.trigger.name in offered and all(holds(guard, state, graph.facts) for guard in one.when):
            return offered[one.trigger.name]
    raise RuntimeError(f"nothing is open in phase {state.phase}: the declared process has a dead end")


@dataclass(frozen=True)
class Layout:
    """A graph and a policy as arrays. Edges of a node stand in one row; a decision has one, and is certain."""

    phase: Column  # node
    passed: Column  # node, edge: running sum of the chances
    target: Column  # node, edge
    trigger: Column  # node, edge
    days: Column  # node, edge, part, (low, middle, high, rate)


def layout(graph: Graph, name: str) -> Layout:
    """The arrays of `graph` under strategy `name`."""
    chosen = decisions(graph, name)
    chances = evaluate(graph).evaluator
    widest = max(1, *(len(leaving) for leaving in graph.edges))
    size = (len(graph.states), widest)
    # Rounding may leave the sum a hair below one: the last outcome that can happen takes what is left.
    passed = np.full(size, 2.0)
    target = np.full(size, -1, dtype=np.int64)
    trigger = np.zeros(size, dtype=np.uint8)
    days = np.zeros((*size, PARTS, 4))
    spreads = _Spreads(graph)
    for node, leaving in enumerate(graph.edges):
        certain = node in chosen
        edges = (leaving[chosen[node]],) if certain else leaving
        shares = (1.0,) * bool(edges) if certain else chances.chances(node) if edges else ()
        last = max((place for place, share in enumerate(shares) if share > 0), default=0)
        total = 0.0
        for place, (edge, share) in enumerate(zip(edges, shares, strict=True)):
            total = total + share
            passed[node, place] = total if place < last else 2.0
            if place > last or share <= 0:
                passed[node, place] = passed[node, place - 1] if place else 0.0
            target[node, place], trigger[node, place] = edge.target, edge.trigger
            for part, spread in enumerate(spreads.of(edge)):
                days[node, place, part] = spread.low, spread.middle, spread.high, spread.rate or 0.0
    phase = np.array([PHASE_CODE[state.phase] for state in graph.states], dtype=np.uint8)
    return Layout(phase, passed, target, trigger, days)


class _Spreads:
    """The spread of every part of the days of an edge."""

    def __init__(self, graph: Graph) -> None:
        self.graph = graph
        self._known: dict[Any, tuple[Spread, ...]] = {}

    def of(self, edge: Edge) -> tuple[Spread, ...]:
        trigger, state = edge.declared, self.graph.states[edge.source]
        if trigger.days is None:
            return ()
        key = (edge.trigger, getattr(state, trigger.days.by) if trigger.days.by else None)
        if key not in self._known:
            parts = self.graph.numbers.days_by_figure(trigger, state)
            self._known[key] = tuple(self._of(figure, float(planned)) for figure, planned in parts)
        return self._known[key]

    def _of(self, figure: str, planned: float) -> Spread:
        parameters = self.graph.facts.picture.parameters
        if figure == "meeting_days":
            meeting = spread_of("days_to_meeting", parameters)
            # Chemotherapy of the history may ask for a longer wait: then that is the least.
            wait = planned if planned > parameters["days_to_meeting"].number else meeting.low
            return Spread(max(meeting.low, wait), max(meeting.middle, wait), max(meeting.high, wait))
        return spread_of(figure, parameters) if figure in parameters else Spread(planned, planned, planned)


class _Steps:
    """The patients of one chunk on their way."""

    def __init__(self, plan: Layout, patients: npt.NDArray[np.int64], seed: int, *, steps: bool) -> None:
        self.plan = plan
        self.kept = Ledger(patients, seed, knowledge().parameters, steps=steps)
        self.node = np.zeros(len(patients), dtype=np.int64)

    def run(self) -> Walks:
        active = np.arange(len(self.node))
        while len(active):
            active = active[(self.plan.target[self.node[active], 0] >= 0) & ~self.kept.died_otherwise[active]]
            self._step(active)
        return self.kept.walks()

    def _step(self, rows: npt.NDArray[np.int64]) -> None:
        plan, kept, node = self.plan, self.kept, self.node[rows]
        phase = plan.phase[node]
        visits = kept.visits[phase, rows]
        luck = _luck(kept.words[rows], phase, visits, OUTCOME_DRAW)
        chosen = (luck[:, None] >= plan.passed[node]).sum(axis=1)
        trigger, target = plan.trigger[node, chosen], plan.target[node, chosen]
        kept.visits[phase, rows] += 1
        alive = kept.pass_days(rows, phase, trigger, self._days(rows, plan.days[node, chosen], phase, visits))
        if alive is not None:
            rows, phase, trigger, target = (one[alive] for one in (rows, phase, trigger, target))
        self.node[rows] = target
        kept.reach(rows, phase, trigger, plan.phase[target])

    def _days(self, rows: Column, spreads: Column, phase: Column, visits: Column) -> npt.NDArray[np.int64]:
        total = np.zeros(len(rows), dtype=np.int64)
        for part in range(PARTS):
            low, middle, high, rate = (spreads[:, part, one] for one in (LOW, MIDDLE, HIGH, RATE))
            if not high.any():
                continue
            drawn = np.flatnonzero(low != high)
            days = low.copy()
            u = _luck(self.kept.words[rows[drawn]], phase[drawn], visits[drawn], 1 + part)
            days[drawn] = _spread(u, low[drawn], middle[drawn], high[drawn], rate[drawn])
            total += np.floor(days + 0.5).astype(np.int64)
        return total


def walk_case(graph: Graph, name: str, seed: int, first: int, number: int, *, steps: bool = False) -> Walks:
    """Patients `first` to `first + number`, all like the case of `graph`, under strategy `name`."""
    return walk_layout(layout(graph, name), seed, first, number, steps=steps)


def walk_layout(plan: Layout, seed: int, first: int, number: int, *, steps: bool = False) -> Walks:
    """As `walk_case`, for arrays that are there already."""
    return _Steps(plan, np.arange(first, first + number, dtype=np.int64), seed, steps=steps).run()


def _spread(u: Column, low: Column, middle: Column, high: Column, rate: Column) -> Column:
    """`Spread.days` for columns of spreads."""
    even: Column = Spread(*(cast("Any", one) for one in (low, middle, high))).days(u)
    if rate.any():
        falling = rate > 0
        safe = np.where(falling, rate, 1.0)
        inside = 1 - np.exp(-safe * (high - low))
        even = np.where(falling, low - np.log(1 - u * inside) / safe, even)
    return even


def _luck(words: Column, phase: Column, visits: Column, draw: int) -> npt.NDArray[np.float64]:
    found: Words = mixed(words ^ _slots(draw)[phase, visits])
    found >>= np.uint64(11)
    return found.astype(np.float64) * UNIT


_SLOTS: dict[int, npt.NDArray[np.uint64]] = {}


def _slots(draw: int) -> npt.NDArray[np.uint64]:
    """The slots of every phase, by occurrence."""
    if draw not in _SLOTS:
        found = np.zeros((len(PHASES), OCCURRENCES), dtype=np.uint64)
        for name, code in PHASE_CODE.items():
            found[code] = slots(name, draw)
        _SLOTS[draw] = found
    return _SLOTS[draw]


assert len(TRIGGER_CODE) <= 256  # noqa: PLR2004 - codes of triggers are kept in one byte
