"""The steps around treatment: the meeting, characterisation, recovery after operations, and stopping."""

from __future__ import annotations

from pathways.process.guards import NOT_URGENT, becomes, live
from pathways.process.model import BY_SITUATION, Chance, Days, Guard, Tag, Trigger, Value
from pathways.process.phases import DECISION_PHASES

MORTALITY = {
    "ablation": "mortality_ablation",
    "minor": "mortality_minor",
    "major": "mortality_major",
    "minor_with_primary": "mortality_minor_with_primary",
    "major_with_primary": "mortality_major_with_primary",
    "first_stage": "mortality_first_stage",
    "second_stage": "mortality_second_stage",
    "split_completion": "mortality_split_completion",
    "primary": "mortality_primary",
    "extrahepatic": "mortality_extrahepatic",
}
RECOVERED = becomes("operation", "none")
WAITING_FOR_THE_LIVER = (
    live("operation", "primary", rule="order", because="this operation was not the one on the primary"),
    live("stage", "none", rule="order", because="the liver has been operated on already"),
)
WAITING_FOR_THE_PRIMARY = (
    live("stage", "cleared", rule="order", because="the liver is not cleared"),
    live("primary", "in_situ", rule="order", because="the primary is not waiting for an operation"),
)

TRIGGERS = (
    Trigger(
        name="discuss",
        kind="decision",
        title="Liver MRI and multidisciplinary meeting",
        phases=("referred",),
        to=BY_SITUATION,
        raises="phase",
        guards=(
            NOT_URGENT,
            live("nature", "confirmed", rule="lesions_characterised", because="a lesion is only suspected"),
        ),
        days=Days(("meeting_days",)),
        sources=("camino_2024", "value_2014"),
    ),
    Trigger(
        name="discuss_uncertain_lesion",
        kind="decision",
        title="Liver MRI and multidisciplinary meeting: a lesion remains uncertain",
        phases=("referred",),
        to="indeterminate",
        raises="phase",
        guards=(
            NOT_URGENT,
            live("nature", "suspected", rule="lesions_characterised", because="no lesion is uncertain"),
        ),
        days=Days(("meeting_days",)),
        sources=("camino_2024", "value_2014"),
    ),
    Trigger(
        name="recovers",
        kind="outcome",
        title="Recovers",
        phases=("recovering",),
        to=BY_SITUATION,
        raises="phase",
        effects=(RECOVERED,),
        days=Days(("days_of_recovery",)),
        hoped_for=True,
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
        chance=Chance("slow_recovery_chance"),
        events=("complication",),
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
        days=Days(("days_of_recovery",)),
        chance=Chance("progression_before_liver_surgery"),
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
        days=Days(("days_of_recovery",)),
        chance=Chance("progression_before_primary_surgery"),
    ),
    Trigger(
        name="dies_after_operation",
        kind="outcome",
        title="Dies within 90 days of the operation",
        phases=("recovering",),
        to="dead",
        raises="phase",
        chance=Chance(by="operation", choices=MORTALITY),
        events=("death",),
    ),
    Trigger(
        name="palliate",
        kind="decision",
        title="Systemic treatment or care without the aim of clearing the liver",
        phases=tuple(phase for phase in DECISION_PHASES if phase not in ("referred", "indeterminate")),
        to="palliation",
        raises="phase",
        tags=(Tag("palliative"),),
        sources=("vancutsem_2016_esmo",),
        gives_up=True,
    ),
    # Somebody who declines even palliative treatment or clarification is cared for all the same: every walk must end.
    Trigger(
        name="care_without_treatment",
        kind="decision",
        title="Care by the patient's wish, without treatment of the tumour",
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
