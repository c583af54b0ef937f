"""Conditions over facts, found from examples: which values of which facts tell the rows that hold from those that do not.

A decision tree over the facts: rows that never occur may be answered either way, so the condition stays short.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence

from pathways.process.model import Value

TRUE, FALSE = "true", "false"
Row = tuple[Value, ...]
# Writes "this fact has one of these values"; `reached` are all values the fact takes.
Spelled = Callable[[str, frozenset[Value], frozenset[Value]], str]


def condition(rows: Mapping[Row, bool], facts: Sequence[str], spelled: Spelled) -> str:
    """An expression that is true for the rows that hold and false for the others."""
    reached = {fact: frozenset(row[place] for row in rows) for place, fact in enumerate(facts)}
    return _tree(dict(rows), facts, reached, spelled)


def all_of(*parts: str) -> str:
    """The parts joined by and."""
    kept = [part for part in dict.fromkeys(parts) if part != TRUE]
    if FALSE in kept:
        return FALSE
    return " & ".join(kept) if kept else TRUE


def any_of(*parts: str) -> str:
    """The parts joined by or, in parentheses where there are several."""
    kept = [part for part in dict.fromkeys(parts) if part != FALSE]
    if TRUE in kept:
        return TRUE
    if len(kept) > 1:
        return "(" + " | ".join(f"({part})" if " & " in part else part for part in kept) + ")"
    return kept[0] if kept else FALSE


def _tree(
    rows: dict[Row, bool], facts: Sequence[str], reached: Mapping[str, frozenset[Value]], spelled: Spelled
) -> str:
    answers = set(rows.values())
    if answers == {True}:
        return TRUE
    if True not in answers:
        return FALSE
    place = min(range(len(facts)), key=lambda one: (_disorder(rows, one), one))
    branches: dict[Value, dict[Row, bool]] = {}
    for row, holds in rows.items():
        branches.setdefault(row[place], {})[row] = holds
    together: dict[str, set[Value]] = {}
    for value, inside in branches.items():
        together.setdefault(_tree(inside, facts, reached, spelled), set()).add(value)
    together.pop(FALSE, None)
    here = frozenset(branches)
    return any_of(
        *(
            all_of(spelled(facts[place], frozenset(values), here), under)
            for under, values in sorted(together.items(), key=lambda one: sorted(map(str, one[1])))
        )
    )


def _disorder(rows: Mapping[Row, bool], place: int) -> float:
    """How mixed the branches are when split by the fact at `place`; a fact of one value splits nothing."""
    size: Counter[Value] = Counter()
    holding: Counter[Value] = Counter()
    for row, holds in rows.items():
        size[row[place]] += 1
        holding[row[place]] += holds
    if len(size) == 1:
        return float("inf")
    return sum(2 * holding[value] * (size[value] - holding[value]) / size[value] for value in size) / len(rows)
