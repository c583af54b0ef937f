"""The declared space of cases of an objective, and a case drawn from it by keyed luck.

A space is a case with draws in it: `{choose: [...]}`, `{whole: [low, high]}`, `{number: [low, high, step]}`,
`{maybe: value, chance: 0.3}` (absent otherwise: unknown), `{use: name, ...}` (a common part, with its own keys replaced).
Beside `case`, `variants` are alternatives, one of which is laid over it.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from pathways.machine.random_numbers import uniform
from pathways.quick_dataclass import dataclass

ABSENT = object()
DRAWS = ("choose", "whole", "number", "maybe")
WEEKS_A_MONTH = 52 / 12
# Of the regimens in the spaces (FOLFOX, FOLFIRI and what is added to them).
WEEKS_A_CYCLE = 2


@dataclass(frozen=True, slots=True)
class Key:
    """What a draw depends on: the objective, the seed, which of several cases, and the attempt."""

    objective: str
    seed: int
    number: int
    attempt: int

    def draw(self, path: str) -> float:
        """A number in [0, 1) for the place `path` of the case."""
        return uniform(self.seed, self.number, f"{self.objective}/{path}", self.attempt)


def drawn(space: Mapping[str, Any], commons: Mapping[str, Any], key: Key) -> dict[str, Any]:
    """A case of `space` as plain values."""
    whole: Any = space.get("case", {})
    variants = space.get("variants")
    if variants:
        whole = laid_over(whole, _pick(variants, key.draw("variant")))
    found = _resolved(whole, commons, key, "")
    assert isinstance(found, dict)
    return _with_primary_removed(_with_starts(found))


def _with_starts(case: dict[str, Any]) -> dict[str, Any]:
    """Chemotherapy of which only the end is drawn starts as many weeks before as its cycles take."""
    if "history" not in case:
        return case
    history = [
        {"week": one["until_week"] - one["cycles"] * WEEKS_A_CYCLE, **one}
        if one["event"] == "chemotherapy" and "week" not in one
        else one
        for one in case["history"]
    ]
    return {**case, "history": history}


def _with_primary_removed(case: dict[str, Any]) -> dict[str, Any]:
    """The operation on a primary that came before its metastases, in the week that the interval gives."""
    primary, history = case["primary"], list(case.get("history", ()))
    told = any(event["event"] == "primary_resection" for event in history)
    if primary.get("status") != "resected" or primary.get("presentation") != "metachronous" or told:
        return case
    found = min((event["week"] for event in history), default=0)
    event = {
        "week": found - round(primary["interval_months"] * WEEKS_A_MONTH),
        "event": "primary_resection",
        "margin": "r0",
    }
    return {**case, "history": [event, *history]}


def laid_over(below: Any, above: Any) -> Any:
    """`above` over `below`: mappings key by key, everything else replaced."""
    if not isinstance(below, Mapping) or not isinstance(above, Mapping):
        return above
    if any(word in one for word in DRAWS for one in (above, below)):
        return above
    return {**below, **{name: laid_over(below.get(name), value) for name, value in above.items()}}


def _resolved(node: Any, commons: Mapping[str, Any], key: Key, path: str) -> Any:
    if isinstance(node, Mapping):
        return _mapping(node, commons, key, path)
    if isinstance(node, (list, tuple)):
        items = [_resolved(one, commons, key, f"{path}/{index}") for index, one in enumerate(node)]
        return [one for one in items if one is not ABSENT]
    return node


def _mapping(node: Mapping[str, Any], commons: Mapping[str, Any], key: Key, path: str) -> Any:
    if "use" in node:
        own = {name: value for name, value in node.items() if name != "use"}
        base = _resolved(commons[node["use"]], commons, key, path)
        return laid_over(base, _resolved(own, commons, key, path)) if own else base
    if "maybe" in node:
        absent = key.draw(f"{path}?") >= node["chance"]
        return ABSENT if absent else _resolved(node["maybe"], commons, key, path)
    if "choose" in node:
        return _resolved(_pick(node["choose"], key.draw(path)), commons, key, f"{path}!")
    if "whole" in node:
        low, high = node["whole"]
        return low + int(key.draw(path) * (high - low + 1))
    if "number" in node:
        low, high, step = node["number"]
        return round(low + step * int(key.draw(path) * (round((high - low) / step) + 1)), 6)
    found = {name: _resolved(value, commons, key, f"{path}/{name}") for name, value in node.items()}
    return {name: value for name, value in found.items() if value is not ABSENT}


def _pick(several: Any, number: float) -> Any:
    return several[int(number * len(several))]
