"""Points of prognostic scores by columns."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import numpy.typing as npt

from pathways.knowledge.protocols import knowledge


def points_by_columns(name: str, told: Mapping[str, Any]) -> npt.NDArray[np.int64]:
    """The points of a score by what it counts by, of patients of whom all of it is told."""
    found = np.zeros(len(told["bowel"]), dtype=np.int64)
    for item in knowledge().scores[name]["items"]:
        found += item["points"] * _counts(item, np.asarray(told[item["input"]]))
    return found


def _counts(item: Mapping[str, Any], column: Any) -> Any:
    if item.get("equals") is not None:
        return column == item["equals"]
    if item.get("above") is not None:
        return column > item["above"]
    return column >= item["at_least"] if item.get("at_least") is not None else column < item["below"]
