"""Tables become drafts: one row a patient, one a lesion; what cannot be used is one line a patient, with place and remedy."""

import csv
import io
import re
import sys
from unittest.mock import patch

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from registries import write_tables
from shipped import CONSTRUCTED, PUBLISHED, ROOT, case_at

from pathways.case.loading import load_case
from pathways.cli.main import run
from pathways.documents.problems import PathwaysError
from pathways.interchange.readers.tables.columns import TABLES, accepted, keys_in, mapping_of
from pathways.interchange.readers.tables.dictionary import REDCAP, dictionary, redcap
from pathways.interchange.readers.tables.reading import read_tables

PATIENTS = "id,age,sex,tumour,site,ras,weight_kg\nA1,62,f,CRC,sigmoid,G12D,71\nA2,55,m,CRC,rectum,wt,80\n"
LESIONS = "id,segments,size_mm,contacts\nA1,S8,35,RHV\nA1,6/7,5 cm,\nA2,IVa,12,none\n"


def tables(tmp_path, patients=PATIENTS, lesions=LESIONS, **others):
    files = []
    for name, text in {"patients": patients, "lesions": lesions, **others}.items():
        file = tmp_path / f"{name}.csv"
        file.write_text(text, encoding="utf-8")
        files.append(file)
    return files


def drafted(files, *own):
    return {one.id: one for one in read_tables(files, mapping_of(list(own)))[0]}


def lines(files, *own):
    """What is wrong with the patients of some tables, one line each; or with the tables as a whole."""
    try:
        return [one.line() for one in read_tables(files, mapping_of(list(own)))[0] if one.problem]
    except PathwaysError as error:
        return str(error).splitlines()


def command(*words):
    with patch.object(sys, "argv", ["pathways", *map(str, words)]), pytest.raises(SystemExit) as stop:
        run()
    return stop.value.code or 0


def test_words_of_the_ward_in_a_table_are_understood(tmp_path):
    case = drafted(tables(tmp_path))["A1"].draft.case()
    assert (case.patient.age_years, case.patient.sex, case.primary.tumour, case.primary.ras) == (
        62,
        "female",
        "colorectal",
        "mutated",
    )
    assert [(one.segments, one.size_mm, one.contacts) for one in case.lesions] == [
        ((8,), 35, ("right_hepatic_vein",)),
        ((6, 7), 50, None),
    ]
    assert drafted(tables(tmp_path))["A2"].draft.case().lesions[0].contacts == ()


def test_a_draft_says_the_line_of_each_value(tmp_path):
    text = drafted(tables(tmp_path))["A1"].draft.text()
    assert "  age_years: 62  # patients.csv:2: age 62\n" in text
    assert "    size_mm: 50  # lesions.csv:3: size_mm 5 cm\n" in text


@pytest.mark.parametrize("separator", [",", ";", "\t"])
def test_every_shipped_case_goes_through_its_tables(tmp_path, separator):
    cases = [case_at(file) for file in (*PUBLISHED, *CONSTRUCTED)]
    found = drafted(write_tables(cases, tmp_path, separator))
    assert [one.line() for one in found.values() if one.problem] == []
    for case in cases:
        assert found[case.id].draft.case() == case.model_copy(update={"source": None}), case.id


@settings(max_examples=30, deadline=None, derandomize=True)
@given(
    st.permutations(range(6)), st.sampled_from([",", ";", "\t"]), st.sampled_from(["", "\ufeff"]), st.booleans(), st.sampled_from(["kg", "g"]), st.sampled_from(["mm", "cm"])
)  # fmt: skip
def test_law_order_of_columns_separators_and_units_make_no_other_case(
    tmp_path_factory, order, separator, bom, commas, mass, length
):
    folder = tmp_path_factory.mktemp("law")
    per = {"kg": ("weight_kg", 71.5), "g": ("weight_g", 71500)}[mass]
    size = {"mm": ("size_mm", "35.5"), "cm": ("size_cm", "3.55")}[length]
    columns = [
        ("id", "A1"),
        ("age", "62"),
        ("sex", "f"),
        ("tumour", "CRC"),
        (per[0], str(per[1])),
        ("height_cm", "168"),
    ]
    commas = commas and separator != ","
    rows = {
        "patients": [[columns[place][side] for place in order] for side in (0, 1)],
        "lesions": [["patient_id", "segments", size[0]], ["A1", "V and VI", size[1]]],
    }
    files = []
    for name, found in rows.items():
        text = "\n".join(
            separator.join(one.replace(".", ",") if commas and "_" not in one else one for one in row) for row in found
        )
        files.append(folder / f"{name}.csv")
        files[-1].write_text(bom + text + "\n", encoding="utf-8")
    case = drafted(files)["A1"].draft.case()
    assert (case.patient.weight_kg, case.patient.height_cm, case.lesions[0].size_mm, case.lesions[0].segments) == (
        71.5,
        168,
        35.5,
        (5, 6),
    )


