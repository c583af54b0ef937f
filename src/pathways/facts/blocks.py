"""How many cycles systemic treatment in a plan is: blocks of the protocol, and the two halves of a perioperative course."""

from __future__ import annotations

from pathways.knowledge.model import Protocol
from pathways.process.blocks import half_first, number_of_blocks

# The halves of a perioperative course: courses of the process, before and after the operation, each with its setting.
BEFORE, AFTER = "perioperative", "postoperative"
HALVES = {BEFORE: "perioperative_cycles_before", AFTER: "perioperative_cycles_after"}


def cycles_of_course(protocol: Protocol, course: str, given: int = 0) -> int:
    """Cycles of one step of `course`: of a half, or of a block.

    Where cycles `given` before leave a block before the most that count before a hepatectomy, and no whole half, the half ends there.
    """
    cycles = protocol.whole(HALVES.get(course, "cycles_per_block"))
    room = protocol.whole("hard_cycles") - given
    ends_there = course == BEFORE and protocol.whole("cycles_per_block") <= room < cycles
    return room if ends_there else cycles


def cycles_of(protocol: Protocol, blocks: int, given: int = 0) -> int:
    """Cycles before an operation in a count of blocks, after those `given` before."""
    halves = int(half_first(blocks))
    rest = number_of_blocks(blocks) - halves
    return halves * cycles_of_course(protocol, BEFORE, given) + rest * protocol.whole("cycles_per_block")
