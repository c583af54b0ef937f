"""What changed between two files and what it turned round, on the terminal."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from rich.console import Console
from rich.padding import Padding
from rich.text import Text

from pathways.documents.visible import printable
from pathways.messages.catalogue import called, say
from pathways.messages.naming import family_words
from pathways.planning.diff import Changed, Difference
from pathways.planning.plan import ALL_FAMILIES
from pathways.report.life import ratio_words
from pathways.report.words import NOTICE

LONGEST = 60
NUMBERS_SHOWN = 6


def print_diff(found: Difference, console: Console) -> None:
    """Prints a difference: what changed, which figures, which families turned, what comes first now, which numbers moved."""
    old, new = (printable(str(one.get("case", ""))) for one in (found.old, found.new))
    console.print(Text(say("diff.heading", old=old, new=new), style="bold"))
    if not found.anything:
        console.print(Text(say("diff.nothing")))
    _listed(say("diff.changed"), (_change(one) for one in found.changed), console)
    _listed(say("diff.figures"), (_change(one) for one in found.figures), console)
    _listed(say("diff.settings"), (_change(one) for one in found.settings), console)
    _listed(
        say("diff.turned"),
        (
            say(
                "diff.family_by",
                family=_family(one.family),
                old=_standing(one.old),
                new=_standing(one.new),
                keys=", ".join(one.by),
            )
            if one.by
            else say("diff.family", family=_family(one.family), old=_standing(one.old), new=_standing(one.new))
            for one in found.families
        ),
        console,
    )
    before, after = found.first
    if before != after:
        _listed(
            say("diff.first"),
            [say("diff.change", key=say("diff.pathway"), old=_shown(before), new=_shown(after))],
            console,
        )
    _listed(
        say("diff.numbers"),
        (
            say("diff.number", pathway=printable(one.title), what=called("number", one.what), old=one.old, new=one.new)
            for one in found.moved[:NUMBERS_SHOWN]
        ),
        console,
    )
    if len(found.moved) > NUMBERS_SHOWN:
        console.print(Padding(Text(say("diff.more", number=len(found.moved) - NUMBERS_SHOWN)), (0, 0, 0, 2)))
    _listed(
        say("diff.drivers"),
        (
            say("diff.driver", factor=printable(one.factor), old=_driver(one.old), new=_driver(one.new))
            for one in found.driven
        ),
        console,
    )
    console.print(Text(f"\n{NOTICE}", style="italic"))


def _listed(heading: str, lines: Iterable[str], console: Console) -> None:
    told = list(lines)
    if told:
        console.print(Text(f"\n{heading}", style="bold"))
        for line in told:
            console.print(Padding(Text(line), (0, 0, 0, 2)))


def _change(one: Changed) -> str:
    return say("diff.change", key=printable(one.key), old=_shown(one.old), new=_shown(one.new))


def _shown(value: object) -> str:
    if value is None:
        return say("diff.not_told")
    text = printable(str(value))
    return text if len(text) <= LONGEST else f"{text[: LONGEST - 1]}…"


def _driver(one: Mapping[str, Any] | None) -> str:
    if one is None:
        return say("diff.not_told")
    ratios, value = printable(ratio_words(one)), printable(str(one.get("value", "")))
    return say("diff.driver_told", value=value, ratios=ratios) if ratios else value


def _family(family: str) -> str:
    return family_words(family) if family in ALL_FAMILIES else printable(family)


def _standing(standing: str) -> str:
    known = ("open", "contingent", "not_needed", "does_not_apply", "barred")
    return called("standing", standing) if standing in known else printable(standing)
