"""A walk over hoped-for outcomes under many suppositions at once: what a family would need, were a fact otherwise.

A supposition is one bit, a state holds the bits of all suppositions that reach it, and a guard lets some of them pass. What is supposed is said by
`pathways.planning.relaxed`.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Iterator
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
from pathways.quick_dataclass import dataclass

STAGE = LIVE_INDEX["stage"]
# Nothing is supposed: whatever is reached so is reached under every supposition.
AS_IT_IS = 1
YES = frozenset({"yes"})
# States whose steps are kept laid out: those that the many changed cases of one explanation reach.
KEPT_STATES = 4096
# A cell of a fact, and the values that pass.
Asked = tuple[str, Key, frozenset[Value]]
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
        """Reaches `state` under `mask` too. As it is goes first: nothing has to be supposed of what is reached so anyway."""
        before = self.reached.get(state, 0)
        if before & AS_IT_IS or not mask & ~before:
            return
        after = self.reached[state] = AS_IT_IS if mask & AS_IT_IS else before | mask
        if after == AS_IT_IS:
            self.waiting.appendleft(state)
        elif state not in self.fresh:
            self.waiting.append(state)
        self.fresh[state] = after

    def followed(self) -> Iterator[tuple[State, int]]:
        """Every state that waits, with the suppositions under which it was reached since it was followed last."""
        while self.waiting:
            state = self.waiting.popleft()
            mask = self.fresh.pop(state, 0)
            if mask:
                yield state, mask


class Suppositions:
    """What passes the guards. No supposition is asked for that does not reach a guard, or where as it is all pass."""

    def __init__(self, facts: CaseFacts) -> None:
        self.facts = facts
        self._moves: dict[State, tuple[_Move, ...]] = {}

    def under(self, asked: Asked, within: int) -> int:
        """The suppositions under which a fact is one of the values asked for; of them at least those of `within` are looked at."""
        raise NotImplementedError

    def starts(self) -> Iterator[tuple[State, int]]:
        """States a case could begin in, with the suppositions under which it does."""
        raise NotImplementedError

    def search(self) -> dict[str, int]:
        """For every family the suppositions under which some pathway may carry it."""
        found: dict[str, int] = {}
        front = _Front()
        for state, mask in self.starts():
            front.arrive(state, mask)
        for state, mask in front.followed():
            for move in self._moves_in(state):
                after = self._passed(mask, move.asks)
                if not after:
                    continue
                for family, asks in move.carried:
                    found[family] = found.get(family, 0) | self._passed(after, asks)
                for target, asks in move.targets:
                    front.arrive(target, self._passed(after, asks))
        return {family: mask for family, mask in found.items() if mask}

    def _passed(self, mask: int, asks: _Asks) -> int:
        """What of `mask` passes guards. As it is beats every supposition; a refusal leaves those that would turn it."""
        refusing = asks.refusing
        if refusing is None:
            refusing = asks.ask(self.facts)
        if mask & AS_IT_IS:
            if not refusing:
                return AS_IT_IS
            mask = ~AS_IT_IS
        # What refuses leaves few: of the others only those are asked for.
        for asked in (*refusing, *asks.passing):
            mask &= self.under(asked, mask)
            if not mask:
                break
        return mask

    def _moves_in(self, state: State) -> tuple[_Move, ...]:
        found = self._moves.get(state)
        if found is None:
            found = self._moves[state] = tuple(one.move(state, self.facts) for one in _fitting(state))
        return found


@dataclass(frozen=True, slots=True)
class _Fitting:
    """A step whose live facts fit a state: what it and each of its families asks for, and each state it may lead to. Nothing depends on the case."""

    asked: tuple[Asked, ...]
    carried: tuple[tuple[Tag, tuple[Asked, ...]], ...]
    targets: tuple[tuple[State, tuple[Asked, ...]], ...]

    def move(self, state: State, facts: CaseFacts) -> _Move:
        """The step for a case. It needs consent to what it is; a family it would only carry otherwise needs more."""
        agreed = [
            (f"accepts_{tag.family}", (), YES)
            for tag, _ in self.carried
            if all(holds(guard, state, facts) for guard in tag.when)
        ]
        return _Move(
            _Asks((*self.asked, *agreed)),
            tuple((tag.family, _Asks(asked)) for tag, asked in self.carried),
            tuple((target, _Asks(asked)) for target, asked in self.targets),
        )


@lru_cache(maxsize=KEPT_STATES)
def _fitting(state: State) -> tuple[_Fitting, ...]:
    return tuple(
        _Fitting(_asked(step.asks, state), tuple(_carried(step, state)), tuple(_targets(step, state)))
        for step in steps_in(state.phase)
        if _live(step.live, state)
    )


def _live(tests: Iterable[LiveTest], state: State) -> bool:
    for place, values in tests:  # noqa: SIM110 -- a loop, for it is asked of every step in every state
        if state[place] not in values:
            return False
    return True


def _asked(asks: Iterable[_Ask], state: State) -> tuple[Asked, ...]:
    return tuple([(ask.fact, ask.key(state), ask.values) for ask in asks])


def _carried(step: _Step, state: State) -> Iterator[tuple[Tag, tuple[Asked, ...]]]:
    for tag, one in zip(step.trigger.tags, step.carried, strict=True):
        if _live(one.live, state):
            yield tag, _asked(one.asks, state)


def _targets(step: _Step, state: State) -> Iterator[tuple[State, tuple[Asked, ...]]]:
    after = step.applied(state)
    to = step.trigger.to
    if to != BY_SITUATION:
        yield _entered(after, to), ()
        return
    key = _KEY[BY_SITUATION](after)
    for phase in SITUATION_PHASES[str(after[STAGE])]:
        yield _entered(after, phase), ((BY_SITUATION, key, frozenset({phase})),)


class _Asks:
    """Cells that are asked for together, all passing until `ask` has found which refuse as it is."""

    __slots__ = ("passing", "refusing")

    def __init__(self, asked: tuple[Asked, ...]) -> None:
        self.passing = asked
        self.refusing: tuple[Asked, ...] | None = None

    def ask(self, facts: CaseFacts) -> tuple[Asked, ...]:
        """Those that refuse; what passes stays."""
        passing: list[Asked] = []
        refusing: list[Asked] = []
        for asked in self.passing:
            fact, key, values = asked
            (passing if facts.cell(fact, key).value in values else refusing).append(asked)
        self.passing, self.refusing = tuple(passing), tuple(refusing)
        return self.refusing


@dataclass(frozen=True, slots=True)
class _Move:
    """A step whose live facts fit: what it asks for, and beyond that each of its families and of the states it may lead to."""

    asks: _Asks
    carried: tuple[tuple[str, _Asks], ...]
    targets: tuple[tuple[State, _Asks], ...]


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
