"""Runs a simulation chunk by chunk: progress, results merged in the order of chunks, interrupted runs taken up again."""

from __future__ import annotations

from collections.abc import Callable, Generator
from contextlib import closing
from functools import partial, reduce
from typing import TypeVar

from pathways.cohort.runs.kept import Kept, Places, Said
from pathways.cohort.runs.outcomes import OutcomeCounts
from pathways.cohort.runs.simulation import Simulation, run_chunk
from pathways.cohort.runs.workers import cluster, here, processes
from pathways.documents.problems import PathwaysError
from pathways.quick_dataclass import dataclass

Result = TypeVar("Result")
Progress = Callable[[int, int], None]
# The status of a command that Ctrl-C has ended.
INTERRUPTED = 130


@dataclass(frozen=True)
class How:
    """Who does the work."""

    workers: int = 1
    scheduler: str | None = None

    def map(self, do: Callable[[int], Result], chunks: list[int]) -> Generator[Result, None, None]:
        """The parts, in the order in which they finish."""
        if self.scheduler is not None:
            return cluster(do, chunks, self.scheduler)
        return processes(do, chunks, self.workers) if self.workers > 1 and len(chunks) > 1 else here(do, chunks)


def run(
    simulation: Simulation,
    how: How | None = None,
    places: Places | None = None,
    progress: Progress | None = None,
    said: Said = lambda _: None,
) -> OutcomeCounts:
    """The counts of the whole simulation. With `places`, finished chunks are kept until the file is whole; `said` hears what was found of them."""
    how = how or How()
    kept = Kept(simulation, places, said) if places else None
    tallies: dict[int, OutcomeCounts] = {}
    rows, steps = places is not None, places is not None and places.steps is not None
    try:
        if kept:
            tallies = kept.known()
        missing = [chunk for chunk in range(simulation.chunks) if chunk not in tallies]
        with closing(how.map(partial(run_chunk, simulation, rows=rows, steps=steps), missing)) as parts:
            for part in parts:
                if kept:
                    kept.keep(part)
                tallies[part.chunk] = part.outcome_counts
                if progress:
                    done = sum(simulation.bounds(chunk)[1] for chunk in tallies)
                    progress(done, simulation.patients)
        if kept:
            kept.finish()
    except (KeyboardInterrupt, SystemExit) as stop:
        error = PathwaysError(_stopped(simulation, len(tallies), kept))
        error.status = stop.code if isinstance(stop, SystemExit) and isinstance(stop.code, int) else INTERRUPTED
        raise error from None
    finally:
        if kept:
            kept.leave()
    return reduce(OutcomeCounts.plus, (tallies[chunk] for chunk in sorted(tallies)))


def _stopped(simulation: Simulation, done: int, kept: Kept | None) -> str:
    if kept is not None:
        # The last one may have been finished in the moment of the stop.
        done = kept.number()
    if kept is None or not done:
        if kept is not None:
            kept.forget()
        return "stopped; nothing was kept"
    return f"stopped; {done} of {simulation.chunks} chunks are kept: the same command goes on from there"
