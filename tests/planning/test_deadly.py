"""An operation of which many die is warned of on the first page, from the protocol's limit on."""

import pytest
from shipped import named

import pathways as pw
import rule_answers
from pathways.case.loading import load_case
from pathways.knowledge.protocols import load_protocol

DEFAULT = load_protocol("default")
DEADLIEST = load_case(named("pve-01"))


def deadliest(one):
    return max(float(step.risk.death.value) for step in one.steps if step.risk)


@pytest.mark.parametrize(("above", "warned"), [(0.0, True), (1e-6, False)])
def test_the_deadliest_step_is_warned_of_from_the_limit_on(above, warned):
    least = deadliest(pw.plan(DEADLIEST, DEFAULT).pathways[0])
    protocol = rule_answers.with_setting(DEFAULT, "operation_death_warned", least + above)
    first = pw.plan(DEADLIEST, protocol).pathways[0]
    assert bool(first.deadly) is warned
    assert any("die within 90 days of this step" in line for line in first.warnings) is warned


def test_the_first_page_says_it_under_the_pathway(capsys):
    from pathways.cli.main import app

    app(["plan", str(named("pve-01"))], standalone_mode=False)
    assert "of those who come to its operation" in capsys.readouterr().out
    app(["plan", str(named("lf-02"))], standalone_mode=False)
    assert "of those who come to its operation" not in capsys.readouterr().out


def test_nothing_is_barred_by_it():
    strict = rule_answers.with_setting(DEFAULT, "operation_death_warned", 0.0)
    assert pw.plan(DEADLIEST, strict).open == pw.plan(DEADLIEST, DEFAULT).open
