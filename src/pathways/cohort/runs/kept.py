"""Finished chunks on disk, until the whole file stands: held against a second run, checked before anything of them is used.

A chunk is its rows and a sign that names the simulation, the chunk and the sums of the rows. What does not add up (damaged, cut short, of
another simulation, exchanged) is named and done again; nothing is joined unseen.
"""

from __future__ import annotations

import io
import json
import shutil
from collections.abc import Callable, Iterator
from hashlib import blake2b
from pathlib import Path
from typing import Any

from pathways.cohort.engine.histories import NEVER
from pathways.cohort.runs.outcomes import OutcomeCounts
from pathways.cohort.runs.simulation import MAY_NEVER_HAPPEN, Part, Simulation, Words
from pathways.documents import files
from pathways.documents.extras import needs
from pathways.documents.problems import PathwaysError
from pathways.quick_dataclass import dataclass

Said = Callable[[str], None]
# A folder beside the file bears its name, as far as a name may be long.
LONGEST_NAME = 120
MORE = "; finished chunks are kept"
BUSY = "another run is writing it: wait for it, or name another file"


@dataclass(frozen=True)
class Places:
    """Where columns are written: a row a patient, and, beside it, a row a step."""

    patients: Path
    steps: Path | None = None

    @property
    def kinds(self) -> tuple[str, ...]:
        """The files of a chunk."""
        return ("patients", "steps") if self.steps else ("patients",)

    @property
    def stem(self) -> str:
        """How the folders of this output begin."""
        name = self.patients.name
        return f".{name if len(name) <= LONGEST_NAME else _sum(name.encode())}."

    def parts(self, simulation: Simulation) -> Path:
        """The folder of finished chunks, named after what is simulated so that another run never takes them for its own."""
        told = f"{simulation.fingerprint()}-{simulation.chunk_size}{'-steps' if self.steps else ''}"
        return self.patients.with_name(f"{self.stem}{told}.parts")


