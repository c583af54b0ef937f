"""Chances of outcomes over columns: the same figures and formulas as `pathways.facts.figures`, for the rows of one phase."""

from __future__ import annotations

from collections.abc import Callable
from functools import cached_property
from typing import Any, ClassVar

import numpy as np
import numpy.typing as npt

from pathways.cohort.codes.process import Outcome
from pathways.cohort.codes.state import LIVE, LIVE_CODE, Seen
from pathways.cohort.rules.exposure import EXPOSURES
from pathways.cohort.rules.looked_up import Biology
from pathways.cohort.rules.remnants import Remnants
from pathways.cohort.rules.resection_problem import Chosen, Codes
from pathways.cohort.rules.risks import Risks
from pathways.cohort.rules.tables import Tables
from pathways.facts.probabilities import FIRST_STIMULUS, SPLIT_LATER, later_gain
from pathways.facts.risk.case import RISKS
from pathways.knowledge.arithmetic import Number, shared_out
from pathways.liver import adequacy
from pathways.liver.adequacy import Growth
from pathways.process.facts import STIMULI
from pathways.process.model import AGAIN, Chance

Floats = npt.NDArray[np.float64]
Bools = npt.NDArray[np.bool_]
Rows = npt.NDArray[np.int64]
SHORT = LIVE_CODE["volume"]["short"]
WAS_SHORT = LIVE_CODE["volume"]["was_short"]
WAITING = LIVE_CODE["growth"]["waiting"]
# Stimuli with a figure of their own: the second closure of a portal branch has none.
GROWN_BY = (*STIMULI, f"lvd{AGAIN}", f"split{AGAIN}")
SURE = 2.0
# Chances that depend on the volumes of the patient or on the person: everybody has their own.
PERSONAL = frozenset({"growth_success", "growth_late_success", "split_success", "volumetry_enough_chance", *RISKS})


def reads(chance: Chance) -> frozenset[str]:
    """Live facts that a chance depends on."""
    return frozenset((*chance.reads, *((chance.by,) if chance.by else ())))


def is_personal(chance: Chance) -> bool:
    """Whether a chance depends on the volumes of the patient, or on the person."""
    return not PERSONAL.isdisjoint((chance.parameter, *chance.choices.values()))


