"""`pathways protocol list|show|diff`."""

from __future__ import annotations

from typing import Annotated

import typer

from pathways.cli.output import console

app = typer.Typer(help="The shipped protocols and a centre's overlays.", no_args_is_help=True)
Name = Annotated[str, typer.Argument(metavar="NAME|FILE", help="A shipped protocol or an overlay file.")]


@app.command("list")
def list_protocols() -> None:
    """The shipped protocols."""
    from pathways.knowledge.protocols import knowledge
    from pathways.report.protocol_table import print_protocols

    print_protocols(knowledge().protocols.values(), console())


@app.command()
def show(protocol: Name) -> None:
    """Every setting of a protocol, with its reason and sources."""
    from pathways.knowledge.protocols import load_protocol
    from pathways.report.protocol_table import print_protocol

    print_protocol(load_protocol(protocol), console())


@app.command()
def diff(first: Name, second: Name) -> None:
    """Settings in which two protocols differ."""
    from pathways.knowledge.protocols import load_protocol
    from pathways.report.protocol_table import print_difference

    print_difference(load_protocol(first), load_protocol(second), console())
