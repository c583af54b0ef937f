"""Processes that share a run: whoever stops it is not held up by what a worker was about to say."""

import os
import threading
import time
from collections import Counter

import pytest

from pathways.cohort.runs.workers import cluster, processes

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


class Learner:
    """Remembers what it was asked, as a protocol remembers what was learned of it."""

    def __init__(self):
        self.asked = 0

    def __call__(self, _):
        self.asked += 1
        return os.getpid(), self.asked


@pytest.mark.parametrize("workers", [1, 2])
def test_what_a_worker_learns_at_one_chunk_it_knows_at_the_next(workers):
    found = list(processes(Learner(), range(12), workers))
    by_process = Counter(pid for pid, _ in found)
    assert len(by_process) <= workers
    assert sorted(found) == sorted((pid, turn) for pid, number in by_process.items() for turn in range(1, number + 1))


def test_what_a_worker_of_a_cluster_learns_at_one_chunk_it_knows_at_the_next():
    distributed = pytest.importorskip("distributed")
    with distributed.LocalCluster(n_workers=1, threads_per_worker=1, processes=False, dashboard_address=None) as here:
        found = list(cluster(Learner(), range(12), here.scheduler_address))
    assert sorted(turn for _, turn in found) == list(range(1, 13))
