"""What an objective must say: its misconception, the decision that must arise, its goals, and the space of its cases."""

from __future__ import annotations

from functools import cached_property
from typing import Any, Literal, get_args

from pydantic import BaseModel, ConfigDict, Field

from pathways.process.facts import State
from pathways.process.selection import steps
from pathways.process.treatments import TREATMENTS

ObjectiveId = Literal[
    "operate_promptly", "grow_small_remnant", "failed_growth_rescue", "alpps_or_two_stage", "liver_first", "primary_first",
    "simultaneous_or_not", "conversion_chemotherapy", "stop_chemotherapy_in_time", "vanished_lesion", "uncertain_nodule",
    "recurrence_altered_liver", "damaged_liver_needs_more", "extrahepatic_not_a_bar", "extrahepatic_a_bar",
    "parenchyma_sparing", "ablate_what_cannot_be_cut", "margin_and_vessel", "gist_targeted_first",
    "neuroendocrine_debulking", "progression_on_chemotherapy", "washout_before_surgery", "transplant_candidate",
    "patient_declines",
]  # fmt: skip
OBJECTIVES: tuple[str, ...] = get_args(ObjectiveId)
Level = Literal["foundation", "intermediate", "advanced"]
LEVELS: tuple[str, ...] = get_args(Level)


