"""One pathway as a calendar from day 0, and the map of all of them."""

from __future__ import annotations

from datetime import date, timedelta

from pathways.page.cited import cited_of, source_words
from pathways.page.shared import Told, wrong
from pathways.page.sitting import Sitting
from pathways.planning.pathway_map import map_of
from pathways.report import page


def pathway_screen(sitting: Sitting) -> Told:
    """One pathway: steps with days and dates, gates, the liver along it, what if it goes otherwise."""
    plan = sitting.plan
    what, _, rest = sitting.sent.get("do", "").partition(":")
    if what == "pathway":
        sitting.pathway = rest
    if "wanted" in sitting.sent and what != "pathway":
        sitting.pathway = sitting.sent["wanted"]
    if plan is None or not plan.pathways:
        return {"wrong": wrong(sitting), "one": None, "pathways": []}
    chosen = next((one for one in plan.pathways if one.id == sitting.pathway), plan.pathways[0])
    sitting.pathway = chosen.id
    told = page.sheet(plan, chosen)
    first = _day_0(sitting.start)
    for row, step in zip(told["steps"], chosen.steps, strict=True):
        row["date"] = (first + timedelta(days=step.day)).isoformat() if first else ""
    cited = dict.fromkeys(source for step in chosen.steps for source in step.sources)
    return {
        "cited": cited_of(plan, (chosen,)),
        "sources": [source_words(one, plan.assessment.protocol) for one in cited], "wrong": [], "one": told, "pathways": [{"id": one.id, "title": one.title} for one in plan.pathways], "start": sitting.start if first else "",
    }  # fmt: skip


def _day_0(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def map_screen(sitting: Sitting) -> Told:
    """Where the pathways part."""
    plan = sitting.plan
    return {"wrong": wrong(sitting), "map": page.map_sheet(map_of(plan)) if plan else None}
