"""A pathway that another beats in chance, risk and time stays open, and says which one that is."""

import pytest
from shipped import CONSTRUCTED, PUBLISHED, plan_at


@pytest.mark.parametrize("path", [*PUBLISHED[::4], *CONSTRUCTED], ids=lambda path: path.stem)
def test_what_is_worse_names_a_pathway_that_is_as_good_in_everything_and_better_in_something(path):
    made = plan_at(path)
    by_id = {one.id: one for one in made.pathways}
    for one in made.pathways:
        assert (one.worse_than is None) or not one.pareto
        assert one.as_json()["worse_than"] == one.worse_than
        if one.worse_than is None:
            continue
        better = by_id[one.worse_than]
        mine, theirs = measures(one), measures(better)
        assert all(b <= a + 1e-8 for a, b in zip(mine, theirs, strict=True))
        assert any(b < a - 1e-10 for a, b in zip(mine, theirs, strict=True))


def measures(one):
    """Chance, deaths (with what has no figure to print) and days, smaller is better; what is never cleared is worst."""
    prospect = one.prospect
    worst = float("inf")
    return (
        -prospect.cleared.value if prospect.cleared else worst,
        prospect.deaths.value,
        prospect.days.value if prospect.days else worst,
    )


def test_some_pathway_of_the_shipped_cases_is_worse_than_another_and_none_on_the_front_is():
    worse = [one for path in PUBLISHED[::4] for one in plan_at(path).pathways if one.worse_than]
    assert worse
