"""What can be done with one lesion entry: limited resection, ablation, or removal of its segments, and why.

Decides per lesion; which treatments go together is `resections`. Unknown size makes limited resection and ablation
`unknown`. What else is not told of a lesion is taken as good, or at its worst where that is asked for.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from typing import Literal

from pathways.case.models import Lesion
from pathways.knowledge.model import Protocol
from pathways.liver.anatomy import HEPATIC_VEINS, PEDICLE_TERRITORY, mask_of, vessels_within_reach
from pathways.messages.catalogue import called, say

Possible = Literal["allowed", "refused", "unknown"]

# Keys of a lesion that decide how it can be treated and may be left out of a case.
SIZE, NUMBER, CONTACTS, DEPTH = "lesions.size_mm", "lesions.count", "lesions.contacts", "lesions.depth"
UNTOLD = (NUMBER, CONTACTS, DEPTH, SIZE)


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
    knows which. Vessels count only while the tumour has not let go of them.
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
    cava: bool
    detached: tuple[str, ...]
    beside_vessel: bool


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
) -> LesionPlan:
    """The options for `lesion`, of whose diameter the share `shrinkage` is left.

    `at_worst`: those of `UNTOLD` that, where the case does not tell them, are read at their bad end: many lesions, deep,
    touching every vessel within reach.
    """
    size = None if lesion.size_mm is None else lesion.size_mm * shrinkage
    if lesion.nature == "vanished":
        size = None
    mask = mask_of(lesion.segment_numbers) & present
    contacts = _contacts(lesion, mask, protocol, CONTACTS in at_worst)
    policy = protocol.word("vessel_detachment")
    detached = contacts if policy == "always" or (policy == "after_response" and responded) else ()
    held = tuple(vessel for vessel in contacts if vessel not in detached)
    pedicles = tuple(vessel for vessel in held if vessel in PEDICLE_TERRITORY)
    limited, ablation = _locally(lesion, size, pedicles, held, contacts, protocol, at_worst)
    return LesionPlan(
        label=label,
        mask=mask,
        spread=lesion.is_region or lesion.count is None or lesion.count > 1,
        placeless=lesion.is_region and lesion.count is not None and lesion.count < len(lesion.segment_numbers),
        count=lesion.count,
        size_mm=size,
        limited=limited,
        ablation=ablation,
        needs_inflow_removed=tuple(PEDICLE_TERRITORY[pedicle] & present for pedicle in pedicles),
        hilum="hilum" in held,
        veins=tuple(vessel for vessel in held if vessel in HEPATIC_VEINS),
        cava="vena_cava" in contacts,
        detached=tuple(vessel for vessel in detached if vessel != "vena_cava"),
        beside_vessel=bool(contacts),
    )


def _contacts(lesion: Lesion, mask: int, protocol: Protocol, worst: bool) -> tuple[str, ...]:
    """The vessels the lesion touches: as told; else none, or at worst all within reach."""
    if lesion.contacts is not None or not worst:
        return lesion.contacts or ()
    large = lesion.size_mm is None or lesion.size_mm > protocol.number("limited_resection_max_mm")
    return vessels_within_reach(mask, and_neighbours=large)


def _locally(
    lesion: Lesion,
    size: float | None,
    pedicles: tuple[str, ...],
    held: tuple[str, ...],
    contacts: tuple[str, ...],
    protocol: Protocol,
    at_worst: Collection[str],
) -> tuple[Option, Option]:
    """Limited resection and ablation of the lesion."""
    if lesion.count is None and NUMBER in at_worst:
        many = Option("refused", say("lesion.number_not_known"))
        return many, many
    vanished = lesion.nature == "vanished"
    deep = lesion.depth == "deep" or (lesion.depth is None and DEPTH in at_worst)
    return (
        _limited(size, pedicles, "hilum" in held, vanished, protocol, deep=deep),
        _ablation(size, contacts, vanished, protocol),
    )


def _limited(
    size: float | None, pedicles: tuple[str, ...], hilum: bool, vanished: bool, protocol: Protocol, *, deep: bool
) -> Option:
    if pedicles or hilum:
        vessel = called("vessel", pedicles[0] if pedicles else "hilum")
        return Option("refused", say("limited_resection.vessel", vessel=vessel))
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
    if touched:
        return Option("refused", say("local_ablation.vessel", vessel=called("vessel", touched[0])))
    limit = protocol.number("ablation_max_mm")
    if size is None:
        if vanished:
            if "ablate" not in protocol.words("vanished_policies"):
                return Option("refused", say("local_ablation.site_not_ablated"))
            return Option("allowed", say("local_ablation.site"))
        return Option("unknown", say("lesion.size_not_known"), None, limit, "mm", "ablation_max_mm")
    if size > limit:
        return Option("refused", say("local_ablation.too_large"), size, limit, "mm", "ablation_max_mm")
    return Option("allowed", say("local_ablation.small_enough"), size, limit, "mm", "ablation_max_mm")
