"""Chances, days and burden of every state, exactly, by one backward pass over the acyclic graph.

The pass goes from the ends to the start. At an outcome it averages, at a decision it follows a policy. An episode ends
where the liver is cleared: what follows (with follow-up switched on) is not part of these numbers. The same pass serves
the point estimate (numbers) and all draws at once (arrays).
"""

from __future__ import annotations

from collections.abc import Callable, Container, Iterable, Mapping, Sequence
from functools import cached_property
from typing import Any, Literal, NamedTuple

from pathways.facts.figures import Figures
from pathways.graph.explore import Edge, Graph
from pathways.graph.routes import Route
from pathways.knowledge.arithmetic import Number
from pathways.process.acts import is_block
from pathways.process.declaration import PROCESS
from pathways.process.facts import State
from pathways.prognosis.curves import months_lived
from pathways.prognosis.patient import MIDDLE_YEAR, Prognosis
from pathways.quick_dataclass import dataclass

Objective = Literal["resection", "survival", "life", "time", "safety"]
OBJECTIVES: tuple[Objective, ...] = ("resection", "survival", "life", "time", "safety")
# For each node of a graph, the position of the edge chosen among those that leave it.
Policy = Sequence[int]


class Worth(NamedTuple):
    """What a state is worth under a policy. `days` and `operations` count all walks; `cleared_days` those that clear.

    `transplanted` is part of `cleared`. `uncleared`: alive without clearance, None where some end that can be reached has no figure of
    how long one lives.
    """

    resected: Number
    cleared: Number
    dead: Number
    transplanted: Number
    uncleared: Number | None
    days: Number
    cleared_days: Number
    operations: Number
    blocks: Number

    @property
    def days_to_clearance(self) -> Number:
        """Mean days to clearance of those whose liver is cleared."""
        return self.cleared_days / (self.cleared + TINY)


class Lived(NamedTuple):
    """One figure of how long one lives, by kind of end."""

    cleared: Number
    transplanted: Number
    uncleared: Number


def alive(worth: Worth, lived: Lived) -> Number:
    """The figure of a mixture of ends: counted from clearance, so that waiting for it is no gain."""
    resected = worth.cleared - worth.transplanted
    uncleared = 0.0 if worth.uncleared is None else worth.uncleared
    return resected * lived.cleared + worth.transplanted * lived.transplanted + uncleared * lived.uncleared


TINY = 1e-12
# The one zero that is known by itself.
NOBODY: float = float(0)


