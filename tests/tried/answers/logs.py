"""Event logs as other tools and hospitals write them, and first guesses at a case file."""

from __future__ import annotations

from functools import cache, partial

import pytest

from pathways.case.eventlog import courses_in
from pathways.conformance.audit import audit
from pathways.documents.problems import DocumentError
from pathways.facts.patient_assessment import PatientAssessment
from pathways.liver.anatomy import LEFT, mask_of
from tried.answers.asking import FACTS, GUESSES, HERE, LOGS, case_of, complaints, protocol, row

LEFT_WITH_CAUDATE = LEFT | mask_of([1])


def of(name):
    return f"logs/{name}"


@cache
def read(name):
    """The courses of a log and what it is refused for."""
    courses, problems = [], []
    try:
        courses.extend(courses_in(HERE / of(name)))
    except DocumentError as error:
        problems.extend(error.problems)
    return courses, problems


@cache
def audited(name):
    return [audit(course, protocol(), called) for called, course in read(name)[0]]


def events(name):
    return [(one.event, one.day, one.until_day) for _, course in read(name)[0] for one in course.events]


def conforms(name):
    return bool(audited(name)) and not read(name)[1] and all(one.conforms for one in audited(name))


def deviates(name, *properties):
    """A deviation is found; of one of these properties where they are named."""
    found = {row.property for one in audited(name) for row in one.deviations}
    return bool(found & set(properties)) if properties else bool(found)


def refused(name, *words):
    """Refused, and the first complaint says these words."""
    problems = read(name)[1]
    return bool(problems) and all(word in str(problems[0]) for word in words)


def answer(name):
    courses, problems = read(name)
    found = [f"{row.property}" for one in audited(name) for row in one.deviations]
    told = [f"{event} {day}" + (f" to {until}" if until is not None else "") for event, day, until in events(name)]
    says = (
        f"{len(courses)} read: {', '.join(told[:4])}; {'deviates: ' + ', '.join(found) if found else 'conforms'}"
        if courses
        else ""
    )
    return "; ".join(one for one in (says, f"refused: {problems[0].message}" if problems else "") if one)[:160]


def log(name, right, holds):
    return row(of(name), LOGS, right, holds, partial(answer, name))


def share(name):
    return PatientAssessment(case_of(f"volumetry/{name}.yaml"), protocol()).volumes.share(LEFT_WITH_CAUDATE)


def same(one, other):
    mine, theirs = (PatientAssessment(case_of(f"volumetry/{name}.yaml"), protocol()).volumes for name in (one, other))
    return all(mine.remnant(kept) == theirs.remnant(kept) for kept in range(256))


def good_is_judged():
    """One bad course: the audit of the command line still judges the other."""
    import contextlib
    import io
    import sys
    from unittest.mock import patch

    from pathways.cli.main import run

    out, err = io.StringIO(), io.StringIO()
    with patch.object(sys, "argv", ["pathways", "audit", str(HERE / of("18-onebad.csv"))]), contextlib.redirect_stdout(out), contextlib.redirect_stderr(err), pytest.raises(SystemExit):  # fmt: skip
        run()
    return "good" in out.getvalue() and "bad" in out.getvalue() + err.getvalue()


def guessed(number):
    """At most three things of a first guess are refused."""
    problems = complaints(f"../case/first_guesses/{number}-guess.yaml")
    return len(problems) <= 3 and all(one.key and one.line for one in problems)


def guess_answer(number):
    problems = complaints(f"../case/first_guesses/{number}-guess.yaml")
    return f"asked: {', '.join(one.key for one in problems)}" if problems else "understood"


AS_READ = [("chemotherapy", 0, 50), ("restaging", 55, None), ("hepatectomy", 90, None)]

