"""The grade of a neuroendocrine tumour: as told, or as its Ki-67 index makes it. Bands are cited figures; decides nothing about treatment."""

from __future__ import annotations

from pathways.case.models import Primary
from pathways.knowledge.protocols import knowledge

GRADED = "neuroendocrine"
GRADES = (1, 2, 3)


def by_ki67(percent: float) -> int:
    """The grade that a Ki-67 index makes, mitoses left aside."""
    second, most = knowledge().parameters["ki67_bands"].value
    return 1 if percent < second else 2 if percent <= most else 3


def grade_of(primary: Primary) -> int | None:
    """The grade as told, else by Ki-67; None where neither is told or the tumour is not graded so."""
    if primary.tumour != GRADED:
        return None
    if primary.grade is not None:
        return primary.grade
    return None if primary.ki67_percent is None else by_ki67(primary.ki67_percent)


def agree(grade: int, percent: float) -> bool:
    """Whether a grade and a Ki-67 index can be of one tumour.

    The higher of Ki-67 and mitoses counts, so a grade may lie one above its Ki-67; cells that divide are stained, so it cannot lie two above.
    """
    return 0 <= grade - by_ki67(percent) <= 1
