"""What is known at a decision beside the map: treatment so far, course, what operations would leave, what else is there."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import get_args

from pathways import words
from pathways.facts.remnant import body_weight_ratio, percent
from pathways.graph.explore import Graph
from pathways.liver.resection import CLEARANCES
from pathways.messages.catalogue import say
from pathways.process.acts import is_block, stimulates
from pathways.process.facts import State
from pathways.process.phases import LIVER_DONE
from pathways.teaching.narrative.referral import Row
from pathways.teaching.unrolling.grown import grown_share
from pathways.teaching.unrolling.walk import Traveller, Unrolled

STILL = ("in place", "disease still there")
TOLD_AS_STILL = (*STILL, *(f"{STILL[0]}, {one}" for one in get_args(words.Urgency)))


def told_anew(told: Iterable[Row], found: Iterable[Row]) -> tuple[Row, ...]:
    """What the case tells, and what is found beside it: that something is still there as it was told is nothing new."""
    told = tuple(told)
    labels = {label for label, _ in told}
    return tuple(dict.fromkeys([*told, *(row for row in found if row[0] not in labels or row[1] not in TOLD_AS_STILL)]))


def now(one: Unrolled, way: Traveller, state: State) -> Iterator[Row]:
    """The findings of the moment, label and value."""
    assessed = one.graph.facts.assessed
    blocks = [edge.declared.course for edge in way.route if is_block(edge.declared)]
    given = len(blocks)
    if given:
        cycles = sum(map(assessed.cycles_of_course, blocks))
        yield (
            "Systemic treatment in this plan",
            f"{cycles} cycles"
            if cycles
            else f"{given} × {assessed.protocol.number('targeted_weeks' if assessed.targeted else 'restaging_weeks'):g} weeks",
        )
    if state.control == "progressed":
        yield "Course", "the disease has progressed"
    elif state.extent == "responded":
        yield "Course", "the disease has responded"
    yield from _remnants(one, state, _stimulated(one.graph, way))
    if one.scenario.case.primary_in_place:
        there = {"resected": "removed", "absent": "removed", "irradiated": "in place, irradiated", "rested": "in place, interval after radiotherapy over",
                 "urgent": f"in place, {one.scenario.case.primary.urgent}"}  # fmt: skip
        yield "Primary", there.get(state.primary, STILL[0])
    if one.scenario.case.disease_elsewhere:
        yield "Outside the liver", "removed" if state.extrahepatic == "cleared" else STILL[1]


def _stimulated(graph: Graph, way: Traveller) -> str:
    """The growth stimulus that was given last on the way: one of the history is in the figures of the case already."""
    given = [graph.states[edge.target].stimulus for edge in way.route if stimulates(edge.declared)]
    return given[-1] if given else ""


def _remnants(one: Unrolled, state: State, stimulated: str) -> Iterator[Row]:
    """What operations that would clear the liver leave behind; figures only, the limits are for the learner to know."""
    if state.stage in LIVER_DONE:
        return
    target = one.graph.facts.resection("target", state)
    if target is not None and stimulated and (grown := grown_share(one.graph, state, stimulated)) is not None:
        # The figures of the case are older than the volumetry that has just found this.
        yield f"After {target.name}", say("volumetry.row", now=grown[1], then=grown[0])
        return
    assessed, said = one.graph.facts.assessed, set[str]()
    for name in (*CLEARANCES, "target"):
        found = one.graph.facts.resection(name, state)
        if found is None or found.name in said or not found.removes:
            continue
        said.add(found.name)
        ratio = body_weight_ratio(assessed, found)
        weight = "" if ratio is None else f"; {ratio.value:.2%} of body weight"
        # What volumetry found on the way is told in the text; the figure is that of the case.
        before = ", before the stimulus" if stimulated else ""
        yield f"After {found.name}", f"{percent(found.remnant)} would stay{weight}{before}"
