"""Which steps are offered as answers where the file does not say: good ones, ones that cost, ones that a rule refuses."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from pathways.facts.verdict import Verdict
from pathways.machine.random_numbers import uniform
from pathways.process.model import Trigger
from pathways.process.phases import START
from pathways.teaching.curriculum.schema import Decision, Objective, Wrong
from pathways.teaching.lessons.model import Grade
from pathways.teaching.unrolling.grades import Graded, Grades
from pathways.teaching.unrolling.refusals import DECISIONS, TRIGGERS, teaches, verdicts_against

MOST_OPTIONS, LEAST_OPTIONS, MOST_GOOD = 5, 3, 2
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
    """Whether good and bad are really separated: what is called good stands, and each distractor asked for falls."""
    return agrees(open_, decision) and all(any(falls(one, wrong) for one in offers) for wrong in decision.wrong)


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


def chosen(grades: Grades, node: int, objective: Objective, seed: int) -> tuple[Offer, ...]:
    """Three to five answers at `node` in the order shown; none where there is nothing to decide."""
    tried = [_answers(grades, node, one) for one in decisions_at(grades, node, objective) or (None,)]
    answers = next((one for one in tried if hits(grades, node, objective, one)), tried[0])
    if len(answers) < LEAST_OPTIONS or not any(one.grade in ("poor", "refused") for one in answers):
        return ()
    return tuple(sorted(answers, key=lambda one: uniform(seed, node, f"order/{one.name}")))


def _answers(grades: Grades, node: int, decision: Decision | None) -> list[Offer]:
    """The answers that serve `decision`, as far as five of them can."""
    graph = grades.graph
    open_ = [Offer(TRIGGERS[one.name], one) for one in grades.options(node)]
    taken = {edge.declared.name for edge in graph.edges[node]}
    state = graph.states[node]
    refused_ = [
        Offer(one, None, verdicts_against(one, state, graph.facts))
        for one in DECISIONS
        if one.name not in taken and teaches(one, state, graph.facts)
    ]
    good = sorted((one for one in open_ if one.grade != "poor"), key=lambda one: _good_first(one, decision))
    poor = sorted((one for one in open_ if one.grade == "poor"), key=lambda one: _closest_first(one, decision))
    falling = sorted(refused_, key=lambda one: _telling_first(one, decision))
    # Before the meeting everything is refused for one reason, and all of it is a mistake of its own.
    falling = falling if state.phase == START else _different(falling)
    wanted = _one_for_each([*poor, *falling], decision)
    rest = [one for one in (*poor[:1], *falling[:2], *poor[1:], *falling[2:]) if one not in wanted]
    return [*good[:MOST_GOOD], *wanted, *rest][:MOST_OPTIONS]


def _one_for_each(bad: Sequence[Offer], decision: Decision | None) -> list[Offer]:
    """A distractor for every one that the decision asks for."""
    found: list[Offer] = []
    for wrong in decision.wrong if decision else ():
        fits = [one for one in bad if falls(one, wrong)]
        if fits and not any(one in found for one in fits):
            found.append(fits[0])
    return found


def _asked_for(one: Offer, decision: Decision | None) -> bool:
    return decision is not None and any(falls(one, wrong) for wrong in decision.wrong)


def _good_first(one: Offer, decision: Decision | None) -> tuple[bool, bool, float]:
    meant = decision is not None and one.name in decision.good_steps
    return one.grade != "best", not meant, -float(one.open.worth.resected if one.open else 0)


def _closest_first(one: Offer, decision: Decision | None) -> tuple[bool, bool, float]:
    regret = one.open.regret.chance if one.open else 0.0
    return not _asked_for(one, decision), one.trigger.gives_up, float(regret)


def _telling_first(one: Offer, decision: Decision | None) -> tuple[bool, int, int]:
    places = [TELLING_FIRST.index(rule) for rule in one.rules if rule in TELLING_FIRST]
    return not _asked_for(one, decision), min(places, default=len(TELLING_FIRST)), len(one.verdicts)


def _different(offers: Sequence[Offer]) -> list[Offer]:
    """One refusal a rule: five operations refused for the same reason are one distractor."""
    found: list[Offer] = []
    seen: set[frozenset[str]] = set()
    for one in offers:
        if one.rules not in seen:
            seen.add(one.rules)
            found.append(one)
    return found
