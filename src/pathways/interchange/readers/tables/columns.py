"""Which tables there are, what their columns are called, and what a column of somebody else's table means.

All of it is read off the models of a case, so that a new key is a column without a line of code. A column is understood by the words of the
ward; one that tells nothing of a case is passed over and said, one that is nearly a key is an error.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterator, Mapping
from dataclasses import field
from functools import lru_cache
from typing import Any

from pydantic import BaseModel

from pathways.case.models import ExtrahepaticDisease, HistoryEvent, Lesion, Liver, MeasuredRemnant, Patient, Primary
from pathways.documents.problems import DocumentError, PathwaysError, Problem, nearest, same_word, shown
from pathways.documents.reader import Path
from pathways.interchange.readers.sheets import Sheet
from pathways.quick_dataclass import dataclass
from pathways.ward.kinds import Key, keys_of
from pathways.ward.table import normal
from pathways.ward.understanding import all_names, named_key, tells_of

PASSED_OVER = "-"
SEGMENTS = tuple(map(str, range(1, 9)))
SEGMENT = re.compile(r"(?:segments_ml[._]?|segment_|seg_|s)([1-8])(?:_ml)?")
# In the table of patients: who, when, whether nothing was found elsewhere, and whether the liver was cleared before.
ID_NAMES = ("id", "patient_id", "record_id", "case_id", "case", "patient")
TODAY, ELSEWHERE, CLEARED = "today", "extrahepatic", "liver_cleared"
DATES = {"date": "week", "until_date": "until_week"}
NEAR, SHORTEST = 0.85, 3
# Numbers of rows, and what REDCap writes of itself.
INDEX = re.compile(r"|unnamed: \d+|redcap_.*|.*_complete|.*_timestamp")


@dataclass(frozen=True, slots=True)
class Table:
    """One kind of table. `path`: where its rows stand in a case; `named`: words in the name of a file that tell it."""

    name: str
    path: Path
    models: tuple[tuple[str, type[BaseModel]], ...]
    called: str
    named: tuple[str, ...]
    dated: tuple[str, ...] = ()

    @property
    def prefix(self) -> str:
        """What stands before a key in the name of a column, so that all names of all tables are different."""
        return f"{self.called}_" if self.called else ""


TABLES = (
    Table("patients", (), (("patient", Patient), ("primary", Primary), ("liver", Liver)), "", ("patient",)),
    Table("lesions", ("lesions",), (("", Lesion),), "lesion", ("lesion", "metast")),
    Table("remnants", ("liver", "measured_remnants"), (("", MeasuredRemnant),), "remnant", ("remnant", "volumetr"), ("date",)),
    Table("elsewhere", ("extrahepatic",), (("", ExtrahepaticDisease),), "elsewhere", ("elsewhere", "extrahepatic")),
    Table("history", ("history",), (("", HistoryEvent),), "history", ("history", "treatment", "event"), ("date", "until_date")),
)  # fmt: skip
BY_NAME = {one.name: one for one in TABLES}


@dataclass(frozen=True, slots=True)
class Column:
    """What a column tells. `role`: id today elsewhere cleared date until_date value; `part`: of a case; `key`: as the ward may write it."""

    place: int
    name: str
    role: str
    part: str = ""
    key: str = ""
    option: str = ""


def keys_in(table: Table) -> Iterator[tuple[str, str, Key]]:
    """Every column of a table in our own words: its name, the part of the case, and the key."""
    for part, model in table.models:
        for name, key in keys_of(model).items():
            if key.kind.what == "mapping":
                yield from ((f"segment_{number}_ml", part, key) for number in SEGMENTS)
            elif key.kind.item is None or key.kind.item.model is None:
                yield f"{table.prefix}{name}", part, key


@lru_cache(maxsize=8)
def accepted(table: Table) -> tuple[str, ...]:
    """The names of a table's columns."""
    first = ("id", "title", TODAY, ELSEWHERE, CLEARED) if not table.path else ("id",)
    return (*first, *(f"{table.prefix}{one}" for one in table.dated), *(name for name, _, _ in keys_in(table)))


def mapping_of(pairs: list[str]) -> dict[str, str]:
    """`Alter=age_years` as a mapping of columns. Raises PathwaysError."""
    every = list(dict.fromkeys(name for table in TABLES for name in accepted(table)))
    found: dict[str, str] = {}
    for one in pairs:
        column, sign, key = (part.strip() for part in one.rpartition("="))
        if not sign or not column:
            raise PathwaysError(f"--map: got {shown(one)}; accepted: COLUMN=KEY, as in Alter=age_years")
        if key != PASSED_OVER and not any(_of(table, key, 0) for table in TABLES):
            raise PathwaysError(
                f"--map {column}: got {shown(key)}; accepted: a column that pathways schema table lists, or - to pass it over{nearest(key, every)}"
            )
        found[column] = key
    return found


