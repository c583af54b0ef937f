"""The operations a patient recovers from, and what is done in each: what everything that may come of them stands on."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Literal

from pathways.liver.resection import CLEARANCES
from pathways.quick_dataclass import dataclass

LiverPart = Literal["none", "ablation", "minor", "major", "alpps"]
WITH_PRIMARY = "_with_primary"


@dataclass(frozen=True, slots=True)
class Operation:
    """What is done in one operation.

    `liver`: the extent of its liver part; `clearance`: the class of resection that says what goes and what stays, empty where nobody
    can know; `bowel` and `elsewhere`: what is removed beside it; `clears`: it was to clear the liver; `stages`: it was to clear the side
    that stays; `last`: it is the last of several stages; `again`: on a liver that has been operated on, where nobody can know the extent.

    The other names are what may come of it (`process.outcomes`).
    """

    liver: LiverPart
    clearance: str = ""
    bowel: bool = False
    elsewhere: bool = False
    clears: bool = False
    stages: bool = False
    last: bool = False
    again: bool = False

    @property
    def ablates(self) -> bool:
        """Whether lesions are ablated, alone or beside a resection."""
        return "ablation" in (self.liver, self.clearance) or self.clearance.endswith("_with_ablation")

    @property
    def opens(self) -> bool:
        """Whether the belly is opened, so that ultrasound on the liver looks for more: ablation alone goes through the skin."""
        return self.liver != "ablation"

    @property
    def may_fail(self) -> bool:
        """Whether liver failure after it is an outcome of its own."""
        return self.liver in ("major", "alpps")

    @property
    def may_find_more(self) -> bool:
        """Whether more may be found than was seen, so that part of the disease stays: of stages, it is told after the last."""
        return self.clears

    @property
    def may_be_abandoned(self) -> bool:
        """Whether the disease may turn out beyond treatment once it is seen.

        Of two stages at the first, where the liver is explored; those of ALPPS lie days apart, and it is told after the last.
        """
        second = self.last and self.liver != "alpps"
        return self.stages or (self.clears and not second)

    @property
    def may_be_incomplete(self) -> bool:
        """Whether living tumour may be left, or come back, where it was ablated."""
        return self.clears and self.ablates

    @property
    def elsewhere_alone(self) -> bool:
        """Whether disease outside liver and bowel is all it takes."""
        return self.elsewhere and self.liver == "none"


def _clearing() -> Iterator[tuple[str, Operation]]:
    for clearance in CLEARANCES:
        extent: LiverPart = (
            "ablation" if clearance == "ablation" else "major" if clearance.startswith("major") else "minor"
        )
        yield clearance, Operation(extent, clearance, clears=True)
        # Beside a bowel resection lesions are ablated through the open belly: a minor operation on the liver.
        opened: LiverPart = "minor" if extent == "ablation" else extent
        yield f"{clearance}{WITH_PRIMARY}", Operation(opened, clearance, bowel=True, clears=True)


OPERATIONS: dict[str, Operation] = {
    **dict(_clearing()),
    # What the remnant was made to grow for, where another resection of its class leaves more and is not it.
    "grown": Operation("major", "target", clears=True),
    "grown_with_primary": Operation("major", "target", bowel=True, clears=True),
    "minor_with_extrahepatic": Operation("minor", "minor", elsewhere=True, clears=True),
    "major_with_extrahepatic": Operation("major", "major", elsewhere=True, clears=True),
    "debulking": Operation("major", "debulking"),
    # Of what is found, or comes back, in or after a first session.
    "second_ablation": Operation("ablation"),
    "first_stage": Operation("minor", stages=True),
    "first_stage_with_primary": Operation("minor", bowel=True, stages=True),
    "second_stage": Operation("major", "target", clears=True, last=True),
    "second_stage_with_primary": Operation("major", "target", bowel=True, clears=True, last=True),
    "split_completion": Operation("alpps", "target", clears=True, last=True),
    "split_completion_with_primary": Operation("alpps", "target", bowel=True, clears=True, last=True),
    "completion": Operation("minor"),
    "primary": Operation("none", bowel=True),
    "extrahepatic": Operation("none", elsewhere=True),
    # Where a recurrence to come will lie in the liver nobody knows: a quarter of such operations are major.
    "repeat": Operation("minor", again=True),
    "repeat_with_extrahepatic": Operation("minor", elsewhere=True, again=True),
}
# Whose ablated lesions are looked at again in the year after: beside the bowel nothing else of the liver differs.
ZONES = tuple(name for name, one in OPERATIONS.items() if one.may_be_incomplete)


def operations(happens: Callable[[Operation], bool]) -> tuple[str, ...]:
    """The operations of which that is true."""
    return tuple(name for name, one in OPERATIONS.items() if happens(one))
