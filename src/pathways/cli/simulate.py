"""`pathways simulate`: cohorts, and many patients like one case."""

from __future__ import annotations

import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from pathways.cli.output import Force, console, print_json, read_case, say, say_understood, write
from pathways.documents import files
from pathways.documents.problems import PathwaysError

if TYPE_CHECKING:
    from pathways.cohort.runs.results import Result
    from pathways.cohort.runs.simulation import Simulation

ProtocolName = Annotated[
    str, typer.Option("--protocol", metavar="NAME|FILE", help="A shipped protocol or a centre's overlay file.")
]
CASE_KEYS = ("primary", "lesions", "patient", "liver")
MOST_SAVED = 10_000


def simulate(
    who: Annotated[
        Path | None,
        typer.Argument(
            metavar="[COHORT|CASE]", help="A cohort file narrows who is drawn; a case file: all like this one."
        ),
    ] = None,
    patients: Annotated[
        int, typer.Option("--patients", min=1, max=100_000_000, metavar="N", help="How many.")
    ] = 10_000,
    seed: Annotated[
        int, typer.Option("--seed", min=0, max=2**63 - 1, metavar="S", help="The luck and the patients drawn.")
    ] = 1,
    strategy: Annotated[
        str | None,
        typer.Option(
            "--strategy",
            metavar="NAME",
            help="guideline (cohorts), a family put first, or the best by an objective: resection (what a case is simulated under), survival, life, time, safety.",
        ),
    ] = None,
    versus: Annotated[
        str | None,
        typer.Option("--versus", metavar="NAME", help="A second strategy, on the same patients with the same luck."),
    ] = None,
    protocol: ProtocolName = "default",
    workers: Annotated[
        int, typer.Option("--workers", min=1, max=256, metavar="N", help="Processes on this machine.")
    ] = 1,
    scheduler: Annotated[
        str | None, typer.Option("--scheduler", metavar="ADDRESS", help="A Dask scheduler (extra `cluster`).")
    ] = None,
    output: Annotated[
        Path | None, typer.Option("-o", "--output", metavar="FILE.parquet", help="One row a patient (extra `cohort`).")
    ] = None,
    steps: Annotated[
        Path | None, typer.Option("--steps", metavar="FILE.parquet", help="With -o: one row a step, too.")
    ] = None,
    save_cases: Annotated[
        Path | None, typer.Option("--save-cases", metavar="DIR", help="Write the drawn patients as case files.")
    ] = None,
    events: Annotated[
        Path | None,
        typer.Option(
            "--events",
            metavar="FILE.xes|csv",
            help="The courses as an event log, which pathways audit reads; of drawn patients with --save-cases.",
        ),
    ] = None,
    transitions: Annotated[
        Path | None,
        typer.Option("--transitions", metavar="FILE.csv", help="One row a step: id, from, to, start, time, status."),
    ] = None,
    picture: Annotated[
        Path | None,
        typer.Option(
            "--picture", metavar="FILE", help="Survival, as .svg (with numbers at risk), .json (Vega-Lite) or .png."
        ),
    ] = None,
    force: Force = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON document.")] = False,
) -> None:
    """Simulates many patients through the same process: resection, mortality, survival, and the flows between phases."""
    if workers > 1 and scheduler is None:
        from pathways.cohort.runs.workers import get_ready

        get_ready()
    made = _simulation(who, patients, seed, strategy, protocol)
    _check(workers, scheduler, output, steps, picture)
    _check_logs(made, events, transitions, save_cases)
    from pathways.cohort.runs.kept import Places
    from pathways.cohort.runs.results import Result
    from pathways.cohort.runs.running import How, run

    other = None if versus is None else _simulation(who, patients, seed, versus, protocol)
    if save_cases is not None:
        _save(made, save_cases, force=force)
    _write_logs(made, who, events, transitions)
    how, places = How(workers, scheduler), None if output is None else Places(output, steps)
    begun = time.perf_counter()
    counts = run(made, how, places, _progress() if sys.stderr.isatty() else None, say)
    result = Result(made, counts, time.perf_counter() - begun)
    document = result.as_json()
    differences = None
    if other is not None:
        from pathways.cohort.runs.paired import compare

        differences = compare(made, other, how)
        document["versus"] = {"strategy": other.strategy, "differences": [one.as_json() for one in differences]}
    if picture is not None:
        _draw(result, document, picture)
    if as_json:
        print_json(document)
        return
    from pathways.report.cohort_table import print_result

    print_result(result, differences, other, console())


def _draw(result: Result, document: dict[str, Any], picture: Path) -> None:
    """Survival: drawn here as .svg, with the numbers at risk; else by the chart."""
    form = picture.suffix.lstrip(".").lower()
    if not result.figures_speak:
        raise PathwaysError("--picture: no figure for survival is known for this disease")
    if form == "svg":
        from pathways.drawing.cohorts import drawn_lives

        write(drawn_lives([document]), picture)
        return
    from pathways.report.charts import rendered
    from pathways.report.cohort_charts import curves

    write(rendered(curves(result), form), picture)