@dataclass
class Columns:
    """The columns of one sheet."""

    table: Table
    sheet: Sheet
    own: Mapping[str, str]
    found: list[Column] = field(default_factory=list)
    foreign: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        problems: list[Problem] = []
        twice: dict[tuple[str, str, str, str], Column] = {}
        for place, name in enumerate(self.sheet.header):
            column = self._column(place, name, problems)
            if column is None:
                continue
            which = (column.role, column.part, normal(column.key), column.option)
            known = twice.setdefault(which, column)
            if known is not column:
                words = f"{shown(known.name)} in column {known.place + 1} tells the same; accepted: once (--map {shown(name)[1:-1]}=- passes it over)"
                problems.append(self.sheet.problem(1, place, words, name))
            self.found.append(column)
        if not any(one.role == "id" for one in self.found):
            words = (
                f"no column tells whose the row is; accepted: {', '.join(ID_NAMES[:3])} (--map COLUMN=id reads another)"
            )
            problems.append(Problem(self.sheet.file, 1, 1, "id", words))
        if problems:
            raise DocumentError(problems)

    def _column(self, place: int, name: str, problems: list[Problem]) -> Column | None:
        said = self.own.get(name.strip(), name.strip())
        if said == PASSED_OVER or INDEX.fullmatch(said.casefold()):
            return None
        found = _of(self.table, said, place, name)
        if found is not None and found.role == "id" and self._other_is_the_id(name):
            return _of_keys(self.table, said, place, name)
        if found is None:
            several = _parts(self.table, said)
            if len(several) > 1:
                words = f"may be of {' or '.join(several)}; accepted: {' or '.join(f'{one}.{said}' for one in several)}"
                problems.append(self.sheet.problem(1, place, words, name))
            elif near := _near(said, (*accepted(self.table), *_wards(self.table))):
                words = f"unknown column{near} (--map {shown(name)[1:-1]}=- passes it over)"
                problems.append(self.sheet.problem(1, place, words, name))
            else:
                self.foreign.append(name)
        return found

    def _other_is_the_id(self, name: str) -> bool:
        """Whether a lesion's own `id` stands beside a column that names its patient."""
        words = [normal(self.own.get(one.strip(), one)) for one in self.sheet.header]
        return bool(self.table.path) and normal(name) == "id" and any(one in words for one in ID_NAMES[1:])


def _of(table: Table, said: str, place: int, name: str = "") -> Column | None:
    """What a name means in a table."""
    base, _, option = said.partition("___")
    word = normal(base)
    name = name or said
    if word in ID_NAMES:
        return Column(place, name, "id")
    bare = word.removeprefix(table.prefix) if table.prefix else word
    if not table.path and word in (TODAY, "date_of_today", "as_of"):
        return Column(place, name, "today")
    if not table.path and word == ELSEWHERE:
        return Column(place, name, "elsewhere")
    if not table.path and word == CLEARED:
        return Column(place, name, "cleared")
    if not table.path and word == "title":
        return Column(place, name, "value", "", "title")
    if bare in table.dated:
        return Column(place, name, bare)
    return _of_keys(table, base, place, name, option)


def _of_keys(table: Table, base: str, place: int, name: str, option: str = "") -> Column | None:
    part, key = "", base
    if not table.path and "." in base:
        part, _, key = base.partition(".")
    word = normal(key)
    if table.prefix and word.startswith(table.prefix):
        key = word.removeprefix(table.prefix)
    segment = SEGMENT.fullmatch(normal(key)) if not table.path else None
    if segment:
        return Column(place, name, "segment", "liver", segment[1], option)
    parts = [one for one in _parts(table, key) if part in ("", one)]
    return Column(place, name, "value", parts[0], key, option) if len(parts) == 1 else None


def _parts(table: Table, key: str) -> list[str]:
    """The parts of a case that a name tells of, the surest ones alone."""
    sure = {part: tells_of(model, key) for part, model in table.models}
    best = max(sure.values())
    return [part for part, level in sure.items() if level == best] if best else []


def key_of(table: Table, column: Column, written: Any) -> Key | None:
    """The key of the model that a column means, where a value stands in it."""
    model = dict(table.models).get(column.part)
    named = named_key(model, column.key, written) if model is not None else None
    return named.key if named is not None else None


@lru_cache(maxsize=8)
def _wards(table: Table) -> tuple[str, ...]:
    """What the ward calls the keys of a table."""
    return tuple(name for _, model in table.models for name in all_names(model) if len(name) >= SHORTEST)


def _near(name: str, words: tuple[str, ...]) -> str:
    """`; did you mean "age_years"?` where a name is a slip of an accepted one."""
    slip = same_word(name, words)
    if slip:
        theirs = slip.split('"')[1]
        return slip if len(theirs.split("_")) == len(normal(name).split("_")) else ""
    close = difflib.get_close_matches(normal(name), words, n=1, cutoff=NEAR)
    return f'; did you mean "{close[0]}"?' if close else ""
