"""The command as it is started by hand: a process, its address, its end."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
import time
from contextlib import contextmanager


@contextmanager
def served(*arguments, folder=None):
    """`pathways serve` on a free port; gives its address and the process."""
    process = subprocess.Popen(
        [sys.executable, "-m", "pathways", "serve", *map(str, arguments), "--port", "0", "--no-browser"],
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, cwd=folder, env={**os.environ, "PYTHONUNBUFFERED": "1"},
    )  # fmt: skip
    try:
        address = process.stdout.readline().strip()
        assert re.fullmatch(r"http://127\.0\.0\.1:\d+(/[\w/]*)?/", address), address + process.stderr.read()
        yield address, process
    finally:
        if process.poll() is None:
            process.send_signal(signal.SIGTERM)
            try:
                process.wait(5)
            except subprocess.TimeoutExpired:
                process.kill()
        process.stdout.close()
        process.stderr.close()


def ended(process, number=signal.SIGTERM):
    """The status of a process after a signal, and how long it took."""
    begin = time.perf_counter()
    process.send_signal(number)
    status = process.wait(10)
    return status, time.perf_counter() - begin
