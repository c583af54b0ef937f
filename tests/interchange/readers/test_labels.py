"""Label maps are measured in space: the right answers are known, because liver, lesions and vessels were built."""

import itertools
import sys
import time
from contextlib import suppress
from pathlib import Path
from unittest.mock import patch

import nibabel
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from volumes import ball, grid, saved, segments, stored_otherwise, tube

from pathways.case.loading import load_case, parse_case
from pathways.cli.main import run
from pathways.documents.problems import PathwaysError
from pathways.interchange.readers.labels import draft_of, names_of
from pathways.interchange.readers.masks.grids import read_grid
from pathways.interchange.readers.masks.parts import (
    Cloud,
    components,
    extreme_points,
    farthest,
    nearest,
    outside_of,
    within,
)
from pathways.knowledge.protocols import load_protocol

SAMPLES = Path(__file__).parents[4] / "shared" / "samples" / "scan"
LESIONS = (((60, 10, 30), 30.0), ((-70, 0, -10), 20.0), ((20, 10, -25), 12.0))
# The protocol's settings as the tests read them.
SETTINGS = load_protocol("default").settings


def built(folder, spacing=(2.5, 2.5, 2.5), turned=False, lesions=LESIONS, vessels=(), **stored):
    """Files of a liver with lesions and vessels; `stored`: how the maps lie in their files."""
    affine, _, place = grid(spacing, turned)
    maps = {"segments": segments(place)}
    maps["lesions"] = np.any([ball(place, *one) for one in lesions], axis=0).astype(np.uint8)
    for name, mask in vessels:
        maps[name] = (mask(place) & (maps["lesions"] == 0)).astype(np.uint8)
    return [saved(folder, name, *stored_otherwise(one, affine, **stored)) for name, one in maps.items()]


def drafted(files, *own):
    return draft_of(files[0], files[1], files[2:], "a", names_of(list(own)), load_protocol("default"))


def refusal(files, *own):
    with pytest.raises(PathwaysError) as error:
        drafted(files, *own).text()
    return str(error.value)


def test_lesions_are_measured_as_they_were_built(tmp_path):
    case = drafted(built(tmp_path)).case()
    large, middle, small = case.lesions
    assert (large.segments, middle.segments, small.segments) == ((7,), (3,), (5,))
    for lesion, diameter in ((large, 30), (middle, 20), (small, 12)):
        assert lesion.size_mm == pytest.approx(diameter, abs=2.5)
    assert case.liver.tumour_ml == pytest.approx(np.pi / 6 * (27 + 8 + 1.728), rel=0.05)
    assert case.liver.total_ml == pytest.approx(4 / 3 * np.pi * 90 * 65 * 65 / 1000, rel=0.02)
    assert sum(case.liver.segments_ml.values()) == pytest.approx(case.liver.total_ml - case.liver.tumour_ml, abs=1)
    assert [one.depth for one in case.lesions] == ["superficial", "superficial", "deep"]


def test_each_value_says_where_it_came_from(tmp_path):
    text = drafted(built(tmp_path)).text()
    assert "segments.nii.gz: label 7, without tumour" in text
    assert "middle at (60, 10, 30) mm" in text
    assert "largest diameter in space" in text
    assert "import_deep_mm" in text
    assert "still missing" not in text
    assert "Still missing" in text


def test_a_lesion_across_segments_names_them_with_their_shares(tmp_path):
    draft = drafted(built(tmp_path, lesions=[((40, 10, 30), 30.0)]))
    assert draft.case().lesions[0].segments == (7, 8)
    assert "named from 5%" in draft.text()


def test_segment_volumes_are_without_tumour(tmp_path):
    with_one = drafted(built(tmp_path, lesions=[((60, 10, 30), 30.0)])).case()
    with_none = drafted(built(tmp_path, lesions=[((-70, 0, -10), 20.0)])).case()
    assert with_none.liver.segments_ml["7"] - with_one.liver.segments_ml["7"] == pytest.approx(14.1, rel=0.06)


