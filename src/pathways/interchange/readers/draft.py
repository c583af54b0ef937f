"""A case that was put together from other files: beside each value stands where it came from, above all what is not in it.

Decides how a draft is written and held to the format; what a value means is decided by the door that reads it. A draft is a case file,
so that whoever reads it over has nothing to move: it is planned only when a person asks for that.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import field
from typing import Any

from pydantic import BaseModel

from pathways.case import contradictions
from pathways.case.models import Case
from pathways.case.writing import MODELINE, SCHEMA_FILE
from pathways.documents.problems import DocumentError, Problem
from pathways.documents.reader import Document, Path, spelled
from pathways.documents.visible import printable
from pathways.documents.writing import WIDTH, flow
from pathways.process.rules import RULES
from pathways.quick_dataclass import dataclass
from pathways.ward.kinds import keys_of
from pathways.ward.notebook import Note
from pathways.ward.understanding import read_as

# What stands for a key that every case needs and that nothing told.
UNTOLD_TUMOUR, UNTOLD_PLACE = "unknown", ("unknown",)
NOT_TOLD = "not told"
UNREAD = "read by no rule"
TOLD_AS_A_WHOLE = ("extrahepatic", "history")
MOST_NAMED = 8
NOT_IN_A_NAME = re.compile(r"[^A-Za-z0-9._-]+")


@dataclass(frozen=True, slots=True)
class Origin:
    """Where a value came from: file, place, and what it is called there."""

    file: str
    line: int = 1
    column: int = 1
    name: str = ""

    def problem(self, message: str) -> Problem:
        """A complaint about this place."""
        return Problem(self.file, self.line, self.column, self.name, message)


@dataclass
class Draft:
    """A case in the making. `remarks`: where the value at a path came from; `unmapped`: what no key of a case can hold."""

    name: str
    made_from: str
    value: dict[str, Any] = field(default_factory=dict)
    remarks: dict[Path, str] = field(default_factory=dict)
    origins: dict[Path, Origin] = field(default_factory=dict)
    unmapped: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    remedy: str = ""

    def put(self, path: Path, value: Any, remark: str, origin: Origin) -> None:
        """`value` at `path`, with where it came from."""
        place: Any = self.value
        for part, after in itertools.pairwise(path):
            place = _inside(place, part, [] if isinstance(after, int) else {})
        if isinstance(place, list):
            place.append(value)
        else:
            place[path[-1]] = value
        self.remarks[path] = remark
        self.origins[path] = origin

    def sort(self, path: Path, by: Callable[[Any], float]) -> None:
        """Puts the entries of the list at `path` in order, with what is remarked of them."""
        place: Any = self.value
        for part in path:
            place = place[part]
        order = sorted(range(len(place)), key=lambda index: by(place[index]))
        place[:] = [place[index] for index in order]
        moved = {old: new for new, old in enumerate(order)}
        depth = len(path)

        def to(old: Path) -> Path:
            return (*path, moved[int(old[depth])], *old[depth + 1 :]) if old[:depth] == path and old[depth:] else old

        self.remarks = {to(old): words for old, words in self.remarks.items()}
        self.origins = {to(old): origin for old, origin in self.origins.items()}

    def case(self) -> Case:
        """The draft as a case. Raises DocumentError with the places of the files that it was made from."""
        return self._read()[0]

    def _read(self) -> tuple[Case, Document, tuple[Note, ...]]:
        """The case, the draft as it was understood (its words may be those of a ward), and what was."""
        whole = self._whole()
        paths = [path for path, _ in _paths(whole, ())]
        document = Document(self.name, whole, dict.fromkeys(paths, (1, 1)), {})
        try:
            case, understood, notes = read_as(document, Case)
        except DocumentError as error:
            raise DocumentError(self._where(one) for one in error.problems) from None
        found = [self._where(understood.problem(path, message)) for path, message in contradictions.of_case(case)]
        if found:
            raise DocumentError(found)
        return case, understood, notes

    def _where(self, problem: Problem) -> Problem:
        """A problem of the draft as one of the file that told the value."""
        paths = sorted(self.origins, key=lambda path: -len(path))
        found = next((path for path in paths if _begins(problem.key, spelled(path))), None)
        if found is None:
            found = next((path for path in paths if _begins(spelled(path), problem.key)), None)
        origin = self.origins[found] if found is not None else Origin(self.made_from)
        remedy = f"; {self.remedy}" if self.remedy else ""
        where = f" ({problem.key})" if problem.key and problem.key != origin.name else ""
        return Problem(origin.file, origin.line, origin.column, origin.name, f"{problem.message}{where}{remedy}")

    def _whole(self) -> dict[str, Any]:
        """The draft with what every case needs."""
        told = {"schema": 1, "id": case_id(self.name), **self.value}
        primary = {"tumour": UNTOLD_TUMOUR, **told.pop("primary", {})}
        # None is told of a liver that was cleared; where nothing is told, somewhere something is.
        lesions = told.pop("lesions", [{"segments": UNTOLD_PLACE}])
        whole = {**told, "primary": primary, "lesions": lesions}
        found: dict[str, Any] = _plain({key: whole[key] for key in keys_of(Case) if key in whole})
        return found

    def missing(self) -> dict[str, list[str]]:
        """The keys that a rule reads and the draft does not tell, by the part of the case."""
        return self._missing(self._read()[1].value)

    def _missing(self, whole: Mapping[str, Any]) -> dict[str, list[str]]:
        found: dict[str, list[str]] = {}
        for key in sorted({key for rule in RULES.values() for key in rule.reads}):
            part, _, inner = key.partition(".")
            # What is told of disease elsewhere and of earlier treatment is told as a whole: not every event has a margin.
            if "." in inner or not inner or (part in TOLD_AS_A_WHOLE and part in whole) or whole.get(part) == []:
                continue
            if not _told(whole.get(part), inner) or self._stands_for_nothing(part, inner):
                found.setdefault(part, []).append(inner)
        return found

    def _stands_for_nothing(self, part: str, key: str) -> bool:
        return (part, key) in (("primary", "tumour"), ("lesions", "segments")) and part not in self.value

    def text(self, schema: str = SCHEMA_FILE) -> str:
        """The draft as the text of a case file, in the words of the format."""
        _, understood, notes = self._read()
        lines = [MODELINE.format(schema=schema), *self._head(understood.value, notes)]
        standing = {
            ("primary", "tumour"): "" if "primary" in self.value else NOT_TOLD,
            ("lesions", 0, "segments"): "" if "lesions" in self.value else f"{NOT_TOLD}: somewhere in the liver",
        }
        remarks = {path: words for path, words in standing.items() if words}
        for path, _ in _paths(understood.value, ()):
            remark = self.remarks.get(path) or self.remarks.get(understood.origin(path))
            if remark:
                remarks[path] = remark
        for key, value in _ordered(understood.value, Case).items():
            lines += _entry(key, value, (key,), remarks, 0)
        return "\n".join(lines) + "\n"

    def _head(self, whole: Mapping[str, Any], notes: tuple[Note, ...]) -> Iterator[str]:
        yield from _remark(f"A draft from {self.made_from}: beside each value stands where it came from.")
        yield from _remark("Nothing was planned. Read it over, add what is missing, then: pathways plan FILE")
        for one in self.notes:
            yield from _remark(one)
        unread = [f"{one.key.rpartition('.')[2]} ({one.read})" for one in notes if one.read == UNREAD]
        if self.unmapped or unread:
            yield from _remark(f"No key of a case holds: {_listed([*self.unmapped, *unread])}.")
        missing = self._missing(whole)
        if missing:
            yield from _remark(f"Still missing, and read by a rule: {self._in_words(missing)}.")

    def summary(self) -> list[str]:
        """What a person is told who has the draft made: what could not be mapped, and what is missing."""
        found = list(self.notes)
        if self.unmapped:
            found.append(f"no key of a case holds: {_listed(self.unmapped)}")
        missing = self.missing()
        if missing:
            found.append(f"still missing: {self._in_words(missing)}")
        return found

    def _in_words(self, missing: Mapping[str, list[str]]) -> str:
        """The missing keys in one line; of a part that nothing is told of only its name."""
        whole = [part for part in missing if part not in self.value]
        parts = [f"{part}: {' '.join(keys)}" for part, keys in missing.items() if part in self.value]
        return "; ".join([*(["all of " + ", ".join(whole)] if whole else []), *parts])


def case_id(name: str) -> str:
    """A name of a case made of any name."""
    found = NOT_IN_A_NAME.sub("-", name).strip("-._")
    return found or "draft"


def refused(origin: Origin, message: str) -> DocumentError:
    """One complaint about one place."""
    return DocumentError([origin.problem(message)])


def _inside(place: Any, part: str | int, empty: Any) -> Any:
    if isinstance(part, int):
        while len(place) <= part:
            place.append({})
        return place[part]
    return place.setdefault(part, empty)


def _plain(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {str(key): _plain(one) for key, one in value.items()}
    return tuple(_plain(one) for one in value) if isinstance(value, (list, tuple)) else value


def _ordered(value: Any, model: type[BaseModel]) -> Any:
    """A mapping with its keys in the order of the format."""
    keys = keys_of(model)
    found = {}
    for key in sorted(value, key=lambda one: list(keys).index(one) if one in keys else len(keys)):
        kind = keys[key].kind if key in keys else None
        inner = kind.item.model if kind and kind.item else kind.model if kind else None
        one = value[key]
        if inner is not None and isinstance(one, tuple):
            one = tuple(_ordered(entry, inner) for entry in one)
        elif inner is not None and isinstance(one, Mapping):
            one = _ordered(one, inner)
        found[key] = one
    return found


def _paths(value: Any, path: Path) -> Iterator[tuple[Path, Any]]:
    yield path, value
    if isinstance(value, Mapping):
        for key, one in value.items():
            yield from _paths(one, (*path, key))
    elif isinstance(value, (list, tuple)):
        for index, one in enumerate(value):
            yield from _paths(one, (*path, index))


def _begins(text: str, start: str) -> bool:
    """Whether a spelled path is another, or stands inside it."""
    return text == start or (text.startswith(start) and text[len(start)] in ".[")


def _told(part: Any, key: str) -> bool:
    if isinstance(part, Mapping):
        return key in part
    return isinstance(part, (list, tuple)) and any(key in one for one in part)


def _listed(things: Sequence[str]) -> str:
    shown = list(dict.fromkeys(things))
    more = len(shown) - MOST_NAMED
    return ", ".join(shown[:MOST_NAMED]) + (f" and {more} more" if more > 0 else "")


def _remark(text: str) -> Iterator[str]:
    """Text as lines of remarks; what a file is called can end no line."""
    import textwrap

    yield from textwrap.wrap(
        printable(text),
        WIDTH,
        initial_indent="# ",
        subsequent_indent="#   ",
        break_on_hyphens=False,
        break_long_words=False,
    )


def _entry(key: str, value: Any, path: Path, remarks: Mapping[Path, str], depth: int, mark: str = "") -> Iterator[str]:
    """A key and its value: mappings and lists of them as blocks, so that each value has a line for its remark."""
    indent = " " * depth
    head = f"{indent[: len(indent) - len(mark)]}{mark}{flow(key) if not key.isdigit() else _quoted(key)}:"
    if isinstance(value, Mapping) and value:
        yield head
        for inner, one in value.items():
            yield from _entry(inner, one, (*path, inner), remarks, depth + 2)
    elif isinstance(value, tuple) and value and isinstance(value[0], Mapping):
        yield head
        for index, one in enumerate(value):
            yield from _item(one, (*path, index), remarks, depth + 4)
    else:
        yield from _leaf(f"{head} {flow(value)}", remarks.get(path, ""), indent)


def _item(value: Mapping[str, Any], path: Path, remarks: Mapping[Path, str], depth: int) -> Iterator[str]:
    above = remarks.get(path)
    if above:
        yield from (f"{' ' * (depth - 2)}{line}" for line in _remark(above))
    mark = "- "
    for key, one in value.items():
        yield from _entry(key, one, (*path, key), remarks, depth, mark)
        mark = ""


def _leaf(line: str, remark: str, indent: str) -> Iterator[str]:
    remark = printable(remark)
    if not remark:
        yield line
    elif len(line) + len(remark) + 4 <= WIDTH or line.lstrip().startswith("- "):
        yield f"{line}  # {remark}"
    else:
        yield from (f"{indent}{one}" for one in _remark(remark))
        yield line


def _quoted(key: str) -> str:
    return f'"{key}"'


def ml(value: float) -> float:
    """A volume as a draft writes it: tenths of a ml are far below the error of any volumetry."""
    found = round(value, 1)
    return int(found) if float(found).is_integer() else found


def joined(things: Iterable[Any]) -> str:
    """`1, 2 and 3`."""
    words = [str(one) for one in things]
    return words[0] if len(words) == 1 else f"{', '.join(words[:-1])} and {words[-1]}" if words else ""
