"""What can be wrong with an input, said so that a person can mend it.

Decides the wording and the shape `FILE:LINE:COLUMN: key: message`; knows nothing of cases or protocols.
"""

from __future__ import annotations

import difflib
from collections.abc import Iterable

from pathways.documents.visible import printable
from pathways.quick_dataclass import dataclass

MOST_PROBLEMS_SHOWN = 20
LONGEST_KEY = 160


class PathwaysError(Exception):
    """Wrong use or bad input: the command line prints it and exits with `status`."""

    status = 2


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


def nearest(word: object, accepted: Iterable[object]) -> str:
    """`; did you mean "age_years"?`, or nothing where no accepted word is near."""
    words = [str(one) for one in accepted]
    lowered = {one.lower(): one for one in words}
    wanted = str(word).strip().lower().replace("-", "_").replace(" ", "_")
    for near in difflib.get_close_matches(wanted, lowered, n=1, cutoff=0.55):
        return f'; did you mean "{lowered[near]}"?'
    parts = [one for one in words if wanted and (one.startswith(wanted) or wanted in one.split("_"))]
    return f'; did you mean "{parts[0]}"?' if parts else ""


LEAST_LETTERS, MANY_LETTERS = 5, 8


def same_word(word: object, accepted: Iterable[object]) -> str:
    """`; did you mean "age_years"?` where `word` is an accepted one mistyped or cut short, and nothing where it may mean another.

    For words of a case: RIGHT is no slip of LEFT. A slip changes one letter, in long words two; never the first letter of a part,
    never a digit, and a short code is no slip of anything. What is cut short has one word only that it can begin.
    """
    words = [str(one) for one in accepted]
    wanted = str(word).strip().lower().replace("-", "_").replace(" ", "_")
    for one in words:
        if _alike(one.lower()) == _alike(wanted) or _slip(wanted, one.lower()):
            return f'; did you mean "{one}"?'
    long = len(wanted) >= LEAST_LETTERS
    longer = [one for one in words if wanted and ((long and one.startswith(wanted)) or wanted in one.split("_"))]
    return f'; did you mean "{longer[0]}"?' if len(longer) == 1 else ""


def _alike(word: str) -> str:
    """`word` without the s of the plural, and with one letter for two: units and unit, alps and alpps."""
    word = word.rstrip("s")
    return "".join(letter for place, letter in enumerate(word) if not place or word[place - 1] != letter)


def _slip(wanted: str, word: str) -> bool:
    if min(len(wanted), len(word)) < LEAST_LETTERS or _digits(wanted) != _digits(word):
        return False
    ours, theirs = wanted.split("_"), word.split("_")
    if len(ours) == len(theirs) and any(one[:1] != other[:1] for one, other in zip(ours, theirs, strict=True)):
        return False
    return wanted[:1] == word[:1] and _slips(wanted, word) <= (2 if len(word) >= MANY_LETTERS else 1)


def _digits(text: str) -> str:
    return "".join(one for one in text if one.isdigit())


def _slips(one: str, other: str) -> int:
    """Letters left out, put in, taken for another, or swapped with the next, to get from one to the other; 3 for more than two."""
    if abs(len(one) - len(other)) > 2:  # noqa: PLR2004
        return 3
    older: list[int] = []
    above = list(range(len(other) + 1))
    for row, letter in enumerate(one, start=1):
        current = [row]
        for column, theirs in enumerate(other, start=1):
            least = min(above[column] + 1, current[-1] + 1, above[column - 1] + (letter != theirs))
            if row > 1 and column > 1 and letter == other[column - 2] and one[row - 2] == theirs:
                least = min(least, older[column - 2] + 1)
            current.append(least)
        older, above = above, current
    return min(above[-1], 3)
