"""The named situations of a patient, in an order that steps without another rise must follow."""

from __future__ import annotations

START = "referred"
SITUATIONS = ("resectable", "remnant_insufficient", "unresectable")
# `resected` ends an episode; with follow-up switched on it leads on, and only then it has a way out.
END_OF_EPISODE = "resected"
PALLIATION = "palliation"
CURATIVE_ENDS = ("resected", "no_visible_disease", "transplanted")
ENDS = (*CURATIVE_ENDS, "debulked", "controlled", "benign", PALLIATION, "dead")
OUTCOME_PHASES = (
    "emergency_recovery",
    "characterisation",
    "on_conversion_chemotherapy",
    "on_perioperative_chemotherapy",
    "on_second_line_chemotherapy",
    "recovering",
    "liver_failure",
    "pathology",
    "ablation_control",
    "hypertrophy",
    "bridging",
    "alpps_interval",
    "awaiting_transplantation",
    "washout",
    "volumetry",
    "volumetry_before_diagnosis",
    "follow_up",
    "on_recurrence_chemotherapy",
    "recurrence_assessment",
    "irradiated",
)
DECISION_PHASES = (START, "indeterminate", "restaging", *SITUATIONS, "between_stages", "incomplete", "recurred")
PHASES = (
    "emergency_recovery",
    START,
    "indeterminate",
    "characterisation",
    "on_conversion_chemotherapy",
    "on_perioperative_chemotherapy",
    "on_second_line_chemotherapy",
    "recovering",
    "liver_failure",
    "restaging",
    "washout",
    "pathology",
    "ablation_control",
    "hypertrophy",
    "bridging",
    "alpps_interval",
    "awaiting_transplantation",
    "unresectable",
    "remnant_insufficient",
    "resectable",
    "between_stages",
    "incomplete",
    "volumetry",
    "volumetry_before_diagnosis",
    "resected",
    "follow_up",
    "recurred",
    "on_recurrence_chemotherapy",
    "recurrence_assessment",
    "irradiated",
    *(end for end in ENDS if end != END_OF_EPISODE),
)

# Where the facts of a state may point once a treatment or a meeting is over (the case table `situation`), and the live
# facts that decide it, by how far surgery of the liver has come. Declared so that the checks can follow it.
SITUATION_PHASES: dict[str, tuple[str, ...]] = {
    "none": SITUATIONS,
    "first": ("hypertrophy", "between_stages"),
    "further": ("hypertrophy", "between_stages"),
    "split": ("between_stages",),
    "debulked": ("resectable", "debulked"),
    "spared": ("resectable", "benign", "no_visible_disease"),
    "ablated": ("resectable", "ablation_control"),
    "cleared": ("pathology", "resectable", "benign", "resected", "no_visible_disease"),
    "abandoned": ("unresectable",),
    "incomplete": ("incomplete",),
    "completed": ("pathology", "resectable", "benign", "resected", "no_visible_disease"),
}
# The liver has been cleared, at once or by a second session for what was found at operation, left or came back.
CLEARED = "cleared"
LIVER_DONE = ("ablated", CLEARED, "completed")
# It has never had to be: what was suspected in it is benign.
LIVER_SPARED = "spared"
SITUATION_KEYS: dict[str, tuple[str, ...]] = {
    "none": ("extent", "sites", "nature", "blocks", "volume", "growth"),
    "first": ("growth",),
    "further": ("growth",),
    "split": (),
    "debulked": ("primary",),
    "spared": ("extrahepatic", "primary"),
    "ablated": ("extrahepatic", "primary"),
    "cleared": ("nature", "sites", "extrahepatic", "primary"),
    "abandoned": (),
    "incomplete": (),
    "completed": ("nature", "sites", "extrahepatic", "primary"),
}

# What is true of the live facts in a phase; checked against every trigger that leads there.
INVARIANTS: dict[str, dict[str, tuple[str, ...]]] = {
    "characterisation": {"nature": ("suspected", "mixed")},
    "pathology": {"nature": ("suspected",)},
    "ablation_control": {"stage": ("ablated",)},
    "hypertrophy": {"growth": ("pending", "waiting")},
    "alpps_interval": {"growth": ("pending",)},
    "awaiting_transplantation": {"stage": ("none",)},
    "volumetry": {"volume": ("unmeasured", "was_short")},
    "volumetry_before_diagnosis": {"volume": ("unmeasured", "was_short")},
    "incomplete": {"stage": ("incomplete",)},
    "recurrence_assessment": {"relapse": ("late", "tested", "early")},
    "on_recurrence_chemotherapy": {"relapse": ("early",)},
}
