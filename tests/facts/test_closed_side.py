"""A side whose portal branch has been closed is meant to go as a whole, and its closure counts though segment IV was left open."""

import pytest
from builders import assessed, make_case

from pathways.facts.patient_assessment import TODAY
from pathways.knowledge.protocols import load_protocol
from pathways.liver.anatomy import mask_of
from pathways.planning.plan import plan

ANTERIOR = {
    "id": "A",
    "segments": [5, 8],
    "count": 1,
    "size_mm": 70,
    "depth": "deep",
    "contacts": ["right_anterior_pedicle"],
}
IN_FOUR = {"id": "B", "segments": [4], "count": 1, "size_mm": 70, "depth": "deep", "contacts": []}


def told(lesions, closed, remnant=None):
    measured = [] if remnant is None else [{"removes": [4, 5, 6, 7, 8], "fraction": remnant, "week": -1}]
    history = [{"week": -6, "event": "portal_vein_embolisation", "segments": closed}] if closed else []
    return {"lesions": lesions, "history": history, "liver": {"measured_remnants": measured}}


def removed(*case):
    return {one.removes for one in assessed(**told(*case)).resections(TODAY)}


@pytest.mark.parametrize(
    ("lesions", "closed", "takes"),
    [
        # What is left open may be spared; what is closed goes with the part of it that bears the tumour.
        ([ANTERIOR], [], [5, 8]),
        ([ANTERIOR], ["right"], [5, 6, 7, 8]),
        ([ANTERIOR, IN_FOUR], [], [4, 5, 8]),
        ([ANTERIOR, IN_FOUR], ["right"], [4, 5, 6, 7, 8]),
        ([ANTERIOR], [4, "right"], [4, 5, 6, 7, 8]),
    ],
)
def test_of_a_closed_side_all_goes_where_some_does(lesions, closed, takes):
    assert min(removed(lesions, closed), key=int.bit_count) == mask_of(takes)


def test_a_closed_side_that_bears_nothing_stays():
    assert 0 in removed(
        [{"id": "C", "segments": [2], "count": 1, "size_mm": 20, "depth": "superficial", "contacts": []}], ["right"]
    )


@pytest.mark.parametrize(
    ("closed", "given"), [(["right"], True), ([4, "right"], True), ([5, 8], False), (["left"], False)]
)
def test_a_stimulus_of_the_right_side_counts_though_segment_four_was_left_open(closed, given):
    found = plan(make_case(**told([ANTERIOR, IN_FOUR], closed, 0.27)), load_protocol("default"))
    families = {family for one in found.pathways for family in one.families}
    assert ("rescue_alpps" in families) == given
