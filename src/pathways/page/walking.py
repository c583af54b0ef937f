"""Walk it: what happened, step by step; what is left of the pathways; saved as a course that `pathways audit` reads."""

from __future__ import annotations

import re
from typing import Any

from pathways.documents.problems import PathwaysError
from pathways.documents.writing import mapping
from pathways.facts.step_names import title_for
from pathways.graph.explore import Edge, Graph
from pathways.liver.anatomy import segments_of
from pathways.machine.patient import TRIGGERS, Patient
from pathways.messages.catalogue import called, say
from pathways.messages.naming import family_words
from pathways.page.opened import COURSE, ConflictError
from pathways.page.shared import Told, wrong
from pathways.page.sitting import Sitting
from pathways.planning.annotations import note_of, resection_of
from pathways.planning.plan import ALL_FAMILIES, Plan
from pathways.quick_dataclass import dataclass

STEP = re.compile(r"([a-z0-9_]{1,80})(?:@([0-9]{1,5}))?(?:=([0-9]{1,2}(?:\.[0-9])?))?")
MOST_STEPS = 80


@dataclass(frozen=True, slots=True)
class Walked:
    """A step that was taken: the edge of the graph, the day it is told to have happened on, the remnant that was measured."""

    edge: Edge
    day: int | None
    measured: float | None


def walk_screen(sitting: Sitting) -> Told:
    """What happened, what can come next, what is left."""
    plan = sitting.plan
    if plan is None:
        return {"wrong": wrong(sitting), "found": None}
    what, _, rest = sitting.sent.get("do", "").partition(":")
    steps = [one for one in sitting.walk.split() if STEP.fullmatch(one)][:MOST_STEPS]
    if what == "undo":
        steps = steps[:-1]
    elif what == "from_start":
        steps = []
    elif what == "step" and re.fullmatch("[a-z0-9_]{1,80}", rest):
        steps = [*steps, rest + _told(sitting.sent)]
    walked, person = _walked(sitting, plan, steps)
    sitting.walk = " ".join(steps[: len(walked)])
    if what == "save_course":
        _save(sitting, plan, walked)
    left = _left(plan.graph, walked)
    return {
        "wrong": [], "found": True, "walked": [_step(plan, one) for one in walked], "options": _options(person), "ended": called("end", person.phase) if person.ended else "",
        "left": [family_words(one) for one in ALL_FAMILIES if one in left], "gone": [family_words(one) for one in plan.open if one not in left],
        "day": _day(walked), "measures": any("volumetry" in option["events"] for option in _options(person)),
    }  # fmt: skip


def _told(sent: dict[str, str]) -> str:
    """The day and the volumetry that were typed beside a step."""
    day = sent.get("day", "").strip()
    measured = sent.get("measured", "").strip().rstrip("%").strip()
    told = f"@{day}" if re.fullmatch("[0-9]{1,5}", day) else ""
    return told + (f"={measured}" if re.fullmatch(r"[0-9]{1,2}(\.[0-9])?", measured) else "")


def _walked(sitting: Sitting, plan: Plan, steps: list[str]) -> tuple[list[Walked], Patient]:
    """The steps as far as they can be taken in this case: a changed case may end them early."""
    person = Patient(plan.graph.facts)
    found: list[Walked] = []
    node = 0
    for text in steps:
        match = STEP.fullmatch(text)
        assert match is not None
        edge = next((one for one in plan.graph.edges[node] if one.declared.name == match[1]), None)
        if edge is None:
            refused = [one for each in person.options() if each.trigger == match[1] for one in each.refused_by]
            sitting.errors.append("; ".join(one.reason for one in refused) or say("bench.not_offered", step=match[1]))
            break
        (person.decide if edge.declared.kind == "decision" else person.outcome)(match[1])
        found.append(Walked(edge, int(match[2]) if match[2] else None, float(match[3]) if match[3] else None))
        node = edge.target
    return found, person


def _step(plan: Plan, one: Walked) -> Told:
    words = title_for(one.edge.declared, plan.graph.facts.assessed)
    if one.measured is not None:
        words = say("bench.measured", step=words, percent=one.measured)
    return {
        "day": "" if one.day is None else one.day,
        "words": words,
        "note": note_of(plan.graph, one.edge),
        "decision": one.edge.declared.kind == "decision",
    }


def _options(person: Patient) -> list[Told]:
    return [
        {"name": one.trigger, "words": one.title, "decision": one.kind == "decision", "refused": "; ".join(dict.fromkeys(each.reason for each in one.refused_by)),
         "events": TRIGGERS[one.trigger].events}
        for one in person.options()
    ]  # fmt: skip


def _day(walked: list[Walked]) -> int:
    return next((one.day for one in reversed(walked) if one.day is not None), 0)


def _left(graph: Graph, walked: list[Walked]) -> set[str]:
    """Families of what was done and of what can still come."""
    node = walked[-1].edge.target if walked else 0
    found = {family for one in walked for family in graph.families(one.edge)}
    seen, waiting = {node}, [node]
    while waiting:
        for edge in graph.edges[waiting.pop()]:
            found.update(graph.families(edge))
            if edge.target not in seen:
                seen.add(edge.target)
                waiting.append(edge.target)
    return found


def _save(sitting: Sitting, plan: Plan, walked: list[Walked]) -> None:
    """The walk as a course beside the case."""
    events = [event for one in walked if (event := _event(plan, one))]
    if not sitting.file:
        sitting.errors.append(say("bench.save_first"))
        return
    if not events:
        sitting.errors.append(say("bench.nothing_walked"))
        return
    name = sitting.opened.name_beside(sitting.file, COURSE)
    text = "\n".join(mapping({"schema": 1, "case": sitting.file, "events": events})) + "\n"
    try:
        seen = sitting.opened.beside(sitting.file, COURSE)
        # A course that this page wrote, or none: written anew, whole; what somebody else wrote is kept.
        if seen.text and not seen.text.startswith(HEAD):
            raise ConflictError(name, seen.text, seen.mark)
        sitting.opened.write(name, HEAD + text, seen.mark)
    except PathwaysError as error:
        sitting.errors.append(str(error))
    else:
        sitting.notices.append(say("bench.course_saved", file=name))


HEAD = "# Written by pathways serve: what was walked in the meeting.\n"


def _event(plan: Plan, one: Walked) -> dict[str, Any] | None:
    """A step as a record tells it; nothing for what a record has no word for."""
    words = one.edge.declared.events
    if not words:
        return None
    told: dict[str, Any] = {} if one.day is None else {"day": one.day}
    told["event"] = words[0]
    resection = resection_of(plan.graph, one.edge)
    if resection is not None and resection.removes and words[0] != "volumetry":
        told["removes"] = list(segments_of(resection.removes))
    if one.measured is not None and words[0] == "volumetry":
        told["fraction"] = one.measured / 100
    return told
