"""Logs as tables: CSV with any of the usual separators, and Parquet as pandas writes it."""

from __future__ import annotations

import codecs
import csv
import io
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from pathways.case.eventlogs.columns import INDEX, Names
from pathways.case.eventlogs.rows import Log, Record, Row, refused, told
from pathways.documents.extras import needs
from pathways.documents.problems import DocumentError, Problem

REQUIRED = ("course", "case", "event")
NO_EVENT = "the log holds no event; the first line names the columns course, case, event, day"
MOST_ROWS = 2_000_000


def read_csv(log: Log, raw: bytes, own: Mapping[str, str]) -> None:
    """The rows of a CSV file."""
    text = decoded(log.name, raw)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=_separator(text))
    try:
        header = [one.strip() for one in next(reader, [])]
        if not header:
            raise refused(log.name, NO_EVENT)
        _read(log, header, ((reader.line_num, row) for row in reader), own)
    except csv.Error as error:
        raise refused(log.name, f"not valid CSV: {error}", line=reader.line_num or 1) from None


def decoded(file: str, raw: bytes) -> str:
    """`raw` as text: UTF-8, or UTF-16 where its first bytes say so."""
    if raw.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        try:
            return raw.decode("utf-16")
        except UnicodeDecodeError:
            raise refused(file, "not valid UTF-16 text; save the file as UTF-8") from None
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = raw.count(b"\n", 0, error.start) + 1
        column = error.start - raw.rfind(b"\n", 0, error.start)
        message = f"byte {raw[error.start]:#04x} is not UTF-8 text; save the file as UTF-8"
        raise refused(file, message, line=line, column=column) from None


def _separator(text: str) -> str:
    """What stands between the columns that the first line names: spreadsheets write semicolons or tabs as well."""
    first = text.partition("\n")[0]
    return max(",;\t", key=first.count)


def read_parquet(log: Log, raw: bytes, own: Mapping[str, str]) -> None:
    """The rows of a Parquet file, as text; lists and dates as a CSV would hold them."""
    try:
        import pyarrow as pa
        from pyarrow import parquet
    except ImportError:
        raise needs("a Parquet log", "cohort") from None
    try:
        file = parquet.ParquetFile(pa.BufferReader(raw))
        if file.metadata.num_rows > MOST_ROWS:
            raise refused(log.name, f"more than {MOST_ROWS:,} rows; split the log")
        names = [str(one) for one in file.schema_arrow.names]
        table = file.read([name for name in names if not INDEX.fullmatch(name)])
        rows = [[cell(row[name]) for name in table.schema.names] for row in table.to_pylist()]
        header = list(table.schema.names)
    except (pa.ArrowException, OSError, ValueError, OverflowError) as error:
        words = " ".join(str(error).split())[:120]
        raise refused(log.name, f"not valid Parquet: {words}") from None
    _read(log, header, enumerate(rows, start=2), own)


def cell(value: Any) -> str:
    """A value of a table as the text that a CSV would hold."""
    if value is None:
        return ""
    if isinstance(value, (list, tuple)):
        return " ".join(cell(one) for one in value)
    return str(value).lower() if isinstance(value, bool) else str(value)


def _read(log: Log, header: Sequence[str], rows: Iterable[tuple[int, Sequence[str]]], own: Mapping[str, str]) -> None:
    names = Names(log.name, own)
    columns = _Columns(log.name, names, header)
    records: dict[str, Record] = {}
    for line, row in rows:
        if not any(one.strip() for one in row):
            continue
        if len(row) > len(header):
            message = f"{len(row)} cells, but the first line names {len(header)} columns"
            raise refused(log.name, message, line=line, column=len(header) + 1)
        values = columns.values(line, row)
        course = values.pop("course", "")
        if not course:
            raise refused(log.name, "the required column is missing or empty", line=line, key="course")
        record = records.setdefault(course, Record(course, place=(line, 1)))
        case = values.pop("case", "")
        record.belongs_to(log.name, case, line, columns.places.get("case", 1))
        record.rows.append(Row(line, dict(columns.places), values))
    if not records:
        raise refused(log.name, NO_EVENT)
    log.records += records.values()
    log.notes += names.note()


class _Columns:
    """Which column tells which key. A key told by two names is read where both say the same in every row."""

    def __init__(self, file: str, names: Names, header: Sequence[str]) -> None:
        self.file = file
        self.header = header
        self.keys = [names.key(name, 1, place) for place, name in enumerate(header, start=1)]
        self.places: dict[str, int] = {}
        twice: list[Problem] = []
        for place, key in enumerate(self.keys, start=1):
            first = self.places.setdefault(key, place) if key else place
            if first != place and header[first - 1] == header[place - 1]:
                twice.append(self._twice(key or "", place, first))
        missing = [
            Problem(
                file,
                1,
                1,
                key,
                f"the required column is missing; --map COLUMN={key} reads one that is called otherwise",
            )
            for key in REQUIRED
            if key not in self.places
        ]
        if names.problems or missing or twice:
            raise DocumentError([*names.problems, *twice, *missing])

    def _twice(self, key: str, place: int, first: int, line: int = 0) -> Problem:
        told_apart = f"; they differ in line {line}" if line else ""
        message = f"this column stands in column {first} already; accepted: once{told_apart}"
        return Problem(self.file, 1, place, key, message)

    def values(self, line: int, row: Sequence[str]) -> dict[str, str]:
        """What a row tells under each key."""
        found: dict[str, str] = {}
        for place, (key, text) in enumerate(zip(self.keys, row, strict=False), start=1):
            if key is None or not told(text):
                continue
            if found.setdefault(key, text.strip()) != text.strip():
                raise DocumentError([self._twice(key, place, self.places[key], line)])
        return found