def test_a_hole_of_the_segments_where_the_tumour_is_is_filled_from_around(tmp_path):
    affine, _, place = grid()
    tumour = ball(place, (60, 10, 30), 30.0)
    liver = segments(place)
    whole = saved(tmp_path, "whole", liver, affine), saved(tmp_path, "lesions", tumour, affine)
    liver[tumour] = 0
    hollow = saved(tmp_path, "hollow", liver, affine), whole[1]
    ours, theirs = drafted(hollow).case(), drafted(whole).case()
    assert ours.model_copy(update={"id": "x"}) == theirs.model_copy(update={"id": "x"})


@pytest.mark.parametrize("turned", [False, True])
@settings(max_examples=6, deadline=None, derandomize=True)
@given(
    order=st.permutations(range(3)), flips=st.tuples(st.booleans(), st.booleans(), st.booleans()),
    other=st.permutations(range(3)), others=st.tuples(st.booleans(), st.booleans(), st.booleans()),
)  # fmt: skip
def test_law_how_a_map_is_stored_makes_no_other_case(tmp_path_factory, turned, order, flips, other, others):
    folder = tmp_path_factory.mktemp("law")
    affine, _, place = grid((5.0, 4.0, 6.0), turned)
    maps = segments(place), np.any([ball(place, *one) for one in LESIONS], axis=0).astype(np.uint8)
    plain = [saved(folder, name, one, affine) for name, one in zip("ab", maps, strict=True)]
    stored = [
        saved(folder, f"{name}2", *stored_otherwise(one, affine, axes, turns))
        for name, one, axes, turns in zip("ab", maps, (order, other), (flips, others), strict=True)
    ]
    assert drafted(stored).case() == drafted(plain).case()


@settings(max_examples=10, deadline=None, derandomize=True)
@given(
    st.permutations(range(1, 4)),
    st.sampled_from([np.uint8, np.int16, np.int32, np.float32]),
    st.sampled_from([2, 1, 3]),
)
def test_law_labels_types_and_units_make_no_other_case(tmp_path_factory, labels, kind, unit):
    """The same voxels with lesions in other labels, in another type, with a header in millimetres, metres, or micrometres."""
    folder = tmp_path_factory.mktemp("law")
    affine, _, place = grid((5.0, 4.0, 6.0))
    liver = segments(place)
    one = np.any([ball(place, *lesion) for lesion in LESIONS], axis=0).astype(np.uint8)
    plain = saved(folder, "a", liver, affine), saved(folder, "b", one, affine)
    several = sum(
        (ball(place, *lesion) * label for lesion, label in zip(LESIONS, labels, strict=True)), start=np.zeros(one.shape)
    )
    scaled = np.diag([*[{2: 1.0, 1: 0.001, 3: 1000.0}[unit]] * 3, 1.0]) @ affine
    stored = (
        saved(folder, "a2", liver, scaled, dtype=kind, xyzt_units=unit),
        saved(folder, "b2", several, scaled, dtype=kind, xyzt_units=unit),
    )
    assert drafted(stored).case() == drafted(plain).case()


def test_a_lesion_that_touches_a_vessel_names_it_and_one_that_does_not_is_said(tmp_path):
    vessel = ("right_hepatic_vein", lambda place: tube(place, (60 - 15 - 4, 10, 0), 8.0))
    draft = drafted(built(tmp_path, vessels=[vessel]))
    text, case = draft.text(), draft.case()
    assert case.lesions[0].contacts == ("right_hepatic_vein",)
    assert case.lesions[1].contacts is None
    assert "right_hepatic_vein 0 mm" in text
    assert "may touch one that is not in them" in text


