"""The search behind a proof: of two ways into one state the worse clock is kept, whichever way comes first."""

from itertools import permutations
from types import SimpleNamespace

import pytest

from pathways.conformance.proof import _broken
from pathways.conformance.property import Breach

LIMIT, LONG, SHORT, LAST = 50, 45, 10, 10


def a_property(which):
    """Broken on the last step where the clock is beyond the limit (`latest`), or has not come to it (`earliest`)."""

    def judge(mode, clock, act, view):
        beyond = clock > LIMIT if which == "latest" else clock < LIMIT
        return Breach(words="", rule="", excess=0.0, unit="") if act.last and beyond else None

    return SimpleNamespace(
        start=lambda view: ("begun", 0), judge=judge, after=lambda mode, clock, act, view: (mode, clock), clock=which
    )


def ways(lengths):
    """Several ways of different length from the start into one state, and one step on."""
    into = tuple((1, SimpleNamespace(days=days, last=False)) for days in lengths)
    return ((0, into), (1, ((2, SimpleNamespace(days=LAST, last=True)),)))


@pytest.mark.parametrize("lengths", list(permutations((LONG, SHORT, SHORT + 5))))
def test_the_longest_way_decides_a_bound_from_above_whatever_comes_first(lengths):
    assert _broken(3, ways(lengths), None, a_property("latest"))
    assert not _broken(3, ways([days - 6 for days in lengths]), None, a_property("latest"))


@pytest.mark.parametrize("lengths", list(permutations((LONG, LONG + 5, SHORT))))
def test_the_shortest_way_decides_a_bound_from_below_whatever_comes_first(lengths):
    assert _broken(3, ways(lengths), None, a_property("earliest"))
    assert not _broken(3, ways([days + 30 for days in lengths]), None, a_property("earliest"))
