"""The page and the SCORM package in a real browser: played to the debrief, nothing asked for, hostile text inert.

Needs Debian's chromium and the package playwright; without them these tests are skipped and say so.
"""

import io
import os
import re
import shutil
import zipfile
from dataclasses import replace
from pathlib import Path

import pytest
from teaching.exports.lessons import (
    BAITS,
    branching,
    drawn,
    hostile,
    hostile_drawn,
    lessons,
    small,
    with_a_page_that_asks_nothing,
)

from pathways.teaching.exports import FORMATS

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
AXE = Path(__file__).parent / "readers" / "node_modules" / "axe-core" / "axe.min.js"
FLAGS = [
    "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update",
    "--disable-sync",
]  # fmt: skip


@pytest.fixture(scope="module")
def browser():
    if CHROMIUM is None:
        pytest.skip("chromium is missing: apt-get install chromium")
    playwright = pytest.importorskip(
        "playwright.sync_api", reason="the package playwright is missing: pip install '.[test]'"
    )
    # Chromium refuses its sandbox to root.
    root = ["--no-sandbox"] if hasattr(os, "geteuid") and os.geteuid() == 0 else []
    with playwright.sync_playwright() as engine:
        opened = engine.chromium.launch(executable_path=CHROMIUM, args=[*FLAGS, *root])
        yield opened
        opened.close()


@pytest.fixture(scope="module")
def tab(browser):
    """One page for all: a new one starts a process."""
    context = browser.new_context(viewport=DESK)
    yield context.new_page()
    context.close()


DESK = {"width": 1000, "height": 900}


class Watch:
    """A page, and what it did that it should not have done."""

    def __init__(self, page, tmp_path, viewport=DESK, color_scheme="light"):
        self.page, self.tmp_path = page, tmp_path
        self.asked, self.complaints = [], []
        self.heard = {
            "request": lambda one: self.asked.append(one.url),
            "console": lambda one: self.complaints.append(one.text),
            "pageerror": lambda one: self.complaints.append(str(one)),
            "dialog": lambda one: (self.complaints.append(f"dialog {one.message}"), one.dismiss()),
        }
        for what, hear in self.heard.items():
            page.on(what, hear)
        page.set_viewport_size(viewport)
        page.emulate_media(color_scheme=color_scheme, media="screen")
        self.forget()

    def forget(self):
        """Nothing is kept of what was played in this page before."""
        blank = self.tmp_path / "blank.html"
        blank.write_text("<title>nothing</title>")
        self.page.goto(blank.as_uri())
        self.page.evaluate("localStorage.clear(); sessionStorage.clear()")

    def leave_alone(self):
        for what, hear in self.heard.items():
            self.page.remove_listener(what, hear)

    def open(self, lesson):
        file = self.tmp_path / "case.html"
        file.write_bytes(FORMATS["html"].write(lesson))
        self.page.goto(file.as_uri())
        return self

    def press(self, name):
        self.page.get_by_role("button", name=name).first.click()
        return self

    def heading(self):
        return self.page.locator("#passage-title").inner_text()

    def text(self, place="body"):
        return self.page.locator(place).inner_text()


@pytest.fixture
def watch(tab, tmp_path):
    opened = []

    def make(**options):
        opened.append(Watch(tab, tmp_path, **options))
        return opened[-1]

    yield make
    for one in opened:
        one.leave_alone()
        assert one.complaints == []
        assert [url for url in one.asked if not url.startswith(("file:", "data:", "http://lms.test/"))] == []


def test_the_case_is_played_to_its_debrief_and_scored(watch):
    play = watch().open(branching())
    play.press("Continue").press("Right hepatectomy now")
    assert "Refused by a rule" in play.text(".answer")
    assert "remnant 24 %, 6 points below the limit" in play.text(".answer")
    # References are folded until somebody asks for them.
    assert "https://doi.org/10.1000/example.1" not in play.text(".answer")
    play.page.locator(".answer summary").click()
    assert "https://doi.org/10.1000/example.1" in play.text(".answer")
    play.press("Choose again")
    assert play.page.get_by_role("button", name="Right hepatectomy now").count() == 0
    play.press("ALPPS").press("Continue").press("Right hepatectomy with").press("Continue")
    assert play.heading() == "The liver is cleared"
    # The first answer at the meeting was the refused one: nothing of one, and one of one.
    assert play.text("#score") == "1 of 2"
    routes = play.page.locator(".route").all_inner_texts()
    assert "Right hepatectomy now" in routes[0]
    assert "Portal vein embolisation" in routes[1]
    assert branching().debrief[0] in play.text()
    assert branching().misconception in play.text()


