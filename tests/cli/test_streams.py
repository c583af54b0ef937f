"""Whatever standard input, output and error are, the result is shown or one sentence says why not; no terminal is commanded by a file."""

import json
import re
import signal
import subprocess
import sys
import time

import pytest
from processes import ROOT, at_once, on_a_terminal, run, shell, start

CASE = "scenarios/published/abl-01.yaml"
FAULTS = ("fault of the program", "Traceback", "Exception ignored")
posix = pytest.mark.skipif(sys.platform == "win32", reason="pipes and devices of POSIX")


def said_well(err):
    return not any(one in err for one in FAULTS)


@posix
@pytest.mark.parametrize("command", [f"routes {CASE} --limit 20000", "schema case"])
def test_a_reader_that_has_gone_is_no_fault(command):
    status, out, err = shell(f"$P {command} | head -1", cwd=ROOT)
    assert (status, err) == (0, "")
    assert len(out.splitlines()) == 1


@posix
@pytest.mark.parametrize(
    ("line", "status", "words"),
    [
        (f"$P validate {CASE} >&-", 2, "standard output is closed"),
        (f"$P validate {CASE} <&-", 0, ""),
        ("$P validate - <&-", 2, "standard input"),
        ("$P validate nothing.yaml 2>&-", 2, ""),
        (f"$P validate {CASE} > /dev/full", 2, "standard output cannot be written: no space left on device"),
        (f"$P routes {CASE} --limit 9999 > /dev/full", 2, "standard output cannot be written: no space left on device"),
        ("$P validate nothing.yaml 2> /dev/full", 2, ""),
    ],
)  # fmt: skip
def test_streams_that_are_closed_or_full_are_told_in_a_sentence(line, status, words):
    found, _, err = shell(line, cwd=ROOT)
    assert found == status
    assert words in err
    assert said_well(err)
    assert len(err.splitlines()) <= 1


@pytest.mark.parametrize("letters", ["cp1252", "latin-1", "ascii", "C"])
def test_few_letters_are_enough(letters, tmp_path):
    """A case with letters that the output has not: words in letters it has, JSON as JSON."""
    text = (ROOT / CASE).read_text(encoding="utf-8")
    (tmp_path / "case.yaml").write_text(
        re.sub(r"^title: .*$", "title: Żółć → 肝", text, flags=re.MULTILINE), encoding="utf-8"
    )
    told = (
        {"PYTHONIOENCODING": letters}
        if letters != "C"
        else {"LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0", "PYTHONIOENCODING": ""}
    )
    words = "$P assess case.yaml > words && " if letters in ("cp1252", "C") else ""
    line = words + "$P routes case.yaml --limit 3 > routes 2> cut"
    status, _, err = shell(line, cwd=tmp_path, env=told)
    assert (status, err) == (0, "")
    encoding = "ascii" if letters == "C" else letters
    if words:
        assert "Today, under protocol" in (tmp_path / "words").read_bytes().decode(encoding)
    lines = (tmp_path / "routes").read_bytes().decode(encoding).splitlines()
    assert len([json.loads(one) for one in lines]) == 3


@posix
def test_a_case_comes_from_standard_input_or_a_pipe_and_a_pipe_without_a_writer_is_refused(tmp_path):
    assert shell(f"cat {CASE} | $P validate -", cwd=ROOT)[:2] == (0, "standard input: a valid case\n")
    assert shell(f"$P validate <(sleep 0.3; cat {CASE})", cwd=ROOT)[0] == 0
    status, _, err = shell(f"mkfifo {tmp_path}/pipe && timeout 10 $P validate {tmp_path}/pipe", cwd=ROOT)
    assert (status, "a pipe that nobody writes into" in err) == (2, True)
    # Read twice by this command, and there only once.
    status, out, _ = shell(f"cat {CASE} | $P simulate - --patients 10 --json", cwd=ROOT)
    assert (status, json.loads(out)["cohort"]) == (0, "abl-01")
    status, _, err = run("validate", "-", given=b"schema: 1\nid: [\xff\n")
    assert (status, err.startswith("standard input:2:6: byte 0xff is not UTF-8")) == (2, True)


# A terminal obeys no more than colours; what turns the reading direction or hides is no letter either.
OBEYED = re.compile(
    rb"\x1b(?!\[[0-9;]*m)|[\x00-\x08\x0b\x0c\x0e-\x1a\x1c-\x1f\x7f]|\xc2[\x80-\x9f]|\xe2\x80[\x8b-\x8f\xa8-\xae]|\xe2\x81[\xa6-\xa9]"
)
HOSTILE = "\u202eevil\u202c \u200bid\u2066"


