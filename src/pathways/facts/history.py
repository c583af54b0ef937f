"""What the history and the liver entries add up to: segments gone, branches closed, chemotherapy given.

Decides how events are counted; judges nothing.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from pathways.case.contradictions import removed_segments
from pathways.case.models import Case, HistoryEvent, segment_numbers
from pathways.knowledge.model import Protocol
from pathways.liver.anatomy import mask_of

OCCLUDING = (
    "portal_vein_embolisation",
    "portal_vein_ligation",
    "liver_venous_deprivation",
    "first_stage",
    "alpps_stage_1",
)
HEPATECTOMIES = ("hepatectomy", "first_stage", "alpps_stage_1")
NOT_CYTOTOXIC = ("imatinib", "hormonal", "everolimus", "octreotide", "pembrolizumab", "nivolumab", "lanreotide")


@dataclass(frozen=True, slots=True)
class Past:
    """Counts since birth and since the last hepatectomy. Weeks are relative to today."""

    gone: int
    closed_inflow: int
    hepatectomy: bool
    last_hepatectomy_week: int | None
    last_stimulus_week: int | None
    cycles_since_hepatectomy: int
    cycles_unknown: bool
    exposure_cycles: int
    exposure_weeks: float
    exposure_unknown: bool
    chemotherapy_before: bool
    systemic_before: bool
    last_dose_week: int | None
    last_regimen: str | None
    last_response: str | None


def past_of(case: Case, protocol: Protocol) -> Past:
    """The case's past, counted."""
    gone = mask_of(removed_segments(case))
    operation = _last(case.history, HEPATECTOMIES)
    stimulus = _last([event for event in case.history if event.week is not None], OCCLUDING)
    course = _last(case.history, ("chemotherapy",))
    answered = [event.response for event in case.history if event.response is not None]
    cycle_weeks = protocol.number("cycle_weeks")
    every = _Given(case.history, cycle_weeks)
    since = _Given(_after(case.history, operation), cycle_weeks)
    return Past(
        gone=gone,
        closed_inflow=_closed(case) & ~gone,
        hepatectomy=operation is not None or bool(gone),
        last_hepatectomy_week=operation.week if operation else None,
        last_stimulus_week=stimulus.week if stimulus else None,
        cycles_since_hepatectomy=since.cycles,
        cycles_unknown=since.cycles_unknown,
        exposure_cycles=every.cycles,
        exposure_weeks=every.weeks,
        exposure_unknown=every.weeks_unknown,
        chemotherapy_before=bool(every.events),
        systemic_before=course is not None,
        last_dose_week=course.until_week if course else None,
        last_regimen=course.regimen if course else None,
        last_response=answered[-1] if answered else None,
    )


class _Given:
    """Cytotoxic chemotherapy among some events: cycles and weeks as far as they are told."""

    def __init__(self, events: Sequence[HistoryEvent], cycle_weeks: float) -> None:
        self.events = [event for event in events if _cytotoxic(event)]
        cycles = [_cycles(event, cycle_weeks) for event in self.events]
        weeks = [_weeks(event, cycle_weeks) for event in self.events]
        self.cycles = sum(number or 0 for number in cycles)
        self.cycles_unknown = None in cycles
        self.weeks = sum(number or 0 for number in weeks)
        self.weeks_unknown = None in weeks


def _last(events: Sequence[HistoryEvent], names: tuple[str, ...]) -> HistoryEvent | None:
    return next((event for event in reversed(events) if event.event in names), None)


def _after(events: Sequence[HistoryEvent], one: HistoryEvent | None) -> Sequence[HistoryEvent]:
    """What followed the last event that is `one`; everything where there is none."""
    place = next((place for place in range(len(events) - 1, -1, -1) if events[place] is one), -1)
    return events[place + 1 :]


def _cytotoxic(event: HistoryEvent) -> bool:
    drug = event.regimen or ""
    return event.event == "chemotherapy" and not any(name in drug for name in NOT_CYTOTOXIC)


def _cycles(event: HistoryEvent, cycle_weeks: float) -> int | None:
    if event.cycles is not None:
        return event.cycles
    if event.week is not None and event.until_week is not None:
        return round((event.until_week - event.week) / cycle_weeks)
    return None


def _weeks(event: HistoryEvent, cycle_weeks: float) -> float | None:
    if event.week is not None and event.until_week is not None:
        return event.until_week - event.week
    return event.cycles * cycle_weeks if event.cycles is not None else None


def _closed(case: Case) -> int:
    places = list(case.liver.embolised)
    for event in case.history:
        if event.event in OCCLUDING:
            places += event.segments
    return mask_of(segment_numbers(places))
