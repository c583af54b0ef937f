"""A first file: asked for in the words of the ward, as a blank, or as an example, with the schema beside it."""

import json
import re
import sys
from unittest.mock import patch

import jsonschema
import pytest
from ruamel.yaml import YAML
from shipped import CONSTRUCTED, COURSES, PUBLISHED

import pathways as pw
from pathways.case.models import Case
from pathways.case.writing import blank_text, case_text
from pathways.cli import questions, starting
from pathways.cli.questions import Interview

RECTUM = [
    "lm-7", "rectum", "mid rectum", "in situ", "no", "sync", "", "cT3 cN1", "wt", "wt", "pMMR", "85",
    "S8", "", "3.5 cm", "RHV, MHV", "", "", "6/7", "2", "18 mm", "none", "", "", "",
    "none", "normal", "none", "no", "1650", "5-8", "31", "", "chemo", "-14", "-2", "FOLFIRI + cetuximab", "6", "PR", "",
    "58", "m", "178", "85", "1", "II", "major", "none",
]  # fmt: skip


def answered(capsys, *words):
    from pathways.cli.main import run

    with patch.object(sys, "argv", ["pathways", *map(str, words)]), pytest.raises(SystemExit) as stop:
        run()
    return stop.value.code, capsys.readouterr()


def interview(*answers):
    said = []
    return Interview(iter(answers), said.append), said


def test_a_patient_told_in_the_words_of_the_ward_is_a_case():
    case = interview(*RECTUM)[0].case()
    assert (case.id, case.primary.tumour, case.primary.site, case.primary.node_positive) == (
        "lm-7",
        "colorectal",
        "rectum",
        True,
    )
    assert [(one.segments, one.size_mm, one.contacts) for one in case.lesions] == [
        ((8,), 35, ("right_hepatic_vein", "middle_hepatic_vein")), ((6, 7), 18, ()),
    ]  # fmt: skip
    assert case.extrahepatic == ()
    assert case.liver.measured_remnants[0].fraction == 0.31
    assert (case.history[0].regimen, case.history[0].response, case.history[0].until_week) == (
        "folfiri_cetuximab",
        "partial",
        -2,
    )
    assert (case.patient.age_years, case.patient.asa, case.patient.declines) == (58, 2, ())


def test_what_was_told_is_written_so_that_it_is_read_again():
    case = interview(*RECTUM)[0].case()
    again = pw.parse_case(case_text(case))
    assert again == case
    assert again.understood == ()
    assert pw.plan(again, pw.load_protocol()).pathways


def test_no_answers_tell_nothing():
    case = interview()[0].case()
    assert case == pw.parse_case(blank_text())
    assert case.extrahepatic is None


def test_what_is_not_understood_is_asked_again_with_what_was_wrong():
    made, said = interview("x", "rectum", "sigmoid", "rectum")
    case = made.case()
    assert case.primary.site == "rectum"
    wrong = [one for one in said if "not understood" in one]
    assert len(wrong) == 1
    assert 'primary.tumour in line 1 says "rectum"' in wrong[0]


def test_an_answer_that_may_mean_two_things_is_asked_again():
    made, said = interview(
        "x", "CRC", "", "", "", "", "", "", "", "", "", "", "left lobe", "left liver", "", "", "portal vein", "RHV"
    )
    (lesion,) = made.case().lesions
    assert lesion.segments == ("left_liver",)
    assert lesion.contacts == ("right_hepatic_vein",)
    assert sum("may mean" in one for one in said) == 2


def test_what_was_read_is_said_back():
    said = "".join(_said(RECTUM))
    for one in (
        'primary.tumour "rectum" is colorectal, site rectum',
        '"RHV, MHV" is right_hepatic_vein middle_hepatic_vein',
        '"PR" is partial',
    ):
        assert one in said


def _said(answers):
    made, said = interview(*answers)
    made.case()
    return said


def test_somebody_who_is_never_understood_is_not_asked_for_ever():
    made, said = interview("x", *["nonsense"] * 400)
    assert made.case().primary.tumour == "unknown"
    assert sum("not understood" in one for one in said) < 200


@pytest.mark.parametrize("path", [*PUBLISHED, *CONSTRUCTED], ids=lambda path: path.stem)
def test_a_case_is_written_as_it_was_read(path):
    case = pw.load_case(path)
    assert pw.parse_case(case_text(case)) == case


