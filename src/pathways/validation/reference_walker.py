"""One patient walked by the `transitions` machine with keyed luck: the scalar twin of the engine, and the reference it is held to."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from pathways.cohort.codes.strategies import Preference, Strategy
from pathways.cohort.draws.background_mortality import EVENT, OTHER
from pathways.cohort.draws.durations import distribution_of, whole
from pathways.facts.derive import CaseFacts
from pathways.facts.figures import Figures
from pathways.facts.guarding import holds
from pathways.machine.patient import TRIGGERS, Patient
from pathways.machine.random_numbers import uniform
from pathways.process.declaration import PROCESS
from pathways.process.model import Trigger
from pathways.prognosis.background import other_deaths

Decide = Callable[[Patient], str]


@dataclass(frozen=True, slots=True)
class Stride:
    """One step of a walk: what was taken, the day after it, and the phase it led to."""

    trigger: str
    day: int
    to: str


class Walker:
    """Walks one case. `decide` names the step the team takes."""

    def __init__(self, facts: CaseFacts, decide: Decide, *, seed: int, number: int) -> None:
        self.patient = Patient(facts)
        self.facts = facts
        self.figures = Figures(facts.assessed)
        patient_of = facts.assessed.case.patient
        female = None if patient_of.sex is None else patient_of.sex == "female"
        self.deaths = other_deaths(patient_of.age_years, female, facts.assessed.parameters)
        self.decide = decide
        self.seed, self.number = seed, number
        self.visits: dict[str, int] = {}
        self.day = 0
        self.last_day: int | None = None

    def walk(self) -> tuple[Stride, ...]:
        """Every step to the end."""
        strides: list[Stride] = []
        while not self.patient.ended:
            phase = self.patient.phase
            name = self.happen() if phase in PROCESS.outcome_phases else self.decide(self.patient)
            trigger = TRIGGERS[name]
            self.day += self._days(trigger, phase)
            self.visits[phase] = self.visits.get(phase, 0) + 1
            if self.last_day is not None and self.day > self.last_day:
                self.day = self.last_day
                return (*strides, Stride(name, self.day, "dead"))
            (self.patient.outcome if trigger.kind == "outcome" else self.patient.decide)(name)
            strides.append(Stride(name, self.day, self.patient.phase))
            if self.patient.phase in PROCESS.curative_ends and self.last_day is None:
                luck = uniform(self.seed, self.number, EVENT, OTHER)
                self.last_day = self.day + int(self.deaths.days(luck))
        return tuple(strides)

    def happen(self) -> str:
        """The outcome that this patient's luck brings."""
        offered = [TRIGGERS[one.trigger] for one in self.patient.options() if one.open]
        shares = self.figures.outcome_chances(offered, self.patient.state)
        luck, passed = self._luck(self.patient.phase, 0), 0.0
        for trigger, share in zip(offered, shares, strict=True):
            passed = passed + share
            if share > 0 and luck < passed:
                return trigger.name
        return [trigger.name for trigger, share in zip(offered, shares, strict=True) if share > 0][-1]

    def _luck(self, phase: str, draw: int) -> float:
        return uniform(self.seed, self.number, phase, self.visits.get(phase, 0), draw)

    def _days(self, trigger: Trigger, phase: str) -> int:
        total = 0
        for place, (figure, planned) in enumerate(self.figures.days_by_figure(trigger, self.patient.state)):
            total += self._figure_days(figure, planned, phase, place)
        return total

    def _figure_days(self, figure: str, planned: float, phase: str, place: int) -> int:
        parameters = self.facts.assessed.parameters
        drawn = "days_to_meeting" if figure == "meeting_days" else figure
        if drawn not in parameters:
            return int(whole(float(planned)))
        distribution = distribution_of(drawn, parameters)
        days = distribution.low if distribution.fixed else distribution.days(self._luck(phase, 1 + place))
        if figure == "meeting_days":
            days = float(Figures(self.facts.assessed, {"days_to_meeting": days}).days_named(figure))
        return int(whole(float(days)))


def by_preference(strategy: Strategy) -> Decide:
    """Decides by a strategy's order of preference."""

    def decide(patient: Patient) -> str:
        options = {one.trigger for one in patient.options() if one.open}
        for one in strategy.orders[patient.phase]:
            if one.trigger.name in options and _applies(one, patient):
                return one.trigger.name
        raise RuntimeError(f"nothing is open in phase {patient.phase}: the declared process has a dead end")

    return decide


def _applies(one: Preference, patient: Patient) -> bool:
    return all(holds(guard, patient.state, patient.facts) for guard in one.when)
