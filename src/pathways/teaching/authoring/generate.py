"""Scenarios generated with a purpose: cases are searched until the objective's decision arises and separates good from bad.

Everything hangs on (objective, seed, number, attempt) by keyed luck, so the same call writes the same bytes. What is proved of
a scenario before it is accepted: the decision lies on the way of the best answers, good and bad are separated there, the best
policy reaches a good end with positive chance, and every passage leads on to an end.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import cast

from pathways.case.models import Case
from pathways.graph.explore import Edge
from pathways.knowledge.protocols import load_protocol
from pathways.process.facts import NEUTRAL, State
from pathways.teaching.authoring.contrasts import Contrasted, case_of, contrasts_of
from pathways.teaching.authoring.difficulty import level_of, measured
from pathways.teaching.authoring.proof import faults_of
from pathways.teaching.curriculum.case_spaces import Key
from pathways.teaching.curriculum.objectives import objective_for, objective_of
from pathways.teaching.curriculum.schema import ObjectiveId
from pathways.teaching.lessons.model import Lesson
from pathways.teaching.narrative.referral import story, title
from pathways.teaching.scenarios.model import DecisionPoint, Difficulty, Option, Pair, Scenario
from pathways.teaching.unrolling.answers import chosen, contradicts, decisions_at, hits, wish_matters
from pathways.teaching.unrolling.debrief import decisions_on, way_of_best_answers
from pathways.teaching.unrolling.passages import written
from pathways.teaching.unrolling.walk import Asked, Setting, Taken, Traveller, Unrolled

MOST_ATTEMPTS, MOST_LUCK = 160, 40
# Tried in this order until the lesson is small enough: most decisions on a way, most after a poor choice.
BUDGETS = ((6, 1), (6, 0), (5, 0), (4, 0), (3, 0), (2, 0), (1, 0))
ENOUGH_PASSAGES = 56
# A luck is kept that brings so many decisions; of others the one with most.
MANY_DECISIONS = (4, 5, 6)
NOT_USABLE, LUCKS_PROVED = 99, 4
# So many cases of an objective of pairs are tried for a pair.
PAIRS_ASKED_FOR = 12
@dataclass(frozen=True, slots=True)
class NotFound(Exception):  # noqa: N818 - an answer of the search, not a fault
    """No case of the space met what was asked for."""

    objective: str
    difficulty: str | None
    attempts: int

    def __str__(self) -> str:
        wanted = f"{self.difficulty} " if self.difficulty else ""
        return (
            f"{self.objective}: no {wanted}case in {self.attempts} attempts; accepted: another --seed or --difficulty"
        )


def generated(objective: str, seed: int, number: int = 1, difficulty: Difficulty | None = None) -> Scenario:
    """The `number`-th scenario of a seed. Raises NotFound."""
    return pair_of(objective, seed, number, difficulty)[0]


def pair_of(
    objective: str, seed: int, number: int = 1, difficulty: Difficulty | None = None
) -> tuple[Scenario, Scenario | None]:
    """The `number`-th scenario of a seed, and the one that differs in one fact, if the objective has such. Raises NotFound."""
    for attempt in range(MOST_ATTEMPTS):
        made = _tried(Key(objective, seed, number, attempt), difficulty)
        if made is not None:
            return made
    raise NotFound(objective, difficulty, MOST_ATTEMPTS)


def _tried(key: Key, difficulty: Difficulty | None) -> tuple[Scenario, Scenario | None] | None:
    objective = objective_of(key.objective)
    case = case_of(key)
    if case is None:
        return None
    setting = Setting(case, load_protocol(), objective)
    if setting.grades.worth(0).resected <= 0:
        return None
    # Whether good and bad are separated, and how hard it is, does not hang on luck: asked before luck is tried.
    if not any(_fits(setting, node, difficulty) for node in _decisions(setting)):
        return None
    for contrasted in contrasts_of(key, setting):
        made = _with_its_pair(key, contrasted, difficulty)
        if made is not None:
            return made
    # An objective of pairs is taught by pairs as long as the search lasts; then by a lesson alone.
    if objective.contrasts and key.attempt < PAIRS_ASKED_FOR:
        return None
    alone = _with_luck(key, setting, {}, difficulty)
    return (alone, None) if alone is not None else None


def _with_its_pair(key: Key, pair: Contrasted, difficulty: Difficulty | None) -> tuple[Scenario, Scenario] | None:
    """Both lessons of a pair, each told of the other."""
    first = _with_luck(key, pair.setting, {pair.node: pair.answers}, difficulty)
    if first is None:
        return None
    other_key = replace(key, attempt=key.attempt + MOST_ATTEMPTS)
    second = _with_luck(other_key, pair.changed, {pair.changed_node: pair.answers}, None)
    if second is None:
        return None
    points = [_point_of(one, pair.answers) for one in (first, second)]
    if None in points:
        return None
    name = f"{first.id}-b"
    one = Pair(of=name, decision=str(points[0]), fact=pair.becomes, best=pair.changed_best)
    other = Pair(of=first.id, decision=str(points[1]), fact=pair.was, best=pair.best, contrast=pair.number)
    first = first.model_copy(update={"pair": one})
    second = second.model_copy(
        update={"id": name, "case": second.case.model_copy(update={"id": name}), "pair": other}
    )
    return first, second


def _point_of(scenario: Scenario, answers: tuple[str, ...]) -> str | None:
    """The decision point with exactly these answers."""
    wanted = set(answers)
    return next((one.id for one in scenario.decisions if {each.trigger for each in one.options} == wanted), None)


def _fits(setting: Setting, node: int, difficulty: Difficulty | None) -> bool:
    """Whether some state is the objective's decision at the difficulty asked for (for some order of the answers)."""
    if not decisions_at(setting.grades, node, setting.objective):
        return False
    if setting.objective.wish_matters and not wish_matters(setting.grades, node, setting.undeclined.grades):
        return False
    offers = chosen(setting.grades, node, setting.objective, 0)
    if not hits(setting.grades, node, setting.objective, offers):
        return False
    return difficulty is None or level_of(measured(setting, node, offers)) == difficulty


