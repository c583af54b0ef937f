"""What would have to be otherwise for an answer to be right: the smallest change of one fact, tried at the state of the question.

The ladders of the case (as `explain` has them), the facts that any lesson is varied by, and what the way could have brought otherwise
(a response, growth that fell short) are tried on the step at that decision, nearest first. What opens it is graded in the graph of the
changed case. Near is what a surgeon would think of next: disease and no frailer patient, round values before the first that will do.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import field, replace
from functools import cached_property, lru_cache, partial
from heapq import heapify, heappop, heappush, merge
from itertools import chain, islice
from typing import Any, Literal

from pathways.case.loading import load_case
from pathways.case.models import Case
from pathways.documents.problems import DocumentError, PathwaysError
from pathways.facts.derive import CaseFacts
from pathways.facts.guarding import families, holds, passes, refusals
from pathways.facts.patient_assessment import Search
from pathways.facts.stepping import entered
from pathways.graph.explore import Graph
from pathways.liver.resections import resections
from pathways.messages.catalogue import called, say
from pathways.planning.changes.model import Change, GradedChange
from pathways.planning.turning import Turning, bisected
from pathways.process.facts import LIVE_INDEX, State
from pathways.process.model import BY_SITUATION, Trigger
from pathways.process.phases import SITUATIONS, START
from pathways.quick_dataclass import dataclass
from pathways.teaching.curriculum.objectives import syllabus
from pathways.teaching.curriculum.schema import Contrast
from pathways.teaching.unrolling.changing import changed_document
from pathways.teaching.unrolling.grades import Grades
from pathways.teaching.unrolling.nearness import (
    NEVER,
    STANDS_FOR,
    another_patient,
    dearer,
    of_one_thing,
    rounder,
    worth_opening,
)
from pathways.teaching.unrolling.otherwise_words import clause

# So many of the nearest changes are graded; the first of them under which the answer is right is told.
MOST_GRADED = 5
# What may be changed too far: a lesion that cannot be treated at all, a remnant that no growth can make enough.
OVERSHOOTING = (".size_mm", ".measured_remnants")
# Where no single change opens a step: so many first halves of a pair are tried.
MOST_HALVES = 2
# A fact that lessons are varied by is no small step: it counts as three findings, and each further key as half of one.
OF_A_VARIATION, OF_A_FURTHER_KEY = 3.0, 0.5
# What the way brought, otherwise: it counts as one finding.
OF_THE_WAY = 1.0
# Where it is told of another answer than the one it is meant to make right, it comes later still.
OF_ANOTHER_ANSWER = 2.0
# The livers of one lesson and its variations are often the same one: what was found of them is kept for the next question.
SEARCH: Search = lru_cache(maxsize=2000)(resections)
# What every step hangs on: the phase, and what the case begins with.
ALWAYS = {"start", BY_SITUATION}
UNCERTAIN = ("suspected", "mixed")
# What a way may bring otherwise: the facts as they are there, and as they would be. The first value of a key is what it has to be.
WAYS: tuple[tuple[str, Mapping[str, tuple[Any, ...]], Mapping[str, Any]], ...] = (
    ("progressed", {"control": ("controlled",), "line": ("first", "second")}, {"control": "progressed"}),
    ("grew", {"control": ("controlled",), "stage": ("first", "further", "split", "incomplete", "cleared")}, {"control": "progressed"}),
    ("controlled", {"control": ("progressed",)}, {"control": "controlled"}),
    ("responded", {"extent": ("presented",), "line": ("first", "second")}, {"extent": "responded"}),
    ("not_responded", {"extent": ("responded",)}, {"extent": "presented"}),
    ("grown", {"growth": ("weak", "exhausted")}, {"growth": "adequate"}),
    ("short", {"growth": ("adequate",), "stage": ("none",)}, {"growth": "weak"}),
    ("stimulus_short", {"stimulus": ("none",), "growth": ("none",), "stage": ("none",)}, {"stimulus": "pve", "growth": "weak"}),
    ("measured_enough", {"volume": ("short",)}, {"volume": "enough"}),
    ("measured_short", {"volume": ("enough",)}, {"volume": "short"}),
    ("recovered", {"condition": ("unfit",)}, {"condition": "recovered"}),
    ("inconclusive", {"nature": UNCERTAIN, "characterised": ("no", "examined")}, {"characterised": "inconclusive"}),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Turn:
    """What would turn an answer round, in words, and what it is worth then: best, as good as the best, or only open."""

    words: str
    grade: Literal["best", "acceptable", "open"]


@dataclass(frozen=True, slots=True)
class Tried:
    """One thing otherwise: the facts then, the state then, and the case where it is another one."""

    words: str
    cost: float
    facts: CaseFacts
    came_from: State
    then: State
    case: Case | None
    keys: frozenset[str] = frozenset()
    # The interval of the drugs has passed since.
    waited: bool = False

    @property
    def state(self) -> State:
        """The state in the phase to which its facts point."""
        return _placed(self.came_from, self.then, self.facts, waited=self.waited)

    def opens(self, trigger: Trigger) -> bool:
        """Whether the step is offered there and nothing refuses it; the phase is asked for last, because it takes longest."""
        return passes(trigger, self.then, self.facts) and _open(trigger, self.state, self.facts)


@dataclass(frozen=True, slots=True)
class _Supposed:
    """A fact that lessons are varied by, in a case: as it is told, as it is supposed, and what comes of it."""

    fact: str
    words: str
    case: Case
    facts: CaseFacts


@dataclass(frozen=True)
class Otherwise:
    """The turns of one case. `graded` gives the grades of a changed case by its facts; what is shared between answers is worked out once."""

    grades: Grades
    graded: Callable[[CaseFacts], Grades]
    contrasts: tuple[Contrast, ...] = ()
    # The facts that are otherwise already, where a second change is looked for.
    facts: CaseFacts | None = None
    known: dict[tuple[str, State, frozenset[str]], Turn | None] = field(default_factory=dict)
    changed: dict[int, Grades] = field(default_factory=dict)
    second: dict[int, Otherwise] = field(default_factory=dict)

    @property
    def graph(self) -> Graph:
        """The graph of the case as it is."""
        return self.grades.graph

    @property
    def here(self) -> CaseFacts:
        """The facts that a change is made of."""
        return self.facts or self.graph.facts

    @cached_property
    def turning(self) -> Turning:
        """The ladders of the case."""
        return Turning(self.here, SEARCH)

    @cached_property
    def contrasted(self) -> tuple[Contrast, ...]:
        """The facts that lessons are varied by, those of the objective first."""
        return (*self.contrasts, *syllabus().variations)

    @cached_property
    def _raw(self) -> dict[str, Any]:
        return self.here.assessed.case.model_dump(mode="json", by_alias=True, exclude_none=True)

    @cached_property
    def _supposed(self) -> dict[int, _Supposed | None]:
        return {}

    def _with(self, place: int) -> _Supposed | None:
        """The case with a fact that lessons are varied by; None where it cannot be so, or is so already. Read when it is asked for."""
        if place not in self._supposed:
            self._supposed[place] = self._read(self.contrasted[place])
        return self._supposed[place]

    def _read(self, one: Contrast) -> _Supposed | None:
        try:
            made, old, new = changed_document(self._raw, one.change)
            case, fact, words = (
                load_case(made),
                one.becomes.format(new=new, old=old),
                one.supposed.format(new=new, old=old),
            )
        except (PathwaysError, DocumentError, ValueError, TypeError):
            return None
        if case == self.here.assessed.case:
            return None
        facts = CaseFacts(case, self.here.assessed.protocol)
        facts.assessed.search_with(SEARCH)
        return _Supposed(fact, words, case, facts)

    def turn(self, trigger: Trigger, state: State, apart_from: frozenset[str] = frozenset()) -> Turn | None:
        """The smallest change under which `trigger` is right at `state`; else one that opens it; None where no single one does.

        `apart_from`: facts in words that a later question asks about, so that it is not answered beforehand.
        """
        asked = (trigger.name, state, apart_from)
        if asked not in self.known:
            self.known[asked] = self._found(trigger, state, apart_from)
        return self.known[asked]

    def _found(self, trigger: Trigger, state: State, apart_from: frozenset[str]) -> Turn | None:
        if state.phase == START and START not in trigger.phases:
            return None
        node = self.graph.index.get(state)
        best = None if node is None else self.grades.advised(node).edge.declared
        is_open = _open(trigger, state, self.graph.facts)
        if is_open and (best is None or best.name == trigger.name):
            return None
        if is_open:
            assert best is not None
            turned, moving = lambda one: not one.opens(best) and one.opens(trigger), _asked(best)
            return self._nearest(trigger, self.turned_by(trigger, state, turned, moving, apart_from), opening=False)
        moving = _failing(trigger, state, self.graph.facts)
        found = self.turned_by(trigger, state, lambda one: one.opens(trigger), moving, apart_from)
        first = next(found, None)
        if first is None:
            # Two things otherwise, and still another answer better: that is told to nobody.
            return self._nearest(trigger, self._pairs(trigger, state, moving, apart_from), opening=False)
        return self._nearest(trigger, chain((first,), found), opening=True)

    def trials(self, trigger: Trigger, state: State) -> Iterator[tuple[Tried, Tried | None]]:
        """Every single change that opens a refused step, with the last step of the same ladder that was passed over for it."""
        moving = _failing(trigger, state, self.here)
        for one in self.turned_by(trigger, state, lambda tried: tried.opens(trigger), moving, frozenset()):
            yield one, self._before(one, state, trigger)

    def _before(self, one: Tried, state: State, trigger: Trigger) -> Tried | None:
        for ladder in self.turning.graded_changes:
            if not any(step.case is one.case for step in ladder.steps):
                continue
            place = _first(ladder, lambda change: self._after(change, state).opens(trigger))
            if place:
                return self._after(ladder.steps[place - 1], state)
        return None

    def _nearest(self, trigger: Trigger, found: Iterable[Tried], *, opening: bool) -> Turn | None:
        """The nearest change under which the answer is the best one, else a good one, else with `opening` one that opens it.

        `found`: nearest first.
        """
        first, acceptable = None, None
        for one in islice(found, MOST_GRADED):
            first = first or (one if opening and worth_opening(one.keys, trigger) else None)
            grade = self._grade(trigger, one)
            if grade == "best":
                return Turn(one.words, "best")
            acceptable = acceptable or (one if grade == "acceptable" else None)
        if acceptable is not None:
            return Turn(acceptable.words, "acceptable")
        return Turn(first.words, "open") if first else None

    def kept_back(self, trigger: Trigger, state: State, facts: frozenset[str]) -> bool:
        """Whether one of the facts that later questions ask about would make the step right, or would open it."""
        cost = OF_A_VARIATION
        return any(
            self._varied(place, state, lambda one: one.opens(trigger), cost, frozenset()) is not None
            for place, each in enumerate(self.contrasted)
            if trigger.name in each.good_steps and (one := self._with(place)) is not None and one.fact in facts
        )

    def _pairs(
        self, trigger: Trigger, state: State, moving: frozenset[str], apart_from: frozenset[str]
    ) -> Iterator[Tried]:
        """Two changes that open the step together, nearest first: one that takes some of its reasons away, and one that takes the rest."""
        against = _rules(trigger, state, self.here)
        halves = self.turned_by(
            trigger, state, lambda one: _rules(trigger, one.then, one.facts) < against, moving, apart_from
        )
        found = [self._with_another(half, trigger, apart_from) for half in islice(halves, MOST_HALVES)]
        yield from merge(*found, key=lambda one: one.cost)

    def _with_another(self, half: Tried, trigger: Trigger, apart_from: frozenset[str]) -> Iterator[Tried]:
        """What opens the step beside a change that is made already, of another thing than this one."""
        there = half.state
        rest = _failing(trigger, there, half.facts)
        beyond = self._beyond(half.facts)
        for one in beyond.turned_by(trigger, there, lambda tried: tried.opens(trigger), rest, apart_from):
            if not of_one_thing(one.keys, half.keys):
                both = say("turn.both", first=half.words, second=one.words)
                case = one.case if one.case is not None else half.case
                yield replace(one, words=both, cost=half.cost + one.cost, case=case, keys=one.keys | half.keys)

    def _beyond(self, facts: CaseFacts) -> Otherwise:
        """What else could be otherwise where something is already."""
        found = self.second.get(id(facts))
        if found is None:
            found = self.second[id(facts)] = Otherwise(self.grades, self.graded, self.contrasts, facts=facts)
        return found

    def turned_by(
        self, trigger: Trigger, state: State, turned: Callable[[Tried], bool], moving: frozenset[str], apart_from: frozenset[str]
    ) -> Iterator[Tried]:  # fmt: skip
        """What turns the step round, nearest first; what is further is not tried before somebody asks for it.

        Of each ladder one step, facts that lessons are varied by, and what the way could have brought otherwise. `moving`: the facts that have to move; a ladder that touches none of them is not climbed.
        """
        searches: list[tuple[float, Callable[[], Tried | None]]] = []
        for ladder in self.turning.graded_changes:
            # What a centre does otherwise is no fact of the patient.
            if ladder.steps[0].words in apart_from or ladder.steps[0].key.startswith("protocol."):
                continue
            if any(fact.startswith(ladder.touches) for fact in moving):
                # The first step is the least.
                dear = dearer(ladder.steps[0], trigger)
                least = ladder.steps[0].cost + dear
                if least < NEVER:
                    searches.append((least, partial(self._climbed, ladder, state, turned, dear)))
        for place, one in enumerate(self.contrasted):
            meant = trigger.name in one.good_steps
            if not meant and self.facts is not None:
                continue
            cost = OF_A_VARIATION + OF_A_FURTHER_KEY * (len(one.change) - 1) + (0.0 if meant else OF_ANOTHER_ANSWER)
            searches.append((cost, partial(self._varied, place, state, turned, cost, apart_from)))
        searches += [(way.cost, partial(_if, turned, way)) for way in self._ways(state)]
        yield from _nearest_first(searches)

    def _climbed(
        self, ladder: GradedChange, state: State, turned: Callable[[Tried], bool], dear: float
    ) -> Tried | None:
        """The first step of a ladder that turns the step round, or a round value soon after it."""
        place = _first(ladder, lambda change: turned(self._after(change, state)))
        if place is None:
            return None
        near = rounder(ladder, place, lambda change: turned(self._after(change, state)))
        if near is None:
            return None
        found = self._after(ladder.steps[near], state)
        return None if another_patient(ladder.steps[near]) else replace(found, cost=found.cost + dear)

    def _varied(
        self, place: int, state: State, turned: Callable[[Tried], bool], cost: float, apart_from: frozenset[str]
    ) -> Tried | None:
        """A fact that lessons are varied by, if it turns the step round and no later question asks about it."""
        one = self._with(place)
        if one is None or one.fact in apart_from:
            return None
        keys = frozenset(self.contrasted[place].change)
        tried = Tried(one.words, cost, one.facts, state, self._then(one.facts, state), one.case, keys)
        return tried if turned(tried) else None

    def _after(self, change: Change, state: State) -> Tried:
        """A step of a ladder, made."""
        facts = self.turning.facts_after(change)
        then = self._then(facts, state)
        return Tried(clause(change), change.cost, facts, state, then, change.case, frozenset({change.key}))

    def _then(self, facts: CaseFacts, state: State) -> State:
        """The state as it would be: what the case begins with otherwise is otherwise in it, unless the way has changed it since."""
        before, after = self.here.start(), facts.start()
        fields = {
            name: value
            for name, value in after._asdict().items()
            if name != "phase" and getattr(before, name) != value and getattr(state, name) == getattr(before, name)
        }
        return state._replace(**fields)

    def _ways(self, state: State) -> Iterator[Tried]:
        """What the way could have brought otherwise, on the facts as they are."""
        facts = self.here
        if state.phase == "restaging":
            yield Tried(
                called("way", "washout"), OF_THE_WAY, facts, state, state, None, frozenset({"washout"}), waited=True
            )
        for name, there, then in WAYS:
            if all(getattr(state, fact) in values for fact, values in there.items()):
                yield Tried(
                    called("way", name), OF_THE_WAY, facts, state, state._replace(**then), None, _stood_for(then)
                )

    def _grade(self, trigger: Trigger, tried: Tried) -> str:
        """What the step is worth there; nothing where the changed case never comes to such a state."""
        if tried.case is None:
            grades = self.grades
        else:
            known = self.changed.get(id(tried.facts))
            grades = known or self.changed.setdefault(id(tried.facts), self.graded(tried.facts))
        node = grades.graph.index.get(tried.state)
        if node is None or not grades.graph.edges[node] or grades.graph.edges[node][0].declared.kind != "decision":
            return ""
        return next((one.grade for one in grades.options(node) if one.name == trigger.name), "")


def _open(trigger: Trigger, state: State, facts: CaseFacts) -> bool:
    """Whether the step is offered in `state` and nothing refuses it."""
    return state.phase in trigger.phases and passes(trigger, state, facts)


def _nearest_first(searches: Iterable[tuple[float, Callable[[], Tried | None]]]) -> Iterator[Tried]:
    """What the searches find, by cost and then in their order; one that cannot find anything nearer is not begun before."""
    waiting: list[tuple[float, int, Tried | None, Callable[[], Tried | None]]] = [
        (least, place, None, search) for place, (least, search) in enumerate(searches)
    ]
    heapify(waiting)
    while waiting:
        _, place, found, search = heappop(waiting)
        if found is not None:
            yield found
        elif (new := search()) is not None:
            heappush(waiting, (new.cost, place, new, search))


def _stood_for(facts: Iterable[str]) -> frozenset[str]:
    return frozenset(STANDS_FOR.get(one, one) for one in facts)


def _if(turned: Callable[[Tried], bool], one: Tried) -> Tried | None:
    return one if turned(one) else None


def _first(ladder: GradedChange, holds: Callable[[Change], bool]) -> int | None:
    """The first step of a ladder from which `holds`. The far end of a size or a volume may overshoot: then one between is looked for."""
    if holds(ladder.steps[-1]):
        return bisected(ladder, holds)
    if ladder.bound or not ladder.key.endswith(OVERSHOOTING) or len(ladder.steps) == 1:
        return None
    last = len(ladder.steps) - 1
    between = next((place for place in (last // 2, last // 4, 0) if holds(ladder.steps[place])), None)
    return None if between is None else bisected(replace(ladder, steps=ladder.steps[: between + 1]), holds)


def _rules(trigger: Trigger, state: State, facts: CaseFacts) -> frozenset[str]:
    """The rules that refuse the step."""
    return frozenset(one.rule for one in refusals(trigger, state, facts))


def _asked(trigger: Trigger) -> frozenset[str]:
    """Facts that the step hangs on, consent to its families among them."""
    return frozenset({one.fact for one in trigger.guards} | {f"accepts_{tag.family}" for tag in trigger.tags} | ALWAYS)


def _failing(trigger: Trigger, state: State, facts: CaseFacts) -> frozenset[str]:
    """Facts that have to move for the step to be open: those of the guards that refuse it; all, where the phase is another one."""
    if state.phase not in trigger.phases:
        return _asked(trigger)
    found = {one.fact for one in trigger.guards if not holds(one, state, facts)}
    found |= {f"accepts_{one}" for one in families(trigger, state, facts)}
    return frozenset(found | ({"start"} if found & set(LIVE_INDEX) else set()))


def _placed(before: State, state: State, facts: CaseFacts, *, waited: bool) -> State:
    """The state in the phase to which its facts point."""
    if before.phase in SITUATIONS and before.nature not in UNCERTAIN and state.nature in UNCERTAIN:
        return entered(state, "indeterminate")
    settled = before.phase == "indeterminate" and state.nature not in UNCERTAIN
    if before.phase in SITUATIONS or settled or waited:
        return entered(state, facts.finding(BY_SITUATION, state).value)
    return state
