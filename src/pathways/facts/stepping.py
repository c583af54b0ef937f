"""The state after a step, read off the declaration: effects, the phase they point to, and what nobody asks about again.

Slow and plain, where `pathways.graph.compiled` is fast; a test holds the two to the same states.
"""

from __future__ import annotations

from pathways.facts.derive import CaseFacts
from pathways.process.facts import NEUTRAL, State
from pathways.process.liveness import live_facts
from pathways.process.model import BY_SITUATION, Trigger


def applied(trigger: Trigger, state: State) -> State:
    """`state` with the effects of `trigger`, before the phase changes and anything is forgotten."""
    fields = state._asdict()
    for effect in trigger.effects:
        old = fields[effect.fact]
        if effect.step:
            fields[effect.fact] = int(old) + effect.step
        elif effect.mapping:
            fields[effect.fact] = effect.mapping.get(old, old)
        else:
            fields[effect.fact] = effect.value
    return State(**fields)


def entered(state: State, phase: str) -> State:
    """`state` on entering `phase`: facts that nothing reads from there on are reset."""
    live = live_facts()[phase, state.stage]
    reset = {name: neutral for name, neutral in NEUTRAL.items() if name not in live and name != "stage"}
    return State(**{**state._asdict(), **reset, "phase": phase})


def step(trigger: Trigger, state: State, facts: CaseFacts) -> State:
    """The state after `trigger`."""
    after = applied(trigger, state)
    return entered(after, facts.finding(BY_SITUATION, after).value if trigger.to == BY_SITUATION else trigger.to)
