"""What may come of operations over columns: the model of `pathways.facts.risk`, for the rows of one phase."""

from __future__ import annotations

from functools import cached_property

import numpy as np
import numpy.typing as npt

from pathways.cohort.codes.state import LIVE, Seen
from pathways.cohort.patients.columns import BACKGROUNDS, SITES, URGENCIES
from pathways.cohort.rules.resections import EXTENTS
from pathways.cohort.rules.tables import Tables
from pathways.facts.risk.model import NOWHERE_NEAR, Anatomy, RiskModel
from pathways.facts.risk.outcomes import (
    BY_NAME,
    Outcomes,
    Practice,
    Taken,
    Zones,
    benign_after_frozen_section,
    outcome_chances,
)
from pathways.facts.risk.person import Person
from pathways.knowledge.arithmetic import greater, lesser
from pathways.process.operations import OPERATIONS, Operation

Floats = npt.NDArray[np.float64]
Rows = npt.NDArray[np.int64]
SEGMENTS = 8


class Risks:
    """What operations may cost each of one column of patients. Laboratory values of drawn patients are not told."""

    def __init__(self, tables: Tables) -> None:
        self.tables, self.facts = tables, tables.facts
        self._last: tuple[Rows, Seen, str, dict[str, Floats]] | None = None

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
            perforated=patients.urgent == URGENCIES.index("perforation"),
        )
        parameters = self.facts.parameters
        # No bound method: a chunk that refers to itself would outlive its use.
        return RiskModel(person, lambda name: parameters[name].number, self.facts.protocol.word("mortality_level"))

    def named(self, name: str, rows: Rows, state: Seen) -> Floats:
        """A chance of what comes of an operation, by the name the process gives it."""
        if name == "death_of_emergency":
            return np.asarray(self.model.some(rows).emergency())
        if name == "death_of_split":
            model = self.model.some(rows)
            return np.asarray(model.between_stages(self._anatomy(model, "target", rows, state)))
        if name == "benign_after_frozen_section":
            return np.asarray(benign_after_frozen_section(self.model.figure, self._lesions[rows]))
        return self._after("zones" if name == "comes_back" else "operation", rows, state)[name]

    def _after(self, fact: str, rows: Rows, state: Seen) -> dict[str, Floats]:
        """What comes of the operation that a live fact names; asked several times in turn for the same rows."""
        last = self._last
        if last is None or last[0] is not rows or last[1] is not state or last[2] != fact:
            last = self._last = rows, state, fact, self._by_operation(fact, rows, state)
        return last[3]

    def _by_operation(self, fact: str, rows: Rows, state: Seen) -> dict[str, Floats]:
        found = {name: np.zeros(len(rows)) for name in BY_NAME}
        column, figure = state[fact], self.model.figure
        for code in np.unique(column).tolist():
            done = OPERATIONS.get(str(LIVE[fact][code]))
            if done is None:
                continue
            here = np.flatnonzero(column == code)
            outcomes = self._of(done, rows[here], state.some(here))
            for name, chance in BY_NAME.items():
                found[name][here] = chance(outcomes, figure)
        return found

    def _of(self, done: Operation, rows: Rows, state: Seen) -> Outcomes:
        model = self.model.some(rows)
        # Nobody drawn is debulked.
        told = done.clearance not in ("", "debulking")
        anatomy = self._anatomy(model, done.clearance, rows, state) if told else NOWHERE_NEAR
        zones = self._zones(done.clearance, rows, state) if done.may_be_incomplete else ()
        return outcome_chances(model, done, Taken(anatomy, zones, self._lesions[rows]), self._practice)

    @cached_property
    def _practice(self) -> Practice:
        protocol = self.facts.protocol
        return Practice(protocol.word("ablation_technique"), protocol.number("ablation_margin_mm"))

    @cached_property
    def _lesions(self) -> Floats:
        """How many lesions each bears."""
        return self.facts.patients.lesion_number.astype(np.float64)

    def _zones(self, clearance: str, rows: Rows, state: Seen) -> tuple[Zones, ...]:
        """What the resection of a class ablates, segment by segment."""
        patients, resections = self.facts.patients, self.facts.resections
        responded = state["extent"] == 1
        now, then = (self.facts.remnants.chosen(clearance, extent).ablated[rows] for extent in range(EXTENTS))
        ablated = np.where(responded, then, now)
        # Nobody drawn has another number of lesions after a response, or other vessels beside them.
        shrunk = np.where(responded, resections.shrinkage, 1.0)
        beside = np.bitwise_or.reduce(patients.contacts[rows], axis=1)
        return tuple(
            Zones(
                np.where(ablated >> bit & 1, patients.counts[rows, bit], 0).astype(np.float64),
                patients.sizes_mm[rows, bit] * shrunk,
                (beside >> bit & 1).astype(bool),
            )
            for bit in range(SEGMENTS)
            if (ablated >> bit & 1).any()
        )

    def _anatomy(self, model: RiskModel, clearance: str, rows: Rows, state: Seen) -> Anatomy:
        """What the resection takes and leaves of a liver whose remnant was enough."""
        now, then = (self.facts.remnants.chosen(clearance, extent) for extent in range(EXTENTS))
        responded = state["extent"] == 1
        exists, kept, value = (
            np.where(responded, getattr(then, name)[rows], getattr(now, name)[rows])
            for name in ("exists", "kept", "value")
        )
        exposure, body = self.tables.exposure(rows, state), self.facts.resections.body
        # As `adequacy.body_weight_ratio` has it, of which nothing but the figure is asked.
        by_weight = value * body.total.value[rows] / body.grams[rows]
        limits = self.facts.exposure.limits(exposure, rows), self.facts.exposure.body_limits(exposure, rows)
        ratio = lesser(value / limits[0], by_weight / limits[1])
        return Anatomy(
            exists & (np.bitwise_count(~kept) >= model.figure("risk_extended_from_segments")),
            np.where(exists, model.shortage(greater(1.0, ratio)), 0.0),
        )
