"""Event logs as pm4py, pandas and hospitals write them, given to the command as a process."""

import gzip
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

TRIED = Path(__file__).parents[1] / "tried" / "logs"
CASE = (TRIED / "case.yaml").read_text(encoding="utf-8")
RECTUM = CASE.replace("{tumour: colorectal, status: resected}", "{tumour: colorectal, site: rectum, status: in_situ}")
HEAD = "course,case,event,day,until_day,regimen,cycles,response,finding,removes"
# A course that conforms, and what its events are on which days.
GOOD = [("chemotherapy", 0), ("restaging", 55), ("hepatectomy", 90)]


def audit(*words, cwd):
    made = subprocess.run(
        [sys.executable, "-m", "pathways", "audit", *map(str, words)],
        capture_output=True,
        cwd=cwd,
        env={**os.environ, "COLUMNS": "200", "PYTHONIOENCODING": "utf-8"},
    )
    return made.returncode, made.stdout.decode(), made.stderr.decode()


def written(folder, files):
    (folder / "case.yaml").write_text(CASE, encoding="utf-8")
    (folder / "rectum.yaml").write_text(RECTUM, encoding="utf-8")
    for name, content in files.items():
        (folder / name).write_bytes(content if isinstance(content, bytes) else content.encode())
    return [name for name in files if not name.endswith(".yaml")]


FILES = {}


@pytest.fixture(scope="module")
def once(tmp_path_factory):
    """One process for all logs that need no options: rows of each course by name, status, standard error."""
    return judged(tmp_path_factory.mktemp("logs"), FILES)


def judged(folder, files, *words):
    """What is said of the courses in all of `files`, by one process: rows of each course by name, status, standard error."""
    status, out, err = audit(*written(folder, files), "--json", *words, cwd=folder)
    courses = {one["course"]: one["events"] for one in json.loads(out)["courses"]} if out else {}
    return courses, status, err


def wrong(rows):
    return {(row["event"], row["day"], row["property"]) for row in rows if row["verdict"] == "deviation"}


def test_the_logs_that_were_tried_give_their_right_answers(tmp_path):
    """One process for all: a file or course that cannot be used does not silence the others."""
    names = ("01-lifecycle-false-deviation.csv", "06-mixed.csv", "14-operation-inside-chemo.csv", "14.yaml", "14c.csv", "15-pm4py-columns.csv",
             "18-onebad.csv", "29-twice.csv")  # fmt: skip
    status, out, err = audit(*names, "--json", cwd=TRIED)
    assert status == 2
    first, mixed, inside, same, bowel, good, twice = (one["events"] for one in json.loads(out)["courses"])
    # Fourteen weeks without imaging; the seven cycles are not counted twice.
    assert wrong(first) == {("chemotherapy", 0, "restaged_in_time")}
    assert [row["day"] for row in mixed] == sorted(row["day"] for row in mixed)
    assert {row["day"] for row in mixed} == {0, 55, 90}
    assert wrong(inside) == wrong(same) == {("hepatectomy", 40, "washout_respected")}
    assert wrong(bowel) == {("primary_resection", 40, "washout_respected")}
    assert not wrong(good)
    assert "segments 5, 6, 7, 8 were removed already (day 0)" in {row["words"] for row in twice}
    assert "15-pm4py-columns.csv:1:1: case: the required column is missing" in err
    assert "unknown column" not in err
    assert '18-onebad.csv:3:3: events[0].event: got "liver biopsy"' in err
    assert "2 of 9 courses cannot be judged" in err


ROWS = (
    "p,case.yaml,chemotherapy,{},{},folfox,4,,,",
    "p,case.yaml,restaging,{},,,,partial,resectable,",
    "p,case.yaml,hepatectomy,{},,,,,,5 6 7 8",
)


def good(name, *days, head=HEAD, removes="5 6 7 8"):
    """The good course, with its times as they are written here."""
    begins, ends, restaged, operated = days
    lines = [ROWS[0].format(begins, ends), ROWS[1].format(restaged), ROWS[2].format(operated)]
    return "\n".join([head, *(line.replace("p,", f"{name},", 1).replace("5 6 7 8", removes) for line in lines)]) + "\n"


