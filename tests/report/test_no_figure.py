"""Chances that are borrowed from bowel metastases are shown on no screen; those of bowel metastases are, on the same screens."""

from __future__ import annotations

import copy
import html
import io
import re
from dataclasses import replace
from functools import cache
from types import SimpleNamespace
from typing import get_args

import pytest
from rich.console import Console

import pathways as pw
from page.browsing import Visit
from pathways.cli.registry import _in_words as in_words
from pathways.cohort.runs.results import simulate
from pathways.documents.problems import PathwaysError
from pathways.drawing.plots import DRAWN
from pathways.laws.comparing import chance_does_not_fall, chance_does_not_rise
from pathways.messages.catalogue import called, say
from pathways.page.cited import cited_of
from pathways.planning.chances import chances_of, shown
from pathways.planning.compare import compare, sweep
from pathways.planning.diff import diff_cases, diff_plans
from pathways.planning.explain import explain
from pathways.planning.missing import MissingItem
from pathways.planning.pathway_map import map_of
from pathways.planning.ranking import ordered
from pathways.registry.lines import Asked, line_of
from pathways.report import notebook
from pathways.report.charts import CHARTS
from pathways.report.cohort_table import print_result
from pathways.report.diff_table import print_diff
from pathways.report.gaps import hangs_on
from pathways.report.map_tree import print_map
from pathways.report.page import report
from pathways.report.plan_table import print_plan
from pathways.report.why_table import print_comparison, print_explanation, print_sweep
from pathways.words import Tumour

DEFAULT, OTHER = pw.load_protocol("default"), pw.load_protocol("mdacc")
BORROWED = tuple(one for one in get_args(Tumour) if one != "colorectal")
# Systemic treatment, growth, two stages, ablation and one operation are open; the vessels, sizes and the number of C are not told.
CASE = """\
schema: 1
id: one-patient
primary: {{tumour: {tumour}, status: resected}}
patient: {{fit_for: major, age_years: {age}}}
liver: {{measured_remnants: [{{removes: [5, 6, 7, 8], fraction: 0.24}}]}}
lesions:
  - {{id: A, segments: [8], size_mm: 60, contacts: [right_portal_pedicle]}}
  - {{id: B, segments: [6], size_mm: 40}}
  - {{id: C, segments: [2]}}
extrahepatic: []
"""
# What stands on a screen in percent and is no chance of the kind: deaths (to a decimal), shares of the liver, an outlook of a rule's own source.
ALLOWED = (
    r"\d+%, \d+% to \d+%; limit \d+% \d+%; limit \d+%", r"\d+\.\d%( ?§)?( \(\d+\.\d%? ?(-|to) ?\d+\.\d%?\))?", r"95 % interval \d+\.\d% to \d+\.\d%", r"95 %", r"0\.30 for 30 %", r"PET-CT finds it in \d+%",
    r"(volumetry )?\d+% \(\d+% to \d+%, (estimated|measured)\)", r"volumetry \d+% \(\d+% to \d+%\)", r"\(\d+% of the liver\)",
    r"(limits?|remnant|leaves?|stays?|keep|today|would leave|binds is|liver is)( of)? \d+%", r"\d+% stays", r"\d+→\d+%", r"\d+%; ?§",
    r"usual (further )?growth \d+%", r"5-year survival after resection \d+%(, \d+% to \d+%)?", r"injury in \d+%",
    r"comes back where it was ablated within a year in \d+%", r"removes \d+% of the tumour; \d+% asked for",
    r"(remnant of the least resection|limit that binds)( \d+%)+", r"(?<=\d\d%|ure) \d+% \d+%(?= 0\.|$| [a-z])", r"fraction, volumetry 1 \d+ %",
    r"(no figure|wk|\d\)) +\d+ wk +\d+ +[-\d]+ +\d+%", r"(?<=wk \d) [-\d]+ \d+%", r"(?<= \d) - \d+%",
)  # fmt: skip
ANY = re.compile(r"\d+(\.\d+)? ?%")
# The words of clearing with a figure behind them, to whatever decimal: no pattern of what is allowed takes it away.
BESIDE = re.compile(r"(cleared|resected at best|chance of resection|as planned|planned)[ :]*\d+(\.\d+)? ?%")