class Chances:
    """Chances for one column of patients."""

    def __init__(self, tables: Tables) -> None:
        self.tables = tables
        self.facts = tables.facts
        self.parameters = tables.facts.parameters
        self._chosen: dict[int, Floats] = {}

    def shares(self, offered: tuple[Outcome, ...], rows: Rows, state: Seen) -> list[Any]:
        """Chances of the outcomes of a set, 0 where one is not open; they add to one."""
        explicit: list[Number | None] = []
        of_rest: list[Number | None] = []
        for one in offered:
            chance = one.change.trigger.chance
            found = None
            if chance is not None:
                found = np.where(self._open(one, rows, state), self.chance(chance, rows, state), 0.0)
            takes_share = chance is not None and chance.of_rest
            explicit.append(None if takes_share else found)
            of_rest.append(found if takes_share else None)
        return shared_out(explicit, of_rest)

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
        if not is_personal(chance) and not any(name in self._named for name in chance.choices.values()):
            return self._alike(chance)[column]
        for code in np.unique(column):
            name = chance.choices.get(LIVE[chance.by][code])
            if name is not None:
                here = np.flatnonzero(column == code)
                some = state.some(here)
                found[here] = self._of(name, rows[here], some)
        return found

    def _alike(self, chance: Chance) -> Floats:
        """A chance that a live fact chooses and nothing else moves, by the code of the fact."""
        found = self._chosen.get(id(chance))
        if found is None:
            names = (chance.choices.get(str(value)) for value in LIVE[chance.by])
            found = np.array([0.0 if name is None else self._figure(name) for name in names])
            self._chosen[id(chance)] = found
        return found

    def _of(self, name: str, rows: Rows, state: Seen) -> Number:
        if name in self._named:
            return self._named[name](self, rows, state)
        if name in RISKS:
            return self.risks.named(name, rows, state)
        return self._figure(name)

    def _figure(self, name: str) -> float:
        return self.parameters[name].number

    @cached_property
    def risks(self) -> Risks:
        """Death and liver failure after operations."""
        return Risks(self.tables)

    @cached_property
    def biology(self) -> Biology:
        """What the regimens that the rules suggest mean for each patient."""
        return Biology(self.facts.patients, self.facts.protocol, self.facts.figures)

    def washout_days(self, name: str, rows: Rows) -> Floats:
        """Days of washout after a line of treatment."""
        found: Floats = self.biology.days[name][self.biology.codes[rows]]
        return found

    def _response(self, rows: Rows, state: Seen) -> Number:
        return self.biology.response[self.biology.codes[rows], state["line"]]

    def _progression(self, rows: Rows, state: Seen) -> Number:
        return self.biology.progression[self.biology.codes[rows], state["line"]]

    # --- growth ---------------------------------------------------------------------------------------------------------

    @cached_property
    def _growths(self) -> Growth:
        """Growth after each stimulus."""
        figures = [self.parameters[f"growth_{one}"] for one in GROWN_BY]
        return Growth.of(np.array([one.number for one in figures]), np.array([one.sd for one in figures]))

    def _growth_after(self, stimulus: Rows) -> Growth:
        every = self._growths
        return Growth(every.mean[stimulus], every.sd[stimulus], every.above_zero[stimulus])

    def _reaches(self, remnants: Remnants, stimulus: Rows, short: Bools, gain: Floats | float = 1.0) -> Floats:
        """Chance that growth after a stimulus reaches the limit; a second one starts from what the first has come to."""
        return remnants.growth_chance(self._growth_after(stimulus), short, gain, after=[self._before_second(stimulus)])

    def _before_second(self, stimulus: Rows) -> tuple[Bools, Growth]:
        """Whose stimulus is a second one, and the growth after the first."""
        return _SECOND[stimulus], self._growth_after(np.full(len(stimulus), GROWN_BY.index(FIRST_STIMULUS)))

    def _targets(self, rows: Rows, state: Seen) -> tuple[Remnants, Bools]:
        """The remnant that growth is aimed at in each patient, and whether it has been measured as short."""
        targets = [target for target, _ in self.facts.resections.targets]
        chosen = Chosen.of(targets, state["extent"], rows)
        short = (state["volume"] == SHORT) | (state["volume"] == WAS_SHORT) | (state["growth"] == WAITING)
        return self.facts.remnants.of(chosen, rows, self.tables.exposure(rows, state)), short

    def _growth_success(self, rows: Rows, state: Seen) -> Floats:
        remnants, short = self._targets(rows, state)
        stimulus = _STIMULUS[state["stimulus"]]
        soon = self._reaches(remnants, stimulus, short)
        again = state["stimulus"] == CLOSED_AGAIN
        return np.where(again, self._late(remnants, stimulus, short, soon), soon) if again.any() else soon

    def _growth_late_success(self, rows: Rows, state: Seen) -> Floats:
        remnants, short = self._targets(rows, state)
        stimulus = _STIMULUS[state["stimulus"]]
        late = self._late(remnants, stimulus, short, self._reaches(remnants, stimulus, short))
        split = _SPLIT[stimulus]
        return np.where(split, self._later_after_split(remnants, stimulus, short), late) if split.any() else late

    def _later_after_split(self, remnants: Remnants, stimulus: Rows, short: Bools) -> Floats:
        """Growth that goes on after a split reaches what that has not."""
        further = self.parameters[f"growth_{SPLIT_LATER}"]
        before = (_SPLIT[stimulus], self._growth_after(stimulus))
        later = Growth.of(further.number, further.sd)
        return remnants.growth_chance(later, short, after=[self._before_second(stimulus), before])

    def _late(self, remnants: Remnants, stimulus: Rows, short: Bools, soon: Floats) -> Floats:
        found: Floats = adequacy.late_chance(soon, self._reaches(remnants, stimulus, short, self._late_gains[stimulus]))
        return found

    @cached_property
    def _late_gains(self) -> Floats:
        """How much larger growth is at the second volumetry than at the first, by stimulus."""
        return np.array([later_gain(self._figure, stimulus) for stimulus in GROWN_BY])

    def _volumetry_enough(self, rows: Rows, state: Seen) -> Floats:
        exposure = self.tables.exposure(rows, state)
        found = self._enough_in(rows, state["extent"], exposure)
        again = np.flatnonzero(state["volume"] == WAS_SHORT)
        if len(again):
            nothing = np.zeros(len(again), dtype=np.uint8)
            before = self._enough_in(rows[again], nothing, nothing)
            # Where nothing was in doubt as presented, what was too small is what a response has left.
            found[again] = np.where(before > 0, adequacy.enough_after_short(before, found[again]), 0.0)
        return found

    def _enough_in(self, rows: Rows, extent: Codes, exposure: Codes) -> Floats:
        """The chance of the first remnant in doubt in a scene; 0 where none is."""
        offered = [chosen for by_exposure in self.facts.remnants.doubtful for chosen in by_exposure]
        chosen = Chosen.of(offered, extent * EXPOSURES + exposure, rows)
        remnants = self.facts.remnants.of(chosen, rows, exposure)
        return np.where(chosen.exists, remnants.enough_chance(), 0.0)

    # Functions, and no bound methods kept by the object: a chunk that refers to itself would outlive its use by several more.
    _named: ClassVar[dict[str, Callable[[Chances, Rows, Seen], Number]]] = {
        "growth_success": _growth_success,
        "growth_late_success": _growth_late_success,
        "split_success": _growth_success,
        "volumetry_enough_chance": _volumetry_enough,
        "response_per_block": _response,
        "progression_per_block": _progression,
    }


# The place of a live stimulus among those with a figure; nobody waits for growth without one.
_STIMULUS = np.array([GROWN_BY.index(str(name)) if name in GROWN_BY else 0 for name in LIVE["stimulus"]])
CLOSED_AGAIN = LIVE_CODE["stimulus"][f"pve{AGAIN}"]
_SECOND = np.array([name.endswith(AGAIN) for name in GROWN_BY])
_SPLIT = np.array([name.removesuffix(AGAIN) == "split" for name in GROWN_BY])
