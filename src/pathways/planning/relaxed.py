"""Which facts would have to be otherwise for a family to lie on a pathway: every small change at once, in one search.

A walk may pass a guard that refuses under the supposition that a case fact answers otherwise there. Two kinds of supposition are
asked for: one cell of a fact with one other value (`Relaxed.families`), and the facts as two changes leave them (`Relaxed.pairs`).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from functools import cached_property
from itertools import combinations

from pathways.facts.derive import CaseFacts, Key
from pathways.planning.suppositions import AS_IT_IS, Asked, Suppositions
from pathways.process.facts import CASE_FACTS, LIVE_INDEX, NEUTRAL, State
from pathways.process.model import Value
from pathways.quick_dataclass import dataclass

# Facts that say what kind of disease or plan this is: nobody can change them.
GIVEN = ("prior_hepatectomy", "treated_by_target", "followed_up", "lasting_control", "wishes_no_way_out")
# The state a case begins in, where a case could begin otherwise.
START = "start"
OTHERWISE: dict[str, tuple[Value, ...]] = {
    "nature": ("confirmed", "suspected", "mixed"),
    "sites": ("present",),
    "primary": ("in_situ", "absent", "urgent"),
    "extrahepatic": ("present", "none"),
    "control": ("controlled", "progressed"),
    "bile": ("obstructed", "free"),
}
CELLS_OF = {fact.name: fact.keys for fact in CASE_FACTS}
DOMAIN = {fact.name: fact.domain for fact in CASE_FACTS}


@dataclass(frozen=True, slots=True)
class Need:
    """A cell of a case fact (or, as `start`, a live fact at the start) and the values one of which it must have."""

    fact: str
    key: Key
    values: frozenset[Value]

    def met_by(self, facts: CaseFacts) -> bool:
        """Whether `facts` answer as needed."""
        if self.fact == START:
            return facts.start()[LIVE_INDEX[str(self.key[0])]] in self.values
        return facts.cell(self.fact, self.key).value in self.values


class _Cells(Suppositions):
    """One cell of a case fact has one other value, or the case begins otherwise in one live fact."""

    def __init__(self, facts: CaseFacts) -> None:
        super().__init__(facts)
        self.bits: list[tuple[str, Key, Value]] = [("", (), "")]
        self.cells: dict[tuple[str, Key], dict[Value, int]] = {}
        self.masks: dict[Asked, int] = {}

    def under(self, asked: Asked, within: int) -> int:  # noqa: ARG002 - all are known at once
        found = self.masks.get(asked)
        if found is None:
            found = self.masks[asked] = self._under(*asked)
        return found

    def _under(self, fact: str, key: Key, values: frozenset[Value]) -> int:
        now = self.facts.cell(fact, key).value
        cell = self.cells.get((fact, key))
        if cell is None:
            others = () if fact in GIVEN else [value for value in DOMAIN[fact] if value != now]
            cell = self.cells[fact, key] = {value: self._bit(fact, key, value) for value in others}
        if now in values:
            return ~sum(bit for value, bit in cell.items() if value not in values)
        return sum(bit for value, bit in cell.items() if value in values)

    def _bit(self, fact: str, key: Key, value: Value) -> int:
        self.bits.append((fact, key, value))
        return 1 << len(self.bits) - 1

    def starts(self) -> Iterator[tuple[State, int]]:
        yield self.facts.start(), AS_IT_IS
        for name, value, state in _begun_otherwise(self.facts.start()):
            yield state, self._bit(START, (name,), value)

    def needs(self, mask: int) -> tuple[Need, ...]:
        """The suppositions in `mask`, one a cell."""
        values: dict[tuple[str, Key], set[Value]] = {}
        for place, (fact, key, value) in enumerate(self.bits):
            if place and mask >> place & 1:
                values.setdefault((fact, key), set()).add(value)
        return tuple(Need(fact, key, frozenset(some)) for (fact, key), some in values.items())


class _Pairs(Suppositions):
    """Two changes of the case together: a fact that one of them moves answers as after it, any other as it is."""

    def __init__(self, facts: CaseFacts, changed: Sequence[Changed]) -> None:
        super().__init__(facts)
        self.changed = changed
        self.pairs = [
            (one, other)
            for one, other in combinations(range(len(changed)), 2)
            if changed[one].quantity != changed[other].quantity
        ]
        self.rows = [0] * len(changed)
        for place, both in enumerate(self.pairs):
            for one in both:
                self.rows[one] |= 2 << place
        self.moving: dict[str, list[int]] = {}
        self.masks: dict[Asked, tuple[int, int]] = {}
        self.together: dict[str, int] = {}

    def under(self, asked: Asked, within: int) -> int:
        known, found = self.masks.get(asked, (0, 0))
        if within & ~known:
            found = self._under(*asked, within | known)
            self.masks[asked] = within | known, found
        return found

    def _under(self, fact: str, key: Key, values: frozenset[Value], within: int) -> int:
        now = self.facts.cell(fact, key).value
        good = bad = 0
        for place in self._moving(fact):
            row = self.rows[place]
            if not row & within:
                continue
            then = self.changed[place].facts.cell(fact, key).value
            if then in values:
                good |= 0 if then == now else row
            elif then != now:
                bad |= row
        return ~(bad & ~good) if now in values else good | self._together(fact)

    def _moving(self, fact: str) -> list[int]:
        found = self.moving.get(fact)
        if found is None:
            found = [place for place, one in enumerate(self.changed) if fact.startswith(one.touches)]
            self.moving[fact] = found
        return found

    def _together(self, fact: str) -> int:
        """Pairs that both move a fact of the case as a whole: what neither turns alone they may turn together."""
        if CELLS_OF[fact]:
            return 0
        found = self.together.get(fact)
        if found is None:
            found = 0
            for one, other in combinations(self._moving(fact), 2):
                found |= self.rows[one] & self.rows[other]
            self.together[fact] = found
        return found

    def starts(self) -> Iterator[tuple[State, int]]:
        start = self.facts.start()
        yield start, AS_IT_IS
        for place, one in enumerate(self.changed):
            if one.facts.start() != start:
                yield one.facts.start(), self.rows[place]


@dataclass(frozen=True, slots=True)
class Changed:
    """The case after a change of one quantity, and the beginnings of the names of facts that it can move."""

    facts: CaseFacts
    touches: tuple[str, ...]
    quantity: int


@dataclass(frozen=True)
class Relaxed:
    """The search over one case."""

    facts: CaseFacts

    @cached_property
    def open(self) -> frozenset[str]:
        """Families that some pathway carries as the case is."""
        return frozenset(family for family, mask in self._found[1].items() if mask & AS_IT_IS)

    @cached_property
    def families(self) -> Mapping[str, tuple[Need, ...]]:
        """For every family, the single needs under which some pathway may carry it."""
        cells, found = self._found
        return {family: cells.needs(mask) for family, mask in found.items()}

    @cached_property
    def _found(self) -> tuple[_Cells, dict[str, int]]:
        cells = _Cells(self.facts)
        return cells, cells.search()

    def pairs(self, changed: Sequence[Changed]) -> Mapping[str, list[tuple[int, int]]]:
        """For every family, which two of `changed` may open it together."""
        search = _Pairs(self.facts, changed)
        return {
            family: [both for place, both in enumerate(search.pairs) if mask >> place + 1 & 1]
            for family, mask in search.search().items()
        }


def _begun_otherwise(start: State) -> Iterator[tuple[str, Value, State]]:
    for name, values in OTHERWISE.items():
        for value in values:
            if getattr(start, name) != value:
                yield name, value, State(**{**start._asdict(), name: value})


# A start that differs from the neutral one in a fact the start never resets would be no start at all.
assert set(OTHERWISE) <= set(NEUTRAL)
