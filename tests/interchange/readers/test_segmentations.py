"""Volumes of segmentations become drafts: the same whatever program wrote them, with what is not in them said, and nothing guessed."""

import json
import sys
from unittest.mock import patch

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pathways.case.loading import parse_case
from pathways.case.writing import case_text
from pathways.cli.main import run
from pathways.documents.problems import PathwaysError
from pathways.interchange.readers import slicer, totalsegmentator
from pathways.interchange.readers.naming import meaning, names_of

STATISTICS = {
    "liver": {"volume": 1500000.0, "intensity": 60.1},
    "liver_segment_1": {"volume": 31000.0, "intensity": 60.1},
    "liver_segment_4": {"volume": 230100.5, "intensity": 60.1},
    "liver_segment_5": {"volume": 0.0, "intensity": 0.0},
    "spleen": {"volume": 200000.0, "intensity": 60.1},
    "liver_tumor": {"volume": 44300.0, "intensity": 60.1},
}
NAMES = {
    "liver": 1500,
    "S1": 31,
    "IVa": 100,
    "Segment 4b": 130.1,
    "VIII": 250.5,
    "spleen": 200,
    "Tumor 1": 14.1,
    "met_2_S6": 30.2,
}


def statistics(tmp_path, told=STATISTICS, name="statistics.json"):
    file = tmp_path / name
    file.write_text(json.dumps(told), encoding="utf-8")
    return file


def drafted(file, own=()):
    door = totalsegmentator if file.suffix == ".json" else slicer
    return door.draft_of([file], "a", names_of(list(own)))


def refusal(file, own=()):
    with pytest.raises(PathwaysError) as error:
        drafted(file, own).text()
    return str(error.value)


def by_plugin(names, thousandth=1):
    yield "Segment,LabelmapSegmentStatisticsPlugin.voxel_count,LabelmapSegmentStatisticsPlugin.volume_mm3,LabelmapSegmentStatisticsPlugin.volume_cm3"
    for name, ml in names.items():
        yield f"{name},17,{round(ml * 1000, 6)},{ml}"


def by_name(names):
    yield "Segment,Number of voxels [voxels] (LM),Volume [cm3] (LM),Surface [mm2] (CS),Volume [cm3] (CS)"
    for name, ml in names.items():
        yield f"{name},17,{ml},9,{ml * 1.02:.4f}"


def of_2019(names):
    yield "Segment;Volume (mm3) (1);Volume (cc) (1)"
    for name, ml in names.items():
        yield f"{name};{round(ml * 1000, 6)};{ml}".replace(".", ",")


DIALECTS = (by_plugin, by_name, of_2019)


def table(tmp_path, names=NAMES, dialect=by_plugin, name="table.csv"):
    file = tmp_path / name
    file.write_text("\n".join(dialect(names)) + "\n", encoding="utf-8")
    return file


def test_a_draft_is_a_case_with_where_each_value_came_from(tmp_path):
    text = drafted(statistics(tmp_path)).text()
    assert "  total_ml: 1500  # statistics.json: liver 1500000 mm³; tumour included\n" in text
    assert '    "4": 230.1  # statistics.json: liver_segment_4 230100.5 mm³\n' in text
    case = parse_case(text)
    assert case.liver.segments_ml == {"1": 31, "4": 230.1}
    assert case.liver.tumour_ml == 44.3
    assert case.primary.tumour == "unknown"
    assert case.lesions[0].segments == ("unknown",)


def test_a_draft_lists_what_is_not_in_it(tmp_path):
    draft = drafted(statistics(tmp_path))
    assert draft.unmapped == ["spleen (200000 mm³)"]
    assert {"segments", "size_mm"} <= set(draft.missing()["lesions"])
    assert "tumour" in draft.missing()["primary"]
    assert "segments_ml" not in draft.missing()["liver"]
    assert any("liver_segment_5" in note and "border" in note for note in draft.notes)


