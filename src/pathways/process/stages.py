"""Two-stage hepatectomy, ALPPS and rescue ALPPS: clear one side, let it grow, remove the other."""

from __future__ import annotations

from pathways.process.growth import EMBOLISABLE, FELL_SHORT, IN_ONE, MID_WAY, SCENARIO, WHERE_CALLED_FOR
from pathways.process.guards import (
    CONTROLLED,
    GROWN,
    LIVER_CLEARED,
    LIVER_FIRST,
    LIVER_UNTOUCHED,
    NEVER,
    NEXT_STAGE_OPERABLE,
    NO_STIMULUS,
    PRIMARY_IN_PLACE,
    PRIMARY_PREPARED,
    REPEAT,
    UPFRONT,
    WEEKS_GO_BY,
    becomes,
    holds,
    live,
)
from pathways.process.model import AGAIN, Chance, Days, Effect, Guard, Tag, Trigger, Value
from pathways.process.phases import SITUATIONS

ALPPS_SOURCES = ("ligro_2018", "alpps_meta_2020", "alpps_protocol_zurich")
SPLIT = (becomes("stage", "split"), becomes("stimulus", "split"), becomes("growth", "pending"))
SPLIT_AGAIN = (becomes("stage", "split"), becomes("stimulus", f"split{AGAIN}"), becomes("growth", "pending"))
SPLIT_DAYS = Days(("growth_split_days",))
SIDE_CLEARED = (
    live("stage", *MID_WAY, rule="staged_in_order", because="stage two follows stage one"),
    Guard(
        "side_cleared", frozenset[Value]({"yes"}), "staged_in_order",
        "the side that stays needs a further stage before the other side goes",
    ),
)  # fmt: skip
SPLIT_READY = (
    live("stage", "split", rule="staged_in_order", because="stage two follows stage one"),
    live(
        "condition", "well", "recovered", rule="interstage_fit", because="the patient is not fit for it yet",
        sources=("schadde_interstage_2015",),
    ),
)  # fmt: skip
WITH_PRIMARY = (PRIMARY_IN_PLACE, PRIMARY_PREPARED)


def _first_stage(*, with_primary: bool) -> Trigger:
    operation = "first_stage_with_primary" if with_primary else "first_stage"
    effects = (
        becomes("stage", "first"),
        # A branch that is closed already makes nothing grow a second time.
        Effect("stimulus", mapping={"none": "pve", "pve": f"pve{AGAIN}"}),
        becomes("growth", "pending"),
        becomes("operation", operation),
    )
    return Trigger(
        name="first_stage_and_primary" if with_primary else "first_stage",
        kind="decision",
        title="First stage: clear the side that stays, close the portal branch of the other"
        + (", together with the primary" if with_primary else ""),
        short="stage one with the primary" if with_primary else "stage one",
        acts=("first_stage", *(("primary_resection",) if with_primary else ())),
        treats=("primary",) if with_primary else (),
        distractor=WHERE_CALLED_FOR,
        phases=SITUATIONS,
        to="recovering",
        raises="stage",
        guards=(
            LIVER_UNTOUCHED,
            live("stimulus", "none", "pve", rule="remnant_growth", because="the veins have been embolised already"),
            live(
                "growth",
                "none",
                "weak",
                rule="remnant_growth",
                because="more time has not made the remnant grow enough",
            ),
            *EMBOLISABLE,
            holds("two_sided", "all_lesions_treatable"),
            holds("reach_pve", "remnant_growth"),
            holds("policy_two_stage", "policy"),
            *((*WITH_PRIMARY, holds("simultaneous_minor", "simultaneous_safe")) if with_primary else ()),
        ),
        effects=(*effects, *((becomes("primary", "resected"),) if with_primary else ())),
        tags=(Tag("two_stage"), *UPFRONT, REPEAT, Tag("simultaneous") if with_primary else LIVER_FIRST),
        days=Days(("days_to_operation",)),
        sources=("passot_2016", "vigano_2016_tsh", *(("oncol_ther_2021",) if with_primary else ())),
        events=("first_stage", *(("primary_resection",) if with_primary else ())),
        operation=True,
        oncological=True,
    )


