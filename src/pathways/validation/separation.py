"""What the model of survival tells apart in drawn resected patients, beside published figures: lines of the goal that can fail."""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache
from typing import Any

import numpy as np
import numpy.typing as npt

from pathways.cohort.draws.background_mortality import DAYS_A_YEAR
from pathways.cohort.draws.lives import inputs_of_columns, lives_of
from pathways.cohort.draws.random_numbers import patient_words
from pathways.cohort.engine.histories import NEVER
from pathways.cohort.patients.definition import Cohort
from pathways.cohort.population.sampling import draw
from pathways.cohort.runs.results import Result
from pathways.cohort.runs.running import run
from pathways.cohort.runs.simulation import Simulation, run_chunk
from pathways.knowledge.protocols import knowledge, load_protocol
from pathways.prognosis.curves import YEARS, after_clearance, come
from pathways.prognosis.factors import factors
from pathways.quick_dataclass import dataclass

SEED = 1988
COHORT = "resectable_primary_gone"
MONTH = DAYS_A_YEAR / 12
SIX_MONTHS = 0.5
GROUPS = (("low", 68.1), ("medium", 46.7), ("high", 32.4))
FOUR_GROUPS, FOUR_SHARES = (57, 38, 24, 12), (0.20, 0.55, 0.85)
WITHIN, POINTS = 0.2, 8
Floats = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Line:
    """One line: what is measured, the bounds of the goal, what the simulation gives."""

    words: str
    published: str
    low: float
    high: float
    found: float
    unit: str = ""

    @property
    def inside(self) -> bool:
        """Whether it lies within the bounds."""
        return self.low <= self.found <= self.high


def lines(patients: int) -> Iterator[Line]:
    """Every line, simulated with so many drawn patients."""
    made = _made(patients)
    result = Result(made, run(made))
    told = result.as_json()
    yield Line("c-index of Fong, survival", "0.577, 0.578", 0.55, 0.61, told["c_index"]["fong"])
    yield Line("c-index of GAME, survival", "0.596, 0.609", 0.57, 0.63, told["c_index"]["game"])
    medians = {
        one["group"]: one["median_survival_days"] / MONTH for one in told["risk_groups"] if one["score"] == "game"
    }
    for group, published in GROUPS:
        bounds = published * (1 - WITHIN), published * (1 + WITHIN)
        yield Line(f"median survival, GAME {group}", f"{published}", *bounds, round(medians[group], 1), "months")
    printed, found = (np.log([one[group] for group, _ in GROUPS]) for one in (dict(GROUPS), medians))
    slope = np.polyfit(printed, found, 1)[0]
    yield Line("the three medians: slope of simulated on published, logarithms", "1", 0.8, 1.2, round(float(slope), 2))
    yield from _early_elsewhere(made)
    yield from _long_run(result, made)


def _made(patients: int) -> Simulation:
    entry = knowledge().targets["cohorts"][COHORT]
    cohort = Cohort(schema=1, id=COHORT, only=entry["only"], draw=entry.get("draw", {}))
    return Simulation("guideline", load_protocol("default"), SEED, patients, cohort=cohort)


@dataclass(frozen=True)
class Mixed:
    """A level of a factor among drawn resectable patients beside its share in resected series, with what that is taken to lie between."""

    words: str
    level: str
    published: float
    low: float
    high: float
    drawn: float
    sources: tuple[str, ...]

    @property
    def inside(self) -> bool:
        """Whether the drawn share lies between."""
        return self.low <= self.drawn <= self.high


def case_mix(patients: int) -> Iterator[Mixed]:
    """Every adverse level of the factors that are drawn; what the cohort rules out is no level of it."""
    made = _made(patients)
    assert made.cohort is not None
    told = inputs_of_columns(draw(made.cohort, made.seed, 0, made.patients))
    for factor in factors():
        column = told.get(factor.input)
        if column is None or len(np.unique(column)) == 1:
            continue
        place = sum(
            one.begins_at_or_below(np.asarray(column, dtype=np.float64)).astype(int) for one in factor.levels[1:]
        )
        for at, level in enumerate(factor.levels):
            if level.id:
                share = made.parameters[level.named("share")]
                low, high = (float(share.distribution.get(end, share.number)) for end in ("low", "high"))
                drawn = float(np.mean(place == at))
                yield Mixed(factor.words, level.words, share.number, low, high, drawn, share.sources)


