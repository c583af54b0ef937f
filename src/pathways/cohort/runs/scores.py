"""Prognostic scores of patients by columns, and what they separate: groups, and the concordance with survival."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

import numpy as np
import numpy.typing as npt

from pathways.case.models import Case
from pathways.cohort.draws.lives import inputs_of_columns
from pathways.cohort.draws.points import points_by_columns
from pathways.cohort.engine.histories import NEVER
from pathways.cohort.patients.columns import Patients
from pathways.facts.scores import scores as scores_of
from pathways.knowledge.protocols import knowledge
from pathways.quick_dataclass import dataclass

Ints = npt.NDArray[np.int64]
# Points of each patient by score, NEVER where they are not known.
Scores = Mapping[str, Ints]


@dataclass(frozen=True)
class Counted:
    """A score by points whose groups are counted."""

    name: str
    most: int
    groups: tuple[tuple[str, int, int], ...]


def _counted(name: str) -> Counted:
    entry = knowledge().scores[name]
    groups = tuple((group, low, high) for group, (low, high) in entry["groups"].items())
    return Counted(name, sum(item["points"] for item in entry["items"]), groups)


SCORES = (_counted("fong"), _counted("game"))


def score_columns(drawn: Patients | None, case: Case | None, number: int) -> dict[str, Any]:
    """Fong and GAME in points and the tumour burden, of drawn patients or of patients like one case."""
    if drawn is not None:
        told = inputs_of_columns(drawn)
        found: dict[str, Any] = {one.name: points_by_columns(one.name, told) for one in SCORES}
        return {**found, "tumour_burden": np.round(told["burden"], 2)}
    assert case is not None
    known = {one.name: one for one in scores_of(case)}
    titles = {name: known.get(knowledge().scores[name]["title"]) for name in ("fong", "game", "tumour_burden")}
    settled = {
        name: None if one is None or one.at_most != one.points or one.missing else one.points for name, one in titles.items()
    }  # fmt: skip
    burden = settled.pop("tumour_burden")
    columns: dict[str, Any] = {
        name: np.full(number, NEVER if points is None else int(points), dtype=np.int64) for name, points in settled.items()
    }  # fmt: skip
    return {**columns, "tumour_burden": np.full(number, np.nan if burden is None else round(burden, 2))}


def concordance(died: Ints, left: Ints) -> float | None:
    """Harrell's c of points with survival, from counts by points and day: of pairs whose order is known, how often more points die first.

    Ties of points count half; None without a pair.
    """
    # Who dies or leaves later than a day, by points: those at risk after it.
    leaving = died + left
    later = leaving[:, ::-1].cumsum(axis=1)[:, ::-1] - leaving
    fewer = np.concatenate([np.zeros((1, later.shape[1])), later.cumsum(axis=0)[:-1]])
    pairs = float((died * later.sum(axis=0)).sum())
    return float((died * (fewer + later / 2)).sum()) / pairs if pairs else None


def concordance_error(died: Ints, left: Ints) -> float | None:
    """The standard error of Harrell's c, by what each patient adds to its pairs (infinitesimal jackknife)."""
    found = concordance(died, left)
    if found is None:
        return None
    leaving = died + left
    later = leaving[:, ::-1].cumsum(axis=1)[:, ::-1] - leaving
    earlier = died.cumsum(axis=1) - died
    fewer = np.concatenate([np.zeros((1, later.shape[1])), later.cumsum(axis=0)[:-1]])
    more = earlier[::-1].cumsum(axis=0)[::-1] - earlier
    # Of one patient of a cell: its pairs as who outlives another, and as who dies first.
    outlives = more + earlier / 2 - found * earlier.sum(axis=0)
    dies = fewer + later / 2 - found * later.sum(axis=0)
    squares = float((died * (outlives + dies) ** 2 + left * outlives**2).sum())
    return math.sqrt(squares) / float((died * later.sum(axis=0)).sum())
