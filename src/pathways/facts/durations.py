"""Days of steps that a case decides: blocks of chemotherapy, washout, the wait before the meeting. All other days are cited figures."""

from __future__ import annotations

from collections.abc import Callable

from pathways.facts.blocks import HALVES
from pathways.facts.cited import CitedFigures
from pathways.facts.intervals import DAYS_A_WEEK, LINES, meeting_days, washout_days, weeks_of_a_block
from pathways.facts.pregnancy import week_at_least
from pathways.knowledge.arithmetic import Number, larger
from pathways.knowledge.model import Protocol
from pathways.process.blocks import BLOCKS


def _block_days(figures: CitedFigures) -> Number:
    return weeks_of_a_block(figures.assessed) * DAYS_A_WEEK


def _half_days(course: str) -> Callable[[CitedFigures], Number]:
    return lambda figures: weeks_of_a_block(figures.assessed, course) * DAYS_A_WEEK


def _washout_after(line: str) -> Callable[[CitedFigures], Number]:
    return lambda figures: washout_days(figures.assessed, line, figures.figure("days_to_restaging"))


def _meeting_days(figures: CitedFigures) -> Number:
    return meeting_days(figures.assessed, figures.figure("days_to_meeting"), figures.figure("days_to_operation"))


def _growth_meeting_days(figures: CitedFigures) -> Number:
    """Days to the meeting with volumetry of what a stimulus of the history has made grow: not before the growth of the series was measured."""
    assessed, meeting = figures.assessed, _meeting_days(figures)
    week = assessed.past.last_stimulus_week
    if week is None:
        return meeting
    veins_too = any(event.event == "liver_venous_deprivation" for event in assessed.case.history)
    due = figures.figure("growth_lvd_days" if veins_too else "growth_pve_days") + week * DAYS_A_WEEK
    return larger(meeting, due)


def observation_days(protocol: Protocol, recovery: Number) -> Number:
    """Days of observation before listing, beside the recovery from the resection of the primary: alike for everybody."""
    return larger(0.0, protocol.number("transplant_observation_weeks") * DAYS_A_WEEK - recovery)


def _observation_days(figures: CitedFigures) -> Number:
    return observation_days(figures.assessed.protocol, figures.figure("days_of_recovery"))


def _days_to_delivery(blocks: int) -> Callable[[CitedFigures], Number]:
    """Days until the delivery that the protocol waits for, after `blocks` blocks; other steps would only make them fewer."""

    def days(figures: CitedFigures) -> Number:
        assessed = figures.assessed
        weeks = assessed.protocol.number("pregnancy_delivery_week") - week_at_least(assessed, blocks)
        return max(0.0, weeks) * DAYS_A_WEEK

    return days


DAYS: dict[str, Callable[[CitedFigures], Number]] = {
    "block_days": _block_days,
    **{f"days_of_{course}_half": _half_days(course) for course in HALVES},
    "meeting_days": _meeting_days,
    "growth_meeting_days": _growth_meeting_days,
    "transplant_observation_days": _observation_days,
    **{f"days_to_delivery_{blocks}": _days_to_delivery(blocks) for blocks in BLOCKS},
    **{f"washout_after_{line}": _washout_after(line) for line in LINES},
}
