"""YAML 1.2 text to plain values, with the place of every key and value kept.

Decides what a safe document is: at most 1 MiB, aliases that repeat few values and never themselves, no duplicate keys,
no tags, one document, nesting of at most 40, and YAML 1.2 only (an older version reads yes as true and 0777 as 511). Does
not know what the document means.
"""

from __future__ import annotations

import math
import re
import warnings
from dataclasses import field
from pathlib import Path as FilePath
from typing import Any

from pathways.documents.files import bytes_of, name_of
from pathways.documents.problems import DocumentError, Problem, shortened, shown
from pathways.quick_dataclass import dataclass

SIZE_LIMIT = 1024 * 1024
DEPTH_LIMIT = 40
LONGEST_NUMBER = 20
# Programs write a value that stands in several places once, and aliases elsewhere; a case has some hundred values in all.
MOST_REPEATED = 10_000
TAGGED = re.compile(r"(&\S+\s+)?!")
VERSION = re.compile(r"%YAML[ \t]+(\S+)")
# PyYAML writes a tuple of Python so; it means a list.
TUPLE_TAG = "tag:yaml.org,2002:python/tuple"
DIGITS = re.compile(r"[0-9]+")
# Characters that nobody sees and nobody means: controls but tab, line feed, carriage return and the line end of old terminals.
INVISIBLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f]")
PARSERS_WORDS = {
    "found character '\\t' that cannot start any token": "a tab stands where spaces are meant; indent with spaces",
    "but found another document": "a file holds one document, and here a second one starts",
}

Path = tuple[str | int, ...]
Place = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Document:
    """Plain values of a document and where each of them stood (line and column from 1).

    Where words were understood, `value` holds what they mean: places are those of the file, `origins` leads from a path of `value` to
    that in the file, `written` is the value as it stood there, and `answers` says what to complain of at a path instead of the usual.
    """

    file: str
    value: Any
    value_places: dict[Path, Place] = field(repr=False)
    key_places: dict[Path, Place] = field(repr=False)
    written: Any = field(default=None, repr=False)
    origins: dict[Path, Path] = field(default_factory=dict, repr=False)
    answers: dict[Path, str] = field(default_factory=dict, repr=False)

    def origin(self, path: Path) -> Path:
        """Where in the file stood what stands at `path`."""
        for length in range(len(path), 0, -1):
            if path[:length] in self.origins:
                return (*self.origins[path[:length]], *path[length:])
        return path

    def written_at(self, path: Path) -> Any:
        """What the file says at `path`, as it was written."""
        if not self.origins and self.written is None:
            return value_at(self.value, path)
        return value_at(self.written, self.origin(path))

    def problem(self, path: Path, message: str, *, at_key: bool = False) -> Problem:
        """A problem at `path`, placed at the nearest ancestor that exists when `path` itself does not."""
        path = self.origin(path)
        places = self.key_places if at_key and path in self.key_places else self.value_places
        known = path
        while known and known not in places:
            known = known[:-1]
        line, column = places.get(known, self.value_places.get(known, (1, 1)))
        return Problem(self.file, line, column, spelled(path), message)


def value_at(value: Any, path: Path) -> Any:
    """What stands at `path` of `value`; where the path leads nowhere, what stands at the last of it that leads somewhere."""
    for part in path:
        if not leads_on(value, part):
            break
        value = value[part]
    return value


def leads_on(value: Any, part: str | int) -> bool:
    """Whether a part of a path leads somewhere from `value`."""
    if isinstance(value, dict):
        return part in value
    return isinstance(value, (list, tuple)) and isinstance(part, int) and part < len(value)


def spelled(path: Path) -> str:
    """`("lesions", 0, "size_mm")` as `lesions[0].size_mm`."""
    text = ""
    for part in path:
        text += f"[{part}]" if isinstance(part, int) else f".{shortened(part)}" if text else shortened(part)
    return text


def whole_text(text: str) -> tuple[str, str]:
    """`text` with characters that JSON wrote as an escaped pair put together, and what is wrong with it (nothing: "")."""
    whole = text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    if "\ufffd" in whole and "\ufffd" not in text:
        return whole, "holds half of an escaped character; write the character itself"
    found = INVISIBLE.search(whole)
    return whole, f"holds the invisible character U+{ord(found[0]):04X}; delete it" if found else ""


def is_file(path: FilePath) -> bool:
    """Whether a file of that name is there; a name that is too long, or none at all, names nothing."""
    try:
        return path.is_file()
    except PermissionError:
        return True
    except (OSError, ValueError):
        return False


