"""After clearance: adjuvant chemotherapy or none, follow-up, recurrence, and treating it.

Where a future recurrence will lie in the liver is not known, so these steps stand on published shares and no resection
is computed for them. A recurrence that is there is a case of its own, planned on the liver as it then is.
"""

from __future__ import annotations

from pathways.process.blocks import FIRST_HALF
from pathways.process.chemotherapy import LINES
from pathways.process.guards import (
    ABLATION_SAFE,
    DRUGS_IN_PREGNANCY,
    HALF_IN_PREGNANCY,
    LIVER_BEARS_DRUGS,
    TAKEN_AS_GIVEN,
    TARGETED,
    becomes,
    by_drug,
    holds,
    live,
    one_more,
)
from pathways.process.model import Chance, Days, Effect, Guard, Tag, Trigger, Value
from pathways.process.phases import END_OF_EPISODE

FOLLOWED = Guard("followed_up", frozenset[Value]({"yes"}), "follow_up", "the plan ends when the liver is cleared")
NEXT_RECURRENCE = Effect("recurrence", mapping={"none": "first", "first": "second"})
COUNTED = live("recurrence", "none", "first", rule="order", because="two recurrences are the most that a plan follows")
# Published for all recurrences and for early ones; those that chemotherapy has tested are a choice of the early ones.
# The liver again, something else, or both: each has its own risk.
OPERATION_AT = {"liver": "repeat", "elsewhere": "extrahepatic", "both": "repeat_with_extrahepatic"}
TREATABLE = {one: f"recurrence_treatable_{one}" for one in ("early", "late", "tested")}
FOLLOW_UP_SOURCES = ("followup_maglione", "angelsen_2015")
YEARS = Days(("days_to_recurrence",))


def _recurs(name: str, title: str, when: str, where: str, chance: str) -> Trigger:
    return Trigger(
        name=name,
        kind="outcome",
        title=title,
        finds=("recurrence",),
        phases=("follow_up",),
        to="recurred",
        raises="recurrence",
        guards=(COUNTED,),
        effects=(NEXT_RECURRENCE, becomes("relapse", when), becomes("relapse_site", where)),
        days=Days(("days_to_early_recurrence",)) if when == "early" else YEARS,
        chance=Chance(chance),
        events=("restaging",),
    )


def _treat(name: str, title: str, sites: tuple[str, ...], family: str, event: str, sources: tuple[str, ...]) -> Trigger:
    events = (event, "metastasectomy") if sites == ("both",) else (event,)
    return Trigger(
        name=name,
        kind="decision",
        title=title,
        acts=events,
        treats=("recurrence", *(("extrahepatic",) if "metastasectomy" in events else ())),
        phases=("recurred",),
        to="recovering",
        raises="relapse",
        guards=(
            live(
                "relapse",
                "treatable",
                rule="all_lesions_treatable",
                because="the recurrence has not been found treatable",
            ),
            live("relapse_site", *sites, rule="order", because="the recurrence lies elsewhere"),
            holds("fit_ablation" if event == "ablation" else "fit_minor", "fit_for_operation"),
            *((ABLATION_SAFE,) if event == "ablation" else ()),
        ),
        effects=(
            becomes("relapse", "treated"),
            becomes("relapse_site", "none"),
            becomes("operation", "second_ablation" if event == "ablation" else OPERATION_AT[sites[0]]),
        ),
        tags=(Tag(family), *((Tag("metastasectomy"),) if sites == ("both",) else ())),
        days=Days(("days_to_operation",)),
        sources=sources,
        events=events,
        operation=event != "ablation",
        oncological=True,
    )


