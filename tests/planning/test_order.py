"""What leads: nothing of which more die stands before a tied pathway that it does not outweigh in chance."""

from dataclasses import replace
from types import SimpleNamespace

import pytest
from builders import make_case
from shipped import CONSTRUCTED, PUBLISHED, named, plan_at

import pathways as pw
from pathways.planning.plan import FEW_PATHWAYS
from pathways.planning.ranking import DEATHS_ALIKE, ordered
from pathways.planning.uncertainty import READ_ALIKE, Estimated

DEFAULT = pw.load_protocol("default")


def outweighed(leader, other):
    """Whether `other` has so many fewer deaths that the chance `leader` adds does not make up for them."""
    fewer = leader.prospect.mortality.value - other.prospect.mortality.value
    likelier = leader.prospect.cleared.value - other.prospect.cleared.value
    return fewer >= DEATHS_ALIKE and likelier < max(fewer, READ_ALIKE)


def locally(one):
    """The steps beside cutting and ablating: two that differ in these alone are ordered by the depth of the lesions."""
    return [
        step.trigger for step in one.steps if step.kind == "decision" and not step.acts & {"hepatectomy", "ablation"}
    ]


@pytest.mark.parametrize("path", [*PUBLISHED, *CONSTRUCTED], ids=lambda path: path.stem)
def test_nothing_leads_whose_deaths_it_does_not_make_up_for(path):
    # Waiting what a lesion becomes stands behind finding out what it is, whatever it risks.
    curative = [
        one
        for one in plan_at(path).pathways
        if one.curative and not one.watched and one.prospect.mortality
        and not any("observation" in step.acts for step in one.steps)
    ]  # fmt: skip
    for leader in curative[:1]:
        for other in curative[1:]:
            tied = other.prospect.cleared.overlaps(leader.prospect.cleared)
            if tied and other.pareto == leader.pareto and locally(other) != locally(leader):
                assert not outweighed(leader, other), (leader.title, other.title)


@pytest.mark.parametrize(
    ("name", "first"),
    [
        ("stg-02", "stent or diversion"),
        ("tsh-01", "stent or diversion"),
        ("pve-01", "primary → liver venous deprivation → right trisectionectomy"),
    ],
)
def test_what_is_safer_by_more_than_the_other_promises_leads(name, first):
    assert plan_at(named(name)).pathways[0].title.startswith(first)


@pytest.mark.parametrize(("fewer", "leads"), [(DEATHS_ALIKE + 1e-6, True), (DEATHS_ALIKE - 1e-6, False)])
def test_a_difference_in_deaths_that_reads_alike_decides_nothing(fewer, leads):
    first, second, *_ = [one for one in plan_at(named("pve-01")).pathways if one.curative and not one.watched]
    alike = replace(
        second,
        pareto=first.pareto,
        prospect=replace(
            first.prospect,
            deaths=replace(first.prospect.deaths, value=first.prospect.deaths.value - fewer),
            # A day later, so that neither is better in everything.
            days=replace(first.prospect.days, value=first.prospect.days.value + 1),
            as_planned=replace(first.prospect.as_planned, value=0.0, low=0.0, high=0.0, draws=None),
        ),
    )
    assert (ordered([first, alike])[0].title == alike.title) is leads


@pytest.mark.parametrize(("objective", "leads"), [("resection", "likelier"), ("time", "other"), ("safety", "other")])
def test_an_objective_is_led_by_what_serves_it_even_where_the_other_is_likelier_to_clear_the_liver(objective, leads):
    one = next(one for one in plan_at(named("pve-01")).pathways if one.curative and not one.watched)
    value = {"cleared": 0.8, "days": 90.0, "mortality": 0.08, "deaths": 0.08}

    def at(title, share):
        told = {
            name: Estimated(share * all_of_it, share * all_of_it, share * all_of_it)
            for name, all_of_it in value.items()
        }
        return replace(one, title=title, prospect=replace(one.prospect, **told))

    assert ordered([at("other", 0.5), at("likelier", 1.0)], objective)[0].title == leads


SMALL_REMNANT = {"measured_remnants": [{"removes": [5, 6, 7, 8], "fraction": 0.24}], "total_ml": 1500}
ON_BOTH_SIDES = [
    {"id": "A", "segments": [5, 6, 7, 8], "size_mm": 50, "count": 8, "depth": "deep", "contacts": []},
    {"id": "B", "segments": [2, 3], "size_mm": 15, "count": 2, "depth": "superficial", "contacts": []},
]


@pytest.mark.parametrize(
    "tumour", [{"tumour": "neuroendocrine", "site": "ileum", "grade": 2}, {"tumour": "colorectal"}]
)
def test_a_split_leads_no_plan_only_because_the_sum_of_deaths_has_no_figure(tumour):
    primary = {"status": "in_situ", "presentation": "synchronous", "r0_resectable": True, "urgent": "none", **tumour}
    made = pw.plan(make_case(primary=primary, lesions=ON_BOTH_SIDES, liver=SMALL_REMNANT), DEFAULT)
    split, grown = (next(one for one in made.pathways if family in one.families) for family in ("alpps", "lvd"))
    printed = tumour["tumour"] == "colorectal"
    assert {one.prospect.mortality is not None for one in (split, grown)} == {printed}
    assert grown.prospect.deaths.value < split.prospect.deaths.value
    assert grown.worse_than != split.id
    assert made.pathways.index(grown) < made.pathways.index(split)


