"""What a notebook shows of a value: the value asks for it, and the room that draws answers.

Drawing stands above every other room, so none of them may name it. The package's front door, which names them all, says who draws
(`drawn_by`); without it a notebook shows the short text.
"""

from __future__ import annotations

from importlib import import_module

_drawer: list[str] = []


def drawn_by(module: str) -> None:
    """The module whose `html` draws values for a notebook; it is imported when one is looked at."""
    _drawer[:] = [module]


class Shown:
    """A value that a notebook draws."""

    __slots__ = ()

    def _repr_html_(self) -> str | None:
        """The value as HTML; None where nobody draws."""
        if not _drawer:
            return None
        drawn: str | None = import_module(_drawer[0]).html(self)
        return drawn
