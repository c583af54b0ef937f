"""What pathways differ in: questions that teams disagree on, how many pathways give each answer, and their span of chance.

Counted over all pathways without listing them: one pass from the ends keeps, for every set of families, how many pathways carry it and
between which chances they clear the liver.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cached_property
from typing import NamedTuple

from pathways.graph.explore import Edge
from pathways.messages.catalogue import say
from pathways.messages.naming import family_words
from pathways.planning.chances import Chances, chances_of, shown
from pathways.planning.evaluate import Evaluation, Worth
from pathways.planning.pathway_groups import HopedFor
from pathways.process.declaration import PROCESS
from pathways.process.families import placed
from pathways.quick_dataclass import dataclass

# What teams disagree on, as questions with the families that answer them; without any of them the answer is none.
_QUESTIONS: Mapping[str, tuple[str, ...]] = {
    "nodule": ("diagnostic_clarification",),
    "drugs": ("perioperative_chemotherapy", "conversion_chemotherapy", "targeted_therapy"),
    "primary": ("primary_first", "simultaneous", "liver_first"),
    "remnant": ("pve", "lvd", "two_stage", "alpps", "rescue_alpps"),
    "local": ("ablation",),
    "elsewhere": ("metastasectomy",),
    "aim": ("transplantation", "debulking", "surveillance", "palliative"),
}
# Families that answer none of them: they say how a pathway begins, or what everybody shares.
NO_QUESTION = ("upfront_surgery", "one_stage", "repeat_hepatectomy")
QUESTIONS: Mapping[str, tuple[str, ...]] = placed(_QUESTIONS, drugs="drugs", others="aim", elsewhere=NO_QUESTION)
Range = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Option:
    """One answer to a question: how many pathways give it, and the lowest and highest chance that they clear the liver."""

    families: tuple[str, ...]
    pathways: int
    cleared: Range
    chances: Chances = "own"

    @property
    def cleared_shown(self) -> Range | None:
        """The chances, where they are figures of this primary."""
        return shown(self.chances, self.cleared)

    @property
    def words(self) -> str:
        """The answer in a word or two."""
        return (
            say("map.with", families=", ".join(family_words(one) for one in self.families))
            if self.families
            else say("map.without")
        )


class Span(NamedTuple):
    """So many pathways, and the lowest and highest chance that they clear the liver."""

    pathways: int
    low: float
    high: float

    def beside(self, other: Span | None) -> Span:
        """Both together."""
        if other is None:
            return self
        return Span(self.pathways + other.pathways, min(self.low, other.low), max(self.high, other.high))

    def by_luck(self, share: float, rest: float) -> Span:
        """The same before an outcome of chance `share`; what else may happen there adds `rest`."""
        return Span(self.pathways, share * self.low + rest, share * self.high + rest)


@dataclass(frozen=True)
class Answers:
    """Pathways by the families they carry. `order`: the nodes on some pathway, ends first."""

    evaluation: Evaluation
    hoped: HopedFor
    order: Sequence[int]

    def flows(self, questions: Sequence[str]) -> dict[tuple[tuple[str, ...], ...], int]:
        """How many pathways that aim at clearing the liver give which answers to these questions, in their order."""
        found: dict[tuple[tuple[str, ...], ...], int] = {}
        for carried, span in self.carried.items():
            if "palliative" not in carried:
                key = tuple(tuple(one for one in QUESTIONS[question] if one in carried) for question in questions)
                found[key] = found.get(key, 0) + span.pathways
        return found

    def questions(self) -> dict[str, tuple[Option, ...]]:
        """The questions that pathways answer differently, with the pathways of each answer."""
        found = {question: self._of(question, families) for question, families in QUESTIONS.items()}
        return {question: answers for question, answers in found.items() if len(answers) > 1}

    def _of(self, question: str, families: tuple[str, ...]) -> tuple[Option, ...]:
        spans: dict[tuple[str, ...], Span] = {}
        for carried, span in self.carried.items():
            # Whoever does not aim at clearing the liver answers no question but that.
            if "palliative" not in carried or question == "aim":
                key = tuple(one for one in families if one in carried)
                spans[key] = span.beside(spans.get(key))
        in_order = sorted(spans.items(), key=lambda one: [families.index(family) for family in one[0]])
        chances = chances_of(self.evaluation.graph.facts.assessed.case)
        return tuple(Option(key, span.pathways, (span.low, span.high), chances) for key, span in in_order)

    @cached_property
    def carried(self) -> dict[frozenset[str], Span]:
        """Sets of families that pathways carry."""
        asked = {family for families in QUESTIONS.values() for family in families}
        graph, worth = self.evaluation.graph, self.evaluation.best()[1]
        found: dict[int, dict[frozenset[str], Span]] = {}
        for node in self.order:
            out = self.hoped.edges[node]
            here = found[node] = {} if out else {frozenset(): Span(1, 0.0, 0.0)}
            for edge in out:
                own = frozenset(asked.intersection(graph.families(edge)))
                luck = self._luck(edge, worth) if edge.declared.kind == "outcome" else (1.0, 0.0)
                for ahead, span in found[edge.target].items():
                    here[ahead | own] = span.by_luck(*luck).beside(here.get(ahead | own))
            if self.evaluation.evaluator.ended(node):
                cleared = float(graph.states[node].phase in PROCESS.curative_ends)
                found[node] = {families: Span(span.pathways, cleared, cleared) for families, span in here.items()}
        return found[0]

    def _luck(self, edge: Edge, worth: Mapping[int, Worth]) -> tuple[float, float]:
        """The chance of an outcome, and what the others beside it add to the chance to clear the liver."""
        leaving = self.evaluation.graph.edges[edge.source]
        chances = zip(self.evaluation.evaluator.chances(edge.source), leaving, strict=True)
        share, rest = 0.0, 0.0
        for chance, one in chances:
            if one.trigger == edge.trigger:
                share = float(chance)
            else:
                rest += float(chance) * float(worth[one.target].cleared)
        return share, rest
