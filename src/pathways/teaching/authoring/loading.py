"""Files to scenarios. Raises DocumentError with file, line and column; what the machine says is checked by `checking`."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path as FilePath
from typing import get_args

from pathways.case import contradictions
from pathways.documents.problems import DocumentError, nearest, shown
from pathways.documents.reader import Document, Path, read_file, read_text
from pathways.process.declaration import PROCESS
from pathways.process.facts import LIVE_FACTS
from pathways.teaching.authoring.wording_checks import disagreements
from pathways.teaching.scenarios.model import DecisionPoint, Part, Scenario
from pathways.ward.understanding import read_as

Finding = tuple[Path, str]
DOMAINS: dict[str, tuple[str | int, ...]] = {
    "phase": tuple(phase for phase in PROCESS.phases if phase in PROCESS.decision_phases),
    **{fact.name: fact.domain for fact in LIVE_FACTS},
}
DECISIONS = {trigger.name: trigger for trigger in PROCESS.triggers if trigger.kind == "decision"}


def load_scenario(path: str | FilePath) -> Scenario:
    """The scenario in the YAML file at `path`, held against the machine."""
    return scenario_from(read_file(path))


def parse_scenario(text: str, name: str = "<text>") -> Scenario:
    """The scenario written in `text`; `name` stands in complaints where a file name would."""
    return scenario_from(read_text(text, name))


def scenario_from(document: Document) -> Scenario:
    """The scenario in an already read document."""
    if isinstance(document.value, dict) and "lesions" in document.value and "decisions" not in document.value:
        message = (
            "this is a case; accepted: a teaching scenario, with objective, decisions, and the case under the key case"
        )
        raise DocumentError([document.problem(("lesions",), message, at_key=True)])
    scenario, document, notes = read_as(document, Scenario)
    _raise(document, [(("case", *path), words) for path, words in contradictions.of_case(scenario.case)])
    _raise(document, list(_of_scenario(scenario)))
    _raise(document, list(disagreements(scenario)))
    # What the machine says of it asks for the whole graph: only a scenario that is right so far is worth that.
    from pathways.teaching.authoring.checks import contradictions_of

    _raise(document, list(contradictions_of(scenario, document.file)))
    return scenario.with_notes(notes)


def _raise(document: Document, found: list[Finding]) -> None:
    problems = [document.problem(path, words) for path, words in found]
    if problems:
        raise DocumentError(sorted(problems, key=lambda one: (one.line, one.column)))


def _of_scenario(scenario: Scenario) -> Iterator[Finding]:
    """What a scenario says that no machine is needed to see through."""
    if (scenario.reviewed_by is None) != (scenario.reviewed_on is None):
        there, missing = (
            ("reviewed_on", "reviewed_by") if scenario.reviewed_by is None else ("reviewed_by", "reviewed_on")
        )
        yield (there,), f'stands without "{missing}"; accepted: both of them, or neither'
    yield from _disclosure(scenario)
    ids: dict[str, int] = {}
    for index, one in enumerate(scenario.decisions):
        path: Path = ("decisions", index)
        if one.id in ids:
            yield (*path, "id"), f"got {shown(one.id)}; accepted: a name of its own (decisions[{ids[one.id]}] has it)"
        ids.setdefault(one.id, index)
        yield from _when(path, one)
        yield from _options(path, one)


def _disclosure(scenario: Scenario) -> Iterator[Finding]:
    """Nothing is told twice, and nothing of the case is kept back for good."""
    if not scenario.disclosed:
        return
    told: dict[str, str] = {}
    for index, one in enumerate(scenario.disclosed):
        for place, part in enumerate(one.shows):
            if part in told:
                yield (
                    ("disclosed", index, "shows", place),
                    f'"{part}" is told at the {told[part]} already; accepted: once',
                )
            told.setdefault(part, one.at)
    kept = [part for part in get_args(Part) if part not in told]
    if kept:
        yield ("disclosed",), f"never tells {', '.join(kept)}; accepted: every part once"
    if told.get("wishes", "conversation") != "conversation":
        yield ("disclosed",), 'tells "wishes" before the conversation; accepted: at the conversation'


def _when(path: Path, one: DecisionPoint) -> Iterator[Finding]:
    if "phase" not in one.when:
        yield (*path, "when"), f'the required key "phase" is missing; accepted: {", ".join(map(str, DOMAINS["phase"]))}'
    for fact, wanted in one.when.items():
        where = (*path, "when", fact)
        if fact not in DOMAINS:
            yield where, f"unknown fact {shown(fact)}; accepted: {', '.join(DOMAINS)}{nearest(fact, DOMAINS)}"
            continue
        for value in wanted if isinstance(wanted, tuple) else (wanted,):
            if value not in DOMAINS[fact]:
                accepted = ", ".join(map(str, DOMAINS[fact]))
                yield where, f"got {shown(value)}; accepted: {accepted}{nearest(value, DOMAINS[fact])}"


def _options(path: Path, one: DecisionPoint) -> Iterator[Finding]:
    named: set[str] = set()
    for index, option in enumerate(one.options):
        where = (*path, "options", index, "trigger")
        if option.trigger not in DECISIONS:
            yield (
                where,
                f"got {shown(option.trigger)}; accepted: a decision of the machine{nearest(option.trigger, DECISIONS)}",
            )
        elif option.trigger in named:
            yield where, f'"{option.trigger}" is an option already; accepted: each once'
        named.add(option.trigger)
