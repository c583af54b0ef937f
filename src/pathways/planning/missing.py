"""What to find out next: the item missing from the case whose answer could change the plan most.

Planning goes on under labelled assumptions. Here each is taken the other way, and the best chance of resection is asked for
again. What is missing of a lesion, or of the primary, is read at its bad end and the case explored anew: another operation
may do then. For everything else the steps that stand on it are left out of the graph: one backward pass for each item.
"""

from __future__ import annotations

from collections.abc import Container, Iterator
from typing import Any, Literal

from pathways.facts.bad_ends import (
    BETTER,
    UNTOLD,
    taken_as_given,
)
from pathways.facts.derive import CaseFacts
from pathways.facts.nodules import to_find_out, to_look_for_again
from pathways.facts.verdict import Missing, each_missing
from pathways.graph.explore import Edge, Graph, explore_facts
from pathways.liver import lesions
from pathways.planning.chances import Chances, chances_of, shown
from pathways.planning.evaluate import Evaluation, Evaluator
from pathways.planning.pathway_groups import HopedFor, hoped_for
from pathways.process.facts import LIVE_INDEX
from pathways.quick_dataclass import dataclass
from pathways.words import Nature

NEGLIGIBLE = 1e-9
Asked = tuple[str, str]


@dataclass(frozen=True, slots=True)
class MissingItem:
    """An item that is missing, what is taken as given, and what the plan is worth if that is wrong: families that close then, or open.

    `another_case`: whether it is read as another case then, and planned anew; else the steps that stand on it are left out.
    """

    item: str
    reason: str
    assumed: str
    chance_now: float
    chance_otherwise: float
    closes: tuple[str, ...]
    opens: tuple[str, ...] = ()
    another_case: bool = False
    taken: Literal["well", "badly"] = "well"
    chances: Chances = "own"

    @property
    def asked(self) -> Asked:
        """The question: the key, and which way it is taken. One key may be taken well by one rule and badly by another."""
        return self.item, self.taken

    @property
    def drop(self) -> float:
        """How much of the chance of resection hangs on it; below zero where it was taken badly."""
        return self.chance_now - self.chance_otherwise

    @property
    def chances_shown(self) -> tuple[float, float] | None:
        """The chance of resection as the item is taken, and if it is not so, where they are figures of this primary."""
        return shown(self.chances, (self.chance_now, self.chance_otherwise))

    @property
    def bars_all(self) -> bool:
        """Whether nothing is resected if it is not as it is taken: it asks of the patient, and separates no pathways."""
        return self.chance_now > NEGLIGIBLE >= self.chance_otherwise

    def as_json(self) -> dict[str, Any]:
        """The item as the JSON of the command line shows it."""
        return {
            "item": self.item,
            "reason": self.reason,
            "assumed": self.assumed,
            "probability_resected": round(self.chance_now, 4),
            **self.turns_json(),
        }

    def turns_json(self) -> dict[str, Any]:
        """What it turns if it is not as it is taken: the chance of resection then, and the families that close."""
        return {"probability_resected_otherwise": round(self.chance_otherwise, 4), "closes": list(self.closes)}


def what_next(evaluation: Evaluation, left_out: Container[str] = ()) -> tuple[MissingItem, ...]:
    """Missing items by how much hangs on them; those that change nothing are left out, and those of `left_out` not asked for."""
    graph = evaluation.graph
    now = evaluation.worth().resected
    hoped = hoped_for(graph)
    open_now = _open(hoped, set())
    found = []
    for (item, _), (told, steps) in _untold(graph).items():
        if item in left_out:
            continue
        facts = _the_other_way(graph.facts, told)
        if facts is None:
            chance = evaluation.evaluator.most_resected(steps)
            still_open = _open(hoped, {graph.edges[node][place] for node, place in steps})
        else:
            other = explore_facts(facts)
            chance = Evaluator(other, other.figures).most_resected()
            still_open = _open(hoped_for(other), set())
        closes = tuple(sorted(open_now - still_open))
        opens = tuple(sorted(still_open - open_now))
        # What opens families alone counts where it was taken badly: of what was taken well they are the answer to the worse end.
        if closes or abs(now - chance) > NEGLIGIBLE or (opens and told.taken == "badly"):
            another = facts is not None
            found.append(
                MissingItem(
                    item,
                    told.reason,
                    told.assumed,
                    float(now),
                    float(chance),
                    closes,
                    opens,
                    another,
                    told.taken,
                    chances_of(graph.facts.assessed.case),
                )
            )
    return tuple(sorted(found, key=lambda one: (-round(abs(one.drop), 6), -len(one.closes), one.item)))


