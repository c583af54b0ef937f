"""The primary tumour and extrahepatic disease as steps of their own, and what must not wait."""

from __future__ import annotations

from pathways.process.guards import (
    BILE_DRAINED,
    CONTROLLED,
    EARLY_IN_PREGNANCY,
    EXTRAHEPATIC_THERE,
    MONTHS_GO_BY,
    NEVER,
    NO_RAYS_IN_PREGNANCY,
    NOT_URGENT,
    PRIMARY_IN_PLACE,
    PRIMARY_PREPARED,
    UPFRONT,
    WEEKS_GO_BY,
    becomes,
    holds,
    live,
)
from pathways.process.model import BY_SITUATION, Chance, Days, Distractor, Guard, Tag, Trigger, Value
from pathways.process.phases import LIVER_DONE, LIVER_SPARED, SITUATIONS, START

URGENT = live(
    "primary", "urgent", rule="primary_not_urgent", because="the primary is not an emergency", closes="does_not_apply"
)
NOT_MID_WAY = (
    live(
        "stage",
        "none",
        "debulked",
        LIVER_SPARED,
        *LIVER_DONE,
        rule="staged_in_order",
        because="the operations on the liver are not finished",
    ),
    live("growth", "none", "adequate", rule="remnant_growth", because="the remnant is growing"),
)
# Between the stages of a liver that has been operated on a duct may be obstructed, by the operation or by what is left.
UNFINISHED = ("first", "further", "split")
PRIMARY_FIRST = Tag(
    "primary_first", (live("stage", "none", rule="order", because="the liver has been operated on already"),)
)


def _drain(*, before_diagnosis: bool) -> Trigger:
    """Drainage wherever a team decides on elective steps; a lesion that is only suspected waits for it too."""
    return Trigger(
        name="drain_bile_ducts_before_diagnosis" if before_diagnosis else "drain_bile_ducts",
        kind="decision",
        title="Drain the obstructed bile ducts",
        acts=("drainage",),
        short="biliary drainage",
        distractor=NEVER,
        phases=("indeterminate",) if before_diagnosis else (*SITUATIONS, "between_stages"),
        to="indeterminate" if before_diagnosis else BY_SITUATION,
        raises="bile",
        guards=(
            live("bile", "obstructed", rule="biliary_drained", because="the bile ducts are not obstructed"),
            live(
                "stage",
                "none",
                LIVER_SPARED,
                *UNFINISHED,
                rule="order",
                because="the liver has been operated on already",
            ),
        ),
        effects=(becomes("bile", "free"), WEEKS_GO_BY),
        days=Days(("days_of_drainage",)),
        sources=("cancers_2022_resectability", "pathways_team"),
        events=("biliary_drainage",),
        images=True,
    )


def _irradiate(*, after_liver: bool) -> Trigger:
    """Radiotherapy before the liver, which can be operated on in the interval to the resection of the rectum; or after it.

    After it nothing fills the interval, so that it belongs to the step.
    """
    stages = ("debulked", *LIVER_DONE) if after_liver else ("none", LIVER_SPARED)
    return Trigger(
        name="irradiate_primary_after_liver" if after_liver else "irradiate_primary",
        kind="decision",
        title="Short-course radiotherapy of the rectum" + (", and the interval after it" if after_liver else ""),
        acts=("radiotherapy",),
        short="radiotherapy of the rectum",
        annotation=(
            "resection of the rectum when the interval has passed"
            if after_liver
            else "resection of the rectum 6 to 12 weeks later; a liver operation fits in between"
        ),
        # Chemotherapy, liver, radiotherapy, rectum is an order with a name of its own, however soon the rectum could have been irradiated.
        sets_apart=after_liver,
        distractor=NEVER,
        phases=SITUATIONS,
        to=BY_SITUATION,
        raises="primary",
        guards=(
            live("primary", "in_situ", rule="radiotherapy", because="the primary is gone or has been irradiated"),
            Guard(
                "radiotherapy_due",
                frozenset[Value]({"yes"}),
                "radiotherapy",
                "no radiotherapy of the primary is asked for",
            ),
            holds("rays_in_turn", "radiotherapy"),
            live(
                "stage",
                *stages,
                rule="order",
                because="the liver has not been operated on"
                if after_liver
                else "the liver has been operated on already",
            ),
            BILE_DRAINED,
            NO_RAYS_IN_PREGNANCY,
            NOT_MID_WAY[1],
        ),
        effects=(becomes("primary", "rested" if after_liver else "irradiated"), MONTHS_GO_BY),
        days=Days(("days_of_radiotherapy", *(("days_after_radiotherapy",) if after_liver else ()))),
        sources=("kok_2020",),
        events=("radiotherapy",),
        oncological=True,
        images=after_liver,
    )


