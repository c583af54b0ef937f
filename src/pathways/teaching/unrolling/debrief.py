"""The debrief: the way taken beside the best one, what was given away, and where the shipped protocols disagree."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import lru_cache

from pathways.case.models import Case
from pathways.facts.derive import CaseFacts
from pathways.facts.verdict import Verdict
from pathways.knowledge.protocols import knowledge
from pathways.planning.evaluate import OBJECTIVES, evaluate
from pathways.teaching.unrolling.grades import Regret
from pathways.teaching.unrolling.nature import outcome
from pathways.teaching.unrolling.refusals import verdicts_against
from pathways.teaching.unrolling.walk import Asked, Traveller, Unrolled
from pathways.teaching.unrolling.wording import (
    GRADE_WORDS,
    days,
    no_figure,
    option_text,
    regret_lines,
    risk,
    share,
    telling,
)

END_WORDS = {
    "resected": "The liver is cleared, and so is everything else that was known. That is the end of this episode, not a promise of cure.",
    "no_visible_disease": "No disease is to be seen. Sites that were not removed are watched by MRI every three months.",
    "transplanted": "The patient is transplanted.",
    "debulked": "Most of the tumour is removed; what is left is treated and watched.",
    "controlled": "The disease is controlled and not cleared; no operation is planned.",
    "benign": "The lesion is benign, and there is no other disease: the oncological pathway ends here.",
    "palliation": "The disease is treated or the patient is cared for without the aim of clearing the liver.",
    "dead": "The patient has died of the treatment. That was luck, not the score: it was a known risk of an open pathway.",
}
LIVED = ("survival", "life")
AIMS = {
    "resection": "the chance of clearance", "survival": "five-year survival", "life": "months of life", "time": "time", "safety": "the least risk of death",
}  # fmt: skip


def way_of_best_answers(one: Unrolled) -> Traveller:
    """The way through the lesson on which every answer is the best, with the luck of the seed."""
    return one.best_way


def decisions_on(one: Unrolled) -> tuple[tuple[int, ...], int]:
    """The states asked about on the way of the best answers, and where it ends; nothing is worded."""
    node, asked, visits = 0, list[int](), dict[str, int]()
    while not one.ended(node):
        if one.decides(node):
            if len(asked) < one.scenario.decisions_at_most and one.asks(node):
                asked.append(node)
            node = one.grades.advised(node).edge.target
            continue
        phase = one.graph.states[node].phase
        node = outcome(one.grades.evaluator, node, one.seed, visits.get(phase, 0)).target
        visits[phase] = visits.get(phase, 0) + 1
    return tuple(asked), node


def at_the_end(one: Unrolled, way: Traveller, best: Traveller) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """What is said at an end: the end, the way beside the best one, and what was given away; and which of it recounts the two ways."""
    end = one.graph.states[way.node].phase
    answers, beside = tuple(_answers(one, way)), tuple(_beside(one, way, best))
    return (f"Day {round(way.day)}. {END_WORDS[end]}", *answers, _given_away(one, way), *beside), (*answers, *beside)


def _answers(one: Unrolled, way: Traveller) -> Iterator[str]:
    for number, taken in enumerate(way.taken, start=1):
        state = one.graph.states[taken.asked.node]
        words = f"Decision {number}: {option_text(one.graph, taken.offer, state)}. {GRADE_WORDS[taken.offer.grade]}"
        if taken.offer.open and (lost := regret_lines(taken.offer.open.regret, one.chances)):
            words += f" Given away: {', '.join(lost)}."
        better = next((each for each in taken.asked.offers if each.grade == "best"), None)
        if taken.offer.grade == "poor" and better is not None:
            words += f" Best: {option_text(one.graph, better, state)}."
        yield words


def _given_away(one: Unrolled, way: Traveller) -> str:
    total = sum((taken.offer.open.regret for taken in way.taken if taken.offer.open), start=Regret())
    lost = regret_lines(total, one.chances)
    if not lost:
        return "Nothing was given away on what was known at each moment. Luck has no part in this."
    return f"Given away in all, on what was known at each moment: {', '.join(lost)}. Luck has no part in this."


def _beside(one: Unrolled, way: Traveller, best: Traveller) -> Iterator[str]:
    if [taken.offer.name for taken in way.taken] == [taken.offer.name for taken in best.taken]:
        yield "This is the way of the best answers, with the luck of this seed."
        return
    end = one.graph.states[best.node].phase
    steps = "; ".join(option_text(one.graph, taken.offer, one.graph.states[taken.asked.node]) for taken in best.taken)
    yield (
        f"The best answers with the same luck: {steps}. They end on day {round(best.day)}: {END_WORDS[end].split('.')[0].lower()}."
    )


def of_the_lesson(one: Unrolled, best: Traveller) -> tuple[str, ...]:
    """The debrief that every way shares."""
    objective = one.objective
    words = [
        f"What this case is about: {objective.title}.",
        f"The misconception: {objective.misconception}",
        f"What counts as good: {objective.counts_as_good}",
        _worth(one),
        *_by_aim(one),
        *disagreements(one, [taken.asked for taken in best.taken]),
        *_not_scored(one),
    ]
    return tuple(word for word in words if word)


def _worth(one: Unrolled) -> str:
    start = one.grades.worth(0)
    if start.resected <= 0 or not one.with_intervals:
        return ""
    chance, death = one.grades.interval(0)
    if one.chances == "borrowed":
        return f"{no_figure(one.objective.goal)}. On what is known at the start, under the best policy {risk(death)}."
    later = days(float(start.days_to_clearance))
    timing = f", after {later} on average" if start.cleared > 0 and start.days_to_clearance >= 1 else ""
    return (
        f"On what is known at the start, under the best policy {share(chance)} of such patients {one.objective.goal}{timing}; "
        f"{risk(death)}."
    )


def _by_aim(one: Unrolled) -> Iterator[str]:
    """The first treatment that each objective of planning would choose, where they differ."""
    evaluation = evaluate(one.graph)
    firsts: dict[str, list[str]] = {}
    for aim in OBJECTIVES:
        # How long one lives needs the model of survival, and that NumPy, as intervals do: a lesson that is only checked does without.
        if aim in LIVED and not one.with_intervals:
            continue
        policy, node = evaluation.policy(aim), 0
        while not one.ended(node) and one.decides(node):
            edge = one.graph.edges[node][policy[node]]
            if edge.declared.name in one.objective.unscored_steps:
                break
            if edge.declared.oncological or edge.declared.gives_up:
                firsts.setdefault(edge.declared.title, []).append(AIMS[aim])
                break
            node = edge.target
    if len(firsts) > 1:
        words = "; ".join(f"{' and '.join(aims)}: {title}" for title, aims in firsts.items())
        yield f"Whoever puts another aim first begins otherwise. First treatment for {words}."


def _not_scored(one: Unrolled) -> Iterator[str]:
    names = {
        edge.declared.title
        for edges in one.graph.edges
        for edge in edges
        if edge.declared.name in one.objective.unscored_steps
    }
    for title in sorted(names):
        yield f"Open as well, and not scored, because no figure here compares it with the others: {title}."


def disagreements(one: Unrolled, questions: Sequence[Asked]) -> Iterator[str]:
    """Answers that one protocol refuses and another leaves open, with the reason."""
    others = [facts_under(one.scenario.case, name) for name in knowledge().protocols if name != one.protocol.id]
    every = [one.graph.facts, *others]
    said: set[str] = set()
    for asked in questions:
        state = one.graph.states[asked.node]
        for offer in asked.offers:
            against = {facts.assessed.protocol.id: verdicts_against(offer.trigger, state, facts) for facts in every}
            open_in = [name for name, verdicts in against.items() if not verdicts]
            closed_in = {name: verdicts for name, verdicts in against.items() if verdicts}
            if not open_in or not closed_in:
                continue
            refusals = "; ".join(f"refused under {name} ({_briefly(verdicts)})" for name, verdicts in closed_in.items())
            words = f"{option_text(one.graph, offer, state)}: open under {', '.join(open_in)}; {refusals}."
            if words not in said:
                said.add(words)
                yield f"Protocols disagree. {words}"


def _briefly(verdicts: Sequence[Verdict]) -> str:
    first = (*telling(verdicts), *verdicts)[0]
    enough = first.rule == "remnant_volume" and isinstance(first.value, float) and isinstance(first.limit, float)
    grown = enough and float(first.value) >= float(first.limit)  # type: ignore[arg-type]
    return f"nothing has to grow: {first.reason}" if grown else first.reason


@lru_cache(maxsize=16)
def _facts(case: str, name: str) -> CaseFacts:
    from pathways.knowledge.protocols import load_protocol

    return CaseFacts(Case.model_validate_json(case), load_protocol(name))


def facts_under(case: Case, name: str) -> CaseFacts:
    """The facts of `case` under a shipped protocol."""
    return _facts(case.model_dump_json(by_alias=True, exclude_none=True), name)
