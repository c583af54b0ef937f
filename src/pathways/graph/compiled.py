"""The declaration compiled for one case: guards on fixed facts decided once, the rest tested by position.

Compiled guards say only yes or no; why not is asked of `pathways.facts.guarding`, which reads the declaration itself.
A test holds the two to the same answers in every state.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable
from functools import cache, cached_property, lru_cache
from operator import itemgetter
from typing import Any, NamedTuple

from pathways.facts.derive import CaseFacts, Key
from pathways.process.declaration import PROCESS
from pathways.process.facts import LIVE_INDEX, NEUTRAL, State
from pathways.process.liveness import live_facts
from pathways.process.model import BY_SITUATION, Guard, Trigger, Value
from pathways.quick_dataclass import dataclass

LiveTest = tuple[int, frozenset[Value]]
Assignment = tuple[int, Value]
STAGE = LIVE_INDEX["stage"]
# Facts that most guards ask about: what a combination of their values leaves open is found once and kept.
SORTED_BY = tuple(LIVE_INDEX[name] for name in ("phase", "stage", "control"))
_context_of = itemgetter(*SORTED_BY)
_new_state = tuple.__new__
TABLES = frozenset(fact.name for fact in PROCESS.case_facts if fact.keys)
ALL_TRIGGERS = range(len(PROCESS.triggers))


class TableTest:
    """A guard on a case table, with its answers kept by the live facts it depends on."""

    __slots__ = ("answers", "fact", "facts", "key", "values")

    def __init__(self, facts: CaseFacts, fact: str, values: frozenset[Value]) -> None:
        self.facts, self.fact, self.values = facts, fact, values
        self.key: Callable[[Any], Any] = itemgetter(*facts.key_indices(fact))
        self.answers: dict[Any, bool] = {}

    def ask(self, key: Any) -> bool:
        """The answer for `key`, found and kept."""
        cell = key if isinstance(key, tuple) else (key,)
        answer = self.answers[key] = self.facts.cell(self.fact, cell).value in self.values
        return answer


# Three named tuples: tens of thousands are made for one case, five times quicker than frozen dataclasses.
class CompiledTag(NamedTuple):
    """A family, and the positions and values that make the step belong to it."""

    family: str
    accepted: bool
    live: tuple[LiveTest, ...]

    def applies(self, state: State) -> bool:
        """Whether the step belongs to the family when taken in `state`."""
        for index, values in self.live:  # noqa: SIM110 -- a loop, for it is asked of every step that is found
            if state[index] not in values:
                return False
        return True


class CompiledTrigger(NamedTuple):
    """A trigger whose fixed guards hold for the case."""

    trigger: Trigger
    place: int
    live: tuple[LiveTest, ...]
    tables: tuple[TableTest, ...]
    constant: tuple[Assignment, ...]
    mapped: tuple[tuple[int, dict[Value, Value]], ...]
    counted: tuple[int, ...]
    tags: tuple[CompiledTag, ...]
    declined: tuple[CompiledTag, ...]

    def families(self, state: State) -> tuple[str, ...]:
        """Families of the step when taken in `state`."""
        return tuple([tag.family for tag in self.tags if tag.applies(state)])


class Offer(NamedTuple):
    """A trigger that a context leaves open, with the live guards still to be asked and everything it assigns.

    `assigns` holds the new phase and the facts that are reset, where the target does not depend on the case tables.
    """

    one: CompiledTrigger
    live: tuple[LiveTest, ...]
    assigns: tuple[Assignment, ...]
    by_situation: bool
    place: int
    tables: tuple[TableTest, ...]
    declined: tuple[CompiledTag, ...]
    changes: bool


class CompiledCase:
    """Successors of states of one case; with `only`, by these triggers alone (positions in the declaration)."""

    def __init__(self, facts: CaseFacts, only: Collection[int] = ALL_TRIGGERS) -> None:
        self.facts = facts
        self.start = facts.start()
        self._values: dict[str, str] = {}
        self._tests: dict[tuple[str, frozenset[Value]], TableTest] = {}
        self._only = only
        self._compiled: dict[int, CompiledTrigger | None] = {}
        self._resets = resets()
        self._offers: dict[Any, tuple[Offer, ...]] = {}
        self._situations: dict[Key, str] = {}
        self._situation_key = itemgetter(*facts.key_indices(BY_SITUATION))

    @cached_property
    def triggers(self) -> tuple[CompiledTrigger, ...]:
        """Every trigger whose fixed guards hold, in declared order; whoever only walks compiles those that are met."""
        compiled = [self.of(one.index) for one in _declared() if one.index in self._only]
        return tuple(one for one in compiled if one is not None)

    def of(self, place: int) -> CompiledTrigger | None:
        """The trigger at this position in the declaration, or None where a fixed fact refuses it everywhere."""
        if place not in self._compiled:
            self._compiled[place] = self._compile(_declared()[place])
        return self._compiled[place]

    def successors(self, state: State) -> list[tuple[int, State]]:
        """Enabled triggers (positions in the declaration) with the states they lead to, in declared order."""
        context = _context_of(state)
        offers = self._offers.get(context)
        if offers is None:
            offers = self._offers[context] = self._offers_in(state)
        # The innermost loop of exploring: `_open` and `_reached` say the same in words, and tests hold them equal.
        found = []
        for offer in offers:
            for index, values in offer.live:
                if state[index] not in values:
                    break
            else:
                if (not offer.tables and not offer.declined) or self._open(offer, state):
                    if offer.by_situation or offer.changes:
                        found.append((offer.place, self._reached(offer, state)))
                    else:
                        fields: list[Value] = list(state)
                        for index, value in offer.assigns:
                            fields[index] = value
                        found.append((offer.place, _new_state(State, fields)))
        return found

    def allows(self, one: CompiledTrigger, state: State) -> bool:
        """Whether `one`, offered in the phase of `state`, is open in it."""
        return self._open(_offer_of(one, one.live, (), by_situation=False), state)

    def after(self, one: CompiledTrigger, state: State) -> State:
        """The state after a step that is open in `state`."""
        return self._reached(self._offer(one, state), state)

    def _open(self, offer: Offer, state: State) -> bool:
        for index, values in offer.live:
            if state[index] not in values:
                return False
        for table in offer.tables:
            key = table.key(state)
            answer = table.answers.get(key)
            if not (table.ask(key) if answer is None else answer):
                return False
        # Almost nobody declines anything: ask only then.
        return not offer.declined or not any(tag.applies(state) for tag in offer.declined)

    def _reached(self, offer: Offer, state: State) -> State:
        fields: list[Value] = list(state)
        for index, value in offer.assigns:
            fields[index] = value
        if offer.changes:
            _change(offer.one, state, fields)
        if offer.by_situation:
            phase = self._situation(self._situation_key(fields))
            fields[0] = phase
            for index, value in self._resets[phase, str(fields[STAGE])]:
                fields[index] = value
        return _new_state(State, fields)

    def _situation(self, key: Key) -> str:
        found = self._situations.get(key)
        if found is None:
            found = self._situations[key] = self.facts.cell(BY_SITUATION, key).value
        return found

    def _offers_in(self, state: State) -> tuple[Offer, ...]:
        """What the facts of SORTED_BY leave open."""
        leaving = (
            self.of(one.index)
            for one in _leaving(state.phase)
            if one.index in self._only and all(state[index] in values for index, values in one.context)
        )
        return tuple([self._offer(one, state) for one in leaving if one is not None])

    def _offer(self, one: CompiledTrigger, state: State) -> Offer:
        rest, assigns, reset = _laid_out(one.place, str(dict(one.constant).get(STAGE, state.stage)))
        if one.trigger.to == BY_SITUATION:
            return _offer_of(one, rest, one.constant, by_situation=True)
        return _offer_of(_without(one, reset), rest, assigns, by_situation=False)

    def _compile(self, one: _Declared) -> CompiledTrigger | None:
        if not self._fixed_hold(one.fixed):
            return None
        tags = tuple(
            CompiledTag(family, self._fixed(f"accepts_{family}") == "yes", live)
            for family, fixed, live in one.tags
            if self._fixed_hold(fixed)
        )
        return CompiledTrigger(
            trigger=one.trigger,
            place=one.index,
            live=one.live,
            tables=tuple([self._test(*asked) for asked in one.tables]),
            constant=one.constant,
            mapped=one.mapped,
            counted=one.counted,
            tags=tags,
            declined=tuple([tag for tag in tags if not tag.accepted]),
        )

    def _test(self, fact: str, values: frozenset[Value]) -> TableTest:
        """The question of a guard: triggers that ask the same share its answers."""
        found = self._tests.get((fact, values))
        if found is None:
            found = self._tests[fact, values] = TableTest(self.facts, fact, values)
        return found

    def _fixed_hold(self, guards: tuple[Guard, ...]) -> bool:
        return all(self._fixed(guard.fact) in guard.values for guard in guards)

    def _fixed(self, fact: str) -> str:
        value = self._values.get(fact)
        if value is None:
            value = self._values[fact] = self.facts.cell(fact, ()).value
        return value


@dataclass(frozen=True, slots=True)
class _Declared:
    """A trigger with its guards sorted by what they ask about; nothing of it depends on the case."""

    trigger: Trigger
    index: int
    fixed: tuple[Guard, ...]
    live: tuple[LiveTest, ...]
    context: tuple[LiveTest, ...]
    tables: tuple[tuple[str, frozenset[Value]], ...]
    constant: tuple[Assignment, ...]
    mapped: tuple[tuple[int, dict[Value, Value]], ...]
    counted: tuple[int, ...]
    tags: tuple[tuple[str, tuple[Guard, ...], tuple[LiveTest, ...]], ...]


@lru_cache(maxsize=1)
def _declared() -> tuple[_Declared, ...]:
    return tuple(
        _Declared(
            trigger=trigger,
            index=index,
            fixed=_fixed_guards(trigger.guards),
            live=live_tests(trigger.guards),
            context=tuple(test for test in live_tests(trigger.guards) if test[0] in SORTED_BY),
            tables=tuple((guard.fact, guard.values) for guard in trigger.guards if guard.fact in TABLES),
            constant=tuple((LIVE_INDEX[one.fact], one.value) for one in trigger.effects if one.value is not None),
            mapped=tuple((LIVE_INDEX[one.fact], dict(one.mapping)) for one in trigger.effects if one.mapping),
            counted=tuple(LIVE_INDEX[one.fact] for one in trigger.effects if one.step),
            tags=tuple((tag.family, _fixed_guards(tag.when), live_tests(tag.when)) for tag in trigger.tags),
        )
        for index, trigger in enumerate(PROCESS.triggers)
    )


@cache
def _leaving(phase: str) -> tuple[_Declared, ...]:
    return tuple(one for one in _declared() if phase in one.trigger.phases)


@cache
def _laid_out(place: int, stage: str) -> tuple[tuple[LiveTest, ...], tuple[Assignment, ...], dict[int, Value]]:
    """Of a trigger that ends in `stage`: the live guards left to ask, what it assigns, and what is reset after it; the same for every case."""
    one = _declared()[place]
    rest = tuple(test for test in one.live if test[0] not in SORTED_BY)
    if one.trigger.to == BY_SITUATION:
        return rest, one.constant, {}
    reset = dict(resets()[one.trigger.to, stage])
    # A fact that is reset need not be written first; one that is counted or mapped and then reset stays reset.
    return rest, tuple({**dict(one.constant), 0: one.trigger.to, **reset}.items()), reset


def _fixed_guards(guards: Iterable[Guard]) -> tuple[Guard, ...]:
    return tuple(guard for guard in guards if guard.fact not in LIVE_INDEX and guard.fact not in TABLES)


def _offer_of(
    one: CompiledTrigger, live: tuple[LiveTest, ...], assigns: tuple[Assignment, ...], *, by_situation: bool
) -> Offer:
    changes = bool(one.mapped or one.counted)
    return Offer(one, live, assigns, by_situation, one.place, one.tables, one.declined, changes)


def _change(one: CompiledTrigger, state: State, fields: list[Value]) -> None:
    for index, mapping in one.mapped:
        fields[index] = mapping.get(state[index], state[index])
    for index in one.counted:
        fields[index] = int(state[index]) + 1


def _without(one: CompiledTrigger, reset: dict[int, Value]) -> CompiledTrigger:
    """`one` without changes to facts that are reset after it."""
    if not (one.counted or one.mapped) or not any(
        index in reset for index in (*one.counted, *(index for index, _ in one.mapped))
    ):
        return one
    return one._replace(
        mapped=tuple(pair for pair in one.mapped if pair[0] not in reset),
        counted=tuple(index for index in one.counted if index not in reset),
    )


@lru_cache(maxsize=1)
def resets() -> dict[tuple[str, str], tuple[Assignment, ...]]:
    """For each phase and stage, the facts that nobody asks about any more, with the values they are reset to."""
    asked_about = live_facts()
    by_live = {
        live: tuple((LIVE_INDEX[name], neutral) for name, neutral in NEUTRAL.items() if name not in live and name != "stage")
        for live in set(asked_about.values())
    }  # fmt: skip
    return {context: by_live[live] for context, live in asked_about.items()}


def live_tests(guards: Iterable[Guard]) -> tuple[LiveTest, ...]:
    """The guards on live facts, by position."""
    return tuple((LIVE_INDEX[guard.fact], guard.values) for guard in guards if guard.fact in LIVE_INDEX)
