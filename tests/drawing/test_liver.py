"""The drawn liver: segments without gaps, lesions to scale and in their place, what goes and what stays, in words too."""

import math
from xml.etree import ElementTree as ET

import pytest
from shipped import CONSTRUCTED, PUBLISHED, ROOT, named, plan_at

from pathways.drawing import liver_geometry as drawn
from pathways.drawing.liver import DRAWN_FOR_ML, DrawnLesion, LiverState, liver, state_of
from pathways.drawing.liver import named as segments_named
from pathways.drawing.liver_geometry import BORDERS, FACES, LABELS, OUTLINE, Point

SVG = "{http://www.w3.org/2000/svg}"


def lesion(**changes):
    told = {
        "label": "A", "segments": ("6",), "count": 1, "size_mm": 20.0, "nature": "confirmed", "deep": False, "contacts": (),
    }  # fmt: skip
    return DrawnLesion(**{**told, **changes})


def shown(state, **options):
    return ET.fromstring(liver(state, name="x", title="t", **options))


def circles(root, of="pw-lesion"):
    return [one for one in root.iter(f"{SVG}circle") if one.get("class", "").split()[0] == of]


def test_every_inner_border_belongs_to_two_segments_and_every_outer_one_to_one():
    used = [name for names in FACES.values() for name in names]
    for name in BORDERS:
        sides = [one for one in used if one.lstrip("-") == name]
        assert len(sides) == (1 if name in OUTLINE else 2), name
        if name not in OUTLINE:
            assert {one.startswith("-") for one in sides} == {True, False}


def test_segments_fill_the_outline_without_gap_or_overlap():
    whole = drawn.area(drawn.rim())
    assert sum(drawn.area(drawn.polygon(segment)) for segment in FACES) == pytest.approx(whole, rel=1e-6)


@pytest.mark.parametrize("names", [*FACES.values(), OUTLINE])
def test_borders_of_a_segment_meet(names):
    borders = [drawn.oriented(name) for name in names]
    for one, after in zip(borders, (*borders[1:], borders[0]), strict=True):
        assert one.curves[-1][-1] == after.start


def test_a_label_stands_in_its_segment():
    assert all(drawn.inside(place, drawn.polygon(segment)) for segment, place in LABELS.items())


@pytest.mark.parametrize(("mm", "volume"), [(10, 1500), (47, 1500), (47, 1000)])
def test_a_lesion_is_drawn_to_scale_and_keeps_its_share_of_a_smaller_liver(mm, volume):
    root = shown(LiverState((lesion(size_mm=mm),), volume_ml=volume))
    (circle,) = circles(root)
    assert float(circle.get("r")) == pytest.approx(2 * mm * (DRAWN_FOR_ML / volume) ** (1 / 3), abs=0.01)


@pytest.mark.parametrize("segment", sorted(FACES))
def test_a_lesion_lies_in_its_segment(segment):
    (circle,) = circles(shown(LiverState((lesion(segments=(segment,), size_mm=8),))))
    assert drawn.inside(Point(float(circle.get("cx")), float(circle.get("cy"))), drawn.polygon(segment))


def test_a_lesion_that_touches_a_vessel_is_drawn_beside_it():
    (circle,) = circles(shown(LiverState((lesion(segments=("8",), size_mm=20, contacts=("right_hepatic_vein",)),))))
    place = Point(float(circle.get("cx")), float(circle.get("cy")))
    assert min(drawn.distance(place, one) for one in drawn.vessel("right_hepatic_vein")) <= float(circle.get("r")) + 8


def test_lesions_of_one_entry_lie_beside_each_other_and_only_the_largest_has_its_size():
    root = shown(LiverState((lesion(segments=("7",), count=4, size_mm=12),)))
    (largest,), others = circles(root), circles(root, "pw-lesion-ring")
    assert float(largest.get("r")) == pytest.approx(24)
    assert all(one.get("class").endswith("pw-dashed") for one in others)
    found = [(float(one.get("cx")), float(one.get("cy"))) for one in (largest, *others)]
    assert len(found) == 4
    assert all(math.dist(a, b) >= 40 for a in found for b in found if a != b)


