"""What a surgeon would suppose next: the disease and no frailer patient, a round value before the first that will do, and two things at most.

Every supposition is tried; this says only which of those that are true is told.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from pathways.planning.changes.model import Change, GradedChange
from pathways.process.model import Trigger

# A patient who bears less makes many an answer right, and teaches nothing of the disease: that is supposed of giving up alone.
NEVER = math.inf
# A lesion that is there is not supposed away, and does not vanish, before it is supposed smaller or elsewhere.
OF_A_VANISHED_LESION = 1.5
# Of a patient who bears more, the least that will do comes first.
BETTER = {"ablation": 0.0, "minor": 0.1, "major": 0.2}
# A lesion of quite another size is another patient: forty millimetres of `PER_STEP_MM`.
MOST_OF_A_SIZE = 4.0
# So small a remnant hardly any planned resection leaves: nobody supposes it.
LEAST_OF_A_LIVER = 0.15
# Tens of millimetres, fives of percent, of years and of lesions; up to the second number a value is supposed as it is.
ROUND: Mapping[str, tuple[float, float]] = {
    ".size_mm": (10, 0), ".measured_remnants": (0.05, 0), ".age_years": (5, 0), ".count": (5, 10),
}  # fmt: skip
# So many steps further a round value is looked for: nine millimetres or points at most lie before the next one.
MOST_ROUNDING = 9
ALMOST = 1e-6
PARTS = re.compile(r"[.\[\]]+")
# What the way brings otherwise is otherwise in what it stands for.
STANDS_FOR = {
    "control": "history.response", "extent": "history.response", "growth": "liver.measured_remnants", "volume": "liver.measured_remnants",
    "stimulus": "liver.measured_remnants",
}  # fmt: skip


def dearer(change: Change, trigger: Trigger) -> float:
    """What it costs more to suppose a lesion away; a frailer patient is supposed by nobody.

    To give up is right for a patient who bears nothing: that is the first thing to say of it.
    """
    if change.key.endswith(".nature") and change.after == "vanished":
        return OF_A_VANISHED_LESION
    if change.key == "patient.fit_for" and change.kind != "finding":
        return BETTER[change.after]
    if change.kind != "finding" or not change.key.startswith("patient.") or change.key == "patient.age_years":
        return 0.0
    return 0.0 if trigger.gives_up and change.after == "none" else NEVER


def another_patient(change: Change) -> bool:
    """Whether the change goes too far to be a supposition about this patient."""
    if change.key.endswith(".measured_remnants"):
        return bool(change.after < LEAST_OF_A_LIVER)
    return change.key.endswith(".size_mm") and change.cost > MOST_OF_A_SIZE


def worth_opening(keys: Iterable[str], trigger: Trigger) -> bool:
    """Whether a change that only opens a step is told: not what a lesion would have to be for a step that treats no lesion."""
    return trigger.operation or not any(key.startswith("lesions") for key in keys)


def rounder(ladder: GradedChange, place: int, holds: Callable[[Change], bool]) -> int | None:
    """The place of the next round value of a ladder that will do too; None where there is none.

    What holds of a share of 39% and no longer of 35% hangs on a hair: nobody would suppose it.
    """
    key = ladder.steps[place].key
    rounding = next((value for ending, value in ROUND.items() if key.endswith(ending)), None)
    if rounding is None:
        return place
    steps = ladder.steps[: place + MOST_ROUNDING + 1]
    near = next((one for one in range(place, len(steps)) if _is_round(steps[one].after, *rounding)), None)
    if near is None or near == place:
        return near
    # A round value that would be another patient is no reason to let go of one that is not.
    if another_patient(steps[near]):
        return place
    return near if holds(steps[near]) else None


def _is_round(value: Any, unit: float, small: float) -> bool:
    return bool(value <= small or abs(value / unit - round(value / unit)) < ALMOST)


def of_one_thing(keys: Iterable[str], others: Iterable[str]) -> bool:
    """Whether two changes are of one lesion, or of one part of the case: together they would be no supposition but a riddle."""
    return any(
        all(mine == theirs for mine, theirs in zip(_thing(one), _thing(other), strict=False))
        for one in keys
        for other in others
    )


def _thing(key: str) -> tuple[str, ...]:
    """What a key is of: a lesion by its number, the last treatment whatever its number, else the key of a part."""
    part, *rest = (one for one in PARTS.split(key) if one)
    if part == "history":
        return (part, *(one for one in rest if one.isalpha()))
    return (part, *rest[:1]) if part != "extrahepatic" else (part,)
