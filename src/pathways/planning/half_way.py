"""Two stages that end after the first: how often the last one is never reached, and the patient goes on to systemic treatment or care.

An end of its own, beside clearance and death: the liver has been operated on, the disease is not cleared, and no operation follows.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import cached_property

from pathways.graph.routes import Route
from pathways.knowledge.arithmetic import Number
from pathways.planning.evaluate import Evaluation, Evaluator, Policy
from pathways.planning.uncertainty import Estimated, Uncertainty, interval
from pathways.process.growth import MID_WAY
from pathways.process.phases import PALLIATION
from pathways.quick_dataclass import dataclass

STAGES = (*MID_WAY, "split")


@dataclass(frozen=True)
class HalfWay:
    """The chance of that end, at the figures and in every draw, under the policy that is best for resection."""

    evaluation: Evaluation
    uncertainty: Uncertainty

    def of(self, walk: Route) -> Estimated | None:
        """Of everybody planned for `walk`; None where it has no last stage, or no such end: the first may have been done, and all reach the last."""
        if not any("last_stage" in edge.declared.acts for edge in walk):
            return None
        found = interval(self._point.along(walk), self._drawn.along(walk))
        return found if found.high > 0 else None

    @cached_property
    def _point(self) -> _Shares:
        return _Shares(self.evaluation.evaluator, self.evaluation.policy())

    @cached_property
    def _drawn(self) -> _Shares:
        return _Shares(self.uncertainty.evaluator, self.evaluation.policy())


class _Shares:
    """The share of each state that ends so; worked out for the states that are asked for."""

    def __init__(self, evaluator: Evaluator, policy: Policy) -> None:
        self.evaluator, self.policy, self.graph = evaluator, policy, evaluator.graph
        self.known: dict[int, Number] = {}

    def along(self, walk: Route) -> Number:
        """The share of `walk`, with the best continuation off it."""
        found = self._at_end(walk[-1].target)
        for edge in reversed(walk):
            if self.evaluator.ended(edge.target):
                found = self._at_end(edge.target)
            leaving = self.graph.edges[edge.source]
            if leaving[0].declared.kind == "outcome":
                self._learn(one.target for one in leaving)
                ahead = [found if one.trigger == edge.trigger else self.known[one.target] for one in leaving]
                found = self._averaged(edge.source, ahead)
        return found

    def _learn(self, nodes: Iterable[int]) -> None:
        """Every one of `nodes`, and what it leads to: what lies ahead before what leads there."""
        waiting = list(nodes)
        while waiting:
            node = waiting[-1]
            if node in self.known:
                waiting.pop()
                continue
            targets = self._targets(node)
            unknown = [one for one in targets if one not in self.known]
            if unknown:
                waiting += unknown
                continue
            waiting.pop()
            ahead = [self.known[one] for one in targets]
            decides = len(ahead) == 1
            self.known[node] = ahead[0] if decides else self._averaged(node, ahead) if targets else self._at_end(node)

    def _targets(self, node: int) -> list[int]:
        if self.evaluator.ended(node):
            return []
        leaving = self.graph.edges[node]
        if leaving[0].declared.kind == "decision":
            return [leaving[self.policy[node]].target]
        return [edge.target for edge in leaving]

    def _averaged(self, node: int, ahead: list[Number]) -> Number:
        found: Number = 0.0
        for chance, share in zip(self.evaluator.chances(node), ahead, strict=True):
            found = found + chance * share
        return found

    def _at_end(self, node: int) -> Number:
        state = self.graph.states[node]
        return 1.0 if state.phase == PALLIATION and state.stage in STAGES else 0.0
