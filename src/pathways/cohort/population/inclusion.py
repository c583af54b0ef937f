"""Which drawn patients a cohort takes: one test a key of `only`, over columns."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import numpy.typing as npt

from pathways.cohort.codes.state import PHASE_CODE, Seen, packed
from pathways.cohort.patients.columns import BACKGROUNDS, SITES, Patients
from pathways.cohort.patients.definition import Only
from pathways.cohort.rules.facts import CohortFacts
from pathways.cohort.rules.tables import Tables
from pathways.knowledge.protocols import load_protocol
from pathways.liver.anatomy import LEFT, RIGHT
from pathways.liver.resection import CLEARANCES
from pathways.process.blocks import MOST_BLOCKS

Bools = npt.NDArray[np.bool_]


def fits(only: Only, patients: Patients) -> Bools:
    """Who counts. What asks about resections is asked last, of those that everything else has left."""
    found = np.ones(len(patients), dtype=bool)
    for name, test in SIMPLE.items():
        wanted = getattr(only, name)
        if wanted is not None:
            found &= test(patients, wanted)
    asked = {name: getattr(only, name) for name in GEOMETRIC if getattr(only, name) is not None}
    rows = np.flatnonzero(found)
    if asked and len(rows):
        facts = CohortFacts(patients.rows(rows), load_protocol("default"))
        keeps = np.ones(len(rows), dtype=bool)
        for name, wanted in asked.items():
            keeps &= GEOMETRIC[name](facts, wanted)
        found[rows[~keeps]] = False
    return found


def _within(column: str) -> Callable[[Patients, Any], Bools]:
    def test(patients: Patients, wanted: tuple[float, float]) -> Bools:
        values = getattr(patients, column)
        found: Bools = (values >= wanted[0]) & (values <= wanted[1])
        return found

    return test


def _yes(column: str) -> Callable[[Patients, Any], Bools]:
    return lambda patients, wanted: getattr(patients, column) == wanted


def _largest(patients: Patients, wanted: tuple[float, float]) -> Bools:
    largest = patients.sizes_mm.max(axis=1)
    found: Bools = (largest >= wanted[0]) & (largest <= wanted[1])
    return found


def _bilobar(patients: Patients, wanted: bool) -> Bools:
    both = ((patients.lesions & RIGHT) != 0) & ((patients.lesions & LEFT) != 0)
    return both == wanted


SIMPLE: dict[str, Callable[[Patients, Any], Bools]] = {
    "age_years": _within("age_years"),
    "sex": lambda patients, wanted: patients.female == (wanted == "female"),
    "ecog": _within("ecog"),
    "asa": _within("asa"),
    "synchronous": _yes("synchronous"),
    "primary_in_place": _yes("in_situ"),
    "sites": lambda patients, wanted: np.isin(patients.site, [SITES.index(one) for one in wanted]),
    "urgent": lambda patients, wanted: (patients.urgent > 0) == wanted,
    "lesions": _within("lesion_number"),
    "largest_mm": _largest,
    "bilobar": _bilobar,
    "ras": lambda patients, wanted: patients.ras_mutated == (wanted == "mutated"),
    "braf": lambda patients, wanted: patients.braf_mutated == (wanted == "v600e"),
    "mismatch_repair": lambda patients, wanted: patients.repair_deficient == (wanted == "deficient"),
    "backgrounds": lambda patients, wanted: np.isin(patients.background, [BACKGROUNDS.index(one) for one in wanted]),
    "extrahepatic": lambda patients, wanted: (patients.extrahepatic > 0) == wanted,
    "extrahepatic_resectable": lambda patients, wanted: (
        ((patients.extrahepatic == 0) | patients.extrahepatic_resectable) == wanted
    ),
}


def _resectability(facts: CohortFacts, wanted: tuple[str, ...]) -> Bools:
    return _points_to(facts, packed({}), wanted)


# Responded, and so long on chemotherapy that the liver counts as exposed.
AFTER_RESPONSE = packed({"extent": "responded", "blocks": MOST_BLOCKS})


def _after_response(facts: CohortFacts, wanted: tuple[str, ...]) -> Bools:
    return _points_to(facts, AFTER_RESPONSE, wanted)


def _points_to(facts: CohortFacts, word: int, wanted: tuple[str, ...]) -> Bools:
    rows = np.arange(facts.number)
    state = Seen(np.full(facts.number, word, dtype=np.uint64))
    return np.isin(Tables(facts).untouched(rows, state), [PHASE_CODE[one] for one in wanted])


def _clearance(facts: CohortFacts, wanted: tuple[str, ...]) -> Bools:
    found = facts.resections.found[0]
    places = [place for place, name in enumerate(CLEARANCES) if name in wanted]
    return np.isin(found.least, places) & np.any([one.exists for one in found.classes], axis=0)


GEOMETRIC: dict[str, Callable[[CohortFacts, Any], Bools]] = {
    "resectability": _resectability,
    "after_response": _after_response,
    "clearance": _clearance,
    "growth_target": lambda facts, wanted: facts.resections.targets[0][0].exists == wanted,
    "two_sided": lambda facts, wanted: facts.resections.two_sided[:, 0] == wanted,
}
