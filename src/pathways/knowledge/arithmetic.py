"""Formulas that hold for a number and for an array alike: one patient, a thousand draws, a column of patients.

They only add, multiply, divide and take absolute values, so that each is written once.
"""

from __future__ import annotations

from typing import Any

# A number, or an array with one number a draw or a patient.
Number = Any


def larger(one: Number, other: Number) -> Number:
    """The larger of two numbers, element by element."""
    return (one + other + abs(one - other)) / 2


def with_odds(chance: Number, odds: Number) -> Number:
    """The chance whose odds are `odds` times those of `chance`; between 0 and 1 for every ratio above 0."""
    return chance * odds / (1 - chance + chance * odds)


def either(one: Number, other: Number) -> Number:
    """The chance that at least one of two things happens, each on its own account (a simplification: independent)."""
    return one + other - one * other
