"""What is suspected in the abdomen outside the liver is found out before the liver is embolised or split."""

import pytest
from builders import make_case

from pathways.planning.plan import plan

LARGE = [
    {"id": "A", "segments": [4, 5, 8], "size_mm": 90, "count": 1, "depth": "deep",
     "contacts": ["middle_hepatic_vein", "right_portal_pedicle"]},
]  # fmt: skip
ON_THE_LIVER = {
    "embolise_portal_vein", "deprive_liver_veins", "alpps_stage_1", "first_stage", "rescue_alpps", "wait_longer",
}  # fmt: skip


def orders(**told):
    """By pathway that clears the liver: whether what lies outside it is removed before the liver is made to grow."""
    site = {"site": "peritoneum", "nature": "suspected", "size_mm": 12, "resectable": True, **told}
    liver = {"background": "normal", "measured_remnants": []}
    found = plan(make_case(lesions=LARGE, liver=liver, extrahepatic=[site]), top=0)
    ways = [[one.trigger for one in way.steps] for way in found.pathways if way.curative]
    grown = [next((place for place, one in enumerate(way) if one in ON_THE_LIVER), None) for way in ways]
    return ["resect_extrahepatic" in way[:place] for way, place in zip(ways, grown, strict=True) if place is not None]


@pytest.mark.parametrize("site", ["peritoneum", "ovary", "portal_nodes"])
def test_nobody_is_embolised_for_a_liver_that_what_is_suspected_would_bar(site):
    assert orders(site=site)
    assert all(orders(site=site))


@pytest.mark.parametrize("told", [{"nature": "confirmed"}, {"site": "lung"}])
def test_what_is_proven_or_lies_in_the_lung_may_wait_for_the_liver(told):
    assert False in orders(**told)
