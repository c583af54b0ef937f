"""One patient walked by the `transitions` machine with keyed luck: the scalar twin of the engine, and the reference it is held to."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from pathways.cohort.codes.strategies import Preference, Strategy
from pathways.cohort.draws.background_mortality import DAYS_A_YEAR, EVENT, OTHER
from pathways.cohort.draws.durations import distribution_of, whole
from pathways.cohort.draws.lives import AFTER, Ahead, lives_like
from pathways.cohort.draws.random_numbers import patient_words
from pathways.cohort.draws.relapses import ALMOST_SURE, AROUND_AN_OPERATION, PLACE_OF_RELAPSE, middles
from pathways.facts.derive import CaseFacts
from pathways.facts.figures import Figures
from pathways.facts.guarding import holds
from pathways.machine.patient import TRIGGERS, Patient
from pathways.machine.random_numbers import uniform
from pathways.process.declaration import PROCESS
from pathways.process.model import Trigger
from pathways.quick_dataclass import dataclass

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
        self.words = patient_words(seed, np.array([number]))
        self.lives = lives_like(facts.assessed, self.words)
        self.decide = decide
        self.seed, self.number = seed, number
        self.visits: dict[str, int] = {}
        self.day = 0
        self.last_day: int | None = None
        # What lies ahead once the liver is cleared: days of clearance and of recurrence, and the site.
        self.cleared_day: int | None = None
        self.ahead: Ahead | None = None
        self.around = self.tested = False

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
            self.around |= trigger.kind == "decision" and trigger.course in AROUND_AN_OPERATION
            if self.patient.phase in PROCESS.curative_ends and self.cleared_day is None:
                self.cleared_day = self.day
                self._lies_ahead()
            elif trigger.course == "adjuvant" and self.cleared_day is not None:
                self._lies_ahead()
        return tuple(strides)

    def _lies_ahead(self) -> None:
        assert self.cleared_day is not None
        other = int(self.lives.others.days(uniform(self.seed, self.number, EVENT, OTHER)))
        self.last_day = self.cleared_day + other
        if self.lives.known and self.patient.phase != "transplanted":
            self.ahead = self.lives.ahead(self.words, np.array([0]), np.array([self.around]))
            self.last_day = self.cleared_day + min(other, int(self.ahead.dies[0]))

    def _own_luck(self, phase: str) -> float | None:
        """The luck of an outcome that lies ahead already."""
        if self.ahead is None or self.visits.get(phase, 0) or self.cleared_day is None:
            return None
        if phase == "follow_up":
            recurs = int(self.ahead.recurs[0])
            seen = recurs <= self.day - self.cleared_day + self.lives.figure("days_of_follow_up")
            place = PLACE_OF_RELAPSE[int(recurs < DAYS_A_YEAR), self.ahead.site[0]] if seen else 0
            return float(middles(self.lives)[place])
        after = 1 - uniform(self.seed, self.number, AFTER)
        if phase == "on_recurrence_chemotherapy":
            self.tested = True
            return after
        if phase == "recurrence_assessment":
            answering = 1 - self.lives.figure("second_line_failure_chance")
            return min(after / answering if self.tested else after, ALMOST_SURE)
        return None

    def happen(self) -> str:
        """The outcome that this patient's luck brings."""
        offered = [TRIGGERS[one.trigger] for one in self.patient.options() if one.open]
        shares = self.figures.outcome_chances(offered, self.patient.state)
        own = self._own_luck(self.patient.phase)
        luck, passed = self._luck(self.patient.phase, 0) if own is None else own, 0.0
        for trigger, share in zip(offered, shares, strict=True):
            passed = passed + share
            if share > 0 and luck < passed:
                return trigger.name
        return [trigger.name for trigger, share in zip(offered, shares, strict=True) if share > 0][-1]

    def _luck(self, phase: str, draw: int) -> float:
        return uniform(self.seed, self.number, phase, self.visits.get(phase, 0), draw)

    def _days(self, trigger: Trigger, phase: str) -> int:
        if (
            self.ahead is not None
            and phase == "follow_up"
            and not self.visits.get(phase, 0)
            and trigger.to == "recurred"
        ):
            assert self.cleared_day is not None
            return max(0, self.cleared_day + int(self.ahead.recurs[0]) - self.day)
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
