"""What the remnant rules say of the resections of drawn patients: status by extent and exposure, and what growth can reach."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cached_property

import numpy as np
import numpy.typing as npt

from pathways.cohort.codes.case_facts import LIKELY, NO, REMNANT_DOMAIN, YES
from pathways.cohort.rules.exposure import EXPOSURES, Exposure, Rows
from pathways.cohort.rules.remnants import Remnants
from pathways.cohort.rules.resection_problem import Chosen, Codes
from pathways.cohort.rules.resections import EXTENTS, Resections
from pathways.facts.tables.remnants import ALIKE
from pathways.liver.adequacy import STATUSES, most_growth
from pathways.liver.resection import CLEARANCES
from pathways.process.facts import STIMULI

Bools = npt.NDArray[np.bool_]
# From the order of STATUSES (worst first) to the domain of a remnant (best first).
REMNANT_OF_STATUS = np.array([REMNANT_DOMAIN.index(name) for name in STATUSES], dtype=np.uint8)
PLACE = {str(name): place for place, name in enumerate(CLEARANCES)}
REMNANTS = (*PLACE, "target")


class Statuses:
    """The remnant rules over one column of patients."""

    def __init__(self, resections: Resections) -> None:
        self.resections = resections
        self.exposure: Exposure = resections.exposure
        self.number = resections.number

    def of(self, chosen: Chosen, rows: Rows, exposure: int | Codes) -> Remnants:
        """The remnants of one resection of each of the patients `rows`, judged under their exposure."""
        limit, body_limit = self.exposure.limits(exposure, rows), self.exposure.body_limits(exposure, rows)
        return Remnants(chosen, self.resections.body.rows(rows), limit, body_limit, self.resections.parameters)

    def chosen(self, name: str, extent: int) -> Chosen:
        """The resection of a class, or the target of growth."""
        return (
            self.resections.targets[extent][0]
            if name == "target"
            else self.resections.found[extent].classes[PLACE[name]]
        )

    def _judged(self, name: str) -> Iterator[tuple[int, int, Rows, Remnants]]:
        """By extent and exposure: who has such a resection, and the remnants of those."""
        for extent in range(EXTENTS):
            chosen = self.chosen(name, extent)
            rows = np.flatnonzero(chosen.exists)
            one = self.of(chosen.rows(rows), rows, 0)
            yield extent, 0, rows, one
            for exposure in range(1, EXPOSURES):
                limits = self.exposure.limits(exposure, rows), self.exposure.body_limits(exposure, rows)
                yield extent, exposure, rows, one.judged_by(*limits)

    @cached_property
    def statuses(self) -> dict[str, Codes]:
        """Status of the remnant of every class and of the target, in its domain; (patients, extent, exposure)."""
        found = {}
        for name in REMNANTS:
            # Where there is no resection, the worst.
            found[name] = np.full((self.number, EXTENTS, EXPOSURES), REMNANT_OF_STATUS[0], dtype=np.uint8)
            for extent, exposure, rows, remnants in self._judged(name):
                found[name][rows, extent, exposure] = REMNANT_OF_STATUS[remnants.status]
        return found

    @cached_property
    def reach(self) -> dict[str, Codes]:
        """Whether growth after each stimulus can reach the limit; (patients, extent, exposure)."""
        parameters, sds = self.resections.parameters, self.resections.protocol.number("growth_reach_sds")
        growths = {name: parameters[f"growth_{name}"] for name in STIMULI}
        most = {name: most_growth(one.number, one.sd, sds) for name, one in growths.items()}
        found = {f"reach_{name}": np.full((self.number, EXTENTS, EXPOSURES), NO, dtype=np.uint8) for name in STIMULI}
        for extent, exposure, rows, remnants in self._judged("target"):
            needed = remnants.needed()
            for name in STIMULI:
                found[f"reach_{name}"][rows[needed <= most[name]], extent, exposure] = YES
        return found

    @cached_property
    def doubtful(self) -> tuple[tuple[Chosen, ...], ...]:
        """By extent and exposure, the first resection whose remnant only volumetry can judge."""
        return tuple(tuple(self._doubtful(extent, one) for one in range(EXPOSURES)) for extent in range(EXTENTS))

    @cached_property
    def leaves_less(self) -> dict[str, Bools]:
        """Whether a remnant is less than the one that volumetry measures; (patients, extent, exposure)."""
        found = {}
        for name in REMNANTS:
            own = [self.chosen(name, extent) for extent in range(EXTENTS)]
            found[name] = np.stack([
                np.stack([one.exists & first.exists & (one.value < first.value - ALIKE) for first in firsts], axis=1)
                for one, firsts in zip(own, self.doubtful, strict=True)
            ], axis=1)  # fmt: skip
        return found

    def _doubtful(self, extent: int, exposure: int) -> Chosen:
        classes = self.resections.found[extent].classes
        likely = np.stack([np.isin(self.statuses[name][:, extent, exposure], LIKELY) for name in PLACE])
        found = Chosen.of(classes, np.argmax(likely, axis=0), np.arange(self.number))
        found.exists[~likely.any(axis=0)] = False
        return found
