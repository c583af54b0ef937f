"""A walk through the process as a recorded course: what was done and found, in the words that the audit reads.

Decides which words a record has for a step. The process draws whether a remnant has grown enough, not how much: such a volumetry tells the
limit itself, or a hundredth of the liver less. What was planned and not done (an operation that was abandoned, a transplantation before which
the disease progressed) stands in no record. Where a wait was drawn longer than imaging stays fresh, the liver is imaged again before the stage, as
the rule asks; nothing new is found.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import field
from typing import Any

from pathways.conformance.acts import Act, acts_of, imaged_on_the_way
from pathways.conformance.limits import DAYS_A_WEEK
from pathways.conformance.timing import STAGES
from pathways.facts.derive import scenario_of
from pathways.facts.regimen import regimen
from pathways.facts.remnant import binding_limit
from pathways.graph.explore import Edge, Graph
from pathways.liver.anatomy import segments_of
from pathways.process.acts import ACT_OF_EVENT, OF_THE_REMNANT, ON_THE_LIVER
from pathways.process.records import ACTS_OF
from pathways.quick_dataclass import dataclass
from pathways.ward.regimens import drugs_in

# A systemic treatment that counts as no chemotherapy, where the drug is not chosen here.
UNCHOSEN = "targeted_drug"
# Below the limit by this share of the liver: short, and no more said than that.
SHORT_BY = 0.01
PLACES = 10_000
# The imaging that characterises, and the finding of it that ends the liver's pathway.
TELLING = "mri"
DROPPED_WITH = ON_THE_LIVER | {"metastasectomy"}
_IMAGING = frozenset({"restaging"})
OF_A_LIVER_FAILURE, OTHER = "liver_failure", "other"


@dataclass(frozen=True, slots=True)
class Walked:
    """One step of a walk: its edge, the day on which it ends, and whether a death of another cause came before that."""

    edge: Edge | None
    day: int


@dataclass
class _Course:
    """The events so far; `decided`: where those of the last decision begin; `for_diagnosis`: operations tell what a lesion is."""

    events: list[dict[str, Any]] = field(default_factory=list)
    decided: int = 0
    day: int = 0
    for_diagnosis: bool = False


class Written:
    """Writes walks of one graph."""

    def __init__(self, graph: Graph) -> None:
        self.graph = graph
        self.acts = {
            edge: act
            for leaving, acts in zip(graph.edges, acts_of(graph), strict=True)
            for edge, act in zip(leaving, acts, strict=True)
        }

    def walk(self, steps: Iterable[tuple[int, int, str]]) -> list[Walked]:
        """The edges of a walk told by trigger, day and the phase that was reached. A step that ends in death for which there is none is that of another cause."""
        node, found = 0, []
        for trigger, day, phase in steps:
            edge = next(
                (one for one in self.graph.edges[node] if one.trigger == trigger and self._phase(one) == phase), None
            )
            found.append(Walked(edge, day))
            if edge is None:
                break
            node = edge.target
        return found

    def _phase(self, edge: Edge) -> str:
        return self.graph.states[edge.target].phase

    def events(self, walk: Sequence[Walked]) -> list[dict[str, Any]]:
        """The events of a walk, with the keys of a course."""
        course = _Course()
        for place, one in enumerate(walk):
            if one.edge is None:
                course.events.append({"day": one.day, "event": "death"})
                break
            following = walk[place + 1].edge if place + 1 < len(walk) else None
            self._step(course, one.edge, one.day, following)
            course.day = one.day
        # In a session what is done first is told first; all else is in the order of its days.
        return list(self._imaged_again(sorted(course.events, key=lambda event: event["day"])))

    def _imaged_again(self, events: Iterable[dict[str, Any]]) -> Iterator[dict[str, Any]]:
        """The same events, and imaging on the last day on which the one before is fresh enough, where a stage comes later than that."""
        fresh = round(self.graph.facts.assessed.protocol.number("imaging_weeks") * DAYS_A_WEEK)
        seen: int | None = None
        for event in events:
            acts = ACTS_OF.get(event["event"], frozenset())
            while seen is not None and acts & STAGES and event["day"] - seen > fresh:
                seen += fresh
                yield {"day": seen, "event": "restaging"}
            yield event
            if acts & {"imaging", "volumetry"}:
                seen = event["day"]

    def _step(self, course: _Course, edge: Edge, day: int, following: Edge | None) -> None:
        act = self.acts[edge]
        before, after = self.graph.states[edge.source], self.graph.states[edge.target]
        if act.decision:
            course.decided = len(course.events)
            self._imaged(course, edge, day)
            if "transplantation" in act.kinds and (following is None or self.acts[following].progressed):
                return
            course.for_diagnosis = course.for_diagnosis or act.diagnostic or act.characterised == "diagnostic"
            for word in _words(edge):
                event = self._decision(word, act, edge, course.day, day)
                if course.for_diagnosis and ACT_OF_EVENT.get(word) == "hepatectomy":
                    event["diagnostic"] = True
                course.events.append(event)
                course.events += self._on_the_way(edge, event)
            if "fit" in edge.declared.finds:
                course.events.append({"day": day, "event": "discharge"})
            return
        if after.stage == "abandoned" != before.stage:
            kept = [
                one for one in course.events[course.decided :] if ACT_OF_EVENT.get(one["event"]) not in DROPPED_WITH
            ]
            course.events[course.decided :] = kept
        self._imaged(course, edge, day)
        course.events += self._outcome(edge, act, day)

    def _decision(self, word: str, act: Act, edge: Edge, begins: int, ends: int) -> dict[str, Any]:
        """One event of a decision. What lasts ends with its last dose; everything else is done on its day."""
        found: dict[str, Any] = {"day": max(begins, ends - act.rest), "event": word}
        kind = ACT_OF_EVENT.get(word, "")
        if kind == "systemic":
            # What is taken every day has no cycles, and no interval after the last of them.
            last = (act.last_dose or 0) if act.cycles else 0
            found |= {
                "day": begins,
                "until_day": max(begins, ends - last),
                "cycles": act.cycles or None,
                "regimen": self._regimen(edge),
            }
        elif kind == "radiotherapy":
            found |= {"day": begins, "until_day": max(begins, ends - act.rest)}
        elif kind == "imaging":
            found["modality"] = TELLING
        elif kind == "delivery":
            found["day"] = max(begins, ends - round(float(self.graph.figures.figure("days_after_delivery"))))
        elif kind == "embolisation":
            found["segments"] = segments_of(act.occludes)
        elif kind in ON_THE_LIVER:
            found |= self._operated(kind, act)
        return {key: value for key, value in found.items() if value not in ((), None)}

    def _on_the_way(self, edge: Edge, event: dict[str, Any]) -> Iterator[dict[str, Any]]:
        """Imaging while drugs are given, which is no step of its own."""
        if ACT_OF_EVENT.get(event["event"]) != "systemic":
            return
        begins, ends = event["day"], event["until_day"]
        times = imaged_on_the_way(self.graph.facts.assessed, edge.declared, round(self.graph.days(edge)))
        for one in range(1, times + 1):
            yield {"day": begins + (ends - begins) * one // (times + 1), "event": "restaging"}

    def _regimen(self, edge: Edge) -> str | None:
        """The drugs that the rules suggest, where the ward has a name for them."""
        line = self.graph.states[edge.target].line
        suggested = regimen(self.graph.facts.assessed, "first" if line == "none" else line)
        known = drugs_in(suggested.words)
        unchosen = UNCHOSEN if self.graph.facts.assessed.targeted else None
        return suggested.name or (known.name if known else unchosen)

    def _operated(self, kind: str, act: Act) -> dict[str, Any]:
        """What was taken out of the liver; whole segments, and those with a limited resection."""
        if kind == "split":
            return {"segments": segments_of(act.occludes)}
        if kind == "first_stage":
            return {"segments": segments_of(act.occludes)}
        if "further_stage" in act.kinds:
            return {"partial": self._of_the_side_that_stays()}
        if act.resection is None or kind == "ablation":
            return {}
        partial = [number for lesion in self._lesions(act.resection.limited) for number in lesion]
        removes = segments_of(act.resection.removes)
        return {"removes": removes, "partial": tuple(sorted({one for one in partial if one not in removes}))}

    def _of_the_side_that_stays(self) -> tuple[int, ...]:
        """Segments with a limited resection in a session between the first stage and the last."""
        target = self.graph.facts.assessed.target(scenario_of(self.graph.states[0]))
        if target is None:
            return ()
        found = {number for lesion in self._lesions(target.limited) for number in lesion}
        return tuple(sorted(found - set(segments_of(target.removes))))

    def _lesions(self, labels: Iterable[str]) -> list[tuple[int, ...]]:
        """Where the lesions of these labels lie."""
        scenario = scenario_of(self.graph.states[0])
        known = {one.label: segments_of(one.mask) for one in self.graph.facts.assessed.lesions_in(scenario)}
        return [known[label] for label in labels if label in known]

    def _imaged(self, course: _Course, edge: Edge, day: int) -> None:
        """What imaging tells beside what a step is about: before a meeting, after a recovery, and whenever the disease progresses."""
        progressed = bool(self.acts[edge].progressed)
        if (edge.declared.images or progressed) and not _IMAGING & set(edge.declared.events):
            course.events.append(
                {"day": day, "event": "restaging"} | ({"response": "progression"} if progressed else {})
            )

    def _outcome(self, edge: Edge, act: Act, day: int) -> list[dict[str, Any]]:
        """The events of what nature answers."""
        trigger = edge.declared
        words = list(_words(edge))
        if set(trigger.finds) & set(OF_THE_REMNANT):
            words = ["volumetry", *(one for one in words if one != "volumetry")]
        found = []
        for word in words:
            event: dict[str, Any] = {"day": day, "event": word}
            if word == "volumetry":
                event |= self._measured(edge, act)
            elif word == "restaging":
                event |= _restaged(act)
            elif word == "complication":
                event["kind"] = OF_A_LIVER_FAILURE if act.ill else OTHER
            found.append(event)
        if act.characterised in ("benign", "others_benign"):
            found.append({"day": day, "event": "restaging", "modality": TELLING, "finding": "benign"})
        if "fit" in trigger.finds:
            found.append({"day": day, "event": "discharge"})
        return found

    def _measured(self, edge: Edge, act: Act) -> dict[str, Any]:
        """What volumetry found of the remnant that is planned: the limit, or less."""
        state, assessed = self.graph.states[edge.source], self.graph.facts.assessed
        target = assessed.target(scenario_of(state))
        if target is None:
            return {}
        limit = binding_limit(assessed, target, state.blocks).share
        share = -(-limit * PLACES // 1) / PLACES if act.measured == "enough" else limit - SHORT_BY
        return {"removes": segments_of(target.removes), "fraction": round(share, 4)}


def _words(edge: Edge) -> Iterable[str]:
    """The words of a record for a step: one for each act, the first where there are several for one. Volumetry is told with its answer."""
    told: dict[str, str] = {}
    for word in edge.declared.events:
        told.setdefault(ACT_OF_EVENT.get(word, word), word)
    if edge.declared.kind == "decision":
        told.pop("volumetry", None)
    return told.values()


def _restaged(act: Act) -> dict[str, Any]:
    """What a restaging found."""
    if act.recurs:
        return {}
    if act.progressed:
        return {"response": "progression"}
    found: dict[str, Any] = {"response": "stable"}
    if act.resectable:
        found |= {"response": "partial", "finding": "resectable"}
    return found