def test_what_has_no_figure_is_compared_and_not_printed():
    primary = {
        "tumour": "neuroendocrine",
        "site": "ileum",
        "grade": 2,
        "status": "in_situ",
        "presentation": "synchronous",
    }
    made = pw.plan(make_case(primary=primary, lesions=ON_BOTH_SIDES[1:]), DEFAULT)
    told = [one.prospect.as_json() for one in made.pathways if one.operations and one.curative]
    assert told
    assert all(one["mortality_90d"] is None and "deaths" not in one for one in told)


@pytest.mark.parametrize("path", [*CONSTRUCTED, *PUBLISHED], ids=lambda one: one.stem)
def test_law_what_comes_first_of_all_orders_comes_first_of_those_shown(path):
    shown = plan_at(path)
    if len(shown.pathways) == shown.number_of_pathways or shown.number_of_pathways > FEW_PATHWAYS:
        return
    every = pw.plan(pw.load_case(path), DEFAULT, top=0)
    assert shown.pathways[0].title == every.pathways[0].title
    told = {one.title for one in every.pathways}
    assert {one.title for one in shown.pathways} <= told


def living(one, months):
    """The pathway with so many months of life, known to the day."""
    life = replace(one.prospect.outlook.by_months, value=months, low=months, high=months, draws=None)
    return replace(one, prospect=replace(one.prospect, outlook=SimpleNamespace(by_months=life)))


def test_what_is_watched_stands_behind_what_clears_however_long_one_lives_with_it():
    pathways = plan_at(named("rep-02-recurrence")).pathways
    watched, cleared = (
        [one for one in pathways if one.curative and one.prospect.outlook and waits(one) is behind]
        for behind in (True, False)
    )
    longer, shorter = living(watched[0], 60.0), living(cleared[0], 30.0)
    assert [one.id for one in ordered([longer, shorter], "life")] == [shorter.id, longer.id]
    # By itself, and of two that clear, it is life alone.
    assert [one.id for one in ordered([living(watched[1], 30.0), longer], "life")] == [longer.id, watched[1].id]
    assert [one.id for one in ordered([shorter, living(cleared[1], 60.0)], "life")] == [cleared[1].id, shorter.id]


def waits(one):
    return one.watched or any("observation" in step.acts for step in one.steps)


def test_a_course_does_not_lead_by_deaths_that_another_saves_by_ablating_too():
    """A frail patient of 82 was to have twelve cycles first: beside cutting they were safer by the ablation after them, which is as safe without."""
    case = make_case(
        patient={"age_years": 82, "ecog": 2, "asa": 3, "fit_for": "minor"},
        lesions=[
            {"segments": [5, 6, 7], "count": 3, "size_mm": 30, "contacts": [], "depth": "superficial"},
            {"segments": [2, 4], "count": 2, "size_mm": 22, "contacts": [], "depth": "superficial"},
        ],
    )
    pathways = [one for one in pw.plan(case, top=0).pathways if one.curative]
    systemic = [any("systemic" in step.acts for step in one.steps) for one in pathways]
    assert len(pathways) == 4
    assert systemic == [False, False, True, True]


RECTUM_TO_BE_IRRADIATED = {
    "site": "rectum", "status": "in_situ", "presentation": "synchronous", "r0_resectable": True, "needs_radiotherapy": True, "urgent": "none",
}  # fmt: skip
TO_BE_CONVERTED = [
    {"id": "A", "segments": [5, 6, 7, 8], "size_mm": 45, "count": 12, "contacts": ["right_portal_pedicle"]},
    {"id": "B", "segments": [2, 3, 4], "size_mm": 20, "count": 9, "contacts": ["left_portal_pedicle"]},
]


@pytest.mark.parametrize("primary", [RECTUM_TO_BE_IRRADIATED, {**RECTUM_TO_BE_IRRADIATED, "needs_radiotherapy": False}])
def test_a_liver_that_has_to_be_converted_is_given_drugs_before_the_bowel_is_resected(primary):
    """The first dose was given on day 119, after radiotherapy, its interval and the resection of the rectum."""
    made = pw.plan(make_case(primary=primary, lesions=TO_BE_CONVERTED, liver={"measured_remnants": []}), DEFAULT)
    acts = [step.acts for step in made.pathways[0].steps if step.kind == "decision"]
    drugs = next(place for place, each in enumerate(acts) if "systemic" in each)
    assert all("primary_resection" not in each for each in acts[:drugs])
    assert made.number_of_pathways > len(made.pathways)
