"""What the history and the liver entries add up to: segments gone, branches closed, chemotherapy given.

Decides how events are counted; judges nothing.
"""

from __future__ import annotations

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
    hepatectomies = [index for index, event in enumerate(case.history) if event.event in HEPATECTOMIES]
    since = case.history[hepatectomies[-1] + 1 :] if hepatectomies else case.history
    cycle_weeks = protocol.number("cycle_weeks")
    every = [event for event in case.history if _cytotoxic(event)]
    recent = [event for event in since if _cytotoxic(event)]
    courses = [event for event in case.history if event.event == "chemotherapy"]
    responses = [event.response for event in case.history if event.response is not None]
    last = courses[-1] if courses else None
    return Past(
        gone=gone,
        closed_inflow=_closed(case) & ~gone,
        hepatectomy=bool(hepatectomies) or bool(gone),
        last_hepatectomy_week=case.history[hepatectomies[-1]].week if hepatectomies else None,
        last_stimulus_week=_last_week(case, OCCLUDING),
        cycles_since_hepatectomy=sum(_cycles(event, cycle_weeks) or 0 for event in recent),
        cycles_unknown=any(_cycles(event, cycle_weeks) is None for event in recent),
        exposure_cycles=sum(_cycles(event, cycle_weeks) or 0 for event in every),
        exposure_weeks=sum(_weeks(event, cycle_weeks) or 0 for event in every),
        exposure_unknown=any(_weeks(event, cycle_weeks) is None for event in every),
        chemotherapy_before=bool(every),
        systemic_before=bool(courses),
        last_dose_week=last.until_week if last else None,
        last_regimen=last.regimen if last else None,
        last_response=responses[-1] if responses else None,
    )


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


def _last_week(case: Case, names: tuple[str, ...]) -> int | None:
    weeks = [event.week for event in case.history if event.event in names and event.week is not None]
    return weeks[-1] if weeks else None
