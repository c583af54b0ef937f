"""Why an answer is right, why it is not, and when it would be: sentences of the syllabus beside the finding of this case."""

from __future__ import annotations

from collections.abc import Iterator

from pathways.facts.derive import scenario_of
from pathways.facts.remnant import binding_limit
from pathways.facts.verdict import Verdict
from pathways.graph.explore import Graph
from pathways.messages.catalogue import called, say
from pathways.process.acts import is_block
from pathways.process.facts import State
from pathways.process.model import Trigger
from pathways.teaching.curriculum.objectives import syllabus
from pathways.teaching.curriculum.schema import ActReason, RuleReason
from pathways.teaching.unrolling.answers import Offer
from pathways.teaching.unrolling.grown import grown_share
from pathways.teaching.unrolling.refusals import REMNANT, TRIGGERS
from pathways.teaching.unrolling.wording import sentence, telling


def why_good(graph: Graph, offer: Offer, state: State) -> Iterator[str]:
    """Why an open answer is right here: the mechanism, and the finding that calls for it."""
    reason = of_step(offer.trigger, graph, state)
    yield reason.why
    if (found := _finding(graph, reason.finding, state)) is not None:
        yield say("feedback.here", finding=found)


def why_poor(graph: Graph, offer: Offer, state: State, right_if: str) -> Iterator[str]:
    """Why an open answer is worse than another, and when it would not be."""
    yield of_step(offer.trigger, graph, state).poor
    yield right_if


def why_refused(graph: Graph, offer: Offer, state: State, right_if: str) -> Iterator[str]:
    """The strongest reason first: the finding, what stands behind it, when it would be otherwise; then the other findings."""
    told = telling(offer.verdicts)
    if not told:
        yield from why_poor(graph, offer, state, right_if)
        return
    first, *others = told
    yield finding_of(offer, first, graph, state)
    yield of_refusal(offer.trigger, first, of_step(offer.trigger, graph, state))[0]
    yield right_if
    yield from dict.fromkeys(words for one in others if (words := sentence(one)) != sentence(first))


def stands_on(graph: Graph, offer: Offer, state: State) -> tuple[str, ...]:
    """The sources of what is said of an answer, beside those of the step and of the rules that refuse it."""
    step, told = of_step(offer.trigger, graph, state), telling(offer.verdicts)
    if offer.open is not None or not told or _as_the_step_says(offer.trigger, told[0]):
        return step.sources
    return syllabus().reasons.of_rule(told[0].rule).sources


def briefly(graph: Graph, offer: Offer, state: State, right_if: str) -> str:
    """In short, on an answer that was not given: why, or why not, and when it would be right."""
    step = of_step(offer.trigger, graph, state)
    if offer.grade in ("best", "acceptable"):
        return step.why
    told = telling(offer.verdicts)
    why_not = step.poor if offer.open is not None or not told else finding_of(offer, told[0], graph, state)
    return f"{why_not} {right_if}"


def in_general(graph: Graph, offer: Offer, state: State) -> str:
    """When an answer that is wrong here is right, whoever the patient: of a refusal what the rule asks for, else what the step does."""
    step, told = of_step(offer.trigger, graph, state), telling(offer.verdicts)
    if offer.open is not None or not told:
        return step.right_if
    return of_refusal(offer.trigger, told[0], step)[1]


def as_meant(trigger: Trigger, graph: Graph, state: State) -> Trigger:
    """The step that an answer reads as: drugs that are the first ones are no second line."""
    if trigger.course != "second_line" or state.control == "progressed":
        return trigger
    given = state.line != "none" or graph.facts.assessed.past.systemic_before
    return trigger if given else next(one for one in TRIGGERS.values() if one.course == "conversion")


def of_step(trigger: Trigger, graph: Graph, state: State) -> ActReason:
    """What is said of a step; of one that nothing is said of, what is said in general."""
    found = syllabus().reasons.of_act(as_meant(trigger, graph, state).name)
    if found is not None:
        return found
    general = syllabus().reasons.otherwise
    return ActReason(of=("meeting",), why=general.because, poor=general.because, right_if=general.right_if)


def finding_of(offer: Offer, verdict: Verdict, graph: Graph, state: State) -> str:
    """The finding that refuses an answer. Of drugs that are the first ones nobody asks whether the disease has grown under others."""
    first_ones = as_meant(offer.trigger, graph, state) is not offer.trigger
    if first_ones and verdict.rule == "disease_controlled":
        return say("refusal.no_response_needed")
    return sentence(verdict)


def of_refusal(trigger: Trigger, verdict: Verdict, step: ActReason) -> tuple[str, str]:
    """What stands behind a refusal, and when it would be otherwise.

    As the step says, where there is nothing for it to treat, or a lesser act suffices.
    """
    if _as_the_step_says(trigger, verdict):
        return step.poor, step.right_if
    if is_block(trigger) and verdict.rule in ("fit_for_operation", "extrahepatic_resectable"):
        return say("refusal.drugs_without_an_operation"), syllabus().reasons.of_rule(verdict.rule).right_if
    if not_measured(verdict):
        return say("refusal.not_measured"), called("way", "measured_enough")
    rule: RuleReason = syllabus().reasons.of_rule(verdict.rule)
    return rule.because, rule.right_if


def not_measured(verdict: Verdict) -> bool:
    """Whether a remnant refuses because its estimate cannot tell, and not because it is too small."""
    return verdict.rule in REMNANT and verdict.verdict == "unknown"


def _as_the_step_says(trigger: Trigger, verdict: Verdict) -> bool:
    nothing_to_treat = trigger.course == "second_line" and verdict.rule == "disease_controlled"
    return nothing_to_treat or verdict.closes != "barred" or "volumetry" in trigger.acts


def _finding(graph: Graph, fact: str, state: State) -> str | None:
    """What the case says of a fact, in the words of its rule; of a remnant that has grown, what volumetry found since."""
    if not fact:
        return None
    if fact.startswith("remnant_") and state.growth == "adequate":
        grown = grown_share(graph, state, state.stimulus)
        target = graph.facts.assessed.target(scenario_of(state))
        if grown is None or target is None:
            return None
        limit = binding_limit(graph.facts.assessed, target, state.blocks).share
        return say("feedback.grown", now=grown[1], limit=limit)
    if fact.startswith("remnant_") and state.volume == "enough":
        return None
    verdicts = graph.facts.finding(fact, state).verdicts
    return next((one.reason for one in verdicts if one.reason), None)
