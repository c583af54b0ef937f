"""The page of the model is what its command writes, with five cases where life changes the first pathway and five where it does not."""

import sys

import pytest
from shipped import ROOT

sys.path.insert(0, str(ROOT / "docs"))

import life_page

PAGE = life_page.PAGE.read_text(encoding="utf-8")


def test_the_page_has_the_words_and_figures_that_its_command_writes():
    assert PAGE.startswith(life_page.HEAD + life_page.FIGURES + "\n".join(life_page.figures()) + "\n" + life_page.CASES)
    assert len(life_page.CHANGED) == len(life_page.UNCHANGED) == 5


@pytest.mark.slow
def test_the_cases_of_the_page_are_what_its_command_writes():
    assert life_page.page() == PAGE
