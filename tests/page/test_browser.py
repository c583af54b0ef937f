"""The page in Debian's Chromium: the whole story by keyboard alone, on one machine, without a barrier, and without a script.

Needs chromium and the package playwright; without them these tests are skipped and say so.
"""

import os
import re
import shutil
from pathlib import Path

import pytest
from shipped import named

from page.serving import served

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
AXE = Path(__file__).parents[1] / "teaching" / "exports" / "readers" / "node_modules" / "axe-core" / "axe.min.js"
SCREENS = ("case", "pathways", "why", "what_if", "missing", "pathway", "map", "walk", "record")
ACTIONS_LIMIT = 40


@pytest.fixture(scope="module")
def browser():
    if CHROMIUM is None:
        pytest.skip("chromium is missing: apt-get install chromium")
    playwright = pytest.importorskip(
        "playwright.sync_api", reason="the package playwright is missing: pip install '.[test]'"
    )
    root = ["--no-sandbox"] if hasattr(os, "geteuid") and os.geteuid() == 0 else []
    with playwright.sync_playwright() as engine:
        opened = engine.chromium.launch(executable_path=CHROMIUM, args=["--disable-gpu", *root])
        yield opened
        opened.close()


@pytest.fixture(scope="module")
def shelf(tmp_path_factory):
    """A folder of cases, served."""
    folder = tmp_path_factory.mktemp("cases")
    for name in ("alp-01", "rep-01"):
        (folder / f"{name}.yaml").write_bytes(named(name).read_bytes())
    with served(folder) as (address, _):
        yield folder, address


DESK = {"width": 1920, "height": 1080}


@pytest.fixture(scope="module")
def tab(browser):
    """One page for everybody who may run scripts: a new one starts a process."""
    context = browser.new_context()
    yield context.new_page()
    context.close()


class Person:
    """Somebody at the page, and what the page did that it should not have done."""

    def __init__(self, page, address, viewport=DESK, color_scheme="light"):
        self.address, self.page = address, page
        page.set_viewport_size(viewport)
        page.emulate_media(color_scheme=color_scheme)
        # A browser asks for nothing by itself; whatever else is asked for is told.
        self.asked, self.complaints, self.actions = [], [], 0
        self.heard = {
            "request": lambda one: self.asked.append(one.url),
            "console": lambda one: self.complaints.append(one.text),
            "pageerror": lambda one: self.complaints.append(str(one)),
            "dialog": lambda one: one.accept(),
        }
        for what, hear in self.heard.items():
            page.on(what, hear)

    def open(self, path=""):
        self.page.goto(self.address + path)
        return self

    def settled(self):
        # The policy of the page forbids what the driver waits with.
        for _ in range(200):
            if not self.page.evaluate("document.documentElement.hasAttribute('aria-busy')"):
                return self
            self.page.wait_for_timeout(20)
        raise AssertionError("no answer")

    def to(self, identity):
        """Goes on by Tab till a control is reached; how often is counted beforehand, for it takes long to ask after each."""
        for _ in range(3):
            steps = self.page.evaluate(
                """(wanted) => {
                  const inside = (one) => { const shut = one.closest("details:not([open])"); return shut && !(one.tagName === "SUMMARY" && one.parentElement === shut); };
                  const all = [...document.querySelectorAll("a[href], button, input, select, textarea, summary, [tabindex='0']")].filter((one) => {
                    if (one.type === "hidden" || one.disabled || inside(one)) return false;
                    if (one.type !== "radio") return true;
                    const chosen = [...document.getElementsByName(one.name)].find((each) => each.checked);
                    return chosen ? chosen === one : true;
                  });
                  const from = document.activeElement.id === "main" ? all.findIndex((one) => document.getElementById("main").contains(one)) - 1 : all.indexOf(document.activeElement);
                  const to = all.findIndex((one) => one.id === wanted);
                  return to < 0 ? null : to - from;
                }""",
                identity,
            )
            assert steps is not None, f"no way by keyboard to {identity}"
            for _ in range(abs(steps)):
                self.page.keyboard.press("Tab" if steps > 0 else "Shift+Tab")
            self.settled()
            if self.focused() == identity:
                return self
        raise AssertionError(f"no way by keyboard to {identity}, but to {self.focused()}")

    def press(self, identity, key="Enter"):
        self.to(identity).page.keyboard.press(key)
        self.actions += 1
        self.page.wait_for_timeout(30)
        return self.settled()

    def type(self, identity, words):
        self.to(identity)
        self.page.keyboard.press("Control+A")
        self.page.keyboard.type(words)
        self.actions += 1
        return self

    def focused(self):
        return self.page.evaluate("document.activeElement.id")

    def barriers(self):
        """What axe finds."""
        self.page.evaluate(AXE.read_text(encoding="utf-8"))
        found = self.page.evaluate(
            "axe.run({runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'], resultTypes: ['violations']})"
        )
        return [(one["id"], [node["html"][:200] for node in one["nodes"][:3]]) for one in found["violations"]]

    def close(self):
        strangers = [
            one for one in self.asked if not one.startswith(self.address.rstrip("/")) and not one.startswith("about:")
        ]
        # What a page that is left still has to say is its own, not that of the next one.
        self.page.goto("about:blank")
        for what, hear in self.heard.items():
            self.page.remove_listener(what, hear)
        assert strangers == [], "the page asked somebody else"
        assert self.complaints == [], "the browser complained"


