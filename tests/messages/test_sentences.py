"""Sentences that are made on the way: every template is said somewhere, with exactly its fields, in every language."""

import ast
import json
import os
import string
import subprocess
import sys
from collections import Counter
from functools import cache
from pathlib import Path
from typing import get_args

import pytest
from processes import in_process
from shipped import ROOT

import pathways.conformance.properties
from pathways import words
from pathways.facts.liver_state import LiverState
from pathways.knowledge.schema import Confidence
from pathways.liver.resection import Clearance
from pathways.messages.catalogue import called, collected, fields_of, joined, say, sentences
from pathways.messages.english import ROOMS, TEMPLATES
from pathways.planning.map_answers import QUESTIONS
from pathways.process.declaration import PROCESS
from pathways.report.view import ROWS

SRC = ROOT / "src" / "pathways"
# Words of a vocabulary that are said: the vocabulary they come from, less what is never said.
VOCABULARIES = {
    "family": set(get_args(words.Family)),
    "tumour": set(get_args(words.Tumour)),
    "urgency": set(get_args(words.Urgency)) - {"none"},
    "site": set(get_args(words.ExtrahepaticSite)),
    "vessel": set(get_args(words.Vessel)),
    "bowel": set(get_args(words.ColorectalSite)),
    "state": set(get_args(LiverState)),
    "depth": set(get_args(words.Depth)),
    "nature": set(get_args(words.Nature)),
    "bile": set(get_args(words.BiliaryObstruction)),
    "response": set(get_args(words.Response)) - {"complete"},
    "sign": set(get_args(words.Insufficiency)),
    "extent": set(get_args(words.FitFor)),
    "clearance": set(get_args(Clearance)),
    "confidence": set(get_args(Confidence)),
    "end": set(PROCESS.ends),
    "question": set(QUESTIONS),
    "letters": {family for family in get_args(words.Family) if f"letters.{family}" in TEMPLATES},
    "row": {key for key, _ in ROWS},
    "resectability": set(get_args(words.Assessed)),
    "own_rule": set(get_args(words.Tumour)) - {"colorectal", "neuroendocrine", "gist"},
}


@cache
def modules():
    """By file the imports from the catalogue and all calls of a plain name: read once."""
    found = {}
    for file in sorted(SRC.rglob("*.py")):
        nodes = list(ast.walk(ast.parse(file.read_text(encoding="utf-8"))))
        imports = [node for node in nodes if isinstance(node, ast.ImportFrom)]
        aliases = [one for node in imports if node.module == "pathways.messages.catalogue" for one in node.names]
        found[file] = aliases, [one for one in nodes if isinstance(one, ast.Call) and isinstance(one.func, ast.Name)]
    return found


def calls(name):
    """Every call of `say` or `called` from the catalogue: its file and line, its literal first arguments, its keywords."""
    for file, (aliases, called_here) in modules().items():
        known = {alias.asname or alias.name for alias in aliases if alias.name == name}
        if file == SRC / "messages" / "catalogue.py":
            known.add(name)
        for node in called_here:
            if node.func.id in known:
                where = f"{file.relative_to(SRC)}:{node.lineno}"
                yield where, list(literals(node.args[0])), [one.arg for one in node.keywords]


def literals(node):
    """The ids that a first argument can be: a literal, or one of two by a condition."""
    if isinstance(node, ast.IfExp):
        yield from (*literals(node.body), *literals(node.orelse))
    else:
        yield node.value if isinstance(node, ast.Constant) else None


def names_of(template):
    return {name for _, name, _, _ in string.Formatter().parse(template) if name is not None}


def test_every_sentence_that_is_said_has_a_template_with_exactly_its_fields():
    wrong = []
    for where, identities, given in calls("say"):
        for identity in identities:
            if identity not in TEMPLATES:
                wrong.append(f"{where}: no template {identity}")
            elif set(given) != names_of(TEMPLATES[identity]):
                wrong.append(f"{where}: {identity} takes {sorted(names_of(TEMPLATES[identity]))}, got {sorted(given)}")
    assert wrong == []


