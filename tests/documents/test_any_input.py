"""Law: whatever stands in a file, its reader gives a value or a complaint a person can read, and never fails otherwise.

Valid files are changed where they stand: values of another kind, huge numbers, halves of letters, names as long as a page, keys that
nobody meant, other encodings. Sixty changes a reader here; two thousand behind the marker.
"""

import json
import random

import pytest
from ruamel.yaml import YAML
from shipped import CONSTRUCTED, COURSES, PUBLISHED, ROOT

import pathways as pw
from pathways.case.eventlog import courses_in
from pathways.cohort.patients.definition import load_cohort
from pathways.documents.problems import DocumentError, PathwaysError
from pathways.teaching.authoring import loading

VALUES = [
    None, True, -1, -0.0, 8, 2.5, 1e308, 5e-324, float("inf"), float("nan"), 2**64, 10**30, "", " ", "yes", "1:30", "0o17",
    "2024-05-01", "\ud800", "😀", "a\0b", "\x1b[2J", "\u202e", "a\nb", "x" * 3000, "/" * 5000, "a/" * 300, "../" * 2000, "nan", [], [[]], {}, [None],
    {"x": True}, [{"x": True}], {"\ud800": 1}, {"😀": {"x": [True]}}, {"int": 1}, {"bool": 1}, {"": 1}, {"[key]": 1}, list(range(100)),
]  # fmt: skip
KEYS = [
    "😀",
    "\ud800",
    "",
    "x" * 3000,
    "a\nb",
    "a\0b",
    "[key]",
    "int",
    "bool",
    "schema",
    "case",
    "events",
    "<<",
    "a.b",
    "0",
]
ENCODINGS = ["utf-8"] * 12 + ["utf-16", "latin-1", "cp037", "shift_jis"]
DECLARED = ["UTF-8"] * 12 + ["ISO-8859-1", "x-nothing", "utf-7", "hex", "idna", "punycode", "UTF-16", "\0", "😀"]


def plain(path):
    return YAML(typ="safe").load(path.read_text(encoding="utf-8"))


def places(value, path=()):
    yield path
    inside = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, one in inside:
        yield from places(one, (*path, key))


def changed(value, luck):
    value = json.loads(json.dumps(value))
    for _ in range(luck.choice([1, 1, 2, 4])):
        path = luck.choice(list(places(value)))
        if not path:
            return luck.choice(VALUES)
        parent = value
        for key in path[:-1]:
            parent = parent[key]
        drawn = luck.choice(VALUES)
        kind = luck.randrange(5)
        if kind == 0 and isinstance(parent, dict):
            parent[luck.choice(KEYS)] = parent.pop(path[-1])
        elif kind == 1:
            parent[path[-1]] = [parent[path[-1]]]
        elif kind == 2:
            parent[path[-1]] = {luck.choice(KEYS): drawn}
        else:
            parent[path[-1]] = drawn
        value = json.loads(json.dumps(value))
    return value


def as_json(value, luck):
    return json.dumps(value, ensure_ascii=luck.random() < 0.7)


def as_csv(value, luck):
    rows = value if isinstance(value, list) else [value]
    lines = [",".join(str(cell) for cell in (row if isinstance(row, list) else [row])) for row in rows]
    return luck.choice(["\n", "\r\n"]).join(lines)


def as_xes(value, luck):
    rows = value if isinstance(value, list) else [value]
    events = "".join(
        f"<event>{''.join(attribute(key, one) for key, one in row.items()) if isinstance(row, dict) else row}</event>"
        for row in rows
    )
    trace = f"<trace>{attribute('concept:name', 'p')}{attribute('case', luck.choice(['case.yaml'] * 9 + ['x' * 300]))}{events}</trace>"
    return f'<?xml version="1.0" encoding="{luck.choice(DECLARED)}"?>\n<log>\n{trace}</log>'


def attribute(key, value):
    return f'<string key="{str(key)[:200]}" value="{value}"/>'


def overlays():
    settings = plain(ROOT / "src/pathways/knowledge/data/protocols/default.yaml")["settings"]
    entries = {
        key: {"value": one["value"], "why": "x", "sources": one["sources"], "confidence": "expert_opinion"}
        for key, one in settings.items()
    }
    return [
        {"schema": 1, "id": "own", "title": "own", "based_on": "default", "replaces": {key: one}}
        for key, one in entries.items()
    ]