def test_sheets_of_one_file_are_read_and_a_date_that_a_spreadsheet_made_is_refused(tmp_path):
    from openpyxl import Workbook

    book = Workbook()
    book.active.title = "patients"
    for row in (["id", "age", "tumour", "weight_kg"], [1, 62, "CRC", 71.5]):
        book.active.append(row)
    sheet = book.create_sheet("lesions")
    for row in (["id", "segments", "size_mm"], [1, "5-8", 35]):
        sheet.append(row)
    file = tmp_path / "registry.xlsx"
    book.save(file)
    assert drafted([file])["1"].draft.case().lesions[0].segments == (5, 6, 7, 8)
    import datetime as dt

    sheet["B2"] = dt.datetime(2026, 8, 5)  # noqa: DTZ001
    book.save(file)
    assert lines([file]) == [f'1: {file}[lesions]:2:2: segments: got the date "2026-08-05": a spreadsheet makes one of 5-8; accepted: a column of text, with 5;6;7;8']  # fmt: skip


def test_what_is_wrong_is_one_line_a_patient_and_the_others_are_written(tmp_path, capsys):
    patients = PATIENTS + "A3,620,f,CRC,colon,,70\nA1,50,f,CRC,colon,,70\nA4,50,f,CRC,colon,,70\n"
    files = tables(tmp_path, patients, LESIONS + "A3,9,10,\nA9,2,10,\nA1,2,wide,\n")
    assert command("import", "table", *files, "-o", tmp_path / "cases") == 2
    shown = capsys.readouterr()
    assert shown.out == ""
    said = [line for line in shown.err.splitlines() if ".csv:" in line]
    assert len(said) == 5
    assert "A1: " in said[0]
    assert 'lesions.csv:7:3: size_mm: got "wide"' in said[0]
    assert "A3: " in said[1]
    assert "patients.csv:4:2: age: got 620" in said[1]
    assert "(and 1 more)" in said[1]
    assert 'patients.csv:5:1: id: "A1" stands in line 2 already' in said[2]
    assert 'tells a lesion of "A4"' in said[3]
    assert "A9" in said[4]
    assert sorted(file.stem for file in (tmp_path / "cases").glob("*.yaml")) == ["A2"]
    assert load_case(tmp_path / "cases" / "A2.yaml").primary.site == "rectum"


def test_hundreds_of_patients_are_hundreds_of_drafts(tmp_path, capsys):
    def of(number):
        patients = "id,age,tumour\n" + "".join(f"P{one},{30 + one % 50},CRC\n" for one in range(number))
        return tables(tmp_path, patients, "id,segments\n" + "".join(f"P{one},{1 + one % 8}\n" for one in range(number)))

    assert sum(one.draft is not None for one in drafted(of(300)).values()) == 300
    assert command("import", "table", *of(20), "-o", tmp_path / "cases") == 0
    assert len(list((tmp_path / "cases").glob("*.yaml"))) == 20
    assert "20 of 20 rows are drafts" in capsys.readouterr().err


