"""Progress of learners in a local SQLite file. Every answer is on the disk before the next page is shown.

Write-ahead log with full synchronisation: what has been confirmed survives a kill and a power cut. A run is known by the
lesson it was played in (scenario, protocol, seed and what they make of it), so a changed scenario begins anew.
"""

from __future__ import annotations

import hashlib
import os
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from pathways.documents.problems import PathwaysError
from pathways.teaching.lessons.model import Lesson

TABLES = """
CREATE TABLE IF NOT EXISTS run (
  id INTEGER PRIMARY KEY, lesson TEXT NOT NULL, scenario TEXT NOT NULL, protocol TEXT NOT NULL, seed TEXT NOT NULL,
  ended INTEGER NOT NULL DEFAULT 0, score REAL, best REAL);
CREATE INDEX IF NOT EXISTS run_of_lesson ON run (lesson, ended);
CREATE TABLE IF NOT EXISTS answer (
  run INTEGER NOT NULL REFERENCES run (id), number INTEGER NOT NULL, passage TEXT NOT NULL, choice TEXT NOT NULL,
  PRIMARY KEY (run, number));
"""


def usual_place() -> Path:
    """The file in the user's data directory (XDG)."""
    base = os.environ.get("XDG_DATA_HOME", "")
    folder = Path(base) if base and Path(base).is_absolute() else Path.home() / ".local" / "share"
    return folder / "pathways" / "teach.sqlite3"


def mark_of(lesson: Lesson) -> str:
    """What a run is known by: every passage and choice of the lesson, not their intervals or sources."""
    parts = [lesson.id, lesson.protocol, str(lesson.seed)]
    parts += [f"{one.id}>{choice.id}>{choice.to}>{choice.text}" for one in lesson.passages for choice in one.choices]
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()


@dataclass(frozen=True)
class Store:
    """An open file of progress."""

    connection: sqlite3.Connection

    def unfinished(self, lesson: Lesson) -> int | None:
        """The latest run of `lesson` that has not come to its debrief."""
        row = self.connection.execute(
            "SELECT id FROM run WHERE lesson = ? AND ended = 0 ORDER BY id DESC LIMIT 1", (mark_of(lesson),)
        ).fetchone()
        return None if row is None else int(row[0])

    def begin(self, lesson: Lesson) -> int:
        """A new run of `lesson`; runs of it that were left are closed without a score."""
        with self.connection:
            self.connection.execute("UPDATE run SET ended = 1 WHERE lesson = ? AND ended = 0", (mark_of(lesson),))
            cursor = self.connection.execute(
                "INSERT INTO run (lesson, scenario, protocol, seed) VALUES (?, ?, ?, ?)",
                (mark_of(lesson), lesson.id, lesson.protocol, str(lesson.seed)),
            )
        assert cursor.lastrowid is not None
        return cursor.lastrowid

    def answers(self, run: int) -> tuple[str, ...]:
        """The choices of a run, in order."""
        rows = self.connection.execute("SELECT choice FROM answer WHERE run = ? ORDER BY number", (run,))
        return tuple(str(row[0]) for row in rows)

    def answer(self, run: int, number: int, passage: str, choice: str) -> None:
        """Keeps one answer; returns when it is on the disk."""
        with self.connection:
            self.connection.execute("INSERT OR REPLACE INTO answer VALUES (?, ?, ?, ?)", (run, number, passage, choice))

    def undo(self, run: int, number: int) -> None:
        """Forgets the answers of a run from `number` on."""
        with self.connection:
            self.connection.execute("DELETE FROM answer WHERE run = ? AND number >= ?", (run, number))

    def end(self, run: int, score: float, best: float) -> None:
        """Keeps that a run has come to its debrief, with its score."""
        with self.connection:
            self.connection.execute("UPDATE run SET ended = 1, score = ?, best = ? WHERE id = ?", (score, best, run))


@contextmanager
def opened(path: Path) -> Iterator[Store]:
    """The store in the file at `path`, made if it is not there. Raises PathwaysError where that is no such file."""
    connection = None
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        connection = sqlite3.connect(path, timeout=30)
        connection.execute("PRAGMA journal_mode = WAL")
        connection.execute("PRAGMA synchronous = FULL")
        connection.executescript(TABLES)
    except (OSError, sqlite3.Error) as error:
        if connection is not None:
            connection.close()
        reason = (getattr(error, "strerror", None) or str(error)).lower()
        raise PathwaysError(f"{path}: progress cannot be kept there: {reason}; accepted: --store FILE") from None
    try:
        yield Store(connection)
    except sqlite3.Error as error:
        raise PathwaysError(f"{path}: progress cannot be kept: {error}; accepted: --store FILE") from None
    finally:
        connection.close()