def text_of(tumour, age=61):
    return CASE.format(tumour=tumour, age=age)


def case_of(tumour, age=61):
    return pw.parse_case(text_of(tumour, age))


@cache
def planned(tumour):
    return pw.plan(case_of(tumour), DEFAULT)


def printed(show, *things, width=100, **options):
    console = Console(file=io.StringIO(), width=width)
    show(*things, console, **options)
    return console.file.getvalue()


def plain(markup):
    """What is read of a page: no style, no places of a drawing."""
    without = re.sub(r"<style.*?</style>", " ", markup, flags=re.DOTALL)
    return html.unescape(re.sub(r"<[^>]+>", " ", without))


def percentages(text):
    """Whatever stands in percent and is not of what may."""
    left = " ".join(re.sub(r"[│├└─]", " ", text).split())
    beside = [one.group() for one in BESIDE.finditer(left)]
    for allowed in ALLOWED:
        left = re.sub(allowed, " ", left)
    return beside + [left[max(0, one.start() - 60) : one.end() + 10] for one in ANY.finditer(left)]


def of_the_plan(tumour, width):
    made = planned(tumour)
    return printed(print_plan, made, width=width, wanted=[one.id for one in made.pathways])


def of_the_report(tumour, against=None):
    made = planned(tumour)
    return plain(report(made, wanted=[one.id for one in made.pathways], against=against))


def of_the_page(tumour, folder, *presses):
    visit = Visit.of(folder=folder).fill("text", text_of(tumour))
    for one in presses:
        visit.press(one)
    # The list of figures tells what deaths and weeks are made of.
    return plain(re.sub(r"<details.*?</details>", " ", visit.answer.text, flags=re.DOTALL))


# By name what a person reads of a case: of its tumour, with a folder for the page to be opened on.
SCREENS = {
    "cards": lambda tumour, _: of_the_plan(tumour, 80),
    "table": lambda tumour, _: of_the_plan(tumour, 170),
    "report": lambda tumour, _: of_the_report(tumour),
    "map": lambda tumour, _: printed(print_map, map_of(planned(tumour)), every=True),
    "picture of the map": lambda tumour, _: plain(DRAWN["map"](planned(tumour))),
    "pathways of the page": lambda tumour, folder: of_the_page(tumour, folder, "to-pathways"),
    "a pathway of the page": lambda tumour, folder: of_the_page(tumour, folder, "to-pathway"),
    "what is missing, on the page": lambda tumour, folder: of_the_page(tumour, folder, "to-missing"),
    "record of the page": lambda tumour, folder: of_the_page(tumour, folder, "to-record"),
    "comparison": lambda tumour, _: printed(print_comparison, compare(case_of(tumour), [DEFAULT])),
}  # fmt: skip
OF_SEVERAL_PLANS = {
    "comparison of the report": lambda tumour, _: of_the_report(tumour, OTHER),
    "sweep": lambda tumour, _: printed(
        lambda *told: print_sweep("two_stage_accepted", *told), sweep(case_of(tumour), DEFAULT, "remnant_limit_normal", [0.2, 0.3])
    ),
    "difference": lambda tumour, _: printed(print_diff, diff_cases(case_of(tumour), case_of(tumour, 86), DEFAULT)),
    "protocols on the page": lambda tumour, folder: of_the_page(tumour, folder, "to-what_if", "protocols"),
}  # fmt: skip


@pytest.fixture(autouse=True)
def one_plan(monkeypatch):
    """The page plans nothing that has been planned here already."""
    monkeypatch.setattr(
        "pathways.page.plans.plan",
        lambda case, protocol: planned(case.primary.tumour) if protocol.id == "default" else pw.plan(case, protocol),
    )


@pytest.mark.parametrize("screen", [*SCREENS, *OF_SEVERAL_PLANS])
def test_a_screen_shows_the_chances_of_bowel_metastases_and_none_of_a_pancreas(screen, tmp_path):
    shows = {**SCREENS, **OF_SEVERAL_PLANS}[screen]
    assert percentages(shows("colorectal", tmp_path))
    assert percentages(shows("pancreas", tmp_path)) == []


# One of each way in which a primary is treated; the others, which are planned like one of these, take a minute together.
FIRST = ("pancreas", "neuroendocrine", "gist", "breast", "unknown")