def read_file(path: str | FilePath) -> Document:
    """The document in the file at `path`, or on standard input (-). Raises DocumentError, never OSError or a YAML error."""
    name = name_of(path)
    try:
        raw = bytes_of(path, SIZE_LIMIT + 1)
    except OSError as error:
        reason = (error.strerror or str(error)).lower()
        raise DocumentError([Problem(name, 1, 1, "", f"cannot be read: {reason}")]) from None
    except ValueError as error:
        raise DocumentError([Problem(shown(name), 1, 1, "", f"is no file name: {error}")]) from None
    if len(raw) > SIZE_LIMIT:
        raise DocumentError([Problem(name, 1, 1, "", "larger than 1 MiB; a case, course or protocol is a few kB")])
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = raw.count(b"\n", 0, error.start) + 1
        column = error.start - raw.rfind(b"\n", 0, error.start)
        message = f"byte {raw[error.start]:#04x} is not UTF-8 text; save the file as UTF-8"
        raise DocumentError([Problem(name, line, column, "", message)]) from None
    return read_text(text, name)


def read_text(text: str, file: str = "<text>") -> Document:
    """The document written in `text`; `file` is the name used in complaints."""
    from ruamel.yaml import YAML
    from ruamel.yaml.error import MarkedYAMLError, YAMLError
    from ruamel.yaml.reader import ReaderError

    _refuse_older_versions(text, file)
    yaml = YAML(typ="safe", pure=True)
    try:
        with warnings.catch_warnings():
            # An anchor may be used again; the library would print lines of the file about it.
            warnings.simplefilter("ignore")
            node = yaml.compose(text)
    except MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        line, column = (mark.line + 1, mark.column + 1) if mark else (1, 1)
        words = " ".join(str(error.problem or error.context or "not YAML").split())
        words = PARSERS_WORDS.get(words, words)
        raise DocumentError([Problem(file, line, column, "", f"not valid YAML: {words}")]) from None
    except ReaderError as error:
        code = error.character if isinstance(error.character, int) else ord(error.character)
        before = text[: text.find(chr(code))]
        place = before.count("\n") + 1, len(before) - before.rfind("\n")
        message = f"not valid YAML: the invisible character U+{code:04X} stands here; delete it"
        raise DocumentError([Problem(file, *place, "", message)]) from None
    except RecursionError:
        raise DocumentError([Problem(file, 1, 1, "", f"nested deeper than {DEPTH_LIMIT} levels")]) from None
    except (YAMLError, ValueError, TypeError, KeyError, IndexError, AttributeError, AssertionError) as error:
        words = " ".join(str(error).split())[:200]
        raise DocumentError([Problem(file, 1, 1, "", f"not valid YAML: {words}")]) from None
    if node is None:
        raise DocumentError([Problem(file, 1, 1, "", "the file is empty; the smallest case starts with schema: 1")])
    plain = _Plain(file)
    value = plain.convert(node, ())
    if plain.problems:
        raise DocumentError(plain.problems)
    return Document(file, value, plain.values, plain.keys)


def _refuse_older_versions(text: str, file: str) -> None:
    """Directives stand before everything but remarks and blank lines."""
    for number, line in enumerate(text.splitlines(), 1):
        version = VERSION.match(line)
        if version and version[1] != "1.2":
            message = f"%YAML {version[1]} is not accepted, it reads yes as true and 0777 as 511; delete this line"
            raise DocumentError([Problem(file, number, 1, "", message)])
        if line.strip() and not line.startswith(("#", "%", "\ufeff")):
            return


