"""The screens in their order."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache

from pathways.messages.catalogue import called
from pathways.workbench.case import case_screen
from pathways.workbench.pathways import pathways_screen
from pathways.workbench.record import record_screen
from pathways.workbench.shared import Told
from pathways.workbench.sitting import Sitting
from pathways.workbench.why import why_screen


@dataclass(frozen=True, slots=True)
class Screen:
    """A screen: its name in the address, and what its template is filled with."""

    id: str
    make: Callable[[Sitting], Told]

    @property
    def words(self) -> str:
        """What it is called."""
        return called("screen", self.id)


@cache
def screens() -> tuple[Screen, ...]:
    """The screens in their order."""
    return (
        Screen("case", case_screen), Screen("pathways", pathways_screen), Screen("why", why_screen), Screen("record", record_screen),
    )  # fmt: skip
