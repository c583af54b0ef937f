"""Pathways by line of treatment, as a table: what is done one after the other, with the days on which it is planned."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from typing import Any

from pathways.planning.plan import Plan
from pathways.process.acts import TREATMENTS

COLUMNS = (
    "case",
    "protocol",
    "pathway",
    "title",
    "line",
    "treatment",
    "acts",
    "from_day",
    "to_day",
    "cleared",
    "mortality",
    "end",
)
# Told as a line though nothing is treated by it: what a pathway comes down to.
ALSO = frozenset({"care", "control", "surveillance", "observation"})


def rows(plan: Plan) -> Iterator[dict[str, Any]]:
    """A row a line of treatment of each pathway."""
    numbers = {row["id"]: row for row in plan.to_rows()}
    for one in plan.pathways:
        told = numbers[one.id]
        lines = [step for step in one.steps if step.kind == "decision" and step.acts & (TREATMENTS | ALSO)]
        for number, step in enumerate(lines, start=1):
            yield {
                "case": plan.assessment.case.id, "protocol": plan.assessment.protocol.id, "pathway": one.id, "title": one.title, "line": number,
                "treatment": step.title, "acts": " ".join(sorted(step.acts)), "from_day": step.since, "to_day": step.day,
                "cleared": _share(told["cleared"]), "mortality": _share(told["mortality"]), "end": one.end,
            }  # fmt: skip


def _share(value: float | None) -> float | str:
    return "" if value is None else round(value, 4)


def lines_csv(plan: Plan) -> str:
    """The table as CSV."""
    out = io.StringIO(newline="")
    writer = csv.DictWriter(out, COLUMNS, lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows(plan))
    return out.getvalue()
