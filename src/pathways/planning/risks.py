"""The risk of each step given that it is done: death within 90 days with its interval, and what drives it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from functools import cached_property
from typing import Any

from pathways.case.models import Case
from pathways.documents.problems import PathwaysError, nearest
from pathways.facts.derive import CaseFacts
from pathways.facts.figures import Figures
from pathways.facts.risk.drivers import Driver, drivers
from pathways.facts.risk.model import NOWHERE_NEAR
from pathways.facts.tables.vocabulary import scenario_of
from pathways.graph.routes import Route
from pathways.knowledge.arithmetic import Number
from pathways.knowledge.model import Protocol
from pathways.knowledge.protocols import load_protocol
from pathways.planning.uncertainty import DRAWS, SEED, Draws, Estimated, interval
from pathways.process.declaration import PROCESS
from pathways.process.facts import State
from pathways.process.model import Trigger
from pathways.process.operations import OPERATIONS
from pathways.quick_dataclass import dataclass

# Volumetry has found the remnant of these enough, whatever it is today: they are not done before.
GROWN = "target"
EMBOLISATION = "growth_death_chance"
# Figures of resections of a primary are of the bowel, and say nothing of a pancreas or a stomach.
BOWEL = "colorectal"


@dataclass(frozen=True, slots=True)
class StepRisk:
    """Death by a step, given that it is done, with its 95 % interval."""

    death: Estimated
    drivers: tuple[Driver, ...]

    @property
    def outside(self) -> bool:
        """Whether no series has data of so high a risk."""
        return any(one.factor == "outside" for one in self.drivers)

    def as_json(self) -> dict[str, Any]:
        """The risk as the JSON of the command line shows it."""
        return {**self.death.as_json(), "drivers": [one.as_json() for one in self.drivers]}


@dataclass(frozen=True)
class StepRisks:
    """Risks of steps of one case: at the figures, and in every draw."""

    point: Figures
    drawn: Figures

    def of(self, trigger: Trigger, after: State, *, enough: bool = True) -> StepRisk | None:
        """The risk of a step that leads to the state `after`; None where it carries none of its own, or where no figure speaks of it."""
        if trigger.kind != "decision" or not _is_risky(trigger):
            return None
        key = (trigger.to, after.operation, scenario_of(after), after.blocks, enough)
        if key not in self._known:
            self._known[key] = self._of(trigger.to, after, enough=enough)
        return self._known[key]

    def deadliest(self, walk: Route, states: Sequence[State]) -> float:
        """Death by the deadliest step of a pathway, given that it is done; 0 where no figure speaks of any."""
        return max((self._death(edge.declared, states[edge.target]) for edge in walk), default=0.0)

    def _death(self, trigger: Trigger, after: State) -> float:
        if trigger.kind != "decision" or not _is_risky(trigger):
            return 0.0
        key = (trigger.to, after.operation, scenario_of(after), after.blocks)
        if key not in self._deaths:
            found = _death_by(self.point, trigger.to, after, enough=True)
            self._deaths[key] = 0.0 if found is None else float(found)
        return self._deaths[key]

    @cached_property
    def _deaths(self) -> dict[tuple[object, ...], float]:
        return {}

    @cached_property
    def _known(self) -> dict[tuple[object, ...], StepRisk | None]:
        return {}

    def _of(self, phase: str, after: State, *, enough: bool) -> StepRisk | None:
        value, draws = (_death_by(one, phase, after, enough=enough) for one in (self.point, self.drawn))
        if value is None or draws is None:
            return None
        return StepRisk(interval(value, draws), self._drivers(phase, after, value, enough=enough))

    def _drivers(self, phase: str, after: State, death: Number, *, enough: bool) -> tuple[Driver, ...]:
        point = self.point.risks
        if phase == "recovering":
            anatomy = point.anatomy(OPERATIONS[after.operation].clearance, after, enough=enough)
            return drivers(point, after.operation, anatomy, death)
        if phase == "alpps_interval":
            return drivers(point, "split_completion", point.anatomy(GROWN, after, enough=True), death)
        return drivers(point, "primary", NOWHERE_NEAR, death) if phase == "emergency_recovery" else ()


def _death_by(figures: Figures, phase: str, after: State, *, enough: bool) -> Number | None:
    """Death by the step that leads to `phase`, at the figures or in every draw; None where no figure speaks of it."""
    risks = figures.risks
    if phase == "recovering":
        if OPERATIONS[after.operation].bowel and figures.assessed.case.primary.tumour != BOWEL:
            return None
        return risks.of_operation(after.operation, after, enough=enough).death
    if phase == "alpps_interval":
        return risks.between_stages(after)
    return risks.emergency() if phase == "emergency_recovery" else figures.figure(EMBOLISATION)


def risk_of(act: str, case: Case, protocol: Protocol | None = None) -> dict[str, Any]:
    """Death within 90 days of a step, given that it is done today: `value`, `low`, `high` and `drivers`.

    `act` is the name of a step, such as `resect_liver_major`. Whether a rule bars it is not asked. A last stage finds its remnant grown
    to the limit; any other operation the remnant as it is.
    """
    judged_by = protocol or load_protocol()
    steps = {one.name: one for one in PROCESS.triggers if one.kind == "decision" and _is_risky(one)}
    if act not in steps:
        raise PathwaysError(f"{act}: no step that carries a risk of its own{nearest(act, steps)}")
    trigger, facts = steps[act], CaseFacts(case, judged_by)
    assessed, state = facts.assessed, facts.start()._replace(phase=steps[act].to)
    if trigger.clearance and facts.resection(trigger.clearance, state) is None:
        raise PathwaysError(f"{act}: case {case.id} has no such resection, so it carries no risk")
    operation = next((str(one.value) for one in trigger.effects if one.fact == "operation"), state.operation)
    figures = Figures(assessed)
    found = StepRisks(figures, replace(figures, drawn=Draws(assessed.parameters, DRAWS, SEED))).of(
        trigger, state._replace(operation=operation), enough=trigger.clearance == GROWN
    )
    if found is None:
        raise PathwaysError(f"{act}: figures are of primaries of the bowel, and none is told for this one")
    return found.as_json()


def _is_risky(trigger: Trigger) -> bool:
    return trigger.to in ("recovering", "alpps_interval", "emergency_recovery") or "embolisation" in trigger.acts
