"""From the YAML of the objectives to the plain values that are loaded, checked against process, rules and sources."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any, get_args

from pydantic import BaseModel, ConfigDict, RootModel

from pathways.documents.problems import DocumentError, PathwaysError, Problem, nearest
from pathways.documents.reader import Document, read_file
from pathways.documents.validate import to_model
from pathways.knowledge.protocols import knowledge
from pathways.process.declaration import PROCESS
from pathways.process.rules import RULES
from pathways.process.selection import selected
from pathways.teaching.curriculum.schema import (
    OBJECTIVES,
    Constants,
    Contrast,
    Objective,
    ObjectiveId,
    Reasons,
    Syllabus,
)

DATA = Path(__file__).parent / "data"


class _Objectives(RootModel[dict[ObjectiveId, Objective]]):
    pass


class _Variations(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)

    variations: tuple[Contrast, ...]


def compiled(data: Path = DATA) -> dict[str, Any]:
    """Objectives, common parts of their cases, scoring and difficulty, validated, as plain JSON values."""
    commons: dict[str, Any] = dict(read_file(data / "commons.yaml").value)
    constants = to_model(read_file(data / "scoring.yaml"), Constants)
    reasons = _reasons(read_file(data / "reasons.yaml"))
    variations = _variations(read_file(data / "variations.yaml"))
    objectives: dict[ObjectiveId, Objective] = {}
    for file in sorted((data / "objectives").glob("*.yaml")):
        document = read_file(file)
        found = to_model(document, _Objectives).root
        problems = [problem for name, one in found.items() for problem in _unknown(document, name, one)]
        problems += [document.problem((name,), "stands in another file too") for name in found if name in objectives]
        if problems:
            raise DocumentError(problems)
        objectives.update(found)
    missing = [name for name in OBJECTIVES if name not in objectives]
    if missing:
        raise PathwaysError(f"{data / 'objectives'}: no file describes the objectives {', '.join(missing)}")
    ordered: dict[ObjectiveId, Objective] = {name: objectives[name] for name in get_args(ObjectiveId)}
    made = Syllabus(
        objectives=ordered, commons=commons, scoring=constants.scoring, difficulty=constants.difficulty,
        audit=constants.audit, reasons=reasons, variations=variations, offered=constants.offered,
    )  # fmt: skip
    return made.model_dump(mode="json", exclude_defaults=True)


def _variations(document: Document) -> tuple[Contrast, ...]:
    """Facts that any case may be varied by; every step that is called right exists."""
    found = to_model(document, _Variations).variations
    problems = []
    for selector in (word for one in found for word in one.good):
        try:
            selected(selector)
        except PathwaysError as problem:
            problems.append(document.problem(_place(document, (), selector), str(problem)))
    if problems:
        raise DocumentError(problems)
    return found


def _reasons(document: Document) -> Reasons:
    """The reasons, every step, rule and fact of which exists; every decision that is ever offered has one."""
    reasons = to_model(document, Reasons)
    problems = []
    for selector in (*(word for one in reasons.acts for word in one.of), *reasons.held_back):
        try:
            selected(selector)
        except PathwaysError as problem:
            problems.append(document.problem(_place(document, (), selector), str(problem)))
    facts = {fact.name for fact in PROCESS.case_facts}
    for name, words, known in (
        ("rules", set(reasons.rules), set(RULES)),
        ("acts", {one.finding for one in reasons.acts if one.finding}, facts),
        ("acts", {source for one in reasons.acts for source in one.sources}, set(knowledge().sources)),
        ("rules", {source for one in reasons.rules.values() for source in one.sources}, set(knowledge().sources)),
    ):
        problems += [
            document.problem(_place(document, (name,), word), f'unknown name "{word}"{nearest(word, known)}')
            for word in sorted(words - known)
        ]
    if problems:
        raise DocumentError(problems)
    return reasons


def _unknown(document: Document, name: str, one: Objective) -> Iterator[Problem]:
    """Every step, rule, end, source and figure that an objective names and that does not exist."""
    decisions = one.decisions
    selectors = [*one.not_scored, *(word for at in decisions for word in (*at.good, *at.preferred))]
    selectors += [word for at in decisions for wrong in at.wrong for word in wrong.triggers]
    selectors += [word for each in one.contrasts for word in each.good]
    for selector in dict.fromkeys(selectors):
        try:
            selected(selector)
        except PathwaysError as problem:
            yield document.problem(_place(document, (name,), selector), str(problem))
    rules = {rule for at in decisions for wrong in at.wrong for rule in wrong.rules}
    figures = {goal.less for goal in one.goals.values() if goal.less}
    for key, words, known in (
        ("decisions", rules, set(RULES)), ("goals", set(one.goals), set(PROCESS.ends)),
        ("sources", set(one.sources), set(knowledge().sources)), ("goals", figures, set(knowledge().parameters)),
    ):  # fmt: skip
        for word in sorted(words - known):
            yield document.problem(_place(document, (name, key), word), f'unknown name "{word}"{nearest(word, known)}')


def _place(document: Document, within: tuple[str, ...], word: str) -> tuple[str | int, ...]:
    """Where `word` stands under `within`; `within` where it stands nowhere, as a default does."""
    for path in document.value_places:
        if path[: len(within)] == within and (path[-1] == word or _value(document, path) == word):
            return path
    return within


def _value(document: Document, path: tuple[str | int, ...]) -> Any:
    value = document.value
    for part in path:
        value = value[part]
    return value
