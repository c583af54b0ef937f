"""The commands. Heavy modules are imported where they are used, so that `--help`, `validate` and `schema` stay quick."""

from __future__ import annotations

import gc
import math
import os
import sys
from collections.abc import Sequence
from copy import copy
from pathlib import Path
from typing import Annotated, Any, NoReturn

import typer
from typer.main import get_command_name
from typer.models import CommandInfo

from pathways.cli import (
    conformance,
    importing,
    maps,
    picturing,
    protocols,
    registry,
    reporting,
    serving,
    starting,
    stopping,
    streams,
    teach,
)
from pathways.cli import simulate as simulating
from pathways.cli.output import console, one_of, print_json, read_case, say, show, show_json, soon_over, write
from pathways.cli.picturing import OBJECTIVES
from pathways.documents import files
from pathways.documents.files import name_of
from pathways.documents.problems import PathwaysError, same_word
from pathways.documents.visible import visible
from pathways.version import __version__

app = typer.Typer(
    name="pathways",
    help="Every feasible treatment pathway of a patient with liver metastases, and why the others are closed. "
    "For discussion and teaching; no medical device.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
)
app.add_typer(protocols.app, name="protocol")
app.add_typer(teach.app, name="teach")
app.add_typer(importing.app, name="import")

CaseFile = Annotated[Path, typer.Argument(metavar="CASE", help="A case file (YAML).")]
ProtocolName = Annotated[
    str, typer.Option("--protocol", metavar="NAME|FILE", help="A shipped protocol or a centre's overlay file.")
]
FollowUp = Annotated[bool, typer.Option("--follow-up", help="Go on after clearance: follow-up and recurrence.")]
Strict = Annotated[
    bool, typer.Option("--strict", help="Assume nothing: what is not told is read at its bad end or refused.")
]
AsJson = Annotated[bool, typer.Option("--json", help="Print one JSON document.")]
Output = Annotated[Path | None, typer.Option("-o", "--output", metavar="FILE", help="Write to FILE instead.")]

# What typer raises for wrong use: the one class above all of them, which it does not hand out itself.
CLICK_ERROR: type[Exception] = next(one for one in typer.BadParameter.__mro__ if one.__name__ == "ClickException")
FORMATS = ("mermaid", "dot", "graphml", "prism", "json", "lines")
SCHEMAS = ("case", "course", "protocol", "scenario", "cohort")
DICTIONARIES = ("table", "redcap")


@app.callback(invoke_without_command=True)
def version_or_help(
    version: Annotated[bool, typer.Option("--version", help="Print the version and stop.")] = False,
) -> None:
    """Every feasible treatment pathway of a patient with liver metastases, and why the others are closed."""
    if version:
        show(f"pathways {__version__}\n")
        raise typer.Exit


@app.command()
def plan(
    case: CaseFile,
    protocol: ProtocolName = "default",
    family: Annotated[
        list[str] | None, typer.Option("--family", metavar="TAG", help="Only pathways with this tag.")
    ] = None,
    top: Annotated[
        int, typer.Option("--top", min=0, metavar="N", help="How many pathways to show; 0 for every one.")
    ] = 10,
    objective: Annotated[
        str | None, typer.Option("--objective", metavar="|".join(OBJECTIVES), help="What comes first in the list.")
    ] = None,
    steps: Annotated[
        list[str] | None,
        typer.Option("--steps", metavar="pN|all", help="The steps of a pathway, with risks, assumptions and what if."),
    ] = None,
    openings: Annotated[
        bool | None,
        typer.Option(
            "--openings/--no-openings",
            help="What opens every closed pathway; unless told, of the first three that are barred.",
        ),
    ] = None,
    strict: Strict = False,
    follow_up: FollowUp = False,
    as_json: AsJson = False,
    json_lines: registry.JsonLines = False,
    workers: registry.Workers = None,
    output: registry.Output = None,
) -> None:
    """Every pathway of CASE: open, contingent, or closed and by which rule. Status 1: none ends with the liver cleared.

    Of a folder of cases: one line a patient, and what is open, closed and unknown in all of them.
    """
    if objective is not None:
        one_of("--objective", objective, OBJECTIVES)
    if registry.is_many(case, json_lines=json_lines, output=output):
        from pathways.registry.lines import Asked

        registry.refuse(family=family, steps=steps, openings=openings)
        asked = Asked((protocol,), strict=strict, follow_up=follow_up, objective=objective)
        registry.many(case, asked, registry.Shown(json_lines, as_json, output), workers)
        return
    soon_over()
    from pathways.knowledge.protocols import load_protocol
    from pathways.planning.plan import plan as make_plan

    family = [_family("--family", tag) for tag in family or []]
    made = make_plan(
        read_case(case, quiet=True), load_protocol(protocol), families=family, top=top, strict=strict, follow_up=follow_up,
        objective=objective,  # type: ignore[arg-type]
    )  # fmt: skip
    if as_json:
        print_json(made.as_json())
    else:
        from pathways.report.plan_table import print_plan

        print_plan(made, console(), wanted=steps or (), openings=openings)
    if made.truncated:
        say(f"cut: {len(made.pathways)} of {made.number_of_pathways} pathways are shown; --top 0 shows every one")
    for tag in family:
        if tag not in made.open:
            after = [one for one in made.contingent if one.family == tag]
            where = f"contingent on {' and '.join(after[0].after)}" if after else "closed"
            say(f"no pathway carries {tag}: it is {where}")
    if not made.curative or not made.pathways:
        raise typer.Exit(1)


