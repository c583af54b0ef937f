"""Names as a list, a card or a picture shows them."""

from __future__ import annotations

from pathways.messages.catalogue import called

BY_LETTERS = ("alpps", "rescue_alpps", "pve", "lvd")


def family_words(family: str) -> str:
    """`upfront_surgery` as `upfront surgery`, `pve` as `PVE`."""
    return called("letters", family) if family in BY_LETTERS else called("family", family)
