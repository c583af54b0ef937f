"""The page of a case, and what changed between two files or two saved plans."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from pathways.cli.output import read_case, write
from pathways.documents.problems import PathwaysError


def report(
    case: Annotated[Path, typer.Argument(metavar="CASE", help="A case file (YAML).")],
    output: Annotated[Path, typer.Option("-o", "--output", metavar="FILE", help="The page (.html); - prints it.")],
    pathway: Annotated[
        list[str] | None, typer.Option("--pathway", metavar="pN|all", help="A sheet of its own for this pathway.")
    ] = None,
    protocol: Annotated[
        str, typer.Option("--protocol", metavar="NAME|FILE", help="A shipped protocol or a centre's overlay file.")
    ] = "default",
    compare: Annotated[
        str | None, typer.Option("--compare", metavar="PROTOCOL", help="A sheet that lays this protocol beside it.")
    ] = None,
    top: Annotated[
        int, typer.Option("--top", min=0, metavar="N", help="How many pathways the plan holds; 0 for every one.")
    ] = 10,
    strict: Annotated[
        bool, typer.Option("--strict", help="Assume nothing: what is not told is read at its bad end or refused.")
    ] = False,
) -> None:
    """One self-contained page of CASE to print: all pathways, the pathways asked for, the map. It opens offline."""
    from pathways.knowledge.protocols import load_protocol
    from pathways.planning.plan import plan
    from pathways.report.page import report as make

    if str(output) != "-" and output.suffix.lower() not in (".html", ".htm"):
        raise PathwaysError(f'--output: got "{output.name}"; accepted: a name that ends in .html')
    against = load_protocol(compare) if compare is not None else None
    judged_by = load_protocol(protocol)
    if against is not None and against.id == judged_by.id:
        raise PathwaysError(f"--compare: {against.id} is the protocol of the page; accepted: another one")
    made = plan(read_case(case, quiet=True), judged_by, top=top, strict=strict)
    write(make(made, wanted=pathway or (), against=against), output)
