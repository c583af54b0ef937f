"""Chances of outcomes that a case decides: growth of the remnant, volumetry, chemotherapy by biology. What may come of operations stands in `facts.risk`."""

from __future__ import annotations

from collections.abc import Callable

from pathways.facts import nodules, primaries, remnant
from pathways.facts.cited import CitedFigures
from pathways.facts.intervals import DAYS_A_WEEK
from pathways.facts.patient_assessment import LesionScenario, PatientAssessment
from pathways.facts.regimen import regimen
from pathways.knowledge.arithmetic import Number
from pathways.liver import adequacy
from pathways.liver.resection import Resection
from pathways.process.facts import State
from pathways.process.model import AGAIN

Figure = Callable[[str], Number]
# What a second stimulus follows: of a first venous deprivation that fell short before a split nobody keeps the figure apart.
FIRST_STIMULUS = "pve"
# What a remnant grows on by where a split has left it too small.
SPLIT_LATER = "split_later"


# --- growth and volumetry -----------------------------------------------------------------------------------------


def _scenario(state: State) -> LesionScenario:
    return LesionScenario(state.extent, state.sites, state.nature)


def _target(figures: CitedFigures, state: State) -> Resection | None:
    return figures.assessed.target(_scenario(state))


def _growth_success(figures: CitedFigures, state: State) -> Number:
    """Growth after the latest stimulus reaches the limit; to close the portal branch again gives the remnant more time, and no more."""
    target = _target(figures, state)
    if target is None:
        return 0.0
    if state.stimulus == f"pve{AGAIN}":
        return _late(figures, target, "pve", state)
    return _reaches(figures, target, state.stimulus, state)


def _split_success(figures: CitedFigures, state: State) -> Number:
    target = _target(figures, state)
    return 0.0 if target is None else _reaches(figures, target, state.stimulus, state)


def _growth_late_success(figures: CitedFigures, state: State) -> Number:
    """More time makes a remnant enough that was too small at the first volumetry.

    A remnant of today that a stimulus of the history has made grow has had that growth: it only grows on, the less the longer ago it was.
    After a split no time course was found: a figure of the team is how much it grows on.
    """
    target = _target(figures, state)
    if target is None:
        return 0.0
    assessed, stimulus = figures.assessed, state.stimulus
    if stimulus.removesuffix(AGAIN) == "split":
        needed = _needed(figures, target, stimulus, state)
        if not remnant.split_before_today(assessed):
            needed = adequacy.needed_again(needed, _growth(figures, stimulus))
        return adequacy.reach_chance(needed, _growth(figures, SPLIT_LATER))
    if stimulus.endswith(AGAIN) or not remnant.grown_before_today(assessed, target):
        return _late(figures, target, stimulus, state)
    gain = later_gain(figures.figure, stimulus, remnant.weeks_grown(assessed, target))
    return adequacy.grows_on_chance(_needed(figures, target, stimulus, state), _growth(figures, stimulus), gain)


def _late(figures: CitedFigures, target: Resection, stimulus: str, state: State) -> Number:
    """Growth after a stimulus reaches the limit at the second volumetry, of those whom it has not brought there at the first."""
    soon = _reaches(figures, target, stimulus, state)
    late = _reaches(figures, target, stimulus, state, later_gain(figures.figure, stimulus))
    return adequacy.late_chance(soon, late)


def later_gain(figure: Figure, stimulus: str, weeks: float | None = None) -> Number:
    """How much larger growth after a stimulus is at the second volumetry than at the first, `weeks` after it where that is told."""
    first = figure(f"growth_{stimulus.removesuffix(AGAIN)}_days") / DAYS_A_WEEK if weeks is None else weeks
    return adequacy.later_gain(first, figure("growth_extra_days") / DAYS_A_WEEK, figure("growth_time_constant_weeks"))


def _reaches(figures: CitedFigures, target: Resection, stimulus: str, state: State, gain: Number = 1.0) -> Number:
    """Chance that growth, `gain` times as large as at the first volumetry, reaches the limit: normal, never below none."""
    return adequacy.reach_chance(_needed(figures, target, stimulus, state), _growth(figures, stimulus), gain)


def _needed(figures: CitedFigures, target: Resection, stimulus: str, state: State) -> Number:
    """Relative growth that is still needed when a stimulus is given: after a first one in this plan less by what that has come to."""
    # Who waits for more growth has been measured short, whatever the estimate says.
    short = state.volume in ("short", "was_short") or state.growth == "waiting"
    needed = remnant.growth_needed(figures.assessed, target, state.blocks, measured_short=short)
    if stimulus.endswith(AGAIN) and not remnant.grown_and_measured(figures.assessed, target):
        before = remnant.grown_before_today(figures.assessed, target)
        first = remnant.stimulus_before_today(figures.assessed) if before else FIRST_STIMULUS
        return adequacy.needed_again(needed, _growth(figures, first))
    return needed


