"""Playing: through a pseudo-terminal, with piped answers, killed and resumed, undone, on a broken store."""

import os
import pty
import re
import select
import shutil
import signal
import sqlite3
import subprocess
import sys
import time
from functools import cache

import pytest
from processes import in_process
from shipped import ROOT

from pathways.documents.problems import PathwaysError
from pathways.teaching.authoring.loading import load_scenario
from pathways.teaching.lessons.progress import mark_of, opened, usual_place
from pathways.teaching.unrolling.unroll import lesson_of

FILE = ROOT / "scenarios" / "teaching" / "primary_first-11-1.yaml"


@cache
def the_lesson():
    return lesson_of(load_scenario(FILE))


@cache
def best_answers():
    """The letters of the best way, Continue left out."""
    lesson = the_lesson()
    found, here = [], lesson.passages[0]
    while here.choices:
        index = next(number for number, one in enumerate(here.choices) if one.grade in (None, "best"))
        if here.choices[index].grade:
            found.append("abcdefgh"[index])
        here = lesson.passage(here.choices[index].to)
    return found


def play(tmp_path, *words, **options):
    env = {**os.environ, "COLUMNS": "100", "XDG_DATA_HOME": str(tmp_path)}
    command = [sys.executable, "-m", "pathways", "teach", "play", str(FILE), *words]
    return subprocess.run(
        command, **{"capture_output": True, "text": True, "cwd": ROOT, "env": env, "input": "", **options}
    )


@pytest.fixture
def played(tmp_path, capsys):
    """The same without a new process: status, standard output, standard error."""

    def call(*words, given="", width="100"):
        env = {"COLUMNS": width, "XDG_DATA_HOME": str(tmp_path)}
        return in_process(capsys, "teach", "play", FILE, *words, given=given, env=env)

    return call


def test_the_best_answers_lead_to_a_debrief_with_full_score(tmp_path):
    answer = play(tmp_path, "--answers", ",".join(best_answers()))
    assert answer.returncode == 0
    assert f"Score {len(best_answers())} of {len(best_answers())}" in answer.stdout
    assert "not reviewed by a clinician" in " ".join(answer.stdout.split())
    assert "Traceback" not in answer.stderr


def test_answers_are_read_from_standard_input(tmp_path):
    piped = "\n\n" + "\n".join(best_answers()) + "\n"
    assert "What this case teaches" in play(tmp_path, input=piped).stdout


@pytest.mark.parametrize("width", ["60", "80", "120"])
def test_no_line_is_wider_than_the_terminal(played, width):
    _, shown, _ = played("--answers", ",".join(best_answers()), width=width)
    assert max(len(line) for line in shown.splitlines()) <= int(width)


def test_a_run_goes_on_where_it_was_left(played):
    first = best_answers()[0]
    assert "the progress is kept" in played(given=f"\n\n{first}\nq\n")[2]
    _, shown, said = played(given="\n".join(best_answers()[1:]) + "\n")
    assert "going on where you left: decisions made: 1" in said
    assert f"Score {len(best_answers())} of" in shown


def test_another_seed_is_another_run(played):
    played(given=f"\n\n{best_answers()[0]}\nq\n")
    assert "going on" not in played("--seed", "3")[2]


def test_undo_takes_the_last_answer_back(played):
    wrong = next("abcdefgh"[i] for i, one in enumerate(the_lesson().decisions[0].choices) if one.grade == "refused")
    _, shown, _ = played(given=f"\n\n{wrong}\nu\n" + "\n".join(best_answers()) + "\n")
    assert f"Score {len(best_answers())} of" in shown


def test_a_refused_answer_costs_the_score_though_it_leads_back(played):
    wrong = next("abcdefgh"[i] for i, one in enumerate(the_lesson().decisions[0].choices) if one.grade == "refused")
    _, shown, _ = played(given=f"\n\n{wrong}\n" + "\n".join(best_answers()) + "\n")
    assert f"Score {len(best_answers()) - 1} of {len(best_answers())}" in shown


def test_a_word_that_is_no_answer_is_asked_again(played):
    _, shown, said = played(given="\n\nz\n" + "\n".join(best_answers()) + "\n")
    assert 'answer "z": accepted: a, b, c, d' in said
    assert "What this case teaches" in shown


def test_a_wrong_answer_in_the_list_ends_with_status_2(played):
    status, _, said = played("--answers", "z")
    assert status == 2
    assert "--answers" in said


def test_replay_under_another_protocol(played):
    assert "judged under protocol mdacc" in " ".join(played("--protocol", "mdacc")[1].split())


