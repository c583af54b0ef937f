"""The pictures of a lesson in handout, deck and page: drawn by us, inert, and refused where somebody has changed them."""

import io
import json
import re
import zipfile

import pytest
from teaching.exports.lessons import branching, drawn

from pathways.drawing.growth import GrowthCurve, growth
from pathways.teaching.exports import FORMATS
from pathways.teaching.exports.html_page import document
from pathways.teaching.exports.pictures import drawn_growth, drawn_liver, first_liver, not_inert
from pathways.teaching.exports.plain import zipped

LIVER = drawn_liver(first_liver(drawn()))[0]


@pytest.mark.parametrize("name", ["html", "scorm", "anki", "markdown", "h5p", "moodle", "gift", "twee"])
def test_a_lesson_with_pictures_is_sound_in_every_format(name):
    assert FORMATS[name].check(FORMATS[name].write(drawn())) == []


def test_the_handout_draws_the_liver_before_and_after_and_the_growth():
    text = FORMATS["markdown"].write(drawn()).decode()
    end = text[text.index("## How it can end") :]
    assert end.count("<figure>") == 3
    assert text.count("<figure>\n<svg ") == text.count("</svg>\n</figure>\n\n") == 6
    # What explains the lines stays in words; the lines themselves are drawn.
    sheet = text[text.index("The meeting decides") : text.index("Volumetry after four weeks")]
    assert "┌" not in sheet
    assert "A: 52 mm, touches the right hepatic vein" in text


def test_where_nothing_is_drawn_the_lines_stay():
    assert "~~~\n┌" in FORMATS["markdown"].write(branching()).decode()
    assert "<figure>" not in FORMATS["markdown"].write(branching()).decode()


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ("</svg>", "<script>x()</script></svg>", "tag script"),
        ("<path ", '<path onload="x()" ', "attribute onload"),
        ('fill="url(#', 'fill="url(https://', "asks for"),
        ("<path ", '<image href="https://x.test/a.png"/><path ', "tag image"),
        ("</style>", "*{background:url(https://x.test)}</style>", "a style that is none of ours"),
        ("</svg>", "</svg><svg ></svg>", "more or less than one picture"),
        ("<defs>", "<!--x--><defs>", "a comment"),
    ],
)
def test_a_picture_that_is_none_of_ours_is_refused_in_handout_and_deck(old, new, told):
    state = first_liver(drawn())
    svg = drawn_liver(state)[0]
    if old not in svg:
        svg = svg.replace("<path ", '<path fill="url(#liver-hatch)" ', 1)
    assert not_inert(svg) == []
    changed = svg.replace(old, new, 1)
    assert any(told in one for one in not_inert(changed))
    handout = FORMATS["markdown"].write(drawn()).decode()
    first = re.search(r"<figure>\n(<svg .*)\n</figure>", handout)[1]
    assert FORMATS["markdown"].check(handout.replace(first, changed, 1).encode())


def test_the_deck_holds_each_picture_once_and_names_it_in_its_cards():
    content = FORMATS["anki"].write(drawn())
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        named = json.loads(archive.read("media"))
        files = {name: archive.read(name) for name in archive.namelist()}
    assert len(named) == len(set(named.values())) == 3
    assert all(not_inert(files[number].decode()) == [] for number in named)
    number = next(iter(named))
    assert any("media" in one for one in FORMATS["anki"].check(zipped({**files, number: b"<svg onload='x()'></svg>"})))
    without = {name: one for name, one in files.items() if name != number}
    assert FORMATS["anki"].check(zipped(without))


def test_the_page_keeps_each_picture_once_and_leaves_out_what_it_sets_beside_one_another():
    told = document(drawn())
    assert len(told["pictures"]) == 3
    assert told["passages"][-2]["text"] == ["The liver is cleared."]
    assert told["before"] == told["passages"][1]["liver"]


@pytest.mark.parametrize(("last", "side"), [(0.36, "below"), (0.27, "above")])
def test_the_curve_says_its_volumes_days_and_limit(last, side):
    curve = GrowthCurve(((0, 0.24), (28, last)), 0.3)
    svg, words = drawn_growth(curve)
    assert words == f"What would stay of the liver: day 0, 24%; day 28, {last:.0%}. The limit is 30%."
    assert {"24%", f"{last:.0%}", "limit 30%", "28"} <= set(re.findall(r">([^<>]+)</text>", svg))
    line = float(re.search(r'<line [^>]*y1="([\d.]+)"[^>]*pw-limit', str(growth(curve, name="x")))[1])
    words_at = float(re.search(r'<text x="[\d.]+" y="([\d.]+)"[^>]*>limit', svg)[1])
    assert (words_at > line) is (side == "below")
