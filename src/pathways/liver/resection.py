"""One way to clear a liver, and the problem it answers: what is removed, resected locally and ablated, and what stays."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache, cached_property
from typing import Literal

from pathways.liver.anatomy import LEFT, RIGHT, resection_name, resections_by_mask
from pathways.liver.lesions import Cava, LesionPlan
from pathways.liver.volumes import Estimate, Volumes
from pathways.messages.catalogue import say
from pathways.quick_dataclass import dataclass

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
    `duct`: the bile duct at the hilum goes with it, and what is left is joined to the bowel;
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
    duct: bool = False
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


def best_of(found: Iterable[Resection], clearance: Clearance) -> Resection | None:
    """The resection of a class that loses least liver of the liver as it is, or None."""
    return next((one for one in found if one.clearance == clearance and not one.grown_only), None)


def growth_target(found: Iterable[Resection]) -> Resection | None:
    """The major resection whose remnant could be made to grow: takes a whole side, leaves the larger remnant.

    What is ablated instead of cut may cost the same liver: of equals, by nine decimals, the one that ablates less.
    """
    majors = [one for one in found if one.major and one.growth_side]
    return max(majors, key=lambda one: (round(one.remnant.value, 9), -len(one.ablated)), default=None)