def test_one_patient_may_be_one_file(tmp_path, capsys):
    files = tables(tmp_path, "id,age,tumour\nA1,62,CRC\n", "id,segments\nA1,8\n")
    assert command("import", "table", *files, "-o", tmp_path / "case.yaml") == 0
    assert load_case(tmp_path / "case.yaml").patient.age_years == 62
    assert command("import", "table", *tables(tmp_path)) == 2
    assert "accepted: the name of a folder" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("patients", "lesions", "said"),
    [
        ("id,agee\nA1,62\n", LESIONS, 'patients.csv:1:2: agee: unknown column; did you mean "age"?'),
        ("id,age\nA1,62,CRC\n", LESIONS, "patients.csv:2:3: 3 cells, but the first line names 2 columns"),
        ("age\n62\n", LESIONS, "no column tells whose the row is"),
        (PATIENTS, "id,size_mm\nA1,3\n", 'the required key "segments" is missing'),
        (PATIENTS, "id,segments,size\nA1,8,3\nA2,8,3\n", 'unknown key "size"'),
        (PATIENTS, "id,segments,size_mm\nA1,8,3.500\nA2,8,0\n", "got 0; accepted: more than 0"),
        (PATIENTS, 'id,segments,size_mm\nA1,8,"3,5"\nA2,8,"1,500"\n', 'got "3,5", which may be a thousand or a part of one'),
        (PATIENTS, "id;segments;size_mm\nA1;8;3,5\nA2;8;1.500\n", 'got "1.500", which may be a thousand or a part of one'),
        (PATIENTS, "id,segments,segments\nA1,8,8\n", "tells the same; accepted: once"),
    ],
)  # fmt: skip
def test_wrong_tables_are_refused_with_place_and_remedy(tmp_path, patients, lesions, said):
    assert any(said in line for line in lines(tables(tmp_path, patients, lesions)))


def test_columns_of_a_registry_are_named_by_map(tmp_path):
    files = tables(tmp_path, "Fall;Alter;Geschlecht;Tumor;Station\nA1;62;f;CRC;3B\n", "Fall;Segment;Größe\nA1;S8;3,5\n")
    own = ("Fall=id", "Alter=age_years", "Geschlecht=sex", "Tumor=tumour", "Segment=segments", "Größe=size_cm")
    case = drafted(files, *own)["A1"].draft.case()
    assert (case.patient.sex, case.lesions[0].size_mm) == ("female", 35)
    assert "passed over, no keys of a case: Station" in read_tables(files, mapping_of(list(own)))[1][0]


HISTORY = "id,event,date,until_date,regimen\nA1,chemotherapy,{},{},folfox\nA1,primary_resection,{},,\n"


def test_dates_are_weeks_before_the_day_of_the_patient(tmp_path):
    history = HISTORY.format("2026-03-01", "2026-05-01", "2026-01-01")
    files = tables(tmp_path, "id,tumour,today\nA1,CRC,2026-06-01\n", "id,segments\nA1,8\n", history=history)
    events = drafted(files)["A1"].draft.case().history
    assert [(one.event, one.week, one.until_week) for one in events] == [
        ("primary_resection", -21, None),
        ("chemotherapy", -13, -4),
    ]


@pytest.mark.parametrize(
    ("today", "dates", "said"),
    [
        ("", ("2026-03-01", "2026-05-01", "2026-01-01"), "with a column today in the table of patients"),
        ("2026-06-01", ("2026-03-01", "2026-05-01", "01.02.2026"), "may have exchanged day and month"),
        ("2026-06-01", ("2026-03-01", "2026-05-01", "46000"), "may have exchanged day and month"),
        ("2026-06-01", ("03/01/2026", "05/01/2026", "01/01/2026"), "day and month cannot be told apart"),
        ("2026-06-01", ("2026-03-01", "2026-07-01", "2026-01-01"), "which is after 2026-06-01"),
        ("2026-06-01", ("2026-02-30", "2026-03-01", "2026-01-01"), 'got "2026-02-30"; accepted: a date'),
    ],
)
def test_dates_that_cannot_be_trusted_are_refused(tmp_path, today, dates, said):
    files = tables(
        tmp_path, f"id,tumour,today\nA1,CRC,{today}\n", "id,segments\nA1,8\n", history=HISTORY.format(*dates)
    )
    assert said in "\n".join(lines(files))


