"""The vocabulary of the declaration: facts, guards, effects, triggers. Frozen values without behaviour.

A guard is data (fact in values), so that the same declaration can be stepped, explored, compiled and exported.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import field
from typing import Any, Literal

from pathways.quick_dataclass import dataclass

Value = str | int
Kind = Literal["decision", "outcome"]
# What closes a step: a rule bars it; what it acts on is missing; a lesser act suffices.
Closing = Literal["barred", "does_not_apply", "not_needed"]

# A target that is not one phase but the phase the facts point to: looked up in the case table of this name.
BY_SITUATION = "situation"
# Of a growth stimulus: given to a liver that has been made to grow before.
AGAIN = "_after"


@dataclass(frozen=True, slots=True)
class LiveFact:
    """A fact of the state. `domain` is ordered where the fact is part of the rank."""

    name: str
    domain: tuple[Value, ...]
    meaning: str


@dataclass(frozen=True, slots=True)
class CaseFact:
    """A fact of the case. With `keys` it is a case table: its value depends on those live facts."""

    name: str
    domain: tuple[str, ...]
    meaning: str
    keys: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Guard:
    """`fact` must be one of `values`; otherwise `rule` refuses, with the finding behind the fact or `because`.

    `teaches`: a refusal by this guard says something of the patient although it reads a live fact; a lesson may ask for it.
    `closes`: what a refusal means for the family, where it is no bar: the object of the step is missing, or a lesser act suffices.
    """

    fact: str
    values: frozenset[Value]
    rule: str
    because: str = ""
    sources: tuple[str, ...] = ()
    teaches: bool = False
    closes: Closing = "barred"


@dataclass(frozen=True, slots=True)
class Effect:
    """`fact` becomes `value`; or `step` is added; or it is mapped from its old value."""

    fact: str
    value: Value | None = None
    step: int = 0
    mapping: Mapping[Value, Value] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Tag:
    """A family a step belongs to, when the live facts `when` hold before the step."""

    family: str
    when: tuple[Guard, ...] = ()


@dataclass(frozen=True, slots=True)
class Chance:
    """Chance of an outcome: a parameter, or a parameter chosen by a live fact, or a number computed for the case.

    `of_rest` takes the share of what the outcomes before it leave; `reads` names the live facts that a computed number
    depends on beside `by`. Exactly one outcome of a set has no chance at all:
    it gets the remainder, so a set always adds to one.
    """

    parameter: str = ""
    by: str = ""
    choices: Mapping[str, str] = field(default_factory=dict)
    of_rest: bool = False
    reads: tuple[str, ...] = ()

    def parameters(self) -> tuple[str, ...]:
        """Every parameter that may be read."""
        return (self.parameter,) if self.parameter else tuple(self.choices.values())


@dataclass(frozen=True, slots=True)
class Days:
    """Duration of a step: the sum of these parameters or numbers of the case, each in days.

    `by` adds one more, chosen by a live fact.
    """

    parameters: tuple[str, ...]
    by: str = ""
    choices: Mapping[Any, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Distractor:
    """How a lesson may use a decision as a wrong answer.

    `never`: it misleads nobody. `hasty`: somebody may want it before the liver has been imaged and a meeting held. `only_in`: phases
    outside of which nobody thinks of it. `when`: what has to hold for a team to think of it; asked in the phases `when_in`, or in all.
    """

    never: bool = False
    hasty: bool = False
    only_in: tuple[str, ...] = ()
    when: tuple[Guard, ...] = ()
    when_in: tuple[str, ...] = ()


AS_IT_COMES = Distractor()


@dataclass(frozen=True, slots=True)
class Trigger:
    """A named step from some phases to one: a decision of the team or an outcome of nature. It says everything of itself.

    `raises` names the part of the rank that the step raises; `sources` are required for decisions; `hoped_for` marks the one outcome
    of its set that a plan counts on; `images`: the liver is imaged in the step, so that what follows is decided on fresh pictures.

    What it does, in the words of `process.acts`: `acts`; `elective`, or forced by an emergency; `treats` beside the lesions of its
    resection; `finds`; `course` of systemic treatment. `events`: what a recorded course calls it.
    What is said of it: `title`; `short` in the line of a pathway, `short_in` by emergency of the primary; `title_by` and `short_by`, of drugs that are no chemotherapy, by their kind; `annotation`, a sentence that may name cited figures in braces;
    `warning` for whoever chooses it; `asked`, the title without the answer in it, for a learner, `asked_in` by emergency of the primary.
    How it is used: `sets_apart` makes a pathway another one although the step carries no family; `distractor` in lessons.
    """

    name: str
    kind: Kind
    title: str
    phases: tuple[str, ...]
    to: str
    raises: str
    guards: tuple[Guard, ...] = ()
    effects: tuple[Effect, ...] = ()
    tags: tuple[Tag, ...] = ()
    days: Days | None = None
    chance: Chance | None = None
    hoped_for: bool = False
    sources: tuple[str, ...] = ()
    acts: tuple[str, ...] = ()
    elective: bool = True
    treats: tuple[str, ...] = ()
    finds: tuple[str, ...] = ()
    course: str = ""
    events: tuple[str, ...] = ()
    short: str = ""
    short_in: Mapping[str, str] = field(default_factory=dict)
    title_by: Mapping[str, str] = field(default_factory=dict)
    short_by: Mapping[str, str] = field(default_factory=dict)
    annotation: str = ""
    warning: str = ""
    asked: str = ""
    asked_in: Mapping[str, str] = field(default_factory=dict)
    sets_apart: bool = False
    distractor: Distractor = AS_IT_COMES
    clearance: str = ""
    operation: bool = False
    oncological: bool = False
    gives_up: bool = False
    images: bool = False


@dataclass(frozen=True, slots=True)
class Process:
    """The whole declaration."""

    phases: tuple[str, ...]
    decision_phases: frozenset[str]
    outcome_phases: frozenset[str]
    ends: frozenset[str]
    curative_ends: frozenset[str]
    live_facts: tuple[LiveFact, ...]
    case_facts: tuple[CaseFact, ...]
    rank: tuple[str, ...]
    start: str
    # The end that has ways out where one of these fixed facts says so, and only there.
    end_of_episode: str
    leads_on: frozenset[str]
    triggers: tuple[Trigger, ...]
