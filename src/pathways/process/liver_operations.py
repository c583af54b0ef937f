"""Clearing the liver in one session: resection, ablation, or both, alone or together with the primary."""

from __future__ import annotations

from pathways.process.guards import (
    ABLATION_OPERABLE,
    EXTRAHEPATIC_THERE,
    LIVER_FIRST,
    LIVER_UNTOUCHED,
    MAJOR_OPERABLE,
    MINOR_OPERABLE,
    NEVER,
    PRIMARY_IN_PLACE,
    PRIMARY_PREPARED,
    REPEAT,
    SYSTEMIC_BEFORE,
    UPFRONT,
    becomes,
    cleared_by,
    holds,
    live,
)
from pathways.process.model import Days, Distractor, Guard, Tag, Trigger, Value
from pathways.process.phases import SITUATIONS

WITH_PRIMARY = "_and_primary"
SOURCES = ("cancers_2022_resectability", "vancutsem_2016_esmo", "psh_2017")
SIMULTANEOUS_SOURCES = ("boudjema_2021_metasync", "oncol_ther_2021")

GROWN_SOURCES = ("denys_2010", "shindoh_2013_pve")
HAS_GROWN = live(
    "growth", "adequate", rule="remnant_growth", because="no remnant has been made to grow", closes="does_not_apply"
)

# class: title, needs, operation the patient recovers from, what is done (a record uses the same words)
CLASSES = {
    "ablation": ("Ablate all lesions", ABLATION_OPERABLE, "ablation", ("ablation",)),
    "minor": ("Minor liver resection", MINOR_OPERABLE, "minor", ("hepatectomy",)),
    "minor_with_ablation": (
        "Minor liver resection with ablation",
        MINOR_OPERABLE,
        "minor",
        ("hepatectomy", "ablation"),
    ),
    "major": ("Major liver resection", MAJOR_OPERABLE, "major", ("hepatectomy",)),
    "major_with_ablation": (
        "Major liver resection with ablation",
        MAJOR_OPERABLE,
        "major",
        ("hepatectomy", "ablation"),
    ),
}
# What of that is asked of the person and the organ as a whole: who is refused here is not operated on by this class at all.
BORNE_BY = {
    name: tuple(guard.fact for guard in needs if guard.fact.startswith(("fit_", "liver_function_")))
    for name, (_, needs, *_) in CLASSES.items()
}
# What a resection alone is called before anybody is told how much it takes.
ASKED = {"major": "Major liver resection (three segments or more, or as much by volume)"}
# Somebody may want to resect before anybody has imaged the liver.
HASTY = ("minor", "major")


def _remnant_enough(clearance: str) -> Guard:
    return Guard(f"remnant_{clearance}", frozenset[Value]({"enough"}), "remnant_volume")


def _tags(clearance: str, *, resects: bool) -> tuple[Tag, ...]:
    tags = [Tag("one_stage")]
    if resects:
        tags += [*UPFRONT, REPEAT]
    if "ablation" in clearance:
        tags.append(Tag("ablation"))
    return tuple(tags)


def _alone(clearance: str) -> Trigger:
    title, needs, _, acts = CLASSES[clearance]
    return Trigger(
        name="ablate_liver" if clearance == "ablation" else f"resect_liver_{clearance}",
        kind="decision",
        title=title,
        asked=ASKED.get(clearance, ""),
        acts=acts,
        distractor=Distractor(hasty=clearance in HASTY),
        phases=SITUATIONS,
        to="recovering",
        raises="stage",
        guards=(
            LIVER_UNTOUCHED,
            holds(f"clear_{clearance}", "all_lesions_treatable"),
            _remnant_enough(clearance),
            *needs,
            SYSTEMIC_BEFORE,
        ),
        effects=cleared_by(clearance),
        tags=(*_tags(clearance, resects=clearance != "ablation"), LIVER_FIRST),
        days=Days(("days_to_operation",)),
        sources=(*SOURCES, *(("collision_2025",) if "ablation" in clearance else ())),
        events=acts,
        clearance=clearance,
        operation=clearance != "ablation",
        oncological=True,
    )