DATED = HEAD.replace("day,until_day", "time:timestamp,until_date")
XES = """<?xml version="1.0" encoding="{}"?><log xmlns="http://www.xes-standard.org/"><trace>
<string key="concept:name" value="{}"/><string key="case" value="case.yaml"/><event><string key="concept:name" value="chemotherapy"/>
<string key="lifecycle:transition" value="START"/><date key="time:timestamp" value="2024-01-01T08:00:00.000+01:00"/>
<string key="regimen" value="folfox"/><float key="cycles" value="4.0"/><float key="removes" value="nan"/><string key="colour" value="red"/></event>
<event><string key="concept:name" value="chemotherapy"/><string key="lifecycle:transition" value="complete"/>
<date key="time:timestamp" value="2024-02-20T08:00:00.000+01:00"/></event>
<event><string key="concept:name" value="restaging"/><date key="time:timestamp" value="2024-02-25T08:00:00.000+01:00"/>
<string key="response" value="partial"/><string key="finding" value="resectable"/></event>
<event><string key="concept:name" value="hepatectomy"/><date key="time:timestamp" value="2024-03-31T08:00:00.000+02:00"/>
<list key="removes"><values><int key="removes" value="5"/><int key="removes" value="6"/><int key="x" value="7"/><int key="x" value="8"/></values></list>
</event></trace></log>"""


QUOTED = {'"[5, 6, 7, 8]"': "brackets", "5-8": "range", "5;6;7;8": "semicolons", "V VI VII VIII": "roman", "right_liver": "word",
          '"5, 6,7 ,8"': "commas", "5.0 6.0 7.0 8.0": "floats", "right liver": "words"}  # fmt: skip
READ = {f"{name}.csv": good(name, 0, 50, 55, 90, removes=text) for text, name in QUOTED.items()}
READ |= {
    "german.csv": good("german", "01.01.2024", "20.02.2024", "25.2.2024", "31.03.2024 08:00", head=DATED),
    "excel.csv": good("excel", 45292, 45342, 45347, 45382.33, head=DATED).replace(",", ";"),
    "pandas.csv": good("pandas", "2024-01-01 07:00:00+00:00", "2024-02-20 07:00:00+00:00", "2024-02-25 07:00:00+00:00", "2024-03-31 06:00:00+00:00", head=DATED),
    "bom.csv": b"\xef\xbb\xbf" + good("bom", 0, 50, 55, 90).encode(),
    "windows.csv": good("windows", 0, 50, 55, 90).replace("case.yaml", ".\\case.yaml").replace("\n", "\r\n"),
    "utf16.csv": good("utf16", 0, 50, 55, 90).replace(",", "\t").encode("utf-16"),
    "packed.csv.gz": gzip.compress(good("packed", 0, 50, 55, 90).encode()),
    "list.xes": XES.format("UTF-8", "list"),
    "packed.xes.gz": gzip.compress(XES.format("UTF-8", "xes.gz").encode()),
    "told.xes": XES.format("ISO-8859-1", "Müller").encode(),
    "declared.xes": XES.format("ISO-8859-1", "Möller").encode("latin-1"),
}  # fmt: skip
FILES |= READ


def test_days_and_segments_are_read_as_they_are_written(once):
    courses, _, err = once
    names = [
        *QUOTED.values(),
        "german",
        "excel",
        "pandas",
        "bom",
        "windows",
        "utf16",
        "packed",
        "list",
        "xes.gz",
        "Müller",
        "Möller",
    ]
    assert len(names) == len(READ)
    for name in names:
        rows = courses[name]
        assert sorted({(row["event"], row["day"]) for row in rows}, key=lambda one: one[1]) == GOOD, name
        assert {row["verdict"] for row in rows} == {"allowed"}, name
    assert "list.xes: passed over, no keys of a course: colour (--map COLUMN=KEY reads one)" in err


HEAD_OF_STARTS = (
    "course,case,event,time:timestamp,start_timestamp,lifecycle:transition,regimen,cycles,response,finding,removes"
)
FILES["starts.csv"] = f"""{HEAD_OF_STARTS}
a,case.yaml,chemotherapy,2024-02-20,2024-01-01,,folfox,4,,,
a,case.yaml,restaging,2024-02-25,NaT,,,nan,partial,resectable,
a,case.yaml,hepatectomy,2024-02-27,,schedule,,,,,5 6 7 8
a,case.yaml,hepatectomy,2024-02-28,,withdraw,,,,,
a,case.yaml,hepatectomy,2024-03-01,,start,,,,,
a,case.yaml,hepatectomy,2024-03-01,,ate_abort,,,,,
a,case.yaml,hepatectomy,2024-03-31,2024-03-31,complete,,,,,5 6 7 8
b,case.yaml,chemotherapy,2024-01-01,,start,folfox,4,,,
b,case.yaml,chemotherapy,2024-02-20,,pi_abort,,,,,
b,case.yaml,hepatectomy,2024-02-22,,complete,,,,,5 6 7 8
"""


