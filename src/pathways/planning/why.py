"""Why a family is closed: the verdicts of the reachable state in which fewest guards refuse it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from pathways.facts.guarding import holds, refusals_of
from pathways.facts.verdict import Verdict, refused
from pathways.graph.explore import Graph
from pathways.messages.catalogue import called, say
from pathways.process.declaration import PROCESS
from pathways.process.facts import LIVE_INDEX, State
from pathways.process.liveness import keys_of
from pathways.process.model import Closing, Guard, Trigger

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

    @property
    def kind(self) -> Closing:
        """What closed means here: there is nothing to do it to, a rule bars it, or a lesser act suffices."""
        found = {one.closes for one in self.verdicts}
        return next((one for one in ("does_not_apply", "barred") if one in found), "not_needed")


def closed_by(graph: Graph, family: str, among: Sequence[State] = ()) -> Closed:
    """The reason why `family` lies on no route of `graph` (or on none through the states `among`)."""
    fewest: tuple[tuple[int, int], Trigger, tuple[Guard, ...], State] | None = None
    states = among or graph.states
    for trigger, guards in _offered(family, states):
        fixed, asking = _split(guards)
        # What is fixed for the case refuses everywhere or nowhere: it is asked once.
        everywhere = sum(not holds(guard, states[0], graph.facts) for guard in fixed)
        for state in _distinct(states, trigger, asking):
            most = (fewest[0][0] if fewest else len(guards)) - everywhere
            failing = _failing(asking, state, graph, most)
            if failing is None:
                continue
            count = (failing[0] + everywhere, failing[1])
            if fewest is None or count < fewest[0]:
                fewest = (count, trigger, guards, state)
    if fewest is None:
        words = say("not_modelled.family", family=called("family", family))
        return Closed(family, (refused("not_modelled", words),))
    _, trigger, guards, state = fewest
    found = list(refusals_of(guards, trigger, state, graph.facts))
    found += [one for one in graph.facts.cell(f"accepts_{family}", ()).verdicts if one.verdict == "refused"]
    return Closed(family, tuple(dict.fromkeys(found)))


def _carriers(family: str) -> Iterator[tuple[Trigger, tuple[Guard, ...]]]:
    """Triggers that carry `family`, with everything that must hold for it."""
    for trigger in PROCESS.triggers:
        for tag in trigger.tags:
            if tag.family == family:
                yield trigger, (*trigger.guards, *tag.when)


def _offered(family: str, states: Sequence[State]) -> list[tuple[Trigger, tuple[Guard, ...]]]:
    """The carriers of `family` that a phase of `states` offers and that have something to act on; else all of them."""
    phases = {state.phase for state in states}
    every = list(_carriers(family))
    offered = [one for one in every if phases & set(one[0].phases)]
    return [one for one in offered if _has_object(one[1], states)] or offered or every


def _has_object(guards: tuple[Guard, ...], states: Sequence[State]) -> bool:
    """Whether there is a primary, a site outside the liver, or a vanished site for the step to act on, in some state."""
    return all(
        any(getattr(state, guard.fact) in guard.values for state in states) for guard in guards if guard.fact in OBJECTS
    )


def _distinct(states: Sequence[State], trigger: Trigger, guards: tuple[Guard, ...]) -> Iterator[State]:
    """One reachable state for each way `guards` can be answered, in phases that offer the trigger (else anywhere)."""
    seen: set[tuple[object, ...]] = set()
    here = [state for state in states if state.phase in trigger.phases]
    asked: dict[str, tuple[int, ...]] = {}
    for state in here or [state for state in states if state.phase in PROCESS.decision_phases]:
        keys = asked.get(state.stage)
        if keys is None:
            names = {key for guard in guards for key in keys_of(guard.fact, state.stage)}
            keys = asked[state.stage] = tuple(sorted(LIVE_INDEX[name] for name in names))
        answer = (keys, *(state[key] for key in keys))
        if answer not in seen:
            seen.add(answer)
            yield state


def _split(guards: tuple[Guard, ...]) -> tuple[tuple[Guard, ...], tuple[Guard, ...]]:
    """Guards on facts that are fixed for a case, and guards that ask about the state."""
    fixed = tuple(guard for guard in guards if guard.fact in FIXED)
    return fixed, tuple(guard for guard in guards if guard.fact not in FIXED)


def _failing(guards: tuple[Guard, ...], state: State, graph: Graph, most: int) -> tuple[int, int] | None:
    """How many of `guards` refuse, and how many of those ask about the state; None if more than `most` refuse.

    Of equals, a state in which nothing has been done yet says more: findings refuse there, not the order of things.
    """
    refusing = begun = 0
    for guard in guards:
        if not holds(guard, state, graph.facts):
            refusing += 1
            if refusing > most:
                return None
            begun += guard.fact in LIVE_INDEX
    return refusing, begun