def test_a_blank_is_valid_and_names_every_key():
    text = blank_text()
    assert pw.parse_case(text).primary.tumour == "unknown"
    for model in (
        Case,
        *(
            one
            for one in vars(sys.modules[Case.__module__]).values()
            if isinstance(one, type) and issubclass(one, Case.__mro__[2])
        ),
    ):
        if model.__name__ in ("Patient", "Primary", "Liver", "Lesion", "ExtrahepaticDisease", "HistoryEvent", "Source"):
            for name, info in model.model_fields.items():
                assert re.search(rf"^#? +(- )?{info.alias or name}:", text, re.MULTILINE), name


@pytest.mark.parametrize(
    "way",
    [
        ["new", "--blank", "x.yaml"],
        ["new", "--blank", "-o", "x.yaml"],
        ["example", "alp-01", "x.yaml"],
        ["example", "published/alp-01", "-o", "x.yaml"],
    ],
)
def test_a_file_has_the_schema_it_names_beside_it(way, tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    status, said = answered(capsys, *way)
    assert status == 0
    assert said.out == ""
    assert "pathways plan x.yaml" in said.err
    named = re.match(r"# yaml-language-server: \$schema=(\S+)\n", (tmp_path / "x.yaml").read_text(encoding="utf-8"))[1]
    schema = json.loads((tmp_path / named).read_text(encoding="utf-8"))
    value = YAML(typ="safe").load((tmp_path / "x.yaml").read_text(encoding="utf-8"))
    jsonschema.Draft7Validator(schema).validate(json.loads(json.dumps(value)))
    assert answered(capsys, "validate", "x.yaml")[0] == 0


def test_a_file_that_stands_there_is_never_written_over(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "x.yaml").write_text("mine")
    for way in (["new", "x.yaml", "--blank"], ["example", "alp-01", "-o", "x.yaml"]):
        status, said = answered(capsys, *way)
        assert status == 2
        assert "stands there already" in said.err
    assert (tmp_path / "x.yaml").read_text() == "mine"


@pytest.mark.parametrize(
    ("way", "words"),
    [
        (["example", "alp-99"], "accepted: one of those that pathways example lists"), (["example", "alp1"], 'did you mean "alp-01"'),
        (["new", "a.yaml", "-o", "b.yaml", "--blank"], "accepted: one of them"), (["new", "--blank", "a.txt"], "a file that ends in .yaml"),
        (["example", "-o", "a.yaml"], "pathways example NAME -o FILE"),
    ],
)  # fmt: skip
def test_wrong_use_is_answered(way, words, tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    status, said = answered(capsys, *way)
    assert status == 2
    assert words in said.err


def test_the_list_names_every_shipped_case_and_course_with_its_title(capsys):
    _, said = answered(capsys, "example")
    lines = said.out.splitlines()
    assert len([one for one in lines if one.startswith("published/")]) == len(PUBLISHED)
    assert any(one.startswith("published/alp-03 ") and "Rectal cancer" in one for one in lines)


@pytest.mark.parametrize(
    "name", ["constructed/slow-growth", "courses/alp-05", "courses/rep-02-recurrence", "teaching/patient_declines-11-1"]
)
def test_every_kind_of_example_stands_on_its_own(name, tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    assert answered(capsys, "example", name, "x.yaml")[0] == 0
    assert answered(capsys, "validate", "x.yaml")[0] == 0


def test_a_course_that_stands_on_its_own_is_the_course_it_was(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    for path in COURSES[::6]:
        _, said = answered(capsys, "example", f"courses/{path.stem}")
        (tmp_path / "x.yaml").write_text(said.out, encoding="utf-8")
        assert pw.load_course(tmp_path / "x.yaml") == pw.load_course(path)


def test_where_the_package_is_installed_the_examples_stand_in_it(tmp_path, monkeypatch):
    (tmp_path / "pathways" / "examples" / "published").mkdir(parents=True)
    (tmp_path / "pathways" / "examples" / "published" / "a.yaml").write_text("title: A\n")
    monkeypatch.setattr(starting, "PACKAGE", tmp_path / "pathways")
    assert list(starting.shipped()) == ["published/a"]


def test_new_reads_what_is_typed_and_prints_the_file(monkeypatch, capsys):
    monkeypatch.setattr(questions, "typed", lambda: iter(RECTUM))
    status, said = answered(capsys, "new")
    assert status == 0
    assert pw.parse_case(said.out) == interview(*RECTUM)[0].case()
    assert "Answer in your own words" in said.err
