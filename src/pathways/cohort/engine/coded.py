"""Drawn patients as codes: whoever is alike in all that the process may ask has the same codes, so that answers can be remembered."""

from __future__ import annotations

from functools import cached_property

import numpy as np
import numpy.typing as npt

from pathways.cohort.codes.packed import Packed
from pathways.cohort.codes.state import LIVE_CODE, Words, packed, with_code
from pathways.cohort.rules.facts import CohortFacts
from pathways.cohort.rules.probabilities import Chances
from pathways.cohort.rules.tables import Tables

Ints = npt.NDArray[np.int64]


class Coded:
    """One column of patients, their facts packed. Everything here is derived once, whatever the strategy."""

    def __init__(self, facts: CohortFacts) -> None:
        self.facts = facts
        self.tables = Tables(facts)
        self.chances = Chances(self.tables)
        self.number = facts.number

    @cached_property
    def start(self) -> Words:
        """The state at the first meeting."""
        patients = self.facts.patients
        primary, extrahepatic = LIVE_CODE["primary"], LIVE_CODE["extrahepatic"]
        found = np.full(self.number, packed({}), dtype=np.uint64)
        for urgent in (False, True):
            for in_situ in (False, True):
                for elsewhere in (False, True):
                    code = primary["absent"] if not in_situ else primary["urgent" if urgent else "in_situ"]
                    word = with_code(packed({}), "primary", code)
                    word = with_code(word, "extrahepatic", extrahepatic["present" if elsewhere else "none"])
                    who = (
                        ((patients.urgent > 0) == urgent)
                        & (patients.in_situ == in_situ)
                        & ((patients.extrahepatic > 0) == elsewhere)
                    )
                    found[who] = word
        return found

    @cached_property
    def local(self) -> tuple[Words, Ints]:
        """What the tables read: the words there are, and the place of each patient's among them; (patients, scene and exposure)."""
        words = self.tables.local
        known = np.unique(words)
        return known, np.searchsorted(known, words)

    @cached_property
    def fixed(self) -> tuple[Ints, Ints]:
        """The first patient of each combination of fixed facts, and the combination of every patient."""
        packed_fixed = Packed(self.number)
        for column in self.facts.fixed.values():
            if (column != column[0]).any():  # what is alike for everybody tells nobody apart
                packed_fixed.add(column, int(column.max()) + 1)
        _, first, place = np.unique(packed_fixed.words, return_index=True, return_inverse=True)
        return first, place

    @cached_property
    def risk(self) -> tuple[Ints, Ints]:
        """What the chances read that are alike for many: the codes there are, and the place of each patient's among them."""
        codes = self.chances.biology.codes
        known = np.unique(codes)
        return known, np.searchsorted(known, codes)
