"""Files, opened and written in one way by every command.

Read: what is no regular file (a pipe, standard input) is read once and remembered; a pipe that nobody writes into is refused. Written: whole
or not at all, under a name nobody can foretell until it is complete, keeping the mode of what was there; never through a link, never
over what is no regular file, never over a file that this command has read, and over a file that people write only where that is said.
"""

from __future__ import annotations

import contextlib
import errno
import hashlib
import io
import os
import secrets
import stat
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

from pathways.documents.problems import PathwaysError
from pathways.documents.visible import printable

STANDARD_INPUT = "-"
# How long a pipe may have no writer.
PATIENCE_S = 1.0
# What people write with an editor: cases, courses, protocols, lessons.
WRITTEN_BY_HAND = (".yaml", ".yml")
_read: set[tuple[int, int]] = set()
_kept: dict[str, bytes] = {}


def forget() -> None:
    """A command begins: what was read before it is not its input."""
    _read.clear()
    _kept.clear()


# --- reading ----------------------------------------------------------------------------------------------------------


def bytes_of(path: str | Path, most: int, unpacked: Callable[[IO[bytes]], IO[bytes]] = lambda stream: stream) -> bytes:
    """What the file at `path` holds, at most `most` bytes; - is standard input. Raises OSError or ValueError."""
    name = str(path)
    if name in _kept:
        return _kept[name]
    if name == STANDARD_INPUT:
        return _kept.setdefault(name, _standard_input(most))
    if hasattr(os, "O_NONBLOCK") and stat.S_ISFIFO(Path(path).stat().st_mode):
        return _kept.setdefault(name, unpacked(io.BytesIO(_from_pipe(path, most))).read(most))
    with Path(path).open("rb") as stream:
        state = os.fstat(stream.fileno())
        found = unpacked(stream).read(most)
    if stat.S_ISREG(state.st_mode):
        _read.add((state.st_dev, state.st_ino))
    else:
        _kept[name] = found
    return found


def name_of(path: str | Path) -> str:
    """What complaints call a file."""
    return "standard input" if str(path) == STANDARD_INPUT else str(path)


def _standard_input(most: int) -> bytes:
    stream = getattr(sys.stdin, "buffer", None)
    if stream is None:
        raise OSError(errno.EBADF, "standard input is closed")
    found: bytes = stream.read(most)
    return found


def _from_pipe(path: str | Path, most: int) -> bytes:
    """What is written into a pipe, waiting for its writer as long as it has one."""
    handle = os.open(path, os.O_RDONLY | os.O_NONBLOCK)
    found = b""
    try:
        until: float | None = time.monotonic() + PATIENCE_S
        while len(found) < most:
            try:
                more = os.read(handle, most - len(found))
            except BlockingIOError:
                # Somebody holds the other end and has not written yet.
                until = None
                os.set_blocking(handle, True)
                continue
            if more:
                found += more
                until = None
                os.set_blocking(handle, True)
            elif until is None:
                break
            elif time.monotonic() > until:
                raise OSError(errno.EPIPE, "a pipe that nobody writes into")
            else:
                time.sleep(0.02)
    finally:
        os.close(handle)
    return found


# --- writing ----------------------------------------------------------------------------------------------------------


def write(path: Path, content: str | bytes, *, force: bool = False) -> None:
    """`content` as the whole file at `path`. Raises PathwaysError in words for a person."""
    with whole(path, force=force, same=content.encode("utf-8") if isinstance(content, str) else content) as place:
        place.write_bytes(content.encode("utf-8") if isinstance(content, str) else content)


@contextmanager
def whole(path: Path, *, force: bool = False, same: bytes | None = None) -> Iterator[Path]:
    """A place to write to, which becomes the file at `path` when everything is written; or it goes and nothing has changed.

    `same`: what will be written, where that is known; a file that holds it already is no file that somebody edited.
    """
    with saying(path):
        before = may_be_written(path, force=force, same=same)
        place = _made_beside(path, before)
    try:
        with saying(path):
            yield place
            _on_the_disk(place)
            place.replace(path)
            _folder_on_the_disk(path.parent)
    finally:
        with contextlib.suppress(OSError):
            place.unlink(missing_ok=True)


def moved(place: Path, path: Path) -> None:
    """The finished file at `place` becomes the one at `path`, on the same disk, as `whole` would write it."""
    with saying(path):
        before = may_be_written(path)
        if before is not None:
            place.chmod(stat.S_IMODE(before.st_mode))
        _on_the_disk(place)
        place.replace(path)
        _folder_on_the_disk(path.parent)


def appended(path: Path) -> IO[str]:
    """A file to which lines are added one by one, so that what is there survives a stop; what `may_be_written` refuses is refused."""
    with saying(path):
        may_be_written(path)
        flags = os.O_WRONLY | os.O_CREAT | os.O_APPEND | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_CLOEXEC", 0)
        return os.fdopen(os.open(path, flags, 0o666), "a", encoding="utf-8")


