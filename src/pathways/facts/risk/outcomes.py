"""The chances of everything that may come of an operation, from what it takes out, what it ablates, and whom.

One arithmetic for a case, its draws, and columns.

Death and liver failure are those of `facts.risk.model`. What is found depends on how many lesions there are; what is left or comes
back where it was ablated on each ablated lesion: its size, the rim aimed at, a vessel beside it, and how it is reached.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable

from pathways.facts.risk.model import NOWHERE_NEAR, Anatomy, RiskModel
from pathways.facts.risk.person import ASA_3, Figure
from pathways.knowledge.arithmetic import (
    Number,
    YesNo,
    either,
    greater,
    lesser,
    where,
    with_odds,
)
from pathways.process.operations import Operation
from pathways.quick_dataclass import dataclass


@dataclass(frozen=True, slots=True)
class Zones:
    """Lesions that are ablated alike: how many, the size of each in mm (None where nobody has told it), whether a vessel lies beside."""

    number: Number
    size_mm: Number | None
    beside_vessel: YesNo


@dataclass(frozen=True, slots=True)
class Practice:
    """How a centre ablates: by what, and with which rim of liver around the lesion, mm."""

    technique: str
    margin_mm: float


@dataclass(frozen=True, slots=True)
class Taken:
    """What an operation takes: its anatomy, what it ablates, and how many lesions the liver bears (more than any where not known)."""

    anatomy: Anatomy = NOWHERE_NEAR
    zones: tuple[Zones, ...] = ()
    lesions: Number = 1


@dataclass(frozen=True, slots=True)
class Outcomes:
    """Chances of what may come of one operation, by name; each of all who have it. `all_deaths`: those by liver failure too."""

    all_deaths: Number
    death: Number
    failure: Number
    death_of_failure: Number
    complication: Number
    more_found: Number
    abandoned: Number
    incomplete: Number
    comes_back: Number


def outcome_chances(model: RiskModel, done: Operation, taken: Taken, practice: Practice) -> Outcomes:
    """What may come of an operation, and how often."""
    figure = model.figure
    risk = model.of(done, taken.anatomy)
    zones = taken.zones if done.may_be_incomplete else ()
    return Outcomes(
        all_deaths=risk.death,
        death=risk.at_operation(done),
        failure=risk.failure,
        death_of_failure=risk.death_of_failure,
        complication=complication(model, done),
        more_found=figure("more_found_chance") if done.may_find_more else 0.0,
        abandoned=abandoned(figure, taken.lesions) if done.may_be_abandoned or done.elsewhere_alone else 0.0,
        incomplete=_any(zones, lambda _: figure(f"ablation_incomplete_{practice.technique}")),
        comes_back=_any(zones, lambda one: _comes_back(figure, one, done, practice)),
    )


def abandoned(figure: Figure, lesions: Number) -> Number:
    """The disease turns out beyond removal once it is seen: seldom where lesions are few."""
    few = lesions <= figure("open_and_close_few_up_to")
    return where(few, figure("open_and_close_few"), figure("open_and_close_chance"))


def benign_after_frozen_section(figure: Figure, lesions: Number) -> Number:
    """A lesion taken out for its diagnosis is benign: frozen section has sorted out those in whom more was found than it."""
    benign, more = figure("benign_chance"), figure("more_found_chance") + abandoned(figure, lesions)
    return benign / (1 - (1 - benign) * more)


# The chances by the name that the process gives them. Somebody operated on for the diagnosis has more only where it is a metastasis.
BY_NAME: dict[str, Callable[[Outcomes, Figure], Number]] = {
    "death_of_operation": lambda found, _: found.death,
    "failure_of_operation": lambda found, _: found.failure,
    "death_of_failure": lambda found, _: found.death_of_failure,
    "complication_of_operation": lambda found, _: found.complication,
    "more_found": lambda found, _: found.more_found,
    "abandoned": lambda found, _: found.abandoned,
    "incomplete": lambda found, _: found.incomplete,
    "more_at_diagnosis": lambda found, figure: found.more_found * (1 - figure("benign_chance")),
    "beyond_at_diagnosis": lambda found, figure: found.abandoned * (1 - figure("benign_chance")),
    "comes_back": lambda found, _: found.comes_back,
}


# --- complications ----------------------------------------------------------------------------------------------------


def complication(model: RiskModel, done: Operation) -> Number:
    """A major complication: of liver, bowel, and what lies elsewhere, as if independent. Beside the liver the bowel fares worse."""
    figure, parts = model.figure, [_of_liver(model, done)]
    if done.bowel:
        alone = figure("complication_primary")
        beside = lesser(1.0, alone * figure("complication_with_bowel_ratio"))
        parts.append(_moved(model, alone if done.liver == "none" else beside))
    if done.elsewhere:
        parts.append(_moved(model, figure("complication_minor")))
    found: Number = 0.0
    for part in parts:
        found = either(found, part)
    return found


def _of_liver(model: RiskModel, done: Operation) -> Number:
    if done.liver == "none":
        return 0.0
    if done.liver == "ablation":
        return model.figure("complication_ablation")
    # The second operation on a liver is known by no extent.
    extent = "major" if done.may_fail or done.again else "minor"
    return _moved(model, model.figure(f"complication_{extent}"))


def _moved(model: RiskModel, mean: Number) -> Number:
    """A published mean, moved from the average patient of a series to this one by ASA class."""
    figure, asa = model.figure, model.person.asa
    if asa is None:
        return mean
    odds = figure("complication_asa_3_odds")
    share = figure("risk_asa_3_share") + figure("risk_asa_4_share")
    return with_odds(mean, where(asa >= ASA_3, odds, 1.0) / (1 + share * (odds - 1)))


# --- what is ablated ----------------------------------------------------------------------------------------------------


def _any(zones: Iterable[Zones], chance: Callable[[Zones], Number]) -> Number:
    """Of at least one lesion, as if independent."""
    none: Number = 1.0
    for one in zones:
        none = none * (1 - chance(one)) ** one.number
    return 1 - none


def _comes_back(figure: Figure, one: Zones, done: Operation, practice: Practice) -> Number:
    """The tumour comes back within a year where one lesion was ablated."""
    # Alone it is done through the skin, beside anything else through the open belly.
    usual = figure(f"local_recurrence_{'surgical' if done.opens else 'percutaneous'}")
    if practice.margin_mm <= figure("local_recurrence_narrow_up_to"):
        usual = _with_hazard(figure("local_recurrence_wide_margin"), figure("local_recurrence_narrow_hazard"))
    if practice.technique == "radiofrequency":
        usual = where(one.beside_vessel, _with_hazard(usual, figure("local_recurrence_vessel_hazard")), usual)
    if one.size_mm is None:
        return usual
    most = figure("local_recurrence_size_most")
    over = one.size_mm - figure("local_recurrence_size_reference")
    odds = figure("local_recurrence_odds_per_mm") ** over
    return with_odds(usual, lesser(most, greater(1 / most, odds)))


def _with_hazard(chance: Number, ratio: Number) -> Number:
    """The chance of an event within the same time under a hazard `ratio` times as high."""
    return 1 - (1 - chance) ** ratio
