"""The graph of everything reachable from a case: states as nodes, triggers as edges. Acyclic; nothing is dropped."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, Any, NamedTuple

from pathways.case.models import Case
from pathways.documents.display import Shown
from pathways.facts.derive import CaseFacts
from pathways.facts.figures import Figures
from pathways.facts.guarding import families
from pathways.graph.compiled import CompiledCase, CompiledTrigger
from pathways.knowledge.model import Protocol
from pathways.knowledge.protocols import as_protocol
from pathways.process.declaration import PROCESS
from pathways.process.facts import State
from pathways.process.model import Trigger
from pathways.quick_dataclass import dataclass

if TYPE_CHECKING:
    import networkx as nx

TRIGGERS = PROCESS.triggers


class Edge(NamedTuple):
    """One step: position of the trigger in the declaration, node it leaves, node it reaches."""

    trigger: int
    source: int
    target: int

    @property
    def declared(self) -> Trigger:
        """The declared trigger."""
        return TRIGGERS[self.trigger]


@dataclass(frozen=True, repr=False)
class Graph(Shown):
    """Everything reachable. Node 0 is the start; `order` lists nodes so that every edge leads to an earlier one."""

    states: tuple[State, ...]
    edges: tuple[tuple[Edge, ...], ...]
    order: tuple[int, ...]
    compiled: CompiledCase

    def __repr__(self) -> str:
        return f"Graph({self.facts.assessed.case.id}: {len(self.states)} states, {self.number_of_edges} steps)"

    def to_rows(self) -> list[dict[str, Any]]:
        """A row a step: from which state to which, by position."""
        return [
            {
                "from": edge.source, "to": edge.target, "trigger": edge.declared.name, "kind": edge.declared.kind,
                "hoped_for": edge.declared.hoped_for, "from_phase": self.states[edge.source].phase,
                "to_phase": self.states[edge.target].phase, "days": self.days(edge), "families": ", ".join(self.families(edge)),
            }
            for leaving in self.edges
            for edge in leaving
        ]  # fmt: skip

    @property
    def facts(self) -> CaseFacts:
        """The facts the graph was explored with."""
        return self.compiled.facts

    @property
    def number_of_edges(self) -> int:
        """How many edges there are."""
        return sum(len(leaving) for leaving in self.edges)

    @cached_property
    def index(self) -> dict[State, int]:
        """Position of each state."""
        return {state: index for index, state in enumerate(self.states)}

    def families(self, edge: Edge) -> tuple[str, ...]:
        """Families of one step, also of one that a fixed fact refuses everywhere (asked when it is judged all the same)."""
        state, compiled = self.states[edge.source], self._by_trigger.get(edge.trigger)
        return families(edge.declared, state, self.facts) if compiled is None else compiled.families(state)

    @cached_property
    def _by_trigger(self) -> dict[int, CompiledTrigger]:
        return {one.place: one for one in self.compiled.triggers}

    def days(self, edge: Edge) -> float:
        """Planned days of one step; the same trigger takes the same time wherever the fact it depends on is the same."""
        trigger = edge.declared
        if trigger.days is None:
            return 0.0
        state = self.states[edge.source]
        key = (edge.trigger, getattr(state, trigger.days.by) if trigger.days.by else None)
        days = self._days.get(key)
        if days is None:
            days = self._days[key] = float(self.figures.days(trigger, state))
        return days

    @cached_property
    def figures(self) -> Figures:
        """Days and chances at the point estimates."""
        return Figures(self.facts.assessed)

    @cached_property
    def _days(self) -> dict[tuple[int, str | None], float]:
        return {}

    def is_end(self, node: int) -> bool:
        """Whether the walk ends at `node`."""
        return not self.edges[node]

    def to_networkx(self) -> nx.MultiDiGraph:
        """The graph as a networkx MultiDiGraph: nodes are states, edge keys are trigger names.

        What is told of them is plain, so that `networkx.write_graphml` writes it: of a node each fact of its state, of an edge its
        trigger, kind, planned days and families (names with spaces between).
        """
        import networkx as nx

        graph = nx.MultiDiGraph()
        for state in self.states:
            graph.add_node(state, **state._asdict())
        for leaving in self.edges:
            for edge in leaving:
                trigger = edge.declared
                graph.add_edge(
                    self.states[edge.source],
                    self.states[edge.target],
                    key=trigger.name,
                    trigger=trigger.name,
                    kind=trigger.kind,
                    hoped_for=trigger.hoped_for,
                    families=" ".join(self.families(edge)),
                    days=self.days(edge),
                )
        return graph


def explore(
    case: Case, protocol: Protocol | str = "default", *, strict: bool = False, follow_up: bool = False
) -> Graph:
    """Everything reachable from `case` under `protocol`; with `follow_up` beyond the clearance of the liver."""
    return explore_facts(CaseFacts(case, as_protocol(protocol), strict=strict, follow_up=follow_up))


def explore_facts(facts: CaseFacts) -> Graph:
    """Everything reachable from the start of `facts`."""
    compiled = CompiledCase(facts)
    search = _Search(compiled)
    search.run()
    return Graph(tuple(search.states), tuple(search.edges), tuple(search.order), compiled)


# A named tuple is made five times quicker without the checks of its own constructor; six thousand are made a case.
_new_tuple = tuple.__new__


class _Search:
    """Depth first, so that the order in which nodes are left is a topological order, ends first."""

    def __init__(self, compiled: CompiledCase) -> None:
        self.compiled = compiled
        self.states = [compiled.start]
        self.index = {compiled.start: 0}
        self.edges: list[tuple[Edge, ...]] = [()]
        self.order: list[int] = []

    def run(self) -> None:
        opened = {0}
        stack = [(0, iter(self.open(0)))]
        while stack:
            node, waiting = stack[-1]
            for edge in waiting:
                if edge.target not in opened:
                    opened.add(edge.target)
                    stack.append((edge.target, iter(self.open(edge.target))))
                    break
            else:
                stack.pop()
                self.order.append(node)

    def open(self, node: int) -> tuple[Edge, ...]:
        """Finds the steps out of `node` and numbers the states they reach."""
        index, states, edges = self.index, self.states, self.edges
        leaving = []
        for trigger, after in self.compiled.successors(states[node]):
            target = index.setdefault(after, len(states))
            if target == len(states):
                states.append(after)
                edges.append(())
            leaving.append(_new_tuple(Edge, (trigger, node, target)))
        edges[node] = tuple(leaving)
        return edges[node]
