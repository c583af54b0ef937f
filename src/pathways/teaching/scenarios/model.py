"""A teaching scenario as a file: the case, its story, what is told when, and the decisions with their options.

A decision point names the states it belongs to by facts of the machine (`when`); an option is a trigger of the machine.
`expected` is what the author holds it for; a scenario that the machine contradicts there is refused.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any, Literal

from pydantic import Field, Strict, field_validator

from pathways.case.models import Case, Strictly, Whole
from pathways.documents.versions import FormatVersion
from pathways.teaching.curriculum.schema import Level, ObjectiveId
from pathways.teaching.lessons.model import Grade
from pathways.ward.notebook import Told

Difficulty = Literal["easy", "medium", "hard"]
Part = Literal["person", "primary", "history", "lesions", "liver", "biology", "elsewhere", "wishes"]
Moment = Literal["referral", "meeting", "conversation"]
Text = Annotated[str, Strict(), Field(min_length=1, max_length=3000)]
Name = Annotated[str, Strict(), Field(pattern=r"^[A-Za-z0-9][A-Za-z0-9._-]*$", max_length=80)]
Fact = Annotated[int, Strict()] | Annotated[str, Strict()]


class Measured(Strictly):
    """The points that make a scenario easy or hard, as they were measured."""

    reasons: Whole = Field(0, ge=0, description="points for reasons that have to be weighed")
    several_good: Whole = Field(0, ge=0, description="points where several answers are as good as the best")
    closeness: Whole = Field(0, ge=0, description="points for how close the nearest poor option comes")
    missing: Whole = Field(0, ge=0, description="points for missing items that something hangs on")
    near_limits: Whole = Field(0, ge=0, description="points for figures that lie near their limit")
    variations: Whole = Field(0, ge=0, description="points for facts that turn the answer round and are asked about")
    disputed: Whole = Field(0, ge=0, description="points where protocols disagree on an answer")


class Disclosed(Strictly):
    """Parts of the case, and when a learner is told of them."""

    at: Moment = Field(description="the referral, the meeting after liver MRI, or the conversation with the patient")
    shows: tuple[Part, ...] = Field(min_length=1, description="parts of the case told then")


class Option(Strictly):
    """A trigger of the machine offered as an answer."""

    trigger: Text = Field(description="name of a decision of the machine")
    expected: Grade | None = Field(None, description="what the author holds it for; the machine must agree")
    text: Text | None = Field(None, description="wording of the option; that of the machine unless told")
    comment: Text | None = Field(None, description="a sentence of the author's own, added to the feedback")


class DecisionPoint(Strictly):
    """A question, the states in which it is asked, and its options in the order shown."""

    id: Name = Field(description="short name")
    when: dict[str, Fact | tuple[Fact, ...]] = Field(description="phase and further facts of the states meant")
    question: Text | None = Field(None, description="the question; a plain one unless told")
    options: tuple[Option, ...] = Field(min_length=2, max_length=6, description="answers, as shown")


class Variation(Strictly):
    """The same patient with one fact otherwise, asked about at the end: usually the same answers, and another key."""

    fact: Text = Field(description="the fact as it is then, in words that follow after but")
    change: dict[str, Any] = Field(
        min_length=1, description="keys of the case by path (lesions.0.size_mm), each with its value"
    )
    question: Text | None = Field(None, description="the question; a plain one unless told")
    options: tuple[Option, ...] = Field(min_length=2, max_length=6, description="answers, as shown")

    @field_validator("change")
    @classmethod
    def _as_written(cls, value: dict[str, Any]) -> dict[str, Any]:
        """Values as JSON has them, however they were read."""
        return {path: _as_json(one) for path, one in value.items()}


def _as_json(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {key: _as_json(one) for key, one in value.items()}
    return [_as_json(one) for one in value] if isinstance(value, (list, tuple)) else value


class Scenario(Told, Strictly):
    """A teaching scenario."""

    version: FormatVersion = Field(alias="schema", description="version of the scenario format")
    id: Name = Field(description="short name")
    title: Text = Field(description="one line that gives nothing away")
    objective: ObjectiveId = Field(description="what is to be learned")
    level: Level = Field(description="place in the curriculum")
    difficulty: Difficulty = Field(description="as measured")
    measured: Measured | None = Field(None, description="how the difficulty was measured")
    protocol: Text = Field("default", description="a shipped protocol, or an overlay file beside the scenario")
    seed: Annotated[int, Strict(), Field(ge=0, lt=2**63)] = Field(description="seed of the luck")
    reviewed_by: Text | None = Field(None, description="the clinician who has read it; absent: nobody")
    reviewed_on: Annotated[str, Strict(), Field(pattern=r"^\d{4}-\d{2}-\d{2}$")] | None = Field(
        None, description="day of the review, 2026-11-21"
    )
    reviewed_as: Text | None = Field(None, description="in which role: surgeon, oncologist, educator")
    reviewed_scope: Text | None = Field(None, description="what was reviewed: keys, figures, wording")
    reviewed_content: Text | None = Field(
        None, description="mark over the content that was reviewed; teach sign writes it"
    )
    learning_objectives: tuple[Text, ...] = Field(min_length=1, max_length=8, description="what a learner takes home")
    story: tuple[Text, ...] = Field(min_length=1, max_length=12, description="the referral in plain words, paragraphs")
    disclosed: tuple[Disclosed, ...] = Field((), description="what is told when; the usual order unless told")
    variations: tuple[Variation, ...] = Field((), max_length=5, description="one fact otherwise, each a question")
    decisions_at_most: Whole = Field(5, ge=1, le=8, description="most decisions on one way through the lesson")
    after_a_poor_choice: Whole = Field(1, ge=0, le=5, description="most decisions after the first poor choice")
    decisions: tuple[DecisionPoint, ...] = Field(min_length=1, max_length=40, description="decision points")
    case: Case = Field(description="the patient, as in a case file")


USUAL_ORDER: tuple[Disclosed, ...] = (
    Disclosed(at="referral", shows=("person", "primary", "history", "elsewhere")),
    Disclosed(at="meeting", shows=("lesions", "liver", "biology")),
    Disclosed(at="conversation", shows=("wishes",)),
)
MOMENTS: tuple[Moment, ...] = ("referral", "meeting", "conversation")
