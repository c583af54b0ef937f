"""`pathways teach new`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from pathways.cli.output import Force, progress, say, show, write
from pathways.documents.files import made_folder
from pathways.documents.problems import PathwaysError, nearest

DIFFICULTIES = ("easy", "medium", "hard")


def new(
    output: Annotated[Path, typer.Option("-o", "--output", metavar="DIR", help="Folder to write to, made if missing.")],
    objective: Annotated[
        str | None,
        typer.Option(
            "--objective",
            metavar="ID",
            help="What is to be learned; list shows all. With --case: one of those proposed.",
        ),
    ] = None,
    case: Annotated[
        Path | None,
        typer.Option("--case", metavar="FILE", help="A case of your own: the decisions worth asking in it."),
    ] = None,
    difficulty: Annotated[
        str | None, typer.Option("--difficulty", metavar="easy|medium|hard", help="As measured; any unless told.")
    ] = None,
    count: Annotated[int, typer.Option("--count", min=1, max=1000, metavar="N", help="How many scenarios.")] = 1,
    seed: Annotated[
        int, typer.Option("--seed", min=0, max=2**53, metavar="S", help="The same seed writes the same bytes.")
    ] = 1,
    force: Force = False,
) -> None:
    """Searches cases until the decision of the objective arises and separates good from bad. Status 1: none was found."""
    from pathways.teaching.auditing.audit import audited
    from pathways.teaching.authoring.generate import NotFound, generated, lesson_without_intervals
    from pathways.teaching.curriculum.objectives import objective_of
    from pathways.teaching.scenarios.text import scenario_text

    if objective is None and case is None:
        raise PathwaysError("--objective: missing; accepted: --objective ID (list shows all), or --case FILE")
    if objective is not None:
        objective_of(objective)
    if difficulty is not None and difficulty not in DIFFICULTIES:
        accepted = f"{', '.join(DIFFICULTIES)}{nearest(difficulty, DIFFICULTIES)}"
        raise PathwaysError(f'--difficulty: got "{difficulty}"; accepted: {accepted}')
    if case is not None:
        _from_case(case, objective, output, seed, force=force)
        return
    assert objective is not None
    made_folder(output)
    missing, lessons = 0, []
    for number in progress(range(1, count + 1), "scenarios"):
        try:
            made = generated(objective, seed, number, difficulty)  # type: ignore[arg-type]
        except NotFound as error:
            say(str(error))
            missing += 1
            continue
        wanted = f" --difficulty {difficulty}" if difficulty else ""
        remark = f"Generated: pathways teach new --objective {objective}{wanted} --seed {seed} --count {count}, number {number}."
        file = output / f"{made.id}.yaml"
        write(scenario_text(made, remark), file, force=force)
        show(f"{file}: {made.difficulty}, {made.title}\n")
        lessons.append((made.id, lesson_without_intervals(made)))
    beyond = list(audited(lessons).beyond())
    for words in beyond:
        say(words)
    if missing or beyond:
        raise typer.Exit(1)


def _from_case(file: Path, objective: str | None, output: Path, seed: int, *, force: bool) -> None:
    """The lesson of a case: the objectives proposed, and a draft for the one asked for or the one with most to decide."""
    from pathways.cli.output import read_case
    from pathways.messages.catalogue import say as sentence
    from pathways.teaching.authoring.from_case import NoLesson, drafts_of
    from pathways.teaching.curriculum.objectives import objective_of
    from pathways.teaching.scenarios.text import scenario_text

    case = read_case(file)
    try:
        found = drafts_of(case, seed, objective)
    except NoLesson as answer:
        say(str(answer))
        raise typer.Exit(1) from None
    say(sentence("draft.proposed"))
    for one in found.drafts:
        say(
            sentence(
                "draft.line", objective=one.objective, title=objective_of(one.objective).title, decisions=len(one.decisions),
                variations=len(one.variations), difficulty=one.difficulty,
            )
        )  # fmt: skip
    made = found.best
    made_folder(output)
    target = output / f"{made.id}-{made.objective}.yaml"
    remark = f"Drafted: pathways teach new --case {file.name} --objective {made.objective} --seed {seed}."
    write(scenario_text(made, remark), target, force=force)
    show(f"{target}: {made.difficulty}, {made.title}\n")
