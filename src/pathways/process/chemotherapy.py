"""Systemic treatment in blocks, each ending in a restaging: conversion, perioperative, second line, and the washout."""

from __future__ import annotations

from pathways.process.blocks import FIRST_HALF
from pathways.process.growth import MID_WAY
from pathways.process.guards import (
    BILE_DRAINED,
    CONTROLLED,
    DRUGS_IN_PREGNANCY,
    HALF_IN_PREGNANCY,
    LIVER_BEARS_DRUGS,
    LIVER_UNTOUCHED,
    NO_STIMULUS,
    NOT_URGENT,
    TARGETED,
    becomes,
    by_drug,
    holds,
    live,
    one_more,
)
from pathways.process.model import BY_SITUATION, Chance, Days, Distractor, Effect, Guard, Tag, Trigger, Value
from pathways.process.phases import SITUATIONS, START

CONVERSION_SOURCES = ("folprecht_2010_celim", "gruenberger_2015_olivia", "bond_2023_cairo5", "adam_2004")
NOT_RESECTABLE = Guard(
    "situation", frozenset[Value]({"unresectable", "remnant_insufficient"}), "prompt_surgery",
    "the disease is resectable: operate, or give a planned perioperative course", ("vancutsem_2016_esmo",), closes="not_needed",
)  # fmt: skip
WITH_SURGERY = frozenset[Value]({"resectable", "remnant_insufficient"})
PLANNED_OPERATION = (
    Guard(
        "removable", WITH_SURGERY, "all_lesions_treatable",
        "there is no operation to plan a course around: this would be conversion chemotherapy", closes="does_not_apply",
    ),
    # Nor around one that this patient does not bear: the fact says what bars it.
    Guard("situation", WITH_SURGERY, "all_lesions_treatable"),
)  # fmt: skip
# Whoever has nothing left to be seen is operated on or watched: more drugs would show no answer, and hide where the tumour was.
SOMETHING_SEEN = Guard(
    "only_vanished", frozenset[Value]({"no"}), "prompt_surgery",
    "every lesion has vanished: more systemic treatment would show no answer; the sites are treated or watched",
    ("benoist_2006", "dlm_review_2020"), closes="not_needed",
)  # fmt: skip
FIRST_COURSE = live(
    "line", "none", rule="chemotherapy_remaining", because="a course of systemic treatment has been given in this plan"
)
# What volumetry has found too small, drugs do not make larger: only a response may leave more of it, and it is measured again then.
MEASURED_BEFORE = Effect("volume", mapping={"short": "was_short", "enough": "unmeasured"})
NEW_BLOCK = (one_more("blocks"), MEASURED_BEFORE)
# More chemotherapy may raise the limit: a remnant found large enough before it is measured again after it.
GROWTH_IN_DOUBT = Effect("growth", mapping={"adequate": "weak"})
# Chemotherapy with the aim of operating needs somebody who could be operated on.
AIM_OF_OPERATING = (
    holds("fit_ablation", "fit_for_operation"),
    holds("extrahepatic_operable", "extrahepatic_resectable"),
    holds("primary_operable", "primary_resectable"),
    holds("primary_rules", "primary_rules"),
)
LEFT = holds("chemotherapy_left", "chemotherapy_remaining")
# No block of any line through a jaundice.
DRUGS_BORNE = (LIVER_BEARS_DRUGS, DRUGS_IN_PREGNANCY, BILE_DRAINED)
BEARABLE = (LEFT, *DRUGS_BORNE)
# A line begun after a progression, or into the artery, counts its own cycles; the blocks after its first one count with all of this plan.
A_NEW_LINE_BEARABLE = (holds("new_line_left", "chemotherapy_remaining"), *DRUGS_BORNE)
BLOCK = Days(("block_days",))
# The half of a perioperative course before the operation has cycles of its own; those after it count towards no operation.
A_HALF_BEARABLE = (
    holds("first_half_left", "chemotherapy_remaining"),
    LIVER_BEARS_DRUGS,
    HALF_IN_PREGNANCY,
    BILE_DRAINED,
)
# Lines of systemic treatment in the order in which a plan may go through them, each with what has to wash out after it: that depends on
# the drug (`facts.regimen` says which); a course of the history has its own rule.
LINES = {
    "none": "washout_after_first",
    "perioperative": "washout_after_perioperative",
    "first": "washout_after_first",
    # Beside the infusion a doublet without an antibody is given, as around an operation.
    "infusion": "washout_after_perioperative",
    "second": "washout_after_second",
}
IN_ORDER = tuple(LINES)
BEFORE_THE_SECOND = IN_ORDER[: IN_ORDER.index("second")]
TO_CONVERT = IN_ORDER[IN_ORDER.index("first") :]
WASHOUT = Days((), by="line", choices=LINES)
RESTAGING = Days(("days_to_restaging",))

