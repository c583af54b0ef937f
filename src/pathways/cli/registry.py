"""A folder of cases in one command: `pathways plan FOLDER` and `pathways compare FOLDER`."""

from __future__ import annotations

import json
import os
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from pathways.cli.output import print_json, say, show, show_json
from pathways.documents.problems import PathwaysError
from pathways.documents.visible import visible
from pathways.quick_dataclass import dataclass

if TYPE_CHECKING:
    from pathways.registry.lines import Asked
    from pathways.registry.summary import Summary

Line = dict[str, Any]

JsonLines = Annotated[bool, typer.Option("--json-lines", help="Of a folder: one JSON object a patient, one a line.")]
Workers = Annotated[
    int | None,
    typer.Option(
        "--workers", min=1, max=64, metavar="N", help="Of a folder: how many processes; one a core unless told."
    ),
]
Output = Annotated[
    Path | None,
    typer.Option(
        "-o",
        "--output",
        metavar="FILE",
        help="Of a folder: a .jsonl, .csv or .parquet file (extra `cohort`); a stopped run goes on.",
    ),
]


def is_many(case: Path, *, json_lines: bool, output: Path | None) -> bool:
    """Whether a folder is meant, or a case to be told as one line."""
    return os.path.isdir(case) or json_lines or output is not None  # noqa: PTH112


def refuse(**options: object) -> None:
    """Options that are of one case."""
    for name, given in options.items():
        if given:
            raise PathwaysError(f"--{name}: is of one case; accepted: without it for a folder, --json-lines or -o")


@dataclass(frozen=True)
class Shown:
    """How the lines of a folder are shown: each as it comes as JSON, all in one document, in a file, or in words."""

    json_lines: bool = False
    as_json: bool = False
    output: Path | None = None

    def line(self, line: Line) -> None:
        """One patient."""
        if self.json_lines:
            show_json(json.dumps(line, ensure_ascii=False) + "\n")
        elif not self.as_json and self.output is None:
            show(f"{_in_words(line)}\n")
        if "problem" in line:
            say(line["problem"])

    def whole(self, lines: list[Line], summary: Summary) -> None:
        """What there is to say of all of them."""
        if self.as_json:
            print_json({"patients": lines, "summary": summary.as_json()})
        else:
            for words in summary.lines():
                (say if self.json_lines else _show_line)(words)
        if self.output is not None:
            say(f"{self.output} is written: {len(lines)} patients")


def many(folder: Path, asked: Asked, shown: Shown, workers: int | None) -> None:
    """Every case of a folder to a line, with a summary. Status 2 where a file cannot be used."""
    from pathways.registry import tables
    from pathways.registry.running import Kept, cases_in, run, workers_for
    from pathways.registry.summary import Summary

    cases = cases_in(folder) if os.path.isdir(folder) else [folder]  # noqa: PTH112
    output = shown.output
    if output is not None:
        tables.can_be_written(output)
    summary, lines = Summary(), []
    kept = Kept(output) if output is not None else None
    whole = False
    try:
        for line in run(
            cases, asked, workers_for(len(cases), workers), kept, _progress() if sys.stderr.isatty() else None
        ):
            summary.take(line)
            shown.line(line)
            lines.append(line)
        if output is not None:
            tables.write(lines, output)
        whole = True
    finally:
        if kept is not None:
            kept.leave(whole=whole)
            if not whole and kept.number:
                say(f"{kept.number} patients more are kept in {kept.place}; the same command goes on from there")
    shown.whole(lines, summary)
    if summary.problems:
        raise typer.Exit(2)


def _show_line(words: str) -> None:
    show(f"{words}\n")


def _in_words(line: Line) -> str:
    """A patient in one line for a person."""
    name = str(line["case"] or line["file"])
    if "problem" in line:
        return f"{name:<24} cannot be used"
    if "differences" in line:
        told = ", ".join(
            f"{one['family']} {one['before']} -> {one['after']} ({one['protocol']})" for one in line["differences"]
        )
        return f"{name:<24} {told or 'no difference'}"
    first = line["first"]
    title = first["title"] if first else "no pathway"
    return f"{name:<24} {line['resectability'].replace('_', ' ')}: {title}{_cleared(line)}"


def _cleared(line: Line) -> str:
    """How often the first pathway clears the liver."""
    first = line["first"]
    if first and first["cleared"] is not None:
        return f", cleared {first['cleared']:.0%}"
    return ", cleared: no figure" if line["curative"] and line["chances"] == "borrowed" else ""


def _progress() -> Callable[[int, int], None]:
    """Counts patients on standard error, and says how long it may still take."""
    begun = time.perf_counter()

    def shown(done: int, of: int) -> None:
        left = (time.perf_counter() - begun) / done * (of - done)
        end = "\n" if done == of else ""
        words = f"\r{done} of {of} patients, about {left:.0f} s left   "
        print(visible(words, keep="\r"), end=end, file=sys.stderr, flush=True)

    return shown
