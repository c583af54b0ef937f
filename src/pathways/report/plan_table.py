"""A plan on the terminal: what it stands on first, then the pathways, then why the others are closed."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from rich.console import Console, Group, RenderableType
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from pathways.facts.verdict import Missing, Verdict
from pathways.messages.catalogue import called, say
from pathways.messages.figures import apart
from pathways.planning.annotate import Contingency, Pathway
from pathways.planning.annotations import borrowed
from pathways.planning.assess import Assessment
from pathways.planning.assumptions import in_lines
from pathways.planning.contingencies import NOTHING_MORE
from pathways.planning.missing import MissingItem
from pathways.planning.plan import Plan
from pathways.planning.risks import StepRisk
from pathways.report.words import NOTICE, RESECTABILITY_WORDS, family_words, understood_words, weeks

MARKS = {"allowed": ("+", "green"), "refused": ("x", "red"), "unknown": ("?", "yellow")}
# What stays, and what of the volumes cannot be taken as told, is shown whatever it says.
ALWAYS_TOLD = ("remnant_volume", "volumetry_sound")
STEPS_SHOWN_FOR = 3
ITEMS_SHOWN = 3


def print_plan(plan: Plan, console: Console, *, steps: bool = True) -> None:
    """Prints `plan` to `console`; without `steps` only the overview."""
    console.print(_heading(plan.assessment))
    console.print(_deciding(plan.assessment))
    console.print(_assumptions(plan))
    console.print(_next(plan))
    console.print(_resections(plan.assessment))
    console.print(_pathways(plan))
    for one in plan.pathways[: STEPS_SHOWN_FOR if steps else 0]:
        console.print(_steps(one, _common(plan)))
    console.print(_reading(plan))
    if plan.contingent:
        console.print(_contingent(plan))
    console.print(_closed(plan))
    console.print(_scores(plan.assessment))
    console.print(_footer(plan))


def print_assessment(assessment: Assessment, console: Console) -> None:
    """Prints findings and resections to `console`."""
    console.print(_heading(assessment))
    console.print(_findings("Findings", assessment.findings))
    console.print(_resections(assessment))
    console.print(_scores(assessment))
    console.print(Text(NOTICE, style="italic"))


def _heading(assessment: Assessment) -> RenderableType:
    case = assessment.case
    title = f"{case.id}: {case.title}" if case.title else case.id
    words = RESECTABILITY_WORDS[assessment.resectability]
    if assessment.barred_by:
        words = f"not resectable as things are: {'; '.join(one.reason for one in assessment.barred_by)}"
    strictly = " Strictly: what is not told is read at its bad end." if assessment.strict else ""
    return Group(
        Text(title, style="bold"),
        Text(f"Judged under protocol {assessment.protocol.id} ({assessment.protocol.title}).{strictly}"),
        Text.assemble("Today: ", (words, "bold"), f"; liver state: {assessment.liver_state}."),
        *([Text(understood, style="dim")] if (understood := understood_words(case)) else []),
        Text(""),
    )


def _deciding(assessment: Assessment) -> RenderableType:
    """The findings that close or could change something; the rest is one line."""
    deciding = [one for one in assessment.findings if one.verdict == "refused" or one.rule in ALWAYS_TOLD]
    fine = sum(one.verdict == "allowed" for one in assessment.findings)
    table = _findings("What decides", deciding) if deciding else Text("Nothing stands in the way of surgery.")
    return Group(table, Text(f"{fine} findings allow; all of them: pathways assess.", style="dim"), Text(""))


def _findings(title: str, findings: tuple[Verdict, ...] | list[Verdict]) -> Table:
    table = Table(title=title, title_justify="left", title_style="bold", box=None, pad_edge=False, show_header=False)
    table.add_column(width=1)
    table.add_column(style="cyan", no_wrap=True)
    table.add_column()
    for one in findings:
        mark, style = MARKS[one.verdict]
        reason = Text(one.reason)
        if one.assumed:
            reason.append(f"  (assumed: {one.assumed})", style="yellow")
        table.add_row(Text(mark, style=style), one.rule, reason)
    return table


def _common(plan: Plan) -> tuple[Missing, ...]:
    """What every curative pathway takes as given."""
    shared = [one.assumed for one in plan.pathways if one.curative]
    return tuple(key for key in (shared[0] if shared else ()) if all(key in one for one in shared))


def _assumptions(plan: Plan) -> RenderableType:
    """Assumptions that every curative pathway shares, first; they are the facts that could change the picture."""
    common = in_lines(_common(plan))
    if not common:
        return Text("")
    lines: list[RenderableType] = [
        Text("Assumed on every pathway to surgery (missing in the case file, or judged):", style="bold")
    ]
    lines += [Padding(Text(f"? {text}", style="yellow"), (0, 0, 0, 2)) for text in common]
    return Group(*lines, Text(""))


def _next(plan: Plan) -> RenderableType:
    """What every operation stands on, in one line; then the missing items that separate the pathways of this case."""
    gates = [one for one in plan.find_out_next if one.bars_all]
    items = [(one, hangs) for one in plan.find_out_next if not one.bars_all and (hangs := _hangs_on(one))][:ITEMS_SHOWN]
    if not gates and not items:
        return Text("")
    lines: list[RenderableType] = [Text("What to find out next (what hangs on it):", style="bold")]
    if gates:
        words = ", ".join(one.item for one in gates)
        lines.append(Padding(Text(f"? whether anything can be resected at all: {words}"), (0, 0, 0, 2)))
    for one, hangs in items:
        lines.append(Padding(Text(f"? {one.reason}; taken as {one.assumed}: {hangs}"), (0, 0, 0, 2)))
    return Group(*lines, Text(""))


def _hangs_on(one: MissingItem) -> str:
    """What is otherwise if an item is not as it is taken: the chance, as far as the printed figures tell it, or what is not open then."""
    otherwise, now = f"{one.chance_otherwise:.0%}", f"{one.chance_now:.0%}"
    if otherwise != now:
        return f"if not so, the best chance of resection is {otherwise}, not {now}"
    names = ", ".join(family_words(family) for family in one.closes)
    return f"if not so, not open: {names}" if names else ""


def _resections(assessment: Assessment) -> RenderableType:
    if not assessment.resections:
        return Text("No resection clears the liver as it is.\n", style="bold")
    table = Table(title="Ways to clear the liver, least liver lost first", title_justify="left", title_style="bold", box=None,
                  pad_edge=False)  # fmt: skip
    table.add_column("resection")
    table.add_column("stays", no_wrap=True)
    table.add_column("remnant", justify="right", no_wrap=True)
    table.add_column("interval", no_wrap=True)
    table.add_column("limit")
    table.add_column("protocol")
    answers = {True: "met", False: "not met", None: "volumetry decides"}
    for one in assessment.resections:
        left = one.resection.remnant
        interval = f"{left.low:.0%} to {left.high:.0%}, {'estimated' if left.estimated else 'measured'}"
        if left.low == left.high:
            interval = "estimated" if left.estimated else ""
        row = one.as_json()
        stays = " ".join(str(segment) for segment in row["remnant_segments"])
        told, _ = apart(left.value, one.limit.share)
        _, limit = one.limit.words(left.value)
        table.add_row(row["name"], stays, told, interval, limit, answers[one.meets_protocol])
    return Group(table, Text(""))


def _pathways(plan: Plan) -> RenderableType:
    count = (
        f"{len(plan.pathways)} of {plan.number_of_pathways} pathways"
        if plan.truncated
        else f"{len(plan.pathways)} pathways"
    )
    table = Table(title=f"Open pathways ({count}; * on the Pareto front of chance, risk and time)", title_justify="left", title_style="bold", box=None,
                  pad_edge=False)  # fmt: skip
    table.add_column("", no_wrap=True)
    table.add_column("pathway", ratio=1)
    table.add_column("all as\nplanned", justify="right", no_wrap=True)
    table.add_column("liver cleared\n(95 %)", justify="right", no_wrap=True)
    table.add_column("dies of\ntreatment", justify="right", no_wrap=True)
    table.add_column("until\ncleared", justify="right", no_wrap=True)
    table.add_column("ops", justify="right")
    table.add_column("cycles", justify="right")
    table.add_column("least\nremnant", justify="right")
    of_bowel = borrowed(plan.assessment.case)
    for one in plan.pathways:
        least = "" if one.smallest_remnant_fraction is None else f"{one.smallest_remnant_fraction:.0%}"
        title = Text(one.title)
        title.append(f"\n{', '.join(family_words(name) for name in one.families)}", style="dim")
        if one.worse_than:
            title.append(f"; no better than {one.worse_than} in chance, risk and time", style="dim")
        table.add_row(
            f"{one.id}{'*' if one.pareto else ''}", title, *_prospect(one, of_bowel=of_bowel), str(one.operations),
            str(one.chemotherapy_cycles), least,
        )  # fmt: skip
    return Group(table, Text(""))


def _prospect(one: Pathway, *, of_bowel: bool) -> tuple[str, str, str, str]:
    """Chance as planned, chance to clear the liver, mortality and time; empty where the pathway aims at neither.

    `of_bowel`: the chances are those of bowel metastases, and the disease is another.
    """
    found = one.prospect
    if found is None or found.days is None or not one.curative:
        return "", "", "", ""
    cleared, dead = found.cleared, found.mortality
    deaths = f"{dead.value:.1%} ({dead.low:.1%} to {dead.high:.1%})" if dead else "no figure"
    if one.watched:
        return f"{found.as_planned.value:.0%}", "watched", deaths, ""
    return (
        f"{found.as_planned.value:.0%}",
        f"{cleared.value:.0%} ({cleared.low:.0%} to {cleared.high:.0%})"
        + (f"\n{say('table.borrowed')}" if of_bowel else ""),
        deaths,
        f"{weeks(round(found.days.value))}",
    )


def _deaths(risk: StepRisk) -> str:
    """What a step costs in lives, given that it is done."""
    death = risk.death
    return (
        say("risk.deaths_outside")
        if risk.outside
        else say("risk.deaths", value=death.value, low=death.low, high=death.high)
    )


def _steps(one: Pathway, common: Collection[Missing]) -> RenderableType:
    table = Table(title=f"{one.id}: {one.title}", title_justify="left", title_style="bold", box=None, pad_edge=False,
                  show_header=False)  # fmt: skip
    table.add_column(justify="right", no_wrap=True)
    table.add_column(ratio=1)
    for step in one.steps:
        words = Text(step.title, style="" if step.kind == "decision" else "dim")
        if step.note:
            words.append(f": {step.note}", style="dim")
        if step.risk:
            words.append(f"; {_deaths(step.risk)}", style="dim")
        # An operation takes a day: the days before it are waiting. What lasts is shown with its beginning.
        lasts = step.since < step.day and not step.operation
        table.add_row(f"day {step.since} to {step.day}" if lasts else f"day {step.day}", words)
    lines: list[RenderableType] = [table]
    lines += [Padding(Text(f"! {warning}", style="yellow"), (0, 0, 0, 2)) for warning in one.warnings]
    own = in_lines(key for key in one.assumed if key not in common)
    lines += [Padding(Text(f"? {text}", style="yellow"), (0, 0, 0, 2)) for text in own]
    for (then, end), outcomes in _by_answer(one.contingencies).items():
        answer = f"if: {'; or: '.join(outcomes)} → {then} (can still end {end.replace('_', ' ')})"
        lines.append(Padding(Text(answer, style="dim"), (0, 0, 0, 2)))
    return Group(*lines, Text(""))


def _reading(plan: Plan) -> RenderableType:
    """How to read the numbers."""
    if not plan.curative:
        return Text("")
    words = (
        "Liver cleared: with the best continuation wherever things go otherwise; all as planned: without any surprise. "
        f"Intervals come from the spread of the figures behind it: {_kinds(plan.intervals)}; where they overlap, the order "
        "says nothing about the chance. A cleared liver is not a cure."
    )
    return Group(Text(words, style="dim"), Text(""))


def _kinds(intervals: Mapping[str, int]) -> str:
    return ", ".join(
        say("intervals.of", number=number, kind=called("interval", kind)) for kind, number in intervals.items()
    )


def _by_answer(contingencies: tuple[Contingency, ...]) -> dict[tuple[str, str], list[str]]:
    """Outcomes not hoped for, joined where the same answer follows; those after which nothing can be decided left out."""
    found: dict[tuple[str, str], list[str]] = {}
    for at in contingencies:
        if at.best_end == "benign" or (at.best_end != "dead" and at.then != NOTHING_MORE):
            found.setdefault((at.then, at.best_end), []).append(at.outcome)
    return {answer: list(dict.fromkeys(outcomes)) for answer, outcomes in found.items()}


def _contingent(plan: Plan) -> RenderableType:
    lines = [Text("Only after something goes otherwise than hoped:", style="bold")]
    for one in plan.contingent:
        after = " and ".join(name.replace("_", " ") for name in one.after)
        lines.append(Text(f"  {family_words(one.family)}: after {after}"))
    return Group(*lines, Text(""))


def _closed(plan: Plan) -> RenderableType:
    table = Table(
        title="Closed pathways", title_justify="left", title_style="bold", box=None, pad_edge=False, show_header=False
    )
    table.add_column(no_wrap=True)
    table.add_column(style="cyan", no_wrap=True)
    table.add_column()
    # What nothing can be done to is no news: a bar is, and that less is enough.
    told = sorted((one for one in plan.closed if one.kind != "does_not_apply"), key=lambda one: one.kind)
    for one in told:
        for index, verdict in enumerate(one.verdicts):
            reason = Text(verdict.reason)
            if not index and one.than:
                reason = Text(f"not needed beside {one.than}: {verdict.reason}")
            if verdict.sources:
                reason.append(f"  [{', '.join(verdict.sources)}]", style="dim")
            table.add_row(family_words(one.family) if not index else "", verdict.rule, reason)
    words = "What would open a pathway, tried by planning: pathways explain CASE FAMILY" if plan.closed else ""
    missing = ", ".join(family_words(one.family) for one in plan.closed if one.kind == "does_not_apply")
    nothing = [Text(f"Does not apply: {missing}")] if missing else []
    return Group(table, *nothing, Text(words, style="dim"), Text(""))


def _scores(assessment: Assessment) -> RenderableType:
    """Scores for the meeting, and what the case asks for that is not planned."""
    table = Table(box=None, pad_edge=False, show_header=False)
    table.add_column(no_wrap=True)
    table.add_column(no_wrap=True)
    table.add_column(style="dim")
    for one in assessment.scores:
        known = f"{one.points:.3g}"
        if one.at_most != one.points:
            known += " or more" if one.at_most is None else f" to {one.at_most:.3g}"
        missing = f"not known: {', '.join(one.missing)}" if one.missing else ""
        table.add_row(one.name, f"{known}{f', {one.group}' if one.group else ''}", missing)
    lines = [Text(f"Not planned here: {text}", style="yellow") for text in assessment.not_modelled]
    heading: list[RenderableType] = (
        [Text("Scores (for the meeting; no rule reads them)", style="bold"), table] if assessment.scores else []
    )
    return Group(*heading, *lines, Text(""))


def _footer(plan: Plan) -> RenderableType:
    size = f"{len(plan.graph.states)} states, {plan.graph.number_of_edges} steps, {plan.routes:,} routes".replace(
        ",", " "
    )
    return Text(f"For the record only: {', '.join(plan.for_the_record)}. {size}. {NOTICE}", style="italic")