@pytest.mark.parametrize(("gap", "touches"), [(0.0, True), (10.0, False)])
def test_contact_is_a_distance_between_edges(tmp_path, gap, touches):
    vessel = ("vena_cava", lambda place: tube(place, (60 - 15 - 10 - gap, 10, 0), 20.0))
    draft = drafted(built(tmp_path, (2, 2, 2), lesions=[((60, 10, 30), 30.0)], vessels=[vessel]))
    assert (draft.case().lesions[0].contacts == ("vena_cava",)) is touches
    distance = int(draft.text().split("vena_cava ")[1].split(" mm")[0])
    assert distance == pytest.approx(gap, abs=2)


@pytest.mark.parametrize(("offset", "around"), [(0.0, True), (16.0, False)])
def test_a_vessel_inside_a_lesion_is_around_it_and_one_beside_is_not(tmp_path, offset, around):
    vessel = ("middle_hepatic_vein", lambda place: tube(place, (20 + offset, 10, 0), 10.0))
    affine, _, place = grid((2, 2, 2))
    maps = {"segments": segments(place), "middle_hepatic_vein": vessel[1](place)}
    maps["lesions"] = ball(place, (20, 10, 0), 30.0) & ~maps["middle_hepatic_vein"]
    files = [saved(tmp_path, name, maps[name], affine) for name in ("segments", "lesions", "middle_hepatic_vein")]
    draft = drafted(files)
    lesion = draft.case().lesions[0]
    assert lesion.contacts == ("middle_hepatic_vein",)
    assert lesion.invades == (("middle_hepatic_vein",) if around else ())
    assert ("Contact is not invasion" in draft.text()) is around


def test_vessels_of_one_map_are_named(tmp_path):
    affine, _, place = grid()
    vessels = tube(place, (41, 10, 0), 8.0) * 1 + tube(place, (0, 0, 0), 8.0) * 2
    files = [*built(tmp_path), saved(tmp_path, "vessels", vessels, affine)]
    assert "label 1 has no name; accepted: --label vessels:1=right_hepatic_vein" in refusal(files)
    assert "contacts: [right_hepatic_vein]" in drafted(files, "vessels:1=RHV", "vessels:2=MHV").text()


def test_what_a_program_calls_a_vessel_and_a_case_does_not_is_listed(tmp_path):
    trunk = ("portal_vein_and_splenic_vein", lambda place: tube(place, (41, 10, 0), 8.0))
    cava = ("inferior_vena_cava", lambda place: tube(place, (0, -60, 0), 20.0))
    draft = drafted(built(tmp_path, vessels=[trunk, cava]))
    assert draft.unmapped[0].startswith(
        "portal_vein_and_splenic_vein, in a case hilum, right_portal_pedicle or left_portal_pedicle (L1 0 mm (touches it)"
    )
    assert "vena_cava" in draft.text()


def test_names_in_the_header_say_what_labels_are(tmp_path):
    affine, _, place = grid()
    liver = segments(place)
    image = nibabel.Nifti1Image(
        np.where(liver > 0, liver + 40, 0).astype(np.uint8) + (place[..., 0] > 99).astype(np.uint8), affine
    )
    names = "".join(f'<Label Key="{number + 40}" Red="1"><![CDATA[x]]></Label>' for number in ())
    names += "".join(f'<Label Key="{number + 40}" Red="0.5">liver_segment_{number}</Label>' for number in range(1, 9))
    image.header.extensions.append(
        nibabel.nifti1.Nifti1Extension(
            0, f'<CaretExtension>{names}<Label Key="1">spleen</Label></CaretExtension>'.encode()
        )
    )
    file = tmp_path / "named.nii.gz"
    nibabel.save(image, file)
    assert drafted([file, built(tmp_path)[1]]).case().liver.segments_ml.keys() == set("12345678")


def refused(tmp_path, change):
    affine, _, place = grid()
    maps = {"segments": segments(place), "lesions": ball(place, (60, 10, 30), 30.0).astype(np.uint8)}
    return change(tmp_path, affine, place, maps)


def other_shape(tmp_path, affine, _, maps):
    return [saved(tmp_path, "a", maps["segments"], affine), saved(tmp_path, "b", maps["lesions"][:-1], affine)]


