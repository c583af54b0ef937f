"""Where no figure of life is of such a patient, none is shown."""

import pytest
from builders import make_case

from pathways.planning.plan import plan


def lives(*sites, **told):
    elsewhere = [{"site": site, "resectable": False, **told} for site in sites]
    return [one.prospect.survival for one in plan(make_case(extrahepatic=elsewhere)).pathways]


@pytest.mark.parametrize("sites", [("brain",), ("bone",), ("lung", "bone")])
def test_of_metastases_in_brain_or_bone_no_life_is_told(sites):
    """One in the brain was told to live as long as somebody with one in the liver: the average of sites without a series."""
    assert lives(*sites) == [None]


@pytest.mark.parametrize("sites", [("lung",), ("peritoneum",), ("paraaortic_nodes",)])
def test_of_sites_with_a_series_it_is(sites):
    assert None not in lives(*sites)


def test_what_is_only_suspected_there_takes_no_figure_away():
    assert None not in lives("bone", nature="suspected", size_mm=5)
