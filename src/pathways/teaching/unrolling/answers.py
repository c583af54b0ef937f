"""Which steps are offered as answers where the file does not say: good ones, ones that cost, ones that a rule refuses."""

from __future__ import annotations

from collections.abc import Sequence

from pathways.facts.verdict import Verdict
from pathways.machine.random_numbers import uniform
from pathways.process.model import Trigger
from pathways.quick_dataclass import dataclass
from pathways.teaching.curriculum.objectives import syllabus
from pathways.teaching.curriculum.schema import Decision, Objective, Wrong
from pathways.teaching.lessons.model import Grade
from pathways.teaching.unrolling.act_words import answer_words
from pathways.teaching.unrolling.grades import Graded, Grades
from pathways.teaching.unrolling.refusals import DECISIONS, TRIGGERS, teaches, verdicts_against

MOST_OPTIONS, LEAST_OPTIONS, MOST_GOOD = 5, 3, 1
# Answers that share so much of their words are one to a reader; an act that is hardly ever right is hardly ever offered.
ALIKE, LEAST_WEIGHT, FILLER = 0.6, 0.02, 0.1
# Refusals in the order in which they teach, where the objective does not say.
TELLING_FIRST = (
    "patient_accepts", "prompt_surgery", "washout_complete", "remnant_volume", "remnant_body_weight", "disease_controlled",
    "targeted_first", "extrahepatic_resectable", "simultaneous_safe", "fit_for_operation", "lesions_characterised",
    "primary_not_urgent", "chemotherapy_remaining", "remnant_growth", "all_lesions_treatable", "parenchyma_sparing",
    "imaging_fresh", "primary_resectable", "primary_rules", "radiotherapy", "biliary_drained", "transplant_criteria", "policy",
    "debulking_share",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Offer:
    """A step as an answer: open with what it is worth, or refused with the verdicts."""

    trigger: Trigger
    open: Graded | None
    verdicts: tuple[Verdict, ...] = ()

    @property
    def name(self) -> str:
        """The trigger."""
        return self.trigger.name

    @property
    def grade(self) -> Grade:
        """How good the answer is."""
        return self.open.grade if self.open else "refused"

    @property
    def rules(self) -> frozenset[str]:
        """The rules that refuse it."""
        return frozenset(one.rule for one in self.verdicts if one.verdict != "allowed")


def offer(grades: Grades, node: int, name: str) -> Offer:
    """The step `name` as an answer at `node`."""
    graph = grades.graph
    for one in grades.options(node):
        if one.name == name:
            return Offer(TRIGGERS[name], one)
    return Offer(TRIGGERS[name], None, verdicts_against(TRIGGERS[name], graph.states[node], graph.facts))


def decisions_at(grades: Grades, node: int, objective: Objective) -> tuple[Decision, ...]:
    """The decisions of the objective that `node` may be about."""
    return tuple(one for one in objective.decisions if one.meets(grades.graph.states[node]))


def hits(grades: Grades, node: int, objective: Objective, offers: Sequence[Offer]) -> bool:
    """Whether `node` with these answers is the decision of the objective, with good and bad really separated."""
    open_ = grades.options(node)
    return any(separates(open_, offers, one) for one in decisions_at(grades, node, objective))


def separates(open_: Sequence[Graded], offers: Sequence[Offer], decision: Decision) -> bool:
    """Whether good and bad are really separated: what is called good stands, and the distractor it is about falls."""
    return agrees(open_, decision) and any(falls(one, decision.wrong[0]) for one in offers)


def agrees(open_: Sequence[Graded], decision: Decision) -> bool:
    """Whether the figures say what the objective says: the best is one that it calls good, and none of these is poor."""
    return all(
        one.name in decision.good_steps
        if one.grade == "best"
        else one.grade != "poor" or one.name not in decision.good_steps
        for one in open_
    )


def contradicts(grades: Grades, node: int, objective: Objective) -> bool:
    """Whether `node` is a decision of the objective at which the figures say something else than it teaches."""
    decisions, open_ = decisions_at(grades, node, objective), grades.options(node)
    taught = {name for one in decisions for name in one.good_steps}
    in_question = any(one.name in taught for one in open_)
    return in_question and not any(agrees(open_, one) for one in decisions)


def wish_matters(grades: Grades, node: int, undeclined: Grades) -> bool:
    """Whether the patient declines what would be advised in this state to somebody who declines nothing."""
    there = undeclined.graph.index.get(grades.graph.states[node])
    if there is None:
        return False
    name = undeclined.advised(there).name
    against = verdicts_against(TRIGGERS[name], grades.graph.states[node], grades.graph.facts)
    return any(one.rule == "patient_accepts" for one in against)


def falls(one: Offer, wrong: Wrong) -> bool:
    """Whether `one` is the distractor asked for: refused by one of its rules, or without rules poor."""
    return one.name in wrong.steps and (bool(one.rules & set(wrong.rules)) if wrong.rules else one.grade == "poor")


def chosen(grades: Grades, node: int, objective: Objective, seed: int, fixed: Sequence[str] = ()) -> tuple[Offer, ...]:
    """Four or five answers at `node` in the order shown; none where there is nothing to decide. `fixed`: these and no others."""
    if fixed:
        answers = [offer(grades, node, name) for name in fixed]
    else:
        tried = [_answers(grades, node, one, seed) for one in decisions_at(grades, node, objective) or (None,)]
        answers = next((one for one in tried if hits(grades, node, objective, one)), tried[0])
    if len(answers) < LEAST_OPTIONS or not any(one.grade in ("poor", "refused") for one in answers):
        return ()
    return tuple(sorted(answers, key=lambda one: uniform(seed, node, f"order/{one.name}")))


@dataclass(frozen=True, slots=True)
class Pool:
    """What may be offered at a decision: the good answers, best first, and those that earn nothing."""

    good: tuple[Offer, ...]
    bad: tuple[Offer, ...]


def pool(grades: Grades, node: int) -> Pool:
    """Everything that may be offered at `node`; found once."""
    known = grades.pools.get(node)
    if known is None:
        known = grades.pools[node] = _pool(grades, node)
    assert isinstance(known, Pool)
    return known


def _pool(grades: Grades, node: int) -> Pool:
    graph = grades.graph
    open_ = [Offer(TRIGGERS[one.name], one) for one in grades.options(node)]
    taken = {edge.declared.name for edge in graph.edges[node]}
    state = graph.states[node]
    refused_ = [
        Offer(one, None, verdicts_against(one, state, graph.facts))
        for one in DECISIONS
        if one.name not in taken and teaches(one, state, graph.facts)
    ]
    refused_ = [one for one in refused_ if has_its_object(one)]
    good = sorted((one for one in open_ if one.grade != "poor"), key=lambda one: one.grade != "best")
    return Pool(tuple(good), (*(one for one in open_ if one.grade == "poor"), *refused_))


def has_its_object(one: Offer) -> bool:
    """Whether what a step acts on is there: nobody proposes to remove a primary that has been removed."""
    return not any(verdict.closes == "does_not_apply" for verdict in one.verdicts)


def _answers(grades: Grades, node: int, decision: Decision | None, seed: int) -> list[Offer]:
    """The best answer, a distractor that the decision asks for, and others drawn as often as they are right elsewhere.

    What is offered tells nothing then: an act that is often right is as often offered where it is wrong.
    """
    found, graph = pool(grades, node), grades.graph
    state = graph.states[node]
    answers = list(found.good[:MOST_GOOD])
    wanted = _one_for_each(found.bad, decision, seed)
    drawn = sorted(found.bad, key=lambda one: _drawn(one, node, seed))
    said = [answer_words(graph, one.trigger, state) for one in answers]
    for one in (*wanted, *drawn):
        words = answer_words(graph, one.trigger, state)
        filler = len(answers) >= MOST_OPTIONS - 1 and syllabus().offered.get(one.name, 0.0) < FILLER
        full = len(answers) >= MOST_OPTIONS or one in answers or filler
        if not full and not any(reads_alike(words, each) for each in said):
            answers.append(one)
            said.append(words)
    return answers


def _drawn(one: Offer, node: int, seed: int) -> float:
    """A place in the order of drawing: without replacement, by weight."""
    weight = max(syllabus().offered.get(one.name, LEAST_WEIGHT), LEAST_WEIGHT)
    return -float(uniform(seed, node, f"offer/{one.name}") ** (1 / weight))


def reads_alike(one: str, other: str) -> bool:
    """Whether two answers are one to a reader: they share most of their words, whatever the numbers."""
    first, second = ({word.strip(",.()") for word in text.lower().split()} for text in (one, other))
    return len(first & second) / len(first | second) >= ALIKE


def _one_for_each(bad: Sequence[Offer], decision: Decision | None, seed: int) -> list[Offer]:
    """The distractor that the decision is about: the first it asks for; of several steps any, by luck."""
    for wrong in decision.wrong[:1] if decision else ():
        fits = [one for one in bad if falls(one, wrong)]
        if fits:
            return [fits[int(uniform(seed, 0, "wrong") * len(fits))]]
    return []
