"""What is simulated is written as a log that the audit reads again, without a deviation; and as rows of transitions."""

import csv
import io
import json
import sys
from itertools import pairwise
from unittest.mock import patch

import pytest
from shipped import CONSTRUCTED, PUBLISHED, case_at, graph_of, named

from pathways.case.course import Course
from pathways.case.eventlog import courses_in
from pathways.cli.main import run
from pathways.cohort.runs.simulation import Simulation
from pathways.conformance.audit import audit
from pathways.conformance.written import Written
from pathways.documents.problems import PathwaysError
from pathways.interchange.courses import Logged, csv_log, xes_log
from pathways.interchange.walked import courses_of, transition_rows
from pathways.knowledge.protocols import load_protocol

PROTOCOL = load_protocol("default")


def command(*words):
    with patch.object(sys, "argv", ["pathways", *map(str, words)]), pytest.raises(SystemExit) as stop:
        run()
    return stop.value.code or 0


def simulated(name, patients=15, strategy="resection"):
    return Simulation(strategy, PROTOCOL, 1, patients, case=case_at(named(name)))


def deviations(file, strategy, seed, patients):
    case = case_at(file)
    for one in courses_of(Simulation(strategy, PROTOCOL, seed, patients, case=case), "x.yaml"):
        found = audit(Course.model_validate({"schema": 1, "case": case, "events": one.events}), PROTOCOL).deviations
        if found:
            yield one.name, found, one.events


# Each ended once in a course that deviated: an unnamed drug, an old image, a limit by weight, a session between two stages, a progression
# that no record told, a pregnancy that no record ended.
@pytest.mark.parametrize(
    ("name", "strategy", "seed"),
    [
        ("sim-02", "resection", 1), ("conv-01", "resection", 1), ("rep-02-recurrence", "resection", 1), ("um-01", "resection", 1),
        ("gist-02", "resection", 5), ("alp-03", "resection", 5), ("damaged-liver", "resection", 5), ("multi-stage", "safety", 11),
        ("watched-primary", "safety", 11), ("pregnant-32-weeks", "guideline", 5),
    ],
)  # fmt: skip
def test_a_simulated_course_conforms(name, strategy, seed):
    file = next(one for one in (*PUBLISHED, *CONSTRUCTED) if one.stem == name)
    assert list(deviations(file, strategy, seed, 40)) == []


@pytest.mark.slow
@pytest.mark.parametrize("file", [*PUBLISHED, *CONSTRUCTED], ids=lambda file: file.stem)
def test_every_simulated_course_of_a_shipped_case_conforms(file):
    for strategy in ("resection", "guideline", "safety", "two_stage"):
        assert list(deviations(file, strategy, 7, 40)) == []


@pytest.mark.parametrize("form", ["csv", "xes"])
def test_a_log_is_read_again_as_it_was_written(tmp_path, form):
    courses = list(courses_of(simulated("alp-03"), named("alp-03").name))
    file = tmp_path / f"log.{form}"
    file.write_text((csv_log if form == "csv" else xes_log)(courses), encoding="utf-8")
    (tmp_path / "alp-03.yaml").write_text(named("alp-03").read_text(encoding="utf-8"), encoding="utf-8")
    read = dict(courses_in(file))
    assert list(read) == [one.name for one in courses]
    for one in courses:
        plain = [event.model_dump(exclude_unset=True) for event in read[one.name].events]
        assert plain == [dict(event) for event in one.events]


def test_a_command_writes_logs_that_the_audit_reads(tmp_path, capsys):
    log, rows = tmp_path / "courses.xes", tmp_path / "rows.csv"
    assert command("simulate", named("sim-02"), "--patients", 12, "--events", log, "--transitions", rows) == 0
    capsys.readouterr()
    assert command("audit", log, "--cases", named("sim-02").parent, "--json") == 0
    assert json.loads(capsys.readouterr().out)["summary"]["share_conforming"] == 1
    assert rows.read_text(encoding="utf-8").startswith("id,from,to,start,time,status\n")


def test_drawn_patients_are_logged_with_their_cases(tmp_path, capsys):
    log, cases = tmp_path / "courses.csv", tmp_path / "cases"
    assert command("simulate", "--patients", 6, "--events", log) == 2
    assert "--save-cases DIR" in capsys.readouterr().err
    assert command("simulate", "--patients", 6, "--events", log, "--save-cases", cases) == 0
    capsys.readouterr()
    assert command("audit", log, "--cases", cases, "--json") in (0, 1)
    assert json.loads(capsys.readouterr().out)["summary"]["courses"] > 0


def test_rows_of_transitions_follow_on_each_other():
    rows = list(transition_rows(simulated("alp-03")))
    assert {row["id"] for row in rows} == set(range(1, 16))
    for one, following in pairwise(rows):
        assert one["time"] >= one["start"]
        if one["id"] == following["id"]:
            assert (one["to"], one["time"]) == (following["from"], following["start"])
            assert one["status"] == 1
        else:
            assert one["to"] == "dead" or one["status"] == 1
    assert {row["status"] for row in rows} <= {0, 1}


def test_names_from_files_do_not_break_out_of_a_log():
    course = Logged('"/><evil/>', "a<b>.yaml", [{"day": 0, "event": "ablation"}])
    assert "<evil" not in xes_log([course])
    assert next(csv.DictReader(io.StringIO(csv_log([course]))))["course"] == '"/><evil/>'


def test_what_an_operation_could_not_do_is_in_no_record():
    graph = graph_of(named("alp-01"))
    written = Written(graph)
    edges = [
        (before, edge)
        for leaving in graph.edges
        for edge in leaving
        if graph.states[edge.target].stage == "abandoned" != graph.states[edge.source].stage
        for before in (next(one for two in graph.edges for one in two if one.target == edge.source),)
    ]
    from pathways.conformance.written import Walked

    before, edge = edges[0]
    events = written.events([Walked(before, 10), Walked(edge, 40)])
    assert "exploration" in [one["event"] for one in events]
    assert not {"hepatectomy", "first_stage", "alpps_stage_1", "stage_2"} & {one["event"] for one in events}


def test_a_second_targeted_drug_is_told_as_one_that_is_not_chosen_here():
    told = {
        event.get("regimen")
        for one in courses_of(simulated("gist-02", 40))
        for event in one.events
        if event["event"] == "chemotherapy"
    }
    assert told == {"imatinib", "targeted_drug"}


def test_a_progression_between_two_treatments_is_told():
    courses = courses_of(
        Simulation(
            "safety", PROTOCOL, 11, 4, case=case_at(next(one for one in CONSTRUCTED if one.stem == "watched-primary"))
        )
    )
    fourth = list(courses)[3].events
    assert {"day": 117, "event": "restaging", "response": "progression"} in fourth


def test_pathways_are_told_by_line_of_treatment(capsys):
    assert command("export", named("alp-03"), "--to", "lines") == 0
    rows = list(csv.DictReader(io.StringIO(capsys.readouterr().out)))
    first = [row for row in rows if row["pathway"] == "p1"]
    assert [int(row["line"]) for row in first] == list(range(1, len(first) + 1))
    assert all(int(one["to_day"]) <= int(following["to_day"]) for one, following in pairwise(first))


def test_too_many_courses_are_refused():
    with pytest.raises(PathwaysError, match="at most 10000"):
        list(courses_of(simulated("alp-03", 10_001), "x.yaml"))
