"""What can be done with one lesion entry: limited resection, ablation, or removal of its segments, and why.

Decides per lesion; which treatments go together is `resections`. Unknown size makes limited resection and ablation
`unknown`. What else is not told of a lesion is taken as good, or at its worst where that is asked for.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import replace
from typing import Literal, get_args

from pathways.case.models import Lesion
from pathways.knowledge.model import Protocol
from pathways.liver.anatomy import (
    HEPATIC_VEINS,
    LEFT,
    PEDICLE_TERRITORY,
    RIGHT,
    SECTIONS,
    VESSELS,
    mask_of,
    vessels_within_reach,
)
from pathways.messages.catalogue import called, say
from pathways.quick_dataclass import dataclass

Possible = Literal["allowed", "refused", "unknown"]
# How the tumour meets the vena cava, the least first.
Cava = Literal["", "touched", "invaded"]
CAVA: tuple[Cava, ...] = get_args(Cava)

# Keys of a lesion that decide how it can be treated and may be left out of a case.
SIZE, NUMBER, CONTACTS, DEPTH = "lesions.size_mm", "lesions.count", "lesions.contacts", "lesions.depth"
# Where each lesion of an entry lies that names more than one segment.
PLACES = "lesions.segments"
UNTOLD = (NUMBER, CONTACTS, DEPTH, PLACES, SIZE)


@dataclass(frozen=True, slots=True)
class Option:
    """Whether one treatment of a lesion is possible, the reason, and the value against its limit where there is one."""

    possible: Possible
    reason: str
    value: float | None = None
    limit: float | None = None
    unit: str | None = None
    setting: str | None = None


@dataclass(frozen=True, slots=True)
class LesionPlan:
    """A lesion entry as the resection search sees it.

    `mask`: its segments still in the patient. `spread`: several lesions (or a whole region), so that part of it can
    be removed and the rest treated locally. `placeless`: fewer lesions than the region has segments, so that nobody
    knows which. Vessels count only while the tumour has not let go of them; those it grows into it never lets go of.
    `thrombosed`: the segments whose portal branch holds tumour; `half`: the half of segment IV it lies in, where that is told.
    `before`: how many lesions other entries tell alike, further up: together they are one heap, however they are told.
    `duct`: it has grown into the bile duct at the hilum, which goes with it.
    `in_each`: as many lesions as segments are told or more, so that each of the segments holds one.
    `heaped`: of several lesions all lie where the resection does not take them, but for one in each segment; else they are spread evenly.
    """

    label: str
    mask: int
    spread: bool
    placeless: bool
    count: int | None
    size_mm: float | None
    limited: Option
    ablation: Option
    needs_inflow_removed: tuple[int, ...]
    hilum: bool
    veins: tuple[str, ...]
    cava: Cava
    detached: tuple[str, ...]
    beside_vessel: bool
    thrombosed: int = 0
    half: str = ""
    duct: bool = False
    in_each: bool = False
    heaped: bool = False
    before: int = 0

    def goes_in_part(self, removes: int) -> bool:
        """Whether some of its lesions surely lie in what is removed, however the others are treated."""
        return self.in_each and bool(self.mask & removes)


def told_together(lesions: Iterable[LesionPlan]) -> tuple[LesionPlan, ...]:
    """Each with the number that entries of the same meaning tell before it."""
    told: dict[LesionPlan, int] = {}
    found = []
    for lesion in lesions:
        if lesion.spread and not lesion.placeless and lesion.count is not None and lesion.mask & (lesion.mask - 1):
            alike = replace(lesion, label="", count=None)
            found.append(replace(lesion, before=told.get(alike, 0)))
            told[alike] = told.get(alike, 0) + lesion.count
        else:
            found.append(lesion)
    return tuple(found)


def lesion_label(lesion: Lesion, index: int) -> str:
    """`A`, or `lesion 2` for an entry without an id."""
    return lesion.id or say("lesion.label", number=index + 1)


def plan_lesion(
    lesion: Lesion,
    label: str,
    present: int,
    protocol: Protocol,
    shrinkage: float,
    *,
    responded: bool,
    at_worst: Collection[str] = (),
    no_heat: Option | None = None,
) -> LesionPlan:
    """The options for `lesion`, of whose diameter the share `shrinkage` is left.

    `at_worst`: those of `UNTOLD` that, where the case does not tell them, are read at their bad end: many lesions, deep,
    touching every vessel within reach, all where they have to be treated one by one. `no_heat`: why nothing at all is ablated in this patient.
    """
    size = None if lesion.size_mm is None else lesion.size_mm * shrinkage
    if lesion.known_as == "vanished":
        size = None
    mask = mask_of(lesion.segment_numbers) & present
    contacts = _contacts(lesion, mask, protocol, CONTACTS in at_worst)
    for_good = _held_for_good(lesion, contacts)
    policy = protocol.word("vessel_detachment")
    lets_go = policy == "always" or (policy == "after_response" and responded)
    detached = tuple(vessel for vessel in contacts if lets_go and vessel not in for_good)
    held = tuple(vessel for vessel in contacts if vessel not in detached)
    pedicles = tuple(vessel for vessel in held if vessel in PEDICLE_TERRITORY)
    sections = _sections(lesion, mask, contacts)
    no_heat = no_heat or _barred(lesion, protocol)
    limited, ablation = _locally(lesion, size, held, contacts, protocol, at_worst, no_heat, ducts=bool(sections))
    territories = (*(PEDICLE_TERRITORY[pedicle] for pedicle in pedicles), *sections)
    return LesionPlan(
        label=label,
        mask=mask,
        spread=lesion.is_region or lesion.count is None or lesion.count > 1,
        placeless=lesion.is_region and lesion.count is not None and lesion.count < len(lesion.segment_numbers),
        count=lesion.count,
        size_mm=size,
        limited=limited,
        ablation=ablation,
        needs_inflow_removed=tuple(territory & present for territory in territories),
        hilum="hilum" in held,
        veins=tuple(vessel for vessel in held if vessel in HEPATIC_VEINS),
        cava=_cava(lesion, contacts),
        detached=tuple(vessel for vessel in detached if vessel != "vena_cava"),
        beside_vessel=bool(contacts),
        thrombosed=thrombosed(lesion) & present,
        half=lesion.half,
        duct=lesion.bile_duct == "invaded" and "hilum" in contacts,
        in_each=_in_each(lesion, at_worst),
        heaped=PLACES in at_worst,
    )


def _in_each(lesion: Lesion, at_worst: Collection[str]) -> bool:
    """Whether each segment that is named holds one of several lesions; of a number that is not told, at worst."""
    if lesion.count is None:
        return NUMBER in at_worst
    return lesion.count > 1 and lesion.count >= len(lesion.segment_numbers)


def thrombosed(lesion: Lesion) -> int:
    """The segments whose portal branch holds tumour; at the hilum those of each side that bears the lesion."""
    found = 0
    for vessel in lesion.thrombus:
        found |= PEDICLE_TERRITORY.get(vessel, 0)
    if "hilum" in lesion.thrombus:
        mask = mask_of(lesion.segment_numbers)
        found |= (RIGHT if mask & RIGHT or not mask & LEFT else 0) | (LEFT if mask & LEFT or not mask & RIGHT else 0)
    return found


def _at_a_pedicle(vessels: Collection[str]) -> set[str]:
    return {vessel for vessel in vessels if vessel in PEDICLE_TERRITORY or vessel == "hilum"}


def _cava(lesion: Lesion, contacts: tuple[str, ...]) -> Cava:
    """Whether the tumour has grown into the vena cava, a thrombus of it too, or touches it."""
    grown_into = {*lesion.invades, *lesion.thrombus}
    return "invaded" if "vena_cava" in grown_into else "touched" if "vena_cava" in contacts else ""


def _held_for_good(lesion: Lesion, contacts: tuple[str, ...]) -> set[str]:
    """What no response frees: vessels that the tumour grows into or in, and the pedicle whose duct it grows into."""
    ducts = _at_a_pedicle(contacts) if lesion.bile_duct == "invaded" else set()
    return {*lesion.invades, *lesion.thrombus, *ducts}


def _sections(lesion: Lesion, mask: int, contacts: tuple[str, ...]) -> tuple[int, ...]:
    """The sections that drain by the duct it grows into: those it lies in, where no pedicle that it touches says which."""
    if lesion.bile_duct != "invaded" or _at_a_pedicle(contacts):
        return ()
    return tuple(section for section in SECTIONS if section & mask)


def _contacts(lesion: Lesion, mask: int, protocol: Protocol, worst: bool) -> tuple[str, ...]:
    """The vessels the lesion touches: as told; else none, or at worst all within reach. What it grows into it touches."""
    touched: tuple[str, ...] = lesion.contacts or ()
    if lesion.contacts is None and worst:
        large = lesion.size_mm is None or lesion.size_mm > protocol.number("limited_resection_max_mm")
        touched = vessels_within_reach(mask, and_neighbours=large)
    more = {*lesion.invades, *lesion.thrombus} - set(touched)
    return (*touched, *(vessel for vessel in VESSELS if vessel in more))


def _locally(
    lesion: Lesion,
    size: float | None,
    held: tuple[str, ...],
    contacts: tuple[str, ...],
    protocol: Protocol,
    at_worst: Collection[str],
    no_heat: Option | None,
    *,
    ducts: bool,
) -> tuple[Option, Option]:
    """Limited resection and ablation of the lesion. `no_heat`: why it is not ablated; `ducts`: the duct of a section would go."""
    if lesion.count is None and NUMBER in at_worst:
        many = Option("refused", say("lesion.number_not_known"))
        return many, many
    vanished = lesion.known_as == "vanished"
    deep = lesion.depth == "deep" or (lesion.depth is None and DEPTH in at_worst)
    at_pedicles = sorted(_at_a_pedicle(held), key=lambda vessel: (vessel == "hilum", held.index(vessel)))
    limited = _limited(size, at_pedicles, vanished, protocol, deep=deep)
    if ducts and not at_pedicles:
        limited = Option("refused", say("limited_resection.duct"))
    return limited, no_heat or _ablation(size, contacts, vanished, protocol)


def _barred(lesion: Lesion, protocol: Protocol) -> Option | None:
    """Why the lesion is not ablated whatever its size, if the protocol says so."""
    barred_by = protocol.words("ablation_barred_by")
    if "thrombus" in barred_by and lesion.thrombus:
        return Option("refused", say("local_ablation.thrombus", vessel=called("vessel", lesion.thrombus[0])))
    if "invasion" in barred_by and lesion.invades:
        return Option("refused", say("local_ablation.invades", vessel=called("vessel", lesion.invades[0])))
    if "bile_duct" in barred_by and lesion.bile_duct == "invaded":
        return Option("refused", say("local_ablation.duct"))
    return None


def _limited(
    size: float | None, at_pedicles: Sequence[str], vanished: bool, protocol: Protocol, *, deep: bool
) -> Option:
    if at_pedicles:
        return Option("refused", say("limited_resection.vessel", vessel=called("vessel", at_pedicles[0])))
    setting = "limited_resection_max_mm_deep" if deep else "limited_resection_max_mm"
    limit = protocol.number(setting)
    if size is None:
        if vanished:
            if "resect_site" not in protocol.words("vanished_policies"):
                return Option("refused", say("limited_resection.site_not_resected"))
            return Option("allowed", say("limited_resection.site"))
        return Option("unknown", say("lesion.size_not_known"), None, limit, "mm", setting)
    if size > limit:
        return Option("refused", say("limited_resection.too_large"), size, limit, "mm", setting)
    return Option("allowed", say("limited_resection.small_enough"), size, limit, "mm", setting)


def _ablation(size: float | None, contacts: tuple[str, ...], vanished: bool, protocol: Protocol) -> Option:
    touched = [vessel for vessel in contacts if vessel in PEDICLE_TERRITORY or vessel == "hilum"]
    limit = protocol.number("ablation_max_mm")
    # What no distance from a vessel would mend is said first.
    if touched and (size is None or size <= limit):
        return Option("refused", say("local_ablation.vessel", vessel=called("vessel", touched[0])))
    if size is None:
        if vanished:
            if "ablate" not in protocol.words("vanished_policies"):
                return Option("refused", say("local_ablation.site_not_ablated"))
            return Option("allowed", say("local_ablation.site"))
        return Option("unknown", say("lesion.size_not_known"), None, limit, "mm", "ablation_max_mm")
    if size > limit:
        return Option("refused", say("local_ablation.too_large"), size, limit, "mm", "ablation_max_mm")
    return Option("allowed", say("local_ablation.small_enough"), size, limit, "mm", "ablation_max_mm")
