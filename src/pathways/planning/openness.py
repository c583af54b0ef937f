"""Which families a case has open, found without building its graph: decisions and hoped-for outcomes alone are followed.

The same answer as that of the hoped-for subgraph of the whole graph (a test holds the two together), for the many changed
cases of which nothing else is asked.
"""

from __future__ import annotations

from pathways.facts.derive import CaseFacts
from pathways.graph.compiled import CompiledCase
from pathways.planning.pathway_groups import untouched
from pathways.process.declaration import PROCESS
from pathways.process.facts import State

INTENDED = frozenset(index for index, one in enumerate(PROCESS.triggers) if one.kind == "decision" or one.hoped_for)
GIVES_UP = frozenset(index for index, one in enumerate(PROCESS.triggers) if one.gives_up)


def families_open(facts: CaseFacts) -> frozenset[str]:
    """Families that some pathway of the case carries."""
    compiled = CompiledCase(facts, only=INTENDED)
    start = compiled.start
    seen, waiting, found = {start}, [start], set[str]()
    while waiting:
        state = waiting.pop()
        for index, after in intended(compiled.successors(state), state, start):
            one = compiled.of(index)
            assert one is not None
            for tag in one.tags:
                if tag.family not in found and tag.applies(state):
                    found.add(tag.family)
            if after not in seen:
                seen.add(after)
                waiting.append(after)
    return frozenset(found)


def intended(steps: list[tuple[int, State]], state: State, start: State) -> list[tuple[int, State]]:
    """Steps a plan intends: giving up only before any treatment, or where nothing else is left."""
    going_on = [one for one in steps if one[0] not in GIVES_UP]
    if not going_on or len(going_on) == len(steps) or untouched(state, start):
        return steps
    return going_on