def _last_stage(name: str, *, with_primary: bool) -> Trigger:
    split = name == "alpps_stage_2"
    operation = "split_completion" if split else "second_stage"
    title = "ALPPS stage two: remove the other side" if split else "Second stage: remove the other side"
    return Trigger(
        name=f"{name}_and_primary" if with_primary else name,
        kind="decision",
        title=title + (", together with the primary" if with_primary else ""),
        short=("ALPPS stage two" if split else "stage two") + (" with the primary" if with_primary else ""),
        acts=("last_stage", *(("primary_resection",) if with_primary else ())),
        treats=("primary",) if with_primary else (),
        phases=("between_stages",),
        to="recovering",
        raises="stage",
        guards=(
            *(SPLIT_READY if split else SIDE_CLEARED),
            GROWN,
            *NEXT_STAGE_OPERABLE,
            *((*WITH_PRIMARY, holds("simultaneous_major", "simultaneous_safe")) if with_primary else ()),
        ),
        effects=(
            *LIVER_CLEARED,
            *((becomes("primary", "resected"),) if with_primary else ()),
            becomes("operation", f"{operation}_with_primary" if with_primary else operation),
        ),
        tags=(Tag("alpps" if split else "two_stage"), *((Tag("simultaneous"),) if with_primary else ())),
        days=Days(("days_to_split_completion" if split else "days_to_operation",)),
        sources=(*(ALPPS_SOURCES if split else ("passot_2016",)), *(("oncol_ther_2021",) if with_primary else ())),
        events=("stage_2", *(("primary_resection",) if with_primary else ())),
        clearance="target",
        operation=True,
        oncological=True,
    )


