"""Pairs of lessons: the same answers at the decision of the objective, one fact of the case otherwise, another key.

A change is tried on the case that was drawn. It is used where both patients come to their decision without any luck, where each
one's best answer is wrong for the other, and where enough other answers are wrong for both.
"""

from __future__ import annotations

import copy
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

from pathways.case.loading import load_case
from pathways.case.models import Case
from pathways.documents.problems import DocumentError
from pathways.teaching.curriculum.case_spaces import Key, drawn
from pathways.teaching.curriculum.objectives import objective_for, objective_of, syllabus
from pathways.teaching.curriculum.schema import Contrast
from pathways.teaching.unrolling.act_words import answer_words
from pathways.teaching.unrolling.answers import (
    MOST_OPTIONS,
    Offer,
    agrees,
    chosen,
    decisions_at,
    falls,
    hits,
    offer,
    pool,
    reads_alike,
)
from pathways.teaching.unrolling.walk import Setting


@dataclass(frozen=True)
class Contrasted:
    """Two settings that differ in one fact, the decision in each, and the answers that both offer."""

    setting: Setting
    node: int
    best: str
    changed: Setting
    changed_node: int
    changed_best: str
    answers: tuple[str, ...]
    becomes: str
    was: str
    number: int


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


def contrasts_of(key: Key, setting: Setting) -> Iterator[Contrasted]:
    """Every pair that the case can be one of, in an order by luck."""
    several = setting.objective.contrasts
    if not several:
        return
    start = int(key.draw("contrast") * len(several))
    node = first_decision(setting)
    if node is None:
        return
    for turn in range(len(several)):
        number = (start + turn) % len(several)
        found = _contrasted(key, setting, node, several[number], number)
        if found is not None:
            yield found


def first_decision(setting: Setting) -> int | None:
    """The decision of the objective that is come to without any luck, on the advice of the machine."""
    node, graph = 0, setting.graph
    while graph.edges[node] and graph.edges[node][0].declared.kind == "decision":
        if decisions_at(setting.grades, node, setting.objective):
            return node
        node = setting.grades.advised(node).edge.target
    return None


def _contrasted(key: Key, setting: Setting, node: int, contrast: Contrast, number: int) -> Contrasted | None:
    changed_case, old, new = _changed(key, contrast)
    if changed_case is None:
        return None
    changed = replace(setting, case=changed_case, objective=objective_for(key.objective, number))
    if changed.grades.worth(0).resected <= 0:
        return None
    there = first_decision(changed)
    if there is None or not agrees(changed.grades.options(there), contrast.decision):
        return None
    answers = _answers(key, setting, node, changed, there)
    if not answers:
        return None
    return Contrasted(
        setting, node, setting.grades.advised(node).name, changed, there, changed.grades.advised(there).name, answers,
        contrast.becomes.format(new=new, old=old), contrast.was.format(new=new, old=old), number,
    )  # fmt: skip


def _answers(key: Key, setting: Setting, node: int, changed: Setting, there: int) -> tuple[str, ...]:
    """Answers that stand in both: each best one, wrong for the other, and what is wrong for both."""
    here = chosen(setting.grades, node, setting.objective, key.seed)
    best, other = setting.grades.advised(node).name, changed.grades.advised(there).name
    if not hits(setting.grades, node, setting.objective, here) or best == other or not _wrong(setting, node, other) or not _wrong(changed, there, best):
        return ()
    candidates = [one.name for one in here if one.grade in ("poor", "refused")]
    candidates += [one.name for one in (*pool(setting.grades, node).bad, *pool(changed.grades, there).bad)]
    required = [
        [one for one in candidates if falls(offer(each.grades, at, one), decision.wrong[0])]
        for each, at in ((setting, node), (changed, there))
        for decision in decisions_at(each.grades, at, each.objective)[:1]
    ]
    found, said = [best, other], [_words(setting, node, best), _words(setting, node, other)]
    if reads_alike(*said):
        return ()
    for name in (*(names[0] for names in required if names), *candidates):
        words = _words(setting, node, name)
        if len(found) >= MOST_OPTIONS or name in found or any(reads_alike(words, one) for one in said[:2]):
            continue
        if words in said or not (_wrong(setting, node, name) and _wrong(changed, there, name)):
            continue
        found.append(name)
        said.append(words)
    return tuple(found) if len(found) >= MOST_OPTIONS - 1 else ()


def _wrong(setting: Setting, node: int, name: str) -> bool:
    """Whether the step can be offered there, and earns nothing."""
    one: Offer = offer(setting.grades, node, name)
    return one.grade == "poor" if one.open else bool(one.verdicts)


def _words(setting: Setting, node: int, name: str) -> str:
    graph = setting.graph
    return answer_words(graph, offer(setting.grades, node, name).trigger, graph.states[node])


def _changed(key: Key, contrast: Contrast) -> tuple[Case | None, Any, Any]:
    """The case with the change, and the first value before and after; None where the change cannot be made."""
    raw = copy.deepcopy(raw_case(key))
    values: list[tuple[Any, Any]] = []
    for path, new in contrast.change.items():
        place: Any = raw
        *parts, last = [int(part) if part.isdigit() else part for part in path.split(".")]
        try:
            for part in parts:
                place = place[part]
            old = place[last] if isinstance(last, int) or last in place else None
        except (KeyError, IndexError, TypeError):
            return None, None, None
        values.append((old, new))
        if new is None:
            del place[last]
        else:
            place[last] = new
    if all(old == new for old, new in values):
        return None, None, None
    try:
        return load_case(raw), *values[0]
    except DocumentError:
        return None, None, None
