"""Lesions that are cut out or ablated one by one: how many, in which places, and what that takes of the liver."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache
from typing import NamedTuple

from pathways.knowledge.formulas import sphere_ml
from pathways.liver.anatomy import segments_of, size_of
from pathways.liver.lesions import LesionPlan
from pathways.liver.resection import LiverProblem


class Cut(NamedTuple):
    """Lesions of an entry that are cut out one by one in one place: a segment, or anywhere in several."""

    lesion: LesionPlan
    place: int
    number: float


def few_enough(
    problem: LiverProblem, removes: int, limited: Iterable[LesionPlan], ablated: Iterable[LesionPlan]
) -> bool:
    """Whether one session treats so many lesions one by one."""
    ablations = number_treated(ablated, removes)
    return ablations <= problem.most_ablations and number_treated(limited, removes) + ablations <= problem.most_local


def number_treated(lesions: Iterable[LesionPlan], removes: int) -> int:
    """Lesions treated locally. An entry of unknown number counts as one, and the assumption says so."""
    return sum(treated_locally(lesion, removes) for lesion in lesions)


def treated_locally(lesion: LesionPlan, removes: int) -> int:
    """How many lesions of an entry lie outside what is removed: evenly spread over its segments, rounded up, or as many as can."""
    number = lesion.count or 1
    if not lesion.spread or lesion.placeless:
        return number
    # What entries of the same meaning add to one another is what one entry of them all would count.
    here = size_of(lesion.mask & ~removes), size_of(lesion.mask)
    return _outside(*here, lesion.before + number, heaped=lesion.heaped) - _outside(
        *here, lesion.before, heaped=lesion.heaped
    )


@lru_cache(maxsize=4096)
def _outside(outside: int, over: int, number: int, *, heaped: bool) -> int:
    """How many of `number` lesions that are told over so many segments lie in those `outside`."""
    if heaped and outside:
        # Each segment that is named holds one of them, where there are enough of them for that.
        return number - (over - outside) if number >= over else number
    return math.ceil(number * outside / over)


def by_place(lesion: LesionPlan, removes: int, kept: int) -> Iterator[Cut]:
    """The lesions of an entry that are treated one by one, by the places in the segments `kept` where they lie."""
    if not lesion.placeless and not lesion.mask & kept:
        return
    number, place = treated_locally(lesion, removes), kept if lesion.placeless else lesion.mask & kept
    over, named = size_of(place), size_of(lesion.mask)
    if lesion.placeless or not lesion.spread or over <= 1:
        yield Cut(lesion, place, number)
        return
    if lesion.heaped:
        # One lies in each segment that is named, the others anywhere.
        known = lesion.before < named <= lesion.before + (lesion.count or 1)
        each, anywhere = float(known), number - over * known
    else:
        each, anywhere = number / over, 0
    for segment in segments_of(place) if each else ():
        yield Cut(lesion, 1 << (segment - 1), each)
    if anywhere > 0:
        yield Cut(lesion, place, anywhere)


def local_loss(problem: LiverProblem, cut: Sequence[Cut], burnt: Sequence[Cut], kept: int) -> tuple[int, float, bool]:
    """What limited resections and ablations (spheres with a rim) take from the segments `kept`, and whether a size was unknown.

    The segments that they use up, which are as good as taken out whole, and the share of the liver that they take from the others.
    """
    spheres: dict[int, float] = {}
    unknown, volumes = False, problem.volumes
    for pieces, rim in ((cut, problem.margin_mm), (burnt, problem.ablation_margin_mm)):
        for lesion, named, number in pieces:
            place = named & kept
            unknown |= bool(place) and lesion.size_mm is None
            if place and lesion.size_mm is not None:
                spheres[place] = spheres.get(place, 0.0) + sphere_ml(lesion.size_mm, rim) * number
    # By place and not by entry: lesions are told together or apart as it comes.
    shares = {place: taken / volumes.total.value for place, taken in spheres.items()}
    used_up = touched = 0
    for place, share in shares.items():
        touched |= place
        used_up |= place if share >= volumes.share(place) else 0
    lost = math.fsum(min(share, volumes.share(place & ~used_up)) for place, share in shares.items() if place & ~used_up)
    return used_up, min(lost, volumes.share(touched & ~used_up)), unknown