def test_an_export_of_redcap_is_read(tmp_path):
    text = (
        "record_id,redcap_repeat_instrument,redcap_repeat_instance,age_years,tumour,anticoagulated,extrahepatic,patients_complete,lesion_segments___8,"
        "lesion_segments___7,lesion_size_mm,lesion_contacts___none,lesion_contacts___right_hepatic_vein\n"
        "1,,,62,colorectal,0,0,2,,,,,\n1,lesions,1,,,,,,1,1,35,0,1\n1,lesions,2,,,,,,0,1,20,1,0\n1,lesions,3,,,,,,0,1,20,0,0\n"
    )
    file = tmp_path / "export.csv"
    file.write_text(text, encoding="utf-8")
    case = drafted([file])["1"].draft.case()
    assert (case.patient.anticoagulated, case.extrahepatic) == (False, ())
    assert [one.segments for one in case.lesions] == [(8, 7), (7,), (7,)]
    assert [one.contacts for one in case.lesions] == [("right_hepatic_vein",), (), None]


def test_disease_elsewhere_that_has_no_row_is_asked_for(tmp_path):
    files = tables(tmp_path, "id,tumour,extrahepatic\nA1,CRC,yes\n", "id,segments\nA1,8\n")
    assert "extrahepatic says yes" in lines(files)[0]


def test_the_dictionary_tells_every_column_with_an_example_that_is_read(tmp_path):
    rows = list(csv.DictReader(io.StringIO(dictionary())))
    assert {(row["table"], row["column"]) for row in rows} == {
        (table.name, name) for table in TABLES for name in accepted(table)
    }
    assert all(row["meaning"] for row in rows)
    own = [row["column"] for row in rows if row["table"] == "patients"]
    assert len(own) == len(set(own))
    patients = {row["column"]: row["example"] for row in rows if row["table"] == "patients"}
    patients |= {
        "id": "A1",
        "tumour": "neuroendocrine",
        "site": "",
        "pregnant_weeks": "",
        "extrahepatic": "",
        **{name: "" for name in patients if name.startswith(("segment_", "removed", "embolised"))},
    }
    text = ",".join(patients) + "\n" + ",".join(patients.values()) + "\n"
    assert lines(tables(tmp_path, text, "id,lesion_segments\nA1,8\n")) == []


def test_the_dictionary_of_redcap_is_one(tmp_path):
    rows = list(csv.reader(io.StringIO(redcap())))
    assert tuple(rows[0]) == REDCAP
    names = [row[0] for row in rows[1:]]
    assert names[0] == "record_id"
    assert len(set(names)) == len(names)
    assert all(re.fullmatch(r"[a-z][a-z0-9_]{0,99}", name) for name in names)
    assert {row[3] for row in rows[1:]} <= {"text", "dropdown", "yesno", "checkbox"}
    for row in rows[1:]:
        assert len(row) == len(REDCAP)
        if row[3] in ("dropdown", "checkbox"):
            codes = [one.split(",")[0] for one in row[5].split(" | ")]
            assert all(re.fullmatch(r"[A-Za-z0-9_]+", code) for code in codes), row[0]
    every = {name.lower() for table in TABLES for name, _, _ in keys_in(table)}
    assert every <= set(names)


def test_dictionaries_are_printed(capsys):
    assert command("schema", "table") == 0
    assert capsys.readouterr().out == dictionary()
    assert command("schema", "redcap") == 0
    assert capsys.readouterr().out == redcap()


def test_the_example_of_the_manual_is_what_its_tables_make():
    place = ROOT / "docs" / "how-to" / "import"
    files = [place / f"{name}.csv" for name in ("patients", "lesions", "history")]
    for name, one in drafted(files).items():
        assert load_case(place / "cases" / f"{name}.yaml") == one.draft.case()


def test_a_liver_that_was_cleared_has_no_row_and_the_table_of_patients_says_so(tmp_path):
    history = "id,event,week\nA1,hepatectomy,-5\n"
    told = "id,tumour,status,extrahepatic,liver_cleared\nA1,CRC,resected,no,{}\n"
    empty, one = "id,segments\n", "id,segments\nA1,8\n"
    assert drafted(tables(tmp_path, told.format("yes"), empty, history=history))["A1"].draft.case().lesions == ()
    assert (
        "accepted: one or more, or liver_cleared yes"
        in lines(tables(tmp_path, told.format("no"), empty, history=history))[0]
    )
    assert "accepted: one of them" in lines(tables(tmp_path, told.format("yes"), one, history=history))[0]