TRIGGERS = (
    *(_first_stage(with_primary=one) for one in (False, True)),
    # Where the side that stays bears more than one session clears: a multi-stage resection.
    Trigger(
        name="further_stage",
        kind="decision",
        title="Further stage: clear the rest of the side that stays",
        acts=("further_stage",),
        short="a further stage",
        phases=("between_stages",),
        to="recovering",
        raises="stage",
        guards=(
            live("stage", "first", rule="staged_in_order", because="a further stage follows stage one"),
            Guard("clearing_stages", frozenset[Value]({"two"}), "all_lesions_treatable", "one session has cleared that side"),
            CONTROLLED,
            *NEXT_STAGE_OPERABLE,
        ),
        effects=(becomes("stage", "further"), becomes("operation", "completion")),
        tags=(Tag("two_stage"),),
        days=Days(("days_to_operation",)),
        sources=("vigano_2016_tsh", "passot_2016"),
        events=("hepatectomy",),
        operation=True,
        oncological=True,
    ),
    *(_last_stage("second_stage", with_primary=one) for one in (False, True)),
    Trigger(
        name="alpps_stage_1",
        kind="decision",
        title="ALPPS stage one: clear the side that stays, split the liver, close the portal branch",
        acts=("split",),
        short="ALPPS stage one",
        distractor=WHERE_CALLED_FOR,
        phases=SITUATIONS,
        to="alpps_interval",
        raises="stage",
        guards=(
            LIVER_UNTOUCHED,
            NO_STIMULUS,
            *EMBOLISABLE,
            IN_ONE,
            holds("fit_alpps", "fit_for_operation"),
            holds("reach_split", "remnant_growth"),
            holds("policy_alpps", "policy"),
        ),
        effects=SPLIT,
        tags=(Tag("alpps"), *UPFRONT, REPEAT, LIVER_FIRST),
        days=Days(("days_to_operation",)),
        sources=ALPPS_SOURCES,
        events=("alpps_stage_1",),
        operation=True,
        oncological=True,
    ),
    Trigger(
        name="rescue_alpps",
        kind="decision",
        title="Rescue ALPPS: split the liver after growth fell short",
        acts=("split",),
        phases=(*SITUATIONS, "between_stages"),
        to="alpps_interval",
        raises="stage",
        guards=(
            live("stage", "none", *MID_WAY, rule="staged_in_order", because="the liver has been split or cleared"),
            FELL_SHORT,
            *EMBOLISABLE,
            IN_ONE,
            holds("fit_alpps", "fit_for_operation"),
            holds("reach_split", "remnant_growth"),
            holds("policy_alpps", "policy"),
        ),
        effects=SPLIT_AGAIN,
        tags=(Tag("rescue_alpps"), Tag("alpps"), REPEAT, LIVER_FIRST),
        days=Days(("days_to_operation",)),
        sources=("rescue_alpps_2017", "ligro_2018"),
        events=("alpps_stage_1",),
        operation=True,
        oncological=True,
    ),
    Trigger(
        name="ready_for_stage_two",
        kind="outcome",
        title="Volumetry: large enough, and the patient is fit",
        finds=("enough",),
        phases=("alpps_interval",),
        to="between_stages",
        raises="growth",
        effects=(becomes("growth", "adequate"), WEEKS_GO_BY),
        days=SPLIT_DAYS,
        chance=Chance("split_success", of_rest=True, reads=("stimulus", "volume", *SCENARIO, "blocks")),
        hoped_for=True,
        events=("volumetry",),
    ),
    Trigger(
        name="grown_but_unfit",
        kind="outcome",
        title="Large enough, but the patient is not fit for stage two yet",
        finds=("enough", "unfit"),
        phases=("alpps_interval",),
        to="between_stages",
        raises="growth",
        effects=(becomes("growth", "adequate"), becomes("condition", "unfit"), WEEKS_GO_BY),
        days=SPLIT_DAYS,
        chance=Chance("split_unfit_chance"),
        events=("volumetry", "complication"),
    ),
    Trigger(
        name="split_growth_short",
        kind="outcome",
        title="Volumetry: the remnant is still too small after the split",
        finds=("short",),
        phases=("alpps_interval",),
        to="between_stages",
        raises="growth",
        effects=(becomes("growth", "weak"), WEEKS_GO_BY),
        days=SPLIT_DAYS,
        events=("volumetry",),
    ),
    Trigger(
        name="progression_between_stages",
        kind="outcome",
        title="Progression between the stages",
        phases=("alpps_interval",),
        to="between_stages",
        raises="growth",
        effects=(becomes("growth", "weak"), becomes("control", "progressed"), WEEKS_GO_BY),
        days=SPLIT_DAYS,
        chance=Chance("split_progression_chance"),
    ),
    Trigger(
        name="death_between_stages",
        kind="outcome",
        title="Death between the stages",
        phases=("alpps_interval",),
        to="dead",
        raises="phase",
        days=SPLIT_DAYS,
        chance=Chance("death_of_split", reads=(*SCENARIO, "blocks")),
        events=("death",),
    ),
    Trigger(
        name="recover_between_stages",
        kind="decision",
        title="Wait until the patient is fit for the next stage",
        acts=("waiting",),
        finds=("fit",),
        phases=("between_stages",),
        to="between_stages",
        raises="condition",
        guards=(live("condition", "unfit", rule="interstage_fit", because="the patient is fit already"),),
        effects=(becomes("condition", "recovered"), WEEKS_GO_BY),
        days=Days(("days_of_recovery_between_stages",)),
        sources=("schadde_interstage_2015",),
    ),
    Trigger(
        name="rescue_embolisation",
        kind="decision",
        title="Embolise the portal branch that filled again after the split",
        acts=("embolisation",),
        distractor=NEVER,
        phases=("between_stages",),
        to="hypertrophy",
        raises="growth",
        guards=(
            live("stage", "split", rule="staged_in_order", because="between stages a portal branch is closed only where it filled again after a split"),
            live("growth", "weak", rule="remnant_growth", because="growth after the split has not fallen short"),
            *NEXT_STAGE_OPERABLE,
        ),
        effects=(becomes("growth", "waiting"), WEEKS_GO_BY),
        tags=(Tag("pve"),),
        days=Days(("days_to_operation", "growth_extra_days")),
        sources=("van_lienden_2013",),
        events=("portal_vein_embolisation",),
    ),
    *(_last_stage("alpps_stage_2", with_primary=one) for one in (False, True)),
)  # fmt: skip
