"""The facts that guards may read: live facts of the state, fixed facts and case tables. Names and domains only.

Rules give the case facts their values (`pathways.facts`). `assumed` is an unknown that planning takes as given under a
labelled assumption; `unknown` is one that it does not (`--strict`).
"""

from __future__ import annotations

from typing import NamedTuple, get_args

from pathways.liver.resection import CLEARANCES
from pathways.process.blocks import BLOCKS
from pathways.process.chemotherapy import LINES
from pathways.process.model import AGAIN, CaseFact, LiveFact, Value
from pathways.process.operations import OPERATIONS, ZONES
from pathways.process.phases import SITUATION_KEYS, SITUATION_PHASES, SITUATIONS
from pathways.process.treatments import TREATMENTS
from pathways.words import Family

STIMULI = ("pve", "lvd", "split")
POLICIES = ("two_stage", "alpps", "lvd", "bridging", "watch_sites", "diagnostic_major")

LIVE_FACTS = (
    LiveFact("recurrence", ("none", "first", "second"), "how often the disease has come back within this plan"),
    LiveFact(
        "nature",
        ("suspected", "mixed", "confirmed", "proven", "benign"),
        "whether the lesions are known to be metastases; proven: the suspected ones beside them turned out benign; benign: all did",
    ),
    LiveFact(
        "characterised",
        ("no", "examined", "inconclusive"),
        "whether a suspected lesion has been examined (imaging, biopsy), and left uncertain by that",
    ),
    LiveFact("sites", ("none", "present", "watched"), "sites of lesions that vanished under chemotherapy"),
    LiveFact("pregnancy", ("pregnant", "none"), "a pregnancy that has not ended"),
    LiveFact("bile", ("obstructed", "free"), "drainage of the bile ducts"),
    LiveFact(
        "stage",
        (
            "none",
            "first",
            "further",
            "split",
            "debulked",
            "spared",
            "ablated",
            "cleared",
            "incomplete",
            "completed",
            "abandoned",
        ),
        "how far surgery of the liver has come; spared: it bears nothing that has to be treated; ablated: cleared, and what was ablated is still to be controlled",
    ),
    LiveFact("extrahepatic", ("present", "cleared", "none"), "disease outside liver and primary"),
    LiveFact("primary", ("urgent", "in_situ", "irradiated", "rested", "resected", "absent"), "the primary tumour"),
    LiveFact(
        "listed", ("no", "observed", "yes"), "observed after the primary, or listed for transplantation, in this plan"
    ),
    LiveFact("line", tuple(LINES), "line of systemic treatment reached in this plan"),
    LiveFact(
        "blocks",
        BLOCKS,
        "blocks of chemotherapy given in this plan; ten more where the first was the half before a planned operation",
    ),
    LiveFact(
        "stimulus",
        ("none", "pve", f"pve{AGAIN}", "lvd", "split", f"lvd{AGAIN}", f"split{AGAIN}"),
        "latest growth stimulus; after: of a liver that has been made to grow before",
    ),
    LiveFact(
        "growth", ("none", "pending", "weak", "waiting", "exhausted", "adequate"), "what the stimulus has achieved"
    ),
    LiveFact("condition", ("well", "unfit", "recovered"), "the patient between stages"),
    LiveFact(
        "volume",
        ("unmeasured", "was_short", "short", "enough"),
        "what volumetry found where an estimate could not tell; was short: before more chemotherapy, which alone makes no remnant larger",
    ),
    LiveFact(
        "relapse",
        ("none", "early", "late", "tested", "treatable", "treated"),
        "what is known of a recurrence: when it came, whether chemotherapy has tested it, whether it can be treated",
    ),
    LiveFact("relapse_site", ("none", "liver", "elsewhere", "both"), "where the recurrence is"),
    LiveFact("extent", ("presented", "responded"), "liver disease as presented, or after a response"),
    LiveFact("control", ("controlled", "progressed"), "whether the disease is under control"),
    LiveFact("operation", ("none", *OPERATIONS), "the operation the patient recovers from"),
    LiveFact(
        "gestation",
        ("none", "as_told", "later", "late"),
        "weeks of a pregnancy that went by beside blocks of systemic treatment: none to speak of, those of one step, more",
    ),
    LiveFact("zones", ("none", *ZONES), "the operation whose ablated lesions are still to be controlled"),
)

# Lexicographic: every trigger raises one of these and leaves the ones before it alone. `phase` is the order of PHASES.
RANK = (
    "recurrence", "nature", "characterised", "sites", "pregnancy", "bile", "stage", "extrahepatic", "primary", "listed", "line", "blocks", "stimulus", "growth",
    "condition", "volume", "relapse", "phase",
)  # fmt: skip


