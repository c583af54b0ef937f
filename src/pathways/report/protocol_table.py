"""Protocols on the terminal: the list, one in full, and the difference of two."""

from __future__ import annotations

from collections.abc import Iterable

from rich.console import Console
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from pathways.knowledge.model import Protocol, Setting
from pathways.report.cards import WIDE


def print_protocols(protocols: Iterable[Protocol], console: Console) -> None:
    """One line a protocol."""
    table = Table(box=None, pad_edge=False)
    for head in ("protocol", "title", "based on", "replaces"):
        table.add_column(head)
    for one in protocols:
        table.add_row(one.id, one.title, one.based_on or "", ", ".join(one.replaced))
    console.print(table)


def print_protocol(protocol: Protocol, console: Console) -> None:
    """Every setting with unit, certainty, reason and sources: a row each, or a few lines where the terminal is narrow."""
    if console.width < WIDE:
        _print_settings(protocol, console)
        return
    table = Table(title=f"{protocol.id}: {protocol.title}", title_justify="left", box=None, pad_edge=False)
    for head in ("setting", "value", "unit", "certainty", "why", "sources"):
        table.add_column(head, no_wrap=head == "setting")
    for setting in protocol.settings.values():
        mark = "* " if setting.key in protocol.replaced else ""
        sources = ", ".join(setting.sources)
        table.add_row(
            mark + setting.key, shown(setting), setting.unit, setting.confidence.replace("_", " "), setting.why, sources
        )
    console.print(table)


def _print_settings(protocol: Protocol, console: Console) -> None:
    console.print(Text(f"{protocol.id}: {protocol.title}", style="bold"))
    for setting in protocol.settings.values():
        mark = "* " if setting.key in protocol.replaced else ""
        value = f"{shown(setting)} {setting.unit}".strip()
        certainty = setting.confidence.replace("_", " ")
        console.print(Text.assemble((f"{mark}{setting.key}", "cyan"), f": {value} ", (f"({certainty})", "dim")))
        sources = f" [{', '.join(setting.sources)}]" if setting.sources else ""
        console.print(Padding(Text.assemble(setting.why, (sources, "dim")), (0, 0, 0, 2)))


def print_difference(first: Protocol, second: Protocol, console: Console) -> None:
    """The settings in which two protocols differ."""
    table = Table(box=None, pad_edge=False)
    for head in ("setting", first.id, second.id, f"why ({second.id})"):
        table.add_column(head)
    for key in differing(first, second):
        one, other = first.settings[key], second.settings[key]
        table.add_row(key, shown(one), shown(other), other.why)
    console.print(table if table.row_count else f"{first.id} and {second.id} do not differ")


def differing(first: Protocol, second: Protocol) -> list[str]:
    """Keys of the settings whose values differ."""
    return [key for key in first.settings if first.settings[key].value != second.settings[key].value]


def shown(setting: Setting) -> str:
    """The value as a person writes it."""
    if isinstance(setting.value, bool):
        return "yes" if setting.value else "no"
    if isinstance(setting.value, (list, tuple)):
        return ", ".join(setting.value)
    return f"{setting.value:g}" if isinstance(setting.value, float) else str(setting.value)
