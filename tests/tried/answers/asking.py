"""What is asked of an input that was tried: a record of it with its right answer, and the plan of a case in few words."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import pathways as pw
from pathways.documents.problems import DocumentError

HERE = Path(__file__).parent.parent
Mark = str
FACTS, RISK, ORDER, PROGNOSIS, LOGS, GUESSES, CASES = MARKS = (
    "facts", "risk", "burden and order", "prognosis", "logs", "first guesses", "cases",
)  # fmt: skip


@dataclass(frozen=True)
class Tried:
    """An input (or a pair that differs in one fact) with the answer that is right, whether we give it, and what we say."""

    id: str
    files: tuple[str, ...]
    mark: Mark
    right: str
    holds: Callable[[], bool]
    answer: Callable[[], str]


@cache
def protocol(name: str = "default") -> Any:
    return pw.load_protocol(name)


@cache
def case_of(file: str) -> Any:
    return pw.load_case(HERE / file)


@cache
def planned(file: str, under: str = "default") -> Any:
    """Every pathway of a file."""
    return pw.plan(case_of(file), protocol(under), top=0)


@cache
def assessed(file: str, under: str = "default") -> Any:
    return pw.assess(case_of(file), protocol(under))


def changed(file: str, **parts: Any) -> Any:
    """The plan of the case of a file with keys of its parts changed: `patient={"age_years": 60}`."""
    case = case_of(file)
    update = {
        name: getattr(case, name).model_copy(update=value) if isinstance(value, dict) else value
        for name, value in parts.items()
    }
    return pw.plan(case.model_copy(update=update), protocol(), top=0)


def complaints(file: str) -> tuple[Any, ...]:
    """What a file is refused for; nothing where it is read."""
    try:
        case_of(file)
    except DocumentError as error:
        return tuple(error.problems)
    return ()


def state(file: str) -> str:
    return planned(file).assessment.resectability


def opened(file: str, family: str, under: str = "default") -> bool:
    return family in planned(file, under).open


def kind(file: str, family: str) -> str:
    """How a family is closed; "open" where it is not."""
    return next((one.kind for one in planned(file).closed if one.family == family), "open")


def verdicts(file: str, family: str) -> list[Any]:
    return [verdict for one in planned(file).closed if one.family == family for verdict in one.verdicts]


def refused(file: str) -> set[str]:
    """Rules that refuse something in the assessment."""
    return {one.rule for one in planned(file).assessment.findings if one.verdict == "refused"}


def decisions(made: Any) -> Iterator[list[Any]]:
    """The decisions of each pathway, in order."""
    return ([step for step in one.steps if step.kind == "decision"] for one in made.pathways)


def triggers(made: Any) -> list[list[str]]:
    return [[step.trigger for step in steps] for steps in decisions(made)]


def first_of_treated(made: Any) -> set[str]:
    """The first decision of every pathway but those that leave an emergency alone."""
    return {steps[0] for steps in triggers(made)} - {"leave_the_emergency"}


def first(file: str) -> Any:
    """The pathway that leads."""
    return planned(file).pathways[0]


def first_day(file: str, *acts: str) -> int:
    """The planned day of the first of these acts on any pathway."""
    return min(step.day for steps in decisions(planned(file)) for step in steps if step.acts & set(acts))


def said(made: Any) -> str:
    """Everything that is told beside the numbers: findings, notes, warnings, what is not modelled."""
    found = [one.reason for one in made.assessment.findings]
    notes = [note for one in made.pathways for note in (*one.warnings, *(step.note for step in one.steps))]
    return " ".join([*found, *made.assessment.not_modelled, *notes])


def deaths(one: Any) -> float:
    """Deaths of a pathway; the chance of it where none is told."""
    return 0.0 if one.prospect.mortality is None else float(one.prospect.mortality.value)


def worst_act(one: Any) -> float:
    """The greatest chance of death of one act of a pathway, given that it is done."""
    return max((float(step.risk.death.value) for step in one.steps if step.risk), default=0.0)


def told(file: str) -> str:
    """The answer of a case in one line: where it stands today, and the pathway that leads; or what it is refused for."""
    if problems := complaints(file):
        return f"refused: {problems[0].key}"
    one = first(file)
    dead = "" if one.prospect.mortality is None else f", deaths {one.prospect.mortality.value:.1%}"
    return f"{state(file).replace('_', ' ')}; {one.title}{dead}"


def row(
    files: str | tuple[str, ...],
    mark: Mark,
    right: str,
    holds: Callable[[], bool],
    answer: Callable[[], str] | None = None,
) -> Tried:
    """A row about one file or several; it is called by the first of them and what is asked."""
    every = (files,) if isinstance(files, str) else files
    return Tried(f"{Path(every[0]).stem}: {right}", every, mark, right, holds, answer or (lambda: told(every[0])))
