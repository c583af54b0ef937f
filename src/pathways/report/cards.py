"""The open pathways: a card each where the terminal is narrow, a table where it is wide."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from rich.console import Group, RenderableType
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from pathways.messages.catalogue import say
from pathways.planning.annotate import Pathway
from pathways.planning.plan import Plan
from pathways.planning.uncertainty import Estimated
from pathways.process.acts import stimulates
from pathways.report.words import family_words, figure, share_of, with_interval

# Columns of a card: how wide each is. Together with the indent they are 79 wide; where a chance has no figure, it needs less room and the
# column of "planned" more.
WIDTHS = (14, 16, 13, 8, 6, 4, 7, 7)
WIDTHS_WITHOUT = (12, 16, 13, 10, 6, 4, 7, 7)
PLANNED = 3
INDENT = 5
# From so many columns on the table stands beside the titles.
WIDE = 130
# A chance that reads as none is not told.
LEAST_TOLD = 0.005


def cards(plan: Plan) -> RenderableType:
    """A card a pathway: its title, and its numbers under one heading."""
    lines: list[RenderableType] = [Text(""), Text(how_many(plan), style="bold")]
    if not plan.pathways:
        return Group(*lines)
    if any(one.pareto for one in plan.pathways):
        lines[-1] = Text.assemble((how_many(plan), "bold"), (f" ({say('cards.front')})", "dim"))
    if said := no_figure_of_chances(plan):
        lines.append(Text(said, style="yellow"))
    widths = WIDTHS_WITHOUT if plan.best_shown is None else WIDTHS
    if any(not _stands_alone(one) for one in plan.pathways):
        lines += [Text(" " * INDENT + line, style="dim") for line in _head(plan, widths)]
    for one in plan.pathways:
        lines += _card(one, widths)
    return Group(*lines)


def no_figure_of_chances(plan: Plan) -> str:
    """That no chance is shown and what the pathways are ordered by then; nothing where the chances are of this primary."""
    return say("cards.borrowed") if plan.best_shown is None else ""


def how_many(plan: Plan) -> str:
    """How many pathways are open, and whether all of them are shown: another order of the same treatments is the same idea."""
    shown, number = len(plan.pathways), plan.number_of_pathways
    if plan.truncated:
        return say("cards.heading_cut", shown=shown, number=number)
    if shown < number and not plan.asked_for:
        return say("cards.heading_ideas", shown=shown, number=number)
    return say("cards.heading", number=shown)


def _headings(plan: Plan) -> tuple[str, ...]:
    return (
        say("cards.head_cleared_bare" if plan.best_shown is None else "cards.head_cleared"), say("cards.head_deaths"),
        say("cards.head_life"), say("cards.head_planned"),
        say("cards.head_weeks"), say("cards.head_operations"), say("cards.head_cycles"), say("cards.head_left"),
    )  # fmt: skip


def _head(plan: Plan, widths: Sequence[int]) -> Iterator[str]:
    """The heading of the numbers, on as few lines as its words need."""
    folded = [_folded(one, width - 1) for one, width in zip(_headings(plan), widths, strict=True)]
    for line in range(max(map(len, folded))):
        cells = [one[line] if line < len(one) else "" for one in folded]
        yield _row(cells, widths)


def _folded(words: str, width: int) -> list[str]:
    import textwrap

    return textwrap.wrap(words, width) or [""]


def _row(cells: list[str], widths: Sequence[int]) -> str:
    return "".join(cell.ljust(width) for cell, width in zip(cells, widths, strict=True)).rstrip()


def _card(one: Pathway, widths: Sequence[int]) -> Iterator[RenderableType]:
    told = one.title
    alone = _stands_alone(one)
    if alone and one.prospect and one.prospect.survival:
        told = say("cards.alone", title=told, life=with_interval(one.prospect.survival))
    title = Text.assemble((f"{one.id}{'*' if one.pareto else ''}".ljust(INDENT), "bold"), told)
    if one.worse_than:
        title.append(f"; {say('cards.no_better', other=one.worse_than)}", style="dim")
    yield _hanging(title)
    if not alone:
        yield Text(" " * INDENT + _row(_cells(one), widths))
    if one.deadly:
        yield Text(" " * INDENT + _deadly(one.deadly), style="yellow")
    for said in beside(one):
        yield Text(" " * INDENT + said, style="dim")


def _stands_alone(one: Pathway) -> bool:
    """Whether a pathway has no number but how long one lives: its title holds it."""
    return not one.curative and not one.operations and one.prospect is not None and one.prospect.survival is not None


def _hanging(words: Text) -> RenderableType:
    """The identity at the margin, further lines under the title."""
    grid = Table.grid()
    grid.add_column(width=INDENT, no_wrap=True)
    grid.add_column()
    grid.add_row(words[:INDENT], words[INDENT:])
    return grid


def _cells(one: Pathway) -> list[str]:
    found = one.prospect
    cycles = str(one.chemotherapy_cycles) if one.chemotherapy_cycles else "-"
    operations = str(one.operations) if one.operations else "-"
    left = "" if one.smallest_remnant_fraction is None else _left(one, one.smallest_remnant_fraction)
    life = "" if found is None else figure(found.survival)
    planned = "" if found is None else share_of(found.planned_shown.value if found.planned_shown else None)
    if found is None or not one.curative or found.days is None:
        # What is controlled for a time, and only may be, shows how often it is.
        held = found is not None and one.end == "controlled" and found.as_planned.value < 1
        return [say("cards.not_cleared"), "", life, planned if held else "", "", operations, cycles, left]
    deaths = _deaths(found.mortality)
    if one.watched:
        return [say("cards.watched"), deaths, life, planned, "", operations, cycles, left]
    time = say("cards.weeks", number=round(found.days.value / 7))
    return [figure(found.cleared_shown), deaths, life, planned, time, operations, cycles, left]


def _left(one: Pathway, grown: float) -> str:
    """The least remnant; where something makes it grow, from what it is today to what it grows to."""
    now, then = f"{one.least_liver_left * 100:.0f}", f"{grown:.0%}"
    grows = any(stimulates(edge.declared) for edge in one.walk) and one.least_liver_left < grown
    return say("cards.grown", today=now, grown=then) if grows and f"{now}%" != then else then


def _deadly(found: Estimated) -> str:
    return say("cards.deadly", value=found.value, low=f"{found.low * 100:.0f}", high=f"{found.high * 100:.0f}")


def beside(one: Pathway) -> Iterator[str]:
    """What is told of a pathway beside its numbers, a line each."""
    yield from filter(None, (stopped(one), cleared_otherwise(one)))


def cleared_otherwise(one: Pathway) -> str:
    """How often the liver is cleared, or replaced, where a pathway that does not plan it goes otherwise; nothing where it tells no life that counts them."""
    found = counted_otherwise(one)
    return "" if found is None else say("cards.cleared_otherwise", share=with_interval(found))


def counted_otherwise(one: Pathway) -> Estimated | None:
    """How often the liver is cleared, or replaced, in those whom the life of a pathway that does not plan it counts too; None where nobody is."""
    if one.curative or one.prospect is None or one.prospect.survival is None:
        return None
    found = one.prospect.cleared_shown
    return None if found is None or found.value < LEAST_TOLD else found


def stopped(one: Pathway) -> str:
    """How often two stages end after the first; nothing where they cannot."""
    found = one.half_way_shown
    if found is None:
        return say("cards.half_way_no_figure") if one.half_way else ""
    return say("cards.half_way", value=found.value, low=f"{found.low * 100:.0f}", high=f"{found.high * 100:.0f}")


def _deaths(found: Estimated | None) -> str:
    if found is None:
        return say("cards.no_figure")
    return say("cards.deaths", value=found.value, low=f"{found.low * 100:.1f}", high=f"{found.high * 100:.1f}")


def table(plan: Plan) -> RenderableType:
    """All pathways in a table, with their families; for a wide terminal."""
    heading = f"{how_many(plan)}   {say('cards.front')}" if any(one.pareto for one in plan.pathways) else how_many(plan)
    found = Table(title=heading, title_justify="left", title_style="bold", box=None, pad_edge=False)
    found.add_column("", no_wrap=True)
    found.add_column("", ratio=1)
    for words in _headings(plan):
        found.add_column(words, justify="right", no_wrap=True)
    for one in plan.pathways:
        title = Text(one.title)
        title.append(f"\n{', '.join(family_words(name) for name in one.families)}", style="dim")
        if one.worse_than:
            title.append(f"; {say('cards.no_better', other=one.worse_than)}", style="dim")
        if one.deadly:
            title.append(f"\n{_deadly(one.deadly)}", style="yellow")
        for said in beside(one):
            title.append(f"\n{said}", style="dim")
        cells = _cells(one)
        if cells[PLANNED] and one.prospect:
            # A card has no room for this interval: 79 columns are full.
            cells[PLANNED] = figure(one.prospect.planned_shown)
        found.add_row(f"{one.id}{'*' if one.pareto else ''}", title, *cells)
    said = no_figure_of_chances(plan)
    return Padding(Group(*([Text(said, style="yellow")] if said else []), found), (1, 0, 0, 0))


def more_than_resected(plan: Plan) -> bool:
    """Whether a pathway clears the liver in more than are resected: by a transplantation, or because nothing visible is left."""
    cleared = [float(one.prospect.cleared.value) for one in plan.pathways if one.curative and one.prospect]
    return max(cleared, default=0.0) > float(plan.best.value) + 0.01


def how_to_read(plan: Plan) -> str:
    """How to read the numbers of the pathways."""
    return say("cards.reading_borrowed" if plan.best_shown is None else "cards.reading")


def reading(plan: Plan) -> RenderableType | None:
    """How all pathways begin, and how to read their numbers."""
    said = []
    first = {(one.steps[0].title, one.steps[0].day) for one in plan.pathways if one.steps}
    if len(first) == 1:
        step, day = first.pop()
        said.append(say("cards.begin", step=step, day=day))
    if plan.curative:
        said.append(how_to_read(plan))
    if more_than_resected(plan):
        best = plan.best_shown
        said.append(say("cards.resected_no_figure") if best is None else say("cards.resected", best=best.value))
    return Text(" ".join(said), style="dim") if said else None
