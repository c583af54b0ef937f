"""What a family is by the steps that carry it: rooms that sort families and do not name one ask for its place here."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from typing import get_args

from pathways.process.declaration import PROCESS
from pathways.words import Family


def placed(
    table: Mapping[str, tuple[str, ...]], *, drugs: str, others: str, elsewhere: Collection[str] = ()
) -> dict[str, tuple[str, ...]]:
    """`table` with every family that it does not name: beside the `drugs` what is begun with drugs, beside the `others` what is not.

    The families that stand `elsewhere` are left out.
    """
    named = {*elsewhere, *(family for families in table.values() for family in families)}
    found = dict(table)
    for family in _left(named):
        place = drugs if _by_drugs(family) else others
        # In front, because the last of a place is to do nothing.
        found[place] = (family, *found[place]) if place == others else (*found[place], family)
    return found


def _left(named: Collection[str]) -> Iterator[str]:
    return (family for family in get_args(Family) if family not in named)


def _by_drugs(family: str) -> bool:
    """Whether every step that carries the family gives systemic treatment."""
    carrying = [one for one in PROCESS.triggers if any(tag.family == family for tag in one.tags)]
    return bool(carrying) and all("systemic" in one.acts for one in carrying)
