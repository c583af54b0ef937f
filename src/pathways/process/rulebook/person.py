"""Records of the rules about the person and the disease as a whole: fitness, wishes, liver function, primary, sites elsewhere."""

from __future__ import annotations

from pathways.process.rulebook.keys import (
    FITNESS,
    FITNESS_LIMITS,
    HELD_TO_BE,
    IN_PLACE,
    LIVER_FUNCTION,
    OPERATION_LIMITS,
)
from pathways.process.rulebook.vocabulary import Example, Rule

RECTUM = {"site": "rectum", "status": "in_situ", "r0_resectable": True, "urgent": "none"}
IN_SITU = {"status": "in_situ", "r0_resectable": True, "urgent": "none"}

FIT_FOR_OPERATION = Rule(
    "fit_for_operation",
    "The patient is fit for a treatment of this extent: the team's own word goes before the scores. "
    "An emergency of the bowel makes the class of the patient: its operation has limits of its own.",
    reads=FITNESS,
    settings=(*FITNESS_LIMITS, "alpps_ecog_max", "emergency_asa_max", "emergency_ecog_max"),
    examples=(
        Example("ECOG 1, for a major resection", "allowed", {"patient": {"fit_for": None, "ecog": 1, "asa": 2}}),
        Example("ECOG 2", "refused", {"patient": {"fit_for": None, "ecog": 2}}),
    ),
)
LIVER_LIMITS = (
    *OPERATION_LIMITS,
    "platelets_min_operation",
    "icg_asked_in",
    "bilirubin_max_systemic",
    "child_pugh_systemic",
)
LIVER_SUFFICIENT = Rule(
    "liver_sufficient",
    "No sign of a failing liver, and INR, bilirubin, albumin, platelets and Child-Pugh class within what the protocol holds safe for a "
    "treatment of this extent. Bilirubin of obstructed ducts is a matter of drainage, that of Gilbert syndrome and an INR under an "
    "anticoagulant say nothing of the liver, and of a class that is given and one that its five items make the worse counts.",
    reads=LIVER_FUNCTION,
    settings=LIVER_LIMITS,
    sources=("oncosurge_2005",),
    parts={
        "a failing liver": ("oncosurge_2005", "collision_2018"),
        "Gilbert syndrome": ("gilbert_2020", "gilbert_2006"),
        "irinotecan in Gilbert syndrome": ("irinotecan_dhpc_2021",),
    },
    examples=(
        Example("INR 1.5", "allowed", {"liver": {"inr": 1.5}}),
        Example("INR 1.6", "refused", {"liver": {"inr": 1.6}}),
    ),
)
LABORATORY_RISK = Rule(
    "laboratory_risk",
    "Gamma-glutamyl transferase and creatinine from their limits on go with more deaths after a liver resection, and bar nothing in themselves.",
    reads=("liver.ggt_u_per_l", "liver.creatinine_umol_per_l"),
    settings=("ggt_high", "creatinine_high"),
    parts={"ALBI": ("apri_albi_2021",)},
    examples=(
        Example("GGT 59 U/l, creatinine 176 umol/l", "silent",
                {"liver": {"ggt_u_per_l": 59.0, "creatinine_umol_per_l": 176.0}}),
        Example("GGT 60 U/l", "allowed", {"liver": {"ggt_u_per_l": 60.0}}),
    ),
)  # fmt: skip
ANAEMIA = Rule(
    "anaemia",
    "A haemoglobin below the limit of the sex goes with more major complications after a liver resection and not with more deaths; it bars nothing "
    "in itself. Below a lower one a transfusion is considered before any operation.",
    reads=("patient.haemoglobin_g_per_l", "patient.sex"),
    settings=("anaemia_below_male", "anaemia_below_female", "haemoglobin_transfused_below"),
    parts={"more major complications": ("tohme_anaemia_2016",)},
    examples=(
        Example("haemoglobin 130 g/l in a man", "silent", {"patient": {"haemoglobin_g_per_l": 130.0, "sex": "male"}}),
        Example("129 g/l", "allowed", {"patient": {"haemoglobin_g_per_l": 129.0, "sex": "male"}}),
    ),
)
BILIARY_DRAINED = Rule(
    "biliary_drained",
    "Obstructed bile ducts are drained before every elective step: operations on liver, bowel and elsewhere, embolisation, radiotherapy, "
    "drugs of every line. An emergency of the primary does not wait for it.",
    reads=(
        "liver.biliary_obstruction",
        "liver.insufficiency",
        "liver.bilirubin_umol_per_l",
        "liver.gilbert",
        "lesions.bile_duct",
    ),
    settings=("bilirubin_max_major", "gilbert_bilirubin_max"),
    examples=(
        Example("obstructed bile ducts, drained", "allowed", {"liver": {"biliary_obstruction": "drained"}}),
        Example("not drained", "refused", {"liver": {"biliary_obstruction": "present"}}),
    ),
)
PREGNANCY = Rule(
    "pregnancy",
    "A pregnancy is planned with obstetricians and neonatologists: no systemic treatment in the first trimester nor shortly before the delivery, "
    "no targeted drug and no immunotherapy, neither radiotherapy of the rectum nor embolisation, and no elective operation late in it. An "
    "emergency of the primary does not wait.",
    reads=(
        "patient.pregnant_weeks", "primary.tumour", "primary.mismatch_repair", "history.event", "history.regimen", "history.until_week",
    ),
    settings=(
        "pregnancy_systemic_from_week", "pregnancy_systemic_to_week", "pregnancy_operation_to_week", "pregnancy_other_drugs",
        "pregnancy_radiation", "targeted_first_tumours", "targeted_weeks", "cycles_per_block", "perioperative_cycles_before", "cycle_weeks",
        "washout_weeks_cytotoxic", "washout_weeks_bevacizumab", "washout_weeks_antibody",
    ),
    sources=("pregnancy_esmo_2013", "pregnancy_review_2025"),
    fact="pregnancy_systemic",
    examples=(
        Example("week 14, chemotherapy", "allowed", {"patient": {"pregnant_weeks": 14}}, live={"gestation": "as_told"}),
        Example("week 13", "refused", {"patient": {"pregnant_weeks": 13}}, live={"gestation": "as_told"}),
    ),
)  # fmt: skip
PATIENT_ACCEPTS = Rule(
    "patient_accepts",
    "Nothing that the patient declines is planned.",
    reads=("patient.declines",),
    fact="accepts_alpps",
    examples=(
        Example("nothing declined", "allowed"),
        Example("ALPPS declined", "refused", {"patient": {"declines": ["alpps"]}}),
    ),
)
PRIMARY_RESECTABLE = Rule(
    "primary_resectable",
    "The primary is gone, or can be removed with a clear margin; one that cannot may be after radiotherapy, where that is asked for. One that is controlled without an operation needs none, and is watched.",
    reads=(*IN_PLACE, "primary.r0_resectable", "primary.needs_radiotherapy"),
    settings=("radiotherapy_may_clear_margin",),
    sources=("vancutsem_2016_esmo",),
    parts={"watched": ("iwwd_2018",)},
    examples=(
        Example("a primary in place that can be removed with a clear margin", "allowed", {"primary": IN_SITU}),
        Example("one that cannot", "refused", {"primary": {**IN_SITU, "r0_resectable": False}}),
    ),
)
PRIMARY_NOT_URGENT = Rule(
    "primary_not_urgent",
    "Obstruction, perforation or bleeding of the primary is dealt with before anything else: by a stent, a diversion or haemostasis where one "
    "controls it, else by its resection.",
    reads=(*IN_PLACE, "primary.tumour", "primary.site", "primary.r0_resectable"),
    settings=("obstruction_not_diverted",),
    sources=("egoslim_2015",),
    examples=(
        Example("a primary in place that does nothing", "allowed", {"primary": IN_SITU}),
        Example("it obstructs the bowel", "refused", {"primary": {**IN_SITU, "urgent": "obstruction"}}),
    ),
)
RADIOTHERAPY = Rule(
    "radiotherapy",
    "Where the rectum is to be irradiated, that and the interval after it come before the resection of the primary; with deficient mismatch repair "
    "immunotherapy comes before it.",
    reads=(*IN_PLACE, "primary.needs_radiotherapy", "primary.mismatch_repair", "primary.tumour", "history.regimen"),
    settings=("immunotherapy_before_radiotherapy", "targeted_first_tumours"),
    watched=("radiotherapy_wait_weeks",),
    sources=("kok_2020", "stockholm3_2010"),
    fact="primary_prepared",
    examples=(
        Example("a rectal tumour for which no radiotherapy is asked", "allowed",
                {"primary": {**RECTUM, "needs_radiotherapy": False}}, live={"primary": "in_situ"}),
        Example("radiotherapy is asked for and has not been given", "refused",
                {"primary": {**RECTUM, "needs_radiotherapy": True}}, live={"primary": "in_situ"}),
    ),
)  # fmt: skip
SIMULTANEOUS_SAFE = Rule(
    "simultaneous_safe",
    "Primary and liver go in one session only where the protocol holds that extent at that site safe.",
    reads=(*IN_PLACE, "primary.tumour", "primary.site", "lesions.segments", *HELD_TO_BE),
    settings=("simultaneous_major_with_rectum", "simultaneous_major_with_colon"),
    sources=("boudjema_2021_metasync", "oncol_ther_2021"),
    fact="simultaneous_major",
    examples=(
        Example("a major hepatectomy together with the sigmoid", "allowed", {"primary": IN_SITU}),
        Example("together with the rectum", "refused", {"primary": RECTUM}),
    ),
)
EXTRAHEPATIC_RESECTABLE = Rule(
    "extrahepatic_resectable",
    "There is no disease outside the liver, or all of it can be removed at a site that the protocol operates on. What is benign is no disease; "
    "what is only suspected is found out, and until then counts as disease from the size of the protocol on.",
    reads=("extrahepatic.site", "extrahepatic.resectable", "extrahepatic.nature", "extrahepatic.size_mm"),
    settings=(
        "extrahepatic_sites_resectable",
        "extrahepatic_sites_max",
        "extrahepatic_in_one_session",
        "extrahepatic_in_one_session_sites",
        "extrahepatic_with_major_sites",
        "suspected_elsewhere_mm",
    ),
    examples=(
        Example(
            "lung metastases, all of them removable",
            "allowed",
            {"extrahepatic": [{"site": "lung", "resectable": True}]},
        ),
        Example("metastases in bone", "refused", {"extrahepatic": [{"site": "bone", "resectable": True}]}),
    ),
)
EXTRAHEPATIC_DISEASE = Rule(
    "extrahepatic_disease",
    "Disease outside the liver bars nothing in itself where all of it can be removed; how much there is, and what was removed before, is told.",
    reads=(
        "extrahepatic.site",
        "extrahepatic.count",
        "extrahepatic.nature",
        "extrahepatic.size_mm",
        "history.event",
        "history.site",
    ),
    sources=("ehd_hwang_2014",),
    examples=(
        Example("none", "silent"),
        Example("lung metastases", "allowed", {"extrahepatic": [{"site": "lung", "resectable": True}]}),
    ),
)
EARLY_RECURRENCE = Rule(
    "early_recurrence",
    "A recurrence soon after the last liver operation bars nothing: chemotherapy first is one pathway.",
    reads=("history.event", "history.week"),
    settings=("early_recurrence_months",),
    examples=(
        Example("the last liver operation 53 weeks ago", "silent",
                {"history": [{"week": -53, "event": "hepatectomy", "removes": [2, 3]}]}),
        Example("52 weeks ago", "allowed", {"history": [{"week": -52, "event": "hepatectomy", "removes": [2, 3]}]}),
    ),
)  # fmt: skip
PRIMARY_SOUGHT = Rule(
    "primary_sought",
    "Where it is not known what the metastases are of, the primary is looked for before anything oncological.",
    reads=("primary.tumour",),
    settings=("look_for_unknown_primary",),
    sources=("cup_esmo_2023",),
    examples=(
        Example("a bowel tumour", "silent"),
        Example("primary not known", "refused", {"primary": {"tumour": "unknown", "site": None}}),
    ),
)
PRIMARY_RULES = Rule(
    "primary_rules",
    "Liver metastases of this primary are resected under rules of its own, beside the criteria for bowel metastases.",
    reads=("primary.tumour", "primary.grade", "primary.ki67_percent", "history.event"),
    settings=(
        "selected_primaries", "refused_primaries", "control_first_primaries", "targeted_first_tumours", "neuroendocrine_grade_max",
    ),
    parts={"bowel": ("vancutsem_2016_esmo",), "neuroendocrine": ("net_surgery_2012", "net_debulking_2022")},
    examples=(
        Example("pancreas, systemic treatment given: taken as selected by the team", "unknown",
                {"primary": {"tumour": "pancreas", "site": None},
                 "history": [{"week": -20, "until_week": -6, "event": "chemotherapy", "regimen": "folfirinox", "cycles": 6}]}),
        Example("pancreas, no systemic treatment recorded", "refused", {"primary": {"tumour": "pancreas", "site": None}}),
    ),
)  # fmt: skip
