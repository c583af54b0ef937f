"""Chances of outcomes that a case decides: death after operations, growth of the remnant, volumetry, chemotherapy by biology."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from pathways.facts import remnant
from pathways.facts.cited import CitedFigures
from pathways.facts.durations import DAYS_A_WEEK
from pathways.facts.patient_assessment import LesionScenario
from pathways.facts.regimen import regimen
from pathways.knowledge.arithmetic import Number, YesNo, average_odds, either, larger, where, with_odds
from pathways.liver import adequacy
from pathways.liver.resections import CLEARANCES, Resection, best_of
from pathways.process.course_of_care import MAY_FAIL, MORTALITY, TOGETHER
from pathways.process.facts import State

# The odds of class 3 stand for 4 and 5 as well: no figure was found, and nobody is safer for being sicker.
ASA_AT_RISK = 3
DIRECT = "direct_"
# Operations that take no liver: the odds of death after hepatectomy say nothing of them.
NO_HEPATECTOMY = (
    "mortality_ablation", "mortality_primary", "mortality_primary_emergency", "mortality_extrahepatic",
)  # fmt: skip
Figure = Callable[[str], Number]


# --- death after operations, for one case and for columns ---------------------------------------------------------


def mortality(name: str, figure: Figure, odds: Number) -> Number:
    """Mortality with the odds that the evidence gives for age, ASA class and steatohepatitis after hepatectomy.

    They are multiplied, as if independent (a simplification); other operations are left as published. Of two operations in one
    session both may kill.
    """
    if name in TOGETHER:
        return either(*(mortality(part, figure, odds) for part in TOGETHER[name]))
    if name in NO_HEPATECTOMY:
        return figure(name)
    return with_odds(figure(name), odds)


def direct_mortality(name: str, figure: Figure, odds: Number) -> Number:
    """Mortality of a major operation less the deaths of liver failure, which is an outcome of its own."""
    return larger(0.0, mortality(name, figure, odds) - figure("liver_failure_chance") * figure("liver_failure_death"))


def odds_of_death(figure: Figure, at_risk: Mapping[str, YesNo]) -> Number:
    """Odds of death against the average patient of the series that gave the mortality.

    The published mortality holds old and sick patients already: who is known not to be one has lower odds than it says, who is
    not known (no entry in `at_risk`) has those of the series.
    """
    odds: Number = 1.0
    for name, risk in at_risk.items():
        ratio = figure(f"mortality_odds_{name}")
        odds = odds * where(risk, ratio, 1.0) / average_odds(figure(f"mortality_share_{name}"), ratio)
    return odds


def risks_of(figures: CitedFigures) -> dict[str, bool]:
    """What is known to put a patient at risk, or not to."""
    case, elderly = figures.assessed.case, figures.figure("elderly_from_years")
    age, asa, background = case.patient.age_years, case.patient.asa, case.liver.background
    known = {
        "elderly": None if age is None else bool(age >= elderly),
        "asa_3": None if asa is None else asa >= ASA_AT_RISK,
        "steatohepatitis": None if background is None else background == "steatohepatitis",
    }
    return {name: risk for name, risk in known.items() if risk is not None}


# --- growth and volumetry -----------------------------------------------------------------------------------------


def _scenario(state: State) -> LesionScenario:
    return LesionScenario(state.extent, state.sites, state.nature)


def _target(figures: CitedFigures, state: State) -> Resection | None:
    return figures.assessed.target(_scenario(state))


def _growth_success(figures: CitedFigures, state: State) -> Number:
    """Growth after the latest stimulus reaches the limit."""
    target = _target(figures, state)
    return 0.0 if target is None else _reaches(figures, target, state.stimulus, state)


def _split_success(figures: CitedFigures, state: State) -> Number:
    target = _target(figures, state)
    return 0.0 if target is None else _reaches(figures, target, "split", state)


def _growth_late_success(figures: CitedFigures, state: State) -> Number:
    """More time makes a remnant enough that was too small at the first volumetry.

    After a split no time course was found: a figure of the team stands in.
    """
    target = _target(figures, state)
    if target is None:
        return 0.0
    if state.stimulus == "split":
        return figures.figure("growth_late_chance")
    soon = _reaches(figures, target, state.stimulus, state)
    late = _reaches(figures, target, state.stimulus, state, later_gain(figures.figure, state.stimulus))
    return adequacy.late_chance(soon, late)


def later_gain(figure: Figure, stimulus: str) -> Number:
    """How much larger growth after a stimulus is at the second volumetry than at the first."""
    first, extra = (figure(f"{name}_days") / DAYS_A_WEEK for name in (f"growth_{stimulus}", "growth_extra"))
    return adequacy.later_gain(first, extra, figure("growth_time_constant_weeks"))


def _reaches(figures: CitedFigures, target: Resection, stimulus: str, state: State, gain: Number = 1.0) -> Number:
    """Chance that growth, `gain` times as large as at the first volumetry, reaches the limit: normal, never below none."""
    # Who waits for more growth has been measured short, whatever the estimate says.
    short = state.volume == "short" or state.growth == "waiting"
    needed = remnant.growth_needed(figures.assessed, target, state.blocks, measured_short=short)
    mean, spread = figures.figure(f"growth_{stimulus}"), figures.assessed.parameters[f"growth_{stimulus}"].sd
    return adequacy.reach_chance(needed, adequacy.Growth.of(mean, spread), gain)


def _volumetry_enough(figures: CitedFigures, state: State) -> Number:
    """The true remnant, spread around its estimate, is at the limit or above it: of the first remnant in doubt."""
    assessed = figures.assessed
    found = assessed.resections(_scenario(state))
    for clearance in CLEARANCES:
        one = best_of(found, clearance)
        if one is not None and remnant.remnant_status(assessed, one, state.blocks).startswith("likely"):
            return remnant.enough_chance(assessed, one, state.blocks)
    debulking = assessed.debulking(_scenario(state))
    return 0.0 if debulking is None else remnant.enough_chance(assessed, debulking.resection, state.blocks)


def _by_regimen(what: str) -> Callable[[CitedFigures, State], Number]:
    def chance(figures: CitedFigures, state: State) -> Number:
        line = "first" if state.line == "none" else state.line
        return figures.figure(getattr(regimen(figures.assessed, line), what))

    return chance


CHANCES: dict[str, Callable[[CitedFigures, State], Number]] = {
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
