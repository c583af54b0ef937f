"""Days and chances of steps for one case: cited figures, and what protocol, history and liver make of them.

The same code gives the point estimate (numbers) and all draws of a probabilistic sensitivity analysis at once (arrays).
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property, lru_cache

from pathways.facts.cited import CitedFigures
from pathways.facts.durations import DAYS
from pathways.facts.patient_assessment import PatientAssessment
from pathways.facts.probabilities import CHANCES, COMPUTED_FROM
from pathways.facts.risk.case import RISKS, CaseRisks
from pathways.knowledge.arithmetic import Number, shared_out
from pathways.process.declaration import PROCESS
from pathways.process.facts import State
from pathways.process.liveness import chance_keys
from pathways.process.model import Trigger
from pathways.quick_dataclass import dataclass


@dataclass(frozen=True)
class Figures(CitedFigures):
    """The days and chances of one case."""

    def days(self, trigger: Trigger, state: State) -> Number:
        """Days of a step taken in `state`."""
        return sum((days for _, days in self.days_by_figure(trigger, state)), 0.0)

    def outcome_chances(self, outcomes: Sequence[Trigger], state: State) -> tuple[Number, ...]:
        """Chances of the open outcomes of a set, in declared order; they add to one."""
        explicit: list[Number | None] = []
        of_rest: list[Number | None] = []
        for trigger in outcomes:
            chance = None if trigger.chance is None else self.chance(trigger, state)
            takes_share = trigger.chance is not None and trigger.chance.of_rest
            explicit.append(None if takes_share else chance)
            of_rest.append(chance if takes_share else None)
        return tuple(shared_out(explicit, of_rest))

    def days_by_figure(self, trigger: Trigger, state: State) -> tuple[tuple[str, Number], ...]:
        """The days of a step taken in `state`, part by part, each with the name of its figure."""
        if trigger.days is None:
            return ()
        names = [*trigger.days.parameters]
        if trigger.days.by:
            names.append(trigger.days.choices[getattr(state, trigger.days.by)])
        return tuple((name, self.days_named(name)) for name in names)

    def chance(self, trigger: Trigger, state: State) -> Number:
        """Chance of an outcome in `state`; of one that takes the share of a rest, that share."""
        chance = trigger.chance
        if chance is None:
            raise ValueError(f"{trigger.name} takes the remainder: it has no chance of its own")
        name = chance.choices[getattr(state, chance.by)] if chance.by else chance.parameter
        key = (name, *(getattr(state, one) for one in chance_keys(chance)))
        found = self._chances.get(key)
        if found is None:
            found = self._chances[key] = self._chance_named(name, state)
        return found

    @cached_property
    def _chances(self) -> dict[tuple[object, ...], Number]:
        return {}

    def days_named(self, name: str) -> Number:
        """Days of one figure, or of what the case makes of it."""
        found = DAYS.get(name)
        return found(self) if found else self.figure(name)

    def _chance_named(self, name: str, state: State) -> Number:
        if name in RISKS:
            return RISKS[name](self.risks, state)
        found = CHANCES.get(name)
        return found(self, state) if found else self.figure(name)

    @cached_property
    def risks(self) -> CaseRisks:
        """Death and liver failure after operations."""
        return CaseRisks(self)


def sources_of(trigger: Trigger, assessed: PatientAssessment) -> tuple[str, ...]:
    """Sources of the decision itself, or of the chance of an outcome (of its whole set, if it takes the remainder)."""
    if trigger.sources:
        return trigger.sources
    names = figures_behind()[trigger.name]
    return tuple(dict.fromkeys(source for name in names for source in assessed.parameters[name].sources))


@lru_cache(maxsize=1)
def figures_behind() -> dict[str, tuple[str, ...]]:
    """For each outcome, the parameters that its chance is made of."""
    return {trigger.name: _figures_of(trigger) for trigger in PROCESS.triggers if trigger.kind == "outcome"}


def _figures_of(trigger: Trigger) -> tuple[str, ...]:
    if trigger.chance is None:
        others = [one for one in PROCESS.triggers if one.chance and set(one.phases) & set(trigger.phases)]
        return tuple(dict.fromkeys(name for one in others for name in _figures_of(one)))
    named = trigger.chance.parameters()
    return tuple(dict.fromkeys(figure for name in named for figure in COMPUTED_FROM.get(name, (name,))))
