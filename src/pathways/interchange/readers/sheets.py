"""Tables as they come: CSV with any of the usual separators, and sheets of an .xlsx file; every cell is text, with its place.

Decides what a number in such a table is. A comma is a decimal mark where semicolons or tabs part the columns; what may part thousands as well
is refused, because 1.500 ml and 1,500 ml are a thousand apart.
"""

from __future__ import annotations

import csv
import datetime as dt
import io
import math
import re
import zipfile
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import field
from pathlib import Path
from typing import Any

from pathways.case.eventlogs.table import decoded
from pathways.documents.extras import needs
from pathways.documents.files import bytes_of, name_of
from pathways.documents.problems import DocumentError, PathwaysError, Problem, shown
from pathways.quick_dataclass import dataclass

MOST_BYTES = 64 * 1024 * 1024
MOST_UNPACKED = 512 * 1024 * 1024
MOST_ROWS = 200_000
MISSING = frozenset({"", "nan", "nat", "<na>", "null", "#n/a"})
# How Python writes that there is nothing; in small letters it is a word of a table: that there is none.
MISSING_IN_PYTHON = "None"
NUMBER = re.compile(r"[+-]?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?")
COMMA = re.compile(r"[+-]?\d+,\d+")
# Three digits after one mark: in one country a thousand, in another a part of one.
THOUSANDS = re.compile(r"[+-]?[1-9]\d{0,2}(?:[.,]\d{3})+")


@dataclass
class Sheet:
    """One table: its file (and sheet), its header, and its rows with their lines, each as long as the header."""

    file: str
    name: str
    header: list[str]
    rows: list[tuple[int, list[str]]] = field(default_factory=list)
    commas: bool = False

    def problem(self, line: int, column: int, message: str, key: str = "") -> Problem:
        """A complaint about one cell; columns count from 0."""
        return Problem(self.file, line, column + 1, key or self.header[column], message)


def number(text: str, sheet: Sheet) -> float | None:
    """The number in a cell; None where it holds none, or one that can be read in two ways."""
    text = text.strip()
    if sheet.commas and COMMA.fullmatch(text):
        return None if THOUSANDS.fullmatch(text) else float(text.replace(",", "."))
    found = float(text) if NUMBER.fullmatch(text) else None
    return found if found is not None and math.isfinite(found) else None


def told(text: str) -> bool:
    """Whether a cell holds something."""
    return text.strip() != MISSING_IN_PYTHON and text.strip().casefold() not in MISSING


def read_table(file: Path) -> list[Sheet]:
    """Every sheet of a file: one of a CSV, those of an .xlsx with anything in them. Raises DocumentError."""
    suffix = file.suffix.casefold()
    if suffix in (".xlsx", ".xlsm"):
        return read_xlsx(file)
    if suffix in (".csv", ".tsv", ".txt") or str(file) == "-":
        return [read_csv(file)]
    raise DocumentError(
        [Problem(name_of(file), 1, 1, "", "not a kind of table that can be read; accepted: .csv, .tsv, .xlsx")]
    )


def read_csv(file: Path) -> Sheet:
    """The table in a CSV file."""
    name = name_of(file)
    text = decoded(name, _bytes(file))
    separator = _separator(text)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator)
    try:
        header = [one.strip() for one in next(reader, [])]
        sheet = Sheet(name, file.stem, header)
        if not any(header):
            raise DocumentError([Problem(name, 1, 1, "", "the first line names no columns")])
        for row in reader:
            _add(sheet, reader.line_num, row)
        # Written where a comma stands before decimals: anywhere in the table, in a cell of its own.
        sheet.commas = separator != "," and any(COMMA.fullmatch(one.strip()) for _, row in sheet.rows for one in row)
    except csv.Error as error:
        raise DocumentError([Problem(name, reader.line_num or 1, 1, "", f"not valid CSV: {error}")]) from None
    return sheet