def test_the_liver_is_shown_before_and_now_and_the_growth_of_its_remnant(watch):
    play = watch().open(drawn())
    play.press("Continue")
    assert play.page.locator("img.liver").count() == 1
    play.press("Portal vein").press("Continue")
    assert play.page.locator("img.growth").count() == 1
    play.press("Right hepatectomy with").press("Continue")
    shown = play.page.evaluate("[...document.images].map((one) => [one.className, one.naturalWidth > 0, one.alt])")
    assert [name for name, _, _ in shown] == ["liver", "liver", "growth"]
    assert all(seen for _, seen, _ in shown)
    assert "day 28, 36%" in shown[2][2]
    assert shown[0][2] != shown[1][2]
    # The two ways stand beside each other, and are not told in words as well.
    assert "Decision 1:" not in play.text()
    assert "The liver is cleared." in play.text()


def test_findings_told_before_stay_at_hand(watch):
    play = watch(viewport={"width": 800, "height": 900}).open(branching())
    play.press("Continue").press("Portal vein").press("Continue")
    play.page.get_by_text("Told before (6)").click()
    assert "sigmoid carcinoma" in play.text("details")
    play.press("Wait").press("Continue")
    assert "sigmoid carcinoma" in play.text("details")


def test_the_best_route_earns_every_point(watch):
    play = watch().open(branching())
    play.press("Continue").press("Portal vein").press("Continue").press("Right hepatectomy with").press("Continue")
    assert play.text("#score") == "2 of 2"
    assert "You took the best route" in play.text()


def test_the_case_is_played_with_the_keyboard_alone_and_the_focus_follows(watch):
    play = watch().open(small())
    focused = "document.activeElement.textContent"
    play.page.keyboard.press("Tab")
    assert play.page.evaluate(focused) == "Skip to the case"
    play.page.keyboard.press("Tab")
    assert "Operate after the washout" in play.page.evaluate(focused)
    play.page.keyboard.press("Enter")
    assert play.page.evaluate("document.activeElement.id") == "answer"
    assert play.text("#say") == "Best choice"
    play.page.keyboard.press("Tab")
    assert play.page.evaluate(focused) == "Continue"
    play.page.keyboard.press("Space")
    assert play.page.evaluate("document.activeElement.id") == "passage-title"
    assert "The liver is cleared" in play.text("#say")
    assert play.text("#score") == "1 of 1"


def test_a_decision_is_taken_back_and_the_first_answer_still_counts(watch):
    play = watch().open(branching())
    play.press("Continue").press("Chemotherapy without").press("Take the last decision back")
    assert play.heading() == "The meeting decides"
    play.press("Portal vein").press("Continue").press("Take the last decision back")
    assert play.heading() == "The meeting decides"
    play.press("Portal vein").press("Continue").press("Right hepatectomy with").press("Continue")
    assert play.text("#score") == "1.1 of 2"
    play.press("Play again from the start")
    assert play.heading() == "A woman of 62 comes to the meeting"
    assert "points" not in play.text("#progress")


def test_taking_back_leads_past_a_page_that_asks_nothing_to_the_decision(watch):
    play = watch().open(with_a_page_that_asks_nothing())
    play.press("Continue").press("Portal vein").press("Continue")
    assert play.heading() == "She goes home"
    play.press("Continue")
    assert play.heading() == "Volumetry after four weeks"
    play.press("Take the last decision back")
    assert play.heading() == "The meeting decides"


def test_progress_is_kept_when_the_page_is_closed_and_belongs_to_one_wording(watch):
    play = watch().open(branching())
    play.press("Continue").press("Portal vein")
    play.page.reload()
    assert "Best choice" in play.text(".answer")
    play.press("Continue")
    play.page.reload()
    assert play.heading() == "Volumetry after four weeks"
    play.open(replace(branching(), debrief=("Other words.",)))
    assert play.heading() == "A woman of 62 comes to the meeting"


@pytest.mark.parametrize(
    "kept", ["", "x", "1|2", "9.9|0.0|1", "0.0 0.0||1", "0.0 1.0||1", "0.0 1.-1|1.0|1", "a.b|c.d|0", "||0"]
)
def test_a_broken_progress_begins_anew(watch, kept):
    play = watch().open(branching()).press("Continue")
    play.page.evaluate("(kept) => localStorage.setItem(Object.keys(localStorage)[0], kept)", kept)
    assert play.page.evaluate("Object.values(localStorage)") == [kept]
    play.page.reload()
    assert play.heading() == "A woman of 62 comes to the meeting"


