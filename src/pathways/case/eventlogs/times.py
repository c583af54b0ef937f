"""When things happened: dates to days, starts and ends to intervals, and what a life cycle says was never done."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator

from pathways.case.eventlogs.rows import Record, Row, count_of
from pathways.documents.problems import Problem, shown
from pathways.words import LASTING

EXCEL_BEGINS = dt.datetime(1899, 12, 30)  # noqa: DTZ001 - a sheet knows no time zone
# Serial days of a sheet from 1954 to 2119; shorter numbers are days of a course.
EXCEL = re.compile(r"[2-7]\d{4}(?:[.,]\d+)?")
GERMAN = re.compile(r"(\d{1,2})\.(\d{1,2})\.(\d{4})(?:[ T,]+(\d{1,2}):(\d{2})(?::(\d{2}))?)?(?: Uhr)?")
YEAR_FIRST = re.compile(r"(\d{4})[/.](\d{1,2})[/.](\d{1,2})")
SLASHES = re.compile(r"\d{1,2}/\d{1,2}/\d{2,4}.*")
LIKE_A_DATE = re.compile(r"\d{1,4}[-./]\d{1,2}[-./]\d{1,4}")
EPOCH = re.compile(r"\d{9,}(?:\.\d+)?")
A_DATE = "accepted: a date as in 2024-05-01 or 2024-05-01T00:00:00+00:00"
OF_DATES = {"date": "time:timestamp", "start": "start_timestamp", "until_date": "until_date"}

BEGUN = frozenset({"start"})
DONE = frozenset({"complete", "unknown", ""})
ABORTED = frozenset({"ate_abort", "pi_abort", "abort"})
NEVER_DONE = frozenset({"schedule", "assign", "reassign", "withdraw", "autoskip", "manualskip"})
ON_THE_WAY = frozenset({"suspend", "resume"})
LIFECYCLE = ("start", "complete", "unknown", *sorted(ABORTED), *sorted(NEVER_DONE), *sorted(ON_THE_WAY))


def date_of(text: str) -> dt.datetime | None:
    """The date that a cell holds; None where it holds none, or one that can be read in two ways."""
    text = text.strip()
    if EXCEL.fullmatch(text):
        return EXCEL_BEGINS + dt.timedelta(days=float(text.replace(",", ".")))
    german, year_first = GERMAN.fullmatch(text), YEAR_FIRST.match(text)
    try:
        if german:
            day, month, year, hour, minute, second = (int(one or 0) for one in german.groups())
            return dt.datetime(year, month, day, hour, minute, second)  # noqa: DTZ001 - as it was written
        if year_first:
            return dt.datetime(int(year_first[1]), int(year_first[2]), int(year_first[3]))  # noqa: DTZ001
        return None if text.isdigit() and len(text) != len("20240501") else dt.datetime.fromisoformat(text)
    except ValueError:
        return None


def in_days(file: str, record: Record) -> None:
    """Gives every row its day and, where it lasted, the day it ended. What cannot be told is a problem of the record."""
    record.rows = list(_done(file, record))
    _dates_in_days_columns(record)
    for row in record.rows:
        if "start" in row.values:
            row.values["until_date"] = row.values.get("until_date") or row.values.pop("date", "")
            row.values["date"] = row.values.pop("start")
            row.values = {key: value for key, value in row.values.items() if value}
    if _dates_are_read(file, record):
        _anchored(file, record)
    _twice(file, record)


def _dates_are_read(file: str, record: Record) -> bool:
    """Whether every date is one. The first that is none is told, with how many there are."""
    wrong = [
        (row, key) for row in record.rows for key in ("date", "until_date") if not _is_date(row.values.get(key, ""))
    ]
    if not wrong:
        return True
    row, key = wrong[0]
    text = row.values[key]
    remedy = A_DATE
    if SLASHES.fullmatch(text):
        remedy += "; day and month cannot be told apart in this one"
    elif EPOCH.fullmatch(text):
        remedy += "; a count of seconds is not read as one"
    more = f" ({count_of(wrong, 'row', 'rows')} of this course)" if wrong[1:] else ""
    record.problems.append(row.problem(file, key, f"got {shown(text)}; {remedy}{more}", OF_DATES[key]))
    return False


def _is_date(text: str) -> bool:
    return not text or date_of(text) is not None


def _dates_in_days_columns(record: Record) -> None:
    """A hospital's column of dates may have been mapped to `day`: a date there is a date."""
    for row in record.rows:
        for key, dated in (("day", "date"), ("until_day", "until_date")):
            text = row.values.get(key, "")
            if dated not in row.values and LIKE_A_DATE.match(text):
                row.values[dated] = row.values.pop(key)
                row.columns.setdefault(dated, row.columns.get(key, 1))


