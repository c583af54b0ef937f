"""How long this patient lives: after clearance, with a new liver, without clearance; at the figures, and in every draw of them."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Literal, NamedTuple

from pathways.facts.patient_assessment import PatientAssessment
from pathways.facts.prognostic_inputs import Range, inputs_of
from pathways.knowledge.arithmetic import Number, odds_of, with_odds
from pathways.prognosis.background import other_deaths
from pathways.prognosis.curves import YEARS, Model, Profile, after_clearance
from pathways.prognosis.factors import Factor, Figure, Kinds, factors, kinds, odds_of_elsewhere, told_profile

BOWEL = "colorectal"
MONTHS = 12
MOST_ECOG = 3
MIDDLE_YEAR = 5
# Kinds of patients in each level of a factor that is asked about: enough for a printed percent.
KINDS_OF_A_SWING = 8
Course = Literal["none", "perioperative"]


class Curve(NamedTuple):
    """By year 0 to 10, a row a year: the share alive, and the share alive that never had a recurrence (None where that has no figure)."""

    alive: Any
    free: Any


@dataclass(frozen=True, slots=True)
class Swing:
    """A factor that is not known, five-year survival after clearance at its best and worst level, and how far it moves it on average.

    `best`, `worst`: the places of these levels.
    """

    factor: Factor
    at_best: float
    at_worst: float
    moves: float
    best: int
    worst: int

    def as_json(self) -> dict[str, Any]:
        """The factor as the JSON of the command line shows it."""
        best, worst, moves = (round(one, 4) for one in (self.at_best, self.at_worst, self.moves))
        return {
            "factor": self.factor.words,
            "item": self.factor.key,
            "at_best": best,
            "at_worst": worst,
            "moves": moves,
        }


@dataclass(frozen=True, slots=True)
class Driver:
    """A factor of this patient with its hazard ratio of recurrence against the average of the factor (or its reference level)."""

    factor: str
    value: str
    hazard_ratio: float | None
    low: float | None
    high: float | None
    sources: tuple[str, ...]

    def as_json(self) -> dict[str, Any]:
        """The driver as the JSON of the command line shows it."""
        ratio, low, high = (None if one is None else round(one, 3) for one in (self.hazard_ratio, self.low, self.high))
        return {
            "factor": self.factor, "value": self.value, "hazard_ratio": ratio, "low": low, "high": high, "sources": list(self.sources),
        }  # fmt: skip


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
    def kinds(self) -> Kinds:
        """The kinds of patients that what is told leaves open."""
        return kinds(self.told, self.figure)

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
        for figure in (self.figure, self.draws):
            profile = with_course(told_profile(self.told, figure), course, figure)
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
        """Without clearance, from today: by fitness, line, BRAF, mismatch repair and disease elsewhere; deaths of every cause among them."""
        hazards = self.uncleared_hazards(figure)
        shape = self.figure("prognosis_without_clearance_shape")
        return Curve(
            _from_today(_rows(lambda year: sum(share * odds_of(-hazard * year**shape) for share, hazard in hazards))),
            None,
        )

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
        shape = self.figure("prognosis_without_clearance_shape")
        ratio = self.uncleared_ratio(figure)
        found: list[tuple[float, Number]] = []
        for ecog, share in self.ecog_shares:
            median = figure(f"prognosis_without_clearance_ecog_{ecog}_months") / MONTHS
            found.append((share, math.log(2) * ratio * odds_of(-shape * _log(median))))
        return found

    @cached_property
    def ecog_shares(self) -> tuple[tuple[int, float], ...]:
        """ECOG 0 to 3 (3 for 4 too) with the share of each; one where it is told."""
        ecog = self.assessed.case.patient.ecog
        if ecog is not None:
            return ((min(ecog, MOST_ECOG), 1.0),)
        return tuple(enumerate(self.assessed.parameters["cohort_ecog"].value))

    def uncleared_ratio(self, figure: Figure) -> Number:
        """The hazard ratio without clearance of what the case tells; what it does not tell counts nothing."""
        case = self.assessed.case
        failed = sum(one.response == "progression" for one in case.history)
        ratio: Number = 1.0
        for counts, name in (
            (failed == 1, "second_line"), (failed > 1, "later_line"), (case.primary.braf == "v600e", "braf"),
            (case.primary.mismatch_repair == "deficient", "repair_deficient"),
            (any(one.nature == "confirmed" for one in case.extrahepatic or ()), "elsewhere"),
        ):  # fmt: skip
            if counts:
                ratio = ratio * figure(f"prognosis_without_clearance_{name}")
        return ratio

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
        parts = [kinds(self.told, self.figure, {factor.name: place}, KINDS_OF_A_SWING) for factor, place in asked]
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
        found = []
        for figure in (self.figure, self.draws):
            profile = told_profile(self.told, figure, {factor.name: place})
            found.append(after_clearance(model_of(figure), profile)[0][MIDDLE_YEAR - 1] * self.others[MIDDLE_YEAR - 1])
        return _around(found[1], found[0], alive)

    def drivers(self, course: Course = "none") -> tuple[Driver, ...]:
        """The factors of this patient, told ones with their ratio, others named as averaged; largest first."""
        told, untold = [], []
        for factor in factors():
            places = factor.open_to(self.told[factor.input])
            if len(places) > 1:
                untold.append(Driver(factor.words, "unknown", None, None, None, self.sources_of(factor)))
                continue
            told.append(self._driver(factor, places[0]))
        if course == "perioperative":
            told.append(self._ratio("perioperative chemotherapy", "given", ("prognosis_perioperative_recurrence",)))
        told.sort(key=lambda one: -abs(math.log(one.hazard_ratio or 1.0)))
        return (*told, *untold)

    def _driver(self, factor: Factor, place: int) -> Driver:
        level = factor.levels[place]
        named = [one for one in factor.levels if one.id] if factor.centred or not level.id else [level]
        mean = factor.mean_recurrence(self.figure)
        return self._ratio(
            factor.words, level.words, tuple(one.named("recurrence") for one in named), level.named("recurrence") if level.id else "", mean
        )  # fmt: skip

    def _ratio(
        self, factor: str, value: str, named: tuple[str, ...], own: str | None = None, mean: float = 1.0
    ) -> Driver:
        name = named[0] if own is None else own
        if not name:
            return Driver(factor, value, 1 / mean, None, None, self._sources(named))
        parameter = self.assessed.parameters[name]
        low, high = (parameter.distribution[one] / mean for one in ("low", "high"))
        return Driver(factor, value, parameter.number / mean, low, high, self._sources(named))

    @property
    def sources(self) -> tuple[str, ...]:
        """Where the curves come from, beside the factors: recurrence, life after it and without clearance, deaths of other causes, a new liver."""
        read: list[str] = []

        def figure(name: str) -> float:
            read.append(name)
            return self.figure(name)

        model_of(figure)
        self.uncleared_hazards(figure)
        return self._sources((*read, "life_table_men", "life_table_women", "survival_5y_transplanted"))

    def sources_of(self, factor: Factor) -> tuple[str, ...]:
        """Where the hazard ratios of recurrence of a factor come from."""
        return self._sources(tuple(one.named("recurrence") for one in factor.levels if one.id))

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
