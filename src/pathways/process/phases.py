"""The named situations of a patient, in an order that steps without another rise must follow."""

from __future__ import annotations

START = "referred"
SITUATIONS = ("resectable", "remnant_insufficient", "unresectable")
CURATIVE_ENDS = ("resected", "transplanted")
ENDS = (*CURATIVE_ENDS, "benign", "palliation", "dead")
OUTCOME_PHASES = (
    "emergency_recovery",
    "characterisation",
    "on_conversion_chemotherapy",
    "on_perioperative_chemotherapy",
    "on_second_line_chemotherapy",
    "recovering",
    "pathology",
    "hypertrophy",
    "alpps_interval",
    "awaiting_transplantation",
    "washout",
    "volumetry",
)
DECISION_PHASES = (START, "indeterminate", "restaging", *SITUATIONS, "between_stages")
PHASES = (
    "emergency_recovery",
    START,
    "indeterminate",
    "characterisation",
    "on_conversion_chemotherapy",
    "on_perioperative_chemotherapy",
    "on_second_line_chemotherapy",
    "recovering",
    "restaging",
    "washout",
    "pathology",
    "hypertrophy",
    "alpps_interval",
    "awaiting_transplantation",
    "unresectable",
    "remnant_insufficient",
    "resectable",
    "between_stages",
    "volumetry",
    *ENDS,
)

# Where the facts of a state may point once a treatment or a meeting is over (the case table `situation`), and the live
# facts that decide it, by how far surgery of the liver has come. Declared so that the checks can follow it.
SITUATION_PHASES: dict[str, tuple[str, ...]] = {
    "none": SITUATIONS,
    "first": ("hypertrophy", "between_stages"),
    "split": ("between_stages",),
    "cleared": ("pathology", "resectable", "resected"),
}
SITUATION_KEYS: dict[str, tuple[str, ...]] = {
    "none": ("extent", "blocks", "volume", "growth"),
    "first": ("growth",),
    "split": (),
    "cleared": ("nature", "extrahepatic", "primary"),
}

# What is true of the live facts in a phase; checked against every trigger that leads there.
INVARIANTS: dict[str, dict[str, tuple[str, ...]]] = {
    "characterisation": {"nature": ("suspected",)},
    "pathology": {"nature": ("suspected",)},
    "hypertrophy": {"growth": ("pending", "waiting")},
    "alpps_interval": {"growth": ("pending",)},
    "awaiting_transplantation": {"stage": ("none",)},
    "volumetry": {"volume": ("unmeasured",)},
}
