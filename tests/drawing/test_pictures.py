"""Pictures of a plan: well-formed, named for whoever does not see them, the same every time, inert whatever a case is called."""

import re
import sys
from itertools import pairwise
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest
from shipped import CONSTRUCTED, PUBLISHED, named, plan_at

from pathways.case.models import Case
from pathways.documents.problems import PathwaysError
from pathways.drawing.bars import interval, remnant
from pathways.drawing.chips import SHAPES, chip
from pathways.drawing.events import happening, kind_of, lasting, signs_of
from pathways.drawing.plots import DRAWN
from pathways.drawing.signs import PARTS, SIGNS, SPAN_CLASSES
from pathways.drawing.style import DARK, LIGHT, css
from pathways.drawing.svg import Drawn, element, folded, label, text
from pathways.drawing.timeline import timeline, track
from pathways.knowledge.protocols import load_protocol
from pathways.planning.plan import plan
from pathways.process.acts import ON_THE_LIVER
from pathways.process.declaration import PROCESS

SVG = "{http://www.w3.org/2000/svg}"
HOSTILE = "</title><script>alert(1)</script>\"' & \u202etxt\u0007 <b onload=x>"
FEW = [named("alp-03"), named("ben-04"), *CONSTRUCTED[::12]]
EVERY = [*FEW, *(pytest.param(path, marks=pytest.mark.slow) for path in (*PUBLISHED, *CONSTRUCTED) if path not in FEW)]


def words_in(root):
    return [one.text or "" for one in root.iter(f"{SVG}text")]


@pytest.mark.parametrize("what", DRAWN)
@pytest.mark.parametrize("path", EVERY, ids=lambda path: getattr(path, "stem", None))
def test_every_case_gives_a_picture_that_is_named_and_fetches_nothing_or_a_reason_why_not(path, what):
    try:
        drawn = DRAWN[what](plan_at(path))
    except PathwaysError as error:
        assert str(error)
        return
    root = ET.fromstring(drawn)
    assert root.get("role") == "img"
    ids = [one.get("id") for one in root.iter() if one.get("id")]
    assert len(ids) == len(set(ids))
    assert root.get("aria-labelledby").split() == [
        root.find(f"{SVG}title").get("id"),
        root.find(f"{SVG}desc").get("id"),
    ]
    assert root.find(f"{SVG}title").text
    assert root.find(f"{SVG}desc").text
    assert not re.search(r"(?:href|src)=|@import|url\((?!#)", drawn)
    assert not re.search(r"\bnan\b|\binf\b", drawn)
    assert DRAWN[what](plan_at(path)) == drawn


def test_a_hostile_title_is_text_in_every_picture():
    case = plan_at(named("sim-04")).assessment.case
    made = plan(
        Case.model_validate({**case.model_dump(by_alias=True, exclude_unset=True), "id": "x", "title": HOSTILE}),
        load_protocol(),
    )
    for draw in DRAWN.values():
        try:
            drawn = draw(made)
        except PathwaysError:
            continue
        assert "<script" not in drawn
        ET.fromstring(drawn)
    assert "<" not in text(HOSTILE)
    assert "\u202e" not in text(HOSTILE)
    ET.fromstring(element("text", HOSTILE, title=HOSTILE))
    assert isinstance(label(HOSTILE, 0, 0), Drawn)


def test_timelines_tell_pathways_apart_by_their_whole_titles():
    made = plan_at(named("alp-03"))
    root = ET.fromstring(DRAWN["timeline"](made))
    said = " ".join(words_in(root))
    for one in made.pathways:
        if one.curative:
            assert f"{one.id} {one.title}" in said


def test_radiotherapy_is_not_waiting_and_has_its_own_sign():
    made = plan_at(next(path for path in CONSTRUCTED if path.stem == "rectum-with-radiotherapy"))
    given = [(one, step) for one in made.pathways for step in one.steps if "radiotherapy" in step.acts]
    assert given
    assert {kind_of(step) for _, step in given} == {"radiotherapy"}
    for one in {one for one, _ in given}:
        assert [sign.sign for sign in happening(one)].count("radiotherapy") == 1


@pytest.mark.parametrize("path", EVERY, ids=lambda path: getattr(path, "stem", None))
def test_every_operation_has_a_sign_on_its_day_and_what_lasts_leaves_no_gap(path):
    for one in plan_at(path).pathways:
        signs = happening(one)
        for step in one.steps:
            for sign in signs_of(step):
                if step.operation and sign in ("liver", "bowel", "elsewhere"):
                    assert any(found.sign == sign and abs(found.week - step.day / 7) < 0.01 for found in signs)
        parts = lasting(one)
        assert all(a.end == b.start for a, b in pairwise(parts))
        assert parts[-1].end == pytest.approx(one.steps[-1].day / 7, abs=0.01)


