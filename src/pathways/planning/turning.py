"""The changes that turn a pathway round: found over facts, said in numbers, and tried by planning the changed case."""

from __future__ import annotations

from collections.abc import Callable, Container, Iterable, Iterator, Mapping
from dataclasses import field
from functools import cached_property, lru_cache, partial
from types import MappingProxyType
from typing import Any, Literal

from pathways.facts.derive import CaseFacts
from pathways.facts.patient_assessment import Search
from pathways.liver.resections import resections
from pathways.messages.catalogue import joined
from pathways.planning.changes.model import Kind
from pathways.planning.graded_changes import Change, GradedChange, graded_changes, limits
from pathways.planning.openness import families_open
from pathways.planning.relaxed import Changed, Need, Relaxed
from pathways.quick_dataclass import dataclass

# What somebody does to bring a change about; what nobody does, because it is a worse state, stands apart.
Group = Literal["measure", "treat", "choose", "worse"]
GROUPS: tuple[Group, ...] = ("measure", "treat", "choose", "worse")
GROUP_OF: dict[Kind, Group] = {"measurement": "measure", "treatment": "treat", "choice": "choose", "finding": "worse"}
# Findings shown that would open a pathway: they are no way to it.
MOST_FINDINGS = 3
# Answers shown; combinations of two are looked for only where no single change turns the pathway.
MOST_ANSWERS = 5
# Pairs of changes that are tried, nearest first; where more are left, that is said.
MOST_PAIRS = 24
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

    @property
    def group(self) -> Group:
        """What has to be done: of several changes that which asks for most."""
        return max((GROUP_OF[one.kind] for one in self.changes), key=GROUPS.index)

    def as_json(self) -> dict[str, Any]:
        """The answer as the JSON of the command line shows it."""
        return {
            "words": self.words,
            "group": self.group,
            "changes": [
                {"key": one.key, "before": _plain(one.before), "after": _plain(one.after), "unit": one.unit or None,
                 "kind": one.kind, "words": one.words}
                for one in self.changes
            ],
        }  # fmt: skip


@dataclass(frozen=True, slots=True)
class Openings:
    """The nearest changes that open a pathway; how many pairs of changes were tried, and how many were not for want of time."""

    answers: tuple[Answer, ...]
    tried: int = 0
    left: int = 0