def test_every_answer_that_was_confirmed_survives_kill_9(tmp_path):
    """The process is killed as soon as the feedback of an answer is on the screen, after each of them anew."""
    env = {**os.environ, "COLUMNS": "100", "XDG_DATA_HOME": str(tmp_path), "PYTHONUNBUFFERED": "1"}
    command = [sys.executable, "-m", "pathways", "teach", "play", str(FILE)]
    # All but the last, after which the run may have come to its end before it is killed.
    for number, answer in enumerate(best_answers()[:-1], start=1):
        process = subprocess.Popen(
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, env=env
        )
        process.stdin.write(f"{answer}\n".encode())
        process.stdin.flush()  # and left open: the process waits for the next answer
        seen = b""
        while b"The best of what is open" not in seen and (more := os.read(process.stdout.fileno(), 4096)):
            seen += more
        process.send_signal(signal.SIGKILL)
        process.wait()
        process.stdin.close()
        process.stdout.close()
        with sqlite3.connect(tmp_path / "pathways" / "teach.sqlite3") as connection:
            kept = [row[0] for row in connection.execute("SELECT choice FROM answer ORDER BY number")]
            assert connection.execute("PRAGMA integrity_check").fetchone() == ("ok",)
        connection.close()
        # Exactly what was confirmed, Continue left out.
        graded = {choice.id for one in the_lesson().passages for choice in one.choices if choice.grade}
        assert [one for one in kept if one in graded] == best_choices()[:number]
    assert f"Score {len(best_answers())} of" in play(tmp_path, input=f"{best_answers()[-1]}\n").stdout


def best_choices():
    found, here = [], the_lesson().passages[0]
    while here.choices:
        choice = next(one for one in here.choices if one.grade in (None, "best"))
        if choice.grade:
            found.append(choice.id)
        here = the_lesson().passage(choice.to)
    return found


def test_learners_have_runs_of_their_own_and_one_run_is_played_in_one_window(tmp_path):
    first = best_answers()[0]
    assert "the progress is kept" in play(tmp_path, "--learner", "Ada", input=f"{first}\nq\n").stderr
    env = {**os.environ, "COLUMNS": "100", "XDG_DATA_HOME": str(tmp_path), "PYTHONUNBUFFERED": "1"}
    command = [sys.executable, "-m", "pathways", "teach", "play", str(FILE), "--learner", "Ada"]
    playing = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=env)
    try:
        while b"going on where you left: decisions made: 1" not in playing.stderr.readline():
            assert playing.poll() is None
        second = play(tmp_path, "--learner", "Ada", input="")
        assert (second.returncode, "is being played in another window" in second.stderr) == (2, True)
        other = play(tmp_path, "--learner", "Ben", input="q\n")
        assert (other.returncode, "going on" in other.stderr) == (0, False)
    finally:
        playing.kill()
        playing.communicate()
    assert "decisions made: 1" in play(tmp_path, "--learner", "Ada", input="").stderr
    assert [one.name for one in (tmp_path / "pathways").iterdir() if one.name.endswith(".lock")] == []


def made_store(file, *lines):
    connection = sqlite3.connect(file)
    for line in lines:
        connection.execute(line)
    connection.commit()
    connection.close()


def as_root(*words):
    """Root may write everything and has a home: what takes that away, where the tests are run by root."""
    if os.geteuid():
        return []
    if not shutil.which("setpriv"):
        pytest.skip("run by root, and there is no setpriv")
    return ["setpriv", *words]


def test_a_damaged_a_later_a_read_only_store_and_no_place_for_one_are_told_in_a_sentence(tmp_path):
    whole, damaged, later, fixed = (tmp_path / f"{name}.sqlite3" for name in ("whole", "damaged", "later", "fixed"))
    with opened(whole) as kept:
        for _ in range(300):
            kept.begin(the_lesson())
    raw = whole.read_bytes()
    assert len(raw) > 20_000
    damaged.write_bytes(raw[:4096] + b"\xff" * 8192 + raw[12288:])
    made_store(later, "PRAGMA user_version = 7")
    fixed.write_bytes(raw)
    fixed.chmod(0o444)
    tmp_path.chmod(0o555)
    said = {
        damaged: "progress cannot be kept there", later: "by a later version of this program",
        fixed: "attempt to write a readonly database", tmp_path / "new" / "store": "permission denied",
    }  # fmt: skip
    without = as_root("--bounding-set=-dac_override", "--inh-caps=-dac_override")
    try:
        for store, words in said.items():
            command = [*without, sys.executable, "-m", "pathways", "teach", "play", str(FILE), "--store", str(store)]
            made = subprocess.run(command, capture_output=True, text=True, input="")
            assert made.returncode == 2, (store, made.stderr)
            assert words in made.stderr, made.stderr
            assert len(made.stderr.splitlines()) == 1
    finally:
        tmp_path.chmod(0o755)