def test_the_page_plays_where_the_browser_keeps_nothing(browser, tmp_path):
    play = Watch(browser.new_page(), tmp_path)
    play.page.add_init_script(
        "Object.defineProperty(window, 'localStorage', {get() { throw new Error('forbidden'); }})"
    )
    play.open(small()).press("Operate").press("Continue")
    assert play.text("#score") == "1 of 1"
    play.page.close()
    assert play.complaints == []


def test_the_disclaimer_and_the_review_are_in_view_at_every_moment(watch):
    play = watch(viewport={"width": 390, "height": 700}).open(branching())
    for press in ("Continue", "Portal vein", "Continue", "Right hepatectomy with", "Continue"):
        for place in ("#reviewed", "#disclaimer"):
            box = play.page.locator(place).bounding_box()
            assert box["y"] >= 0
            assert box["y"] + box["height"] <= 700
        play.press(press)


def test_nothing_is_wider_than_a_phone(watch):
    play = watch(viewport={"width": 360, "height": 700}).open(branching())
    for press in (
        "Continue",
        "Right hepatectomy now",
        "Choose again",
        "Portal vein",
        "Continue",
        "Right hepatectomy with",
        "Continue",
    ):
        assert play.page.evaluate("document.documentElement.scrollWidth") <= 360
        play.press(press)


def test_hostile_text_is_shown_and_does_nothing(watch):
    play = watch().open(hostile())
    play.press("Continue").press("ALPPS").press("Continue").press("Right hepatectomy with").press("Continue")
    assert play.text("#score") == "1.7 of 2"
    assert play.page.evaluate("window.bitten === undefined")
    assert BAITS[0] in play.text("#passage-title")
    tags = set(play.page.evaluate("[...document.querySelectorAll('main *')].map((one) => one.tagName)"))
    assert tags <= {"DIV", "SECTION", "P", "H2", "H3", "H4", "UL", "OL", "LI", "SPAN", "BUTTON", "DETAILS", "SUMMARY"}
    # An address of another kind than the web's is text.
    assert play.page.locator("main a").count() == 0
    assert "javascript:alert(1)" in play.text()


def test_hostile_names_in_a_picture_are_words_of_a_picture(watch):
    play = watch().open(hostile_drawn())
    play.press("Continue").press("Portal vein").press("Continue").press("Right hepatectomy with").press("Continue")
    assert play.page.evaluate("window.bitten === undefined")
    shown = play.page.evaluate("[...document.images].map((one) => [one.naturalWidth > 0, one.alt])")
    assert shown
    assert all(seen for seen, _ in shown)
    assert any("<script>" in words for _, words in shown)