@app.command()
def assess(case: CaseFile, protocol: ProtocolName = "default", strict: Strict = False, as_json: AsJson = False) -> None:
    """Findings of every rule and the ways to clear the liver, without planning."""
    from pathways.knowledge.protocols import load_protocol
    from pathways.planning.assess import assess as make

    made = make(read_case(case, quiet=True), load_protocol(protocol), strict=strict)
    if as_json:
        print_json(made.as_document())
    else:
        from pathways.report.plan_table import print_assessment

        print_assessment(made, console())


@app.command()
def explain(
    case: CaseFile,
    family: Annotated[str, typer.Argument(metavar="FAMILY", help="A family of pathways, such as pve or liver_first.")],
    protocol: ProtocolName = "default",
    strict: Strict = False,
    follow_up: FollowUp = False,
    as_json: AsJson = False,
) -> None:
    """Why FAMILY is open, contingent or closed in CASE, and the smallest changes that turn it round, each tried."""
    soon_over()
    from pathways.graph.explore import explore
    from pathways.knowledge.protocols import load_protocol
    from pathways.planning.explain import explain as make

    wanted = _family("FAMILY", family)
    made = make(
        explore(read_case(case, quiet=as_json), load_protocol(protocol), strict=strict, follow_up=follow_up), wanted
    )
    if as_json:
        print_json(made.as_json())
        return
    from pathways.report.why_table import print_explanation

    print_explanation(made, console())


@app.command()
def compare(
    case: CaseFile,
    names: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="PROTOCOL...",
            help="Protocols: the others are told against the first. All shipped ones unless told.",
        ),
    ] = None,
    protocol: Annotated[
        str | None,
        typer.Option("--protocol", metavar="NAME|FILE", help="Put before the others: the one compared with."),
    ] = None,
    sweep: Annotated[
        str | None,
        typer.Option(metavar="SETTING=LOW:HIGH:STEP", help="A setting of the first protocol at each value of a range."),
    ] = None,
    as_json: AsJson = False,
    json_lines: registry.JsonLines = False,
    workers: registry.Workers = None,
    output: registry.Output = None,
) -> None:
    """What opens and closes in CASE between protocols, which setting does it, and at which threshold.

    Of a folder of cases: one line a patient, and how many each protocol and setting turns round.
    """
    from pathways.knowledge.protocols import knowledge, load_protocol
    from pathways.planning.compare import compare as make
    from pathways.planning.compare import sweep as make_sweep

    shipped = tuple(knowledge().protocols)
    wanted = [*([protocol] if protocol else []), *(names or ([] if sweep else shipped))] or ["default"]
    if len(set(wanted)) == 1 and not sweep:
        raise PathwaysError(f"compare: got one protocol; accepted: two or more of {', '.join(shipped)}, or --sweep")
    if registry.is_many(case, json_lines=json_lines, output=output):
        from pathways.registry.lines import Asked

        registry.refuse(sweep=sweep)
        for name in wanted:
            load_protocol(name)
        asked = Asked(tuple(dict.fromkeys(wanted)), compared=True)
        registry.many(case, asked, registry.Shown(json_lines, as_json, output), workers)
        return
    loaded, protocols_ = read_case(case, quiet=as_json), [load_protocol(name) for name in dict.fromkeys(wanted)]
    made = make(loaded, protocols_)
    key, values = _swept(sweep) if sweep else ("", ())
    swept = make_sweep(loaded, protocols_[0], key, values) if sweep else ()
    if as_json:
        more = {"sweep": {"setting": key, "values": [one.as_json() for one in swept]}} if sweep else {}
        print_json({**made.as_json(), **more})
        return
    from pathways.report.why_table import print_comparison, print_sweep

    if protocols_[1:]:
        print_comparison(made, console())
    if sweep:
        print_sweep(key, swept, console())


