"""How long this patient lives: after clearance, with a new liver, without clearance; at the figures, and in every draw of them."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import cached_property, partial
from typing import Any, Literal

from pathways.facts.patient_assessment import PatientAssessment
from pathways.facts.prognostic_inputs import Range, inputs_of
from pathways.knowledge.arithmetic import Number, greater, odds_of, with_odds
from pathways.prognosis.background import other_deaths
from pathways.prognosis.curves import YEARS, Model, Profile, after_clearance
from pathways.prognosis.factors import (
    MOST_KINDS,
    Factor,
    Figure,
    Kinds,
    Level,
    factors,
    kinds,
    odds_of_elsewhere,
    silenced_by,
    told_profile,
)
from pathways.prognosis.told import Curve, Driver, OneArm, Ratio, Swing
from pathways.prognosis.uncleared import ECOG_MEDIANS, LONGEST, MOST_ECOG, ecog_ratio, hazards_by_ecog, least_ratio
from pathways.quick_dataclass import dataclass

BOWEL = "colorectal"
MIDDLE_YEAR = 5
# Kinds of patients in each level of a factor that is asked about: enough for a printed percent.
KINDS_OF_A_SWING = 8
Course = Literal["none", "perioperative"]


def model_of(figure: Figure) -> Model:
    """The model under these figures, numbers or draws."""
    return Model(
        free=-_log(figure("prognosis_never_recurs")) * odds_of(figure("prognosis_between_series")),
        shape=figure("prognosis_recurrence_shape"),
        scale=figure("prognosis_recurrence_scale_years"),
        long=_logit(figure("prognosis_long_survivors")),
        median=figure("prognosis_after_recurrence_years"),
        shape_after=float(figure("prognosis_after_recurrence_shape")),
        early_death=(figure("prognosis_six_months_death"), figure("prognosis_twelve_months_death")),
        early_long=(figure("prognosis_six_months_long"), figure("prognosis_twelve_months_long")),
        both=figure("prognosis_both_sites_share"),
        both_death=figure("prognosis_both_sites_death"),
        both_long=figure("prognosis_both_sites_long"),
    )


def with_course(profile: Profile, course: Course, figure: Figure) -> Profile:
    """The profile with what chemotherapy around the resection does."""
    if course == "none":
        return profile
    return Profile(
        profile.recurrence * figure("prognosis_perioperative_recurrence"),
        profile.death * figure("prognosis_perioperative_death"),
        profile.long + figure("prognosis_perioperative_long"),
    )


@dataclass(frozen=True)
class Prognosis:
    """The prognosis of one case. `drawn`: the same figures in many draws."""

    assessed: PatientAssessment
    drawn: Mapping[str, Any]

    @cached_property
    def known(self) -> bool:
        """Whether figures exist: they are those of bowel metastases."""
        return self.assessed.case.primary.tumour == BOWEL

    @cached_property
    def told(self) -> dict[str, Range]:
        """What the case tells of the factors."""
        return inputs_of(self.assessed.case)

    def figure(self, name: str) -> float:
        """A figure as a number."""
        return self.assessed.parameters[name].number

    def draws(self, name: str) -> Number:
        """A figure in every draw, or the number where it has no spread."""
        found = self.drawn.get(name)
        return self.figure(name) if found is None else found

    @cached_property
    def carried(self) -> bool:
        """Whether a factor that has a figure on one side of a clearance alone acts on the other too: a setting of the protocol."""
        return self.assessed.protocol.yes("life_carried_over")

    @cached_property
    def kinds(self) -> Kinds:
        """The kinds of patients that what is told leaves open."""
        return self._kinds()

    def _kinds(self, fixed: Mapping[str, int] | None = None, most: int = MOST_KINDS) -> Kinds:
        found = kinds(self.told, self.figure, fixed, most, carried=self.carried)
        return Kinds(found.weights, self._with_ecog(found.profile, self.figure))

    @cached_property
    def profile_drawn(self) -> Profile:
        """The profile of what is told alone, in every draw."""
        return self.profile(self.draws)

    def profile(self, figure: Figure, fixed: Mapping[str, int] | None = None) -> Profile:
        """The profile of what is told alone."""
        return self._with_ecog(told_profile(self.told, figure, fixed, carried=self.carried), figure)

    def _with_ecog(self, profile: Profile, figure: Figure) -> Profile:
        """ECOG has a figure without clearance alone; where it is told, it moves life after a recurrence by the same ratio."""
        ratio = self.death_by_ecog(figure)
        return profile if ratio is None else replace(profile, death=profile.death * ratio)

    def death_by_ecog(self, figure: Figure) -> Number | None:
        """The hazard ratio of death after a recurrence by ECOG; None where nothing is carried over, or ECOG is not told."""
        ecog = self.assessed.case.patient.ecog
        if ecog is None or not self.carried:
            return None
        return ecog_ratio(hazards_by_ecog(figure, self.assessed.parameters), self.assessed.parameters, ecog)

    def cleared(self, course: Course = "none") -> Curve:
        """After clearance, at the figures: the average of the curves of the kinds."""
        return self._kept("cleared", course, lambda: self._averaged(self.kinds, course))

    def cleared_drawn(self, course: Course = "none") -> Curve:
        """After clearance, in every draw: the curve of what is told, moved to the average of the curves."""
        return self._kept("cleared drawn", course, lambda: self._moved(course))

    def _kept(self, what: str, course: str, make: Callable[[], Curve]) -> Curve:
        key = (what, course)
        found = self._curves.get(key)
        if found is None:
            found = self._curves[key] = make()
        return found

    @cached_property
    def _curves(self) -> dict[tuple[str, str], Curve]:
        return {}

    @cached_property
    def others(self) -> Any:
        """By year 1 to 10: the share that has not died of other causes."""
        import numpy as np

        patient = self.assessed.case.patient
        female = None if patient.sex is None else patient.sex == "female"
        return other_deaths(patient.age_years, female, self.assessed.parameters).alive(np.arange(1.0, YEARS + 1))

    def _averaged(self, some: Kinds, course: Course) -> Curve:
        profile = with_course(some.profile, course, self.figure)
        alive, free = (rows @ some.weights for rows in after_clearance(model_of(self.figure), profile))
        return Curve(_from_today(alive * self.others), _from_today(free * self.others))

    def _moved(self, course: Course) -> Curve:
        middle = self.cleared(course)
        curves = []
        for figure, own in ((self.figure, self.profile(self.figure)), (self.draws, self.profile_drawn)):
            profile = with_course(own, course, figure)
            curves.append([rows * self.others[:, None] for rows in after_clearance(model_of(figure), profile)])
        (one_alive, one_free), (alive, free) = curves
        return Curve(
            _from_today(_around(alive, one_alive, middle.alive[1:, None])), _from_today(_around(free, one_free, middle.free[1:, None]))
        )  # fmt: skip

    def transplanted(self, figure: Figure) -> Curve:
        """With a new liver: the published share after five years at a constant hazard, deaths of every cause among them. A simplification."""
        return Curve(
            _from_today(_rows(lambda year: odds_of(_log(figure("survival_5y_transplanted")) / MIDDLE_YEAR * year))),
            None,
        )

    def uncleared(self, figure: Figure) -> Curve:
        """Without clearance, from today: by fitness, by what moves life with the disease, and beside deaths of other causes."""
        hazards = self.uncleared_hazards(figure)
        shape = self.figure("prognosis_without_clearance_shape")
        rows = _rows(lambda year: sum(share * odds_of(-hazard * year**shape) for share, hazard in hazards))
        return Curve(_from_today(rows * (self.others if rows.ndim == 1 else self.others[:, None])), None)

    @cached_property
    def transplanted_once(self) -> Curve:
        """With a new liver, at the figures."""
        return self.transplanted(self.figure)

    @cached_property
    def uncleared_once(self) -> Curve:
        """Without clearance, at the figures."""
        return self.uncleared(self.figure)

    @cached_property
    def transplanted_drawn(self) -> Curve:
        """The same with a new liver, in every draw."""
        return self.transplanted(self.draws)

    @cached_property
    def uncleared_drawn(self) -> Curve:
        """The same without clearance, in every draw."""
        return self.uncleared(self.draws)

    def uncleared_hazards(self, figure: Figure) -> list[tuple[float, Number]]:
        """Of each ECOG that is possible, its share and the hazard without clearance, in years to the power of the shape."""
        hazards = hazards_by_ecog(figure, self.assessed.parameters)
        least = least_ratio(figure, self.assessed.parameters, deficient=self._repair_deficient)
        ratio = greater(self.uncleared_ratio(figure), least)
        return [(share, hazards[ecog] * ratio) for ecog, share in self.ecog_shares]

    @property
    def _repair_deficient(self) -> bool:
        return bool(self.told["repair_deficient"] == (1, 1))

    @property
    def longest_uncleared(self) -> str | None:
        """The figure that bounds life without clearance, in months, where the factors of this patient would make it longer; else None."""
        least = least_ratio(self.figure, self.assessed.parameters, deficient=self._repair_deficient)
        if self.uncleared_ratio(self.figure) >= least:
            return None
        return LONGEST[self._repair_deficient]

    @cached_property
    def ecog_shares(self) -> tuple[tuple[int, float], ...]:
        """ECOG 0 to 3 (3 for 4 too) with the share of each; one where it is told."""
        ecog = self.assessed.case.patient.ecog
        return (
            tuple(enumerate(self.assessed.parameters["cohort_ecog"].value))
            if ecog is None
            else ((min(ecog, MOST_ECOG), 1.0),)
        )

    def uncleared_ratio(self, figure: Figure) -> Number:
        """The hazard ratio without clearance of what the case tells; what it does not tell is averaged, as after clearance."""
        return (self.profile_drawn if figure == self.draws else self.profile(figure)).uncleared

    @property
    def odds_of_elsewhere(self) -> float:
        """Odds that a recurrence at one site lies outside the liver; of a factor that is not told, its mean."""
        low, high = self.told["node_positive"]
        return float(odds_of_elsewhere({"node_positive": low if low == high else None}, self.figure))

    @cached_property
    def swings(self) -> tuple[Swing, ...]:
        """Factors that are not known and could be today, the one that moves five-year survival after clearance most first."""
        import numpy as np

        asked = [
            (factor, place)
            for factor in factors()
            if factor.known_today and len(factor.open_to(self.told[factor.input])) > 1
            for place in factor.open_to(self.told[factor.input])
        ]
        if not asked:
            return ()
        parts = [self._kinds({factor.name: place}, KINDS_OF_A_SWING) for factor, place in asked]
        together = Profile(
            *(np.concatenate([getattr(one.profile, name) for one in parts]) for name in ("recurrence", "death", "long"))
        )
        alive, _ = after_clearance(model_of(self.figure), together)
        ends = np.cumsum([len(one.weights) for one in parts])[:-1]
        means = [
            one.mean(column) * self.others[MIDDLE_YEAR - 1]
            for one, column in zip(parts, np.split(alive[MIDDLE_YEAR - 1], ends), strict=True)
        ]
        found: dict[str, list[tuple[float, float, int]]] = {}
        for (factor, place), mean in zip(asked, means, strict=True):
            found.setdefault(factor.name, []).append((float(factor.shares(self.figure)[place]), float(mean), place))
        swings = [_swing(factor, found[factor.name]) for factor in factors() if factor.name in found]
        return tuple(sorted(swings, key=lambda one: -one.moves))

    def drawn_at(self, factor: Factor, place: int, alive: float) -> Any:
        """Five-year survival after clearance in every draw, with a factor at one of its levels, where it is `alive` at the figures."""
        one, drawn = (
            after_clearance(model_of(figure), self.profile(figure, {factor.name: place}))[0][MIDDLE_YEAR - 1]
            * self.others[MIDDLE_YEAR - 1]
            for figure in (self.figure, self.draws)
        )
        return _around(drawn, one, alive)

    def drivers(self, course: Course = "none") -> tuple[Driver, ...]:
        """The factors of this patient, told ones with their ratios, others named as averaged; by how far recurrence is moved."""
        if course not in self._driving:
            self._driving[course] = self._drivers(course)
        return self._driving[course]

    @cached_property
    def _driving(self) -> dict[Course, tuple[Driver, ...]]:
        return {}

    def _drivers(self, course: Course) -> tuple[Driver, ...]:
        told: list[Driver] = []
        untold: list[Driver] = []
        for factor in factors():
            places = factor.open_to(self.told[factor.input])
            if len(places) > 1:
                untold.append(Driver(factor.words, "unknown", None, None, None, self.sources_of(factor)))
                continue
            told.append(self._driver(factor, factor.levels[places[0]]))
        ecog = self._ecog_driver()
        (told if ecog.ratios else untold).append(ecog)
        if course == "perioperative":
            again, death = (self._ratio(f"prognosis_perioperative_{one}", 1.0) for one in ("recurrence", "death"))
            told.append(Driver("perioperative chemotherapy", "given", again, death, None, again.sources))
        told.sort(key=lambda one: -abs(math.log(one.recurrence.value if one.recurrence else 1.0)))
        return (*told, *untold)

    def _driver(self, factor: Factor, level: Level) -> Driver:
        """The ratios of a level: of recurrence against the average where it is centred, of death against the reference unless it is carried over."""
        again = death = uncleared = None
        if "recurrence" in factor.figures:
            again = self._of_level(factor, level, "recurrence", against_mean=factor.centred)
        if not silenced_by(factor, self.told):
            after, without = (factor.read_for(what, carried=self.carried) for what in ("death", "uncleared"))
            if after is not None:
                carried = after != "death"
                death = self._of_level(factor, level, after, against_mean=carried, carried_over=carried)
            if without is not None:
                uncleared = self._of_level(
                    factor, level, without, against_mean=True, carried_over=without != "uncleared"
                )
        return Driver(factor.words, level.words, again, death, uncleared, self.sources_of(factor))

    def _of_level(
        self,
        factor: Factor,
        level: Level,
        read: str,
        *,
        against_mean: bool,
        carried_over: bool = False,
        without_clearance: bool = False,
    ) -> Ratio:
        """The ratio of a level with its interval; that of a reference against the average is as wide as the ranges of the others allow."""
        mean_of = partial(factor.mean, read, without_clearance=without_clearance)
        mean = mean_of(self.figure) if against_mean else 1.0
        named = tuple(one.named(read) for one in factor.levels if one.id)
        sources = self._sources(named)
        if level.id:
            found = self._ratio(level.named(read), mean)
            return replace(found, sources=sources if against_mean else found.sources, carried_over=carried_over)
        if mean == 1.0:
            return Ratio(1.0, 1.0, 1.0, "reference", sources, carried_over)
        low, high = sorted(1 / mean_of(partial(self._end, which=end)) for end in ("low", "high"))
        return Ratio(1 / mean, low, high, self._weakest(named), sources, carried_over)

    def _end(self, name: str, which: str) -> float:
        parameter = self.assessed.parameters[name]
        return float(parameter.distribution.get(which, parameter.number))

    def _weakest(self, named: tuple[str, ...]) -> str:
        """What an interval put together of several is: a guess if one of them is, else the spread of studies, else of confidence."""
        kinds_of = {self.assessed.parameters[one].interval_of for one in named}
        return next(one for one in ("guess", "studies", "confidence") if one in kinds_of)

    def _ratio(self, name: str, mean: float) -> Ratio:
        parameter = self.assessed.parameters[name]
        low, high = (self._end(name, end) / mean for end in ("low", "high"))
        return Ratio(parameter.number / mean, low, high, parameter.interval_of, self._sources((name,)))

    def _ecog_driver(self) -> Driver:
        """ECOG has medians, no ratios: it is told against the average of resected patients, by the range of its own median."""
        sources = self._sources(ECOG_MEDIANS)
        ecog = self.assessed.case.patient.ecog
        if ecog is None:
            return Driver("ECOG", "unknown", None, None, None, sources)
        own = ECOG_MEDIANS[min(ecog, MOST_ECOG)]

        def ratio(which: str) -> float:
            def figure(name: str) -> float:
                return self._end(name, which) if name == own else self.figure(name)

            return float(ecog_ratio(hazards_by_ecog(figure, self.assessed.parameters), self.assessed.parameters, ecog))

        low, high = sorted((ratio("low"), ratio("high")))
        uncleared = Ratio(ratio(""), low, high, self.assessed.parameters[own].interval_of, sources)
        death = replace(uncleared, carried_over=True) if self.carried else None
        return Driver("ECOG", str(ecog), None, death, uncleared, sources)

    @property
    def one_armed(self) -> tuple[OneArm, ...]:
        """Factors that are told and move life on one side of a clearance alone."""
        found = []
        for one in self.drivers():
            cleared = one.recurrence is not None or one.death is not None
            if one.ratios and cleared != (one.uncleared is not None):
                found.append(OneArm(one.factor, "cleared" if cleared else "uncleared"))
        return tuple(found)

    @property
    def sources(self) -> tuple[str, ...]:
        """Where the curves come from, beside the factors: recurrence, life after it and without clearance, deaths of other causes, a new liver."""
        read: list[str] = []

        def figure(name: str) -> float:
            read.append(name)
            return self.figure(name)

        model_of(figure)
        hazards_by_ecog(figure, self.assessed.parameters)
        least_ratio(figure, self.assessed.parameters, deficient=self._repair_deficient)
        return self._sources((*read, "life_table_men", "life_table_women", "survival_5y_transplanted"))

    def sources_of(self, factor: Factor) -> tuple[str, ...]:
        """Where the hazard ratios of a factor come from: those of recurrence, where it has any."""
        first = next(one for one in ("recurrence", "uncleared") if one in factor.figures)
        return self._sources(tuple(one.named(first) for one in factor.levels if one.id))

    def _sources(self, names: tuple[str, ...]) -> tuple[str, ...]:
        return tuple(dict.fromkeys(source for name in names for source in self.assessed.parameters[name].sources))


def _swing(factor: Factor, levels: list[tuple[float, float, int]]) -> Swing:
    total = sum(share for share, _, _ in levels)
    middle = sum(share * alive for share, alive, _ in levels) / total
    spread = sum(share * abs(alive - middle) for share, alive, _ in levels) / total
    best, worst = max(levels, key=lambda one: one[1]), min(levels, key=lambda one: one[1])
    return Swing(factor, best[1], worst[1], spread, best[2], worst[2])


def _rows(at: Callable[[float], Number]) -> Any:
    """A row a year, 1 to 10."""
    import numpy as np

    return np.array([at(float(year)) for year in range(1, YEARS + 1)])


def _from_today(rows: Any) -> Any:
    """A row a year from 0 on: everybody is alive today."""
    import numpy as np

    return np.concatenate([np.ones((1, *rows.shape[1:])), rows])


def _around(drawn: Any, one: Any, middle: Any) -> Any:
    """Draws around `one` as draws around `middle`: the same odds apart from it."""
    return with_odds(drawn, middle / (1 - middle) * (1 - one) / one)


def _log(value: Number) -> Number:
    if isinstance(value, float):
        return math.log(value)
    import numpy as np

    return np.log(value)


def _logit(share: Number) -> Number:
    return _log(share / (1 - share))
