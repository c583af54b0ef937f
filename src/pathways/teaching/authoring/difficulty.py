"""Difficulty, measured on the objective's decision: how close the alternatives are, how many, and how much is missing.

Points and thresholds are data (`data/scoring.yaml`).
"""

from __future__ import annotations

from collections.abc import Iterator

from pathways.facts import remnant
from pathways.knowledge.protocols import knowledge
from pathways.liver.resection import CLEARANCES
from pathways.teaching.curriculum.objectives import syllabus
from pathways.teaching.scenarios.model import Difficulty, Measured
from pathways.teaching.unrolling.answers import Offer
from pathways.teaching.unrolling.debrief import facts_under
from pathways.teaching.unrolling.refusals import verdicts_against
from pathways.teaching.unrolling.walk import Setting
from pathways.teaching.unrolling.wording import telling


def measured(setting: Setting, node: int, offers: tuple[Offer, ...], variations: int = 0) -> Measured:
    """The points of a scenario whose objective is decided at `node` with these answers."""
    scale, open_ = syllabus().difficulty, [one for one in offers if one.open]
    good = [one for one in open_ if one.grade != "poor"]
    return Measured(
        reasons=min(scale.most_for_reasons, max(0, len(_reasons(offers)) - scale.reasons_beyond)),
        several_good=scale.several_good if len(good) > 1 else 0,
        closeness=_closeness(open_),
        missing=min(scale.most_for_missing, setting.missing),
        near_limits=min(scale.most_for_limits, sum(1 for _ in _near(setting, node, offers))),
        variations=min(scale.most_for_variations, max(0, variations - scale.variations_beyond)),
        disputed=scale.disputed if any(_disputed(setting, node, one) for one in offers) else 0,
    )


def _reasons(offers: tuple[Offer, ...]) -> set[str]:
    """What has to be weighed to put the other answers aside: the strongest rule against each, or the answer itself where none refuses it."""
    found = set()
    for one in offers:
        told = telling(one.verdicts)
        if one.grade in ("poor", "refused"):
            found.add(told[0].rule if told else one.name)
    return found


def level_of(points: Measured) -> Difficulty:
    """Easy, medium or hard."""
    scale, total = syllabus().difficulty, sum(points.model_dump().values())
    return "hard" if total >= scale.hard_from else "medium" if total >= scale.medium_from else "easy"


def _closeness(open_: list[Offer]) -> int:
    """How near the nearest poor answer comes to the best, as a share of the best chance."""
    scale = syllabus().difficulty
    top = max((float(one.open.worth.resected) for one in open_ if one.open), default=0.0)
    gaps = [one.open.regret.chance for one in open_ if one.open and one.grade == "poor"]
    if not gaps or top <= 0:
        return 0
    gap = min(gaps) / top
    return 2 if gap < scale.close_gap else 1 if gap < scale.near_gap else 0


def _disputed(setting: Setting, node: int, one: Offer) -> bool:
    """Whether another shipped protocol refuses what this one leaves open, or the other way round."""
    state = setting.graph.states[node]
    others = (facts_under(setting.case, name) for name in knowledge().protocols if name != setting.protocol.id)
    return any(bool(verdicts_against(one.trigger, state, facts)) != bool(one.verdicts) for facts in others)


def _near(setting: Setting, node: int, offers: tuple[Offer, ...]) -> Iterator[str]:
    """Rules whose figure lies near its limit: those that refuse an answer, and the remnants of the moment."""
    near, seen = syllabus().difficulty.near_limit, set[str]()
    verdicts = [verdict for one in offers for verdict in one.verdicts]
    state, facts = setting.graph.states[node], setting.graph.facts
    for name in CLEARANCES:
        if (found := facts.resection(name, state)) is not None:
            verdicts += remnant.remnant_verdicts(facts.assessed, found, state.blocks)
    for one in verdicts:
        if one.rule in seen or not isinstance(one.value, float) or not isinstance(one.limit, float):
            continue
        if abs(one.value - one.limit) <= near * one.limit:
            seen.add(one.rule)
            yield one.rule
