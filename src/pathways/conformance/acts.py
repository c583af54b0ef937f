"""What was done, as numbers: one value for a step of the process and for an event of a record alike.

Properties read acts and nothing else, so that the same property proves a graph and audits a course. An act carries the
numbers of a step (days, segments, remnant, cycles), never the fact that a guard of the process reads.
"""

from __future__ import annotations

from pathways.conformance.limits import DAYS_A_WEEK, Limits
from pathways.facts.blocks import AFTER, BEFORE
from pathways.facts.derive import scenario_of
from pathways.facts.figures import sources_of
from pathways.facts.patient_assessment import LesionScenario, PatientAssessment
from pathways.facts.regimen import regimen
from pathways.graph.explore import Edge, Graph
from pathways.liver.resection import Resection
from pathways.planning.annotations import resection_of
from pathways.process.acts import AFTER_CLEARANCE, OF_A_LESION, OF_THE_REMNANT, PLANNED_COURSES, STIMULI, kinds_of
from pathways.process.declaration import PROCESS
from pathways.process.facts import State
from pathways.process.model import Trigger
from pathways.quick_dataclass import dataclass

# What such a step says depends on the liver that it meets.
GROWS_OR_SHRINKS = STIMULI | {"systemic"}


@dataclass(frozen=True, slots=True)
class Act:
    """One thing done or found. `days` since the act before it; None where a record does not tell.

    `rest`: days of it after the act itself (growth after an embolisation); `given`: days of systemic treatment in it, since what was
    imaged on the way; `weeks`: weeks of cytotoxic cycles in it;
    `measured`: enough or short, where volumetry gave its answer; `last_dose`: days between the last dose and the end of
    the act; `beside`: extent of the liver resection that a record tells on the same day (minor, major, untold); `resectable`: what a restaging found; `untold`: keys of a record that are missing; `end`: the end reached, if it is one.
    """

    name: str
    kinds: frozenset[str]
    decision: bool
    days: int | None
    rest: int = 0
    given: int | None = 0
    elective: bool = True
    resection: Resection | None = None
    removes: int = 0
    occludes: int = 0
    major: bool = False
    beside: str = "minor"
    cycles: int = 0
    weeks: float = 0.0
    regimen: str | None = None
    planned_course: bool = False
    adjuvant: bool = False
    last_dose: int | None = None
    measured: str | None = None
    progressed: bool | None = None
    resectable: bool | None = None
    characterised: str | None = None
    diagnostic: bool = False
    treated: frozenset[str] = frozenset()
    found_more: bool = False
    ill: bool | None = None
    drained: bool = False
    watched: bool = False
    recurs: bool = False
    untold: frozenset[str] = frozenset()
    gives_up: bool = False
    families: tuple[str, ...] = ()
    cites: int = 0
    end: str | None = None


