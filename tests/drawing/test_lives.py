"""Pictures of how long one lives: the drawn numbers are those of the JSON, both ends of each unknown, numbers at risk, and where days are spent."""

import json
import re
import sys
from xml.etree import ElementTree as ET

import pytest
from shipped import named, plan_at

from pathways.cli.main import run
from pathways.cohort.runs.outcomes import SPENT as COUNTED
from pathways.cohort.runs.results import simulate
from pathways.documents.problems import PathwaysError
from pathways.drawing.cohorts import DRAWN as OF_SIMULATIONS
from pathways.drawing.cohorts import HATCHED, SPENT
from pathways.drawing.figures import life
from pathways.drawing.plots import DRAWN

SVG = "{http://www.w3.org/2000/svg}"
HOSTILE = "</title><script>alert(1)</script>\"' & \u202etxt <b onload=x>"
UNKNOWN = named("meta-02")


def texts(drawn):
    return [one.text or "" for one in ET.fromstring(drawn).iter(f"{SVG}text")]


def described(drawn):
    return ET.fromstring(drawn).find(f"{SVG}desc").text


@pytest.fixture(scope="module")
def documents():
    return [simulate(patients=300, strategy=one).as_json() for one in ("guideline", "palliative")]


def answered(capsys, monkeypatch, *words):
    monkeypatch.setenv("PATHWAYS_DEBUG", "1")
    monkeypatch.setattr(sys, "argv", ["pathways", *map(str, words)])
    with pytest.raises(SystemExit) as stop:
        run()
    said = capsys.readouterr()
    return stop.value.code or 0, said.out, said.err


def percents(words):
    """The percents in words, as shares."""
    return [int(one) / 100 for one in re.findall(r"(\d+)%", words)]


def printed(row):
    """A figure with its interval of the JSON, as near as whole percents are."""
    return pytest.approx([row["value"], row["low"], row["high"]], abs=0.0051)


def test_the_curves_of_a_plan_are_those_of_its_json_for_every_pathway_and_year():
    made = plan_at(UNKNOWN)
    told = described(DRAWN["curves"](made)).split(". ")
    rows = made.as_json()["pathways"]
    assert len(told) == len(rows)
    for words, one in zip(told, rows, strict=True):
        assert words.startswith(f"{one['id']} {one['title']}: year 1 ")
        found = percents(words)
        assert [found[at : at + 3] for at in range(0, len(found), 3)] == [printed(row) for row in one["survival"]]


def test_five_and_ten_years_stand_under_each_curve_with_their_interval():
    made = plan_at(UNKNOWN)
    said = texts(DRAWN["curves"](made))
    rows = [one["survival"] for one in made.as_json()["pathways"]]
    for year in (5, 10):
        drawn = [percents(one) for one in said if one.startswith(f"{year} years")]
        assert drawn == [printed(row[year - 1]) for row in rows]


def test_the_sources_of_the_curves_stand_under_them_and_in_the_json():
    made = plan_at(UNKNOWN)
    sources = made.as_json()["survival_sources"]
    assert {"cucchetti_2014", "transmet_2024"} < set(sources)
    assert all(source in " ".join(texts(DRAWN["curves"](made))) for source in sources)
    assert plan_at(named("net-01")).as_json()["survival_sources"] == []


def test_a_tornado_shows_both_ends_of_each_unknown_as_the_json_has_them_most_first():
    made = plan_at(UNKNOWN)
    rows = made.as_json()["life_hangs_on"]
    said = texts(DRAWN["life"](made))
    assert len(rows) > 1
    assert [one for one in said if one in {row["factor"] for row in rows}] == [row["factor"] for row in rows]
    assert [row["moves"] for row in rows] == sorted((row["moves"] for row in rows), reverse=True)
    for row in rows:
        place = said.index(row["factor"])
        for end, words in zip((row["worst"], row["best"]), said[place + 1 : place + 3], strict=True):
            assert words.startswith(end["level"])
            assert percents(words) == printed(end)
        assert row["best"]["value"] == row["at_best"] > row["worst"]["value"] == row["at_worst"]
        assert row["sources"]
        assert all(source in " ".join(said) for source in row["sources"])


def test_the_figure_as_planned_lies_between_the_ends_of_every_unknown():
    now, rows = life(plan_at(UNKNOWN))
    for one in rows:
        assert one.worst.value <= now.value <= one.best.value
        assert one.best.low < one.best.value < one.best.high
        assert one.worst.low < one.worst.value < one.worst.high


def test_what_is_known_is_no_row_of_the_tornado():
    told = plan_at(named("alp-03")).as_json()["life_hangs_on"]
    assert "nodes of the primary" not in {one["factor"] for one in told}
    assert "nodes of the primary" in {one["factor"] for one in plan_at(UNKNOWN).as_json()["life_hangs_on"]}


@pytest.mark.parametrize("what", ["curves", "life"])
def test_a_disease_without_figures_has_no_such_picture_and_is_told_so(what):
    with pytest.raises(PathwaysError, match="survival"):
        DRAWN[what](plan_at(named("net-01")))


def test_numbers_at_risk_stand_under_the_axis_at_every_whole_year(documents):
    said = texts(OF_SIMULATIONS["lives"](documents))
    for one in documents:
        wanted = [
            f"{row['patients']:,}"
            for row in one["at_risk"]
            if row["day"] in {round(year * 365.25) for year in range(11)}
        ]
        assert len(wanted) == 11
        first = said.index(one["strategy"]) + 1
        assert said[first : first + 11] == wanted


def test_the_survival_of_a_cohort_is_drawn_with_the_interval_of_its_json(documents):
    told = described(OF_SIMULATIONS["lives"](documents))
    for one in documents:
        for row in one["survival"][::2]:
            assert f"{row['value']:.0%} ({row['low']:.0%} to {row['high']:.0%})" in told


