"""A rule's answer about the case: allowed, refused or unknown, with reason, value, limit and sources."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import asdict, replace
from typing import Any, Literal

from pathways.messages.catalogue import say
from pathways.process.model import Closing
from pathways.quick_dataclass import dataclass

Answer = Literal["allowed", "refused", "unknown"]
# The key of the case file that a reason names: "(primary.r0_resectable)".
ITEM = re.compile(r"\(([a-z_]+(?:\.[a-z_0-9]+)?(?:, [a-z_A-Z.]+)*)\)")


@dataclass(frozen=True, slots=True)
class Missing:
    """A key of the case that is missing behind a verdict, what is not reported, and what it is taken as.

    `taken`: as good as it can be, or badly, where that leads to an operation and the good end to a lesser one.
    """

    item: str
    reason: str
    assumed: str
    taken: Literal["well", "badly"] = "well"


@dataclass(frozen=True, slots=True)
class Verdict:
    """One finding. `value` and `limit` are in `unit` (remnants: fraction 0-1).

    `assumed` is the labelled assumption under which planning goes on when the answer is unknown; None when nothing is
    assumed. An unknown verdict names in `reason` the item that is missing. `closes`: what a refusal means for a step, a bar or
    that there is nothing to do it to or no need for it; a plan tells it of the family, so it is no key of the verdict.
    `missing`: the items one by one, where several are missing or each has a bad end of its own.
    """

    rule: str
    verdict: Answer
    reason: str
    value: float | str | None = None
    limit: float | str | None = None
    unit: str | None = None
    sources: tuple[str, ...] = ()
    assumed: str | None = None
    closes: Closing = "barred"
    missing: tuple[Missing, ...] = ()

    def as_json(self) -> dict[str, Any]:
        """The verdict as the JSON of the command line shows it."""
        row = asdict(self)
        row["sources"] = list(self.sources)
        del row["closes"], row["missing"]
        for key in ("value", "limit"):
            if isinstance(row[key], float):
                row[key] = round(row[key], 4)
        return row


class Finding:
    """The value of a fact and the verdicts behind it. Verdicts may be told when they are first asked for: of most findings nobody asks why."""

    __slots__ = ("_told", "value")

    def __init__(self, value: str, verdicts: tuple[Verdict, ...] | Callable[[], tuple[Verdict, ...]]) -> None:
        self.value = value
        self._told = verdicts

    @property
    def verdicts(self) -> tuple[Verdict, ...]:
        """What stands behind the value."""
        return self.why()

    def why(self) -> tuple[Verdict, ...]:
        """What stands behind the value, for a finding that stands on this one."""
        if not isinstance(self._told, tuple):
            self._told = self._told()
        return self._told

    def __repr__(self) -> str:
        """The value with what stands behind it."""
        return f"Finding({self.value!r}, {self.verdicts!r})"

    def __eq__(self, other: object) -> bool:
        """Whether the other is of the same value for the same reasons."""
        if not isinstance(other, Finding):
            return NotImplemented
        return self.value == other.value and self.verdicts == other.verdicts

    def __hash__(self) -> int:
        """By the value."""
        return hash(self.value)


def allowed(rule: str, reason: str, **details: Any) -> Verdict:
    """A verdict that lets the step pass."""
    return Verdict(rule, "allowed", reason, **details)


def refused(rule: str, reason: str, **details: Any) -> Verdict:
    """A verdict that closes the step."""
    return Verdict(rule, "refused", reason, **details)


def unknown(rule: str, reason: str, assumed: str, **details: Any) -> Verdict:
    """A verdict that lacks an item; `assumed` says how planning goes on."""
    return Verdict(rule, "unknown", reason, assumed=assumed, **details)


def without(rule: str, missing: Sequence[Missing], words: str = "", **details: Any) -> Verdict:
    """A verdict that lacks `missing`, after `words` where there is something to say before: each item, and its assumption."""
    reason = say(
        "verdict.without",
        words="; ".join([*([words] if words else []), *(one.reason for one in missing)]),
        items=", ".join(one.item for one in missing),
    )
    assumed = "; ".join(one.assumed for one in missing)
    return Verdict(rule, "unknown", reason, assumed=assumed, missing=tuple(missing), **details)


def each_missing(verdicts: Iterable[Verdict]) -> Iterator[Missing]:
    """What is missing behind verdicts that stand on an assumption, item by item."""
    for one in verdicts:
        if one.verdict == "unknown" and one.assumed:
            named = ITEM.search(one.reason)
            item = named[1] if named else one.reason
            yield from one.missing or (Missing(item, one.reason, one.assumed),)


def yes_no(verdict: Verdict, *, strict: bool) -> Finding:
    """A fact of the values yes, assumed, unknown, no from one verdict: in strict use, unknown is not taken as given."""
    if verdict.verdict == "unknown":
        if strict:
            return Finding("unknown", (replace(verdict, assumed=None),))
        return Finding("assumed", (verdict,))
    return Finding("yes" if verdict.verdict == "allowed" else "no", (verdict,))
