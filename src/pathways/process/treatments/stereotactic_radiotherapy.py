"""Stereotactic radiotherapy of liver lesions that can be neither cut nor ablated: what it promises is local control, and no cleared liver.

It gives up the aim of clearing the liver, and so stands behind whatever clears it: no pathology follows, lesions that stay controlled for a
year have not gone, and no figure tells how often they have.
"""

from __future__ import annotations

from pathways.process.guards import (
    BILE_DRAINED,
    CONTROLLED,
    LIVER_UNTOUCHED,
    NEVER,
    NO_RAYS_IN_PREGNANCY,
    NO_STIMULUS,
    NOT_URGENT,
    holds,
    live,
)
from pathways.process.model import CaseFact, Chance, Days, Guard, Tag, Trigger, Value
from pathways.process.phases import SITUATIONS
from pathways.process.rulebook.keys import HELD_TO_BE
from pathways.process.rulebook.vocabulary import Example, Rule
from pathways.process.treatments.vocabulary import Treatment

RULE = Rule(
    "stereotactic_radiotherapy",
    "Lesions that can be neither cut nor ablated are irradiated where they are few and small enough, and enough of the liver is spared.",
    reads=(
        "lesions.segments", "lesions.count", "lesions.size_mm", *HELD_TO_BE, "patient.height_cm", "patient.weight_kg",
        "liver.total_ml", "liver.tumour_ml", "liver.segments_ml", "liver.removed_segments", "history.event", "history.removes", "history.week",
    ),
    settings=(
        "stereotactic_accepted", "stereotactic_lesions_max", "stereotactic_mm_max", "stereotactic_rim_mm", "stereotactic_spared_ml_min",
    ),
    sources=("sbrt_pool_2018", "sbrt_cyberknife_2014"),
    fact="irradiable",
    examples=(
        Example("one lesion of 60 mm", "allowed", {"lesions": [{"id": "A", "segments": [8], "size_mm": 60, "count": 1}]}),
        Example("one of 61 mm", "refused", {"lesions": [{"id": "A", "segments": [8], "size_mm": 61, "count": 1}]}),
    ),
)  # fmt: skip
BEARING = Rule(
    "stereotactic_performance",
    "Lesions are irradiated in whoever could be given another local treatment by performance: frailty of other kinds bars it not.",
    reads=("patient.ecog",),
    settings=("ecog_max_minor",),
    sources=("collision_2018",),
    fact="bears_irradiation",
    examples=(
        Example("ECOG 2", "allowed", {"patient": {"ecog": 2}}),
        Example("ECOG 3", "refused", {"patient": {"ecog": 3}}),
    ),
)  # fmt: skip
BEYOND_THE_KNIFE = Guard(
    "situation", frozenset[Value]({"unresectable"}), "all_lesions_treatable", "what can be cut or ablated is not irradiated",
    ("sbrt_core_2021",), closes="does_not_apply",
)  # fmt: skip
IRRADIABLE = (
    LIVER_UNTOUCHED,
    NO_STIMULUS,
    CONTROLLED,
    NOT_URGENT,
    live("primary", "resected", "absent", rule="order", because="the primary is still in place"),
    holds("irradiable", "stereotactic_radiotherapy"),
    holds("bears_irradiation", "stereotactic_performance"),
    holds("liver_function_ablation", "liver_sufficient"),
    holds("extrahepatic_operable", "extrahepatic_resectable"),
    holds("primary_rules", "primary_rules"),
    holds("targeted_before", "targeted_first"),
    NO_RAYS_IN_PREGNANCY,
    BILE_DRAINED,
)


IRRADIATE = Trigger(
    name="irradiate_lesions",
    kind="decision",
    title="Stereotactic radiotherapy of all lesions: they can be neither cut nor ablated, or not in this patient",
    acts=("stereotactic",),
    short="stereotactic radiotherapy",
    annotation=(
        "local control is what it promises, no cleared liver, by figures of bowel metastases; no dose is planned here: size, number and a sphere around each lesion stand for it"
    ),
    asked="Stereotactic radiotherapy of all lesions",
    distractor=NEVER,
    phases=SITUATIONS,
    to="irradiated",
    raises="phase",
    guards=(BEYOND_THE_KNIFE, *IRRADIABLE),
    tags=(Tag("stereotactic_radiotherapy"),),
    days=Days(("days_of_stereotactic_radiotherapy",)),
    sources=("sbrt_pool_2018", "sbrt_core_2021"),
    events=("stereotactic_radiotherapy",),
    oncological=True,
)

TREATMENT = Treatment(
    answers=("lesions", "bars"),
    # There are uncontrolled series alone.
    compared=False,
    facts=(
        CaseFact("irradiable", ("yes", "assumed", "unknown", "no"), "lesions few and small enough to be irradiated, with enough liver spared"),
        CaseFact("bears_irradiation", ("yes", "assumed", "unknown", "no"), "well enough for another local treatment by performance"),
    ),
    rules=(RULE, BEARING),
    triggers=(
        IRRADIATE,
        Trigger(
            name="irradiated_controlled",
            kind="outcome",
            title="Controls of the first year: the irradiated lesions have not grown",
            phases=("irradiated",),
            to="controlled",
            raises="phase",
            days=Days(("days_to_local_control",)),
            hoped_for=True,
            events=("restaging",),
        ),
        Trigger(
            name="irradiated_progress",
            kind="outcome",
            title="Controls of the first year: an irradiated lesion grows again",
            finds=("more_disease",),
            phases=("irradiated",),
            to="palliation",
            raises="phase",
            days=Days(("days_to_local_control",)),
            chance=Chance("stereotactic_local_progression"),
            events=("restaging",),
        ),
        Trigger(
            name="irradiation_harms_the_liver",
            kind="outcome",
            title="Severe liver toxicity of the radiotherapy; the lesions are controlled",
            phases=("irradiated",),
            to="controlled",
            raises="phase",
            days=Days(("days_to_local_control",)),
            chance=Chance("stereotactic_liver_toxicity"),
            events=("complication", "restaging"),
        ),
    ),
)  # fmt: skip
