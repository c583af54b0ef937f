"""The steps around treatment: the meeting, characterisation, recovery after operations, and stopping."""

from __future__ import annotations

from pathways.process.guards import (
    ABLATION_SAFE,
    BILE_DRAINED,
    CONTROLLED,
    IN_PLACE,
    LIVER_BEARS_DRUGS,
    NEVER,
    NOT_URGENT,
    TARGETED,
    becomes,
    holds,
    live,
)
from pathways.process.model import BY_SITUATION, Chance, Days, Distractor, Guard, Tag, Trigger, Value
from pathways.process.operations import CLEARING, MAY_FAIL, OPERATIONS
from pathways.process.phases import DECISION_PHASES, LIVER_DONE, SITUATIONS, START

# What the risk of an operation depends on: what was done, which lesions counted, and what chemotherapy has done to the liver.
RISK_READS = ("operation", "extent", "sites", "nature", "blocks")


def _complication(name: str) -> str:
    done = OPERATIONS[name]
    if done.bowel:
        return "complication_primary" if done.liver == "none" else "complication_with_primary"
    if done.liver == "ablation":
        return "complication_ablation"
    # The second operation on a liver is known by no extent.
    major = done.may_fail or name.startswith("repeat")
    return "complication_major" if major else "complication_minor"


COMPLICATIONS = {name: _complication(name) for name in OPERATIONS}
RECOVERY = Days(
    (),
    by="operation",
    choices={name: "days_of_recovery_ablation" if name == "ablation" else "days_of_recovery" for name in OPERATIONS},
)
RECOVERED = becomes("operation", "none")
WAITING_FOR_THE_LIVER = (
    live("operation", "primary", rule="order", because="this operation was not the one on the primary"),
    live("stage", "none", rule="order", because="the liver has been operated on already"),
)
WAITING_FOR_THE_PRIMARY = (
    live("stage", *LIVER_DONE, rule="order", because="the liver is not cleared"),
    live("primary", *IN_PLACE, rule="order", because="the primary is not waiting for an operation"),
)
FOUND_AT_OPERATION = (
    live("operation", *CLEARING, rule="order", because="this operation was not to clear the liver"),
    live("stage", "cleared", rule="order", because="what was found has been dealt with"),
    live("nature", "confirmed", "proven", rule="order", because="the operation was for the diagnosis"),
)

