"""Why a pathway is open or closed, what would turn it round, and how protocols differ, on the terminal."""

from __future__ import annotations

from collections.abc import Sequence

from rich.console import Console
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from pathways.planning.compare import Comparison, Difference, Left, Swept
from pathways.planning.explain import Explanation
from pathways.planning.turning import Answer, Group
from pathways.report.words import NOTICE, family_words, share_of

# Pathways of an open family that are named one by one.
MOST_PATHWAYS = 5
# What somebody would do, in the order in which a team thinks of it.
GROUP_WORDS: dict[Group, str] = {
    "measure": "Measure",
    "treat": "Treat",
    "choose": "Choose another limit, policy or wish",
}
STATUS_STYLE = {"open": "green", "contingent": "yellow", "closed": "red"}


def print_explanation(found: Explanation, console: Console) -> None:
    """Prints the answer of `pathways explain`."""
    assessed = found.graph.facts.assessed
    name = family_words(found.family)
    console.print(Text(f"{assessed.case.id}: {name} under protocol {assessed.protocol.id}", style="bold"))
    line = Text.assemble((f"{found.status}", STATUS_STYLE[found.status]))
    if found.status == "contingent":
        line.append(f": only after {' and '.join(one.replace('_', ' ') for one in found.after)}")
    console.print(line)
    if found.verdicts:
        console.print(Text("\nWhat closes it as a plan" if found.after else "\nWhat closes it", style="bold"))
        for verdict in found.verdicts:
            words = Text.assemble((verdict.rule, "cyan"), f"  {verdict.reason}")
            if verdict.sources:
                words.append(f"  [{', '.join(verdict.sources)}]", style="dim")
            console.print(Padding(words, (0, 0, 0, 2)))
    if found.status == "open":
        _carried(found, console)
    _answers(found, console)
    console.print(Text(f"\n{NOTICE}", style="italic"))


def _answers(found: Explanation, console: Console) -> None:
    turns = "closes" if found.status == "open" else "opens"
    options = [one for one in found.answers if one.group != "worse"]
    worse = [one for one in found.answers if one.group == "worse"] or list(found.worsening)
    if not options:
        words = f"Nothing that can be measured, treated or chosen was found that {turns} it: neither one change of the case or the policy"
        words += "." if turns == "closes" else ", nor two together."
        console.print(Text(f"\n{words}"))
    else:
        console.print(
            Text(f"\nWhat {turns} it, nearest first; each was tried by planning the changed case", style="bold")
        )
    for group, heading in GROUP_WORDS.items():
        _listed(f"  {heading}", [one for one in options if one.group == group], console)
    _left(found, console)
    words = (
        "It would also close if this were found"
        if turns == "closes"
        else "It would open only in a worse state, which is no option"
    )
    _listed(f"\n{words}", worse, console)


def _listed(heading: str, answers: Sequence[Answer], console: Console) -> None:
    if answers:
        console.print(Text(heading, style="bold"))
        for answer in answers:
            console.print(Padding(Text(f"- {_spelled(answer)}"), (0, 0, 0, 4)))


def _left(found: Explanation, console: Console) -> None:
    """Says that not every pair of changes was tried."""
    if found.pairs_left:
        words = f"Of pairs of changes the {found.pairs_tried} nearest were tried; {found.pairs_left} more were not."
        console.print(Text(words))


def _carried(found: Explanation, console: Console) -> None:
    """The pathways of an open family, and what they stand on."""
    console.print(Text("\nPathways that carry it", style="bold"))
    for one in found.carried_by[:MOST_PATHWAYS]:
        worse = f" (worse than {one.worse_than})" if one.worse_than else ""
        console.print(Padding(Text(f"{one.id}  {one.title}{worse}"), (0, 0, 0, 2)))
    if len(found.carried_by) > MOST_PATHWAYS:
        console.print(Padding(Text(f"and {len(found.carried_by) - MOST_PATHWAYS} more"), (0, 0, 0, 2)))
    for heading, sentences in (
        ("What all of them take as given", found.assumptions),
        ("Against all of them", found.against),
    ):
        if sentences:
            console.print(Text(f"\n{heading}", style="bold"))
            for words in sentences:
                console.print(Padding(Text(f"- {words}"), (0, 0, 0, 2)))


