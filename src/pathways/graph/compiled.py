"""The declaration compiled for one case: guards on fixed facts decided once, the rest tested by position.

Compiled guards say only yes or no; why not is asked of `pathways.facts.guarding`, which reads the declaration itself.
A test holds the two to the same answers in every state.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from operator import itemgetter
from typing import Any

from pathways.facts.derive import CaseFacts, Key
from pathways.process.declaration import PROCESS
from pathways.process.facts import LIVE_INDEX, NEUTRAL, State
from pathways.process.liveness import live_facts
from pathways.process.model import BY_SITUATION, Guard, Trigger, Value

LiveTest = tuple[int, frozenset[Value]]
Assignment = tuple[int, Value]
STAGE = LIVE_INDEX["stage"]
# Facts that most guards ask about: what a combination of their values leaves open is found once and kept.
SORTED_BY = tuple(LIVE_INDEX[name] for name in ("phase", "stage", "control"))
_context_of = itemgetter(*SORTED_BY)
_new_state = tuple.__new__


class TableTest:
    """A guard on a case table, with its answers kept by the live facts it depends on."""

    __slots__ = ("answers", "fact", "facts", "key", "values")

    def __init__(self, facts: CaseFacts, guard: Guard) -> None:
        self.facts = facts
        self.fact = guard.fact
        self.values = guard.values
        self.key: Callable[[Any], Any] = itemgetter(*facts.key_indices(guard.fact))
        self.answers: dict[Any, bool] = {}

    def ask(self, key: Any) -> bool:
        """The answer for `key`, found and kept."""
        cell = key if isinstance(key, tuple) else (key,)
        answer = self.answers[key] = self.facts.cell(self.fact, cell).value in self.values
        return answer


@dataclass(frozen=True, slots=True)
class CompiledTag:
    """A family, and the positions and values that make the step belong to it."""

    family: str
    accepted: bool
    live: tuple[LiveTest, ...]

    def applies(self, state: State) -> bool:
        """Whether the step belongs to the family when taken in `state`."""
        return all(state[index] in values for index, values in self.live)


@dataclass(frozen=True, slots=True)
class CompiledTrigger:
    """A trigger whose fixed guards hold for the case."""

    trigger: Trigger
    index: int
    live: tuple[LiveTest, ...]
    tables: tuple[TableTest, ...]
    constant: tuple[Assignment, ...]
    mapped: tuple[tuple[int, dict[Value, Value]], ...]
    counted: tuple[int, ...]
    tags: tuple[CompiledTag, ...]
    declined: tuple[CompiledTag, ...]

    def families(self, state: State) -> tuple[str, ...]:
        """Families of the step when taken in `state`."""
        return tuple(tag.family for tag in self.tags if tag.applies(state))


@dataclass(frozen=True, slots=True)
class Offer:
    """A trigger that a context leaves open, with the live guards still to be asked and everything it assigns.

    `assigns` holds the new phase and the facts that are reset, where the target does not depend on the case tables.
    """

    one: CompiledTrigger
    live: tuple[LiveTest, ...]
    assigns: tuple[Assignment, ...]
    by_situation: bool
    index: int
    tables: tuple[TableTest, ...]
    declined: tuple[CompiledTag, ...]
    changes: bool


class CompiledCase:
    """Successors of states of one case."""

    def __init__(self, facts: CaseFacts) -> None:
        self.facts = facts
        self.start = facts.start()
        self._tables = frozenset(fact.name for fact in PROCESS.case_facts if fact.keys)
        compiled = (self._compile(index, trigger) for index, trigger in enumerate(PROCESS.triggers))
        self.triggers = tuple(one for one in compiled if one is not None)
        self._leaving = {
            phase: tuple(one for one in self.triggers if phase in one.trigger.phases) for phase in PROCESS.phases
        }
        self._resets = {context: _resets(live) for context, live in live_facts().items()}
        self._offers: dict[Any, tuple[Offer, ...]] = {}
        self._situations: dict[Key, str] = {}
        self._situation_key = itemgetter(*facts.key_indices(BY_SITUATION))

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
                        found.append((offer.index, self._reached(offer, state)))
                    else:
                        fields: list[Value] = list(state)
                        for index, value in offer.assigns:
                            fields[index] = value
                        found.append((offer.index, _new_state(State, fields)))
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
        return tuple(
            self._offer(one, state)
            for one in self._leaving[state.phase]
            if all(state[index] in values for index, values in one.live if index in SORTED_BY)
        )

    def _offer(self, one: CompiledTrigger, state: State) -> Offer:
        rest = tuple(test for test in one.live if test[0] not in SORTED_BY)
        if one.trigger.to == BY_SITUATION:
            return _offer_of(one, rest, one.constant, by_situation=True)
        stage = str(dict(one.constant).get(STAGE, state.stage))
        resets = self._resets[one.trigger.to, stage]
        # A fact that is reset need not be written first; one that is counted or mapped and then reset stays reset.
        assigned = {**dict(one.constant), 0: one.trigger.to, **dict(resets)}
        return _offer_of(_without(one, dict(resets)), rest, tuple(assigned.items()), by_situation=False)

    def _compile(self, index: int, trigger: Trigger) -> CompiledTrigger | None:
        """The trigger for this case, or None where a fixed fact refuses it everywhere."""
        if not all(self._fixed_holds(guard) for guard in trigger.guards):
            return None
        tags = tuple(
            CompiledTag(tag.family, self._accepts(tag.family), _live(tag.when))
            for tag in trigger.tags
            if all(self._fixed_holds(guard) for guard in tag.when)
        )
        return CompiledTrigger(
            trigger=trigger,
            index=index,
            live=_live(trigger.guards),
            tables=tuple(TableTest(self.facts, guard) for guard in trigger.guards if guard.fact in self._tables),
            constant=tuple((LIVE_INDEX[one.fact], one.value) for one in trigger.effects if one.value is not None),
            mapped=tuple((LIVE_INDEX[one.fact], dict(one.mapping)) for one in trigger.effects if one.mapping),
            counted=tuple(LIVE_INDEX[one.fact] for one in trigger.effects if one.step),
            tags=tags,
            declined=tuple(tag for tag in tags if not tag.accepted),
        )

    def _fixed_holds(self, guard: Guard) -> bool:
        if guard.fact in LIVE_INDEX or guard.fact in self._tables:
            return True
        return self.facts.cell(guard.fact, ()).value in guard.values

    def _accepts(self, family: str) -> bool:
        return self.facts.cell(f"accepts_{family}", ()).value == "yes"


def _offer_of(
    one: CompiledTrigger, live: tuple[LiveTest, ...], assigns: tuple[Assignment, ...], *, by_situation: bool
) -> Offer:
    changes = bool(one.mapped or one.counted)
    return Offer(one, live, assigns, by_situation, one.index, one.tables, one.declined, changes)


def _change(one: CompiledTrigger, state: State, fields: list[Value]) -> None:
    for index, mapping in one.mapped:
        fields[index] = mapping.get(state[index], state[index])
    for index in one.counted:
        fields[index] = int(state[index]) + 1


def _without(one: CompiledTrigger, reset: dict[int, Value]) -> CompiledTrigger:
    """`one` without changes to facts that are reset after it."""
    if not any(index in reset for index in (*one.counted, *(index for index, _ in one.mapped))):
        return one
    return replace(
        one,
        mapped=tuple(pair for pair in one.mapped if pair[0] not in reset),
        counted=tuple(index for index in one.counted if index not in reset),
    )


def _resets(live: frozenset[str]) -> tuple[Assignment, ...]:
    return tuple(
        (LIVE_INDEX[name], neutral) for name, neutral in NEUTRAL.items() if name not in live and name != "stage"
    )


def _live(guards: tuple[Guard, ...]) -> tuple[LiveTest, ...]:
    return tuple((LIVE_INDEX[guard.fact], guard.values) for guard in guards if guard.fact in LIVE_INDEX)
