"""What is missing of the case and what turns on it, and what every pathway to surgery takes as given."""

from __future__ import annotations

from rich.console import Group, RenderableType
from rich.padding import Padding
from rich.text import Text

from pathways.facts.verdict import Missing
from pathways.messages.catalogue import called, say
from pathways.planning.assumptions import RISK
from pathways.planning.missing import MissingItem
from pathways.planning.plan import Plan
from pathways.report.words import family_words, with_interval

ITEMS_SHOWN = 3


def common(plan: Plan) -> tuple[Missing, ...]:
    """What every curative pathway takes as given."""
    shared = [one.assumed for one in plan.pathways if one.curative]
    return tuple(key for key in (shared[0] if shared else ()) if all(key in one for one in shared))


def missing(plan: Plan) -> RenderableType | None:
    """What every operation stands on, the items that separate the pathways, and what is taken as given."""
    told, given = _told(plan)
    told = [*_volumetry(plan), *told]
    if not told and not given:
        return None
    shown: list[RenderableType] = [Text(f"\n{say('missing.heading')}", style="bold")]
    shown += [_indented(Text.assemble(("? ", "yellow"), line)) for line in told]
    if given:
        shown.append(_indented(Text(given, style="yellow")))
    return Group(*shown)


def lines(plan: Plan) -> list[str]:
    """The same as plain lines."""
    told, given = _told(plan)
    return [*told, *([given] if given else [])]


def _volumetry(plan: Plan) -> list[str]:
    """What volumetry would decide, where it does: the page has it beside what becomes first."""
    first = next(iter(plan.assessment.resections), None)
    if first is None or first.meets_protocol is not None or not first.borne:
        return []
    left, limit = first.limit.words(first.resection.remnant.value)
    return [say("missing.volumetry", remnant=left, limit=limit)]


def _told(plan: Plan) -> tuple[list[str], str]:
    gates = [one for one in plan.find_out_next if one.bars_all]
    items = [(one, hangs) for one in plan.find_out_next if not one.bars_all and (hangs := hangs_on(one))][:ITEMS_SHOWN]
    told = {one.item for one in (*gates, *(one for one, _ in items))}
    given = _given(tuple(one for one in common(plan) if one.item not in told))
    lines = [say("missing.item", reason=one.reason, assumed=one.assumed, hangs=hangs) for one, hangs in items]
    life = next(iter(plan.life_hangs_on), None)
    if life is not None:
        lines.append(
            say(
                "missing.life", factor=life.factor.words, best=with_interval(life.best), worst=with_interval(life.worst)
            )
        )
    if plan.life_one_arm:
        arms: dict[str, list[str]] = {}
        for each in plan.life_one_arm:
            arms.setdefault(each.arm, []).append(each.factor)
        told_of = (
            say("missing.one_arm", factors=", ".join(names), arm=called("arm", arm)).strip()
            for arm, names in arms.items()
        )
        lines.append(say("missing.life_one_arm", told="; ".join(told_of)))
    if plan.life_bounded is not None:
        most = plan.life_bounded
        spread = most.distribution
        lines.append(say("missing.life_bounded", months=most.number, low=spread["low"], high=spread["high"]))
    if gates:
        lines.insert(0, say("missing.gates", taken="; ".join(dict.fromkeys(one.assumed for one in gates))))
    return lines, say("missing.given", taken=given) if given else ""


def hangs_on(one: MissingItem) -> str:
    """What is otherwise if an item is not as it is taken: the chance, as far as the printed figures tell it, or what is not open then."""
    if f"{one.chance_otherwise:.0%}" != f"{one.chance_now:.0%}":
        return chance_words(one)
    names = ", ".join(family_words(family) for family in one.closes)
    if names:
        return say("missing.closes", families=names)
    names = ", ".join(family_words(family) for family in one.opens)
    return say("missing.opens", families=names) if names else ""


def chance_words(one: MissingItem) -> str:
    """How the chance of resection differs if an item is not as it is taken: without figures where none is of this primary."""
    if one.chances_shown is None:
        return say("missing.less_often" if one.drop > 0 else "missing.more_often")
    now, otherwise = one.chances_shown
    return say("missing.chance", otherwise=otherwise, now=now)


def _given(found: tuple[Missing, ...]) -> str:
    """What is taken, without the keys: they stand with the steps of a pathway."""
    taken = dict.fromkeys(
        say("missing.average") if one.reason == RISK else one.assumed if one.item else one.reason for one in found
    )
    return "; ".join(words for words in taken if words)


def _indented(words: Text) -> RenderableType:
    return Padding(words, (0, 0, 0, 2))
