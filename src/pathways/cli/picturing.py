"""`pathways picture`: of the plan of a case, or of saved simulations."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from pathways.cli.output import one_of, read_case, write
from pathways.documents.problems import PathwaysError

OBJECTIVES = ("resection", "survival", "life", "time", "safety")
CHARTED = ("timeline", "growth", "tornado", "survival")
PICTURES = (*CHARTED, "unknowns", "curves", "life", "liver", "map")
# Of what `simulate --json` printed, not of a case.
SIMULATED = ("lives", "phases")


def picture(
    case: Annotated[
        Path, typer.Argument(metavar="CASE", help="A case file (YAML); for lives and phases what simulate --json printed.")
    ],
    what: Annotated[str, typer.Argument(metavar="WHAT", help=f"{', '.join((*PICTURES, *SIMULATED))}.")],
    output: Annotated[
        Path,
        typer.Option(
            "-o", "--output", metavar="FILE",
            help="A .svg, .json (Vega-Lite) or .png file; - prints the JSON, or the SVG of what is no chart.",
        ),
    ] = Path("-"),
    beside: Annotated[
        list[Path] | None,
        typer.Option("--beside", metavar="FILE", help="For lives and phases: a further simulation in the same picture."),
    ] = None,
    protocol: Annotated[
        str, typer.Option("--protocol", metavar="NAME|FILE", help="A shipped protocol or a centre's overlay file.")
    ] = "default",
    objective: Annotated[
        str | None, typer.Option("--objective", metavar="|".join(OBJECTIVES), help="What comes first in the list.")
    ] = None,
    strict: Annotated[
        bool, typer.Option("--strict", help="Assume nothing: what is not told is read at its bad end or refused.")
    ] = False,
) -> None:  # fmt: skip
    """A picture of the plan of CASE, or of simulations: drawn as .svg, or as a Vega-Lite specification (.json; .png by the extra `pictures`)."""
    one_of("WHAT", what, (*PICTURES, *SIMULATED))
    if objective is not None:
        one_of("--objective", objective, OBJECTIVES)
    # Some are no charts: they are drawn, and have no specification.
    charted = what in CHARTED
    form = ("json" if charted else "svg") if str(output) == "-" else output.suffix.lstrip(".").lower()
    one_of("--output", form, ("json", "svg", "png") if charted else ("svg",))
    if what in SIMULATED:
        from pathways.cli.saved_simulation import simulations
        from pathways.drawing.cohorts import DRAWN as OF_SIMULATIONS

        write(OF_SIMULATIONS[what](simulations((case, *(beside or ())))), output)
        return
    if beside:
        raise PathwaysError(f"--beside: accepted with {' and '.join(SIMULATED)}; {what} is a picture of one case")
    from pathways.knowledge.protocols import load_protocol
    from pathways.planning.plan import plan

    made = plan(read_case(case), load_protocol(protocol), strict=strict, objective=objective)  # type: ignore[arg-type]
    if form == "svg":
        from pathways.drawing.plots import DRAWN

        write(DRAWN[what](made), output)
        return
    from pathways.report.charts import CHARTS, rendered

    write(rendered(CHARTS[what](made), form), output, json_text=form == "json")
