"""Dates of a table as weeks before the day on which the patient is described. What can be read in two ways is refused, a column at a time."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable

from pathways.case.eventlogs.times import EXCEL, GERMAN, SLASHES, YEAR_FIRST, date_of
from pathways.documents.problems import Problem, shown
from pathways.interchange.readers.sheets import Sheet

ISO = re.compile(r"\d{4}-\d{2}-\d{2}.*|\d{8}")
KINDS = (("2024-05-31", ISO), ("31.05.2024", GERMAN), ("2024/05/31", YEAR_FIRST), ("a serial day of a sheet", EXCEL))
ACCEPTED = "accepted: a date as in 2024-05-31 or 31.05.2024"
DAYS_A_WEEK = 7
LIKE_A_DATE = re.compile(r"\d{4}-\d{2}-\d{2}(?:[ T].*)?")


def mixed(sheet: Sheet, place: int, rows: Iterable[tuple[int, str]]) -> Problem | None:
    """What is wrong with a column of dates as a whole: one that is none, or two ways of writing them.

    A spreadsheet that does not know the order of day and month reads the dates that it can, wrongly, and leaves the others as text: two
    ways of writing in one column are its trace.
    """
    first: tuple[int, str, str] | None = None
    for line, text in rows:
        kind = next((name for name, form in KINDS if form.fullmatch(text)), "")
        if not kind or date_of(text) is None:
            more = "; day and month cannot be told apart in this one" if SLASHES.fullmatch(text) else ""
            return sheet.problem(line, place, f"got {shown(text)}; {ACCEPTED}{more}")
        if first is None:
            first = (line, text, kind)
        elif kind != first[2]:
            message = (
                f"got {shown(text)}, but line {first[0]} writes {shown(first[1])}: a spreadsheet may have exchanged day and month in "
                "some rows; accepted: one way of writing dates in a column"
            )
            return sheet.problem(line, place, message)
    return None


def weeks_before(text: str, today: dt.date) -> int | None:
    """The week in which a date lies, 0 or negative; None where it lies after `today`. Begun weeks do not count."""
    found = date_of(text)
    if found is None:
        return None
    days = (today - found.date()).days
    return None if days < 0 else -(days // DAYS_A_WEEK)


def day_of(text: str) -> dt.date | None:
    """The date of a cell."""
    found = date_of(text)
    return found.date() if found else None
