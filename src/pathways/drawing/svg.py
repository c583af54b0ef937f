"""Elements of SVG and HTML as text: what is not made here is escaped, and what XML forbids is left out."""

from __future__ import annotations

import re
from collections.abc import Iterable

from pathways.drawing.style import css

# What XML 1.0 has no place for, and marks that turn the direction of what is read after them.
FORBIDDEN = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]|[\u202a-\u202e\u2066-\u2069]")
ESCAPES = str.maketrans({"&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;", "'": "&#39;"})
IDENTITY = re.compile("[^A-Za-z0-9_-]")


class Drawn(str):
    """Text that is markup already. Everything else is escaped where it is put into an element."""

    __slots__ = ()

    def __html__(self) -> str:
        """The same: a template with autoescape takes it as markup."""
        return str(self)


def text(words: object) -> Drawn:
    """Words as they may stand in an element or an attribute."""
    return Drawn(FORBIDDEN.sub("\ufffd", str(words)).translate(ESCAPES))


def joined(parts: Iterable[str | None]) -> Drawn:
    """Parts one after another; words are escaped."""
    return Drawn("".join(part if isinstance(part, Drawn) else text(part) for part in parts if part))


def element(name: str, *inside: str | None, **attributes: object) -> Drawn:
    """An element; `class_` is the class, `stroke_width` is `stroke-width`; an attribute that is None is left out."""
    told = "".join(
        f' {key.rstrip("_").replace("_", "-")}="{text(_number(value))}"'
        for key, value in attributes.items()
        if value is not None
    )
    body = joined(inside)
    return Drawn(f"<{name}{told}>{body}</{name}>") if body else Drawn(f"<{name}{told}/>")


def _number(value: object) -> object:
    return f"{value:.2f}".rstrip("0").rstrip(".") if isinstance(value, float) else value


def identity(words: str) -> str:
    """A name that can be an id."""
    return IDENTITY.sub("-", words) or "x"


def picture(
    *inside: str | None,
    name: str,
    title: str,
    description: str,
    width: float,
    height: float,
    alone: bool = False,
    class_: str = "",
) -> Drawn:
    """A picture with its title and description. `name` makes its ids its own; `alone`: it carries its style and its name space."""
    own = identity(name)
    return element(
        "svg",
        element("title", title, id=f"{own}-t"),
        element("desc", description, id=f"{own}-d"),
        element("style", Drawn(css())) if alone else None,
        # Standing alone it brings its paper: a page around it may be of another colour.
        element("rect", width=width, height=height, class_="pw-paper") if alone else None,
        *inside,
        xmlns="http://www.w3.org/2000/svg",
        viewBox=f"0 0 {width:g} {height:g}",
        # Standing alone it says how large it is meant; on a page the page does.
        width=width if alone else None,
        height=height if alone else None,
        role="img",
        aria_labelledby=f"{own}-t {own}-d",
        class_=f"pw {class_}".strip(),
    )


def label(words: str, x: float, y: float, class_: str = "", **attributes: object) -> Drawn:
    """Words at a place."""
    return element("text", words, x=x, y=y, class_=f"pw-text {class_}".strip(), **attributes)


def wide(words: str, size: float = 13) -> float:
    """About how wide words are at a size, for the fonts of a page; a little more than most need."""
    return sum(NARROW.get(one, 0.58) for one in words) * size


NARROW = dict.fromkeys("iljI.,:;'|!ft()[]- ", 0.33) | dict.fromkeys("mwMW→%", 0.88)


def folded(words: str, room: float, size: float = 13, most: int = 3) -> list[str]:
    """Words on lines of at most `room`; the last of `most` lines takes the rest."""
    lines: list[str] = []
    for word in words.split():
        if lines and (wide(f"{lines[-1]} {word}", size) <= room or len(lines) == most):
            lines[-1] = f"{lines[-1]} {word}"
        else:
            lines.append(word)
    return lines or [""]
