"""Drawn resectable patients beside resected series: each share is counted, and which lie outside is held by name."""

from pathlib import Path

import pytest

from pathways.prognosis.factors import factors
from pathways.validation.separation import case_mix

PAGE = (Path(__file__).parents[2] / "docs" / "background" / "calibration.md").read_text(encoding="utf-8")
OUTSIDE = {"two to four", "five to nine", "ten or more", "over 200"}


@pytest.fixture(scope="module")
def mixed():
    return list(case_mix(4000))


def test_every_adverse_level_that_is_drawn_has_its_share_and_source(mixed):
    drawn = {(one.words, one.level) for one in mixed}
    ruled_out = {"disease elsewhere", "resection margin", "lines of drugs that failed"}
    for factor in factors():
        levels = {(factor.words, level.words) for level in factor.levels if level.id}
        assert levels <= drawn or (factor.words in ruled_out or not factor.known_today), factor.words
    assert all(0 < one.drawn < 1 and one.low <= one.published <= one.high and one.sources for one in mixed)


def test_which_shares_lie_outside_is_what_the_page_says(mixed):
    assert {one.level for one in mixed if not one.inside} == OUTSIDE
    table = PAGE[PAGE.index("## Drawn resectable patients") : PAGE.index("Numbers are drawn from two humps")]
    assert {line.split("|")[2].strip() for line in table.splitlines() if "**outside**" in line} == OUTSIDE