def other_place(tmp_path, affine, _, maps):
    moved = affine.copy()
    moved[2, 3] += 5
    return [saved(tmp_path, "a", maps["segments"], affine), saved(tmp_path, "b", maps["lesions"], moved)]


def other_labels(tmp_path, affine, _, maps):
    return [saved(tmp_path, "a", maps["segments"] * 10, affine), saved(tmp_path, "b", maps["lesions"], affine)]


def mirrored(tmp_path, affine, _, maps):
    wrong = np.diag([-1.0, 1, 1, 1]) @ affine
    return [saved(tmp_path, "a", maps["segments"], wrong), saved(tmp_path, "b", maps["lesions"], wrong)]


def no_lesion(tmp_path, affine, _, maps):
    return [saved(tmp_path, "a", maps["segments"], affine), saved(tmp_path, "b", maps["lesions"] * 0, affine)]


def in_the_bowel(tmp_path, affine, place, maps):
    return [
        saved(tmp_path, "a", maps["segments"], affine),
        saved(tmp_path, "b", ball(place, (85, 60, 60), 12.0), affine),
    ]


def liver_and_tumour(tmp_path, affine, _, maps):
    return [
        saved(tmp_path, "a", maps["segments"], affine),
        saved(tmp_path, "b", (maps["segments"] > 0) * 1 + maps["lesions"], affine),
    ]


def another_unit(tmp_path, affine, _, maps):
    small = np.diag([0.1, 0.1, 0.1, 1]) @ affine
    return [saved(tmp_path, "a", maps["segments"], small), saved(tmp_path, "b", maps["lesions"], small)]


def probabilities(tmp_path, affine, _, maps):
    return [
        saved(tmp_path, "a", maps["segments"], affine),
        saved(tmp_path, "b", maps["lesions"] * 0.7, affine, dtype=np.float32),
    ]


def four_dimensions(tmp_path, affine, _, maps):
    return [
        saved(tmp_path, "a", np.stack([maps["segments"]] * 2, axis=-1), affine),
        saved(tmp_path, "b", maps["lesions"], affine),
    ]


def no_volume(tmp_path, affine, _, maps):
    (tmp_path / "a.nii.gz").write_bytes(b"nothing")
    return [tmp_path / "a.nii.gz", saved(tmp_path, "b", maps["lesions"], affine)]


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (other_shape, "that of"), (other_place, "its grid lies up to 5 mm from that of"), (other_labels, "label 10 is no segment of the liver"),
        (mirrored, "segments V to VIII lie to the left of II and III"), (no_lesion, "the map is empty: no lesion"),
        (in_the_bowel, "no part of the map lies in the liver"), (liver_and_tumour, "is it the liver? accepted: --label lesions:1=-"),
        (another_unit, "does the header tell mm?"), (probabilities, "its voxels are no whole numbers"),
        (four_dimensions, "one label map in three dimensions"), (no_volume, "not a NIfTI file that can be read"),
    ],
)  # fmt: skip
def test_wrong_maps_are_refused_with_file_and_remedy(tmp_path, change, said):
    words = refusal(refused(tmp_path, change))
    assert said in words
    assert words.startswith(str(tmp_path))


NUMBERS = st.one_of(
    st.sampled_from((0.0, 1.0, -2.5, 1e-30, 1e19, -3e38)),
    st.floats(-1e4, 1e4, width=32),
    st.floats(width=32, allow_nan=False),
)


