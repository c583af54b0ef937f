"""Risks of operations over columns: the model of `pathways.facts.risk`, for the rows of one phase."""

from __future__ import annotations

from functools import cached_property

import numpy as np
import numpy.typing as npt

from pathways.cohort.codes.state import LIVE, Seen
from pathways.cohort.patients.columns import BACKGROUNDS, SITES
from pathways.cohort.rules.resections import EXTENTS
from pathways.cohort.rules.tables import Tables
from pathways.facts.risk.model import NOWHERE_NEAR, Anatomy, Risk, RiskModel
from pathways.facts.risk.person import Person
from pathways.knowledge.arithmetic import greater, lesser
from pathways.process.operations import OPERATIONS, Operation

Floats = npt.NDArray[np.float64]
Rows = npt.NDArray[np.int64]


class Risks:
    """What operations may cost each of one column of patients. Laboratory values of drawn patients are not told."""

    def __init__(self, tables: Tables) -> None:
        self.tables, self.facts = tables, tables.facts
        self._last: tuple[Rows, Seen, dict[str, Floats]] | None = None

    @cached_property
    def model(self) -> RiskModel:
        """The model for all of the patients."""
        patients = self.facts.patients
        nobody = np.zeros(len(patients), dtype=bool)
        person = Person(
            age_years=patients.age_years,
            asa=patients.asa,
            inr=None,
            ggt=None,
            platelets=None,
            creatinine=None,
            steatohepatitis=patients.background == BACKGROUNDS.index("steatohepatitis"),
            sinusoidal_injury=nobody,
            cirrhosis=patients.background == BACKGROUNDS.index("cirrhosis"),
            child_b=nobody,
            rectum=patients.site == SITES.index("rectum"),
        )
        parameters = self.facts.parameters
        # No bound method: a chunk that refers to itself would outlive its use.
        return RiskModel(person, lambda name: parameters[name].number, self.facts.protocol.word("mortality_level"))

    def named(self, name: str, rows: Rows, state: Seen) -> Floats:
        """A risk by the name the process gives it."""
        if name == "death_of_emergency":
            return np.asarray(self.model.some(rows).emergency())
        if name == "death_of_split":
            model = self.model.some(rows)
            return np.asarray(model.between_stages(self._anatomy(model, "target", rows, state)))
        return self._after(rows, state)[name]

    def _after(self, rows: Rows, state: Seen) -> dict[str, Floats]:
        """The risks of the operation that each recovers from; asked several times in turn for the same rows."""
        last = self._last
        if last is None or last[0] is not rows or last[1] is not state:
            last = self._last = rows, state, self._by_operation(rows, state)
        return last[2]

    def _by_operation(self, rows: Rows, state: Seen) -> dict[str, Floats]:
        found = {
            name: np.zeros(len(rows)) for name in ("death_of_operation", "failure_of_operation", "death_of_failure")
        }
        column = state["operation"]
        for code in np.unique(column).tolist():
            done = OPERATIONS.get(str(LIVE["operation"][code]))
            if done is None:
                continue
            here = np.flatnonzero(column == code)
            risk = self._of(done, rows[here], state.some(here))
            found["death_of_operation"][here] = risk.at_operation(done)
            found["failure_of_operation"][here] = risk.failure
            found["death_of_failure"][here] = risk.death_of_failure
        return found

    def _of(self, done: Operation, rows: Rows, state: Seen) -> Risk:
        model = self.model.some(rows)
        # Nobody drawn is debulked.
        told = done.clearance not in ("", "debulking")
        return model.of(done, self._anatomy(model, done.clearance, rows, state) if told else NOWHERE_NEAR)

    def _anatomy(self, model: RiskModel, clearance: str, rows: Rows, state: Seen) -> Anatomy:
        """What the resection takes and leaves of a liver whose remnant was enough."""
        now, then = (self.facts.remnants.chosen(clearance, extent) for extent in range(EXTENTS))
        responded = state["extent"] == 1
        exists, core, value = (
            np.where(responded, getattr(then, name)[rows], getattr(now, name)[rows])
            for name in ("exists", "core", "value")
        )
        exposure, body = self.tables.exposure(rows, state), self.facts.resections.body
        # As `adequacy.body_weight_ratio` has it, of which nothing but the figure is asked.
        by_weight = value * body.total.value[rows] / body.grams[rows]
        limits = self.facts.exposure.limits(exposure, rows), self.facts.exposure.body_limits(exposure, rows)
        ratio = lesser(value / limits[0], by_weight / limits[1])
        return Anatomy(
            exists & (np.bitwise_count(core) >= model.figure("risk_extended_from_segments")),
            np.where(exists, model.shortage(greater(1.0, ratio)), 0.0),
        )
