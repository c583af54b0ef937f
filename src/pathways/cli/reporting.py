"""The page of a case, and what changed between two files or two saved plans."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import typer

from pathways.cli.output import console, print_json, read_case, write
from pathways.documents.problems import PathwaysError

# A saved plan with every pathway of a large case has some megabytes.
LARGEST_PLAN = 32 * 1024 * 1024


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


def diff(
    old: Annotated[Path, typer.Argument(metavar="OLD", help="A case file, or a saved plan (plan --json).")],
    new: Annotated[Path, typer.Argument(metavar="NEW", help="Another of the same kind.")],
    protocol: Annotated[
        str,
        typer.Option(
            "--protocol", metavar="NAME|FILE", help="What both cases are judged under; saved plans bring theirs."
        ),
    ] = "default",
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON document.")] = False,
) -> None:
    """What changed between OLD and NEW, and what it turned round: two case files, or two saved plans with their figures."""
    from pathways.knowledge.protocols import load_protocol
    from pathways.planning.diff import diff_cases, diff_plans

    plans = [_saved_plan(one) for one in (old, new)]
    if (plans[0] is None) != (plans[1] is None):
        saved, other = (old, new) if plans[0] is not None else (new, old)
        raise PathwaysError(f"{other}: no saved plan, and {saved} is one; accepted: two case files, or two saved plans")
    if plans[0] is not None and plans[1] is not None:
        found = diff_plans(plans[0], plans[1])
    else:
        found = diff_cases(read_case(old, quiet=as_json), read_case(new, quiet=as_json), load_protocol(protocol))
    if as_json:
        print_json(found.as_json())
        return
    from pathways.report.diff_table import print_diff

    print_diff(found, console())


def _saved_plan(file: Path) -> dict[str, Any] | None:
    """The document of `plan --json` in `file`; None where it is something else, which is then read as a case."""
    import json

    try:
        if file.stat().st_size > LARGEST_PLAN:
            return None
        document = json.loads(file.read_bytes())
    except (OSError, ValueError, RecursionError):
        return None
    if not isinstance(document, dict) or "pathways" not in document:
        return None
    wrong = _not_a_plan(document)
    if wrong:
        raise PathwaysError(f"{file}: no document of plan --json: {wrong}")
    return document


def _not_a_plan(document: dict[str, Any]) -> str:
    """What a document lacks to be that of a plan."""
    for key, needed in (("pathways", ("title", "families")), ("contingent", ("family",)), ("closed", ("family",))):
        rows = document.get(key)
        if not isinstance(rows, list) or not all(
            isinstance(one, dict) and all(part in one for part in needed) for one in rows
        ):
            return f"{key}: accepted: a list of mappings with {' and '.join(needed)}"
    if not all(isinstance(one["title"], str) and isinstance(one["families"], list) for one in document["pathways"]):
        return "pathways: accepted: titles as text, families as lists"
    names = [one["family"] for key in ("contingent", "closed") for one in document[key]]
    names += [family for one in document["pathways"] for family in one["families"]]
    if not all(isinstance(one, str) for one in names):
        return "accepted: families as text"
    figures = document.get("figures", {})
    return "" if isinstance(figures, dict) else "figures: accepted: a mapping"
