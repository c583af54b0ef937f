"""The README as it stands on the page of a package index, without the files beside it. Used by the build."""

from __future__ import annotations

import re

# A picture, alone or in a row of a table that holds nothing else; a link that leads into the source.
PICTURES = re.compile(r"^\|.*!\[.*\|\n|^\| \| \|\n\|---\|---\|\n|!\[[^\]]*\]\((?!https?:)[^)]*\)", re.MULTILINE)
LINK = re.compile(r"\[([^\]]*)\]\((?!https?:|#)([^)#]*)[^)]*\)")


def standing_alone(text: str) -> str:
    """The README for a page of a package index: what leads into the source is named, and is no link to nowhere."""
    text = PICTURES.sub("", text)
    return LINK.sub(
        lambda found: found[1] if found[1] == found[2] else f"{found[1]} (`{found[2]}` in the source)", text
    )