def _anchored(file: str, record: Record) -> None:
    """Days for dates: day 0 is the first date, or what the rows say that tell both."""
    if not any(key in row.values for row in record.rows for key in ("date", "until_date")):
        return
    anchors = [(row, _date(row, "date") - dt.timedelta(days=day)) for row, day in _with_both(record)]
    if anchors:
        first_row, zero = anchors[0]
        for row, other in anchors[1:]:
            if other != zero:
                message = (
                    f"day {row.values['day']} is {_date(row, 'date')} here, but day {first_row.values['day']} is "
                    f"{_date(first_row, 'date')} in line {first_row.line}; accepted: days and dates that agree"
                )
                record.problems.append(row.problem(file, "day", message))
                return
    else:
        undated = [one for one in record.rows if "day" in one.values or "until_day" in one.values]
        if undated:
            with_date = next(one for one in record.rows if "date" in one.values or "until_date" in one.values)
            message = (
                f"line {undated[0].line} tells a day and line {with_date.line} a date, and no row tells both; "
                "accepted: one of them in all rows, or a row with both"
            )
            record.problems.append(undated[0].problem(file, "day", message))
            return
        zero = min(_date(one, key) for one in record.rows for key in ("date", "until_date") if key in one.values)
    for row in record.rows:
        for told, dated in (("day", "date"), ("until_day", "until_date")):
            if dated in row.values:
                value = (_date(row, dated) - zero).days
                row.values.setdefault(told, str(value))
                row.columns.setdefault(told, row.columns.get(dated, 1))
        _ended(row)
    if any("until_date" in row.values for row in record.rows):
        # A log in the order in which things ended is put in that in which they began.
        record.rows.sort(key=lambda row: _number(row.values.get("day", "")) or 0)


def _ended(row: Row) -> None:
    """An act of one day has no end of its own."""
    if row.values.get("until_day") == row.values.get("day") and "until_date" in row.values:
        del row.values["until_day"]


def _date(row: Row, key: str) -> dt.date:
    found = date_of(row.values[key])
    assert found is not None
    return found.date()


def _with_both(record: Record) -> Iterator[tuple[Row, int]]:
    for row in record.rows:
        day = _number(row.values.get("day", ""))
        if day is not None and "date" in row.values:
            yield row, day


def _number(text: str) -> int | None:
    try:
        value = float(text)
    except ValueError:
        return None
    return int(value) if value.is_integer() and abs(value) < 10**6 else None


# --- starts and ends --------------------------------------------------------------------------------------------------


def _done(file: str, record: Record) -> Iterator[Row]:
    """The rows of what was done: a start and its end are one, and what was only planned is none."""
    open_: dict[tuple[str, str], list[Row]] = {}
    found: list[Row] = []
    undone: list[str] = []
    for row in record.rows:
        state = row.values.pop("lifecycle", "").strip().lower()
        which = (row.values.get("event", ""), row.values.pop("instance", ""))
        if state in BEGUN:
            open_.setdefault(which, []).append(row)
            found.append(row)
        elif state in DONE | ABORTED:
            begun = open_.get(which) or []
            broken_off = state in ABORTED
            # What lasts and was begun was given until it was broken off. Any other act that was broken off was not done.
            if broken_off and (not begun or which[0] not in LASTING):
                undone.append(which[0])
                found = [one for one in found if not begun or one is not begun[0]]
                del begun[:1]
            elif begun:
                _joined(file, record, begun.pop(0), row)
            else:
                found.append(row)
        elif state in NEVER_DONE:
            undone.append(which[0])
        elif state not in ON_THE_WAY:
            message = f"got {shown(state)}; accepted: {', '.join(LIFECYCLE)}"
            record.problems.append(row.problem(file, "lifecycle", message, "lifecycle:transition"))
    if undone:
        record.notes.append(
            f"{record.name}: not done by its life cycle, not judged: {', '.join(dict.fromkeys(undone))}"
        )
    yield from found


def _joined(file: str, record: Record, begun: Row, ended: Row) -> None:
    """One row of a start and its end: both may tell the same things, and not different ones."""
    for key, value in ended.values.items():
        if key in ("day", "date"):
            begun.values.setdefault(f"until_{key}", value)
            begun.columns.setdefault(f"until_{key}", ended.columns.get(key, 1))
        elif begun.values.setdefault(key, value) != value and key != "start":
            message = (
                f"got {shown(value)}, but line {begun.line}, where this begins, tells {shown(begun.values[key])}; "
                "accepted: the same in both"
            )
            record.problems.append(ended.problem(file, key, message))
        else:
            begun.columns.setdefault(key, ended.columns.get(key, 1))


def _twice(file: str, record: Record) -> None:
    """The same thing told twice: as it was read, and at a time, so that it is no second block of the same."""
    first: dict[tuple[tuple[str, str], ...], Row] = {}
    for row in record.rows:
        told = tuple(sorted(row.values.items()))
        known = first.setdefault(told, row)
        if known is not row and ("day" in row.values or "date" in row.values):
            record.problems.append(
                Problem(file, row.line, 1, "event", f"line {known.line} tells the same; accepted: every event once")
            )