@pytest.mark.parametrize(
    ("changes", "kind"),
    [
        ({"size_mm": None}, "pw-lesion-ring pw-dashed"),
        ({"nature": "vanished"}, "pw-lesion-ring pw-dashed"),
        ({"nature": "suspected"}, "pw-lesion-ring"),
        ({}, "pw-lesion"),
    ],
)
def test_what_is_not_sure_of_a_lesion_shows_without_colour(changes, kind):
    root = shown(LiverState((lesion(**changes),)))
    assert [one for one in root.iter(f"{SVG}circle") if one.get("class") == kind]


def test_what_goes_is_hatched_what_is_closed_is_dotted_and_the_cut_is_between_what_goes_and_stays():
    state = LiverState(removed=("5", "6", "7", "8"), closed=("4a", "4b"))
    root = shown(state)
    fills = [one.get("fill") for one in root.iter(f"{SVG}path")]
    assert fills.count("url(#x-hatch)") == 4
    assert fills.count("url(#x-dots)") == 2
    assert set(drawn.cut(frozenset(state.removed))) == {"8-4a", "5-4b"}
    said = root.find(f"{SVG}desc").text
    assert "To be removed: segments V, VI, VII, VIII." in said
    assert "Inflow closed: segments IVa, IVb." in said


def test_after_the_operation_what_was_removed_is_an_outline_and_its_lesions_are_gone():
    state = LiverState((lesion(segments=("7",)), lesion(label="B", segments=("2",))), removed=("6", "7"))
    root = shown(state, after=True)
    assert len([one for one in root.iter(f"{SVG}path") if one.get("class") == "pw-gone"]) == 2
    assert len(circles(root)) == 1


@pytest.mark.parametrize("path", [*PUBLISHED[::20], *CONSTRUCTED[::10]], ids=lambda path: path.stem)
def test_the_liver_of_every_case_is_drawn_with_all_its_lesions_named(path):
    plan = plan_at(path)
    assessed = plan.graph.facts.assessed
    first = plan.assessment.resections[0].resection if plan.assessment.resections else None
    root = shown(state_of(assessed, first))
    said = root.find(f"{SVG}desc").text
    for _, name in assessed.labelled:
        assert f"{name}: " in said
    removed = segments_named((first.removes if first else 0) & ~assessed.past.gone)
    assert len([one for one in root.iter(f"{SVG}path") if one.get("class") == "pw-removed"]) == len(removed)
    assert {one.text for one in root.iter(f"{SVG}text")} >= {"patient's right", "patient's left", "50 mm"}


def test_a_small_liver_has_no_letters_and_no_vessels():
    root = shown(state_of(plan_at(named("alp-03")).graph.facts.assessed), small=True)
    assert not list(root.iter(f"{SVG}text"))
    assert not [one for one in root.iter(f"{SVG}path") if one.get("class") == "pw-vein"]


def test_a_lesson_shows_the_liver_that_its_map_tells_and_not_how_deep_lesions_lie():
    from pathways.teaching.authoring.loading import load_scenario
    from pathways.teaching.unrolling.unroll import lesson_of

    lesson = lesson_of(load_scenario(ROOT / "scenarios" / "teaching" / "operate_promptly-11-1.yaml"))
    drawn = [one for one in lesson.passages if one.liver_map]
    assert drawn
    for one in lesson.passages:
        assert bool(one.liver_map) == (one.liver is not None)
    for one in drawn:
        assert not any(lesion.deep for lesion in one.liver.lesions)
        legend = " ".join(one.liver_map)
        assert all(f"{lesion.label}: " in legend for lesion in one.liver.lesions if lesion.nature != "benign")
        assert ("removed: " in legend) is bool(one.liver.gone)
        assert ("portal branches closed: " in legend) is bool(one.liver.closed)
