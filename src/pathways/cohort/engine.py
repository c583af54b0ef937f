"""Steps whole columns of patients through the declared process. No loop over patients, only over phases.

All patients who stand in one phase are decided, or told their luck, together; sweeps over the phases go on until everybody has come
to an end. Luck is keyed by (seed, patient, phase left, visit of it, draw), so a patient's road does not depend on who is beside them.
"""

from __future__ import annotations

from functools import lru_cache
from typing import Any

import numpy as np
import numpy.typing as npt

from pathways.cohort.chances import Chances
from pathways.cohort.compiled import DECIDED, ENDS, Change, Choice, Outcome, choice, outcomes
from pathways.cohort.facts import CohortFacts
from pathways.cohort.ledger import Ledger, Walks
from pathways.cohort.luck import uniforms
from pathways.cohort.spread import Spread, spread_of, whole
from pathways.cohort.strategies import Strategy
from pathways.cohort.tables import LIVE, LIVE_CODE, PHASE_CODE, Seen, Tables
from pathways.facts.numbers import DAYS_A_WEEK
from pathways.process.declaration import PROCESS
from pathways.process.facts import NEUTRAL
from pathways.process.phases import END_OF_EPISODE, PHASES

Rows = npt.NDArray[np.int64]
Codes = npt.NDArray[np.uint8]
Column = npt.NDArray[Any]
# Sweeps after which something is wrong: the rank bounds every road far below.
MOST_SWEEPS = 400
OUTCOME_DRAW = 0
ORDER = tuple(name for name in PHASES if name not in ENDS)


@lru_cache(maxsize=1)
def _outcomes() -> dict[str, tuple[Outcome, ...]]:
    return {phase: outcomes(phase) for phase in PROCESS.outcome_phases}


def walk(facts: CohortFacts, strategy: Strategy, seed: int, *, steps: bool = False) -> Walks:
    """Walks every patient of `facts` to an end; with `steps` every step is recorded."""
    engine = _Engine(facts, strategy, seed, steps=steps)
    engine.run()
    return engine.kept.walks()


