"""The remnant as volumetry on the way finds it: a number beside the one of today, so that the learner compares it with the limit.

The machine knows whether the remnant has become large enough, and no volume. The volume told is constructed: the usual growth of
the stimulus where that agrees with what was found, and just on the side of the limit that was found where it does not.
"""

from __future__ import annotations

from collections.abc import Sequence

from pathways.drawing.growth import GrowthCurve
from pathways.facts.derive import scenario_of
from pathways.facts.remnant import binding_limit
from pathways.graph.explore import Edge, Graph
from pathways.liver.resection import CLEARANCES, Resection
from pathways.messages.catalogue import say
from pathways.process.acts import stimulates
from pathways.process.facts import State
from pathways.process.model import AGAIN

# How far above the limit, and which part of the way to it: the least that reads as the one or the other.
ABOVE, PART_OF_THE_WAY = 0.01, 0.6
DAYS_A_WEEK = 7


def grown_share(graph: Graph, state: State, stimulus: str) -> tuple[float, float] | None:
    """The remnant of the planned operation before and after growth, as shares of the liver; None where nothing has grown."""
    assessed = graph.facts.assessed
    target = assessed.target(scenario_of(state))
    if target is None or state.growth not in ("adequate", "weak", "exhausted"):
        return None
    before = target.remnant.value
    limit = binding_limit(assessed, target, state.blocks).share
    name = f"growth_{stimulus}"
    usual = before * (1 + (assessed.parameters[name].number if name in assessed.parameters else 0.0))
    if state.growth == "adequate":
        return before, max(usual, limit + ABOVE)
    short = before + PART_OF_THE_WAY * (limit - before) if before < limit else limit - ABOVE
    return before, min(short, limit - ABOVE) if limit - ABOVE > before else before


def measured_share(graph: Graph, state: State, *, enough: bool) -> tuple[float, float] | None:
    """The remnant as estimated, and as volumetry without growth finds it; None where no operation is planned."""
    target = _measured(graph, state)
    if target is None:
        return None
    estimate, limit = target.remnant.value, binding_limit(graph.facts.assessed, target, state.blocks).share
    return estimate, max(estimate, limit + ABOVE) if enough else min(estimate, limit - ABOVE)


def _measured(graph: Graph, state: State) -> Resection | None:
    """The resection whose remnant volumetry measures: the one that is planned; where none has to wait for growth, that which leaves least."""
    planned = [one for name in CLEARANCES if (one := graph.facts.resection(name, state)) is not None and one.removes]
    return graph.facts.assessed.target(scenario_of(state)) or min(
        planned, key=lambda one: one.remnant.value, default=None
    )


def told_share(graph: Graph, state: State, resection: Resection) -> float | None:
    """What the learner was told that volumetry has found to stay of a resection; None where nothing was.

    Of what was measured the machine knows no more than that it is enough.
    """
    target = graph.facts.assessed.target(scenario_of(state))
    if state.growth == "adequate":
        grown = grown_share(graph, state, state.stimulus) if target and target.removes == resection.removes else None
        return None if grown is None else grown[1]
    found = _measured(graph, state) if state.volume == "enough" else None
    measured = measured_share(graph, state, enough=True) if found and found.removes == resection.removes else None
    return None if measured is None else measured[1]


def grown_words(graph: Graph, edge: Edge) -> str | None:
    """What volumetry found, in a sentence; None for a step that is no such finding."""
    if not {"enough", "short"} & set(edge.declared.finds):
        return None
    before, after = graph.states[edge.source], graph.states[edge.target]
    if any(effect.fact == "volume" for effect in edge.declared.effects):
        measured = measured_share(graph, before, enough="enough" in edge.declared.finds)
        return None if measured is None else say("volumetry.measured", then=measured[0], now=measured[1])
    found = grown_share(graph, after, before.stimulus)
    if found is None:
        return None
    then, now = found
    unfit = " " + say("volumetry.unfit") if after.condition == "unfit" else ""
    key, known = _days_key(before), graph.facts.assessed.parameters
    if before.growth != "pending" or key not in known:
        return say("volumetry.found", then=then, now=now) + unfit
    days = known[key].number
    pace = (now - then) * 100 / (days / DAYS_A_WEEK)
    return say("volumetry.grown", then=then, now=now, days=days, pace=pace) + unfit


def _days_key(state: State) -> str:
    """The figure that tells when growth after the latest stimulus is measured."""
    return f"growth_{state.stimulus.removesuffix(AGAIN)}_days"


def curve_of(graph: Graph, route: Sequence[Edge]) -> GrowthCurve | None:
    """The volumes of the latest stimulus on a way, each on its day since; None where none has been measured."""
    points, day, limit = list[tuple[int, float]](), 0.0, 0.0
    assessed = graph.facts.assessed
    for edge in route:
        day += graph.days(edge)
        stimulated = stimulates(edge.declared)
        before = graph.states[edge.source]
        target = assessed.target(scenario_of(before))
        if stimulated and target is not None:
            points, day = [(0, target.remnant.value)], 0.0
        elif points and target is not None and {"enough", "short"} & set(edge.declared.finds):
            found = grown_share(graph, graph.states[edge.target], before.stimulus)
            if found is not None:
                # The step of a stimulus takes the days until it is given too: the first volumetry is told by those of the growth.
                known = assessed.parameters.get(_days_key(before))
                day = known.number if len(points) == 1 and known is not None else max(day, points[-1][0] + 1)
                points.append((round(day), found[1]))
                limit = binding_limit(assessed, target, before.blocks).share
    return GrowthCurve(tuple(points), limit) if len(points) > 1 else None
