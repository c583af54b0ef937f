"""Records of the rules about the liver: its lesions, what a resection leaves, and how that can grow."""

from __future__ import annotations

from pathways.process.rulebook.keys import (
    BORNE,
    CLEARED_BY,
    CLEARING,
    EARLIER_SURGERY,
    ENOUGH,
    FITNESS_LIMITS,
    HELD_TO_BE,
    JOINED_DUCT,
    LIVER,
    LIVER_FUNCTION,
    OPERATION_LIMITS,
    VOLUMETRY,
    VOLUMETRY_SETTINGS,
)
from pathways.process.rulebook.vocabulary import Example, Rule

RIGHT_LIVER = [{"id": "A", "segments": [5, 6, 7, 8], "size_mm": 60, "count": 4}]


def _measured(**found: float) -> dict[str, object]:
    """Metastases all over the right liver, and volumetry of the left."""
    return {"lesions": RIGHT_LIVER, "liver": {"measured_remnants": [{"removes": [5, 6, 7, 8], **found}]}}


def _holding(*vessels: str) -> dict[str, object]:
    """A metastasis under the diaphragm that touches hepatic veins."""
    return {"lesions": [{"id": "A", "segments": [4, 8], "size_mm": 60, "count": 1, "contacts": list(vessels)}]}


