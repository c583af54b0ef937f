"""Steps whole columns of patients through the declared process. No loop over patients, only over phases.

All patients who stand in one phase are decided, or told their luck, together; sweeps over the phases go on until everybody has come
to an end. Luck is keyed by (seed, patient, phase left, visit of it, draw), so a patient's road does not depend on who is beside them.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

import numpy as np
import numpy.typing as npt

from pathways.cohort.chances import Chances
from pathways.cohort.compiled import DECIDED, ENDS, Change, Choice, Outcome, choice, outcomes
from pathways.cohort.facts import CohortFacts
from pathways.cohort.luck import patient_words, uniforms
from pathways.cohort.mortality import EVENT, OTHER, days_to_other_death
from pathways.cohort.spread import Spread, spread_of, whole
from pathways.cohort.strategies import Strategy
from pathways.cohort.tables import LIVE, LIVE_CODE, PHASE_CODE, Seen, Tables
from pathways.process.declaration import PROCESS
from pathways.process.facts import NEUTRAL
from pathways.process.phases import CURATIVE_ENDS, END_OF_EPISODE, PHASES, START

Rows = npt.NDArray[np.int64]
Codes = npt.NDArray[np.uint8]
Column = npt.NDArray[Any]
START_CODE, RESECTED, DEAD, RECURRED = (PHASE_CODE[name] for name in (START, END_OF_EPISODE, "dead", "recurred"))
NEVER = -1
FAR = np.iinfo(np.int64).max
# Sweeps after which something is wrong: the rank bounds every road far below.
MOST_SWEEPS = 400
OUTCOME_DRAW = 0
ORDER = tuple(name for name in PHASES if name not in ENDS)
CURATIVE = tuple(PHASE_CODE[name] for name in CURATIVE_ENDS)
LIVER_STEP = tuple(
    any(effect.fact in ("stage", "stimulus") for effect in trigger.effects) and trigger.kind == "decision"
    for trigger in PROCESS.triggers
)


@dataclass(frozen=True)
class Walks:
    """How the roads of a chunk went; one row a patient. Days count from the meeting; NEVER where something did not happen."""

    patient: npt.NDArray[np.int64]
    end: Codes
    days: npt.NDArray[np.int64]
    cleared_day: npt.NDArray[np.int64]
    recurrence_day: npt.NDArray[np.int64]
    operations: Codes
    blocks: Codes
    begun: npt.NDArray[np.bool_]
    died_otherwise: npt.NDArray[np.bool_]
    resected: npt.NDArray[np.bool_]
    flows: npt.NDArray[np.int64]
    steps: dict[str, Column] | None = field(default=None)


@lru_cache(maxsize=1)
def _outcomes() -> dict[str, tuple[Outcome, ...]]:
    return {phase: outcomes(phase) for phase in PROCESS.outcome_phases}


def walk(facts: CohortFacts, strategy: Strategy, seed: int, *, steps: bool = False) -> Walks:
    """Walks every patient of `facts` to an end; with `steps` every step is recorded."""
    engine = _Engine(facts, strategy, seed, steps=steps)
    engine.run()
    return engine.walks()


class _Engine:
    def __init__(self, facts: CohortFacts, strategy: Strategy, seed: int, *, steps: bool) -> None:
        self.facts = facts
        self.tables = Tables(facts)
        self.chances = Chances(self.tables)
        self.choices = {phase: choice(phase, strategy) for phase in DECIDED}
        self.words = patient_words(seed, facts.patients.number)
        number = facts.number
        self.number = number
        self.phase = np.full(number, START_CODE, dtype=np.uint8)
        self.state = self._start()
        self.visits = np.zeros((len(PHASES), number), dtype=np.uint8)
        self.days = np.zeros(number, dtype=np.int64)
        self.cleared_day = np.full(number, NEVER, dtype=np.int64)
        self.recurrence_day = np.full(number, NEVER, dtype=np.int64)
        self.operations = np.zeros(number, dtype=np.uint8)
        self.blocks = np.zeros(number, dtype=np.uint8)
        self.begun = np.zeros(number, dtype=bool)
        # The day of a death of another cause, known once the liver is cleared; far away before.
        self.last_day = np.full(number, FAR, dtype=np.int64)
        self.died_otherwise = np.zeros(number, dtype=bool)
        self.resected = np.zeros(number, dtype=bool)
        self.flows = np.zeros((len(PHASES), len(PHASES)), dtype=np.int64)
        self.log: list[tuple[Column, ...]] | None = [] if steps else None
        self.taken = np.zeros(number, dtype=np.uint16)
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
                rows = np.flatnonzero(self.phase == PHASE_CODE[name])
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
        self.visits[PHASE_CODE[name], rows] += 1

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
        return uniforms(self.words[rows], name, self.visits[PHASE_CODE[name], rows], draw)

    def _apply(self, name: str, change: Change, rows: Rows) -> None:
        """The effects of a step on everybody who takes it, its days, and where it leads."""
        trigger = change.trigger
        days = self._step_days(name, change, rows)
        for fact, code in change.constant:
            self.state[fact][rows] = code
        for fact, table in change.mapped:
            column = self.state[fact]
            column[rows] = table[column[rows]]
        for fact in change.counted:
            self.state[fact][rows] += 1
        self.days[rows] += days
        rows = self._outlived(name, change, rows)
        if trigger.operation:
            self.operations[rows] += 1
        if "blocks" in change.counted:
            self.blocks[rows] += 1
        if LIVER_STEP[change.code]:
            self.begun[rows] = True
        to = self._pointed_at(rows) if change.to is None else np.full(len(rows), change.to, dtype=np.uint8)
        self.phase[rows] = to
        self.flows[PHASE_CODE[name]] += np.bincount(to, minlength=len(PHASES))
        self._mark(rows, to)
        self._record(change, rows, to)

    def _outlived(self, name: str, change: Change, rows: Rows) -> Rows:
        """Ends the road of those who die of another cause before the step is done; returns the others."""
        late = self.days[rows] > self.last_day[rows]
        if not late.any():
            return rows
        gone = rows[late]
        self.days[gone] = self.last_day[gone]
        self.phase[gone] = DEAD
        self.died_otherwise[gone] = True
        self.flows[PHASE_CODE[name], DEAD] += len(gone)
        self._record(change, gone, np.full(len(gone), DEAD, dtype=np.uint8))
        return rows[~late]

    def _record(self, change: Change, rows: Rows, to: Codes) -> None:
        if self.log is not None:
            self.log.append((rows, self.taken[rows], np.full(len(rows), change.code, np.uint8), self.days[rows], to))
            self.taken[rows] += 1

    def _pointed_at(self, rows: Rows) -> Codes:
        return self.tables.pointed_at(rows, Seen(self.state, rows))

    def _mark(self, rows: Rows, to: Codes) -> None:
        """Notes the first clearance and the first recurrence."""
        for code in CURATIVE:
            here = rows[to == code]
            if len(here):
                first = here[self.cleared_day[here] == NEVER]
                self.cleared_day[first] = self.days[first]
                luck = uniforms(self.words[first], EVENT, OTHER)
                self.last_day[first] = self.days[first] + days_to_other_death(luck, self.facts.parameters)
        self.resected[rows[to == RESECTED]] = True
        here = rows[to == RECURRED]
        if len(here):
            first = here[self.recurrence_day[here] == NEVER]
            self.recurrence_day[first] = self.days[first]

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
                days = protocol.number("cycles_per_block") * protocol.number("cycle_weeks") * 7
                found = Spread(days, days, days)
            else:
                # Nobody drawn has had chemotherapy that the meeting would have to wait for.
                found = spread_of("days_to_meeting" if figure == "meeting_days" else figure, self.facts.parameters)
            self._spreads[figure] = found
        return found

    def walks(self) -> Walks:
        """The result."""
        steps = None
        if self.log is not None:
            rows, place, trigger, day, to = (np.concatenate(columns) for columns in zip(*self.log, strict=True))
            order = np.lexsort((place, rows))
            steps = {
                "patient": self.facts.patients.number[rows[order]],
                "step": place[order],
                "trigger": trigger[order],
                "day": day[order],
                "to": to[order],
            }
        return Walks(
            self.facts.patients.number, self.phase, self.days, self.cleared_day, self.recurrence_day, self.operations,
            self.blocks, self.begun, self.died_otherwise, self.resected, self.flows, steps,
        )  # fmt: skip
