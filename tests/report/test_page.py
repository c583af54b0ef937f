"""The page of a case: one file, nothing asked for, every family in its row, and as many sheets of paper as are named."""

import base64
import hashlib
import re
import sys
from functools import cache
from html.parser import HTMLParser
from pathlib import Path

import pytest
from shipped import CONSTRUCTED, PUBLISHED, named, plan_at

from pathways.case.models import Case
from pathways.documents.problems import PathwaysError
from pathways.knowledge.protocols import load_protocol
from pathways.planning.plan import ALL_FAMILIES, plan
from pathways.report.page import report
from pathways.report.view import IN_NO_ROW, ROWS, PlanView

CHROMIUM = Path("/usr/bin/chromium")
HOSTILE = "</title><script>alert(1)</script>{{ 7*7 }}\"'><img src=x onerror=alert(1)> \u202etxt"
VOID = {"meta", "link", "img", "br", "hr", "input", "col"}


class Tags(HTMLParser):
    """Every tag with its attributes; what was opened and not closed."""

    def __init__(self, text):
        super().__init__()
        self.found, self.open, self.words = [], [], []
        self.feed(text)

    def handle_starttag(self, tag, attrs):
        self.found.append((tag, dict(attrs)))
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag, attrs):
        self.found.append((tag, dict(attrs)))

    def handle_endtag(self, tag):
        assert self.open.pop() == tag

    def handle_data(self, data):
        if self.open and self.open[-1] not in ("style", "title", "desc"):
            self.words.append(data)


@cache
def page_of(path, *wanted):
    return report(plan_at(path), wanted=wanted)


def words_of(text):
    return " ".join(" ".join(Tags(text).words).split())


@pytest.mark.parametrize("path", [named("alp-03"), named("conv-01"), *CONSTRUCTED[::16]], ids=lambda path: path.stem)
def test_the_page_asks_for_nothing_and_its_style_is_the_one_it_allows(path):
    text = page_of(path, "p1")
    tags = Tags(text)
    assert not tags.open
    assert not {tag for tag, _ in tags.found} & {"script", "link", "img", "iframe", "object", "embed", "base", "form"}
    for _, told in tags.found:
        assert not {"src", "href", "style", "action"} & set(told)
        assert not [key for key in told if key.startswith("on")]
    policy = next(told["content"] for tag, told in tags.found if told.get("http-equiv") == "Content-Security-Policy")
    style = re.search(r"<style>(.*?)</style>", text, re.DOTALL)[1]
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    assert policy.startswith(f"default-src 'none'; style-src 'sha256-{digest}'")
    assert "@import" not in style
    assert not re.search(r"url\((?!#)", text)
    ids = [told["id"] for _, told in tags.found if "id" in told]
    assert len(ids) == len(set(ids))
    referred = [one for _, told in tags.found for one in told.get("aria-labelledby", "").split()]
    assert set(referred) <= set(ids)


def test_a_hostile_title_is_text():
    case = plan_at(named("sim-04")).assessment.case
    told = {**case.model_dump(by_alias=True, exclude_unset=True), "title": HOSTILE}
    text = report(plan(Case.model_validate(told), load_protocol()))
    tags = Tags(text)
    assert not [tag for tag, _ in tags.found if tag in ("script", "img")]
    assert "{{ 7*7 }}" in "".join(tags.words)
    assert "49" not in re.findall(r"<h1[^>]*>(.*?)</h1>", text, re.DOTALL)[0]


@pytest.mark.parametrize("path", [*PUBLISHED[::15], *CONSTRUCTED[::10]], ids=lambda path: path.stem)
def test_every_family_stands_once_in_its_row_or_does_not_apply(path):
    view = PlanView(plan_at(path))
    in_rows = [one.family for row in view.rows for one in row.families]
    assert len(in_rows) == len(set(in_rows))
    apart = [one.family for one in plan_at(path).closed if one.kind == "does_not_apply"]
    assert sorted([*in_rows, *apart]) == sorted(set(ALL_FAMILIES) - set(IN_NO_ROW) | (set(IN_NO_ROW) & set(apart)))
    places = [[key for key, _ in ROWS].index(row.key) for row in view.rows]
    assert places == sorted(places)
    drawn = [one.pathway.id for row in view.rows for one in row.families if one.pathway and not one.above]
    assert len(drawn) == len(set(drawn))


def test_rows_hold_every_family():
    assert sorted([*(one for _, families in ROWS for one in families), *IN_NO_ROW]) == sorted(ALL_FAMILIES)


