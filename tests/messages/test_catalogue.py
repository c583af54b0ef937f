"""A second language is one file: ids with words, laid over the English of the records."""

import json
import os
import subprocess
import sys
from pathlib import Path

from processes import in_process

import pathways.conformance.properties
from pathways.messages.catalogue import collected, fields_of
from pathways.process.declaration import PROCESS

ROOT = Path(__file__).parents[2]
CASE = str(ROOT / "scenarios" / "published" / "alp-01.yaml")


def pathways_in(language, *arguments):
    environment = {**os.environ, "PATHWAYS_LANGUAGE": str(language)}
    return subprocess.run(
        [sys.executable, "-m", "pathways", *arguments],
        capture_output=True,
        text=True,
        check=False,
        env=environment,
        cwd=ROOT,
    )


def test_every_title_of_a_step_and_every_sentence_of_a_property_has_an_id():
    known = dict(collected())
    assert {f"step.{one.name}.title" for one in PROCESS.triggers} <= set(known)
    assert known["property.time_advances.sentence"] == pathways.conformance.properties.PROPERTIES[-2].sentence
    assert all(words.strip() for words in known.values())


def test_no_two_sentences_share_an_id():
    """Two guards of one fact that say different things have different ids."""
    said = {}
    for trigger in PROCESS.triggers:
        for guard in (*trigger.guards, *(guard for tag in trigger.tags for guard in tag.when)):
            if guard.because:
                said.setdefault((guard.rule, guard.fact, guard.values), set()).add(guard.because)
    assert sum(map(len, said.values())) == sum(identity.startswith("guard.") for identity, _ in collected())


def test_a_plan_speaks_the_language_of_the_file(tmp_path, capsys):
    file = tmp_path / "xx.yaml"
    file.write_text("step.discuss.title: Besprechung der Fachleute\n", encoding="utf-8")
    told = pathways_in(file, "plan", CASE)
    assert "Besprechung der Fachleute" in told.stdout
    assert "Besprechung" not in in_process(capsys, "plan", CASE)[1]


def test_the_names_of_steps_stay_the_same_in_every_language(tmp_path, capsys):
    file = tmp_path / "xx.yaml"
    said = {identity: f"x {' '.join(fields_of(english))}".strip() for identity, english in collected()}
    file.write_text("\n".join(f"{one}: {json.dumps(text)}" for one, text in said.items()), encoding="utf-8")

    def triggers(told):
        return sorted(str([step["trigger"] for step in one["steps"]]) for one in json.loads(told)["pathways"])

    words = ("plan", CASE, "--json")
    assert triggers(pathways_in(file, *words).stdout) == triggers(in_process(capsys, *words)[1])


def test_a_language_that_is_not_there_is_told_in_a_sentence():
    told = pathways_in("klingon", "plan", CASE)
    assert told.returncode == 2
    assert "no such language" in told.stderr
    assert "Traceback" not in told.stderr