@dataclass(frozen=True)
class Evaluator:
    """Evaluates a graph with one set of numbers."""

    graph: Graph
    figures: Figures

    def chances(self, node: int) -> tuple[Number, ...]:
        """Chances of the outcomes that leave `node`, in order; they add to one."""
        found = self._chances.get(node)
        if found is None:
            found = self._chances[node] = self._chances_of(node)
        return found

    @cached_property
    def _chances(self) -> dict[int, tuple[Number, ...]]:
        return {}

    @cached_property
    def _burdens(self) -> dict[tuple[int, object], tuple[Number, float, float]]:
        return {}

    def _burden(self, edge: Edge) -> tuple[Number, float, float]:
        """Days, operations and blocks of a step; alike wherever the fact that the days depend on is the same."""
        trigger = edge.declared
        state = self.graph.states[edge.source]
        key = (edge.trigger, getattr(state, trigger.days.by) if trigger.days and trigger.days.by else None)
        found = self._burdens.get(key)
        if found is None:
            block = is_block(trigger)
            found = self._burdens[key] = (self.figures.days(trigger, state), float(trigger.operation), float(block))
        return found

    def _chances_of(self, node: int) -> tuple[Number, ...]:
        leaving = [edge.declared for edge in self.graph.edges[node]]
        return self.figures.outcome_chances(leaving, self.graph.states[node])

    def ended(self, node: int) -> bool:
        """Whether the episode is over at `node`."""
        return self.graph.is_end(node) or self.graph.states[node].phase == PROCESS.end_of_episode

    def at_end(self, node: int) -> Worth:
        """Worth of an end."""
        state = self.graph.states[node]
        cleared = 1.0 if state.phase in PROCESS.curative_ends else 0.0
        return Worth(
            resected=1.0 if state.phase == PROCESS.end_of_episode else 0.0,
            cleared=cleared,
            dead=1.0 if state.phase == "dead" else 0.0,
            transplanted=1.0 if state.phase == "transplanted" else NOBODY,
            uncleared=self._uncleared(state),
            days=0.0,
            cleared_days=0.0,
            operations=0.0,
            blocks=0.0,
        )

    def _uncleared(self, state: State) -> Number | None:
        """Whether an end is one of life without clearance: figures are for bowel metastases; elsewhere, and of other ends, unknown."""
        if state.phase == "dead":
            return 0.0
        if not self.prognosis.known:
            return None
        return UNCLEARED.get(state.phase)

    @cached_property
    def prognosis(self) -> Prognosis:
        """How long the patient lives after each kind of end."""
        return Prognosis(self.graph.facts.assessed, self.figures.drawn)

    def step(self, edge: Edge, after: Worth) -> Worth:
        """Worth of taking `edge` to a state of worth `after`."""
        days, operation, block = self._burden(edge)
        resected, cleared, dead, transplanted, uncleared, days_after, cleared_days, operations, blocks = after
        return Worth(
            resected, cleared, dead, transplanted, uncleared, days_after + days, cleared_days + days * cleared, operations + operation,
            blocks + block,
        )  # fmt: skip

    def averaged(self, node: int, ahead: Iterable[Worth]) -> Worth:
        """Worth of the outcome set that leaves `node`: the average over its steps, each with what lies ahead of it."""
        resected = cleared = dead = days = cleared_days = operations = blocks = 0.0
        transplanted: Number = NOBODY
        uncleared: Any = 0.0
        for chance, (took, operation, block), one in zip(
            self.chances(node), self._burdens_from(node), ahead, strict=True
        ):
            resects, clears, dies, replaces, lives, days_after, cleared_after, operations_after, blocks_after = one
            resected = resected + chance * resects
            cleared = cleared + chance * clears
            dead = dead + chance * dies
            # Drawn figures come by the thousand: what stays nothing is not multiplied.
            if replaces is not NOBODY:
                transplanted = transplanted + chance * replaces
            days = days + chance * (days_after + took)
            cleared_days = cleared_days + chance * (cleared_after + took * clears)
            operations = operations + chance * (operations_after + operation)
            blocks = blocks + chance * (blocks_after + block)
            if lives is None:
                impossible = isinstance(chance, float) and chance <= 0
                uncleared = uncleared if impossible else None
            elif uncleared is not None:
                uncleared = uncleared + chance * lives
        return Worth(resected, cleared, dead, transplanted, uncleared, days, cleared_days, operations, blocks)

    def _burdens_from(self, node: int) -> tuple[tuple[Number, float, float], ...]:
        found = self._burdens_of_nodes.get(node)
        if found is None:
            found = self._burdens_of_nodes[node] = tuple([self._burden(edge) for edge in self.graph.edges[node]])
        return found

    @cached_property
    def _burdens_of_nodes(self) -> dict[int, tuple[tuple[Number, float, float], ...]]:
        return {}

    def under(self, policy: Policy, nodes: Iterable[int] | None = None) -> dict[int, Worth]:
        """Worth of every node (or of `nodes` and what they lead to) under `policy`."""
        wanted = None if nodes is None else self._reached(policy, nodes)
        worth: dict[int, Worth] = {}
        for node in self.graph.order:
            if wanted is not None and node not in wanted:
                continue
            if self.ended(node):
                worth[node] = self.at_end(node)
                continue
            leaving = self.graph.edges[node]
            if leaving[0].declared.kind == "decision":
                edge = leaving[policy[node]]
                worth[node] = self.step(edge, worth[edge.target])
            else:
                worth[node] = self.averaged(node, [worth[edge.target] for edge in leaving])
        return worth

    @cached_property
    def _solved(self) -> tuple[tuple[int, bool, tuple[int, ...], tuple[Number, ...]], ...]:
        """Every node that is no end, ends first: whether the team decides there, where it leads, and the chances."""
        rows = []
        for node in self.graph.order:
            if not self.ended(node):
                leaving = self.graph.edges[node]
                decides = leaving[0].declared.kind == "decision"
                rows.append(
                    (node, decides, tuple(edge.target for edge in leaving), () if decides else self.chances(node))
                )
        return tuple(rows)

    @cached_property
    def _ends(self) -> tuple[Number, ...]:
        return tuple(self.at_end(node).resected if self.ended(node) else 0.0 for node in range(len(self.graph.states)))

    def most_resected(self, without: Container[tuple[int, int]] = ()) -> Number:
        """The best chance of resection over all policies; steps in `without` (node, place) are not taken."""
        best = list(self._ends)
        for node, decides, targets, chances in self._solved:
            if not decides:
                total = 0.0
                for chance, target in zip(chances, targets, strict=True):
                    total += chance * best[target]
                best[node] = total
                continue
            taken = targets
            if without:
                taken = tuple(one for place, one in enumerate(targets) if (node, place) not in without)
            best[node] = max([best[target] for target in taken], default=0.0)
        return best[0]

    def _reached(self, policy: Policy, nodes: Iterable[int]) -> set[int]:
        seen: set[int] = set()
        waiting = list(nodes)
        while waiting:
            node = waiting.pop()
            if node in seen:
                continue
            seen.add(node)
            if not self.ended(node):
                leaving = self.graph.edges[node]
                chosen = (leaving[policy[node]],) if leaving[0].declared.kind == "decision" else leaving
                waiting += [edge.target for edge in chosen]
        return seen

    def best(self, objective: Objective) -> tuple[list[int], dict[int, Worth]]:
        """The best policy under `objective`, and what every node is worth under it."""
        policy = [0] * len(self.graph.states)
        worth: dict[int, Worth] = {}
        for node in self.graph.order:
            if self.ended(node):
                worth[node] = self.at_end(node)
                continue
            leaving = self.graph.edges[node]
            if leaving[0].declared.kind == "outcome":
                worth[node] = self.averaged(node, [worth[edge.target] for edge in leaving])
                continue
            if objective == "resection":
                policy[node] = self._most_resected(leaving, worth)
                edge = leaving[policy[node]]
                worth[node] = self.step(edge, worth[edge.target])
                continue
            offered = [self.step(edge, worth[edge.target]) for edge in leaving]
            going_on = [index for index, edge in enumerate(leaving) if not edge.declared.gives_up]
            # Time and safety would be served best by doing nothing: giving up is left to the other two objectives.
            open_to = going_on if going_on and objective in ("time", "safety") else range(len(leaving))
            policy[node] = max(open_to, key=lambda index: self._merit(objective, offered[index]))
            worth[node] = offered[policy[node]]
        return policy, worth

    def _most_resected(self, leaving: Sequence[Edge], worth: Mapping[int, Worth]) -> int:
        """The step of the greatest `_merit` for resection, the first of equals: what decides between equals is asked of equals only."""
        places: Sequence[int] = range(len(leaving))
        ahead = [worth[edge.target] for edge in leaving]
        merits: tuple[Callable[[int], float], ...] = (
            lambda place: round(ahead[place].resected, 12),
            lambda place: round(ahead[place].cleared, 12),
            lambda place: -round(ahead[place].dead, 12),
            lambda place: -round(ahead[place].days + self._burden(leaving[place])[0], 6),
        )
        for merit in merits:
            if len(places) == 1:
                break
            told = [merit(place) for place in places]
            most = max(told)
            places = [place for place, one in zip(places, told, strict=True) if one == most]
        return places[0]

    def _merit(self, objective: Objective, worth: Worth) -> tuple[float, ...]:
        """What `objective` maximises, then what decides between equals."""
        ties = (round(worth.cleared, 12), -round(worth.dead, 12), -round(worth.days, 6))
        if objective in ("survival", "life") and worth.uncleared is not None:
            return (round(alive(worth, self.lived[objective]), 12), *ties)
        if objective == "time":
            return (-round(worth.days, 6), *ties)
        if objective == "safety":
            return (-round(worth.dead, 12), *ties)
        return (round(worth.resected, 12), *ties)

    @cached_property
    def lived(self) -> dict[Objective, Lived]:
        """What a clearance, a new liver and life without clearance are worth: alive at five years, months lived within ten."""
        curves = [one.alive for one in (
            self.prognosis.cleared(), self.prognosis.transplanted(self.figures.figure), self.prognosis.uncleared(self.figures.figure),
        )]  # fmt: skip
        return {
            "survival": Lived(*(one[MIDDLE_YEAR] for one in curves)),
            "life": Lived(*(months_lived(one) for one in curves)),
        }

    def along(self, walk: Route, worth: Mapping[int, Worth]) -> tuple[Number, Worth]:
        """Chance that `walk` goes as planned, and its worth with `worth` at every state off the walk."""
        planned: Number = 1.0
        here: Worth | None = None
        for edge in reversed(walk):
            node = edge.source
            if here is None or self.ended(edge.target):
                here, planned = self.at_end(edge.target), 1.0
            if self.graph.edges[node][0].declared.kind == "decision":
                here = self.step(edge, here)
                continue
            chances = self.chances(node)
            leaving = self.graph.edges[node]
            planned = planned * chances[leaving.index(edge)]
            ahead = here
            here = self.averaged(node, [ahead if one.trigger == edge.trigger else worth[one.target] for one in leaving])
        assert here is not None
        return planned, here


