"""Recorded courses: each mistake is flagged for exactly what it is, and what a record does not tell is unknown."""

import json
import xml.etree.ElementTree as ET

import pytest
from builders import KNOWN, make_case
from hypothesis import given, settings
from hypothesis import strategies as st
from shipped import COURSES

from pathways.case.course import Course, CourseEvent
from pathways.case.eventlog import courses_in
from pathways.case.loading import load_course
from pathways.conformance.audit import Audit, audit, summary
from pathways.documents.problems import DocumentError
from pathways.knowledge.protocols import load_protocol

DEFAULT = load_protocol()
# Not resectable today: it touches every hepatic vein; a right hepatectomy leaves enough once it has let go.
CONVERTED = {
    "lesions": [{"id": "A", "segments": [5, 8], "size_mm": 60, "count": 1,
                 "contacts": ["right_hepatic_vein", "middle_hepatic_vein", "left_hepatic_vein"]}],
    "liver": {"measured_remnants": [{"removes": [5, 6, 7, 8], "fraction": 0.45}]},
}  # fmt: skip
RIGHT = {"event": "hepatectomy", "removes": [5, 6, 7, 8]}
FOLFOX = {"event": "chemotherapy", "regimen": "folfox", "cycles": 4}
FOUND = {"event": "restaging", "modality": "mri", "response": "partial", "finding": "resectable"}
# Two blocks with a restaging after each; the second one finds the disease resectable; operated on after four weeks.
GOOD = [
    {"day": 0, "until_day": 50, **FOLFOX},
    {"day": 55, "event": "restaging", "response": "stable", "finding": "unresectable"},
    {"day": 56, "until_day": 106, **FOLFOX},
    {"day": 110, **FOUND},
    {"day": 140, **RIGHT},
]


def judged(events, **changes):
    case = make_case(**{**CONVERTED, **changes})
    return audit(Course.model_validate({"schema": 1, "case": case, "events": events}), DEFAULT, "course")


def flagged(found):
    return {(row.event, row.property) for row in found.deviations}


def test_a_good_course_conforms():
    found = judged(GOOD)
    assert found.conforms, found.deviations
    assert {row.index for row in found.rows} == set(range(len(GOOD)))


def test_a_delayed_operation_breaks_prompt_surgery_by_its_days():
    found = judged([*GOOD[:-1], {"day": 180, **RIGHT}])
    assert flagged(found) == {("hepatectomy", "prompt_surgery")}
    (row,) = found.deviations
    # Four weeks of washout and four for scheduling from the restaging on day 110.
    assert (row.excess, row.unit) == (180 - 110 - 56, "days")


@pytest.mark.parametrize(("day", "wrong"), [(166, False), (167, True)])
def test_the_operation_is_prompt_up_to_washout_and_scheduling(day, wrong):
    assert bool(judged([*GOOD[:-1], {"day": day, **RIGHT}]).deviations) == wrong


def test_an_extra_cycle_breaks_prompt_surgery():
    events = [*GOOD[:-1], {"day": 111, "until_day": 125, "event": "chemotherapy", "regimen": "folfox", "cycles": 1},
              {"day": 126, **FOUND}, {"day": 160, **RIGHT}]  # fmt: skip
    found = judged(events)
    assert flagged(found) == {("chemotherapy", "prompt_surgery")}
    assert (found.deviations[0].excess, found.deviations[0].unit) == (1.0, "cycles")


@pytest.mark.parametrize(("finding", "wrong"), [("unresectable", False), ("resectable", True)])
def test_a_restaging_that_finds_it_resectable_no_longer_lifts_the_wait(finding, wrong):
    found = judged([
        *GOOD[:-1], {"day": 124, "event": "restaging", "response": "stable", "finding": finding},
        {"day": 126, "until_day": 176, **FOLFOX}, {"day": 180, **FOUND}, {"day": 210, **RIGHT},
    ])  # fmt: skip
    assert (("chemotherapy", "prompt_surgery") in flagged(found)) is wrong


# Eight weeks of treatment ask for a restaging: days on which two drugs were given are days of treatment once.
BESIDE = {"event": "chemotherapy", "regimen": "cetuximab"}


