"""Every way to clear the liver in one set of operations: what is removed, resected locally, ablated, and what stays.

A resection is an anatomical core of the catalogue (or none), limited resections and ablations, so that every lesion is
treated. Kept: all that no other beats in liver lost, lesions ablated and assumptions made; least liver lost first. What is lost is
what is removed, cut out or ablated, and what stays without a vein to drain it; a resection is major by the segments or by the share.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from enum import Enum
from functools import cache, cached_property
from typing import Literal, NamedTuple

from pathways.knowledge.formulas import sphere_ml
from pathways.liver.adequacy import error_of_total, surely_enough
from pathways.liver.anatomy import (
    LEFT,
    RIGHT,
    VESSELS,
    congested,
    has_adjacent_segments,
    resection_name,
    resections_by_mask,
    segments_of,
    size_of,
)
from pathways.liver.lesions import CAVA, Cava, LesionPlan
from pathways.liver.volumes import Estimate, Volumes
from pathways.messages.catalogue import say

Clearance = Literal["ablation", "minor", "minor_with_ablation", "major", "major_with_ablation"]
CLEARANCES: tuple[Clearance, ...] = ("ablation", "minor", "minor_with_ablation", "major", "major_with_ablation")


@dataclass(frozen=True, slots=True)
class LiverProblem:
    """What the search works on. Masks are bit masks of segments.

    `present`: segments still there; `without_inflow`: segments whose portal branch is closed; `reach`: most local
    treatments and ablations in one session; `major_from`: segments that make a resection major; `major_share`: or the share of the
    liver; `least_remnant`: what no growth could raise to a limit is no remnant (a fraction); `enough_remnant` (a
    fraction) and `enough_ml`: what is enough by every limit that may come to hold; `leave_congested`: whether liver without a draining vein may stay where something else clears the liver.
    """

    present: int
    without_inflow: int
    lesions: tuple[LesionPlan, ...]
    volumes: Volumes
    adjacent_segments: int
    major_from: int
    major_share: float
    most_local: int
    most_ablations: int
    involved_limit: int
    margin_mm: float
    ablation_margin_mm: float
    least_remnant: float
    enough_remnant: float
    enough_ml: float
    cava_allowed: bool
    leave_congested: bool
    trust_unknown_sizes: bool
    assume_sizes: bool


@dataclass(frozen=True)
class Resection:
    """One way to clear the liver. Masks are bit masks of segments.

    `for_drainage`: segments that go for no tumour and no inflow, but because they would lose every vein; `taken`: the share of the functional liver that is lost by it; `by_share`: it is major by that share and not by its segments;
    `halves`: of lesions resected locally, the half of segment IV told; `enough`: whether its remnant is, by its lower end, enough
    by every limit that may come to hold for this patient; `grown_only`: a lesser one clears the liver as it is, so that it is for a liver made to grow.
    """

    removes: int
    limited: tuple[str, ...]
    ablated: tuple[str, ...]
    assumed: tuple[str, ...]
    kept: int
    congested: int
    veins: tuple[str, ...]
    detached: tuple[str, ...]
    cava: Cava
    remnant: Estimate
    lesions_in_remnant: bool
    local_segments: int
    loss_unknown: bool
    major: bool
    for_drainage: int = 0
    taken: float = 0.0
    by_share: bool = False
    halves: tuple[tuple[str, str], ...] = ()
    enough: bool = True
    grown_only: bool = False
    # The ml of the remnant, where a volumetry later than those of the case has told it.
    remnant_ml: float | None = None

    @property
    def clearance(self) -> Clearance:
        """The class under which the process knows this resection."""
        if not self.removes and not self.limited:
            return "ablation"
        if self.major:
            return "major_with_ablation" if self.ablated else "major"
        return "minor_with_ablation" if self.ablated else "minor"

    @cached_property
    def parts(self) -> tuple[int, ...]:
        """The catalogue entries of the core, larger first."""
        return resections_by_mask().get(self.removes, ())

    @property
    def lost(self) -> int:
        """Segments that work no longer: removed, or left without a draining vein."""
        return self.removes | self.congested

    @property
    def name(self) -> str:
        """What an operation list would print; how much it takes, where that alone makes it major."""
        words = self._acts
        return say("resection.by_share", words=words, share=self.taken) if self.by_share else words

    @property
    def _acts(self) -> str:
        words = [resection_name(self.removes)] if self.removes else []
        if self.limited:
            words.append(self.limited_words)
        if self.ablated:
            words.append(say("local.ablation", lesions=", ".join(self.ablated)))
        return " + ".join(words)

    @property
    def limited_words(self) -> str:
        """What is resected locally, each lesion with the half of segment IV that is told of it."""
        half = dict(self.halves)
        named = [say("local.in_half", lesion=one, half=half[one]) if one in half else one for one in self.limited]
        if self.by_share and len(named) > 1:
            return say("local.several_limited_resections", lesions=", ".join(named))
        return say("local.limited_resection", lesions=", ".join(named))

    @property
    def growth_side(self) -> int:
        """Segments to be embolised so that the rest grows: the main core if it takes a whole side, else none."""
        return side_to_grow_for(self.removes)


@cache
def side_to_grow_for(removes: int) -> int:
    """Segments to be embolised before `removes` go: the main resection among them if it takes a whole side, else none."""
    main = next(iter(resections_by_mask().get(removes, ())), 0)
    whole_side = any(side and not side & ~main for side in (RIGHT, LEFT))
    return main if whole_side else 0


class Cut(NamedTuple):
    """Lesions of an entry that are cut out one by one in one place: a segment, or anywhere in several."""

    lesion: LesionPlan
    place: int
    number: float


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
    kept = [one for one in found if not any(_beats(other, one) for other in found if other is not one)]
    marked = (replace(one, grown_only=any(_beats_as_it_is(other, one) for other in kept)) for one in kept)
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

    Ablation is no way out where resecting locally leaves too little.
    """
    if _parts_what_goes_as_one(problem, removes):
        return
    resecting = _clear(problem, removes, assume=assume, prefer_ablation=False, known=known)
    if resecting is None:
        return
    if isinstance(resecting, Resection) and (leave or not resecting.congested):
        yield resecting
    if not any(_either_way(lesion) and lesion.mask & ~removes for lesion in problem.lesions):
        return
    ablating = _clear(problem, removes, assume=assume, prefer_ablation=True, known=known)
    if (
        isinstance(ablating, Resection)
        and not (ablating.congested and not leave)
        and (resecting is not BEATEN or _clear(problem, removes, assume=assume, prefer_ablation=False))
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
    if not _few_enough(problem, removes, limited, ablated):
        return None
    resected = [lesion for lesion in problem.lesions if lesion not in ablated]
    if not _vessels_allow(problem, removes, resected):
        return None
    if known and _beaten(problem, removes, resected, ablated, assumed, known):
        return BEATEN
    return _with_remnant(problem, removes, resected, limited, ablated, assumed)


def _parts_what_goes_as_one(problem: LiverProblem, removes: int) -> bool:
    """Whether a core takes some of the liver whose portal branch is closed and leaves the rest, where one resection takes all of it."""
    idle = problem.without_inflow & problem.present
    return bool(idle & removes) and bool(idle & ~removes) and (removes | idle) in resections_by_mask()


def _few_enough(
    problem: LiverProblem, removes: int, limited: Iterable[LesionPlan], ablated: Iterable[LesionPlan]
) -> bool:
    """Whether one session treats so many lesions one by one."""
    ablations = _count(ablated, removes)
    return ablations <= problem.most_ablations and _count(limited, removes) + ablations <= problem.most_local


def _beaten(
    problem: LiverProblem,
    removes: int,
    resected: Sequence[LesionPlan],
    ablated: Sequence[LesionPlan],
    assumed: Sequence[str],
    known: Sequence[Resection],
) -> bool:
    """Whether one of `known` beats what would come of it (`_beats`): asked before the remnant is estimated."""
    kept, stowed = _kept(problem, removes, _veins(resected))
    ablations, assumptions = {lesion.label for lesion in ablated}, set(assumed)
    grown = side_to_grow_for(removes)
    return any(
        _worse(removes, kept, stowed, grown, one)
        and ablations.issuperset(one.ablated)
        and assumptions.issuperset(one.assumed)
        for one in known
    )


def _veins(resected: Sequence[LesionPlan]) -> tuple[str, ...]:
    return _in_order(vein for lesion in resected for vein in lesion.veins)


def _kept(problem: LiverProblem, removes: int, veins: tuple[str, ...]) -> tuple[int, int]:
    """The segments that are kept with inflow and outflow, and those that lose their outflow."""
    left = problem.present & ~removes
    stowed = congested(left, veins)
    return left & ~stowed & ~problem.without_inflow, stowed


def _local(lesion: LesionPlan, *, assume: bool, prefer_ablation: bool) -> str | None:
    allowed = ["limited"] * (lesion.limited.possible == "allowed") + ["ablation"] * (
        lesion.ablation.possible == "allowed"
    )
    if allowed:
        return allowed[-1] if prefer_ablation else allowed[0]
    if assume and lesion.limited.possible == "unknown":
        return "limited"
    if assume and lesion.ablation.possible == "unknown":
        return "ablation"
    return None


def _count(lesions: Iterable[LesionPlan], removes: int) -> int:
    """Lesions treated locally. An entry of unknown number counts as one, and the assumption says so."""
    return sum(treated_locally(lesion, removes) for lesion in lesions)


def treated_locally(lesion: LesionPlan, removes: int) -> int:
    """How many lesions of an entry lie outside what is removed: evenly spread over its segments, rounded up, or as many as can."""
    number = lesion.count or 1
    if not lesion.spread or lesion.placeless:
        return number
    # What entries of the same meaning add to one another is what one entry of them all would count.
    return _outside(lesion, removes, lesion.before + number) - _outside(lesion, removes, lesion.before)


def _outside(lesion: LesionPlan, removes: int, number: int) -> int:
    """How many of `number` lesions told like this one lie outside."""
    outside, over = size_of(lesion.mask & ~removes), size_of(lesion.mask)
    if lesion.heaped and outside:
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


def _vessels_allow(problem: LiverProblem, removes: int, resected: Sequence[LesionPlan]) -> bool:
    for lesion in resected:
        if any(territory & ~removes for territory in lesion.needs_inflow_removed):
            return False
        if lesion.hilum and not _side_gone(problem, removes, lesion):
            return False
        if lesion.cava and not problem.cava_allowed:
            return False
    return True


def _side_gone(problem: LiverProblem, removes: int, lesion: LesionPlan) -> bool:
    """Whether the hilum is freed: the side that bears the lesion is removed; either, for one that lies on both."""
    right, left = not RIGHT & problem.present & ~removes, not LEFT & problem.present & ~removes
    if lesion.placeless or (lesion.mask & RIGHT and lesion.mask & LEFT) or not lesion.mask & (RIGHT | LEFT):
        return right or left
    return right if lesion.mask & RIGHT else left


def _with_remnant(
    problem: LiverProblem,
    removes: int,
    resected: Sequence[LesionPlan],
    limited: Sequence[LesionPlan],
    ablated: Sequence[LesionPlan],
    assumed: Sequence[str],
    cut: Sequence[Cut] | None = None,
) -> Resection | None:
    """The resection, or None where it leaves nothing to live with. `cut`: what is cut out locally, where that is not all of `limited`."""
    veins = _veins(resected)
    kept, stowed = _kept(problem, removes, veins)
    if not has_adjacent_segments(kept, problem.adjacent_segments):
        return None
    cut = [one for lesion in limited for one in by_place(lesion, removes, kept)] if cut is None else cut
    burnt = [one for lesion in ablated for one in by_place(lesion, removes, kept)]
    used_up, lost, loss_unknown = _local_loss(problem, cut, burnt, kept)
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
        halves=tuple((lesion.label, lesion.half) for lesion in limited if lesion.half),
        enough=bool(
            surely_enough(remnant, problem.enough_remnant, problem.enough_ml, total.value, error_of_total(total))
        ),
    )


