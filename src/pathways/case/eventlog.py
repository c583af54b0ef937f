"""Recorded courses as an event log: CSV with one row an event, or XES with one trace a course.

A row (or event) names its course, the case file beside the log, the event and its day, and may carry every key of a course
event. Lists are written with spaces between. In XES the day may also be told as a date: day 0 is the first date of the trace.
"""

from __future__ import annotations

import csv
import datetime as dt
import difflib
import io
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path as FilePath
from typing import Any
from xml.parsers import expat

from pathways.case.course import Course, CourseEvent
from pathways.case.loading import course_from, load_case, load_course
from pathways.documents.problems import DocumentError, PathwaysError, Problem, same_word, shown
from pathways.documents.reader import SIZE_LIMIT, Document, Path, is_file

MOST_BYTES = 64 * SIZE_LIMIT
FORMATS = (".yaml", ".yml", ".csv", ".xes")
# Columns of process mining that mean the same.
SAME_AS = {"case:concept:name": "course", "concept:name": "event", "time:timestamp": "date", "case:case": "case"}
PASSED_OVER = ("lifecycle:transition", "org:resource", "date")
# The columns in which pandas and pm4py number the rows, and how they write that a cell holds nothing.
INDEX = re.compile(r"|Unnamed: \d+|@@\w+")
MISSING = ("nan", "nat", "none", "<na>", "null")
LISTS = ("segments", "removes", "partial")
WHOLE = ("day", "until_day", "session", "cycles")
NUMBERS = ("fraction", "ml")
KEYS = tuple(name for name in CourseEvent.model_fields)


@dataclass
class _Record:
    """One course of a log while it is read: rows of (line, column of each key, values)."""

    name: str
    case: str = ""
    place: tuple[int, int] = (1, 1)
    rows: list[tuple[int, dict[str, int], dict[str, str]]] = field(default_factory=list)


def courses_in(path: str | FilePath) -> Iterator[tuple[str, Course]]:
    """Every course in the file at `path` with its name; the cases are loaded. Raises DocumentError with places."""
    file = FilePath(path)
    suffix = file.suffix.lower()
    if suffix in (".yaml", ".yml"):
        yield file.name, load_course(file)
        return
    if suffix not in FORMATS:
        message = f"not a kind of record that can be read; accepted: {', '.join(FORMATS)}"
        raise DocumentError([Problem(str(path), 1, 1, "", message)])
    records = _rows_of_csv(str(path), _text(file)) if suffix == ".csv" else _rows_of_xes(str(path), _bytes(file))
    for record in records:
        yield record.name, _course(str(path), file.parent, record)


def _bytes(file: FilePath) -> bytes:
    try:
        with file.open("rb") as stream:
            raw = stream.read(MOST_BYTES + 1)
    except OSError as error:
        reason = (error.strerror or str(error)).lower()
        raise DocumentError([Problem(str(file), 1, 1, "", f"cannot be read: {reason}")]) from None
    except ValueError as error:
        raise DocumentError([Problem(shown(str(file)), 1, 1, "", f"is no file name: {error}")]) from None
    if len(raw) > MOST_BYTES:
        raise DocumentError(
            [Problem(str(file), 1, 1, "", f"larger than {MOST_BYTES // 1024 // 1024} MiB; split the log")]
        )
    return raw


def _text(file: FilePath) -> str:
    raw = _bytes(file)
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = raw.count(b"\n", 0, error.start) + 1
        column = error.start - raw.rfind(b"\n", 0, error.start)
        message = f"byte {raw[error.start]:#04x} is not UTF-8 text; save the file as UTF-8"
        raise DocumentError([Problem(str(file), line, column, "", message)]) from None


