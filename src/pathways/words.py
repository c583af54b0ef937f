"""The closed vocabularies of a case file, and nothing else."""

from __future__ import annotations

from typing import Literal

Sex = Literal["female", "male"]
FitFor = Literal["none", "ablation", "minor", "major"]
Family = Literal[
    "upfront_surgery", "perioperative_chemotherapy", "conversion_chemotherapy", "one_stage", "two_stage", "alpps",
    "rescue_alpps", "pve", "lvd", "ablation", "simultaneous", "primary_first", "liver_first", "repeat_hepatectomy",
    "transplantation", "metastasectomy", "debulking", "arterial_infusion", "stereotactic_radiotherapy", "targeted_therapy",
    "diagnostic_clarification", "surveillance", "palliative",
]  # fmt: skip
Tumour = Literal[
    "colorectal", "neuroendocrine", "gist", "pancreas", "periampullary", "stomach", "gallbladder", "breast", "lung",
    "melanoma", "kidney", "sarcoma", "other", "unknown",
]  # fmt: skip
ColorectalSite = Literal[
    "caecum", "ascending_colon", "transverse_colon", "descending_colon", "sigmoid", "rectosigmoid", "rectum",
    "right_colon", "left_colon", "colon",
]  # fmt: skip
PrimaryStatus = Literal["in_situ", "resected", "none", "controlled"]
Presentation = Literal["synchronous", "metachronous"]
Urgency = Literal["none", "obstruction", "perforation", "bleeding"]
Ras = Literal["wild_type", "mutated"]
Braf = Literal["wild_type", "v600e"]
MismatchRepair = Literal["proficient", "deficient"]
Background = Literal["normal", "steatosis", "steatohepatitis", "sinusoidal_injury", "fibrosis", "cirrhosis"]
Insufficiency = Literal["jaundice", "ascites", "encephalopathy", "portal_hypertension"]
BiliaryObstruction = Literal["none", "present", "drained"]
ChildPugh = Literal["A", "B", "C"]
Denominator = Literal["standardised", "measured"]
Region = Literal["right_liver", "left_liver", "left_lateral", "whole_liver", "4a", "4b", "unknown"]
# Of segment IV: a place; volumes, pedicles and removals are of the segment.
HALVES: dict[str, str] = {"4a": "IVa", "4b": "IVb"}
Side = Literal["right", "left"]
Vessel = Literal[
    "right_hepatic_vein", "middle_hepatic_vein", "left_hepatic_vein", "right_portal_pedicle", "left_portal_pedicle",
    "right_anterior_pedicle", "right_posterior_pedicle", "hilum", "vena_cava",
]  # fmt: skip
Depth = Literal["superficial", "deep"]
BileDuct = Literal["none", "dilated", "invaded"]
Nature = Literal["confirmed", "suspected", "vanished", "benign"]
Biopsy = Literal["benign", "malignant", "inconclusive"]
Suspicion = Literal["low", "moderate", "high"]
Scan = Literal["ct", "mri", "pet", "contrast_ultrasound"]
ExtrahepaticNature = Literal["confirmed", "suspected", "benign"]
ExtrahepaticSite = Literal[
    "lung", "peritoneum", "portal_nodes", "paraaortic_nodes", "ovary", "adrenal", "bone", "brain", "other",
]  # fmt: skip
HistoryEventName = Literal[
    "chemotherapy", "radiotherapy", "primary_resection", "stent", "diversion", "hepatectomy", "ablation",
    "portal_vein_embolisation", "portal_vein_ligation", "liver_venous_deprivation", "first_stage", "alpps_stage_1",
    "metastasectomy", "transplantation", "biopsy", "restaging", "exploration", "biliary_drainage",
    "stereotactic_radiotherapy", "radioembolisation", "arterial_infusion", "complication",
]  # fmt: skip
CourseOnlyEventName = Literal["stage_2", "volumetry", "delivery", "discharge", "death"]
# Keys that mean something only with some events; anything else would be silently ignored.
EVENTS_OF_KEY: dict[str, tuple[str, ...]] = {
    "segments": (
        "ablation", "portal_vein_embolisation", "portal_vein_ligation", "liver_venous_deprivation", "first_stage",
        "alpps_stage_1", "stereotactic_radiotherapy", "radioembolisation", "arterial_infusion", "biopsy",
        "biliary_drainage",
    ),
    "removes": ("hepatectomy", "first_stage", "alpps_stage_1", "stage_2", "volumetry"),
    "partial": ("hepatectomy", "first_stage", "alpps_stage_1", "stage_2"),
    "margin": ("hepatectomy", "first_stage", "stage_2", "primary_resection", "metastasectomy"),
    "regimen": ("chemotherapy", "arterial_infusion", "radiotherapy"),
    "cycles": ("chemotherapy", "arterial_infusion"),
    "response": ("chemotherapy", "restaging", "radiotherapy", "arterial_infusion", "radioembolisation",
                 "stereotactic_radiotherapy"),
    "modality": ("restaging", "volumetry"),
    "finding": ("restaging", "exploration", "biopsy"),
    "fraction": ("volumetry",),
    "ml": ("volumetry",),
    "kind": ("complication",),
    "site": ("metastasectomy",),
}  # fmt: skip
# What is told with a beginning and an end: drugs and rays, of which a regimen can be told.
LASTING = EVENTS_OF_KEY["regimen"]
# Events after one of which a liver may bear no lesion.
LIVER_CLEARING = ("hepatectomy", "ablation", "stereotactic_radiotherapy", "transplantation")
Response = Literal["complete", "partial", "stable", "progression"]
Margin = Literal["r0", "r1", "r2"]
Modality = Literal["ct", "mri", "pet_ct", "contrast_ultrasound"]
ComplicationKind = Literal["liver_failure", "sepsis", "bile_leak", "bleeding", "other"]
Resectability = Literal[
    "resectable", "remnant_insufficient", "potentially_convertible", "unresectable", "indeterminate", "benign",
]  # fmt: skip
# What an assessment says; a restaging of a course never finds that there was nothing to look at.
Assessed = Literal[Resectability, "cleared"]

REGION_SEGMENTS: dict[str, tuple[int, ...]] = {
    "right_liver": (5, 6, 7, 8),
    "left_liver": (2, 3, 4),
    "left_lateral": (2, 3),
    "whole_liver": (1, 2, 3, 4, 5, 6, 7, 8),
    "4a": (4,),
    "4b": (4,),
    # Somewhere in the liver: one lesion of it may lie anywhere, so that no resection is sure to take it.
    "unknown": (1, 2, 3, 4, 5, 6, 7, 8),
}
SIDE_SEGMENTS: dict[str, tuple[int, ...]] = {"right": (5, 6, 7, 8), "left": (2, 3, 4)}
