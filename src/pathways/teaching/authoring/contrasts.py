"""Series of questions on one patient: the same answers, one fact of the case otherwise each time, another key.

The facts that turn the decision of the objective round are tried first, then those that any case may be varied by. A variation is
used where the machine holds the answer for the best that the syllabus calls right, and where that answer earns nothing elsewhere in
the series: so each answer is right once at most, and none by its heading.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import Any

from pathways.case.loading import load_case
from pathways.case.models import Case
from pathways.documents.problems import DocumentError, PathwaysError
from pathways.machine.random_numbers import uniform
from pathways.quick_dataclass import dataclass
from pathways.teaching.curriculum.case_spaces import Key, drawn
from pathways.teaching.curriculum.objectives import objective_of, syllabus
from pathways.teaching.curriculum.schema import Contrast
from pathways.teaching.scenarios.model import Option, Variation
from pathways.teaching.unrolling.act_words import answer_words
from pathways.teaching.unrolling.answers import (
    FILLER,
    LEAST_OPTIONS,
    MOST_OPTIONS,
    decisions_at,
    falls,
    has_its_object,
    offer,
    pool,
    reads_alike,
)
from pathways.teaching.unrolling.changing import changed_document
from pathways.teaching.unrolling.variations import first_team_decision
from pathways.teaching.unrolling.walk import Setting, setting_of

LEAST_VARIATIONS, MOST_VARIATIONS = 3, 4


@dataclass(frozen=True)
class At:
    """A decision of a case: the setting, the state, and the answer held for the best."""

    setting: Setting
    node: int

    @property
    def best(self) -> str:
        """The step that is advised."""
        return self.setting.grades.advised(self.node).name

    def wrong(self, name: str) -> bool:
        """Whether the step can be offered there, and earns nothing."""
        one = offer(self.setting.grades, self.node, name)
        return one.grade == "poor" if one.open else bool(one.verdicts) and has_its_object(one)

    def words(self, name: str) -> str:
        """The step as an answer there."""
        graph = self.setting.graph
        return answer_words(graph, offer(self.setting.grades, self.node, name).trigger, graph.states[self.node])


@dataclass(frozen=True)
class Series:
    """The decision of the case as it is, the variations, and the answers that all of them offer."""

    node: int
    answers: tuple[str, ...]
    variations: tuple[Variation, ...]


def raw_case(key: Key) -> dict[str, Any]:
    """A case of the space of the objective as plain values."""
    space = objective_of(key.objective).space
    return {"schema": 1, "id": f"{key.objective}-{key.seed}-{key.number}", **drawn(space, syllabus().commons, key)}


def case_of(key: Key) -> Case | None:
    """A case of the space; None where chance has put together what cannot be true of one patient."""
    try:
        return load_case(raw_case(key))
    except DocumentError:
        return None


def series_of(key: Key, setting: Setting) -> Series | None:
    """A series on the case, as long as it can be; None where no variation turns its decision round."""
    node = first_team_decision(setting.grades, setting.objective)
    if node is None:
        return None
    most = LEAST_VARIATIONS + int(key.draw("variations") * (MOST_VARIATIONS - LEAST_VARIATIONS + 1))
    places, told = [At(setting, node)], list[tuple[Contrast, str]]()
    for contrast in _in_order(key, setting):
        if len(told) >= most:
            break
        # A best answer has to be wrong everywhere else: where none of those that are called right is, the change is not tried.
        bests = {one.best for one in places}
        if not any(all(at.wrong(name) for at in places) for name in contrast.good_steps - bests):
            continue
        found = _varied(setting, contrast)
        if found is None:
            continue
        there, fact = found
        if _apart([*places, there]):
            places.append(there)
            told.append((contrast, fact))
    if not told:
        return None
    answers = _answers(key, places)
    # The distractor that the decision is about has to have its place among the answers: rather that than one variation more.
    while len(answers) <= LEAST_OPTIONS and len(told) > 1:
        places, told = places[:-1], told[:-1]
        answers = _answers(key, places)
    if len(answers) <= LEAST_OPTIONS:
        return None
    variations = tuple(
        Variation(fact=fact, change=contrast.change, options=_options(at, answers, key, number))
        for number, ((contrast, fact), at) in enumerate(zip(told, places[1:], strict=True))
    )
    return Series(node, answers, variations)


def _in_order(key: Key, setting: Setting) -> Iterator[Contrast]:
    """The facts of the objective, then those of any case; by luck, so that no answer is right more often for having several facts."""
    for name, group in (("own", setting.objective.contrasts), ("any", syllabus().variations)):
        alike = Counter(one.good for one in group)
        drawn_ = [(-(key.draw(f"{name}/{index}") ** alike[one.good]), index) for index, one in enumerate(group)]
        yield from (group[index] for _, index in sorted(drawn_))


def _varied(setting: Setting, contrast: Contrast) -> tuple[At, str] | None:
    """The decision under the change, if the machine holds there with what is called right, and the fact in words."""
    raw = setting.case.model_dump(mode="json", by_alias=True, exclude_none=True)
    try:
        made, old, new = changed_document(raw, contrast.change)
        case = load_case(made)
    except (PathwaysError, DocumentError):
        return None
    if old == new or case == setting.case:
        return None
    changed = setting_of(case, setting.protocol, setting.objective.varied)
    node = first_team_decision(changed.grades, setting.objective)
    if node is None or changed.grades.advised(node).name not in contrast.good_steps:
        return None
    try:
        return At(changed, node), contrast.becomes.format(new=new, old=old)
    except (ValueError, TypeError):
        return None


def _apart(places: list[At]) -> bool:
    """Whether each best answer is wrong at every other place, and all of them read differently."""
    bests = [one.best for one in places]
    if len(set(bests)) < len(bests):
        return False
    if any(not at.wrong(name) for at in places for name in bests if name != at.best):
        return False
    words = [places[0].words(name) for name in bests]
    return not any(reads_alike(one, other) for index, one in enumerate(words) for other in words[index + 1 :])


def _answers(key: Key, places: list[At]) -> tuple[str, ...]:
    """Every best answer, the distractor that the decision is about, and what is wrong everywhere, by weight."""
    base = places[0]
    setting, node = base.setting, base.node
    found = [one.best for one in places]
    required = [
        one.name
        for decision in decisions_at(setting.grades, node, setting.objective)
        for one in pool(setting.grades, node).bad
        if falls(one, decision.wrong[0])
    ]
    others = sorted(
        (one.name for one in pool(setting.grades, node).bad),
        key=lambda name: -(uniform(key.seed, node, name) ** (1 / max(syllabus().offered.get(name, 0.02), 0.02))),
    )
    fits = [name for name in required if name in found][:1] or [
        name for name in required if all(at.wrong(name) for at in places)
    ][:1]
    said = [base.words(name) for name in found]
    for name in (*fits, *others):
        words = base.words(name)
        filler = name not in fits and len(found) >= MOST_OPTIONS - 1 and syllabus().offered.get(name, 0.0) < FILLER
        if filler or len(found) >= MOST_OPTIONS or name in found or any(reads_alike(words, one) for one in said):
            continue
        if all(at.wrong(name) for at in places):
            found.append(name)
            said.append(words)
    if required and decisions_at(setting.grades, node, setting.objective) and not set(required) & set(found):
        return ()
    return tuple(found)


def _options(at: At, answers: tuple[str, ...], key: Key, number: int) -> tuple[Option, ...]:
    """The answers in the order shown there, with what they are held for. Luck of this lesson alone: an order that lessons share is learnt."""
    order = sorted(answers, key=lambda name: key.draw(f"order/{number}/{name}"))
    return tuple(Option(trigger=name, expected=offer(at.setting.grades, at.node, name).grade) for name in order)
