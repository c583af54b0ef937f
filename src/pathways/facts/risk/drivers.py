"""What moves the risk of an operation away from the reference patient of the model, and what a case does not tell of it."""

from __future__ import annotations

from collections.abc import Iterator
from math import isclose, log
from typing import Any

from pathways.facts.liver_function import child_pugh
from pathways.facts.risk.case import CaseRisks
from pathways.facts.risk.model import Anatomy
from pathways.facts.risk.person import (
    Odds,
    background_odds,
    child_b_odds,
    laboratory_odds,
    person_odds,
    platelets_odds,
    series_odds,
)
from pathways.messages.catalogue import called, say
from pathways.process.operations import OPERATIONS, Operation
from pathways.quick_dataclass import dataclass

# The key of the case file behind each factor.
KEYS = {
    "age": "patient.age_years", "asa": "patient.asa", "inr": "liver.inr", "ggt": "liver.ggt_u_per_l",
    "creatinine": "liver.creatinine_umol_per_l", "platelets": "liver.platelets_e9_per_l", "background": "liver.background",
}  # fmt: skip
# In cirrhosis the class moves the risk, and where it is not told it is taken as A.
CHILD_PUGH = "liver.child_pugh"
SAME = 1e-9


@dataclass(frozen=True, slots=True)
class Driver:
    """One factor: its odds of death against the reference patient (None where it adds and does not multiply), and whether it is told."""

    factor: str
    words: str
    odds: float | None
    told: bool

    def as_json(self) -> dict[str, Any]:
        """The driver as the JSON of the command line shows it."""
        odds = None if self.odds is None else round(self.odds, 2)
        return {"factor": self.factor, "words": self.words, "odds": odds, "told": self.told}


def drivers(risks: CaseRisks, operation: str, anatomy: Anatomy, death: float) -> tuple[Driver, ...]:
    """What drives the risk of an operation, the strongest first; what is not told behind it."""
    done = OPERATIONS[operation]
    found = [one for one in (*_of_person(risks, done), *_of_operation(risks, done, anatomy)) if _moves(one)]
    found.sort(key=lambda one: (not one.told, -abs(log(one.odds)) if one.odds else 0.0))
    if death > risks.figures.figure("risk_most_told"):
        found.insert(0, Driver("outside", called("factor", "outside"), None, True))
    return tuple(found)


def _moves(one: Driver) -> bool:
    return one.odds is None or not one.told or not isclose(one.odds, 1.0, abs_tol=SAME)


def untold(risks: CaseRisks, operation: str) -> tuple[str, ...]:
    """Keys of the case file that the risk of an operation would be moved by, and that the case does not tell."""
    assessed = risks.figures.assessed
    liver, done = assessed.case.liver, OPERATIONS[operation]
    graded = child_pugh(assessed).worse is not None or not risks.model.person.cirrhosis or not _resects(done)
    return (
        *(() if graded else (CHILD_PUGH,)),
        *(
            KEYS[one.factor]
            for one in _of_person(risks, done)
            # What the format cannot say nobody has left out.
            if not one.told
            and (not KEYS[one.factor].startswith("liver.") or hasattr(liver, KEYS[one.factor].removeprefix("liver.")))
        ),
    )


def _resects(done: Operation) -> bool:
    return done.liver not in ("none", "ablation")


def _of_person(risks: CaseRisks, done: Operation) -> Iterator[Driver]:
    person, figure, values = risks.model.person, risks.figures.figure, _values(risks)
    resects = _resects(done)
    every = [*person_odds(person, figure)]
    # A published mean is that of the average patient; the intercepts of resections are those of the reference patient.
    if not resects:
        share = series_odds(figure) ** (1 / len(every))
        every = [Odds(one.factor, one.odds / share if one.told else 1.0, one.told) for one in every]
    else:
        every += laboratory_odds(person, figure)
        if not person.cirrhosis:
            every += [platelets_odds(person, figure)]
        background = background_odds(person, figure)
        if not background.told or (background.odds != 1.0 and not person.cirrhosis):
            every += [background]
    for one in every:
        name, value = called("factor", one.factor), values.get(one.factor)
        if not one.told:
            name = say("driver.untold", name=name)
        elif value is not None:
            name = say("driver.told", name=name, value=value)
        # The liver that is not tumour moves liver failure, and deaths by it alone.
        yield Driver(one.factor, name, None if one.factor == "background" else float(one.odds), one.told)


def _values(risks: CaseRisks) -> dict[str, float]:
    person = risks.model.person
    found = {"age": person.age_years, "asa": person.asa, "inr": person.inr, "ggt": person.ggt, "creatinine": person.creatinine,
             "platelets": person.platelets}  # fmt: skip
    return {name: value for name, value in found.items() if value is not None}


def _of_operation(risks: CaseRisks, done: Operation, anatomy: Anatomy) -> Iterator[Driver]:
    person, figure = risks.model.person, risks.figures.figure
    resects = _resects(done)
    beside = done.liver != "none"
    for factor, there, odds in (
        ("cirrhosis", resects and person.cirrhosis, None),
        ("child_b", resects and person.child_b, child_b_odds(person, figure)),
        ("extended", done.liver == "alpps" or anatomy.extended, figure("risk_extended_odds")),
        ("vena_cava", anatomy.cava, risks.model.with_vena_cava("minor" if done.liver == "minor" else "major")),
        ("bile_duct", anatomy.duct, risks.model.with_bile_duct("minor" if done.liver == "minor" else "major")),
        ("remnant", anatomy.shortage > 0, None),
        ("split", done.liver == "alpps", figure("risk_alpps_odds")),
        ("bowel", beside and done.bowel, None),
        ("elsewhere", beside and done.elsewhere, None),
    ):
        if there:
            yield Driver(factor, called("factor", factor), None if odds is None else float(odds), True)
