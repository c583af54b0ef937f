"""A picture of ours as points: what is drawn is there, in its colour, and the file holds nothing else."""

import io

import numpy as np
import pytest

from pathways.drawing.liver import DrawnLesion, LiverState, liver
from pathways.drawing.raster import beside, png, points
from pathways.drawing.strokes import GLYPHS, written
from pathways.drawing.style import LIGHT
from pathways.drawing.svg import element, picture

PAPER, INK, LIVER = (
    [int(LIGHT[name][at : at + 2], 16) / 255 for at in (1, 3, 5)] for name in ("paper", "ink", "liver")
)


def drawn(*inside):
    return points(picture(*inside, name="p", title="t", description="d", width=100, height=80, alone=True))


def at(image, x, y):
    return pytest.approx(image[y, x], abs=0.02)


def test_a_filled_path_has_its_colour_within_and_paper_without():
    image = drawn(element("path", d="M20,20 h40 v40 h-40 Z", class_="pw-ink"))
    assert image.shape == (80, 100, 3)
    assert at(image, 40, 40) == INK
    assert at(image, 10, 40) == PAPER
    assert at(image, 70, 40) == PAPER


def test_a_curve_is_filled_as_far_as_it_bulges():
    image = drawn(element("path", d="M20,60 C20,0 80,0 80,60 Z", class_="pw-ink"))
    # At its middle a curve stands three quarters of the way to its handles.
    assert at(image, 50, 20) == INK
    assert at(image, 50, 10) == PAPER


def test_a_circle_is_stroked_as_thick_as_its_class_says_and_dashes_leave_gaps():
    image = drawn(element("circle", cx=50, cy=40, r=20, class_="pw-stroke"))
    assert at(image, 50, 40) == PAPER
    assert (np.abs(image[20] - INK).max(axis=1) < 0.3).any()
    whole, dashed = (drawn(element("line", x1=10, y1=40, x2=90, y2=40, class_=name)) for name in ("pw-axis", "pw-wait"))
    assert 0.2 < (1 - dashed).sum() / (1 - whole).sum() < 0.9


def test_words_are_written_where_they_are_anchored():
    for anchor, left, right in (("", 50, 100), ("pw-end", 0, 50), ("pw-middle", 30, 70)):
        image = drawn(element("text", "IV", x=50, y=40, class_=f"pw-text {anchor}"))
        inked = np.flatnonzero((image < 0.6).all(axis=2).any(axis=0))
        assert inked.size
        assert left - 1 <= inked.min() <= inked.max() <= right + 1


def test_every_letter_of_a_picture_has_a_glyph_and_any_other_is_a_box():
    for words in ("patient's right", "patient's left", "50 mm", "IVa IVb VIII", "A? B2 C-3"):
        assert set(words) <= set(GLYPHS), words
    box, long = written("\u4e2d", 20)
    assert len(box) == 1
    assert long > 0


def test_what_is_gone_is_paper_and_what_stays_is_liver():
    lesion = DrawnLesion("A", ("2",), 1, 20.0, "confirmed", deep=False, contacts=())
    before, after = (
        points(liver(LiverState((lesion,), gone=gone), name="l", title="t", alone=True)) for gone in ((), ("6", "7"))
    )
    # A place within VI: liver, then paper.
    assert at(before, 80, 560) == LIVER
    assert at(after, 80, 560) == PAPER
    pair = beside(before, after)
    assert pair.shape == (345, 900, 3)


def test_the_file_is_a_png_that_others_read_and_the_same_every_time():
    images = pytest.importorskip("PIL.Image")
    image = drawn(element("path", d="M20,20 h40 v40 h-40 Z", class_="pw-ink"))
    content = png(image)
    assert content == png(image)
    opened = images.open(io.BytesIO(content))
    opened.load()
    assert opened.size == (100, 80)
    assert opened.info == {}
    assert opened.getpixel((10, 40)) == (255, 255, 255)
    assert opened.getpixel((40, 40)) == tuple(round(one * 255) for one in INK)