def _for_drainage(removes: int, veins: tuple[str, ...], resected: Sequence[LesionPlan]) -> int:
    """Segments removed that bear no tumour and keep their inflow, but would lose every vein."""
    undrained = congested(removes, veins)
    for lesion in resected:
        undrained &= 0 if lesion.hilum else ~lesion.mask
        for territory in lesion.needs_inflow_removed:
            undrained &= ~territory
    return undrained


def withstands(problem: LiverProblem, found: Resection, position: int, worse: LesionPlan) -> bool:
    """Whether `found` clears the liver and leaves as much of it if the lesion at `position` is as `worse` says."""
    if worse.mask & ~found.removes:
        by_knife, by_heat = worse.label in found.limited, worse.label in found.ablated
        if (by_knife and worse.limited.possible == "refused") or (by_heat and worse.ablation.possible == "refused"):
            return False
    lesions = [worse if place == position else one for place, one in enumerate(problem.lesions)]
    limited = [one for one in lesions if one.label in found.limited]
    ablated = [one for one in lesions if one.label in found.ablated]
    resected = [one for one in lesions if one.label not in found.ablated]
    if not _vessels_allow(problem, found.removes, resected):
        return False
    told = ([one for one in problem.lesions if one.label in names] for names in (found.limited, found.ablated))
    if _few_enough(problem, found.removes, *told) and not _few_enough(problem, found.removes, limited, ablated):
        return False
    again = _with_remnant(problem, found.removes, resected, limited, ablated, found.assumed)
    return again is not None and not found.kept & ~again.kept


