"""Ratios as they were before the house was rebuilt, and how far they may move: each is measured again and held to its row."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path

TABLE = Path(__file__).with_suffix(".json")
TOLERANCE = 0.10


@dataclass(frozen=True)
class Row:
    """A ratio as frozen: `less` is better, or more; it may be worse by a tenth (`within`), or must be `times` better."""

    value: float
    less: bool
    times: float = 1.0
    within: float = TOLERANCE

    @property
    def bound(self) -> float:
        """The worst that still holds."""
        if self.times != 1.0:
            return self.value / self.times if self.less else self.value * self.times
        return self.value * (1 + self.within) if self.less else self.value / (1 + self.within)

    def holds(self, measured: float) -> bool:
        """Whether a measured ratio is no worse than that."""
        return measured <= self.bound if self.less else measured >= self.bound


def frozen() -> dict[str, Row]:
    """Every row by what it compares."""
    return {name: Row(**row) for name, row in json.loads(TABLE.read_text(encoding="utf-8")).items()}


def check(name: str, measured: float) -> None:
    """Holds a measured ratio to its row. Raises AssertionError that says both."""
    row = frozen()[name]
    assert row.holds(measured), (
        f"{name}: {measured:.2f}, frozen {row.value:.2f}, at {'most' if row.less else 'least'} {row.bound:.2f}"
    )
