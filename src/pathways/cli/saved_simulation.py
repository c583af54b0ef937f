"""What `pathways simulate --json` printed, read again: only what a picture needs, and refused in a sentence where it is something else."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from pathways.documents.files import name_of
from pathways.documents.problems import PathwaysError
from pathways.drawing.cohorts import MOST, SPENT

LARGEST = 8 * 1024 * 1024
# Rows of a curve, and days of it: ten years every half year, with room.
MOST_ROWS, MOST_DAYS = 200, 3700
MOST_PATIENTS, MOST_LETTERS = 100_000_000, 200
PAIR = 2
Test = Callable[[Any], bool]


def simulations(files: Sequence[Path]) -> list[dict[str, Any]]:
    """The documents of several files. Raises PathwaysError where one is no simulation, or more are given than can be told apart."""
    if len(files) > MOST:
        raise PathwaysError(
            f"--beside: got {len(files) - 1} files; accepted: at most {MOST - 1}, so that lines can be told apart"
        )
    return [_simulation(file) for file in files]


def _simulation(file: Path) -> dict[str, Any]:
    wanted = "accepted: what pathways simulate --json printed"
    try:
        # A device or a pipe might never end.
        if file.exists() and not file.is_file():
            raise PathwaysError(f"{name_of(file)}: no file; {wanted}")
        if file.stat().st_size > LARGEST:
            raise PathwaysError(f"{name_of(file)}: too large; {wanted}")
        document = json.loads(file.read_bytes())
    except OSError as error:
        raise PathwaysError(f"{name_of(file)}: {error.strerror or error}; {wanted}") from None
    except (ValueError, RecursionError):
        raise PathwaysError(f"{name_of(file)}: no JSON; {wanted}") from None
    if not isinstance(document, dict):
        raise PathwaysError(f"{name_of(file)}: no simulation; {wanted}")
    if document.get("survival") == [] and document.get("warnings"):
        raise PathwaysError(f"{name_of(file)}: no figure for survival is known for this disease")
    for key, test in PARTS.items():
        if key not in document or not test(document[key]):
            raise PathwaysError(f"{name_of(file)}: {key} is missing or no such thing; {wanted}")
    return document


def _word(value: Any) -> bool:
    return isinstance(value, str) and 0 < len(value) <= MOST_LETTERS


def _whole(most: int) -> Test:
    return lambda value: isinstance(value, int) and not isinstance(value, bool) and 0 <= value <= most


def _number(most: float) -> Test:
    # What is no number is in no order with one.
    return lambda value: isinstance(value, int | float) and not isinstance(value, bool) and 0 <= value <= most


def _rows(**tests: Test) -> Test:
    def holds(value: Any) -> bool:
        return (
            isinstance(value, list)
            and 0 < len(value) <= MOST_ROWS
            and all(
                isinstance(row, dict) and all(key in row and test(row[key]) for key, test in tests.items())
                for row in value
            )
        )

    return holds


def _spent(value: Any) -> bool:
    days = _number(MOST_DAYS)
    return (
        isinstance(value, dict)
        and all(name in value and days(value[name]) for name in SPENT)
        and any(value[name] for name in SPENT)
    )


def _ends(value: Any) -> bool:
    days = _number(MOST_DAYS)
    return isinstance(value, dict) and all(
        isinstance(value.get(name), list) and len(value[name]) == PAIR and all(map(days, value[name])) for name in SPENT
    )


DAY, SHARE = _whole(MOST_DAYS), _number(1)
PARTS: dict[str, Test] = {
    "patients": _whole(MOST_PATIENTS), "cohort": _word, "seed": _whole(2**63), "strategy": _word, "protocol": _word,
    "survival": _rows(day=DAY, value=SHARE, low=SHARE, high=SHARE), "at_risk": _rows(day=DAY, patients=_whole(MOST_PATIENTS)),
    "time_in_phase": _spent, "time_in_phase_intervals": _ends,
}  # fmt: skip
