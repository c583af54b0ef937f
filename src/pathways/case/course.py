"""A recorded course: the case as it was on day 0, and what followed. For replay and audit."""

from __future__ import annotations

from pydantic import Field

from pathways import words
from pathways.case.models import Case, Number, Strictly, Text, Treatment, Whole, YesNo
from pathways.documents.versions import FormatVersion
from pathways.ward.notebook import Told


class CourseEvent(Treatment):
    """Something that happened on `day`; without days the order of the list is the order of events."""

    day: Whole | None = Field(None, ge=0, le=40000, description="day it began, day 0 is the case as described")
    until_day: Whole | None = Field(None, ge=0, le=40000, description="day it ended")
    session: Whole | None = Field(None, ge=0, description="same number: done in one session, where days are not told")
    event: words.HistoryEventName | words.CourseOnlyEventName = Field(description="what happened")
    modality: words.Modality | None = Field(None, description="imaging used")
    finding: words.Resectability | None = Field(None, description="resectability found at restaging")
    fraction: Number | None = Field(None, gt=0, lt=1, description="measured remnant as a fraction")
    ml: Number | None = Field(None, gt=0, le=6000, description="measured remnant in ml")
    kind: words.ComplicationKind | None = Field(None, description="kind of complication")
    diagnostic: YesNo = Field(False, description="a resection done to find out what the lesion is")


class Course(Told, Strictly):
    """What was done, as recorded."""

    version: FormatVersion = Field(alias="schema", description="version of the course format")
    case: Case | Text = Field(description="the case, or the name of its file beside the course")
    events: tuple[CourseEvent, ...] = Field(min_length=1, max_length=10_000, description="what happened, in order")