LESIONS_CHARACTERISED = Rule(
    "lesions_characterised",
    "Every lesion is known to be a metastasis before it is treated as one, or the resection is said to be diagnostic; that follows where "
    "imaging and biopsy have left it uncertain.",
    reads=(
        *HELD_TO_BE, "lesions.seen_on", "lesions.size_mm", "lesions.segments",
    ),
    settings=(
        "diagnosis_by_resection_first", "small_nodule_mm", "suspicion_on_pet", "suspicion_small_without_mri", "suspicion_on_other_imaging",
    ),
    sources=("false_positive_2018", "camino_2024"),
    examples=(
        Example("one proven metastasis", "allowed"),
        Example("the same lesion, only suspected", "refused",
                {"lesions": [{"id": "A", "segments": [8], "size_mm": 30, "count": 1, "nature": "suspected"}]}),
    ),
)  # fmt: skip
ALL_LESIONS_TREATABLE = Rule(
    "all_lesions_treatable",
    "All metastases can be removed or ablated, and at least two adjacent segments keep inflow, outflow and bile drainage. What a response would open, and what a course is planned around, counts only where this patient bears it.",
    reads=tuple(dict.fromkeys((*LIVER, *BORNE))),
    settings=(*ENOUGH, *FITNESS_LIMITS, *OPERATION_LIMITS),
    sources=("cancers_2022_resectability",),
    parts={
        "ablation": ("collision_2025",),
        "a first stage": ("passot_2016",),
        "several sessions": ("vigano_2016_tsh",),
        "a response": ("folprecht_2010_celim", "vancutsem_2016_esmo"),
    },
    examples=(
        Example("a metastasis of 60 mm that holds the right and the middle hepatic vein", "allowed",
                _holding("right_hepatic_vein", "middle_hepatic_vein")),
        Example("it holds all three", "refused",
                _holding("right_hepatic_vein", "middle_hepatic_vein", "left_hepatic_vein")),
    ),
)  # fmt: skip
PARENCHYMA_SPARING = Rule(
    "parenchyma_sparing",
    "A resection that takes more liver than needed is not offered: where a lesser one clears the liver, that one is done.",
    reads=CLEARED_BY,
    settings=CLEARING,
    sources=("psh_2017",),
    fact="clear_major",
    examples=(
        Example("four metastases of 60 mm that hold the whole right liver: it takes the major resection", "silent",
                {"lesions": RIGHT_LIVER}),
        Example("one metastasis of 30 mm in segment VIII: a major resection is asked for", "refused"),
    ),
)  # fmt: skip
REMNANT_VOLUME = Rule(
    "remnant_volume",
    "Of the functional liver at least the share must stay that the protocol asks for in a liver of this state.",
    reads=LIVER,
    settings=(*ENOUGH, "debulking_share", "debulking_tumours"),
    examples=(
        Example("a right hepatectomy that leaves a measured 30 % of a normal liver", "allowed", _measured(fraction=0.30)),
        Example("the same with 29 %", "refused", _measured(fraction=0.29)),
    ),
)  # fmt: skip
REMNANT_BODY_WEIGHT = Rule(
    "remnant_body_weight",
    "The remnant weighs at least the share of body weight that the protocol asks for in a liver of this state.",
    reads=LIVER,
    settings=(*ENOUGH, "debulking_share", "debulking_tumours"),
    examples=(
        Example("71 kg, a right hepatectomy that leaves 360 ml: 0.51 %", "allowed", _measured(ml=360.0)),
        Example("the same with 350 ml: 0.49 %", "refused", _measured(ml=350.0)),
    ),
)  # fmt: skip
VOLUMETRY_SOUND = Rule(
    "volumetry_sound",
    "Volumes decide as measured where they are complete, of today and possible; what is not is named, and an estimate until measured again.",
    reads=(*VOLUMETRY, *EARLIER_SURGERY, "lesions.size_mm", "lesions.count"),
    settings=VOLUMETRY_SETTINGS,
    examples=(
        Example("a remnant of 36 %, measured this week", "silent", _measured(fraction=0.36)),
        Example("the same, measured 60 weeks ago", "unknown", _measured(fraction=0.36, week=-60)),
    ),
)  # fmt: skip
REMNANT_FUNCTION = Rule(
    "remnant_function",
    "Where the retention of indocyanine green was measured, it must be within the limit for a major resection.",
    reads=LIVER_FUNCTION,
    settings=(
        "icg_r15_max_major", "inr_max", "bilirubin_max_major", "albumin_min_major", "platelets_min_cirrhosis", "child_pugh_major",
    ),
    examples=(
        Example("20 % retained after 15 minutes", "allowed", {"liver": {"icg_r15_percent": 20.0}}),
        Example("20.5 %", "refused", {"liver": {"icg_r15_percent": 20.5}}),
    ),
)  # fmt: skip
REMNANT_GROWTH = Rule(
    "remnant_growth",
    "A remnant that is too small is made to grow only where growth can reach the limit, and then volumetry has to show it.",
    reads=LIVER,
    settings=(*ENOUGH, "debulking_share", "thrombus_bars_stimuli"),
    fact="reach_pve",
    examples=(
        Example("a right hepatectomy that would leave 20 %: embolisation can raise it to 30", "allowed", _measured(fraction=0.20)),
        Example("13 %: it hardly can", "refused", _measured(fraction=0.13)),
    ),
)  # fmt: skip
BILOBAR_DISEASE = Rule(
    "bilobar_disease",
    "Metastases on both sides bar nothing: number, extent and remnant decide.",
    reads=("lesions.segments", *HELD_TO_BE, "liver.removed_segments", "history.event", "history.removes"),
    sources=("cancers_2022_resectability", "oncosurge_2005"),
    examples=(
        Example("one metastasis in segment VIII", "silent"),
        Example("another in segment II", "allowed",
                {"lesions": [{"segments": [8], "size_mm": 30, "count": 1}, {"segments": [2], "size_mm": 20, "count": 1}]}),
    ),
)  # fmt: skip
VESSEL_CONTACT = Rule(
    "vessel_contact",
    "Contact with a vessel bars nothing in itself: contact on imaging is not invasion. A vessel that no lesion of these segments "
    "or of their neighbours reaches is asked about.",
    reads=("lesions.contacts", "lesions.segments"),
    sources=("r1vasc_vigano_2016", "vascular_aoki_2004"),
    examples=(
        Example("no vessel touched", "silent"),
        Example("the right hepatic vein touched", "allowed",
                {"lesions": [{"segments": [8], "size_mm": 30, "count": 1, "contacts": ["right_hepatic_vein"]}]}),
    ),
)  # fmt: skip
VESSEL_INVASION = Rule(
    "vessel_invasion",
    "What a lesion grows into, or in, it never lets go of: the territory of that pedicle, duct or vein goes with it.",
    reads=("lesions.invades", "lesions.thrombus", "lesions.bile_duct"),
    sources=("pathways_team",),
    examples=(
        Example("no vessel touched", "silent"),
        Example("tumour in the right anterior portal branch", "allowed",
                {"lesions": [{"segments": [8], "size_mm": 30, "count": 1, "thrombus": ["right_anterior_pedicle"]}]}),
    ),
)  # fmt: skip
BILIOENTERIC_ANASTOMOSIS = Rule(
    "bilioenteric_anastomosis",
    "Where a bile duct has been joined to the bowel, or will be with the removal of the primary, nothing is ablated: bacteria of the bowel "
    "make an abscess of it.",
    reads=(*JOINED_DUCT, "history.event"),
    settings=("ablation_after_bilioenteric_anastomosis", "primaries_joining_the_bile_duct"),
    examples=(
        Example("the bile ducts untouched", "silent", {"liver": {"bilioenteric_anastomosis": False}}),
        Example("a duct joined to the bowel years ago", "refused", {"liver": {"bilioenteric_anastomosis": True}}),
    ),
)
ALTERED_ANATOMY = Rule(
    "altered_anatomy",
    "An earlier operation on the liver bars nothing: adhesions and altered anatomy are told with what a second hepatectomy costs.",
    reads=("history.event", "liver.removed_segments"),
    sources=("repeat_lam_2013",),
    examples=(
        Example("the liver never operated on", "silent"),
        Example("segments II and III removed two years ago", "allowed",
                {"history": [{"week": -104, "event": "hepatectomy", "removes": [2, 3]}]}),
    ),
)  # fmt: skip
EARLIER_RESECTION = Rule(
    "earlier_resection",
    "What an earlier liver resection left bars nothing and is told: a margin that was not clear, and segments of which a part was removed.",
    reads=("history.event", "history.margin", "history.partial"),
    sources=("bern_berlin_2021",),
    examples=(
        Example("a clear margin", "silent",
                {"history": [{"week": -104, "event": "hepatectomy", "removes": [2, 3], "margin": "r0"}]}),
        Example("an R1 margin, and a limited resection in segment IV", "allowed",
                {"history": [{"week": -104, "event": "hepatectomy", "removes": [2, 3], "partial": [4], "margin": "r1"}]}),
    ),
)  # fmt: skip
DEBULKING_SHARE = Rule(
    "debulking_share",
    "Removing most of the tumour, but not all, is for the tumours the protocol names, where the share that it asks for can go.",
    reads=LIVER,
    settings=(*ENOUGH, "debulking_share", "debulking_tumours"),
    parts={"all can be removed": ("net_debulking_2022",)},
    fact="debulking_allowed",
    examples=(
        Example("a neuroendocrine tumour", "allowed", {"primary": {"tumour": "neuroendocrine", "site": None}}),
        Example("a bowel tumour", "refused"),
    ),
)  # fmt: skip
VOLUME_CONSERVED = Rule(
    "volume_conserved",
    "The functional volume of the liver changes only by operations and growth that are declared, and adds up.",
    examples=(
        Example("a right hepatectomy takes the segments that are not kept"),
        Example("a step that keeps a segment it removes: found wherever it stands in the graph of a case"),
    ),
)
TUMOUR_SIDE = Rule(
    "tumour_side",
    "Only branches of segments that are to be removed are closed, and what was closed is removed.",
    examples=(
        Example("the right portal branch embolised, then the right liver removed"),
        Example("the right portal branch embolised, and the segment to be removed lies on the left"),
    ),
)
