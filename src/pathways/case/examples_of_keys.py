"""A value for each key that is no word of a list, as an editor offers it; a tuple is several. A test holds every one to be valid."""

from __future__ import annotations

from typing import Any, get_args

from pathways import words

RIGHT = [5, 6, 7, 8]
EXAMPLES: dict[str, dict[str, Any]] = {
    "Source": {"citation": "Schnitzbauer et al., Ann Surg 2012", "doi": "10.1097/SLA.0b013e31824856f5"},
    "Patient": {
        "age_years": 62, "height_cm": 168, "weight_kg": 71, "ecog": 1, "asa": 2, "anticoagulated": False, "haemoglobin_g_per_l": 128, "pregnant_weeks": 22, "declines": ["transplantation"],
    },
    "Primary": {
        "site": get_args(words.ColorectalSite), "interval_months": 18, "r0_resectable": True, "needs_radiotherapy": False, "node_positive": True,
        "grade": 2, "ki67_percent": 8, "cea_ng_per_ml": 45, "cea_peak_ng_per_ml": 120,
    },
    "MeasuredRemnant": {"removes": RIGHT, "fraction": 0.27, "ml": 400, "week": -1, "excludes_congested": False},
    "Liver": {
        "insufficiency": [], "bilioenteric_anastomosis": False, "bilirubin_umol_per_l": 12, "gilbert": False, "inr": 1.0, "platelets_e9_per_l": 220, "albumin_g_per_l": 41, "ggt_u_per_l": 45,
        "creatinine_umol_per_l": 75, "icg_r15_percent": 8, "total_ml": 1480, "tumour_ml": 60, "segments_ml": {"2": 110, "3": 130},
        "removed_segments": [6], "embolised": ["right"], "measured_remnants": [{"removes": RIGHT, "fraction": 0.27, "ml": 400, "week": -1}],
    },
    "Lesion": {
        "id": "A", "segments": [8], "count": 1, "size_mm": 35, "contacts": ["right_hepatic_vein", "middle_hepatic_vein"],
        "invades": ["right_hepatic_vein"], "thrombus": ["right_anterior_pedicle"], "seen_on": ["ct", "mri"],
    },
    "ExtrahepaticDisease": {"count": 2, "resectable": True, "size_mm": 6},
    "Treatment": {
        "segments": ["right"], "removes": RIGHT, "partial": [7], "regimen": ("folfox_bevacizumab", "folfiri_panitumumab", "capox"), "cycles": 6, "site": "lung",
    },
    "HistoryEvent": {"week": -12, "until_week": -4},
    "Case": {
        "id": "my-patient", "title": "Two metastases of the right liver, bowel tumour in place",
        "lesions": [{"id": "A", "segments": [8], "size_mm": 35}], "extrahepatic": [{"site": "lung", "count": 2, "resectable": True}],
        "history": [{"week": -12, "until_week": -4, "event": "chemotherapy", "regimen": "folfox", "cycles": 4, "response": "partial"}],
    },
    "CourseEvent": {"day": 28, "until_day": 84, "session": 1, "fraction": 0.34, "ml": 500, "diagnostic": False},
    "Course": {"case": "my-patient.yaml", "events": [{"day": 28, "event": "hepatectomy", "removes": RIGHT}]},
}  # fmt: skip
