"""Lesions that are only suspected: characterise, watch, or take out to find out; benign ends the oncological road."""

from __future__ import annotations

from pathways.process.guards import LIVER_CLEARED, LIVER_UNTOUCHED, MINOR_OPERABLE, REPEAT, becomes, holds, live
from pathways.process.model import BY_SITUATION, Chance, Days, Guard, Tag, Trigger, Value

SUSPECTED = live("nature", "suspected", rule="lesions_characterised", because="no lesion is uncertain")
SOURCES = ("tsili_2020", "false_positive_2018")

TRIGGERS = (
    Trigger(
        name="characterise",
        kind="decision",
        title="Characterise the suspected lesion (contrast ultrasound, second imaging, biopsy only if it decides)",
        phases=("indeterminate",),
        to="characterisation",
        raises="phase",
        guards=(SUSPECTED,),
        tags=(Tag("diagnostic_clarification"),),
        days=Days(("days_to_characterise",)),
        sources=SOURCES,
        events=("biopsy", "restaging"),
    ),
    Trigger(
        name="watch",
        kind="decision",
        title="Watch the suspected lesion and image it again after a short interval",
        phases=("indeterminate",),
        to="characterisation",
        raises="phase",
        guards=(SUSPECTED,),
        tags=(Tag("surveillance"),),
        days=Days(("days_of_watching",)),
        sources=("false_positive_2018",),
        events=("restaging",),
    ),
    # Only a minor resection is done for the sake of the diagnosis: a major one costs too much for an unproven lesion.
    Trigger(
        name="resect_for_diagnosis",
        kind="decision",
        title="Diagnostic resection: take the suspected lesion out by a minor resection",
        phases=("indeterminate",),
        to="recovering",
        raises="stage",
        guards=(
            LIVER_UNTOUCHED,
            SUSPECTED,
            holds("clear_minor", "all_lesions_treatable"),
            Guard("remnant_minor", frozenset[Value]({"enough"}), "remnant_volume"),
            *MINOR_OPERABLE,
        ),
        effects=(*LIVER_CLEARED, becomes("operation", "minor")),
        tags=(Tag("diagnostic_clarification"), REPEAT),
        days=Days(("days_to_operation",)),
        sources=("false_positive_2018",),
        events=("hepatectomy",),
        clearance="minor",
        operation=True,
    ),
    Trigger(
        name="metastasis_confirmed",
        kind="outcome",
        title="It is a metastasis",
        phases=("characterisation",),
        to=BY_SITUATION,
        raises="nature",
        effects=(becomes("nature", "confirmed"),),
        hoped_for=True,
    ),
    Trigger(
        name="lesion_benign",
        kind="outcome",
        title="It is benign",
        phases=("characterisation",),
        to="benign",
        raises="phase",
        chance=Chance("benign_chance"),
    ),
    Trigger(
        name="metastasis_at_pathology",
        kind="outcome",
        title="Pathology: a metastasis",
        phases=("pathology",),
        to=BY_SITUATION,
        raises="nature",
        effects=(becomes("nature", "confirmed"),),
        hoped_for=True,
    ),
    Trigger(
        name="benign_at_pathology",
        kind="outcome",
        title="Pathology: benign",
        phases=("pathology",),
        to="benign",
        raises="phase",
        chance=Chance("benign_chance"),
    ),
)
