"""What a case is answered with, as far as laws compare it: the best chance, families on pathways, acts, risks, assumptions.

Nothing is judged here. Everything is found when first asked for: most comparisons need two of these.
"""

from __future__ import annotations

from collections.abc import Container, Iterator
from functools import cache, cached_property

from pathways.case.models import Case
from pathways.facts.derive import CaseFacts, scenario_of
from pathways.facts.guarding import holds
from pathways.facts.patient_assessment import AFTER_RESPONSE
from pathways.facts.risk.case import to_its_limit
from pathways.facts.verdict import each_missing
from pathways.graph.explore import Edge, Graph, explore_facts
from pathways.knowledge.model import Protocol
from pathways.liver.resection import CLEARANCES, Resection
from pathways.planning.assess import Assessment, assess_facts
from pathways.planning.assumptions import assumed_from_the_start, assumed_of_risks, assumptions_of
from pathways.planning.chances import Chances, chances_of
from pathways.planning.evaluate import Evaluation, Worth, evaluate
from pathways.planning.missing import what_next
from pathways.planning.pathway_groups import HopedFor, hoped_for, labels_of
from pathways.process.acts import ON_THE_LIVER, STIMULI
from pathways.process.declaration import PROCESS
from pathways.process.facts import LIVE_INDEX, State
from pathways.process.model import Guard, Trigger
from pathways.process.operations import OPERATIONS
from pathways.process.treatments import TREATMENTS
from pathways.quick_dataclass import dataclass

# Families that exist because something became necessary (LAWS, "How to compare").
ANSWER_FAMILIES = frozenset({
    "pve", "lvd", "two_stage", "alpps", "rescue_alpps", "conversion_chemotherapy", "transplantation", "debulking",
    "metastasectomy", "ablation", "palliative", "surveillance", *(family for one in TREATMENTS if one.answers for family in one.families),
})  # fmt: skip
# Acts that a law watches: what is done to the patient by operation, or by closing branches. Drugs and waiting are no such acts.
WATCHED_ACTS = ON_THE_LIVER | STIMULI | {"primary_resection", "metastasectomy", "transplantation"}
RESECTABILITY = (
    "benign", "resectable", "indeterminate", "remnant_insufficient", "potentially_convertible", "unresectable",
)  # fmt: skip


