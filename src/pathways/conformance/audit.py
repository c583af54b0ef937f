"""A recorded course against the properties: each event allowed, a deviation (by how much), or unknown.

One pass over the record: every event becomes an act, every property looks at it once. What a record does not tell is
unknown, never a deviation. Structural properties and those of the planner's own numbers have nothing to audit.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Any

from pathways.case.course import Course, CourseEvent
from pathways.case.models import Case
from pathways.conformance.acts import Act
from pathways.conformance.properties import PROPERTIES
from pathways.conformance.property import ANYTHING, Breach, Memory, Property, Unknown, View
from pathways.conformance.recorded import Record
from pathways.knowledge.model import Protocol
from pathways.liver.anatomy import mask_of
from pathways.messages.catalogue import say
from pathways.process.acts import OPERATIONS
from pathways.process.records import ACTS_OF
from pathways.quick_dataclass import dataclass

NOT_AUDITED = ("complete_clearance", "volume_conserved", "time_advances", "every_step_cited")
AUDITED = tuple(one for one in PROPERTIES if one.id not in NOT_AUDITED)
# What a record says of itself, beside the properties.
CONSISTENT = "record_consistent"
STAGES_ONE = ("first_stage", "alpps_stage_1")
RANK = {"allowed": 0, "unknown": 1, "deviation": 2}


@dataclass(frozen=True, slots=True)
class Row:
    """One event under one property."""

    index: int
    day: int | None
    event: str
    verdict: str
    property: str | None = None
    rule: str | None = None
    excess: float | None = None
    unit: str | None = None
    words: str = ""

    def as_json(self) -> dict[str, Any]:
        """The row as the JSON of the command line shows it."""
        return {
            "day": self.day, "event": self.event, "verdict": self.verdict, "property": self.property, "rule": self.rule,
            "excess": self.excess, "unit": self.unit, "words": self.words,
        }  # fmt: skip


@dataclass(frozen=True, slots=True)
class Audit:
    """A course and what the properties say of it."""

    course: str
    rows: tuple[Row, ...]

    @property
    def deviations(self) -> tuple[Row, ...]:
        """The rows that deviate."""
        return tuple(one for one in self.rows if one.verdict == "deviation")

    @property
    def conforms(self) -> bool:
        """Whether nothing deviates."""
        return not self.deviations

    def as_json(self) -> dict[str, Any]:
        """The course as the JSON of the command line shows it."""
        return {"course": self.course, "conforms": self.conforms, "events": [row.as_json() for row in self.rows]}


def audit(course: Course, protocol: Protocol, name: str = "") -> Audit:
    """`course`, whose case must be loaded, under `protocol`."""
    if not isinstance(course.case, Case):
        raise TypeError("the case of the course is only named, not loaded")
    view = View(course.case, protocol, recorded=True)
    memories = [one.start(view) for one in AUDITED]
    found: dict[tuple[int, str], Row] = {}
    for index, act in Record(view, course.events).acts():
        event = course.events[index]
        for place, one in enumerate(AUDITED):
            mode, clock = memories[place]
            if one.clock:
                clock = None if clock is None or act.days is None else clock + act.days
            row = _row(one, (mode, clock), act, view, index, event)
            if row is not None:
                known = found.get((index, one.id))
                if known is None or RANK[row.verdict] > RANK[known.verdict]:
                    found[index, one.id] = row
            if one.after is not None:
                memories[place] = one.after(mode, clock, act, view)
            elif one.clock:
                memories[place] = (mode, clock)
    rows = [row for _, row in sorted(found.items(), key=lambda item: item[0][0])]
    rows += _contradictions(course, view)
    judged = {row.index for row in rows}
    rows += [
        Row(index, event.day, event.event, "allowed")
        for index, event in enumerate(course.events)
        if index not in judged
    ]
    return Audit(name, tuple(sorted(rows, key=lambda row: row.index)))


def _contradictions(course: Course, view: View) -> Iterator[Row]:
    """What cannot have been as it is told: nothing follows a death, and a segment is removed once."""
    died: CourseEvent | None = None
    gone = {segment: "" for segment in range(1, 9) if mask_of((segment,)) & view.assessed.past.gone}
    for index, event in enumerate(course.events):
        words = []
        if died is not None and event.event != "discharge":
            words.append(say("record_consistent.after_death", day=_day(died)))
        if event.event == "transplantation":
            gone = {}
        if ACTS_OF.get(event.event, frozenset()) & OPERATIONS or event.event in STAGES_ONE:
            again = [segment for segment in event.removes if segment in gone]
            if again:
                when = sorted({gone[segment] for segment in again if gone[segment]})
                before = ", ".join(when) or say("record_consistent.before_the_record")
                words.append(
                    say("record_consistent.removed_twice", segments=", ".join(map(str, sorted(again))), before=before)
                )
            gone |= {segment: _day(event) for segment in event.removes if segment not in gone}
        if event.event == "death":
            died = died or event
        if words:
            yield Row(index, event.day, event.event, "unknown", CONSISTENT, "record", words="; ".join(words))


def _day(event: CourseEvent) -> str:
    return say("record_consistent.untold_day") if event.day is None else say("record_consistent.day", day=event.day)


def summary(audits: Sequence[Audit]) -> dict[str, Any]:
    """Many courses in a few numbers: the share that conforms, and which deviations are the most frequent."""
    deviations = Counter(row.property for one in audits for row in one.deviations)
    unknown = Counter(row.property for one in audits for row in one.rows if row.verdict == "unknown")
    return {
        "courses": len(audits),
        "conforming": sum(one.conforms for one in audits),
        "share_conforming": round(sum(one.conforms for one in audits) / len(audits), 4) if audits else None,
        "deviations": [{"property": name, "count": count} for name, count in _most_first(deviations)],
        "unknown": [{"property": name, "count": count} for name, count in _most_first(unknown)],
    }


def _most_first(counted: Counter[str | None]) -> list[tuple[str, int]]:
    return sorted(((str(name), count) for name, count in counted.items()), key=lambda one: (-one[1], one[0]))


def _row(one: Property, memory: Memory, act: Act, view: View, index: int, event: CourseEvent) -> Row | None:
    """What `one` says of the act; None where it has nothing to say."""
    answer = one.judge(*memory, act, view)
    if isinstance(answer, Breach):
        return Row(
            index, event.day, event.event, "deviation", one.id, answer.rule, answer.excess, answer.unit, answer.words
        )
    if isinstance(answer, Unknown):
        return Row(index, event.day, event.event, "unknown", one.id, answer.rule, None, None, answer.words)
    if one.judges != ANYTHING and one.judges & act.kinds:
        return Row(index, event.day, event.event, "allowed", one.id)
    return None