class Strictly(BaseModel):
    """Frozen; an undeclared key is an error."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Goal(Strictly):
    """An end that a lesson counts as good: `share` of it, less the cited chance `less` that it does not last."""

    share: float = Field(1.0, ge=0, le=1)
    less: str = ""


class Wrong(Strictly):
    """A distractor that has to be there: one of the steps `triggers`, refused by one of `rules`, or without rules graded poor."""

    triggers: tuple[str, ...] = Field(min_length=1)
    rules: tuple[str, ...] = ()

    @cached_property
    def steps(self) -> frozenset[str]:
        """The steps that `triggers` select."""
        return frozenset(steps(self.triggers))


class Decision(Strictly):
    """The decision that the objective is about: where it stands, what is good there, and what is wrong."""

    at: dict[str, tuple[str | int, ...]]
    good: tuple[str, ...] = Field(min_length=1)
    wrong: tuple[Wrong, ...] = Field(min_length=1)
    # Of answers that the figures cannot tell apart, those that the sources of the objective hold with.
    preferred: tuple[str, ...] = ()

    @cached_property
    def good_steps(self) -> frozenset[str]:
        """The steps that `good` selects."""
        return frozenset(steps(self.good))

    @cached_property
    def preferred_steps(self) -> frozenset[str]:
        """The steps that `preferred` selects."""
        return frozenset(steps(self.preferred))

    def meets(self, state: State) -> bool:
        """Whether `state` is one that this decision is about."""
        return all(getattr(state, fact) in wanted for fact, wanted in self.at.items())


class Contrast(Strictly):
    """One fact of a case that makes another answer right: `change` by the path of its key (`-` leaves it out).

    `becomes` tells the fact as it is then; `supposed` tells it after "if", with round figures, since nobody supposes a millimetre.
    `{new}` and `{old}` stand for the first value. `good`: what is right then.
    """

    change: dict[str, Any] = Field(min_length=1)
    becomes: str
    supposed: str
    good: tuple[str, ...] = Field(min_length=1)

    @cached_property
    def good_steps(self) -> frozenset[str]:
        """The steps that `good` selects."""
        return frozenset(steps(self.good))


class Objective(Strictly):
    """One objective."""

    title: str
    level: Level
    misconception: str
    arises: str
    counts_as_good: str
    learning: tuple[str, ...] = Field(min_length=1)
    sources: tuple[str, ...] = Field(min_length=1)
    goals: dict[str, Goal] = Field(min_length=1)
    # What reaching a goal is called: "of such patients ...".
    goal: str = "have the liver cleared"
    decisions: tuple[Decision, ...] = Field(min_length=1)
    # Open steps that are told of and not offered, because no figure here compares them with the others: perioperative
    # chemotherapy of resectable disease is meant against recurrence, and local recurrence after ablation is in no chance;
    # lessons end when the liver is cleared. And treatments that say so of themselves.
    not_scored: tuple[str, ...] = (
        "course:perioperative",
        "class:ablation",
        *(family for one in TREATMENTS if not one.compared for family in one.families),
    )
    # Whether a delay by itself makes an answer poor: where delay is what the objective is about.
    delay_decides: bool = False
    # Whether what the patient declines has to be what would be advised to somebody who declines nothing.
    wish_matters: bool = False
    # Whether imaging and the meeting before everything are asked for: once in a course.
    asks_first_step: bool = False
    # Facts of its own cases that turn its decision round; beside them those that any case may be varied by.
    contrasts: tuple[Contrast, ...] = ()
    space: dict[str, Any]

    @cached_property
    def varied(self) -> Objective:
        """The objective for a case with one fact otherwise: the liver cleared is what counts, whatever counted before."""
        cleared = {"resected": Goal(), "transplanted": Goal()}
        own = {end: goal for end, goal in self.goals.items() if end != "palliation"}
        return self.model_copy(update={"goals": {**cleared, **own}, "wish_matters": False})

    @cached_property
    def unscored_steps(self) -> frozenset[str]:
        """The steps that `not_scored` selects."""
        return frozenset(steps(self.not_scored))


class ActReason(Strictly):
    """Why the steps `of` are right, or poor where they are open and worse, and when they would be right.

    `finding` names a fact whose finding in the case is quoted with `why`; `sources` are those of the mechanism, beside the step's own.
    """

    of: tuple[str, ...] = Field(min_length=1)
    why: str
    poor: str
    right_if: str
    finding: str = ""
    sources: tuple[str, ...] = ()

    @cached_property
    def steps(self) -> frozenset[str]:
        """The steps that `of` selects."""
        return frozenset(steps(self.of))


class RuleReason(Strictly):
    """Why a rule refuses, and when what it refuses would be right; `sources` are those of the mechanism."""

    because: str
    right_if: str
    sources: tuple[str, ...] = ()


class Reasons(Strictly):
    """What feedback says of acts and rules."""

    acts: tuple[ActReason, ...]
    rules: dict[str, RuleReason]
    otherwise: RuleReason
    held_back: tuple[str, ...]

    @cached_property
    def held_back_steps(self) -> frozenset[str]:
        """The steps that are the best answer only where the figures say so."""
        return frozenset(steps(self.held_back))

    def of_act(self, name: str) -> ActReason | None:
        """What is said of the step `name`: the first entry that selects it."""
        return next((one for one in self.acts if name in one.steps), None)

    def of_rule(self, rule: str) -> RuleReason:
        """What is said of the rule."""
        return self.rules.get(rule, self.otherwise)


class Scoring(Strictly):
    """What figures cannot tell apart, and what a poor choice keeps."""

    deaths_weigh: float
    tolerance_chance: float
    tolerance_tie: float
    tolerance_days: float
    tolerance_risk: float
    poor_at_most: float
    chance_to_nothing: float
    days_to_nothing: float
    risk_to_nothing: float


class Measuring(Strictly):
    """How difficulty is measured."""

    most_for_reasons: int
    reasons_beyond: int
    most_for_variations: int
    variations_beyond: int
    several_good: int
    close_gap: float
    near_gap: float
    most_for_missing: int
    unremarkable: tuple[str, ...]
    near_limit: float
    most_for_limits: int
    disputed: int
    medium_from: int
    hard_from: int


class Limits(Strictly):
    """What an audit of lessons holds them to: shares of questions, answers and scenarios."""

    guessable_headings: float
    guessable_sibling: float
    cue: float
    distinct: float
    cause_in_feedback: float
    many_decisions: int
    share_with_many_decisions: float
    first_steps: int


class Constants(Strictly):
    """How answers are scored, difficulty is measured, and what an audit asks for."""

    scoring: Scoring
    difficulty: Measuring
    audit: Limits
    offered: dict[str, float]


class Syllabus(Strictly):
    """Everything that teaching knows beyond the machine."""

    objectives: dict[ObjectiveId, Objective]
    commons: dict[str, Any]
    reasons: Reasons
    variations: tuple[Contrast, ...]
    # How often each step is right in the lessons generated: so often it is offered where it is wrong.
    offered: dict[str, float]
    scoring: Scoring
    difficulty: Measuring
    audit: Limits
