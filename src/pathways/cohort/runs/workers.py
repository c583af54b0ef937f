"""Who does the chunks: this process, several processes of this machine, or a Dask cluster. The result is the same."""

from __future__ import annotations

import os
import signal
import sys
import threading
from collections.abc import Callable, Generator, Iterable, Iterator
from contextlib import contextmanager
from itertools import islice
from typing import TYPE_CHECKING, Any, TypeVar

from pathways.documents.extras import needs
from pathways.documents.problems import PathwaysError

if TYPE_CHECKING:
    from concurrent.futures import ProcessPoolExecutor
    from multiprocessing.context import BaseContext

Item = TypeVar("Item")
Result = TypeVar("Result")
# Chunks in flight for each worker: enough to keep it busy, few enough to bound memory.
AHEAD = 2
# Set for worker processes, unless the user has set them.
THREADS = ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS")
# What every worker imports. Where a system can, one process does it for all of them, while this one is still importing the same.
IMPORTED = ["pathways.cohort.runs.simulation"]
# Arguments of mallopt (malloc.h of the GNU C library): above which size memory is asked of the system for itself, and of which amount it is
# given back. Both at most.
TRIM_THRESHOLD, MMAP_THRESHOLD = -1, -3
MOST_FOR_ITSELF, MOST_KEPT = 32 << 20, 1 << 30
# How long a scheduler may take to answer.
CONNECT = "10s"


def here(do: Callable[[Item], Result], items: Iterable[Item]) -> Generator[Result, None, None]:
    """In this process."""
    keep_freed_memory()
    yield from (do(item) for item in items)


def keep_freed_memory() -> None:
    """Columns of a chunk come and go by the hundred: their memory stays with the process instead of being asked for again, page by page."""
    if sys.platform != "linux":
        return
    import ctypes

    try:
        set_ = ctypes.CDLL(None).mallopt
    except (OSError, AttributeError):
        return
    set_(MMAP_THRESHOLD, MOST_FOR_ITSELF)
    set_(TRIM_THRESHOLD, MOST_KEPT)


def get_ready() -> None:
    """Begins the process that workers are made from, so that it imports what they need while this one does; no matter if it is not asked for."""
    from multiprocessing import get_all_start_methods

    if "forkserver" not in get_all_start_methods():
        return
    from multiprocessing import forkserver, resource_tracker

    # Whoever begins the tracker hears Ctrl-C again: it is begun first.
    with _deaf_to_terminals():
        resource_tracker.ensure_running()
    forkserver.set_forkserver_preload(IMPORTED)
    with _one_thread_each(), _deaf_to_terminals():
        forkserver.ensure_running()


def _context() -> BaseContext:
    from multiprocessing import get_all_start_methods, get_context

    return get_context("forkserver" if "forkserver" in get_all_start_methods() else "spawn")


def processes(do: Callable[[Item], Result], items: Iterable[Item], workers: int) -> Generator[Result, None, None]:
    """On `workers` processes of this machine, in the order in which they finish."""
    from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
    from concurrent.futures.process import BrokenProcessPool

    waiting = iter(items)
    get_ready()
    with _one_thread_each():
        with _deaf_to_terminals():
            pool = ProcessPoolExecutor(workers, mp_context=_context(), initializer=_as_worker, initargs=(do,))
        running: set[Future[Result]] = set()
        try:
            while True:
                for item in waiting:
                    with _deaf_to_terminals():
                        running.add(pool.submit(_do, item))
                    if len(running) >= AHEAD * workers:
                        break
                if not running:
                    break
                done, running = wait(running, return_when=FIRST_COMPLETED)
                for one in done:
                    yield one.result()
        except BrokenProcessPool:
            raise PathwaysError(
                "a worker process was killed, perhaps for want of memory; finished chunks are kept where -o was given: "
                "run the same command again, with fewer workers"
            ) from None
        except BaseException:
            # Whatever ends this run ends its workers at once: what they are at would be thrown away.
            _end_workers()
            _hear_no_more_of(pool)
            raise
        finally:
            # The thread that looks after them is waited for: at the end of this process it may not be woken any more.
            pool.shutdown(wait=True, cancel_futures=True)


@contextmanager
def _deaf_to_terminals() -> Iterator[None]:
    """What is begun meanwhile never hears what a terminal says to the whole group: workers are ended by the one that began them."""
    if not hasattr(signal, "pthread_sigmask"):
        yield
        return
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT, signal.SIGHUP})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def _end_workers() -> None:
    from multiprocessing import active_children

    for child in active_children():
        child.kill()


def _hear_no_more_of(pool: ProcessPoolExecutor) -> None:
    """Whoever is killed while it answers leaves half an answer, and its end would be waited for as long as somebody here could write it."""
    writer = getattr(getattr(pool, "_result_queue", None), "_writer", None)
    if writer is not None:
        writer.close()


# What a worker does, sent to it once: what is learned of a protocol is kept with it, and another copy would have to learn it again.
_DONE_HERE: list[Callable[[Any], Any]] = []


def _do(item: Any) -> Any:
    return _DONE_HERE[-1](item)


def _as_worker(do: Callable[[Any], Any]) -> None:
    """Takes what is to be done. A worker ends when the process that began it has ended, however."""
    _DONE_HERE.append(do)
    keep_freed_memory()
    threading.Thread(target=_end_with_parent, daemon=True).start()


def _end_with_parent() -> None:
    from multiprocessing import parent_process
    from multiprocessing.connection import wait

    parent = parent_process()
    if parent is not None:
        wait([parent.sentinel])
        os._exit(1)


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


def cluster(do: Callable[[Item], Result], items: Iterable[Item], address: str) -> Generator[Result, None, None]:
    """On the Dask cluster at `address`. A chunk whose worker is lost is done again by another."""
    try:
        import distributed
    except ImportError:
        raise needs("--scheduler (Dask)", "cluster") from None
    dask: Any = distributed
    try:
        client: Any = dask.Client(address, timeout=CONNECT, set_as_default=False)
    except (OSError, TimeoutError, ValueError) as error:
        raise PathwaysError(f"--scheduler {address}: no scheduler answers there: {error}") from None
    waiting = iter(items)
    with client, client.as_current():
        finished: Any = dask.as_completed()
        # Sent to each worker once, and made again where it is lost.
        held = client.submit(_itself, do, pure=False, retries=3)

        def add(some: Iterable[Item]) -> None:
            for item in some:
                finished.add(client.submit(_done, held, item, pure=False, retries=3))

        add(islice(waiting, max(4, AHEAD * sum(client.nthreads().values()))))
        for future in finished:
            yield future.result()
            add(islice(waiting, 1))


def _itself(do: Callable[[Item], Result]) -> Callable[[Item], Result]:
    return do


def _done(do: Callable[[Item], Result], item: Item) -> Result:
    return do(item)