def test_nothing_is_planned_by_an_import(tmp_path, monkeypatch, capsys):
    file = statistics(tmp_path)
    monkeypatch.setattr("pathways.planning.plan.plan", None)
    words = ["pathways", "import", "totalsegmentator", str(file), "-o", str(tmp_path / "case.yaml")]
    with patch.object(sys, "argv", words), pytest.raises(SystemExit) as stop:
        run()
    assert stop.value.code == 0
    shown = capsys.readouterr()
    assert shown.out == ""
    assert "still missing" in shown.err
    assert (tmp_path / "case.schema.json").is_file()
    assert parse_case((tmp_path / "case.yaml").read_text(encoding="utf-8")).id == "case"


def test_a_draft_that_somebody_has_edited_is_not_written_over(tmp_path, capsys):
    case = tmp_path / "case.yaml"
    case.write_text("# mine\n", encoding="utf-8")
    words = ["pathways", "import", "totalsegmentator", str(statistics(tmp_path)), "-o", str(case)]
    with patch.object(sys, "argv", words), pytest.raises(SystemExit) as stop:
        run()
    assert stop.value.code == 2
    assert case.read_text(encoding="utf-8") == "# mine\n"


def test_statistics_in_another_unit_are_refused_with_the_place_and_the_unit(tmp_path):
    words = refusal(statistics(tmp_path, {"liver": {"volume": 1500.0}}))
    assert words.startswith(f"{tmp_path}/statistics.json:1:")
    assert "1.5 ml; accepted: 200 to 12000 ml; TotalSegmentator tells mm³" in words


def test_segments_in_another_unit_are_refused_too(tmp_path):
    told = {f"liver_segment_{number}": {"volume": 150.0} for number in range(1, 9)}
    assert "1.2 ml in sum" in refusal(statistics(tmp_path, told))


def test_statistics_without_a_liver_are_refused(tmp_path):
    assert "no liver, segment or lesion among the names" in refusal(statistics(tmp_path, {"spleen": {"volume": 2e5}}))


@pytest.mark.parametrize(
    "told", [[], {}, {"liver": 5}, {"liver": {"volume": "large"}}, {"liver": {"volume": -1}}, {"liver": {}}]
)
def test_what_is_no_statistics_is_refused(tmp_path, told):
    assert "statistics.json of TotalSegmentator" in refusal(statistics(tmp_path, told))


def test_one_name_with_two_volumes_is_refused(tmp_path):
    other = statistics(tmp_path, {"liver": {"volume": 1700000.0}}, "other.json")
    with pytest.raises(PathwaysError, match="accepted: one of them"):
        totalsegmentator.draft_of([statistics(tmp_path), other], "a", {})


def test_segments_that_must_hold_the_tumour_are_left_out_and_said(tmp_path):
    told = {f"liver_segment_{number}": {"volume": 200000.0} for number in range(1, 9)}
    told |= {"liver": {"volume": 1600000.0}, "liver_lesions": {"volume": 500000.0}}
    draft = drafted(statistics(tmp_path, told))
    assert "segments_ml" not in draft.value["liver"]
    assert any("take it off" in note for note in draft.notes)
    assert draft.case().liver.tumour_ml == 500


@pytest.mark.parametrize("dialect", DIALECTS)
def test_every_dialect_of_slicer_gives_the_same_case(tmp_path, dialect):
    case = drafted(table(tmp_path, dialect=dialect)).case()
    assert case.liver.segments_ml == {"1": 31, "4": 230.1, "8": 250.5}
    assert case.liver.total_ml == 1500
    assert case.liver.tumour_ml == 44.3
    assert [(one.id, one.segments) for one in case.lesions] == [("met_2_S6", (6,)), ("Tumor 1", ("unknown",))]


def test_the_diameter_that_slicer_measured_is_the_size(tmp_path):
    file = tmp_path / "t.csv"
    file.write_text("Segment,Volume [cm3],Feret diameter [mm]\nlesion 1,14.1,31.5\n", encoding="utf-8")
    assert drafted(file).case().lesions[0].size_mm == 31.5


def test_a_group_of_segments_is_what_stays_without_the_others(tmp_path):
    case = drafted(table(tmp_path, {"liver": 1500, "II+III": 250})).case()
    remnant = case.liver.measured_remnants[0]
    assert (remnant.removes, remnant.ml) == ((1, 4, 5, 6, 7, 8), 250)


