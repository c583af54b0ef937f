"""All pathways on one screen, in rows that never change their place."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING

from pathways.documents.reader import Path
from pathways.drawing import bars, chips, timeline
from pathways.drawing.svg import Drawn
from pathways.facts.remnant import binding_limit
from pathways.messages.catalogue import say
from pathways.messages.figures import apart
from pathways.page import lesions
from pathways.page.cited import cited_of
from pathways.page.fields import Field, key_at, vocabularies
from pathways.page.plans import opened
from pathways.page.sitting import Sitting
from pathways.planning.annotate import Pathway
from pathways.planning.annotations import remnant_fraction, resection_of
from pathways.planning.assess import AssessedResection
from pathways.planning.plan import Plan
from pathways.report import gaps
from pathways.report.cards import how_to_read, no_figure_of_chances
from pathways.report.closed import opening_words
from pathways.report.page import numbers

if TYPE_CHECKING:
    from pathways.report.view import FamilyRow, PlanView

from pathways.page.shared import Told, on_today, standing_words, turning, wrong

WHAT_IF_SHOWN = 6
# Asked for by somebody, or by the page itself, which steps back behind others.
OPENINGS = ("openings", "openings_quietly")
# About as wide as the column is on a large screen, so that a sign has its own size.
TRACK, TRACK_SMALL = 760.0, 480.0


def pathways_screen(sitting: Sitting) -> Told:
    """Every family in its row."""
    plan, view = sitting.plan, sitting.view
    if plan is None or view is None:
        return {"wrong": wrong(sitting), "found": None}
    what_if = _what_if(sitting)
    if sitting.sent.get("do") in OPENINGS:
        opened(plan, closed_families(plan), waits=sitting.sent["do"] == OPENINGS[0])
    return {
        "wrong": [], "found": on_today(plan), "turning": turning(sitting), "missing_lines": gaps.lines(plan), "what_if": what_if,
        "vocabularies": vocabularies(what_if), **table_of(sitting, plan, view),
    }  # fmt: skip


def table_of(sitting: Sitting, plan: Plan, view: PlanView) -> Told:
    """The table of every family."""
    width = TRACK_SMALL if sitting.projector else TRACK
    chances = (one.prospect.cleared_shown for one in plan.pathways if one.curative and one.prospect)
    best = max((one.low for one in chances if one), default=None)
    rows: list[Told] = [
        {"words": row.words, "families": [_family(sitting, plan, one, best, width) for one in row.families]}
        for row in view.rows
    ]
    alike = [one for row in rows for one in row["families"] if one["alike"]]
    if len(alike) == 1:
        alike[0]["alike"] = False
    asked = plan.opens_known
    shown = dict.fromkeys(one["id"] for row in rows for one in row["families"] if one["track"])
    return {
        "cited": cited_of(plan, (one for one in plan.pathways if one.id in shown)),
        "apart": say("closed.does_not_apply", families=", ".join(view.apart)) if view.apart else "",
        "openings": any(one not in asked for one in closed_families(plan)),
        "rows": rows, "alike": len(alike) > 1, "axis": timeline.axis(name="axis", weeks=view.weeks, width=width),
        "reading": how_to_read(plan), "no_figure": no_figure_of_chances(plan),
    }  # fmt: skip


def closed_families(plan: Plan) -> tuple[str, ...]:
    """Closed families that a change might open: of what does not apply nobody asks that."""
    return tuple(one.family for one in plan.closed if one.kind != "does_not_apply")


def opening(plan: Plan, family: str) -> str:
    """What opens a closed family, where that has been worked out."""
    found = plan.opens_known.get(family)
    if found is None:
        return ""
    if not found and family in plan.needed_known:
        needed = plan.needed_known[family][:1]
        return say("bench.needed_if", finding=needed[0]) if needed else say("bench.needed_never")
    return opening_words(found) if found else say("bench.opens_not")


def _family(sitting: Sitting, plan: Plan, one: FamilyRow, best: float | None, width: float) -> Told:
    was, moved = sitting.turned.get(one.family), sitting.moved.get(one.family)
    told: Told = {
        "family": one.family, "words": one.words, "standing": one.standing, "reason": one.reason, "chip": chips.chip(one.standing),
        "was": standing_words(was) if was else "", "chance_was": "" if moved is None or moved[1] is None else f"{moved[1]} %", "pathway": "", "above": "", "track": None, "alike": False,
        "opens": opening(plan, one.family),
    }  # fmt: skip
    pathway = one.pathway
    if pathway is None:
        return told
    told["pathway"], told["id"] = f"{pathway.id} {pathway.title}", pathway.id
    if one.above:
        told["above"] = say("page.above", family=one.above)
        return told
    view = sitting.view
    assert view is not None
    told["track"] = timeline.track(pathway, name=f"track-{one.family}", weeks=view.weeks, width=width)
    told.update(numbers(pathway, one.family, view.most_deaths))
    found = pathway.prospect
    told["alike"] = bool(
        best is not None and found and pathway.curative and not pathway.watched and found.cleared.high >= best
    )
    told["left_words"], told["left_short"], told["left_bar"] = _left(plan, pathway, one.family)
    return told


def _left(plan: Plan, pathway: Pathway, name: str) -> tuple[str, str, Drawn | str]:
    """What the smallest resection of a pathway leaves, against the limit that binds it: in percent and ml, in percent alone, drawn."""
    assessed = plan.graph.facts.assessed
    found: list[tuple[float, AssessedResection]] = []
    for edge in pathway.walk:
        resection = resection_of(plan.graph, edge)
        if resection is not None and (resection.removes or resection.limited):
            limit = binding_limit(assessed, resection, plan.graph.states[edge.source].blocks)
            grown = remnant_fraction(plan.graph, edge, resection)
            found.append((grown, AssessedResection(resection, None, limit)))
    if not found:
        return "", "", ""
    grown, one = min(found, key=lambda each: each[0])
    told, bound = one.limit.words(one.resection.remnant.value)
    share, least = apart(one.resection.remnant.value, one.limit.share)
    short = say("bench.left", left=share, limit=least)
    left = one.resection.remnant
    if left.low < left.high:
        told = say("bench.with_interval", value=told, low=left.low, high=left.high)
    return say("bench.left", left=told, limit=bound), short, bars.remnant(one, name=f"left-{name}", grown=grown)


def _what_if(sitting: Sitting) -> list[Field]:
    """Fields to change in the room: the volumetry, and what is missing and turns something."""
    fields, plan = sitting.fields, sitting.plan
    assert plan is not None
    number = fields.number(("liver", "measured_remnants"))
    paths: list[Path] = [
        ("liver", "measured_remnants", place, key) for place in range(max(number, 1)) for key in ("removes", "fraction")
    ]
    for item in plan.find_out_next:
        for key in item.item.split(", "):
            found = path_of_key(sitting, key, item.reason)
            if found and found not in paths and len(paths) < WHAT_IF_SHOWN + 2 * number:
                paths.append(found)
    return [replace(one, label=full_label(sitting, one)) for one in map(fields.field, paths)]


def path_of_key(sitting: Sitting, key: str, named: str = "") -> Path | None:
    """Where a key that is missing can be told: of lesions, at the first that does not tell it and is named; None where no field stands for it."""
    around, _, last = key.partition(".")
    path: Path = tuple(key.split("."))
    if around == "lesions":
        untold = [at for at, one in enumerate(lesions.entries(sitting.read)) if last not in one]
        labels = {at: lesions.label_of(lesions.entries(sitting.read)[at], at) for at in untold}
        meant = [at for at in untold if re.search(rf"\b{re.escape(labels[at])}\b", named)] or untold
        path = ("lesions", meant[0] if meant else -1, last)
    if around == "history" or -1 in path or key_at(path) is None:
        return None
    return path


def full_label(sitting: Sitting, one: Field) -> str:
    """A label that says what a field is of, where it stands outside its group."""
    if one.path[0] == "lesions" and isinstance(one.path[1], int):
        entry = lesions.entries(sitting.read)[one.path[1]]
        return say("bench.of_lesion", label=one.label, lesion=lesions.label_of(entry, one.path[1]))
    if one.path[:2] == ("liver", "measured_remnants"):
        return say("bench.of_remnant", label=one.label, number=int(one.path[2]) + 1)
    return one.label
