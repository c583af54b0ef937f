"""Luck by key for whole columns of patients: bit for bit the numbers of `pathways.machine.random_numbers`."""

from __future__ import annotations

from functools import lru_cache

import numpy as np
import numpy.typing as npt

from pathways.machine.random_numbers import DRAW, FIRST, GOLDEN, OCCURRENCE, SECOND, WORD, event_word, mix
from pathways.process.phases import PHASES

Words = npt.NDArray[np.uint64]
Floats = npt.NDArray[np.float64]

_FIRST, _SECOND, _GOLDEN = np.uint64(FIRST), np.uint64(SECOND), np.uint64(GOLDEN)
_THIRTY, _TWENTY_SEVEN, _THIRTY_ONE, _ELEVEN = (np.uint64(bits) for bits in (30, 27, 31, 11))
UNIT = 2.0**-53
# Occurrences of one event in one patient: the rank of the process keeps them far below, attempts at drawing may come near.
OCCURRENCES = 2048
# Visits of one phase by one patient: one byte counts them.
VISITS = 256


def mixed(words: Words) -> Words:
    """Every word mixed, in place: the column given is overwritten and returned."""
    shifted = words >> _THIRTY
    words ^= shifted
    words *= _FIRST
    np.right_shift(words, _TWENTY_SEVEN, out=shifted)
    words ^= shifted
    words *= _SECOND
    np.right_shift(words, _THIRTY_ONE, out=shifted)
    words ^= shifted
    return words


def patient_words(seed: int, patients: npt.NDArray[np.int64]) -> Words:
    """The words that stand for these patients under `seed`."""
    start = np.uint64(mix(seed + GOLDEN))
    with np.errstate(over="ignore"):
        return mixed((patients.astype(np.uint64) + np.uint64(1)) * _GOLDEN + start)


@lru_cache(maxsize=4096)
def slots(event: str, draw: int = 0) -> Words:
    """The words of one draw of an event, by occurrence."""
    start = np.uint64((event_word(event) + draw * DRAW) & WORD)
    return mixed(np.arange(OCCURRENCES, dtype=np.uint64) * np.uint64(OCCURRENCE) + start)


def uniforms(words: Words, event: str, occurrences: npt.NDArray[np.integer] | int = 0, draw: int = 0) -> Floats:
    """One number in [0, 1) for each patient word, at that patient's occurrence of the event."""
    found = mixed(words ^ slots(event, draw)[occurrences])
    found >>= _ELEVEN
    return found.astype(np.float64) * UNIT


@lru_cache(maxsize=16)
def _phase_slots(draw: int) -> Words:
    """The words of one draw on leaving each phase, by visit: at phase * VISITS + visit."""
    return np.concatenate([slots(name, draw)[:VISITS] for name in PHASES])


def keyed(words: Words, keys: npt.NDArray[np.int64], draw: int) -> Floats:
    """One number in [0, 1) for each patient word, on leaving a phase: `keys` are phase * VISITS + visit."""
    found = mixed(words ^ _phase_slots(draw)[keys])
    found >>= _ELEVEN
    return found.astype(np.float64) * UNIT
