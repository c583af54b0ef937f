"""Chances of outcomes over columns: the same figures and formulas as `pathways.facts.figures`, for the rows of one phase."""

from __future__ import annotations

from collections.abc import Callable
from functools import cached_property
from typing import Any, ClassVar

import numpy as np
import numpy.typing as npt

from pathways.cohort.codes.process import Outcome
from pathways.cohort.codes.state import LIVE, LIVE_CODE, Seen
from pathways.cohort.patients.columns import BACKGROUNDS
from pathways.cohort.rules.by_combination import biology, codes
from pathways.cohort.rules.facts import EXPOSURES
from pathways.cohort.rules.remnants import Growth, Remnants
from pathways.cohort.rules.resection_problem import Chosen
from pathways.cohort.rules.tables import Tables
from pathways.facts.figures import ASA_AT_RISK, DAYS_A_WEEK, DIRECT, NO_HEPATECTOMY
from pathways.knowledge.arithmetic import Number, either, larger, with_odds
from pathways.process.course_of_care import TOGETHER
from pathways.process.facts import STIMULI
from pathways.process.model import Chance

Floats = npt.NDArray[np.float64]
Bools = npt.NDArray[np.bool_]
Rows = npt.NDArray[np.int64]
SHORT = LIVE_CODE["volume"]["short"]
WAITING = LIVE_CODE["growth"]["waiting"]
SURE = 2.0
# Chances that depend on the volumes of the patient: everybody has their own.
PERSONAL = frozenset({"growth_success", "growth_late_success", "split_success", "volumetry_enough_chance"})


def reads(chance: Chance) -> frozenset[str]:
    """Live facts that a chance depends on."""
    return frozenset((*chance.reads, *((chance.by,) if chance.by else ())))


def is_personal(chance: Chance) -> bool:
    """Whether a chance depends on the volumes of the patient."""
    return not PERSONAL.isdisjoint((chance.parameter, *chance.choices.values()))


