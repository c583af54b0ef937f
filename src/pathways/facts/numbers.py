"""Days of steps for one case: cited parameters, and what protocol and history make of them."""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache, partial

from pathways.facts.picture import Picture
from pathways.facts.regimen import LINES, regimen
from pathways.facts.verdict import Verdict, allowed, unknown
from pathways.process.course_of_care import MAY_FAIL, MORTALITY
from pathways.process.declaration import PROCESS
from pathways.process.facts import State
from pathways.process.model import Trigger

DAYS_A_WEEK = 7


def days_of(trigger: Trigger, picture: Picture, state: State) -> float:
    """Planned days of a step taken in `state`."""
    if trigger.days is None:
        return 0.0
    days = sum(number(name, picture) for name in trigger.days.parameters)
    if trigger.days.by:
        days += number(trigger.days.choices[getattr(state, trigger.days.by)], picture)
    return days


def number(name: str, picture: Picture) -> float:
    """A number of the case by name, or the parameter of that name."""
    computed = CASE_NUMBERS.get(name)
    return computed(picture) if computed else picture.parameters[name].number


def sources_of(trigger: Trigger, picture: Picture) -> tuple[str, ...]:
    """Sources of the decision itself, or of the chance of an outcome (of its whole set, if it takes the remainder)."""
    if trigger.sources:
        return trigger.sources
    names = _figures_behind()[trigger.name]
    return tuple(dict.fromkeys(source for name in names for source in picture.parameters[name].sources))


@lru_cache(maxsize=1)
def _figures_behind() -> dict[str, tuple[str, ...]]:
    """For each outcome, the parameters that its chance is made of."""
    return {trigger.name: _figures_of(trigger) for trigger in PROCESS.triggers if trigger.kind == "outcome"}


def _figures_of(trigger: Trigger) -> tuple[str, ...]:
    if trigger.chance is None:
        others = [one for one in PROCESS.triggers if one.chance and set(one.phases) & set(trigger.phases)]
        return tuple(dict.fromkeys(name for one in others for name in _figures_of(one)))
    named = trigger.chance.parameters()
    return tuple(dict.fromkeys(figure for name in named for figure in COMPUTED_FROM.get(name, (name,))))


def washout_weeks(regimen: str | None, picture: Picture) -> float | None:
    """Weeks between the last dose of `regimen` and an elective operation; None for a regimen not known."""
    protocol = picture.protocol
    if regimen is None:
        return None
    if "bevacizumab" in regimen:
        return protocol.number("washout_weeks_bevacizumab")
    if "cetuximab" in regimen or "panitumumab" in regimen:
        return protocol.number("washout_weeks_antibody")
    if any(regimen.startswith(backbone) for backbone in BACKBONES):
        return protocol.number("washout_weeks_cytotoxic")
    return None


BACKBONES = (
    "folfox",
    "folfiri",
    "capox",
    "xelox",
    "capiri",
    "capecitabine",
    "fluorouracil",
    "uft",
    "oxaliplatin",
    "irinotecan",
)


def washout_verdict(picture: Picture) -> Verdict | None:
    """Whether the chemotherapy of the history has washed out; None where there was none."""
    past = picture.past
    if past.last_dose_week is None and past.last_regimen is None and not past.chemotherapy_before:
        return None
    sources = picture.protocol.sources("washout_weeks_cytotoxic", "washout_weeks_bevacizumab")
    weeks = washout_weeks(past.last_regimen, picture)
    if past.last_dose_week is None or weeks is None:
        missing = "end of the last chemotherapy (history.until_week)" if past.last_dose_week is None else "its regimen"
        return unknown(
            "washout_complete", f"{missing} not reported", "taken as washed out by the operation", sources=sources
        )
    since = float(-past.last_dose_week)
    if since >= weeks:
        words = f"{since:g} weeks since the last dose, {weeks:g} needed"
    else:
        words = f"{since:g} weeks since the last dose; the operation waits until {weeks:g}"
    return allowed("washout_complete", words, value=since, limit=weeks, unit="weeks", sources=sources)


def _block_days(picture: Picture) -> float:
    protocol = picture.protocol
    return protocol.number("cycles_per_block") * protocol.number("cycle_weeks") * DAYS_A_WEEK


def _washout_days(picture: Picture, line: str) -> float:
    """Further days after the restaging: the last cycle and the way to the meeting already count."""
    protocol = picture.protocol
    since_dose = protocol.number("cycle_weeks") * DAYS_A_WEEK + picture.parameters["days_to_restaging"].number
    weeks = washout_weeks(regimen(picture, line).name, picture)
    needed = protocol.number("washout_weeks_cytotoxic") if weeks is None else weeks
    return max(0.0, needed * DAYS_A_WEEK - since_dose)


def _meeting_days(picture: Picture) -> float:
    """The meeting, or longer where the chemotherapy of the history must wash out before the first operation."""
    days = picture.parameters["days_to_meeting"].number
    weeks = washout_weeks(picture.past.last_regimen, picture)
    if picture.past.last_dose_week is None or weeks is None:
        return days
    left = (weeks + picture.past.last_dose_week) * DAYS_A_WEEK - picture.parameters["days_to_operation"].number
    return max(days, left)


# Chances that are computed for a case, and the figures they are made of.
COMPUTED_FROM = {
    "growth_success": ("growth_pve", "growth_lvd"),
    "split_success": ("growth_split",),
    "volumetry_enough_chance": ("segment_fractions",),
    "response_per_block": ("conversion_chance_per_block", "response_ras_mutated", "response_triplet", "response_immunotherapy"),
    "progression_per_block": (
        "conversion_progression_per_block", "progression_ras_mutated", "progression_triplet", "progression_immunotherapy",
    ),
    **{f"direct_{MORTALITY[one]}": (MORTALITY[one], "liver_failure_chance", "liver_failure_death") for one in MAY_FAIL},
}  # fmt: skip
CASE_NUMBERS: dict[str, Callable[[Picture], float]] = {
    "block_days": _block_days,
    **{f"washout_after_{line}": partial(_washout_days, line=line) for line in LINES},
    "meeting_days": _meeting_days,
}
