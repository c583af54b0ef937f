"""One patient as one line: what is open, what closes the rest, the first pathway with its numbers, and what is not known.

A line is plain JSON. It names the file and the mark of everything that it stands on (the bytes of the file, figures and settings, version, options):
a line with the same mark is the same line, so that a run that was stopped goes on where it was.
"""

from __future__ import annotations

import gc
import hashlib
import json
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict
from functools import lru_cache
from pathlib import Path
from typing import Any

from pathways.case.loading import load_case
from pathways.documents.problems import DocumentError, PathwaysError
from pathways.knowledge.model import Protocol
from pathways.knowledge.protocols import knowledge, load_protocol
from pathways.planning.compare import compare
from pathways.planning.plan import Plan
from pathways.planning.plan import plan as make_plan
from pathways.planning.stamp import mark_of
from pathways.quick_dataclass import dataclass
from pathways.version import __version__

MARK_LENGTH = 24
SHARE, DAYS = 4, 1


@dataclass(frozen=True, slots=True)
class Asked:
    """What is asked of every patient: a plan under the one protocol, or how several protocols differ."""

    protocols: tuple[str, ...] = ("default",)
    strict: bool = False
    follow_up: bool = False
    objective: str | None = None
    compared: bool = False


def line_of(file: Path, asked: Asked) -> dict[str, Any]:
    """The line of one patient; of a file that cannot be read, what is wrong with it."""
    head = {"file": file.name, "mark": mark(file, asked), "version": __version__}
    try:
        case = load_case(file)
        protocols = [_protocol(name) for name in asked.protocols]
        if asked.compared:
            told = compare(case, protocols).as_json()
            del told["version"]
            return {"case": case.id, **head, **{key: value for key, value in told.items() if key != "case"}}
        made = make_plan(
            case, protocols[0], strict=asked.strict, follow_up=asked.follow_up, objective=asked.objective,  # type: ignore[arg-type]
        )  # fmt: skip
    except DocumentError as error:
        first, *more = error.problems
        return {"case": None, **head, "problem": f"{first}" + (f" (and {len(more)} more)" if more else "")}
    except PathwaysError as error:
        return {"case": None, **head, "problem": str(error)}
    return {"case": case.id, **head, **_planned(made)}


def lines_of(files: Sequence[Path], asked: Asked) -> list[dict[str, Any]]:
    """The lines of several patients; what one worker does at a time."""
    with _cleared_up_at_the_end():
        return [line_of(file, asked) for file in files]


@contextmanager
def _cleared_up_at_the_end() -> Iterator[None]:
    """What is no longer needed is looked for once, and only among what is new: a tenth of the time of a plan goes into looking."""
    wanted = gc.isenabled()
    gc.freeze()
    gc.disable()
    try:
        yield
    finally:
        gc.collect()
        gc.unfreeze()
        if wanted:
            gc.enable()


def mark(file: Path, asked: Asked) -> str:
    """The mark of a line: the same where nothing that it stands on has changed."""
    try:
        told = file.read_bytes()
    except OSError:
        told = b""
    figures = [_figures(name) for name in asked.protocols]
    text = json.dumps([file.name, __version__, figures, asdict(asked)], sort_keys=True)
    return hashlib.sha256(text.encode("utf-8") + b"\0" + told).hexdigest()[:MARK_LENGTH]


@lru_cache(maxsize=16)
def _figures(name: str) -> str:
    return mark_of(knowledge().parameters, _protocol(name))


@lru_cache(maxsize=16)
def _protocol(name: str) -> Protocol:
    return load_protocol(name)


def _planned(made: Plan) -> dict[str, Any]:
    first = made.pathways[0] if made.pathways else None
    unknown = {
        item
        for finding in made.assessment.findings
        if finding.verdict == "unknown"
        for item in ([one.item for one in finding.missing] or [finding.rule])
    }
    return {
        "protocol": made.assessment.protocol.id,
        "resectability": made.assessment.resectability,
        "liver_state": made.assessment.liver_state,
        "pathways": made.number_of_pathways,
        "curative": made.curative,
        "chances": made.chances,
        "open": list(made.open),
        "contingent": [one.family for one in made.contingent],
        "closed": {one.family: {"kind": one.kind, "rules": list(dict.fromkeys(v.rule for v in one.verdicts))} for one in made.closed},
        "first": None if first is None else _numbers(first.to_row()),
        "best_probability_resected": None if made.best_shown is None else round(float(made.best_shown.value), SHARE),
        "unknown": sorted(unknown),
    }  # fmt: skip


def _numbers(row: dict[str, Any]) -> dict[str, Any]:
    """The row of the first pathway with as many digits as anybody reads."""
    kept = {key: value for key, value in row.items() if key not in ("id", "pareto", "worse_than")}
    return {
        key: round(value, DAYS if "days" in key else SHARE) if isinstance(value, float) else value
        for key, value in kept.items()
    }