def _growth(figures: CitedFigures, stimulus: str) -> adequacy.Growth:
    name = f"growth_{stimulus}"
    return adequacy.Growth.of(figures.figure(name), figures.assessed.parameters[name].sd)


def _volumetry_enough(figures: CitedFigures, state: State) -> Number:
    """The true remnant, spread around its estimate, is at the limit or above it: of the first remnant in doubt.

    Of one that was found too small before chemotherapy: what a response leaves is enough where it was not as presented. It is one
    patient who is measured twice, not two.
    """
    found = _enough_in(figures.assessed, _scenario(state), state.blocks)
    if found is None:
        return 0.0
    if state.volume != "was_short":
        return found
    before = _enough_in(figures.assessed, _scenario(state)._replace(extent="presented"), 0)
    return 0.0 if before is None else adequacy.enough_after_short(before, found)


def _enough_in(assessed: PatientAssessment, scenario: LesionScenario, blocks: int) -> float | None:
    """The chance of the first remnant in doubt in a scene; None where none is."""
    one = remnant.first_in_doubt(assessed, scenario, blocks)
    if one is not None:
        return remnant.enough_chance(assessed, one, blocks)
    debulks = primaries.debulking_allowed(assessed).verdict == "allowed"
    debulking = assessed.debulking(scenario) if debulks else None
    return None if debulking is None else remnant.enough_chance(assessed, debulking.resection, blocks)


def _by_regimen(what: str) -> Callable[[CitedFigures, State], Number]:
    def chance(figures: CitedFigures, state: State) -> Number:
        line = "first" if state.line == "none" else state.line
        return figures.figure(getattr(regimen(figures.assessed, line), what))

    return chance


CHANCES: dict[str, Callable[[CitedFigures, State], Number]] = {
    "benign_chance": nodules.benign_chance,
    "growth_success": _growth_success,
    "growth_late_success": _growth_late_success,
    "split_success": _split_success,
    "volumetry_enough_chance": _volumetry_enough,
    "response_per_block": _by_regimen("response"),
    "progression_per_block": _by_regimen("progression"),
}
_OF_DEATH = (
    "risk_age_per_year",
    "risk_asa_3_odds",
    "risk_minor_national",
    "risk_minor_experienced",
    "risk_extended_odds",
)
_OF_FAILURE = (
    "risk_failure_reference",
    "risk_failure_major_odds",
    "risk_failure_short_remnant",
    "risk_failure_steatohepatitis_odds",
)
_ABANDONED = ("open_and_close_chance", "open_and_close_few")
# The cited figures that computed chances are made of.
COMPUTED_FROM = {
    "benign_chance": ("benign_chance", *nodules.ALONE.values(), *nodules.BESIDE.values()),
    "growth_success": ("growth_pve", "growth_lvd", "growth_lvd_after"),
    "growth_late_success": ("growth_pve", "growth_lvd", "growth_lvd_after", "growth_split", "growth_split_after", "growth_time_constant_weeks", "growth_split_later"),
    "split_success": ("growth_split", "growth_split_after"),
    "volumetry_enough_chance": ("segment_fractions",),
    "response_per_block": (
        "conversion_chance_per_block", "response_ras_mutated", "response_triplet", "response_immunotherapy", "response_braf_encorafenib",
    ),
    "progression_per_block": (
        "conversion_progression_per_block", "progression_ras_mutated", "progression_triplet", "progression_immunotherapy",
        "progression_two_immunotherapies", "progression_braf_encorafenib",
    ),
    "death_of_operation": (*_OF_DEATH, *_OF_FAILURE, "risk_alpps_odds", "risk_with_bowel_major_odds", "risk_colon", "risk_rectum", "risk_ablation"),
    "failure_of_operation": _OF_FAILURE,
    "death_of_failure": ("risk_failure_death", "risk_failure_share_of_deaths"),
    "complication_of_operation": (
        "complication_minor", "complication_major", "complication_ablation", "complication_primary", "complication_with_bowel_ratio",
        "complication_asa_3_odds",
    ),
    "more_found": ("more_found_chance",),
    "abandoned": _ABANDONED,
    "more_at_diagnosis": ("more_found_chance", "benign_chance"),
    "beyond_at_diagnosis": (*_ABANDONED, "benign_chance"),
    "benign_after_frozen_section": ("benign_chance", "more_found_chance", *_ABANDONED),
    "incomplete": ("ablation_incomplete_microwave", "ablation_incomplete_radiofrequency"),
    "comes_back": (
        "local_recurrence_percutaneous", "local_recurrence_surgical", "local_recurrence_odds_per_mm", "local_recurrence_size_most",
        "local_recurrence_wide_margin", "local_recurrence_narrow_hazard", "local_recurrence_vessel_hazard",
    ),
    "death_of_split": ("risk_alpps_odds", "risk_alpps_between"),
    "death_of_emergency": ("mortality_primary_emergency", "mortality_primary_perforation", "risk_asa_3_odds"),
}  # fmt: skip
