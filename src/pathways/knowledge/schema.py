"""What a source, a parameter, a setting and a protocol must say. Used when knowledge is compiled and overlays load."""

from __future__ import annotations

import datetime as dt
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, Strict, model_validator

from pathways.documents.versions import FormatVersion

Confidence = Literal["confirmed", "unconfirmed", "derived", "expert_opinion", "simplification"]
Unit = Literal[
    "fraction", "ml", "ml per m2", "ml per kg", "mm", "days", "weeks", "cycles", "segments", "lesions", "percent",
    "ratio", "ng/ml", "years", "ECOG", "ASA", "Child-Pugh class", "sites", "tumours", "yes or no", "never after_response always",
    "standard deviations", "percentage points a week", "months", "backgrounds", "policies", "regimens", "doublet triplet", "anti_egfr bevacizumab", "encorafenib chemotherapy", "nivolumab_ipilimumab pembrolizumab", "low moderate high", "ablation minor major",
    "cm", "kg per m2", "umol/l", "g/l", "e9/l", "points", "U/l", "log odds", "log odds a year", "grade", "weeks pregnant", "national experienced_centre",
    "microwave radiofrequency", "findings at a lesion", "growth stimuli", "lines",
]  # fmt: skip
Text = Annotated[str, Strict(), Field(min_length=1, max_length=1000)]
SettingValue = (
    Annotated[bool, Strict()] | Annotated[int, Strict()] | Annotated[float, Strict()] | Text | tuple[Text, ...]
)


class Strictly(BaseModel):
    """Frozen; an undeclared key is an error."""

    model_config = ConfigDict(extra="forbid", frozen=True, allow_inf_nan=False)


class Reference(Strictly):
    """One publication, as far as its bibliography is known."""

    title: Text
    authors: Text | None = None
    journal: Text | None = None
    year: int | None = None
    doi: Text | None = None
    pmid: Text | None = None
    bibliography_uncertain: bool = False


class Distribution(Strictly):
    """How sure a figure is, or how patients differ: each kind with its numbers.

    normal and lognormal (of the logarithm): sd; beta: events of n; range: low to high; dirichlet: concentration;
    tail: falls off from low to high at `rate` a unit.
    A range says what it is of: a confidence interval of the figure, the spread of several studies, or a guess of the team.
    """

    kind: Literal["normal", "lognormal", "beta", "range", "dirichlet", "tail"]
    sd: float | None = Field(None, gt=0)
    low: float | None = None
    high: float | None = None
    events: int | None = Field(None, ge=0)
    n: int | None = Field(None, ge=1)
    concentration: float | None = Field(None, gt=0)
    rate: float | None = Field(None, gt=0)
    of: Literal["confidence", "studies", "guess"] | None = None

    @model_validator(mode="after")
    def _complete(self) -> Distribution:
        needed = {
            "normal": (self.sd,),
            "lognormal": (self.sd,),
            "tail": (self.low, self.high, self.rate),
            "beta": (self.events, self.n),
            "range": (self.low, self.high, self.of),
            "dirichlet": (self.concentration,),
        }[self.kind]
        if any(value is None for value in needed):
            raise ValueError(f"a distribution of kind {self.kind} lacks its numbers")
        return self


class ParameterEntry(Strictly):
    """One figure of the literature (or of the team, and then it says so)."""

    description: Text
    value: float | tuple[float, ...]
    unit: Unit
    population: Text
    sources: tuple[Text, ...] = Field(min_length=1)
    confidence: Confidence
    reviewed: dt.date
    n: int | None = Field(None, ge=1)
    distribution: Distribution | None = None
    note: Text | None = None


class SettingEntry(Strictly):
    """One choice of a protocol, with the reason for it."""

    value: SettingValue = Field(description="the value chosen")
    unit: Unit = Field(description="unit of the value")
    sources: tuple[Text, ...] = Field(min_length=1, description="ids of sources")
    confidence: Confidence = Field(description="how sure the value is")
    why: Text = Field(description="the reason, and whether it is disputed")
    denominator: Literal["standardised", "measured"] | None = Field(None, description="of a remnant fraction")


class Replacement(Strictly):
    """What an overlay puts in the place of a setting of the protocol it is based on."""

    value: SettingValue = Field(description="the value chosen")
    why: Text = Field(description="why this centre differs")
    sources: tuple[Text, ...] = Field(min_length=1, description="ids of sources, known ones or those under references")
    confidence: Confidence = Field(description="how sure the value is")
    denominator: Literal["standardised", "measured"] | None = Field(None, description="of a remnant fraction")


class ScoreItem(Strictly):
    """What adds points: an input and the one comparison it must pass."""

    words: Text
    input: Text
    points: int = Field(ge=1)
    above: float | None = None
    at_least: float | None = None
    below: float | None = None
    equals: Annotated[bool, Strict()] | None = None

    @model_validator(mode="after")
    def _one_comparison(self) -> ScoreItem:
        if sum(one is not None for one in (self.above, self.at_least, self.below, self.equals)) != 1:
            raise ValueError("an item has exactly one of above, at_least, below, equals")
        return self


