"""Values of a Python program as a file would have them: scalars and arrays of NumPy and pandas, and NaN for what is missing.

Decides what such a value stands for, without importing either library. Does not know what a document means.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from pathways.documents.problems import DocumentError, Problem, shown
from pathways.documents.reader import DEPTH_LIMIT, Document, Path, Place, spelled, whole_text

PLAIN = (str, bool, int, float, type(None))
LARGEST_WHOLE = 2**53
HERE: Place = (1, 1)


def plain(value: Any) -> Any:
    """`value` without its library: a NumPy scalar as a number, an array as a list, a missing value of pandas as None."""
    if type(value) in PLAIN:
        return value
    if type(value).__name__ in ("NAType", "NaTType"):
        return None
    if hasattr(value, "dtype"):
        if getattr(value, "ndim", 0) == 0 and hasattr(value, "item"):
            return value.item()
        if hasattr(value, "tolist"):
            return value.tolist()
    return value


def is_missing(value: Any) -> bool:
    """Whether a cell of a table holds nothing: tables of pandas hold NaN where a number is missing."""
    return value is None or (isinstance(value, float) and value != value)  # noqa: PLR0124  NaN alone differs from itself


def plain_keys(values: Mapping[Any, Any]) -> dict[Any, Any]:
    """The mapping `values` with plain values, lists of them included; a key whose value is missing is left out."""
    found = {key: _listed(plain(value)) for key, value in values.items()}
    return {key: value for key, value in found.items() if not (isinstance(value, float) and is_missing(value))}


def whole_numbers(values: Mapping[Any, Any], but: tuple[str, ...] = ()) -> dict[Any, Any]:
    """`plain_keys(values)` with 4 for 4.0, `but` for these keys: a table with a gap in a column writes its whole numbers so."""
    found = plain_keys(values)
    return {key: value if key in but else _whole(value) for key, value in found.items()}


def _whole(value: Any) -> Any:
    if isinstance(value, tuple):
        return tuple(_whole(one) for one in value)
    return int(value) if isinstance(value, float) and abs(value) <= LARGEST_WHOLE and value.is_integer() else value


def _listed(value: Any) -> Any:
    return tuple(plain(one) for one in value) if isinstance(value, (list, tuple)) else value


def document_of(values: Mapping[Any, Any], name: str = "<values>") -> Document:
    """`values` as a document; every place is 1:1, and the key says where. Raises DocumentError for what no file could hold."""
    reading = _Values(name)
    value = reading.convert(values, ())
    if reading.problems:
        raise DocumentError(reading.problems)
    return Document(name, value, dict.fromkeys(reading.paths, HERE), dict.fromkeys(reading.paths, HERE))


class _Values:
    def __init__(self, name: str) -> None:
        self.name = name
        self.paths: list[Path] = []
        self.problems: list[Problem] = []

    def complain(self, path: Path, message: str) -> None:
        self.problems.append(Problem(self.name, *HERE, spelled(path), message))

    def convert(self, value: Any, path: Path) -> Any:
        self.paths.append(path)
        if len(path) > DEPTH_LIMIT:
            self.complain(path[:3], f"nested deeper than {DEPTH_LIMIT} levels")
            return None
        if isinstance(value, Mapping):
            return self.mapping(value, path)
        found = plain(value)
        if isinstance(found, (list, tuple)):
            return tuple(self.convert(one, (*path, index)) for index, one in enumerate(found))
        if isinstance(found, str):
            text, wrong = whole_text(found)
            if wrong:
                self.complain(path, wrong)
            return text
        return found

    def mapping(self, values: Mapping[Any, Any], path: Path) -> dict[str, Any]:
        result: dict[str, Any] = {}
        for key, value in plain_keys(values).items():
            if not isinstance(key, str):
                self.complain(path, f"got the key {shown(plain(key))}; accepted: keys that are text")
                continue
            word, wrong = whole_text(key)
            if wrong:
                self.complain((*path, word), wrong)
            result[word] = self.convert(value, (*path, word))
        return result
