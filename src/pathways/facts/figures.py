"""Days and chances of steps for one case: cited parameters, and what protocol, history and liver make of them.

The same code gives the point estimate (numbers) and all draws of a probabilistic sensitivity analysis at once (arrays):
it only adds, multiplies and compares by `larger`.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property, lru_cache

from pathways.facts import remnant
from pathways.facts.patient_assessment import LesionScenario, PatientAssessment
from pathways.facts.regimen import regimen, washout_weeks
from pathways.knowledge.arithmetic import Number, either, larger, with_odds
from pathways.liver.resections import Resection, best_of
from pathways.process.course_of_care import MAY_FAIL, MORTALITY, TOGETHER
from pathways.process.declaration import PROCESS
from pathways.process.facts import CLEARANCES, State
from pathways.process.liveness import chance_keys
from pathways.process.model import Trigger

DAYS_A_WEEK = 7
# The odds of class 3 stand for 4 and 5 as well: no figure was found, and nobody is safer for being sicker.
ASA_AT_RISK = 3
DIRECT = "direct_"
# Operations that take no liver: the odds of death after hepatectomy say nothing of them.
NO_HEPATECTOMY = (
    "mortality_ablation", "mortality_primary", "mortality_primary_emergency", "mortality_extrahepatic",
)  # fmt: skip


@dataclass(frozen=True)
class Figures:
    """The figures of one case. `drawn` replaces figures by others, arrays among them."""

    assessed: PatientAssessment
    drawn: Mapping[str, Number] = field(default_factory=dict)

    def figure(self, name: str) -> Number:
        """A cited figure."""
        found = self.drawn.get(name)
        return self.assessed.parameters[name].number if found is None else found

    def days(self, trigger: Trigger, state: State) -> Number:
        """Days of a step taken in `state`."""
        return sum((days for _, days in self.days_by_figure(trigger, state)), 0.0)

    def outcome_chances(self, outcomes: Sequence[Trigger], state: State) -> tuple[Number, ...]:
        """Chances of the open outcomes of a set, in declared order; they add to one."""
        shares: list[Number | None] = []
        rest: Number = 1.0
        for trigger in outcomes:
            chance = trigger.chance
            explicit = None if chance is None or chance.of_rest else self.chance(trigger, state)
            shares.append(explicit)
            if explicit is not None:
                rest = rest - explicit
        # Draws may make explicit chances exceed one together: then they are scaled down and nothing is left.
        over = (abs(rest) - rest) / 2
        scale = 1 / (1 + over)
        rest = (abs(rest) + rest) / 2
        remainder: int | None = None
        for index, trigger in enumerate(outcomes):
            chance = trigger.chance
            if chance is None:
                remainder = index
            elif chance.of_rest:
                share = rest * self.chance(trigger, state)
                shares[index] = share
                rest = rest - share
            else:
                shares[index] = shares[index] * scale
        if remainder is not None:
            shares[remainder] = rest
        return tuple(0.0 if one is None else one for one in shares)

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
        if name.startswith(DIRECT):
            return self._direct_mortality(name.removeprefix(DIRECT))
        if name.startswith("mortality_"):
            return self._mortality(name)
        found = CHANCES.get(name)
        return found(self, state) if found else self.figure(name)

    def _mortality(self, name: str) -> Number:
        """Mortality with the odds that the evidence gives for age, ASA class and steatohepatitis after hepatectomy.

        They are multiplied, as if independent (a simplification); other operations are left as published. Of two operations in one
        session both may kill.
        """
        if name in TOGETHER:
            return either(*(self._mortality(part) for part in TOGETHER[name]))
        if name in NO_HEPATECTOMY:
            return self.figure(name)
        return with_odds(self.figure(name), self._odds)

    def _direct_mortality(self, name: str) -> Number:
        """Mortality of a major operation less the deaths of liver failure, which is an outcome of its own."""
        return larger(
            0.0, self._mortality(name) - self.figure("liver_failure_chance") * self.figure("liver_failure_death")
        )

    @cached_property
    def _odds(self) -> Number:
        """Odds of death against the average patient of the series that gave the mortality.

        The published mortality holds old and sick patients already: who is known not to be one has lower odds than it says, who is
        not known has those of the series.
        """
        case, odds = self.assessed.case, 1.0
        elderly = self.figure("elderly_from_years")
        age, asa, background = case.patient.age_years, case.patient.asa, case.liver.background
        known = (
            ("elderly", None if age is None else age >= elderly),
            ("asa_3", None if asa is None else asa >= ASA_AT_RISK),
            ("steatohepatitis", None if background is None else background == "steatohepatitis"),
        )
        for name, at_risk in known:
            if at_risk is not None:
                odds = odds * (self.figure(f"mortality_odds_{name}") if at_risk else 1.0) / self.average_odds(name)
        return odds

    def average_odds(self, name: str) -> Number:
        """Odds of the average patient of the series, against one without this risk."""
        return 1 + self.figure(f"mortality_share_{name}") * (self.figure(f"mortality_odds_{name}") - 1)


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


# --- days ---------------------------------------------------------------------------------------------------------


def _block_days(figures: Figures) -> Number:
    protocol = figures.assessed.protocol
    return protocol.number("cycles_per_block") * protocol.number("cycle_weeks") * DAYS_A_WEEK


def _washout_after(line: str) -> Callable[[Figures], Number]:
    """Further days after the restaging: the last cycle and the way to the meeting already count."""

    def days(figures: Figures) -> Number:
        assessed = figures.assessed
        since_dose = assessed.protocol.number("cycle_weeks") * DAYS_A_WEEK + figures.figure("days_to_restaging")
        weeks = washout_weeks(regimen(assessed, line).name, assessed)
        needed = assessed.protocol.number("washout_weeks_cytotoxic") if weeks is None else weeks
        return larger(0.0, needed * DAYS_A_WEEK - since_dose)

    return days


def _meeting_days(figures: Figures) -> Number:
    """The meeting, or longer where the chemotherapy of the history must wash out before the first operation."""
    assessed = figures.assessed
    days = figures.figure("days_to_meeting")
    weeks = washout_weeks(assessed.past.last_regimen, assessed)
    if assessed.past.last_dose_week is None or weeks is None:
        return days
    return larger(days, (weeks + assessed.past.last_dose_week) * DAYS_A_WEEK - figures.figure("days_to_operation"))


DAYS: dict[str, Callable[[Figures], Number]] = {
    "block_days": _block_days,
    "meeting_days": _meeting_days,
    **{f"washout_after_{line}": _washout_after(line) for line in ("perioperative", "first", "second")},
}


# --- chances ------------------------------------------------------------------------------------------------------


def _scenario(state: State) -> LesionScenario:
    return LesionScenario(state.extent, state.sites, state.nature)


def _target(figures: Figures, state: State) -> Resection | None:
    return figures.assessed.target(_scenario(state))


def _growth_success(figures: Figures, state: State) -> Number:
    """Growth after the latest stimulus reaches the limit."""
    target = _target(figures, state)
    return 0.0 if target is None else _reaches(figures, target, state.stimulus, state)


def _split_success(figures: Figures, state: State) -> Number:
    target = _target(figures, state)
    return 0.0 if target is None else _reaches(figures, target, "split", state)


def _growth_late_success(figures: Figures, state: State) -> Number:
    """More time makes a remnant enough that was too small at the first volumetry: growth saturates.

    After a split no time course was found: a figure of the team stands in.
    """
    target = _target(figures, state)
    if target is None:
        return 0.0
    if state.stimulus == "split":
        return figures.figure("growth_late_chance")
    constant = figures.figure("growth_time_constant_weeks")
    first = figures.figure(f"growth_{state.stimulus}_days") / DAYS_A_WEEK
    later = first + figures.figure("growth_extra_days") / DAYS_A_WEEK
    gain = (1 - _falling(later / constant)) / (1 - _falling(first / constant))
    soon = _reaches(figures, target, state.stimulus, state)
    late = _reaches(figures, target, state.stimulus, state, gain)
    return (late - soon) / larger(1e-9, 1 - soon)


def _reaches(figures: Figures, target: Resection, stimulus: str, state: State, gain: Number = 1.0) -> Number:
    """Chance that growth, `gain` times as large as at the first volumetry, reaches the limit: normal, never below none."""
    # Who waits for more growth has been measured short, whatever the estimate says.
    short = state.volume == "short" or state.growth == "waiting"
    needed = remnant.growth_needed(figures.assessed, target, state.blocks, measured_short=short)
    if needed <= 0:
        return 1.0
    mean, spread = figures.figure(f"growth_{stimulus}"), figures.assessed.parameters[f"growth_{stimulus}"].sd
    return _above((needed / gain - mean) / spread) / _above((0.0 - mean) / spread)


def _volumetry_enough(figures: Figures, state: State) -> Number:
    """The true remnant, spread around its estimate, is at the limit or above it: of the first remnant in doubt."""
    assessed = figures.assessed
    found = assessed.resections(_scenario(state))
    for clearance in CLEARANCES:
        one = best_of(found, clearance)
        if one is not None and remnant.remnant_status(assessed, one, state.blocks).startswith("likely"):
            return _estimate_enough(assessed, one, state.blocks)
    debulking = assessed.debulking(_scenario(state))
    return 0.0 if debulking is None else _estimate_enough(assessed, debulking.resection, state.blocks)


def _estimate_enough(assessed: PatientAssessment, one: Resection, blocks: int) -> float:
    sds = assessed.parameters["remnant_interval_sds"].number
    pairs = [(one.remnant, remnant.volume_limit(assessed, blocks).value)]
    ratio = remnant.body_weight_ratio(assessed, one)
    if ratio is not None:
        pairs.append((ratio, remnant.body_weight_limit(assessed, blocks).value))
    chances = []
    for estimate, limit in pairs:
        spread = (estimate.high - estimate.low) / 2 / sds
        sure = 1.0 if estimate.value >= limit else 0.0
        chances.append(float(_above((limit - estimate.value) / spread)) if estimate.estimated and spread > 0 else sure)
    return min(chances)


def _by_regimen(what: str) -> Callable[[Figures, State], Number]:
    def chance(figures: Figures, state: State) -> Number:
        line = "first" if state.line == "none" else state.line
        return figures.figure(getattr(regimen(figures.assessed, line), what))

    return chance


def _above(z: Number) -> Number:
    """Share of a standard normal above `z`."""
    scaled = z / math.sqrt(2)
    return 0.5 * (math.erfc(scaled) if isinstance(scaled, float) else _each(math.erfc, scaled))


def _falling(x: Number) -> Number:
    return math.exp(-x) if isinstance(x, float) else _each(lambda one: math.exp(-one), x)


def _each(function: Callable[[float], float], values: Number) -> Number:
    import numpy as np

    return np.fromiter((function(value) for value in values), dtype=float, count=len(values))


CHANCES: dict[str, Callable[[Figures, State], Number]] = {
    "growth_success": _growth_success,
    "growth_late_success": _growth_late_success,
    "split_success": _split_success,
    "volumetry_enough_chance": _volumetry_enough,
    "response_per_block": _by_regimen("response"),
    "progression_per_block": _by_regimen("progression"),
}
# The cited figures that computed chances are made of.
COMPUTED_FROM = {
    "growth_success": ("growth_pve", "growth_lvd"),
    "growth_late_success": ("growth_pve", "growth_lvd", "growth_time_constant_weeks", "growth_late_chance"),
    "split_success": ("growth_split",),
    "volumetry_enough_chance": ("segment_fractions",),
    "response_per_block": ("conversion_chance_per_block", "response_ras_mutated", "response_triplet", "response_immunotherapy"),
    "progression_per_block": (
        "conversion_progression_per_block", "progression_ras_mutated", "progression_triplet", "progression_immunotherapy",
    ),
    **{f"{DIRECT}{MORTALITY[one]}": (MORTALITY[one], "liver_failure_chance", "liver_failure_death") for one in MAY_FAIL},
    **TOGETHER,
}  # fmt: skip