class State(NamedTuple):
    """One node of the graph: a phase and the live facts. No day, no history, no number that is not a count."""

    phase: str
    recurrence: str
    nature: str
    characterised: str
    sites: str
    pregnancy: str
    bile: str
    stage: str
    extrahepatic: str
    primary: str
    listed: str
    line: str
    blocks: int
    stimulus: str
    growth: str
    condition: str
    volume: str
    relapse: str
    relapse_site: str
    extent: str
    control: str
    operation: str
    gestation: str
    zones: str


LIVE_INDEX = {name: index for index, name in enumerate(State._fields)}
NEUTRAL: dict[str, Value] = {
    "recurrence": "none",
    "nature": "confirmed",
    "characterised": "no",
    "sites": "none",
    "pregnancy": "none",
    "bile": "free",
    "stage": "none",
    "extrahepatic": "none",
    "primary": "absent",
    "listed": "no",
    "line": "none",
    "blocks": 0,
    "stimulus": "none",
    "growth": "none",
    "condition": "well",
    "volume": "unmeasured",
    "relapse": "none",
    "relapse_site": "none",
    "extent": "presented",
    "control": "controlled",
    "operation": "none",
    "gestation": "none",
    "zones": "none",
}

_YES = ("yes", "assumed", "unknown", "no")
_GEOMETRY = ("extent", "sites", "nature")
_REMNANT = (*_GEOMETRY, "blocks", "volume", "growth")
SITUATION = ("stage", *dict.fromkeys(key for keys in SITUATION_KEYS.values() for key in keys))
_POINTED_AT = tuple(dict.fromkeys(phase for phases in SITUATION_PHASES.values() for phase in phases))