def _in_place(lesions: Sequence[LesionPlan]) -> tuple[str, ...]:
    """Names of lesions by the segments they lie in: the order of the file is nobody's."""
    return tuple(lesion.label for lesion in sorted(lesions, key=lambda one: (segments_of(one.mask), one.label)))


def _in_order(vessels: Iterable[str]) -> tuple[str, ...]:
    """Vessels each once, in the order of their names in the vocabulary."""
    return tuple(sorted(set(vessels), key=VESSELS.index))


def remaining(
    problem: LiverProblem, removes: int, resected: Sequence[LesionPlan], cut: Sequence[Cut]
) -> Resection | None:
    """The resection with core `removes` and what is `cut` out locally, whatever it leaves behind of the tumour."""
    if not _vessels_allow(problem, removes, resected):
        return None
    limited = tuple({one.lesion.label: one.lesion for one in cut}.values())
    return _with_remnant(problem, removes, resected, limited, (), (), cut)


def _local_loss(problem: LiverProblem, cut: Sequence[Cut], burnt: Sequence[Cut], kept: int) -> tuple[int, float, bool]:
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


def _beats(one: Resection, other: Resection) -> bool:
    """Whether `one` takes less liver than `other` and keeps, ablates and assumes nothing worse.

    Limited resection and ablation of the same lesion are two pathways, not a better and a worse one.
    """
    return _beats_as_it_is(one, other) and not _only_grows(other.growth_side, one)


