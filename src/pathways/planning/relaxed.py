"""Which facts would have to be otherwise for a family to lie on a pathway: every small change at once, in one search.

A walk over hoped-for outcomes may pass a guard that refuses if it takes along what the guard needs: a cell of a case
fact and the values it must have. States are visited with the smallest sets of such needs; so all one-step changes of
all families are explored as one union, and only sets that no smaller one beats are kept.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property

from pathways.facts.derive import CaseFacts, Key
from pathways.facts.guarding import holds
from pathways.facts.stepping import applied, entered
from pathways.process.declaration import PROCESS
from pathways.process.facts import LIVE_INDEX, NEUTRAL, State
from pathways.process.model import BY_SITUATION, Guard, Tag, Trigger, Value
from pathways.process.phases import SITUATION_PHASES

# Facts that say what kind of disease or plan this is: nobody can change them.
GIVEN = ("prior_hepatectomy", "treated_by_target", "followed_up", "lasting_control", "wishes_no_way_out")
# The state a case begins in, where a case could begin otherwise.
START = "start"
OTHERWISE: dict[str, tuple[Value, ...]] = {
    "nature": ("confirmed", "suspected", "mixed"),
    "sites": ("present",),
    "primary": ("in_situ", "absent", "urgent"),
    "extrahepatic": ("present", "none"),
    "control": ("controlled", "progressed"),
    "bile": ("obstructed", "free"),
}


@dataclass(frozen=True, slots=True)
class Need:
    """A cell of a case fact (or, as `start`, a live fact at the start) and the values one of which it must have."""

    fact: str
    key: Key
    values: frozenset[Value]

    def met_by(self, facts: CaseFacts) -> bool:
        """Whether `facts` answer as needed."""
        if self.fact == START:
            return facts.start()[LIVE_INDEX[str(self.key[0])]] in self.values
        return facts.cell(self.fact, self.key).value in self.values


Needs = frozenset[Need]
NOTHING: Needs = frozenset()


@dataclass(frozen=True)
class Relaxed:
    """The search over one case; at most `most` needs are taken along."""

    facts: CaseFacts
    most: int = 1

    @cached_property
    def families(self) -> Mapping[str, tuple[Needs, ...]]:
        """For every family, the smallest sets of needs under which some pathway carries it (the empty one: it is open)."""
        seen: dict[State, list[Needs]] = {}
        found: dict[str, list[Needs]] = {}
        waiting: deque[tuple[State, Needs]] = deque(sorted(self._starts(), key=lambda one: len(one[1])))
        while waiting:
            state, needs = waiting.popleft()
            if not _kept(needs, seen.setdefault(state, [])):
                continue
            for trigger, after in self._passing(trigger_in(state.phase), state, needs):
                for family, more in self._carried(trigger, state, after):
                    _kept(more, found.setdefault(family, []))
                waiting += self._reached(trigger, state, after)
        return {family: tuple(sorted(sets, key=len)) for family, sets in found.items()}

    def _starts(self) -> Iterator[tuple[State, Needs]]:
        start = self.facts.start()
        yield start, NOTHING
        for name, values in OTHERWISE.items():
            for value in values:
                if getattr(start, name) != value:
                    changed = State(**{**start._asdict(), name: value})
                    yield changed, frozenset({Need(START, (name,), frozenset({value}))})

    def _passing(self, triggers: Iterable[Trigger], state: State, needs: Needs) -> Iterator[tuple[Trigger, Needs]]:
        """Triggers that can be taken in `state`, with what they need beside `needs`."""
        for trigger in triggers:
            after = self._through(trigger.guards, state, needs)
            accepted = None if after is None else self._accepted(trigger.tags, state, after)
            if accepted is not None:
                yield trigger, accepted

    def _through(self, guards: Iterable[Guard], state: State, needs: Needs) -> Needs | None:
        """`needs` with what `guards` ask for; None where a live fact refuses or the needs become too many."""
        for guard in guards:
            if guard.fact in LIVE_INDEX:
                if state[LIVE_INDEX[guard.fact]] not in guard.values:
                    return None
                continue
            narrowed = self._needing(guard.fact, guard.values, state, needs)
            if narrowed is None:
                return None
            needs = narrowed
        return needs

    def _needing(self, fact: str, values: frozenset[Value], state: State, needs: Needs) -> Needs | None:
        key = tuple(state[index] for index in self.facts.key_indices(fact))
        before = next((one for one in needs if one.fact == fact and one.key == key), None)
        if before is not None:
            both = before.values & values
            return needs - {before} | {Need(fact, key, both)} if both else None
        if self.facts.cell(fact, key).value in values:
            return needs
        if fact in GIVEN or len(needs) >= self.most:
            return None
        return needs | {Need(fact, key, values)}

    def _carried(self, trigger: Trigger, state: State, needs: Needs) -> Iterator[tuple[str, Needs]]:
        """Families of the step, each with what it needs beside."""
        for tag in trigger.tags:
            more = self._through(tag.when, state, needs)
            if more is not None:
                wanted = self._needing(f"accepts_{tag.family}", frozenset({"yes"}), state, more)
                if wanted is not None:
                    yield tag.family, wanted

    def _reached(self, trigger: Trigger, state: State, needs: Needs) -> Iterator[tuple[State, Needs]]:
        after = applied(trigger, state)
        if trigger.to != BY_SITUATION:
            yield entered(after, trigger.to), needs
            return
        for phase in SITUATION_PHASES[after.stage]:
            more = self._needing(BY_SITUATION, frozenset({phase}), after, needs)
            if more is not None:
                yield entered(after, phase), more

    def _accepted(self, tags: Iterable[Tag], state: State, needs: Needs) -> Needs | None:
        """`needs` with the patient's consent to every family of the step."""
        for tag in tags:
            if all(holds(guard, state, self.facts) for guard in tag.when):
                more = self._needing(f"accepts_{tag.family}", frozenset({"yes"}), state, needs)
                if more is None:
                    return None
                needs = more
        return needs


def trigger_in(phase: str) -> tuple[Trigger, ...]:
    """Decisions and hoped-for outcomes of `phase`."""
    return _TRIGGERS.get(phase, ())


_TRIGGERS: dict[str, tuple[Trigger, ...]] = {
    phase: tuple(one for one in PROCESS.triggers if phase in one.phases and (one.kind == "decision" or one.hoped_for))
    for phase in PROCESS.phases
}


def _kept(needs: Needs, smallest: list[Needs]) -> bool:
    """Adds `needs` to the smallest sets, unless one of them is contained in it."""
    if any(one <= needs for one in smallest):
        return False
    smallest[:] = [one for one in smallest if not needs <= one]
    smallest.append(needs)
    return True


# A start that differs from the neutral one in a fact the start never resets would be no start at all.
assert set(OTHERWISE) <= set(NEUTRAL)