def test_a_region_in_a_word_is_listed_and_not_guessed(tmp_path):
    draft = drafted(table(tmp_path, {"liver": 1500, "Right lobe": 900, "FLR": 400}))
    assert draft.unmapped == ["Right lobe (900 cm3)", "FLR (400 cm3)"]


def test_a_name_that_slicer_gives_by_itself_is_asked_for(tmp_path):
    file = table(tmp_path, {"liver": 1500, "Segment_1": 31})
    assert "accepted: --map Segment_1=S1" in refusal(file)
    assert drafted(file, ["Segment_1=S1"]).case().liver.segments_ml == {"1": 31}
    assert drafted(file, ["Segment_1=lesion"]).case().lesions[0].id == "Segment_1"


def test_two_units_that_do_not_agree_are_refused(tmp_path):
    file = tmp_path / "t.csv"
    file.write_text("Segment,Volume [mm3],Volume [cm3]\nliver,1500000,15\n", encoding="utf-8")
    assert f"{file}:2:2: liver: got 1500000 mm3 beside 15 cm3" in refusal(file)


def test_shifted_columns_are_refused(tmp_path):
    file = tmp_path / "t.csv"
    file.write_text("Segment,Volume [cm3]\n1,liver,1500\n", encoding="utf-8")
    assert f"{file}:2:3: 3 cells, but the first line names 2" in refusal(file)
    file.write_text("Segment,Volume [cm3],Note\n1,liver,1500\n", encoding="utf-8")
    assert 'got "liver"; accepted: a number' in refusal(file)


def test_a_number_that_may_be_a_thousand_is_refused(tmp_path):
    file = tmp_path / "t.csv"
    file.write_text("Segment;Volume [cm3]\nliver;1,500\n", encoding="utf-8")
    assert 'got "1,500"' in refusal(file)


@pytest.mark.parametrize("header", ["Segment,Volume", "Name,Volume [cm3]", "Segment,Volume [voxels]", "a,b"])
def test_a_table_of_something_else_is_refused(tmp_path, header):
    file = tmp_path / "t.csv"
    file.write_text(f"{header}\nliver,1500\n", encoding="utf-8")
    assert "Segment Statistics" in refusal(file)


@pytest.mark.parametrize(
    ("name", "what", "segments"),
    [
        ("I", "segments", (1,)), ("viii", "segments", (8,)), ("4", "segments", (4,)), ("S4a", "segments", (4,)), ("liver_segment_7", "segments", (7,)),
        ("Segment 4a", "segments", (4,)), ("Seg_5", "segments", (5,)), ("IVa + IVb", "segments", (4,)), ("5-8", "segments", (5, 6, 7, 8)),
        ("Leber", "liver", ()), ("whole liver", "liver", ()), ("liver_lesions", "tumour", ()), ("Tumour", "tumour", ()),
        ("lesion 3", "lesion", ()), ("Met_2_S6", "lesion", (6,)), ("tumor_a", "lesion", ()), ("Segment_3", "by_itself", ()),
        ("right liver", "region", ()), ("FLR", "region", ()), ("portal vein", "foreign", ()), ("vertebrae_L1", "foreign", ()), ("9", "foreign", ()),
        ("in", "foreign", ()), ("lung_upper_lobe_left", "foreign", ()),
    ],
)  # fmt: skip
def test_what_a_name_means(name, what, segments):
    found = meaning(name, {})
    assert (found.what, found.segments) == (what, segments)


@settings(max_examples=40, deadline=None, derandomize=True)
@given(
    st.permutations(list(NAMES)),
    st.sampled_from(DIALECTS),
    st.sampled_from(["", "\ufeff"]),
    st.sampled_from(["\n", "\r\n"]),
)
def test_law_order_dialect_and_line_ends_make_no_other_case(tmp_path_factory, order, dialect, bom, end):
    folder = tmp_path_factory.mktemp("law")
    file = folder / "t.csv"
    file.write_bytes((bom + end.join(dialect({name: NAMES[name] for name in order})) + end).encode())
    plain = drafted(table(folder, name="plain.csv")).case()
    found = drafted(file).case()
    assert sorted(case_text(found).splitlines()) == sorted(case_text(plain).splitlines())
