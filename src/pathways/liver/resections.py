"""Every way to clear the liver in one set of operations: what is removed, resected locally, ablated, and what stays.

A resection is an anatomical core of the catalogue (or none), limited resections and ablations, so that every lesion is
treated. Kept: all that no other beats in liver lost, lesions ablated and assumptions made; least liver lost first. What is lost is
what is removed, cut out or ablated, and what stays without a vein to drain it; a resection is major by the segments or by the share.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from enum import Enum
from functools import cache

from pathways.liver.anatomy import resections_by_mask, size_of
from pathways.liver.domination import beats, beats_as_it_is, is_worse
from pathways.liver.lesions import LesionPlan
from pathways.liver.one_by_one import few_enough
from pathways.liver.remnant_left import veins_of, vessels_allow, what_stays, with_remnant
from pathways.liver.resection import LiverProblem, Resection, side_to_grow_for


class _Beaten(Enum):
    """Another clearance takes less liver and is no worse."""

    YES = True


BEATEN = _Beaten.YES


def resections(problem: LiverProblem) -> tuple[Resection, ...]:
    """All non-dominated ways to clear the liver, least parenchyma lost first.

    Ways that leave liver congested are offered only where nothing else clears the liver, and after them those that need an assumption
    about an unknown size.
    """
    if not problem.lesions:
        return ()
    return _best_first(_unless_congested(problem, assume=False)) or if_small_enough(problem)


def in_one_piece(problem: LiverProblem, one: Resection) -> tuple[Resection, ...]:
    """Where `one` is major by volume because of what is cut out piece by piece: the resections of a side that clear the liver whole, least lost first.

    The search prefers the pieces, which leave more liver.
    """
    locally = problem.volumes.share(one.kept) - one.remnant.value
    if not one.by_share or 2 * locally < one.taken:
        return ()
    tried = (
        _clear(problem, removes, assume=False, prefer_ablation=False)
        for removes, _ in _smaller_first()
        if side_to_grow_for(removes) == removes and not removes & ~problem.present
    )
    found = (other for other in tried if isinstance(other, Resection))
    return tuple(
        sorted((other for other in found if not (other.limited or other.ablated or other.congested)), key=_order)
    )


def _unless_congested(problem: LiverProblem, *, assume: bool) -> list[Resection]:
    """The ways that leave nothing congested; where there is none, or the protocol leaves it, all of them."""
    found = [] if problem.leave_congested else list(_candidates(problem, assume=assume, leave=False))
    return found or list(_candidates(problem, assume=assume, leave=True))


def if_small_enough(problem: LiverProblem) -> tuple[Resection, ...]:
    """Ways that take lesions of unknown size as small enough for a limited resection: those that assume it of the fewest lesions."""
    if not problem.assume_sizes:
        return ()
    assuming = [one for one in _unless_congested(problem, assume=True) if one.assumed]
    # Lesions and not entries: however they are told, the same are assumed. A number that is not told may be any, so that it is never surely fewer.
    number = {lesion.label: lesion.count for lesion in problem.lesions}
    least = [sum(number[label] or 1 for label in one.assumed) for one in assuming]
    surely = [low for one, low in zip(assuming, least, strict=True) if None not in map(number.get, one.assumed)]
    sets = {frozenset(one.assumed) for one in assuming}
    found = [
        one
        for one, low in zip(assuming, least, strict=True)
        if low <= min(surely, default=low) and not any(other < set(one.assumed) for other in sets)
    ]
    return _best_first(found)


def _best_first(found: Sequence[Resection]) -> tuple[Resection, ...]:
    """Those that no other beats, least loss first; those marked that are for a liver made to grow."""
    kept = [one for one in found if not any(beats(other, one) for other in found if other is not one)]
    marked = (replace(one, grown_only=any(beats_as_it_is(other, one) for other in kept)) for one in kept)
    return tuple(sorted(marked, key=_order))


def _order(one: Resection) -> tuple[float, int, int, int]:
    return (round(1 - one.remnant.value, 9), len(one.ablated), len(one.limited), one.removes)


def _candidates(problem: LiverProblem, *, assume: bool, leave: bool) -> Iterator[Resection]:
    involved = 0
    for lesion in problem.lesions:
        involved |= 0 if lesion.placeless else lesion.mask
    if assume and not problem.trust_unknown_sizes and _diffuse(problem):
        return
    found: list[Resection] = []
    # Cores that clear the liver, leave enough, congest nothing, and neither ablate nor assume anything: they beat every larger one.
    enough: list[int] = []
    for removes, parts in _smaller_first():
        if removes & ~problem.present or not problem.present & ~removes:
            continue
        # Assumptions are kept plain: one named resection, or none.
        if (assume and len(parts) > 1) or any(not core & ~removes for core in enough):
            continue
        for one in _variants(problem, removes, found, assume=assume, leave=leave):
            # A size that nobody knows may be assumed small for the lesser part of the disease, never for most of it.
            if not assume or 2 * size_of(one.local_segments) <= size_of(involved):
                found.append(one)
                if one.enough and not (one.congested or one.ablated or one.assumed):
                    enough.append(removes)
                yield one


def _variants(
    problem: LiverProblem, removes: int, known: Sequence[Resection], *, assume: bool, leave: bool
) -> Iterator[Resection]:
    """The clearances with core `removes` that none `known` beats: resecting locally first, then ablating what can be either.

    Those that leave liver congested are passed over unless it may be left; what is ablated leaves its vein.

    Ablation is no way out where resecting locally leaves too little, but where that would cost a vein.
    """
    if _parts_what_goes_as_one(problem, removes):
        return
    either = [lesion for lesion in problem.lesions if _either_way(lesion) and lesion.mask & ~removes]
    spares = any(lesion.veins for lesion in either)
    resecting = _clear(problem, removes, assume=assume, prefer_ablation=False, known=known)
    if resecting is None and not spares:
        return
    if isinstance(resecting, Resection) and (leave or not resecting.congested):
        yield resecting
    if not either:
        return
    ablating = _clear(problem, removes, assume=assume, prefer_ablation=True, known=known)
    if (
        isinstance(ablating, Resection)
        and not (ablating.congested and not leave)
        and (spares or resecting is not BEATEN or _clear(problem, removes, assume=assume, prefer_ablation=False))
    ):
        yield ablating


def _either_way(lesion: LesionPlan) -> bool:
    """Whether the lesion can be resected locally as well as ablated."""
    return lesion.limited.possible == lesion.ablation.possible == "allowed"


def _diffuse(problem: LiverProblem) -> bool:
    """Whether an entry of unknown size is spread over more segments than the protocol assumes to be clearable."""
    return any(
        lesion.size_mm is None and not lesion.placeless and size_of(lesion.mask) > problem.involved_limit
        for lesion in problem.lesions
    )


@cache
def _smaller_first() -> tuple[tuple[int, tuple[int, ...]], ...]:
    """No core and those of the catalogue, so that what beats another is found before it."""
    return ((0, ()), *sorted(resections_by_mask().items(), key=lambda one: (size_of(one[0]), one[0])))


def _clear(
    problem: LiverProblem, removes: int, *, assume: bool, prefer_ablation: bool, known: Sequence[Resection] = ()
) -> Resection | _Beaten | None:
    """The clearance with core `removes`, or None where a lesion or the remnant forbids it, or that one `known` beats it."""
    limited: list[LesionPlan] = []
    ablated: list[LesionPlan] = []
    assumed: list[str] = []
    for lesion in problem.lesions:
        outside = lesion.mask & ~removes
        if not outside:
            continue
        # Liver whose portal branch is closed is meant to go: nothing is treated locally in it.
        if not lesion.placeless and not outside & ~problem.without_inflow:
            return None
        how = _local(lesion, assume=assume, prefer_ablation=prefer_ablation)
        if how is None:
            return None
        (ablated if how == "ablation" else limited).append(lesion)
        if lesion.limited.possible != "allowed" and lesion.ablation.possible != "allowed":
            assumed.append(lesion.label)
    if not removes and not limited and not ablated:
        return None
    if not few_enough(problem, removes, limited, ablated):
        return None
    resected = [lesion for lesion in problem.lesions if lesion not in ablated or lesion.goes_in_part(removes)]
    if not vessels_allow(problem, removes, resected):
        return None
    if known and _beaten(problem, removes, resected, ablated, assumed, known):
        return BEATEN
    return with_remnant(problem, removes, resected, limited, ablated, assumed)


def _parts_what_goes_as_one(problem: LiverProblem, removes: int) -> bool:
    """Whether a core takes some of the liver whose portal branch is closed and leaves the rest, where one resection takes all of it."""
    idle = problem.without_inflow & problem.present
    return bool(idle & removes) and bool(idle & ~removes) and (removes | idle) in resections_by_mask()


def _beaten(
    problem: LiverProblem,
    removes: int,
    resected: Sequence[LesionPlan],
    ablated: Sequence[LesionPlan],
    assumed: Sequence[str],
    known: Sequence[Resection],
) -> bool:
    """Whether one of `known` beats what would come of it (`beats`): asked before the remnant is estimated."""
    kept, stowed = what_stays(problem, removes, veins_of(resected))
    ablations, assumptions = {lesion.label for lesion in ablated}, set(assumed)
    grown = side_to_grow_for(removes)
    return any(
        is_worse(removes, kept, stowed, grown, one)
        and ablations.issuperset(one.ablated)
        and assumptions.issuperset(one.assumed)
        for one in known
    )


def _local(lesion: LesionPlan, *, assume: bool, prefer_ablation: bool) -> str | None:
    cut, burnt = lesion.limited.possible == "allowed", lesion.ablation.possible == "allowed"
    if cut or burnt:
        return "ablation" if burnt and (prefer_ablation or not cut) else "limited"
    if assume and lesion.limited.possible == "unknown":
        return "limited"
    if assume and lesion.ablation.possible == "unknown":
        return "ablation"
    return None
