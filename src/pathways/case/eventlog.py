"""Recorded courses as an event log: CSV or Parquet with one row an event, or XES with one trace a course.

A row (or event) names its course, the case file beside the log, the event and when it was, and may carry every key of a course
event. Where dates are told, day 0 is the first of the course, or what a row that tells both says. What other programs write beside is
passed over in one note, and a course that cannot be used is told without silencing the others.
"""

from __future__ import annotations

import gzip
import re
import zlib
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path as FilePath
from typing import IO, Any

from pathways.case.course import Course
from pathways.case.eventlogs.columns import KEYS
from pathways.case.eventlogs.rows import Log, Record, refused
from pathways.case.eventlogs.table import read_csv, read_parquet
from pathways.case.eventlogs.times import in_days
from pathways.case.eventlogs.xes import read_xes
from pathways.case.loading import case_beside, course_from, load_course
from pathways.documents.files import STANDARD_INPUT, bytes_of
from pathways.documents.problems import DocumentError, PathwaysError, shown
from pathways.documents.reader import SIZE_LIMIT, Document, Path
from pathways.quick_dataclass import dataclass

MOST_BYTES = 64 * SIZE_LIMIT
READERS = {".csv": read_csv, ".xes": read_xes, ".parquet": read_parquet}
PACKED = ".gz"
FORMATS = (".yaml", ".yml", ".csv", ".xes", ".xes.gz", ".csv.gz", ".parquet")
LISTS = ("segments", "removes", "partial")
WHOLE = ("day", "until_day", "session", "cycles")
NUMBERS = ("fraction", "ml")
YES_OR_NO = {"true": True, "false": False, "1": True, "0": False, "1.0": True, "0.0": False}
# One segment of a list: 5, 5.0, S8, IVa, 5-8, right_liver. What holds words with spaces is understood as a whole.
ONE_SEGMENT = re.compile(r"\S*[\d_]\S*|[ivIV]+[ab]?")
BRACKETS = "[](){}"


@dataclass(frozen=True)
class Read:
    """One course of a log: what was recorded, or why it cannot be used."""

    name: str
    course: Course | None = None
    problem: DocumentError | None = None


@dataclass(frozen=True)
class Reading:
    """How logs are read: a hospital's own names of columns, and the folder of the cases where they do not stand beside the log."""

    own: Mapping[str, str]
    cases: FilePath | None = None


AS_THEY_ARE = Reading({})


def read_log(path: str | FilePath, how: Reading = AS_THEY_ARE) -> tuple[list[Read], list[str]]:
    """Every course in the file at `path`, and what is to be said of the file. Raises DocumentError where nothing of it can be used."""
    file = FilePath(path)
    suffixes = "".join(file.suffixes[-2:]).lower() if file.suffix.lower() == PACKED else file.suffix.lower()
    if suffixes in (".yaml", ".yml") or str(path) == STANDARD_INPUT:
        return [Read(file.name, load_course(file, cases=how.cases))], []
    if suffixes not in FORMATS:
        raise refused(str(path), f"not a kind of record that can be read; accepted: {', '.join(FORMATS)}")
    log = Log(FilePath(path))
    READERS[suffixes.removesuffix(PACKED)](log, _bytes(file), how.own)
    read = [_one(log, record, how.cases) for record in log.records]
    return read, [*log.notes, *(f"{log.name}: {note}" for record in log.records for note in record.notes)]


def courses_in(path: str | FilePath) -> Iterator[tuple[str, Course]]:
    """Every course in the file at `path` with its name; the cases are loaded. Raises DocumentError with places."""
    read, _ = read_log(path)
    problems = [problem for one in read if one.problem for problem in one.problem.problems]
    if problems:
        raise DocumentError(problems)
    for one in read:
        assert one.course is not None
        yield one.name, one.course


def load_courses(paths: list[FilePath], how: Reading = AS_THEY_ARE) -> Iterator[tuple[list[Read], list[str]]]:
    """What `read_log` says of each of `paths`; a file of which nothing can be used is one course that cannot."""
    if not paths:
        raise PathwaysError("no course named; accepted: files of " + ", ".join(FORMATS))
    for path in paths:
        try:
            yield read_log(path, how)
        except DocumentError as error:
            yield [Read(str(path), problem=error)], []


