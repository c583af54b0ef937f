"""Records of the rules about the plan itself: what a centre offers, what follows what, and what every record must hold.

Most read the plan rather than the case; where no threshold lies on the case, the example says so in words.
"""

from __future__ import annotations

from pathways.process.rulebook.keys import CLEARED_BY, CLEARING, IN_PLACE
from pathways.process.rulebook.vocabulary import Example, Rule

VANISHED = [{"id": "A", "segments": [8], "size_mm": 30, "count": 1}, {"id": "B", "segments": [2], "nature": "vanished"}]

POLICY = Rule(
    "policy",
    "The protocol offers this treatment at all.",
    reads=("primary.tumour", "primary.grade", "primary.ki67_percent"),
    settings=(
        "neuroendocrine_grade_max", "two_stage_accepted", "alpps_accepted", "lvd_accepted", "bridging_accepted", "vanished_policies", "restage_with_mri",
        "diagnostic_major_accepted", "extrahepatic_in_one_session", "adjuvant_accepted", "lasting_control_tumours",
    ),
    fact="policy_alpps",
    examples=(
        Example("a centre that does ALPPS", "allowed"),
        Example("one that does not", "refused", settings={"alpps_accepted": False}),
    ),
)  # fmt: skip
STAGED_IN_ORDER = Rule(
    "staged_in_order",
    "The stages of an operation follow each other: nothing else begins before they are done, and the last follows the first. Where the protocol "
    "asks for it, a side that stays and bears tumour is cleared before the other is embolised.",
    reads=CLEARED_BY,
    settings=(*CLEARING, "remnant_cleared_before_stimulus"),
    step="second_stage",
    examples=(
        Example("the second stage after the first", "allowed", live={"stage": "first"}),
        Example("the second stage without a first", "refused", live={"stage": "none"}),
    ),
)
INTERSTAGE_FIT = Rule(
    "interstage_fit",
    "No last stage while the patient is ill between the stages: liver failure or sepsis has to pass first.",
    parts={"ALPPS stage two": ("schadde_interstage_2015",)},
    step="alpps_stage_2",
    examples=(
        Example("ALPPS stage two in a patient who is well", "allowed", live={"stage": "split", "condition": "well"}),
        Example("in one who is not fit for it yet", "refused", live={"stage": "split", "condition": "unfit"}),
    ),
)
COMPLETE_CLEARANCE = Rule(
    "complete_clearance",
    "Resected means every lesion, vanished ones too, the primary and every site elsewhere; a site that is watched is said.",
    step="watch_vanished_sites",
    examples=(
        Example("a lesion vanished under chemotherapy: its site can be watched", "allowed",
                {"lesions": VANISHED}, live={"sites": "present"}),
        Example("no lesion has vanished", "refused", live={"sites": "none"}),
    ),
)  # fmt: skip
FOLLOW_UP = Rule(
    "follow_up",
    "A plan ends when the liver is cleared, unless follow-up is asked for or everything had been cleared before today.",
    reads=(
        "lesions.segments", "extrahepatic.site", "extrahepatic.nature", "extrahepatic.size_mm", "primary.status", "primary.urgent",
    ),
    settings=("suspected_elsewhere_mm",),
    fact="followed_up",
    examples=(
        Example("`plan` of a patient whose liver, bowel and other sites had been cleared before today: what follows is planned", "allowed",
                {"lesions": [], "history": [{"event": "hepatectomy", "week": -5, "removes": [2, 3], "margin": "r0"}]}),
        Example("`plan` of a patient with a metastasis, without `--follow-up`: the plan ends when everything is cleared", "refused"),
    ),
)  # fmt: skip
ORDER = Rule(
    "order",
    "A step stands where it belongs in the plan: it needs what goes before it, and is not done twice.",
    reads=(
        *IN_PLACE, "liver.removed_segments", "primary.needs_radiotherapy",
    ),
    step="drain_bile_ducts",
    examples=(
        Example("bile ducts drained before the liver is operated on", "allowed", live={"bile": "obstructed", "stage": "none"}),
        Example("after it", "refused", live={"bile": "obstructed", "stage": "cleared"}),
    ),
)  # fmt: skip
IMAGING_FRESH = Rule(
    "imaging_fresh",
    "The liver is imaged before its first treatment, and again within the weeks of the protocol before every stage.",
    watched=("imaging_weeks",),
    parts={"imaging before treatment": ("camino_2024", "value_2014")},
    examples=(
        Example("MRI of the liver, then the meeting, then the operation"),
        Example("an operation on a patient whose liver nobody has imaged by MRI"),
    ),
)
TIME_ADVANCES = Rule(
    "time_advances",
    "No step takes negative time.",
    examples=(Example("a washout of 28 days"), Example("a step that would end before it began")),
)
EVERY_STEP_CITED = Rule(
    "every_step_cited",
    "Every decision cites at least one source.",
    examples=(
        Example("a decision that cites a trial"),
        Example("a decision that cites nothing: refused when it is declared"),
    ),
)
NOT_MODELLED = Rule(
    "not_modelled",
    "What no step of the process belongs to is said to be not modelled, not closed.",
    examples=(
        Example("ALPPS: steps of the process belong to it"),
        Example("a family of pathways that no step belongs to"),
    ),
)