def _luck(key: Key, turn: int) -> int:
    """Depends on everything in the key, so that two lessons of one seed do not share their luck."""
    return int(key.draw(f"luck/{turn}") * 1_000_000)


def _decisions(setting: Setting) -> Iterator[int]:
    for node, leaving in enumerate(setting.graph.edges):
        if leaving and leaving[0].declared.kind == "decision":
            yield node


def _with_luck(
    key: Key, setting: Setting, fixed: Mapping[int, tuple[str, ...]], difficulty: Difficulty | None
) -> Scenario | None:
    """A lesson of the case, under the first luck that brings many decisions, or under the one that brings most."""
    lucks = sorted(
        (_how_few(key, setting, _luck(key, turn), fixed), turn) for turn in range(MOST_LUCK)
    )
    for few, turn in lucks[:LUCKS_PROVED]:
        if few is None or few >= NOT_USABLE:
            break
        made = _under(key, setting, _luck(key, turn), fixed, difficulty)
        if made is not None:
            return made
    return None


def _how_few(key: Key, setting: Setting, luck: int, fixed: Mapping[int, tuple[str, ...]]) -> int:
    """How far the way of the best answers is from many decisions; it is walked without wording anything."""
    one = Unrolled(
        _bare(setting.case, key.objective, luck), setting, luck, ask_everywhere=True, with_intervals=False,
        first_step=setting.objective.asks_first_step, fixed=fixed,
    )  # fmt: skip
    asked, end = decisions_on(one)
    if one.graph.states[end].phase not in setting.objective.goals or not any(
        decisions_at(one.grades, node, one.objective) for node in asked
    ):
        return NOT_USABLE
    if fixed and not set(fixed) & set(asked):
        return NOT_USABLE
    return 0 if len(asked) in MANY_DECISIONS else max(1, MANY_DECISIONS[0] - len(asked))


