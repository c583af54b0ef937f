"""The operation that removes most of the tumour where not all of it can be removed."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from pathways.liver.anatomy import resections_by_mask, size_of
from pathways.liver.lesions import LesionPlan
from pathways.liver.one_by_one import Cut, local_loss
from pathways.liver.remnant_left import remaining
from pathways.liver.resection import LiverProblem, Resection
from pathways.quick_dataclass import dataclass

ROUNDING = 1e-9


@dataclass(frozen=True, slots=True)
class Debulking:
    """An operation and the share of the tumour it removes; `by_number`: of lesions, because sizes are not known."""

    resection: Resection
    share: float
    by_number: bool


@dataclass(frozen=True, slots=True)
class _Piece:
    """Lesions of one entry in one segment: how many, and how much of the tumour they are."""

    lesion: LesionPlan
    segment: int
    number: float
    weight: float


class _Considered(NamedTuple):
    """A core with what is cut out beside it: the most that it can leave of the liver, and the share of the tumour that it removes."""

    leaves: float
    core: int
    limited: list[Cut]
    share: float


def debulking(problem: LiverProblem, share: float) -> Debulking | None:
    """Of all cores that remove at least `share` of the tumour with local treatments beside them, the one that leaves most.

    Lesions of an entry lie evenly over its segments. Local treatments go to the largest lesions that allow one, up to
    the most in one session.
    """
    by_number = any(lesion.size_mm is None for lesion in problem.lesions)
    pieces = [piece for lesion in problem.lesions for piece in _pieces(lesion, by_number=by_number)]
    whole = sum(piece.weight for piece in pieces)
    best, order = None, (-1.0, 0.0, 0, 0)
    cores = (_with_core(problem, core, pieces, whole, share - 1e-9) for core in (0, *resections_by_mask()))
    # What can leave most is looked at first: to know what an operation leaves takes far longer than what it cannot exceed.
    for place, one in sorted(enumerate(cores), key=lambda both: -both[1].leaves if both[1] else 1.0):
        if one is None or one.leaves < order[0]:
            break
        resection = _done(problem, one)
        if resection is None:
            continue
        # Of equals the one that leaves less liver congested, then the first of all cores.
        found = resection.remnant.value, one.share, -size_of(resection.congested), -place
        if found > order:
            best, order = Debulking(resection, one.share, by_number), found
    return best


def _done(problem: LiverProblem, one: _Considered) -> Resection | None:
    """The operation, where vessels allow it and it leaves a liver to live with."""
    cut = [lesion for lesion in problem.lesions if lesion.mask & one.core and not lesion.mask & ~one.core]
    return remaining(problem, one.core, cut, one.limited)


def _pieces(lesion: LesionPlan, *, by_number: bool) -> Iterator[_Piece]:
    segments = [bit for bit in range(8) if lesion.mask >> bit & 1]
    number = (lesion.count or len(segments)) / max(1, len(segments))
    volume = 1.0 if by_number or lesion.size_mm is None else lesion.size_mm**3
    for segment in segments:
        yield _Piece(lesion, segment, number, number * volume)


def _with_core(
    problem: LiverProblem, removes: int, pieces: Sequence[_Piece], whole: float, wanted: float
) -> _Considered | None:
    """The operation with core `removes`; None where it removes less than `wanted`, or nothing is removed or left."""
    if removes & ~problem.present or not problem.present & ~removes or not whole:
        return None
    gone = sum(piece.weight for piece in pieces if removes >> piece.segment & 1)
    left = float(problem.most_local)
    limited: list[Cut] = []
    outside = sorted(
        (one for one in pieces if not removes >> one.segment & 1),
        key=lambda one: (-one.weight / one.number, one.segment),
    )
    for piece in outside:
        if piece.lesion.limited.possible == "refused" or left <= 0:
            continue
        taken = min(piece.number, left)
        gone += piece.weight * taken / piece.number
        # A share of a lesion in each of several segments is a lesion in some: as many are taken as one session allows, however they are told.
        left -= taken
        limited.append(Cut(piece.lesion, 1 << piece.segment, taken))
    if (not removes and not limited) or gone / whole < wanted:
        return None
    kept = problem.present & ~removes
    used_up, lost, _ = local_loss(problem, limited, (), kept)
    return _Considered(problem.volumes.share(kept & ~used_up) - lost + ROUNDING, removes, limited, gone / whole)
