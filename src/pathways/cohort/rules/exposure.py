"""What chemotherapy does to the liver of drawn patients, and the least remnant that the state of the liver asks for."""

from __future__ import annotations

from functools import cached_property

import numpy as np
import numpy.typing as npt

from pathways.cohort.patients.columns import BACKGROUNDS, Patients
from pathways.cohort.rules.cores import Bools
from pathways.cohort.rules.resection_problem import Codes, Floats
from pathways.facts.blocks import cycles_of
from pathways.facts.liver_state import body_weight_limit_in, is_exposed, liver_state, volume_limit_in
from pathways.knowledge.model import Protocol
from pathways.process.blocks import BLOCKS

EXPOSURES = 2  # a liver as it is, and one after long chemotherapy
STATES = [[liver_state(name, exposed=bool(exposure)) for name in BACKGROUNDS] for exposure in range(EXPOSURES)]
Rows = npt.NDArray[np.int64]


class Exposure:
    """Chemotherapy and the state of the liver, of one column of patients."""

    def __init__(self, patients: Patients, protocol: Protocol) -> None:
        self.patients = patients
        self.protocol = protocol

    @cached_property
    def cytotoxic(self) -> Bools:
        """Whether systemic treatment is chemotherapy; else immunotherapy."""
        return ~self.patients.repair_deficient

    @cached_property
    def exposed(self) -> Codes:
        """Whether the liver counts as exposed after each count of blocks; (patients, codes of blocks)."""
        return np.where(self.cytotoxic[:, None], exposed_after(self.protocol), 0).astype(np.uint8)

    def limits(self, exposure: int | Codes, rows: Rows | slice = slice(None)) -> Floats:
        """The least remnant fraction of the patients `rows`."""
        found: Floats = self._limits[exposure, self.patients.background[rows]]
        return found

    def body_limits(self, exposure: int | Codes, rows: Rows | slice = slice(None)) -> Floats:
        """The least remnant of the patients `rows` as a share of body weight."""
        found: Floats = self._body_limits[exposure, self.patients.background[rows]]
        return found

    @cached_property
    def _limits(self) -> Floats:
        """The least remnant fraction; (exposure, background)."""
        return np.array([[volume_limit_in(self.protocol, state).value for state in states] for states in STATES])

    @cached_property
    def _body_limits(self) -> Floats:
        """The least remnant as a share of body weight; (exposure, background)."""
        return np.array([[body_weight_limit_in(self.protocol, state).value for state in states] for states in STATES])


def exposed_after(protocol: Protocol) -> Codes:
    """Whether the liver counts as exposed after each count of blocks of chemotherapy, by its code."""
    cycles = np.array([cycles_of(protocol, blocks) for blocks in BLOCKS])
    found: Codes = is_exposed(protocol, cycles * protocol.number("cycle_weeks"), cycles).astype(np.uint8)
    return found
