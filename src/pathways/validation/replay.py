"""Whether a recorded course replays as a route: its treatments, in order, with everything unrecorded filled in.

Treatments must match one by one; meetings, restagings, washouts, volumetry and recovery are steps a report may leave
out. One recorded course of chemotherapy may stand for several blocks. What is not a treatment is passed over.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from pathways.case.course import Course, CourseEvent
from pathways.graph.explore import Edge, Graph
from pathways.process.acts import ACT_OF_EVENT, NO_ACT, OPERATIONS, STIMULI
from pathways.process.model import Trigger
from pathways.quick_dataclass import dataclass

# What a record may tell that is not a treatment of its own here; the second line is treated, but not planned.
FOLLOWED = OPERATIONS | STIMULI | {"systemic", "transplantation", "diversion"}
PASSED_OVER = frozenset(event for event, act in ACT_OF_EVENT.items() if act not in FOLLOWED) | NO_ACT
# A protective stoma or stent may be recorded where the process sees no emergency; where it does, it must be recorded.
MAY_BE_EXTRA = frozenset({"stent", "diversion"})
# Part of another treatment done in the same session.
GOES_WITH = {"portal_vein_ligation": ("first_stage", "alpps_stage_1"), "ablation": ("first_stage", "alpps_stage_1")}
IN_PARTS = ("chemotherapy", "liver_venous_deprivation")


@dataclass(frozen=True, slots=True)
class Replay:
    """How far a course could be followed: the route to there, and the first session that no step answers to."""

    route: tuple[Edge, ...]
    matched: int
    sessions: tuple[tuple[str, ...], ...]

    @property
    def complete(self) -> bool:
        """Whether every recorded treatment lies on the route."""
        return self.matched == len(self.sessions)

    @property
    def stuck_at(self) -> tuple[str, ...] | None:
        """The first session without a step, if any."""
        return None if self.complete else self.sessions[self.matched]


class _Place(NamedTuple):
    """A state, the sessions matched, and what of the present session is still to be done."""

    node: int
    matched: int
    left: tuple[str, ...] = ()


def sessions(course: Course) -> tuple[tuple[str, ...], ...]:
    """The treatments of a course, those of one day or session together, in order."""
    grouped: list[tuple[object, list[str]]] = []
    for event in course.events:
        if event.event in PASSED_OVER:
            continue
        together = _session(event)
        if grouped and together is not None and grouped[-1][0] == together:
            grouped[-1][1].append(event.event)
        else:
            grouped.append((together, [event.event]))
    return _without_adjuvant(_merged([_joined(names) for _, names in grouped]))


def _merged(found: list[tuple[str, ...]]) -> list[tuple[str, ...]]:
    """A treatment recorded in several parts in a row (cycles with and without an antibody, veins one by one) is one."""
    return [one for index, one in enumerate(found) if not index or one != found[index - 1] or one[0] not in IN_PARTS]


def _without_adjuvant(found: list[tuple[str, ...]]) -> tuple[tuple[str, ...], ...]:
    """Chemotherapy after the last operation follows the end `resected`, so it is no step of the route."""
    while len(found) > 1 and found[-1] == ("chemotherapy",):
        found = found[:-1]
    return tuple(found)


def replay(graph: Graph, course: Course) -> Replay:
    """Follows `course` as far as some route of `graph` does; breadth first over (state, treatments matched)."""
    wanted = sessions(course)
    start = _Place(0, 0)
    via: dict[_Place, tuple[_Place, Edge | None] | None] = {start: None}
    waiting = [start]
    furthest = start
    for place in waiting:
        if place.matched > furthest.matched:
            furthest = place
        steps: list[tuple[Edge | None, int, tuple[str, ...]]] = [
            (edge, matched, left)
            for edge in graph.edges[place.node]
            for matched, left in _matches(edge.declared, wanted, place)
        ]
        if not place.left and place.matched < len(wanted) and set(wanted[place.matched]) <= MAY_BE_EXTRA:
            steps.append((None, place.matched + 1, ()))
        for edge, matched, left in steps:
            after = _Place(edge.target if edge else place.node, matched, left)
            if after not in via:
                via[after] = (place, edge)
                waiting.append(after)
    return Replay(_route(via, furthest), furthest.matched, wanted)


def _session(event: CourseEvent) -> object:
    if event.session is not None:
        return ("session", event.session)
    return None if event.day is None else ("day", event.day)


def _joined(names: list[str]) -> tuple[str, ...]:
    """The treatments of a session without those that another one of it implies."""
    return tuple(sorted({name for name in names if not set(GOES_WITH.get(name, ())) & set(names)}))


def _matches(
    trigger: Trigger, wanted: tuple[tuple[str, ...], ...], place: _Place
) -> Iterator[tuple[int, tuple[str, ...]]]:
    """Sessions matched after `trigger`, and what is left of the present one.

    One more session, the same (a free step, a further block), or none; of a session with ablation the operation may
    come first and the ablation of what it found after it.
    """
    matched = place.matched
    if not _is_treatment(trigger):
        yield matched, place.left
        return
    if place.left:
        # What was found there may be ablated in the session of the operation before.
        if "found at operation" in trigger.treats and set(place.left) == set(trigger.events):
            yield matched + 1, ()
        return
    if matched < len(wanted) and _answers(trigger, wanted[matched]):
        yield matched + 1, ()
    if matched < len(wanted) and "ablation" in wanted[matched] and trigger.operation:
        rest = tuple(name for name in wanted[matched] if name != "ablation")
        if rest and _answers(trigger, rest):
            yield matched, ("ablation",)
    # A further block of the same recorded course of chemotherapy.
    if trigger.events == ("chemotherapy",) and matched and wanted[matched - 1] == ("chemotherapy",):
        yield matched, ()


def _is_treatment(trigger: Trigger) -> bool:
    return trigger.kind == "decision" and any(name not in PASSED_OVER for name in trigger.events)


def _answers(trigger: Trigger, session: tuple[str, ...]) -> bool:
    """All of the session is in the trigger's events; a trigger whose events are alternatives needs one of them."""
    if len(session) == 1 and not trigger.clearance:
        return session[0] in trigger.events
    return set(session) == set(trigger.events)


def _route(via: dict[_Place, tuple[_Place, Edge | None] | None], last: _Place) -> tuple[Edge, ...]:
    edges: list[Edge] = []
    place = last
    while (step := via[place]) is not None:
        place, edge = step
        if edge is not None:
            edges.append(edge)
    return tuple(reversed(edges))
