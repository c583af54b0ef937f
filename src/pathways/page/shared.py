"""What several screens show: where the patient stands, what a change turned round, what is wrong with the text."""

from __future__ import annotations

from typing import Any

from pathways.drawing import bars
from pathways.messages.catalogue import called, say
from pathways.messages.naming import family_words
from pathways.page.sitting import Sitting
from pathways.planning.plan import Plan
from pathways.report import today

RESECTIONS_SHOWN = 2
Told = dict[str, Any]


def on_today(plan: Plan) -> Told:
    """Where the patient stands."""
    assessment = plan.assessment
    return {
        "standing": today.standing(assessment).plain,
        "resections": [
            {"words": today.resection_words(one), "bar": bars.remnant(one, name=f"left-{at}")}
            for at, one in enumerate(assessment.resections[:RESECTIONS_SHOWN])
        ],
        "more": [
            *([] if assessment.resections else [say("today.no_resection")]),
            *(one.reason for one in today.deciding(assessment)),
            *(say("today.not_planned", words=words) for words in assessment.not_modelled),
        ],
    }


def turning(sitting: Sitting) -> Told:
    """What the last change turned round."""
    now = sitting.standing
    return {
        "change": sitting.change if sitting.before else "",
        "families": [
            {"words": family_words(family), "was": standing_words(was), "now": standing_words(now[family])}
            for family, was in sitting.turned.items()
        ],
        "moved": len(sitting.moved),
    }


def standing_words(standing: tuple[str, int | None]) -> str:
    """How a family stands, with its chance where it has one."""
    words = called("standing", standing[0]) if standing[0] in STANDINGS else standing[0]
    return words if standing[1] is None else say("bench.standing_chance", standing=words, chance=standing[1])


STANDINGS = ("open", "worse", "contingent", "not_needed", "does_not_apply", "barred")


def wrong(sitting: Sitting) -> list[Told]:
    """What is wrong with the text, with its place and, where there is one, its field."""
    found = []
    for one in sitting.read.problems:
        parts = one.key.replace("[", ".").replace("]", "")
        where = say("bench.line", line=one.line, key=one.key) if one.key else say("bench.line_alone", line=one.line)
        identity = "f-" + parts.replace(".", "-")
        field = identity if sitting.read.understood is not None and parts.count(".") >= 1 else ""
        found.append({"where": where, "message": one.message, "field": field})
    return found


def title_of_case(sitting: Sitting) -> str:
    """What the page is headed by."""
    told = sitting.read.at(("title",)) or sitting.read.at(("id",))
    return str(told) if told else say("bench.untitled")
