"""Names as a list, a card or a picture shows them."""

from __future__ import annotations

from pathways.messages.catalogue import called
from pathways.messages.english import TEMPLATES


def family_words(family: str) -> str:
    """`upfront_surgery` as `upfront surgery`, `pve` as `PVE`: by its letters where it has a name of letters."""
    return called("letters", family) if f"letters.{family}" in TEMPLATES else called("family", family)
