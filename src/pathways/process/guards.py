"""Guards and tags that several pathways share, each with the rule that speaks when it refuses."""

from __future__ import annotations

from pathways.process.model import Closing, Distractor, Effect, Guard, Tag, Value
from pathways.process.operations import ZONES
from pathways.process.phases import LIVER_SPARED

TAKEN_AS_GIVEN = frozenset[Value]({"yes", "assumed"})


def live(
    fact: str,
    *values: Value,
    rule: str,
    because: str,
    sources: tuple[str, ...] = (),
    teaches: bool = False,
    closes: Closing = "barred",
) -> Guard:
    """A live fact must have one of `values`; `because` completes "refused: ..."; `teaches`: a lesson may ask for it."""
    return Guard(fact, frozenset(values), rule, because, sources, teaches, closes)


def holds(fact: str, rule: str) -> Guard:
    """A case fact must hold, or be taken as given under a labelled assumption."""
    return Guard(fact, TAKEN_AS_GIVEN, rule)


def by_drug(words: str) -> dict[str, str]:
    """What a step is called where its `{drug}` is no chemotherapy: by the kind of drug, a targeted one by its name."""
    others = {"immunotherapy": "immunotherapy", "systemic": "systemic treatment"}
    return {"targeted": words, **{kind: words.replace("{drug}", name) for kind, name in others.items()}}


def becomes(fact: str, value: Value) -> Effect:
    """`fact` takes `value`."""
    return Effect(fact, value)


def one_more(fact: str) -> Effect:
    """`fact`, a count, goes up by one."""
    return Effect(fact, step=1)


CONTROLLED = live(
    "control", "controlled", rule="disease_controlled", because="the disease has progressed and is not controlled again",
    sources=("oncosurge_2005",), teaches=True,
)  # fmt: skip
NOT_URGENT = live(
    "primary", "in_situ", "irradiated", "rested", "resected", "absent", rule="primary_not_urgent",
    because="the primary obstructs, bleeds or has perforated: that is dealt with first", sources=("egoslim_2015",), teaches=True,
)  # fmt: skip
IN_PLACE = ("in_situ", "irradiated", "rested")
PRIMARY_IN_PLACE = live(
    "primary",
    *IN_PLACE,
    rule="primary_resectable",
    because="there is no primary to remove electively",
    closes="does_not_apply",
)
PRIMARY_PREPARED = Guard(
    "primary_prepared", frozenset[Value]({"yes"}), "radiotherapy",
    "radiotherapy of the rectum and its interval come before the resection of the primary", ("kok_2020",),
)  # fmt: skip
EXTRAHEPATIC_THERE = live(
    "extrahepatic",
    "present",
    rule="extrahepatic_resectable",
    because="there is no extrahepatic disease to remove",
    closes="does_not_apply",
)
LIVER_UNTOUCHED = live("stage", "none", rule="staged_in_order", because="an operation on the liver has already begun")
NO_STIMULUS = live("stimulus", "none", rule="remnant_growth", because="a growth stimulus has already been given")
GROWN = live(
    "growth", "adequate", rule="remnant_growth", because="volumetry has not shown a remnant that is large enough",
    teaches=True,
)  # fmt: skip
_BEGUN = "another oncological treatment has gone before"
_UNTREATED = (
    live("line", "none", rule="order", because=_BEGUN),
    live("stage", "none", LIVER_SPARED, rule="order", because=_BEGUN),
    live("extrahepatic", "present", "none", rule="order", because=_BEGUN),
)

# Radiotherapy of the history is no treatment to come; that of the plan comes first where it is due.
UPFRONT = (
    Tag("upfront_surgery", (*_UNTREATED, live("primary", "urgent", "in_situ", "absent", rule="order", because=_BEGUN))),
    Tag(
        "upfront_surgery",
        (
            *_UNTREATED,
            live("primary", "irradiated", "rested", rule="order", because=_BEGUN),
            Guard("radiotherapy_due", frozenset[Value]({"no"}), "order", "radiotherapy comes before the operation"),
        ),
    ),
)
LIVER_FIRST = Tag(
    "liver_first",
    (
        live(
            "primary",
            *IN_PLACE,
            rule="order",
            because="there is no primary left to come second",
            closes="does_not_apply",
        ),
    ),
)
REPEAT = Tag(
    "repeat_hepatectomy",
    (
        Guard(
            "prior_hepatectomy",
            frozenset({"yes"}),
            "order",
            "no liver resection lies in the past",
            closes="does_not_apply",
        ),
    ),
)
TARGETED = Tag(
    "targeted_therapy",
    (
        Guard(
            "treated_by_target",
            frozenset({"yes"}),
            "targeted_first",
            "this tumour has no targeted drug that comes first",
            closes="does_not_apply",
        ),
    ),
)

