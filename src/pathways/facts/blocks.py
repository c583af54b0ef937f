"""How many cycles systemic treatment in a plan is: blocks of the protocol, and the two halves of a perioperative course."""

from __future__ import annotations

from pathways.knowledge.model import Protocol
from pathways.process.blocks import half_first, number_of_blocks

# The halves of a perioperative course: courses of the process, before and after the operation, each with its setting.
BEFORE, AFTER = "perioperative", "postoperative"
HALVES = {BEFORE: "perioperative_cycles_before", AFTER: "perioperative_cycles_after"}


def cycles_of_course(protocol: Protocol, course: str) -> int:
    """Cycles of one step of `course`: of a half, or of a block."""
    return protocol.whole(HALVES.get(course, "cycles_per_block"))


def cycles_of(protocol: Protocol, blocks: int) -> int:
    """Cycles before an operation in a count of blocks."""
    halves = int(half_first(blocks))
    rest = number_of_blocks(blocks) - halves
    return halves * cycles_of_course(protocol, BEFORE) + rest * protocol.whole("cycles_per_block")
