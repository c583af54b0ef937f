"""Why a family is closed: the state in which fewest guards refuse, found for all states at once as one by one."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from shipped import CONSTRUCTED, PUBLISHED

import pathways as pw
from pathways.facts.guarding import holds
from pathways.planning.pathway_groups import hoped_for
from pathways.planning.plan import ALL_FAMILIES
from pathways.planning.why import Reasons, _least_of
from pathways.process.facts import LIVE_INDEX


@given(st.integers(1, 2**9 - 1), st.lists(st.integers(0, 2**9 - 1), max_size=12))
def test_those_in_fewest_are_counted_as_one_by_one(among, several):
    several = [some & among for some in several]
    numbers = {place: sum(some >> place & 1 for some in several) for place in range(9) if among >> place & 1}
    least = min(numbers.values())
    assert _least_of(several, among) == (least, sum(1 << place for place, number in numbers.items() if number == least))


def one_by_one(reasons, offered, *, of_its_kind):
    """The slow way: every step in every state, guard by guard."""
    facts, found = reasons.graph.facts, None
    for trigger, guards, when in offered:
        here = [one for one in reasons.states if one.phase in trigger.phases]
        for state in here:
            if of_its_kind and not all(holds(one, state, facts) for one in when if one.fact in LIVE_INDEX):
                continue
            refusing = [one for one in guards if not holds(one, state, facts)]
            count = (sum(one.fact in LIVE_INDEX for one in refusing), len(refusing))
            if found is None or count < found[0]:
                found = (count, trigger, guards, state)
    return found and found[1:]


@pytest.mark.parametrize("path", [*PUBLISHED, *CONSTRUCTED][::9], ids=lambda path: path.stem)
def test_the_state_that_says_why_is_that_of_every_guard_asked_in_every_state(path):
    graph = pw.explore(pw.load_case(path))
    reasons = Reasons(graph, graph.states)
    carried = {family for node in hoped_for(graph).edges for edge in node for family in graph.families(edge)}
    compared = 0
    for family in sorted(set(ALL_FAMILIES) - carried):
        offered = [
            one for one in reasons._offered(family) if any(state.phase in one[0].phases for state in graph.states)
        ]
        if offered and len(offered) == len(reasons._offered(family)):
            for of_its_kind in (True, False):
                compared += 1
                assert reasons._fewest(offered, of_its_kind=of_its_kind) == one_by_one(
                    reasons, offered, of_its_kind=of_its_kind
                )
    assert compared
