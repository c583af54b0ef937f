"""Days of steps that a case decides: blocks of chemotherapy, washout, the wait before the meeting. All other days are cited figures."""

from __future__ import annotations

from collections.abc import Callable

from pathways.facts.cited import CitedFigures
from pathways.facts.pregnancy import days_to_delivery
from pathways.facts.regimen import regimen, since_last_dose, washout_weeks
from pathways.knowledge.arithmetic import Number, larger
from pathways.knowledge.model import Protocol
from pathways.process.facts import MOST_BLOCKS

DAYS_A_WEEK = 7


def block_days(protocol: Protocol) -> float:
    """Days of one block of chemotherapy: alike for everybody who is given no targeted drug instead."""
    return protocol.number("cycles_per_block") * protocol.number("cycle_weeks") * DAYS_A_WEEK


def _block_days(figures: CitedFigures) -> Number:
    assessed = figures.assessed
    if assessed.targeted:
        return assessed.protocol.number("targeted_weeks") * DAYS_A_WEEK
    return block_days(assessed.protocol)


def _washout_after(line: str) -> Callable[[CitedFigures], Number]:
    """Further days after the restaging: the last cycle and the way to the meeting already count."""

    def days(figures: CitedFigures) -> Number:
        assessed = figures.assessed
        since_dose = assessed.protocol.number("cycle_weeks") * DAYS_A_WEEK + figures.figure("days_to_restaging")
        weeks = washout_weeks(regimen(assessed, line).name, assessed)
        needed = assessed.protocol.number("washout_weeks_cytotoxic") if weeks is None else weeks
        return larger(0.0, needed * DAYS_A_WEEK - since_dose)

    return days


def _meeting_days(figures: CitedFigures) -> Number:
    """The meeting, or longer where the chemotherapy of the history must wash out before the first operation."""
    assessed = figures.assessed
    days = figures.figure("days_to_meeting")
    told = since_last_dose(assessed)
    if told is None:
        return days
    since, needed = told
    return larger(days, (needed - since) * DAYS_A_WEEK - figures.figure("days_to_operation"))


def observation_days(protocol: Protocol, recovery: Number) -> Number:
    """Days of observation before listing, beside the recovery from the resection of the primary: alike for everybody."""
    return larger(0.0, protocol.number("transplant_observation_weeks") * DAYS_A_WEEK - recovery)


def _observation_days(figures: CitedFigures) -> Number:
    return observation_days(figures.assessed.protocol, figures.figure("days_of_recovery"))


def _days_to_delivery(blocks: int) -> Callable[[CitedFigures], Number]:
    return lambda figures: days_to_delivery(figures.assessed, blocks)


DAYS: dict[str, Callable[[CitedFigures], Number]] = {
    "block_days": _block_days,
    "meeting_days": _meeting_days,
    "transplant_observation_days": _observation_days,
    **{f"days_to_delivery_{blocks}": _days_to_delivery(blocks) for blocks in range(MOST_BLOCKS + 1)},
    **{f"washout_after_{line}": _washout_after(line) for line in ("perioperative", "first", "second")},
}
