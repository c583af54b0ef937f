"""A plan on the terminal, in the order of a meeting.

Today and the limit that binds, the pathways, what is missing and turns it round, what is closed and what opens it, and the steps of the
pathway somebody asks for. Scores, counts and sources come last.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from rich.console import Console, Group, RenderableType
from rich.table import Table
from rich.text import Text

from pathways.facts.systemic_before_surgery import reads_the_score
from pathways.messages.catalogue import called, say
from pathways.planning.assess import Assessment
from pathways.planning.plan import Plan, told_for_the_record
from pathways.report.cards import WIDE, cards, reading, table
from pathways.report.closed import closed
from pathways.report.gaps import missing
from pathways.report.steps import asked_for, steps
from pathways.report.today import findings, heading, today
from pathways.report.words import NOTICE

OF_MOST = ("one_stage", "upfront_surgery")
READ_FIRST = ("refused", "unknown", "allowed")


def print_plan(plan: Plan, console: Console, *, wanted: Sequence[str] = (), openings: bool | None = None) -> None:
    """Prints `plan`; of the pathways `wanted` the steps too. `openings`: what opens all that is closed, the first that matter, or none."""
    shown = asked_for(plan, wanted)
    console.print(heading(plan.assessment))
    console.print(today(plan.assessment))
    console.print(table(plan) if console.width >= WIDE else cards(plan))
    for part in (reading(plan), missing(plan), closed(plan, openings=openings)):
        if part is not None:
            console.print(part)
    for one in shown:
        console.print(steps(one))
    console.print(_more(plan, sources=openings is True))


def print_assessment(assessment: Assessment, console: Console) -> None:
    """Prints findings and resections to `console`."""
    console.print(heading(assessment))
    console.print(today(assessment, most=len(assessment.resections)))
    console.print(Text(""))
    # What closes or is missing is read first.
    in_order = sorted(assessment.findings, key=lambda one: READ_FIRST.index(one.verdict))
    console.print(findings("Findings", in_order))
    console.print(Text(""))
    console.print(_scores(assessment))
    told = told_for_the_record(assessment.case)
    console.print(Text(say("assess.for_the_record", keys=", ".join(told)), style="dim"))
    console.print(Text(NOTICE, style="italic"))


def _more(plan: Plan, *, sources: bool) -> RenderableType:
    """What comes last: where more is told, scores, sources, counts, the notice."""
    size = say(
        "more.size", states=len(plan.graph.states), steps=plan.graph.number_of_edges,
        routes=f"{plan.routes:,}".replace(",", " "),
    )  # fmt: skip
    said = []
    if plan.assessment.scores:
        read = reads_the_score(plan.assessment.protocol)
        scores = _scores_in_line(plan.assessment)
        said.append(say("more.scores_read" if read else "more.scores", scores=scores))
    cited = dict.fromkeys(source for one in plan.closed for verdict in one.verdicts for source in verdict.sources)
    if sources and cited:
        said.append(say("more.sources", sources=", ".join(cited)))
    if plan.curative:
        said.append(say("more.figures", intervals=_kinds(plan.intervals)))
    return Group(
        Text.assemble(say("more.heading"), say("more.options", family=_asked_about(plan))),
        Text.assemble((" ".join([*said, size]), "dim"), (f" {NOTICE}", "italic")),
    )


def _asked_about(plan: Plan) -> str:
    """An open family to ask about, as `explain` wants it: the shortest name, and none that nearly every pathway carries."""
    return min([one for one in plan.open if one not in OF_MOST] or plan.open or ("alpps",), key=len)


def _kinds(intervals: Mapping[str, int]) -> str:
    return ", ".join(
        say("intervals.of", number=number, kind=called("interval", kind)) for kind, number in intervals.items()
    )


def _known(one: object) -> str:
    points, most, group = one.points, one.at_most, one.group  # type: ignore[attr-defined]
    known = f"{points:.3g}"
    if most != points:
        known += " or more" if most is None else f" to {most:.3g}"
    return f"{known}{f', {group}' if group else ''}"


def _scores_in_line(assessment: Assessment) -> str:
    return "; ".join(f"{one.name} {_known(one)}" for one in assessment.scores)


def _scores(assessment: Assessment) -> RenderableType:
    """Scores for the meeting, with what is not known of each."""
    if not assessment.scores:
        return Text("")
    read = say("scores.read" if reads_the_score(assessment.protocol) else "scores.unread")
    found = Table(title=read, title_justify="left", title_style="bold", box=None,
                  pad_edge=False, show_header=False)  # fmt: skip
    found.add_column(no_wrap=True)
    found.add_column(no_wrap=True)
    found.add_column(style="dim")
    for one in assessment.scores:
        missed = f"not known: {', '.join(one.missing)}" if one.missing else ""
        found.add_row(one.name, _known(one), missed)
    return Group(found, Text(""))
