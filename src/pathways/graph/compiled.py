"""The declaration compiled for one case: guards on fixed facts decided once, the rest tested by position.

Compiled guards say only yes or no; why not is asked of `pathways.planning.why`, which reads the declaration itself.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from pathways.facts.derive import CaseFacts, Key
from pathways.process.declaration import PROCESS
from pathways.process.facts import LIVE_INDEX, NEUTRAL, State
from pathways.process.liveness import live_facts
from pathways.process.model import BY_SITUATION, Guard, Trigger, Value

Test = Callable[[State], bool]


@dataclass(frozen=True, slots=True)
class CompiledTag:
    """A family, and the positions and values that make the step belong to it."""

    family: str
    accepted: bool
    live: tuple[tuple[int, frozenset[Value]], ...]


@dataclass(frozen=True, slots=True)
class CompiledTrigger:
    """A trigger whose fixed guards hold for the case."""

    trigger: Trigger
    index: int
    live: tuple[tuple[int, frozenset[Value]], ...]
    tables: tuple[tuple[str, tuple[int, ...], frozenset[Value]], ...]
    constant: tuple[tuple[int, Value], ...]
    mapped: tuple[tuple[int, dict[Value, Value]], ...]
    counted: tuple[int, ...]
    tags: tuple[CompiledTag, ...]
    to: str

    def families(self, state: State) -> tuple[str, ...]:
        """Families of the step when taken in `state`."""
        return tuple(tag.family for tag in self.tags if all(state[index] in values for index, values in tag.live))


class CompiledCase:
    """Successors of states of one case."""

    def __init__(self, facts: CaseFacts) -> None:
        self.facts = facts
        self.start = facts.start()
        self._fixed_names = {fact.name for fact in PROCESS.case_facts if not fact.keys}
        self._table_names = {fact.name for fact in PROCESS.case_facts if fact.keys}
        self.triggers = tuple(
            compiled
            for index, trigger in enumerate(PROCESS.triggers)
            if (compiled := self._compile(index, trigger)) is not None
        )
        self._leaving = {
            phase: tuple(one for one in self.triggers if phase in one.trigger.phases) for phase in PROCESS.phases
        }
        self._dead = {
            context: tuple(
                (LIVE_INDEX[name], neutral) for name, neutral in NEUTRAL.items() if name not in live and name != "stage"
            )
            for context, live in live_facts().items()
        }
        self._values: dict[str, dict[Key, str]] = {name: {} for name in self._table_names}
        self._situation_indices = facts.key_indices(BY_SITUATION)

    def successors(self, state: State) -> list[tuple[int, State]]:
        """Enabled triggers (positions in the declaration) with the states they lead to, in declared order."""
        found = []
        for one in self._leaving[state[0]]:
            for index, values in one.live:
                if state[index] not in values:
                    break
            else:
                if self._tables_allow(one, state) and self._accepted(one, state):
                    found.append((one.index, self.after(one, state)))
        return found

    def after(self, one: CompiledTrigger, state: State) -> State:
        """The state after a step, with the facts nobody will read again reset."""
        fields: list[Value] = list(state)
        for index, value in one.constant:
            fields[index] = value
        for index, mapping in one.mapped:
            fields[index] = mapping.get(fields[index], fields[index])
        for index in one.counted:
            fields[index] = int(fields[index]) + 1
        phase = one.to
        if phase == BY_SITUATION:
            key = tuple(fields[index] for index in self._situation_indices)
            phase = self.value(BY_SITUATION, key)
        fields[0] = phase
        for index, neutral in self._dead[phase, str(fields[STAGE])]:
            fields[index] = neutral
        return State._make(fields)

    def value(self, fact: str, key: Key) -> str:
        """Value of a case table, kept."""
        cells = self._values[fact]
        found = cells.get(key)
        if found is None:
            found = cells[key] = self.facts.cell(fact, key).value
        return found

    def _tables_allow(self, one: CompiledTrigger, state: State) -> bool:
        for fact, indices, values in one.tables:
            if self.value(fact, tuple([state[index] for index in indices])) not in values:
                return False
        return True

    def _accepted(self, one: CompiledTrigger, state: State) -> bool:
        return all(tag.accepted or not all(state[index] in values for index, values in tag.live) for tag in one.tags)

    def _compile(self, index: int, trigger: Trigger) -> CompiledTrigger | None:
        """The trigger for this case, or None where a fixed fact refuses it everywhere."""
        if not all(self._fixed_holds(guard) for guard in trigger.guards):
            return None
        constant, mapped, counted = [], [], []
        for effect in trigger.effects:
            position = LIVE_INDEX[effect.fact]
            if effect.step:
                counted.append(position)
            elif effect.mapping:
                mapped.append((position, dict(effect.mapping)))
            elif effect.value is not None:
                constant.append((position, effect.value))
        tags = tuple(
            CompiledTag(tag.family, self._accepts(tag.family), _live(tag.when))
            for tag in trigger.tags
            if all(self._fixed_holds(guard) for guard in tag.when)
        )
        tables = tuple(
            (guard.fact, self.facts.key_indices(guard.fact), guard.values)
            for guard in trigger.guards
            if guard.fact in self._table_names
        )
        return CompiledTrigger(
            trigger,
            index,
            _live(trigger.guards),
            tables,
            tuple(constant),
            tuple(mapped),
            tuple(counted),
            tags,
            trigger.to,
        )

    def _fixed_holds(self, guard: Guard) -> bool:
        return guard.fact not in self._fixed_names or self.facts.cell(guard.fact, ()).value in guard.values

    def _accepts(self, family: str) -> bool:
        return self.facts.cell(f"accepts_{family}", ()).value == "yes"


STAGE = LIVE_INDEX["stage"]


def _live(guards: tuple[Guard, ...]) -> tuple[tuple[int, frozenset[Value]], ...]:
    return tuple((LIVE_INDEX[guard.fact], guard.values) for guard in guards if guard.fact in LIVE_INDEX)
