"""Shelves: decisions word for word, one file a case; the order of pathways, one file; every number, one table.

In the words a number is `{}`; its row in the table names the case and the sentence it stands in. So a corrected figure
changes the table, at most the order, and a file of decisions only where a case ends differently.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from pathlib import Path
from zlib import crc32

from pathways.facts.verdict import Verdict

HERE = Path(__file__).parent
DECISIONS = HERE / "decisions"
ORDER = HERE / "order.txt"
NUMBERS = HERE / "numbers.tsv"
# Not a number: part of a name (p1, vancutsem_2016_esmo), and what a lesion or stage is called.
NUMBER = re.compile(r"(?<![\w.])(?<!lesion )(?<!lesions )(?<!stage )-?\d+(?:\.\d+)?(?:e[-+]?\d+)?(?!\w)")
LONGEST_ITEM = 44


class Shelf:
    """What is said of one case, sorted onto the two shelves as it is said."""

    def __init__(self, case: str) -> None:
        self.case = case
        self.lines: list[str] = []
        self.rows: list[tuple[str, str]] = []
        self.order: list[str] = []
        self._met: Counter[str] = Counter()

    def say(self, text: str, within: str = "") -> None:
        """One line; `within` names the part of the case it belongs to."""
        words, numbers = split(text)
        self.lines.append(words)
        if numbers:
            self.count(item_of(words, within), numbers)

    def count(self, item: str, numbers: Iterable[object]) -> None:
        """Numbers that stand in the table alone. An item that comes again is told apart, so that their order holds."""
        self._met[item] += 1
        again = f" #{self._met[item]}" if self._met[item] > 1 else ""
        self.rows.append((f"{item}{again}", " ".join(map(str, numbers))))

    @property
    def words(self) -> str:
        return "".join(f"{line}\n" for line in self.lines)


def verdict_words(one: Verdict) -> str:
    """Everything that a verdict says."""
    row = one.as_json()
    value, limit = (f"{row[key]:.10g}" if isinstance(row[key], float) else row[key] for key in ("value", "limit"))
    compared = " / ".join(str(number) for number in (value, limit) if number is not None)
    measured = f" [{compared}{f' {one.unit}' if one.unit else ''}]" if compared else ""
    assumed = f" assumed: {one.assumed}" if one.assumed else ""
    return f"{one.rule} {one.verdict}: {one.reason}{measured}{''.join(f' {source}' for source in one.sources)}{assumed}"


def split(text: str) -> tuple[str, list[str]]:
    """The words with a mark for every number, and the numbers."""
    return NUMBER.sub("{}", text), NUMBER.findall(text)


def item_of(words: str, within: str = "") -> str:
    """A short name of a sentence: its beginning, and a mark of the whole where it is cut."""
    text = " ".join(re.sub(r"(:? \{\})+$", "", words.strip()).split())
    if len(text) > LONGEST_ITEM:
        text = f"{text[:LONGEST_ITEM].rstrip()}… {mark_of(text)}"
    return f"{within} {text}".strip()


def table_of(shelves: Iterable[Shelf]) -> str:
    """The one table: case, item, numbers; sorted."""
    rows = sorted((shelf.case, *row) for shelf in shelves for row in shelf.rows)
    return "".join("\t".join(row) + "\n" for row in rows)


def mark_of(text: str) -> str:
    """A short mark of a text."""
    return f"x{crc32(text.encode()) & 0xFFFFF:05x}"  # begins with a letter: no mark looks like a figure


def order_of(shelves: Iterable[Shelf]) -> str:
    """In which order each case is told its pathways, and what to find out."""
    return "\n".join("".join(f"{line}\n" for line in (f"# {one.case}", *one.order)) for one in shelves)


def order_by_case(text: str) -> dict[str, list[str]]:
    """The order of each case."""
    parts = [part.splitlines() for part in text.split("\n\n")]
    return {first.removeprefix("# "): lines for first, *lines in parts}


def rows_by_case(table: str) -> dict[str, list[tuple[str, str]]]:
    """The rows of the table, by case."""
    found: dict[str, list[tuple[str, str]]] = {}
    for line in table.splitlines():
        case, item, numbers = line.split("\t")
        found.setdefault(case, []).append((item, numbers))
    return found