@pytest.fixture
def person(browser, tab, shelf):
    opened, without = [], []

    def at(path="", address=shelf[1], *, scripts=True, **options):
        if not scripts:
            without.append(browser.new_context(java_script_enabled=False))
        one = Person(tab if scripts else without[-1].new_page(), address, **options).open(path)
        opened.append(one)
        return one

    yield at
    for one in opened:
        one.close()
    for one in without:
        one.close()


# Where the lesions lie, the vessel that the first touches, what volumetry takes out, and what is told of the primary.
STORIES = {
    "bilobar, synchronous": ((8, 6, 2), "right_portal_pedicle", "5-8", (("tumour", "rectal cancer"), ("presentation", "synchronous"), ("status", "in place"))),
    "bilobar, after the bowel": ((7, 5, 3), "right_portal_pedicle", "S5-8", (("tumour", "colon cancer"), ("presentation", "metachronous"), ("status", "resected"))),
    "left and right, synchronous": ((5, 8, 3), "right_portal_pedicle", "5, 6, 7, 8", (("tumour", "colorectal"), ("presentation", "synchronous"), ("status", "in situ"))),
}  # fmt: skip


@pytest.mark.parametrize(
    "patient",
    [
        pytest.param(one, marks=pytest.mark.slow if place else pytest.mark.every_change)
        for place, one in enumerate(STORIES)
    ],
)
def test_the_whole_story_by_keyboard_alone(person, tmp_path, patient):
    """A case from nothing, every pathway, why ALPPS is closed and what would open it, what turned, the decision, one sheet of paper."""
    segments, vessel, removes, primary = STORIES[patient]
    with served(folder=tmp_path) as (address, _):
        me = person(address=address, viewport={"width": 1000, "height": 750})
        me.press(f"segment-{segments[0]}").press(f"vessel-{vessel}").press(f"segment-{segments[1]}", "Space").press(
            f"segment-{segments[2]}"
        )
        assert me.page.locator(f"#segment-{segments[0]}").get_attribute("aria-pressed") == "true"
        me.type("f-lesions-0-size_mm", "6 cm").type("f-lesions-1-size_mm", "55").type("f-lesions-2-size_mm", "12")
        me.type("f-liver-measured_remnants-0-removes", removes).type("f-liver-measured_remnants-0-fraction", "45")
        for key, words in primary:
            me.type(f"f-primary-{key}", words)
        me.type("f-patient-fit_for", "major").press("to-pathways")
        assert me.page.locator(".note.bad").all_inner_texts() == []
        table = me.page.get_by_role("table", name="Pathways")
        assert table.get_by_role("rowgroup").count() >= 14
        assert table.get_by_role("rowheader", name="ALPPS", exact=True).is_visible()
        # All rows on one screen.
        me.page.set_viewport_size({"width": 1920, "height": 1080})
        assert me.page.locator("table.pathways").bounding_box()["height"] < 1080
        me.page.set_viewport_size({"width": 1000, "height": 750})
        me.press("why-alpps")
        assert "ALPPS: not needed" in me.page.get_by_role("heading", level=2).all_inner_texts()
        me.press("opens")
        assert me.page.locator(".answers li").count() >= 1
        me.press("to-pathways").type("f-liver-measured_remnants-0-fraction", "24 %").press(
            "f-liver-measured_remnants-0-fraction"
        )
        assert "ALPPS: not needed → open" in me.page.get_by_role("status", name="What turned round").inner_text()
        assert me.page.locator("tr.is-turned").count() >= 3
        me.press("save").press("to-record")
        assert me.page.get_by_role("region", name="Record").is_visible()
        me.type("decision", "ALPPS is not chosen; two stages.").press("decide")
        assert me.actions < ACTIONS_LIMIT
        assert "two stages" in (tmp_path / "my-patient.record.yaml").read_text()
        assert pages_of(me) == 1
        assert me.to("print").page.get_by_role("button", name="Print").is_visible()