def _rows_of_csv(name: str, text: str) -> list[_Record]:
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=_separator(text))
    try:
        header = [SAME_AS.get(one.strip(), one.strip()) for one in next(reader, [])]
        if header:
            _known(name, 1, header)
        records: dict[str, _Record] = {}
        for row in reader:
            line = reader.line_num
            if not any(cell.strip() for cell in row):
                continue
            if len(row) > len(header):
                message = f"{len(row)} cells, but the first line names {len(header)} columns"
                raise DocumentError([Problem(name, line, len(header) + 1, "", message)])
            cells = {key: cell.strip() for key, cell in zip(header, row, strict=False) if not INDEX.fullmatch(key)}
            values = {key: cell for key, cell in cells.items() if cell and cell.lower() not in MISSING}
            course = values.pop("course", "")
            if not course:
                raise DocumentError([Problem(name, line, 1, "course", "the required column is missing or empty")])
            record = records.setdefault(course, _Record(course, place=(line, 1)))
            record.case = values.pop("case", "") or record.case
            columns = {key: place for place, key in enumerate(header, start=1)}
            record.rows.append((line, columns, values))
    except csv.Error as error:
        raise DocumentError([Problem(name, reader.line_num or 1, 1, "", f"not valid CSV: {error}")]) from None
    if not records:
        raise DocumentError(
            [
                Problem(
                    name, 1, 1, "", "the log holds no event; the first line names the columns course, case, event, day"
                )
            ]
        )
    for record in records.values():
        _dates_to_days(name, record)
    return list(records.values())


def _separator(text: str) -> str:
    """What stands between the columns that the first line names: spreadsheets write semicolons or tabs as well."""
    first = text.partition("\n")[0]
    return max(",;\t", key=first.count)


def _known(name: str, line: int, columns: list[str]) -> None:
    accepted = ("course", "case", *KEYS, *PASSED_OVER)
    twice = [
        Problem(
            name, line, place, key, f"this column stands in column {columns.index(key) + 1} already; accepted: once"
        )
        for place, key in enumerate(columns, start=1)
        if columns.index(key) + 1 < place and key in accepted
    ]
    wrong = [
        Problem(
            name,
            line,
            place,
            key,
            f"unknown column {shown(key)}; accepted: {', '.join(accepted)}{same_word(key, accepted)}",
        )
        for place, key in enumerate(columns, start=1)
        if key not in accepted and not INDEX.fullmatch(key)
    ]
    missing = [
        Problem(name, line, 1, key, "the required column is missing")
        for key in ("course", "case", "event")
        if key not in columns
    ]
    if wrong or missing or twice:
        raise DocumentError([*wrong, *twice, *missing])


def _rows_of_xes(name: str, raw: bytes) -> list[_Record]:
    """Traces of an XES document, in the encoding that its first line names."""
    reader = _Xes(name)
    try:
        reader.parser.Parse(raw, True)
    except expat.ExpatError as error:
        words = f"not valid XML: {expat.ErrorString(error.code)}"
        raise DocumentError([Problem(name, error.lineno, error.offset + 1, "", words)]) from None
    except (LookupError, ValueError):
        # The parser asks Python for an encoding that it does not know itself, and Python may not know it, or not as letters.
        message = f"the encoding {shown(reader.encoding)} cannot be read; save the log as UTF-8 and name UTF-8 in its first line"
        raise DocumentError([Problem(name, 1, 1, "", message)]) from None
    if not reader.records:
        raise DocumentError([Problem(name, 1, 1, "", "the log holds no trace")])
    if reader.mistyped:
        raise DocumentError(reader.mistyped)
    for record in reader.records:
        _dates_to_days(name, record)
    return reader.records