@pytest.mark.parametrize(
    ("courses", "days"),
    [
        ([(0, 40), (16, 56)], 56),
        ([(0, 40), (16, 57)], 57),
        ([(0, 56), (0, 56)], 56),
        ([(0, 57), (10, 20)], 57),
        ([(0, 20), (10, 30), (25, 56)], 56),
        ([(0, 20), (10, 30), (25, 57)], 57),
        # What does not overlap is summed.
        ([(0, 28), (28, 56)], 56),
        ([(0, 28), (40, 69)], 57),
    ],
)
def test_days_of_treatments_that_overlap_are_counted_once(courses, days):
    events = [
        {"day": day, "until_day": until, **(BESIDE if number else FOLFOX)}
        for number, (day, until) in enumerate(courses)
    ]
    found = [row for row in judged(events).rows if row.property == "restaged_in_time" and row.verdict == "deviation"]
    assert {row.excess for row in found} == ({days - 56.0} if days > 56 else set())


@pytest.mark.parametrize(("until", "wrong"), [(96, False), (97, True)])
def test_a_restaging_inside_treatments_that_overlap_begins_the_count_anew(until, wrong):
    events = [
        {"day": 0, "until_day": 50, **FOLFOX},
        {"day": 30, "until_day": until, **BESIDE},
        {"day": 40, "event": "restaging", "response": "stable"},
    ]
    found = judged(events)
    assert (("chemotherapy", "restaged_in_time") in flagged(found)) is wrong


def test_a_missing_volumetry_is_flagged():
    events = [
        {"day": 3, "event": "restaging", "modality": "mri"},
        {"day": 10, "event": "portal_vein_embolisation", "segments": ["right"]},
        {"day": 50, **RIGHT},
    ]
    liver = {"measured_remnants": [{"removes": [5, 6, 7, 8], "fraction": 0.22}]}
    found = judged(events, liver=liver, lesions=[{"segments": [5, 8], "size_mm": 60}])
    assert flagged(found) == {("hepatectomy", "remnant_remeasured")}


def test_with_the_volumetry_the_same_course_conforms():
    events = [
        {"day": 3, "event": "restaging", "modality": "mri"},
        {"day": 10, "event": "portal_vein_embolisation", "segments": ["right"]},
        {"day": 45, "event": "volumetry", "removes": [5, 6, 7, 8], "fraction": 0.34},
        {"day": 50, **RIGHT},
    ]
    liver = {"measured_remnants": [{"removes": [5, 6, 7, 8], "fraction": 0.22}]}
    assert judged(events, liver=liver, lesions=[{"segments": [5, 8], "size_mm": 60}]).conforms


@pytest.mark.parametrize(("days", "excess"), [(27, 1.0), (28, None)])
def test_a_short_washout_is_flagged_by_its_days(days, excess):
    found = judged([*GOOD[:-1], {"day": 106 + days, **RIGHT}])
    assert [row.excess for row in found.deviations] == ([excess] if excess else [])
    assert flagged(found) <= {("hepatectomy", "washout_respected")}


def test_the_resection_of_an_uncharacterised_lesion_is_flagged_and_a_diagnostic_one_is_not():
    lesions = [{"segments": [6], "size_mm": 20, "nature": "suspected", "depth": "superficial"}]
    blind = [{"day": 10, "event": "hepatectomy", "partial": [6]}]
    assert flagged(judged(blind, lesions=lesions, liver={})) == {("hepatectomy", "characterised_before_resection")}
    assert judged([{**blind[0], "diagnostic": True}], lesions=lesions, liver={}).conforms
    seen = [{"day": 5, "event": "restaging", "modality": "mri"}, *blind]
    assert judged(seen, lesions=lesions, liver={}).conforms


def test_a_resection_below_the_limit_is_flagged_by_its_fraction():
    limit = DEFAULT.number("remnant_limit_normal")
    liver = {"measured_remnants": [{"removes": [5, 6, 7, 8], "fraction": round(limit - 0.04, 4)}]}
    found = judged([{"day": 10, **RIGHT}], liver=liver, lesions=[{"segments": [5, 8], "size_mm": 60}])
    assert flagged(found) == {("hepatectomy", "remnant_before_resection")}
    assert found.deviations[0].excess == pytest.approx(0.04)


