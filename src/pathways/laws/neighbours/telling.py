"""The same patient told otherwise: one key less, another order, an entry in two."""

from __future__ import annotations

import copy
import random
from collections.abc import Iterator
from typing import Any

from pathways.case.models import Case, segment_numbers
from pathways.knowledge.model import Protocol
from pathways.laws.neighbours.files import (
    Neighbour,
    Path,
    Raw,
    dotted,
    drawn_by,
    put,
    read,
    taken_out,
    written,
)
from pathways.messages.catalogue import say

# What is not of the patient: the law asks what is known of him.
NOT_OF_THE_PATIENT = ("schema", "id", "title", "source")
# Lists that answer one question as a whole; taken out, the question is open. Other lists are quantities of their own.
ANSWERED_BY_A_LIST = frozenset({"contacts", "insufficiency", "extrahepatic", "declines"})


# --- one key less -----------------------------------------------------------------------------------------------------


def one_key_less(case: Case, protocol: Protocol) -> Iterator[Neighbour]:
    """Every key of the file that may be absent, taken out alone."""
    raw = written(case)
    for path in _keys(raw, ()):
        changed = read(taken_out(raw, path))
        if changed is not None:
            yield Neighbour(dotted(path), say("neighbour.without", key=dotted(path)), changed, protocol)


def _keys(here: Any, path: Path) -> Iterator[Path]:
    if isinstance(here, dict):
        for name, value in here.items():
            if not path and name in NOT_OF_THE_PATIENT:
                continue
            inner = (*path, name)
            if name in ANSWERED_BY_A_LIST or not isinstance(value, (dict, list)):
                yield inner
            if isinstance(value, (dict, list)):
                yield from _keys(value, inner)
    elif isinstance(here, list):
        for index, value in enumerate(here):
            if isinstance(value, dict):
                yield from _keys(value, (*path, index))


# --- another order ----------------------------------------------------------------------------------------------------


def other_orders(case: Case, protocol: Protocol) -> Iterator[Neighbour]:
    """Keys, lists, and dated events of one week in another order: backwards, each kind alone and all together, and drawn."""
    raw = written(case)
    for kind, turned in (
        ("keys", _keys_backwards(raw)),
        ("lists", _lists_backwards(raw)),
        ("history", {**raw, "history": _weeks_backwards(raw.get("history", []))} if "history" in raw else raw),
        ("all", _keys_backwards(_lists_backwards(raw))),
        ("drawn", _drawn(raw, drawn_by(f"order:{case.id}"))),
    ):
        changed = read(turned)
        if changed is not None and _told(turned) != _told(raw):
            yield Neighbour(kind, say("neighbour.order", what=kind), changed, protocol)


def _told(raw: Any) -> Any:
    """A file with the order of its keys, for comparison."""
    if isinstance(raw, dict):
        return [(key, _told(value)) for key, value in raw.items()]
    return [_told(one) for one in raw] if isinstance(raw, list) else raw


def _keys_backwards(here: Any) -> Any:
    if isinstance(here, dict):
        return {key: _keys_backwards(value) for key, value in reversed(here.items())}
    return [_keys_backwards(one) for one in here] if isinstance(here, list) else here


def _lists_backwards(here: Any, name: str = "") -> Any:
    if isinstance(here, dict):
        return {key: _lists_backwards(value, key) for key, value in here.items()}
    if isinstance(here, list):
        inner = [_lists_backwards(one) for one in here]
        # The order of the history is what happened: only events of one week may change places.
        return _weeks_backwards(inner) if name == "history" else inner[::-1]
    return here


def _weeks_backwards(events: list[Raw]) -> list[Raw]:
    """Dated events of one week, one behind another, turned round; the order of all others means something."""
    found: list[Raw] = []
    group: list[Raw] = []
    for event in [*events, {}]:
        if group and (event.get("week") is None or event.get("week") != group[-1].get("week")):
            found += group[::-1]
            group = []
        group.append(event)
    return found


def _drawn(here: Any, order: random.Random, name: str = "") -> Any:
    if isinstance(here, dict):
        keys = list(here)
        order.shuffle(keys)
        return {key: _drawn(here[key], order, key) for key in keys}
    if isinstance(here, list):
        inner = [_drawn(one, order) for one in here]
        if name != "history":
            order.shuffle(inner)
        return inner
    return here


# --- an entry in two --------------------------------------------------------------------------------------------------


def split_entries(case: Case, protocol: Protocol) -> Iterator[Neighbour]:
    """An entry of several lesions as entries of the same meaning."""
    raw = written(case)
    for index, entry in enumerate(raw["lesions"]):
        for parts in _parts(entry):
            lesions = copy.deepcopy(raw["lesions"])
            lesions[index : index + 1] = [{key: value for key, value in one.items() if key != "id"} for one in parts]
            changed = read(put(raw, ("lesions",), lesions))
            if changed is not None:
                key, counts = f"lesions[{index}]", ", ".join(str(one["count"]) for one in parts)
                yield Neighbour(key, say("neighbour.split", key=key, parts=counts), changed, protocol)


def _parts(entry: Raw) -> Iterator[list[Raw]]:
    """Ways to tell `entry` in several: within one segment, one a segment, or two heaps over the same segments."""
    count, segments = entry.get("count"), segment_numbers(entry["segments"])
    if count in (None, 1):
        return
    if len(segments) == 1:
        yield [{**entry, "count": 1}, {**entry, "count": count - 1}]
    elif count == len(segments):
        yield [{**entry, "segments": [one], "count": 1} for one in segments]
    elif count >= 2 * len(segments):
        yield [{**entry, "count": count // 2}, {**entry, "count": count - count // 2}]
