"""Why a family is closed: the verdicts of the reachable state in which fewest guards refuse it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from operator import itemgetter

from pathways.facts.guarding import holds, refusals_of
from pathways.facts.verdict import Verdict, refused
from pathways.graph.explore import Graph
from pathways.messages.catalogue import called, say
from pathways.process.declaration import PROCESS
from pathways.process.facts import LIVE_INDEX, State
from pathways.process.liveness import keys_of
from pathways.process.model import Closing, Guard, Trigger, Value
from pathways.process.phases import CLEARED, LIVER_SPARED

Ask = tuple[Callable[[State], bool], bool]
Offered = tuple[Trigger, tuple[Guard, ...], tuple[Guard, ...]]
Found = tuple[Trigger, tuple[Guard, ...], State]

# Facts that are the same in every state of a case.
FIXED = frozenset(fact.name for fact in PROCESS.case_facts if not fact.keys)
# Live facts that say whether something is there at all.
OBJECTS = ("primary", "extrahepatic", "sites")


@dataclass(frozen=True, slots=True)
class Closed:
    """A family on no route, and the verdicts that close it.

    `than`: the pathway that makes it needless, where a lesser act suffices.
    """

    family: str
    verdicts: tuple[Verdict, ...]
    than: str | None = None

    def beside(self, pathway: str | None) -> Closed:
        """The same, with the pathway that suffices where a lesser act does."""
        return replace(self, than=pathway) if self.kind == "not_needed" else self

    def where(self, barred_by: Iterable[str]) -> Closed:
        """The same where the rules `barred_by` bar every operation: what is closed by one of them is not needless beside a lesser act too."""
        bars = {*barred_by} & {one.rule for one in self.verdicts if one.closes == "barred"}
        return replace(self, verdicts=tuple(one for one in self.verdicts if not bars or one.closes != "not_needed"))

    @property
    def kind(self) -> Closing:
        """What closed means here: there is nothing to do it to, a rule bars it, or a lesser act suffices."""
        found = {one.closes for one in self.verdicts}
        return next((one for one in ("does_not_apply", "barred") if one in found), "not_needed")


def closed_by(graph: Graph, family: str, among: Sequence[State] = ()) -> Closed:
    """The reason why `family` lies on no route of `graph` (or on none through the states `among`)."""
    return Reasons(graph, tuple(among or graph.states)).of(family)


@dataclass(frozen=True)
class Reasons:
    """Why families lie on no route through `states`; what several families ask is worked out once."""

    graph: Graph
    states: tuple[State, ...]

    def of(self, family: str) -> Closed:
        """The verdicts of the state in which fewest guards refuse the family.

        What a family is (nothing has gone before it, the primary is there) is a reason only where no state is of its kind.
        """
        if self._of_a_liver_without_metastases(family):
            return Closed(family, (refused("order", say("closed.nothing_in_the_liver"), closes="does_not_apply"),))
        facts, offered = self.graph.facts, self._offered(family)
        fewest = self._fewest(offered, of_its_kind=True) or self._fewest(offered, of_its_kind=False)
        if fewest is None:
            words = say("not_modelled.family", family=called("family", family))
            return Closed(family, (refused("not_modelled", words),))
        trigger, guards, state = fewest
        found = list(refusals_of(guards, trigger, state, facts))
        found += [one for one in facts.cell(f"accepts_{family}", ()).verdicts if one.verdict == "refused"]
        if not found:
            # Nothing refuses the step where it was looked at, and its own place in the course is never reached.
            found = [refused("order", say("closed.place_not_reached"), closes="does_not_apply")]
        return Closed(family, tuple(dict.fromkeys(found)))

    def _of_a_liver_without_metastases(self, family: str) -> bool:
        """Whether every step of the family that a state offers is one on a liver with metastases, where this one bore none from the first day."""
        stage = self.states[0].stage
        if stage not in (CLEARED, LIVER_SPARED):
            return False
        on_the_liver = [
            any(guard.fact == "stage" and stage not in guard.values for guard in guards)
            for trigger, guards, _ in _carriers(family)
            if any(phase in self._in_phase for phase in trigger.phases)
        ]
        return all(on_the_liver)

    def _fewest(self, offered: Sequence[Offered], *, of_its_kind: bool) -> Found | None:
        """The step, its guards and the state in which fewest of them refuse; among the states in which it would be of the family."""
        facts = self.graph.facts
        fewest: tuple[tuple[int, int], Trigger, tuple[Guard, ...], State] | None = None
        for trigger, guards, when in offered:
            fixed, asking = _split(guards)
            # What is fixed for the case refuses everywhere or nowhere: it is asked once.
            everywhere = sum(not holds(guard, self.states[0], facts) for guard in fixed)
            # What is asked about the state itself is asked first: it is answered soonest.
            asks = sorted((self._ask(guard) for guard in asking), key=lambda one: not one[1])
            kind = [self._ask(guard)[0] for guard in when if guard.fact in LIVE_INDEX] if of_its_kind else []
            limits = _limits(fewest and fewest[0], len(guards), everywhere)
            for state in self._distinct(trigger, asking):
                if kind and not all(is_so(state) for is_so in kind):
                    continue
                failing = _failing(asks, state, *limits)
                if failing is None:
                    continue
                count = (failing[0], failing[1] + everywhere)
                if fewest is None or count < fewest[0]:
                    fewest = (count, trigger, guards, state)
                    if count <= self._least:
                        break
                    limits = _limits(count, len(guards), everywhere)
            if fewest is not None and fewest[0] <= self._least:
                break
        return None if fewest is None else fewest[1:]

    @cached_property
    def _least(self) -> tuple[int, int]:
        """What no state of a family on no route can be below: one guard refuses, or none where the patient declines."""
        return (0, 0) if self.graph.facts.assessed.case.patient.declines else (0, 1)

    @cached_property
    def _in_phase(self) -> dict[str, list[State]]:
        found: dict[str, list[State]] = {}
        for state in self.states:
            found.setdefault(state.phase, []).append(state)
        return found

    def _offered(self, family: str) -> list[Offered]:
        """The carriers of `family` that a phase of the states offers and that have something to act on; else all of them."""
        every = list(_carriers(family))
        offered = [one for one in every if any(phase in self._in_phase for phase in one[0].phases)]
        return [one for one in offered if self._has_object(one[1])] or offered or every

    def _has_object(self, guards: tuple[Guard, ...]) -> bool:
        """Whether there is a primary, a site outside the liver, or a vanished site for the step to act on, in some state."""
        return all(self._objects[guard.fact] & guard.values for guard in guards if guard.fact in OBJECTS)

    @cached_property
    def _objects(self) -> dict[str, set[Value]]:
        return {name: {getattr(state, name) for state in self.states} for name in OBJECTS}

    def _distinct(self, trigger: Trigger, guards: tuple[Guard, ...]) -> Iterator[State]:
        """One reachable state for each way `guards` can be answered, in phases that offer the trigger (else anywhere)."""
        seen: set[tuple[object, ...]] = set()
        phases = [phase for phase in trigger.phases if phase in self._in_phase]
        if len(phases) == 1:
            here: Iterable[State] = self._in_phase[phases[0]]
        else:
            wanted = phases or PROCESS.decision_phases
            here = (state for state in self.states if state.phase in wanted)
        asked: dict[str, tuple[tuple[int, ...], Callable[[State], object]]] = {}
        for state in here:
            reading = asked.get(state.stage)
            if reading is None:
                names = {key for guard in guards for key in keys_of(guard.fact, state.stage)}
                keys = tuple(sorted(LIVE_INDEX[name] for name in names))
                reading = asked[state.stage] = (keys, itemgetter(*keys) if keys else _nothing)
            answer = (reading[0], reading[1](state))
            if answer not in seen:
                seen.add(answer)
                yield state

    def _ask(self, guard: Guard) -> Ask:
        """A guard as a question to a state, and whether it asks about the state itself."""
        asked = guard.fact, guard.values
        found = self._asks.get(asked)
        if found is None:
            found = self._asks[asked] = (self._question(guard), guard.fact in LIVE_INDEX)
        return found

    @cached_property
    def _asks(self) -> dict[tuple[str, frozenset[Value]], Ask]:
        return {}

    def _question(self, guard: Guard) -> Callable[[State], bool]:
        values = guard.values
        if guard.fact in LIVE_INDEX:
            place = LIVE_INDEX[guard.fact]
            return lambda state: state[place] in values
        facts, fact = self.graph.facts, guard.fact
        places = facts.key_indices(fact)
        read = itemgetter(*places) if places else _nothing
        answered: dict[object, bool] = {}

        def holds_in(state: State) -> bool:
            key = read(state)
            answer = answered.get(key)
            if answer is None:
                value = facts.cell(fact, tuple([state[one] for one in places])).value
                answer = answered[key] = value in values
            return answer

        return holds_in


def _carriers(family: str) -> Iterator[Offered]:
    """Triggers that carry `family`, with everything that must hold for it, and what of it makes it that family."""
    for trigger in PROCESS.triggers:
        for tag in trigger.tags:
            if tag.family == family:
                yield trigger, (*trigger.guards, *tag.when), tag.when


def _split(guards: tuple[Guard, ...]) -> tuple[tuple[Guard, ...], tuple[Guard, ...]]:
    """Guards on facts that are fixed for a case, and guards that ask about the state."""
    fixed = tuple(guard for guard in guards if guard.fact in FIXED)
    return fixed, tuple(guard for guard in guards if guard.fact not in FIXED)


def _nothing(_: State) -> object:
    return ()


def _limits(fewest: tuple[int, int] | None, guards: int, everywhere: int) -> tuple[int, int]:
    """The most guards on the state itself, and on anything that is not refused `everywhere`, that may refuse where fewer than `fewest` do."""
    if fewest is None:
        return guards, guards
    return fewest[0], guards if fewest[0] else fewest[1] - everywhere


def _failing(asks: Iterable[Ask], state: State, begun_most: int, most: int) -> tuple[int, int] | None:
    """How many guards refuse that ask about the state, and how many in all; None if those are more than `begun_most` or `most`.

    A state in which nothing has been done yet says more: findings refuse there, not the order of things.
    """
    refusing = begun = 0
    for holds_in, of_state in asks:
        if not holds_in(state):
            refusing += 1
            begun += of_state
            if refusing > most or begun > begun_most:
                return None
    return begun, refusing