def test_every_template_is_said_somewhere():
    said = {identity for _, identities, _ in calls("say") for identity in identities}
    vocabularies = {identity for _, identities, _ in calls("called") for identity in identities}
    unsaid = [one for one in TEMPLATES if one not in said and one.partition(".")[0] not in vocabularies]
    assert unsaid == []
    assert {one.partition(".")[0] for one in TEMPLATES} >= vocabularies


def test_words_of_a_vocabulary_have_no_fields_and_are_all_there():
    for name in {identity for _, identities, _ in calls("called") for identity in identities}:
        held = {one.partition(".")[2]: text for one, text in TEMPLATES.items() if one.startswith(f"{name}.")}
        assert not any(fields_of(text) for text in held.values())
        assert set(held) == VOCABULARIES.get(name, set(held)), name


def test_no_id_stands_twice_and_none_is_the_id_of_a_record():
    assert pathways.conformance.properties.PROPERTIES
    counted = Counter(identity for room in ROOMS.values() for identity in room)
    assert [one for one, number in counted.items() if number > 1] == []
    assert not set(counted) & {identity for identity, _ in collected()}


def test_every_field_has_a_name():
    assert all(name.isidentifier() for text in TEMPLATES.values() for name in names_of(text))


def test_a_sentence_is_filled_in():
    assert say("debulking_share.none", wanted=0.9) == "no operation removes 90% of the tumour and leaves a remnant"
    assert called("vessel", "vena_cava") == "vena cava"
    assert joined([]) == ""
    assert joined(["a", "b", "c"]) == "a and b and c"
    with pytest.raises(KeyError):
        say("no.such_sentence")
    with pytest.raises(KeyError):
        say("debulking_share.none")


# --- another language -------------------------------------------------------------------------------------------------


def in_language(file, *arguments):
    return subprocess.run(
        [sys.executable, "-m", "pathways", *map(str, arguments)],
        capture_output=True,
        text=True,
        check=False,
        env={**os.environ, "COLUMNS": "120", "PATHWAYS_LANGUAGE": str(file)},
        cwd=ROOT,
    )


def written(folder, messages):
    file = folder / "xx.yaml"
    file.write_text("\n".join(f"{one}: {json.dumps(text)}" for one, text in messages.items()), encoding="utf-8")
    return file


CASE = ROOT / "scenarios" / "published" / "alp-03.yaml"


@pytest.mark.parametrize(
    ("identity", "text", "told"),
    [
        ("debulking_share.none", "keine Operation", "debulking_share.none: lacks the field {wanted:.0%}"),
        ("two_sided.yes", "{seite}", "two_sided.yes: got the field {seite}; accepted: no field"),
        ("clears.resection", "{resektion} reicht", 'got the field {resektion}; accepted: {resection}; did you mean "{resection}"?'),
        ("debulking_share.none", "{wanted:.1%}", 'lacks the field {wanted:.0%}; did you mean "{wanted:.1%}"?'),
        ("step.watch_vanished_sites.annotation", "Rest", "lacks the field {regrowth_at_watched_site_mri:.0%}"),
        ("clears.resection", "{resection", "clears.resection: expected '}' before end of string; accepted: text with fields"),
    ],
)  # fmt: skip
def test_a_template_with_other_fields_than_the_english_one_is_told_in_a_sentence(identity, text, told, tmp_path):
    found = in_language(written(tmp_path, {identity: text}), "assess", CASE)
    assert found.returncode == 2
    assert f"xx.yaml: {identity}: " in found.stderr
    assert told in found.stderr
    assert "Traceback" not in found.stderr


def test_the_file_for_a_translator_holds_every_sentence_and_can_be_used_as_it_is(tmp_path, capsys):
    printed = subprocess.run(
        [sys.executable, "docs/messages_file.py"], capture_output=True, text=True, check=True, cwd=ROOT
    ).stdout
    for identity, english in sentences():
        assert f"{identity}: {json.dumps(english, ensure_ascii=False)}\n" in printed
    file = tmp_path / "xx.yaml"
    file.write_text(printed, encoding="utf-8")
    assert in_language(file, "plan", CASE).stdout == in_process(capsys, "plan", CASE, env={"COLUMNS": "120"})[1]