def test_every_operation_of_the_process_has_a_sign():
    from pathways.planning.annotate import PathwayStep
    from pathways.process.acts import kinds_of

    for one in PROCESS.triggers:
        if one.operation or not ON_THE_LIVER.isdisjoint(one.acts):
            step = PathwayStep(one.name, one.kind, one.title, "", "", 0, 0, "", (), one.operation, kinds_of(one))
            assert list(signs_of(step)), one.name
    assert set(PARTS) == set(SIGNS)


def test_growth_shows_the_limit_that_binds():
    made = plan_at(named("alp-03"))
    assert "limit that binds: 30%" in words_in(ET.fromstring(DRAWN["growth"](made)))


def test_the_unknowns_of_this_patient_are_shown_with_the_chance_that_hangs_on_each():
    made = plan_at(named("alp-03"))
    said = " ".join(words_in(ET.fromstring(DRAWN["unknowns"](made))))
    for one in made.find_out_next:
        assert one.item in said
    assert "42% - 80%" in said


def test_the_remnant_bar_shows_what_stays_its_error_and_the_limit_that_binds():
    one = plan_at(named("alp-03")).assessment.resections[0]
    root = ET.fromstring(remnant(one, name="r", grown=0.45))
    assert "28% stays; the limit that binds is 30%" in root.find(f"{SVG}desc").text
    edge = float(next(line for line in root.iter(f"{SVG}line") if line.get("class") == "pw-limit").get("x1"))
    left = next(rect for rect in root.iter(f"{SVG}rect") if rect.get("class") == "pw-seg")
    assert float(left.get("x")) + float(left.get("width")) < edge
    assert any(rect.get("class") == "pw-wait" for rect in root.iter(f"{SVG}rect"))


def test_an_interval_bar_says_its_figure():
    found = plan_at(named("alp-03")).pathways[0].prospect.cleared
    root = ET.fromstring(interval(found, name="i", words="liver cleared", most=1.0))
    assert f"{found.value:.1%}" in root.find(f"{SVG}desc").text


@pytest.mark.parametrize("standing", SHAPES)
def test_a_chip_says_in_words_what_its_sign_shows(standing):
    assert re.sub("<[^>]*>", "", chip(standing))
    assert 'aria-hidden="true"' in chip(standing)


def test_a_track_needs_no_colour_to_tell_what_lasts():
    assert len(set(SPAN_CLASSES.values())) == len(SPAN_CLASSES)
    assert "<svg" in track(plan_at(named("alp-03")).pathways[0], name="t", weeks=40)
    assert ET.fromstring(timeline(plan_at(named("alp-03")).pathways[:2], name="t", title="t")).get("width") is None


def contrast(one, other):
    def light(colour):
        parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
        r, g, b = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
        return 0.2126 * r + 0.7152 * g + 0.0722 * b

    a, b = sorted((light(one), light(other)), reverse=True)
    return (a + 0.05) / (b + 0.05)


@pytest.mark.parametrize("palette", [LIGHT, DARK], ids=["light", "dark"])
def test_words_and_lines_can_be_read_on_their_ground(palette):
    for ink in ("ink", "ink2", "warn", "stop", "accent"):
        assert contrast(palette[ink], palette["paper"]) >= 4.5, ink
    assert contrast(palette["ink"], palette["liver"]) >= 4.5
    for line in ("line", "vein", "portal", "liver-line"):
        assert contrast(palette[line], palette["paper"]) >= 3, line


def test_light_dark_and_paper_have_the_same_colours_named():
    assert set(LIGHT) == set(DARK)
    assert "prefers-color-scheme:dark" in css()
    assert "@media print" in css()
    used = set(re.findall(r"var\(--([a-z0-9-]+)\)", css()))
    assert used <= set(LIGHT)


def test_words_are_folded_at_the_room_they_have_and_none_is_lost():
    words = "perioperative chemotherapy → liver venous deprivation → left trisectionectomy"
    lines = folded(words, 200, 13, 9)
    assert " ".join(lines) == words
    assert len(lines) > 1


@pytest.mark.parametrize("what", ["timeline", "map", "liver"])
def test_pictures_are_drawn_by_the_command_without_an_extra(what, tmp_path, monkeypatch):
    from pathways.cli.main import run

    file = tmp_path / "x.svg"
    monkeypatch.setattr(sys, "argv", ["pathways", "picture", str(named("sim-04")), what, "-o", str(file)])
    monkeypatch.setitem(sys.modules, "vl_convert", None)
    with pytest.raises(SystemExit) as stop:
        run()
    assert not stop.value.code
    assert ET.parse(file).getroot().tag == f"{SVG}svg"
    assert Path(file).stat().st_size < 60_000
