"""Hepatic arterial infusion with systemic chemotherapy, by pump or port, for bowel metastases that systemic treatment left unresectable.

A line of systemic treatment of its own: what it converts, how it is restaged, continued and washed out is what conversion does
(`process.chemotherapy`), with its own figures (`facts.regimen`). Where the infusion has to end, systemic treatment goes on by its next line.
"""

from __future__ import annotations

from pathways.process.chemotherapy import (
    A_NEW_LINE_BEARABLE,
    AIM_OF_OPERATING,
    BEFORE_THE_SECOND,
    NEW_BLOCK,
    NOT_RESECTABLE,
    RESTAGING,
)
from pathways.process.guards import CONTROLLED, LIVER_UNTOUCHED, NEVER, NO_STIMULUS, NOT_URGENT, becomes, holds, live
from pathways.process.model import CaseFact, Chance, Days, Tag, Trigger
from pathways.process.phases import SITUATIONS
from pathways.process.rulebook.keys import COURSES_GIVEN
from pathways.process.rulebook.vocabulary import Example, Rule
from pathways.process.treatments.vocabulary import DrugsBeside, Treatment


def _folfox(cycles: int) -> dict[str, object]:
    return {
        "primary": {"mismatch_repair": "proficient"},
        "history": [{"week": -20, "until_week": -6, "event": "chemotherapy", "regimen": "folfox", "cycles": cycles}],
    }


RULE = Rule(
    "arterial_infusion",
    "Chemotherapy in the hepatic artery is for bowel metastases of the liver alone that systemic treatment left unresectable, and never beside "
    "bevacizumab.",
    reads=(
        "primary.tumour", "primary.mismatch_repair", "extrahepatic.site", "extrahepatic.nature", "extrahepatic.size_mm",
        "history.event", "history.regimen", "history.cycles", "history.week", "history.until_week", "history.response",
        "primary.presentation", "primary.interval_months",
    ),
    settings=(
        "arterial_infusion_accepted", "arterial_infusion_cycles_min", "arterial_infusion_sites_max", "arterial_infusion_bevacizumab_accepted",
        "suspected_elsewhere_mm", "targeted_first_tumours", "cycles_per_block", "perioperative_cycles_before", "adjuvant_cycles_count", *COURSES_GIVEN,
    ),
    sources=("hai_state_2019", "hai_review_2024"),
    fact="infusion_possible",
    examples=(
        Example("6 cycles of FOLFOX given, the liver alone", "allowed", _folfox(6)),
        Example("4 cycles given", "refused", _folfox(4)),
    ),
)  # fmt: skip
ACCESS = Rule(
    "infusion_access",
    "A pump for the hepatic artery is implanted in somebody who is fit for a minor operation on the liver, a port in somebody fit for ablation.",
    reads=("patient.fit_for", "patient.ecog", "patient.asa"),
    settings=("arterial_infusion_by_pump", "ecog_max_minor", "asa_max"),
    sources=("hai_nsqip_2020",),
    fact="infusion_access",
    examples=(
        Example("fit for a minor operation", "allowed", {"patient": {"fit_for": "minor"}}),
        Example("fit for ablation, and a pump is what the centre implants", "refused", {"patient": {"fit_for": "ablation"}}),
    ),
)  # fmt: skip
ON_INFUSION = live("line", "infusion", rule="order", because="no drug goes into the artery")
# Systemic treatment goes on alone, by the line that is left.
INFUSION_OVER = (becomes("line", "second"), becomes("control", "controlled"))
TREATMENT = Treatment(
    drugs=DrugsBeside(
        line="infusion",
        named_by="arterial_infusion_by_pump",
        named=("by_pump", "by_port"),
        why="no_bevacizumab",
        sources_of="arterial_infusion_bevacizumab_accepted",
        response="response_infusion",
        progression="progression_infusion",
    ),
    answers=("lesions", "bars"),
    # There are uncontrolled series alone.
    compared=False,
    row="infusion",
    facts=(
        CaseFact("infusion_possible", ("yes", "assumed", "unknown", "no"), "chemotherapy may go into the hepatic artery", ("blocks",)),
        CaseFact("infusion_access", ("yes", "assumed", "unknown", "no"), "fit for the pump or port that the protocol implants"),
    ),
    rules=(RULE, ACCESS),
    triggers=(
        Trigger(
            name="start_arterial_infusion",
            kind="decision",
            title="Arterial infusion with systemic chemotherapy, first block",
            acts=("systemic",),
            course="conversion",
            short="arterial infusion",
            annotation=(
                "arteries that suit a catheter are taken as given until CT angiography; within 30 days of implanting a pump alone "
                "{infusion_implantation_harm:.0%} of patients had serious morbidity or died (no death is counted here), and "
                "{infusion_pump_complications:.0%} of pumps had a complication at any time"
            ),
            distractor=NEVER,
            phases=SITUATIONS,
            to="on_conversion_chemotherapy",
            raises="line",
            guards=(
                live("line", *BEFORE_THE_SECOND[: BEFORE_THE_SECOND.index("infusion")], rule="arterial_infusion",
                     because="it has been given in this plan, or a later line has"),
                LIVER_UNTOUCHED, NO_STIMULUS, CONTROLLED, NOT_URGENT,
                NOT_RESECTABLE,
                holds("convertible", "all_lesions_treatable"),
                holds("infusion_possible", "arterial_infusion"),
                holds("infusion_access", "infusion_access"),
                live("pregnancy", "none", rule="pregnancy", because="no drug goes into the artery during a pregnancy"),
                holds("liver_function_minor", "liver_sufficient"),
                *A_NEW_LINE_BEARABLE,
                *AIM_OF_OPERATING,
            ),
            effects=(becomes("line", "infusion"), *NEW_BLOCK),
            tags=(Tag("arterial_infusion"),),
            days=Days(("days_to_operation", "days_to_first_infusion", "block_days")),
            sources=("hai_state_2019", "hai_conversion_2015", "hai_pump_2005"),
            events=("arterial_infusion",),
            oncological=True,
        ),
        Trigger(
            name="infusion_fails",
            kind="outcome",
            title="Pump, catheter or artery fails: the infusion ends, systemic treatment goes on",
            phases=("on_conversion_chemotherapy",),
            to="restaging",
            raises="line",
            guards=(ON_INFUSION,),
            effects=INFUSION_OVER,
            days=RESTAGING,
            chance=Chance("infusion_failure"),
            events=("complication", "restaging"),
        ),
        Trigger(
            name="infusion_scars_bile_ducts",
            kind="outcome",
            title="Bile ducts scar and need a stent: the infusion ends, systemic treatment goes on",
            phases=("on_conversion_chemotherapy",),
            to="restaging",
            raises="line",
            guards=(ON_INFUSION,),
            effects=INFUSION_OVER,
            days=RESTAGING,
            chance=Chance("infusion_biliary_sclerosis"),
            events=("complication", "restaging"),
        ),
    ),
)  # fmt: skip
