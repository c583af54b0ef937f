"""The protocol one limit stricter: which way is stricter, setting by setting."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any, Literal

from pathways.case.models import Case
from pathways.knowledge.model import Protocol
from pathways.laws.neighbours.files import Neighbour
from pathways.messages.catalogue import say

Way = Literal["higher", "lower", "yes", "no", "fewer", "more"]
# Numbers: which way is stricter. Yes or no: what is allowed is forbidden, or what is asked for is asked. Lists: fewer of what is allowed.
STRICTER: dict[str, Way] = {
    **dict.fromkeys((
        "remnant_limit_normal", "remnant_limit_exposed", "remnant_limit_injured", "remnant_limit_cirrhosis",
        "remnant_body_weight_normal", "remnant_body_weight_damaged", "remnant_adjacent_segments", "albumin_min_major",
        "albumin_min_minor", "platelets_min_cirrhosis", "platelets_min_operation", "transplant_age_min",
        "transplant_cea_fall", "transplant_chemotherapy_weeks", "debulking_share", "growth_rate_min", "hypertrophy_min", "pregnancy_systemic_from_week",
    ), "higher"),
    **dict.fromkeys((
        "exposed_after_weeks", "exposed_after_cycles", "hard_cycles", "ablation_max_mm", "ablation_max_count",
        "limited_resection_max_mm", "limited_resection_max_mm_deep", "limited_resection_max_count",
        "segments_involved_limit", "ecog_max_major", "ecog_max_minor", "asa_max", "alpps_ecog_max", "growth_reach_sds",
        "icg_r15_max_major", "inr_max", "bilirubin_max_major", "bilirubin_max_minor", "bilirubin_max_ablation",
        "extrahepatic_sites_max", "transplant_age_max", "transplant_ecog_max", "transplant_cea_max", "neuroendocrine_grade_max", "pregnancy_systemic_to_week", "pregnancy_operation_to_week", "systemic_first_from_points", "systemic_first_from_lesions",
    ), "lower"),
    "remnant_cleared_before_stimulus": "yes",
    "cycles_of_earlier_lines_count": "yes",
    **dict.fromkeys((
        "vena_cava_resection", "simultaneous_major_with_rectum", "simultaneous_major_with_colon", "alpps_accepted",
        "two_stage_accepted", "lvd_accepted", "operate_on_progression", "transplant_accepted", "bridging_accepted",
        "diagnostic_major_accepted", "extrahepatic_in_one_session", "adjuvant_accepted", "exposure_fades", "pregnancy_other_drugs", "pregnancy_radiation",
    ), "no"),
    **dict.fromkeys((
        "extrahepatic_sites_resectable", "extrahepatic_in_one_session_sites", "extrahepatic_with_major_sites", "vanished_policies", "debulking_tumours",
    ), "fewer"),
    **dict.fromkeys(("refused_primaries", "control_first_primaries", "systemic_first_synchronous", "obstruction_not_diverted"), "more"),
}  # fmt: skip
# A setting that is not named above and is called so.
CALLED: dict[str, Way] = {"_accepted": "no", "_max": "lower", "_min": "higher"}
WORDS = {"vessel_detachment": ("always", "after_response", "never")}
CLASSES = ("child_pugh_major", "child_pugh_minor", "child_pugh_ablation")
# How much a limit is moved: a tenth, or one where it is a whole number.
A_TENTH = 0.1


def stricter(case: Case, protocol: Protocol) -> Iterator[Neighbour]:
    """One limit of the protocol stricter."""
    for key, setting in protocol.settings.items():
        value = _stricter(key, setting.value, case.primary.tumour)
        if value is None or value == setting.value:
            continue
        changed = replace(protocol, settings={**protocol.settings, key: replace(setting, value=value)})
        words = say("neighbour.setting", key=key, before=setting.value, after=value)
        yield Neighbour(f"protocol.{key}", words, case, changed)


def _stricter(key: str, value: Any, tumour: str) -> Any:
    way = STRICTER.get(key) or _by_name(key)
    if way in ("higher", "lower"):
        return _moved(value, 1 if way == "higher" else -1)
    if way in ("yes", "no"):
        return way == "yes"
    if way == "fewer":
        return tuple(value)[:-1]
    if way == "more":
        return (*value, tumour) if tumour not in value else None
    if key in CLASSES:
        return {"B": "A", "C": "B"}.get(value)
    scale = WORDS.get(key)
    return None if scale is None or value == scale[-1] else scale[scale.index(value) + 1]


def _by_name(key: str) -> Way | None:
    """Which way is stricter for a setting of a treatment, by what it is called; nothing for those that are classes or words."""
    if key in CLASSES or key in WORDS:
        return None
    return next((way for ending, way in CALLED.items() if key.endswith(ending)), None)


def _moved(value: float, sign: int) -> float:
    return value + sign if isinstance(value, int) and not isinstance(value, bool) else value * (1 + sign * A_TENTH)