def may_be_written(path: Path, *, force: bool = False, same: bytes | None = None) -> os.stat_result | None:
    """The file that stands at `path`, if one does. Raises PathwaysError where it must not be replaced."""
    try:
        there = path.lstat()
    except FileNotFoundError:
        return None
    if stat.S_ISLNK(there.st_mode):
        raise PathwaysError(
            f"{path}: is a link; accepted: the name of the file itself{_leads_to(path)}, or - for standard output"
        )
    if stat.S_ISDIR(there.st_mode):
        raise PathwaysError(f"{path}: a folder stands there; accepted: the name of a file")
    if not stat.S_ISREG(there.st_mode):
        raise PathwaysError(f"{path}: is no regular file; accepted: the name of a file, or - for standard output")
    if (there.st_dev, there.st_ino) in _read:
        raise PathwaysError(f"{path}: is what this command reads; accepted: another name")
    if not os.access(path, os.W_OK):
        raise PathwaysError(f"{path}: cannot be written: it is write-protected")
    if not force and path.suffix.lower() in WRITTEN_BY_HAND and not _holds(path, same):
        raise EditedError(path)
    return there


class EditedError(PathwaysError):
    """A file that people write stands there already, and holds something else."""

    def __init__(self, path: Path) -> None:
        super().__init__(f"{path}: stands there already and holds something else; accepted: a new name, or --force")
        self.path = path


def _holds(path: Path, same: bytes | None) -> bool:
    if same is None:
        return False
    with path.open("rb") as stream:
        return stream.read(len(same) + 1) == same


def _leads_to(path: Path) -> str:
    try:
        return f" ({printable(str(path.resolve(strict=True)))})"
    except (OSError, RuntimeError):
        return ""


def _made_beside(path: Path, before: os.stat_result | None) -> Path:
    """An empty file in the same folder under a short name that nobody can foretell, with the mode that the whole one is to have."""
    place = path.with_name(f".pathways-{secrets.token_hex(8)}{path.suffix[:16]}")
    flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_CLOEXEC", 0)
    handle = os.open(place, flags, 0o666 if before is None else 0o600)
    try:
        if before is not None and hasattr(os, "fchmod"):
            os.fchmod(handle, stat.S_IMODE(before.st_mode))
    finally:
        os.close(handle)
    return place


def _on_the_disk(place: Path) -> None:
    with place.open("rb+") as stream:
        os.fsync(stream.fileno())


def _folder_on_the_disk(folder: Path) -> None:
    """The new name itself; not every system lets a folder be opened."""
    with contextlib.suppress(OSError):
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)


@contextmanager
def saying(path: Path, more: str = "") -> Iterator[None]:
    """Turns a failure of the disk into one sentence."""
    try:
        yield
    except OSError as error:
        words = (error.strerror or str(error)).lower()
        raise PathwaysError(f"{path}: cannot be written: {words}{more}") from None
    except ValueError as error:
        if "null byte" not in str(error):
            raise
        raise PathwaysError(f"{printable(str(path))}: is no file name") from None


def made_folder(folder: Path) -> None:
    """The folder, made if it is not there."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except (OSError, ValueError) as error:
        reason = (getattr(error, "strerror", None) or str(error)).lower()
        raise PathwaysError(f"{folder}: cannot be made: {reason}") from None


class Hold:
    """Holds a file against a second process that would change it; the system lets go of it however this one ends."""

    def __init__(self, path: Path, busy: str) -> None:
        import sqlite3

        name = hashlib.blake2b(path.name.encode("utf-8", "surrogateescape"), digest_size=16).hexdigest()
        self._place = path.with_name(f".pathways-{name}.lock")
        while True:
            with saying(path):
                os.close(os.open(self._place, os.O_RDWR | os.O_CREAT | getattr(os, "O_NOFOLLOW", 0), 0o600))
                before = self._place.stat()
            self._lock = sqlite3.connect(self._place, timeout=0, isolation_level=None)
            try:
                self._lock.execute("begin exclusive")
            except sqlite3.DatabaseError as error:
                self._lock.close()
                if isinstance(error, sqlite3.OperationalError):
                    raise PathwaysError(f"{printable(str(path))}: {busy}") from None
                raise PathwaysError(f"{self._place}: is no lock of this program; accepted: delete it") from None
            with contextlib.suppress(FileNotFoundError):
                if self._place.stat().st_ino == before.st_ino:
                    return
            # The one before let go of it in the meantime, and took the file away.
            self._lock.close()

    def leave(self) -> None:
        """Lets go of the file. The lock goes while it is still held: whoever opens it afterwards opens a new one."""
        with contextlib.suppress(OSError):
            self._place.unlink(missing_ok=True)
        self._lock.close()


# --- a file that is edited: read, and written over while it is still the one that was read -------------------------------


class ChangedError(PathwaysError):
    """The file holds something else than when it was read."""

    def __init__(self, path: Path, now: bytes | None) -> None:
        super().__init__(f"{printable(str(path))}: has been changed meanwhile; nothing was written")
        self.now = now


def peeked(path: Path, most: int) -> bytes | None:
    """What a regular file holds, at most `most` bytes, without taking it for an input that must not be written over; None: none is there."""
    flags = os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_CLOEXEC", 0) | getattr(os, "O_NONBLOCK", 0)
    try:
        handle = os.open(path, flags)
    except FileNotFoundError:
        return None
    with os.fdopen(handle, "rb") as stream:
        if not stat.S_ISREG(os.fstat(handle).st_mode):
            raise OSError(errno.EINVAL, "no regular file")
        return stream.read(most)


def write_if_same(path: Path, content: bytes, seen: bytes | None, most: int) -> None:
    """`content` as the whole file at `path`, if that still holds what was seen of it (None: no file). Raises ChangedError where not."""
    hold = Hold(path, "is being written by somebody else; try again")
    try:
        with saying(path):
            now = peeked(path, most)
        if now != seen:
            raise ChangedError(path, now)
        write(path, content, force=True)
    finally:
        hold.leave()
