"""More time for a remnant that fell short: what it is given for, and when it is given no more."""

import pytest
from builders import facts

from pathways.facts.guarding import refusals
from pathways.process.declaration import PROCESS
from pathways.process.facts import NEUTRAL, State

WAIT = next(one for one in PROCESS.triggers if one.name == "wait_longer")
SHORT = {"measured_remnants": [{"removes": [5, 6, 7, 8], "fraction": 0.2}]}
AT_THE_RIGHT_PEDICLE = {
    "id": "A", "segments": [5, 8], "size_mm": 60, "count": 1, "depth": "deep", "contacts": ["right_portal_pedicle"],
}  # fmt: skip
AT_ALL_VEINS = {
    **AT_THE_RIGHT_PEDICLE, "contacts": ["right_hepatic_vein", "middle_hepatic_vein", "left_hepatic_vein"],
}  # fmt: skip


def refused(lesion, **live):
    state = State("remnant_insufficient", **NEUTRAL)._replace(**{"growth": "weak", "stimulus": "pve", **live})
    return {one.rule for one in refusals(WAIT, state, facts(lesions=[lesion], liver=SHORT))}


def test_more_time_is_given_once_for_a_resection_that_the_remnant_is_too_small_for():
    assert refused(AT_THE_RIGHT_PEDICLE) == set()


@pytest.mark.parametrize(
    ("lesion", "live", "rule"),
    [
        (AT_ALL_VEINS, {}, "all_lesions_treatable"),
        (AT_THE_RIGHT_PEDICLE, {"growth": "exhausted"}, "remnant_growth"),
        (AT_THE_RIGHT_PEDICLE, {"growth": "adequate"}, "remnant_growth"),
        (AT_THE_RIGHT_PEDICLE, {"stimulus": "none"}, "remnant_growth"),
        (AT_THE_RIGHT_PEDICLE, {"stage": "cleared"}, "staged_in_order"),
        (AT_THE_RIGHT_PEDICLE, {"control": "progressed"}, "disease_controlled"),
    ],
)
def test_no_more_time_is_given_where_it_would_serve_no_resection_or_has_been_given(lesion, live, rule):
    assert refused(lesion, **live) == {rule}
