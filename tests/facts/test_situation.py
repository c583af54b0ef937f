"""Where a state points once surgery of the liver has begun: what is declared to decide it does, and nothing else."""

from itertools import product

import pytest

from pathways.facts.tables.situation import pointed_at_after
from pathways.process.facts import LIVE_FACTS, SITUATION
from pathways.process.phases import SITUATION_KEYS, SITUATION_PHASES

DOMAINS = {fact.name: tuple(map(str, fact.domain)) for fact in LIVE_FACTS}
BEGUN = [stage for stage in SITUATION_KEYS if stage != "none"]
ASKED = sorted({key for stage in BEGUN for key in SITUATION_KEYS[stage]})


def lives(stage):
    """Every combination of what any stage asks; the rest of the key as it is at the meeting."""
    rest = {name: DOMAINS[name][0] for name in SITUATION if name not in ASKED}
    for values in product(*(DOMAINS[name] for name in ASKED)):
        yield {**rest, "stage": stage, **dict(zip(ASKED, values, strict=True))}


@pytest.mark.parametrize("stage", BEGUN)
def test_what_is_declared_to_decide_where_a_stage_points_does_and_nothing_else(stage):
    found = {}
    for live in lives(stage):
        found.setdefault(tuple(live[key] for key in SITUATION_KEYS[stage]), set()).add(pointed_at_after(live))
    assert all(len(phases) == 1 for phases in found.values())
    for place, key in enumerate(SITUATION_KEYS[stage]):
        without = {}
        for values, phases in found.items():
            without.setdefault(values[:place] + values[place + 1 :], set()).update(phases)
        assert any(len(phases) > 1 for phases in without.values()), key


@pytest.mark.parametrize("stage", BEGUN)
def test_a_stage_points_at_the_phases_that_are_declared_and_at_each_of_them(stage):
    assert {pointed_at_after(live) for live in lives(stage)} == set(SITUATION_PHASES[stage])
