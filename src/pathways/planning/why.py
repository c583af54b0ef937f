"""Why a family is closed: the verdicts of the reachable state in which fewest guards refuse it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from functools import cached_property
from operator import itemgetter
from typing import Any

from pathways.facts.guarding import holds, refusals_of
from pathways.facts.verdict import Verdict, refused
from pathways.graph.explore import Graph
from pathways.messages.catalogue import called, say
from pathways.process.declaration import PROCESS
from pathways.process.facts import LIVE_INDEX, State
from pathways.process.model import Closing, Guard, Trigger, Value
from pathways.process.phases import CLEARED, LIVER_SPARED
from pathways.quick_dataclass import dataclass

# States by their places among all, as the bits of a number.
Some = int
Offered = tuple[Trigger, tuple[Guard, ...], tuple[Guard, ...]]
Found = tuple[Trigger, tuple[Guard, ...], State]

# Facts that are the same in every state of a case.
FIXED = frozenset(fact.name for fact in PROCESS.case_facts if not fact.keys)
# Live facts that say whether something is there at all.
OBJECTS = ("primary", "extrahepatic", "sites")
# Live facts that change by what the plan itself does.
DONE = ("line", "stage", "stimulus")


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
            if self._in_any(trigger.phases)
        ]
        return all(on_the_liver)

    def _fewest(self, offered: Sequence[Offered], *, of_its_kind: bool) -> Found | None:
        """The step, its guards and the state in which fewest of them refuse; among the states in which it would be of the family.

        A state in which nothing has been done yet says more: findings refuse there, not the order of things.
        """
        facts = self.graph.facts
        fewest: tuple[tuple[int, int], Trigger, tuple[Guard, ...], State] | None = None
        for trigger, guards, when in offered:
            of_case, of_state, asking = _split(guards)
            among = self._offering(trigger)
            for guard in when if of_its_kind else ():
                if guard.fact in LIVE_INDEX:
                    among &= self._passing(guard)
            among = self._undone(of_state, among) or among
            begun, among = _least_of([among & ~self._passing(guard) for guard in of_state], among)
            if not among or (fewest is not None and begun > fewest[0][0]):
                continue
            # What is fixed for the case refuses everywhere or nowhere: it is asked once.
            everywhere = sum(not holds(guard, self.states[0], facts) for guard in of_case)
            refusing, among = _least_of([self._refused(guard, among) for guard in asking], among)
            count = (begun, begun + refusing + everywhere)
            if fewest is None or count < fewest[0]:
                fewest = (count, trigger, guards, self.states[_first(among)])
                if count <= self._least:
                    break
        return None if fewest is None else fewest[1:]

    def _undone(self, of_state: Sequence[Guard], among: Some) -> Some:
        """Of `among` the states in which the plan has not done itself what a guard forbids: that would be no reason not to begin today."""
        for guard in of_state:
            if guard.fact in DONE and self.graph.states[0][LIVE_INDEX[guard.fact]] in guard.values:
                among &= self._passing(guard)
        return among

    @cached_property
    def _least(self) -> tuple[int, int]:
        """What no state of a family on no route can be below: one guard refuses, or none where the patient declines."""
        return (0, 0) if self.graph.facts.assessed.case.patient.declines else (0, 1)

    def _offering(self, trigger: Trigger) -> Some:
        """The states in phases that offer the trigger; where none does, those of all phases in which the team decides."""
        offering = self._in_any(trigger.phases)
        return offering or self._in_any(PROCESS.decision_phases)

    def _in_any(self, phases: Iterable[str]) -> Some:
        found = 0
        for phase in phases:
            found |= self._with("phase").get(phase, 0)
        return found

    def _with(self, fact: str) -> Mapping[object, Some]:
        """For every value of a live fact the states that have it."""
        found = self._by_fact.get(fact)
        if found is None:
            found = self._by_fact[fact] = self._apart(itemgetter(LIVE_INDEX[fact]))
        return found

    @cached_property
    def _by_fact(self) -> dict[str, Mapping[object, Some]]:
        return {}

    def _apart(self, reading: Callable[[State], object]) -> Mapping[object, Some]:
        bits: dict[object, bytearray] = {}
        for place, read in enumerate(map(reading, self.states)):
            some = bits.get(read)
            if some is None:
                some = bits[read] = bytearray(len(self.states) // 8 + 1)
            some[place >> 3] |= 1 << (place & 7)
        return {read: int.from_bytes(some, "little") for read, some in bits.items()}

    def _passing(self, guard: Guard) -> Some:
        """The states that a guard on a live fact lets pass."""
        asked = guard.fact, guard.values
        found = self._passed.get(asked)
        if found is None:
            found = self._passed[asked] = sum(
                some for value, some in self._with(guard.fact).items() if value in guard.values
            )
        return found

    @cached_property
    def _passed(self) -> dict[tuple[str, frozenset[Value]], Some]:
        return {}

    def _refused(self, guard: Guard, among: Some) -> Some:
        """Of `among` the states that a guard on a case fact refuses: no other cell is looked at."""
        facts, fact = self.graph.facts, guard.fact
        found = 0
        for key, some in self._with_key(fact).items():
            if some & among and facts.cell(fact, key).value not in guard.values:
                found |= some
        return found & among

    def _with_key(self, fact: str) -> Mapping[Any, Some]:
        """For every cell of a case fact the states that ask for it; facts that depend on the same live facts share them."""
        places = self.graph.facts.key_indices(fact)
        found = self._by_places.get(places)
        if found is None:
            apart = self._apart(itemgetter(*places))
            found = self._by_places[places] = (
                apart if len(places) > 1 else {(key,): some for key, some in apart.items()}
            )
        return found

    @cached_property
    def _by_places(self) -> dict[tuple[int, ...], Mapping[Any, Some]]:
        return {}

    def _offered(self, family: str) -> list[Offered]:
        """The carriers of `family` that a phase of the states offers and that have something to act on; else all of them."""
        every = list(_carriers(family))
        offered = [one for one in every if self._in_any(one[0].phases)]
        return [one for one in offered if self._has_object(one[1])] or offered or every

    def _has_object(self, guards: tuple[Guard, ...]) -> bool:
        """Whether there is a primary, a site outside the liver, or a vanished site for the step to act on, in some state."""
        return all(self._passing(guard) for guard in guards if guard.fact in OBJECTS)


def _carriers(family: str) -> Iterator[Offered]:
    """Triggers that carry `family`, with everything that must hold for it, and what of it makes it that family."""
    for trigger in PROCESS.triggers:
        for tag in trigger.tags:
            if tag.family == family:
                yield trigger, (*trigger.guards, *tag.when), tag.when


def _split(guards: tuple[Guard, ...]) -> tuple[list[Guard], list[Guard], list[Guard]]:
    """Guards on facts that are fixed for a case, on live facts, and on cells that a state asks for."""
    of_case = [guard for guard in guards if guard.fact in FIXED]
    of_state = [guard for guard in guards if guard.fact in LIVE_INDEX]
    return of_case, of_state, [guard for guard in guards if guard.fact not in FIXED and guard.fact not in LIVE_INDEX]


def _least_of(several: Iterable[Some], among: Some) -> tuple[int, Some]:
    """In how many of `several` those of `among` are that are in fewest, and which they are: counted in binary, all states at once."""
    digits: list[Some] = []
    for some in several:
        carried = some
        for place, digit in enumerate(digits):
            digits[place], carried = digit ^ carried, digit & carried
        if carried:
            digits.append(carried)
    number = 0
    for place in reversed(range(len(digits))):
        without = among & ~digits[place]
        number += 0 if without else 1 << place
        among = without or among
    return number, among


def _first(some: Some) -> int:
    return (some & -some).bit_length() - 1
