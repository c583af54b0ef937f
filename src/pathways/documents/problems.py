"""What can be wrong with an input, said so that a person can mend it.

Decides the wording and the shape `FILE:LINE:COLUMN: key: message`; knows nothing of cases or protocols.
"""

from __future__ import annotations

import difflib
from collections.abc import Iterable
from dataclasses import dataclass

MOST_PROBLEMS_SHOWN = 20
LONGEST_KEY = 160


class PathwaysError(Exception):
    """Wrong use or bad input: the command line prints it and exits with status 2."""


@dataclass(frozen=True, slots=True)
class Problem:
    """One mistake in one place. `line` and `column` count from 1."""

    file: str
    line: int
    column: int
    key: str
    message: str

    def __str__(self) -> str:
        place = f"{self.file}:{self.line}:{self.column}"
        key = shortened(self.key, LONGEST_KEY)
        return printable(f"{place}: {key}: {self.message}" if key else f"{place}: {self.message}")


class DocumentError(PathwaysError):
    """A document that cannot be used, with every problem found in it, first things first."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = tuple(problems)
        super().__init__("\n".join(self.lines()))

    def lines(self) -> list[str]:
        """One line a problem, the first few."""
        shown = [str(problem) for problem in self.problems[:MOST_PROBLEMS_SHOWN]]
        hidden = len(self.problems) - len(shown)
        return [*shown, f"... and {hidden} more problems"] if hidden > 0 else shown


def shown(value: object, limit: int = 60) -> str:
    """`value` as a person wrote it, shortened: `"twelve"`, `12`, `a list of 3`."""
    if isinstance(value, dict):
        return f"a mapping of {len(value)} keys"
    if isinstance(value, (list, tuple)):
        return f"a list of {len(value)}"
    if value is None:
        return "nothing"
    if isinstance(value, bool):
        return "true" if value else "false"
    text = shortened(value, limit)
    return f'"{text}"' if isinstance(value, str) else text


def shortened(value: object, limit: int = 60) -> str:
    """`value` as one piece of a line, at most `limit` characters long."""
    text = str(value)
    return printable(text if len(text) <= limit else text[: limit - 1] + "…")


def printable(text: str) -> str:
    """`text` as one line that any terminal can show: what cannot be seen is a question mark."""
    return text if text.isprintable() else "".join(one if one.isprintable() else "?" for one in text)


def nearest(word: object, accepted: Iterable[object]) -> str:
    """`; did you mean "age_years"?`, or nothing where no accepted word is near."""
    words = [str(one) for one in accepted]
    lowered = {one.lower(): one for one in words}
    wanted = str(word).strip().lower().replace("-", "_").replace(" ", "_")
    for near in difflib.get_close_matches(wanted, lowered, n=1, cutoff=0.55):
        return f'; did you mean "{lowered[near]}"?'
    parts = [one for one in words if wanted and (one.startswith(wanted) or wanted in one.split("_"))]
    return f'; did you mean "{parts[0]}"?' if parts else ""
