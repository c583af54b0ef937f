"""Plans, made one at a time and kept for the next click on the same case. What is kept is found by the whole text of a case alone."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Iterable

from pathways.case.models import Case
from pathways.knowledge.model import Protocol
from pathways.planning.plan import Plan, plan

# A plan of a large case holds some megabytes.
MOST_KEPT = 8
_lock = threading.Lock()
_kept: OrderedDict[tuple[str, int], Plan] = OrderedDict()
# Plans are made one after another: two at once on one interpreter would each take twice as long.
_making = threading.Lock()
# What opens a family takes as long as two plans, and nobody waits for a plan behind it.
_opening = threading.Lock()


def planned(text: str, case: Case, protocol: Protocol) -> Plan:
    """The plan of the case that `text` tells, under a protocol."""
    # A kept plan holds its protocol, so that no other is found under its mark.
    key = (text, id(protocol))
    if (found := _found(key)) is not None:
        return found
    with _making:
        if (found := _found(key)) is not None:
            return found
        made = plan(case, protocol)
    with _lock:
        _kept[key] = made
        while len(_kept) > MOST_KEPT:
            _kept.popitem(last=False)
    return made


def _found(key: tuple[str, int]) -> Plan | None:
    with _lock:
        if key in _kept:
            _kept.move_to_end(key)
            return _kept[key]
    return None


def opened(made: Plan, families: Iterable[str], *, waits: bool = True) -> bool:
    """Works out what opens families of a plan, one plan after another; without `waits` only where nobody else is at it. Whether it has."""
    if not _opening.acquire(blocking=waits):
        return False
    try:
        kinds = {one.family: one.kind for one in made.closed}
        for family in families:
            if not made.opens(family) and kinds[family] == "not_needed":
                made.needed_if(family)
    finally:
        _opening.release()
    return True


def ranked_otherwise(made: Plan, *, waits: bool = True) -> bool:
    """Works out what comes first if what is missing turns out otherwise, in the same way. Whether it has."""
    if not _opening.acquire(blocking=waits):
        return False
    try:
        for one in made.find_out_next:
            made.first_then.if_not(one)
        made.first_then.if_measured  # noqa: B018 - kept where it is asked for
    finally:
        _opening.release()
    return True


def forget() -> None:
    """Lets go of every plan."""
    with _lock:
        _kept.clear()
