"""Why a family is open, contingent or closed, and the smallest changes that turn it round, each tried by planning.

The union search over facts says what would have to be otherwise; the ladders of the case turn that into numbers: the
first step whose facts answer as needed is planned, and only what then opens (or closes) the pathway is said.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property
from typing import Any, TypeVar

from pathways.facts.derive import CaseFacts
from pathways.facts.verdict import Verdict
from pathways.graph.explore import Graph
from pathways.planning.annotate import Pathway
from pathways.planning.assess import assess_facts
from pathways.planning.assumptions import in_lines
from pathways.planning.contingencies import reached_after
from pathways.planning.evaluate import evaluate
from pathways.planning.pathway_groups import HopedFor, hoped_for
from pathways.planning.plan import plan
from pathways.planning.turning import Answer, Turning
from pathways.planning.uncollected import uncollected
from pathways.planning.why import closed_by
from pathways.quick_dataclass import dataclass
from pathways.version import __version__

One = TypeVar("One")


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
    def turning(self) -> Turning:
        """What would turn the pathways round."""
        return Turning(self.facts)

    def openings(self, family: str, *, combined: bool = True) -> tuple[Answer, ...]:
        """The smallest changes that put `family` on a pathway, nearest first. With `combined`, pairs where no one does."""
        return self.turning.openings(family, combined=combined).answers


@dataclass(frozen=True, slots=True)
class Explanation:
    """The answer of `pathways explain`. `carried_by`: the pathways of an open family.

    `answers` are what somebody can measure, treat or choose; of an open family also what would close it by being worse. `worsening`:
    what would have to be worse for a family to open, which is no option. Of pairs of changes so many were tried, and so many were left for want of time.
    """

    graph: Graph
    family: str
    status: str
    verdicts: tuple[Verdict, ...]
    after: tuple[str, ...]
    answers: tuple[Answer, ...]
    carried_by: tuple[Pathway, ...] = ()
    worsening: tuple[Answer, ...] = ()
    pairs_tried: int = 0
    pairs_left: int = 0

    @property
    def assumptions(self) -> tuple[str, ...]:
        """What every pathway of an open family takes as given."""
        return in_lines(_shared([one.assumed for one in self.carried_by]))

    @property
    def against(self) -> tuple[str, ...]:
        """What is warned of on every pathway of an open family."""
        return _shared([one.warnings for one in self.carried_by])

    def as_json(self) -> dict[str, Any]:
        """The one document of `explain --json`."""
        assessed = self.graph.facts.assessed
        document = {
            "case": assessed.case.id,
            "protocol": assessed.protocol.id,
            "version": __version__,
            "family": self.family,
            "status": self.status,
            "after": list(self.after),
            **assessed.case.understood_json(),
            "verdicts": [one.as_json() for one in self.verdicts],
            "closes_if" if self.status == "open" else "opens_if": [one.as_json() for one in self.answers],
        }
        if self.status != "open":
            worsening = [one.as_json() for one in self.worsening]
            return {**document, "worsening": worsening, "pairs_tried": self.pairs_tried, "pairs_left": self.pairs_left}
        return {
            **document,
            "pathways": [
                {"id": one.id, "title": one.title, "pareto": one.pareto, "worse_than": one.worse_than,
                 "assumptions": list(one.assumptions), "warnings": list(one.warnings)}
                for one in self.carried_by
            ],
            "assumptions": list(self.assumptions),
            "against": list(self.against),
        }  # fmt: skip


def explain(graph: Graph, family: str) -> Explanation:
    """Why `family` is open, contingent or closed on `graph`, and the smallest changes that turn it round."""
    with uncollected():
        return _explain(graph, family)


def _explain(graph: Graph, family: str) -> Explanation:
    explainer = Explainer(graph)
    status = explainer.status(family)
    if status == "open":
        facts = graph.facts
        assessed = facts.assessed
        planned = plan(assessed.case, assessed.protocol, strict=facts.strict, follow_up=facts.follow_up)
        carried_by = tuple(one for one in planned.pathways if family in one.families)
        return Explanation(graph, family, status, (), (), explainer.turning.closings(family), carried_by)
    among = explainer.hoped.states() if status == "contingent" else ()
    barred_by = [one.rule for one in assess_facts(graph.facts).barred_by]
    verdicts = closed_by(graph, family, among).where(barred_by).verdicts
    found = explainer.turning.openings(family)
    after = explainer.after.get(family, ())
    worsening = explainer.turning.worsenings(family)
    return Explanation(graph, family, status, verdicts, after, found.answers, (), worsening, found.tried, found.left)


def _shared(several: Sequence[tuple[One, ...]]) -> tuple[One, ...]:
    """What all have."""
    first, *others = several or ((),)
    return tuple(one for one in first if all(one in other for other in others))


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
