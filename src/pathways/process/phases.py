"""The named situations of a patient, in an order that steps without another rise must follow."""

from __future__ import annotations

START = "referred"
SITUATIONS = ("resectable", "remnant_insufficient", "unresectable")
CURATIVE_ENDS = ("resected",)
ENDS = (*CURATIVE_ENDS, "benign", "palliation", "dead")
OUTCOME_PHASES = (
    "characterisation",
    "on_conversion_chemotherapy",
    "on_perioperative_chemotherapy",
    "recovering",
    "hypertrophy",
    "alpps_interval",
    "washout",
    "volumetry",
)
DECISION_PHASES = (START, "indeterminate", "restaging", *SITUATIONS, "between_stages")
PHASES = (
    START,
    "indeterminate",
    "characterisation",
    "on_conversion_chemotherapy",
    "on_perioperative_chemotherapy",
    "recovering",
    "hypertrophy",
    "alpps_interval",
    "restaging",
    "washout",
    "unresectable",
    "remnant_insufficient",
    "resectable",
    "between_stages",
    "volumetry",
    *ENDS,
)
