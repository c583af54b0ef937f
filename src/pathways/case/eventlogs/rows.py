"""A log while it is read: records of rows, every value still as text."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import field
from pathlib import Path as FilePath

from pathways.documents.problems import DocumentError, Problem, shown
from pathways.quick_dataclass import dataclass

# How pandas, pm4py and databases write that a cell holds nothing.
MISSING = ("", "nan", "nat", "none", "<na>", "null")


def told(text: str) -> bool:
    """Whether a cell holds something."""
    return text.strip().lower() not in MISSING


@dataclass
class Row:
    """One row or event: its line, the column of each key, and what is told."""

    line: int
    columns: dict[str, int]
    values: dict[str, str]

    def problem(self, file: str, key: str, message: str, named: str = "") -> Problem:
        """A problem with `key` of this row; `named` is what the file calls it."""
        return Problem(file, self.line, self.columns.get(key, 1), named or key, message)


@dataclass
class Record:
    """One course: its rows in the order of the file, and the case file that it names."""

    name: str
    place: tuple[int, int] = (1, 1)
    case: str = ""
    case_line: int = 0
    rows: list[Row] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)

    def belongs_to(self, file: str, case: str, line: int, column: int) -> None:
        """Notes the case file that a row names: one course is of one patient."""
        if not told(case):
            return
        if self.case and case != self.case:
            message = f"got {shown(case)}, but line {self.case_line} names {shown(self.case)}; accepted: one case file a course"
            self.problems.append(Problem(file, line, column, "case", message))
            return
        if not self.case:
            self.case, self.case_line = case, line


@dataclass
class Log:
    """What stands in one file. `notes` are said once, whatever number of rows they are about."""

    file: FilePath
    records: list[Record] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)

    @property
    def name(self) -> str:
        """The file as complaints call it."""
        return str(self.file)


def refused(file: str, message: str, *, line: int = 1, column: int = 1, key: str = "") -> DocumentError:
    """A complaint about the file as a whole."""
    return DocumentError([Problem(file, line, column, key, message)])


def count_of(things: Iterable[object], one: str, many: str) -> str:
    """`1 row`, `3 rows`."""
    number = sum(1 for _ in things)
    return f"{number} {one if number == 1 else many}"
