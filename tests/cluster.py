"""A real scheduler of Dask and its workers, each a process of its own."""

import json
import os
import subprocess
import sys
import time
from contextlib import contextmanager


@contextmanager
def cluster_of(workers, folder):
    """The address of a scheduler with so many workers, and these as processes; all end with the block."""
    environment = {**os.environ, "DASK_DISTRIBUTED__LOGGING__DISTRIBUTED": "critical"}
    quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL, "env": environment, "cwd": folder}
    file = folder / "scheduler.json"

    def started(name, *options):
        program = f"from distributed.cli.dask_{name} import main; main()"
        command = [sys.executable, "-c", program, "--scheduler-file", str(file), "--no-dashboard", *options]
        return subprocess.Popen(command, **quiet)

    processes = [started("scheduler", "--port", "0")]
    processes += [started("worker", "--nthreads", "1", "--no-nanny") for _ in range(workers)]
    try:
        until = time.monotonic() + 60
        while not file.exists() and time.monotonic() < until:
            time.sleep(0.1)
        yield json.loads(file.read_text())["address"], processes[1:]
    finally:
        for one in reversed(processes):
            one.kill()
            one.wait()
