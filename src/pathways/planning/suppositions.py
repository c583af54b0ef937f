"""A walk over hoped-for outcomes under many suppositions at once: what a family would need, were a fact otherwise.

A supposition is one bit, a state holds the bits of all suppositions that reach it, and a guard is a mask. What is supposed is said by
`pathways.planning.relaxed`.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from operator import itemgetter
from typing import Any

from pathways.facts.derive import CaseFacts, Key
from pathways.facts.guarding import holds
from pathways.graph.compiled import LiveTest, live_tests, resets
from pathways.process.declaration import PROCESS
from pathways.process.facts import CASE_FACTS, LIVE_INDEX, State
from pathways.process.model import BY_SITUATION, Guard, Tag, Trigger, Value
from pathways.process.phases import SITUATION_PHASES

STAGE = LIVE_INDEX["stage"]
# Nothing is supposed: whatever is reached so is reached under every supposition.
AS_IT_IS = 1
YES = frozenset({"yes"})
_new_state = tuple.__new__


@dataclass(frozen=True, slots=True)
class _Ask:
    """A guard on a case fact: which cell a state asks for, and the values it lets pass."""

    fact: str
    key: Callable[[Any], Any]
    values: frozenset[Value]


@dataclass(frozen=True, slots=True)
class _Carried:
    """A family of a step: the live facts under which it belongs to it, and what else is asked."""

    family: str
    live: tuple[LiveTest, ...]
    asks: tuple[_Ask, ...]


@dataclass(frozen=True, slots=True)
class _Step:
    """A trigger laid out for the search; nothing of it depends on the case."""

    trigger: Trigger
    live: tuple[LiveTest, ...]
    asks: tuple[_Ask, ...]
    carried: tuple[_Carried, ...]

    def applied(self, state: State) -> list[Value]:
        """The values of `state` after the effects, before the phase changes."""
        fields: list[Value] = list(state)
        for effect in self.trigger.effects:
            place = LIVE_INDEX[effect.fact]
            if effect.step:
                fields[place] = int(state[place]) + effect.step
            elif effect.mapping:
                fields[place] = effect.mapping.get(state[place], state[place])
            else:
                assert effect.value is not None
                fields[place] = effect.value
        return fields


class _Front:
    """States that are reached, with the suppositions under which they are; those reached under more wait to be followed."""

    def __init__(self) -> None:
        self.reached: dict[State, int] = {}
        self.fresh: dict[State, int] = {}
        self.waiting: deque[State] = deque()

    def arrive(self, state: State, mask: int) -> None:
        """Reaches `state` under `mask` too."""
        before = self.reached.get(state, 0)
        if before & AS_IT_IS or not mask & ~before:
            return
        after = self.reached[state] = AS_IT_IS if mask & AS_IT_IS else before | mask
        if state not in self.fresh:
            self.waiting.append(state)
        self.fresh[state] = after


class Suppositions:
    """The masks of guards; every mask is found when it is first asked for."""

    def __init__(self, facts: CaseFacts) -> None:
        self.facts = facts
        self.masks: dict[tuple[str, Key, frozenset[Value]], tuple[bool, int]] = {}

    def mask(self, fact: str, key: Key, values: frozenset[Value]) -> tuple[bool, int]:
        """Whether the fact passes as it is, and the suppositions under which it does."""
        asked = (fact, key, values)
        found = self.masks.get(asked)
        if found is None:
            passes = self.facts.cell(fact, key).value in values
            found = self.masks[asked] = (passes, self.under(fact, key, values, passes=passes))
        return found

    def under(self, fact: str, key: Key, values: frozenset[Value], *, passes: bool) -> int:
        """The suppositions under which the fact is one of `values`."""
        raise NotImplementedError

    def starts(self) -> Iterator[tuple[State, int]]:
        """States a case could begin in, with the suppositions under which it does."""
        raise NotImplementedError

    def search(self) -> dict[str, int]:
        """For every family the suppositions under which some pathway may carry it."""
        moves: dict[State, list[_Move]] = {}
        found: dict[str, int] = {}
        front = _Front()
        for state, mask in self.starts():
            front.arrive(state, mask)
        while front.waiting:
            state = front.waiting.popleft()
            mask = front.fresh.pop(state)
            here = moves.get(state)
            if here is None:
                here = moves[state] = list(self._moves(state))
            for move in here:
                after = _passed(mask, move.passes, move.under)
                if after:
                    for family, passes, under in move.carried:
                        found[family] = found.get(family, 0) | _passed(after, passes, under)
                    for target, passes, under in move.targets:
                        front.arrive(target, _passed(after, passes, under))
        return {family: mask for family, mask in found.items() if mask}

    def _moves(self, state: State) -> Iterator[_Move]:
        for step in steps_in(state.phase):
            if any(state[place] not in values for place, values in step.live):
                continue
            passes, under = self._asked(step.asks, state)
            carried = []
            for tag, one in zip(step.trigger.tags, step.carried, strict=True):
                if any(state[place] not in values for place, values in one.live):
                    continue
                # The step itself needs consent to what it is; a family it would only carry otherwise needs more.
                if all(holds(guard, state, self.facts) for guard in tag.when):
                    agreed, consent = self.mask(f"accepts_{one.family}", (), YES)
                    passes, under = passes and agreed, under & consent
                carried.append((one.family, *self._asked(one.asks, state)))
            if passes or under:
                yield _Move(passes, under, tuple(carried), tuple(self._targets(step, state)))

    def _asked(self, asks: Iterable[_Ask], state: State) -> tuple[bool, int]:
        passes, under = True, -1
        for ask in asks:
            one, mask = self.mask(ask.fact, ask.key(state), ask.values)
            passes, under = passes and one, under & mask
        return passes, under

    def _targets(self, step: _Step, state: State) -> Iterator[tuple[State, bool, int]]:
        after = step.applied(state)
        to = step.trigger.to
        if to != BY_SITUATION:
            yield _entered(after, to), True, -1
            return
        key = _KEY[BY_SITUATION](after)
        for phase in SITUATION_PHASES[str(after[STAGE])]:
            passes, under = self.mask(BY_SITUATION, key, frozenset({phase}))
            if passes or under:
                yield _entered(after, phase), passes, under


@dataclass(frozen=True, slots=True)
class _Move:
    """A step that is open in a state under some supposition: masks of itself, of its families and of where it leads."""

    passes: bool
    under: int
    carried: tuple[tuple[str, bool, int], ...]
    targets: tuple[tuple[State, bool, int], ...]


def _passed(mask: int, passes: bool, under: int) -> int:
    """What of `mask` passes a guard. As it is beats every supposition; a refusal leaves those that would turn it."""
    if mask & AS_IT_IS:
        return AS_IT_IS if passes else under & ~AS_IT_IS
    return mask & under


def _entered(fields: list[Value], phase: str) -> State:
    entering = list(fields)
    entering[0] = phase
    for place, neutral in resets()[phase, str(fields[STAGE])]:
        entering[place] = neutral
    return _new_state(State, entering)


def steps_in(phase: str) -> tuple[_Step, ...]:
    """Decisions and hoped-for outcomes of `phase`."""
    return _steps().get(phase, ())


@lru_cache(maxsize=1)
def _steps() -> dict[str, tuple[_Step, ...]]:
    laid_out = [_laid_out(one) for one in PROCESS.triggers if one.kind == "decision" or one.hoped_for]
    return {phase: tuple(one for one in laid_out if phase in one.trigger.phases) for phase in PROCESS.phases}


def _laid_out(trigger: Trigger) -> _Step:
    return _Step(
        trigger, live_tests(trigger.guards), _asks(trigger.guards), tuple(_carries(tag) for tag in trigger.tags)
    )


def _carries(tag: Tag) -> _Carried:
    consent = _Ask(f"accepts_{tag.family}", _KEY[f"accepts_{tag.family}"], YES)
    return _Carried(tag.family, live_tests(tag.when), (*_asks(tag.when), consent))


def _asks(guards: Iterable[Guard]) -> tuple[_Ask, ...]:
    return tuple(_Ask(one.fact, _KEY[one.fact], one.values) for one in guards if one.fact not in LIVE_INDEX)


def _key_reader(places: tuple[int, ...]) -> Callable[[Any], Any]:
    if len(places) > 1:
        return itemgetter(*places)
    return (lambda state: (state[places[0]],)) if places else (lambda _: ())


_KEY = {fact.name: _key_reader(tuple(LIVE_INDEX[key] for key in fact.keys)) for fact in CASE_FACTS}
