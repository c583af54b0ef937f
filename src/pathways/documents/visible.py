"""What cannot be seen made visible: the one place where text from files and arguments is made safe for a terminal.

A control character, an escape sequence or a mark that turns the reading direction is shown as a character of its own, one for one, so
that nothing moves. Letters, and spaces of every width, stay what they are.
"""

from __future__ import annotations

import re
import unicodedata

# Everything that a terminal may obey or that nobody sees: controls, marks of direction and format, halves of characters, line separators.
_UNSEEN = frozenset({"Cc", "Cf", "Cs", "Zl", "Zp", "Co", "Cn"})
_PICTURES = 0x2400  # the pictures of the first 32 controls stand here in a row
_DELETE, _PICTURE_OF_DELETE = "\x7f", "␡"
_NO_PICTURE = "�"
_STYLED = re.compile(r"(\x1b\[[0-9;]*m)")


def visible(text: str, keep: str = "\n\t") -> str:
    """`text` with every character that cannot be seen replaced by one that can; those of `keep` stay."""
    if text.isprintable():
        return text
    if "\n" in keep and "\n" in text:
        # Line by line: most of them hold nothing to look at.
        return "\n".join(visible(line, keep) for line in text.split("\n"))
    return "".join(one if one.isprintable() or one in keep else _shown(one) for one in text)


def _shown(one: str) -> str:
    if one < " ":
        return chr(_PICTURES + ord(one))
    if one == _DELETE:
        return _PICTURE_OF_DELETE
    return _NO_PICTURE if unicodedata.category(one) in _UNSEEN else one


def printable(text: str) -> str:
    """`text` as one line that any terminal can show."""
    return visible(text, keep="")


def visible_but_style(text: str) -> str:
    """`text` for a terminal, where colours have been put in by this program; nothing else is obeyed. A carriage return stays."""
    if "\x1b" not in text:
        return visible(text, keep="\n\t\r")
    return "".join(one if _STYLED.fullmatch(one) else visible(one, keep="\n\t\r") for one in _STYLED.split(text))
