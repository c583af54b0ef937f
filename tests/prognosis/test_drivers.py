"""Every hazard ratio that is told has its interval, what that interval is of, and its sources: in the document, the text, the page, and a diff."""

import io
import re

import pytest
from rich.console import Console
from shipped import CONSTRUCTED, PUBLISHED, ROOT, named, plan_at

import pathways as pw
from pathways.case.models import Case
from pathways.knowledge.protocols import load_protocol
from pathways.planning.diff import diff_cases, diff_plans
from pathways.report.diff_table import print_diff
from pathways.report.life import drivers_of, life_lines, ratio_words
from pathways.report.page import report
from pathways.report.plan_table import print_plan

KINDS = {"confidence", "studies", "guess", "reference"}
DEFICIENT = ROOT / "scenarios" / "constructed" / "deficient-mismatch-repair.yaml"


def ratios(driver):
    return [one for one in (driver, driver["death_after_recurrence"], driver["without_clearance"]) if one and one["hazard_ratio"] is not None]  # fmt: skip


@pytest.mark.parametrize("path", [*PUBLISHED[::4], *CONSTRUCTED[::3]], ids=lambda one: one.stem)
def test_no_hazard_ratio_stands_without_interval_kind_and_source(path):
    for pathway in plan_at(path).pathways:
        outlook = pathway.prospect.outlook if pathway.prospect else None
        for driver in [one.as_json() for one in outlook.drivers] if outlook else []:
            for one in ratios(driver):
                assert one["interval_of"] in KINDS, driver
                assert one["low"] <= one["hazard_ratio"] <= one["high"], driver
                assert one["sources"], driver
                assert (one["low"] < one["high"]) is (one["interval_of"] != "reference"), driver


def test_what_is_carried_over_is_marked_and_what_has_its_own_figure_is_not():
    told = {one["factor"]: one for one in drivers_of(plan_at(DEFICIENT).pathways[0])}
    assert told["CEA"]["without_clearance"]["carried_over"] is True
    assert told["CEA"]["death_after_recurrence"]["carried_over"] is False
    assert told["mismatch repair"]["death_after_recurrence"]["carried_over"] is True
    assert told["mismatch repair"]["without_clearance"]["carried_over"] is False
    assert told["BRAF"]["without_clearance"] is None


def test_the_text_of_the_steps_and_the_page_tell_each_ratio_with_its_interval():
    plan = plan_at(DEFICIENT)
    out = io.StringIO()
    print_plan(plan, Console(file=out, width=400), wanted=["p1"])
    for words in (out.getvalue(), report(plan, wanted=["p1"])):
        assert "largest, over 3 cm: recurrence 1.50 (1.30 to 1.80, 95 %)" in words
        assert "mismatch repair, deficient: death after a recurrence 0.26 (0.18 to 0.36, guess, carried over)" in words
        found = re.findall(r"(?:recurrence|clearance) \d+\.\d\d(.{12})", words)
        assert found
        assert all(one.startswith(" (") for one in found)


def test_a_diff_tells_which_factor_moves_life_otherwise_on_both_sides_of_what_changed():
    told = pw.load_case(DEFICIENT).model_dump(by_alias=True, exclude_unset=True, mode="json")
    told["primary"]["cea_ng_per_ml"] = 300.0
    other = Case.model_validate(told)
    found = diff_cases(pw.load_case(DEFICIENT), other, load_protocol("default"))
    assert [one.factor for one in found.driven] == ["CEA"]
    document = found.as_json()["drivers"][0]
    assert document["old"]["value"] == "20 to 200"
    assert document["new"]["value"] == "over 200"
    out = io.StringIO()
    print_diff(found, Console(file=out, width=400))
    assert re.search(r"CEA: 20 to 200 \(recurrence 1\.1\d \(0\.9\d to 1\.4\d, guess\)", out.getvalue())
    assert not diff_cases(other, other, load_protocol("default")).driven


def test_plans_saved_before_drivers_told_their_kind_are_compared_without_them():
    new = plan_at(DEFICIENT).as_json()
    old = {**new, "pathways": [{**one, "drivers": [{"factor": "CEA", "hazard_ratio": 1.2}]} for one in new["pathways"]]}
    assert not diff_plans(old, new).driven


@pytest.mark.parametrize("strange", ["many", None, [], {"hazard_ratio": "x", "interval_of": "guess"}])
def test_a_saved_plan_with_strange_ratios_is_told_without_them(strange):
    assert (
        ratio_words(
            {"factor": "CEA", "value": "x", "interval_of": 3, "hazard_ratio": "x", "without_clearance": strange}
        )
        == ""
    )


def test_other_primaries_tell_no_ratio():
    assert life_lines(drivers_of(plan_at(named("net-01")).pathways[0])) == []