def _bytes(file: FilePath) -> bytes:
    """What the file holds, unpacked. The limit is of what comes out: a small file may be packed from a large one."""
    try:
        packed = file.suffix.lower() == PACKED
        raw = bytes_of(file, MOST_BYTES + 1, _unpacked if packed else lambda stream: stream)
    except (gzip.BadGzipFile, EOFError, zlib.error):
        raise refused(str(file), "not a whole file that gzip has packed") from None
    except OSError as error:
        reason = (error.strerror or str(error)).lower()
        raise refused(str(file), f"cannot be read: {reason}") from None
    except ValueError as error:
        raise refused(shown(str(file)), f"is no file name: {error}") from None
    if len(raw) > MOST_BYTES:
        raise refused(str(file), f"larger than {MOST_BYTES // 1024 // 1024} MiB; split the log")
    return raw


def _unpacked(stream: IO[bytes]) -> IO[bytes]:
    return gzip.GzipFile(fileobj=stream)  # type: ignore[return-value]


def _one(log: Log, record: Record, cases: FilePath | None) -> Read:
    """The course of a record, or what is wrong with it."""
    name = record.name or f"trace in line {record.place[0]}"
    in_days(log.name, record)
    if record.problems:
        return Read(name, problem=DocumentError(record.problems))
    try:
        return Read(name, _course(log, record, cases))
    except DocumentError as error:
        return Read(name, problem=error)


def _course(log: Log, record: Record, cases: FilePath | None) -> Course:
    """The course of a record, validated as one from YAML would be."""
    places: dict[Path, tuple[int, int]] = {(): record.place, ("events",): record.place, ("case",): record.place}
    events = []
    for index, row in enumerate(record.rows):
        places["events", index] = (row.line, 1)
        event: dict[str, Any] = {}
        for key, text in row.values.items():
            if key in KEYS:
                place = (row.line, row.columns.get(key, 1))
                places["events", index, key] = place
                event[key] = _value(key, text)
                if isinstance(event[key], tuple):
                    places.update({("events", index, key, number): place for number in range(len(event[key]))})
        events.append(event)
    document = Document(log.name, {"schema": 1, "case": record.case, "events": tuple(events)}, places, {})
    course = course_from(document)
    accepted = "the name of a case file beside the log"
    return course.model_copy(update={"case": case_beside(log.file, record.case, document, accepted, cases)})


def _value(key: str, text: str) -> Any:
    """A cell as the value it stands for; what cannot be read stays text, for the validation to complain about."""
    if key in LISTS:
        return _list(text)
    if key in WHOLE:
        return _number(re.sub(r"^(\d+),0$", r"\1", text))
    if key in NUMBERS:
        # A comma in a fraction is the decimal mark; in ml it may part thousands.
        return _read(float, re.sub(r"^0,(\d+)$", r"0.\1", text) if key == "fraction" else text)
    if key == "diagnostic":
        return YES_OR_NO.get(text.lower(), text)
    return text


def _list(text: str) -> Any:
    """The segments of a cell: with spaces, commas or semicolons between, in brackets or not; words are understood as a whole."""
    inner = text.strip().strip(BRACKETS).strip()
    parts = [part.strip("'\"") for part in re.split(r"[\s,;]+", inner) if part]
    if parts and all(ONE_SEGMENT.fullmatch(part) for part in parts):
        return tuple(_number(part) for part in parts)
    return inner or ()


def _number(text: str) -> Any:
    """A whole number, also as a column with a gap is written (4.0); anything else stays what it is."""
    whole = _read(int, text)
    value = _read(float, text) if isinstance(whole, str) else whole
    return int(value) if isinstance(value, float) and value.is_integer() else value


def _read(kind: Callable[[str], Any], text: str) -> Any:
    try:
        return kind(text)
    except (ValueError, OverflowError):
        return text
