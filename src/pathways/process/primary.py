"""The primary tumour and extrahepatic disease as steps of their own, and what must not wait."""

from __future__ import annotations

from pathways.process.guards import (
    CONTROLLED,
    EXTRAHEPATIC_THERE,
    NOT_URGENT,
    PRIMARY_IN_PLACE,
    UPFRONT,
    becomes,
    holds,
    live,
)
from pathways.process.model import Chance, Days, Tag, Trigger
from pathways.process.phases import SITUATIONS, START

URGENT = live("primary", "urgent", rule="primary_not_urgent", because="the primary is not an emergency")
NOT_MID_WAY = (
    live("stage", "none", "cleared", rule="staged_in_order", because="the operations on the liver are not finished"),
    live("growth", "none", "adequate", rule="remnant_growth", because="the remnant is growing"),
)
PRIMARY_FIRST = Tag(
    "primary_first", (live("stage", "none", rule="order", because="the liver has been operated on already"),)
)

TRIGGERS = (
    Trigger(
        name="resect_primary",
        kind="decision",
        title="Resection of the primary",
        phases=SITUATIONS,
        to="recovering",
        raises="primary",
        guards=(
            NOT_URGENT,
            PRIMARY_IN_PLACE,
            *NOT_MID_WAY,
            CONTROLLED,
            holds("targeted_before", "targeted_first"),
            holds("primary_operable", "primary_resectable"),
            holds("fit_minor", "fit_for_operation"),
        ),
        effects=(becomes("primary", "resected"), becomes("operation", "primary")),
        tags=(PRIMARY_FIRST, UPFRONT),
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
        phases=(START,),
        to="emergency_recovery",
        raises="primary",
        guards=(URGENT, holds("fit_minor", "fit_for_operation")),
        effects=(becomes("primary", "resected"),),
        tags=(PRIMARY_FIRST, UPFRONT),
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
        phases=(START,),
        to=START,
        raises="primary",
        guards=(URGENT,),
        effects=(becomes("primary", "in_situ"),),
        days=Days(("days_to_emergency",)),
        sources=("egoslim_2015",),
        events=("stent", "diversion"),
    ),
    Trigger(
        name="resect_extrahepatic",
        kind="decision",
        title="Resection of the extrahepatic disease",
        phases=SITUATIONS,
        to="recovering",
        raises="extrahepatic",
        guards=(
            NOT_URGENT,
            EXTRAHEPATIC_THERE,
            *NOT_MID_WAY,
            CONTROLLED,
            holds("extrahepatic_operable", "extrahepatic_resectable"),
            holds("fit_minor", "fit_for_operation"),
        ),
        effects=(becomes("extrahepatic", "cleared"), becomes("operation", "extrahepatic")),
        tags=(Tag("metastasectomy"), UPFRONT),
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
        effects=(becomes("control", "progressed"),),
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
        chance=Chance("mortality_primary"),
        events=("death",),
    ),
)
