"""Why a family stands as it does: rule, value, limit, settings, sources; and, when asked, what would turn it round."""

from __future__ import annotations

from pathways.drawing import chips
from pathways.facts.verdict import Verdict
from pathways.knowledge.model import Protocol, Setting
from pathways.messages.catalogue import called, say
from pathways.messages.naming import family_words
from pathways.page.cited import source_words
from pathways.page.pathways import closed_families, opening
from pathways.page.plans import opened
from pathways.page.shared import Told, wrong
from pathways.page.sitting import Sitting
from pathways.planning.explain import Explanation, explain
from pathways.planning.plan import ALL_FAMILIES, Plan
from pathways.process.rules import RULES
from pathways.report.closed import after_words
from pathways.report.view import FamilyRow

GROUPS = ("measure", "treat", "choose", "worse")
PATHWAYS_SHOWN = 5


def why_screen(sitting: Sitting) -> Told:
    """The families, and one of them explained."""
    plan, view = sitting.plan, sitting.view
    if plan is None or view is None:
        return {"wrong": wrong(sitting), "families": []}
    what, _, rest = sitting.sent.get("do", "").partition(":")
    if what in ("why", "opens") and rest in ALL_FAMILIES:
        sitting.asked = rest
    rows = [one for row in view.rows for one in row.families]
    asked = next((one for one in rows if one.family == sitting.asked), None)
    if asked is None:
        asked = next((one for one in rows if one.standing == "barred"), rows[0])
        sitting.asked = asked.family
    closed = asked.family in closed_families(plan)
    if closed:
        opened(plan, (asked.family,))
    return {
        "wrong": [], "opening": opening(plan, asked.family) if closed else "", "families": [{"family": one.family, "words": one.words, "chip": chips.chip(one.standing)} for one in rows],
        "asked": _explained(plan, asked), "answers": _answers(explain(plan.graph, asked.family)) if what == "opens" else None,
    }  # fmt: skip


def _explained(plan: Plan, one: FamilyRow) -> Told:
    carried = [each for each in plan.pathways if one.family in each.families]
    contingent = next((each for each in plan.contingent if each.family == one.family), None)
    closed = next((each for each in plan.closed if each.family == one.family), None)
    verdicts = contingent.verdicts if contingent else closed.verdicts if closed else ()
    assumed = [
        each
        for each in (carried[0].assumptions if carried else ())
        if all(each in other.assumptions for other in carried)
    ]
    return {
        "family": one.family, "words": family_words(one.family), "standing": called("standing", one.standing), "closed": not carried,
        "carried": [f"{each.id} {each.title}" for each in carried[:PATHWAYS_SHOWN]], "assumed": assumed,
        "after": after_words(" and ".join(name.replace("_", " ") for name in contingent.after), one.words) if contingent else "",
        "verdicts": [_verdict(plan, each) for each in dict.fromkeys(verdicts)],
    }  # fmt: skip


def _verdict(plan: Plan, one: Verdict) -> Told:
    rule = RULES.get(one.rule)
    protocol = plan.assessment.protocol
    settings = [protocol.settings[key] for key in (rule.settings if rule else ()) if key in protocol.settings]
    sources = dict.fromkeys(one.sources or (rule.sources if rule else ()))
    return {
        "rule": one.rule, "reason": one.reason, "sentence": rule.statement if rule else "", "value": _amount(one.value, one.unit),
        "limit": _amount(one.limit, one.unit), "assumed": one.assumed or "", "settings": [_setting(each, protocol) for each in settings],
        "sources": [source_words(each, protocol) for each in sources],
    }  # fmt: skip


def _amount(value: float | str | None, unit: str | None) -> str:
    if value is None:
        return ""
    if isinstance(value, str):
        return value.replace("_", " ")
    if unit in (None, "fraction", ""):
        return f"{value:.0%}" if unit == "fraction" else f"{value:g}"
    return f"{value:g} {unit}"


def _setting(one: Setting, protocol: Protocol) -> Told:
    value = one.value
    words = (
        ("yes" if value else "no")
        if isinstance(value, bool)
        else ", ".join(map(str, value))
        if isinstance(value, (list, tuple))
        else str(value)
    )
    return {
        "key": one.key, "value": f"{words} {one.unit}".strip(), "confidence": called("confidence", one.confidence).replace("_", " "), "why": one.why,
        "sources": [source_words(each, protocol) for each in one.sources],
    }  # fmt: skip


def _answers(found: Explanation) -> Told:
    """What turns it round, by what somebody would do; what would have to be worse stands last."""
    several = [*found.answers, *found.worsening]
    groups = []
    for group in GROUPS:
        told = [one.words for one in several if one.group == group]
        if told:
            words = say("bench.worse_closes") if group == "worse" and found.status == "open" else called("turns", group)
            groups.append({"words": words, "answers": told})
    left = say("bench.pairs_left", tried=found.pairs_tried, left=found.pairs_left) if found.pairs_left else ""
    return {"groups": groups, "left": left}
