"""An operation of which many die is warned of on the first page, from the protocol's limit on."""

import pytest
from builders import make_case
from shipped import ROOT, named

import pathways as pw
import rule_answers
from pathways.case.loading import load_case
from pathways.knowledge.protocols import load_protocol

DEFAULT = load_protocol("default")
DEADLIEST = load_case(named("pve-01"))


def deadliest(one):
    return max((float(step.risk.death.value) for step in one.steps if step.risk), default=0.0)


@pytest.mark.parametrize("above", [0.0, 1e-6])
def test_the_deadliest_step_is_warned_of_from_the_limit_on(above):
    shown = pw.plan(DEADLIEST, DEFAULT).pathways
    limit = sorted(deadliest(one) for one in shown if one.curative)[len(shown) // 2] + above
    again = pw.plan(DEADLIEST, rule_answers.with_setting(DEFAULT, "operation_death_warned", limit)).pathways
    assert {bool(one.deadly) for one in again} == {True, False}
    for one in again:
        assert bool(one.deadly) is (one.curative and deadliest(one) >= limit)
        assert any("die within 90 days of this step" in line for line in one.warnings) is bool(one.deadly)


def test_the_first_page_says_it_under_the_pathway(capsys):
    from pathways.cli.main import app

    app(["plan", str(named("pve-01"))], standalone_mode=False)
    assert "of those who come to its operation" in capsys.readouterr().out
    app(["plan", str(named("lf-02"))], standalone_mode=False)
    assert "of those who come to its operation" not in capsys.readouterr().out


STENT = load_case(ROOT / "tests" / "tried" / "cases" / "stent-02.yaml")


@pytest.mark.parametrize(("outweighed", "leads_with_it"), [(0.05, False), (0.03, True)])
def test_of_tied_pathways_one_without_such_a_step_leads_unless_it_is_outweighed(outweighed, leads_with_it):
    # A right hepatectomy, the left lateral section and the colon in one session: 4 % likelier to clear the liver than liver and colon apart, the
    # liver first (the colon first, which is safer, declined).
    protocol = rule_answers.with_setting(DEFAULT, "operation_death_outweighed", outweighed)
    patient = STENT.patient.model_copy(update={"declines": ("primary_first",)})
    assert bool(pw.plan(STENT.model_copy(update={"patient": patient}), protocol).pathways[0].deadly) is leads_with_it


def test_the_deaths_that_order_are_those_that_are_shown():
    for one in pw.plan(STENT, DEFAULT).pathways:
        assert bool(one.outweighed) is bool(one.deadly)


def test_nothing_is_barred_by_it():
    strict = rule_answers.with_setting(DEFAULT, "operation_death_warned", 0.0)
    assert pw.plan(DEADLIEST, strict).open == pw.plan(DEADLIEST, DEFAULT).open


def test_no_figure_of_life_is_told_where_an_emergency_of_the_primary_is_left_as_it_is():
    made = pw.plan(
        make_case(
            primary={"status": "in_situ", "urgent": "perforation"},
            lesions=[{"segments": [6], "size_mm": 20, "count": 1}],
        ),
        DEFAULT,
    )
    told = {bool(one.operations): one.prospect.outlook for one in made.pathways if not one.curative}
    assert told.keys() == {True, False}
    assert told[True] is not None
    assert told[False] is None


ONE = [{"segments": [6], "size_mm": 20, "count": 1, "depth": "superficial"}]


@pytest.mark.parametrize(
    ("liver", "told"),
    [
        ({}, True),
        ({"bilirubin_umol_per_l": 51}, True),
        ({"bilirubin_umol_per_l": 52}, False),
        ({"inr": 2.6}, False),
        ({"insufficiency": ["ascites"]}, False),
    ],
)
def test_no_figure_of_life_without_clearance_is_told_of_a_failing_liver(liver, told):
    # Its medians are of patients whose liver bore the drugs of a trial.
    made = pw.plan(make_case(lesions=ONE, liver=liver), DEFAULT)
    (care,) = (one for one in made.pathways if one.end == "palliation")
    assert (care.prospect.outlook is not None) is told
    assert (care.as_json()["survival_5y"] is not None) is told
