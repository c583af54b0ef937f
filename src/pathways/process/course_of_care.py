"""The steps around treatment: the meeting, characterisation, recovery after operations, and stopping."""

from __future__ import annotations

from pathways.process.blocks import BLOCKS
from pathways.process.growth import MID_WAY
from pathways.process.guards import (
    ABLATION_SAFE,
    BILE_DRAINED,
    CONTROLLED,
    DRUGS_IN_PREGNANCY,
    EARLY_IN_PREGNANCY,
    IN_PLACE,
    LIVER_BEARS_DRUGS,
    NEVER,
    NOT_URGENT,
    TARGETED,
    WEEKS_GO_BY,
    becomes,
    holds,
    live,
)
from pathways.process.model import AS_IT_COMES, BY_SITUATION, Chance, Days, Distractor, Guard, Tag, Trigger, Value
from pathways.process.outcomes import READS, RECOVERED, RECOVERY
from pathways.process.phases import DECISION_PHASES, LIVER_DONE, SITUATIONS, START

WAITING_FOR_THE_LIVER = (
    live("operation", "primary", rule="order", because="this operation was not the one on the primary"),
    live("stage", "none", rule="order", because="the liver has been operated on already"),
)
WAITING_FOR_THE_PRIMARY = (
    live("stage", *LIVER_DONE, rule="order", because="the liver is not cleared"),
    live("primary", *IN_PLACE, rule="order", because="the primary is not waiting for an operation"),
)
LASTING_CONTROL = Guard(
    "lasting_control", frozenset[Value]({"yes"}), "policy", "no systemic treatment controls this tumour for years"
)

# Where nobody knows what the metastases are of, no meeting plans anything before the primary has been looked for.
PRIMARY_KNOWN = Guard(
    "primary_known", frozenset[Value]({"yes"}), "primary_sought", "the primary is not known: it is looked for first",
    ("cup_esmo_2023",),
)  # fmt: skip
PRIMARY_UNKNOWN = Guard(
    "primary_known", frozenset[Value]({"no"}), "primary_sought", "it is known what the metastases are of", closes="does_not_apply",
)  # fmt: skip
CERTAIN = live(
    "nature",
    "confirmed",
    "proven",
    "benign",
    rule="lesions_characterised",
    because="a lesion is only suspected",
    teaches=True,
)
GROWTH_PENDING = live(
    "growth",
    "pending",
    rule="remnant_growth",
    because="nothing has been made to grow, or it has been measured since",
    closes="does_not_apply",
)
UNCERTAIN = live("nature", "suspected", "mixed", rule="lesions_characterised", because="no lesion is uncertain")
MRI_SOURCES = ("camino_2024", "value_2014")


def _look_for_primary(*, uncertain: bool) -> Trigger:
    """The search for a primary that is not known, and the meeting with what it has found; a suspected lesion is examined after it."""
    return Trigger(
        name="look_for_primary_and_lesion" if uncertain else "look_for_primary",
        kind="decision",
        title="Look for the primary first (biopsy with immunohistochemistry, endoscopy, PET-CT), liver MRI, then the meeting",
        acts=("meeting", "search"),
        short="look for the primary",
        annotation=(
            "found, the case is told anew with it and planned again; the plan goes on as if nothing were found "
            "(PET-CT finds it in {primary_found_by_pet_ct:.0%} where the liver bears most of the disease)"
        ),
        distractor=NEVER,
        phases=("referred",),
        to="indeterminate" if uncertain else BY_SITUATION,
        raises="phase",
        guards=(NOT_URGENT, PRIMARY_UNKNOWN, UNCERTAIN if uncertain else CERTAIN),
        effects=(WEEKS_GO_BY,),
        days=Days(("meeting_days", "days_to_look_for_primary")),
        sources=("cup_esmo_2023", *MRI_SOURCES),
        images=True,
    )


def _palliate(*, unmeasured: bool) -> Trigger:
    """Care without clearing the liver; also where the meeting is over a liver that is measured first, so that its plan is no road alone."""
    return Trigger(
        name="palliate_unmeasured" if unmeasured else "palliate",
        kind="decision",
        title="Systemic treatment or care without the aim of clearing the liver",
        acts=("care",),
        distractor=NEVER if unmeasured else AS_IT_COMES,
        short="systemic treatment or care without clearing the liver",
        phases=(START,)
        if unmeasured
        else tuple(one for one in DECISION_PHASES if one not in ("referred", "indeterminate")),
        to="palliation",
        raises="phase",
        guards=(NOT_URGENT, PRIMARY_KNOWN, CERTAIN, GROWTH_PENDING) if unmeasured else (),
        tags=(Tag("palliative"),),
        sources=("vancutsem_2016_esmo",),
        gives_up=True,
    )


