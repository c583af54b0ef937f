"""Removing most of the tumour where all of it cannot be removed: allowed for the tumours the protocol names."""

from __future__ import annotations

from pathways.process.guards import (
    LIVER_FIRST,
    LIVER_UNTOUCHED,
    MAJOR_OPERABLE,
    NO_STIMULUS,
    REPEAT,
    SYSTEMIC_BEFORE,
    UPFRONT,
    becomes,
    holds,
)
from pathways.process.model import Days, Distractor, Guard, Tag, Trigger, Value
from pathways.process.phases import SITUATIONS

# Thought of only for tumours whose metastases are debulked, or may be.
DEBULKING_KNOWN = Guard("debulking_allowed", frozenset[Value]({"yes", "assumed", "unknown"}), "debulking_share")

TRIGGERS = (
    Trigger(
        name="debulk_liver",
        kind="decision",
        title="Debulking: remove at least the share of the tumour that the protocol asks for",
        acts=("hepatectomy",),
        distractor=Distractor(when=(DEBULKING_KNOWN,)),
        phases=SITUATIONS,
        to="recovering",
        raises="stage",
        guards=(
            LIVER_UNTOUCHED,
            NO_STIMULUS,
            holds("debulking_allowed", "debulking_share"),
            Guard(
                "removable", frozenset[Value]({"unresectable", "remnant_insufficient"}), "debulking_share",
                "all of the disease can be removed", ("net_debulking_2022",), closes="not_needed",
            ),
            holds("debulkable", "debulking_share"),
            Guard("remnant_debulking", frozenset[Value]({"enough"}), "remnant_volume"),
            *MAJOR_OPERABLE,
            SYSTEMIC_BEFORE,
        ),
        effects=(becomes("stage", "debulked"), becomes("operation", "debulking")),
        tags=(Tag("debulking"), *UPFRONT, REPEAT, LIVER_FIRST),
        days=Days(("days_to_operation",)),
        sources=("net_debulking_2022", "net_surgery_2012"),
        events=("hepatectomy",),
        clearance="debulking",
        operation=True,
        oncological=True,
    ),
)  # fmt: skip
