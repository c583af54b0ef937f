"""Runs a simulation chunk by chunk: progress, results merged in the order of chunks, files written whole, interrupted runs taken up again."""

from __future__ import annotations

import json
import shutil
import sqlite3
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial, reduce
from pathlib import Path
from typing import Any, TypeVar

from pathways.cohort.runs.outcomes import OutcomeCounts
from pathways.cohort.runs.simulation import Part, Simulation, Words, run_chunk
from pathways.cohort.runs.workers import cluster, here, processes
from pathways.documents.problems import PathwaysError

Result = TypeVar("Result")
Progress = Callable[[int, int], None]


@dataclass(frozen=True)
class Places:
    """Where columns are written: a row a patient, and, beside it, a row a step."""

    patients: Path
    steps: Path | None = None

    def parts(self, simulation: Simulation) -> Path:
        """The folder of finished chunks, named after what is simulated so that another run never takes them for its own."""
        told = f"{simulation.fingerprint()}-{simulation.chunk_size}{'-steps' if self.steps else ''}"
        return self.patients.with_name(f".{self.patients.name}.{told}.parts")


@dataclass(frozen=True)
class How:
    """Who does the work."""

    workers: int = 1
    scheduler: str | None = None

    def map(self, do: Callable[[int], Result], chunks: list[int]) -> Iterator[Result]:
        """The parts, in the order in which they finish."""
        if self.scheduler is not None:
            return cluster(do, chunks, self.scheduler)
        return processes(do, chunks, self.workers) if self.workers > 1 and len(chunks) > 1 else here(do, chunks)


def run(
    simulation: Simulation, how: How | None = None, places: Places | None = None, progress: Progress | None = None
) -> OutcomeCounts:
    """The counts of the whole simulation. With `places`, finished chunks are kept until the file is whole."""
    how = how or How()
    kept = _Kept(simulation, places) if places else None
    tallies: dict[int, OutcomeCounts] = kept.known() if kept else {}
    missing = [chunk for chunk in range(simulation.chunks) if chunk not in tallies]
    rows, steps = places is not None, places is not None and places.steps is not None
    try:
        for part in how.map(partial(run_chunk, simulation, rows=rows, steps=steps), missing):
            tallies[part.chunk] = part.outcome_counts
            if kept:
                kept.keep(part)
            if progress:
                done = sum(simulation.bounds(chunk)[1] for chunk in tallies)
                progress(done, simulation.patients)
        if kept:
            kept.finish()
    except KeyboardInterrupt:
        raise PathwaysError(_stopped(simulation, len(tallies), kept)) from None
    finally:
        if kept:
            kept.leave()
    return reduce(OutcomeCounts.plus, (tallies[chunk] for chunk in sorted(tallies)))


def _stopped(simulation: Simulation, done: int, kept: _Kept | None) -> str:
    if kept is None or not done:
        if kept is not None:
            shutil.rmtree(kept.folder, ignore_errors=True)
        return "stopped; nothing was kept"
    return f"stopped; {done} of {simulation.chunks} chunks are kept: the same command goes on from there"


class _Kept:
    """Finished chunks on disk."""

    def __init__(self, simulation: Simulation, places: Places) -> None:
        _parquet()
        self.simulation, self.places = simulation, places
        self.folder = places.parts(simulation)
        with _saying(self.folder):
            self.folder.mkdir(parents=True, exist_ok=True)
        self.lock = self._enter()

    def _enter(self) -> sqlite3.Connection:
        """Holds the folder against a second run of the same command; the system lets go of it however this one ends."""
        lock = sqlite3.connect(self.folder / "lock", timeout=0, isolation_level=None)
        try:
            lock.execute("begin exclusive")
        except sqlite3.OperationalError:
            lock.close()
            raise PathwaysError(
                f"{self.places.patients}: another run of the same command is writing it: wait for it, or name another file"
            ) from None
        return lock

    def leave(self) -> None:
        """Lets go of the folder."""
        self.lock.close()

    def known(self) -> dict[int, OutcomeCounts]:
        """Counts of the chunks that an earlier run has finished."""
        found = {}
        for chunk in range(self.simulation.chunks):
            kinds = ("patients.parquet", "steps.parquet") if self.places.steps else ("patients.parquet",)
            if not all(self._file(chunk, kind).is_file() for kind in kinds):
                continue
            try:
                found[chunk] = OutcomeCounts.from_json(
                    json.loads(self._file(chunk, "json").read_text(encoding="utf-8"))
                )
            except (OSError, ValueError, TypeError, AttributeError):
                continue
        return found

    def keep(self, part: Part) -> None:
        """Writes a chunk; its counts last, as the sign that it is whole."""
        assert part.patients is not None
        with _saying(self.folder):
            _write(part.patients, self._file(part.chunk, "patients.parquet"))
            if part.steps is not None:
                _write(part.steps, self._file(part.chunk, "steps.parquet"))
            beside = self._file(part.chunk, "json.part")
            beside.write_text(json.dumps(part.outcome_counts.as_json()), encoding="utf-8")
            beside.replace(self._file(part.chunk, "json"))

    def finish(self) -> None:
        """Joins the chunks, in order, into whole files and clears the folder away."""
        with _saying(self.places.patients):
            self._join("patients.parquet", self.places.patients)
            if self.places.steps:
                self._join("steps.parquet", self.places.steps)
        self.leave()
        shutil.rmtree(self.folder, ignore_errors=True)

    def _join(self, kind: str, output: Path) -> None:
        parquet = _parquet()
        beside = self._whole(kind)
        writer: Any = None
        for chunk in range(self.simulation.chunks):
            table = parquet.read_table(self._file(chunk, kind))
            writer = writer or parquet.ParquetWriter(beside, table.schema, compression="zstd")
            writer.write_table(table)
        writer.close()
        beside.replace(output)

    def _whole(self, kind: str) -> Path:
        return self.folder / f"whole.{kind}"

    def _file(self, chunk: int, kind: str) -> Path:
        return self.folder / f"{chunk:06d}.{kind}"


class _saying:  # noqa: N801 - reads as a word
    """Turns a failure of the disk into one line."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def __enter__(self) -> None:
        return None

    def __exit__(self, kind: object, error: BaseException | None, trace: object) -> None:
        if isinstance(error, OSError):
            words = (error.strerror or str(error)).lower()
            raise PathwaysError(f"{self.path}: cannot be written: {words}; finished chunks are kept") from None


def _parquet() -> Any:
    try:
        from pyarrow import parquet
    except ImportError:
        raise PathwaysError('-o writes Parquet: install the extra "cohort" of this package') from None
    return parquet


def _write(columns: dict[str, Any], file: Path) -> None:
    import pyarrow as pa

    arrays = {
        name: pa.DictionaryArray.from_arrays(column.codes, list(column.names)) if isinstance(column, Words) else column
        for name, column in columns.items()
    }
    _parquet().write_table(pa.table(arrays), file, compression="zstd")
