"""What is kept of every patient on the way, whichever process is walked: days, clearance, recurrence, death, flows, the log."""

from __future__ import annotations

from dataclasses import field
from typing import Any

import numpy as np
import numpy.typing as npt

from pathways.cohort.codes.state import PHASE_CODE
from pathways.cohort.draws.background_mortality import DAYS_A_YEAR, EVENT, OTHER
from pathways.cohort.draws.lives import AFTER, FAR, Lives
from pathways.cohort.draws.random_numbers import patient_words, uniforms
from pathways.cohort.draws.relapses import ALMOST_SURE, AROUND_AN_OPERATION, PLACE_OF_RELAPSE, RELAPSES, middles
from pathways.process.acts import is_block
from pathways.process.declaration import PROCESS
from pathways.process.phases import CURATIVE_ENDS, END_OF_EPISODE, PHASES
from pathways.quick_dataclass import dataclass

Rows = npt.NDArray[np.int64]
Codes = npt.NDArray[np.uint8]
Bools = npt.NDArray[np.bool_]
Column = npt.NDArray[Any]

NEVER = -1
DEAD = PHASE_CODE["dead"]
# What is counted of a step, side by side in one number.
BLOCKS_AT, BEGUN_AT, AROUND_AT, BYTE = 8, 16, 24, 0xFF
# What reaching a phase may mean.
CLEARED, RESECTED, RECURRED, REPLACED = 1, 2, 4, 8
# Phases whose outcome lies ahead of a patient already, when they are left for the first time.
FOLLOW_UP, TESTED, ASSESSED = (
    PHASE_CODE[name] for name in ("follow_up", "on_recurrence_chemotherapy", "recurrence_assessment")
)


def _counted() -> npt.NDArray[np.int32]:
    found = []
    for one in PROCESS.triggers:
        block = is_block(one)
        begun = one.kind == "decision" and any(effect.fact in ("stage", "stimulus") for effect in one.effects)
        around = one.kind == "decision" and one.course in AROUND_AN_OPERATION
        found.append(int(one.operation) | block << BLOCKS_AT | begun << BEGUN_AT | around << AROUND_AT)
    return np.array(found, dtype=np.int32)


def _meaning() -> Codes:
    found = np.zeros(len(PHASES), dtype=np.uint8)
    found[[PHASE_CODE[name] for name in CURATIVE_ENDS]] |= CLEARED
    found[PHASE_CODE[END_OF_EPISODE]] |= RESECTED
    found[PHASE_CODE["recurred"]] |= RECURRED
    found[PHASE_CODE["transplanted"]] |= REPLACED
    return found


COUNTED, MEANING = _counted(), _meaning()
RELAPSES_BY = np.array([one in RELAPSES[1:] for one in PROCESS.triggers])
ADJUVANT = np.array([one.kind == "decision" and one.course == "adjuvant" for one in PROCESS.triggers])
OWN = np.isin(np.arange(len(PHASES)), (FOLLOW_UP, TESTED, ASSESSED))
# So many days after clearance nobody lives; far enough from FAR to be added to.
LONG_AFTER = 2**40


@dataclass(frozen=True)
class Walks:
    """How the routes of a chunk went; one row a patient. Days count from the meeting; NEVER where something did not happen.

    `other_death_day`, `disease_death_day`: the day on which a death of that cause comes if nothing else does; FAR where none does, or the
    liver was never cleared. `uncleared_day`: that of a death without clearance. `relapse_day`: the day of the first recurrence, seen by the process or after it; FAR where none comes.
    """

    patient: npt.NDArray[np.int64]
    end: Codes
    days: npt.NDArray[np.int64]
    cleared_day: npt.NDArray[np.int64]
    recurrence_day: npt.NDArray[np.int64]
    operations: Codes
    blocks: Codes
    begun: Bools
    died_otherwise: Bools
    other_death_day: npt.NDArray[np.int64]
    disease_death_day: npt.NDArray[np.int64]
    relapse_day: npt.NDArray[np.int64]
    relapse_site: Codes
    died_of_disease: Bools
    uncleared_day: npt.NDArray[np.int64]
    resected: Bools
    flows: npt.NDArray[np.int64]
    steps: dict[str, Column] | None = field(default=None)