@pytest.mark.parametrize(("width", "height"), [(1280, 720), (1600, 1000), (1920, 1080)])
@pytest.mark.parametrize("pressed", [(), ("projector",)], ids=["as it is", "projector"])
def test_every_family_is_seen_at_once_on_a_screen_or_a_projector(person, width, height, pressed):
    me = person("pathways?file=alp-01.yaml", viewport={"width": width, "height": height})
    for one in pressed:
        me.press(one, " ")
    place = me.page.locator("table.pathways").bounding_box()
    assert place["y"] + place["height"] <= height
    # No number is cut off.
    assert me.page.evaluate(
        "[...document.querySelectorAll('.pathways .num')].every((one) => [...one.children].every((each) => each.getBoundingClientRect().right <= one.getBoundingClientRect().right + 1))"
    )


def test_a_number_opens_what_it_stands_on_by_keyboard_and_by_its_mark(person):
    me = person("pathways?file=alp-01.yaml")
    entry = me.page.locator("#cite-p1")
    assert not entry.is_visible()
    link = me.page.locator('a[href="#cite-p1"]')
    link.focus()
    me.page.keyboard.press("Enter")
    assert entry.is_visible()
    me.open("pathways?file=rep-01.yaml")
    me.page.locator('[data-cite="cite-p1"] span').first.click()
    assert me.page.locator("#cite-p1").is_visible()


def test_the_table_left_alone_says_what_opens_the_closed(person):
    me = person()
    # The clock of the browser is put forward, and the test waits for the answer alone.
    me.page.clock.install()
    me.open("pathways?file=alp-01.yaml").page.clock.run_for(3000)
    me.page.locator("[data-fill=opens-debulking]").filter(has_text="opens if").wait_for(timeout=15_000)
    assert not me.page.locator("#openings").is_visible()


def pages_of(me):
    return len(re.findall(rb"/Type\s*/Page\b", me.page.pdf(prefer_css_page_size=True)))


def test_focus_and_scroll_stay_where_they_are_after_a_plan(person):
    me = person("case?file=alp-01.yaml", viewport={"width": 1000, "height": 600})
    me.type("f-patient-ecog", "1")
    before = me.page.evaluate("scrollY")
    me.page.keyboard.press("Tab")
    after = me.focused()
    me.page.wait_for_timeout(400)
    me.settled()
    assert me.focused() == after != ""
    assert abs(me.page.evaluate("scrollY") - before) < 300
    assert me.page.locator("#f-patient-ecog").input_value() == "1"