@pytest.mark.parametrize(("grown", "conforms"), [(0.45, False), (0.52, True)])
def test_the_ml_of_a_later_volumetry_count_and_not_those_of_the_case(grown, conforms):
    """400 ml at 25 % are a liver of 1600 ml: 0.8 % of 100 kg are 800 ml, which 45 % are not and 52 % are."""
    liver = {
        "background": "sinusoidal_injury",
        "measured_remnants": [{"removes": [5, 6, 7, 8], "fraction": 0.25, "ml": 400, "week": -1}],
    }
    found = judged(
        [
            {"day": 10, "event": "portal_vein_embolisation", "segments": [5, 6, 7, 8]},
            {"day": 38, "event": "volumetry", "removes": [5, 6, 7, 8], "fraction": grown},
            {"day": 45, **RIGHT},
        ],
        liver=liver, patient={"weight_kg": 100}, lesions=[{"segments": [5, 8], "size_mm": 60}],
    )  # fmt: skip
    assert (flagged(found) == set()) is conforms


BETWEEN = [
    {"day": 10, "event": "first_stage", "segments": [5, 6, 7, 8]},
    {"day": 45, "event": "volumetry", "removes": [5, 6, 7, 8], "fraction": 0.45},
]
LAST = {"day": 90, "event": "stage_2", "removes": [5, 6, 7, 8]}


def of_the_last(*between):
    found = judged(
        [*BETWEEN, *between, LAST], liver={"measured_remnants": [{"removes": [5, 6, 7, 8], "fraction": 0.2}]}
    )
    return {row.verdict for row in found.rows if row.property == "remnant_before_resection" and row.event == "stage_2"}


def test_a_limited_resection_between_two_stages_leaves_the_volumetry_as_it_was():
    assert "deviation" not in of_the_last({"day": 60, "event": "hepatectomy", "partial": [2]})


def test_an_operation_of_untold_extent_makes_the_remnant_unknown_and_never_that_of_before():
    assert of_the_last({"day": 60, "event": "hepatectomy"}) == {"unknown"}


@pytest.mark.parametrize(("events", "wrong"), [([], True), ([{"day": 56, "event": "delivery"}], False)])
def test_a_pregnancy_bars_operations_until_the_record_tells_the_delivery(events, wrong):
    found = judged(
        [*events, {"day": 90, **RIGHT}],
        patient={"sex": "female", "pregnant_weeks": 30},
        lesions=[{"segments": [5, 8], "size_mm": 60}],
    )
    assert ("pregnancy_weeks_kept" in {row.property for row in found.deviations}) is wrong


def test_all_six_mistakes_together_are_flagged_for_exactly_these():
    """One patient to whom everything happens: the course of the issue."""
    lesions = [*CONVERTED["lesions"], {"id": "B", "segments": [6], "size_mm": 15, "nature": "suspected"}]
    events = [
        *GOOD[:-1],
        {"day": 111, "until_day": 125, "event": "chemotherapy", "regimen": "folfox", "cycles": 1},
        {"day": 126, "event": "restaging", "response": "stable", "finding": "resectable"},
        {"day": 135, "event": "portal_vein_embolisation", "segments": ["right"]},
        {"day": 137, **RIGHT, "fraction": None},
    ]
    events[-1].pop("fraction")
    found = judged(events, lesions=lesions)
    assert {row.property for row in found.deviations} == {
        "prompt_surgery", "remnant_remeasured", "washout_respected",
    }  # fmt: skip
    late = [
        *GOOD[:-1],
        {"day": 190, "event": "volumetry", "removes": [5, 6, 7, 8], "fraction": 0.2},
        {"day": 200, **RIGHT},
    ]
    assert {row.property for row in judged(late).deviations} == {"prompt_surgery", "remnant_before_resection"}


# --- what is not told ---------------------------------------------------------------------------------------------------


def test_without_days_nothing_about_days_is_a_deviation():
    events = [{key: value for key, value in event.items() if "day" not in key} for event in GOOD]
    found = judged(events)
    assert found.conforms
    assert {row.property for row in found.rows if row.verdict == "unknown"} >= {"washout_respected", "prompt_surgery"}


def test_a_resection_without_its_segments_is_unknown():
    found = judged([{"day": 10, "event": "hepatectomy"}])
    assert ("hepatectomy", "remnant_before_resection", "unknown") in {
        (row.event, row.property, row.verdict) for row in found.rows
    }


def test_a_regimen_without_a_known_washout_is_unknown():
    events = [
        {"day": 0, "until_day": 30, "event": "chemotherapy", "regimen": "mystery", "cycles": 2},
        {"day": 31, **RIGHT},
    ]
    found = judged(events, lesions=[{"segments": [5, 8], "size_mm": 60}])
    assert ("washout_respected", "unknown") in {(row.property, row.verdict) for row in found.rows}


