"""Standard input, output and error, set up in one place for every command.

Whatever they are (a terminal, a pipe whose reader has gone, a full disk, closed, of few letters), the result is shown, or one sentence
says why not. Nothing from a file or an argument reaches them that a terminal would obey.
"""

from __future__ import annotations

import contextlib
import io
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from pathways.documents.problems import PathwaysError
from pathways.documents.visible import visible_but_style

OUTPUT, ERROR = 1, 2
CLOSED = "standard output is closed: nothing can be shown; accepted: -o FILE where a command has it"


def set_up() -> None:
    """Takes the three streams over; where a test or a notebook has put in its own, they stay, and show any letter."""
    _taken_by_nothing()
    sys.stdin = sys.stdin or io.TextIOWrapper(io.BytesIO(), encoding="utf-8")
    sys.stdout = sys.stdout or _Closed()
    sys.stderr = sys.stderr or io.TextIOWrapper(io.BytesIO(), encoding="utf-8", write_through=True)
    for stream in (sys.stdin, sys.stdout, sys.stderr):
        if type(stream) is io.TextIOWrapper:
            stream.reconfigure(errors="replace")
    if sys.stdout is sys.__stdout__ and type(sys.stdout) is io.TextIOWrapper:
        sys.stdout = sys.__stdout__ = Shown.over(sys.stdout, OUTPUT)  # type: ignore[misc]
    if sys.stderr is sys.__stderr__ and type(sys.stderr) is io.TextIOWrapper:
        sys.stderr = sys.__stderr__ = Shown.over(sys.stderr, ERROR)  # type: ignore[misc]


def _taken_by_nothing() -> None:
    """Holds the first three descriptors, so that no file that is opened becomes standard output."""
    with contextlib.suppress(OSError):
        while (handle := os.open(os.devnull, os.O_RDWR)) <= ERROR:
            pass
        os.close(handle)


def ended(status: int) -> int:
    """Empties the streams; the status with which the command ends."""
    try:
        sys.stdout.flush()
    except PathwaysError as error:
        with contextlib.suppress(OSError):
            print(error, file=sys.stderr)
        status = status or 2
    except SystemExit:
        status = 0
    with contextlib.suppress(OSError, ValueError):
        sys.stderr.flush()
    return status


class Shown(io.TextIOWrapper):
    """A stream of text to a person. Standard output that cannot be written is said; standard error that cannot be written is nobody's."""

    number = OUTPUT

    @classmethod
    def over(cls, stream: io.TextIOWrapper, number: int) -> Shown:
        """The same stream, taken over."""
        told: dict[str, Any] = {
            "encoding": stream.encoding, "errors": "replace", "line_buffering": stream.line_buffering, "write_through": stream.write_through,
        }  # fmt: skip
        made = cls(stream.detach(), **told)
        made.number = number
        return made

    def write(self, text: str) -> int:
        """Writes `text`, with whatever a terminal would obey made visible."""
        with self._answered():
            super().write(visible_but_style(text))
        return len(text)

    def flush(self) -> None:
        """Empties the buffer."""
        with self._answered():
            super().flush()

    @contextmanager
    def _answered(self) -> Iterator[None]:
        try:
            yield
        except BrokenPipeError:
            # The reader has gone (`| head`): that is no fault, and nothing more can be shown.
            self._to_nothing()
            if self.number == OUTPUT:
                raise SystemExit(0) from None
        except OSError as error:
            self._to_nothing()
            if self.number == OUTPUT:
                words = (error.strerror or str(error)).lower()
                raise PathwaysError(f"standard output cannot be written: {words}") from None

    def _to_nothing(self) -> None:
        with contextlib.suppress(OSError):
            nothing = os.open(os.devnull, os.O_WRONLY)
            os.dup2(nothing, self.number)
            os.close(nothing)


class _Closed(io.TextIOBase):
    """Standard output where there is none."""

    encoding = "utf-8"

    def write(self, text: str) -> int:
        if text:
            raise PathwaysError(CLOSED)
        return 0

    def isatty(self) -> bool:
        return False