def _spelled(answer: Answer) -> str:
    keys = ", ".join(dict.fromkeys(one.key for one in answer.changes))
    return f"{answer.words}  ({keys})"


def print_comparison(found: Comparison, console: Console) -> None:
    """Prints the answer of `pathways compare`."""
    console.print(Text(f"{found.case.id} under {', '.join(one.protocol.id for one in found.judged)}", style="bold"))
    table = Table(box=None, pad_edge=False)
    table.add_column("")
    for judged in found.judged:
        table.add_column(judged.protocol.id)
    table.add_row("best chance of resection", *(share_of(one.best_shown) for one in found.judged))
    against = [_against(one.left) for one in found.judged]
    table.add_row("remnant of the least resection", *(left for left, _ in against))
    table.add_row("limit that binds", *(limit for _, limit in against))
    for family in found.judged[0].statuses:
        statuses = [one.statuses[family] for one in found.judged]
        if set(statuses) != {"closed"}:
            cells = [Text(status, style=STATUS_STYLE[status]) for status in statuses]
            table.add_row(Text(family_words(family), style="bold" if len(set(statuses)) > 1 else ""), *cells)
    console.print(table)
    if not found.differences:
        console.print(Text("\nNo pathway opens or closes between these protocols."))
    for protocol in dict.fromkeys(one.protocol for one in found.differences):
        console.print(Text(f"\n{found.judged[0].protocol.id} → {protocol}", style="bold"))
        alike: dict[str, list[str]] = {}
        for one in found.differences:
            if one.protocol == protocol:
                alike.setdefault(difference_words(one), []).append(family_words(one.family))
        for words, families in alike.items():
            console.print(Padding(Text(f"{', '.join(families)}: {words}"), (0, 0, 0, 2)))
    console.print(Text(f"\n{NOTICE}", style="italic"))


def difference_words(one: Difference) -> str:
    """What turned, and by which setting; several families may turn alike."""
    words = f"{one.before} → {one.after}"
    if not one.because:
        return f"{words}; no single setting does it, several do together"
    reasons = []
    for setting in one.because:
        reason = f"{setting.key} {_value(setting.first)} → {_value(setting.other)}"
        if setting.turns_at is not None:
            reason += f", turns at {_value(setting.turns_at)}"
        reasons.append(f"{reason} [{', '.join(setting.sources)}]")
    return f"{words} by {'; or by '.join(reasons)}"


def _value(value: object) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, float):
        return f"{value:.3g}"
    return ", ".join(map(str, value)) if isinstance(value, tuple) else str(value)


def print_sweep(key: str, swept: Sequence[Swept], console: Console) -> None:
    """Prints a sweep: a row for each value, and what opens and closes from one to the next."""
    table = Table(title=f"Sweep of {key}", title_justify="left", title_style="bold", box=None, pad_edge=False)
    table.add_column(key, justify="right")
    table.add_column("best chance\nof resection", justify="right")
    table.add_column("remnant")
    table.add_column("limit")
    table.add_column("opens")
    table.add_column("closes")
    before: set[str] | None = None
    for one in swept:
        now = set(one.open)
        opens = "" if before is None else ", ".join(family_words(name) for name in one.open if name not in before)
        closes = "" if before is None else ", ".join(family_words(name) for name in sorted(before - now))
        table.add_row(f"{one.value:.4g}", share_of(one.best_shown), *_against(one.left), opens, closes)
        before = now
    console.print(table)


def _against(one: Left) -> tuple[str, str]:
    """The remnant of the least resection, and the limit that binds under this value."""
    return ("", "") if one.limit is None or one.remnant is None else one.limit.words(one.remnant)
