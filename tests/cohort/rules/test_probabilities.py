"""Chances by columns are those of the case files: of death, of growth and volumetry, of chemotherapy."""

import random
from dataclasses import replace

import numpy as np
import pytest

from cohort.columns import drawn
from pathways.cohort.codes.state import LIVE, Seen, packed
from pathways.cohort.rules.facts import CohortFacts
from pathways.cohort.rules.probabilities import Chances
from pathways.cohort.rules.tables import Tables
from pathways.facts.figures import Figures
from pathways.facts.patient_assessment import PatientAssessment
from pathways.knowledge.protocols import load_protocol
from pathways.process.declaration import PROCESS
from pathways.process.facts import NEUTRAL, State
from pathways.process.operations import OPERATIONS, ZONES

WITH_CHANCE = [one for one in PROCESS.triggers if one.chance is not None]
ASKED = {
    "extent": LIVE["extent"], "blocks": LIVE["blocks"], "volume": LIVE["volume"], "growth": ("pending", "waiting"),
    "stimulus": [one for one in LIVE["stimulus"] if one != "none"], "line": ("perioperative", "first", "second"), "stage": ("first", "split", "cleared"),
    # Somebody recovers from an operation; nobody drawn is debulked.
    "operation": [one for one in OPERATIONS if one != "debulking"], "primary": LIVE["primary"], "relapse": LIVE["relapse"], "relapse_site": LIVE["relapse_site"],
    "zones": ZONES,
}  # fmt: skip


def narrow_by_radiofrequency():
    """A centre that ablates by radiofrequency and aims at a narrow rim."""
    default = load_protocol("default")
    changed = {"ablation_technique": "radiofrequency", "ablation_margin_mm": 4}
    settings = {key: replace(one, value=changed.get(key, one.value)) for key, one in default.settings.items()}
    return replace(default, settings=settings)


@pytest.mark.parametrize("protocol", ["default", "mdacc", "european", None])
def test_every_chance_is_that_of_the_case_file(protocol):
    patients, rng = drawn(40, first=4000), random.Random(3)
    judged_by = load_protocol(protocol) if protocol else narrow_by_radiofrequency()
    chances, rows = Chances(Tables(CohortFacts(patients, judged_by))), np.arange(len(patients))
    cases = [PatientAssessment(case, judged_by) for case in patients.cases()]
    compared = 0
    for _ in range(8):
        live = {name: rng.choice(values) for name, values in ASKED.items()}
        state = State(phase="assessed", **{**NEUTRAL, **live})
        words = np.full(len(rows), packed(live), dtype=np.uint64)
        # Figures remember by what a step reads; drawn states need not be those that a plan can be in.
        scalar = [Figures(one) for one in cases]
        for trigger in WITH_CHANCE:
            if (
                trigger.chance.by
                and live.get(trigger.chance.by, NEUTRAL[trigger.chance.by]) not in trigger.chance.choices
            ):
                continue
            found = np.broadcast_to(chances.chance(trigger.chance, rows, Seen(words)), len(rows))
            expected = np.array([one.chance(trigger, state) for one in scalar])
            # The body-weight interval alone may differ in its last bit: C and Python take roots of sums of squares in their own way.
            assert np.allclose(found, expected, rtol=1e-12, atol=1e-13), trigger.name
            compared += 1
    assert compared > 100
