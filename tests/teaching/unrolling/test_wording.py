"""Figures of a feedback: a value beside its limit, with as many decimals as tell them apart."""

import pytest

from pathways.facts.verdict import Verdict
from pathways.teaching.unrolling.grades import Regret
from pathways.teaching.unrolling.wording import against_limit, regret_lines


@pytest.mark.parametrize(
    ("value", "limit", "told"),
    [
        (0.25, 0.3, "25%, limit 30%"),
        (0.296, 0.3, "29.6%, limit 30%"),
        (0.29996, 0.3, "29.996%, limit 30.000%"),
        (0.02, 0.025, "2%, limit 2.5%"),
        (0.0199, 0.025, "1.99%, limit 2.50%"),
        (0.004, 0.005, "0.40%, limit 0.50%"),
        (0.00496, 0.005, "0.496%, limit 0.500%"),
    ],
)
def test_a_share_is_told_with_as_many_decimals_as_set_it_apart_from_its_limit(value, limit, told):
    refused = Verdict("age", "refused", "too little", value, limit, "fraction")
    assert against_limit([refused]) == (f"age: {told}",)


def test_what_is_no_share_is_told_with_its_unit():
    assert against_limit([Verdict("age", "refused", "too old", 81.0, 80.0, "years")]) == (
        "age: 81 years, limit 80 years",
    )


def test_what_is_given_away_of_a_borrowed_chance_is_said_without_a_figure():
    lost = Regret(chance=0.12, days=30, risk=0.02)
    assert regret_lines(lost, "own")[0] == "12 points less chance of the goal"
    assert regret_lines(lost, "borrowed")[0] == "less chance of the goal"
    assert regret_lines(lost, "own")[1:] == regret_lines(lost, "borrowed")[1:]