ROWS = (
    log("01-lifecycle-false-deviation.csv", "start and complete of one chemotherapy are one event of seven cycles, day 0 to 95, and no excess of cycles",
        lambda: ("chemotherapy", 0, 95) in events("01-lifecycle-false-deviation.csv") and not deviates("01-lifecycle-false-deviation.csv", "chemotherapy_bounded")),
    log("02-floats.csv", "4.0 is 4, an empty cell is absent", lambda: events("02-floats.csv") == AS_READ and conforms("02-floats.csv")),
    log("02c-pandas-index.csv", "the index of pandas is passed over", lambda: events("02c-pandas-index.csv") == AS_READ),
    log("03-semicolon.csv", "semicolons part columns too", lambda: events("03-semicolon.csv") == AS_READ),
    log("04-latin1.csv", "bytes that are not UTF-8 are read, or refused once with the remedy", lambda: refused("04-latin1.csv", "UTF-8") and len(read("04-latin1.csv")[1]) == 1),
    log("05-order.csv", "events newest first are put in order, or refused at their place", lambda: events("05-order.csv") == AS_READ or refused("05-order.csv", "events stand in order")),
    log("06-mixed.csv", "days and dates in one log: anchored on a row that has both, or refused",
        lambda: events("06-mixed.csv") == AS_READ or bool(read("06-mixed.csv")[1])),
    log("08-latin1.xes", "an encoding that is declared is believed", lambda: [name for name, _ in read("08-latin1.xes")[0]] == ["Müller"]),
    log("09-typo.xes", "a near miss of a key is an error in XES too", lambda: refused("09-typo.xes", "cyles", "cycles")),
    log("11-date.csv", "a date that is a number is read, or refused with the remedy", lambda: bool(events("11-date.csv")) or refused("11-date.csv", "accepted: a date")),
    log("12-list.csv", "segments written 5.0 6.0 are read", lambda: read("12-list.csv")[0][0][1].events[0].removes == (5, 6)),
    log("14-operation-inside-chemo.csv", "an operation inside a recorded interval of chemotherapy is a deviation", lambda: deviates("14-operation-inside-chemo.csv")),
    row((of("14.yaml"), of("case.yaml")), LOGS, "the same as a course", lambda: deviates("14.yaml"), partial(answer, "14.yaml")),
    row((of("14c.csv"), of("case3.yaml")), LOGS, "a resection of the primary inside it is one too", lambda: deviates("14c.csv"), partial(answer, "14c.csv")),
    log("15-pm4py-columns.csv", "foreign columns of pm4py are passed over with one note; what is missing is the case",
        lambda: len(read("15-pm4py-columns.csv")[1]) <= 1 and not refused("15-pm4py-columns.csv", "unknown column")),
    log("18-onebad.csv", "one bad course does not silence the other", good_is_judged),
    log("19g.csv", "`event` beside `concept:name` is an error with its place", lambda: refused("19g.csv", "stands in column 1 already")),
    log("22-pm4py.csv", "a log of pm4py with time zones is read", lambda: [(one, day) for one, day, _ in events("22-pm4py.csv")] == [(one, day) for one, day, _ in AS_READ] + [("hepatectomy", 0)]),
    log("29-twice.csv", "segments that are removed twice are said",
        lambda: any("already" in row.words or "twice" in row.words for one in audited("29-twice.csv") for row in one.rows) or bool(read("29-twice.csv")[1])),
    row(("volumetry/25-segments-and-total.yaml", "volumetry/25-same-keys-reversed.yaml", "volumetry/25-without-total.yaml"), FACTS,
        "eight measured segments are the functional liver, whatever the order of the keys and the total beside them",
        lambda: share("25-segments-and-total") == pytest.approx(320 / 1200) and same("25-segments-and-total", "25-same-keys-reversed") and same("25-segments-and-total", "25-without-total"),
        lambda: f"the left liver is {share('25-segments-and-total'):.1%} in all three"),
    row("volumetry/26-segment-zero.yaml", FACTS, "a segment of 0 ml is not measured",
        lambda: bool(PatientAssessment(case_of("volumetry/26-segment-zero.yaml"), protocol()).volumetry.findings),
        lambda: f"asked about; the left liver is {share('26-segment-zero'):.1%}, estimated"),
    row("volumetry/30-remnant-vs-segments.yaml", FACTS, "segments and a remnant that differ are refused with both places",
        lambda: any("0.36" in str(one) and "segments_ml" in str(one) for one in complaints("volumetry/30-remnant-vs-segments.yaml"))),
    *(
        row(f"../case/first_guesses/{number}-guess.yaml", GUESSES, "understood; at most three things are asked, each with its place",
            partial(guessed, number), partial(guess_answer, number))
        for number in range(1, 6)
    ),
)  # fmt: skip
