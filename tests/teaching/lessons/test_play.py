"""Playing: through a pseudo-terminal, with piped answers, killed and resumed, undone, on a broken store."""

import os
import pty
import re
import select
import signal
import sqlite3
import subprocess
import sys
import time

import pytest
from shipped import ROOT

from pathways.documents.problems import PathwaysError
from pathways.teaching.authoring.loading import load_scenario
from pathways.teaching.lessons.progress import opened, usual_place
from pathways.teaching.unrolling.unroll import lesson_of

FILE = ROOT / "scenarios" / "teaching" / "operate_promptly-11-1.yaml"
LESSON = lesson_of(load_scenario(FILE))


def best_answers(lesson=LESSON):
    """The letters of the best way, Continue left out."""
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
def test_no_line_is_wider_than_the_terminal(tmp_path, width):
    env = {**os.environ, "COLUMNS": width, "XDG_DATA_HOME": str(tmp_path)}
    shown = play(tmp_path, "--answers", ",".join(best_answers()), env=env).stdout
    assert max(len(line) for line in shown.splitlines()) <= int(width)


def test_a_run_goes_on_where_it_was_left(tmp_path):
    first = best_answers()[0]
    left = play(tmp_path, input=f"\n\n{first}\nq\n")
    assert "the progress is kept" in left.stderr
    again = play(tmp_path, input="\n".join(best_answers()[1:]) + "\n")
    assert "going on where you left: decisions made: 1" in again.stderr
    assert f"Score {len(best_answers())} of" in again.stdout


def test_another_seed_is_another_run(tmp_path):
    play(tmp_path, input=f"\n\n{best_answers()[0]}\nq\n")
    assert "going on" not in play(tmp_path, "--seed", "3", input="").stderr


def test_undo_takes_the_last_answer_back(tmp_path):
    wrong = next("abcdefgh"[i] for i, one in enumerate(LESSON.decisions[0].choices) if one.grade == "refused")
    shown = play(tmp_path, input=f"\n\n{wrong}\nu\n" + "\n".join(best_answers()) + "\n").stdout
    assert f"Score {len(best_answers())} of" in shown


def test_a_refused_answer_costs_the_score_though_it_leads_back(tmp_path):
    wrong = next("abcdefgh"[i] for i, one in enumerate(LESSON.decisions[0].choices) if one.grade == "refused")
    shown = play(tmp_path, input=f"\n\n{wrong}\n" + "\n".join(best_answers()) + "\n").stdout
    assert f"Score {len(best_answers()) - 1} of {len(best_answers())}" in shown


def test_a_word_that_is_no_answer_is_asked_again(tmp_path):
    answer = play(tmp_path, input="\n\nz\n" + "\n".join(best_answers()) + "\n")
    assert 'answer "z": accepted: a, b, c, d' in answer.stderr
    assert "What this case teaches" in answer.stdout


def test_a_wrong_answer_in_the_list_ends_with_status_2(tmp_path):
    answer = play(tmp_path, "--answers", "z")
    assert answer.returncode == 2
    assert "--answers" in answer.stderr


def test_replay_under_another_protocol(tmp_path):
    assert "judged under protocol mdacc" in " ".join(play(tmp_path, "--protocol", "mdacc").stdout.split())


def test_what_was_confirmed_survives_kill_9(tmp_path):
    """The process is killed as soon as the feedback of an answer is on the screen."""
    env = {**os.environ, "COLUMNS": "100", "XDG_DATA_HOME": str(tmp_path), "PYTHONUNBUFFERED": "1"}
    command = [sys.executable, "-m", "pathways", "teach", "play", str(FILE)]
    process = subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, env=env
    )
    process.stdin.write(f"{best_answers()[0]}\n".encode())
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
    assert kept[-1].endswith(f"-{best_answers()[0]}")
    assert "decisions made: 1" in play(tmp_path, input="").stderr


def test_the_store_waits_for_the_disk(tmp_path):
    with opened(tmp_path / "deep" / "store.sqlite3") as kept:
        assert kept.connection.execute("PRAGMA journal_mode").fetchone() == ("wal",)
        assert kept.connection.execute("PRAGMA synchronous").fetchone() == (2,)


def test_beginning_anew_closes_the_run_that_was_left_without_a_score(tmp_path):
    with opened(tmp_path / "store.sqlite3") as kept:
        left = kept.begin(LESSON)
        assert kept.unfinished(LESSON) == left
        anew = kept.begin(LESSON)
        assert kept.unfinished(LESSON) == anew
        kept.end(anew, 1.0, 1.0)
        # Nobody is led back to what was given up before the lesson was played to its end.
        assert kept.unfinished(LESSON) is None
        rows = kept.connection.execute("SELECT id, ended, score FROM run ORDER BY id").fetchall()
    assert rows == [(left, 1, None), (anew, 1, 1.0)]


def test_a_file_that_is_no_store_is_refused_in_words(tmp_path):
    file = tmp_path / "store"
    file.write_text("this is a letter to my aunt, and it is long enough to be looked at as a database " * 20)
    with pytest.raises(PathwaysError, match="progress cannot be kept there"), opened(file):
        pass
    assert play(tmp_path, "--store", str(file)).returncode == 2


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
    shown, waiting = "", ["", "", "", *best_answers()]
    prompts = 0
    until = time.monotonic() + 30
    while time.monotonic() < until and process.poll() is None:
        if select.select([leader], [], [], 0.2)[0]:
            try:
                shown += os.read(leader, 65536).decode(errors="replace")
            except OSError:
                break
        now = len(re.findall(r"Your answer: |Enter to go on: ", shown))
        if now > prompts and waiting:
            prompts = now
            os.write(leader, f"{waiting.pop(0)}\n".encode())
    process.wait(timeout=10)
    os.close(leader)
    assert process.returncode == 0
    assert "What this case teaches" in shown
    assert f"Score {len(best_answers())} of {len(best_answers())}" in shown
