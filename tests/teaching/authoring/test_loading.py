"""Scenarios that contradict themselves or the machine are refused with file, line, column and the rule."""

from pathlib import Path

import pytest
from expectations import answers_well, files, named, problems_in

from pathways.cli.validating import problems_of
from pathways.teaching.authoring.loading import load_scenario

WRONG = files(Path(__file__).parent / "wrong")


@pytest.mark.parametrize("path", WRONG, ids=named)
def test_a_wrong_scenario_is_told_where_and_why(path):
    assert answers_well(path, load_scenario), [str(one) for one in problems_in(path, load_scenario)]


def test_validate_knows_a_scenario_by_its_keys():
    kind, lines = problems_of(WRONG[0])
    assert kind == "scenario"
    assert lines[0].startswith(f"{WRONG[0]}:")
