"""Risks of operations over columns: the model of `pathways.facts.risk`, for the rows of one phase."""

from __future__ import annotations

from functools import cached_property

import numpy as np
import numpy.typing as npt

from pathways.cohort.codes.state import LIVE, Seen
from pathways.cohort.patients.columns import BACKGROUNDS, SITES
from pathways.cohort.rules.resection_problem import Chosen
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
        self.facts = tables.facts
        self.exposure = tables.exposure
        self._last: tuple[Rows, Seen, dict[str, Floats]] | None = None

    def _figure(self, name: str) -> float:
        return self.facts.parameters[name].number

    def model(self, rows: Rows) -> RiskModel:
        """The model for some of the patients."""
        patients = self.facts.patients
        background, nobody = patients.background[rows], np.zeros(len(rows), dtype=bool)
        person = Person(
            age_years=patients.age_years[rows],
            asa=patients.asa[rows],
            inr=None,
            ggt=None,
            platelets=None,
            creatinine=None,
            steatohepatitis=background == BACKGROUNDS.index("steatohepatitis"),
            sinusoidal_injury=nobody,
            cirrhosis=background == BACKGROUNDS.index("cirrhosis"),
            child_b=nobody,
            rectum=patients.site[rows] == SITES.index("rectum"),
        )
        return RiskModel(person, self._figure, self._level)

    @cached_property
    def _level(self) -> str:
        return self.facts.protocol.word("mortality_level")

    def named(self, name: str, rows: Rows, state: Seen) -> Floats:
        """A risk by the name the process gives it."""
        if name == "death_of_emergency":
            return np.asarray(self.model(rows).emergency())
        if name == "death_of_split":
            model = self.model(rows)
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
        model = self.model(rows)
        # Nobody drawn is debulked.
        told = done.clearance not in ("", "debulking")
        return model.of(done, self._anatomy(model, done.clearance, rows, state) if told else NOWHERE_NEAR)

    def _anatomy(self, model: RiskModel, clearance: str, rows: Rows, state: Seen) -> Anatomy:
        """What the resection takes and leaves of a liver whose remnant was enough."""
        offered = [self.facts.remnants.chosen(clearance, extent) for extent in range(EXTENTS)]
        chosen = Chosen.of(offered, state["extent"], rows)
        remnants = self.facts.remnants.of(chosen, rows, self.exposure(rows, state))
        ratio = lesser(chosen.value / remnants.limit, remnants.ratio.value / remnants.body_limit)
        segments = np.bitwise_count(chosen.core)
        return Anatomy(
            chosen.exists & (segments >= self._figure("risk_extended_from_segments")),
            np.where(chosen.exists, model.shortage(greater(1.0, ratio)), 0.0),
        )