# Care for somebody who declines everything, and volumetry that would change nothing, mislead nobody.
NEVER = Distractor(never=True)

# An obstructed duct is drained before any elective step: a jaundiced patient is neither operated on nor given drugs.
BILE_DRAINED = holds("bile_drained", "biliary_drained")
# Where imaging and biopsy have not found out what a lesion is, or the protocol lets an operation come first.
DIAGNOSIS_BY_MAJOR_RESECTION = holds("diagnosis_by_major_resection", "lesions_characterised")
# Before drugs that the liver has to clear.
LIVER_BEARS_DRUGS = holds("liver_function_systemic", "liver_sufficient")

# What a pregnancy bars, and when. Weeks go by with blocks of systemic treatment, which are counted, and with other steps.
WEEKS_GO_BY = Effect("gestation", mapping={"as_told": "later", "later": "late"})
MONTHS_GO_BY = Effect("gestation", mapping={"as_told": "late", "later": "late"})
EARLY_IN_PREGNANCY = holds("pregnancy_operation", "pregnancy")
DRUGS_IN_PREGNANCY = holds("pregnancy_systemic", "pregnancy")
HALF_IN_PREGNANCY = holds("pregnancy_half", "pregnancy")
NO_RAYS_IN_PREGNANCY = holds("pregnancy_radiation", "pregnancy")
# Heat in a liver whose duct is joined to the bowel ends in an abscess.
ABLATION_SAFE = holds("ablation_safe", "bilioenteric_anastomosis")

# What every operation on the liver needs, whatever it is.
LIVER_OPERABLE = (
    CONTROLLED,
    NOT_URGENT,
    holds("targeted_before", "targeted_first"),
    holds("extrahepatic_operable", "extrahepatic_resectable"),
    holds("primary_operable", "primary_resectable"),
    holds("primary_rules", "primary_rules"),
    EARLY_IN_PREGNANCY,
)
MAJOR_OPERABLE = (
    *LIVER_OPERABLE,
    holds("fit_major", "fit_for_operation"),
    holds("liver_function_major", "liver_sufficient"),
    BILE_DRAINED,
)
# Between two stages a liver that fails is waited for.
_OF_NEXT_STAGE = {
    "liver_function_major": holds("liver_function_next_stage", "liver_sufficient"),
    "fit_major": holds("fit_next_stage", "fit_for_operation"),
}
NEXT_STAGE_OPERABLE = tuple(_OF_NEXT_STAGE.get(one.fact, one) for one in MAJOR_OPERABLE)
MINOR_OPERABLE = (
    *LIVER_OPERABLE,
    holds("fit_minor", "fit_for_operation"),
    holds("liver_function_minor", "liver_sufficient"),
    BILE_DRAINED,
)
ABLATION_OPERABLE = (
    *LIVER_OPERABLE,
    holds("fit_ablation", "fit_for_operation"),
    holds("liver_function_ablation", "liver_sufficient"),
    BILE_DRAINED,
)

# Where a protocol asks for it, drugs come before whatever is done first to a liver that could be operated on at once.
SYSTEMIC_BEFORE = holds("systemic_before", "systemic_before_surgery")

# Once the liver is cleared nobody asks again how its remnant came to be large enough.
LIVER_CLEARED = (
    becomes("stage", "cleared"),
    becomes("stimulus", "none"),
    becomes("growth", "none"),
    becomes("condition", "well"),
    becomes("volume", "unmeasured"),
)


def cleared_by(operation: str) -> tuple[Effect, ...]:
    """The liver is cleared by an operation; what was ablated in it is still to be controlled."""
    done = becomes("operation", operation)
    if operation not in ZONES:
        return (*LIVER_CLEARED, done)
    return (becomes("stage", "ablated"), *LIVER_CLEARED[1:], becomes("zones", operation), done)
