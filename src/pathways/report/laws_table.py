"""Laws on the terminal."""

from __future__ import annotations

from collections.abc import Sequence

from rich.console import Console
from rich.padding import Padding
from rich.text import Text

from pathways.laws.judging import Judged
from pathways.report.words import NOTICE


def print_laws(found: Sequence[Judged], console: Console) -> None:
    """Prints every law with what it was held against, and of a broken one the first neighbour that is answered the wrong way."""
    console.print(Text("laws", style="bold"))
    for one in found:
        mark, style = ("+", "green") if one.holds else ("x", "red")
        console.print(
            Padding(
                Text.assemble((f"{mark} ", style), (one.law.id, "cyan"), f"  {one.law.sentence} {_counts(one)}"),
                (0, 0, 0, 2),
            )
        )
        for breach in one.breaches[:1]:
            strict = " (strict)" if breach.strict else ""
            words = f"{breach.case}, {breach.neighbour.words}{strict}: {breach.words}"
            console.print(Padding(Text(words), (0, 0, 0, 5)))
        if one.breaches and one.law.not_yet:
            console.print(Padding(Text(f"known, not mended yet: {one.law.not_yet}"), (0, 0, 0, 5)))
    console.print(Text(f"\n{NOTICE}", style="italic"))


def _counts(one: Judged) -> str:
    if not one.compared:
        return "(nothing to compare)"
    excepted = "".join(f", {count} by {rule}" for rule, count in one.exceptions.items())
    return f"({one.compared} compared, {one.empty} empty, {len(one.breaches)} broken{excepted})"
