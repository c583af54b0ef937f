"""What an automaton remembers by row and column: nothing is lost where it grows, and what nobody asked about stays unknown."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pathways.cohort.engine.memory import PAGE, Memory, PagedMemory

PLACES = st.tuples(st.integers(0, 300), st.integers(0, 40 * PAGE))
ROUNDS = st.lists(st.dictionaries(PLACES, st.integers(1, 2**63), min_size=1, max_size=12), min_size=1, max_size=6)


def columns(places):
    rows, cells = np.array(places, dtype=np.int64).T
    return rows, cells


@pytest.mark.parametrize("kind", [Memory, PagedMemory])
@given(rounds=ROUNDS)
def test_what_was_put_is_found_however_much_room_was_made_since_and_its_neighbours_stay_unknown(kind, rounds):
    memory, told, room = kind(np.uint64, 0), {}, (0, 0)
    for answers in rounds:
        rows, cells = columns(list(answers))
        room = max(room[0], rows.max() + 1), max(room[1], cells.max() + 1)
        memory.reach(*map(int, room))
        memory.put(rows, cells, np.array(list(answers.values()), dtype=np.uint64))
        told |= answers
        near = [(row, cell) for row, one in told for cell in range(max(0, one - 1), min(one + 2, room[1]))]
        assert memory.get(*columns(near)).tolist() == [told.get(place, 0) for place in near]


def test_a_large_table_takes_memory_for_what_was_put_only():
    memory = PagedMemory(np.uint64, 0)
    memory.reach(4_000, 20_000)
    rows = np.arange(4_000)
    memory.put(rows, rows, np.ones(4_000, dtype=np.uint64))
    assert memory.nbytes < 4_000 * 20_000 * 8 / 50