def _second_half(*, begun_before_today: bool) -> Trigger:
    """The other half of a perioperative course: of one that this plan has begun, or of one whose first half was given before today.

    Its cycles follow the operation: they count towards none, and the liver that was operated on is not the one they damage.
    """
    begun: tuple[Guard, ...]
    if begun_before_today:
        begun = (
            Guard(
                "first_half_given",
                frozenset[Value]({"yes"}),
                "chemotherapy_remaining",
                "no half of a perioperative course was given before today",
                closes="does_not_apply",
            ),
            live("line", "none", rule="order", because="systemic treatment has been given in this plan"),
            live("blocks", 0, rule="order", because="systemic treatment has been given in this plan"),
        )
    else:
        begun = (
            live("line", "perioperative", rule="order", because="no perioperative course has been begun"),
            live("blocks", FIRST_HALF, rule="order", because="the course has not gone as planned, or is over"),
        )  # fmt: skip
    return Trigger(
        name="finish_chemotherapy_begun_before_today" if begun_before_today else "finish_perioperative_chemotherapy",
        kind="decision",
        title="After the operation the second half of the course that was begun before today"
        if begun_before_today
        else "Perioperative chemotherapy after the operation: the second half",
        # A half given before today was chemotherapy, and so is the other.
        title_by={} if begun_before_today else by_drug("After the operation {drug}: the second half"),
        acts=("systemic",),
        course="postoperative",
        short="second half of the course" if begun_before_today else "second half of perioperative chemotherapy",
        short_by={} if begun_before_today else by_drug("second half of {drug} around the operation"),
        phases=(END_OF_EPISODE,),
        to=END_OF_EPISODE,
        raises="blocks",
        guards=(
            Guard("second_half", frozenset[Value]({"yes"}), "chemotherapy_remaining",
                  "no chemotherapy is planned after the operation", closes="not_needed"),
            *begun,
            live("recurrence", "none", rule="order", because="the disease has come back since"),
            LIVER_BEARS_DRUGS,
            HALF_IN_PREGNANCY,
        ),
        effects=(one_more("blocks"),),
        tags=(Tag("perioperative_chemotherapy"), TARGETED),
        days=Days(("days_of_postoperative_half",)),
        sources=("nordlinger_2008_eortc",),
        events=("chemotherapy",),
        oncological=True,
    )  # fmt: skip


