"""The risk of each step given that it is done: death within 90 days with its interval, and what drives it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

from pathways.case.models import Case
from pathways.documents.problems import PathwaysError, nearest
from pathways.facts.derive import CaseFacts
from pathways.facts.figures import Figures
from pathways.facts.risk.drivers import Driver, drivers
from pathways.facts.risk.model import NOWHERE_NEAR
from pathways.facts.tables.vocabulary import scenario_of
from pathways.knowledge.model import Protocol
from pathways.knowledge.protocols import load_protocol
from pathways.planning.uncertainty import DRAWS, SEED, Draws, Estimated, interval
from pathways.process.declaration import PROCESS
from pathways.process.facts import State
from pathways.process.model import Trigger
from pathways.process.operations import OPERATIONS

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

    @cached_property
    def _known(self) -> dict[tuple[object, ...], StepRisk | None]:
        return {}

    def _of(self, phase: str, after: State, *, enough: bool) -> StepRisk | None:
        point, drawn = self.point.risks, self.drawn.risks
        if phase == "recovering":
            done = OPERATIONS[after.operation]
            if done.bowel and self.point.assessed.case.primary.tumour != BOWEL:
                return None
            anatomy = point.anatomy(done.clearance, after, enough=enough)
            value, draws = (
                point.model.of(done, anatomy).death,
                drawn.of_operation(after.operation, after, enough=enough).death,
            )
            return StepRisk(interval(value, draws), drivers(point, after.operation, anatomy, value))
        if phase == "alpps_interval":
            anatomy = point.anatomy(GROWN, after, enough=True)
            value, draws = point.between_stages(after), drawn.between_stages(after)
            return StepRisk(interval(value, draws), drivers(point, "split_completion", anatomy, value))
        if phase == "emergency_recovery":
            value, draws = point.emergency(), drawn.emergency()
            return StepRisk(interval(value, draws), drivers(point, "primary", NOWHERE_NEAR, value))
        return StepRisk(interval(*(one.figure(EMBOLISATION) for one in (self.point, self.drawn))), ())


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
