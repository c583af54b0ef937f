"""Simulated patients as courses and as rows of transitions: each walk, step by step, with the case it began from."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from pathways.case.loading import load_case
from pathways.case.models import Case
from pathways.cohort.runs.simulation import Simulation, cases, run_chunk
from pathways.conformance.written import Written
from pathways.documents.problems import PathwaysError
from pathways.graph.explore import explore
from pathways.interchange.courses import Logged
from pathways.process.declaration import PROCESS
from pathways.process.phases import PHASES

MOST_LOGGED = 10_000
POSITION = {trigger.name: place for place, trigger in enumerate(PROCESS.triggers)}
DEAD = "dead"
Step = tuple[int, int, str]


def courses_of(simulation: Simulation, case_file: str = "") -> Iterator[Logged]:
    """The course of every patient who had one; of drawn patients each with its own case file, as `--save-cases` names it."""
    _not_too_many(simulation)
    same = Written(explore(simulation.case, simulation.protocol, follow_up=True)) if simulation.case else None
    drawn = iter(cases(simulation)) if simulation.case is None else None
    for patient, steps in _walks(simulation):
        if drawn is None:
            assert same is not None
            written, name, file = same, f"{simulation.who}-{patient + 1}", case_file
        else:
            name, document = next(drawn)
            case: Case = load_case(document)
            written, file = Written(explore(case, simulation.protocol, follow_up=True)), f"{name}.yaml"
        events = written.events(written.walk(steps))
        if events:
            yield Logged(name, file, events)


def transition_rows(simulation: Simulation) -> Iterator[dict[str, Any]]:
    """A row a step: id, from, to, start, time, status; the last one ends in death, or where nothing more is known (status 0)."""
    _not_too_many(simulation)
    for chunk in range(simulation.chunks):
        part = run_chunk(simulation, chunk, rows=True, steps=True)
        assert part.patients is not None
        last = zip(part.patients["patient"], part.patients["day_last_seen"], part.patients["dead"], strict=True)
        known = {int(patient): (int(day), bool(died)) for patient, day, died in last}
        for patient, steps in _by_patient(part.steps):
            phase, begun = PROCESS.start, 0
            for _, day, reached in steps:
                yield _row(patient, phase, reached, begun, day)
                phase, begun = reached, day
            until, died = known[patient]
            if phase != DEAD and until > begun:
                yield _row(patient, phase, DEAD, begun, until, status=int(died))


def _row(patient: int, phase: str, reached: str, begun: int, day: int, status: int = 1) -> dict[str, Any]:
    return {"id": patient + 1, "from": phase, "to": reached, "start": begun, "time": day, "status": status}


def _not_too_many(simulation: Simulation) -> None:
    if simulation.patients > MOST_LOGGED:
        raise PathwaysError(
            f"a log of courses: got --patients {simulation.patients}; accepted: at most {MOST_LOGGED} (-o and --steps write more, as Parquet)"
        )


def _walks(simulation: Simulation) -> Iterator[tuple[int, list[Step]]]:
    """Every patient in order, with trigger, day and phase reached of each step."""
    for chunk in range(simulation.chunks):
        yield from _by_patient(run_chunk(simulation, chunk, rows=True, steps=True).steps)


def _by_patient(steps: dict[str, Any] | None) -> Iterator[tuple[int, list[Step]]]:
    assert steps is not None
    triggers = [POSITION[name] for name in steps["trigger"].names]
    patient, found = -1, list[Step]()
    rows = zip(
        steps["patient"].tolist(),
        steps["trigger"].codes.tolist(),
        steps["day"].tolist(),
        steps["to"].codes.tolist(),
        strict=True,
    )
    for one, trigger, day, to in rows:
        if one != patient and found:
            yield patient, found
            found = []
        patient = one
        found.append((triggers[trigger], day, PHASES[to]))
    if found:
        yield patient, found
