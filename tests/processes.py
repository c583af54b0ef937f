"""The command as a process, as a user's shell starts it; and the same command in the process of a test, where no process is tested."""

import contextlib
import io
import os
import signal
import subprocess
import sys
from pathlib import Path
from unittest.mock import patch

ROOT = Path(__file__).parents[1]
COMMAND = [sys.executable, "-m", "pathways"]


def at_once():
    """The two seconds in which a command ends that is told to; more where others use the processors as well."""
    return 2 * max(1.0, os.getloadavg()[0] / (os.cpu_count() or 1)) if hasattr(os, "getloadavg") else 2


def start(*words, **options):
    """The running process."""
    environment = {**os.environ, "COLUMNS": "140", "PYTHONIOENCODING": "utf-8", **options.pop("env", {})}
    pipes = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE, "stdin": subprocess.DEVNULL}
    return subprocess.Popen(
        [*COMMAND, *map(str, words)],
        env=environment,
        preexec_fn=heard if os.name == "posix" else None,  # noqa: PLW1509 - there are no threads here
        **{**pipes, **options},
    )


def heard():
    """A shell lets what it runs behind itself ignore Ctrl-C, and the tests may be run so: what they start hears it."""
    signal.signal(signal.SIGINT, signal.default_int_handler)


def run(*words, given=None, **options):
    """Status, standard output and standard error, as text."""
    if given is not None:
        options["stdin"] = subprocess.PIPE
    process = start(*words, **options)
    out, err = process.communicate(given.encode() if isinstance(given, str) else given, timeout=120)
    return process.returncode, (out or b"").decode("utf-8", "replace"), (err or b"").decode("utf-8", "replace")


def in_process(capsys, *words, given="", env=None):
    """The same command without a new process: status, standard output, standard error. A fault is raised, not told."""
    from pathways.cli.main import run as entry

    told = {"COLUMNS": "140", "PATHWAYS_DEBUG": "1", **(env or {})}
    status = 0
    with (
        contextlib.chdir(ROOT),
        patch.dict(os.environ, told),
        patch.object(sys, "argv", ["pathways", *map(str, words)]),
        patch.object(sys, "stdin", io.StringIO(given)),
    ):
        try:
            entry()
        except SystemExit as stop:
            status = stop.code or 0
    shown = capsys.readouterr()
    return status, shown.out, shown.err


def shell(script, **options):
    """A line of bash in which $P is the command: status and both outputs."""
    environment = {**os.environ, "P": " ".join(COMMAND), "PYTHONIOENCODING": "utf-8", **options.pop("env", {})}
    made = subprocess.run(["bash", "-c", f"set -o pipefail; {script}"], capture_output=True, env=environment, **options)
    return made.returncode, made.stdout.decode("utf-8", "replace"), made.stderr.decode("utf-8", "replace")


def on_a_terminal(*words, typed=b"", cwd=None, env=None):
    """What a terminal is sent, as bytes, and the status; `typed` is what a person types."""
    import pty

    child, terminal = pty.fork()
    if child == 0:
        os.chdir(cwd or ROOT)
        os.execve(
            sys.executable,
            [*COMMAND, *map(str, words)],
            {**os.environ, "TERM": "xterm-256color", "COLUMNS": "100", **(env or {})},
        )
    sent = b""
    if typed:
        os.write(terminal, typed)
    while True:
        try:
            more = os.read(terminal, 65536)
        except OSError:
            break
        if not more:
            break
        sent += more
    os.close(terminal)
    return sent, os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
