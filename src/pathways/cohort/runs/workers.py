"""Who does the chunks: this process, several processes of this machine, or a Dask cluster. The result is the same."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from itertools import islice
from typing import Any, TypeVar

from pathways.documents.problems import PathwaysError

Item = TypeVar("Item")
Result = TypeVar("Result")
# Chunks in flight for each worker: enough to keep it busy, few enough to bound memory.
AHEAD = 2
# Set for worker processes, unless the user has set them.
THREADS = ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS")
# How long a scheduler may take to answer.
CONNECT = "10s"


def here(do: Callable[[Item], Result], items: Iterable[Item]) -> Iterator[Result]:
    """In this process."""
    return (do(item) for item in items)


def processes(do: Callable[[Item], Result], items: Iterable[Item], workers: int) -> Iterator[Result]:
    """On `workers` processes of this machine, in the order in which they finish."""
    from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
    from concurrent.futures.process import BrokenProcessPool
    from multiprocessing import get_context

    waiting = iter(items)
    with _one_thread_each(), ProcessPoolExecutor(workers, mp_context=get_context("spawn")) as pool:
        running: set[Future[Result]] = set()
        try:
            while True:
                for item in waiting:
                    running.add(pool.submit(do, item))
                    if len(running) >= AHEAD * workers:
                        break
                if not running:
                    return
                done, running = wait(running, return_when=FIRST_COMPLETED)
                for one in done:
                    yield one.result()
        except BrokenProcessPool:
            raise PathwaysError(
                "a worker process was killed, perhaps for want of memory; finished chunks are kept where -o was given: "
                "run the same command again, with fewer workers"
            ) from None
        finally:
            for one in running:
                one.cancel()


@contextmanager
def _one_thread_each() -> Iterator[None]:
    """Worker processes share the cores; threads of their linear algebra would wait for each other and undo the gain."""
    missing = [name for name in THREADS if name not in os.environ]
    os.environ.update(dict.fromkeys(missing, "1"))
    try:
        yield
    finally:
        for name in missing:
            del os.environ[name]


def cluster(do: Callable[[Item], Result], items: Iterable[Item], address: str) -> Iterator[Result]:
    """On the Dask cluster at `address`. A chunk whose worker is lost is done again by another."""
    try:
        import distributed
    except ImportError:
        raise PathwaysError('--scheduler needs Dask: install the extra "cluster" of this package') from None
    dask: Any = distributed
    try:
        client: Any = dask.Client(address, timeout=CONNECT, set_as_default=False)
    except (OSError, TimeoutError, ValueError) as error:
        raise PathwaysError(f"--scheduler {address}: no scheduler answers there: {error}") from None
    waiting = iter(items)
    with client, client.as_current():
        finished: Any = dask.as_completed()
        for item in islice(waiting, max(4, AHEAD * sum(client.nthreads().values()))):
            finished.add(client.submit(do, item, pure=False, retries=3))
        for future in finished:
            yield future.result()
            for item in islice(waiting, 1):
                finished.add(client.submit(do, item, pure=False, retries=3))