LASTING_CONTROL = Guard(
    "lasting_control", frozenset[Value]({"yes"}), "policy", "no systemic treatment controls this tumour for years"
)

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
            live(
                "nature",
                "confirmed",
                "proven",
                "benign",
                rule="lesions_characterised",
                because="a lesion is only suspected",
                teaches=True,
            ),
        ),
        days=Days(("meeting_days",)),
        sources=("camino_2024", "value_2014"),
        images=True,
    ),
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
        guards=(
            NOT_URGENT,
            live("nature", "suspected", "mixed", rule="lesions_characterised", because="no lesion is uncertain"),
        ),
        days=Days(("meeting_days",)),
        sources=("camino_2024", "value_2014"),
        images=True,
    ),
    Trigger(
        name="recovers",
        kind="outcome",
        title="Recovers",
        phases=("recovering",),
        to=BY_SITUATION,
        raises="phase",
        effects=(RECOVERED,),
        days=RECOVERY,
        hoped_for=True,
        images=True,
    ),
    Trigger(
        name="recovers_slowly",
        kind="outcome",
        title="Recovers after a major complication",
        phases=("recovering",),
        to=BY_SITUATION,
        raises="phase",
        effects=(RECOVERED,),
        days=Days(("days_of_slow_recovery",)),
        chance=Chance(by="operation", choices=COMPLICATIONS),
        events=("complication",),
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
        effects=(RECOVERED, becomes("control", "progressed")),
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
        effects=(RECOVERED, becomes("control", "progressed")),
        days=RECOVERY,
        chance=Chance("progression_before_primary_surgery"),
        images=True,
    ),
    Trigger(
        name="dies_after_operation",
        kind="outcome",
        title="Dies within 90 days of the operation",
        phases=("recovering",),
        to="dead",
        raises="phase",
        chance=Chance("death_of_operation", reads=RISK_READS),
        events=("death",),
    ),
    Trigger(
        name="liver_fails",
        kind="outcome",
        title="The remnant fails (liver failure of grade B or C)",
        finds=("unfit",),
        phases=("recovering",),
        to="liver_failure",
        raises="phase",
        guards=(
            live("operation", *MAY_FAIL, rule="liver_sufficient", because="this operation took little of the liver"),
        ),
        chance=Chance("failure_of_operation", reads=RISK_READS),
        events=("complication",),
    ),
    Trigger(
        name="liver_failure_resolves",
        kind="outcome",
        title="The remnant recovers",
        finds=("fit",),
        phases=("liver_failure",),
        to=BY_SITUATION,
        raises="phase",
        effects=(RECOVERED,),
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
        chance=Chance("death_of_failure", reads=RISK_READS),
        events=("death",),
    ),
    Trigger(
        name="more_found_at_operation",
        kind="outcome",
        title="At operation more is found than was seen: part of the disease stays for now",
        finds=("more_disease",),
        phases=("recovering",),
        to=BY_SITUATION,
        raises="stage",
        guards=FOUND_AT_OPERATION,
        effects=(RECOVERED, becomes("stage", "incomplete")),
        days=RECOVERY,
        chance=Chance("more_found_chance"),
        images=True,
    ),
    Trigger(
        name="operation_abandoned",
        kind="outcome",
        title="At operation the disease cannot be removed: open and close",
        finds=("more_disease",),
        phases=("recovering",),
        to=BY_SITUATION,
        raises="stage",
        guards=FOUND_AT_OPERATION,
        effects=(RECOVERED, becomes("stage", "abandoned")),
        days=RECOVERY,
        chance=Chance("open_and_close_chance"),
        events=("exploration",),
        images=True,
    ),
    Trigger(
        name="completion_ablation",
        kind="decision",
        title="Ablate what was found at operation, in the same session or a second one",
        acts=("ablation",),
        treats=("found at operation",),
        asked="Ablate what was found at operation, in a second session",
        phases=("incomplete",),
        to="recovering",
        raises="stage",
        guards=(holds("fit_ablation", "fit_for_operation"), ABLATION_SAFE),
        effects=(becomes("stage", "completed"), becomes("operation", "ablation")),
        tags=(Tag("ablation"),),
        days=Days(("days_to_operation",)),
        sources=("collision_2025", "ious_review"),
        events=("ablation",),
        oncological=True,
    ),
    Trigger(
        name="completion_resection",
        kind="decision",
        title="Resect what was found at operation in a second session",
        acts=("hepatectomy",),
        treats=("found at operation",),
        phases=("incomplete",),
        to="recovering",
        raises="stage",
        guards=(holds("fit_minor", "fit_for_operation"), holds("liver_function_minor", "liver_sufficient")),
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
            BILE_DRAINED,
        ),
        tags=(Tag("palliative"), TARGETED),
        sources=("gist_yonkus_2021", "net_surgery_2012"),
        gives_up=True,
    ),
    Trigger(
        name="palliate",
        kind="decision",
        title="Systemic treatment or care without the aim of clearing the liver",
        acts=("care",),
        short="systemic treatment or care without clearing the liver",
        phases=tuple(phase for phase in DECISION_PHASES if phase not in ("referred", "indeterminate")),
        to="palliation",
        raises="phase",
        tags=(Tag("palliative"),),
        sources=("vancutsem_2016_esmo",),
        gives_up=True,
    ),
    # A perforated bowel in somebody unfit for its resection, or who declines it: every walk must end.
    Trigger(
        name="leave_the_emergency",
        kind="decision",
        title="Care without an operation: the perforation is not operated on",
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
