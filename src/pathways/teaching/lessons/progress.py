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
from pathlib import Path

from pathways.documents.files import Hold
from pathways.documents.problems import PathwaysError
from pathways.documents.visible import printable
from pathways.quick_dataclass import dataclass
from pathways.teaching.lessons.model import Lesson

# What a store is written as; a later program may write another.
FORMAT = 1
TABLES = """
CREATE TABLE IF NOT EXISTS run (
  id INTEGER PRIMARY KEY, lesson TEXT NOT NULL, scenario TEXT NOT NULL, protocol TEXT NOT NULL, seed TEXT NOT NULL,
  ended INTEGER NOT NULL DEFAULT 0, score REAL, best REAL, learner TEXT NOT NULL DEFAULT '');
CREATE INDEX IF NOT EXISTS run_of_lesson ON run (lesson, ended);
CREATE TABLE IF NOT EXISTS answer (
  run INTEGER NOT NULL REFERENCES run (id), number INTEGER NOT NULL, passage TEXT NOT NULL, choice TEXT NOT NULL,
  PRIMARY KEY (run, number));
"""


NAME = "teach.sqlite3"
HERE_USUALLY = Path("~/.local/share/pathways")
PLAYED_ALREADY = (
    "this case is being played in another window; accepted: go on there, or --learner NAME for somebody else"
)


def usual_place() -> Path:
    """The file in the user's data folder, wherever this system has it. Raises PathwaysError where nobody knows of a user."""
    from platformdirs import user_data_path

    base = os.environ.get("XDG_DATA_HOME", "")
    try:
        # The standard asks to pass over a place that is not absolute.
        passed_over = bool(base) and not Path(base).is_absolute()
        found: Path = HERE_USUALLY.expanduser() if passed_over else user_data_path("pathways", appauthor=False)
        known = found.is_absolute()
    except RuntimeError:
        known = False
    if not known:
        raise PathwaysError("no home folder is known, and progress is kept in it; accepted: --store FILE")
    return found / NAME


def mark_of(lesson: Lesson) -> str:
    """What a run is known by: every passage and choice of the lesson, not their intervals or sources."""
    parts = [lesson.id, lesson.protocol, str(lesson.seed)]
    parts += [f"{one.id}>{choice.id}>{choice.to}>{choice.text}" for one in lesson.passages for choice in one.choices]
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()


@dataclass(frozen=True)
class Store:
    """An open file of progress. Runs are of one learner, and of one window at a time."""

    connection: sqlite3.Connection
    path: Path
    learner: str = ""

    def unfinished(self, lesson: Lesson) -> int | None:
        """The latest run of `lesson` that this learner has not brought to its debrief."""
        row = self.connection.execute(
            "SELECT id FROM run WHERE lesson = ? AND learner = ? AND ended = 0 ORDER BY id DESC LIMIT 1",
            (mark_of(lesson), self.learner),
        ).fetchone()
        return None if row is None else int(row[0])

    def begin(self, lesson: Lesson) -> int:
        """A new run of `lesson`; runs of it that this learner has left are closed without a score."""
        with self.connection:
            self.connection.execute(
                "UPDATE run SET ended = 1 WHERE lesson = ? AND learner = ? AND ended = 0",
                (mark_of(lesson), self.learner),
            )
            cursor = self.connection.execute(
                "INSERT INTO run (lesson, scenario, protocol, seed, learner) VALUES (?, ?, ?, ?, ?)",
                (mark_of(lesson), lesson.id, lesson.protocol, str(lesson.seed), self.learner),
            )
        assert cursor.lastrowid is not None
        return cursor.lastrowid

    @contextmanager
    def playing(self, lesson: Lesson) -> Iterator[None]:
        """Holds the runs of `lesson` of this learner: two that answer in one run would overwrite each other's answers."""
        which = hashlib.sha256(f"{mark_of(lesson)}{self.learner}".encode("utf-8", "replace")).hexdigest()[:16]
        hold = Hold(self.path.with_name(f"{self.path.name}-{which}"), PLAYED_ALREADY)
        try:
            yield
        finally:
            hold.leave()

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
def opened(path: Path, learner: str = "") -> Iterator[Store]:
    """The store in the file at `path`, made if it is not there. Raises PathwaysError where that is no such file."""
    connection = None
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        connection = sqlite3.connect(path, timeout=30)
        version = _version(connection, path)
        connection.execute("PRAGMA journal_mode = WAL")
        connection.execute("PRAGMA synchronous = FULL")
        _brought_up_to_date(connection, version)
    except PathwaysError:
        if connection is not None:
            connection.close()
        raise
    except (OSError, sqlite3.Error, ValueError) as error:
        if connection is not None:
            connection.close()
        raise _no_store(path, error, "progress cannot be kept there") from None
    try:
        yield Store(connection, path, learner)
    except sqlite3.Error as error:
        raise _no_store(path, error, "progress cannot be kept") from None
    finally:
        connection.close()


def _no_store(path: Path, error: Exception, words: str) -> PathwaysError:
    reason = (getattr(error, "strerror", None) or str(error)).lower()
    return PathwaysError(f"{printable(str(path))}: {words}: {reason}; accepted: --store FILE")


def _version(connection: sqlite3.Connection, path: Path) -> int:
    """As what the store is written; one of a later program is left alone."""
    version = int(connection.execute("PRAGMA user_version").fetchone()[0])
    if version > FORMAT:
        raise PathwaysError(
            f"{path}: progress is kept there by a later version of this program; accepted: that version, or --store FILE"
        )
    return version


def _brought_up_to_date(connection: sqlite3.Connection, version: int) -> None:
    """The tables as this program writes them; a damaged store is told of."""
    (whole,) = connection.execute("PRAGMA quick_check(1)").fetchone()
    if whole != "ok":
        raise sqlite3.DatabaseError("the file is damaged")
    with connection:
        connection.executescript(TABLES)
        columns = {str(row[1]) for row in connection.execute("PRAGMA table_info(run)")}
        if "learner" not in columns:
            connection.execute("ALTER TABLE run ADD COLUMN learner TEXT NOT NULL DEFAULT ''")
        if version < FORMAT:
            connection.execute(f"PRAGMA user_version = {FORMAT}")