def _separator(text: str) -> str:
    """What stands between the columns that the first line names, outside of quotation marks."""
    first = re.sub(r'"[^"]*"', "", text.partition("\n")[0])
    return max(",;\t", key=first.count)


def _add(sheet: Sheet, line: int, row: Sequence[str]) -> None:
    if not any(told(one) for one in row):
        return
    width = len(sheet.header)
    if any(told(one) for one in row[width:]):
        message = f"{len(row)} cells, but the first line names {width} columns (a separator too much?)"
        raise DocumentError([Problem(sheet.file, line, width + 1, "", message)])
    # What a hand left out at the end is not told.
    sheet.rows.append((line, [*row[:width], *[""] * (width - len(row))]))
    if len(sheet.rows) > MOST_ROWS:
        raise DocumentError([Problem(sheet.file, line, 1, "", f"more than {MOST_ROWS:,} rows; split the table")])


def read_xlsx(file: Path) -> list[Sheet]:
    """The sheets of an .xlsx file, in their order."""
    try:
        from openpyxl import load_workbook
        from openpyxl.utils.exceptions import InvalidFileException
    except ImportError:
        raise needs(f"{name_of(file)} (.xlsx)", "sheets", "; a .csv file needs nothing") from None
    raw = io.BytesIO(_bytes(file))
    try:
        with zipfile.ZipFile(raw) as packed:
            small = sum(one.file_size for one in packed.infolist()) <= MOST_UNPACKED
        book = load_workbook(raw, read_only=True, data_only=True) if small else None
        found = [
            sheet
            for one in (book.worksheets if book else ())
            for sheet in _sheet(name_of(file), one.title, one.iter_rows(values_only=True))
        ]
    except DocumentError:
        raise
    except (
        InvalidFileException,
        OSError,
        ValueError,
        KeyError,
        TypeError,
        EOFError,
        SyntaxError,
        zipfile.BadZipFile,
    ) as error:
        words = " ".join(str(error).split())[:100]
        raise DocumentError(
            [Problem(name_of(file), 1, 1, "", f"not an .xlsx file that can be read: {words}")]
        ) from None
    if not small:
        message = f"unpacks to more than {MOST_UNPACKED // 1024 // 1024} MiB; save it as .csv"
        raise DocumentError([Problem(name_of(file), 1, 1, "", message)])
    if not found:
        raise DocumentError([Problem(name_of(file), 1, 1, "", "no sheet holds anything")])
    return found


def _sheet(file: str, title: str, rows: Iterable[Sequence[Any]]) -> Iterator[Sheet]:
    """One sheet, if it holds anything; its name stands beside that of the file."""
    sheet: Sheet | None = None
    for line, row in enumerate(rows, start=1):
        cells = [cell(one) for one in row]
        if sheet is None:
            if any(told(one) for one in cells):
                while cells and not told(cells[-1]):
                    cells.pop()
                sheet = Sheet(f"{file}[{title}]", title, [one.strip() for one in cells])
        else:
            _add(sheet, line, cells)
    if sheet is not None:
        yield sheet


def cell(value: Any) -> str:
    """A cell of a sheet as text: a date as one, whole numbers without a point."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, dt.datetime):
        return value.date().isoformat() if value.time() == dt.time() else value.isoformat(sep=" ")
    if isinstance(value, (dt.date, dt.time)):
        return value.isoformat()
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() and abs(value) < 1e15 else repr(value)  # noqa: PLR2004
    return str(value)


def _bytes(file: Path) -> bytes:
    try:
        raw = bytes_of(file, MOST_BYTES + 1)
    except OSError as error:
        reason = (error.strerror or str(error)).lower()
        raise DocumentError([Problem(name_of(file), 1, 1, "", f"cannot be read: {reason}")]) from None
    except ValueError as error:
        raise PathwaysError(f"{shown(str(file))}: is no file name: {error}") from None
    if len(raw) > MOST_BYTES:
        raise DocumentError(
            [Problem(name_of(file), 1, 1, "", f"larger than {MOST_BYTES // 1024 // 1024} MiB; split it")]
        )
    return raw