COHORT = {
    "schema": 1, "id": "c", "only": {"age_years": [18, 80], "sites": ["rectum"], "synchronous": True},
    "draw": {"male": 0.5, "ecog": [0.5, 0.3, 0.1, 0.1]}, "why": "x",
}  # fmt: skip
ROWS = [
    ["course", "case", "event", "day", "until_day", "regimen", "cycles", "removes", "fraction", "diagnostic"],
    ["p", "case.yaml", "chemotherapy", 0, 50, "folfox", 4], ["p", "case.yaml", "hepatectomy", 90, "", "", "", "5 6 7 8", "", "true"],
]  # fmt: skip
EVENTS = [
    {
        "concept:name": "chemotherapy",
        "time:timestamp": "2024-01-01T08:00:00.000+01:00",
        "regimen": "folfox",
        "cycles": 4,
    },
    {"concept:name": "hepatectomy", "day": 90, "removes": "5 6 7 8"},
]
SCENARIO = plain(min((ROOT / "scenarios" / "teaching").glob("*.yaml")))
READERS = {
    "case": (
        ".yaml",
        pw.load_case,
        as_json,
        lambda: [plain(path) for path in (PUBLISHED[0], PUBLISHED[9], CONSTRUCTED[0])],
    ),
    "case as a ward writes it": (
        ".yaml",
        pw.load_case,
        as_json,
        lambda: [plain(path) for path in sorted((ROOT / "tests" / "case").glob("[fu]*s*/*.yaml"))],
    ),
    "course": (".yaml", pw.load_course, as_json, lambda: [plain(path) | {"case": "case.yaml"} for path in COURSES[:2]]),
    "protocol": (".yaml", pw.load_protocol, as_json, overlays),
    "cohort": (".yaml", load_cohort, as_json, lambda: [COHORT]),
    "scenario": (".yaml", loading.load_scenario, as_json, lambda: [SCENARIO]),
    "log.csv": (".csv", lambda file: list(courses_in(file)), as_csv, lambda: [ROWS]),
    "log.xes": (".xes", lambda file: list(courses_in(file)), as_xes, lambda: [EVENTS]),
}


def answers(reader, folder, number, seed):
    """Reads `number` changed files; returns how many were refused. Anything but a complaint goes through."""
    suffix, load, written, seeds = READERS[reader]
    (folder / "case.yaml").write_text(PUBLISHED[0].read_text(encoding="utf-8"), encoding="utf-8")
    luck, valid, refused = random.Random(seed), seeds(), 0
    for _ in range(number):
        text = written(changed(luck.choice(valid), luck), luck)
        raw = text.encode(luck.choice(ENCODINGS), "replace")
        file = folder / f"drawn{suffix}"
        file.write_bytes(raw)
        try:
            load(file)
        except PathwaysError as error:
            refused += 1
            assert_readable(error, raw)
    return refused


def assert_readable(error, raw):
    """Each complaint is one line that any terminal shows, in words of this program, at a place inside the file."""
    assert isinstance(error, DocumentError)
    assert error.problems
    lines = len(raw.replace(b"\r", b"\n").split(b"\n")) + 1
    for problem in error.problems:
        words = str(problem)
        assert words.isprintable(), raw
        assert 1 <= problem.line <= lines + raw.count(b"\x85"), words
        assert problem.column >= 1
        assert "x" * 200 not in words, words
        assert not any(one in words for one in ("nput should", "pydantic", "Traceback", "codec", " object at ")), words


@pytest.fixture(autouse=True)
def no_graph(monkeypatch):
    """What the machine says of a scenario needs the whole graph, and is tried elsewhere."""
    monkeypatch.setattr("pathways.teaching.authoring.checks.contradictions_of", lambda *_: ())


@pytest.mark.parametrize("reader", READERS)
def test_any_change_of_a_valid_file_is_read_or_answered_in_words(reader, tmp_path):
    assert answers(reader, tmp_path, 60, 1) >= 24


@pytest.mark.slow
@pytest.mark.parametrize("reader", READERS)
def test_two_thousand_changes_are_read_or_answered_in_words(reader, tmp_path):
    assert answers(reader, tmp_path, 2000, 2) >= 800
