"""What the model of risk asks of a person, and the odds that follow: each factor once, or the average of a series where it is not told.

Numbers, draws and columns alike: a field is one value, or a column with one for each patient; None where nobody has told it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

from pathways.knowledge.arithmetic import Number, YesNo, greater, lesser, odds_of, where
from pathways.quick_dataclass import dataclass

Figure = Callable[[str], Number]
ASA_3, ASA_4 = 3, 4


@dataclass(frozen=True, slots=True)
class Person:
    """One person, or a column of persons. `cirrhosis` and `child_b` (Child-Pugh B and worse) are yes or no: where nobody speaks, no."""

    age_years: Number | None
    asa: Number | None
    inr: Number | None
    ggt: Number | None
    platelets: Number | None
    creatinine: Number | None
    steatohepatitis: YesNo | None
    sinusoidal_injury: YesNo | None
    cirrhosis: YesNo
    child_b: YesNo
    rectum: YesNo
    # An emergency of the primary that is worse than all others.
    perforated: YesNo = False


# Somebody of whom nothing is told.
NOBODY = Person(None, None, None, None, None, None, None, None, cirrhosis=False, child_b=False, rectum=False)


@dataclass(frozen=True, slots=True)
class Odds:
    """The odds of one factor against the reference patient; `told`: whether the case tells it."""

    factor: str
    odds: Number
    told: bool


def person_odds(person: Person, figure: Figure) -> Iterator[Odds]:
    """Age and ASA class: what moves every operation."""
    yield Odds("age", _age(person.age_years, figure), person.age_years is not None)
    yield Odds("asa", _asa(person.asa, figure), person.asa is not None)


def laboratory_odds(person: Person, figure: Figure) -> Iterator[Odds]:
    """Laboratory values, which move liver resections; platelets apart, because cirrhosis may outrank them."""
    yield _from("inr", person.inr, figure)
    yield _from("ggt", person.ggt, figure)
    yield _from("creatinine", person.creatinine, figure)


def platelets_odds(person: Person, figure: Figure) -> Odds:
    """Few platelets."""
    low = None if person.platelets is None else person.platelets <= figure("risk_platelets_up_to")
    return _of("platelets", low, figure)


def background_odds(person: Person, figure: Figure) -> Odds:
    """The liver that is not tumour, for liver failure: one term, never two. Cirrhosis counts as steatohepatitis at least."""
    steatohepatitis, sinusoidal = figure("risk_failure_steatohepatitis_odds"), figure("risk_failure_sinusoidal_odds")
    if person.steatohepatitis is None or person.sinusoidal_injury is None:
        shares = figure("risk_failure_steatohepatitis_share"), figure("risk_failure_sinusoidal_share")
        other = 1 + shares[0] * (steatohepatitis - 1) + shares[1] * (sinusoidal - 1)
    else:
        other = where(person.steatohepatitis, steatohepatitis, where(person.sinusoidal_injury, sinusoidal, 1.0))
    return Odds(
        "background",
        where(person.cirrhosis, greater(steatohepatitis, other), other),
        person.steatohepatitis is not None,
    )


def cirrhosis_failure(person: Person, figure: Figure) -> Number:
    """Odds of liver failure in cirrhosis; 1 where there is none."""
    return where(person.cirrhosis, figure("risk_failure_cirrhosis_odds") * child_b_odds(person, figure), 1.0)


def somebody(whom: YesNo) -> bool:
    """Whether a yes stands among them."""
    return whom if isinstance(whom, bool) else bool(whom.any())


def child_b_odds(person: Person, figure: Figure) -> Number:
    """Odds of Child-Pugh B and worse against A."""
    return where(person.child_b, figure("risk_child_b_odds"), 1.0)


def series_odds(figure: Figure) -> Number:
    """Odds of the average patient of a series by age and ASA class: what a published mean stands for."""
    return _age(None, figure) * _asa(None, figure)


def against_emergencies(person: Person, figure: Figure) -> Number:
    """Age and ASA class against the average patient of a series of emergencies of the bowel, who is older and sicker than one of liver resections."""
    age, asa = (1.0 if told is None else odds for told, odds in (
        (person.age_years, _age(person.age_years, figure) / figure("risk_age_average_emergency")),
        (person.asa, _asa(person.asa, figure) / _asa(None, figure, "_emergency")),
    ))  # fmt: skip
    return age * asa


def _age(age: Number | None, figure: Figure) -> Number:
    if age is None:
        return figure("risk_age_average")
    bounded = lesser(greater(age, figure("risk_age_flat_below")), figure("risk_age_flat_above"))
    return odds_of(figure("risk_age_per_year") * (bounded - figure("risk_age_reference")))


def _asa(asa: Number | None, figure: Figure, series: str = "") -> Number:
    third, fourth = figure("risk_asa_3_odds"), figure("risk_asa_4_odds")
    if asa is None:
        share_3, share_4 = (figure(f"risk_asa_{one}_share{series}") for one in (3, 4))
        return 1 + share_3 * (third - 1) + share_4 * (third * fourth - 1)
    return where(asa >= ASA_3, third, 1.0) * where(asa >= ASA_4, fourth, 1.0)


def _from(factor: str, value: Number | None, figure: Figure) -> Odds:
    return _of(factor, None if value is None else value >= figure(f"risk_{factor}_from"), figure)


def _of(factor: str, at_risk: YesNo | None, figure: Figure) -> Odds:
    odds = figure(f"risk_{factor}_odds")
    if at_risk is None:
        return Odds(factor, 1 + figure(f"risk_{factor}_share") * (odds - 1), False)
    return Odds(factor, where(at_risk, odds, 1.0), True)
