"""Records of the rules about systemic treatment: whether, how long, which, and what it opens."""

from __future__ import annotations

from pathways.process.rulebook.keys import (
    BORNE,
    COURSES_GIVEN,
    ENOUGH,
    FITNESS_LIMITS,
    HALVES,
    HELD_TO_BE,
    LIVER,
    OPERATION_LIMITS,
)
from pathways.process.rulebook.vocabulary import Example, Rule

UNRESECTABLE = [{"id": "A", "segments": [4, 5, 8], "size_mm": 90, "count": 1,
                 "contacts": ["right_hepatic_vein", "middle_hepatic_vein", "left_hepatic_vein"]}]  # fmt: skip
GIST = {"tumour": "gist", "site": None}


def _folfox(**told: object) -> dict[str, object]:
    return {"history": [{"week": -24, "event": "chemotherapy", "regimen": "folfox", **told}]}


DISEASE_CONTROLLED = Rule(
    "disease_controlled",
    "After progression there is no operation on the liver until the disease is controlled again.",
    reads=("history.event", "history.response"),
    settings=("operate_on_progression",),
    examples=(
        Example("stable under the last chemotherapy", "allowed", _folfox(cycles=4, until_week=-6, response="stable")),
        Example("progression", "refused", _folfox(cycles=4, until_week=-6, response="progression")),
    ),
)
TARGETED_FIRST = Rule(
    "targeted_first",
    "A tumour with a targeted drug is given it before an operation on the liver, and operated on while it responds.",
    reads=("primary.tumour", "history.event", "history.week", "history.until_week"),
    settings=("targeted_first_tumours", "targeted_weeks", "control_first_primaries"),
    examples=(
        Example("GIST, imatinib given", "allowed",
                {"primary": GIST, "history": [{"week": -30, "until_week": -2, "event": "chemotherapy", "regimen": "imatinib"}]}),
        Example("GIST, nothing given yet", "refused", {"primary": GIST}),
    ),
)  # fmt: skip
CHEMOTHERAPY_REMAINING = Rule(
    "chemotherapy_remaining",
    "One more block of chemotherapy stays within the most cytotoxic cycles before a hepatectomy; what was given before the "
    "last one, before the metastases were found, or ended long ago, is not counted, nor what was given up to a progression: a new line counts "
    "its own cycles, and a plan to operate is built on so many lines at most. So does the half of a perioperative course before its "
    "operation; the half after it counts towards none, and is still begun so long after the operation at most. Where a half or more was given "
    "shortly before today no other goes before the operation; a half goes on after it.",
    reads=(
        "primary.tumour", "primary.mismatch_repair", "history.event", "history.regimen", "history.cycles", "history.week",
        "history.until_week", "history.response", "primary.presentation", "primary.interval_months",
    ),
    settings=("hard_cycles", "cycles_of_earlier_lines_count", "lines_before_surgery_max", "adjuvant_cycles_count", "cycles_per_block", *HALVES, "second_half_within_weeks", "targeted_first_tumours", "perioperative_accepted", *COURSES_GIVEN),
    examples=(
        Example("8 cycles given: a block of 4 makes 12", "allowed", _folfox(cycles=8, until_week=-6)),
        Example("9 cycles given: it makes 13", "refused", _folfox(cycles=9, until_week=-6)),
    ),
)  # fmt: skip
WASHOUT_COMPLETE = Rule(
    "washout_complete",
    "Between the last dose and an elective operation lies the interval of that drug.",
    reads=("history.event", "history.regimen", "history.until_week"),
    settings=(
        "washout_weeks_cytotoxic",
        "washout_weeks_bevacizumab",
        "washout_weeks_antibody",
        "washout_weeks_kinase_inhibitor",
    ),
    examples=(
        Example("FOLFOX ended 4 weeks ago", "allowed", _folfox(cycles=6, until_week=-4)),
        Example("it is not told when FOLFOX ended: taken as washed out by the operation", "unknown", _folfox(cycles=6)),
    ),
)
REGIMEN = Rule(
    "regimen",
    "A regimen is suggested by biology, side, liver and adjuvant treatment of the year before, with its reason, and bars nothing.",
    reads=(
        "primary.tumour", "primary.mismatch_repair", "primary.ras", "primary.braf", "primary.site", "liver.background",
        "history.event", "history.regimen", "history.week", "history.until_week", "history.response", "primary.presentation", "primary.interval_months",
    ),
    settings=(
        "targeted_first_tumours", "conversion_backbone", "oxaliplatin_again_weeks", "left_wild_type_antibody", "braf_first_line", "immunotherapy_first_line",
    ),
    parts={
        "another primary": ("vancutsem_2016_esmo",),
        "resectable disease": ("nordlinger_2008_eortc", "newepoc_2020"),
        "mutated or right-sided": ("tang_2020_become", "bond_2023_cairo5"),
        "the triplet": ("bond_2023_cairo5",),
        "second line": ("vancutsem_2016_esmo", "cervantes_2023"),
    },
    examples=(
        Example("sigmoid, RAS and BRAF wild type", "allowed", {"primary": {"ras": "wild_type", "braf": "wild_type"}}),
        Example("RAS not known: no antibody is chosen", "unknown"),
    ),
)  # fmt: skip
PROMPT_SURGERY = Rule(
    "prompt_surgery",
    "Disease that is resectable in this patient is operated on: nothing is shrunk further, and the operation follows within the limits of time.",
    reads=tuple(dict.fromkeys((*LIVER, *BORNE))),
    settings=(*ENOUGH, *FITNESS_LIMITS, *OPERATION_LIMITS),
    watched=("scheduling_weeks",),
    sources=("vancutsem_2016_esmo",),
    step="start_conversion_chemotherapy",
    examples=(
        Example("a metastasis of 90 mm that holds all three hepatic veins", "allowed", {"lesions": UNRESECTABLE}),
        Example("one metastasis of 30 mm in segment VIII", "refused"),
    ),
)
AT_RISK = {"node_positive": True, "presentation": "synchronous", "cea_ng_per_ml": 20.0}
SYSTEMIC_BEFORE_SURGERY = Rule(
    "systemic_before_surgery",
    "Disease that can be removed at once is operated on first or after systemic treatment, as the protocol chooses: it offers chemotherapy around "
    "the operation or not, and from the number of lesions, or the points of the clinical risk score (Fong), that it names on systemic "
    "treatment comes before anything is done to the liver.",
    reads=(
        "primary.tumour", "primary.mismatch_repair", "primary.node_positive", "primary.presentation", "primary.interval_months",
        "primary.cea_ng_per_ml", "lesions.segments", "lesions.count", "lesions.size_mm", *HELD_TO_BE, "history.event", "history.regimen",
        "history.week", "history.until_week", "history.response",
    ),
    settings=("perioperative_accepted", "systemic_first_synchronous", "systemic_first_from_points", "systemic_first_from_lesions", "targeted_first_tumours", "control_first_primaries", "selected_primaries"),
    fact="systemic_before",
    examples=(
        Example("two points of the score where three are asked for", "allowed", {"primary": AT_RISK},
                settings={"systemic_first_from_points": 3}, live={"line": "none"}),
        Example("three points: a second metastasis", "refused",
                {"primary": AT_RISK, "lesions": [{"id": "A", "segments": [8], "size_mm": 30, "count": 2}]},
                settings={"systemic_first_from_points": 3}, live={"line": "none"}),
    ),
)  # fmt: skip
TRANSPLANT_CRITERIA = Rule(
    "transplant_criteria",
    "Transplantation is for bowel metastases that stay unresectable, under the criteria of the trial.",
    reads=(
        *LIVER, "patient.age_years", "patient.ecog", "primary.braf", "primary.cea_ng_per_ml", "primary.cea_peak_ng_per_ml",
        "extrahepatic.site", "extrahepatic.nature", "extrahepatic.size_mm",
        "history.response",
        "primary.interval_months",
    ),
    settings=(
        *ENOUGH, "hard_cycles", "transplant_after_immunotherapy_weeks", "transplant_accepted", "transplant_age_min", "transplant_age_max",
        "transplant_ecog_max", "transplant_cea_max", "transplant_cea_fall", "transplant_chemotherapy_weeks",
        "transplant_observation_weeks", "suspected_elsewhere_mm",
    ),
    parts={"a resection is left": ("transmet_2024",)},
    fact="transplantable",
    examples=(
        Example("65 years, ECOG 0, BRAF wild type, CEA 20 ng/ml", "allowed",
                {"patient": {"age_years": 65, "ecog": 0}, "primary": {"braf": "wild_type", "cea_ng_per_ml": 20.0}}),
        Example("66 years", "refused",
                {"patient": {"age_years": 66, "ecog": 0}, "primary": {"braf": "wild_type", "cea_ng_per_ml": 20.0}}),
    ),
)  # fmt: skip
RESTAGING = Rule(
    "restaging",
    "Systemic treatment is restaged at least every interval of the protocol.",
    watched=("restaging_weeks",),
    examples=(
        Example("four cycles of FOLFOX, then imaging: 56 days"),
        Example("six cycles without imaging: 84 days where at most 56 are allowed"),
    ),
)