def the_other_way(graph: Graph) -> dict[Asked, CaseFacts | frozenset[Edge]]:
    """What every missing item is the other way: the facts of another case, or the steps that nobody takes then."""
    return {
        asked: _the_other_way(graph.facts, told) or frozenset(graph.edges[node][place] for node, place in steps)
        for asked, (told, steps) in _untold(graph).items()
    }


def _untold(graph: Graph) -> dict[Asked, tuple[Missing, set[tuple[int, int]]]]:
    """Every missing item, with the steps (node, place) that stand on it."""
    found: dict[Asked, tuple[Missing, set[tuple[int, int]]]] = {}
    for missing, step in _assumptions(graph):
        found.setdefault((missing.item, missing.taken), (missing, set()))[1].add(step)
    for missing in taken_as_given(graph.facts.assessed):
        found.setdefault((missing.item, missing.taken), (missing, set()))
    nodules = to_find_out(graph.facts.assessed)
    for told in (nodules, to_look_for_again(graph.facts.assessed)):
        if told is not None:
            found.setdefault((told.item, told.taken), (told, set()))
    return found


def _the_other_way(facts: CaseFacts, missing: Missing) -> CaseFacts | None:
    """The facts with the item the other way; None where that is no other case but a step less."""
    if missing == to_find_out(facts.assessed):
        return _taken_as_metastases(facts, "suspected")
    if missing == to_look_for_again(facts.assessed):
        return _taken_as_metastases(facts, "vanished")
    case, at_worst = facts.assessed.case, frozenset[str]()
    if missing.taken == "badly" and missing.item in BETTER:
        case = BETTER[missing.item](facts.assessed)
    elif missing.taken == "badly":
        case = facts.assessed.with_small_lesions()
    elif missing.item in lesions.UNTOLD:
        at_worst = frozenset({missing.item})
    elif (key := missing.item.split(", ")[0]) in UNTOLD:
        case = UNTOLD[key].at_bad_end(case, facts.assessed.past)
        if case is facts.assessed.case:
            # Asked by a rule of something else, such as of an earlier course: what stands on it is left out.
            return None
    else:
        return None
    return CaseFacts(case, facts.assessed.protocol, strict=facts.strict, follow_up=facts.follow_up, at_worst=at_worst)


def _taken_as_metastases(facts: CaseFacts, known_as: Nature) -> CaseFacts:
    """The facts of the case with every nodule, or every lesion that had vanished, found to be a metastasis."""
    lesions_then = tuple(
        one.model_copy(update={"nature": "confirmed", "biopsy": None}) if one.known_as == known_as else one
        for one in facts.assessed.case.lesions
    )
    case = facts.assessed.case.model_copy(update={"lesions": lesions_then})
    return CaseFacts(case, facts.assessed.protocol, strict=facts.strict, follow_up=facts.follow_up)


def _assumptions(graph: Graph) -> Iterator[tuple[Missing, tuple[int, int]]]:
    """Every step (node, place) that stands on an assumption about something that is not reported."""
    facts = graph.facts
    known: dict[tuple[str, tuple[object, ...]], tuple[Missing, ...]] = {}
    for node, leaving in enumerate(graph.edges):
        state = graph.states[node]
        for place, edge in enumerate(leaving):
            for guard in edge.declared.guards:
                if guard.fact in LIVE_INDEX:
                    continue
                key = tuple(state[index] for index in facts.key_indices(guard.fact))
                cell = (guard.fact, key)
                if cell not in known:
                    finding = facts.cell(guard.fact, key)
                    known[cell] = tuple(each_missing(finding.verdicts)) if finding.value == "assumed" else ()
                for missing in known[cell]:
                    yield missing, (node, place)


def _open(hoped: HopedFor, missing: set[Edge]) -> frozenset[str]:
    """Families that some pathway carries without the steps `missing`."""
    graph = hoped.graph
    leads_on: dict[int, bool] = {}
    for node in graph.order:
        out = hoped.edges[node]
        leads_on[node] = not out or any(leads_on[edge.target] for edge in out if edge not in missing)
    reached, found = {0}, set[str]()
    for node in reversed(graph.order):
        if node in reached and leads_on[node]:
            for edge in hoped.edges[node]:
                if edge not in missing and leads_on[edge.target]:
                    reached.add(edge.target)
                    found.update(graph.families(edge))
    return frozenset(found)
