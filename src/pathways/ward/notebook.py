"""What is noted while a document is understood: what was read as what, from where, and what contradicts what."""

from __future__ import annotations

from typing import Any, Self

from pydantic import BaseModel, PrivateAttr

from pathways.documents.problems import Problem, shown
from pathways.documents.reader import Document, Path, spelled, value_at
from pathways.quick_dataclass import dataclass


@dataclass(frozen=True, slots=True)
class Note:
    """One thing that was understood: where it stands, what was written, and what it was read as."""

    key: str
    written: str
    read: str

    def __str__(self) -> str:
        return f"{self.key} {self.written} is {self.read}" if self.written else f"{self.key} is {self.read}"

    def as_json(self) -> dict[str, str]:
        """The note as the JSON of the command line shows it."""
        return {"key": self.key, "written": self.written, "read": self.read}


class Told(BaseModel):  # noqa: PLW1641  pydantic makes the hash of what is frozen
    """A whole file. What was understood of its words stands beside what it says: written otherwise, it is the same."""

    _understood: tuple[Note, ...] = PrivateAttr(default=())

    @property
    def understood(self) -> tuple[Note, ...]:
        """What was read as what, where the file did not use the words of the format."""
        return self._understood

    def understood_json(self) -> dict[str, list[dict[str, str]]]:
        """What was understood under the key `understood` of a JSON document; nothing where nothing was."""
        return {"understood": [one.as_json() for one in self._understood]} if self._understood else {}

    def with_notes(self, notes: tuple[Note, ...]) -> Self:
        """The same, with what was understood of its file."""
        if not notes:
            return self
        told = self.model_copy()
        told._understood = notes  # noqa: SLF001  its own
        return told

    def __eq__(self, other: object) -> bool:
        return type(self) is type(other) and self.__dict__ == other.__dict__


class Notebook:
    """Notes, contradictions and places of one document."""

    def __init__(self, document: Document) -> None:
        self.source = document
        self.notes: list[Note] = []
        self.problems: list[Problem] = []
        self.origins: dict[Path, Path] = {}
        self.answers: dict[Path, str] = {}
        self.sites: list[tuple[Path, Path, tuple[str, ...]]] = []

    def note(self, old: Path, written: Any, read: str) -> None:
        """Notes what was understood."""
        self.notes.append(Note(spelled(old), "" if isinstance(written, (dict, tuple)) else shown(written), read))

    def answered(self, new: Path, words: str) -> None:
        """Says why what stands at `new` is not understood."""
        if words:
            self.answers[new] = words

    def contradicts(self, path: Path, other: Path) -> None:
        """Two places that cannot both be true."""
        first = self.source.problem(other, "")
        theirs, ours = value_at(self.source.value, other), value_at(self.source.value, path)
        message = (
            f"got {_quoted(ours)}, but {first.key} in line {first.line} says {_quoted(theirs)}; accepted: one of them"
        )
        self.problems.append(self.source.problem(path, message))


@dataclass(frozen=True, slots=True)
class Implied:
    """What a word says beside its own meaning."""

    name: str
    value: Any
    closer: tuple[Any, ...]
    by: Path


class Part:
    """One mapping of a document while it is read: what stands under the keys of its model so far, and from where."""

    def __init__(self, reading: Notebook, model: type[BaseModel], old: Path, new: Path) -> None:
        self.reading, self.model, self.old, self.new = reading, model, old, new
        self.result: dict[str, Any] = {}
        self.sources: dict[str, Path] = {}
        self.unknown: dict[str, Any] = {}
        self.implied: list[Implied] = []

    def put(self, name: str, value: Any, source: Path) -> bool:
        """`value` under `name`; where another name of it has said otherwise, both places are complained of."""
        if name in self.result:
            if not alike(self.result[name], value):
                self.reading.contradicts(source, self.sources[name])
                return False
            return True
        self.result[name], self.sources[name] = value, source
        if source != (*self.new, name):
            self.reading.origins[*self.new, name] = source
        return True

    def settle(self) -> None:
        """What words said beside their own meaning, where the file does not say it more closely."""
        for one in self.implied:
            if one.name not in self.result:
                self.put(one.name, one.value, one.by)
            elif not any(alike(self.result[one.name], fine) for fine in (one.value, *one.closer)):
                self.reading.contradicts(self.sources[one.name], one.by)


def alike(one: Any, other: Any) -> bool:
    """Whether two values say the same; lists of segments in any order."""
    if isinstance(one, tuple) and isinstance(other, tuple):
        return len(one) == len(other) and all(value in other for value in one)
    return (type(one) is type(other) and bool(one == other)) or (is_number(one) and is_number(other) and one == other)


def is_number(value: Any) -> bool:
    """Whether `value` is a number, and not true or false."""
    return isinstance(value, (int, float)) and not isinstance(value, bool)


def said(value: Any) -> str:
    """A value as a note says it."""
    if isinstance(value, tuple):
        return " ".join(said(one) for one in value) or "none"
    return str(value).lower() if isinstance(value, bool) else shown(value).strip('"')


def _quoted(value: Any) -> str:
    return f"[{', '.join(shown(one) for one in value)}]" if isinstance(value, tuple) else shown(value)
