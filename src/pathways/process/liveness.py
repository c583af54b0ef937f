"""Which live facts still matter in a phase at a stage of surgery, computed from the declaration.

A fact that no later guard, table, tag or chance reads is reset on entering: that merges states which differ only in
what nobody will ask about again. The stage is known beside the phase because most questions end with the operation.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache
from itertools import product

from pathways.process.checks import targets
from pathways.process.declaration import PROCESS
from pathways.process.facts import LIVE_FACTS
from pathways.process.model import BY_SITUATION, Chance, Guard, Trigger
from pathways.process.phases import SITUATION_KEYS

Context = tuple[str, str]
Way = tuple[list[Context], frozenset[str]]
STAGES = tuple(str(value) for fact in LIVE_FACTS if fact.name == "stage" for value in fact.domain)

_KEYS = {fact.name: fact.keys for fact in PROCESS.case_facts}
_LIVE = frozenset(fact.name for fact in PROCESS.live_facts)


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
    found: set[str] = set()
    for guard in _guards(trigger):
        found.update(keys_of(guard.fact, stage))
    found.update(effect.fact for effect in trigger.effects if effect.step or effect.mapping)
    if trigger.chance:
        found.update(chance_keys(trigger.chance))
    if trigger.days and trigger.days.by:
        found.add(trigger.days.by)
    if trigger.clearance:
        found.update(_KEYS[f"remnant_{trigger.clearance}"])
    return frozenset(found)


@lru_cache(maxsize=1)
def live_facts() -> dict[Context, frozenset[str]]:
    """For each phase and stage, the live facts that something reachable from there may still read."""
    contexts = [(phase, stage) for phase in PROCESS.phases for stage in STAGES]
    read: dict[Context, set[str]] = {context: set() for context in contexts}
    ahead: dict[Context, list[Way]] = {context: [] for context in contexts}
    for trigger, stage in product(PROCESS.triggers, STAGES):
        if _possible(trigger, stage):
            asked, way = _way(trigger, stage)
            for phase in trigger.phases:
                read[phase, stage] |= asked
                ahead[phase, stage].append(way)
    live = {context: frozenset(asked) for context, asked in read.items()}
    changed = True
    while changed:
        changed = False
        for context in reversed(contexts):
            wanted = set(live[context])
            for there, overwritten_there in ahead[context]:
                for place in there:
                    wanted |= live[place] - overwritten_there
            if len(wanted) > len(live[context]):
                live[context], changed = frozenset(wanted), True
    return live


def _way(trigger: Trigger, stage: str) -> tuple[frozenset[str], Way]:
    """What `trigger` asks at `stage`, and where it leads with what it overwrites on the way."""
    overwritten = {effect.fact: effect.value for effect in trigger.effects if effect.value is not None}
    after = str(overwritten.get("stage", stage))
    asked = reads(trigger, stage)
    if trigger.to == BY_SITUATION:
        asked |= set(keys_of(BY_SITUATION, after)) - overwritten.keys()
    return asked, ([(phase, after) for phase in targets(trigger, after)], frozenset(overwritten))


def _guards(trigger: Trigger) -> Iterator[Guard]:
    yield from trigger.guards
    for tag in trigger.tags:
        yield from tag.when


def _possible(trigger: Trigger, stage: str) -> bool:
    return all(stage in guard.values for guard in trigger.guards if guard.fact == "stage")