# Ends that are life without clearance or its place (1), or have their own figure (0). What is controlled and not cleared counts as the first.
UNCLEARED = {"resected": 0.0, "no_visible_disease": 0.0, "transplanted": 0.0, "palliation": 1.0, "controlled": 1.0}


@dataclass(frozen=True)
class Evaluation:
    """The graph evaluated at the point estimates."""

    graph: Graph

    @cached_property
    def evaluator(self) -> Evaluator:
        """The evaluator at the point estimates."""
        return Evaluator(self.graph, self.graph.figures)

    @cached_property
    def _best(self) -> dict[Objective, tuple[list[int], dict[int, Worth]]]:
        return {}

    def best(self, objective: Objective = "resection") -> tuple[list[int], dict[int, Worth]]:
        """The best policy under `objective` and the worth of every node under it."""
        found = self._best.get(objective)
        if found is None:
            found = self._best[objective] = self.evaluator.best(objective)
        return found

    def policy(self, objective: Objective = "resection") -> list[int]:
        """The edge chosen at every decision, by position."""
        return self.best(objective)[0]

    def worth(self, objective: Objective = "resection") -> Worth:
        """What the case is worth under the best policy."""
        return self.best(objective)[1][0]

    def pathway(self, walk: Route, objective: Objective = "resection") -> tuple[float, Worth]:
        """Chance that `walk` goes as planned, and its worth with the best continuation everywhere else."""
        return self.evaluator.along(walk, self.best(objective)[1])


