"""JSON made of a folder of YAML: what is loaded, made anew where it is missing, damaged or of another time than its YAML.

Decides when a made file is fresh, and that no reader ever sees half of one. Nothing of it is committed: a wheel holds
the JSON and not the YAML, a source checkout the YAML, and beside it the JSON from the first use on. Where nothing can
be written, the YAML is read at every start.
"""

from __future__ import annotations

import contextlib
import json
import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from pathways.documents.files import whole
from pathways.documents.problems import DocumentError, PathwaysError, Problem
from pathways.quick_dataclass import dataclass

Plain = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Compiled:
    """One such file: where it stands, the folder of its YAML, the modules that read the YAML, and what they make of it."""

    file: Path
    data: Path
    readers: tuple[Path, ...]
    make: Callable[[], Plain]

    def load(self) -> Plain:
        """What the YAML says. Raises DocumentError where the YAML is wrong."""
        stamp = self._stamp()
        if stamp is None:
            return self._only_copy()
        with contextlib.suppress(OSError, ValueError):
            if self.file.stat().st_mtime_ns == stamp:
                return _read(self.file)
        text = self.text()
        _write(self.file, text, stamp)
        made: Plain = json.loads(text)
        return made

    def text(self) -> str:
        """The text of the file, made of the YAML as it is now: the same bytes for the same YAML."""
        return json.dumps(self.make(), ensure_ascii=False, separators=(",", ":")) + "\n"

    def _stamp(self) -> int | None:
        """When the YAML, its folders or what reads it changed last; nothing where there is no YAML, as in a wheel.

        A made file bears the same time, taken before the YAML is read: a change while it is read, or back to an
        older version, makes the two differ.
        """
        try:
            folder = self.data.stat().st_mtime_ns
        except (FileNotFoundError, NotADirectoryError):
            return None
        return max([folder, *_times(self.data), *(one.stat().st_mtime_ns for one in self.readers)])

    def _only_copy(self) -> Plain:
        try:
            return _read(self.file)
        except OSError as error:
            words = f"cannot be read: {(error.strerror or str(error)).lower()}; install pathways again"
        except ValueError:
            words = "is damaged; install pathways again"
        raise DocumentError([Problem(str(self.file), 1, 1, "", words)])


def _times(folder: Path) -> Iterator[int]:
    with os.scandir(folder) as entries:
        for entry in entries:
            if entry.is_dir():
                yield entry.stat().st_mtime_ns
                yield from _times(Path(entry.path))
            elif entry.name.endswith(".yaml"):
                yield entry.stat().st_mtime_ns


def _read(file: Path) -> Plain:
    text = file.read_text(encoding="utf-8")
    found = json.loads(text)
    if not isinstance(found, dict):
        raise json.JSONDecodeError("a mapping is expected", text, 0)
    return found


def _write(file: Path, text: str, stamp: int) -> None:
    """The whole file at once; nothing where nothing can be written."""
    with contextlib.suppress(PathwaysError), whole(file) as made:
        made.write_text(text, encoding="utf-8")
        os.utime(made, ns=(stamp, stamp))