def imaged_on_the_way(assessed: PatientAssessment, trigger: Trigger, days: int) -> int:
    """How often a half before or after an operation is imaged on the way, no step of its own: as often as a restaging falls due in it."""
    if trigger.course not in (BEFORE, AFTER) or assessed.targeted:
        return 0
    return max(0, -(-days // round(assessed.protocol.number("restaging_weeks") * DAYS_A_WEEK)) - 1)


def acts_of(graph: Graph) -> tuple[tuple[Act, ...], ...]:
    """The acts of the edges of every node, in their order."""
    maker = _Maker(graph)
    return tuple(tuple(maker.act(edge) for edge in leaving) for leaving in graph.edges)


def act_of(graph: Graph, edge: Edge) -> Act:
    """The act of one edge; it need not be one of the graph's own, as long as both of its states are."""
    return _Maker(graph).act(edge)


class _Maker:
    def __init__(self, graph: Graph) -> None:
        self.graph = graph
        self.assessed = graph.facts.assessed
        self._cites: dict[int, int] = {}
        self._made: dict[tuple[object, ...], Act] = {}
        self._resectable: dict[tuple[LesionScenario, int, str], bool] = {}

    def act(self, edge: Edge) -> Act:
        """The act of one edge. Edges of one trigger share it where what it says of the liver and the end is the same."""
        trigger, graph = edge.declared, self.graph
        before, after = graph.states[edge.source], graph.states[edge.target]
        families = graph.families(edge) if trigger.tags else ()
        days = graph.days(edge)
        key: tuple[object, ...] = (edge.trigger, after.phase, days, families)
        if trigger.clearance or after.phase == "restaging" or not GROWS_OR_SHRINKS.isdisjoint(trigger.acts):
            key = (
                *key,
                scenario_of(before),
                before.blocks,
                scenario_of(after),
                after.blocks,
                after.line,
                after.control,
            )
        found = self._made.get(key)
        if found is None:
            found = self._made[key] = self._make(edge, before, after, families, round(days))
        return found

    def _make(self, edge: Edge, before: State, after: State, families: tuple[str, ...], days: int) -> Act:
        trigger, graph = edge.declared, self.graph
        kinds = kinds_of(trigger)
        resection = resection_of(graph, edge)
        occludes = self._occludes(before) if kinds & STIMULI else 0
        cycles = self.assessed.cycles_of_course(trigger.course) if "systemic" in kinds else 0
        return Act(
            name=trigger.name,
            kinds=kinds,
            decision=trigger.kind == "decision",
            days=days,
            rest=days - self._before_the_act(trigger, days),
            given=self._unimaged(trigger, days - self._before_the_drugs(trigger)) if "systemic" in kinds else 0,
            elective=trigger.elective,
            resection=resection,
            removes=resection.removes if resection else self._planned(before) if kinds & STIMULI else 0,
            occludes=occludes,
            major=bool(resection and resection.major) or "last_stage" in kinds,
            cycles=cycles,
            weeks=cycles * self.assessed.protocol.number("cycle_weeks"),
            regimen=self._regimen(after) if "systemic" in kinds else None,
            planned_course=trigger.course in PLANNED_COURSES,
            adjuvant=trigger.course in AFTER_CLEARANCE,
            last_dose=self._last_dose(trigger),
            measured=_one_of(trigger.finds, OF_THE_REMNANT),
            progressed=_progression(trigger),
            resectable=self._finds_resectable(trigger, after),
            characterised=_one_of(trigger.finds, OF_A_LESION),
            diagnostic="diagnostic_clarification" in families and trigger.kind == "decision",
            treated=self._treated(trigger, resection, before),
            found_more="more_disease" in trigger.finds,
            ill=_health(trigger),
            drained="drainage" in kinds,
            watched="surveillance" in kinds,
            recurs="recurrence" in trigger.finds,
            gives_up=trigger.gives_up,
            families=families,
            cites=self._sources(edge),
            end=after.phase if after.phase in PROCESS.ends else None,
        )

    def _before_the_act(self, trigger: Trigger, days: int) -> int:
        """Days until the act: of an embolisation growth follows, of radiotherapy the interval where it belongs to the step."""
        if "embolisation" in trigger.acts:
            return min(days, int(self.graph.figures.figure("days_to_operation")))
        if "radiotherapy" in trigger.acts:
            return min(days, int(self.graph.figures.figure("days_of_radiotherapy")))
        return days

    def _before_the_drugs(self, trigger: Trigger) -> int:
        """Days of a block of drugs in which none is given yet: what is implanted first, and how long that waits."""
        names = trigger.days.parameters if trigger.days else ()
        return round(sum(float(self.graph.figures.days_named(one)) for one in names if one.startswith("days_to_")))

    def _unimaged(self, trigger: Trigger, days: int) -> int:
        """Days of drugs in a step without imaging among them: half a planned course is longer than that, and imaged on the way."""
        return -(-days // (1 + imaged_on_the_way(self.assessed, trigger, days)))

    def _sources(self, edge: Edge) -> int:
        found = self._cites.get(edge.trigger)
        if found is None:
            declared = edge.declared
            sources = declared.sources if declared.kind == "decision" else sources_of(declared, self.assessed)
            found = self._cites[edge.trigger] = len(sources)
        return found

    def _occludes(self, state: State) -> int:
        target = self.assessed.target(scenario_of(state))
        return 0 if target is None else target.growth_side

    def _planned(self, state: State) -> int:
        """The segments that the operation after a growth stimulus is to remove."""
        target = self.assessed.target(scenario_of(state))
        return 0 if target is None else target.removes

    def _regimen(self, after: State) -> str | None:
        line = "first" if after.line == "none" else after.line
        return regimen(self.assessed, line).name

    def _last_dose(self, trigger: Trigger) -> int | None:
        """The last cycle is given at its beginning: its interval has passed when the block ends."""
        return round(self.assessed.protocol.number("cycle_weeks") * 7) if "systemic" in trigger.acts else None

    def _finds_resectable(self, trigger: Trigger, after: State) -> bool | None:
        """Whether a restaging under conversion finds a resection whose remnant is surely enough, in a fit patient."""
        if after.phase != "restaging" or trigger.kind != "outcome":
            return None
        key = (scenario_of(after), after.blocks, after.control)
        known = self._resectable.get(key)
        if known is None:
            limits = Limits(self.assessed)
            found = self.assessed.resections(scenario_of(after))
            enough = any(
                limits.remnant(one, self.assessed.cycles_in(after.blocks)) == "enough"
                and not limits.unfit("major" if one.major else "minor")
                for one in found
            )
            known = self._resectable[key] = enough and after.control == "controlled" and not limits.elsewhere()
        return known

    def _treated(self, trigger: Trigger, resection: Resection | None, state: State) -> frozenset[str]:
        """Labels of lesions that the act clears, and the other sites it removes."""
        found: set[str] = set()
        if resection is not None:
            found = {
                one.label
                for one in self.assessed.lesions_in(scenario_of(state))
                if not one.mask & ~resection.removes or one.label in (*resection.limited, *resection.ablated)
            }
        return frozenset(found) | set(trigger.treats)


def _one_of(found: tuple[str, ...], known: tuple[str, ...]) -> str | None:
    return next((one for one in found if one in known), None)


def _health(trigger: Trigger) -> bool | None:
    """Whether the patient is found too ill for what follows, or well again."""
    return True if "unfit" in trigger.finds else False if "fit" in trigger.finds else None


def _progression(trigger: Trigger) -> bool | None:
    """Whether the disease is found to progress, or to be under control again."""
    for effect in trigger.effects:
        if effect.fact == "control":
            return effect.value == "progressed"
    return None