class _Xes:
    """Handlers for the parser. A document type is refused: it could name entities without end."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.records: list[_Record] = []
        self.stack: list[str] = []
        self.event: dict[str, str] = {}
        self.mistyped: list[Problem] = []
        self.encoding = "UTF-8"
        self.parser = expat.ParserCreate()
        self.parser.XmlDeclHandler = self.declared
        self.parser.StartDoctypeDeclHandler = self.refuse
        self.parser.StartElementHandler = self.start
        self.parser.EndElementHandler = self.end

    def declared(self, _version: str, encoding: str | None, _standalone: int) -> None:
        self.encoding = encoding or self.encoding

    def refuse(self, *_: Any) -> None:
        message = "a document type is not accepted in an event log; delete the line"
        raise DocumentError([Problem(self.name, self.parser.CurrentLineNumber, 1, "", message)])

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        tag = tag.rpartition(":")[2]
        inside = self.stack[-1] if self.stack else ""
        self.stack.append(tag)
        if tag == "trace":
            place = (self.parser.CurrentLineNumber, self.parser.CurrentColumnNumber + 1)
            self.records.append(_Record("", place=place))
        elif tag == "event":
            self.event = {}
        elif inside == "event" and {"key", "value"} <= attributes.keys():
            self.event[SAME_AS.get(attributes["key"], attributes["key"])] = attributes["value"]
        elif inside == "trace" and {"key", "value"} <= attributes.keys():
            _of_trace(self.records[-1], attributes["key"], attributes["value"])

    def end(self, tag: str) -> None:
        if tag.rpartition(":")[2] == "event" and self.records:
            line = self.parser.CurrentLineNumber
            kept = {key: value for key, value in self.event.items() if key in KEYS or key == "date"}
            kept = {key: value for key, value in kept.items() if value.strip().lower() not in ("", *MISSING)}
            self.mistyped += [
                Problem(self.name, line, 1, key, f"unknown key {shown(key)}{same_word(key, KEYS)}")
                for key in self.event
                if key not in kept
                and key not in KEYS
                and difflib.get_close_matches(key.lower(), KEYS, n=1, cutoff=0.85)
            ]
            self.records[-1].rows.append((line, dict.fromkeys(kept, 1), kept))
        self.stack.pop()


def _of_trace(record: _Record, key: str, value: str) -> None:
    if key == "concept:name":
        record.name = value
    elif key == "case":
        record.case = value


def _dates_to_days(name: str, record: _Record) -> None:
    """Days for events that tell a date and no day; day 0 is the first date of the trace."""
    dated = [row for row in record.rows if "date" in row[2] and "day" not in row[2]]
    for line, columns, values in dated:
        if not _is_date(values["date"]):
            message = f"got {shown(values['date'])}; accepted: a date as in 2024-05-01T00:00:00+00:00"
            raise DocumentError([Problem(name, line, columns.get("date", 1), "time:timestamp", message)])
    dates = [dt.datetime.fromisoformat(values["date"]).date() for _, _, values in dated]
    for (_, _, values), date in zip(dated, dates, strict=True):
        values["day"] = str((date - min(dates)).days)


def _is_date(text: str) -> bool:
    try:
        dt.datetime.fromisoformat(text)
    except ValueError:
        return False
    return True


def _course(name: str, folder: FilePath, record: _Record) -> Course:
    """The course of a record, validated as one from YAML would be."""
    places: dict[Path, tuple[int, int]] = {(): record.place, ("events",): record.place, ("case",): record.place}
    events = []
    for index, (line, columns, values) in enumerate(record.rows):
        places["events", index] = (line, 1)
        event: dict[str, Any] = {}
        for key, text in values.items():
            if key in KEYS:
                places["events", index, key] = (line, columns.get(key, 1))
                event[key] = _value(key, text)
                if isinstance(event[key], tuple):
                    places.update(
                        {("events", index, key, place): (line, columns.get(key, 1)) for place in range(len(event[key]))}
                    )
        events.append(event)
    document = Document(name, {"schema": 1, "case": record.case, "events": tuple(events)}, places, {})
    course = course_from(document)
    beside = folder / record.case
    if not record.case or not is_file(beside):
        message = f"got {shown(record.case)}; accepted: the name of a case file beside the log"
        raise DocumentError([Problem(name, *record.place, "case", message)])
    return course.model_copy(update={"case": load_case(beside)})


def _value(key: str, text: str) -> Any:
    """A cell as the value it stands for; what cannot be read stays text, for the validation to complain about."""
    if key in LISTS:
        return tuple(_number(part) for part in text.replace(",", " ").split())
    if key in WHOLE:
        return _number(text)
    if key in NUMBERS:
        return _read(float, text)
    if key == "diagnostic":
        return {"true": True, "false": False}.get(text.lower(), text)
    return text


def _number(text: str) -> Any:
    """A whole number, also as a column with a gap is written (4.0); anything else stays what it is."""
    whole = _read(int, text)
    return _read(float, text) if isinstance(whole, str) else whole


def _read(kind: Callable[[str], Any], text: str) -> Any:
    try:
        return kind(text)
    except ValueError:
        return text


def load_courses(paths: list[FilePath]) -> Iterator[tuple[str, Course]]:
    """Every course in `paths`, in order."""
    if not paths:
        raise PathwaysError("no course named; accepted: files of " + ", ".join(FORMATS))
    for path in paths:
        yield from courses_in(path)
