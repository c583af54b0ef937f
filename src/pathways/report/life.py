"""What moves the life of this patient, in words: hazard ratios, each with its interval and what kind of interval that is."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from pathways.messages.catalogue import called, say
from pathways.planning.annotate import Pathway

# A driver as the JSON of a plan has it, so that plans saved before are told in the same words.
Driver = Mapping[str, Any]
KINDS = ("confidence", "studies", "guess")
BESIDE = {"death": "death_after_recurrence", "uncleared": "without_clearance"}


def drivers_of(one: Pathway) -> tuple[Driver, ...]:
    """The drivers of a pathway; none where no figure of life is known."""
    outlook = one.prospect.outlook if one.prospect else None
    return tuple(each.as_json() for each in outlook.drivers) if outlook and outlook.prognosis.known else ()


def life_lines(drivers: tuple[Driver, ...]) -> list[str]:
    """A line a factor that moves something, then those that are not told; references are left out."""
    lines = [
        say("life.driver", factor=one["factor"], value=one["value"], ratios=ratios)
        for one in drivers
        if (ratios := ratio_words(one))
    ]
    untold = [one["factor"] for one in drivers if one["value"] == "unknown"]
    return [*lines, *([say("life.untold", factors=", ".join(untold))] if untold else [])]


def ratio_words(one: Driver) -> str:
    """The hazard ratios of a driver; "" where it has none but those of a reference."""
    return "; ".join(_each(one))


def _each(one: Driver) -> Iterator[str]:
    found = {"recurrence": one, **{name: one.get(key) for name, key in BESIDE.items()}}
    for name, ratio in found.items():
        # A saved plan may hold anything.
        if not isinstance(ratio, Mapping) or ratio.get("interval_of") == "reference":
            continue
        what, (value, low, high) = called("ratio", name), (ratio.get(key) for key in ("hazard_ratio", "low", "high"))
        if not isinstance(value, float | int):
            continue
        if not (isinstance(low, float | int) and isinstance(high, float | int) and ratio.get("interval_of") in KINDS):
            yield say("life.bare", what=what, value=value)
            continue
        of = called("spread_short", ratio["interval_of"])
        kind = say("life.carried", of=of) if ratio.get("carried_over") else of
        yield say("life.ratio", what=what, value=value, low=low, high=high, of=kind)
