"""Counting blocks of systemic treatment: a number, with a mark where the first was the half before a planned operation."""

from __future__ import annotations

MOST_BLOCKS = 6
# Counted from here where a perioperative course was begun: its half has cycles of its own, so three blocks are not three blocks.
A_HALF_FIRST = 10
FIRST_HALF = A_HALF_FIRST + 1
BLOCKS = (*range(MOST_BLOCKS + 1), *range(FIRST_HALF, A_HALF_FIRST + MOST_BLOCKS + 1))


def number_of_blocks(blocks: int) -> int:
    """How many blocks and halves a count of them means."""
    return blocks % A_HALF_FIRST


def half_first(blocks: int) -> bool:
    """Whether the first of them was the half before a planned operation."""
    return blocks > A_HALF_FIRST