def test_starts_and_ends_are_one_event_and_what_was_only_planned_is_none(once):
    courses, _, err = once
    assert {(row["event"], row["day"]) for row in courses["a"]} == set(GOOD)
    assert {row["verdict"] for row in courses["a"]} == {"allowed"}
    # Broken off, it was given until then: two days of washout.
    assert wrong(courses["b"]) == {("hepatectomy", 52, "washout_respected")}
    assert "starts.csv: a: not done by its life cycle, not judged: hepatectomy" in err


FILES["log.csv"] = f"""{HEAD},time:timestamp
good,case.yaml,chemotherapy,0,50,folfox,4,,,,
good,case.yaml,hepatectomy,90,,,,,,5 6 7 8,
twice,case.yaml,hepatectomy,3,,,,,,5 6 7 8,
twice,case.yaml,hepatectomy,3,,,,,,5 6 7 8,
cases,case.yaml,restaging,3,,,,,,,
cases,rectum.yaml,hepatectomy,9,,,,,,5 6 7 8,
mixed,case.yaml,restaging,3,,,,,,,
mixed,case.yaml,hepatectomy,,,,,,,5 6 7 8,2024-03-31
apart,case.yaml,restaging,3,,,,,,,2024-01-04
apart,case.yaml,hepatectomy,9,,,,,,5 6 7 8,2024-03-31
slash,case.yaml,restaging,,,,,,,,03/04/2024
slash,case.yaml,hepatectomy,,,,,,,5 6 7 8,05/04/2024
dead,case.yaml,death,3,,,,,,,
dead,case.yaml,hepatectomy,9,,,,,,5 6 7 8,
"""


def test_what_cannot_be_meant_is_told_with_both_places_and_the_rest_is_judged(once):
    courses, status, err = once
    assert status == 2
    assert {"good", "dead"} <= courses.keys()
    assert not {"twice", "cases", "mixed", "apart", "slash"} & courses.keys()
    assert "after the death (day 3) nothing can have been done" in {row["words"] for row in courses["dead"]}
    for words in (
        "log.csv:5:1: event: line 4 tells the same; accepted: every event once",
        'log.csv:7:2: case: got "rectum.yaml", but line 6 names "case.yaml"; accepted: one case file a course',
        "log.csv:8:4: day: line 8 tells a day and line 9 a date, and no row tells both",
        "log.csv:11:4: day: day 9 is 2024-03-31 here, but day 3 is 2024-01-04 in line 10",
        'log.csv:12:11: time:timestamp: got "03/04/2024"; accepted: a date as in 2024-05-01',
        "day and month cannot be told apart in this one (2 rows of this course)",
        f"5 of {len(courses) + 5} courses cannot be judged",
    ):
        assert words in err, words


def test_a_hospitals_own_names_are_read_by_map_and_near_misses_are_errors(tmp_path):
    text = good("p", "01.01.2024", "20.02.2024", "25.2.2024", "31.03.2024").replace(",", ";")
    head = "Fall;Datei;Leistung;Datum;Ende;Schema;Zyklen;response;finding;Segmente"
    mapped = {"Fall": "course", "Datei": "case", "Leistung": "event", "Datum": "day", "Ende": "until_day", "Schema": "regimen",
              "Zyklen": "cycles", "Segmente": "removes"}  # fmt: skip
    own = head + text[text.index("\n") :]
    words = [word for name, key in mapped.items() for word in ("--map", f"{name}={key}")]
    courses, status, _ = judged(tmp_path, {"own.csv": own}, *words)
    assert status == 0
    assert {(row["event"], row["day"]) for row in courses["p"]} == set(GOOD)
    near = "course,case,event,day,cyles,days\np,case.yaml,hepatectomy,0,1,1\n"
    _, status, err = judged(tmp_path, {"near.csv": near})
    assert status == 2
    assert 'near.csv:1:5: cyles: unknown column "cyles"; did you mean "cycles"?' in err
    assert 'near.csv:1:6: days: unknown column "days"; did you mean "day"?' in err
    courses, status, _ = judged(tmp_path, {"near.csv": near}, "--map", "cyles=-", "--map", "days=-")
    assert (status, len(courses)) == (0, 1)


