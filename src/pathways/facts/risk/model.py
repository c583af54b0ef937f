"""Death within 90 days and liver failure after an operation, given that it is done. One arithmetic for a case, its draws, and columns.

How the parts join: the model of death holds the deaths of ordinary liver failure; what this remnant and this liver add to the failure
that is usual for the extent (the excess) adds deaths, and nothing else does. So there is no floor of deaths by liver failure, and nothing
is counted twice. The deaths by failure, ordinary and excess, then part the whole into two outcomes of the process; their sum is the whole.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import fields, replace
from functools import cached_property
from math import prod

from pathways.facts.risk.person import (
    Figure,
    Odds,
    Person,
    against_emergencies,
    background_odds,
    child_b_odds,
    cirrhosis_failure,
    laboratory_odds,
    person_odds,
    platelets_odds,
    series_odds,
    somebody,
)
from pathways.knowledge.arithmetic import (
    Number,
    YesNo,
    chance_of,
    either,
    greater,
    lesser,
    odds_of,
    where,
    with_odds,
)
from pathways.process.operations import Operation
from pathways.quick_dataclass import dataclass

LEVELS = {"national": "national", "experienced_centre": "experienced"}


@dataclass(frozen=True, slots=True)
class Anatomy:
    """What a resection takes and leaves: `extended`, and how near its limit the remnant is, from 0 (far above) to 1 (well below).

    `cava`: whether the wall of the vena cava goes with it; `duct`: whether the bile duct does, and is joined to the bowel.
    """

    extended: YesNo
    shortage: Number
    cava: YesNo = False
    duct: YesNo = False


NOWHERE_NEAR = Anatomy(False, 0.0)


@dataclass(frozen=True, slots=True)
class Risk:
    """What an operation may cost: death by all causes, liver failure, and death of those whose liver fails."""

    death: Number
    failure: Number
    death_of_failure: Number

    @property
    def direct(self) -> Number:
        """Death that does not come by liver failure."""
        return self.death - self.failure * self.death_of_failure

    def at_operation(self, done: Operation) -> Number:
        """Death that is an outcome of the operation itself: all of it where liver failure is no outcome of its own."""
        return self.direct if done.may_fail else self.death


@dataclass(frozen=True)
class RiskModel:
    """The model for one person (or a column of persons), one set of figures and the level of a centre."""

    person: Person
    figure: Figure
    level: str

    @cached_property
    def _by_person(self) -> Number:
        """Age and ASA class."""
        return _product(person_odds(self.person, self.figure))

    @cached_property
    def _by_laboratory(self) -> Number:
        return _product(laboratory_odds(self.person, self.figure))

    @cached_property
    def _against_the_series(self) -> Number:
        """Age and ASA class against the average patient of a series."""
        return self._by_person / series_odds(self.figure)

    @cached_property
    def _usual_failure(self) -> Number:
        """Odds of liver failure of the reference operation."""
        return odds_of(self.figure("risk_failure_reference"))

    @cached_property
    def _background(self) -> Number:
        """Odds of liver failure of the liver that is not tumour."""
        return background_odds(self.person, self.figure).odds

    def some(self, rows: Number) -> RiskModel:
        """The model for some persons of a column, what all of them need worked out once."""
        person = Person(*(_rows(getattr(self.person, field.name), rows) for field in fields(Person)))
        found = RiskModel(person, self.figure, self.level)
        for name in SHARED:
            found.__dict__[name] = _rows(getattr(self, name), rows)
        return found

    def shortage(self, ratio: Number) -> Number:
        """How short a remnant is: `ratio` is the remnant to its limit."""
        width = self.figure("risk_failure_remnant_width")
        return greater(0.0, lesser(1.0, (1 + width - ratio) / (2 * width)))

    def of(self, done: Operation, anatomy: Anatomy = NOWHERE_NEAR) -> Risk:
        """The risk of an operation."""
        liver = self._of_liver(done, anatomy)
        death = liver.death
        if done.bowel:
            together = with_odds(death, self.figure("risk_with_bowel_major_odds")) if done.may_fail else death
            death = self.bowel() if done.liver == "none" else either(together, self.bowel())
        if done.elsewhere:
            death = self.elsewhere() if done.liver == "none" else either(death, self.elsewhere())
        return Risk(death, liver.failure, liver.death_of_failure)

    def _of_liver(self, done: Operation, anatomy: Anatomy) -> Risk:
        if done.liver == "none":
            return NONE
        if done.liver == "ablation":
            return Risk(self.ablation(), 0.0, 0.0)
        if done.liver == "alpps":
            return self._after_split(anatomy)
        found = self.hepatectomy(done.liver, anatomy)
        # Never below the ablation that is part of it.
        return (
            Risk(greater(found.death, self.ablation()), found.failure, found.death_of_failure)
            if "ablation" in done.clearance
            else found
        )

    # --- the liver ----------------------------------------------------------------------------------------------------

    def hepatectomy(self, extent: str, anatomy: Anatomy) -> Risk:
        """A minor or major resection. In cirrhosis the worse of two readings counts: its own deaths, or those of steatohepatitis."""
        person, figure = self.person, self.figure
        risk = self._joined(
            extent,
            anatomy,
            self._intercept(extent) * platelets_odds(person, figure).odds,
            self._background,
            1.0,
        )
        if not somebody(person.cirrhosis):
            return risk
        cirrhotic, usual = (
            odds_of(figure(f"risk_cirrhosis_{extent}")) * child_b_odds(person, figure),
            cirrhosis_failure(person, figure),
        )
        own = self._joined(extent, anatomy, greater(self._intercept(extent), cirrhotic), usual, usual)
        worse = own.death >= risk.death
        by_failure = where(worse, own.failure * own.death_of_failure, risk.failure * risk.death_of_failure)
        return Risk(
            where(person.cirrhosis, greater(own.death, risk.death), risk.death),
            where(person.cirrhosis, own.failure, risk.failure),
            where(person.cirrhosis, lesser(1.0, by_failure / own.failure), risk.death_of_failure),
        )

    def with_vena_cava(self, extent: str) -> Number:
        """Odds of death against the same resection where the wall of the vena cava goes with it: what is then done is at least major."""
        return self._as_major("risk_vena_cava_odds", extent)

    def with_bile_duct(self, extent: str) -> Number:
        """The same where the bile duct at the hilum is resected and joined to the bowel."""
        return self._as_major("risk_bile_duct_odds", extent)

    def _as_major(self, odds: str, extent: str) -> Number:
        return self.figure(odds) * self._intercept("major") / self._intercept(extent)

    def _intercept(self, extent: str) -> Number:
        return odds_of(self.figure(f"risk_{extent}_{LEVELS[self.level]}"))

    def _joined(
        self, extent: str, anatomy: Anatomy, reference: Number, background: Number, usual_background: Number
    ) -> Risk:
        """Death and liver failure, joined: `reference` is the odds of death of the reference patient with this liver.

        `background` moves liver failure, `usual_background` what of it the odds of death hold already.
        """
        figure = self.figure
        model = chance_of(
            reference
            * where(anatomy.extended, figure("risk_extended_odds"), 1.0)
            * (where(anatomy.cava, self.with_vena_cava(extent), 1.0) if somebody(anatomy.cava) else 1.0)
            * (where(anatomy.duct, self.with_bile_duct(extent), 1.0) if somebody(anatomy.duct) else 1.0)
            * self._by_person
            * self._by_laboratory
        )
        odds = self._usual_failure * (figure("risk_failure_major_odds") if extent == "major" else 1.0)
        failure = chance_of(odds * background * odds_of(figure("risk_failure_short_remnant") * anatomy.shortage))
        usual = chance_of(odds * usual_background)
        ordinary = figure("risk_failure_share_of_deaths") * model
        # Whose ordinary liver failure kills more often than that of others dies no less often of the excess.
        killing = greater(figure("risk_failure_death"), lesser(1.0, ordinary / usual))
        added = (1 - model) * killing * greater(0.0, failure - usual)
        death = greater(model + added, figure(f"risk_{extent}_least"))
        return Risk(death, failure, lesser(1.0, (ordinary + added) / failure))

    # --- ALPPS ----------------------------------------------------------------------------------------------------------

    def alpps(self, anatomy: Anatomy) -> Number:
        """Death by both stages: never below an extended resection of the same patient."""
        return self._both_stages(self._extended(anatomy))

    def between_stages(self, anatomy: Anatomy) -> Number:
        """Death between the stages of ALPPS."""
        return self.figure("risk_alpps_between") * self.alpps(anatomy)

    def _extended(self, anatomy: Anatomy) -> Risk:
        return self.hepatectomy("major", replace(anatomy, extended=True))

    def _both_stages(self, extended: Risk) -> Number:
        return with_odds(extended.death, self.figure("risk_alpps_odds"))

    def _after_split(self, anatomy: Anatomy) -> Risk:
        """The second stage of ALPPS: what both cost, less the deaths before it."""
        extended = self._extended(anatomy)
        both = self._both_stages(extended)
        before = self.figure("risk_alpps_between") * both
        death = (both - before) / (1 - before)
        return Risk(death, extended.failure, lesser(extended.death_of_failure, death / extended.failure))

    # --- what takes no liver -----------------------------------------------------------------------------------------------

    def ablation(self) -> Number:
        """Death after ablation: age and ASA class alone, between two bounds."""
        found = self._moved(self.figure("risk_ablation"))
        return lesser(greater(found, self.figure("risk_ablation_least")), self.figure("risk_ablation_most"))

    def bowel(self) -> Number:
        """Death after an elective resection of the bowel."""
        figure, person = self.figure, self.person
        found = self._moved(where(person.rectum, figure("risk_rectum"), figure("risk_colon")))
        return with_odds(found, where(person.cirrhosis, figure("risk_bowel_cirrhosis_odds"), 1.0))

    def emergency(self) -> Number:
        """Death after an emergency resection of the bowel."""
        cirrhosis = where(self.person.cirrhosis, self.figure("risk_bowel_cirrhosis_odds"), 1.0)
        perforated, other = (self.figure(f"mortality_primary_{one}") for one in ("perforation", "emergency"))
        mean = where(self.person.perforated, perforated, other)
        return with_odds(mean, against_emergencies(self.person, self.figure) * cirrhosis)

    def elsewhere(self) -> Number:
        """Death after a resection outside liver and bowel."""
        return self._moved(self.figure("mortality_extrahepatic"))

    def _moved(self, mean: Number) -> Number:
        """A published mean, moved from the average patient of a series to this one."""
        return with_odds(mean, self._against_the_series)


NONE = Risk(0.0, 0.0, 0.0)


# What is worked out once for a column of persons.
SHARED = ("_by_person", "_by_laboratory", "_against_the_series", "_usual_failure", "_background")


def _rows(value: Number, rows: Number) -> Number:
    """Some rows of a column; a number, or nothing, is alike for all."""
    return value if value is None or not getattr(value, "ndim", 0) else value[rows]


def _product(factors: Iterable[Odds]) -> Number:
    return prod(one.odds for one in factors)
