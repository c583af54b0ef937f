"""What a stimulus of the history has made grow is measured before anything is decided: a rescue is for growth that was measured too small."""

import pytest
from builders import make_case

from pathways.knowledge.protocols import load_protocol
from pathways.planning.plan import plan

DEFAULT = load_protocol()
RIGHT = [5, 6, 7, 8]
LESION = [
    {"id": "A", "segments": [5, 8], "size_mm": 60, "count": 1, "depth": "deep", "contacts": ["right_portal_pedicle"]}
]
RESCUES = {"rescue_alpps", "deprive_liver_veins", "wait_longer"}


def planned(event, week, *measured, **told):
    liver = {
        "background": "steatosis",
        "measured_remnants": [{"removes": RIGHT, "fraction": fraction, "week": at} for fraction, at in measured],
    }
    history = [{"event": event, "week": week, "segments": RIGHT}]
    return plan(make_case(lesions=LESION, liver=liver, history=history, **told), DEFAULT)


def decisions(way):
    return [one.trigger for one in way.steps if one.kind == "decision"]


@pytest.mark.parametrize("event", ["portal_vein_embolisation", "liver_venous_deprivation"])
@pytest.mark.parametrize("measured", [[], [(0.21, -6)]], ids=["never measured", "measured before it"])
def test_after_a_stimulus_nobody_splits_the_liver_before_volumetry(event, measured):
    found = planned(event, -4, *measured)
    for way in found.pathways:
        if way.curative:
            assert decisions(way)[0] == "discuss_growth"
            assert way.steps[1].trigger == "remnant_grows"
    assert not RESCUES & set(decisions(found.pathways[0]))
    # No road stands without its alternative.
    assert any(not way.curative for way in found.pathways)


def test_what_was_measured_too_small_after_it_is_rescued_as_before():
    found = planned("portal_vein_embolisation", -4, (0.30, 0))
    assert decisions(found.pathways[0])[0] == "discuss"
    assert RESCUES & set(decisions(found.pathways[0]))


def test_a_split_that_nobody_has_measured_since_is_gone_on_with():
    found = planned("alpps_stage_1", -1)
    first = found.pathways[0]
    assert decisions(first) == ["discuss_growth_after_split", "alpps_stage_2"]
    assert first.prospect.cleared.value > 0.5
    short = planned("alpps_stage_1", -1, (0.30, 0)).pathways[0]
    assert decisions(short)[0] == "discuss"


@pytest.mark.parametrize(("week", "day"), [(0, 28), (-1, 21), (-2, 14), (-8, 14), (None, 14)])
def test_the_volumetry_waits_until_growth_is_usually_measured(week, day):
    found = planned("portal_vein_embolisation", week)
    assert found.pathways[0].steps[0].day == day