def _under(
    key: Key, setting: Setting, luck: int, fixed: Mapping[int, tuple[str, ...]], difficulty: Difficulty | None
) -> Scenario | None:
    bare = _bare(setting.case, key.objective, luck)
    one = Unrolled(
        bare, setting, luck, ask_everywhere=True, with_intervals=False,
        first_step=setting.objective.asks_first_step, fixed=fixed,
    )  # fmt: skip
    best = way_of_best_answers(one)
    about = next((taken.asked for taken in best.taken if _separated(one, taken.asked)), None)
    if about is None:
        return None
    points = measured(setting, about.node, about.offers)
    if difficulty is not None and level_of(points) != difficulty:
        return None
    for most, after in BUDGETS:
        bounded = bare.model_copy(update={"decisions_at_most": most, "after_a_poor_choice": after})
        made = _listed(replace(one, scenario=bounded))
        if made is None:
            continue
        scenario = made.model_copy(update={"measured": points, "difficulty": level_of(points)})
        unrolled = Unrolled(scenario, setting, luck, with_intervals=False)
        if faults_of(unrolled):
            continue
        return scenario
    return None


def _separated(one: Unrolled, asked: Asked) -> bool:
    setting = one.setting
    if setting.objective.wish_matters and not wish_matters(one.grades, asked.node, setting.undeclined.grades):
        return False
    return hits(one.grades, asked.node, one.objective, asked.offers)


def _bare(case: Case, name: str, luck: int) -> Scenario:
    objective = objective_of(name)
    return Scenario.model_construct(
        version=1, id=case.id, title=title(case), objective=cast("ObjectiveId", name), level=objective.level, difficulty="easy", measured=None,
        protocol="default", seed=luck, reviewed_by=None, reviewed_on=None, learning_objectives=objective.learning, pair=None,
        story=story(case), disclosed=(), decisions_at_most=6, after_a_poor_choice=1, decisions=(),
        case=case,
    )  # fmt: skip


def _listed(one: Unrolled) -> Scenario | None:
    """The scenario with every question of its ways written out; None where the lesson would be too large."""
    asked, met, passages = dict[int, Asked](), dict[State, None](), 3
    waiting = [one.onward(Traveller())]
    while waiting:
        way, question = waiting.pop(0)
        passages += 1
        met.update(dict.fromkeys(one.graph.states[edge.source] for edge in way.route if _decided(edge)))
        if passages > ENOUGH_PASSAGES:
            return None
        if question is None:
            continue
        if contradicts(one.grades, question.node, one.objective):
            return None
        asked.setdefault(question.node, question)
        waiting += [one.onward(one.taking(way, Taken(question, offer))) for offer in question.offers if offer.open]
    points = [_point(one, question, met, number) for number, question in enumerate(asked.values(), start=1)]
    return one.scenario.model_copy(update={"decisions": tuple(points)})


def _decided(edge: Edge) -> bool:
    return edge.declared.kind == "decision"


def _point(one: Unrolled, question: Asked, met: dict[State, None], number: int) -> DecisionPoint:
    """A decision point that means its own state and no other one met in the lesson."""
    state = one.graph.states[question.node]
    when: dict[str, str | int] = {"phase": state.phase}
    for fact, neutral in NEUTRAL.items():
        if getattr(state, fact) != neutral:
            when[fact] = getattr(state, fact)
    for other in met:
        if other != state and all(getattr(other, fact) == value for fact, value in when.items()):
            fact = next(fact for fact in NEUTRAL if getattr(other, fact) != getattr(state, fact))
            when[fact] = getattr(state, fact)
    options = tuple(Option(trigger=each.name, expected=each.grade) for each in question.offers)
    return DecisionPoint(id=f"d{number}", when=when, question=question.question, options=options)


def lesson_without_intervals(scenario: Scenario) -> Lesson:
    """The lesson as it is proved: every word of it but the intervals of the figures."""
    objective = objective_for(scenario.objective, scenario.pair.contrast if scenario.pair else None)
    setting = Setting(scenario.case, load_protocol(scenario.protocol), objective)
    return written(Unrolled(scenario, setting, scenario.seed, with_intervals=False))