class ScoreEntry(Strictly):
    """A prognostic score, by points or by a value in zones. `tumours` empty: for every tumour."""

    title: Text
    tumours: tuple[Text, ...]
    items: tuple[ScoreItem, ...] = ()
    groups: dict[Text, tuple[int, int]] = Field(default_factory=dict)
    value: Text | None = None
    zones: tuple[float, ...] = ()
    sources: tuple[Text, ...] = Field(min_length=1)
    confidence: Confidence
    note: Text | None = None


class PrognosticLevel(Strictly):
    """A level of a factor, from its lower limit on; with figures it has an id, and the parameters of that name.

    `recurrence`, `death` after it and `long` survivors are of life after clearance, `uncleared` of life without it.
    """

    words: Text
    id: Text | None = None
    at_least: float | None = None
    above: float | None = None
    figures: tuple[Literal["recurrence", "death", "long", "uncleared"], ...] = ()

    @model_validator(mode="after")
    def _named(self) -> PrognosticLevel:
        if bool(self.figures) != (self.id is not None):
            raise ValueError("a level with figures has an id, and one without has none")
        return self


class PrognosticFactor(Strictly):
    """What moves recurrence, life after it and life without clearance: levels in ascending order of an input.

    `shares_of`: both where the levels have shares of patients at the first meeting too, against whom life without clearance is told.
    `silent`: the yes-or-no input of another factor, with which this one says nothing of life with the disease.
    `carried`: where only one of life after a recurrence and life without clearance has a figure, it may stand for the other.
    """

    words: Text
    key: Text | None = None
    input: Text
    centred: Annotated[bool, Strict()] = False
    carried: Annotated[bool, Strict()] = True
    silent: Text | None = None
    shares_of: Literal["resected", "both"] = "resected"
    told: Literal["today", "after_operation", "always"] = "today"
    levels: tuple[PrognosticLevel, ...] = Field(min_length=2)

    @model_validator(mode="after")
    def _alike(self) -> PrognosticFactor:
        if len({frozenset(one.figures) for one in self.levels if one.id}) > 1:
            raise ValueError("the levels of a factor have the same figures")
        return self


class BaseProtocol(Strictly):
    """The protocol that has every setting."""

    version: FormatVersion = Field(alias="schema")
    id: Text
    title: Text
    settings: dict[Text, SettingEntry]


class Overlay(Strictly):
    """A centre's policy: names the protocol it starts from, what it replaces, and why."""

    version: FormatVersion = Field(alias="schema", description="version of the protocol format")
    id: Text = Field(pattern=r"^[A-Za-z0-9][A-Za-z0-9._-]*$", description="short name")
    title: Text = Field(description="one line")
    based_on: Text = Field(description="a shipped protocol: default, mdacc or european")
    references: dict[Text, Reference] = Field(default_factory=dict, description="sources of the centre's own")
    replaces: dict[Text, Replacement] = Field(description="settings replaced, by name")


class Preference(Strictly):
    """The steps of some phases, first of the list first."""

    phases: tuple[Text, ...] = Field(min_length=1)
    steps: tuple[Text, ...] = Field(min_length=1)


class StrategyEntry(Strictly):
    """Which open step is taken in each phase, first of the list first; `based_on`: what it does not say is as there."""

    title: Text
    why: Text
    sources: tuple[Text, ...] = Field(min_length=1)
    confidence: Confidence
    based_on: Text | None = None
    needs: dict[Text, tuple[Text, ...]] = Field(default_factory=dict)
    orders: tuple[Preference, ...]


class TargetCohort(Strictly):
    """Who is drawn for a target: keys of a cohort file."""

    title: Text
    only: dict[Text, Any]
    draw: dict[Text, Any] = Field(default_factory=dict)


class TargetEntry(Strictly):
    """A published result, and how a simulation measures the same."""

    title: Text
    cohort: Text
    strategy: Text
    of: tuple[Text, ...] = Field(min_length=1)
    share: tuple[Text, ...] = ()
    days_to: tuple[Text, ...] = ()
    survival_years: int | None = None
    relative: bool = False
    survival_median: bool = False
    within_days: int | None = Field(None, ge=1)
    first: bool = False
    figures: dict[Text, float] = Field(default_factory=dict)
    value: float
    low: float
    high: float
    n: int = Field(ge=0)
    sources: tuple[Text, ...] = Field(min_length=1)
    use: Literal["fitted", "held_back", "fresh"]
    note: Text | None = None

    @model_validator(mode="after")
    def _one_measure(self) -> TargetEntry:
        measures = (bool(self.share), bool(self.days_to), self.survival_years is not None, self.survival_median)
        if sum(measures) != 1:
            raise ValueError("a target has exactly one of share, days_to, survival_years, survival_median")
        return self


class Targets(Strictly):
    """Cohorts and what is measured in them."""

    cohorts: dict[Text, TargetCohort]
    targets: dict[Text, TargetEntry]
