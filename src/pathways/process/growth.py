"""Making the remnant grow: portal vein embolisation, liver venous deprivation, waiting, and what volumetry then finds."""

from __future__ import annotations

from pathways.process.guards import (
    DIAGNOSIS_BY_MAJOR_RESECTION,
    LIVER_UNTOUCHED,
    MAJOR_OPERABLE,
    MONTHS_GO_BY,
    NEVER,
    NO_RAYS_IN_PREGNANCY,
    NO_STIMULUS,
    SYSTEMIC_BEFORE,
    WEEKS_GO_BY,
    becomes,
    holds,
    live,
)
from pathways.process.model import (
    AGAIN,
    AS_IT_COMES,
    BY_SITUATION,
    Chance,
    Days,
    Distractor,
    Effect,
    Guard,
    Tag,
    Trigger,
    Value,
)
from pathways.process.phases import SITUATIONS

SCENARIO = ("extent", "sites", "nature")
TEAM = ("restaging", *SITUATIONS)
PVE_SOURCES = ("denys_2010", "shindoh_2013_pve", "van_lienden_2013")
LVD_SOURCES = ("dragon0_2021", "dragon1_2025")

SHORT = Guard("remnant_target", frozenset[Value]({"short", "likely_short"}), "remnant_volume", closes="not_needed")
TARGET = holds("target", "all_lesions_treatable")
FELL_SHORT = live(
    "growth", "weak", "exhausted", rule="remnant_growth", because="no growth stimulus has fallen short", closes="does_not_apply",
    sources=("van_lienden_2013",),
)  # fmt: skip
# Where some resection already leaves enough, nothing has to grow for another one that takes more.
NOT_PROGRESSED = live(
    "control", "controlled", rule="disease_controlled", because="the disease has progressed", teaches=True
)
CALLED_FOR = Guard("growth_called_for", frozenset[Value]({"yes"}), "remnant_growth", closes="not_needed")
# A team thinks of a growth stimulus where no remnant is large enough as it is.
WHERE_CALLED_FOR = Distractor(when=(CALLED_FOR,))
# What would bar the operation is looked at before a liver is embolised or split for it.
FOUND_OUT = holds("elsewhere_found_out", "extrahepatic_resectable")
EMBOLISABLE = (*MAJOR_OPERABLE, NO_RAYS_IN_PREGNANCY, SYSTEMIC_BEFORE, FOUND_OUT, TARGET, SHORT, CALLED_FOR)
# Through the skin nothing of the side that stays is cleared.
CLEARED_BEFORE = holds("cleared_before_stimulus", "staged_in_order")
IN_ONE = holds("target_in_one", "all_lesions_treatable")
MID_WAY = ("first", "further")
# Before the hepatic veins are closed: nothing, or the portal branch once or twice.
BEFORE_VEINS = ("none", "pve", f"pve{AGAIN}")


def _volumetry(*, before_diagnosis: bool) -> tuple[Trigger, ...]:
    """Volumetry where only an estimate is there; before the diagnosis for the sake of a major diagnostic resection."""
    place = "volumetry_before_diagnosis" if before_diagnosis else "volumetry"
    suffix = "_before_diagnosis" if before_diagnosis else ""
    back: str = "indeterminate" if before_diagnosis else BY_SITUATION
    wanted = (holds("clear_major", "all_lesions_treatable"), DIAGNOSIS_BY_MAJOR_RESECTION) if before_diagnosis else ()
    return (
        Trigger(
            name=f"measure_remnant{suffix}",
            kind="decision",
            title="Volumetry of the remnant",
            acts=("volumetry",),
            distractor=NEVER if before_diagnosis else AS_IT_COMES,
            phases=("indeterminate",) if before_diagnosis else SITUATIONS,
            to=place,
            raises="phase",
            guards=(
                LIVER_UNTOUCHED,
                live("growth", "none", rule="remnant_growth", because="volumetry has followed the growth stimulus"),
                live("volume", "unmeasured", "was_short", rule="remnant_volume", because="volumetry has been done"),
                Guard("volumetry_useful", frozenset[Value]({"yes"}), "remnant_volume"),
                NOT_PROGRESSED,
                *wanted,
            ),
            days=Days(("days_to_volumetry",)),
            sources=("kim_2013_slv", "shindoh_2013_pve"),
            events=("volumetry",),
        ),
        Trigger(
            name=f"volumetry_enough{suffix}",
            kind="outcome",
            title="The remnant is large enough",
            finds=("enough",),
            phases=(place,),
            to=back,
            raises="volume",
            effects=(becomes("volume", "enough"),),
            chance=Chance("volumetry_enough_chance", reads=(*SCENARIO, "blocks", "volume")),
            hoped_for=True,
        ),
        Trigger(
            name=f"volumetry_short{suffix}",
            kind="outcome",
            title="The remnant is too small",
            finds=("short",),
            phases=(place,),
            to=back,
            raises="volume",
            effects=(becomes("volume", "short"),),
        ),
    )