def _with_primary(clearance: str) -> Trigger:
    title, needs, operation, acts = CLASSES[clearance]
    extent = "major" if operation == "major" else "minor"
    return Trigger(
        name=("ablate_liver" if clearance == "ablation" else f"resect_liver_{clearance}") + WITH_PRIMARY,
        kind="decision",
        title=f"{title}, together with the primary",
        acts=(*acts, "primary_resection"),
        treats=("primary",),
        phases=SITUATIONS,
        to="recovering",
        raises="stage",
        guards=(
            LIVER_UNTOUCHED,
            PRIMARY_IN_PLACE,
            PRIMARY_PREPARED,
            holds(f"clear_{clearance}", "all_lesions_treatable"),
            _remnant_enough(clearance),
            *needs,
            SYSTEMIC_BEFORE,
            *((holds("fit_minor", "fit_for_operation"),) if clearance == "ablation" else ()),
            holds(f"simultaneous_{extent}", "simultaneous_safe"),
        ),
        effects=(*cleared_by(f"{clearance}_with_primary"), becomes("primary", "resected")),
        tags=(*_tags(clearance, resects=True), Tag("simultaneous")),
        days=Days(("days_to_operation",)),
        sources=SIMULTANEOUS_SOURCES,
        events=(*acts, "primary_resection"),
        clearance=clearance,
        operation=True,
        oncological=True,
    )


# By class of resection what says whether disease elsewhere goes in its session.
IN_ONE_SESSION = {"minor": "extrahepatic_in_one_session", "major": "extrahepatic_with_major"}


def _in_one_session_tags(clearance: str) -> tuple[Tag, ...]:
    """A major one is not told apart as upfront: a cohort prefers at most as many steps of a phase as a word has bits."""
    return (Tag("one_stage"), REPEAT) if clearance == "major" else _tags(clearance, resects=True)


def _with_extrahepatic(clearance: str) -> Trigger:
    title, needs, _, acts = CLASSES[clearance]
    return Trigger(
        name=f"resect_liver_{clearance}_and_extrahepatic",
        kind="decision",
        title=f"{title}, together with the extrahepatic disease",
        acts=(*acts, "metastasectomy"),
        treats=("extrahepatic",),
        # Whoever bears a major resection that leaves enough is resectable.
        phases=("resectable",) if clearance == "major" else SITUATIONS,
        to="recovering",
        raises="stage",
        guards=(
            LIVER_UNTOUCHED,
            EXTRAHEPATIC_THERE,
            holds(f"clear_{clearance}", "all_lesions_treatable"),
            _remnant_enough(clearance),
            *needs,
            SYSTEMIC_BEFORE,
            holds(IN_ONE_SESSION[clearance], "extrahepatic_resectable"),
        ),
        effects=(*cleared_by(f"{clearance}_with_extrahepatic"), becomes("extrahepatic", "cleared")),
        tags=(*_in_one_session_tags(clearance), Tag("metastasectomy"), LIVER_FIRST),
        days=Days(("days_to_operation",)),
        sources=("ehd_hwang_2014", "carpizo_2009"),
        events=(*acts, "metastasectomy"),
        clearance=clearance,
        operation=True,
        oncological=True,
    )


def _grown(*, with_primary: bool) -> Trigger:
    """What the remnant was made to grow for, where its class stands for another resection, which leaves more of the liver as it is."""
    title, needs, _, acts = CLASSES["major"]
    return Trigger(
        name="resect_liver_grown" + (WITH_PRIMARY if with_primary else ""),
        kind="decision",
        title=f"{title} that the remnant was made to grow for{', together with the primary' if with_primary else ''}",
        acts=(*acts, "primary_resection") if with_primary else acts,
        treats=("primary",) if with_primary else (),
        distractor=NEVER,
        # A remnant that has grown makes resectable whoever bears a major resection.
        phases=("resectable",),
        to="recovering",
        raises="stage",
        guards=(
            LIVER_UNTOUCHED,
            HAS_GROWN,
            holds("target", "all_lesions_treatable"),
            holds("target_apart", "remnant_growth"),
            *((PRIMARY_IN_PLACE, PRIMARY_PREPARED) if with_primary else ()),
            *needs,
            SYSTEMIC_BEFORE,
            *((holds("simultaneous_major", "simultaneous_safe"),) if with_primary else ()),
        ),
        effects=(
            (*cleared_by("grown_with_primary"), becomes("primary", "resected")) if with_primary else cleared_by("grown")
        ),
        # Not told apart as upfront: a cohort prefers at most as many steps of a phase as a word has bits.
        tags=(Tag("one_stage"), REPEAT, Tag("simultaneous") if with_primary else LIVER_FIRST),
        days=Days(("days_to_operation",)),
        sources=(*SIMULTANEOUS_SOURCES, *GROWN_SOURCES) if with_primary else GROWN_SOURCES,
        events=(*acts, "primary_resection") if with_primary else acts,
        clearance="target",
        operation=True,
        oncological=True,
    )


TRIGGERS = (
    *(make(clearance) for clearance in CLASSES for make in (_alone, _with_primary)),
    *(_grown(with_primary=one) for one in (False, True)),
    *map(_with_extrahepatic, IN_ONE_SESSION),
)
