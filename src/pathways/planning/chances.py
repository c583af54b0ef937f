"""Whose the chances of a plan are: of this primary, or borrowed from bowel metastases.

How often a response comes, a remnant grows and the liver is cleared was found in series of bowel metastases alone. Of another primary the
process counts with the same figures, so that its pathways stand in an order; they are no figures of that primary, and nobody is shown them.
Here alone is decided whose they are; what prints a chance asks `shown`.
"""

from __future__ import annotations

from typing import Literal, TypeVar

from pathways.case.models import Case

Chances = Literal["own", "borrowed"]
Shown = TypeVar("Shown")


def chances_of(case: Case) -> Chances:
    """Whose the chances of a plan of `case` are."""
    return "own" if case.primary.tumour == "colorectal" else "borrowed"


def shown(chances: Chances, found: Shown) -> Shown | None:
    """A chance as a person is told it: None, which is said as "no figure", where it is borrowed."""
    return found if chances == "own" else None
