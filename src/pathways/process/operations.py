"""The operations a patient recovers from, and what is done in each: what the risk of death, liver failure and complications stands on."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from pathways.liver.resections import CLEARANCES

LiverPart = Literal["none", "ablation", "minor", "major", "alpps"]
WITH_PRIMARY = "_with_primary"


@dataclass(frozen=True, slots=True)
class Operation:
    """What is done in one operation.

    `liver`: the extent of its liver part; `clearance`: the class of resection that says what goes and what stays, empty where nobody
    can know; `bowel` and `elsewhere`: what is removed beside it; `clears`: more may be found than was seen, because it was to clear the
    liver.
    """

    liver: LiverPart
    clearance: str = ""
    bowel: bool = False
    elsewhere: bool = False
    clears: bool = False

    @property
    def may_fail(self) -> bool:
        """Whether liver failure after it is an outcome of its own."""
        return self.liver in ("major", "alpps")


def _clearing() -> Iterator[tuple[str, Operation]]:
    for clearance in CLEARANCES:
        extent: LiverPart = (
            "ablation" if clearance == "ablation" else "major" if clearance.startswith("major") else "minor"
        )
        yield clearance, Operation(extent, clearance, clears=extent != "ablation")
        # Beside a bowel resection lesions are ablated through the open belly: a minor operation on the liver.
        opened: LiverPart = "minor" if extent == "ablation" else extent
        yield f"{clearance}{WITH_PRIMARY}", Operation(opened, clearance, bowel=True, clears=True)


OPERATIONS: dict[str, Operation] = {
    **dict(_clearing()),
    "minor_with_extrahepatic": Operation("minor", "minor", elsewhere=True, clears=True),
    "debulking": Operation("major", "debulking"),
    "first_stage": Operation("minor"),
    "first_stage_with_primary": Operation("minor", bowel=True),
    "second_stage": Operation("major", "target", clears=True),
    "second_stage_with_primary": Operation("major", "target", bowel=True, clears=True),
    "split_completion": Operation("alpps", "target", clears=True),
    "split_completion_with_primary": Operation("alpps", "target", bowel=True, clears=True),
    "completion": Operation("minor"),
    "primary": Operation("none", bowel=True),
    "extrahepatic": Operation("none", elsewhere=True),
    # Where a recurrence to come will lie in the liver nobody knows: a quarter of such operations are major.
    "repeat": Operation("minor"),
    "repeat_with_extrahepatic": Operation("minor", elsewhere=True),
}
MAY_FAIL = tuple(name for name, one in OPERATIONS.items() if one.may_fail)
# What is found at operation matters where the operation was to clear the liver.
CLEARING = tuple(name for name, one in OPERATIONS.items() if one.clears)