def test_what_is_typed_while_an_answer_is_on_its_way_stays(person):
    me = person("case?file=alp-01.yaml")
    for name, words in (
        ("patient-age_years", "61"),
        ("patient-ecog", "1"),
        ("patient-asa", "2"),
        ("patient-height_cm", "170"),
    ):
        me.page.fill(f"#f-{name}", words)
        me.page.dispatch_event(f"#f-{name}", "change")
    me.page.wait_for_timeout(600)
    me.settled()
    assert [
        me.page.locator(f"#f-patient-{one}").input_value() for one in ("age_years", "ecog", "asa", "height_cm")
    ] == ["61", "1", "2", "170"]
    assert "age_years: 61" in me.page.locator("[name=base]").get_attribute("value")
    assert "height_cm: 170" in me.page.locator("[name=base]").get_attribute("value")


def test_letters_on_a_segment_mark_its_lesion(person):
    me = person("case").press("segment-8")
    me.press("segment-8", "d").press("segment-8", "?")
    assert me.page.locator("#mark-0-deep").get_attribute("aria-pressed") == "true"
    assert me.page.locator("#mark-0-suspected").get_attribute("aria-pressed") == "true"
    me.page.locator("#remove-0").click()
    me.page.wait_for_timeout(200)


VIEWS = {
    "desktop": {}, "phone": {"viewport": {"width": 390, "height": 844}}, "zoomed": {"viewport": {"width": 960, "height": 540}},
    "dark": {"color_scheme": "dark"},
}  # fmt: skip


@pytest.mark.parametrize(
    "view", ["desktop", *(pytest.param(one, marks=pytest.mark.slow) for one in VIEWS if one != "desktop")]
)
def test_axe_finds_no_barrier_and_nothing_lies_beside_the_screen(person, view):
    if not AXE.is_file():
        pytest.skip("axe-core is missing: npm install --no-package-lock in tests/teaching/exports/readers")
    me = person(**VIEWS[view])
    for screen in SCREENS:
        me.open(f"{screen}?file=alp-01.yaml")
        assert me.barriers() == [], screen
        assert me.page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth + 1"), (
            screen
        )


@pytest.mark.slow
def test_axe_finds_no_barrier_in_what_appears_when_it_is_asked_for(person, shelf):
    if not AXE.is_file():
        pytest.skip("axe-core is missing: npm install --no-package-lock in tests/teaching/exports/readers")
    folder, _ = shelf
    (folder / "broken.yaml").write_text("schema: 1\nid: x\n", encoding="utf-8")
    (folder / "twice.yaml").write_bytes(named("rep-01").read_bytes())
    me = person("")
    assert me.barriers() == [], "the afternoon"
    for place, pressed in (
        ("case?file=broken.yaml", ()), ("case?file=alp-01.yaml", ("explain", "projector")), ("why?file=alp-01.yaml", ("why-debulking", "opens")),
        ("what_if?file=alp-01.yaml", ("flips-s-liver-measured_remnants-0-fraction", "protocols")), ("walk?file=alp-01.yaml", ("step-discuss",)),
    ):  # fmt: skip
        me.open(place)
        for one in pressed:
            me.page.locator(f"#{one}").click()
            me.page.wait_for_timeout(50)
            me.settled()
        assert me.barriers() == [], place
    me.open("case?file=twice.yaml")
    (folder / "twice.yaml").write_text("schema: 1\n", encoding="utf-8")
    me.type("f-patient-age_years", "41").press("save")
    assert me.page.get_by_role("button", name="Go on with what is in the file").is_visible()
    assert me.barriers() == [], "a conflict"


def test_the_story_without_a_script(person):
    me = person("case", scripts=False)
    me.page.get_by_role("button", name="Segment VIII").press("Enter")
    me.page.get_by_role("button", name="Segment II", exact=True).press("Enter")
    me.page.fill("#f-primary-tumour", "colon cancer")
    me.page.locator("#f-primary-tumour").press("Enter")
    assert me.page.locator("#f-primary-tumour").input_value() == "colorectal"
    me.page.get_by_role("button", name="Pathways").press("Enter")
    assert me.page.get_by_role("table", name="Pathways").is_visible()
    assert me.page.get_by_role("region", name="Missing").is_visible()


def test_pathways_print_on_one_sheet(person):
    me = person("pathways?file=alp-01.yaml")
    assert pages_of(me) == 1
