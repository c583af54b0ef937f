"""The state of a liver that sets the limits of a remnant, and those limits."""

from __future__ import annotations

from typing import Literal

from pathways.knowledge.arithmetic import Number, YesNo
from pathways.knowledge.model import Protocol
from pathways.quick_dataclass import dataclass

LiverState = Literal["normal", "exposed", "injured", "cirrhosis"]
INJURED = ("steatosis", "steatohepatitis", "sinusoidal_injury", "fibrosis")


def is_exposed(protocol: Protocol, weeks: Number, cycles: Number) -> YesNo:
    """Whether chemotherapy of so many weeks and cycles counts as long."""
    return (weeks > protocol.number("exposed_after_weeks")) | (cycles > protocol.number("exposed_after_cycles"))


def liver_state(background: str | None, *, exposed: bool) -> LiverState:
    """Which of the four states sets the limit of a liver that has, or has not, had long chemotherapy."""
    if background == "cirrhosis":
        return "cirrhosis"
    if background in INJURED:
        return "injured"
    return "exposed" if exposed else "normal"


@dataclass(frozen=True, slots=True)
class Limit:
    """A limit of the protocol for a state of the liver."""

    value: float
    key: str


def volume_limit_in(protocol: Protocol, state: LiverState) -> Limit:
    """The least fraction that must stay of a liver in this state."""
    key = f"remnant_limit_{state}"
    return Limit(protocol.number(key), key)


def body_weight_limit_in(protocol: Protocol, state: LiverState) -> Limit:
    """The least remnant of a liver in this state as a share of body weight."""
    key = "remnant_body_weight_normal" if state == "normal" else "remnant_body_weight_damaged"
    return Limit(protocol.number(key), key)
