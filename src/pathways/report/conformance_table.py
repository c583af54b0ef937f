"""Proofs and audits on the terminal."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from rich.console import Console
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from pathways.conformance.audit import Audit, Row
from pathways.conformance.proof import CounterExample, Proved, Structure
from pathways.graph.explore import Graph
from pathways.report.words import NOTICE

MARK = {"allowed": ("+", "green"), "deviation": ("x", "red"), "unknown": ("?", "yellow")}


def print_checks(
    found: Sequence[tuple[str, Graph, Sequence[Proved], Sequence[Structure]]], console: Console, *, every: bool = True
) -> None:
    """Prints what was proved: for one case every property (if `every`), for several the broken ones and a line each."""
    for name, graph, proved, shape in found:
        broken = [one for one in proved if one.counter_example]
        size = f"{len(graph.states)} states, {graph.number_of_edges} steps"
        line = f"{len(proved) - len(broken)} of {len(proved)} properties proved on every route"
        console.print(Text.assemble((f"{name}: ", "bold"), f"{line} ({size})"))
        for one in proved:
            if (every and len(found) == 1) or one.counter_example:
                console.print(Padding(_property(one), (0, 0, 0, 2)))
            if one.counter_example:
                console.print(Padding(_route(one.counter_example), (0, 0, 0, 5)))
        for check in shape:
            if check.fault:
                console.print(Padding(Text(f"x {check.id}  {check.sentence} Not so {check.fault}"), (0, 0, 0, 2)))
    if every:
        console.print(Text(f"\n{NOTICE}", style="italic"))


def _property(one: Proved) -> Text:
    mark, style = ("x", "red") if one.counter_example else ("+", "green")
    return Text.assemble((f"{mark} ", style), (one.id, "cyan"), f"  {one.sentence}")


def _route(example: CounterExample) -> Text:
    over = "" if example.excess is None else f" ({example.excess:g} {example.unit} over)"
    steps = " → ".join(f"{name.replace('_', ' ')} (day {day})" for name, day in example.steps)
    return Text(f"{example.words}{over}; the shortest route there: {steps}")


def print_audits(found: Sequence[Audit], summed: dict[str, Any], console: Console) -> None:
    """Prints every row that is not allowed, course by course, and the summary."""
    for one in found:
        untold = sum(row.verdict == "unknown" for row in one.rows)
        number = len(one.deviations)
        words = "no deviation found" if one.conforms else "1 deviation" if number == 1 else f"{number} deviations"
        words += f", {untold} not told by the record" if untold else ""
        console.print(Text.assemble((f"{one.course}: ", "bold"), (words, "green" if one.conforms else "red")))
        table = Table(box=None, pad_edge=False, show_header=False)
        for _ in range(4):
            table.add_column()
        for row in one.rows:
            if row.verdict != "allowed":
                table.add_row(*_cells(row))
        if table.row_count:
            console.print(Padding(table, (0, 0, 0, 2)))
    if len(found) > 1:
        _summary(summed, console)
    console.print(Text(f"\n{NOTICE}", style="italic"))


def _cells(row: Row) -> tuple[Text, Text, Text, Text]:
    mark, style = MARK[row.verdict]
    day = "" if row.day is None else f"day {row.day}"
    over = "" if row.excess is None else f" ({row.excess:g} {row.unit} over)"
    return (
        Text(f"{mark} {day}", style=style),
        Text(row.event.replace("_", " ")),
        Text(row.property or "", style="cyan"),
        Text(f"{row.words}{over}"),
    )


def _summary(summed: dict[str, Any], console: Console) -> None:
    share = summed["share_conforming"]
    console.print(
        Text(
            f"\n{summed['conforming']} of {summed['courses']} courses without a deviation ({share:.0%}); what a record does not tell is no deviation",
            style="bold",
        )
    )
    for title, key in (("Deviations, most frequent first", "deviations"), ("Not told by the records", "unknown")):
        if summed[key]:
            console.print(Text(title, style="bold"))
            for one in summed[key]:
                console.print(Padding(Text(f"{one['count']:4} {one['property']}"), (0, 0, 0, 2)))