# Where a person's words stand in what the program writes as JSON.
SPOKEN = {"reason", "assumed", "words", "note", "title", "outcome", "then", "assumptions", "warnings", "not_modelled"}
OPEN, CLOSE = "⟦", "⟧"


@pytest.mark.parametrize(
    "arguments",
    [
        ("plan", CASE),
        ("plan", ROOT / "scenarios" / "constructed" / "recurrence-early-proven.yaml"),
        ("explain", CASE, "transplantation"),
        ("audit", ROOT / "scenarios" / "courses" / "conv-01.yaml"),
    ],
    ids=lambda given: f"{given[0]} {Path(given[1]).stem}",
)
def test_another_language_says_everything_and_decides_nothing(arguments, tmp_path, capsys):
    """Every message in brackets: without them the document is the English one, and every text for a person bears them."""
    every = {one: f"{OPEN}{text}{CLOSE}" for one, text in [*collected(), *sentences()]}
    told = in_language(written(tmp_path, every), *arguments, "--json").stdout
    document = json.loads(told)
    bare = told.replace(OPEN, "").replace(CLOSE, "")
    assert in_any_order(bare) == in_any_order(in_process(capsys, *arguments, "--json")[1])
    # What is said of a score stands in the knowledge; a resection names the lesions whose size it assumes.
    said = [text for key, text in spoken({**document, "scores": [], "resections": []}) if key in SPOKEN]
    assert said
    # Guards that lend a step to a family have no ids of their own yet.
    lending = {guard.because for one in PROCESS.triggers for tag in one.tags for guard in tag.when}
    assert [text for text in said if not text.startswith(OPEN) and text not in lending] == []


def in_any_order(told):
    """A document without the order of what hangs on equally much: it is that of the alphabet."""
    document = json.loads(told)
    return {**document, "find_out_next": sorted(document.get("find_out_next", []), key=lambda one: one["item"])}


def spoken(document, key=""):
    """Every text of a document with the key it stands under."""
    if isinstance(document, dict):
        for name, value in document.items():
            yield from spoken(value, name)
    elif isinstance(document, list):
        for value in document:
            yield from spoken(value, key)
    elif isinstance(document, str) and document:
        yield key, document


# --- nothing is left behind -------------------------------------------------------------------------------------------

SPEAKING = ("liver", "facts", "planning", "conformance")
# Texts with a space in them that are no sentences: names of units and of what the process itself puts on a list.
NO_SENTENCES = {"percentage points a week", "Child-Pugh class", "watched site", "found at operation"}
# Calls and tables whose texts are no sentences of a room: `cited` names a finding, records have ids of their own.
QUIET = {"cited", "Property", "compile", "say", "_STRUCTURAL"}


def texts(tree):
    """Literal texts of a module that somebody may read: not docs, nor what is raised."""
    passed_over = {id(one) for node in ast.walk(tree) if is_quiet(node) for one in ast.walk(node)}
    yield from (one for one in ast.walk(tree) if isinstance(one, ast.Constant) and id(one) not in passed_over)


def is_quiet(node):
    if isinstance(node, ast.Call):
        return getattr(node.func, "attr", getattr(node.func, "id", "")) in QUIET
    if isinstance(node, ast.Assign):
        return getattr(node.targets[0], "id", "") in QUIET
    return isinstance(node, ast.Raise) or (isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant))


@pytest.mark.parametrize("room", SPEAKING)
def test_a_sentence_for_a_person_has_its_template(room):
    found = [
        f"{file.relative_to(SRC)}:{one.lineno}: {one.value}"
        for file in sorted((SRC / room).rglob("*.py"))
        for one in texts(ast.parse(file.read_text(encoding="utf-8")))
        if isinstance(one.value, str) and " " in one.value.strip() and one.value not in NO_SENTENCES
    ]
    assert found == []