@pytest.mark.parametrize("path", COURSES, ids=lambda path: path.stem)
def test_every_shipped_course_can_be_audited(path):
    found = audit(load_course(path), DEFAULT, path.name)
    assert {row.verdict for row in found.rows} <= {"allowed", "deviation", "unknown"}
    assert all(row.property for row in found.rows if row.verdict != "allowed")
    assert json.loads(json.dumps(found.as_json()))["course"] == path.name


def test_a_summary_counts_what_is_frequent():
    good, late = judged(GOOD), judged([*GOOD[:-1], {"day": 180, **RIGHT}])
    found = summary([good, late, late])
    assert (found["courses"], found["conforming"], found["share_conforming"]) == (3, 1, 0.3333)
    assert found["deviations"] == [{"property": "prompt_surgery", "count": 2}]


EVENTS = st.lists(
    st.fixed_dictionaries({
        "event": st.sampled_from(CourseEvent.model_fields["event"].annotation.__args__[0].__args__),
        "gap": st.one_of(st.none(), st.integers(0, 120)),
        "response": st.one_of(st.none(), st.sampled_from(["partial", "progression"])),
    }),
    min_size=1,
    max_size=12,
)  # fmt: skip


@given(EVENTS)
@settings(max_examples=150, deadline=None, derandomize=True)
def test_any_course_gets_an_answer_for_every_event(drawn):
    day, events = 0, []
    for one in drawn:
        event = {"event": one["event"]}
        if one["gap"] is not None:
            day += one["gap"]
            event["day"] = day
        if one["response"] and one["event"] in ("chemotherapy", "restaging"):
            event["response"] = one["response"]
        events.append(event)
    found = judged(events)
    assert isinstance(found, Audit)
    assert {row.index for row in found.rows} == set(range(len(events)))


# --- event logs -----------------------------------------------------------------------------------------------------------

HEADER = "course,case,event,day,until_day,regimen,cycles,response,finding,modality,removes"


def write_case(folder):
    (folder / "case.yaml").write_text(json.dumps({**KNOWN, **CONVERTED}), encoding="utf-8")


def as_csv(events):
    lines = [HEADER]
    for event in events:
        cells = [str(event.get(key, "")) for key in HEADER.split(",")[2:-1]]
        lines.append(",".join(["one", "case.yaml", *cells, " ".join(map(str, event.get("removes", ())))]))
    return "\n".join(lines) + "\n"


def as_xes(events):
    log = ET.Element("log", {"xes.version": "1849-2016"})
    trace = ET.SubElement(log, "trace")
    ET.SubElement(trace, "string", key="concept:name", value="one")
    ET.SubElement(trace, "string", key="case", value="case.yaml")
    for event in events:
        element = ET.SubElement(trace, "event")
        ET.SubElement(element, "string", key="concept:name", value=event["event"])
        for key, value in event.items():
            if key != "event":
                text = " ".join(map(str, value)) if isinstance(value, list) else str(value)
                ET.SubElement(element, "string", key=key, value=text)
    return ET.tostring(log, encoding="unicode")


@pytest.mark.parametrize(("name", "written"), [("log.csv", as_csv), ("log.xes", as_xes)])
def test_the_same_course_is_audited_alike_from_every_kind_of_file(name, written, tmp_path):
    write_case(tmp_path)
    events = [*GOOD[:-1], {"day": 180, **RIGHT}]
    (tmp_path / name).write_text(written(events), encoding="utf-8")
    ((course, read),) = courses_in(tmp_path / name)
    assert course == "one"
    assert audit(read, DEFAULT).rows == judged(events).rows


def test_dates_of_an_event_log_become_days(tmp_path):
    write_case(tmp_path)
    (tmp_path / "log.csv").write_text(
        "course,case,event,time:timestamp\none,case.yaml,restaging,2024-02-27T10:00:00\none,case.yaml,hepatectomy,2024-03-01\n"
    )
    ((_, read),) = courses_in(tmp_path / "log.csv")
    assert [event.day for event in read.events] == [0, 3]


