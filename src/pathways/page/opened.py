"""What was opened: one case, a folder of cases, or nothing yet. The page reads and writes here and nowhere else.

Names are looked up among those of the folder, so that no name leads out of it; a file that has changed since it was read is never
written over.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator, Sequence
from dataclasses import field
from functools import cached_property
from pathlib import Path

from pathways.documents.files import ChangedError, peeked, write_if_same
from pathways.documents.problems import PathwaysError
from pathways.documents.reader import SIZE_LIMIT
from pathways.knowledge.model import Protocol
from pathways.knowledge.protocols import knowledge, load_protocol
from pathways.messages.catalogue import say
from pathways.quick_dataclass import dataclass

SUFFIXES = (".yaml", ".yml", ".json")
RECORD = ".record.yaml"
COURSE = ".course.yaml"
NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,99}")
MOST_FILES = 500


@dataclass(frozen=True, slots=True)
class File:
    """A file as it was read: its text, the mark of its bytes, and what is to be said of it."""

    name: str
    text: str
    mark: str
    notice: str = ""


class ConflictError(PathwaysError):
    """A file holds something else than what the page was made of."""

    def __init__(self, name: str, theirs: str, mark: str) -> None:
        super().__init__(say("bench.conflict", file=name))
        self.name, self.theirs, self.mark = name, theirs, mark


@dataclass(frozen=True)
class Opened:
    """The folder in which the page reads and writes, and the one case where only one was opened."""

    folder: Path
    only: str = ""
    listed: bool = False
    # Files that this page has written: new names in a folder of which one file, or none, was opened.
    written: set[str] = field(default_factory=set, compare=False)
    # Protocols of the centre: the first of them is planned under unless another is chosen.
    given: tuple[Protocol, ...] = ()

    @classmethod
    def at(cls, place: Path | None, protocols: Sequence[Path] = ()) -> Opened:
        """What the command was called with. Raises PathwaysError where it is neither a file nor a folder, or a protocol is none."""
        given = _given(protocols)
        if place is None:
            return cls(Path.cwd(), given=given)
        try:
            if place.is_dir():
                return cls(place.resolve(), listed=True, given=given)
            if place.is_file():
                found = place.resolve()
                return cls(found.parent, only=found.name, given=given)
        except (OSError, ValueError) as error:
            reason = (getattr(error, "strerror", None) or str(error)).lower()
            raise PathwaysError(f"{place}: cannot be opened: {reason}") from None
        raise PathwaysError(f"{place}: no such file or folder; accepted: a case file, a folder of cases, or nothing")

    @cached_property
    def protocols(self) -> dict[str, Protocol]:
        """Protocols that may be chosen: those of the centre, then the shipped ones."""
        return {**{one.id: one for one in self.given}, **knowledge().protocols}

    @property
    def usual(self) -> str:
        """The protocol that is planned under unless another is chosen."""
        return self.given[0].id if self.given else "default"

    def names(self) -> tuple[str, ...]:
        """The files of cases that may be opened."""
        if self.only:
            return (self.only,)
        return tuple(sorted(self._cases())[:MOST_FILES]) if self.listed else ()

    def _cases(self) -> Iterator[str]:
        try:
            for one in self.folder.iterdir():
                beside = one.name.endswith((RECORD, COURSE)) or one.name.startswith(".")
                if one.suffix.lower() in SUFFIXES and not beside and not one.is_symlink() and one.is_file():
                    yield one.name
        except OSError:
            return

    def read(self, name: str) -> File:
        """A case of the folder. Raises PathwaysError for any other name."""
        if name not in self.names():
            raise PathwaysError(say("bench.no_file"))
        return self._read(name)

    def knows(self, name: str) -> bool:
        """Whether a file belongs to what was opened, or was written by this page."""
        return name in self.written or name in self.names()

    def read_again(self, name: str) -> File:
        """A file that was opened or written here. Raises PathwaysError for any other."""
        if not self.knows(name):
            raise PathwaysError(say("bench.no_file"))
        return self._read(name)

    def beside(self, case: str, ending: str) -> File:
        """A file that belongs to a case, as far as it is there."""
        return self._read(self.name_beside(case, ending))

    def name_beside(self, case: str, ending: str) -> str:
        """The name of a file that belongs to a case."""
        return Path(case).stem + ending

    def _read(self, name: str) -> File:
        try:
            raw = peeked(self.folder / name, SIZE_LIMIT + 1)
        except OSError as error:
            raise PathwaysError(f"{name}: {(error.strerror or str(error)).lower()}") from None
        if raw is None:
            return File(name, "", "")
        if len(raw) > SIZE_LIMIT:
            raise PathwaysError(say("bench.too_large", file=name))
        try:
            return File(name, raw.decode("utf-8-sig"), mark(raw))
        except UnicodeDecodeError:
            return File(name, raw.decode("latin-1"), mark(raw), say("bench.not_utf8", file=name))

    def write(self, name: str, text: str, seen: str) -> File:
        """Writes a file of the folder, if it still bears the mark `seen` ("": there is none). Raises ConflictError where it does not."""
        if not NAME.fullmatch(name) or not name.endswith(SUFFIXES):
            raise PathwaysError(say("bench.no_name"))
        place, content = self.folder / name, text.encode("utf-8")
        try:
            now = peeked(place, SIZE_LIMIT + 1)
        except OSError as error:
            raise PathwaysError(f"{name}: {(error.strerror or str(error)).lower()}") from None
        if (mark(now) if now is not None else "") != seen:
            raise _conflict(name, now)
        try:
            write_if_same(place, content, now, SIZE_LIMIT + 1)
        except ChangedError as error:
            raise _conflict(name, error.now) from None
        self.written.add(name)
        return File(name, text, mark(content))


def _given(places: Sequence[Path]) -> tuple[Protocol, ...]:
    """The protocols named by file or by name. Raises PathwaysError where two of them, or one and a shipped one, bear the same name."""
    shipped = knowledge().protocols
    found: dict[str, Protocol] = {}
    for place in places:
        one = load_protocol(place)
        other = found.get(one.id) or shipped.get(one.id)
        if other is not None and other is not one:
            raise PathwaysError(f'{place}: id: "{one.id}" is the name of another protocol; accepted: a name of its own')
        found[one.id] = one
    return tuple(found.values())


def _conflict(name: str, now: bytes | None) -> ConflictError:
    return ConflictError(name, "" if now is None else now.decode("utf-8", "replace"), "" if now is None else mark(now))


def mark(raw: bytes) -> str:
    """The mark of what a file holds."""
    return hashlib.sha256(raw).hexdigest()