def evaluate(graph: Graph) -> Evaluation:
    """Evaluates `graph` at the point estimates of the cited figures."""
    return Evaluation(graph)


def clearance_days(graph: Graph, policy: Policy) -> dict[int, float]:
    """Distribution of the planned day of clearance under `policy`: chance of each day; the rest is never cleared."""
    evaluator = Evaluator(graph, graph.figures)
    arriving: list[dict[int, float]] = [{} for _ in graph.states]
    arriving[0][0] = 1.0
    found: dict[int, float] = {}
    for node in reversed(graph.order):
        here = arriving[node]
        if not here:
            continue
        if evaluator.ended(node):
            if graph.states[node].phase in PROCESS.curative_ends:
                for day, chance in here.items():
                    found[day] = found.get(day, 0.0) + chance
            continue
        leaving = graph.edges[node]
        if leaving[0].declared.kind == "decision":
            taken: list[tuple[Edge, float]] = [(leaving[policy[node]], 1.0)]
        else:
            taken = list(zip(leaving, evaluator.chances(node), strict=True))
        for edge, share in taken:
            days = round(graph.days(edge))
            onward = arriving[edge.target]
            for day, chance in here.items():
                onward[day + days] = onward.get(day + days, 0.0) + chance * share
    return dict(sorted(found.items()))
