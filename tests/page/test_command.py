"""`pathways serve` as a command: its address, its end, what it refuses."""

import signal
import subprocess
import sys
import time
import urllib.request

import pytest
from shipped import named

from page.serving import ended, served


def get(address):
    with urllib.request.urlopen(address, timeout=10) as answer:
        return answer.status, answer.read().decode()


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_it_tells_its_address_first_and_ends_with_status_0_within_two_seconds(tmp_path, number):
    with served(named("rep-01"), "--root-path", "/board", folder=tmp_path) as (address, process):
        assert get(f"{address}healthz") == (200, "ok")
        assert "rep-01" in get(address)[1]
        status, seconds = ended(process, number)
        assert status == 0
        assert seconds < 2
        assert process.stdout.read() == ""
        assert process.stderr.read() == ""


def test_it_ends_in_time_while_a_plan_is_being_made(tmp_path):
    with served(named("alp-03"), folder=tmp_path) as (address, process):
        asking = subprocess.Popen(
            [sys.executable, "-c", f"import urllib.request as u\nfor _ in range(99): u.urlopen(u.Request({address + 'plan'!r}, data=open({str(named('alp-03'))!r}, 'rb').read())).read()"],
            stderr=subprocess.DEVNULL,
        )  # fmt: skip
        time.sleep(1.5)
        status, seconds = ended(process)
        asking.kill()
        asking.wait()
        assert status == 0
        assert seconds < 2


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["nowhere.yaml"], "no such file or folder"),
        (["--root-path", "https://x"], "a path such as /pathways"),
        (["--host", "203.0.113.9"], "an address of this machine"),
        (["--port", "70000"], "65535"),
    ],
)
def test_wrong_use_is_told_in_a_sentence(tmp_path, arguments, words):
    made = subprocess.run(
        [sys.executable, "-m", "pathways", "serve", *arguments, "--no-browser"],
        capture_output=True,
        text=True,
        cwd=tmp_path,
        timeout=20,
    )
    assert made.returncode == 2
    assert words in made.stderr
    assert "Traceback" not in made.stderr
    assert made.stdout == ""


def test_nothing_else_imports_the_server():
    words = "import sys, pathways, pathways.cli.main, pathways.planning.plan, pathways.report.page; print([one for one in ('starlette', 'uvicorn', 'anyio') if one in sys.modules])"
    assert subprocess.run([sys.executable, "-c", words], capture_output=True, text=True).stdout.strip() == "[]"


def test_a_protocol_that_is_none_is_refused_before_anything_is_served(tmp_path):
    done = subprocess.run(
        [sys.executable, "-m", "pathways", "serve", "--protocol", "mdac", "--port", "0", "--no-browser"],
        capture_output=True, text=True, cwd=tmp_path, timeout=60,
    )  # fmt: skip
    assert done.returncode == 2
    assert done.stdout == ""
    assert "mdacc" in done.stderr