class Kept:
    """The chunks of one run."""

    def __init__(self, simulation: Simulation, places: Places, said: Said) -> None:
        parquet()
        self.simulation, self.places, self.said = simulation, places, said
        self.folder = places.parts(simulation)
        self.mark = f"{simulation.fingerprint()}-{simulation.chunk_size}"
        self.holds: list[files.Hold] = []
        try:
            for output in (places.patients, places.steps):
                if output is not None:
                    self.holds.append(files.Hold(output, BUSY))
            self._without_others()
            with files.saying(self.folder):
                self.folder.mkdir(parents=True, exist_ok=True)
        except BaseException:
            self.leave()
            raise

    def leave(self) -> None:
        """Lets go of the files."""
        for one in self.holds:
            one.leave()
        self.holds = []

    def _without_others(self) -> None:
        """Says and clears away what earlier runs on the same file have left: they simulated something else, and cannot be joined."""
        for old in self.places.patients.absolute().parent.glob(f"{_escaped(self.places.stem)}*.parts"):
            if old.name != self.folder.name and old.is_dir() and not old.is_symlink():
                number = len(list(old.glob("[0-9]*.json")))
                self.said(f"{old}: left by a run of something else ({number} chunks), removed")
                shutil.rmtree(old, ignore_errors=True)

    def known(self) -> dict[int, OutcomeCounts]:
        """Counts of the chunks that an earlier run has finished, as far as they are whole and are those of this simulation."""
        found: dict[int, OutcomeCounts] = {}
        wrong: list[int] = []
        for chunk in range(self.simulation.chunks):
            if not self._sign(chunk).exists():
                continue
            try:
                told = self._told(chunk)
                for kind in self.places.kinds:
                    self._rows(chunk, kind, told)
                found[chunk] = OutcomeCounts.from_json(told["counts"])
            except (OSError, ValueError, TypeError, AttributeError, KeyError):
                wrong.append(chunk)
        if wrong:
            numbers = ", ".join(map(str, wrong))
            self.said(f"{self.folder}: chunk {numbers}: damaged, or not of this simulation; done again")
        return found

    def number(self) -> int:
        """How many chunks bear the sign that they are finished."""
        return sum(self._sign(chunk).exists() for chunk in range(self.simulation.chunks))

    def keep(self, part: Part) -> None:
        """Writes a chunk; its sign last, when the rows are on the disk."""
        assert part.patients is not None
        told: dict[str, Any] = {
            "of": self.mark,
            "chunk": part.chunk,
            "counts": part.outcome_counts.as_json(),
            "sums": {},
        }
        for kind, columns in (("patients", part.patients), ("steps", part.steps)):
            if columns is not None:
                raw = _as_parquet(columns)
                told["sums"][kind] = _sum(raw)
                files.write(self._file(part.chunk, kind), raw)
        text = json.dumps(told, sort_keys=True)
        files.write(self._sign(part.chunk), json.dumps({"told": told, "sum": _sum(text.encode())}, sort_keys=True))

    def finish(self) -> None:
        """Joins the chunks, in order, into whole files and clears the folder away."""
        outputs = [("patients", self.places.patients), ("steps", self.places.steps)]
        joined = [(self._joined(kind), output) for kind, output in outputs if output is not None]
        for place, output in joined:
            files.moved(place, output)
        shutil.rmtree(self.folder, ignore_errors=True)

    def forget(self) -> None:
        """Clears the folder away: nothing in it is finished."""
        shutil.rmtree(self.folder, ignore_errors=True)

    def _joined(self, kind: str) -> Path:
        place = self.folder / f"whole.{kind}.parquet"
        writer: Any = None
        with files.saying(place, MORE):
            for chunk in range(self.simulation.chunks):
                try:
                    raw = self._rows(chunk, kind, self._told(chunk))
                except (OSError, ValueError, TypeError, KeyError):
                    if writer is not None:
                        writer.close()
                    raise PathwaysError(
                        f"{self.folder}: chunk {chunk} was changed while the run went on; the same command does it again"
                    ) from None
                table = parquet().read_table(io.BytesIO(raw))
                writer = writer or parquet().ParquetWriter(place, table.schema, compression="zstd")
                writer.write_table(table)
            writer.close()
        return place

    def _told(self, chunk: int) -> dict[str, Any]:
        """What the sign of a chunk says. Raises ValueError where it is not whole, or is that of another."""
        sign = json.loads(self._sign(chunk).read_text(encoding="utf-8"))
        told: dict[str, Any] = sign["told"]
        if sign["sum"] != _sum(json.dumps(told, sort_keys=True).encode()) or (told["of"], told["chunk"]) != (
            self.mark,
            chunk,
        ):
            raise ValueError("not the sign of this chunk")
        return told

    def _rows(self, chunk: int, kind: str, told: dict[str, Any]) -> bytes:
        """The rows of a chunk as they were written. Raises ValueError where they are others."""
        raw = self._file(chunk, kind).read_bytes()
        if _sum(raw) != told["sums"][kind]:
            raise ValueError("not the rows of this chunk")
        return raw

    def _sign(self, chunk: int) -> Path:
        return self.folder / f"{chunk:06d}.json"

    def _file(self, chunk: int, kind: str) -> Path:
        return self.folder / f"{chunk:06d}.{kind}.parquet"


def _sum(raw: bytes) -> str:
    return blake2b(raw, digest_size=16).hexdigest()


def _escaped(name: str) -> str:
    return "".join(f"[{one}]" if one in "*?[" else one for one in name)


def parquet() -> Any:
    """The library that writes Parquet. Raises PathwaysError where it is not installed."""
    try:
        from pyarrow import parquet as library
    except ImportError:
        raise needs("-o FILE.parquet", "cohort") from None
    return library


def _as_parquet(columns: dict[str, Any]) -> bytes:
    import pyarrow as pa

    table = pa.table(dict(_arrays(columns)))
    raw = io.BytesIO()
    parquet().write_table(table, raw, compression="zstd")
    return raw.getvalue()


def _arrays(columns: dict[str, Any]) -> Iterator[tuple[str, Any]]:
    """Words as a dictionary; no day where something never happened."""
    import pyarrow as pa

    for name, column in columns.items():
        if isinstance(column, Words):
            codes = pa.array(column.codes, mask=column.codes >= len(column.names))
            yield name, pa.DictionaryArray.from_arrays(codes, list(column.names))
        elif name in MAY_NEVER_HAPPEN:
            yield name, pa.array(column, mask=column == NEVER)
        elif column.dtype.kind == "f":
            yield name, pa.array(column, from_pandas=True)
        else:
            yield name, pa.array(column)
