"""What an automaton remembers: numbers for things, and answers by number, none of which are worked out twice."""

from __future__ import annotations

from collections.abc import Hashable, Iterable
from typing import Any

import numpy as np
import numpy.typing as npt

Ints = npt.NDArray[np.int64]
Column = npt.NDArray[Any]
# Answers of a page. Small pages waste less of what is never asked; large ones keep the directory small.
PAGE_BITS = 5
PAGE = 1 << PAGE_BITS


class Numbering:
    """Numbers for things in the order in which they were first seen."""

    def __init__(self) -> None:
        self.place: dict[Hashable, int] = {}

    def of(self, thing: Hashable) -> int:
        """The number of a thing."""
        return self.place.setdefault(thing, len(self.place))

    def all_of(self, things: Iterable[Hashable]) -> Ints:
        """The numbers of some things."""
        return np.array([self.of(one) for one in things], dtype=np.int64)

    def __len__(self) -> int:
        return len(self.place)


class Memory:
    """Answers by a row and a column, both of which grow; `unknown` where nobody has asked yet."""

    def __init__(self, dtype: Any, unknown: Any) -> None:
        self.unknown = unknown
        self.values: Column = np.full((64, 256), unknown, dtype=dtype)

    def reach(self, rows: int, columns: int) -> None:
        """Makes room."""
        had = self.values.shape
        if rows <= had[0] and columns <= had[1]:
            return
        wanted = [
            have if need <= have else max(need, 2 * have) for have, need in zip(had, (rows, columns), strict=True)
        ]
        values = np.full(wanted, self.unknown, self.values.dtype)
        values[: had[0], : had[1]] = self.values
        self.values = values

    def key(self, row: Column, column: Column) -> Ints:
        """Where answers stand in `flat`."""
        return row.astype(np.int64) * self.values.shape[1] + column

    @property
    def flat(self) -> Column:
        """All answers in one column."""
        return self.values.reshape(-1)

    def get(self, row: Column, column: Column) -> Column:
        """The answers; `unknown` where none was put."""
        found: Column = self.flat[self.key(row, column)]
        return found

    def put(self, row: Column, column: Column, answers: Column) -> None:
        """Remembers answers."""
        self.flat[self.key(row, column)] = answers


class PagedMemory:
    """As `Memory`, for tables of which hardly one answer in a thousand is ever asked for.

    Answers stand in pages, each with those of a row for `PAGE` neighbouring columns; a page is made where something is put. The first
    page is the one of nobody.
    """

    def __init__(self, dtype: Any, unknown: Any) -> None:
        self._directory = Memory(np.int32, 0)
        self._pages: Column = np.full((64, PAGE), unknown, dtype=dtype)
        self._unknown, self._used = unknown, 1

    @property
    def nbytes(self) -> int:
        """Bytes that are taken."""
        return self._directory.values.nbytes + self._pages.nbytes

    def reach(self, rows: int, columns: int) -> None:
        """Makes room."""
        self._directory.reach(rows, (columns >> PAGE_BITS) + 1)

    def get(self, row: Column, column: Column) -> Column:
        """The answers; `unknown` where none was put."""
        found: Column = self._pages.reshape(-1)[self._places(row, column)]
        return found

    def put(self, row: Column, column: Column, answers: Column) -> None:
        """Remembers answers."""
        pages = np.unique(self._directory.key(row, column >> PAGE_BITS))
        self._make_pages(pages[self._directory.flat[pages] == 0])
        self._pages.reshape(-1)[self._places(row, column)] = answers

    def _places(self, row: Column, column: Column) -> Ints:
        page = self._directory.flat[self._directory.key(row, column >> PAGE_BITS)].astype(np.int64)
        return (page << PAGE_BITS) + (column & (PAGE - 1))

    def _make_pages(self, where: Ints) -> None:
        first, self._used = self._used, self._used + len(where)
        if self._used > len(self._pages):
            more = max(self._used, 2 * len(self._pages)) - len(self._pages)
            self._pages = np.concatenate([self._pages, np.full((more, PAGE), self._unknown, self._pages.dtype)])
        self._directory.flat[where] = np.arange(first, self._used)
