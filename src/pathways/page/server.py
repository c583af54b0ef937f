"""The server: bound to one address of this machine, ended by a signal within two seconds."""

from __future__ import annotations

import contextlib
import gc
import os
import signal
import socket
import sys
import threading
import time
from collections.abc import Callable, Generator
from contextlib import contextmanager
from types import FrameType
from typing import Any

import uvicorn

from pathways.documents.problems import PathwaysError
from pathways.page.app import application
from pathways.page.opened import Opened

# What is still being worked out may go on so long after the signal to end.
PATIENCE_S = 1
# So long after the first plan the first page has been sent: what other screens need is imported behind it.
FIRST_PAGE_S = 1
LAST_S = 1.7


class Server(uvicorn.Server):
    """Ends with status 0 when it is told to end, whatever it is doing."""

    @contextmanager
    def capture_signals(self) -> Generator[None]:
        """Takes the signals while it serves; a second one ends it at once."""
        before = {number: signal.signal(number, self._end) for number in _numbers()}
        try:
            yield
        finally:
            for number, handler in before.items():
                signal.signal(number, handler)

    def _end(self, number: int, frame: FrameType | None) -> None:
        timer = threading.Timer(LAST_S, os._exit, (0,))
        timer.daemon = True
        timer.start()
        self.handle_exit(number, frame)


def _numbers() -> list[int]:
    return [int(getattr(signal, name)) for name in ("SIGINT", "SIGTERM", "SIGHUP") if hasattr(signal, name)]


def serve(opened: Opened, *, host: str, port: int, root: str, ready: Callable[[str], Any]) -> None:
    """Serves until a signal comes. `ready` is told the address once it can be opened."""
    bound = _bound(host, port)
    name = f"[{host}]" if ":" in host else host
    app = application(opened, hosts=(name.lower(), socket.gethostname().lower()), root=root)
    config = uvicorn.Config(
        app, log_level="critical", access_log=False, server_header=False, date_header=False, lifespan="off", ws="none",
        timeout_graceful_shutdown=PATIENCE_S, limit_concurrency=200, h11_max_incomplete_event_size=64 * 1024,
    )  # fmt: skip
    ready(f"http://{name}:{bound.getsockname()[1]}{root}/")
    threading.Thread(target=_warm_up, args=(opened,), daemon=True).start()
    Server(config).run(sockets=[bound])
    sys.stdout.flush()
    if any(not one.daemon and one is not threading.main_thread() for one in threading.enumerate()):
        # A plan that nobody waits for any more.
        os._exit(0)


def _bound(host: str, port: int) -> socket.socket:
    """A socket of that address. Raises PathwaysError where there is none to be had."""
    try:
        family = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0][0]
        made = socket.socket(family)
        made.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        made.bind((host, port))
        made.listen(128)
    except (OSError, OverflowError, UnicodeError) as error:
        reason = (getattr(error, "strerror", None) or str(error)).lower()
        raise PathwaysError(
            f"serve: {host}:{port}: {reason}; accepted: an address of this machine and a free port, or --port 0"
        ) from None
    return made


def _warm_up(opened: Opened) -> None:
    """A first plan, so that the first of a meeting takes no longer than the others: of the case that the first page shows; then every screen.

    What has been made till then stays, and is not looked through for garbage again.
    """
    from pathways.page.plans import planned
    from pathways.page.registry import screens
    from pathways.page.text import BLANK, read

    try:
        text = BLANK
        if opened.only:
            with contextlib.suppress(PathwaysError):
                text = opened.read(opened.only).text
        found = read(text)
        if found.case is not None:
            planned(text, found.case, opened.protocols[opened.usual])
        time.sleep(FIRST_PAGE_S)
        for one in screens():
            one.load()
    finally:
        gc.freeze()
        gc.enable()