@posix
def test_nothing_of_a_file_or_an_argument_is_obeyed_by_a_terminal(tmp_path):
    text = (ROOT / CASE).read_text(encoding="utf-8")
    title = f'title: "{HOSTILE}"'
    (tmp_path / "a.yaml").write_text(re.sub(r"^title: .*$", title, text, flags=re.MULTILINE), encoding="utf-8")
    (tmp_path / "keys.yaml").write_text(
        f'schema: 1\n"{HOSTILE}\\e]0;x\\a": 1\nid: "{HOSTILE}"\nprimary: {{tumour: "\\e[31m{HOSTILE}"}}\n',
        encoding="utf-8",
    )
    (tmp_path / "\x1b[31mred\u202e.yaml").write_text("schema: 1\n", encoding="utf-8")
    (tmp_path / "log.csv").write_text(
        f"course,case,event,day,{HOSTILE}\x1b]0;x\x07\n\x1b[2J{HOSTILE},a.yaml,hepatectomy,0,1\n", encoding="utf-8"
    )
    sent = b""
    for words in (
        ["assess", "a.yaml"], ["validate", "keys.yaml", "\x1b[31mred\u202e.yaml", f"{HOSTILE}\x1b]0;x\x07"], ["audit", "log.csv"],
        ["plan", "a.yaml", "\x1b[31mmore\u202e"],
    ):  # fmt: skip
        one, status = on_a_terminal(*words, cwd=tmp_path)
        assert status != 1
        assert not OBEYED.search(one), (words, OBEYED.search(one))
        sent += one
    assert "␛[31mred�".encode() in sent
    assert "�evil�".encode() in sent
    # Not on a terminal either: it may be shown by one later.
    _, out, err = run("validate", "\x1b[31mno\u202e", "keys.yaml", cwd=tmp_path)
    assert not OBEYED.search((out + err).encode())
    _, out, _ = run("routes", "a.yaml", "--limit", "1", cwd=tmp_path)
    assert not OBEYED.search(out.encode())
    assert json.loads(out)


@posix
def test_an_answer_typed_at_a_lesson_commands_no_terminal(tmp_path):
    lesson = min((ROOT / "scenarios" / "teaching").glob("*.yaml"))
    status, out, err = run(
        "teach", "play", lesson, "--store", tmp_path / "store", given=b"\n\x1b]0;x\x07\xff\n", cwd=tmp_path
    )
    assert status == 0
    assert "␛]0;x␇" in err
    assert not OBEYED.search((out + err).encode())


def test_every_word_to_a_person_goes_through_the_one_place():
    """No command prints by itself: what reaches a stream has been made visible."""
    for file in (ROOT / "src" / "pathways").rglob("*.py"):
        if file.name not in ("output.py", "streams.py"):
            text = file.read_text(encoding="utf-8")
            assert not re.search(r"(?<![\w.])print\((?!visible)(?!f?\"\\r)(?!prompt)(?!file=)", text), file
            assert "sys.stdout.write" not in text
            assert "typer.echo" not in text


@posix
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_a_command_that_is_stopped_ends_at_once_and_shows_no_traceback(number):
    process = start("routes", CASE, "--limit", "10000000", "--follow-up", cwd=ROOT, stdout=subprocess.DEVNULL)
    time.sleep(0.5)
    begun = time.monotonic()
    process.send_signal(number)
    _, err = process.communicate(timeout=30)
    assert time.monotonic() - begun < at_once()
    assert b"Traceback" not in err
    # The interpreter itself may not have begun yet, on a machine that is busy.
    assert process.returncode in (128 + number, -number)


def test_the_libraries_say_nothing_of_a_file_by_themselves(tmp_path):
    (tmp_path / "a.yaml").write_text("schema: 1\nid: &a x\nprimary: &a {tumour: CRC}\nlesions: [{segments: [S8]}]\n")
    status, _, err = run("validate", "a.yaml", cwd=tmp_path)
    assert (status, err) == (0, "")


IN_ORDER = """
import atexit, sys, threading
from pathways.cli.stopping import leave
atexit.register(lambda: print("ended in order"))
{}
leave(SystemExit({}))
"""


@pytest.mark.parametrize(
    ("going_on", "code", "ended", "status"),
    [
        ("", 3, "", 3),
        ("", 0, "", 0),
        ("threading.Thread(target=threading.Event().wait, args=(0.1,)).start()", 3, "ended in order", 3),
        ("import multiprocessing.util", 3, "ended in order", 3),
        ("sys.setprofile(lambda *_: None)", 3, "ended in order", 3),
        ("sys.settrace(lambda *_: None)", 3, "ended in order", 3),
        ("", '"words"', "ended in order", 1),
    ],
)
def test_a_command_leaves_at_once_unless_something_beside_it_has_to_end(going_on, code, ended, status):
    done = subprocess.run(
        [sys.executable, "-c", IN_ORDER.format(going_on, code)], capture_output=True, text=True, check=False, timeout=60
    )
    assert (done.stdout.strip(), done.returncode) == (ended, status)


@pytest.mark.parametrize("arguments", [("plan", CASE), ("plan", CASE, "--json"), ("explain", CASE, "pve")])
def test_whoever_leaves_at_once_has_shown_everything(arguments, tmp_path):
    command = [sys.executable, "-m", "pathways", *arguments]
    with (tmp_path / "shown.txt").open("wb") as shown:
        done = subprocess.run(command, cwd=ROOT, stdout=shown, stderr=subprocess.PIPE, check=False, timeout=60)
    piped = subprocess.run(command, cwd=ROOT, capture_output=True, check=False, timeout=60)
    assert (tmp_path / "shown.txt").read_bytes() == piped.stdout
    assert (done.returncode, done.stderr) == (piped.returncode, b"")
    assert len(piped.stdout) > 400
