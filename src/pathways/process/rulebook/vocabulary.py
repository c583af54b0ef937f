"""What a rule is on paper: its sentence, what it reads, what it stands on, and an example on both sides of its threshold.

A record judges nothing: the rules of `pathways.facts` do, and take their sources from here. Tests hold the two to each other.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import field
from typing import Any, Literal

from pathways.quick_dataclass import dataclass

# What is said in an example: the strictest verdict of the rule, or that it says nothing.
Said = Literal["allowed", "unknown", "refused", "silent"]


@dataclass(frozen=True, slots=True)
class Example:
    """A patient on one side of a rule's threshold, and what the rule then says.

    `changes` is what differs from a fully known patient (one metastasis of 30 mm in segment VIII, a normal liver, the bowel
    tumour removed), part by part; None takes a key out. `settings` is what differs from the protocol `default`, `live` what a
    plan has done so far. `says` is empty where the example can only be told in words.
    """

    words: str
    says: Said | Literal[""] = ""
    changes: Mapping[str, Any] = field(default_factory=dict)
    settings: Mapping[str, Any] = field(default_factory=dict)
    live: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Rule:
    """A rule as a record. Where it is named, a guard, a verdict, a property or a lesson, it is named by `id`.

    `reads`: keys of the case file that change what it says, or whether a fact holds that it guards. `settings`: those of the
    protocol, in the same way; `watched` those by which a plan or a record is held to it. `sources` stand behind all of it, `parts` behind what it says of one question; settings bring
    sources of their own. `fact` is the fact that the examples ask for, `step` the step whose guards they ask; where both are
    empty, the findings of the case.
    """

    id: str
    statement: str
    reads: tuple[str, ...] = ()
    settings: tuple[str, ...] = ()
    watched: tuple[str, ...] = ()
    sources: tuple[str, ...] = ()
    parts: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    fact: str = ""
    step: str = ""
    examples: tuple[Example, ...] = ()

    def cited(self, part: str) -> tuple[str, ...]:
        """Sources behind what the rule says of `part`."""
        return self.parts[part]

    @property
    def every_source(self) -> tuple[str, ...]:
        """Sources of the rule and of its parts, each once."""
        return tuple(dict.fromkeys((*self.sources, *(one for part in self.parts.values() for one in part))))