# Under a targeted drug conversion is the same block as the one before the operation; the unfit are not told to operate.
BY_CHEMOTHERAPY = Guard("treated_by_target", frozenset[Value]({"no"}), "targeted_first")
SOMEBODY_FIT = Guard("fit_minor", frozenset[Value]({"yes", "assumed", "unknown"}), "fit_for_operation")

DECISIONS = (
    Trigger(
        name="start_conversion_chemotherapy",
        kind="decision",
        title="Conversion chemotherapy, first block",
        title_by=by_drug("Conversion by {drug}, first block"),
        short_by=by_drug("conversion by {drug}"),
        acts=("systemic",),
        course="conversion",
        short="conversion chemotherapy",
        distractor=Distractor(hasty=True, when=(BY_CHEMOTHERAPY, SOMEBODY_FIT), when_in=("resectable", START)),
        phases=SITUATIONS,
        to="on_conversion_chemotherapy",
        raises="line",
        guards=(FIRST_COURSE, LIVER_UNTOUCHED, NO_STIMULUS, CONTROLLED, NOT_URGENT, NOT_RESECTABLE,
                holds("convertible", "all_lesions_treatable"), *BEARABLE, *AIM_OF_OPERATING),
        effects=(becomes("line", "first"), *NEW_BLOCK),
        tags=(Tag("conversion_chemotherapy"), TARGETED),
        days=BLOCK,
        sources=CONVERSION_SOURCES,
        events=("chemotherapy",),
        oncological=True,
    ),
    Trigger(
        name="start_perioperative_chemotherapy",
        kind="decision",
        title="Perioperative chemotherapy before the operation",
        title_by=by_drug("Before the operation {drug}"),
        short_by=by_drug("{drug} before the operation"),
        acts=("systemic",),
        course="perioperative",
        short="perioperative chemotherapy",
        distractor=Distractor(hasty=True),
        phases=SITUATIONS,
        to="on_perioperative_chemotherapy",
        raises="line",
        guards=(FIRST_COURSE, LIVER_UNTOUCHED, NO_STIMULUS, CONTROLLED, NOT_URGENT, *PLANNED_OPERATION, SOMETHING_SEEN,
                holds("perioperative_offered", "systemic_before_surgery"), *A_HALF_BEARABLE,
                *AIM_OF_OPERATING),
        effects=(becomes("line", "perioperative"), becomes("blocks", FIRST_HALF), MEASURED_BEFORE),
        tags=(Tag("perioperative_chemotherapy"), TARGETED),
        days=Days(("days_of_perioperative_half",)),
        sources=("nordlinger_2008_eortc",),
        events=("chemotherapy",),
        oncological=True,
    ),
    Trigger(
        name="continue_conversion_chemotherapy",
        kind="decision",
        title="One more block of chemotherapy",
        title_by=by_drug("One more block of {drug}"),
        short_by=by_drug("conversion by {drug}"),
        acts=("systemic",),
        course="continued",
        short="conversion chemotherapy",
        phases=("restaging",),
        to="on_conversion_chemotherapy",
        raises="blocks",
        guards=(live("line", *TO_CONVERT, rule="order", because="no conversion has been begun"),
                LIVER_UNTOUCHED, NO_STIMULUS, CONTROLLED, NOT_RESECTABLE, holds("convertible", "all_lesions_treatable"), *BEARABLE),
        effects=NEW_BLOCK,
        # A first line carries it from its beginning; after a second, which is for control, conversion begins here.
        tags=(Tag("conversion_chemotherapy", (live("line", "second", rule="order", because="the course is one of conversion already"),)),),
        days=BLOCK,
        sources=CONVERSION_SOURCES,
        events=("chemotherapy",),
        oncological=True,
    ),
    Trigger(
        name="start_second_line",
        kind="decision",
        title="Second-line systemic treatment",
        acts=("systemic",),
        course="second_line",
        phases=("restaging", *SITUATIONS, "between_stages"),
        to="on_second_line_chemotherapy",
        raises="line",
        guards=(
            live("control", "progressed", rule="disease_controlled", because="there is no progression to treat", teaches=True),
            live("line", *BEFORE_THE_SECOND, rule="chemotherapy_remaining",
                 because="second line has been given"),
            NOT_URGENT,
            holds("lines_left", "chemotherapy_remaining"),
            *A_NEW_LINE_BEARABLE,
            *AIM_OF_OPERATING,
        ),
        effects=(becomes("line", "second"), *NEW_BLOCK, GROWTH_IN_DOUBT),
        days=BLOCK,
        sources=("oncosurge_2005", "vancutsem_2016_esmo"),
        events=("chemotherapy",),
        oncological=True,
    ),
    # While a remnant that fell short between the stages is given more time, slow disease may grow with the liver.
    Trigger(
        name="bridge_with_chemotherapy",
        kind="decision",
        title="Bridging chemotherapy before the last stage",
        title_by=by_drug("Bridging by {drug} before the last stage"),
        short_by=by_drug("bridging by {drug}"),
        acts=("systemic",),
        course="bridging",
        short="bridging chemotherapy",
        sets_apart=True,
        phases=("between_stages",),
        to="bridging",
        raises="blocks",
        guards=(
            live("stage", *MID_WAY, rule="staged_in_order", because="bridging is for the time between two stages"),
            live("growth", "weak", rule="prompt_surgery", because="the remnant has grown enough: the last stage is due", teaches=True),
            CONTROLLED,
            *BEARABLE,
            holds("policy_bridging", "policy"),
        ),
        effects=(one_more("blocks"),),
        tags=(TARGETED,),
        days=BLOCK,
        sources=("pommier_2014",),
        events=("chemotherapy",),
        oncological=True,
    ),
    Trigger(
        name="stop_chemotherapy",
        kind="decision",
        title="Stop chemotherapy and let it wash out",
        title_by=by_drug("Stop {drug} and let it wash out"),
        acts=("washout",),
        phases=("restaging",),
        to="washout",
        raises="phase",
        guards=(CONTROLLED,),
        sources=("vancutsem_2016_esmo", "welsh_2007_washout", "chen_2022_bevacizumab"),
    ),
)  # fmt: skip

