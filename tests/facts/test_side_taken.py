"""An embolisation, or a first stage of ALPPS, that does not say which branches it closed has closed some: they are taken and named."""

import pytest
from builders import assessed, make_case

import pathways as pw
from pathways.liver.anatomy import LEFT, RIGHT

ON_THE_RIGHT = {
    "segments": [5, 6, 7, 8],
    "size_mm": 60,
    "count": 8,
    "contacts": ["right_portal_pedicle"],
    "depth": "deep",
}
ON_THE_LEFT = {"segments": [2, 3], "size_mm": 20, "count": 2, "contacts": [], "depth": "superficial"}
STIMULI = ["portal_vein_embolisation", "portal_vein_ligation", "liver_venous_deprivation", "alpps_stage_1"]


def seen(event="portal_vein_embolisation", lesions=(ON_THE_RIGHT,), removes=None, **told):
    measured = [] if removes is None else [{"removes": removes, "fraction": 0.33, "week": 0}]
    return assessed(
        lesions=list(lesions), liver={"measured_remnants": measured}, history=[{"event": event, "week": -3, **told}]
    )


@pytest.mark.parametrize("event", STIMULI)
def test_the_side_with_most_of_the_disease_is_taken_and_named(event):
    one = seen(event)
    assert one.past.closed_inflow == one.past.side_taken == RIGHT
    assert [said.reason for said in one.volumetry.findings if "history.segments" in said.reason]


def test_what_volumetry_takes_out_goes_before_where_the_lesions_lie():
    assert seen(removes=[2, 3, 4]).past.side_taken == LEFT
    assert seen(lesions=[ON_THE_RIGHT, ON_THE_LEFT]).past.side_taken == RIGHT
    assert seen(lesions=[ON_THE_LEFT]).past.side_taken == LEFT


def test_nothing_is_taken_where_it_is_told_or_both_sides_bear_the_same():
    assert seen(segments=["right"]).past.side_taken == 0
    assert seen(segments=["right"]).volumetry.findings == ()
    both = [{**ON_THE_LEFT, "segments": [3]}, {**ON_THE_LEFT, "segments": [6]}]
    assert seen(lesions=both).past.side_taken == 0
    assert seen("first_stage").past.side_taken == 0


def test_what_was_begun_goes_on_and_is_not_begun_again():
    """Eight lesions on the right, split two weeks ago, the left grown to a third: the last stage, and no embolisation."""
    case = make_case(
        lesions=[ON_THE_RIGHT],
        liver={"measured_remnants": [{"removes": [5, 6, 7, 8], "fraction": 0.33, "week": 0}]},
        history=[{"event": "alpps_stage_1", "week": -2}],
    )
    plan = pw.plan(case)
    assert "alpps" in plan.pathways[0].families
    assert not {name for way in plan.pathways for name in way.families} & {"pve", "lvd", "upfront_surgery"}
