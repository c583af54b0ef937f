"""What a step does: the vocabulary of acts and findings, and the words by which a record calls them.

A trigger names its acts itself; properties, lessons and pictures read them, so that a new step is known everywhere by what it
says of itself and nowhere by its name.
"""

from __future__ import annotations

from typing import get_args

from pathways.process.model import Trigger
from pathways.words import CourseOnlyEventName, HistoryEventName

# Act: what it means.
ACTS = {
    "meeting": "the team meets and decides",
    "imaging": "the liver is imaged",
    "volumetry": "the remnant is measured",
    "characterisation": "it is found out what a lesion is",
    "observation": "a lesion is watched until it shows what it is",
    "surveillance": "sites of vanished lesions are left and watched",
    "hepatectomy": "a liver resection",
    "first_stage": "the side that stays is cleared, and the other side's inflow closed",
    "further_stage": "the rest of the side that stays is cleared",
    "last_stage": "the side that has been prepared is removed",
    "split": "the side that stays is cleared, the liver split, the other side's inflow closed",
    "ablation": "lesions are destroyed by heat or current",
    "embolisation": "branches of the side to be removed are closed",
    "systemic": "systemic treatment is given",
    "washout": "systemic treatment is stopped and washes out",
    "radiotherapy": "the primary is irradiated, or the interval after it passes",
    "stereotactic": "lesions of the liver are irradiated from outside",
    "drainage": "obstructed bile ducts are drained",
    "diversion": "an emergency of the bowel is controlled without removing its cause",
    "primary_resection": "the primary is removed",
    "metastasectomy": "disease outside the liver is removed",
    "transplantation": "the liver is replaced",
    "waiting": "time is given to the remnant or the patient",
    "delivery": "a pregnancy ends",
    "search": "a primary that is not known is looked for",
    "follow_up": "a cleared patient is looked at again and again",
    "control": "systemic treatment as long as it controls the disease",
    "care": "care without the aim of clearing the liver",
    "complication": "something goes wrong after a treatment",
    "death": "the patient dies",
}
REMOVING = frozenset({"hepatectomy", "last_stage"})
ON_THE_LIVER = REMOVING | {"first_stage", "further_stage", "split", "ablation"}
OPERATIONS = ON_THE_LIVER | {"primary_resection", "metastasectomy"}
STIMULI = frozenset({"embolisation", "first_stage", "split"})
IRRADIATING = frozenset({"radiotherapy", "stereotactic"})
TREATMENTS = OPERATIONS | STIMULI | IRRADIATING | {"systemic", "transplantation"}

# What a record calls it, and what it is.
ACT_OF_EVENT = {
    "hepatectomy": "hepatectomy", "stage_2": "last_stage", "first_stage": "first_stage", "alpps_stage_1": "split",
    "portal_vein_embolisation": "embolisation", "portal_vein_ligation": "embolisation",
    "liver_venous_deprivation": "embolisation", "chemotherapy": "systemic", "stent": "diversion", "diversion": "diversion",
    "biliary_drainage": "drainage", "radiotherapy": "radiotherapy", "stereotactic_radiotherapy": "stereotactic", "restaging": "imaging", "volumetry": "volumetry",
    "ablation": "ablation", "primary_resection": "primary_resection", "metastasectomy": "metastasectomy",
    "transplantation": "transplantation", "delivery": "delivery", "biopsy": "characterisation", "death": "death", "complication": "complication",
}  # fmt: skip
# Told by records, and no act that a property judges: the liver was looked at, or treated as no step here treats it.
NO_ACT = frozenset({*get_args(HistoryEventName), *get_args(CourseOnlyEventName)}) - ACT_OF_EVENT.keys()
# What nature answers that is an act by itself; the other words of an outcome say what a record may call it.
TOLD_BY_OUTCOMES = frozenset({"restaging", "volumetry", "death", "complication"})

# What a step removes or treats beside the lesions that its resection clears.
SITES = ("primary", "extrahepatic", "recurrence", "found at operation")

# What is found: of the remnant, of a lesion, at operation, of the patient.
FINDINGS = {
    "enough": "the remnant is measured as large enough",
    "short": "the remnant is measured as too small",
    "metastasis": "the suspected lesion is a metastasis",
    "benign": "the suspected lesion is benign, and there is no other in the liver",
    "uncertain": "imaging and biopsy have not found out what the lesion is",
    "others_benign": "the suspected lesion is benign, proven ones remain",
    "diagnostic": "the suspected lesion is taken along for diagnosis",
    "more_disease": "more disease than was seen, or tumour that is left",
    "regrown": "the tumour is back where it was ablated",
    "unfit": "the patient is too ill for the next stage",
    "fit": "the patient is well again",
    "recurrence": "the disease has come back",
}
OF_THE_REMNANT = ("enough", "short")
OF_A_LESION = ("metastasis", "benign", "others_benign", "uncertain", "diagnostic")

# Systemic treatment by its place in a plan. Those planned beforehand need no reason at a restaging.
COURSES = (
    "conversion", "continued", "second_line", "perioperative", "postoperative", "bridging", "adjuvant", "recurrence",
)  # fmt: skip
PLANNED_COURSES = ("perioperative", "postoperative", "bridging", "adjuvant")
# Given when nothing is left to be seen: no restaging is due on the way.
AFTER_CLEARANCE = ("postoperative", "adjuvant")


def kinds_of(trigger: Trigger) -> frozenset[str]:
    """Every act of `trigger`: those of a decision as declared, those of an outcome by what a record calls it."""
    found = set(trigger.acts)
    if trigger.kind == "outcome":
        found.update(ACT_OF_EVENT[word] for word in trigger.events if word in TOLD_BY_OUTCOMES)
    if trigger.images or "volumetry" in found:
        found.add("imaging")
    return frozenset(found)


def stimulates(trigger: Trigger) -> bool:
    """Whether the remnant is made to grow by a new stimulus."""
    return trigger.kind == "decision" and any(
        effect.fact == "stimulus" and effect.value != "none" for effect in trigger.effects
    )


def is_block(trigger: Trigger) -> bool:
    """Whether a block of systemic treatment is given that counts."""
    return any(effect.fact == "blocks" for effect in trigger.effects)
