import json
from functools import cache

import jsonschema
import pytest
from hypothesis import given, settings
from ruamel.yaml import YAML
from shipped import CONSTRUCTED, COURSES, PUBLISHED, ROOT
from strategies import cases

from pathways.case.course import Course
from pathways.case.loading import load_case, load_course, parse_case
from pathways.case.models import Case
from pathways.case.schema import json_schema
from pathways.documents.problems import DocumentError

SMALLEST = "schema: 1\nid: x\nprimary: {tumour: colorectal}\nlesions: [{segments: [8]}]\n"


@cache
def validator_of(model, name):
    return jsonschema.Draft7Validator(json_schema(model, name))


def plain(path):
    return YAML(typ="safe").load(path.read_text(encoding="utf-8"))


@given(cases())
@settings(max_examples=60, deadline=None, derandomize=True)
def test_a_case_written_out_loads_back_equal(case):
    assert parse_case(json.dumps(case.model_dump(mode="json", by_alias=True, exclude_none=True))) == case


def test_what_is_absent_is_unknown():
    case = parse_case(SMALLEST)
    assert case.extrahepatic is None
    assert case.patient.fit_for is None
    assert case.liver.background is None
    assert case.lesions[0].nature == "confirmed"


def test_words_that_other_yaml_reads_as_truth_stay_words():
    assert parse_case(SMALLEST.replace("id: x", "id: yes")).id == "yes"


def test_a_course_names_its_case_relative_to_itself():
    assert isinstance(load_course(COURSES[0]).case, Case)


def test_a_course_whose_case_is_not_there_says_so(tmp_path):
    file = tmp_path / "course.yaml"
    file.write_text("schema: 1\ncase: nowhere.yaml\nevents: [{event: hepatectomy}]\n")
    with pytest.raises(DocumentError, match=r"course.yaml:2:7: case: got \"nowhere.yaml\""):
        load_course(file)


def test_events_of_a_course_stand_in_order(tmp_path):
    file = tmp_path / "course.yaml"
    file.write_text(
        f"schema: 1\ncase: {json.dumps(plain(PUBLISHED[0]))}\nevents: [{{day: 9, event: biopsy}}, {{day: 3, event: biopsy}}]\n"
    )
    with pytest.raises(DocumentError, match=r"events\[1\].day: got 3"):
        load_course(file)


@pytest.mark.parametrize("path", [*PUBLISHED, *CONSTRUCTED], ids=lambda path: path.stem)
def test_shipped_cases_satisfy_the_schema_that_editors_use(path):
    validator_of(Case, "case").validate(plain(path))


@pytest.mark.parametrize("path", COURSES, ids=lambda path: path.stem)
def test_shipped_courses_satisfy_the_schema_that_editors_use(path):
    validator_of(Course, "course").validate(plain(path))


@pytest.mark.parametrize(
    "name", ["unknown_key_in_patient", "mistyped_sex", "segment_nine", "missing_tumour", "age_impossible"]
)
def test_the_schema_refuses_what_the_loader_refuses(name):
    validator = validator_of(Case, "case")
    assert not validator.is_valid(plain(ROOT / "tests" / "case" / "wrong" / f"{name}.yaml"))


@pytest.mark.parametrize("model", [Case, Course])
def test_schemas_are_draft_07(model):
    schema = json_schema(model, "x")
    jsonschema.Draft7Validator.check_schema(schema)
    assert "draft-07" in schema["$schema"]
    assert "prefixItems" not in json.dumps(schema)


@pytest.mark.parametrize("path", [*PUBLISHED, *CONSTRUCTED, *COURSES], ids=lambda path: path.stem)
def test_every_shipped_file_carries_the_line_for_editors(path):
    first = path.read_text(encoding="utf-8").splitlines()[0]
    assert first.startswith("# yaml-language-server: $schema=")
    assert (path.parent / first.split("=", 1)[1]).resolve().is_file()


@pytest.mark.parametrize("path", PUBLISHED, ids=lambda path: path.stem)
def test_the_id_of_a_shipped_case_is_its_file_name_and_it_is_cited(path):
    case = load_case(path)
    assert case.id == path.stem
    assert case.source is not None
