"""The screens in their order."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache

from pathways.messages.catalogue import called
from pathways.page.calendar import map_screen, pathway_screen
from pathways.page.case import case_screen
from pathways.page.missing import missing_screen
from pathways.page.pathways import pathways_screen
from pathways.page.record import record_screen
from pathways.page.shared import Told
from pathways.page.sitting import Sitting
from pathways.page.walking import walk_screen
from pathways.page.what_if import what_if_screen
from pathways.page.why import why_screen


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
    """Every screen, as they stand at the head of the page."""
    return (
        Screen("case", case_screen),
        Screen("pathways", pathways_screen),
        Screen("why", why_screen),
        Screen("what_if", what_if_screen),
        Screen("missing", missing_screen),
        Screen("pathway", pathway_screen),
        Screen("map", map_screen),
        Screen("walk", walk_screen),
        Screen("record", record_screen),
    )
