"""`pathways teach export`: what it writes, what it refuses, and that a failure leaves the old file as it was."""

import importlib
import sys
from types import ModuleType

import pytest
import typer
from teaching.exports.lessons import branching, long, small
from typer.testing import CliRunner

from pathways.cli import teach_export
from pathways.documents.problems import PathwaysError
from pathways.teaching.exports import FORMATS


class Named(str):
    """A scenario by the name of its file; nothing in it had to be understood."""

    __slots__ = ()
    understood = ()


@pytest.fixture
def export(monkeypatch, tmp_path):
    """The command alone, with a lesson in place of what the scenario's machine would unroll."""
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1763712000")
    asked = []
    loading, unroll = (
        ModuleType("pathways.teaching.authoring.loading"),
        ModuleType("pathways.teaching.unrolling.unroll"),
    )
    loading.load_scenario = lambda path: Named(path.name)
    unroll.lesson_of = lambda scenario, protocol=None, seed=None: (
        asked.append((scenario, protocol, seed)),
        branching(),
    )[1]
    monkeypatch.setitem(sys.modules, loading.__name__, loading)
    monkeypatch.setitem(sys.modules, unroll.__name__, unroll)
    app = typer.Typer()
    app.command()(teach_export.export)

    def run(*words):
        return CliRunner().invoke(app, ["case.yaml", *map(str, words)])

    run.asked, run.unroll = asked, unroll
    return run


def refusal(result):
    assert isinstance(result.exception, PathwaysError)
    return str(result.exception)


def test_the_command_and_the_table_name_the_same_formats():
    assert tuple(FORMATS) == teach_export.FORMATS
    assert importlib.import_module("pathways.teaching.exports.h5p").TARGETS == teach_export.H5P_TARGETS


@pytest.mark.parametrize("name", sorted(FORMATS))
def test_a_file_is_written_and_nothing_is_left_beside_it(export, tmp_path, name):
    file = tmp_path / f"case{FORMATS[name].suffix}"
    result = export("--to", name, "-o", file)
    assert (result.exit_code, result.stdout) == (0, "")
    assert file.read_bytes() == FORMATS[name].write(branching())
    assert list(tmp_path.iterdir()) == [file]


@pytest.mark.parametrize("name", [one.name for one in FORMATS.values() if one.is_text])
@pytest.mark.parametrize("output", [(), ("-o", "-")])
def test_a_text_format_is_printed(export, name, output):
    assert export("--to", name, *output).stdout_bytes == FORMATS[name].write(branching())


@pytest.mark.parametrize("name", [one.name for one in FORMATS.values() if not one.is_text])
@pytest.mark.parametrize("output", [(), ("-o", "-")])
def test_a_binary_format_is_not_printed(export, name, output):
    words = refusal(export("--to", name, *output))
    assert (
        words
        == f"--output: {name} is no text and is not printed; accepted: a file, as in -o case{FORMATS[name].suffix}"
    )


def test_a_wrong_format_or_target_names_the_nearest_one(export):
    assert refusal(export("--to", "mooodle")) == (
        '--to: got "mooodle"; accepted: html, h5p, moodle, gift, twee, scorm, anki, markdown; did you mean "moodle"?'
    )
    assert '--h5p-target: got "1.7"; accepted: 1.8, 1.9, 1.10' in refusal(export("--to", "h5p", "--h5p-target", "1.7"))
    assert "--h5p-target: html has no such version" in refusal(export("--to", "html", "--h5p-target", "1.8"))


def test_the_h5p_target_is_passed_on(export, tmp_path):
    export("--to", "h5p", "--h5p-target", "1.10", "-o", tmp_path / "case.h5p")
    assert (tmp_path / "case.h5p").read_bytes() == FORMATS["h5p"].write(branching(), target="1.10")


def test_protocol_and_seed_are_passed_on_and_the_scenario_decides_unless_told(export):
    export("--to", "gift")
    export("--to", "gift", "--protocol", "mdacc", "--seed", 3)
    assert export.asked == [("case.yaml", None, None), ("case.yaml", "mdacc", 3)]


def test_many_nodes_and_another_ending_are_remarked_on(export, tmp_path):
    export.unroll.lesson_of = lambda *_: long(40)
    result = export("--to", "h5p", "-o", tmp_path / "case.zip")
    assert result.exit_code == 0
    assert "196 nodes" in result.stderr
    assert "only under a name that ends in .h5p" in result.stderr


def test_a_faulty_export_is_said_in_one_line_and_the_old_file_stays(export, tmp_path, monkeypatch):
    file = tmp_path / "case.gift"
    file.write_text("the old one")
    monkeypatch.setattr("pathways.teaching.exports.gift.check", lambda _: ["first", "second"])
    result = export("--to", "gift", "-o", file)
    assert result.exit_code == 1
    assert result.stderr == "case.yaml: gift: a fault of the program, nothing is written: first, and 1 more\n"
    assert file.read_text() == "the old one"


def test_a_lesson_without_a_question_is_no_question_bank(export, tmp_path):
    from dataclasses import replace

    plain = small()
    start = replace(plain.passages[0], choices=plain.passages[0].choices[:1])
    export.unroll.lesson_of = lambda *_: replace(plain, passages=(start, plain.passages[1]))
    result = export("--to", "anki", "-o", tmp_path / "case.apkg")
    assert result.exit_code == 1
    assert "there is no question to ask" in result.stderr
    assert list(tmp_path.iterdir()) == []


def test_a_folder_that_does_not_exist_is_named(export, tmp_path):
    words = refusal(export("--to", "html", "-o", tmp_path / "nowhere" / "case.html"))
    assert words.endswith("case.html: cannot be written: no such file or directory")


def test_asking_for_the_formats_imports_no_writer():
    import subprocess

    code = "import sys, pathways.cli.teach_export, pathways.teaching.exports; print(sorted(set(sys.modules) & {'numpy', 'networkx', 'sqlite3', 'xml.etree.ElementTree', 'pathways.teaching.exports.h5p'}))"
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert ran.stdout.strip() == "[]"
