"""The map of pathways: a tree on the terminal, or drawn for other tools."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from pathways.cli.output import console, print_json, read_case, write
from pathways.documents.problems import PathwaysError, nearest

FORMATS = ("svg", "mermaid", "dot", "graphml", "json")


def pathway_map(
    case: Annotated[Path, typer.Argument(metavar="CASE", help="A case file (YAML).")],
    to: Annotated[str | None, typer.Option("--to", metavar="FORMAT", help=f"{', '.join(FORMATS)}.")] = None,
    protocol: Annotated[
        str, typer.Option("--protocol", metavar="NAME|FILE", help="A shipped protocol or a centre's overlay file.")
    ] = "default",
    every: Annotated[bool, typer.Option("--all", help="The whole tree, however long it is.")] = False,
    strict: Annotated[
        bool, typer.Option("--strict", help="Assume nothing: what is not told is read at its bad end or refused.")
    ] = False,
    follow_up: Annotated[
        bool, typer.Option("--follow-up", help="Go on after clearance: follow-up and recurrence.")
    ] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON document.")] = False,
    output: Annotated[
        Path | None, typer.Option("-o", "--output", metavar="FILE", help="Write to FILE instead.")
    ] = None,
) -> None:
    """The map of CASE: what all its pathways share, where they part and meet, and which decision cannot be taken back."""
    from pathways.knowledge.protocols import load_protocol
    from pathways.planning.pathway_map import map_of
    from pathways.planning.plan import plan

    if to is not None and to not in FORMATS:
        raise PathwaysError(f'--to: got "{to}"; accepted: {", ".join(FORMATS)}{nearest(to, FORMATS)}')
    if output is not None and to is None and not as_json:
        raise PathwaysError(
            f"--output: the tree is for the terminal; accepted: --output with --to {', '.join(FORMATS)}"
        )
    made = map_of(
        plan(
            read_case(case, quiet=as_json or to is not None),
            load_protocol(protocol),
            strict=strict,
            follow_up=follow_up,
        )
    )
    if as_json or to == "json":
        if output is None:
            print_json(made.as_json())
            return
        import json

        write(json.dumps(made.as_json(), ensure_ascii=False, indent=2) + "\n", output)
        return
    if to is None:
        from pathways.report.map_tree import print_map

        print_map(made, console(), every=every)
        return
    from pathways.interchange import maps

    writers = {"mermaid": maps.mermaid, "dot": maps.dot, "graphml": maps.graphml, "svg": maps.svg}
    write(writers[to](made), output)
