"""The operation that removes most of the tumour where not all of it can be removed."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from pathways.liver.anatomy import resections_by_mask, size_of
from pathways.liver.lesions import LesionPlan
from pathways.liver.one_by_one import Cut
from pathways.liver.remnant_left import remaining
from pathways.liver.resection import LiverProblem, Resection


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


def debulking(problem: LiverProblem, share: float) -> Debulking | None:
    """Of all cores that remove at least `share` of the tumour with local treatments beside them, the one that leaves most.

    Lesions of an entry lie evenly over its segments. Local treatments go to the largest lesions that allow one, up to
    the most in one session.
    """
    by_number = any(lesion.size_mm is None for lesion in problem.lesions)
    pieces = [piece for lesion in problem.lesions for piece in _pieces(lesion, by_number=by_number)]
    whole = sum(piece.weight for piece in pieces)
    best, order = None, (-1.0, 0.0, 0, 0)
    kept = {removes: problem.volumes.share(problem.present & ~removes) for removes in (0, *resections_by_mask())}
    # What leaves most is looked at first. No remnant is larger than what the core leaves; to know what an operation leaves takes far longer.
    for place, removes in sorted(enumerate(kept), key=lambda one: -kept[one[1]]):
        if kept[removes] < order[0]:
            break
        one = _with_core(problem, removes, pieces, whole, share - 1e-9)
        if one is None:
            continue
        # Of equals the one that leaves less liver congested, then the first of all cores.
        found = one[0].remnant.value, one[1], -size_of(one[0].congested), -place
        if found > order:
            best, order = Debulking(*one, by_number), found
    return best


def _pieces(lesion: LesionPlan, *, by_number: bool) -> Iterator[_Piece]:
    segments = [bit for bit in range(8) if lesion.mask >> bit & 1]
    number = (lesion.count or len(segments)) / max(1, len(segments))
    volume = 1.0 if by_number or lesion.size_mm is None else lesion.size_mm**3
    for segment in segments:
        yield _Piece(lesion, segment, number, number * volume)


def _with_core(
    problem: LiverProblem, removes: int, pieces: Sequence[_Piece], whole: float, wanted: float
) -> tuple[Resection, float] | None:
    """The operation with core `removes` and the share it removes; None where that is less than `wanted`, or it cannot be done."""
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
    # The share is asked first: to know what an operation leaves takes far longer.
    if (not removes and not limited) or gone / whole < wanted:
        return None
    cut = [one for one in problem.lesions if one.mask & removes and not one.mask & ~removes]
    resection = remaining(problem, removes, cut, limited)
    return None if resection is None else (resection, gone / whole)
