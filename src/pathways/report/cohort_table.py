"""A simulated cohort in words: shares with their intervals, survival, where pathways end, and what a second strategy changes."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from pathways.cohort.draws.background_mortality import DAYS_A_YEAR
from pathways.cohort.runs.paired import Difference
from pathways.cohort.runs.results import Result
from pathways.cohort.runs.simulation import Simulation
from pathways.report.words import NOTICE

if TYPE_CHECKING:
    from rich.console import Console

MOST_FLOWS = 12
MEASURE_WORDS = {
    "resected": "liver and all other sites cleared by resection",
    "operative_death": "death of treatment, before any recurrence",
    "dead_5y": "known to have died within five years",
}


def print_result(
    result: Result, differences: Sequence[Difference] | None, other: Simulation | None, console: Console
) -> None:
    """Prints a simulation for people."""
    made, counts = result.simulation, result.outcome_counts
    who = f"patients like {made.who}" if made.case else f"drawn patients of cohort {made.who}"
    console.print(f"{counts.patients:,} {who}, strategy {made.strategy}, protocol {made.protocol.id}, seed {made.seed}")
    if result.figures_speak:
        _print_figures(result, console)
        if differences is not None and other is not None:
            _print_differences(differences, made, other, console)
        _print_flows(result, console)
    else:
        _print_without_figures(result, console)
    rate = counts.patients / result.seconds if result.seconds else 0
    console.print(f"{result.seconds:.1f} s, {rate:,.0f} patients a second")
    words = (
        "chances are borrowed from cohorts that differ. " if result.figures_speak else "no figure is of this primary. "
    )
    console.print(f"Simulated patients: {words}{NOTICE}")


def _print_without_figures(result: Result, console: Console) -> None:
    """Why nothing is counted, and the ends that are reached: so many of so many patients would be a chance."""
    document = result.as_json()
    for warning in document["warnings"]:
        console.print(f"! {warning}")
    console.print(f"pathways end in: {', '.join(name.replace('_', ' ') for name in document['ends'])}")


def _print_figures(result: Result, console: Console) -> None:
    """Shares with their intervals, survival, and where pathways end."""
    from rich.table import Table

    counts, document = result.outcome_counts, result.as_json()
    table = Table(box=None, pad_edge=False, header_style="")
    table.add_column("")
    for name in ("share", "95 % interval", "of"):
        table.add_column(name, justify="right")
    rows = (
        ("all sites cleared by resection", "resected", counts.patients),
        ("liver treatment begun and liver cleared", "completed", counts.begun),
        ("death of treatment (within 90 days), before any recurrence", "mortality_90d", counts.patients),
        ("recurrence after clearance", "recurred", counts.cleared),
    )
    for words, key, of in rows:
        table.add_row(words, *_share(document[key]), f"{of:,}")
    for year in (1, 3, 5):
        day = round(year * DAYS_A_YEAR)
        table.add_row(f"alive after {year} year{'s' if year > 1 else ''}", *_at(result.survival, day), "")
    for year in (1, 3, 5):
        day = round(year * DAYS_A_YEAR)
        if counts.cleared:
            words = f"free of recurrence {year} year{'s' if year > 1 else ''} after clearance"
            table.add_row(words, *_at(result.free_of_recurrence, day), "")
    console.print(table)
    median = result.survival.median()
    if median is not None:
        ends = " to ".join(
            "not reached" if one is None else f"{_months(one):.1f}" for one in result.survival.median_interval()
        )
        console.print(f"median survival {_months(median):.1f} months ({ends})")
    reached = ", ".join(f"{name.replace('_', ' ')} {count:,}" for name, count in document["ends"].items())
    console.print(f"pathways end in: {reached}")


def _print_differences(
    differences: Sequence[Difference], made: Simulation, other: Simulation, console: Console
) -> None:
    from rich.table import Table

    console.print(f"\nthe same patients with the same luck under {other.strategy}:")
    if all(one.only_first == one.only_second == 0 for one in differences):
        console.print(
            "not one patient fared differently: this strategy decides nothing otherwise here, or nothing that matters"
        )
    table = Table(box=None, pad_edge=False, header_style="")
    for name in ("", made.strategy, other.strategy, "difference", "95 % interval"):
        table.add_column(name, justify="left" if not name else "right")
    for one in differences:
        interval = f"{one.low * 100:+.2f} to {one.high * 100:+.2f}"
        table.add_row(
            MEASURE_WORDS[one.measure],
            f"{one.first:.1%}",
            f"{one.second:.1%}",
            f"{one.value * 100:+.2f} points",
            interval,
        )
    console.print(table)


def _print_flows(result: Result, console: Console) -> None:
    from rich.table import Table

    flows = result.flows()
    console.print(f"\nsteps between phases, the {min(MOST_FLOWS, len(flows))} most walked of {len(flows)}:")
    table = Table(box=None, pad_edge=False, show_header=False)
    table.add_column(justify="right")
    table.add_column()
    for one in flows[:MOST_FLOWS]:
        table.add_row(f"{one['count']:,}", f"{one['from'].replace('_', ' ')} → {one['to'].replace('_', ' ')}")
    console.print(table)


def _months(days: int) -> float:
    return days / DAYS_A_YEAR * 12


def _share(found: dict[str, float] | None) -> tuple[str, str]:
    if found is None:
        return "–", "nobody"
    return f"{found['value']:.1%}", f"{found['low']:.1%} to {found['high']:.1%}"


def _at(curve: Any, day: int) -> tuple[str, str]:
    if not curve.at_risk[day]:
        return "–", "nobody left"
    return f"{curve.value[day]:.1%}", f"{curve.low[day]:.1%} to {curve.high[day]:.1%}"