def test_the_first_sheet_says_limit_chance_risk_life_missing_and_why_what_is_closed_is_closed():
    said = words_of(page_of(named("alp-03")))
    for words in (
        "limit 30% binds: volumetry decides",
        "77% (70% to 84%)",
        "7.0% (4.6% to 10.8%)",
        "29% (22% to 37%)",
        "the vessels touched by A, B are not reported",
        "barred what lies in the liver can be resected, at once or after the remnant has grown",
        "only after more found at operation",
        "not needed beside p1: a response would open no resection",
        "no medical device",
    ):
        assert words in said, words


def test_a_sheet_of_a_pathway_has_its_steps_risks_gates_and_what_it_stands_on():
    said = words_of(page_of(named("alp-03"), "p2"))
    for words in (
        "28-70",
        "deaths 6.3%",
        "If it goes otherwise",
        "Give the remnant more time",
        "patient.weight_kg",
        "day 119: left trisectionectomy",
    ):
        assert words in said, words


def test_a_road_that_clears_nothing_says_whom_its_life_counts_who_are_cleared_otherwise():
    found = plan_at(named("conv-01")).pathways[0].prospect.cleared
    said = words_of(page_of(named("conv-01"), "p1"))
    share, low, high = (round(one * 100) for one in (found.value, found.low, found.high))
    assert f"else {share}% ({low}% to {high}%)" in said
    assert f"5 y counts the {share}% ({low}-{high}) whose liver is cleared or replaced after all" in said
    assert "else" not in words_of(page_of(named("lf-02"))).split()


def test_protocols_side_by_side_say_what_turned():
    said = words_of(report(plan_at(named("alp-03")), against=load_protocol("mdacc")))
    assert "two stage, ALPPS, PVE, LVD, simultaneous: open → contingent by remnant_limit_normal 0.3 → 0.2" in said


def test_a_pathway_that_is_not_there_is_refused():
    with pytest.raises(PathwaysError, match="p99"):
        report(plan_at(named("sim-04")), wanted=["p99"])


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (["-o", "x.txt"], "a name that ends in .html"),
        (["-o", "x.html", "--compare", "default"], "is the protocol of the page"),
        (["-o", "x.html", "--compare", "nowhere"], "nowhere"),
        (["-o", "x.html", "--pathway", "p77"], "p77"),
    ],
)
def test_the_command_refuses_in_a_sentence_and_writes_nothing(words, told, tmp_path, monkeypatch, capsys):
    from pathways.cli.main import run

    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(sys, "argv", ["pathways", "report", str(named("sim-04")), *words])
    with pytest.raises(SystemExit) as stop:
        run()
    assert stop.value.code == 2
    assert told in capsys.readouterr().err
    assert not list(tmp_path.iterdir())


@pytest.mark.skipif(not CHROMIUM.exists(), reason="Debian's chromium is not installed")
def test_the_page_prints_on_as_many_sheets_as_are_named_and_opens_without_a_network(tmp_path):
    playwright = pytest.importorskip("playwright.sync_api")
    with playwright.sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=str(CHROMIUM), args=["--no-sandbox"])
        context = browser.new_context(offline=True)
        page = context.new_page()
        asked, refused = [], []
        page.on("request", lambda one: asked.append(one.url))
        page.on("console", lambda one: refused.append(one.text))
        for name, wanted, sheets in (("alp-03", ["p2", "p3"], 4), ("net-02", [], 2)):
            file = tmp_path / f"{name}.html"
            file.write_text(report(plan_at(named(name)), wanted=wanted), encoding="utf-8")
            page.goto(file.as_uri())
            pdf = page.pdf(prefer_css_page_size=True)
            assert len(re.findall(rb"/Type\s*/Page\b(?!s)", pdf)) == sheets, name
        assert all(one.startswith("file:") for one in asked)
        assert refused == []
        page.set_viewport_size({"width": 390, "height": 800})
        assert page.evaluate("document.documentElement.scrollWidth") <= 390
        browser.close()


@pytest.mark.benchmark
def test_the_page_costs_at_most_three_plans():
    import time

    ratios = []
    for path in PUBLISHED[::4]:
        case, protocol = plan_at(path).assessment.case, load_protocol()
        report(plan(case, protocol))
        before = time.perf_counter()
        made = plan(case, protocol)
        planned = time.perf_counter()
        report(made)
        ratios.append((time.perf_counter() - before) / (planned - before))
    assert sorted(ratios)[len(ratios) // 2] <= 3
