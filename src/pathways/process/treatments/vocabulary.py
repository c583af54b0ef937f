"""What a treatment brings."""

from __future__ import annotations

from pathways.process.model import CaseFact, Trigger
from pathways.process.rulebook.vocabulary import Rule
from pathways.quick_dataclass import dataclass


@dataclass(frozen=True, slots=True)
class DrugsBeside:
    """A doublet without an antibody beside the treatment: the one that has not been given, where that is known.

    `line`: the line of systemic treatment that it is. `named_by`: a setting of yes or no, with the word (`drugs_beside`) for each. `why` a
    word too. `sources_of`: the setting whose sources stand behind it. `response` and `progression`: figures of one block.
    """

    line: str
    named_by: str
    named: tuple[str, str]
    why: str
    sources_of: str
    response: str
    progression: str


@dataclass(frozen=True, slots=True)
class Treatment:
    """Steps of the process, the facts of a case that only they ask for, and the rules that speak when they are refused.

    `drugs`: what is given beside it, where it is a line of systemic treatment. `answers`: grades of `pathways.laws` of which one must have
    grown where its family opens, since it exists because something became necessary. `compared`: whether figures compare it with other
    steps, so that a lesson may ask for it. `row`: where it stands on a page, if not with others of its kind.
    """

    triggers: tuple[Trigger, ...]
    facts: tuple[CaseFact, ...] = ()
    rules: tuple[Rule, ...] = ()
    drugs: DrugsBeside | None = None
    answers: tuple[str, ...] = ()
    compared: bool = True
    row: str = ""

    @property
    def families(self) -> tuple[str, ...]:
        """The families that its steps carry."""
        return tuple(dict.fromkeys(tag.family for one in self.triggers for tag in one.tags))

    @property
    def events(self) -> tuple[str, ...]:
        """What a record calls its decisions."""
        return tuple(dict.fromkeys(event for one in self.triggers if one.kind == "decision" for event in one.events))