def test_time_in_phase_is_drawn_as_long_as_the_json_says(documents):
    root = ET.fromstring(OF_SIMULATIONS["phases"](documents))
    drawn = [one for one in root.iter(f"{SVG}rect") if one.get("height") == "28"]
    assert len(drawn) == len(SPENT) * len(documents)
    longest = max(sum(one["time_in_phase"].values()) for one in documents)
    whole = 900 - 230 - 120
    for rect, days in zip(drawn, (days for one in documents for days in one["time_in_phase"].values()), strict=True):
        assert float(rect.get("width")) == pytest.approx(max(0.5, whole * days / longest), abs=0.02)
    said = texts(ET.tostring(root, encoding="unicode"))
    for one in documents:
        low, high = one["time_in_phase_intervals"]["never_cleared"]
        month = 365.25 / 12
        words = f"never cleared {one['time_in_phase']['never_cleared'] / month:.1f} ({low / month:.1f} to {high / month:.1f})"
        assert words in " ".join(said)


def test_parts_of_a_life_are_told_apart_without_colour():
    assert tuple(SPENT) == COUNTED
    assert len(set(SPENT.values())) == len(SPENT)
    # Neighbours differ by strokes.
    pairs = list(zip(SPENT, list(SPENT)[1:], strict=False))
    assert all(HATCHED.get(one) != HATCHED.get(other) for one, other in pairs)


@pytest.mark.parametrize("what", OF_SIMULATIONS)
def test_a_hostile_cohort_is_text_and_the_picture_fetches_nothing(what, documents):
    drawn = OF_SIMULATIONS[what]([{**documents[0], "cohort": HOSTILE, "strategy": HOSTILE, "protocol": HOSTILE}])
    root = ET.fromstring(drawn)
    assert "<script" not in drawn
    assert "\u202e" not in drawn
    assert not re.search(r"(?:href|src)=|@import|url\((?!#)|\bnan\b|\binf\b", drawn)
    assert root.get("role") == "img"
    assert root.get("aria-labelledby").split() == [root.find(f"{SVG}{one}").get("id") for one in ("title", "desc")]


def test_saved_simulations_are_drawn_beside_one_another_by_the_command(documents, tmp_path, capsys, monkeypatch):
    files = [tmp_path / f"{one['strategy']}.json" for one in documents]
    for file, one in zip(files, documents, strict=True):
        file.write_text(json.dumps(one), encoding="utf-8")
    for what in OF_SIMULATIONS:
        out = tmp_path / f"{what}.svg"
        status, _, error = answered(capsys, monkeypatch, "picture", files[0], what, "--beside", files[1], "-o", out)
        assert (status, error) == (0, "")
        assert out.read_text(encoding="utf-8").strip() == OF_SIMULATIONS[what](documents).strip()


BROKEN = {
    "a case": "schema: 1\nid: x\n",
    "a list": "[]",
    "no survival": {"survival": None},
    "a share beyond one": {"survival": [{"day": 0, "value": 1.2, "low": 0, "high": 1}]},
    "no number": {"survival": [{"day": 0, "value": float("nan"), "low": 0, "high": 1}]},
    "words for days": {"time_in_phase": dict.fromkeys(SPENT, "x")},
    "nobody lives": {"time_in_phase": dict.fromkeys(SPENT, 0)},
    "one end": {"time_in_phase_intervals": {name: [1] for name in SPENT}},
    "a number for a strategy": {"strategy": 3},
}


@pytest.mark.parametrize("broken", BROKEN)
def test_what_is_no_saved_simulation_is_refused_in_a_sentence(broken, documents, tmp_path, capsys, monkeypatch):
    told = BROKEN[broken]
    file = tmp_path / "x.json"
    file.write_text(told if isinstance(told, str) else json.dumps({**documents[0], **told}), encoding="utf-8")
    status, out, error = answered(capsys, monkeypatch, "picture", file, "phases")
    assert (status, out) == (2, "")
    assert "accepted: what pathways simulate --json printed" in error
    assert len(error.strip().splitlines()) == 1


def test_a_file_beside_is_refused_where_a_case_is_drawn_and_where_lines_could_not_be_told_apart(
    tmp_path, capsys, monkeypatch
):
    status, _, error = answered(capsys, monkeypatch, "picture", UNKNOWN, "map", "--beside", "x.json")
    assert status == 2
    assert "--beside: accepted with lives and phases" in error
    more = [word for _ in range(4) for word in ("--beside", "x.json")]
    status, _, error = answered(capsys, monkeypatch, "picture", "x.json", "lives", *more)
    assert status == 2
    assert "at most 3" in error


def test_survival_is_drawn_by_simulate_without_an_extra_as_its_own_json_says(tmp_path, capsys, monkeypatch):
    monkeypatch.setitem(sys.modules, "vl_convert", None)
    file = tmp_path / "x.svg"
    status, out, _ = answered(capsys, monkeypatch, "simulate", "--patients", 200, "--picture", file, "--json")
    assert status == 0
    assert file.read_text(encoding="utf-8").strip() == OF_SIMULATIONS["lives"]([json.loads(out)]).strip()


def test_a_disease_without_figures_has_no_simulated_survival_to_draw(tmp_path, capsys, monkeypatch):
    file = tmp_path / "x.svg"
    status, _, error = answered(capsys, monkeypatch, "simulate", named("net-01"), "--patients", 20, "--picture", file)
    assert status == 2
    assert error.strip().splitlines()[-1] == "--picture: no figure for survival is known for this disease"
    assert not file.exists()