@dataclass(frozen=True)
class Answers:
    """One case under one protocol, answered."""

    case: Case
    protocol: Protocol
    strict: bool = False
    follow_up: bool = False

    @cached_property
    def facts(self) -> CaseFacts:
        """The facts of the case."""
        return CaseFacts(self.case, self.protocol, strict=self.strict, follow_up=self.follow_up)

    @cached_property
    def graph(self) -> Graph:
        """Everything reachable."""
        return explore_facts(self.facts)

    @cached_property
    def evaluation(self) -> Evaluation:
        """The graph evaluated at the point estimates."""
        return evaluate(self.graph)

    @cached_property
    def chance(self) -> float:
        """The best chance of resection over all policies."""
        return float(self.evaluation.evaluator.most_resected())

    @property
    def chances(self) -> Chances:
        """Whose the chances are."""
        return chances_of(self.case)

    @cached_property
    def worths(self) -> tuple[Worth, ...]:
        """What the case is worth by chance and by safety."""
        return self.evaluation.worth("resection"), self.evaluation.worth("safety")

    @cached_property
    def numbers(self) -> dict[str, float]:
        """Numbers of the plan by name, those of the best policies and of the ways to clear the liver."""
        found = {"chance": self.chance}
        for objective, worth in zip(("chance", "safety"), self.worths, strict=True):
            found |= {
                f"{name} ({objective})": float(value) for name, value in worth._asdict().items() if value is not None
            }
        for place, one in enumerate(sorted(self.assessment.resections, key=lambda one: one.resection.remnant.value)):
            left = one.resection.remnant
            found |= {
                f"remnant {place}": left.value,
                f"remnant {place} low": left.low,
                f"remnant {place} high": left.high,
            }
        return found

    @cached_property
    def names(self) -> frozenset[str]:
        """What the ways to clear the liver are called; nothing where a lesion is called by its place in the file."""
        if any(lesion.id is None for lesion in self.case.lesions):
            return frozenset()
        return frozenset(one.resection.name for one in self.assessment.resections)

    @cached_property
    def assessment(self) -> Assessment:
        """What the rules say of the case."""
        return assess_facts(self.facts)

    @cached_property
    def hoped(self) -> HopedFor:
        """The pathways."""
        return hoped_for(self.graph)

    @cached_property
    def families(self) -> frozenset[str]:
        """Families that some pathway carries."""
        return frozenset(family for edge in self._on_pathways(()) for family in self.graph.families(edge))

    @cached_property
    def families_unforced(self) -> frozenset[str]:
        """Families carried by a pathway that carries no answer family."""
        return frozenset(family for edge in self._on_pathways(ANSWER_FAMILIES) for family in self.graph.families(edge))

    @cached_property
    def ideas(self) -> frozenset[frozenset[str]]:
        """The pathways folded: what each carries, clears the liver by and ends with. No numbers and no names."""
        best: list[set[frozenset[str]]] = [set() for _ in self.graph.states]
        for node in self.graph.order:
            out = self.hoped.edges[node]
            if not out:
                best[node] = {frozenset({f"end:{self.graph.states[node].phase}"})}
            for edge in out:
                own = labels_of(self.graph, edge)
                best[node].update(own | rest for rest in best[edge.target])
        return frozenset(best[0])

    def _on_pathways(self, without: Container[str]) -> Iterator[Edge]:
        """Steps that lie on a pathway none of whose steps carries a family of `without`."""
        graph, hoped = self.graph, self.hoped
        kept = {
            node: tuple(edge for edge in leaving if not any(one in without for one in graph.families(edge)))
            for node, leaving in enumerate(hoped.edges)
        }
        leads_on: dict[int, bool] = {}
        for node in graph.order:
            leads_on[node] = not hoped.edges[node] or any(leads_on[edge.target] for edge in kept[node])
        reached = {0}
        for node in reversed(graph.order):
            if node in reached and leads_on[node]:
                for edge in kept[node]:
                    if leads_on[edge.target]:
                        reached.add(edge.target)
                        yield edge

    # --- acts and their risks -----------------------------------------------------------------------------------------

    def _distinct(self, trigger: Trigger, keys: tuple[int, ...]) -> dict[tuple[object, ...], State]:
        phases = frozenset(trigger.phases)
        return {tuple(state[index] for index in keys): state for state in self.graph.states if state.phase in phases}

    def allows(self, trigger: Trigger, state: State) -> bool:
        """Whether every guard of `trigger` holds in `state`."""
        return all(holds(guard, state, self.facts) for guard in trigger.guards)

    def barred(self, trigger: Trigger, state: State) -> tuple[Guard, ...]:
        """Guards that refuse `trigger` in `state` because a rule bars it: not for want of an object or of a need."""
        return tuple(
            guard for guard in trigger.guards if not holds(guard, state, self.facts) and self._bars(guard, state)
        )

    def _bars(self, guard: Guard, state: State) -> bool:
        if guard.closes != "barred" or guard.fact in LIVE_INDEX:
            return False
        found = self.facts.finding(guard.fact, state).verdicts
        return any(one.verdict != "allowed" and one.closes == "barred" for one in found)

    @cached_property
    def barred_acts(self) -> tuple[tuple[Trigger, State], ...]:
        """Watched decisions that a rule bars, each in one reachable state for each way its guards can be answered."""
        return tuple(
            (trigger, state)
            for trigger, keys in _watched()
            for state in self._distinct(trigger, keys).values()
            if self.barred(trigger, state)
        )

    def grown_for(self, trigger: Trigger, state: State) -> tuple[str, ...]:
        """What the resection takes for which the remnant is made to grow by `trigger`, has been, or was measured as enough, in `state`.

        Of a remnant that has grown also what `trigger` itself takes: where that is another resection, it is another act.
        """
        if STIMULI.isdisjoint(trigger.acts) and state.growth == "none" and state.volume != "enough":
            return ()
        target = self.facts.assessed.target(scenario_of(state))
        if target is None:
            return ()
        clearance = trigger.clearance if state.growth == "adequate" else None
        done = self.facts.resection(clearance, state) if clearance else None
        return (target.name,) if done is None else (target.name, done.name)

    @cached_property
    def deaths(self) -> dict[tuple[str, State], float]:
        """Chance to die of an act, given that it is done: all deaths of an operation together, by liver failure or not, state by state."""
        found: dict[tuple[str, State], float] = {}
        risks = self.evaluation.evaluator.figures.risks
        for node, leaving in enumerate(self.graph.edges):
            state = self.graph.states[node]
            if state.phase == "recovering":
                found[self._named(state), state] = float(risks.after(state.operation, state).all_deaths)
                continue
            for place, edge in enumerate(leaving):
                dies = edge.declared.kind == "outcome" and self.graph.states[edge.target].phase == "dead"
                if dies and state.phase != "liver_failure":
                    found[edge.declared.name, state] = float(self.evaluation.evaluator.chances(node)[place])
        return found

    def _named(self, state: State) -> str:
        """The operation that a patient recovers from, with the resection in it: on another anatomy it is another act."""
        clearance = OPERATIONS[state.operation].clearance
        done = self.facts.resection(clearance, state) if clearance else None
        return state.operation if done is None else f"{state.operation} ({done.name})"

    # --- what is taken as given, and what calls for an answer ---------------------------------------------------------

    @cached_property
    def assumed(self) -> frozenset[str]:
        """Every key that the plan says is not told and how it is taken; where a line names none, the line."""
        found = [*assumed_from_the_start(self.facts.assessed), *each_missing(self.assessment.findings)]
        found += assumed_of_risks(self.graph, self._on_pathways(()))
        for edge in self._on_pathways(()):
            found += assumptions_of(edge.declared, self.graph.states[edge.source], self.graph)
        lines = (line for one in self.assessment.resections for line in one.resection.assumed)
        # What stands beside the pathways, where it goes otherwise, is said where it turns the chance.
        turning = (key for one in what_next(self.evaluation) for key in one.item.split(", "))
        return frozenset(key for one in found for key in (one.item or one.reason).split(", ")).union(lines, turning)

    @cached_property
    def ways(self) -> tuple[Resection, ...]:
        """The ways to clear the liver: as it is, and where there is none of them, after a response."""
        today = tuple(one.resection for one in self.assessment.resections)
        return today or self.facts.assessed.resections(AFTER_RESPONSE)

    @cached_property
    def needs(self) -> dict[str, tuple[float, ...]]:
        """Findings that make an answer family necessary, each graded: larger is worse."""
        assessed, found = self.facts.assessed, self.ways
        least = [min(CLEARANCES.index(one.clearance) for one in found)] if found else [3]
        # A remnant against its limit: the same liver is too little of a worse one.
        kept = max((to_its_limit(assessed, one, 0) for one in found), default=0.0)
        rank = RESECTABILITY.index(self.assessment.resectability)
        bars = [one for one in self.assessment.findings if one.verdict == "refused"]
        return {
            # What only a response makes clearable calls for one, however good it looks then.
            "lesions": (
                rank,
                not self.assessment.resections,
                *least,
                -round(kept, 6),
                -len(found),
                len(assessed.lesions),
            ),
            "remnant": (rank, -round(kept, 6)),
            "elsewhere": (len(self.case.disease_elsewhere or ()),),
            "bars": (len(bars),),
        }


def _keys_of(trigger: Trigger) -> tuple[int, ...]:
    facts = {fact.name: fact.keys for fact in PROCESS.case_facts}
    names = {key for guard in trigger.guards for key in facts.get(guard.fact, (guard.fact,))}
    return tuple(sorted(LIVE_INDEX[name] for name in {*names, "phase"}))


@cache
def _watched() -> tuple[tuple[Trigger, tuple[int, ...]], ...]:
    return tuple(
        (trigger, _keys_of(trigger))
        for trigger in PROCESS.triggers
        if trigger.kind == "decision" and not WATCHED_ACTS.isdisjoint(trigger.acts)
    )


__all__ = ["ANSWER_FAMILIES", "Answers"]
