"""Cases written as tables, in the columns of the dictionary."""

from __future__ import annotations

import csv
from pathlib import Path
from typing import Any

from pathways.case.models import Case
from pathways.interchange.readers.tables.columns import TABLES, accepted, keys_in


def written(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, (list, tuple)):
        return ";".join(map(written, value)) or "none"
    return str(value).lower() if isinstance(value, bool) else str(value)


def rows_of(case: Case) -> dict[str, list[dict[str, str]]]:
    """The rows of one case, by table; what is left at its default is an empty cell."""
    told = case.model_dump(mode="json", exclude_unset=True)
    found: dict[str, list[dict[str, str]]] = {}
    for table in TABLES:
        if not table.path:
            row = {
                "id": case.id,
                "title": written(told.get("title")),
                "extrahepatic": "no" if case.extrahepatic == () else "",
                "liver_cleared": "" if case.lesions else "yes",
            }
            for name, part, key in keys_in(table):
                inside = told.get(part, {})
                row[name] = written(
                    inside.get("segments_ml", {}).get(name[8]) if key.kind.what == "mapping" else inside.get(key.name)
                )
                if key.kind.what == "list" and inside.get(key.name) == [] and not key.kind.empty:
                    row[name] = ""
            found[table.name] = [row]
            continue
        entries: Any = told
        for part in table.path:
            entries = (entries or {}).get(part, {})
        found[table.name] = [
            {"id": case.id, **{name: written(one.get(key.name)) for name, _, key in keys_in(table)}}
            for one in entries or ()
        ]
    return found


def write_tables(cases: list[Case], folder: Path, separator: str = ",") -> list[Path]:
    """The tables of these cases; a table without a row is not written."""
    files = []
    for table in TABLES:
        rows = [row for case in cases for row in rows_of(case)[table.name]]
        if rows:
            file = folder / f"{table.name}.csv"
            with file.open("w", encoding="utf-8", newline="") as stream:
                writer = csv.DictWriter(stream, accepted(table), delimiter=separator, restval="")
                writer.writeheader()
                writer.writerows(rows)
            files.append(file)
    return files
