"""Keys and settings that several rules read together: the lesions, the volumes of the liver, and what has been done to it."""

from __future__ import annotations

# What a lesion is held to be: any of the three decides where the others leave it open.
HELD_TO_BE = ("lesions.nature", "lesions.biopsy", "lesions.suspicion")
LESIONS = (
    "lesions.segments", "lesions.count", "lesions.size_mm", "lesions.contacts", "lesions.invades", "lesions.thrombus",
    "lesions.bile_duct", "lesions.depth", *HELD_TO_BE,
)  # fmt: skip
VOLUMETRY = (
    "patient.height_cm", "patient.weight_kg", "liver.total_ml", "liver.tumour_ml", "liver.segments_ml",
    "liver.measured_remnants.removes", "liver.measured_remnants.fraction", "liver.measured_remnants.ml",
    "liver.measured_remnants.week", "liver.measured_remnants.denominator", "liver.measured_remnants.excludes_congested",
)  # fmt: skip
# Whether the primary is still in place.
IN_PLACE = ("primary.status", "primary.urgent", "primary.presentation", "history.event")
EARLIER_SURGERY = (
    "liver.removed_segments", "liver.embolised", "history.event", "history.week", "history.removes", "history.segments",
)  # fmt: skip
# The liver that is not tumour, and the chemotherapy it has had.
EXPOSURE = ("liver.background", "history.regimen", "history.cycles", "history.until_week")
# Whether a duct is joined to the bowel, or will be with the removal of the primary: `history.event` stands with earlier surgery.
JOINED_DUCT = (
    "liver.bilioenteric_anastomosis",
    "primary.tumour",
    "primary.status",
    "primary.urgent",
    "primary.presentation",
)
# Everything that decides which resections clear the liver.
CLEARED_BY = (*LESIONS, *JOINED_DUCT, *VOLUMETRY, *EARLIER_SURGERY, *EXPOSURE)
# And whether what stays is enough after the chemotherapy of a plan: a targeted drug or immunotherapy counts as none.
LIVER = (*CLEARED_BY, "primary.mismatch_repair")

LOCAL_TREATMENT = (
    "ablation_max_mm", "ablation_max_count", "ablation_margin_mm", "limited_resection_max_mm", "limited_resection_max_mm_deep",
    "limited_resection_max_count", "ablation_barred_by", "ablation_after_bilioenteric_anastomosis", "primaries_joining_the_bile_duct",
    "segments_involved_limit", "vessel_detachment", "vena_cava_resection", "vanished_policies",
)  # fmt: skip
# How the courses of the history are counted.
COURSES_GIVEN = (
    "past_course_weeks", "short_cycle_regimens", "short_cycle_weeks", "long_cycle_regimens", "long_cycle_weeks", "cycle_weeks",
)  # fmt: skip
LIVER_STATE = ("exposed_after_weeks", "exposed_after_cycles", "exposure_fades", *COURSES_GIVEN)
HALVES = ("perioperative_cycles_before", "perioperative_cycles_after")
BLOCKS = ("cycles_per_block", "perioperative_cycles_before", "targeted_first_tumours")
FRACTIONS = ("remnant_limit_normal", "remnant_limit_exposed", "remnant_limit_injured", "remnant_limit_cirrhosis")
BODY_WEIGHT = ("remnant_body_weight_normal", "remnant_body_weight_damaged")
# How old and how unusual a volumetry may be that decides as measured.
VOLUMETRY_SETTINGS = ("volumetry_weeks", "volumetry_plausible_sds")
# Settings that decide which resections clear the liver.
CLEARING = (
    *LOCAL_TREATMENT, "remnant_adjacent_segments", "major_resection_segments", "major_resection_share", "congested_liver_left",
    "growth_reach_sds", *FRACTIONS, *LIVER_STATE,
    *VOLUMETRY_SETTINGS,
)  # fmt: skip
GROWTH_RATE = ("growth_rate_gates", "growth_rate_min", "hypertrophy_min")
# And those that decide whether what stays is enough.
ENOUGH = (*CLEARING, *BLOCKS, *BODY_WEIGHT, *GROWTH_RATE)
FITNESS = ("patient.fit_for", "patient.ecog", "patient.asa")
FITNESS_LIMITS = ("ecog_max_major", "ecog_max_minor", "asa_max")
# What is read of liver function.
LIVER_FUNCTION = (
    "liver.insufficiency", "liver.biliary_obstruction", "liver.inr", "patient.anticoagulated", "liver.bilirubin_umol_per_l",
    "liver.gilbert", "liver.albumin_g_per_l", "liver.platelets_e9_per_l", "liver.background", "liver.child_pugh", "liver.icg_r15_percent", "lesions.bile_duct",
)  # fmt: skip
# Whether an operation is borne, beside what clears the liver: who does not bear it has none that counts.
BORNE = (*FITNESS, *LIVER_FUNCTION)
OPERATION_LIMITS = (
    "inr_max", "child_pugh_major", "child_pugh_minor", "child_pugh_ablation", "bilirubin_max_major", "bilirubin_max_minor",
    "bilirubin_max_ablation", "gilbert_bilirubin_max", "portal_hypertension_bars_from", "albumin_min_major", "albumin_min_minor", "platelets_min_cirrhosis", "icg_r15_max_major",
)  # fmt: skip