class _Engine:
    def __init__(self, facts: CohortFacts, strategy: Strategy, seed: int, *, steps: bool) -> None:
        self.facts = facts
        self.tables = Tables(facts)
        self.chances = Chances(self.tables)
        self.choices = {phase: choice(phase, strategy) for phase in DECIDED}
        self.number = facts.number
        self.kept = Ledger(facts.patients.number, seed, facts.parameters, steps=steps)
        self.state = self._start()
        self._fixed: dict[str, npt.NDArray[np.uint64]] = {}
        self._spreads: dict[str, Spread | None] = {}

    def _start(self) -> dict[str, Codes]:
        """The live facts at the first meeting."""
        patients = self.facts.patients
        state = {name: np.full(self.number, LIVE_CODE[name][NEUTRAL[name]], dtype=np.uint8) for name in LIVE}
        codes = LIVE_CODE["primary"]
        urgent = np.where(patients.urgent > 0, codes["urgent"], codes["in_situ"])
        state["primary"] = np.where(patients.in_situ, urgent, codes["absent"]).astype(np.uint8)
        codes = LIVE_CODE["extrahepatic"]
        state["extrahepatic"] = np.where(patients.extrahepatic > 0, codes["present"], codes["none"]).astype(np.uint8)
        return state

    def run(self) -> None:
        for _ in range(MOST_SWEEPS):
            moved = False
            for name in ORDER:
                rows = np.flatnonzero(self.kept.phase == PHASE_CODE[name])
                if len(rows) and not (name == END_OF_EPISODE and not self.facts.follow_up):
                    self._leave(name, rows)
                    moved = True
            if not moved:
                return
        raise RuntimeError("somebody never comes to an end: the declared process is faulty")

    def _leave(self, name: str, rows: Rows) -> None:
        """Everybody in a phase takes one step."""
        state = Seen(self.state, rows)
        changes, chosen = self._decide(name, rows, state) if name in self.choices else self._happen(name, rows, state)
        counts = np.bincount(chosen, minlength=len(changes))
        for place in np.flatnonzero(counts):
            self._apply(name, changes[place], rows[chosen == place] if counts[place] < len(rows) else rows)
        self.kept.visits[PHASE_CODE[name], rows] += 1

    def _decide(self, name: str, rows: Rows, state: Seen) -> tuple[tuple[Change, ...], Column]:
        offer = self.choices[name]
        bits = self._fixed_bits(name, offer)[rows]
        for test in offer.live:
            bits &= test.opens[state[test.fact]]
        for test in offer.tables:
            asked = np.flatnonzero(bits & test.of)
            if len(asked):
                codes = self.tables.lookup(test.fact, rows[asked], state.some(asked))
                bits[asked] &= test.opens[codes]
        if not bits.all():
            raise RuntimeError(f"nothing is open in phase {name}: the declared process has a dead end")
        lowest = bits & (~bits + np.uint64(1))
        return offer.changes, np.log2(lowest.astype(np.float64)).astype(np.int64)

    def _fixed_bits(self, name: str, offer: Choice) -> npt.NDArray[np.uint64]:
        """The steps that the fixed facts of each patient leave open in a phase."""
        found = self._fixed.get(name)
        if found is None:
            found = np.full(self.number, offer.everything, dtype=np.uint64)
            for test in offer.fixed:
                found &= test.opens[self.facts.fixed[test.fact]]
            self._fixed[name] = found
        return found

    def _happen(self, name: str, rows: Rows, state: Seen) -> tuple[tuple[Change, ...], Column]:
        offered = _outcomes()[name]
        shares = self.chances.shares(offered, rows, state)
        luck = self._luck(name, rows, OUTCOME_DRAW)
        passed = np.zeros(len(rows))
        chosen = np.full(len(rows), -1, dtype=np.int64)
        for place, share in enumerate(shares):
            passed = passed + share
            chosen[(chosen < 0) & (luck < passed) & (share > 0)] = place
        # Rounding may leave the sum a hair below one: then the last that can happen does.
        left = np.flatnonzero(chosen < 0)
        for row in left:
            chosen[row] = max(place for place, share in enumerate(shares) if share[row] > 0)
        return tuple(one.change for one in offered), chosen

    def _luck(self, name: str, rows: Rows, draw: int) -> npt.NDArray[np.float64]:
        return uniforms(self.kept.words[rows], name, self.kept.visits[PHASE_CODE[name], rows], draw)

    def _apply(self, name: str, change: Change, rows: Rows) -> None:
        """The effects of a step on everybody who takes it, its days, and where it leads."""
        days = self._step_days(name, change, rows)
        for fact, code in change.constant:
            self.state[fact][rows] = code
        for fact, table in change.mapped:
            column = self.state[fact]
            column[rows] = table[column[rows]]
        for fact in change.counted:
            self.state[fact][rows] += 1
        left = PHASE_CODE[name]
        alive = self.kept.pass_days(rows, left, change.code, days)
        if alive is not None:
            rows = rows[alive]
        to = self._pointed_at(rows) if change.to is None else np.full(len(rows), change.to, dtype=np.uint8)
        self.kept.reach(rows, left, change.code, to)

    def _pointed_at(self, rows: Rows) -> Codes:
        return self.tables.pointed_at(rows, Seen(self.state, rows))

    def _step_days(self, name: str, change: Change, rows: Rows) -> npt.NDArray[np.int64]:
        days = change.trigger.days
        total = np.zeros(len(rows), dtype=np.int64)
        if days is None:
            return total
        for place, figure in enumerate(days.parameters):
            total += self._figure_days(name, figure, rows, place)
        if days.by:
            place, column = len(days.parameters), self.state[days.by][rows]
            for code in np.unique(column):
                figure = days.choices[LIVE[days.by][code]]
                here = np.flatnonzero(column == code)
                total[here] += self._figure_days(name, figure, rows[here], place)
        return total

    def _figure_days(self, name: str, figure: str, rows: Rows, place: int) -> Any:
        if figure.startswith("washout_after_"):
            return whole(self.chances.washout_days(figure, rows))
        spread = self._spread(figure)
        if spread.fixed:
            return whole(spread.low)
        return whole(spread.days(self._luck(name, rows, 1 + place)))

    def _spread(self, figure: str) -> Spread:
        found = self._spreads.get(figure)
        if found is None:
            if figure == "block_days":
                protocol = self.facts.protocol
                days = protocol.number("cycles_per_block") * protocol.number("cycle_weeks") * DAYS_A_WEEK
                found = Spread(days, days, days)
            else:
                # Nobody drawn has had chemotherapy that the meeting would have to wait for.
                found = spread_of("days_to_meeting" if figure == "meeting_days" else figure, self.facts.parameters)
            self._spreads[figure] = found
        return found
