"""What is written is written whole, where it is meant, and over nothing that somebody may miss."""

import contextlib
import json
import os
import shutil
import stat
import subprocess
import sys

import pytest
from processes import ROOT, on_a_terminal, run, shell, start

CASE = ROOT / "scenarios" / "published" / "abl-01.yaml"
posix = pytest.mark.skipif(sys.platform == "win32", reason="links, modes and devices of POSIX")


def as_user():
    """Takes from root the power to write where there is no right to."""
    if os.geteuid() or not shutil.which("setpriv"):
        return ""
    return "setpriv --bounding-set=-dac_override --inh-caps=-dac_override"


@posix
def test_an_output_is_never_a_link_a_pipe_a_device_a_folder_or_the_input(tmp_path):
    (tmp_path / "case.yaml").write_bytes(CASE.read_bytes())
    (tmp_path / "mine.txt").write_text("mine")
    (tmp_path / "link.yaml").symlink_to(tmp_path / "mine.txt")
    (tmp_path / "hard.json").hardlink_to(tmp_path / "case.yaml")
    (tmp_path / "folder.yaml").mkdir()
    (tmp_path / "fixed").mkdir(mode=0o555)
    os.mkfifo(tmp_path / "pipe.yaml")
    before = sorted(one.name for one in tmp_path.iterdir())
    example, export = "$P example abl-01 --force -o", "$P export case.yaml --to mermaid -o"
    said = {
        f"{example} link.yaml": "is a link; accepted: the name of the file itself", f"{example} pipe.yaml": "is no regular file",
        f"{example} folder.yaml": "a folder stands there", f"{example} nowhere/x.yaml": "no such file or directory",
        f"{example} {'n' * 260}.yaml": "file name too long",
        f"{as_user()} {example} fixed/x.yaml": "permission denied", f"{export} hard.json": "is what this command reads",
        f"{export} . ": "a folder stands there", f"{export} /dev/null": "is no regular file",
        # A file that somebody wrote by hand, whatever it is to become.
        "$P example abl-01 case.yaml": "stands there already; accepted: a new name, or --force",
    }  # fmt: skip
    if not os.geteuid() and not as_user():
        said = {line: words for line, words in said.items() if "fixed/" not in line}
    lines = "; ".join(f"{line}; echo $? >&2" for line in said)
    _, out, err = shell(lines, cwd=tmp_path)
    assert out == ""
    answers = err.splitlines()
    for (name, words), answer, status in zip(said.items(), answers[::2], answers[1::2], strict=True):
        assert (status, words in answer) == ("2", True), (name, answer)
    assert (tmp_path / "mine.txt").read_text() == "mine"
    assert (tmp_path / "case.yaml").read_bytes() == CASE.read_bytes()
    assert sorted(one.name for one in tmp_path.iterdir()) == before


@posix
def test_the_mode_of_a_file_stays_and_a_long_name_can_be_written(tmp_path):
    secret, long = tmp_path / "secret.yaml", tmp_path / f"{'n' * 250}.yaml"
    secret.write_text("schema: 1\n")
    secret.chmod(0o600)
    lines = f"umask 022; $P example abl-01 --force -o {secret} && $P example abl-01 -o {long}"
    assert shell(lines)[0] == 0
    assert stat.S_IMODE(secret.stat().st_mode) == 0o600
    assert stat.S_IMODE(long.stat().st_mode) == 0o644
    assert secret.read_text() == long.read_text()
    assert sorted(one.name for one in tmp_path.iterdir()) == sorted(["case.schema.json", secret.name, long.name])


@posix
def test_a_lesson_that_was_edited_is_kept_unless_the_person_says_otherwise(tmp_path):
    words = ["simulate", "--patients", "2", "--save-cases", "."]
    assert run(*words, cwd=tmp_path)[0] == 0
    # As they were made they may be made again; here the second was edited.
    _, edited = sorted(tmp_path.glob("*.yaml"))
    edited.write_text("schema: 1\n")
    status, _, err = run(*words, cwd=tmp_path)
    assert (status, "stands there already and holds something else" in err) == (2, True)
    assert edited.read_text() == "schema: 1\n"
    # At a terminal the person is asked.
    for answer, kept in ((b"n\n", True), (b"y\n", False)):
        sent, status = on_a_terminal("example", "abl-01", "-o", edited, typed=answer, cwd=tmp_path)
        assert b"Write over it? [y/N]" in sent
        assert (edited.read_text() == "schema: 1\n") == kept
        assert status == (2 if kept else 0)


@posix
@pytest.mark.slow
def test_a_killed_command_leaves_the_old_file_whole(tmp_path):
    file = tmp_path / "graph.json"
    file.write_text("{}")
    for round_ in range(20):
        process = start("export", CASE, "--to", "json", "-o", file, "--follow-up")
        with contextlib.suppress(subprocess.TimeoutExpired):
            process.wait(0.4 + round_ * 0.1)
        process.kill()
        process.communicate()
        json.loads(file.read_text())
    assert run("export", CASE, "--to", "json", "-o", file, "--follow-up")[0] == 0
    assert len(json.loads(file.read_text())) > 1
    assert [one.name for one in tmp_path.iterdir() if not one.name.startswith(".pathways-")] == ["graph.json"]