@lru_cache(maxsize=2)
def _rows(patients: int) -> dict[str, Any]:
    made = _made(patients)
    parts = [run_chunk(made, chunk, rows=True).patients or {} for chunk in range(made.chunks)]
    names = ("resected", "day_resected", "day_recurred", "day_last_seen", "dead")
    found: dict[str, Any] = {name: np.concatenate([one[name] for one in parts]) for name in names}
    sites: list[Any] = [one["recurrence_site"] for one in parts]
    found["site"] = np.concatenate([one.codes for one in sites])
    return found


def _risk(made: Simulation) -> tuple[Floats, Floats, Floats]:
    """Of each patient the hazard ratio of recurrence, the chance of one outside the liver within six months, and that to live ten years."""
    assert made.cohort is not None
    drawn = draw(made.cohort, made.seed, 0, made.patients)
    lives = lives_of(
        drawn, patient_words(made.seed, drawn.number), made.parameters, carried=made.protocol.yes("life_carried_over")
    )
    model, hazard = lives.model, np.asarray(lives.profile.recurrence)
    soon = 1 - np.exp(-model.free * hazard * float(come(model, SIX_MONTHS)))
    outside = model.both + (1 - model.both) * lives.elsewhere / (1 + lives.elsewhere)
    ten_years = after_clearance(model, lives.profile)[0][-1] * lives.others.alive(float(YEARS))
    return hazard, soon * outside, ten_years


def _early_elsewhere(made: Simulation) -> Iterator[Line]:
    rows, (_, risk, _) = _rows(made.patients), _risk(made)
    some = rows["resected"]
    since = rows["day_recurred"] - rows["day_resected"]
    happened = (rows["day_recurred"] != NEVER) & (since <= SIX_MONTHS * DAYS_A_YEAR) & (rows["site"] > 0)
    happened, risk = happened[some], risk[some]
    yield Line(
        "early recurrence outside the liver: c-index",
        "0.663 (0.624-0.702)",
        0.63,
        0.70,
        round(_apart(risk, happened), 3),
    )
    low, high = np.quantile(risk, (0.25, 0.75))
    for words, who, published in (("lowest", risk <= low, 6.5), ("highest", risk >= high, 32.0)):
        share = round(100 * float(happened[who].mean()), 1)
        yield Line(
            f"the same within six months, {words} quarter",
            f"{published}",
            published - POINTS / 2,
            published + POINTS / 2,
            share,
            "%",
        )


def _apart(risk: Floats, happened: npt.NDArray[np.bool_]) -> float:
    """How often, of a pair of one with and one without, the one with has the higher risk."""
    order = np.argsort(risk, kind="stable")
    ranks = np.empty(len(risk))
    ranks[order] = np.arange(1, len(risk) + 1)
    events = int(happened.sum())
    return float((ranks[happened].sum() - events * (events + 1) / 2) / (events * (len(risk) - events)))


def _long_run(result: Result, made: Simulation) -> Iterator[Line]:
    rows, (hazard, _, ten_years) = _rows(made.patients), _risk(made)
    some = rows["resected"]
    free = knowledge().parameters["prognosis_never_recurs"].number ** hazard
    yield Line("never recurs", "20 (16.5-23.5)", 16.5, 23.5, round(100 * float(free[some].mean()), 1), "%")
    alive = ~(rows["dead"] & (rows["day_last_seen"] < 10 * DAYS_A_YEAR - 1))
    yield Line(
        "alive ten years after the meeting", "22 to 38.5", 22, 38.5, round(100 * float(alive[some].mean()), 1), "%"
    )
    order = np.argsort(-ten_years[some], kind="stable")
    cuts = [round(share * len(order)) for share in FOUR_SHARES]
    for words, published, who in zip(
        ("best", "second", "third", "worst"), FOUR_GROUPS, np.split(order, cuts), strict=True
    ):
        share = round(100 * float(alive[some][who].mean()), 1)
        yield Line(
            f"alive at ten years, {words} of four groups",
            f"{published}",
            published - POINTS,
            published + POINTS,
            share,
            "%",
        )
    late = result.free_of_recurrence.value
    drop = round(100 * float(late[round(6.5 * DAYS_A_YEAR)] - late[round(7.5 * DAYS_A_YEAR)]), 1)
    yield Line("recurrence or death in the year after 6.5 years", "excess near zero", 0, 2, drop, "%")
