"""Transplantation for liver metastases that stay unresectable, under the criteria of a trial."""

from __future__ import annotations

from pathways.process.guards import (
    BILE_DRAINED,
    CONTROLLED,
    LIVER_UNTOUCHED,
    NEVER,
    NO_STIMULUS,
    NOT_URGENT,
    becomes,
    holds,
    live,
)
from pathways.process.model import BY_SITUATION, Chance, Days, Distractor, Guard, Tag, Trigger, Value
from pathways.process.phases import SITUATIONS

SOURCES = ("transmet_2024",)
WAITING = Days(("days_to_transplantation",))

# What both the observation before listing and the listing ask for.
CANDIDATE = (
    NOT_URGENT,
    LIVER_UNTOUCHED,
    NO_STIMULUS,
    CONTROLLED,
    live(
        "primary",
        "resected",
        "absent",
        rule="transplant_criteria",
        because="the primary is still in place",
        teaches=True,
    ),
    # By the liver alone: who is not fit for a resection is not given a liver for it.
    Guard(
        "removable",
        frozenset[Value]({"unresectable"}),
        "transplant_criteria",
        "what lies in the liver can be resected, at once or after the remnant has grown",
        SOURCES,
        closes="not_needed",
    ),
    holds("transplantable", "transplant_criteria"),
    holds("transplant_tested", "transplant_criteria"),
    live("pregnancy", "none", rule="pregnancy", because="no transplantation for metastases during a pregnancy"),
    BILE_DRAINED,
)

TRIGGERS = (
    Trigger(
        name="observe_before_listing",
        kind="decision",
        title="Observe after the resection of the primary, and image again",
        acts=("waiting",),
        short="observation",
        distractor=NEVER,
        phases=SITUATIONS,
        to=BY_SITUATION,
        raises="listed",
        guards=(
            *CANDIDATE,
            live("listed", "no", rule="transplant_criteria", because="the patient has been observed or listed before"),
            Guard(
                "transplant_observed",
                frozenset[Value]({"no"}),
                "transplant_criteria",
                "the primary has been resected long enough ago",
                SOURCES,
                closes="not_needed",
            ),
        ),
        effects=(becomes("listed", "observed"),),
        days=Days(("transplant_observation_days",)),
        sources=SOURCES,
        images=True,
    ),
    Trigger(
        name="list_for_transplantation",
        kind="decision",
        title="List for liver transplantation, after validation by an expert committee",
        acts=("transplantation",),
        short="transplantation",
        annotation="after validation by an expert committee; {transplantation_death_chance:.0%} die of it: deaths of the first year, of whatever cause",
        distractor=Distractor(only_in=("unresectable",)),
        phases=SITUATIONS,
        to="awaiting_transplantation",
        raises="listed",
        guards=(
            *CANDIDATE,
            live("listed", "no", "observed", rule="transplant_criteria", because="the patient has been listed before"),
            holds("transplant_observed", "transplant_criteria"),
        ),
        effects=(becomes("listed", "yes"),),
        tags=(Tag("transplantation"),),
        sources=SOURCES,
        events=("transplantation",),
        operation=True,
        oncological=True,
    ),
    Trigger(
        name="transplanted",
        kind="outcome",
        title="Transplanted",
        phases=("awaiting_transplantation",),
        to="transplanted",
        raises="phase",
        days=WAITING,
        hoped_for=True,
    ),
    Trigger(
        name="progression_before_transplantation",
        kind="outcome",
        title="Progression before the transplantation",
        phases=("awaiting_transplantation",),
        to=BY_SITUATION,
        raises="phase",
        effects=(becomes("control", "progressed"),),
        days=WAITING,
        chance=Chance("transplantation_dropout_chance"),
    ),
    Trigger(
        name="death_at_transplantation",
        kind="outcome",
        title="Death after the transplantation",
        phases=("awaiting_transplantation",),
        to="dead",
        raises="phase",
        days=WAITING,
        chance=Chance("transplantation_death_chance", of_rest=True),
        events=("death",),
    ),
)