def _swept(text: str) -> tuple[str, tuple[float, ...]]:
    """`remnant_limit_normal=0.20:0.40:0.05` as the setting and its values."""
    key, _, span = text.partition("=")
    try:
        low, high, step = (float(part) for part in span.split(":"))
    except ValueError:
        low = high = step = math.nan
    if not (step > 0 and low <= high and math.isfinite(low) and math.isfinite(high) and math.isfinite(step)):
        message = f'--sweep: got "{text}"; accepted: SETTING=LOW:HIGH:STEP, as in remnant_limit_normal=0.2:0.4:0.05'
        raise PathwaysError(message)
    count = max(0, min(int((high - low) / step + 1e-9), 1000)) + 1
    return key, tuple(round(low + step * index, 9) for index in range(count))


app.command("map")(maps.pathway_map)
app.command()(reporting.report)
app.command()(reporting.diff)
app.command()(serving.serve)
app.command()(starting.new)
app.command()(starting.example)
app.command()(conformance.check)
app.command()(conformance.audit)


@app.command()
def routes(
    case: CaseFile,
    protocol: ProtocolName = "default",
    count: Annotated[bool, typer.Option("--count", help="Print the exact number of routes and stop.")] = False,
    limit: Annotated[
        int, typer.Option("--limit", min=0, max=10**12, metavar="N", help="Most routes to list.")
    ] = 10_000,
    strict: Strict = False,
    follow_up: FollowUp = False,
) -> None:
    """Every complete route of CASE, bad luck included, one JSON object a line."""
    from pathways.graph.explore import explore
    from pathways.graph.routes import count_routes
    from pathways.knowledge.protocols import load_protocol

    graph = explore(read_case(case), load_protocol(protocol), strict=strict, follow_up=follow_up)
    number = count_routes(graph)
    if count:
        show(f"{number}\n")
        return
    from pathways.planning.listing import route_lines

    for line in route_lines(graph, limit):
        show_json(f"{line}\n")
    if number > limit:
        say(f"cut: {limit} of {number} routes are listed; --limit sets how many")


@app.command()
def export(
    case: CaseFile,
    to: Annotated[str, typer.Option("--to", metavar="FORMAT", help=f"{', '.join(FORMATS)}.")],
    protocol: ProtocolName = "default",
    policy: Annotated[
        str | None,
        typer.Option(
            "--policy", metavar="OBJECTIVE", help=f"prism: the chain of the best policy ({', '.join(OBJECTIVES)})."
        ),
    ] = None,
    output: Output = None,
    strict: Strict = False,
    follow_up: FollowUp = False,
) -> None:
    """The graph of CASE for other tools. Mermaid shows phases, PRISM guarded commands, lines the pathways by line of treatment (CSV), the others every state."""
    from pathways.graph.explore import explore
    from pathways.interchange import data, drawings, prism
    from pathways.knowledge.protocols import load_protocol

    one_of("--to", to, FORMATS)
    if policy is not None:
        one_of("--policy", policy, OBJECTIVES)
        if to != "prism":
            raise PathwaysError(f"--policy: {to} shows every decision; accepted: --policy with --to prism")
    if to == "lines":
        from pathways.interchange.lines import lines_csv
        from pathways.planning.plan import plan as make_plan

        made = make_plan(read_case(case), load_protocol(protocol), top=0, strict=strict, follow_up=follow_up)
        write(lines_csv(made), output)
        return
    graph = explore(read_case(case), load_protocol(protocol), strict=strict, follow_up=follow_up)
    if to == "prism":
        from pathways.planning.evaluate import evaluate

        chosen = None if policy is None else evaluate(graph).policy(policy)  # type: ignore[arg-type]
        write(prism.prism(graph, chosen), output)
        return
    writers = {"mermaid": drawings.mermaid, "dot": drawings.dot, "graphml": data.graphml, "json": data.graph_json}
    write(writers[to](graph), output, json_text=to == "json")


