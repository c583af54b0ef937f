"""`pathways teach sign`."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Annotated

import typer

from pathways.cli.output import Force, show, write


def sign(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="A teaching scenario (YAML).")],
    by: Annotated[str, typer.Option("--by", metavar="NAME", help="Who has read it.")],
    role: Annotated[str, typer.Option("--role", metavar="ROLE", help="As what: surgeon, oncologist, educator.")],
    scope: Annotated[str, typer.Option("--scope", metavar="WORDS", help="What was read: keys, figures, wording.")],
    output: Annotated[
        Path, typer.Option("-o", "--output", metavar="FILE", help="Where the signed scenario is written.")
    ],
    on: Annotated[
        str | None, typer.Option("--on", metavar="DAY", help="The day, 2026-11-21; today unless told.")
    ] = None,
    force: Force = False,
) -> None:
    """FILE with a review over its content. It lapses when anything but the review changes."""
    from pathways.teaching.authoring.loading import load_scenario, parse_scenario
    from pathways.teaching.scenarios.signature import reviewed_words, signed_text

    scenario = load_scenario(file)
    day = on or date.today().isoformat()  # noqa: DTZ011 - the day where the reader sits
    before = file.read_text(encoding="utf-8")
    text = signed_text(before, scenario, by=by, role=role, scope=scope, on=day)
    signed = parse_scenario(text, str(file))
    write(text, output, force=force)
    show(f"{output}: {reviewed_words(signed)}\n")