@settings(max_examples=150, deadline=None, derandomize=True)
@given(st.lists(NUMBERS, min_size=12, max_size=12))
@pytest.mark.filterwarnings("error:invalid value encountered")
def test_law_whatever_the_grid_a_map_is_read_or_refused_in_words(tmp_path_factory, numbers):
    folder = tmp_path_factory.mktemp("grid")
    image = nibabel.Nifti1Image(np.ones((3, 4, 5), dtype=np.uint8), None)
    image.header["sform_code"] = 1
    for row, name in enumerate(("srow_x", "srow_y", "srow_z")):
        image.header[name] = numbers[4 * row : 4 * row + 4]
    file = folder / "map.nii"
    # As it would be on a disk: what a library mends on its way there is not asked.
    file.write_bytes(image.header.binaryblock + bytes(4) + bytes([1]) * 60)
    with suppress(PathwaysError):
        draft_of(file, file, [], "a", {}, load_protocol("default")).text()


@pytest.mark.parametrize(
    ("units", "answer"),
    [
        (2, None), (2 | 8, None), (0, None),
        # A unit of time that the format does not have says nothing of a map; one of length is asked about.
        (2 | 128, None), (2 | 248, None), (5, "its unit of length is none that the format has"), (7 | 8, "its unit of length is none that the format has"),
    ],
)  # fmt: skip
def test_the_unit_of_length_is_read_whatever_stands_for_that_of_time(tmp_path, units, answer):
    image = nibabel.Nifti1Image(np.ones((3, 4, 5), dtype=np.uint8), np.diag([2.0, 2.0, 2.0, 1.0]))
    image.header["xyzt_units"] = units
    file = tmp_path / "map.nii"
    file.write_bytes(image.to_bytes())
    if answer is None:
        assert read_grid(file).affine[0, 0] == 2.0
    else:
        with pytest.raises(PathwaysError, match=answer):
            read_grid(file)


@pytest.mark.parametrize(
    ("axes", "reads"),
    [
        (((2, 0, 0), (0, 2, 0), (0, 0, 2)), True),
        # A gantry tilted by 30 degrees is no plane.
        (((2, 0, 0), (0, 1.73, 0), (0, 1, 2)), True),
        (((2, 2, 0), (0, 0.01, 0), (0, 0, 2)), False),
        (((2, 0, 0), (0, 2, 0), (0, 0, 0.0009)), False),
        (((2, 0, 0), (0, 2, 0), (0, 0, 10_001)), False),
    ],
)
def test_a_grid_whose_voxels_have_no_volume_is_refused(tmp_path, axes, reads):
    affine = np.eye(4)
    affine[:3, :3] = axes
    file = saved(tmp_path, "map", np.ones((3, 3, 3)), affine)
    if reads:
        assert read_grid(file).data.shape == (3, 3, 3)
    else:
        with pytest.raises(PathwaysError, match="no volume of a voxel"):
            read_grid(file)


def test_a_label_of_the_liver_is_passed_over_where_that_is_said(tmp_path):
    case = drafted(refused(tmp_path, liver_and_tumour), "lesions:1=-").case()
    assert [one.segments for one in case.lesions] == [(7,)]


def test_what_the_border_of_the_scan_cuts_is_left_out_and_said(tmp_path):
    affine, _, place = grid()
    cut = slice(0, int(place.shape[2] * 0.75))
    files = [
        saved(tmp_path, "a", segments(place)[:, :, cut], affine),
        saved(tmp_path, "b", ball(place, (-70, 0, -10), 20.0)[:, :, cut], affine),
    ]
    draft = drafted(files)
    assert draft.case().liver.total_ml is None
    assert set(draft.case().liver.segments_ml) == {"3", "5", "6"} | ({"1"} & set(draft.case().liver.segments_ml))
    assert any("The border of the scan cuts segment" in note for note in draft.notes)


def test_a_lesion_that_the_border_cuts_is_said(tmp_path):
    affine, _, place = grid()
    cut = slice(0, int(np.flatnonzero(place[0, 0, :, 2] >= 32)[0]))
    files = [
        saved(tmp_path, "a", segments(place)[:, :, cut], affine),
        saved(tmp_path, "b", ball(place, (60, 10, 30), 30.0)[:, :, cut], affine),
    ]
    assert "The border of the scan cuts a lesion: its size and volume are of a part." in drafted(files).notes