TRIGGERS = (
    Trigger(
        name="embolise_portal_vein",
        kind="decision",
        title="Portal vein embolisation on the tumour side",
        acts=("embolisation",),
        short="portal vein embolisation",
        distractor=WHERE_CALLED_FOR,
        phases=TEAM,
        to="hypertrophy",
        raises="stimulus",
        guards=(
            LIVER_UNTOUCHED,
            NO_STIMULUS,
            *EMBOLISABLE,
            IN_ONE,
            CLEARED_BEFORE,
            holds("reach_pve", "remnant_growth"),
        ),
        effects=(becomes("stimulus", "pve"), becomes("growth", "pending"), MONTHS_GO_BY),
        tags=(Tag("pve"),),
        days=Days(("days_to_operation", "growth_pve_days")),
        sources=PVE_SOURCES,
        events=("portal_vein_embolisation", "portal_vein_ligation"),
    ),
    Trigger(
        name="deprive_liver_veins",
        kind="decision",
        title="Embolisation of portal and hepatic veins (liver venous deprivation)",
        acts=("embolisation",),
        short="liver venous deprivation",
        distractor=WHERE_CALLED_FOR,
        phases=(*TEAM, "between_stages"),
        to="hypertrophy",
        raises="stimulus",
        guards=(
            live("stage", "none", *MID_WAY, rule="staged_in_order", because="the liver has been split or cleared"),
            live("stimulus", *BEFORE_VEINS, rule="remnant_growth", because="the veins have been embolised already"),
            live("growth", "none", "weak", "exhausted", rule="remnant_growth", because="the remnant has grown enough"),
            *EMBOLISABLE,
            IN_ONE,
            CLEARED_BEFORE,
            holds("reach_lvd", "remnant_growth"),
            holds("policy_lvd", "policy"),
        ),
        effects=(
            Effect("stimulus", mapping={one: "lvd" if one == "none" else f"lvd{AGAIN}" for one in BEFORE_VEINS}),
            becomes("growth", "pending"),
            MONTHS_GO_BY,
        ),
        tags=(Tag("lvd"),),
        days=Days(("days_to_operation", "growth_lvd_days")),
        sources=LVD_SOURCES,
        events=("liver_venous_deprivation",),
    ),
    Trigger(
        name="wait_longer",
        kind="decision",
        title="Give the remnant more time and measure it again",
        acts=("waiting",),
        short="more time for the remnant",
        distractor=NEVER,
        phases=(*SITUATIONS, "between_stages"),
        to="hypertrophy",
        raises="growth",
        guards=(
            live("growth", "weak", rule="remnant_growth", because="more time is for growth that fell short once"),
            live(
                "stimulus",
                "pve",
                "lvd",
                "split",
                f"lvd{AGAIN}",
                f"split{AGAIN}",
                rule="remnant_growth",
                because="the remnant has had more time already",
            ),
            live("stage", "none", *MID_WAY, "split", rule="staged_in_order", because="the liver is cleared"),
            holds("target", "all_lesions_treatable"),
            NOT_PROGRESSED,
        ),
        effects=(becomes("growth", "waiting"), WEEKS_GO_BY),
        days=Days(("growth_extra_days",)),
        sources=("denys_2010",),
    ),
    Trigger(
        name="remnant_grows",
        kind="outcome",
        title="Volumetry: the remnant is large enough",
        finds=("enough",),
        phases=("hypertrophy",),
        to=BY_SITUATION,
        raises="growth",
        effects=(becomes("growth", "adequate"),),
        chance=Chance(
            by="growth",
            choices={"pending": "growth_success", "waiting": "growth_late_success"},
            of_rest=True,
            reads=("stimulus", "volume", *SCENARIO, "blocks"),
        ),
        hoped_for=True,
        events=("volumetry",),
    ),
    Trigger(
        name="remnant_stays_short",
        kind="outcome",
        title="Volumetry: the remnant is still too small",
        finds=("short",),
        phases=("hypertrophy",),
        to=BY_SITUATION,
        raises="growth",
        effects=(Effect("growth", mapping={"pending": "weak", "waiting": "exhausted"}),),
        events=("volumetry",),
    ),
    Trigger(
        name="progression_while_growing",
        kind="outcome",
        title="Progression while the remnant grows",
        phases=("hypertrophy",),
        to=BY_SITUATION,
        raises="growth",
        effects=(
            Effect("growth", mapping={"pending": "weak", "waiting": "exhausted"}),
            becomes("control", "progressed"),
        ),
        chance=Chance("growth_progression_chance"),
    ),
    Trigger(
        name="death_while_growing",
        kind="outcome",
        title="Death after embolisation",
        phases=("hypertrophy",),
        to="dead",
        raises="phase",
        chance=Chance("growth_death_chance"),
        events=("death",),
    ),
    *(trigger for before_diagnosis in (False, True) for trigger in _volumetry(before_diagnosis=before_diagnosis)),
)