TRIGGERS = (
    *(_second_half(begun_before_today=one) for one in (False, True)),
    Trigger(
        name="give_adjuvant_chemotherapy",
        kind="decision",
        title="Adjuvant chemotherapy, then follow-up",
        title_by=by_drug("After the operation {drug}, then follow-up"),
        short_by=by_drug("{drug} after the operation"),
        acts=("systemic",),
        course="adjuvant",
        short="adjuvant chemotherapy",
        annotation="later recurrence, no proven gain in survival",
        sets_apart=True,
        phases=(END_OF_EPISODE,),
        to="follow_up",
        raises="phase",
        guards=(
            FOLLOWED,
            live("recurrence", "none", rule="order", because="adjuvant chemotherapy is planned after the first clearance"),
            live("line", *(one for one in LINES if one != "perioperative"), rule="order",
                 because="a perioperative course goes on with its own second half"),
            Guard("first_half_given", frozenset[Value]({"no"}), "chemotherapy_remaining", "a perioperative course goes on with its own second half"),
            Guard("adjuvant_useful", TAKEN_AS_GIVEN, "policy"),
            LIVER_BEARS_DRUGS,
            DRUGS_IN_PREGNANCY,
        ),
        days=Days(("days_of_adjuvant",)),
        sources=("jcog0603_2021",),
        events=("chemotherapy",),
        oncological=True,
    ),
    Trigger(
        name="begin_follow_up",
        kind="decision",
        title="Follow-up: CT and CEA every 3 to 4 months for two years, then every 6 months to five years",
        acts=("follow_up", "imaging"),
        short="follow-up",
        phases=(END_OF_EPISODE,),
        to="follow_up",
        raises="phase",
        guards=(FOLLOWED,),
        sources=FOLLOW_UP_SOURCES,
        events=("restaging",),
    ),
    Trigger(
        name="stays_free",
        kind="outcome",
        title="No recurrence in five years",
        phases=("follow_up",),
        to="no_visible_disease",
        raises="phase",
        days=Days(("days_of_follow_up",)),
        hoped_for=True,
    ),
    _recurs("recurs_early", "Recurrence within a year", "early", "liver", "early_recurrence_liver"),
    _recurs("recurs_early_elsewhere", "Recurrence within a year, outside the liver too", "early", "both",
            "early_recurrence_elsewhere"),
    _recurs("recurs_in_liver", "Recurrence after the first year, in the liver only", "late", "liver", "late_recurrence_liver"),
    _recurs("recurs_elsewhere", "Recurrence after the first year, outside the liver only", "late", "elsewhere",
            "late_recurrence_elsewhere"),
    _recurs("recurs_in_both", "Recurrence after the first year, in the liver and elsewhere", "late", "both",
            "late_recurrence_both"),
    Trigger(
        name="recurs_beyond_the_plan",
        kind="outcome",
        title="A third recurrence: beyond what this plan follows",
        finds=("recurrence",),
        phases=("follow_up",),
        to="palliation",
        raises="phase",
        guards=(live("recurrence", "second", rule="order", because="fewer recurrences have been counted"),),
        days=YEARS,
        chance=Chance("repeat_recurrence_chance"),
    ),
    Trigger(
        name="treat_early_recurrence_with_chemotherapy",
        kind="decision",
        title="Chemotherapy first for an early recurrence, as a test of its biology",
        title_by=by_drug("For an early recurrence {drug} first, as a test of its biology"),
        acts=("systemic",),
        course="recurrence",
        phases=("recurred",),
        to="on_recurrence_chemotherapy",
        raises="phase",
        guards=(
            live("relapse", "early", rule="order", because="the recurrence did not come early"),
            LIVER_BEARS_DRUGS,
            DRUGS_IN_PREGNANCY,
        ),
        days=Days(("block_days",)),
        sources=("early_recurrence_2023", "vancutsem_2016_esmo"),
        events=("chemotherapy",),
        oncological=True,
    ),
    Trigger(
        name="assess_recurrence",
        kind="decision",
        title="Liver MRI and multidisciplinary meeting: can the recurrence be treated with curative aim?",
        acts=("meeting", "imaging"),
        phases=("recurred",),
        to="recurrence_assessment",
        raises="phase",
        guards=(live("relapse", "early", "late", "tested", rule="order", because="the recurrence has been assessed"),),
        days=Days(("days_to_meeting",)),
        sources=("imai_2018", "camino_2024"),
        events=("restaging",),
    ),
    _treat("repeat_hepatectomy", "Repeat hepatectomy for the recurrence", ("liver",), "repeat_hepatectomy", "hepatectomy",
           ("repeat_lam_2013",)),
    _treat("ablate_recurrence", "Ablation of the recurrence", ("liver",), "ablation", "ablation", ("imai_2018", "collision_2025")),
    _treat("resect_recurrence_elsewhere", "Resection of the recurrence outside the liver", ("elsewhere",), "metastasectomy",
           "metastasectomy", ("imai_2018", "ehd_hwang_2014")),
    _treat("resect_recurrence_in_both", "Resection of the recurrence in the liver and elsewhere", ("both",),
           "repeat_hepatectomy", "hepatectomy", ("imai_2018", "ehd_hwang_2014")),
    Trigger(
        name="recurrence_responds",
        kind="outcome",
        title="Restaging: the recurrence responds or is stable",
        phases=("on_recurrence_chemotherapy",),
        to="recurred",
        raises="relapse",
        effects=(becomes("relapse", "tested"),),
        days=Days(("days_to_restaging",)),
        hoped_for=True,
        events=("restaging",),
    ),
    Trigger(
        name="recurrence_progresses",
        kind="outcome",
        title="Restaging: the recurrence progresses",
        phases=("on_recurrence_chemotherapy",),
        to="palliation",
        raises="phase",
        days=Days(("days_to_restaging",)),
        chance=Chance("second_line_failure_chance"),
        events=("restaging",),
    ),
    Trigger(
        name="recurrence_treatable",
        kind="outcome",
        title="The recurrence can be removed or ablated",
        phases=("recurrence_assessment",),
        to="recurred",
        raises="relapse",
        effects=(becomes("relapse", "treatable"),),
        chance=Chance(by="relapse", choices=TREATABLE),
        hoped_for=True,
    ),
    Trigger(
        name="recurrence_not_treatable",
        kind="outcome",
        title="The recurrence cannot be removed or ablated",
        phases=("recurrence_assessment",),
        to="palliation",
        raises="phase",
    ),
)  # fmt: skip