class _Plain:
    """Turns YAML nodes into dicts, tuples and scalars while noting places and refusing what is unsafe."""

    def __init__(self, file: str) -> None:
        self.file = file
        self.values: dict[Path, Place] = {}
        self.keys: dict[Path, Place] = {}
        self.problems: list[Problem] = []
        self.seen: set[int] = set()
        self.open: set[int] = set()
        self.repeated = 0

    def complain(self, place: Place, path: Path, message: str) -> None:
        self.problems.append(Problem(self.file, *place, spelled(path), message))

    def convert(self, node: Any, path: Path) -> Any:
        place = (node.start_mark.line + 1, node.start_mark.column + 1)
        self.values[path] = place
        if not self.may_repeat(node, place, path):
            return None
        mark = node.start_mark
        listed = node.tag and str(node.tag) == TUPLE_TAG and type(node).__name__ == "SequenceNode"
        if mark.buffer and TAGGED.match(mark.buffer, mark.pointer) and not listed:
            self.complain(place, path, f"the tag {shown(str(node.tag))} is not accepted; write a plain value")
            return None
        if len(path) > DEPTH_LIMIT:
            self.complain(place, path[:3], f"nested deeper than {DEPTH_LIMIT} levels")
            return None
        self.open.add(id(node))
        try:
            kind = type(node).__name__
            if kind == "MappingNode":
                return self.mapping(node, path)
            if kind == "SequenceNode":
                return tuple(self.convert(child, (*path, index)) for index, child in enumerate(node.value))
            return self.scalar(node, path, place)
        finally:
            self.open.discard(id(node))

    def may_repeat(self, node: Any, place: Place, path: Path) -> bool:
        """Whether a node may stand here: one that an alias repeats is converted again, up to a limit and never inside itself."""
        if id(node) not in self.seen:
            self.seen.add(id(node))
            return True
        if id(node) in self.open:
            self.complain(place, path, f"the alias *{node.anchor} stands inside what it names; write the value out")
            return False
        self.repeated += 1
        if self.repeated == MOST_REPEATED + 1:
            words = f"aliases repeat more than {MOST_REPEATED:,} values; write out what is meant"
            self.complain(place, path[:1], words)
        return self.repeated <= MOST_REPEATED

    def mapping(self, node: Any, path: Path) -> dict[str, Any]:
        result: dict[str, Any] = {}
        for index, (key_node, value_node) in enumerate(node.value):
            place = (key_node.start_mark.line + 1, key_node.start_mark.column + 1)
            if type(key_node).__name__ != "ScalarNode":
                self.complain(place, path, "a key must be a word")
                continue
            key, wrong = whole_text(str(key_node.value))
            if wrong:
                self.complain(place, (*path, key), wrong)
                continue
            if index and _is_decimal_comma(node.value[index - 1][1], key_node, value_node):
                whole = node.value[index - 1][1].value
                message = f"the decimal mark is a point: write {whole}.{key}, not {whole},{key}"
                self.complain(place, (*path, key), message)
                continue
            if key in result:
                first = self.keys[(*path, key)][0]
                self.complain(place, (*path, key), f'duplicate key "{key}"; it already stands in line {first}')
                continue
            self.keys[(*path, key)] = place
            result[key] = self.convert(value_node, (*path, key))
            if result[key] is None and value_node.start_mark.index == value_node.end_mark.index:
                self.values[(*path, key)] = place  # nothing written: an empty value "begins" at whatever comes next
        return result

    def scalar(self, node: Any, path: Path, place: Place) -> Any:
        text = str(node.value)
        tag = str(node.tag).rpartition(":")[2] if node.tag else "str"
        if tag in ("str", "timestamp"):
            return self.text(text, path, place)
        if tag == "null":
            return None
        if tag == "bool":
            return text.lower() == "true"
        if tag == "int":
            return self.number(text, path, place, whole=True)
        if tag == "float":
            return self.number(text, path, place, whole=False)
        self.complain(place, path, f"a value of the kind {shown(tag)} is not accepted; write a plain value")
        return None

    def text(self, text: str, path: Path, place: Place) -> str:
        whole, wrong = whole_text(text)
        if wrong:
            self.complain(place, path, wrong)
        return whole

    def number(self, text: str, path: Path, place: Place, *, whole: bool) -> Any:
        digits = text.replace("_", "")
        if whole and len(digits) > LONGEST_NUMBER:
            self.complain(place, path, f"{shown(text)} is not a number that can be used")
            return None
        try:
            if whole:
                return int(digits, 0) if digits[:2].lower() in ("0x", "0o", "0b") else int(digits)
            value = float(digits.lower().replace(".inf", "inf").replace(".nan", "nan"))
        except ValueError:
            self.complain(place, path, f"{shown(text)} is not a number that can be used")
            return None
        if not math.isfinite(value):
            self.complain(place, path, f"{shown(text)} is not a finite number")
            return None
        return value


def _is_decimal_comma(before: Any, key: Any, value: Any) -> bool:
    """Whether `fraction: 0,30` inside braces was read as 0 and a key 30."""
    return bool(
        type(before).__name__ == "ScalarNode"
        and DIGITS.fullmatch(str(before.value))
        and DIGITS.fullmatch(str(key.value))
        and key.start_mark.index == before.end_mark.index + 1
        and value.start_mark.index == value.end_mark.index
    )
