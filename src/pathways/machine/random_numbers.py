"""Luck by key: the same (seed, patient, event, occurrence, draw) always gives the same number, in any order, on any worker.

A counter hash: nothing is remembered between draws, so a patient can be taken out of a million and walked alone. The scalar
twin of `pathways.cohort.draws.random_numbers`; a test holds the two to the same bits. The mixing function is the finaliser of SplitMix64
(Steele, Lea and Flood 2014, Stafford's variant 13).
"""

from __future__ import annotations

from functools import cache
from hashlib import blake2b

WORD = (1 << 64) - 1
GOLDEN = 0x9E3779B97F4A7C15
OCCURRENCE = 0xD1B54A32D192ED03
DRAW = 0xABC98388FB8FAC03
FIRST, SECOND = 0xBF58476D1CE4E5B9, 0x94D049BB133111EB


def mix(word: int) -> int:
    """A 64-bit word, every bit of which depends on every bit of `word`."""
    word &= WORD
    word = ((word ^ (word >> 30)) * FIRST) & WORD
    word = ((word ^ (word >> 27)) * SECOND) & WORD
    return word ^ (word >> 31)


@cache
def event_word(event: str) -> int:
    """The word that stands for an event; it depends on the name alone, so that new events leave old luck as it was."""
    return int.from_bytes(blake2b(event.encode(), digest_size=8).digest(), "little")


def patient_word(seed: int, patient: int) -> int:
    """The word that stands for one patient under one seed."""
    return mix(mix(seed + GOLDEN) + (patient + 1) * GOLDEN)


def slot_word(event: str, occurrence: int = 0, draw: int = 0) -> int:
    """The word that stands for one draw of one occurrence of an event."""
    return mix(event_word(event) + occurrence * OCCURRENCE + draw * DRAW)


def uniform(seed: int, patient: int, event: str, occurrence: int = 0, draw: int = 0) -> float:
    """A number in [0, 1) of 53 bits."""
    return float(mix(patient_word(seed, patient) ^ slot_word(event, occurrence, draw)) >> 11) * 2.0**-53