def _simulation(who: Path | None, patients: int, seed: int, strategy: str | None, protocol: str) -> Simulation:
    from pathways.cohort.codes.strategies import is_objective
    from pathways.cohort.codes.strategies import strategy as find
    from pathways.cohort.patients.definition import EVERYBODY, load_cohort
    from pathways.cohort.runs.simulation import Simulation
    from pathways.knowledge.protocols import load_protocol

    cohort, case = EVERYBODY, None
    if who is not None and _is_case(who):
        case = read_case(who)
    elif who is not None:
        cohort = load_cohort(who)
        say_understood(who, cohort.understood)
    name = strategy or ("guideline" if case is None else "resection")
    if not is_objective(name):
        find(name)
    judged_by = load_protocol(protocol)
    if case is not None:
        return Simulation(name, judged_by, seed, patients, case=case)
    return Simulation(name, judged_by, seed, patients, cohort=cohort)


def _is_case(file: Path) -> bool:
    from pathways.documents.reader import read_file

    value = read_file(file).value
    return isinstance(value, dict) and any(key in value for key in CASE_KEYS)


def _check(workers: int, scheduler: str | None, output: Path | None, steps: Path | None, picture: Path | None) -> None:
    if scheduler is not None and workers > 1:
        raise PathwaysError("--workers and --scheduler: one of them, not both")
    if steps is not None and output is None:
        raise PathwaysError("--steps: needs -o FILE.parquet for the patients beside it")
    if steps is not None and output is not None and steps.resolve() == output.resolve():
        raise PathwaysError("--steps and -o name the same file")
    for option, file in (("-o", output), ("--steps", steps)):
        if file is not None and file.suffix.lower() != ".parquet":
            raise PathwaysError(f'{option}: got "{file}"; accepted: a file that ends in .parquet')
    for option, file in (("-o", output), ("--steps", steps), ("--picture", picture)):
        if file is not None:
            _can_be_written(option, file)
    forms = ("json", "svg", "png")
    if picture is not None and picture.suffix.lstrip(".").lower() not in forms:
        raise PathwaysError(f'--picture: got "{picture}"; accepted: a file that ends in .json, .svg or .png')


def _check_logs(made: Simulation, events: Path | None, transitions: Path | None, cases: Path | None) -> None:
    if events is not None and events.suffix.lower() not in (".xes", ".csv"):
        raise PathwaysError(f'--events: got "{events}"; accepted: a file that ends in .xes or .csv')
    if transitions is not None and transitions.suffix.lower() != ".csv":
        raise PathwaysError(f'--transitions: got "{transitions}"; accepted: a file that ends in .csv')
    if events is not None and made.case is None and cases is None:
        raise PathwaysError(
            "--events: an audit asks for the case of each course; accepted: with --save-cases DIR, or of a case file"
        )
    for option, file in (("--events", events), ("--transitions", transitions)):
        if file is not None:
            _can_be_written(option, file)


def _write_logs(made: Simulation, who: Path | None, events: Path | None, transitions: Path | None) -> None:
    """The courses and transitions, as they were simulated."""
    if events is not None:
        from pathways.interchange.courses import csv_log, xes_log
        from pathways.interchange.walked import courses_of

        courses = list(courses_of(made, "" if who is None else who.name))
        write((csv_log if events.suffix.lower() == ".csv" else xes_log)(courses), events)
        cases = "the folder of the case" if made.case is not None else "the folder of --save-cases"
        say(f"{events} is written: {len(courses)} courses; pathways audit {events} --cases DIR ({cases})")
    if transitions is not None:
        from pathways.interchange.courses import transitions as as_csv
        from pathways.interchange.walked import transition_rows

        write(as_csv(transition_rows(made)), transitions)


def _can_be_written(option: str, file: Path) -> None:
    """Says before the work what would be said after it."""
    with files.saying(file):
        if not file.absolute().parent.is_dir():
            raise PathwaysError(f"{option}: {file.parent}: no such folder")
        files.may_be_written(file)


def _save(made: Simulation, folder: Path, *, force: bool) -> None:
    """Case files of the drawn patients."""
    if made.case is not None:
        raise PathwaysError("--save-cases: every patient is like the case given; nothing is drawn")
    if made.patients > MOST_SAVED:
        raise PathwaysError(
            f"--save-cases: at most {MOST_SAVED} case files are written; got --patients {made.patients}"
        )
    from pathways.cohort.runs.case_files import save_cases

    save_cases(made, folder, force=force)
    say(f"{made.patients} case files in {folder}")


def _progress() -> Any:
    """Counts patients on standard error, and says how long it may still take."""
    begun = time.perf_counter()

    def show(done: int, of: int) -> None:
        left = (time.perf_counter() - begun) / done * (of - done)
        end = "\n" if done == of else ""
        print(f"\r{done:,} of {of:,} patients, about {left:.0f} s left   ", end=end, file=sys.stderr, flush=True)

    return show
