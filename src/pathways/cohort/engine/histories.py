"""What is kept of every patient on the way, whichever process is walked: days, clearance, recurrence, death, flows, the log."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import numpy as np
import numpy.typing as npt

from pathways.cohort.codes.state import PHASE_CODE
from pathways.cohort.draws.background_mortality import EVENT, OTHER
from pathways.cohort.draws.random_numbers import patient_words, uniforms
from pathways.process.acts import is_block
from pathways.process.declaration import PROCESS
from pathways.process.phases import CURATIVE_ENDS, END_OF_EPISODE, PHASES
from pathways.prognosis.background import OtherDeaths

Rows = npt.NDArray[np.int64]
Codes = npt.NDArray[np.uint8]
Bools = npt.NDArray[np.bool_]
Column = npt.NDArray[Any]

NEVER = -1
FAR = np.iinfo(np.int64).max
DEAD = PHASE_CODE["dead"]
# What is counted of a step, side by side in one number.
BLOCKS_AT, BEGUN_AT, BYTE = 8, 16, 0xFF
# What reaching a phase may mean.
CLEARED, RESECTED, RECURRED = 1, 2, 4


def _counted() -> npt.NDArray[np.int32]:
    found = []
    for one in PROCESS.triggers:
        block = is_block(one)
        begun = one.kind == "decision" and any(effect.fact in ("stage", "stimulus") for effect in one.effects)
        found.append(int(one.operation) | block << BLOCKS_AT | begun << BEGUN_AT)
    return np.array(found, dtype=np.int32)


def _meaning() -> Codes:
    found = np.zeros(len(PHASES), dtype=np.uint8)
    found[[PHASE_CODE[name] for name in CURATIVE_ENDS]] |= CLEARED
    found[PHASE_CODE[END_OF_EPISODE]] |= RESECTED
    found[PHASE_CODE["recurred"]] |= RECURRED
    return found


COUNTED, MEANING = _counted(), _meaning()


@dataclass(frozen=True)
class Walks:
    """How the routes of a chunk went; one row a patient. Days count from the meeting; NEVER where something did not happen.

    `other_death_day`: the day on which death of another cause comes if nothing else does; FAR where the liver was never cleared.
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
    resected: Bools
    flows: npt.NDArray[np.int64]
    steps: dict[str, Column] | None = field(default=None)


class PatientHistories:
    """The patients of one chunk."""

    def __init__(self, patients: npt.NDArray[np.int64], seed: int, deaths: OtherDeaths, *, steps: bool) -> None:
        number = len(patients)
        self.patients, self.deaths = patients, deaths
        self.words = patient_words(seed, patients)
        self.days = np.zeros(number, dtype=np.int64)
        self.cleared_day, self.recurrence_day = (np.full(number, NEVER, dtype=np.int64) for _ in range(2))
        self.resected, self.died_otherwise = (np.zeros(number, dtype=bool) for _ in range(2))
        self.counted = np.zeros(number, dtype=np.int32)
        # The day of a death of another cause, known once the liver is cleared; far away before.
        self.last_day = np.full(number, FAR, dtype=np.int64)
        self.flows = np.zeros(len(PHASES) ** 2, dtype=np.int64)
        self.taken = np.zeros(number, dtype=np.uint16)
        self.log: list[tuple[Column, ...]] | None = [] if steps else None

    def pass_days(self, rows: Rows, left: Codes, trigger: Codes, days: npt.NDArray[np.int64]) -> Bools | None:
        """Lets the days of a step pass; ends the route of those who die of another cause before it is done.

        Returns who lives to see it, None where everybody does.
        """
        day = self.days[rows] + days
        late = day > self.last_day[rows]
        self.days[rows] = day
        if not late.any():
            return None
        gone = rows[late]
        self.days[gone] = self.last_day[gone]
        self.died_otherwise[gone] = True
        self._enter(gone, left[late], trigger[late], np.full(len(gone), DEAD, dtype=np.uint8))
        return ~late

    def reach(self, rows: Rows, left: Codes, trigger: Codes, to: Codes) -> None:
        """Enters that a step was taken, and where it led."""
        self.counted[rows] += COUNTED[trigger]
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
            self.last_day[first] = self.days[first] + self.deaths.days(luck, first)
        self.resected[rows[meaning & RESECTED != 0]] = True
        again = rows[meaning & RECURRED != 0]
        first = again[self.recurrence_day[again] == NEVER]
        self.recurrence_day[first] = self.days[first]

    def _enter(self, rows: Rows, left: Codes, trigger: Codes, to: Codes) -> None:
        self.flows += np.bincount(left.astype(np.int64) * len(PHASES) + to, minlength=len(self.flows))
        if self.log is not None:
            self.log.append((rows, self.taken[rows], trigger, self.days[rows], to))
            self.taken[rows] += 1

    def walks(self, end: Codes) -> Walks:
        """The result; `end`: the phase in which each route ended."""
        steps = None
        if self.log is not None:
            rows, place, trigger, day, to = (np.concatenate(columns) for columns in zip(*self.log, strict=True))
            order = np.lexsort((place, rows))
            columns = {"patient": self.patients[rows], "step": place, "trigger": trigger, "day": day, "to": to}
            steps = {name: column[order] for name, column in columns.items()}
        operations, blocks = self.counted & BYTE, self.counted >> BLOCKS_AT & BYTE
        return Walks(
            self.patients, end, self.days, self.cleared_day, self.recurrence_day,
            operations.astype(np.uint8), blocks.astype(np.uint8), self.counted >> BEGUN_AT > 0,
            self.died_otherwise, self.last_day, self.resected, self.flows.reshape(len(PHASES), -1), steps,
        )  # fmt: skip
