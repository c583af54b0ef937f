"""Why an answer is right, why it is not, and when it would be: sentences of the syllabus beside the finding of this case."""

from __future__ import annotations

from collections.abc import Iterator

from pathways.facts.verdict import Verdict
from pathways.graph.explore import Graph
from pathways.messages.catalogue import say
from pathways.process.facts import State
from pathways.process.model import Trigger
from pathways.teaching.curriculum.objectives import syllabus
from pathways.teaching.curriculum.schema import ActReason, RuleReason
from pathways.teaching.unrolling.answers import Offer
from pathways.teaching.unrolling.wording import sentence, telling


def why_good(graph: Graph, offer: Offer, state: State) -> Iterator[str]:
    """Why an open answer is right here: the mechanism, and the finding that calls for it."""
    reason = of_step(offer.trigger)
    yield reason.why
    if reason.finding and (found := _finding(graph, reason.finding, state)):
        yield say("feedback.here", finding=found)


def why_poor(offer: Offer) -> Iterator[str]:
    """Why an open answer is worse than another, and when it would not be."""
    reason = of_step(offer.trigger)
    yield reason.poor
    yield say("feedback.right_if", condition=reason.right_if)


def why_refused(offer: Offer) -> Iterator[str]:
    """The strongest reason first: the finding, what stands behind it, when it would be otherwise; then the other findings."""
    told = telling(offer.verdicts)
    if not told:
        yield from why_poor(offer)
        return
    first, *others = told
    because, right_if = of_refusal(offer.trigger, first)
    yield sentence(first)
    yield because
    yield say("feedback.right_if", condition=right_if)
    yield from dict.fromkeys(words for one in others if (words := sentence(one)) != sentence(first))


def briefly(offer: Offer) -> str:
    """One sentence on an answer that was not given."""
    if offer.grade in ("best", "acceptable"):
        return of_step(offer.trigger).why
    if offer.open is not None:
        return of_step(offer.trigger).poor
    told = telling(offer.verdicts)
    if not told:
        return of_step(offer.trigger).poor
    condition = of_refusal(offer.trigger, told[0])[1]
    return f"{sentence(told[0])} {say('feedback.right_if', condition=condition)}"


def of_step(trigger: Trigger) -> ActReason:
    """What is said of a step; of one that nothing is said of, what is said in general."""
    found = syllabus().reasons.of_act(trigger.name)
    if found is not None:
        return found
    general = syllabus().reasons.otherwise
    return ActReason(of=("discuss",), why=general.because, poor=general.because, right_if=general.right_if)


def of_refusal(trigger: Trigger, verdict: Verdict) -> tuple[str, str]:
    """What stands behind a refusal, and when it would be otherwise: of what the step itself asks for, as the step says."""
    own = any(guard.because and guard.because == verdict.reason for guard in trigger.guards)
    if own:
        step = of_step(trigger)
        return step.poor, step.right_if
    rule: RuleReason = syllabus().reasons.of_rule(verdict.rule)
    return rule.because, rule.right_if


def _finding(graph: Graph, fact: str, state: State) -> str:
    """What the case says of a fact, in the words of its rule."""
    verdicts = graph.facts.finding(fact, state).verdicts
    return next((one.reason for one in verdicts if one.reason), "")
