"""What drugs a regimen names. Decides nothing about treatment: what is not in the table is not known, whatever else is."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache

from pathways.quick_dataclass import dataclass
from pathways.ward.table import normal, table

TOKEN = re.compile(r"[a-z0-9]+")
# What may stand in the name of a regimen; anything else says more than names of drugs.
ALLOWED = re.compile(r"[\w\s+,;&/().\-]{1,120}")
LONGEST_NAME = 4


@dataclass(frozen=True, slots=True)
class Regimen:
    """The drugs that a text names, in a fixed spelling, and the kind of each (`backbones` `bevacizumab` `antibody` ...)."""

    drugs: tuple[str, ...]
    kinds: frozenset[str]

    @property
    def name(self) -> str:
        """The regimen as case files write it: `folfox_bevacizumab`."""
        return "_".join(self.drugs)


@lru_cache(maxsize=4096)
def drugs_in(text: str) -> Regimen | None:
    """The regimen that `text` names; None where any part of it is not known: it is then unknown as a whole."""
    found = list(_known(text)) if ALLOWED.fullmatch(text) else []
    drugs = [one for one in found if one is not None]
    if not drugs or len(drugs) < len(found):
        return None
    # The backbone stands first: names of regimens are read by how they begin.
    drugs = list(dict.fromkeys(sorted(drugs, key=lambda one: one[1] not in ("backbones", "support"))))
    return Regimen(tuple(name for name, _ in drugs), frozenset(kind for _, kind in drugs))


@lru_cache(maxsize=4096)
def holds(text: str, drug: str) -> bool:
    """Whether some part of a regimen is `drug` (oxaliplatin, irinotecan) or a scheme that holds it."""
    return any(one is not None and one[0] in table().holds[drug] for one in _known(text))


@lru_cache(maxsize=4096)
def is_cytotoxic(text: str) -> bool:
    """Whether a regimen counts as chemotherapy: it holds a cytotoxic drug, or nothing that is known."""
    kinds = {one[1] for one in _known(text) if one is not None}
    return "backbones" in kinds or not kinds - {"support"}


def _known(text: str) -> Iterator[tuple[str, str] | None]:
    """Name and kind of each drug in `text`, None for a part that is not known."""
    tokens = TOKEN.findall(normal(text))
    place = 0
    while place < len(tokens):
        lengths = range(min(LONGEST_NAME, len(tokens) - place), 0, -1)
        length = next((one for one in lengths if "_".join(tokens[place : place + one]) in table().drugs), 0)
        if length:
            yield table().drugs["_".join(tokens[place : place + length])]
        elif tokens[place] not in table().joined_by:
            yield None
        place += length or 1