@pytest.mark.parametrize(
    "tumour", [pytest.param(one, marks=() if one in FIRST else pytest.mark.slow) for one in BORROWED]
)
def test_no_screen_holds_a_percentage_beside_the_words_of_clearing_whatever_the_other_primary(tumour, tmp_path):
    assert planned(tumour).best.value > 0
    found = {screen: percentages(shows(tumour, tmp_path)) for screen, shows in SCREENS.items()}
    assert {screen: words for screen, words in found.items() if words} == {}


@pytest.mark.parametrize("family", ["upfront_surgery", "surveillance"])
def test_what_is_explained_of_a_family_holds_no_chance(family):
    assert percentages(printed(print_explanation, explain(planned("pancreas").graph, family))) == []


# --- what is said instead ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("screen", ["cards", "table", "report", "pathways of the page"])
def test_one_sentence_above_the_table_says_that_there_is_no_figure_and_what_the_order_is_by(screen, tmp_path):
    told = {tumour: " ".join(SCREENS[screen](tumour, tmp_path).split()) for tumour in ("colorectal", "pancreas")}
    sentence = say("cards.borrowed")
    assert sentence in told["pancreas"]
    assert sentence not in told["colorectal"]
    assert told["pancreas"].index(sentence) < told["pancreas"].index("no figure")
    assert say("cards.reading") in told["colorectal"]
    assert say("cards.reading") not in told["pancreas"]


def test_cleared_and_planned_are_no_figure_where_deaths_and_remnant_have_one():
    found = [line for line in of_the_plan("pancreas", 80).splitlines() if re.match(r" +no figure", line)]
    assert found
    for line in found:
        assert re.match(r" {5}no figure {3}\d\.\d% \(\d\.\d-\d+\.\d\) +no figure +no figure \d+ wk .*\d%$", line), line
        assert len(line) < 80


def test_pathways_of_another_primary_stand_in_the_order_of_the_chances_that_are_not_shown():
    curative = [one for one in planned("pancreas").pathways if one.curative]
    assert len(curative) > 1
    assert all(one.prospect.cleared.value > 0 for one in curative)
    assert ordered(curative) == curative


@pytest.mark.parametrize(
    ("now", "otherwise", "own", "borrowed"),
    [
        (0.96, 0.47, "if not so, resected at best 47%, not 96%", "if not so, resected less often"),
        (0.47, 0.96, "if not so, resected at best 96%, not 47%", "if not so, resected more often"),
        (0.471, 0.474, "if not so, not open: ablation", "if not so, not open: ablation"),
    ],
)
def test_what_hangs_on_a_missing_item_is_said_in_the_right_direction(now, otherwise, own, borrowed):
    one = MissingItem("key", "not reported", "well", now, otherwise, ("ablation",))
    assert hangs_on(one) == own
    assert hangs_on(replace(one, chances="borrowed")) == borrowed


def test_every_warning_names_the_primary_that_has_no_figure():
    for tumour in ("colorectal", "lung"):
        curative = [one for one in planned(tumour).pathways if one.curative]
        said = [any("no figure" in words and "(lung)" in words for words in one.warnings) for one in curative]
        assert set(said) == {tumour == "lung"}


def test_two_stages_that_may_end_half_way_say_so_without_a_figure():
    for tumour, words in (("colorectal", r"never the last: \d+% \("), ("pancreas", "never the last: no figure")):
        assert any(one.half_way for one in planned(tumour).pathways)
        assert re.search(words, of_the_plan(tumour, 80))
        assert re.search(words, of_the_report(tumour))


@pytest.mark.parametrize("picture", ["tornado", "unknowns"])
def test_a_picture_of_chances_is_refused_where_there_is_no_figure(picture):
    assert "%" in DRAWN[picture](planned("colorectal"))
    with pytest.raises(PathwaysError, match="no figure of how often the liver is cleared was found for this primary"):
        DRAWN[picture](planned("pancreas"))
    if picture in CHARTS:
        with pytest.raises(PathwaysError, match="no figure"):
            CHARTS[picture](planned("pancreas"))


