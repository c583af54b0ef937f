"""Which live facts still matter in a phase at a stage of surgery, computed from the declaration.

A fact that no later guard, table, tag or chance reads is reset on entering: that merges states which differ only in
what nobody will ask about again. The stage is known beside the phase because most questions end with the operation.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import lru_cache, reduce
from operator import or_

from pathways.process.declaration import PROCESS
from pathways.process.facts import LIVE_FACTS
from pathways.process.model import BY_SITUATION, Chance, Guard, Trigger
from pathways.process.phases import SITUATION_KEYS, SITUATION_PHASES

Context = tuple[str, str]
Way = tuple[Context, int]
STAGES = tuple(str(value) for fact in LIVE_FACTS if fact.name == "stage" for value in fact.domain)

_KEYS = {fact.name: fact.keys for fact in PROCESS.case_facts}
_LIVE = frozenset(fact.name for fact in PROCESS.live_facts)
_BITS = {fact.name: 1 << place for place, fact in enumerate(PROCESS.live_facts)}


def keys_of(fact: str, stage: str) -> tuple[str, ...]:
    """The live facts that decide `fact` at `stage`."""
    if fact == BY_SITUATION:
        return ("stage", *SITUATION_KEYS[stage])
    return (fact,) if fact in _LIVE else _KEYS[fact]


def chance_keys(chance: Chance) -> tuple[str, ...]:
    """The live facts that a chance depends on."""
    return (*((chance.by,) if chance.by else ()), *chance.reads)


def reads(trigger: Trigger, stage: str) -> frozenset[str]:
    """Live facts that `trigger` asks about at `stage`: in guards, tags and chances, or to change them."""
    found, by_situation = _read_by(trigger)
    return found.union(keys_of(BY_SITUATION, stage)) if by_situation else found


def _read_by(trigger: Trigger) -> tuple[frozenset[str], bool]:
    """What `trigger` asks about at every stage, and whether it asks for the situation, which another stage decides by other facts."""
    facts = {guard.fact for guard in _guards(trigger)}
    found = {key for fact in facts - {BY_SITUATION} for key in ((fact,) if fact in _LIVE else _KEYS[fact])}
    found.update(effect.fact for effect in trigger.effects if effect.step or effect.mapping)
    if trigger.chance:
        found.update(chance_keys(trigger.chance))
    if trigger.days and trigger.days.by:
        found.add(trigger.days.by)
    if trigger.clearance:
        found.update(_KEYS[f"remnant_{trigger.clearance}"])
    return frozenset(found), BY_SITUATION in facts


@lru_cache(maxsize=1)
def live_facts() -> dict[Context, frozenset[str]]:
    """For each phase and stage, the live facts that something reachable from there may still read."""
    contexts = [(phase, stage) for phase in PROCESS.phases for stage in STAGES]
    live = dict.fromkeys(contexts, 0)
    # Most steps lead where others lead too: every way is followed once.
    ahead: dict[Context, set[Way]] = {context: set() for context in contexts}
    for trigger in PROCESS.triggers:
        for stage, asked, ways in _ways(trigger):
            for phase in trigger.phases:
                live[phase, stage] |= asked
                ahead[phase, stage].update(ways)
    changed = True
    while changed:
        changed = False
        for context in reversed(contexts):
            wanted = live[context]
            for there, kept in ahead[context]:
                wanted |= live[there] & kept
            if wanted != live[context]:
                live[context], changed = wanted, True
    named = {found: frozenset([name for name, bit in _BITS.items() if found & bit]) for found in set(live.values())}
    return {context: named[found] for context, found in live.items()}


def _ways(trigger: Trigger) -> Iterator[tuple[str, int, list[Way]]]:
    """By stage at which `trigger` is possible: what it asks, and where it leads with what it does not overwrite on the way."""
    overwritten = {effect.fact: effect.value for effect in trigger.effects if effect.value is not None}
    kept = ~_bits(overwritten)
    always, by_situation = _read_by(trigger)
    fixed = _bits(always)
    asked_of_stage = [guard.values for guard in trigger.guards if guard.fact == "stage"]
    for stage in STAGES:
        if all(stage in values for values in asked_of_stage):
            after = str(overwritten.get("stage", stage))
            asked = fixed | _POINTED_AT_BY[stage] if by_situation else fixed
            places: tuple[str, ...] = (trigger.to,)
            if trigger.to == BY_SITUATION:
                asked |= _POINTED_AT_BY[after] & kept
                places = SITUATION_PHASES[after]
            yield stage, asked, [((phase, after), kept) for phase in places]


def _bits(names: Iterable[str]) -> int:
    return reduce(or_, map(_BITS.__getitem__, names), 0)


def _guards(trigger: Trigger) -> Iterator[Guard]:
    yield from trigger.guards
    for tag in trigger.tags:
        yield from tag.when


# By stage the facts that decide the situation.
_POINTED_AT_BY = {stage: _bits(keys_of(BY_SITUATION, stage)) for stage in STAGES}
