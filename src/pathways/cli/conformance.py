"""`pathways check` and `pathways audit`."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from pathways.cli.output import console, print_json, progress, read_case, say, say_understood

if TYPE_CHECKING:
    from pathways.case.models import Case
    from pathways.knowledge.model import Protocol
    from pathways.laws.judging import Judged

ProtocolName = Annotated[
    str, typer.Option("--protocol", metavar="NAME|FILE", help="A shipped protocol or a centre's overlay file.")
]


def check(
    files: Annotated[list[Path], typer.Argument(metavar="CASE...", help="Case files (YAML).")],
    protocol: ProtocolName = "default",
    strict: Annotated[bool, typer.Option("--strict", help="Treat unknown as refused instead of assuming.")] = False,
    follow_up: Annotated[
        bool, typer.Option("--follow-up", help="Go on after clearance: follow-up and recurrence.")
    ] = False,
    laws: Annotated[
        bool, typer.Option("--laws", help="Hold the laws against each case too: neighbours with one thing changed.")
    ] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON document.")] = False,
) -> None:
    """Proves the properties on the whole graph of each CASE. Status 1 if one is broken, with a shortest route that breaks it.

    With --laws also: the case and its neighbours (a key less, a lesion more, a limit stricter) must be answered in the right direction.
    """
    from pathways.conformance.proof import prove, structure
    from pathways.graph.explore import explore
    from pathways.knowledge.protocols import load_protocol
    from pathways.report.conformance_table import print_checks

    judged_by = load_protocol(protocol)
    cases = [read_case(file) for file in files]
    found = []
    for case in progress(cases, "checked"):
        graph = explore(case, judged_by, strict=strict, follow_up=follow_up)
        found.append((case.id, graph, prove(graph), structure(graph)))
    judged = [_laws(case, judged_by) for case in progress(cases, "held against the laws")] if laws else []
    if as_json:
        print_json({
            "cases": [
                {"case": name, "states": len(graph.states), "edges": graph.number_of_edges,
                 "properties": [one.as_json() for one in proved], "structure": [one.as_json() for one in shape]}
                for name, graph, proved, shape in found
            ],
            **({"laws": [one.as_json() for one in _together(judged)]} if laws else {}),
        })  # fmt: skip
    else:
        print_checks(found, console(), every=not laws)
        if laws:
            from pathways.report.laws_table import print_laws

            print_laws(_together(judged), console())
    if (
        any(one.counter_example for _, _, proved, _ in found for one in proved)
        or any(one.fault for *_, shape in found for one in shape)
        or any(not one.holds for case in judged for one in case)
    ):
        raise typer.Exit(1)


def _laws(case: Case, protocol: Protocol) -> list[Judged]:
    from pathways.laws.judging import hold_against

    return hold_against(case, protocol)


def _together(judged: list[list[Judged]]) -> list[Judged]:
    from pathways.laws.judging import together

    return list(together(judged).values())


def audit(
    files: Annotated[
        list[Path],
        typer.Argument(metavar="COURSE...", help="Recorded courses: YAML, or event logs as CSV, XES or Parquet."),
    ],
    protocol: ProtocolName = "default",
    columns: Annotated[
        list[str] | None,
        typer.Option(
            "--map",
            metavar="COLUMN=KEY",
            help="Of a log: a column in a hospital's own words, as in Zyklen=cycles; KEY - passes it over.",
        ),
    ] = None,
    cases: Annotated[
        Path | None,
        typer.Option(
            "--cases", metavar="DIR", help="Where the case files stand that are named; beside each COURSE unless told."
        ),
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON document.")] = False,
) -> None:
    """Recorded courses against the properties: each event allowed, a deviation, or unknown. Status 1 if one deviates, 2 if one cannot be read."""
    from pathways.case.eventlog import Reading, load_courses
    from pathways.case.eventlogs.columns import mapping_of
    from pathways.conformance.audit import audit as judge
    from pathways.conformance.audit import summary
    from pathways.knowledge.protocols import load_protocol
    from pathways.report.conformance_table import print_audits

    judged_by = load_protocol(protocol)
    found, wrong = [], 0
    for courses, notes in load_courses(files, Reading(mapping_of(columns or []), cases)):
        for note in notes:
            say(note)
        for one in progress(courses, "audited"):
            if one.course is None:
                wrong += 1
                say(str(one.problem))
                continue
            course = one.course
            say_understood(
                one.name, (*course.understood, *(course.case.understood if not isinstance(course.case, str) else ()))
            )
            found.append(judge(course, judged_by, one.name))
    if as_json and (found or not wrong):
        print_json({"courses": [one.as_json() for one in found], "summary": summary(found)})
    elif found:
        print_audits(found, summary(found), console())
    _ended(sum(not one.conforms for one in found), wrong, len(found) + wrong)


def _ended(deviating: int, wrong: int, number: int) -> None:
    """Says how many deviate and how many cannot be judged; ends with a status that is not 0 where any does."""
    if deviating:
        say(f"{deviating} of {number - wrong} courses deviate")
    if 0 < wrong < number:
        say(f"{wrong} of {number} courses cannot be judged, see above")
    if wrong or deviating:
        raise typer.Exit(2 if wrong else 1)
