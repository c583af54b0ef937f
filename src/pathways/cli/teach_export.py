"""`pathways teach export`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import typer

from pathways.cli.output import Force, say, say_understood, write
from pathways.documents.problems import PathwaysError, nearest

# Names alone: the writers are imported when they are used. A test holds both lists together.
FORMATS = ("html", "h5p", "moodle", "gift", "twee", "scorm", "anki", "markdown")
H5P_TARGETS = ("1.8", "1.9", "1.10")


def export(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="A teaching scenario (YAML).")],
    to: Annotated[str, typer.Option("--to", metavar="FORMAT", help=f"{', '.join(FORMATS)}.")],
    output: Annotated[
        Path | None,
        typer.Option(
            "-o", "--output", metavar="FILE", help="Write to FILE; - or nothing: standard output, for text formats."
        ),
    ] = None,
    h5p_target: Annotated[
        str | None,
        typer.Option(
            "--h5p-target", metavar="|".join(H5P_TARGETS), help="h5p: the version of Branching Scenario on your site."
        ),
    ] = None,
    pass_mark: Annotated[
        int | None,
        typer.Option("--pass-mark", min=1, max=100, metavar="PERCENT", help="scorm: from here on it counts as passed."),
    ] = None,
    protocol: Annotated[
        str | None,
        typer.Option(
            "--protocol", metavar="NAME|FILE", help="Judge under this protocol; the scenario's own unless told."
        ),
    ] = None,
    seed: Annotated[
        int | None,
        typer.Option("--seed", min=0, metavar="S", help="Another course of luck; the scenario's own unless told."),
    ] = None,
    force: Force = False,
) -> None:
    """The scenario in FILE for the classroom's tools: a page, H5P, Moodle, GIFT, Twine, SCORM, Anki, or a handout."""
    _one_of("--to", to, FORMATS)
    options: dict[str, Any] = {}
    if pass_mark is not None:
        if to != "scorm":
            raise PathwaysError(f"--pass-mark: {to} tells no platform; accepted: --pass-mark with --to scorm")
        options["pass_mark"] = pass_mark
    if h5p_target is not None:
        _one_of("--h5p-target", h5p_target, H5P_TARGETS)
        if to != "h5p":
            raise PathwaysError(f"--h5p-target: {to} has no such version; accepted: --h5p-target with --to h5p")
        options["target"] = h5p_target

    from pathways.teaching.exports import FORMATS as KNOWN
    from pathways.teaching.exports import BadLesson

    form = KNOWN[to]
    if not form.is_text and (output is None or str(output) == "-"):
        raise PathwaysError(
            f"--output: {to} is no text and is not printed; accepted: a file, as in -o {file.stem}{form.suffix}"
        )

    from pathways.teaching.authoring.loading import load_scenario
    from pathways.teaching.unrolling.unroll import lesson_of

    scenario = load_scenario(file)
    say_understood(file, scenario.understood)
    lesson = lesson_of(scenario, protocol, seed)
    try:
        content = form.write(lesson, **options)
    except BadLesson as error:
        say(f"{file}: {to}: {error}")
        raise typer.Exit(1) from None
    faults = form.check(content)
    if faults:
        more = f", and {len(faults) - 1} more" if len(faults) > 1 else ""
        say(f"{file}: {to}: a fault of the program, nothing is written: {faults[0]}{more}")
        raise typer.Exit(1)
    for remark in form.remarks(content):
        say(remark)
    if to == "h5p" and output is not None and output.suffix != form.suffix:
        say(f"{output}: sites take an H5P package only under a name that ends in {form.suffix}")
    write(content, output, force=force)


def _one_of(what: str, value: str, accepted: tuple[str, ...]) -> None:
    if value not in accepted:
        raise PathwaysError(f'{what}: got "{value}"; accepted: {", ".join(accepted)}{nearest(value, accepted)}')
