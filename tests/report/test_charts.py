import json

import pytest
from shipped import PUBLISHED, named, plan_at

import pathways as pw
from pathways.documents.problems import PathwaysError
from pathways.knowledge.protocols import load_protocol
from pathways.planning.plan import plan
from pathways.report.charts import CHARTS, rendered

DEFAULT = load_protocol()
MADE = plan(pw.load_case(named("alp-01")), DEFAULT)


@pytest.mark.parametrize("what", CHARTS)
def test_a_picture_is_drawn_by_an_independent_renderer(what):
    pytest.importorskip("vl_convert")
    spec = CHARTS[what](MADE)
    svg = rendered(spec, "svg").decode()
    assert svg.startswith("<svg")
    assert "no medical device" in svg
    assert rendered(spec, "png").startswith(b"\x89PNG")


@pytest.mark.parametrize("what", CHARTS)
def test_a_specification_fetches_nothing_and_is_the_same_every_time(what):
    text = rendered(CHARTS[what](MADE), "json").decode()
    assert text == rendered(CHARTS[what](plan(pw.load_case(named("alp-01")), DEFAULT)), "json").decode()
    assert '"url"' not in text
    assert json.loads(text)["$schema"].startswith("https://vega.github.io/schema/vega-lite")


@pytest.mark.parametrize("path", PUBLISHED, ids=lambda path: path.stem)
@pytest.mark.parametrize("what", CHARTS)
def test_every_case_gives_a_picture_or_a_reason_why_not(path, what):
    made = plan_at(path)
    try:
        assert CHARTS[what](made)["title"]["text"]
    except PathwaysError as error:
        assert str(error)


def test_the_timeline_ends_when_the_pathway_does():
    layer, operations = CHARTS["timeline"](MADE)["layer"]
    first = [row for row in layer["data"]["values"] if row["pathway"].startswith("p1 ")]
    assert max(row["end"] for row in first) == pytest.approx(MADE.pathways[0].steps[-1].day / 7, abs=0.01)
    assert (
        len([row for row in operations["data"]["values"] if row["pathway"].startswith("p1 ")])
        == MADE.pathways[0].operations
    )


def test_growth_begins_at_the_remnant_of_today():
    values = CHARTS["growth"](MADE)["layer"][0]["data"]["values"]
    assessed = MADE.graph.facts.assessed
    from pathways.facts.patient_assessment import TODAY

    assert {row["remnant"] for row in values if row["week"] == 0} == {round(assessed.target(TODAY).remnant.value, 4)}


def test_survival_is_shown_with_its_interval_and_in_the_order_of_the_plan():
    values = CHARTS["survival"](MADE)["data"]["values"]
    assert all(row["low"] <= row["survival"] <= row["high"] for row in values)
    assert [row["pathway"].split()[0] for row in values] == [one.id for one in MADE.pathways if one.prospect.survival]