TRIGGERS = (
    Trigger(
        name="resect_primary",
        kind="decision",
        title="Resection of the primary",
        acts=("primary_resection",),
        treats=("primary",),
        short="primary",
        phases=SITUATIONS,
        to="recovering",
        raises="primary",
        guards=(
            NOT_URGENT,
            PRIMARY_IN_PLACE,
            PRIMARY_PREPARED,
            *NOT_MID_WAY,
            BILE_DRAINED,
            CONTROLLED,
            holds("targeted_before", "targeted_first"),
            holds("primary_operable", "primary_resectable"),
            holds("fit_minor", "fit_for_operation"),
            EARLY_IN_PREGNANCY,
        ),
        effects=(becomes("primary", "resected"), becomes("operation", "primary")),
        tags=(PRIMARY_FIRST, *UPFRONT),
        days=Days(("days_to_operation",)),
        sources=("boudjema_2021_metasync", "lam_2014_liver_first"),
        events=("primary_resection",),
        operation=True,
        oncological=True,
    ),
    Trigger(
        name="resect_primary_urgently",
        kind="decision",
        title="Emergency resection of the primary",
        acts=("primary_resection",),
        elective=False,
        treats=("primary",),
        short="emergency resection of the primary",
        # What a stent or a diversion could have controlled first is another idea: its deaths are not those of an elective operation.
        sets_apart=True,
        phases=(START,),
        to="emergency_recovery",
        raises="primary",
        guards=(URGENT, holds("fit_emergency", "fit_for_operation")),
        effects=(becomes("primary", "resected"),),
        tags=(PRIMARY_FIRST, *UPFRONT),
        days=Days(("days_to_emergency",)),
        sources=("egoslim_2015", "dervenis_2016"),
        events=("primary_resection",),
        operation=True,
        oncological=True,
    ),
    Trigger(
        name="divert_or_stent",
        kind="decision",
        title="Stent, diversion or haemostasis; the primary stays",
        acts=("diversion",),
        elective=False,
        short="stent or diversion",
        short_in={"bleeding": "haemostasis", "perforation": "diversion"},
        asked_in={
            "obstruction": "Stent or diversion; the primary stays",
            "bleeding": "Haemostasis by endoscopy or embolisation; the primary stays",
            "perforation": "Diversion; the primary stays",
        },
        phases=(START,),
        to=START,
        raises="primary",
        guards=(
            URGENT,
            Guard(
                "diversion_enough",
                frozenset[Value]({"yes"}),
                "primary_not_urgent",
                "a stent, a diversion or haemostasis does not treat this emergency",
                ("egoslim_2015",),
            ),
        ),
        effects=(becomes("primary", "in_situ"),),
        days=Days(("days_to_emergency",)),
        sources=("egoslim_2015",),
        events=("stent", "diversion"),
    ),
    *(_irradiate(after_liver=one) for one in (False, True)),
    Trigger(
        name="wait_after_radiotherapy",
        kind="decision",
        title="Let the interval after radiotherapy pass",
        acts=("radiotherapy",),
        distractor=NEVER,
        phases=SITUATIONS,
        to=BY_SITUATION,
        raises="primary",
        guards=(
            live("primary", "irradiated", rule="radiotherapy", because="the primary has not been irradiated"),
            live(
                "stage",
                "none",
                LIVER_SPARED,
                rule="radiotherapy",
                because="the operation on the liver has filled the interval",
            ),
        ),
        effects=(becomes("primary", "rested"), WEEKS_GO_BY),
        days=Days(("days_after_radiotherapy",)),
        sources=("kok_2020",),
        images=True,
    ),
    *(_drain(before_diagnosis=one) for one in (False, True)),
    Trigger(
        name="resect_extrahepatic",
        kind="decision",
        title="Resection of the extrahepatic disease",
        acts=("metastasectomy",),
        treats=("extrahepatic",),
        short="extrahepatic disease",
        distractor=Distractor(hasty=True),
        phases=SITUATIONS,
        to="recovering",
        raises="extrahepatic",
        guards=(
            NOT_URGENT,
            EXTRAHEPATIC_THERE,
            *NOT_MID_WAY,
            BILE_DRAINED,
            CONTROLLED,
            holds("extrahepatic_operable", "extrahepatic_resectable"),
            holds("fit_minor", "fit_for_operation"),
            EARLY_IN_PREGNANCY,
        ),
        effects=(becomes("extrahepatic", "cleared"), becomes("operation", "extrahepatic")),
        tags=(Tag("metastasectomy"), *UPFRONT),
        days=Days(("days_to_operation",)),
        sources=("ehd_hwang_2014", "ehd_pulitano_2011"),
        events=("metastasectomy",),
        operation=True,
        oncological=True,
    ),
    Trigger(
        name="recovers_from_emergency",
        kind="outcome",
        title="Recovers from the emergency operation",
        phases=("emergency_recovery",),
        to=START,
        raises="phase",
        effects=(WEEKS_GO_BY,),
        days=Days(("days_of_recovery",)),
        hoped_for=True,
    ),
    Trigger(
        name="progression_after_emergency",
        kind="outcome",
        title="Progression of the liver disease before it could be treated",
        phases=("emergency_recovery",),
        to=START,
        raises="phase",
        effects=(becomes("control", "progressed"), WEEKS_GO_BY),
        days=Days(("days_of_recovery",)),
        chance=Chance("progression_before_liver_surgery"),
    ),
    Trigger(
        name="dies_after_emergency",
        kind="outcome",
        title="Dies after the emergency operation",
        phases=("emergency_recovery",),
        to="dead",
        raises="phase",
        chance=Chance("death_of_emergency"),
        events=("death",),
    ),
)
