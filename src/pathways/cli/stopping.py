"""The command ends when it is told to: by Ctrl-C, by a terminal that closes, by a system that shuts down."""

from __future__ import annotations

import os
import signal
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType
from typing import Any, NoReturn

NAMES = ("SIGINT", "SIGTERM", "SIGHUP")


class Stopped(SystemExit):
    """A signal has come. Not to be caught but to say what is kept."""

    def __init__(self, number: int) -> None:
        self.status = 128 + number
        super().__init__(self.status)


@contextmanager
def in_order() -> Iterator[None]:
    """Such a signal ends what is done meanwhile in order; a second one ends it at once. One that is ignored (nohup) stays ignored."""
    before: dict[int, Any] = {}
    if threading.current_thread() is threading.main_thread():
        for number in _numbers():
            handler = signal.getsignal(number)
            if handler in (signal.SIG_DFL, signal.default_int_handler):
                before[number] = handler
                signal.signal(number, _stop)
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def _numbers() -> list[int]:
    return [int(getattr(signal, name)) for name in NAMES if hasattr(signal, name)]


def _stop(number: int, _: FrameType | None) -> None:
    for one in _numbers():
        if signal.getsignal(one) is _stop:
            signal.signal(one, signal.SIG_DFL)
    raise Stopped(number)


def leave(end: SystemExit) -> NoReturn:
    """Ends the process; at once where nothing in it has to be ended in order.

    What a command has made goes with its process: to free it object by object takes a thirtieth of a plan. Where there is another thread,
    a pool of workers or somebody who measures, Python ends as it always does.
    """
    watched = sys.gettrace() or sys.getprofile() or "coverage" in sys.modules
    alone = threading.active_count() == 1 and "multiprocessing.util" not in sys.modules
    if watched or not alone or not isinstance(end.code, int):
        raise end
    os._exit(end.code)
