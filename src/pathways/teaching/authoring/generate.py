"""Scenarios generated with a purpose: cases are searched until the objective's decision arises and separates good from bad.

Everything hangs on (objective, seed, number, attempt) by keyed luck, so the same call writes the same bytes. What is proved of
a scenario before it is accepted: the decision lies on the way of the best answers, good and bad are separated there, the best
policy reaches a good end with positive chance, and every passage leads on to an end.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import cast

from pathways.case.models import Case
from pathways.graph.explore import Edge
from pathways.knowledge.protocols import load_protocol
from pathways.process.facts import NEUTRAL, State
from pathways.teaching.auditing.audit import audited
from pathways.teaching.authoring.contrasts import Series, case_of, series_of
from pathways.teaching.authoring.difficulty import level_of, measured
from pathways.teaching.authoring.placing import placed
from pathways.teaching.authoring.proof import faults_of
from pathways.teaching.curriculum.case_spaces import Key
from pathways.teaching.curriculum.objectives import objective_of
from pathways.teaching.curriculum.schema import ObjectiveId
from pathways.teaching.lessons.model import Lesson
from pathways.teaching.narrative.referral import story, title
from pathways.teaching.scenarios.model import DecisionPoint, Difficulty, Option, Scenario
from pathways.teaching.unrolling.answers import chosen, contradicts, decisions_at, hits, wish_matters
from pathways.teaching.unrolling.debrief import decisions_on, way_of_best_answers
from pathways.teaching.unrolling.passages import written
from pathways.teaching.unrolling.walk import Asked, Setting, Taken, Traveller, Unrolled, setting_of

MOST_ATTEMPTS, MOST_LUCK = 160, 40
# Tried in this order until the lesson is small enough: most decisions on a way, most after a poor choice. Where one fact otherwise is
# asked about, the way itself is short: what is learnt on a way is learnt by heart.
BUDGETS_WITH_VARIATIONS = ((2, 1), (2, 0), (3, 1), (3, 0), (1, 0))
BUDGETS = ((3, 1), (3, 0), (2, 0), (1, 0))
ENOUGH_PASSAGES = 56
# A lesson asks so many questions, where luck and variations of the case bring them.
LEAST_DECISIONS, MOST_DECISIONS = 4, 6
NOT_USABLE, LUCKS_PROVED = 99, 4


class NotFound(Exception):  # noqa: N818 - an answer of the search, not a fault
    """No case of the space met what was asked for."""

    def __init__(self, objective: str, difficulty: str | None, attempts: int) -> None:
        wanted = f"{difficulty} " if difficulty else ""
        super().__init__(
            f"{objective}: no {wanted}case in {attempts} attempts; accepted: another --seed or --difficulty"
        )


def generated(objective: str, seed: int, number: int = 1, difficulty: Difficulty | None = None) -> Scenario:
    """The `number`-th scenario of a seed. Raises NotFound."""
    for attempt in range(MOST_ATTEMPTS):
        made = _tried(Key(objective, seed, number, attempt), difficulty)
        if made is not None:
            return made
    raise NotFound(objective, difficulty, MOST_ATTEMPTS)


def _tried(key: Key, difficulty: Difficulty | None) -> Scenario | None:
    objective = objective_of(key.objective)
    case = case_of(key)
    if case is None:
        return None
    setting = setting_of(case, load_protocol(), objective)
    if setting.grades.worth(0).resected <= 0:
        return None
    # Whether good and bad are separated does not hang on luck: asked before luck is tried.
    if not any(fits(setting, node) for node in _decisions(setting)):
        return None
    return with_luck(key, setting, series_of(key, setting), difficulty)


def fits(setting: Setting, node: int) -> bool:
    """Whether a state is the objective's decision, for some order of the answers."""
    if not decisions_at(setting.grades, node, setting.objective):
        return False
    if setting.objective.wish_matters and not wish_matters(setting.grades, node, setting.undeclined.grades):
        return False
    offers = chosen(setting.grades, node, setting.objective, 0)
    return hits(setting.grades, node, setting.objective, offers)


def _luck(key: Key, turn: int) -> int:
    """Depends on everything in the key, so that two lessons of one seed do not share their luck."""
    return int(key.draw(f"luck/{turn}") * 1_000_000)


def _decisions(setting: Setting) -> Iterator[int]:
    for node, leaving in enumerate(setting.graph.edges):
        if leaving and leaving[0].declared.kind == "decision":
            yield node


def with_luck(key: Key, setting: Setting, series: Series | None, difficulty: Difficulty | None) -> Scenario | None:
    """A lesson of the case, under the luck that with the variations brings most decisions, up to six."""
    fixed = {series.node: series.answers} if series else {}
    lucks = sorted((_how_few(key, setting, _luck(key, turn), fixed, series), turn) for turn in range(MOST_LUCK))
    for few, turn in lucks[:LUCKS_PROVED]:
        if few >= NOT_USABLE:
            break
        made = _under(key, setting, _luck(key, turn), series, difficulty)
        if made is not None:
            return made
    return None


def _how_few(key: Key, setting: Setting, luck: int, fixed: Mapping[int, tuple[str, ...]], series: Series | None) -> int:
    """How far the way of the best answers is from many decisions; it is walked without wording anything."""
    one = Unrolled(
        _bare(setting.case, key.objective, luck), setting, luck, ask_everywhere=True, with_intervals=False, explains=False,
        first_step=setting.objective.asks_first_step, fixed=fixed,
    )  # fmt: skip
    asked, end = decisions_on(one)
    if one.graph.states[end].phase not in setting.objective.goals or not any(
        decisions_at(one.grades, node, one.objective) for node in asked
    ):
        return NOT_USABLE
    number = len(asked) + (len(series.variations) if series and series.node in asked else 0)
    return max(0, LEAST_DECISIONS - number)


def _under(
    key: Key, setting: Setting, luck: int, series: Series | None, difficulty: Difficulty | None
) -> Scenario | None:
    bare = _bare(setting.case, key.objective, luck)
    one = Unrolled(
        bare, setting, luck, ask_everywhere=True, with_intervals=False, explains=False, first_step=setting.objective.asks_first_step,
        fixed={series.node: series.answers} if series else {},
    )  # fmt: skip
    best = way_of_best_answers(one)
    about = next((taken.asked for taken in best.taken if _separated(one, taken.asked)), None)
    if about is None:
        return None
    used = () if series is None else series.variations[: max(2, MOST_DECISIONS - 2)]
    points = measured(setting, about.node, about.offers, len(used))
    if difficulty is not None and level_of(points) != difficulty:
        return None
    bare = bare.model_copy(update={"variations": used})
    for most, after in BUDGETS_WITH_VARIATIONS if len(used) > 1 else BUDGETS:
        bounded = bare.model_copy(update={"decisions_at_most": most, "after_a_poor_choice": after})
        made = _listed(replace(one, scenario=bounded))
        if made is None:
            continue
        scenario = placed(made.model_copy(update={"measured": points, "difficulty": level_of(points)}), key)
        unrolled = Unrolled(scenario, setting, luck, with_intervals=False, explains=False)
        if faults_of(unrolled) or any(audited([(scenario.id, written(unrolled))]).beyond()):
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
        protocol="default", seed=luck, reviewed_by=None, reviewed_on=None, learning_objectives=objective.learning, variations=(),
        story=story(case), disclosed=(), decisions_at_most=4, after_a_poor_choice=1, decisions=(),
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
    setting = setting_of(scenario.case, load_protocol(scenario.protocol), objective_of(scenario.objective))
    return written(setting.proved(scenario))