def test_any_lesson_is_played_to_its_end(watch):
    from hypothesis import HealthCheck, given, settings

    play = watch()

    @given(lesson=lessons())
    @settings(max_examples=12, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
    def check(lesson):
        play.open(lesson)
        for _ in range(60):
            if play.page.get_by_role("button", name="Play again from the start").count():
                return
            play.page.locator("main button").first.click()
        raise AssertionError(play.text())

    check()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_no_barrier_at_any_moment(watch, scheme):
    if not AXE.is_file():
        pytest.skip("axe-core is missing: npm install --no-package-lock in tests/teaching/exports/readers")
    play = watch(color_scheme=scheme).open(branching())
    for press in (
        "Continue",
        "Right hepatectomy now",
        "Choose again",
        "Wait",
        "Portal vein",
        "Continue",
        "Right hepatectomy with",
        "Continue",
        None,
    ):
        if play.page.evaluate("window.axe === undefined"):
            play.page.evaluate(AXE.read_text(encoding="utf-8"))
        found = play.page.evaluate(
            "axe.run({runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'best-practice'], resultTypes: ['violations']})"
        )
        assert [(one["id"], [node["html"] for node in one["nodes"]]) for one in found["violations"]] == []
        if press and press != "Wait":
            play.press(press)


def test_the_page_prints_on_paper(watch):
    play = watch().open(small()).press("Operate").press("Continue")
    assert play.page.pdf(format="A4").startswith(b"%PDF")
    play.page.emulate_media(media="print")
    assert not play.page.get_by_role("button", name="Play again").is_visible()
    assert play.page.locator("#disclaimer").is_visible()


# A platform as small as can be: the API in the parent of the frame, every call written down.
PLATFORM = """<!doctype html><title>platform</title><script>
const kept = JSON.parse(sessionStorage.getItem("kept") || "{}");
window.calls = [];
const note = (name) => (...values) => {
  calls.push([name, ...values]);
  if (name === "LMSGetValue" && values[0] === "cmi.interactions._count")
    return String(new Set(Object.keys(kept).filter((one) => one.startsWith("cmi.interactions.")).map((one) => one.split(".")[2])).size);
  if (name === "LMSGetValue") return kept[values[0]] || (values[0] === "cmi.core.lesson_status" ? "not attempted" : "");
  if (name === "LMSSetValue") { kept[values[0]] = values[1]; sessionStorage.setItem("kept", JSON.stringify(kept)); }
  return name === "LMSGetLastError" ? "0" : "true";
};
window.API = Object.fromEntries(["LMSInitialize", "LMSGetValue", "LMSSetValue", "LMSCommit", "LMSFinish", "LMSGetLastError"].map((one) => [one, note(one)]));
</script><iframe src="/index.html" width="900" height="800"></iframe>"""


class Course(Watch):
    """The SCORM package on a platform."""

    def start(self, lesson, platform=PLATFORM, **options):
        with zipfile.ZipFile(io.BytesIO(FORMATS["scorm"].write(lesson, **options))) as archive:
            page = archive.read("index.html").decode("utf-8")
        self.page.route("http://lms.test/", lambda route: route.fulfill(body=platform, content_type="text/html"))
        self.page.route(
            "http://lms.test/index.html",
            lambda route: route.fulfill(body=page, content_type="text/html; charset=utf-8"),
        )
        self.page.goto("http://lms.test/")
        self.frame = self.page.frame_locator("iframe")
        return self

    def press(self, name):
        self.frame.get_by_role("button", name=name).first.click()
        return self

    def later(self, seconds=5):
        """So many seconds later: what a page asks for again and again it has asked for by then."""
        self.page.clock.run_for(seconds * 1000)
        return self

    def leave(self):
        self.page.evaluate("document.querySelector('iframe').remove()")
        return self.page.evaluate("calls")

    def kept(self):
        return self.page.evaluate("JSON.parse(sessionStorage.getItem('kept'))")

    def forget(self):
        self.page.unroute_all()
        self.page.route("http://lms.test/", lambda route: route.fulfill(body="<title>nothing</title>"))
        self.page.goto("http://lms.test/")
        self.page.evaluate("localStorage.clear(); sessionStorage.clear()")


@pytest.fixture(scope="module")
def campus(browser):
    """One page for all that is played on the platform; its clock can be put forward."""
    context = browser.new_context(viewport=DESK)
    context.clock.install()
    yield context.new_page()
    context.close()


@pytest.fixture
def course(campus, tmp_path):
    made = Course(campus, tmp_path)
    yield made
    made.leave_alone()
    assert made.complaints == []
    assert {re.match(r"\w+://[^/]*/", url)[0] for url in made.asked if not url.startswith("data:")} == {
        "http://lms.test/"
    }


def test_a_platform_is_told_score_status_and_time(course):
    course.start(branching()).press("Continue").press("ALPPS").press("Continue").press("Right hepatectomy with").press(
        "Continue"
    )
    calls = course.leave()
    assert calls[0] == ["LMSInitialize", ""]
    assert ["LMSSetValue", "cmi.core.lesson_status", "incomplete"] in calls
    kept = course.kept()
    assert (kept["cmi.core.score.raw"], kept["cmi.core.score.min"], kept["cmi.core.score.max"]) == ("85", "0", "100")
    assert kept["cmi.core.lesson_status"] == "completed"
    assert re.fullmatch(r"\d{4}:\d\d:\d\d\.\d\d", kept["cmi.core.session_time"])
    assert kept["cmi.core.exit"] == ""
    assert calls[-1] == ["LMSFinish", ""]
    assert [one[0] for one in calls].count("LMSFinish") == 1
    assert all(len(one) == 3 and isinstance(one[2], str) for one in calls if one[0] == "LMSSetValue")


def test_a_case_that_was_left_goes_on_where_it_was(course):
    course.start(branching()).press("Continue").press("ALPPS").leave()
    kept = course.kept()
    assert kept["cmi.core.exit"] == "suspend"
    assert kept["cmi.core.lesson_status"] == "incomplete"
    assert "cmi.core.score.raw" not in kept
    assert len(kept["cmi.suspend_data"]) < 4096
    course.start(branching())
    assert "Acceptable choice" in course.frame.locator(".answer").inner_text()
    course.press("Continue").press("Right hepatectomy with").press("Continue").leave()
    assert course.kept()["cmi.core.score.raw"] == "85"


def test_playing_again_never_lowers_what_the_platform_holds(course):
    course.start(small()).press("Operate").press("Continue").leave()
    course.start(small()).press("Play again").press("Four more").press("Continue").leave()
    assert course.kept()["cmi.core.score.raw"] == "100"
    assert course.kept()["cmi.core.lesson_status"] == "completed"


def test_playing_again_in_the_same_session_does_not_lower_it_either(course):
    course.start(small()).press("Operate").press("Continue").press("Play again").press("Four more").press("Continue")
    assert course.kept()["cmi.core.score.raw"] == "100"


def test_a_platform_that_does_not_take_the_result_is_told_of_and_one_that_does_then_takes_it_back(course):
    course.start(small())
    line = course.frame.locator("#platform")
    assert line.count() == 0
    course.page.evaluate("window.taken = API.LMSCommit; API.LMSCommit = () => 'false'")
    course.press("Operate").later()
    line.wait_for(state="visible", timeout=10_000)
    assert "did not take this (error 0)" in line.inner_text()
    course.page.evaluate("API.LMSCommit = window.taken")
    course.press("Continue")
    line.wait_for(state="hidden")
    assert course.kept()["cmi.core.score.raw"] == "100"


def test_each_first_answer_is_told_once_and_a_pass_lifts_a_failure(course):
    course.start(small(), pass_mark=60).press("Four more").press("Continue").leave()
    kept = course.kept()
    told = {name: value for name, value in kept.items() if name.startswith("cmi.interactions.0.")}
    assert told["cmi.interactions.0.type"] == "choice"
    assert told["cmi.interactions.0.result"] == "wrong"
    assert told["cmi.interactions.0.student_response"] != told["cmi.interactions.0.correct_responses.0.pattern"]
    assert kept["cmi.core.lesson_status"] == "failed"
    course.start(small(), pass_mark=60).press("Play again").press("Operate").press("Continue").leave()
    again = course.kept()
    assert again["cmi.core.lesson_status"] == "passed"
    assert not any(name.startswith("cmi.interactions.1.") for name in again)


def told_of(kept):
    """The interactions that a platform holds: what was answered, and whether it was right."""
    numbers = sorted({int(name.split(".")[2]) for name in kept if re.match(r"cmi\.interactions\.\d", name)})
    return [tuple(kept[f"cmi.interactions.{one}.{key}"] for key in ("student_response", "result")) for one in numbers]


def test_one_interaction_is_told_for_each_first_answer_whatever_comes_after_it(course):
    course.start(branching()).press("Continue").press("Right hepatectomy now").press("Choose again")
    course.press("ALPPS").press("Take the last decision back").press("Portal vein").press("Continue")
    course.press("Right hepatectomy with").press("Continue")
    first = told_of(course.kept())
    assert [result for _, result in first] == ["wrong", "correct"]
    # The one refused first: the later ones at this decision are told nowhere.
    letters = [one.text for one in branching().passage("meeting").choices]
    assert "abcdefgh".index(first[0][0]) == next(
        at for at, text in enumerate(letters) if text.startswith("Right hepatectomy now")
    )
    course.press("Play again").press("Continue").press("Portal vein").press("Continue").leave()
    assert told_of(course.kept()) == first
    course.start(branching()).press("Right hepatectomy with").press("Continue").leave()
    assert told_of(course.kept()) == first
    assert course.kept()["cmi.core.score.raw"] == "100"


def test_a_pass_mark_is_met_by_a_score_that_reaches_it_and_without_one_nothing_is_passed(course):
    for mark, status in ((85, "passed"), (86, "failed"), (None, "completed")):
        course.forget()
        options = {} if mark is None else {"pass_mark": mark}
        course.start(branching(), **options).press("Continue").press("ALPPS").press("Continue")
        course.press("Right hepatectomy with").press("Continue").leave()
        assert (course.kept()["cmi.core.score.raw"], course.kept()["cmi.core.lesson_status"]) == ("85", status)


def test_a_pass_is_never_taken_back_by_a_poorer_play(course):
    course.start(small(), pass_mark=60).press("Operate").press("Continue").press("Play again").press("Four more")
    course.press("Continue").leave()
    assert course.kept()["cmi.core.lesson_status"] == "passed"
    course.start(small(), pass_mark=60).press("Play again").press("Four more").press("Continue").leave()
    assert course.kept()["cmi.core.lesson_status"] == "passed"


def test_a_platform_that_refuses_a_commit_once_is_asked_again_and_nothing_is_said(course):
    course.start(small())
    course.page.evaluate(
        "window.asked = 0; const taken = API.LMSCommit; API.LMSCommit = (...v) => { asked += 1; return asked === 1 ? 'false' : taken(...v); }"
    )
    course.press("Operate").later()
    assert course.page.evaluate("window.asked") == 2
    assert not course.frame.locator("#platform").is_visible()


def test_a_platform_that_does_not_take_a_value_is_told_of(course):
    course.start(small())
    course.page.evaluate("API.LMSSetValue = () => 'false'; API.LMSGetLastError = () => '405'")
    course.press("Operate").later()
    line = course.frame.locator("#platform")
    line.wait_for(state="visible", timeout=10_000)
    assert "error 405" in line.inner_text()


def test_what_a_platform_refused_once_is_told_it_again(course):
    course.start(small())
    course.page.evaluate(
        "const taken = API.LMSSetValue; window.refused = 0;"
        "API.LMSSetValue = (key, value) => key === 'cmi.core.score.raw' && refused++ < 2 ? 'false' : taken(key, value); null"
    )
    course.press("Operate").press("Continue")
    course.page.wait_for_function("JSON.parse(sessionStorage.getItem('kept'))['cmi.core.score.raw'] === '100'")
    assert not course.frame.locator("#platform").is_visible()


def test_a_platform_that_has_no_place_for_answers_and_progress_is_not_complained_of(course):
    course.start(small())
    course.page.evaluate(
        "const taken = API.LMSSetValue; API.LMSGetLastError = () => '401';"
        "API.LMSSetValue = (key, value) => key.startsWith('cmi.core') ? taken(key, value) : 'false'; null"
    )
    course.press("Operate").press("Continue")
    assert course.kept()["cmi.core.score.raw"] == "100"
    course.later()
    assert not course.frame.locator("#platform").is_visible()


def test_a_platform_that_does_not_begin_is_told_of_and_asked_nothing_more(course):
    course.start(
        small(),
        platform=PLATFORM.replace(
            "</script>",
            "API.LMSInitialize = (...v) => { calls.push(['LMSInitialize', ...v]); return 'false'; };</script>",
        ),
    )
    assert "does not answer" in course.frame.locator("#platform").inner_text()
    course.press("Operate").press("Continue")
    assert course.frame.locator("#score").inner_text() == "1 of 1"
    assert {one[0] for one in course.leave()} <= {"LMSInitialize", "LMSGetLastError"}


def test_hostile_text_in_a_package_is_shown_and_does_nothing_on_the_platform_either(course):
    course.start(hostile_drawn()).press("Continue").press("ALPPS").press("Continue").press(
        "Right hepatectomy with"
    ).press("Continue")
    assert course.page.evaluate("window.bitten === undefined")
    frame = course.page.frames[-1]
    assert frame.evaluate("window.bitten === undefined")
    assert BAITS[0] in course.frame.locator("#passage-title").inner_text()
    course.leave()
    for name, value in course.kept().items():
        # What the platform is told are numbers, letters and marks of ours, and no word of a lesson.
        assert re.fullmatch(r"[\w.:~| -]*", value), (name, value)


def test_looking_at_a_play_again_writes_nothing(course):
    course.start(small()).press("Operate").press("Continue").leave()
    course.page.evaluate(
        "const kept = JSON.parse(sessionStorage.getItem('kept')); kept['cmi.core.lesson_mode'] = 'review'; sessionStorage.setItem('kept', JSON.stringify(kept))"
    )
    calls = course.start(small()).press("Play again").press("Four more").press("Continue").leave()
    assert "LMSSetValue" not in [one[0] for one in calls]
    assert "LMSCommit" not in [one[0] for one in calls]


def test_the_packaged_page_plays_without_a_platform(watch, tmp_path):
    play = watch()
    with zipfile.ZipFile(io.BytesIO(FORMATS["scorm"].write(small()))) as archive:
        archive.extract("index.html", tmp_path)
    play.page.goto((tmp_path / "index.html").as_uri())
    play.press("Operate").press("Continue")
    assert play.text("#score") == "1 of 1"
    assert "No learning platform was found" in play.text("#platform")