def test_a_row_of_a_pathway_has_a_chance_only_where_it_is_a_figure_of_the_primary():
    for tumour in ("colorectal", "pancreas"):
        rows = [
            row for row, one in zip(planned(tumour).to_rows(), planned(tumour).pathways, strict=True) if one.curative
        ]
        for key in ("cleared", "cleared_low", "cleared_high", "as_planned"):
            assert {row[key] is None for row in rows} == {tumour == "pancreas"}
        assert all(row["mortality"] for row in rows)
    assert say("cards.borrowed") in plain(notebook.html(planned("pancreas")))


def test_nothing_is_cited_for_a_chance_that_is_not_shown():
    for tumour in ("colorectal", "pancreas"):
        made = planned(tumour)
        (row,) = cited_of(made, made.pathways[:1])["rows"]
        words = {one["words"] for one in row["numbers"]}
        assert (called("number", "cleared") in words) is (tumour == "colorectal")
        assert called("number", "deaths") in words


def test_a_line_of_a_folder_has_no_chance_of_another_primary(tmp_path):
    for tumour in ("colorectal", "pancreas"):
        (tmp_path / f"{tumour}.yaml").write_text(text_of(tumour))
        line = line_of(tmp_path / f"{tumour}.yaml", Asked())
        assert line["chances"] == chances_of(case_of(tumour))
        assert (
            (line["best_probability_resected"] is None) is (line["first"]["cleared"] is None) is (tumour == "pancreas")
        )
        assert bool(re.search(r"cleared \d+%", in_words(line))) is (tumour == "colorectal")
        assert ("cleared: no figure" in in_words(line)) is (tumour == "pancreas")


def test_patients_like_one_of_another_primary_are_counted_on_no_screen():
    shown_of = {}
    for tumour in ("colorectal", "pancreas"):
        result = simulate(case_of(tumour), patients=50)
        shown_of[tumour] = printed(lambda console, result=result: print_result(result, None, None, console))
        assert result.as_json()["chances"] == chances_of(case_of(tumour))
        assert bool(result.to_rows()) is (tumour == "colorectal")
    assert "all sites cleared by resection" in shown_of["colorectal"]
    assert "no figure of how often the liver is cleared" in shown_of["pancreas"]
    assert not ANY.search(shown_of["pancreas"])
    assert not re.search(r"(palliation|dead|resected|→.*) \d", shown_of["pancreas"])


@pytest.mark.parametrize("law", [chance_does_not_rise, chance_does_not_fall])
def test_a_law_that_is_broken_tells_no_chance_of_another_primary(law):
    low, high = (SimpleNamespace(chance=chance, chances="own") for chance in (0.4, 0.6))
    before, after = (low, high) if law is chance_does_not_rise else (high, low)
    assert len(ANY.findall(law(before, after, None).wrong)) == 2
    after.chances = "borrowed"
    told = law(before, after, None).wrong
    assert told
    assert not ANY.search(told)


# --- the JSON keeps its numbers, and says whose they are ------------------------------------------------------------------------------


@pytest.mark.parametrize(("tumour", "whose"), [("colorectal", "own"), *((one, "borrowed") for one in BORROWED)])
def test_it_is_decided_by_the_primary_alone_whose_the_chances_are(tumour, whose):
    assert chances_of(case_of(tumour)) == whose
    assert shown(whose, 0.5) == (0.5 if whose == "own" else None)


def test_the_json_keeps_its_numbers_and_says_that_they_are_borrowed():
    for tumour, whose in (("colorectal", "own"), ("pancreas", "borrowed")):
        document = planned(tumour).as_json()
        assert document["chances"] == whose
        assert 0 < document["best_probability_resected"] < 1
        assert all(
            0 < one["probability_cleared"]["value"] < 1 for one in document["pathways"] if one["days_to_clearance"]
        )
        assert compare(case_of(tumour), [DEFAULT]).as_json()["chances"] == whose
        assert map_of(planned(tumour)).as_json()["chances"] == whose


def test_two_saved_plans_of_which_one_borrows_are_not_compared_by_its_chances():
    old = planned("colorectal").as_json()
    new = copy.deepcopy(old)
    new["pathways"][0]["probability_cleared"]["value"] -= 0.2
    assert [one.what for one in diff_plans(old, new).moved] == ["probability_cleared"]
    assert diff_plans(old, {**new, "chances": "borrowed"}).moved == ()
    # A plan that was saved before it said so.
    del old["chances"]
    assert diff_plans(old, new).moved