def _beats_as_it_is(one: Resection, other: Resection) -> bool:
    """The same of the liver as it is, which nothing makes grow."""
    more = _takes_more(other.removes, other.kept, other.congested, one)
    return more and set(one.ablated) <= set(other.ablated) and set(one.assumed) <= set(other.assumed)


def _worse(removes: int, kept: int, stowed: int, growth_side: int, one: Resection) -> bool:
    """Whether a clearance takes more liver than `one`, keeps no more of it, and has no side to grow for where `one` may leave too little."""
    return _takes_more(removes, kept, stowed, one) and not _only_grows(growth_side, one)


def _takes_more(removes: int, kept: int, stowed: int, one: Resection) -> bool:
    """Whether a clearance takes more liver than `one` and keeps no more of it; to take out what `one` leaves congested (not `stowed` here) gains."""
    return not (one.removes == removes or one.removes & ~removes or kept & ~one.kept or one.congested & ~stowed)


def _only_grows(growth_side: int, one: Resection) -> bool:
    """Whether a clearance has a side to grow for where `one` has none and may leave too little; one that has lost its inflow gains nothing."""
    return bool(growth_side & one.kept) and not one.growth_side and not one.enough


def best_of(found: Iterable[Resection], clearance: Clearance) -> Resection | None:
    """The resection of a class that loses least liver of the liver as it is, or None."""
    return next((one for one in found if one.clearance == clearance and not one.grown_only), None)


def growth_target(found: Iterable[Resection]) -> Resection | None:
    """The major resection whose remnant could be made to grow: takes a whole side, leaves the larger remnant.

    What is ablated instead of cut may cost the same liver: of equals, by nine decimals, the one that ablates less.
    """
    majors = [one for one in found if one.major and one.growth_side]
    return max(majors, key=lambda one: (round(one.remnant.value, 9), -len(one.ablated)), default=None)