@pytest.mark.skipif(os.geteuid() != 0, reason="only root may become a user that nobody knows")
def test_a_user_without_home_and_entry_is_told_where_progress_may_be_kept():
    names = {key: value for key, value in os.environ.items() if key not in ("HOME", "XDG_DATA_HOME")}
    command = [*as_root("--reuid=54321", "--regid=54321", "--clear-groups"), sys.executable, "-m", "pathways"]
    if subprocess.run([*command[:-2], "-c", "import pathways"], capture_output=True, env=names).returncode:
        pytest.skip("this Python, or what it is to load, lies where other users may not read it")
    made = subprocess.run([*command, "teach", "play", str(FILE)], capture_output=True, text=True, input="", env=names)
    assert made.returncode == 2
    assert made.stderr == "no home folder is known, and progress is kept in it; accepted: --store FILE\n"
    # Nothing else needs one.
    made = subprocess.run([*command, "validate", str(FILE)], capture_output=True, text=True, env=names)
    assert (made.returncode, made.stderr) == (0, "")


def test_a_store_of_the_version_before_is_taken_over(tmp_path):
    file = tmp_path / "store"
    made_store(
        file, "CREATE TABLE run (id INTEGER PRIMARY KEY, lesson TEXT NOT NULL, scenario TEXT NOT NULL, protocol TEXT NOT NULL, "
        "seed TEXT NOT NULL, ended INTEGER NOT NULL DEFAULT 0, score REAL, best REAL)",
        "CREATE TABLE answer (run INTEGER NOT NULL, number INTEGER NOT NULL, passage TEXT NOT NULL, choice TEXT NOT NULL, PRIMARY KEY (run, number))",
        f"INSERT INTO run (lesson, scenario, protocol, seed) VALUES ('{mark_of(the_lesson())}', 'a', 'default', '1')",
    )  # fmt: skip
    with opened(file) as kept:
        assert kept.unfinished(the_lesson()) == 1
    with opened(file, "Ada") as kept:
        assert kept.unfinished(the_lesson()) is None


def test_the_store_waits_for_the_disk(tmp_path):
    with opened(tmp_path / "deep" / "store.sqlite3") as kept:
        assert kept.connection.execute("PRAGMA journal_mode").fetchone() == ("wal",)
        assert kept.connection.execute("PRAGMA synchronous").fetchone() == (2,)


def test_beginning_anew_closes_the_run_that_was_left_without_a_score(tmp_path):
    with opened(tmp_path / "store.sqlite3") as kept:
        left = kept.begin(the_lesson())
        assert kept.unfinished(the_lesson()) == left
        anew = kept.begin(the_lesson())
        assert kept.unfinished(the_lesson()) == anew
        kept.end(anew, 1.0, 1.0)
        # Nobody is led back to what was given up before the lesson was played to its end.
        assert kept.unfinished(the_lesson()) is None
        rows = kept.connection.execute("SELECT id, ended, score FROM run ORDER BY id").fetchall()
    assert rows == [(left, 1, None), (anew, 1, 1.0)]


def test_a_file_that_is_no_store_is_refused_in_words(tmp_path, played):
    file = tmp_path / "store"
    file.write_text("this is a letter to my aunt, and it is long enough to be looked at as a database " * 20)
    with pytest.raises(PathwaysError, match="progress cannot be kept there"), opened(file):
        pass
    assert played("--store", file)[0] == 2


def test_progress_lies_in_the_users_data_folder(monkeypatch, tmp_path):
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path))
    assert usual_place() == tmp_path / "pathways" / "teach.sqlite3"
    monkeypatch.setenv("XDG_DATA_HOME", "relative")
    assert usual_place().parent.parent.name == "share"


def test_a_person_can_play_on_a_terminal(tmp_path):
    leader, follower = pty.openpty()
    env = {**os.environ, "XDG_DATA_HOME": str(tmp_path), "COLUMNS": "90", "TERM": "xterm"}
    process = subprocess.Popen(
        [sys.executable, "-m", "pathways", "teach", "play", str(FILE)], stdin=follower, stdout=follower, stderr=follower,
        env=env, close_fds=True,
    )  # fmt: skip
    os.close(follower)
    shown, waiting = "", best_answers().copy()
    prompts = 0
    until = time.monotonic() + 30
    while time.monotonic() < until and process.poll() is None:
        if select.select([leader], [], [], 0.2)[0]:
            try:
                shown += os.read(leader, 65536).decode(errors="replace")
            except OSError:
                break
        asked = re.findall(r"Your answer: |Enter to go on: ", shown)
        if len(asked) > prompts:
            prompts = len(asked)
            os.write(leader, f"{waiting.pop(0) if asked[-1].startswith('Your') else ''}\n".encode())
    process.wait(timeout=10)
    os.close(leader)
    assert process.returncode == 0
    assert "What this case teaches" in shown
    assert f"Score {len(best_answers())} of {len(best_answers())}" in shown
