"""Processes that share a run: whoever stops it is not held up by what a worker was about to say."""

import threading
import time

import pytest

from pathways.cohort.runs.workers import processes

SECONDS = 20
LONG = 1 << 29


def answer(length):
    """So many bytes: half a gigabyte takes so long to tell that whoever is killed a moment later has told half of it."""
    return bytes(length)


def looked_after():
    """Threads that look after processes; the end of this process would wait for them."""
    return [one for one in threading.enumerate() if type(one).__name__ == "_ExecutorManagerThread"]


@pytest.mark.parametrize("after", [0.0, 0.05, 0.2])
def test_a_run_that_is_stopped_while_a_worker_answers_leaves_no_thread_that_waits_for_the_rest(after):
    begun = processes(answer, [1, LONG], workers=1)
    assert next(begun) == b"\0"
    time.sleep(after)
    stopped = time.monotonic()
    closing = threading.Thread(target=begun.close, daemon=True)
    closing.start()
    closing.join(SECONDS)
    assert not closing.is_alive()
    assert looked_after() == []
    assert time.monotonic() - stopped < SECONDS
