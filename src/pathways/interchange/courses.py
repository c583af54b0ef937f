"""Walked courses for other programs: event logs (XES, CSV) in the words of the audit, and rows of transitions for survival analysis.

A walk has days and no dates. XES is read by programs that want dates: day 0 is written as the first of January 2000, beside the day itself.
"""

from __future__ import annotations

import csv
import datetime as dt
import io
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any
from xml.sax.saxutils import quoteattr

from pathways.case.course import CourseEvent
from pathways.quick_dataclass import dataclass
from pathways.version import __version__

DAY_0 = dt.datetime(2000, 1, 1, tzinfo=dt.UTC)
KEYS = tuple(CourseEvent.model_fields)
# In the order in which a person reads a row; what no event tells is no column.
FIRST = ("day", "until_day", "event")


@dataclass(frozen=True, slots=True)
class Logged:
    """One course of a log: its name, the name of its case file, and its events."""

    name: str
    case: str
    events: Sequence[Mapping[str, Any]]


def csv_log(courses: Iterable[Logged]) -> str:
    """The courses as CSV, one row an event."""
    every = list(courses)
    told = {key for one in every for event in one.events for key in event}
    keys = [*FIRST, *(key for key in KEYS if key in told and key not in FIRST)]
    out = io.StringIO(newline="")
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(["course", "case", *keys])
    for one in every:
        for event in one.events:
            writer.writerow([one.name, one.case, *(_cell(event.get(key)) for key in keys)])
    return out.getvalue()


def _cell(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, (list, tuple)):
        return " ".join(map(str, value))
    return str(value).lower() if isinstance(value, bool) else str(value)


def xes_log(courses: Iterable[Logged]) -> str:
    """The courses as XES, one trace each."""
    return "".join(_xes(courses))


def _xes(courses: Iterable[Logged]) -> Iterator[str]:
    yield '<?xml version="1.0" encoding="UTF-8"?>\n'
    yield f'<log xes.version="2.0" xes.features="" xmlns="http://www.xes-standard.org/">\n<!-- pathways {__version__}: simulated; day 0 is 2000-01-01 -->\n'
    for name, prefix, uri in (
        ("Concept", "concept", "http://www.xes-standard.org/concept.xesext"),
        ("Time", "time", "http://www.xes-standard.org/time.xesext"),
    ):
        yield f'  <extension name="{name}" prefix="{prefix}" uri="{uri}"/>\n'
    yield '  <classifier name="event" keys="concept:name"/>\n'
    for one in courses:
        yield f'  <trace>\n    <string key="concept:name" value={quoteattr(one.name)}/>\n'
        yield f'    <string key="case" value={quoteattr(one.case)}/>\n'
        for event in one.events:
            yield "    <event>\n"
            yield f'      <string key="concept:name" value={quoteattr(str(event["event"]))}/>\n'
            date = (DAY_0 + dt.timedelta(days=event["day"])).isoformat()
            yield f'      <date key="time:timestamp" value="{date}"/>\n'
            yield from (f"      {_attribute(key, event[key])}\n" for key in KEYS if key in event and key != "event")
            yield "    </event>\n"
        yield "  </trace>\n"
    yield "</log>\n"


def _attribute(key: str, value: Any) -> str:
    if isinstance(value, bool):
        return f'<boolean key="{key}" value="{_cell(value)}"/>'
    kind = "int" if isinstance(value, int) else "float" if isinstance(value, float) else "string"
    return f'<{kind} key="{key}" value={quoteattr(_cell(value))}/>'


def transitions(rows: Iterable[Mapping[str, Any]]) -> str:
    """Rows of transitions as CSV: id, from, to, start, time, status."""
    out = io.StringIO(newline="")
    writer = csv.DictWriter(out, ("id", "from", "to", "start", "time", "status"), lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    return out.getvalue()
