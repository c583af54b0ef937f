"""Many patients like one case: its explored graph walked by columns, under the best policy of an objective or an order of preference.

Everything the walk asks is laid out by node once: the edge of a decision, the running sum of the chances of an outcome set. Luck has the same keys as in `engine`, so a drawn patient walks the same route there, here, and on the machine.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

from pathways.cohort.codes.state import PHASE_CODE
from pathways.cohort.codes.strategies import GUIDELINE, Preference, is_objective, strategy
from pathways.cohort.draws.durations import DurationDistribution, distribution_of, observation
from pathways.cohort.draws.lives import lives_like
from pathways.cohort.draws.random_numbers import patient_words
from pathways.cohort.engine import stepping
from pathways.cohort.engine.histories import DEAD, Walks
from pathways.cohort.engine.stepping import OUTCOME_DRAW, Edges, RandomNumbers
from pathways.cohort.rules.probabilities import SURE
from pathways.facts.guarding import holds
from pathways.facts.patient_assessment import PatientAssessment
from pathways.graph.explore import Edge, Graph
from pathways.planning.evaluate import Objective, evaluate
from pathways.process.phases import END_OF_EPISODE
from pathways.quick_dataclass import dataclass

Column = npt.NDArray[Any]
Ints = npt.NDArray[np.int64]


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
    """A graph and a policy as a plan. A decision has one edge, and needs no luck."""

    phase: Column  # node
    ended: Column  # node
    certain: Column  # node
    passed: Column  # node, place: running sum of the chances
    taken: Column  # node, place: the edge
    edges: Edges
    dead: int
    assessed: PatientAssessment


def layout(graph: Graph, name: str) -> Layout:
    """The plan of `graph` under strategy `name`. One node more than the graph has: for those who die of another cause."""
    chosen = decisions(graph, name)
    chances = evaluate(graph).evaluator
    widest = max(1, *(len(leaving) for leaving in graph.edges))
    dead = len(graph.states)
    # Rounding may leave the sum a hair below one: the last outcome that can happen takes what is left.
    passed, taken = np.full((dead + 1, widest), SURE), np.zeros((dead + 1, widest), dtype=np.int32)
    distributions, found = _Spreads(graph), Edges()
    for node, leaving in enumerate(graph.edges):
        certain = node in chosen
        edges = (leaving[chosen[node]],) if certain else leaving
        shares = (1.0,) * bool(edges) if certain else chances.chances(node) if edges else ()
        last = max((place for place, share in enumerate(shares) if share > 0), default=0)
        total, left = 0.0, PHASE_CODE[graph.states[node].phase]
        for place, (edge, share) in enumerate(zip(edges, shares, strict=True)):
            total = total + share
            passed[node, place] = total if place < last else SURE
            taken[node, place] = found.add(left, edge.trigger, distributions.of(edge), edge.target)
    phase = np.array([*(PHASE_CODE[state.phase] for state in graph.states), DEAD], dtype=np.uint8)
    ended = np.array([*(not leaving for leaving in graph.edges), True])
    alone = np.array([node in chosen for node in range(dead + 1)])
    return Layout(phase, ended, alone, passed, taken, found, dead, graph.facts.assessed)


class _Spreads:
    """The spread of every part of the days of an edge."""

    def __init__(self, graph: Graph) -> None:
        self.graph = graph
        self._known: dict[Any, tuple[DurationDistribution, ...]] = {}

    def of(self, edge: Edge) -> tuple[DurationDistribution, ...]:
        trigger, state = edge.declared, self.graph.states[edge.source]
        if trigger.days is None:
            return ()
        key = (edge.trigger, getattr(state, trigger.days.by) if trigger.days.by else None)
        if key not in self._known:
            parts = self.graph.figures.days_by_figure(trigger, state)
            self._known[key] = tuple(self._of(figure, float(planned)) for figure, planned in parts)
        return self._known[key]

    def _of(self, figure: str, planned: float) -> DurationDistribution:
        parameters = self.graph.facts.assessed.parameters
        if figure in ("meeting_days", "growth_meeting_days"):
            meeting = distribution_of("days_to_meeting", parameters)
            # Chemotherapy of the history may ask for a longer wait: then that is the least.
            wait = planned if planned > parameters["days_to_meeting"].number else meeting.low
            return DurationDistribution(max(meeting.low, wait), max(meeting.middle, wait), max(meeting.high, wait))
        if figure == "transplant_observation_days":
            return observation(self.graph.facts.assessed.protocol, parameters)
        return (
            distribution_of(figure, parameters)
            if figure in parameters
            else DurationDistribution(planned, planned, planned)
        )


class _Alike:
    """The plan of patients who are all like one case."""

    def __init__(self, laid_out: Layout, number: int) -> None:
        self.layout, self.number = laid_out, number
        self.edges, self.dead = laid_out.edges, laid_out.dead
        self.phase, self.ended = laid_out.phase, laid_out.ended

    def start(self) -> Column:
        return np.zeros(self.number, dtype=np.int32)

    def choose(self, rows: Ints, at: Column, luck: RandomNumbers) -> Column:
        place = np.zeros(len(rows), dtype=np.int64)
        happens = np.flatnonzero(~self.layout.certain[at])
        if len(happens):
            u = luck.draw(OUTCOME_DRAW, happens)
            place[happens] = (u[:, None] >= self.layout.passed[at[happens]]).sum(axis=1)
        return self.layout.taken[at, place]

    def more_days(self, rows: Ints, edge: Column) -> None:  # noqa: ARG002 - every duration is on the edge
        return None

    def arrive(self, rows: Ints, edge: Column) -> Column:  # noqa: ARG002 - the same for all
        found: Column = self.edges.target.values[edge]
        return found


def walk_case(graph: Graph, name: str, seed: int, first: int, number: int, *, steps: bool = False) -> Walks:
    """Patients `first` to `first + number`, all like the case of `graph`, under strategy `name`."""
    return walk_layout(layout(graph, name), seed, first, number, steps=steps)


def walk_layout(plan: Layout, seed: int, first: int, number: int, *, steps: bool = False) -> Walks:
    """As `walk_case`, for a plan that is there already."""
    patients = np.arange(first, first + number, dtype=np.int64)
    lives = lives_like(plan.assessed, patient_words(seed, patients))
    return stepping.walk(_Alike(plan, number), patients, seed, lives, steps=steps)
