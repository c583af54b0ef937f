"""A recorded course against the properties: each event allowed, a deviation (by how much), or unknown.

One pass over the record: every event becomes an act, every property looks at it once. What a record does not tell is
unknown, never a deviation. Structural properties and those of the planner's own numbers have nothing to audit.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

from pathways.case.course import Course, CourseEvent
from pathways.case.models import Case, segment_numbers
from pathways.conformance.acts import Act
from pathways.conformance.limits import DAYS_A_WEEK
from pathways.conformance.properties import PROPERTIES
from pathways.conformance.property import ANYTHING, Breach, Memory, Property, Unknown, View
from pathways.facts.patient_assessment import TODAY
from pathways.knowledge.model import Protocol
from pathways.liver.anatomy import mask_of, size_of
from pathways.liver.resections import Resection
from pathways.liver.volumes import Estimate
from pathways.messages.catalogue import say
from pathways.process.acts import ON_THE_LIVER, REMOVING, STIMULI
from pathways.process.records import ACTS_OF, FAMILIES_OF

NOT_AUDITED = ("complete_clearance", "volume_conserved", "time_advances", "every_step_cited")
AUDITED = tuple(one for one in PROPERTIES if one.id not in NOT_AUDITED)
# Imaging that tells what an uncertain lesion is.
TELLING = ("mri", "contrast_ultrasound")
MAKES_ILL = ("liver_failure", "sepsis")
# Words of a record for what nature answers; all others are decisions of a team.
ANSWERS = ("restaging", "volumetry", "complication", "death", "discharge")
# Whatever ends an emergency of the primary is itself no elective act.
CONTROLS_THE_PRIMARY = frozenset({"primary_resection", "diversion"})
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
    for index, act in _Reader(view, course.events).acts():
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
    judged = {row.index for row in rows}
    rows += [
        Row(index, event.day, event.event, "allowed")
        for index, event in enumerate(course.events)
        if index not in judged
    ]
    return Audit(name, tuple(sorted(rows, key=lambda row: row.index)))


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


class _Reader:
    """Turns events into acts, in the order of time; chemotherapy is cut where a restaging falls into it."""

    def __init__(self, view: View, events: Sequence[CourseEvent]) -> None:
        self.view = view
        self.events = events
        self.assessed = view.assessed
        self.gone = self.assessed.past.gone
        self.stimulated = False
        self.measured: dict[int, Estimate] = {}
        natures = {one.known_as == "suspected" for one, _ in view.assessed.entries}
        self.benign = "others_benign" if len(natures) > 1 else "benign"
        self.urgent = view.case.primary.urgent not in (None, "none")
        self.resectable_today = (
            any(view.limits.remnant(one, 0) == "enough" for one in self.assessed.resections(TODAY))
            and not view.limits.elsewhere()
        )
        self.restaged = False

    def acts(self) -> Iterator[tuple[int, Act]]:
        """Every act with the position of its event."""
        now: int | None = 0
        for index, begins, ends, part in self._parts():
            event = self.events[index]
            together = part is None and self._with(index)
            days = None if ends is None or now is None else ends - now
            act = self._act(event, days)
            if part is not None:
                given = None if begins is None or ends is None else ends - begins
                act = replace(
                    act, given=given, cycles=act.cycles if part == 0 else 0, weeks=act.weeks if part == 0 else 0.0,
                    last_dose=0 if ends is not None else None,
                )  # fmt: skip
            if together:
                act = replace(act, kinds=act.kinds | together)
            yield index, act
            now = ends

    def _parts(self) -> Iterator[tuple[int, int | None, int | None, int | None]]:
        """Event, first day, last day, and the number of the part for chemotherapy that is restaged on the way."""
        restagings = sorted({one.day for one in self.events if one.event == "restaging" and one.day is not None})
        parts: list[tuple[float, int, int | None, int | None, int | None]] = []
        latest = 0.0
        for index, event in enumerate(self.events):
            latest = latest if event.day is None else max(latest, float(event.day))
            if event.event != "chemotherapy":
                parts.append((latest, index, event.day, event.day, None))
                continue
            if event.day is None or event.until_day is None:
                parts.append((latest, index, event.day, None, 0))
                continue
            cuts = [day for day in restagings if event.day < day < event.until_day]
            spans = zip([event.day, *cuts], [*cuts, event.until_day], strict=True)
            parts += [(float(ends), index, begins, ends, number) for number, (begins, ends) in enumerate(spans)]
        for _, index, begins, ends, part in sorted(parts, key=lambda one: one[:2]):
            yield index, begins, ends, part

    def _with(self, index: int) -> frozenset[str]:
        """What else is done on the day (or in the session) of an operation: liver and bowel in one are simultaneous."""
        event = self.events[index]
        same = (
            other
            for place, other in enumerate(self.events)
            if place != index
            and (
                (event.session is not None and other.session == event.session)
                or (event.day is not None and other.day == event.day)
            )
        )
        if event.event != "primary_resection":
            return frozenset()
        return frozenset().union(*(ACTS_OF.get(one.event, frozenset()) & ON_THE_LIVER for one in same))

    def _act(self, event: CourseEvent, days: int | None) -> Act:
        """The act of one event; what it changes for those after it is kept."""
        kinds = self._kinds(event)
        removes = mask_of(event.removes) & ~self.gone
        if kinds & STIMULI:
            self.stimulated, self.measured = True, {}
        if event.event == "volumetry":
            self._measure(event)
        planned = self.resectable_today and not self.restaged
        self.restaged = self.restaged or event.event == "restaging"
        controlled = bool(self.urgent and kinds & CONTROLS_THE_PRIMARY)
        self.urgent = self.urgent and not controlled
        found = Act(
            name=event.event,
            kinds=kinds,
            decision=event.event not in ANSWERS,
            days=days,
            elective=not controlled,
            occludes=mask_of(segment_numbers(event.segments)) if kinds & STIMULI else 0,
            planned_course=planned,
            progressed=None if event.response is None else event.response == "progression",
            resectable=self._found_resectable(event),
            characterised=self.benign if event.finding == "benign" else None,
            diagnostic=event.diagnostic,
            ill=True if event.kind in MAKES_ILL else False if event.event == "discharge" else None,
            drained="drainage" in kinds,
            families=FAMILIES_OF.get(event.event, ()),
        )
        if "systemic" in kinds:
            cycles, weeks = self._given(event)
            found = replace(found, cycles=cycles, weeks=weeks, regimen=event.regimen)
        return self._operated(event, removes, found) if kinds & REMOVING else found

    def _kinds(self, event: CourseEvent) -> frozenset[str]:
        """What was done, as the declared steps of this name say; imaging by some modalities characterises as well."""
        characterises = event.event == "restaging" and event.modality in TELLING
        return ACTS_OF.get(event.event, frozenset()) | ({"characterisation"} if characterises else set())

    def _operated(self, event: CourseEvent, removes: int, act: Act) -> Act:
        """The same act with what was removed and left; later events meet the liver without it."""
        resection = self._resection(removes)
        self.gone |= removes
        self.measured = {}
        self.stimulated = False
        return replace(
            act,
            resection=resection,
            removes=removes,
            major=size_of(removes) >= self.view.protocol.whole("major_resection_segments"),
            untold=frozenset({"removes"}) if resection is None and not event.partial else frozenset(),
        )

    def _found_resectable(self, event: CourseEvent) -> bool | None:
        if event.event != "restaging" or event.finding is None:
            return None
        return event.finding == "resectable" and not self.view.limits.unfit("minor")

    def _given(self, event: CourseEvent) -> tuple[int, float]:
        told = None if event.day is None or event.until_day is None else (event.until_day - event.day) / DAYS_A_WEEK
        return self.view.limits.amount(event.regimen, event.cycles, told)

    def _measure(self, event: CourseEvent) -> None:
        """Keeps what a volumetry found for the segments that stay."""
        value = event.fraction
        if value is None and event.ml is not None:
            value = event.ml / self.assessed.total.value
        if value is not None and event.removes:
            kept = self.assessed.present & ~self.gone & ~mask_of(event.removes)
            self.measured[kept] = Estimate(value, value, value, False, say("volume.of_the_record"))

    def _resection(self, removes: int) -> Resection | None:
        """The resection that was done, with what it left; None where the record does not tell enough."""
        if not removes:
            return None
        kept = self.assessed.present & ~self.gone & ~removes
        found = self.measured.get(kept)
        if found is None and (self.stimulated or self.gone != self.assessed.past.gone):
            return None
        return Resection(
            removes=removes, limited=(), ablated=(), assumed=(), kept=kept, congested=0, veins=(), detached=(), cava=False,
            remnant=found or self.assessed.volumes.remnant(kept), lesions_in_remnant=False, local_segments=0, loss_unknown=False,
            major=size_of(removes) >= self.view.protocol.whole("major_resection_segments"),
        )  # fmt: skip