class Chances:
    """Chances for one column of patients."""

    def __init__(self, tables: Tables) -> None:
        self.tables = tables
        self.facts = tables.facts
        self.parameters = tables.facts.parameters

    def shares(self, offered: tuple[Outcome, ...], rows: Rows, state: Seen) -> list[Floats]:
        """Chances of the outcomes of a set, 0 where one is not open; they add to one."""
        open_to = [self._open(one, rows, state) for one in offered]
        found: list[Floats | None] = []
        rest = np.ones(len(rows))
        for one, where in zip(offered, open_to, strict=True):
            chance = one.change.trigger.chance
            if chance is None or chance.of_rest:
                found.append(None)
                continue
            share = np.where(where, self.chance(chance, rows, state), 0.0)
            found.append(share)
            rest = rest - share
        over = (np.abs(rest) - rest) / 2
        scale = 1 / (1 + over)
        rest = (np.abs(rest) + rest) / 2
        shares: list[Floats] = []
        for one, where, explicit in zip(offered, open_to, found, strict=True):
            chance = one.change.trigger.chance
            if chance is not None and chance.of_rest:
                part = np.where(where, rest * self.chance(chance, rows, state), 0.0)
                rest = rest - part
            else:
                part = np.zeros(0) if explicit is None else explicit * scale
            shares.append(part)
        remainder = next(place for place, one in enumerate(offered) if one.change.trigger.chance is None)
        shares[remainder] = rest
        return shares

    def _open(self, one: Outcome, rows: Rows, state: Seen) -> npt.NDArray[np.bool_]:
        found = np.ones(len(rows), dtype=bool)
        for fact, accepted in one.guards:
            found &= accepted[state[fact]]
        return found

    def running(self, offered: tuple[Outcome, ...], rows: Rows, state: Seen) -> Floats:
        """Running sums of the shares, one row an outcome, such that the first that luck is below is the one that happens.

        Above every luck from the last outcome that can happen: rounding may leave the sum a hair below one.
        """
        shares = self.shares(offered, rows, state)
        found, total = np.full((len(shares), len(rows)), SURE), np.zeros(len(rows))
        last = np.zeros(len(rows), dtype=np.int64)
        for place, share in enumerate(shares):
            total = total + share
            found[place] = total
            last[share > 0] = place
        found[np.arange(len(shares))[:, None] >= last] = SURE
        return found

    def chance(self, chance: Chance, rows: Rows, state: Seen) -> Number:
        """A chance, or the chances that a live fact chooses from."""
        if not chance.by:
            return self._of(chance.parameter, rows, state)
        column, found = state[chance.by], np.zeros(len(rows))
        for code in np.unique(column):
            name = chance.choices.get(LIVE[chance.by][code])
            if name is not None:
                here = np.flatnonzero(column == code)
                some = state.some(here)
                found[here] = self._of(name, rows[here], some)
        return found

    def _of(self, name: str, rows: Rows, state: Seen) -> Number:
        if name in self._named:
            return self._named[name](self, rows, state)
        if name.startswith(DIRECT):
            failing = self._figure("liver_failure_chance") * self._figure("liver_failure_death")
            direct = self._mortality(name.removeprefix(DIRECT), rows) - failing
            return larger(0.0, direct)
        if name.startswith("mortality_"):
            return self._mortality(name, rows)
        return self._figure(name)

    def _figure(self, name: str) -> float:
        return self.parameters[name].number

    def _mortality(self, name: str, rows: Rows) -> Number:
        if name in TOGETHER:
            return either(*(self._mortality(part, rows) for part in TOGETHER[name]))
        if name in NO_HEPATECTOMY:
            return self._figure(name)
        return with_odds(self._figure(name), self.risks[self.risk[rows]])

    @cached_property
    def risk(self) -> npt.NDArray[np.int64]:
        """What the odds of death depend on, as a code: a position in `risks`."""
        patients = self.facts.patients
        elderly = patients.age_years >= self._figure("elderly_from_years")
        sick = patients.asa >= ASA_AT_RISK
        steatohepatitis = patients.background == BACKGROUNDS.index("steatohepatitis")
        return elderly.astype(np.int64) * 4 + sick * 2 + steatohepatitis

    @cached_property
    def risks(self) -> Floats:
        """Odds of death after hepatectomy by age, ASA class and background, against the average of the published series."""
        found = np.ones(8)
        for name, bit in (("elderly", 4), ("asa_3", 2), ("steatohepatitis", 1)):
            ratio = self._figure(f"mortality_odds_{name}")
            average = 1 + self._figure(f"mortality_share_{name}") * (ratio - 1)
            found = found * np.where(np.arange(8) & bit, ratio, 1.0) / average
        return found

    @cached_property
    def _biology(self) -> Any:
        return biology(self.facts.protocol, self.facts.patients, self.facts.figures)

    @cached_property
    def _codes(self) -> npt.NDArray[np.int64]:
        return codes(self.facts.patients)

    def washout_days(self, name: str, rows: Rows) -> Floats:
        """Days of washout after a line of treatment."""
        found: Floats = self._biology.days[name][self._codes[rows]]
        return found

    def _response(self, rows: Rows, state: Seen) -> Number:
        return self._biology.response[self._codes[rows], state["line"]]

    def _progression(self, rows: Rows, state: Seen) -> Number:
        return self._biology.progression[self._codes[rows], state["line"]]

    # --- growth ---------------------------------------------------------------------------------------------------------

    @cached_property
    def _growths(self) -> Growth:
        return Growth.after(STIMULI, self.parameters)

    def _targets(self, rows: Rows, state: Seen) -> tuple[Remnants, Bools]:
        """The remnant that growth is aimed at in each patient, and whether it has been measured as short."""
        targets = [target for target, _ in self.facts.targets]
        chosen = Chosen.of(targets, state["extent"], rows)
        short = (state["volume"] == SHORT) | (state["growth"] == WAITING)
        return self.facts.some_remnants(chosen, rows, self.tables.exposure(rows, state)), short

    def _growth_success(self, rows: Rows, state: Seen) -> Floats:
        remnants, short = self._targets(rows, state)
        return remnants.growth_chance(self._growths.rows(_STIMULUS[state["stimulus"]]), short)

    def _split_success(self, rows: Rows, state: Seen) -> Floats:
        remnants, short = self._targets(rows, state)
        return remnants.growth_chance(self._growths.rows(np.full(len(rows), STIMULI.index("split"))), short)

    def _growth_late_success(self, rows: Rows, state: Seen) -> Floats:
        remnants, short = self._targets(rows, state)
        stimulus = _STIMULUS[state["stimulus"]]
        growth = self._growths.rows(stimulus)
        soon = remnants.growth_chance(growth, short)
        then = remnants.growth_chance(growth, short, self._late_gains[stimulus])
        left = 1 - soon
        late = (then - soon) / ((1e-9 + left + np.abs(1e-9 - left)) / 2)
        after_split = np.where(remnants.chosen.exists, self._figure("growth_late_chance"), 0.0)
        return np.where(stimulus == STIMULI.index("split"), after_split, late)

    @cached_property
    def _late_gains(self) -> Floats:
        """How much larger growth is at the second volumetry than at the first, by stimulus."""
        constant = self._figure("growth_time_constant_weeks")
        gains = []
        for stimulus in STIMULI:
            first = self._figure(f"growth_{stimulus}_days") / DAYS_A_WEEK
            later = first + self._figure("growth_extra_days") / DAYS_A_WEEK
            gains.append((1 - np.exp(-later / constant)) / (1 - np.exp(-first / constant)))
        return np.array(gains)

    def _volumetry_enough(self, rows: Rows, state: Seen) -> Floats:
        exposure = self.tables.exposure(rows, state)
        offered = [chosen for by_exposure in self.facts.doubtful for chosen in by_exposure]
        chosen = Chosen.of(offered, state["extent"] * EXPOSURES + exposure, rows)
        remnants = self.facts.some_remnants(chosen, rows, exposure)
        return np.where(chosen.exists, remnants.enough_chance(), 0.0)

    # Functions, and no bound methods kept by the object: a chunk that refers to itself would outlive its use by several more.
    _named: ClassVar[dict[str, Callable[[Chances, Rows, Seen], Number]]] = {
        "growth_success": _growth_success,
        "growth_late_success": _growth_late_success,
        "split_success": _split_success,
        "volumetry_enough_chance": _volumetry_enough,
        "response_per_block": _response,
        "progression_per_block": _progression,
    }


# The place of a live stimulus among STIMULI; nobody waits for growth without one.
_STIMULUS = np.array([STIMULI.index(str(name)) if name in STIMULI else 0 for name in LIVE["stimulus"]])
