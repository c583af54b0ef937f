"""The steps of one pathway: days, notes, deaths, warnings, what is taken as given, and what follows where things go otherwise."""

from __future__ import annotations

from collections.abc import Sequence

from rich.console import Group, RenderableType
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from pathways.documents.problems import PathwaysError
from pathways.messages.catalogue import called, say
from pathways.planning.annotate import Contingency, Pathway
from pathways.planning.contingencies import NOTHING_MORE
from pathways.planning.plan import Plan
from pathways.planning.risks import StepRisk
from pathways.report.cards import beside
from pathways.report.life import drivers_of, life_lines
from pathways.report.words import family_words


def asked_for(plan: Plan, wanted: Sequence[str]) -> tuple[Pathway, ...]:
    """The pathways named by `p1`, `1`, `p1,p3` or `all`. Raises PathwaysError for a name that the plan does not have."""
    by_id = {one.id: one for one in plan.pathways}
    names = [name.strip() for given in wanted for name in given.split(",") if name.strip()]
    if any(name.casefold() == "all" for name in names):
        return plan.pathways
    found = []
    for name in names:
        identity = f"p{name}" if name.isdigit() else name.casefold()
        if identity not in by_id:
            known = f"p1 to p{len(by_id)}, all" if by_id else "none: the plan shows no pathway"
            raise PathwaysError(f'--steps: got "{name}"; accepted: {known}')
        found.append(by_id[identity])
    return tuple(dict.fromkeys(found))


def steps(one: Pathway) -> RenderableType:
    """The steps of `one` with everything that belongs to them."""
    table = Table(title=f"{one.id}: {one.title}", title_justify="left", title_style="bold", box=None, pad_edge=False,
                  show_header=False)  # fmt: skip
    table.add_column(justify="right", no_wrap=True)
    table.add_column(ratio=1)
    for step in one.steps:
        words = Text(step.title, style="" if step.kind == "decision" else "dim")
        if step.note:
            words.append(f": {step.note}", style="dim")
        if step.risk:
            words.append(f"; {deaths(step.risk)}", style="dim")
        # An operation takes a day: the days before it are waiting. What lasts is shown with its beginning.
        lasts = step.since < step.day and not step.operation
        table.add_row(f"day {step.since} to {step.day}" if lasts else f"day {step.day}", words)
    lines: list[RenderableType] = [Text(""), table]
    lines.append(_indented(Text(", ".join(family_words(name) for name in one.families), style="cyan")))
    lines += [_indented(Text(f"! {warning}", style="yellow")) for warning in one.warnings]
    lines += [_indented(Text(said, style="dim")) for said in beside(one)]
    lines += [_indented(Text(f"? {text}", style="yellow")) for text in one.assumptions]
    moved = life_lines(drivers_of(one))
    if moved:
        lines.append(_indented(Text(say("life.heading"), style="dim")))
        lines += [Padding(Text(words, style="dim"), (0, 0, 0, 4)) for words in moved]
    for (then, end), outcomes in by_answer(one.contingencies).items():
        answer = f"if: {'; or: '.join(outcomes)} → {then} (can still end: {called('end', end)})"
        lines.append(_indented(Text(answer, style="dim")))
    return Group(*lines)


def deaths(risk: StepRisk) -> str:
    """What a step costs in lives, given that it is done."""
    death = risk.death
    if risk.outside:
        return say("risk.deaths_outside")
    return say("risk.deaths", value=death.value, low=death.low, high=death.high)


def by_answer(contingencies: tuple[Contingency, ...]) -> dict[tuple[str, str], list[str]]:
    """Outcomes not hoped for, joined where the same answer follows; those after which nothing can be decided left out."""
    found: dict[tuple[str, str], list[str]] = {}
    for at in contingencies:
        if at.best_end == "benign" or (at.best_end != "dead" and at.then != NOTHING_MORE):
            found.setdefault((at.then, at.best_end), []).append(at.outcome)
    return {answer: list(dict.fromkeys(outcomes)) for answer, outcomes in found.items()}


def _indented(words: Text) -> RenderableType:
    return Padding(words, (0, 0, 0, 2))
