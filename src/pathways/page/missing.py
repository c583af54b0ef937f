"""What hangs on what is missing: one bar a fact of this patient, and who can find it out."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from pathways.documents.reader import Path
from pathways.drawing.svg import Drawn, element, picture
from pathways.messages.catalogue import say
from pathways.messages.naming import family_words
from pathways.page.fields import owner_of, vocabularies
from pathways.page.pathways import full_label, path_of_key
from pathways.page.plans import ranked_otherwise
from pathways.page.shared import Told, turning, wrong
from pathways.page.sitting import Sitting
from pathways.planning.first_then import First, estimated
from pathways.planning.missing import NEGLIGIBLE, MissingItem
from pathways.planning.plan import Plan
from pathways.report import gaps

WIDTH = 240.0
# Asked for by somebody, or by the page itself, which steps back behind others.
FIRSTS = ("firsts", "firsts_quietly")


def missing_screen(sitting: Sitting) -> Told:
    """Every fact that is missing and turns something, the heaviest first, with a field to tell it."""
    plan = sitting.plan
    if plan is None:
        return {"wrong": wrong(sitting), "found": None}
    if sitting.sent.get("do") in FIRSTS:
        ranked_otherwise(plan, waits=sitting.sent["do"] == FIRSTS[0])
    rows = [*_volumetry(sitting, plan), *(_row(sitting, plan, at, one) for at, one in enumerate(plan.find_out_next))]
    asked = all(row["then"] for row in rows)
    given = [line for line in gaps.lines(plan)[-1:] if line]
    fields = [each for row in rows for each in row["fields"]]
    return {
        "wrong": [],
        "found": True,
        "turning": turning(sitting),
        "rows": rows,
        "first_now": say("bench.first_now", pathway=plan.pathways[0].title) if plan.pathways else "",
        "firsts": not asked,
        "given": given,
        "vocabularies": vocabularies(fields),
    }


def _volumetry(sitting: Sitting, plan: Plan) -> Iterator[Told]:
    """The remnant that is an estimate: it is no key that is missing, but what volumetry finds at either end may turn the plan."""
    one = estimated(plan.assessment)
    if one is None:
        return
    left = one.remnant
    at = sitting.fields.number(("liver", "measured_remnants"))
    paths: list[Path] = [("liver", "measured_remnants", at, key) for key in ("removes", "fraction")]
    known = plan.first_then.knows_measured
    yield {
        "id": "volumetry", "reason": say("bench.estimate", resection=one.name), "assumed": say("bench.estimate_taken", value=left.value, low=left.low, high=left.high),
        "owner": owner_of("liver.measured_remnants"), "bar": "", "hangs": "", "closes": "", "opens": "", "all": False,
        "then": [say("bench.first_measured", share=each.measured, pathway=_words(each)) for each in plan.first_then.if_measured] if known else [],
        "fields": [replace(each, label=full_label(sitting, each)) for each in map(sitting.fields.field, paths)],
    }  # fmt: skip


def _words(one: First | None) -> str:
    return say("bench.first_none") if one is None else say("bench.first_same") if one.same else one.title


def _row(sitting: Sitting, plan: Plan, at: int, one: MissingItem) -> Told:
    fields = []
    for key in one.item.split(", "):
        path = path_of_key(sitting, key, one.reason)
        if path is not None:
            fields.append(sitting.fields.field(path))
    return {
        "id": str(at), "then": [_words(plan.first_then.if_not(one))] if plan.first_then.knows(one) else [], "reason": one.reason, "assumed": one.assumed, "owner": owner_of(one.item),
        "hangs": hangs_words(one), "bar": _bar(one, at), "closes": ", ".join(map(family_words, one.closes)), "opens": ", ".join(map(family_words, one.opens)),
        "all": one.bars_all, "fields": [replace(each, label=full_label(sitting, each)) for each in fields],
    }  # fmt: skip


def hangs_words(one: MissingItem) -> str:
    """The chance of resection as an item is taken, and if it is not so; only in words where it has no figure."""
    if one.chances_shown is None:
        return gaps.chance_words(one) if abs(one.drop) > NEGLIGIBLE else ""
    now, otherwise = one.chances_shown
    return say("bench.now_otherwise", now=now, otherwise=otherwise)


def _bar(one: MissingItem, at: int) -> Drawn | str:
    """From the chance as things are taken to that if they are not so; nothing where it has no figure."""
    if one.chances_shown is None:
        return ""
    long = WIDTH - 12
    a, b = (6 + long * value for value in sorted(one.chances_shown))
    now = 6 + long * one.chance_now
    inside = [
        element("line", x1=6, x2=6 + long, y1=11, y2=11, class_="pw-grid"),
        element("rect", x=a, y=6, width=max(b - a, 1.0), height=10, class_="pw-bar"),
        element("line", x1=now, x2=now, y1=2, y2=20, class_="pw-mark"),
    ]
    words = say("bench.hangs", reason=one.reason, now=one.chance_now, otherwise=one.chance_otherwise)
    return picture(
        *inside, name=f"hangs-{at}", title=one.reason, description=words, width=WIDTH, height=22, class_="pw-hangs"
    )
