"""What the charts of a plan show, as plain values: growth, the swing of each figure, survival, what hangs on what is missing.

Every number is one that the plan prints or stands on; the Vega-Lite specification and the picture drawn here take the same.
"""

from __future__ import annotations

import math
from collections.abc import Callable

from pathways.documents.problems import PathwaysError
from pathways.facts import remnant
from pathways.facts.intervals import DAYS_A_WEEK
from pathways.facts.patient_assessment import TODAY
from pathways.facts.remnant import BindingLimit
from pathways.messages.catalogue import called, say
from pathways.planning.annotate import Pathway
from pathways.planning.outlook import Hanging
from pathways.planning.plan import Plan
from pathways.planning.uncertainty import Estimated, interval, one_way
from pathways.process.model import AGAIN
from pathways.prognosis.patient import MIDDLE_YEAR
from pathways.quick_dataclass import dataclass

# Where a value lies on an axis.
Place = Callable[[float], float]
MOST_BARS = 12
NO_CHANCES = "no figure of how often the liver is cleared was found for this primary"
WEEKS_SHOWN = 8
STIMULI = ("pve", "lvd", "split")


@dataclass(frozen=True, slots=True)
class Grown:
    """The remnant so many weeks after a stimulus: the mean, and one standard deviation on both sides."""

    week: float
    remnant: float
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class Growth:
    """What the remnant of a resection could grow to. A curve of one point has no time course that was found."""

    resection: str
    today: float
    limit: BindingLimit
    curves: dict[str, tuple[Grown, ...]]


@dataclass(frozen=True, slots=True)
class Swing:
    """A figure, or an item that is missing, and the chance between its ends."""

    words: str
    low: float
    high: float
    span: str
    turns: bool
    sources: str


def stimulus_words(stimulus: str) -> str:
    """`pve` as a chart names it."""
    return called("stimulus", stimulus)


def growth(plan: Plan) -> Growth:
    """The remnant that could be made to grow. Raises PathwaysError where no resection takes a whole side."""
    assessed = plan.graph.facts.assessed
    target = assessed.target(TODAY)
    if target is None:
        raise PathwaysError("no resection of this case takes a whole side: there is no remnant to grow")
    constant = assessed.parameters["growth_time_constant_weeks"].number
    today = target.remnant.value
    curves: dict[str, tuple[Grown, ...]] = {}
    # What has been made to grow before grows less by a second stimulus, and no more by the same one.
    again = remnant.grown_before_today(assessed, target)
    for stimulus in STIMULI[1:] if again else STIMULI:
        figure = assessed.parameters[f"growth_{stimulus}{AGAIN if again else ''}"]
        first = assessed.parameters[f"growth_{stimulus}_days"].number / DAYS_A_WEEK
        if stimulus == "split":
            # No time course of growth after a split was found: one point, at the usual day of volumetry.
            curves[stimulus] = (_grown(round(first, 2), today, figure.number, figure.sd),)
            continue
        points = []
        for half in range(2 * WEEKS_SHOWN + 1):
            week = half / 2
            share = (1 - math.exp(-week / constant)) / (1 - math.exp(-first / constant))
            points.append(_grown(week, today, figure.number * share, figure.sd * share))
        curves[stimulus] = tuple(points)
    return Growth(target.name, today, remnant.binding_limit(assessed, target, 0), curves)


def _grown(week: float, today: float, mean: float, spread: float) -> Grown:
    return Grown(
        week,
        round(today * (1 + mean), 4),
        round(today * (1 + max(0.0, mean - spread)), 4),
        round(min(1.0, today * (1 + mean + spread)), 4),
    )


def swings(plan: Plan) -> tuple[Pathway, tuple[Swing, ...]]:
    """The first pathway that clears the liver, and the figures that move its chance most, largest first."""
    ranked = [one for one in plan.pathways if one.curative and not one.watched]
    need(ranked, "no pathway of this case ends with the liver cleared")
    need(plan.best_shown, NO_CHANCES)
    rival = ranked[1].walk if len(ranked) > 1 else None
    parameters = plan.graph.facts.assessed.parameters
    found = tuple(
        Swing(
            parameters[one.parameter].description,
            round(min(one.at_low, one.at_high), 4),
            round(max(one.at_low, one.at_high), 4),
            f"{one.low:.3g} to {one.high:.3g} {parameters[one.parameter].unit}",
            one.flips,
            ", ".join(parameters[one.parameter].sources),
        )
        for one in one_way(plan.evaluation, ranked[0].walk, rival)[:MOST_BARS]
    )
    need(found, "no figure moves the chance of the first pathway")
    return ranked[0], found


def unknowns(plan: Plan) -> tuple[float, tuple[Swing, ...]]:
    """The best chance of resection, and what it is if an item that is missing is not as it is taken, most first."""
    items = plan.find_out_next[:MOST_BARS]
    need(items, "nothing that is missing of this case would change its plan")
    need(plan.best_shown, NO_CHANCES)
    return items[0].chance_now, tuple(
        Swing(
            say("picture.unknown", item=one.item, assumed=one.assumed),
            min(one.chance_now, one.chance_otherwise),
            max(one.chance_now, one.chance_otherwise),
            "",
            bool(one.closes),
            "",
        )
        for one in items
    )


def survivals(plan: Plan) -> tuple[tuple[Pathway, Estimated], ...]:
    """Five-year survival of the pathways, in the order of the plan."""
    found = tuple(
        (one, one.prospect.survival)
        for one in plan.pathways
        if one.prospect is not None and one.prospect.survival is not None
    )
    need(found, "no figure for five-year survival is known for this disease")
    return found


def curves(plan: Plan) -> tuple[tuple[Pathway, tuple[Estimated, ...]], ...]:
    """The share alive at the end of years 1 to 10, of the pathways in the order of the plan."""
    found = tuple(
        (one, one.prospect.outlook.survival)
        for one in plan.pathways
        if one.prospect is not None and one.prospect.outlook is not None
    )
    need(found, "no figure for survival is known for this disease")
    return found


def life(plan: Plan) -> tuple[Estimated, tuple[Hanging, ...]]:
    """Five-year survival after clearance as it is taken, what is not known averaged; and what it is at both ends of each unknown."""
    found = plan.life_hangs_on
    need(found, "nothing that is not known of this patient would move survival after clearance")
    prognosis = plan.prognosis
    assert prognosis is not None
    rows = prognosis.cleared().alive[MIDDLE_YEAR], prognosis.cleared_drawn().alive[MIDDLE_YEAR]
    return interval(*rows), found


def need(rows: object, message: str) -> None:
    """Refuses, in a sentence, where there is nothing to show."""
    if not rows:
        raise PathwaysError(message)
