"""What chemotherapy does to the liver of drawn patients, and the least remnant that the state of the liver asks for."""

from __future__ import annotations

from functools import cached_property

import numpy as np
import numpy.typing as npt

from pathways.cohort.patients.columns import BACKGROUNDS, Patients
from pathways.cohort.rules.cores import Bools
from pathways.cohort.rules.resection_problem import Codes, Floats
from pathways.facts.patient_assessment import INJURED
from pathways.knowledge.model import Protocol
from pathways.process.facts import MOST_BLOCKS

EXPOSURES = 2  # a liver as it is, and one after long chemotherapy
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
    def cycles(self) -> Rows:
        """Cytotoxic cycles after 0, 1, ... blocks; (patients, blocks)."""
        blocks = np.arange(MOST_BLOCKS + 2) * self.protocol.whole("cycles_per_block")
        return np.where(self.cytotoxic[:, None], blocks, 0)

    @cached_property
    def exposed(self) -> Codes:
        """Whether the liver counts as exposed after 0, 1, ... blocks; (patients, blocks)."""
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
        protocol = self.protocol
        return np.array(
            [
                [
                    protocol.number("remnant_limit_cirrhosis") if name == "cirrhosis"
                    else protocol.number("remnant_limit_injured") if name in INJURED
                    else protocol.number(normal)
                    for name in BACKGROUNDS
                ]
                for normal in ("remnant_limit_normal", "remnant_limit_exposed")
            ]
        )  # fmt: skip

    @cached_property
    def _body_limits(self) -> Floats:
        """The least remnant as a share of body weight; (exposure, background)."""
        damaged = self.protocol.number("remnant_body_weight_damaged")
        normal = self.protocol.number("remnant_body_weight_normal")
        sick = np.array([name == "cirrhosis" or name in INJURED for name in BACKGROUNDS])
        return np.stack([np.where(sick, damaged, normal), np.full(len(BACKGROUNDS), damaged)])


def exposed_after(protocol: Protocol) -> Codes:
    """Whether the liver counts as exposed after 0, 1, ... blocks of chemotherapy."""
    cycles = np.arange(MOST_BLOCKS + 2) * protocol.whole("cycles_per_block")
    over_weeks = cycles * protocol.number("cycle_weeks") > protocol.number("exposed_after_weeks")
    return (over_weeks | (cycles > protocol.number("exposed_after_cycles"))).astype(np.uint8)