OUTCOMES = (
    Trigger(
        name="restaging_resectable",
        kind="outcome",
        title="Restaging: response, the plan to clear the liver stands",
        phases=("on_conversion_chemotherapy",),
        to="restaging",
        raises="phase",
        effects=(becomes("extent", "responded"), becomes("control", "controlled")),
        days=RESTAGING,
        chance=Chance("response_per_block", reads=("line",)),
        hoped_for=True,
        events=("restaging",),
    ),
    Trigger(
        name="restaging_stable",
        kind="outcome",
        title="Restaging: stable, no change of the plan",
        phases=("on_conversion_chemotherapy",),
        to="restaging",
        raises="phase",
        effects=(becomes("control", "controlled"),),
        days=RESTAGING,
        events=("restaging",),
    ),
    Trigger(
        name="restaging_progression",
        kind="outcome",
        title="Restaging: progression",
        phases=("on_conversion_chemotherapy",),
        to="restaging",
        raises="phase",
        effects=(becomes("control", "progressed"),),
        days=RESTAGING,
        chance=Chance("progression_per_block", reads=("line",)),
        events=("restaging",),
    ),
    # Second line is given to regain control; what it could do to the extent is a block of conversion after it.
    Trigger(
        name="second_line_controls",
        kind="outcome",
        title="Restaging: the disease is controlled again",
        phases=("on_second_line_chemotherapy",),
        to="restaging",
        raises="phase",
        effects=(becomes("control", "controlled"),),
        days=RESTAGING,
        hoped_for=True,
        events=("restaging",),
    ),
    Trigger(
        name="second_line_fails",
        kind="outcome",
        title="Restaging: progression",
        phases=("on_second_line_chemotherapy",),
        to="restaging",
        raises="phase",
        days=RESTAGING,
        chance=Chance("second_line_failure_chance"),
        events=("restaging",),
    ),
    Trigger(
        name="perioperative_controlled",
        kind="outcome",
        title="Restaging: response or stable, still resectable",
        phases=("on_perioperative_chemotherapy",),
        to="restaging",
        raises="phase",
        days=RESTAGING,
        hoped_for=True,
        events=("restaging",),
    ),
    Trigger(
        name="perioperative_progression",
        kind="outcome",
        title="Restaging: progression",
        phases=("on_perioperative_chemotherapy",),
        to="restaging",
        raises="phase",
        effects=(becomes("control", "progressed"),),
        days=RESTAGING,
        chance=Chance("perioperative_progression_chance"),
        events=("restaging",),
    ),
    Trigger(
        name="bridged",
        kind="outcome",
        title="Restaging: controlled, the last stage stands",
        phases=("bridging",),
        to="between_stages",
        raises="phase",
        days=Days(("days_to_restaging",), by="line", choices=LINES),
        hoped_for=True,
        events=("restaging",),
    ),
    Trigger(
        name="progression_while_bridging",
        kind="outcome",
        title="Restaging: progression in spite of bridging",
        phases=("bridging",),
        to="between_stages",
        raises="phase",
        effects=(becomes("control", "progressed"),),
        days=RESTAGING,
        chance=Chance("progression_per_block", reads=("line",)),
        events=("restaging",),
    ),
    Trigger(
        name="washed_out",
        kind="outcome",
        title="Washout complete",
        phases=("washout",),
        to=BY_SITUATION,
        raises="phase",
        days=WASHOUT,
        hoped_for=True,
    ),
    Trigger(
        name="progression_in_washout",
        kind="outcome",
        title="Progression while waiting for the operation",
        phases=("washout",),
        to=BY_SITUATION,
        raises="phase",
        effects=(becomes("control", "progressed"),),
        days=WASHOUT,
        chance=Chance("washout_progression_chance"),
    ),
)

TRIGGERS = (*DECISIONS, *OUTCOMES)
