"""What a ward writes is understood, said back once, and means the same as the words of the format. One file per way of writing.

The first line of each file in `understood` is what is said back.
"""

import json
from pathlib import Path

import pytest
from expectations import files, named
from shipped import CONSTRUCTED, COURSES, PUBLISHED

import pathways as pw
from pathways.documents.problems import DocumentError
from pathways.ward.understanding import in_words

HERE = Path(__file__).parent
WRITTEN = files(HERE / "understood")
SMALLEST = {"schema": 1, "id": "x", "primary": {"tumour": "colorectal"}, "lesions": [{"segments": [8]}]}


@pytest.mark.parametrize("path", WRITTEN, ids=named)
def test_what_was_understood_is_said_back(path):
    said = path.read_text(encoding="utf-8").splitlines()[0].removeprefix("# understood: ")
    assert (in_words(pw.load_case(path).understood) or "nothing") == said


@pytest.mark.parametrize("path", WRITTEN, ids=named)
def test_what_was_understood_is_a_case_in_the_words_of_the_format(path):
    case = pw.load_case(path)
    again = pw.parse_case(json.dumps(case.model_dump(by_alias=True)))
    assert again == case
    assert again.understood == ()


@pytest.mark.parametrize("path", [*PUBLISHED, *CONSTRUCTED], ids=named)
def test_nothing_is_said_back_of_a_file_in_the_words_of_the_format(path):
    assert pw.load_case(path).understood == ()


@pytest.mark.parametrize("path", COURSES, ids=named)
def test_nothing_is_said_back_of_a_course_in_the_words_of_the_format(path):
    assert pw.load_course(path).understood == ()


def test_a_word_in_many_places_is_said_once_in_a_line_and_with_each_place_in_the_list():
    case = pw.load_case({**SMALLEST, "lesions": [{"segments": [8], "contacts": ["RHV"]}] * 3})
    assert in_words(case.understood) == 'lesions[0].contacts[0] "RHV" is right_hepatic_vein'
    assert [one.key for one in case.understood] == [f"lesions[{place}].contacts[0]" for place in range(3)]


def test_notes_stay_with_a_case_that_is_changed_and_make_it_no_other():
    case = pw.load_case({**SMALLEST, "patient": {"sex": "f"}})
    assert case.model_copy(update={"title": "x"}).understood == case.understood != ()
    assert case == pw.load_case({**SMALLEST, "patient": {"sex": "female"}})
    assert hash(case.patient) == hash(pw.load_case({**SMALLEST, "patient": {"sex": "female"}}).patient)


def test_a_course_understands_its_events_and_the_case_inside():
    text = """
        schema: 1
        case: {schema: 1, id: a, patient: {sex: m}, primary: {tumour: colorectal}, lesions: [{segments: [S6]}]}
        events:
          - {event: PVE, segments: right, day: 3}
          - {event: right hepatectomy, day: 40}
          - {event: restaging, modality: CT, response: SD, day: 60}
          - {event: second stage, day: 70}
    """
    from pathways.case.loading import course_from
    from pathways.documents.reader import read_text

    course = course_from(read_text(text))
    assert [one.event for one in course.events] == ["portal_vein_embolisation", "hepatectomy", "restaging", "stage_2"]
    assert course.events[1].removes == (5, 6, 7, 8)
    assert course.case.patient.sex == "male"
    assert 'case.patient.sex "m" is male' in in_words(course.understood)


def test_an_event_of_a_course_is_none_of_a_history():
    with pytest.raises(DocumentError, match=r'history\[0\].event: got "second stage"'):
        pw.load_case({**SMALLEST, "history": [{"event": "second stage"}]})


def test_a_log_is_read_in_the_words_of_the_ward(tmp_path):
    from pathways.case.eventlog import courses_in

    (tmp_path / "case.yaml").write_text(json.dumps(SMALLEST))
    log = tmp_path / "log.csv"
    log.write_text("course,case,event,day,regimen,response\np,case.yaml,chemo,1,mFOLFOX6+Avastin,PR\n")
    ((_, course),) = courses_in(log)
    (event,) = course.events
    assert (event.event, event.regimen, event.response) == ("chemotherapy", "folfox_bevacizumab", "partial")


def test_a_complaint_points_at_what_was_written_and_quotes_it():
    with pytest.raises(DocumentError) as refusal:
        pw.parse_case(
            "schema: 1\nid: a\npatient: {age: 200, height: 17.8 m}\nprimary: {tumour: CRC}\nlesions: [{segments: S8}]\n",
            "f.yaml",
        )
    assert [str(one).partition("; accepted")[0] for one in refusal.value.problems] == [
        "f.yaml:3:16: patient.age: got 200",
        'f.yaml:3:29: patient.height: got "17.8 m"',
    ]


def test_contradictions_of_an_understood_case_point_at_what_was_written():
    text = "schema: 1\nid: a\nprimary: {tumour: CRC}\nliver: {removed: S7}\nlesions:\n  - {place: VII, size: 3 cm}\n"
    with pytest.raises(
        DocumentError, match=r"f.yaml:6:13: lesions\[0\].place: got 7; accepted: a segment that is still there"
    ):
        pw.parse_case(text, "f.yaml")