def test_a_vessel_that_is_nowhere_near_the_liver_tells_nothing_of_contacts(tmp_path):
    affine, _, place = grid(margin=40.0)
    files = [
        saved(tmp_path, "a", segments(place), affine),
        saved(tmp_path, "b", ball(place, (60, 10, 30), 30.0), affine),
    ]
    files.append(saved(tmp_path, "vena_cava", ball(place, (0, 95, 0), 8.0), affine))
    assert drafted(files).case().lesions[0].contacts is None


def test_specks_are_no_lesions_and_are_listed(tmp_path):
    affine, _, place = grid()
    mask = ball(place, (60, 10, 30), 30.0)
    mask[tuple(np.array(mask.shape) // 2)] = True
    draft = drafted([saved(tmp_path, "a", segments(place), affine), saved(tmp_path, "b", mask, affine)])
    assert len(draft.case().lesions) == 1
    assert any(note.startswith("Specks") and "(0, 0, 0) mm" in note for note in draft.notes)


def test_touching_lesions_with_labels_of_their_own_stay_two(tmp_path):
    affine, _, place = grid()
    one, other = ball(place, (60, 10, 30), 20.0), ball(place, (60, 10, 10), 20.0)
    joined = [saved(tmp_path, "a", segments(place), affine), saved(tmp_path, "b", one | other, affine)]
    apart = [joined[0], saved(tmp_path, "c", one * 1 + (other & ~one) * 2, affine)]
    assert len(drafted(joined).case().lesions) == 1
    assert len(drafted(apart).case().lesions) == 2


# --- the parts --------------------------------------------------------------------------------------------------------


def slowly(mask):
    """The connected parts of a mask, one voxel after the other."""
    left, found = {tuple(one) for one in np.argwhere(mask)}, []
    while left:
        waiting, part = [left.pop()], set()
        while waiting:
            one = waiting.pop()
            part.add(one)
            for step in itertools.product((-1, 0, 1), repeat=3):
                near = tuple(a + b for a, b in zip(one, step, strict=True))
                if near in left:
                    left.remove(near)
                    waiting.append(near)
        found.append(frozenset(part))
    return set(found)


@settings(max_examples=40, deadline=None, derandomize=True)
@given(
    st.integers(0, 10**6),
    st.sampled_from([0.05, 0.15, 0.3, 0.6]),
    st.tuples(st.integers(1, 7), st.integers(1, 7), st.integers(1, 7)),
)
def test_law_parts_are_those_that_a_slow_search_finds(seed, share, shape):
    mask = np.random.default_rng(seed).random(shape) < share
    index, part, _ = components(mask.astype(np.uint8))
    place = np.stack(np.unravel_index(index, shape), axis=1)
    found = {frozenset(map(tuple, place[part == one].tolist())) for one in set(part.tolist())}
    assert found == slowly(mask)


@settings(max_examples=40, deadline=None, derandomize=True)
@given(st.integers(0, 10**6), st.integers(1, 60), st.integers(1, 60), st.floats(0.5, 20))
def test_law_distances_are_those_of_all_pairs(seed, ours, theirs, edge):
    random = np.random.default_rng(seed)
    one, other = random.normal(size=(ours, 3)) * 10, random.normal(size=(theirs, 3)) * 10 + random.normal(size=3) * 20
    pairs = np.sqrt(((other[:, None, :] - one[None, :, :]) ** 2).sum(axis=2))
    clouds = Cloud(one, edge), Cloud(other, edge)
    assert nearest(*clouds)[0] == pytest.approx(pairs.min())
    limit = float(np.median(pairs)) * 1.001
    assert np.array_equal(within(*clouds, limit), pairs.min(axis=1) <= limit)


@settings(max_examples=40, deadline=None, derandomize=True)
@given(st.integers(0, 10**6), st.integers(1, 200))
def test_law_the_longest_diameter_is_that_of_all_voxels(seed, number):
    index = np.unique(np.random.default_rng(seed).integers(0, 9, size=(number, 3)), axis=0)
    assert farthest(extreme_points(index).astype(float))[0] == pytest.approx(farthest(index.astype(float))[0])


def test_a_hole_inside_a_body_is_not_outside():
    mask = np.zeros((7, 7, 7), dtype=bool)
    mask[1:6, 1:6, 1:6] = True
    mask[3, 3, 3] = False
    outside = outside_of(mask)
    assert not outside[3, 3, 3]
    assert outside[0, 0, 0]
    assert outside.sum() == 7**3 - 5**3


# --- the real liver ---------------------------------------------------------------------------------------------------


def real_liver(folder):
    """The liver of a scan with segments by planes and three balls, away from the border of its grid."""
    image = nibabel.load(SAMPLES / "liver.nii.gz")
    liver = np.pad(np.asanyarray(image.dataobj), 4)
    cava = np.pad(np.asanyarray(nibabel.load(SAMPLES / "inferior_vena_cava.nii.gz").dataobj), 4)
    affine = image.affine.copy()
    affine[:3, 3] -= affine[:3, :3] @ [4, 4, 4]
    place = (
        np.stack(np.meshgrid(*[np.arange(size) for size in liver.shape], indexing="ij"), axis=-1) @ affine[:3, :3].T
        + affine[:3, 3]
    )
    inside = place[liver > 0]
    x, z = np.quantile(inside[:, 0], [0.2, 0.4, 0.7]), np.median(inside[:, 2])
    table = np.array([[3, 2], [4, 4], [5, 8], [6, 7]], dtype=np.uint8)
    found = np.where(liver > 0, table[np.digitize(place[..., 0], x), (place[..., 2] > z).astype(int)], 0)
    middle = inside.mean(axis=0)
    lesions = (ball(place, middle, 24.0) | ball(place, middle + [40, 0, -10], 16.0)) & (liver > 0)
    return [
        saved(folder, "segments", found, affine), saved(folder, "lesions", lesions, affine), saved(folder, "inferior_vena_cava", cava, affine)
    ]  # fmt: skip


@pytest.mark.skipif(not SAMPLES.is_dir(), reason="the samples of a scan are not here")
def test_a_real_liver_becomes_a_case_and_a_plan_without_a_typed_volume(tmp_path, capsys):
    files = real_liver(tmp_path)
    for words in (
        ("import", "labels", *files, "-o", tmp_path / "case.yaml"),
        ("validate", tmp_path / "case.yaml"),
        ("plan", tmp_path / "case.yaml"),
        ("report", tmp_path / "case.yaml", "-o", tmp_path / "page.html"),
    ):
        with patch.object(sys, "argv", ["pathways", *map(str, words)]), pytest.raises(SystemExit) as stop:
            run()
        assert (stop.value.code or 0) in (0, 1), capsys.readouterr().err
    case = load_case(tmp_path / "case.yaml")
    assert case.liver.total_ml == pytest.approx(1062.45, abs=1)
    assert len(case.lesions) == 2
    assert (tmp_path / "page.html").stat().st_size > 10_000


@pytest.mark.slow
def test_a_large_scan_is_measured_in_time(tmp_path):
    affine, _, place = grid((0.8, 0.8, 1.0), margin=2.0)
    liver = segments(place)
    random = np.random.default_rng(3)
    lesions = np.any([ball(place, random.uniform(-40, 40, 3), random.uniform(6, 30)) for _ in range(20)], axis=0)
    whole = [np.zeros((512, 512, 400), dtype=np.uint8) for _ in range(2)]
    for one, part in zip(whole, (liver, lesions), strict=True):
        one[100 : 100 + part.shape[0], 100 : 100 + part.shape[1], 100 : 100 + part.shape[2]] = part
    files = [saved(tmp_path, name, one, affine) for name, one in zip("ab", whole, strict=True)]
    begun = time.perf_counter()
    assert parse_case(drafted(files).text()).lesions
    assert time.perf_counter() - begun < 30