class PatientHistories:
    """The patients of one chunk."""

    def __init__(self, patients: npt.NDArray[np.int64], seed: int, lives: Lives, *, steps: bool) -> None:
        number = len(patients)
        self.patients, self.lives = patients, lives
        self.words = patient_words(seed, patients)
        self.days = np.zeros(number, dtype=np.int64)
        self.cleared_day, self.recurrence_day = (np.full(number, NEVER, dtype=np.int64) for _ in range(2))
        self.resected, self.died_otherwise, self.died_of_disease = (np.zeros(number, dtype=bool) for _ in range(3))
        self.counted = np.zeros(number, dtype=np.int32)
        # The days of deaths and of recurrence, known once the liver is cleared; far away before.
        self.other_day, self.disease_day, self.relapse_day = (np.full(number, FAR, dtype=np.int64) for _ in range(3))
        self.site = np.zeros(number, dtype=np.uint8)
        self.limits = middles(lives) if lives.known else None
        self.tested = np.zeros(number, dtype=bool)
        self.flows = np.zeros(len(PHASES) ** 2, dtype=np.int64)
        self.taken = np.zeros(number, dtype=np.uint16)
        self.log: list[tuple[Column, ...]] | None = [] if steps else None

    def pass_days(self, rows: Rows, left: Codes, trigger: Codes, days: npt.NDArray[np.int64]) -> Bools | None:
        """Lets the days of a step pass; ends the route of those who die of another cause before it is done.

        Returns who lives to see it, None where everybody does.
        """
        day = self.days[rows] + days
        last = np.minimum(self.other_day[rows], self.disease_day[rows])
        late = day > last
        self.days[rows] = day
        if not late.any():
            return None
        gone = rows[late]
        self.days[gone] = last[late]
        of_disease = self.disease_day[gone] < self.other_day[gone]
        self.died_of_disease[gone], self.died_otherwise[gone] = of_disease, ~of_disease
        self._enter(gone, left[late], trigger[late], np.full(len(gone), DEAD, dtype=np.uint8))
        return ~late

    def _lies_ahead(self, rows: Rows) -> None:
        """Draws recurrence and death of the disease of patients whose liver is cleared."""
        if self.limits is None or not len(rows):
            return
        ahead = self.lives.ahead(self.words[rows], rows, (self.counted[rows] >> AROUND_AT) > 0)
        for column, days in ((self.relapse_day, ahead.recurs), (self.disease_day, ahead.dies)):
            column[rows] = np.where(days == FAR, FAR, self.cleared_day[rows] + np.minimum(days, LONG_AFTER))
        self.site[rows] = ahead.site

    def own_luck(self, rows: Rows, phase: Codes, visit: Codes) -> Column | None:
        """Luck of outcomes that lie ahead already: NaN where the process has its own; None where that is so for everybody.

        A recurrence can be treated in those who live longest after it: the same luck brings both.
        """
        limits = self.limits
        if limits is None:
            return None
        own = np.flatnonzero(OWN[phase] & (visit == 0))
        if not len(own):
            return None
        found = np.full(len(rows), np.nan)
        who, phase = rows[own], phase[own]
        after = 1 - uniforms(self.words[who], AFTER)
        tested = phase == TESTED
        answering = 1 - self.lives.figure("second_line_failure_chance")
        self.tested[who[tested]] = True
        found[own] = np.where(
            phase == FOLLOW_UP, limits[self._outcome_of_follow_up(who)], np.where(self.tested[who] & ~tested, after / answering, after)
        )  # fmt: skip
        return np.where(found < 1, found, np.where(np.isnan(found), np.nan, ALMOST_SURE))

    def _outcome_of_follow_up(self, rows: Rows) -> Column:
        """The place of the outcome of follow-up among `RELAPSES`."""
        seen = self.relapse_day[rows] <= self.days[rows] + self.lives.figure("days_of_follow_up")
        early = self.relapse_day[rows] - self.cleared_day[rows] < DAYS_A_YEAR
        return np.where(seen, PLACE_OF_RELAPSE[early.astype(np.int64), self.site[rows]], 0)

    def own_days(self, rows: Rows, left: Codes, visit: Codes, trigger: Codes, days: Column) -> Column:
        """The days of steps, those to the recurrence that lies ahead among them."""
        if self.limits is None:
            return days
        own = np.flatnonzero((left == FOLLOW_UP) & (visit == 0) & RELAPSES_BY[trigger])
        if len(own):
            days[own] = np.maximum(0, self.relapse_day[rows[own]] - self.days[rows[own]])
        return days

    def reach(self, rows: Rows, left: Codes, trigger: Codes, to: Codes) -> None:
        """Enters that a step was taken, and where it led."""
        self.counted[rows] += COUNTED[trigger]
        adjuvant = rows[ADJUVANT[trigger]]
        if len(adjuvant):
            # Decided after clearance: the same luck, under other figures.
            self._lies_ahead(adjuvant[self.recurrence_day[adjuvant] == NEVER])
        self._enter(rows, left, trigger, to)
        meaning = MEANING[to]
        marked = np.flatnonzero(meaning)
        if not len(marked):
            return
        rows, meaning = rows[marked], meaning[marked]
        cleared = rows[meaning & CLEARED != 0]
        first = cleared[self.cleared_day[cleared] == NEVER]
        if len(first):
            self.cleared_day[first] = self.days[first]
            luck = uniforms(self.words[first], EVENT, OTHER)
            self.other_day[first] = self.days[first] + self.lives.others.days(luck, first)
            # With a new liver one lives by its own figure.
            self._lies_ahead(np.setdiff1d(first, rows[meaning & REPLACED != 0], assume_unique=True))
        self.resected[rows[meaning & RESECTED != 0]] = True
        again = rows[meaning & RECURRED != 0]
        first = again[self.recurrence_day[again] == NEVER]
        self.recurrence_day[first] = self.days[first]

    def _enter(self, rows: Rows, left: Codes, trigger: Codes, to: Codes) -> None:
        self.flows += np.bincount(left.astype(np.int64) * len(PHASES) + to, minlength=len(self.flows))
        if self.log is not None:
            self.log.append((rows, self.taken[rows], trigger, self.days[rows], to))
            self.taken[rows] += 1

    def _uncleared(self) -> Rows:
        """The day of death of each patient if the liver is never cleared; FAR where there is no figure."""
        everybody = np.arange(len(self.patients), dtype=np.int64)
        if self.limits is None:
            return np.full(len(everybody), FAR)
        return self.lives.without_clearance(self.words, everybody)

    def walks(self, end: Codes) -> Walks:
        """The result; `end`: the phase in which each route ended."""
        steps = None
        if self.log is not None:
            rows, place, trigger, day, to = (np.concatenate(columns) for columns in zip(*self.log, strict=True))
            order = np.lexsort((place, rows))
            columns = {"patient": self.patients[rows], "step": place, "trigger": trigger, "day": day, "to": to}
            steps = {name: column[order] for name, column in columns.items()}
        never = np.flatnonzero(self.cleared_day == NEVER)
        # Deaths of other causes come without clearance too; counted from the meeting, by the same luck.
        self.other_day[never] = self.lives.others.days(uniforms(self.words[never], EVENT, OTHER), never)
        operations, blocks = self.counted & BYTE, self.counted >> BLOCKS_AT & BYTE
        return Walks(
            self.patients, end, self.days, self.cleared_day, self.recurrence_day,
            operations.astype(np.uint8), blocks.astype(np.uint8), (self.counted >> BEGUN_AT & BYTE) > 0,
            self.died_otherwise, self.other_day, self.disease_day, self.relapse_day, self.site, self.died_of_disease, self._uncleared(), self.resected,
            self.flows.reshape(len(PHASES), -1), steps,
        )  # fmt: skip
