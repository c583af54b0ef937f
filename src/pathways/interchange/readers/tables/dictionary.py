"""The dictionary of the tables, generated from the models of a case: as a table of its own, and as REDCap imports one."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Sequence
from typing import Any

from pydantic import BaseModel
from pydantic.fields import FieldInfo

from pathways.case.examples_of_keys import EXAMPLES
from pathways.case.models import FOR_THE_RECORD
from pathways.case.schema import UNITS
from pathways.interchange.readers.tables.columns import CLEARED, ELSEWHERE, TABLES, TODAY, Table, keys_in
from pathways.ward.kinds import Key, lineage, units_of
from pathways.ward.words_listed import words_of

HEADER = ("table", "column", "meaning", "unit", "kind", "accepted", "required", "example")
REDCAP = (
    "Variable / Field Name", "Form Name", "Section Header", "Field Type", "Field Label", "Choices, Calculations, OR Slider Labels", "Field Note",
    "Text Validation Type OR Show Slider Number", "Text Validation Min", "Text Validation Max", "Identifier?", "Branching Logic (Show field only if...)",
    "Required Field?", "Custom Alignment", "Question Number (surveys only)", "Matrix Group Name", "Matrix Ranking?", "Field Annotation",
)  # fmt: skip
# Lists in which nothing is a statement: that there is none.
NONE = "none"
REQUIRED = {"patients": ("id",), "lesions": ("id", "lesion_segments")}


def dictionary() -> str:
    """Every column of every table, as CSV."""
    return _csv(HEADER, _rows())


def redcap() -> str:
    """The same as a data dictionary of REDCap; every form but the first is meant to repeat."""
    return _csv(REDCAP, _fields())


def _csv(header: Sequence[str], rows: Iterator[Sequence[str]]) -> str:
    out = io.StringIO(newline="")
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(header)
    writer.writerows(rows)
    return out.getvalue()


def _rows() -> Iterator[Sequence[str]]:
    for table in TABLES:
        whose = "the patient" if not table.path else "whose row it is, as in the table of patients"
        yield (table.name, "id", f"a short name of {whose}: letters, digits, . _ -", "", "text", "", "yes", "A17")
        if not table.path:
            yield (table.name, "title", "one line for lists", "", "text", "", "", "")
            yield (
                table.name,
                TODAY,
                "the day on which the patient is described, where other tables tell dates",
                "",
                "date",
                "2024-05-31 or 31.05.2024",
                "",
                "2024-05-31",
            )
            yield (
                table.name,
                ELSEWHERE,
                "whether there is disease outside liver and primary; no: looked for and not found",
                "",
                "yes or no",
                "yes no",
                "",
                "no",
            )
            yield (
                table.name,
                CLEARED,
                "whether a treatment of the history has cleared the liver, so that no lesion has a row",
                "",
                "yes or no",
                "yes no",
                "",
                "no",
            )
        for name in table.dated:
            yield (
                table.name,
                f"{table.prefix}{name}",
                f"in place of {_week(name)}, with today in the table of patients",
                "",
                "date",
                "2024-05-31 or 31.05.2024",
                "",
                "2024-03-01",
            )
        for name, part, key in keys_in(table):
            info = _info(table, part, key)
            kind, words, low, high = _kind(key, info)
            accepted = " ".join(words) if words else _range(low, high)
            needed = "yes" if name in REQUIRED.get(table.name, ()) or (table.path and key.required) else ""
            yield (table.name, name, _meaning(info), _unit(key), kind, accepted, needed, _example(table, part, key))


def _week(name: str) -> str:
    return "week" if name == "date" else "until_week"


def _meaning(info: FieldInfo) -> str:
    return (info.description or "").removesuffix(FOR_THE_RECORD)


def _info(table: Table, part: str, key: Key) -> FieldInfo:
    model = dict(table.models)[part]
    return next(info for name, info in model.model_fields.items() if (info.alias or name) == key.name)


def _unit(key: Key) -> str:
    if key.kind.what == "mapping":
        return UNITS["ml"]
    return next((UNITS[unit] for unit in units_of(key.name) if unit in UNITS and key.name.endswith(unit)), "")


def _kind(key: Key, info: FieldInfo) -> tuple[str, tuple[str, ...], float | None, float | None]:
    """What a column holds, the words it accepts, and the range of its numbers."""
    kind = key.kind
    if kind.what == "list" and kind.item is not None:
        item = kind.item
        none = (NONE,) if kind.empty and info.default is None else ()
        if item.what == "word":
            return "words, with ; between", (*words_of(item.vocabulary), *none), None, None
        regions = words_of(item.vocabulary) if item.vocabulary else ()
        return "segments, with ; between", (*map(str, range(1, 9)), *regions), None, None
    if kind.what == "word":
        return "word", words_of(kind.vocabulary), None, None
    if kind.what == "yes_no":
        return "yes or no", (), None, None
    if kind.what == "mapping":
        return "number", (), None, None
    if kind.what == "number":
        return ("whole number" if kind.whole else "number"), (), *_bounds(info)
    return "text", (), None, None


def _bounds(info: FieldInfo) -> tuple[float | None, float | None]:
    low = next((getattr(one, name) for one in info.metadata for name in ("ge", "gt") if hasattr(one, name)), None)
    high = next((getattr(one, name) for one in info.metadata for name in ("le", "lt") if hasattr(one, name)), None)
    return low, high


def _range(low: float | None, high: float | None) -> str:
    return "" if low is None or high is None else f"{low:g} to {high:.10g}"


def _example(table: Table, part: str, key: Key) -> str:
    if key.kind.what == "mapping":
        return "110"
    model: type[BaseModel] = dict(table.models)[part]
    found: Any = next((EXAMPLES[name][key.name] for name in lineage(model) if key.name in EXAMPLES.get(name, {})), "")
    if isinstance(found, tuple):
        found = found[0]
    if isinstance(found, list):
        return ";".join(map(str, found)) or NONE
    return str(found).lower() if isinstance(found, bool) else str(found)


# --- REDCap -----------------------------------------------------------------------------------------------------------


def _fields() -> Iterator[Sequence[str]]:
    for table in TABLES:
        if not table.path:
            yield _field("record_id", table, "text", "short name of the patient")
            yield _field(TODAY, table, "text", "the day on which the patient is described", validation="date_ymd")
            yield _field(
                ELSEWHERE, table, "yesno", "disease outside liver and primary", note="no: looked for and not found"
            )
            yield _field(
                CLEARED,
                table,
                "yesno",
                "liver cleared before today",
                note="yes: no lesion is left, and the history tells by what",
            )
        for name in table.dated:
            yield _field(
                f"{table.prefix}{name}", table, "text", f"date, in place of {_week(name)}", validation="date_ymd"
            )
        for name, part, key in keys_in(table):
            info = _info(table, part, key)
            kind, words, low, high = _kind(key, info)
            unit = _unit(key)
            choices = " | ".join(f"{one}, {one.replace('_', ' ')}" for one in words)
            what = {"word": "dropdown", "yes or no": "yesno"}.get(kind, "checkbox" if words else "text")
            number = {"number": "number", "whole number": "integer"}.get(kind, "")
            # REDCap knows only bounds that are allowed themselves: one that is not is left to the import.
            least, most = _allowed(info, low, high) if number else ("", "")
            label = f"{_meaning(info)}" + (f" ({unit})" if unit and unit not in _meaning(info) else "")
            yield _field(name.lower(), table, what, label, choices=choices, validation=number, least=least, most=most)


def _allowed(info: FieldInfo, low: float | None, high: float | None) -> tuple[str, str]:
    least = "" if low is None or any(hasattr(one, "gt") for one in info.metadata) else f"{low:g}"
    most = "" if high is None or any(hasattr(one, "lt") for one in info.metadata) else f"{high:.10g}"
    return least, most


def _field(
    name: str,
    table: Table,
    what: str,
    label: str,
    *,
    choices: str = "",
    note: str = "",
    validation: str = "",
    least: str = "",
    most: str = "",
) -> Sequence[str]:
    return (name, table.name, "", what, label, choices, note, validation, least, most, *[""] * 8)
