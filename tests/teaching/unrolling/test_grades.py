"""What makes one answer beat another that is as good in its chance: on both sides of each margin."""

import pytest
from shipped import graph_of, named

from pathways.planning.evaluate import Worth
from pathways.teaching.curriculum.objectives import syllabus
from pathways.teaching.unrolling.grades import Grades, Regret

SCORING = syllabus().scoring
GRAPH = graph_of(named("meta-02"))


def worth(days=100.0, dead=0.02, resected=0.8):
    return Worth(resected, resected, dead, 0.0, None, days, days * resected, 1.0, 0.0)


def beats(one, other, *, delay_decides=True):
    return Grades(GRAPH, {}, SCORING, delay_decides=delay_decides)._beats(one, other)


MARGIN = SCORING.tolerance_days


@pytest.mark.parametrize(
    ("one", "other", "better"),
    [
        # Clearly faster, as safe, and a little more likely.
        (worth(days=50, resected=0.81), worth(days=51 + MARGIN), True),
        # The same, but the other is safer by any margin.
        (worth(days=50, resected=0.81), worth(days=51 + MARGIN, dead=0.0199), False),
        # No higher in its chance.
        (worth(days=50), worth(days=51 + MARGIN), False),
        # Not clearly faster.
        (worth(days=50, resected=0.81), worth(days=50 + MARGIN), False),
        # Clearly safer, and as fast.
        (worth(dead=0.01), worth(dead=0.011 + SCORING.tolerance_risk), True),
        (worth(dead=0.01), worth(dead=0.009 + SCORING.tolerance_risk), False),
        # Clearly safer, but clearly slower.
        (worth(dead=0.01, days=101 + MARGIN), worth(dead=0.011 + SCORING.tolerance_risk), False),
    ],
)
def test_an_answer_beats_another_by_safety_or_by_time_where_delay_decides(one, other, better):
    assert beats(one, other) is better


def test_time_beats_nothing_where_delay_does_not_decide():
    assert not beats(worth(days=50, resected=0.81), worth(days=51 + MARGIN), delay_decides=False)


def test_a_poor_answer_earns_less_the_more_it_gives_away_and_nothing_less_than_nothing():
    grades, all_of_it = Grades(GRAPH, {}, SCORING), Regret(chance=SCORING.chance_to_nothing)
    score = [grades._score("poor", Regret(chance=part * SCORING.chance_to_nothing)) for part in (0, 0.5, 1, 3)]
    assert score == [SCORING.poor_at_most, pytest.approx(SCORING.poor_at_most / 2, abs=0.01), 0, 0]
    assert grades._score("acceptable", all_of_it) == 1