app.command()(picturing.picture)
app.command()(simulating.simulate)


@app.command()
def validate(
    files: Annotated[
        list[Path], typer.Argument(metavar="FILE...", help="Cases, courses, protocols or teaching scenarios.")
    ],
) -> None:
    """Checks FILEs and says what is wrong in them, with line and column. Status 2 if anything is."""
    from pathways.cli.validating import checked

    failed = False
    for file in files:
        kind, problems, understood = checked(file)
        for line in problems:
            say(line)
        failed = failed or bool(problems)
        if not problems:
            show(f"{name_of(file)}: a valid {kind}\n")
            if understood:
                show(f"{name_of(file)}: read as: {understood}\n")
    if failed:
        raise typer.Exit(2)


@app.command()
def schema(
    what: Annotated[
        str,
        typer.Argument(
            metavar="case|course|protocol|scenario|cohort|table|redcap", help="Which schema, or dictionary of tables."
        ),
    ],
) -> None:
    """The JSON Schema (draft-07) of a file format, for editors; the columns of tables (CSV), also as a data dictionary of REDCap."""
    from pathways.cli.validating import schema_of

    one_of("schema", what, (*SCHEMAS, *DICTIONARIES))
    if what in DICTIONARIES:
        from pathways.interchange.readers.tables.dictionary import dictionary, redcap

        show(dictionary() if what == "table" else redcap())
        return
    show_json(schema_of(what))


def _family(what: str, value: str) -> str:
    """The family that is named, in the words of the ward too."""
    from pathways.planning.plan import ALL_FAMILIES
    from pathways.ward.values import meant

    found = meant("Family", value)
    if found is None:
        accepted = f"{', '.join(ALL_FAMILIES)}{same_word(value, ALL_FAMILIES)}"
        raise PathwaysError(f'{what}: got "{value}"; accepted: {accepted}')
    return found.word


def run() -> NoReturn:
    """The entry point. No traceback reaches a user: bad input and wrong use end with status 2 and one message."""
    # NumPy starts a pool of threads for linear algebra, which nothing here does: half of the time of its import. pydantic looks
    # through every installed package for plug-ins, and no command uses one.
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
    os.environ.setdefault("PYDANTIC_DISABLE_PLUGINS", "__all__")
    streams.set_up()
    files.forget()
    with stopping.in_order():
        status = _status()
    # What is left goes with the process. At its end Python looks for cycles once more whatever it is told; in what is frozen it does not.
    gc.disable()
    gc.freeze()
    sys.exit(streams.ended(status))


def _asked_for(words: Sequence[str]) -> typer.Typer:
    """The command that is named alone, where one is: laying out the other thirty takes longer than reading a case."""
    found = [one for one in app.registered_commands if words and words[0] == _name_of(one)]
    if not found:
        return app
    alone = copy(app)
    alone.registered_commands, alone.registered_groups = found, []
    return alone


def _name_of(command: CommandInfo) -> str:
    return command.name or get_command_name(command.callback.__name__ if command.callback else "")


def _status() -> int:
    try:
        return _asked_for(sys.argv[1:])(standalone_mode=False) or 0
    except PathwaysError as error:
        say(str(error))
        return error.status
    except stopping.Stopped as stop:
        say("stopped")
        return stop.status
    except KeyboardInterrupt:
        say("stopped")
        return 130
    except CLICK_ERROR as error:
        return _wrong_use(error)
    except typer.Abort:
        return 1
    except Exception as error:
        if os.environ.get("PATHWAYS_DEBUG"):
            raise
        say(f"pathways: a fault of the program: {type(error).__name__}: {error}; PATHWAYS_DEBUG=1 shows where")
        return 2


def _wrong_use(error: Any) -> int:
    """Wrong use in the box that typer draws, with the arguments that it quotes made visible."""
    from typer.rich_utils import rich_format_error

    message = visible(error.format_message())
    error.format_message = lambda: message
    rich_format_error(error)
    return int(error.exit_code)