def _case_facts() -> tuple[CaseFact, ...]:
    remnant = ("enough", "likely_enough", "likely_short", "short")
    facts = [
        CaseFact("fit_major", _YES, "fit for a major liver operation"),
        CaseFact("fit_minor", _YES, "fit for a minor liver operation or one on the bowel"),
        CaseFact("fit_emergency", _YES, "fit for an emergency operation on the bowel"),
        CaseFact("fit_ablation", _YES, "fit for ablation"),
        CaseFact("fit_alpps", _YES, "fit for ALPPS"),
        CaseFact("liver_function_major", _YES, "function carries a major resection"),
        CaseFact("fit_next_stage", _YES, "fit for the next stage, if not now then after waiting", ("condition",)),
        CaseFact("liver_function_next_stage", _YES, "function carries the next stage, if not now then after waiting", ("condition",)),
        CaseFact("liver_function_minor", _YES, "function carries a minor resection"),
        CaseFact("bile_drained", _YES, "no undrained biliary obstruction", ("bile",)),
        CaseFact("pregnancy_operation", _YES, "no pregnancy, or early enough in it for an elective operation", ("gestation", "blocks")),
        CaseFact("pregnancy_systemic", _YES, "no pregnancy, or a time in it at which chemotherapy is given", ("gestation", "blocks")),
        CaseFact("pregnancy_half", _YES, "the same of half a perioperative course", ("gestation", "blocks")),
        CaseFact("pregnancy_radiation", _YES, "no pregnancy that rays would reach", ("gestation",)),
        CaseFact("extrahepatic_operable", _YES, "no extrahepatic disease that bars liver surgery"),
        CaseFact("primary_operable", _YES, "the primary is gone or can be removed with a clear margin", ("primary",)),
        CaseFact("simultaneous_minor", _YES, "minor liver surgery together with the primary is safe"),
        CaseFact("simultaneous_major", _YES, "major liver surgery together with the primary is safe"),
        CaseFact("wishes_no_way_out", ("yes", "no"), "the patient declines even the pathways that are always there"),
        CaseFact("transplantable", _YES, "meets the criteria for transplantation that do not change"),
        CaseFact("transplant_tested", _YES, "long enough on chemotherapy before transplantation", ("blocks", "line")),
        CaseFact("transplant_observed", _YES, "long enough since the primary was resected", ("listed",)),
        CaseFact("treated_by_target", ("yes", "no"), "systemic treatment is a targeted drug, not chemotherapy"),
        CaseFact("targeted_before", _YES, "a tumour that is first treated by a targeted drug has had it", ("line",)),
        CaseFact("perioperative_offered", _YES, "the protocol gives systemic treatment around an operation that could be done at once"),
        CaseFact("systemic_before", _YES, "systemic treatment has come first where the protocol asks for it", ("line", "stimulus", "stage")),
        CaseFact("prior_hepatectomy", ("yes", "no"), "a liver resection lies in the past"),
        CaseFact("followed_up", ("yes", "no"), "the plan goes on after the liver is cleared"),
        CaseFact("elsewhere_found_out", _YES, "nothing of the abdomen outside the liver is only suspected", ("extrahepatic",)),
        CaseFact("extrahepatic_in_one_session", _YES, "extrahepatic disease can go in the session of the liver"),
        CaseFact("extrahepatic_with_major", _YES, "so it can in the session of a major resection"),
        CaseFact("adjuvant_useful", _YES, "adjuvant chemotherapy after clearance"),
        CaseFact("diversion_enough", ("yes", "no"), "a stent, diversion or haemostasis controls the emergency"),
        CaseFact("liver_function_ablation", _YES, "function carries ablation"),
        CaseFact("ablation_safe", _YES, "no bile duct joined to the bowel bars ablation"),
        CaseFact("liver_function_systemic", _YES, "function carries systemic treatment"),
        CaseFact("radiotherapy_due", ("yes", "no"), "the primary is to be irradiated first"),
        CaseFact("rays_in_turn", _YES, "what comes before radiotherapy of the rectum has been given", ("line",)),
        CaseFact("primary_prepared", ("yes", "no"), "the primary is ready to be resected", ("primary", "stage")),
        CaseFact("lasting_control", ("yes", "no"), "systemic treatment alone can be a plan for this tumour"),
        CaseFact("primary_known", ("yes", "no"), "it is known what the metastases are of, or has been looked for in vain"),
        CaseFact("primary_rules", _YES, "liver metastases of this primary are resected"),
        CaseFact("debulking_allowed", _YES, "removing most of the tumour is a treatment of this disease"),
        *(
            CaseFact(f"diagnosis_by_{one}_resection", _YES, f"a {one} resection may make the diagnosis now", ("characterised",))
            for one in ("minor", "major")
        ),
        *(CaseFact(f"policy_{name}", _YES, f"the protocol offers {name}") for name in POLICIES),
        *(CaseFact(f"accepts_{family}", ("yes", "no"), f"the patient accepts {family}") for family in get_args(Family)),
        *(CaseFact(f"clear_{one}", _YES, f"{one} clears the liver", _GEOMETRY) for one in CLEARANCES),
        *(CaseFact(f"remnant_{one}", remnant, f"the remnant of {one}", _REMNANT) for one in CLEARANCES),
        CaseFact("target", _YES, "a major resection whose remnant can be made to grow", _GEOMETRY),
        CaseFact("remnant_target", remnant, "the remnant of that resection", _REMNANT),
        CaseFact("two_sided", _YES, "lesions on the side that stays, to be cleared in a first stage", _GEOMETRY),
        CaseFact("cleared_before_stimulus", _YES, "the side that stays is clear of tumour before the other is embolised, where the protocol asks for it", ("stage", *_GEOMETRY)),
        CaseFact("target_apart", _YES, "of its class of resection another one leaves more liver", _GEOMETRY),
        CaseFact("target_in_one", _YES, "one session clears what the growing side bears", _GEOMETRY),
        CaseFact("clearing_stages", ("one", "two"), "sessions that clear the side that stays", _GEOMETRY),
        CaseFact("side_cleared", ("yes", "no"), "the side that stays is cleared", ("stage", *_GEOMETRY)),
        CaseFact("only_vanished", ("yes", "no"), "nothing but vanished sites is left in the liver", ("nature",)),
        CaseFact("debulkable", _YES, "the share of tumour that the protocol asks for can be removed", _GEOMETRY),
        CaseFact("remnant_debulking", remnant, "the remnant of that operation", _REMNANT),
        *(CaseFact(f"reach_{one}", _YES, f"growth after {one} can reach the limit", (*_GEOMETRY, "blocks")) for one in STIMULI),
        CaseFact("convertible", _YES, "a response would open or improve a resection", _GEOMETRY),
        CaseFact("chemotherapy_left", _YES, "another block stays within the hard limit", ("blocks",)),
        CaseFact("new_line_left", _YES, "so does the first block of a new line", ("blocks",)),
        CaseFact("lines_left", _YES, "another line is one that a plan to operate is built on", ("blocks",)),
        CaseFact("first_half_left", _YES, "so does the first half of a perioperative course", ("blocks",)),
        CaseFact("second_half", ("yes", "no"), "a perioperative course goes on after the operation"),
        CaseFact("first_half_given", ("yes", "no"), "the half before the operation was given before today"),
        CaseFact("growth_called_for", ("yes", "no"), "no resection leaves enough as it is", _REMNANT),
        CaseFact("volumetry_useful", ("yes", "no"), "the estimate cannot tell whether a remnant is enough", _REMNANT),
        CaseFact("situation", _POINTED_AT, "the phase the facts point to", SITUATION),
        CaseFact("removable", SITUATIONS, "the same by the liver alone, whoever the patient is", _REMNANT),
        *(fact for one in TREATMENTS for fact in one.facts),
    ]  # fmt: skip
    return tuple(facts)


CASE_FACTS = _case_facts()
