"""What a treatment brings."""

from __future__ import annotations

from dataclasses import dataclass

from pathways.process.model import CaseFact, Trigger
from pathways.process.rulebook.vocabulary import Rule


@dataclass(frozen=True, slots=True)
class Treatment:
    """Steps of the process, the facts of a case that only they ask for, and the rules that speak when they are refused."""

    triggers: tuple[Trigger, ...]
    facts: tuple[CaseFact, ...] = ()
    rules: tuple[Rule, ...] = ()
