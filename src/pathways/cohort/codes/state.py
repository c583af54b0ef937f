"""Live facts packed into one word: a state of the process as a number, so that a column of states is a column of words."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import numpy as np
import numpy.typing as npt

from pathways.process.facts import LIVE_FACTS, NEUTRAL
from pathways.process.phases import PHASES

Words = npt.NDArray[np.uint64]
Codes = npt.NDArray[np.uint8]

LIVE = {fact.name: fact.domain for fact in LIVE_FACTS}
LIVE_CODE: dict[str, dict[Any, int]] = {
    name: {value: code for code, value in enumerate(domain)} for name, domain in LIVE.items()
}
PHASE_CODE = {name: code for code, name in enumerate(PHASES)}
SHIFT: dict[str, int] = {}
MASK: dict[str, int] = {}
_bits = 0
for _name, _domain in LIVE.items():
    SHIFT[_name] = _bits
    MASK[_name] = (1 << (len(_domain) - 1).bit_length()) - 1
    _bits += MASK[_name].bit_length()
if _bits > 64:  # noqa: PLR2004 - the bits of a word
    raise ValueError(f"the live facts need {_bits} bits: more than a word has")


def code_of(word: int, fact: str) -> int:
    """The code of one live fact in a state."""
    return word >> SHIFT[fact] & MASK[fact]


def with_code(word: int, fact: str, code: int) -> int:
    """The state with another value of one live fact."""
    return word & ~(MASK[fact] << SHIFT[fact]) | code << SHIFT[fact]


def only(facts: Iterable[str]) -> int:
    """The bits of some live facts: a state masked by them holds nothing else."""
    return sum(MASK[fact] << SHIFT[fact] for fact in facts)


def packed(values: Mapping[str, Any]) -> int:
    """The state in which `values` hold, and the neutral value of every other live fact."""
    word = 0
    for fact in LIVE:
        word = with_code(word, fact, LIVE_CODE[fact][values.get(fact, NEUTRAL[fact])])
    return word


class Seen(dict[str, Codes]):
    """Live facts of a column of states, each unpacked when it is first asked for."""

    __slots__ = ("words",)

    def __init__(self, words: Words) -> None:
        super().__init__()
        self.words = words

    def __missing__(self, fact: str) -> Codes:
        found = (self.words >> np.uint64(SHIFT[fact]) & np.uint64(MASK[fact])).astype(np.uint8)
        self[fact] = found
        return found

    def some(self, here: npt.NDArray[np.int64] | npt.NDArray[np.bool_]) -> Seen:
        """The same of some of the states."""
        return Seen(self.words[here])