def _discuss_growth(*, split: bool) -> Trigger:
    """The meeting over a liver that was made to grow before today and has not been measured since: volumetry comes first."""
    return Trigger(
        name="discuss_growth_after_split" if split else "discuss_growth",
        kind="decision",
        title="Multidisciplinary meeting with liver MRI and volumetry of what has grown",
        acts=("meeting",),
        asked="Liver MRI, volumetry of what has grown, and then a multidisciplinary meeting",
        distractor=NEVER,
        phases=("referred",),
        to="alpps_interval" if split else "hypertrophy",
        raises="phase",
        guards=(
            NOT_URGENT,
            PRIMARY_KNOWN,
            CERTAIN,
            GROWTH_PENDING,
            live("stage", *(("split",) if split else ("none", *MID_WAY)), rule="staged_in_order",
                 because="the liver has not been split" if split else "the liver has been split"),
        ),
        days=Days(("meeting_days" if split else "growth_meeting_days",)),
        sources=("denys_2010", *MRI_SOURCES),
        images=True,
    )  # fmt: skip


TRIGGERS = (
    Trigger(
        name="discuss",
        kind="decision",
        title="Liver MRI and multidisciplinary meeting",
        acts=("meeting",),
        asked="Liver MRI and a multidisciplinary meeting first",
        phases=("referred",),
        to=BY_SITUATION,
        raises="phase",
        guards=(
            NOT_URGENT,
            PRIMARY_KNOWN,
            CERTAIN,
            live(
                "growth",
                "none",
                "weak",
                "waiting",
                "exhausted",
                "adequate",
                rule="remnant_growth",
                because="what has grown is measured first",
            ),
        ),
        days=Days(("meeting_days",)),
        sources=MRI_SOURCES,
        images=True,
    ),
    *(_discuss_growth(split=one) for one in (False, True)),
    Trigger(
        name="discuss_uncertain_lesion",
        kind="decision",
        title="Liver MRI and multidisciplinary meeting: a lesion remains uncertain",
        acts=("meeting",),
        asked="Liver MRI first, then a multidisciplinary meeting with the nodule still uncertain",
        distractor=NEVER,
        phases=("referred",),
        to="indeterminate",
        raises="phase",
        guards=(NOT_URGENT, PRIMARY_KNOWN, UNCERTAIN),
        days=Days(("meeting_days",)),
        sources=MRI_SOURCES,
        images=True,
    ),
    *(_look_for_primary(uncertain=one) for one in (False, True)),
    Trigger(
        name="wait_for_delivery",
        kind="decision",
        title="Delivery first, at a time chosen with obstetricians and neonatologists; what the pregnancy barred follows",
        acts=("waiting", "delivery"),
        short="delivery",
        events=("delivery",),
        annotation="obstetrics decides when; reckoned to the week of the protocol, and {days_after_delivery:g} days after it",
        distractor=NEVER,
        phases=(*SITUATIONS, "between_stages", "incomplete"),
        to=BY_SITUATION,
        raises="pregnancy",
        guards=(
            live("pregnancy", "pregnant", rule="pregnancy", because="there is no pregnancy", closes="does_not_apply"),
        ),
        effects=(becomes("pregnancy", "none"), becomes("gestation", "none")),
        days=Days(
            ("days_after_delivery",),
            by="blocks",
            choices={blocks: f"days_to_delivery_{blocks}" for blocks in BLOCKS},
        ),
        sources=("pregnancy_esmo_2013", "pregnancy_bowel_1998"),
        images=True,
    ),
    Trigger(
        name="recovers",
        kind="outcome",
        title="Recovers",
        phases=("recovering",),
        to=BY_SITUATION,
        raises="phase",
        effects=RECOVERED,
        days=RECOVERY,
        hoped_for=True,
        images=True,
    ),
    Trigger(
        name="progression_before_liver_surgery",
        kind="outcome",
        title="Progression of the liver disease before its operation",
        phases=("recovering",),
        to=BY_SITUATION,
        raises="phase",
        guards=WAITING_FOR_THE_LIVER,
        effects=(*RECOVERED, becomes("control", "progressed")),
        days=RECOVERY,
        chance=Chance("progression_before_liver_surgery"),
        images=True,
    ),
    Trigger(
        name="progression_before_primary_surgery",
        kind="outcome",
        title="Progression before the primary could be removed",
        phases=("recovering",),
        to=BY_SITUATION,
        raises="phase",
        guards=WAITING_FOR_THE_PRIMARY,
        effects=(*RECOVERED, becomes("control", "progressed")),
        days=RECOVERY,
        chance=Chance("progression_before_primary_surgery"),
        images=True,
    ),
    Trigger(
        name="liver_failure_resolves",
        kind="outcome",
        title="The remnant recovers",
        finds=("fit",),
        phases=("liver_failure",),
        to=BY_SITUATION,
        raises="phase",
        effects=RECOVERED,
        days=Days(("days_of_slow_recovery",)),
        hoped_for=True,
        images=True,
    ),
    Trigger(
        name="liver_failure_kills",
        kind="outcome",
        title="Dies of liver failure",
        phases=("liver_failure",),
        to="dead",
        raises="phase",
        chance=Chance("death_of_failure", reads=READS),
        events=("death",),
    ),
    Trigger(
        name="completion_ablation",
        kind="decision",
        title="Ablate what was found, is left or has come back, in a second session",
        acts=("ablation",),
        treats=("found at operation",),
        asked="Ablate it in a second session",
        phases=("incomplete",),
        to="recovering",
        raises="stage",
        guards=(holds("fit_ablation", "fit_for_operation"), ABLATION_SAFE, EARLY_IN_PREGNANCY),
        effects=(becomes("stage", "completed"), becomes("operation", "second_ablation")),
        tags=(Tag("ablation"),),
        days=Days(("days_to_operation",)),
        sources=("collision_2025", "ious_review"),
        events=("ablation",),
        oncological=True,
    ),
    Trigger(
        name="completion_resection",
        kind="decision",
        title="Resect what was found, is left or has come back, in a second session",
        acts=("hepatectomy",),
        treats=("found at operation",),
        phases=("incomplete",),
        to="recovering",
        raises="stage",
        guards=(
            holds("fit_minor", "fit_for_operation"),
            holds("liver_function_minor", "liver_sufficient"),
            EARLY_IN_PREGNANCY,
        ),
        effects=(becomes("stage", "completed"), becomes("operation", "completion")),
        days=Days(("days_to_operation",)),
        sources=("ious_review", "passot_2016"),
        events=("stage_2",),
        operation=True,
        oncological=True,
    ),
    Trigger(
        name="keep_controlling",
        kind="decision",
        title="Systemic treatment as long as it controls the disease, without operation",
        acts=("control",),
        short="systemic treatment that controls the disease",
        distractor=Distractor(when=(LASTING_CONTROL,)),
        phases=("restaging", *SITUATIONS),
        to="controlled",
        raises="phase",
        guards=(
            CONTROLLED,
            live("stage", "none", rule="order", because="the liver has been operated on already"),
            LASTING_CONTROL,
            LIVER_BEARS_DRUGS,
            DRUGS_IN_PREGNANCY,
            BILE_DRAINED,
        ),
        tags=(Tag("palliative"), TARGETED),
        sources=("gist_yonkus_2021", "net_surgery_2012"),
        gives_up=True,
    ),
    *(_palliate(unmeasured=one) for one in (False, True)),
    # A perforated bowel in somebody unfit for its resection, or who declines it: every walk must end.
    Trigger(
        name="leave_the_emergency",
        kind="decision",
        title="Care without an operation: the emergency is not operated on",
        acts=("care",),
        elective=False,
        distractor=NEVER,
        phases=(START,),
        to="palliation",
        raises="phase",
        guards=(
            live("primary", "urgent", rule="primary_not_urgent", because="the primary is not an emergency"),
            Guard(
                "diversion_enough",
                frozenset[Value]({"no"}),
                "primary_not_urgent",
                "a stent, a diversion or haemostasis controls this emergency",
            ),
        ),
        sources=("egoslim_2015",),
        gives_up=True,
    ),
    # Somebody who declines even palliative treatment or clarification is cared for all the same: every walk must end.
    Trigger(
        name="care_without_treatment",
        kind="decision",
        title="Care by the patient's wish, without treatment of the tumour",
        acts=("care",),
        distractor=NEVER,
        phases=tuple(phase for phase in DECISION_PHASES if phase != "referred"),
        to="palliation",
        raises="phase",
        guards=(
            Guard(
                "wishes_no_way_out",
                frozenset[Value]({"yes"}),
                "patient_accepts",
                "the patient has not declined palliative treatment or clarification",
            ),
        ),
        sources=("vancutsem_2016_esmo",),
        gives_up=True,
    ),
)
