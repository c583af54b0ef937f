"""The package in Python and in a notebook: values that draw themselves, short texts, rows for tables, functions as the commands."""

import json
import subprocess
import sys
from xml.etree import ElementTree as ET

import pytest
from shipped import ROOT, case_at, course_of, graph_of, named, plan_at

import pathways as pw
from pathways.cohort.runs.results import simulate
from pathways.documents.problems import PathwaysError

CASE = case_at(named("sim-04"))
PLAN = plan_at(named("sim-04"))
SHOWN = {
    "case": lambda: CASE, "assessment": lambda: PLAN.assessment, "plan": lambda: PLAN, "pathway": lambda: PLAN.pathways[0],
    "graph": lambda: graph_of(named("sim-04")), "simulation": lambda: simulate(patients=50, seed=1),
}  # fmt: skip


@pytest.mark.parametrize("what", SHOWN)
def test_a_notebook_draws_it_and_its_text_is_one_short_line(what):
    value = SHOWN[what]()
    drawn = value._repr_html_()
    ET.fromstring(drawn)
    assert "no medical device" in drawn
    assert "<script" not in drawn
    assert len(repr(value)) < 140
    assert "\n" not in repr(value)


@pytest.mark.parametrize("what", SHOWN)
def test_rows_have_the_same_plain_columns(what):
    rows = SHOWN[what]().to_rows()
    assert rows
    assert len({tuple(one) for one in rows}) == 1
    json.dumps(rows)


def test_rows_of_a_plan_hold_its_numbers():
    (first, *_) = PLAN.to_rows()
    assert (first["id"], first["title"]) == ("p1", PLAN.pathways[0].title)
    assert first["cleared"] == PLAN.pathways[0].prospect.cleared.value
    assert PLAN.to_rows()[-1]["cleared_low"] is not None or PLAN.to_rows()[-1]["cleared"] is None


def test_a_title_of_markup_is_text_in_a_notebook():
    case = CASE.model_copy(update={"title": "<script>alert(1)</script>"})
    assert "<script" not in case._repr_html_()


def test_protocols_are_taken_by_name():
    case = CASE
    assert pw.plan(case).assessment.protocol.id == "default"
    assert pw.plan(case, "mdacc").assessment.protocol.id == "mdacc"
    assert pw.assess(case).protocol.id == "default"
    assert pw.explore(case, "mdacc").facts.assessed.protocol.id == "mdacc"
    with pytest.raises(PathwaysError, match="nowhere"):
        pw.plan(case, "nowhere")


def test_functions_do_what_the_commands_of_their_names_do():
    assert pw.explain(CASE, "one_stage").status == "open"
    assert [one.protocol.id for one in pw.compare(CASE, ["default", "mdacc"]).judged] == ["default", "mdacc"]
    assert not any(one.counter_example for one in pw.check(CASE))
    assert pw.audit(course_of("alp-05")).rows
    assert pw.export(CASE, "mermaid").startswith("%%")
    assert pw.picture(CASE, "liver")._repr_svg_().startswith("<svg")
    assert pw.report(PLAN, ["p1"]).startswith("<!doctype html>")
    assert not pw.diff(CASE, CASE).anything
    assert not pw.diff(PLAN, PLAN).anything


@pytest.mark.parametrize(
    "call",
    [
        lambda: pw.explain(CASE, "aplps"), lambda: pw.picture(CASE, "lever"), lambda: pw.export(CASE, "pdf"),
        lambda: pw.diff(CASE, PLAN), lambda: pw.report(CASE, ["p99"]),
    ],
)  # fmt: skip
def test_what_is_not_there_is_refused_in_a_sentence(call):
    with pytest.raises(PathwaysError, match="accepted"):
        call()


def in_a_new_process(text):
    return subprocess.run([sys.executable, "-c", text], capture_output=True, text=True, check=True, cwd=ROOT).stdout


def test_the_page_is_made_by_that_name_whatever_has_been_imported_before():
    text = """
import pathways as pw
{before}
case = pw.load_case("scenarios/published/sim-04.yaml")
print(pw.report(case)[:15], callable(pw.report))
import pathways.report.words as words
print(words.__name__)
"""
    for before in ("", "import pathways.report.plan_table"):
        assert in_a_new_process(text.format(before=before)) == "<!doctype html> True\npathways.report.words\n"


def test_importing_the_package_draws_nothing_and_loads_no_engine():
    heavy = (
        "numpy",
        "pydantic",
        "networkx",
        "jinja2",
        "rich",
        "pathways.drawing",
        "pathways.report",
        "pathways.planning",
    )
    text = f"import sys, pathways; print([one for one in {heavy!r} if one in sys.modules])"
    assert in_a_new_process(text) == "[]\n"


def test_a_command_that_draws_nothing_loads_neither_templates_nor_networkx():
    text = """
import sys
sys.argv = ["pathways", "plan", "scenarios/published/sim-04.yaml"]
from pathways.cli.main import run
try:
    run()
except SystemExit:
    print("|", [one for one in ("networkx", "jinja2", "pathways.drawing") if one in sys.modules])
"""
    assert in_a_new_process(text).rpartition("|")[2].strip() == "[]"