def test_one_log_holds_many_courses(tmp_path):
    write_case(tmp_path)
    text = as_csv(GOOD)
    rest = "".join(line.replace("one", "two", 1) + "\n" for line in text.splitlines()[1:])
    (tmp_path / "log.csv").write_text(text + rest)
    assert [name for name, _ in courses_in(tmp_path / "log.csv")] == ["one", "two"]


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("log.csv", "", "the log holds no event"),
        ("log.csv", "course,case,event,dya\none,case.yaml,restaging,3\n", 'log.csv:1:4: dya: unknown column "dya"'),
        ("log.csv", "course,case,day\n", "log.csv:1:1: event: the required column is missing"),
        (
            "log.csv",
            "course,case,event,day\none,case.yaml,restagng,3\n",
            'log.csv:2:3: events[0].event: got "restagng"',
        ),
        (
            "log.csv",
            "course,case,event,day\none,case.yaml,restaging,three\n",
            'log.csv:2:4: events[0].day: got "three"',
        ),
        (
            "log.csv",
            "course,case,event\none,nowhere.yaml,restaging\n",
            'got "nowhere.yaml"; accepted: the name of a case file',
        ),
        ("log.csv", "course,case,event\none,case.yaml,restaging,1,2\n", "5 cells, but the first line names 3 columns"),
        (
            "log.csv",
            "course,case,event,time:timestamp\none,case.yaml,restaging,yesterday\n",
            'got "yesterday"; accepted: a date',
        ),
        ("log.csv", b"course,case,event\n\xff", "is not UTF-8 text"),
        ("log.xes", "<log><trace>", "not valid XML"),
        ("log.xes", "<log/>", "the log holds no trace"),
        ("log.xes", '<!DOCTYPE log [<!ENTITY a "b">]><log/>', "a document type is not accepted"),
        ("log.txt", "x", "accepted: .yaml, .yml, .csv, .xes"),
    ],
)
def test_a_wrong_event_log_is_answered_at_its_place(name, content, said, tmp_path):
    write_case(tmp_path)
    file = tmp_path / name
    file.write_bytes(content if isinstance(content, bytes) else content.encode())
    with pytest.raises(DocumentError) as refusal:
        list(courses_in(file))
    assert said in str(refusal.value)


@given(st.text(max_size=200))
@settings(max_examples=80, deadline=None, derandomize=True)
@pytest.mark.parametrize("suffix", ["csv", "xes"])
def test_any_text_gives_courses_or_a_clear_error(tmp_path_factory, suffix, text):
    file = tmp_path_factory.getbasetemp() / f"drawn.{suffix}"
    file.write_text(text, encoding="utf-8")
    try:
        list(courses_in(file))
    except DocumentError as error:
        assert str(error)


# --- jaundice: every elective step waits for the drain -------------------------------------------------------------------

JAUNDICED = {
    "liver": {"biliary_obstruction": "present", "measured_remnants": [{"removes": [5, 6, 7, 8], "fraction": 0.45}]}
}
DRAINED = {"day": 5, "event": "biliary_drainage"}


@pytest.mark.parametrize(
    "event",
    [
        {"until_day": 50, **FOLFOX},
        {"event": "primary_resection"},
        {"event": "radiotherapy"},
        {"event": "metastasectomy", "site": "lung"},
        {"event": "portal_vein_embolisation", "segments": ["right"]},
        RIGHT,
    ],
    ids=lambda event: event["event"],
)
def test_an_elective_step_through_an_undrained_obstruction_is_a_deviation_and_after_drainage_it_is_not(event):
    def against(events):
        return [row for row in judged(events, **JAUNDICED).deviations if row.rule == "biliary_drained"]

    (row,) = against([{"day": 20, **event}])
    assert (row.property, row.event) == ("no_bar_ignored", event["event"])
    assert against([DRAINED, {"day": 20, **event}]) == []


def test_an_emergency_of_the_primary_is_no_deviation_though_the_ducts_are_obstructed():
    urgent = {"primary": {"status": "in_situ", "urgent": "obstruction"}, **JAUNDICED}
    for event in ("primary_resection", "stent", "diversion"):
        found = judged([{"day": 1, "event": event}], **urgent)
        assert not [row for row in found.deviations if row.rule == "biliary_drained"]


@pytest.mark.parametrize(("bilirubin", "wrong"), [(51, False), (51.5, True), (None, False)])
def test_chemotherapy_at_a_bilirubin_that_no_obstruction_explains_is_a_deviation(bilirubin, wrong):
    found = judged([{"day": 0, "until_day": 50, **FOLFOX}], liver={"bilirubin_umol_per_l": bilirubin})
    assert bool([row for row in found.deviations if row.rule == "liver_sufficient"]) == wrong
