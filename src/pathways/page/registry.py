"""The screens in their order."""

from __future__ import annotations

from functools import cache
from importlib import import_module
from typing import TYPE_CHECKING

from pathways.messages.catalogue import called
from pathways.quick_dataclass import dataclass

if TYPE_CHECKING:
    from pathways.page.shared import Told
    from pathways.page.sitting import Sitting


@dataclass(frozen=True, slots=True)
class Screen:
    """A screen: its name in the address, and the module whose function `NAME_screen` makes what its template is filled with.

    The module is imported when somebody first looks at the screen: the first page shall not wait for all of them.
    """

    id: str
    module: str

    def make(self, sitting: Sitting) -> Told:
        """What the template is filled with."""
        self.load()
        made: Told = getattr(import_module(self.module), f"{self.id}_screen")(sitting)
        return made

    def load(self) -> None:
        """Imports the module."""
        import_module(self.module)

    @property
    def words(self) -> str:
        """What it is called."""
        return called("screen", self.id)


@cache
def screens() -> tuple[Screen, ...]:
    """Every screen, as they stand at the head of the page."""
    return (
        Screen("case", "pathways.page.case"),
        Screen("pathways", "pathways.page.pathways"),
        Screen("why", "pathways.page.why"),
        Screen("what_if", "pathways.page.what_if"),
        Screen("missing", "pathways.page.missing"),
        Screen("pathway", "pathways.page.calendar"),
        Screen("map", "pathways.page.calendar"),
        Screen("walk", "pathways.page.walking"),
        Screen("record", "pathways.page.record"),
    )
