"""What is kept of every patient on the way, whichever walker takes the steps: days, clearance, recurrence, death, flows, the log."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import numpy.typing as npt

from pathways.cohort.luck import patient_words, uniforms
from pathways.cohort.mortality import EVENT, OTHER, days_to_other_death
from pathways.cohort.tables import PHASE_CODE
from pathways.knowledge.model import Parameter
from pathways.process.declaration import PROCESS
from pathways.process.phases import CURATIVE_ENDS, END_OF_EPISODE, PHASES, START

Rows = npt.NDArray[np.int64]
Codes = npt.NDArray[np.uint8]
Bools = npt.NDArray[np.bool_]
Column = npt.NDArray[Any]
# One code for all rows, or one for each.
Code = Any

NEVER = -1
FAR = np.iinfo(np.int64).max
START_CODE, RESECTED, DEAD, RECURRED = (PHASE_CODE[name] for name in (START, END_OF_EPISODE, "dead", "recurred"))
CURATIVE = np.isin(np.arange(len(PHASES)), [PHASE_CODE[name] for name in CURATIVE_ENDS])
OPERATES = np.array([one.operation for one in PROCESS.triggers], dtype=np.uint8)
GIVES_BLOCK = np.array([any(e.fact == "blocks" for e in one.effects) for one in PROCESS.triggers], dtype=np.uint8)
TOUCHES_LIVER = np.array(
    [
        one.kind == "decision" and any(effect.fact in ("stage", "stimulus") for effect in one.effects)
        for one in PROCESS.triggers
    ]
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
    begun: Bools
    died_otherwise: Bools
    resected: Bools
    flows: npt.NDArray[np.int64]
    steps: dict[str, Column] | None = field(default=None)


class Ledger:
    """The patients of one chunk."""

    def __init__(
        self, patients: npt.NDArray[np.int64], seed: int, parameters: Mapping[str, Parameter], *, steps: bool
    ) -> None:
        number = len(patients)
        self.patients, self.parameters = patients, parameters
        self.words = patient_words(seed, patients)
        self.phase = np.full(number, START_CODE, dtype=np.uint8)
        self.visits = np.zeros((len(PHASES), number), dtype=np.uint8)
        self.days, self.taken = np.zeros(number, dtype=np.int64), np.zeros(number, dtype=np.uint16)
        self.cleared_day, self.recurrence_day = (np.full(number, NEVER, dtype=np.int64) for _ in range(2))
        self.operations, self.blocks = (np.zeros(number, dtype=np.uint8) for _ in range(2))
        self.begun, self.resected, self.died_otherwise = (np.zeros(number, dtype=bool) for _ in range(3))
        # The day of a death of another cause, known once the liver is cleared; far away before.
        self.last_day = np.full(number, FAR, dtype=np.int64)
        self.flows = np.zeros(len(PHASES) ** 2, dtype=np.int64)
        self.log: list[tuple[Column, ...]] | None = [] if steps else None

    def pass_days(self, rows: Rows, left: Code, trigger: Code, days: npt.NDArray[np.int64]) -> Bools | None:
        """Lets the days of a step pass; ends the road of those who die of another cause before it is done.

        Returns who lives to see it, None where everybody does.
        """
        self.days[rows] += days
        late = self.days[rows] > self.last_day[rows]
        if not late.any():
            return None
        gone = rows[late]
        self.days[gone] = self.last_day[gone]
        self.died_otherwise[gone] = True
        self._enter(gone, _of(left, late), _of(trigger, late), np.full(len(gone), DEAD, dtype=np.uint8))
        return ~late

    def reach(self, rows: Rows, left: Code, trigger: Code, to: Codes) -> None:
        """Enters that a step was taken, and where it led."""
        self.operations[rows] += OPERATES[trigger]
        self.blocks[rows] += GIVES_BLOCK[trigger]
        self.begun[rows] |= TOUCHES_LIVER[trigger]
        self._enter(rows, left, trigger, to)
        cleared = rows[CURATIVE[to]]
        if len(cleared):
            first = cleared[self.cleared_day[cleared] == NEVER]
            self.cleared_day[first] = self.days[first]
            luck = uniforms(self.words[first], EVENT, OTHER)
            self.last_day[first] = self.days[first] + days_to_other_death(luck, self.parameters)
        self.resected[rows[to == RESECTED]] = True
        again = rows[to == RECURRED]
        if len(again):
            first = again[self.recurrence_day[again] == NEVER]
            self.recurrence_day[first] = self.days[first]

    def _enter(self, rows: Rows, left: Code, trigger: Code, to: Codes) -> None:
        self.phase[rows] = to
        step = np.asarray(left, dtype=np.int64) * len(PHASES) + to
        self.flows += np.bincount(step, minlength=len(self.flows))
        if self.log is not None:
            codes = np.broadcast_to(np.asarray(trigger, dtype=np.uint8), len(rows))
            self.log.append((rows, self.taken[rows], codes, self.days[rows], to))
            self.taken[rows] += 1

    def walks(self) -> Walks:
        """The result."""
        steps = None
        if self.log is not None:
            rows, place, trigger, day, to = (np.concatenate(columns) for columns in zip(*self.log, strict=True))
            order = np.lexsort((place, rows))
            columns = {"patient": self.patients[rows], "step": place, "trigger": trigger, "day": day, "to": to}
            steps = {name: column[order] for name, column in columns.items()}
        return Walks(
            self.patients, self.phase, self.days, self.cleared_day, self.recurrence_day, self.operations, self.blocks,
            self.begun, self.died_otherwise, self.resected, self.flows.reshape(len(PHASES), -1), steps,
        )  # fmt: skip


def _of(code: Code, some: Bools) -> Code:
    return code[some] if isinstance(code, np.ndarray) else code
