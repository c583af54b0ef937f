"""Every patient of a folder, on the cores of this machine, in the order of their files; a run that was stopped goes on where it was."""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from functools import partial
from pathlib import Path
from typing import IO, Any

from pathways.cohort.runs.workers import here, processes
from pathways.documents import files
from pathways.documents.problems import PathwaysError
from pathways.registry.lines import Asked, lines_of, mark

CASES = (".yaml", ".yml")
# Few patients are planned before workers would have begun.
FEW = 8
MOST_AT_A_TIME = 8
MOST_WORKERS = 64
Line = dict[str, Any]


def cases_in(folder: Path) -> list[Path]:
    """The case files of a folder, by their names. Raises PathwaysError where there are none."""
    try:
        found = sorted(one for one in folder.iterdir() if one.suffix.lower() in CASES and one.is_file())
    except OSError as error:
        raise PathwaysError(f"{folder}: cannot be read: {(error.strerror or str(error)).lower()}") from None
    if not found:
        raise PathwaysError(f"{folder}: holds no case; accepted: a folder with case files (.yaml)")
    return found


def workers_for(number: int, told: int | None) -> int:
    """How many processes: as told, else one a core where there is enough to do."""
    if told is not None:
        return told
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    return 1 if number <= FEW else min(cores, MOST_WORKERS)


def run(
    cases: Sequence[Path],
    asked: Asked,
    workers: int,
    kept: Kept | None = None,
    progress: Callable[[int, int], None] | None = None,
) -> Iterator[Line]:
    """The line of every patient, in the order of the files, each as soon as those before it are there."""
    done: dict[Path, Line] = {}
    if kept is not None:
        known = kept.known()
        done = {file: known[one] for file in cases if (one := mark(file, asked)) in known}
    missing = [file for file in cases if file not in done]
    size = max(1, min(MOST_AT_A_TIME, len(missing) // (4 * workers)))
    pieces = [missing[begin : begin + size] for begin in range(0, len(missing), size)]
    names = {file.name: file for file in cases}
    waiting = list(cases)
    yield from _ready(waiting, done)
    do = partial(lines_of, asked=asked)
    found = processes(do, pieces, workers) if workers > 1 and len(pieces) > 1 else here(do, pieces)
    finished = len(cases) - len(missing)
    with closing(found) as parts:
        for part in parts:
            for line in part:
                done[names[line["file"]]] = line
                finished += 1
                if kept is not None:
                    kept.keep(line)
            if progress is not None:
                progress(finished, len(cases))
            yield from _ready(waiting, done)


def _ready(waiting: list[Path], done: dict[Path, Line]) -> Iterator[Line]:
    while waiting and waiting[0] in done:
        yield done.pop(waiting.pop(0))


class Kept:
    """Finished lines beside the output, until it is whole: `FILE.partial`, one line a patient."""

    def __init__(self, output: Path) -> None:
        self.output = output
        self.place = output.with_name(f"{output.name}.partial")
        self._hold = files.Hold(output, "another run writes it")
        self._known: dict[str, Line] = {}
        self._read(self.place)
        if output.suffix.lower() == ".jsonl":
            self._read(output)
        self._stream: IO[str] = files.appended(self.place)
        self.number = 0

    def _read(self, place: Path) -> None:
        """The lines of an earlier run; the last one may have been cut, and what is no line of ours is passed over."""
        try:
            text = place.read_text(encoding="utf-8", errors="replace")
        except OSError:
            return
        for one in text.splitlines():
            try:
                line = json.loads(one)
            except ValueError:
                continue
            if isinstance(line, dict) and isinstance(line.get("mark"), str) and isinstance(line.get("file"), str):
                self._known[line["mark"]] = line

    def known(self) -> dict[str, Line]:
        """Lines that need not be planned again, by their marks."""
        return self._known

    def keep(self, line: Line) -> None:
        """Keeps one line."""
        with files.saying(self.place):
            self._stream.write(json.dumps(line, ensure_ascii=False) + "\n")
            self._stream.flush()
        self.number += 1

    def leave(self, *, whole: bool) -> None:
        """Lets go; what was kept goes once the output is whole."""
        self._stream.close()
        if whole:
            self.place.unlink(missing_ok=True)
        self._hold.leave()
