"""Proof of the properties on the whole graph of a case: every route at once, by search over states and memories.

A node is entered with every memory that some route brings to it. Of two clocks in one mode only the worse is kept, so
bounds in days are found by the longest (or shortest) path. A broken property comes with a shortest route that breaks it.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Mapping, Sequence
from typing import Any

from pathways.conformance.acts import Act, acts_of
from pathways.conformance.properties import ALWAYS_ENDS, ENDS_STAY_ENDED, PROPERTIES, STRUCTURAL
from pathways.conformance.property import ANYTHING, Breach, Clock, Memory, Mode, Property, View
from pathways.graph.explore import Edge, Graph
from pathways.messages.catalogue import say
from pathways.planning.evaluate import Evaluator
from pathways.process.declaration import PROCESS
from pathways.quick_dataclass import dataclass

Modes = dict[Mode, Clock]
Acts = tuple[tuple[Act, ...], ...]
# Nodes from the start on, each with the nodes it leads to and the acts on the way.
Ways = tuple[tuple[int, tuple[tuple[int, Act], ...]], ...]


@dataclass(frozen=True, slots=True)
class CounterExample:
    """A shortest route that breaks a property, and how."""

    words: str
    rule: str
    excess: float | None
    unit: str | None
    steps: tuple[tuple[str, int], ...]

    def as_json(self) -> dict[str, Any]:
        """The counter-example as the JSON of the command line shows it."""
        return {
            "words": self.words, "rule": self.rule, "excess": self.excess, "unit": self.unit,
            "steps": [{"trigger": name, "day": day} for name, day in self.steps],
        }  # fmt: skip


@dataclass(frozen=True, slots=True)
class Structure:
    """A structural check of the graph: what must hold, and the first place where it does not."""

    id: str
    sentence: str
    fault: str

    def as_json(self) -> dict[str, Any]:
        """The check as the JSON of the command line shows it."""
        return {"id": self.id, "holds": not self.fault, "fault": self.fault or None}


@dataclass(frozen=True, slots=True)
class Proved:
    """The answer for one property of one case."""

    id: str
    sentence: str
    counter_example: CounterExample | None

    def as_json(self) -> dict[str, Any]:
        """The answer as the JSON of the command line shows it."""
        example = self.counter_example
        return {"id": self.id, "proved": example is None, "counter_example": example.as_json() if example else None}


def prove(graph: Graph, properties: Sequence[Property] = PROPERTIES) -> tuple[Proved, ...]:
    """Every property of `graph`, proved or with a counter-example."""
    acts = acts_of(graph)
    assessed = graph.facts.assessed
    view = View(assessed.case, assessed.protocol)
    kinds = frozenset(kind for leaving in acts for act in leaving for kind in act.kinds)
    ways = tuple(
        (node, tuple(zip((edge.target for edge in graph.edges[node]), acts[node], strict=True)))
        for node in reversed(graph.order)
    )
    found = [_of_acts(graph, acts, ways, view, kinds, one) for one in properties]
    return (*found, *_structural(graph))


def _of_acts(graph: Graph, acts: Acts, ways: Ways, view: View, kinds: frozenset[str], one: Property) -> Proved:
    if one.judges != ANYTHING and not one.judges & kinds:
        return Proved(one.id, one.sentence, None)
    broken = _broken(len(graph.states), ways, view, one) if one.after else _broken_anywhere(ways, view, one)
    return Proved(one.id, one.sentence, _shortest(graph, acts, view, one) if broken else None)


def _broken_anywhere(ways: Ways, view: View, one: Property) -> bool:
    """The same for a property without a memory: every act stands for itself."""
    mode, clock = one.start(view)
    return any(isinstance(one.judge(mode, clock, act, view), Breach) for _, leaving in ways for _, act in leaving)


def _broken(nodes: int, ways: Ways, view: View, one: Property) -> bool:
    """Whether some route breaks the property."""
    mode, clock = one.start(view)
    reached: list[Modes | None] = [None] * nodes
    reached[0] = {mode: clock}
    judge, after, which = one.judge, one.after, one.clock
    assert after is not None
    for node, leaving in ways:
        here = reached[node]
        if here is None:
            continue
        for target, act in leaving:
            there = reached[target]
            if there is None:
                there = reached[target] = {}
            for mode, before in here.items():
                now = _later(before, act) if which else before
                if isinstance(judge(mode, now, act, view), Breach):
                    return True
                next_mode, next_clock = after(mode, now, act, view)
                if next_mode not in there or (which and _worse(next_clock, there[next_mode], which)):
                    there[next_mode] = next_clock
    return False


def _later(clock: Clock, act: Act) -> Clock:
    return None if clock is None or act.days is None else clock + act.days


def _worse(clock: Clock, known: Clock, which: str) -> bool:
    if clock is None or known is None:
        return False
    return clock > known if which == "latest" else clock < known if which == "earliest" else False


def _shortest(graph: Graph, acts: Acts, view: View, one: Property) -> CounterExample:
    """The breach that the fewest steps lead to: breadth first over states with their memories."""
    start: tuple[int, Memory] = (0, one.start(view))
    via: dict[tuple[int, Memory], tuple[tuple[int, Memory], Edge] | None] = {start: None}
    waiting = deque([start])
    while waiting:
        place = waiting.popleft()
        node, (mode, clock) = place
        for edge, act in zip(graph.edges[node], acts[node], strict=True):
            now = _later(clock, act) if one.clock else clock
            answer = one.judge(mode, now, act, view)
            if isinstance(answer, Breach):
                route = [*_back(via, place), edge]
                return CounterExample(answer.words, answer.rule, answer.excess, answer.unit, _dated(graph, route))
            after = (edge.target, (mode, now) if one.after is None else one.after(mode, now, act, view))
            if after not in via:
                via[after] = (place, edge)
                waiting.append(after)
    raise AssertionError(f"{one.id}: broken, but no route breaks it")


def _back(
    via: Mapping[tuple[int, Memory], tuple[tuple[int, Memory], Edge] | None], place: tuple[int, Memory]
) -> list[Edge]:
    found: list[Edge] = []
    while (step := via[place]) is not None:
        place, edge = step
        found.append(edge)
    return found[::-1]


def _dated(graph: Graph, route: Sequence[Edge]) -> tuple[tuple[str, int], ...]:
    day, steps = 0.0, []
    for edge in route:
        day += graph.days(edge)
        steps.append((edge.declared.name, round(day)))
    return tuple(steps)


def _structural(graph: Graph) -> tuple[Proved, ...]:
    """An end from everywhere; no way out of an end."""
    leads: set[int] = set()
    for node in graph.order:
        if graph.states[node].phase in PROCESS.ends or any(edge.target in leads for edge in graph.edges[node]):
            leads.add(node)
    stuck = next((node for node in range(len(graph.states)) if node not in leads), None)
    left = next(
        (
            node
            for node, state in enumerate(graph.states)
            if state.phase in PROCESS.ends
            and graph.edges[node]
            and not (state.phase == PROCESS.end_of_episode and all(map(_leads_on, graph.edges[node])))
        ),
        None,
    )
    return (
        Proved(ALWAYS_ENDS, STRUCTURAL[ALWAYS_ENDS], _at(graph, stuck, say("always_ends.stuck"), ALWAYS_ENDS)),
        Proved(
            ENDS_STAY_ENDED, STRUCTURAL[ENDS_STAY_ENDED], _at(graph, left, say("ends_stay_ended.left"), ENDS_STAY_ENDED)
        ),
    )


def _leads_on(edge: Edge) -> bool:
    """Whether a step is one of those that the end of an episode leads on by."""
    return any(guard.fact in PROCESS.leads_on for guard in edge.declared.guards)


def structure(graph: Graph) -> tuple[Structure, ...]:
    """Unreachable states, dead ends, overlapping outcomes, and chances that do not add to one."""
    mixed = [node for node in range(len(graph.states)) if _mixed(graph.edges[node])]
    found = (
        ("states_reachable", say("structure.states_reachable"), _unreached(graph)),
        ("no_dead_ends", say("structure.no_dead_ends"), _dead(graph)),
        ("outcomes_apart", say("structure.outcomes_apart"), mixed),
        ("chances_add_up", say("structure.chances_add_up"), _uneven(graph, frozenset(mixed))),
    )
    return tuple(
        Structure(name, sentence, say("structure_fault.in_state", state=graph.states[nodes[0]]) if nodes else "")
        for name, sentence, nodes in found
    )


def _unreached(graph: Graph) -> list[int]:
    reached = {0}
    for node in reversed(graph.order):
        if node in reached:
            reached.update(edge.target for edge in graph.edges[node])
    return [node for node in range(len(graph.states)) if node not in reached]


def _dead(graph: Graph) -> list[int]:
    return [
        node for node, state in enumerate(graph.states) if not graph.edges[node] and state.phase not in PROCESS.ends
    ]


def _mixed(leaving: Sequence[Edge]) -> bool:
    """Whether decisions and outcomes leave one state, or a step leaves it twice, or not just one outcome is hoped for."""
    kinds = {edge.declared.kind for edge in leaving}
    if len(kinds) > 1 or len({edge.trigger for edge in leaving}) < len(leaving):
        return True
    return kinds == {"outcome"} and sum(edge.declared.hoped_for for edge in leaving) != 1


def _uneven(graph: Graph, mixed: frozenset[int]) -> list[int]:
    evaluator = Evaluator(graph, graph.figures)
    return [
        node
        for node, leaving in enumerate(graph.edges)
        if node not in mixed
        and any(edge.declared.kind == "outcome" for edge in leaving)
        and abs(sum(evaluator.chances(node)) - 1) > TOLERANCE
    ]


TOLERANCE = 1e-9


def _at(graph: Graph, node: int | None, words: str, rule: str) -> CounterExample | None:
    """A shortest route to `node` as a counter-example; None where there is no such node."""
    if node is None:
        return None
    via: dict[int, Edge | None] = {0: None}
    waiting = deque([0])
    while waiting:
        for edge in graph.edges[waiting.popleft()]:
            if edge.target not in via:
                via[edge.target] = edge
                waiting.append(edge.target)
    route: list[Edge] = []
    step = via[node]
    while step is not None:
        route.append(step)
        step = via[step.source]
    return CounterExample(words, rule, None, None, _dated(graph, route[::-1]))