COURSE = "schema: 1\ncase: {}\nevents:\n{}"


def course(case, *events):
    return COURSE.format(case, "\n".join(f"  - {{{one}}}" for one in events))


CHEMOTHERAPY = "day: 0, until_day: 50, event: chemotherapy, regimen: folfox, cycles: 4"
FOUND = "event: restaging, response: partial, finding: resectable"
RIGHT = "event: hepatectomy, removes: [5, 6, 7, 8]"
STIMULUS = "day: 1, event: portal_vein_embolisation, segments: [right]"
COURSES = {
    "inside.yml": course("case.yaml", CHEMOTHERAPY, f"day: 0, {RIGHT}"),
    "after.yml": course("case.yaml", CHEMOTHERAPY, f"day: 78, {RIGHT}"),
    "radiotherapy.yml": course("rectum.yaml", "day: 0, until_day: 35, event: radiotherapy", "day: 50, event: primary_resection"),
    "together.yml": course("rectum.yaml", "day: 9, event: primary_resection", f"day: 9, {RIGHT}"),
    "small.yml": course("rectum.yaml", "day: 9, event: primary_resection", "day: 9, event: hepatectomy, removes: [6]"),
    "untold.yml": course("rectum.yaml", "day: 9, event: primary_resection", "day: 9, event: hepatectomy"),
    "late.yml": course("case.yaml", CHEMOTHERAPY, f"day: 55, {FOUND}", f"day: 150, {FOUND}", f"day: 205, {RIGHT}"),
    "newer.yml": course("case.yaml", "day: 2, event: volumetry, removes: [5, 6, 7, 8], fraction: 0.5",
                        "day: 5, event: volumetry, fraction: 0.2", f"day: 9, {RIGHT}"),
    # Two drugs at a time, to the fifty-sixth day and a day longer: a day on which both were given is one.
    "beside.yml": course("case.yaml", "day: 0, until_day: 40, event: chemotherapy, regimen: folfox, cycles: 3",
                         "day: 16, until_day: 56, event: chemotherapy, regimen: cetuximab, cycles: 3"),
    "longer.yml": course("case.yaml", "day: 0, until_day: 40, event: chemotherapy, regimen: folfox, cycles: 3",
                         "day: 16, until_day: 57, event: chemotherapy, regimen: cetuximab, cycles: 3"),
    "unmeasured.yml": course("case.yaml", STIMULUS, "day: 30, event: volumetry", f"day: 35, {RIGHT}"),
}  # fmt: skip
FILES |= COURSES


def test_what_a_record_shows_is_judged_as_it_was(once):
    """An operation inside an interval, bowel and liver on one day, a wait that a second restaging does not shorten, a newer volumetry."""
    courses, _, _ = once
    assert {name: {one[2] for one in wrong(courses[name])} for name in COURSES} == {
        "inside.yml": {"washout_respected"}, "after.yml": set(), "radiotherapy.yml": {"radiotherapy_interval"},
        "together.yml": {"simultaneous_only_when_safe"}, "small.yml": set(), "untold.yml": set(), "late.yml": {"prompt_surgery"},
        "newer.yml": {"remnant_before_resection"}, "unmeasured.yml": set(), "beside.yml": set(), "longer.yml": {"restaged_in_time"},
    }  # fmt: skip
    said = {row["words"] for name in COURSES for row in courses[name]}
    assert "150 days from the restaging to the operation, at most 56" in said
    assert "no volumetry with a figure since the growth stimulus" in said
    assert "which segments were removed with it is not told" in said


