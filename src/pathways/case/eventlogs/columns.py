"""What the columns of a log mean: keys of a course, names of process mining, a hospital's own names, and what is passed over."""

from __future__ import annotations

import difflib
import re
from collections.abc import Mapping
from dataclasses import field

from pathways.case.course import CourseEvent
from pathways.documents.problems import PathwaysError, Problem, nearest, same_word, shown
from pathways.quick_dataclass import dataclass

KEYS = tuple(CourseEvent.model_fields)
# What a log tells beside the keys of an event: whose it is, and when in dates.
OF_A_LOG = ("course", "case", "date", "until_date", "lifecycle", "instance")
# Columns of process mining that mean the same. Where `start_timestamp` stands, `time:timestamp` is the end.
SAME_AS = {
    "case:concept:name": "course", "concept:name": "event", "time:timestamp": "date", "case:case": "case",
    "start_timestamp": "start", "lifecycle:transition": "lifecycle", "concept:instance": "instance",
}  # fmt: skip
# The columns in which pandas and pm4py number the rows.
INDEX = re.compile(r"|Unnamed: \d+|@@\w+|__index_level_\d+__")
PASSED_OVER = "-"
ACCEPTED = (*OF_A_LOG, *KEYS)
NEAR = 0.85
SHORTEST_SWAPPED = 3


def mapping_of(pairs: list[str]) -> dict[str, str]:
    """`Zyklen=cycles` as a mapping of columns to keys. Raises PathwaysError."""
    found: dict[str, str] = {}
    for one in pairs:
        column, sign, key = one.rpartition("=")
        if not sign or not column.strip():
            raise PathwaysError(f"--map: got {shown(one)}; accepted: COLUMN=KEY, as in Zyklen=cycles")
        key = SAME_AS.get(key.strip(), key.strip())
        if key not in (*ACCEPTED, "start", PASSED_OVER):
            accepted = f"{', '.join(ACCEPTED)}, or - to pass it over{nearest(key, ACCEPTED)}"
            raise PathwaysError(f"--map {column}: got {shown(key)}; accepted: {accepted}")
        found[column.strip()] = key
    return found


@dataclass
class Names:
    """The names of one file: each is looked up once. What means nothing here is kept, to be said in one note."""

    file: str
    own: Mapping[str, str]
    called: str = "column"
    foreign: list[str] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    _known: dict[str, str | None] = field(default_factory=dict)

    def key(self, name: str, line: int, column: int) -> str | None:
        """The key that a column or attribute means; None where it is passed over."""
        name = name.strip()
        if name not in self._known:
            self._known[name] = self._looked_up(name, line, column)
        return self._known[name]

    def _looked_up(self, name: str, line: int, column: int) -> str | None:
        if name in self.own:
            return None if self.own[name] == PASSED_OVER else self.own[name]
        if name in SAME_AS:
            return SAME_AS[name]
        if name in ACCEPTED:
            return name
        if INDEX.fullmatch(name):
            return None
        near = meant(name)
        if near:
            message = f"unknown {self.called} {shown(name)}{near} (--map {shown(name)[1:-1]}=- passes it over)"
            self.problems.append(Problem(self.file, line, column, name, message))
            return None
        self.foreign.append(name)
        return None

    def note(self) -> list[str]:
        """The one sentence about what was passed over."""
        if not self.foreign:
            return []
        names = ", ".join(shown(one)[1:-1] for one in dict.fromkeys(self.foreign))
        return [f"{self.file}: passed over, no keys of a course: {names} (--map COLUMN=KEY reads one)"]


def meant(name: str) -> str:
    """`; did you mean "cycles"?` where a name is an accepted one mistyped, cut short or in other letters; else nothing."""
    wanted = name.strip().lower()
    slip = same_word(wanted, KEYS) or same_word(wanted, OF_A_LOG)
    for near in (
        *difflib.get_close_matches(wanted, ACCEPTED, n=1, cutoff=NEAR),
        *(one for one in ACCEPTED if len(one) >= SHORTEST_SWAPPED and sorted(one) == sorted(wanted)),
    ):
        return f'; did you mean "{near}"?'
    return slip if slip and len(wanted.split("_")) == len(slip.split('"')[1].split("_")) else ""
