"""What an option is worth on the knowledge of its moment, and its grade. Luck has no part in either.

Worth is exact: the chance to reach a goal of the lesson under the best continuation, days until then, deaths by treatment.
Grades allow for what figures cannot tell apart (`data/scoring.yaml`).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import field
from functools import cached_property

from pathways.facts.figures import Figures
from pathways.graph.explore import Edge, Graph
from pathways.planning.evaluate import Evaluator, Policy, Worth
from pathways.planning.uncertainty import DRAWS, SEED, Draws, Estimated, interval
from pathways.quick_dataclass import dataclass
from pathways.teaching.curriculum.schema import Decision, Goal, Scoring
from pathways.teaching.lessons.model import Grade


@dataclass(frozen=True)
class GoalEvaluator(Evaluator):
    """An evaluator for which `resected` is the chance of a goal: every end counts with its share."""

    shares: Mapping[str, float] = field(default_factory=dict)

    def at_end(self, node: int) -> Worth:
        """Worth of an end."""
        share = self.shares.get(self.graph.states[node].phase, 0.0)
        return super().at_end(node)._replace(resected=share, cleared=share)


@dataclass(frozen=True, slots=True)
class Regret:
    """What a choice gives away against the best on what was known: chance of the goal, days, risk of death."""

    chance: float = 0.0
    days: float = 0.0
    risk: float = 0.0

    def __add__(self, other: Regret) -> Regret:
        return Regret(self.chance + other.chance, self.days + other.days, self.risk + other.risk)


@dataclass(frozen=True, slots=True)
class Graded:
    """An open option with its worth and its grade."""

    edge: Edge
    worth: Worth
    grade: Grade
    score: float
    regret: Regret

    @property
    def name(self) -> str:
        """The trigger."""
        return self.edge.declared.name


@dataclass(frozen=True)
class Grades:
    """Worth and grades in one graph."""

    graph: Graph
    goals: Mapping[str, Goal]
    scoring: Scoring
    # Triggers that no figure compares with the others: neither offered nor taken where something else is open.
    left_out: frozenset[str] = frozenset()
    # Whether a delay by itself makes an answer poor: only where delay is what the lesson is about.
    delay_decides: bool = False
    # What the lesson is about: of what is alike there, its preferred answers are the best ones.
    decisions: tuple[Decision, ...] = ()
    # Steps that are the best of what is alike only where nothing else is.
    held_back: frozenset[str] = frozenset()

    @cached_property
    def shares(self) -> dict[str, float]:
        """What every end counts for: a goal with a cited figure of failure counts for the rest."""
        parameters = self.graph.facts.assessed.parameters
        return {
            end: goal.share * (1 - parameters[goal.less].number if goal.less else 1.0)
            for end, goal in self.goals.items()
        }

    @cached_property
    def evaluator(self) -> GoalEvaluator:
        """The evaluator at the point estimates."""
        return GoalEvaluator(self.graph, self.graph.figures, self.shares)

    @cached_property
    def _best(self) -> tuple[Policy, dict[int, Worth]]:
        """One backward pass: at every decision the option graded best is taken, as a learner is advised."""
        evaluator, graph = self.evaluator, self.graph
        policy = [0] * len(graph.states)
        worth: dict[int, Worth] = {}
        for node in graph.order:
            leaving = graph.edges[node]
            if evaluator.ended(node):
                worth[node] = evaluator.at_end(node)
            elif leaving[0].declared.kind == "outcome":
                worth[node] = evaluator.averaged(node, [worth[edge.target] for edge in leaving])
            else:
                compared = self.compared(node)
                offered = [evaluator.step(edge, worth[edge.target]) for edge in compared]
                best = self._best_of(node, compared, offered, self._alike(offered))
                policy[node] = leaving.index(compared[best])
                worth[node] = offered[best]
        return policy, worth

    def worth(self, node: int) -> Worth:
        """What `node` is worth with the best continuation."""
        return self._best[1][node]

    @cached_property
    def _draws(self) -> tuple[GoalEvaluator, dict[int, Worth]]:
        assessed = self.graph.facts.assessed
        return GoalEvaluator(self.graph, Figures(assessed, Draws(assessed.parameters, DRAWS, SEED)), self.shares), {}

    def interval(self, node: int) -> tuple[Estimated, Estimated]:
        """Chance of the goal and risk of death from `node` on, with the spread of the cited figures."""
        evaluator, known = self._draws
        if node not in known:
            known.update(evaluator.under(self._best[0], [node]))
        drawn, worth = known[node], self.worth(node)
        return interval(worth.resected, drawn.resected), interval(worth.dead, drawn.dead)

    def options(self, node: int) -> tuple[Graded, ...]:
        """The open options of a decision, graded."""
        known = self._graded.get(node)
        if known is None:
            leaving = self.compared(node)
            worths = [self.evaluator.step(edge, self.worth(edge.target)) for edge in leaving]
            known = self._graded[node] = self._grade(node, leaving, worths)
        return known

    def compared(self, node: int) -> tuple[Edge, ...]:
        """The open steps of a decision that are compared with one another."""
        leaving = self.graph.edges[node]
        return tuple(edge for edge in leaving if edge.declared.name not in self.left_out) or leaving

    @cached_property
    def pools(self) -> dict[int, object]:
        """What may be offered at each decision, as far as it was asked for."""
        return {}

    @cached_property
    def _graded(self) -> dict[int, tuple[Graded, ...]]:
        return {}

    def preferred(self, node: int) -> frozenset[str]:
        """The answers at `node` that the lesson holds with where the figures cannot tell."""
        state = self.graph.states[node]
        return frozenset(name for one in self.decisions if one.meets(state) for name in one.preferred_steps)

    def advised(self, node: int) -> Graded:
        """The option graded best."""
        return next(one for one in self.options(node) if one.grade == "best")

    def _grade(self, node: int, leaving: Sequence[Edge], worths: Sequence[Worth]) -> tuple[Graded, ...]:
        good = self._alike(worths)
        if self._hopeless(worths):
            good = [one for one in good if leaving[one].declared.gives_up] or good
        best = self._best_of(node, leaving, worths, good)
        found = []
        for index, (edge, worth) in enumerate(zip(leaving, worths, strict=True)):
            grade: Grade = "best" if index == best else "acceptable" if index in good else "poor"
            regret = self._regret(worths[best], worth) if grade == "poor" else Regret()
            found.append(Graded(edge, worth, grade, self._score(grade, regret), regret))
        return tuple(found)

    def _alike(self, worths: Sequence[Worth]) -> list[int]:
        """Positions of what the figures cannot tell from the best, and nothing alike beats."""
        merits = [self._merit(worth) for worth in worths]
        near = [index for index, merit in enumerate(merits) if max(merits) - merit <= self.scoring.tolerance_chance]
        return [one for one in near if not any(self._beats(worths[other], worths[one]) for other in near)]

    def _best_of(self, node: int, leaving: Sequence[Edge], worths: Sequence[Worth], good: Sequence[int]) -> int:
        """Of what is alike what the sources prefer, then the highest merit; of equals the one that goes on treating, the safer, the quicker, the first.

        Merits that differ by less than `tolerance_tie` are equal: no figure here is known to a percent.
        """
        preferred = self.preferred(node)
        good = [one for one in good if leaving[one].declared.name in preferred] or good
        good = [one for one in good if leaving[one].declared.name not in self.held_back] or good
        highest = max(self._merit(worths[one]) for one in good)
        # Where nothing reaches the goal, what gives it up is right, and what only puts that off is not.
        hopeless = self._hopeless(worths)
        return max(
            (one for one in good if highest - self._merit(worths[one]) <= self.scoring.tolerance_tie),
            key=lambda one: (
                leaving[one].declared.gives_up == hopeless, -round(worths[one].dead, 3), -round(_days(worths[one])), -one,
            ),
        )  # fmt: skip

    @staticmethod
    def _hopeless(worths: Sequence[Worth]) -> bool:
        return all(one.resected <= 0 for one in worths)

    def _merit(self, worth: Worth) -> float:
        """Chance of the goal, less the deaths by treatment at the weight that the scoring gives them."""
        return float(worth.resected - self.scoring.deaths_weigh * worth.dead)

    def _beats(self, one: Worth, other: Worth) -> bool:
        """Whether `one`, alike in merit, is clearly safer than `other`, or clearly faster where delay decides.

        Time alone beats nothing that is safer by any margin, or no lower in merit: it may make an answer the second best.
        """
        scoring = self.scoring
        both = one.cleared > 0 and other.cleared > 0
        faster, safer = _days(other) - _days(one) if both else 0.0, other.dead - one.dead
        if safer > scoring.tolerance_risk and faster >= -scoring.tolerance_days:
            return True
        dominated = safer >= 0 and self._merit(one) > self._merit(other)
        return self.delay_decides and faster > scoring.tolerance_days and dominated

    def _regret(self, best: Worth, worth: Worth) -> Regret:
        """What `worth` gives away; days count only where the goal is still in reach."""
        days = max(0.0, _days(worth) - _days(best)) if worth.resected > self.scoring.tolerance_chance else 0.0
        return Regret(max(0.0, best.resected - worth.resected), days, max(0.0, worth.dead - best.dead))

    def _score(self, grade: Grade, regret: Regret) -> float:
        if grade != "poor":
            return 1.0
        scoring = self.scoring
        lost = (
            regret.chance / scoring.chance_to_nothing
            + regret.days / scoring.days_to_nothing
            + regret.risk / scoring.risk_to_nothing
        )
        return round(scoring.poor_at_most * max(0.0, 1 - lost), 2)


def _days(worth: Worth) -> float:
    """Mean days to the goal; where it cannot be reached, no time is compared."""
    return float(worth.days_to_clearance) if worth.cleared > 0 else 0.0
