"""Laws held against one case: its neighbours made, answered and compared. Deterministic: what is drawn is drawn by the name of the case."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import field
from typing import Any, TypeVar

from pathways.case.models import Case
from pathways.knowledge.model import Protocol
from pathways.laws.answers import Answers
from pathways.laws.laws import LAWS, Law
from pathways.laws.neighbours.files import Neighbour, drawn_by
from pathways.quick_dataclass import dataclass

One = TypeVar("One")
# Neighbours of one case that a law is held against at most, unless all are asked for.
MOST = 24


@dataclass(frozen=True, slots=True)
class Breach:
    """A neighbour that is answered the wrong way."""

    case: str
    neighbour: Neighbour
    strict: bool
    words: str

    def as_json(self) -> dict[str, Any]:
        """The counter-example as the JSON of the command line shows it."""
        return {
            "case": self.case,
            "key": self.neighbour.key,
            "change": self.neighbour.words,
            "strict": self.strict,
            "words": self.words,
        }


@dataclass(slots=True)
class Judged:
    """What became of one law: comparisons, how many were empty, how many moved, which exceptions took how many, breaches."""

    law: Law
    compared: int = 0
    empty: int = 0
    moved: int = 0
    exceptions: Counter[str] = field(default_factory=Counter)
    breaches: list[Breach] = field(default_factory=list)

    @property
    def holds(self) -> bool:
        """Whether nothing broke it."""
        return not self.breaches

    def add(self, other: Judged) -> None:
        """Adds what another case made of the same law."""
        self.compared += other.compared
        self.empty += other.empty
        self.moved += other.moved
        self.exceptions.update(other.exceptions)
        self.breaches += other.breaches

    def as_json(self) -> dict[str, Any]:
        """The law as the JSON of the command line shows it."""
        return {
            "id": self.law.id,
            "holds": self.holds,
            "compared": self.compared,
            "empty": self.empty,
            "exceptions": [{"rule": one.rule, "count": self.exceptions[one.rule]} for one in self.law.exceptions],
            "counter_example": self.breaches[0].as_json() if self.breaches else None,
        }


def hold_against(
    case: Case, protocol: Protocol, laws: Iterable[Law] = tuple(LAWS.values()), most: int | None = MOST
) -> list[Judged]:
    """Every law against the neighbours of one case; at most `most` of them each, all with None."""
    plain, strict = Answers(case, protocol), Answers(case, protocol, strict=True)
    return [_judged(law, (plain, strict) if law.strict_too else (plain,), most) for law in laws]


def _judged(law: Law, befores: Sequence[Answers], most: int | None) -> Judged:
    found = Judged(law)
    chosen = _chosen(list(law.neighbours(befores[0])), most, f"{law.id}:{befores[0].case.id}")
    for neighbour in chosen:
        for before in befores:
            _compare(found, before, neighbour)
    return found


def _compare(found: Judged, before: Answers, neighbour: Neighbour) -> None:
    if neighbour.beside is not None:
        before = Answers(neighbour.beside, before.protocol, strict=before.strict)
    after = Answers(neighbour.case, neighbour.protocol, strict=before.strict)
    compared = found.law.compare(before, after, neighbour)
    found.compared += 1
    found.empty += compared.empty
    found.moved += compared.moved
    if not compared.wrong:
        return
    exception = next((one for one in found.law.exceptions if one.covers(before, after, neighbour)), None)
    if exception is not None:
        found.exceptions[exception.rule] += 1
    else:
        found.breaches.append(Breach(before.case.id, neighbour, before.strict, compared.wrong))


def _chosen(every: list[One], most: int | None, name: str) -> list[One]:
    if most is None or len(every) <= most:
        return every
    return [every[place] for place in sorted(drawn_by(name).sample(range(len(every)), most))]


def together(found: Iterable[Iterable[Judged]]) -> Mapping[str, Judged]:
    """What became of each law over many cases."""
    sums: dict[str, Judged] = {}
    for case in found:
        for one in case:
            sums.setdefault(one.law.id, Judged(one.law)).add(one)
    return sums
