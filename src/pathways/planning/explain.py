"""Why a family is open, contingent or closed, and the smallest changes that turn it round, each tried by planning.

The union search over facts says what would have to be otherwise; the ladders of the case turn that into numbers: the
first step whose facts answer as needed is planned, and only what then opens (or closes) the pathway is said.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, partial
from typing import Any

from pathways.facts.derive import CaseFacts
from pathways.facts.verdict import Verdict
from pathways.graph.explore import Graph, explore_facts
from pathways.messages.catalogue import joined
from pathways.planning.contingencies import reached_after
from pathways.planning.evaluate import evaluate
from pathways.planning.graded_changes import Change, GradedChange, graded_changes
from pathways.planning.pathway_groups import HopedFor, hoped_for
from pathways.planning.relaxed import Need, Needs, Relaxed
from pathways.planning.why import closed_by
from pathways.version import __version__

# Answers shown; combinations of two are looked for only where no single change turns the pathway.
MOST_ANSWERS = 5
FIRST_HALVES = 8
# Steps tried beyond the first whose facts fit, where planning says it is not enough yet.
FURTHER_STEPS = 3


@dataclass(frozen=True, slots=True)
class Answer:
    """Changes that together turn a pathway round; tried by planning the changed case."""

    changes: tuple[Change, ...]

    @property
    def words(self) -> str:
        """The changes in a line."""
        return joined(one.words for one in self.changes)

    @property
    def cost(self) -> float:
        """How far the changes are from the case as it is."""
        return sum(one.cost for one in self.changes)

    def as_json(self) -> dict[str, Any]:
        """The answer as the JSON of the command line shows it."""
        return {
            "words": self.words,
            "changes": [
                {"key": one.key, "before": _plain(one.before), "after": _plain(one.after), "unit": one.unit or None,
                 "words": one.words}
                for one in self.changes
            ],
        }  # fmt: skip


@dataclass(frozen=True)
class Explainer:
    """Answers "why not?" for every family of one case; what is shared is worked out once."""

    graph: Graph

    @property
    def facts(self) -> CaseFacts:
        """The facts of the case as it is."""
        return self.graph.facts

    @cached_property
    def hoped(self) -> HopedFor:
        """The subgraph of hoped-for outcomes."""
        return hoped_for(self.graph)

    @cached_property
    def open(self) -> frozenset[str]:
        """Families on some pathway of the case as it is."""
        return open_families(self.hoped)

    @cached_property
    def after(self) -> dict[str, tuple[str, ...]]:
        """Families on some route, with the misfortunes on the kindest way to each."""
        return reached_after(evaluate(self.graph))

    def status(self, family: str) -> str:
        """`open`, `contingent` or `closed`."""
        return "open" if family in self.open else "contingent" if family in self.after else "closed"

    @cached_property
    def graded_changes(self) -> tuple[GradedChange, ...]:
        """Every ladder of the case."""
        return tuple(graded_changes(self.facts.assessed))

    @cached_property
    def _one_need(self) -> Mapping[str, tuple[Needs, ...]]:
        return Relaxed(self.facts, 1).families

    @cached_property
    def _two_needs(self) -> Mapping[str, tuple[Needs, ...]]:
        return Relaxed(self.facts, 2).families

    def openings(self, family: str, *, combined: bool = True) -> tuple[Answer, ...]:
        """The smallest changes that put `family` on a pathway, nearest first. With `combined`, pairs where no one does."""
        for most in (1, 2):
            needs = self._one_need if most == 1 else self._two_needs
            found = [Answer((one,)) for one in self._single(family, needs.get(family, ()))]
            if found:
                return _nearest(found)
        if not combined:
            return ()
        return _nearest(self._pairs(family))

    def closings(self, family: str) -> tuple[Answer, ...]:
        """The smallest changes that take `family` off every pathway, nearest first."""
        found = []
        for graded_change in self.graded_changes:
            change = self._first(graded_change, lambda change: family not in self._open_after(change))
            if change is not None:
                found.append(Answer((change,)))
        return _nearest(found)

    def _single(self, family: str, sets: Sequence[Needs]) -> Iterator[Change]:
        for graded_change in self.graded_changes:
            fitting = [needs for needs in sets if any(_touches(graded_change, need) for need in needs)]
            if not fitting:
                continue
            first = _bisected(graded_change, partial(self._fits, fitting))
            if first is None:
                continue
            for change in graded_change.steps[first : first + FURTHER_STEPS]:
                if family in self._open_after(change):
                    yield change
                    break

    def _meets(self, need: Need, change: Change) -> bool:
        return need.met_by(self._facts_after(change))

    def _fits(self, sets: Iterable[Needs], change: Change) -> bool:
        facts = self._facts_after(change)
        return any(all(need.met_by(facts) for need in needs) for needs in sets)

    def _pairs(self, family: str) -> Iterator[Answer]:
        """A first change that meets one of two needs, and whatever opens the pathway from there."""
        sets = self._two_needs.get(family, ())
        halves: dict[str, Change] = {}
        for needs in sets:
            for need in needs:
                for graded_change in self.graded_changes:
                    if not _touches(graded_change, need):
                        continue
                    first = _bisected(graded_change, partial(self._meets, need))
                    if first is not None:
                        halves.setdefault(graded_change.steps[first].words, graded_change.steps[first])
        seen: set[frozenset[str]] = set()
        for half in sorted(halves.values(), key=lambda one: one.cost)[:FIRST_HALVES]:
            beyond = Explainer(self._graph_after(half))
            for answer in beyond.openings(family, combined=False):
                both = frozenset({half.key, *(one.key for one in answer.changes)})
                if len(both) > 1 and both not in seen:
                    seen.add(both)
                    yield Answer((half, *answer.changes))

    def _first(self, graded_change: GradedChange, turns: Callable[[Change], bool]) -> Change | None:
        """The first step of a ladder after which `turns`, taken as lasting from there on; checked at the step found."""
        first = _bisected(graded_change, turns)
        return None if first is None else graded_change.steps[first]

    @cached_property
    def _derived(self) -> dict[int, CaseFacts]:
        return {}

    def _facts_after(self, change: Change) -> CaseFacts:
        found = self._derived.get(id(change))
        if found is None:
            found = CaseFacts(change.case, change.protocol, strict=self.facts.strict, follow_up=self.facts.follow_up)
            self._derived[id(change)] = found
        return found

    @cached_property
    def _graphs(self) -> dict[int, Graph]:
        return {}

    def _graph_after(self, change: Change) -> Graph:
        found = self._graphs.get(id(change))
        if found is None:
            found = self._graphs[id(change)] = explore_facts(self._facts_after(change))
        return found

    @cached_property
    def _opened(self) -> dict[int, frozenset[str]]:
        return {}

    def _open_after(self, change: Change) -> frozenset[str]:
        found = self._opened.get(id(change))
        if found is None:
            found = self._opened[id(change)] = open_families(hoped_for(self._graph_after(change)))
        return found


@dataclass(frozen=True, slots=True)
class Explanation:
    """The answer of `pathways explain`."""

    graph: Graph
    family: str
    status: str
    verdicts: tuple[Verdict, ...]
    after: tuple[str, ...]
    answers: tuple[Answer, ...]

    def as_json(self) -> dict[str, Any]:
        """The one document of `explain --json`."""
        assessed = self.graph.facts.assessed
        return {
            "case": assessed.case.id,
            "protocol": assessed.protocol.id,
            "version": __version__,
            "family": self.family,
            "status": self.status,
            "after": list(self.after),
            "verdicts": [one.as_json() for one in self.verdicts],
            "closes_if" if self.status == "open" else "opens_if": [one.as_json() for one in self.answers],
        }


def explain(graph: Graph, family: str) -> Explanation:
    """Why `family` is open, contingent or closed on `graph`, and the smallest changes that turn it round."""
    explainer = Explainer(graph)
    status = explainer.status(family)
    if status == "open":
        return Explanation(graph, family, status, (), (), explainer.closings(family))
    among = explainer.hoped.states() if status == "contingent" else ()
    verdicts = closed_by(graph, family, among).verdicts
    return Explanation(graph, family, status, verdicts, explainer.after.get(family, ()), explainer.openings(family))


def open_families(hoped: HopedFor) -> frozenset[str]:
    """Families that some pathway carries."""
    graph = hoped.graph
    reached, found = {0}, set[str]()
    for node in reversed(graph.order):
        if node in reached:
            for edge in hoped.edges[node]:
                reached.add(edge.target)
                found.update(graph.families(edge))
    return frozenset(found)


def _nearest(found: Iterable[Answer]) -> tuple[Answer, ...]:
    """The nearest answers, one for each key of the case: a second step of the same ladder says nothing new."""
    kept: dict[tuple[str, ...], Answer] = {}
    for one in sorted(found, key=lambda one: one.cost):
        kept.setdefault(tuple(change.key for change in one.changes), one)
    return tuple(kept.values())[:MOST_ANSWERS]


def _touches(graded_change: GradedChange, need: Need) -> bool:
    return need.fact.startswith(graded_change.touches)


def _bisected(graded_change: GradedChange, holds: Callable[[Change], bool]) -> int | None:
    """The first step from which `holds`, looked for by halving: a ladder that turns twice is not followed."""
    steps = graded_change.steps
    if len(steps) == 1:
        return 0 if holds(steps[0]) else None
    if not holds(steps[-1]):
        if graded_change.bound:
            return None
        # The far end overshoots (a larger lesion cannot be treated at all): look among the first few.
        return next((place for place, step in enumerate(steps[: 2 * FURTHER_STEPS]) if holds(step)), None)
    low, high = -1, len(steps) - 1
    while high - low > 1:
        middle = (low + high) // 2
        if holds(steps[middle]):
            high = middle
        else:
            low = middle
    return high


def _plain(value: Any) -> Any:
    return list(value) if isinstance(value, tuple) else value