def test_a_record_opens_no_file_that_does_not_stand_beside_it_and_quotes_none_that_is_no_case(tmp_path):
    inner = tmp_path / "home" / "records"
    inner.mkdir(parents=True)
    (tmp_path / "secret.txt").write_text("root:x:0:0: [unclosed\n")
    (tmp_path / "patient.yaml").write_text(CASE)
    (inner / "notes.txt").write_text("user: secret\npassword: {hunter2\n")
    (inner / "link.yaml").symlink_to(tmp_path / "patient.yaml")
    event = "day: 0, event: hepatectomy, removes: [5, 6, 7, 8]"
    names = {
        "up.yml": "../../secret.txt",
        "far.yml": tmp_path / "patient.yaml",
        "link.yml": "link.yaml",
        "notes.yml": "notes.txt",
    }
    for name, case in names.items():
        (inner / name).write_text(course(case, event))
    (inner / "log.csv").write_text(f"course,case,event,day\np,{tmp_path / 'patient.yaml'},hepatectomy,0\n")
    status, out, err = audit(*names, "log.csv", cwd=inner)
    assert (status, out) == (2, "")
    assert err.count("does not stand beside it") == 4
    assert err.count("which is no case file") == 1
    assert not any(word in err for word in ("hunter2", "root:x", "unclosed", "password"))
    status, out, _ = audit("far.yml", "--cases", tmp_path, cwd=inner)
    assert (status, "no deviation" in out) == (0, True)


def test_what_pandas_writes_is_read(tmp_path):
    pandas = pytest.importorskip("pandas")
    table = pandas.DataFrame([
        {"case": "case.yaml", "event": "chemotherapy", "day": 0, "until_day": 50, "regimen": "folfox", "cycles": 4},
        {"case": "case.yaml", "event": "restaging", "day": 55, "response": "partial", "finding": "resectable"},
        {"case": "case.yaml", "event": "hepatectomy", "day": 90, "removes": [5, 6, 7, 8]},
    ])  # fmt: skip
    for name in ("plain", "indexed", "gaps", "kept"):
        one = table.assign(course=name)
        if name == "kept":
            one.set_index("course").to_parquet(tmp_path / "kept.parquet")
            one.assign(
                course="dated", date=pandas.Timestamp("2024-01-01") + pandas.to_timedelta(one["day"], unit="D")
            ).drop(columns=["day", "until_day"]).to_parquet(tmp_path / "dated.parquet")
        else:
            one.to_csv(tmp_path / f"{name}.csv", index=name == "indexed", na_rep="nan" if name == "gaps" else "")
    written(tmp_path, {})
    files = sorted(one.name for one in tmp_path.iterdir() if one.suffix != ".yaml")
    status, out, err = audit(*files, "--json", cwd=tmp_path)
    courses = json.loads(out)["courses"]
    assert (status, [one["course"] for one in courses]) == (0, ["dated", "gaps", "indexed", "kept", "plain"]), err
    assert all({(row["event"], row["day"]) for row in one["events"]} == set(GOOD) for one in courses)


@pytest.mark.slow
@pytest.mark.filterwarnings("ignore")
def test_what_pm4py_writes_is_read(tmp_path):
    """A table through pm4py as CSV, XES and Parquet. pm4py is under the AGPL and takes seconds to start."""
    pm4py, pandas = pytest.importorskip("pm4py"), pytest.importorskip("pandas")
    times = pandas.to_datetime(
        ["2024-02-20T08:00:00+01:00", "2024-02-25T08:00:00+01:00", "2024-03-31T08:00:00+02:00"], utc=True
    )
    table = pandas.DataFrame({
        "patient": "p", "what": [one for one, _ in GOOD], "when": times, "case:case": "case.yaml", "regimen": ["folfox", None, None],
        "cycles": [4, None, None], "response": [None, "partial", None], "finding": [None, "resectable", None],
        "removes": [None, None, "5 6 7 8"], "start_timestamp": [pandas.Timestamp("2024-01-01T07:00:00Z"), times[1], times[2]],
    })  # fmt: skip
    log = pm4py.format_dataframe(table, case_id="patient", activity_key="what", timestamp_key="when")
    log.to_csv(tmp_path / "a.csv")
    log.to_parquet(tmp_path / "b.parquet")
    pm4py.write_xes(log, str(tmp_path / "c.xes"))
    traces = pm4py.convert_to_event_log(log)
    traces[0][2]["removes"] = [5, 6, 7, 8]
    pm4py.write_xes(traces, str(tmp_path / "d.xes"))
    written(tmp_path, {})
    status, out, err = audit("a.csv", "b.parquet", "c.xes", "d.xes", "--json", cwd=tmp_path)
    assert status == 0, err
    courses = json.loads(out)["courses"]
    assert len(courses) == 4
    assert all({(row["event"], row["day"]) for row in one["events"]} == set(GOOD) for one in courses)
    assert all({row["verdict"] for row in one["events"]} == {"allowed"} for one in courses)
    assert err.count("passed over, no keys of a course: patient, what, when") == 4