@dataclass(frozen=True)
class Turning:
    """What would turn the pathways of one case round; what is shared between families is worked out once."""

    facts: CaseFacts
    # Resections of a liver that a change leaves as it is are searched once; whoever turns several cases may share what was found.
    search: Search = field(default_factory=lambda: lru_cache(maxsize=None)(resections))

    @cached_property
    def graded_changes(self) -> tuple[GradedChange, ...]:
        """Every ladder of the case."""
        return self._noted(graded_changes(self.facts.assessed))

    @cached_property
    def options(self) -> tuple[GradedChange, ...]:
        """Ladders that may open a pathway: what can be measured, treated or chosen, and makes nothing worse."""
        return tuple(one for one in self.graded_changes if one.option)

    @cached_property
    def findings(self) -> tuple[GradedChange, ...]:
        """Ladders that nobody climbs: a worse patient or liver, more disease, what cannot be changed."""
        return tuple(one for one in self.graded_changes if not one.option)

    @cached_property
    def limits(self) -> tuple[GradedChange, ...]:
        """Numbers of the protocol as other protocols have them."""
        return self._noted(limits(self.facts.assessed))

    @cached_property
    def relaxed(self) -> Relaxed:
        """The union search over the facts."""
        return Relaxed(self.facts)

    def openings(self, family: str, *, combined: bool = True) -> Openings:
        """The smallest changes that put `family` on a pathway, nearest first. With `combined`, pairs where no one does."""
        found = list(self._single(family, self.options)) or list(self._several_facts(family, self.options))
        if found or not combined:
            return Openings(_nearest(Answer((one,)) for one in found))
        return self._pairs(family)

    def worsenings(self, family: str) -> tuple[Answer, ...]:
        """The nearest findings that would put `family` on a pathway: what would have to be worse, and is no option."""
        found = list(self._single(family, self.findings)) or list(self._several_facts(family, self.findings))
        return _nearest(Answer((one,)) for one in found)[:MOST_FINDINGS]

    def closings(self, family: str) -> tuple[Answer, ...]:
        """The smallest changes that take `family` off every pathway, nearest first."""
        found = []
        for graded_change in (*self.graded_changes, *self.limits):
            place = bisected(graded_change, lambda change: family not in self._open_after(change))
            if place is not None:
                found.append(Answer((graded_change.steps[place],)))
        return _nearest(found)

    def _single(self, family: str, ladders: Iterable[GradedChange]) -> Iterator[Change]:
        """Changes that meet a need of the family and open it."""
        needs = self.relaxed.families.get(family, ())
        for graded_change in ladders:
            fitting = [need for need in needs if _touches(graded_change, need)]
            first = bisected(graded_change, partial(self._meets, fitting)) if fitting else None
            if first is None:
                continue
            for change in graded_change.steps[first : first + FURTHER_STEPS]:
                if family in self._open_after(change):
                    yield change
                    break

    def _several_facts(self, family: str, ladders: Iterable[GradedChange]) -> Iterator[Change]:
        """Changes that open the family although no single fact does: one change moves several."""
        for graded_change in ladders:
            if not graded_change.opens and family in self._open_after(graded_change.steps[-1]):
                first = bisected(graded_change, lambda change: family in self._open_after(change))
                if first is not None:
                    yield graded_change.steps[first]

    def _meets(self, needs: Iterable[Need], change: Change) -> bool:
        facts = self.facts_after(change)
        return any(need.met_by(facts) for need in needs)

    @cached_property
    def _trials(self) -> list[tuple[GradedChange, Change]]:
        """Of every ladder the first step, the last and one between: what pairs are looked for among."""
        found = []
        for one in self.options:
            places = dict.fromkeys((0, len(one.steps) // 2, len(one.steps) - 1))
            found += [(one, one.steps[place]) for place in places]
        return found

    @cached_property
    def _viable(self) -> Mapping[str, list[tuple[int, int]]]:
        """For every family the pairs of trials that may open it, by the facts after each."""
        quantity = {id(one): place for place, one in enumerate(self.options)}
        changed = [
            Changed(self.facts_after(step), one.opens or one.touches, quantity[id(one)]) for one, step in self._trials
        ]
        return self.relaxed.pairs(changed)

    def _pairs(self, family: str) -> Openings:
        """A first change, and the least of the other that opens the pathway from there; nearest pairs first."""
        trials, viable = self._trials, self._viable.get(family, ())
        nearest = sorted(viable, key=lambda both: trials[both[0]][1].cost + trials[both[1]][1].cost)
        waiting = dict.fromkeys(self._ordered(both) for both in nearest)
        hopeful: dict[int, set[int]] = {}
        for one, other in viable:
            hopeful.setdefault(one, set()).add(other)
            hopeful.setdefault(other, set()).add(one)
        found: dict[frozenset[str], Answer] = {}
        tried = 0
        for half, key in waiting:
            if tried == MOST_PAIRS or len(found) == MOST_ANSWERS:
                break
            both = frozenset({trials[half][1].key, key})
            if len(both) == 1 or both in found:
                continue
            tried += 1
            change = self._beyond(half).least(family, key, self._hopeless(hopeful[half]))
            if change is not None:
                found[both] = Answer((trials[half][1], change))
        left = len(waiting) - tried if tried == MOST_PAIRS else 0
        return Openings(_nearest(found.values()), tried, left)

    def _hopeless(self, hopeful: Container[int]) -> dict[str, bool]:
        """Ladders, by their last step in words, whose last step opens nothing beside a first change; whether none of their trials does.

        `hopeful`: places of trials that may open something beside it.
        """
        last = [place for place, (one, step) in enumerate(self._trials) if step is one.steps[-1]]
        any_of = {id(one) for place, (one, _) in enumerate(self._trials) if place in hopeful}
        barred = (self._trials[place] for place in last if place not in hopeful)
        return {step.words: id(one) not in any_of for one, step in barred}

    def _ordered(self, both: tuple[int, int]) -> tuple[int, str]:
        """The change made first and the key of the other: of two, the one with fewer steps comes first."""
        first, second = sorted(both, key=lambda place: len(self._trials[place][0].steps))
        return first, self._trials[second][1].key

    @cached_property
    def _beyonds(self) -> dict[int, Turning]:
        return {}

    def _beyond(self, half: int) -> Turning:
        found = self._beyonds.get(half)
        if found is None:
            found = self._beyonds[half] = Turning(self.facts_after(self._trials[half][1]), self.search)
        return found

    def least(self, family: str, key: str, hopeless: Mapping[str, bool] = MappingProxyType({})) -> Change | None:
        """The least change of one key that opens the family: of a ladder that moves one fact only where that fact is a need of the family.

        `hopeless`: last steps, in words, that are known to open nothing, and whether no other of their ladders does: then it is not climbed.
        """
        ladders = [(one, hopeless.get(one.steps[-1].words)) for one in self._of_key(key)]
        found = [
            *self._single(family, [one for one, nothing in ladders if not nothing]),
            *self._several_facts(family, [one for one, nothing in ladders if nothing is None]),
        ]
        return min(found, key=lambda one: one.cost, default=None)

    def _of_key(self, key: str) -> tuple[GradedChange, ...]:
        """Ladders of one key that may open a pathway; whoever wants no more need not make the others."""
        found = self._of_keys.get(key)
        if found is None:
            every = graded_changes(self.facts.assessed, key)
            found = self._of_keys[key] = self._noted(one for one in every if one.option)
        return found

    @cached_property
    def _of_keys(self) -> dict[str, tuple[GradedChange, ...]]:
        return {}

    def _noted(self, ladders: Iterable[GradedChange]) -> tuple[GradedChange, ...]:
        """The ladders, of whose keys it is noted what they touch."""
        kept = tuple(ladders)
        for one in kept:
            self._touches.setdefault(one.key, {}).update(dict.fromkeys(one.touches))
        return kept

    @cached_property
    def _touches(self) -> dict[str, dict[str, None]]:
        return {}

    @cached_property
    def _derived(self) -> dict[int, CaseFacts]:
        return {}

    def facts_after(self, change: Change) -> CaseFacts:
        """The facts of the changed case; what the change cannot move is taken over."""
        found = self._derived.get(id(change))
        if found is None:
            found = CaseFacts(change.case, change.protocol, strict=self.facts.strict, follow_up=self.facts.follow_up)
            found.assessed.search_with(self.search)
            self.facts.lend(found, tuple(self._touches[change.key]))
            self._derived[id(change)] = found
        return found

    @cached_property
    def _opened(self) -> dict[int, frozenset[str]]:
        return {}

    def _open_after(self, change: Change) -> frozenset[str]:
        found = self._opened.get(id(change))
        if found is None:
            found = self._opened[id(change)] = families_open(self.facts_after(change))
        return found


def _nearest(found: Iterable[Answer]) -> tuple[Answer, ...]:
    """The nearest answers, one for each key of the case: a second step of the same ladder says nothing new."""
    kept: dict[tuple[str, ...], Answer] = {}
    for one in sorted(found, key=lambda one: one.cost):
        kept.setdefault(tuple(change.key for change in one.changes), one)
    return tuple(kept.values())[:MOST_ANSWERS]


def _touches(graded_change: GradedChange, need: Need) -> bool:
    return need.fact.startswith(graded_change.opens or graded_change.touches)


def bisected(graded_change: GradedChange, holds: Callable[[Change], bool]) -> int | None:
    """The first step from which `holds`, looked for by halving: a ladder that turns twice is not followed."""
    steps = graded_change.steps
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
