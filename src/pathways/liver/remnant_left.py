"""What comes of taking a core and some lesions out of a liver: whether the vessels allow it, what stays, and the resection that this is."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from pathways.liver.adequacy import error_of_total, surely_enough
from pathways.liver.anatomy import LEFT, RIGHT, VESSELS, congested, has_adjacent_segments, segments_of, size_of
from pathways.liver.lesions import CAVA, LesionPlan
from pathways.liver.one_by_one import Cut, by_place, few_enough, local_loss
from pathways.liver.resection import LiverProblem, Resection


def with_remnant(
    problem: LiverProblem,
    removes: int,
    resected: Sequence[LesionPlan],
    limited: Sequence[LesionPlan],
    ablated: Sequence[LesionPlan],
    assumed: Sequence[str],
    cut: Sequence[Cut] | None = None,
) -> Resection | None:
    """The resection, or None where it leaves nothing to live with. `cut`: what is cut out locally, where that is not all of `limited`."""
    veins = veins_of(resected)
    kept, stowed = what_stays(problem, removes, veins)
    if not has_adjacent_segments(kept, problem.adjacent_segments):
        return None
    cut = [one for lesion in limited for one in by_place(lesion, removes, kept)] if cut is None else cut
    burnt = [one for lesion in ablated for one in by_place(lesion, removes, kept)]
    used_up, lost, loss_unknown = local_loss(problem, cut, burnt, kept)
    remnant, total = problem.volumes.remnant(kept & ~used_up, lost), problem.volumes.total
    if remnant.high < problem.least_remnant:
        return None
    taken = round(problem.volumes.share(removes | stowed | kept) - remnant.value, 9)
    by_segments = size_of(removes | stowed) >= problem.major_from
    by_share = bool(removes or limited) and not by_segments and taken >= problem.major_share
    local = [*limited, *ablated]
    in_segments = 0
    for lesion in local:
        in_segments |= 0 if lesion.placeless else lesion.mask & ~removes
    return Resection(
        removes=removes,
        limited=_in_place(limited),
        ablated=_in_place(ablated),
        assumed=tuple(assumed),
        kept=kept,
        congested=stowed,
        veins=veins,
        detached=_in_order(vessel for lesion in resected for vessel in lesion.detached),
        cava=max((lesion.cava for lesion in resected), key=CAVA.index, default=""),
        remnant=remnant,
        lesions_in_remnant=bool(local),
        local_segments=in_segments,
        loss_unknown=loss_unknown,
        major=bool(removes or limited) and (by_segments or by_share),
        for_drainage=_for_drainage(removes, veins, resected),
        taken=taken,
        by_share=by_share,
        duct=any(lesion.duct for lesion in resected),
        halves=tuple((lesion.label, lesion.half) for lesion in limited if lesion.half),
        enough=bool(
            surely_enough(remnant, problem.enough_remnant, problem.enough_ml, total.value, error_of_total(total))
        ),
    )


def veins_of(resected: Sequence[LesionPlan]) -> tuple[str, ...]:
    """The hepatic veins that go with what is resected."""
    return _in_order(vein for lesion in resected for vein in lesion.veins)


def what_stays(problem: LiverProblem, removes: int, veins: tuple[str, ...]) -> tuple[int, int]:
    """The segments that are kept with inflow and outflow, and those that lose their outflow."""
    left = problem.present & ~removes
    stowed = congested(left, veins)
    return left & ~stowed & ~problem.without_inflow, stowed


def vessels_allow(problem: LiverProblem, removes: int, resected: Sequence[LesionPlan]) -> bool:
    """Whether a core takes what hangs on the pedicles, the hilum and the vena cava that the tumour holds."""
    for lesion in resected:
        if any(territory & ~removes for territory in lesion.needs_inflow_removed):
            return False
        if lesion.hilum and not _side_gone(problem, removes, lesion):
            return False
        if lesion.cava and not problem.cava_allowed:
            return False
    return True


def _side_gone(problem: LiverProblem, removes: int, lesion: LesionPlan) -> bool:
    """Whether the hilum is freed: the side that bears the lesion is removed; either, for one that lies on both.

    Of several, one at least in each segment, those of the right and those of the left are freed each by their own side.
    """
    right, left = not RIGHT & problem.present & ~removes, not LEFT & problem.present & ~removes
    if lesion.in_each and lesion.mask & RIGHT and lesion.mask & LEFT:
        return right and left
    if lesion.placeless or (lesion.mask & RIGHT and lesion.mask & LEFT) or not lesion.mask & (RIGHT | LEFT):
        return right or left
    return right if lesion.mask & RIGHT else left


def _for_drainage(removes: int, veins: tuple[str, ...], resected: Sequence[LesionPlan]) -> int:
    """Segments removed that bear no tumour and keep their inflow, but would lose every vein."""
    undrained = congested(removes, veins)
    for lesion in resected:
        undrained &= 0 if lesion.hilum else ~lesion.mask
        for territory in lesion.needs_inflow_removed:
            undrained &= ~territory
    return undrained


def _in_place(lesions: Sequence[LesionPlan]) -> tuple[str, ...]:
    """Names of lesions by the segments they lie in: the order of the file is nobody's."""
    return tuple(lesion.label for lesion in sorted(lesions, key=lambda one: (segments_of(one.mask), one.label)))


def _in_order(vessels: Iterable[str]) -> tuple[str, ...]:
    """Vessels each once, in the order of their names in the vocabulary."""
    return tuple(sorted(set(vessels), key=VESSELS.index))


def withstands(problem: LiverProblem, found: Resection, position: int, worse: LesionPlan) -> bool:
    """Whether `found` clears the liver and leaves as much of it if the lesion at `position` is as `worse` says."""
    if worse.mask & ~found.removes:
        by_knife, by_heat = worse.label in found.limited, worse.label in found.ablated
        if (by_knife and worse.limited.possible == "refused") or (by_heat and worse.ablation.possible == "refused"):
            return False
    lesions = [worse if place == position else one for place, one in enumerate(problem.lesions)]
    limited = [one for one in lesions if one.label in found.limited]
    ablated = [one for one in lesions if one.label in found.ablated]
    resected = [one for one in lesions if one.label not in found.ablated or one.goes_in_part(found.removes)]
    if not vessels_allow(problem, found.removes, resected):
        return False
    told = ([one for one in problem.lesions if one.label in names] for names in (found.limited, found.ablated))
    if few_enough(problem, found.removes, *told) and not few_enough(problem, found.removes, limited, ablated):
        return False
    again = with_remnant(problem, found.removes, resected, limited, ablated, found.assumed)
    return again is not None and not found.kept & ~again.kept


def remaining(
    problem: LiverProblem, removes: int, resected: Sequence[LesionPlan], cut: Sequence[Cut]
) -> Resection | None:
    """The resection with core `removes` and what is `cut` out locally, whatever it leaves behind of the tumour."""
    if not vessels_allow(problem, removes, resected):
        return None
    limited = tuple({one.lesion.label: one.lesion for one in cut}.values())
    return with_remnant(problem, removes, resected, limited, (), (), cut)
