"""Columns of codes side by side in one column of words: whoever has the same word has the same codes."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from pathways.cohort.codes.state import Words

WORD = 64


class Packed:
    """Codes side by side in a column of words."""

    def __init__(self, number: int) -> None:
        self.words: Words = np.zeros(number, dtype=np.uint64)
        self.bits = 0

    def copy(self) -> Packed:
        """The same, to go on with."""
        other = Packed(len(self.words))
        other.words, other.bits = self.words.copy(), self.bits
        return other

    def add(self, codes: npt.NDArray[np.integer] | npt.NDArray[np.bool_], domain: int) -> None:
        """Appends a column of codes of a domain of that size."""
        self.words |= codes.astype(np.uint64) << np.uint64(self.bits)
        self.bits += (domain - 1).bit_length()
        if self.bits > WORD:
            raise ValueError("what is asked of a patient does not fit into a word")
