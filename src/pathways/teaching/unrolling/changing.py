"""A case with keys otherwise, each named by its path."""

from __future__ import annotations

import copy
from collections.abc import Mapping
from typing import Any

from pathways.case.loading import load_case
from pathways.case.models import Case
from pathways.documents.problems import PathwaysError, shown

# In place of a value: the key is left out.
LEFT_OUT = "-"


def with_change(case: Case, change: Mapping[str, Any]) -> Case:
    """`case` with the keys of `change` otherwise. Raises PathwaysError where a path leads nowhere or no case comes of it."""
    return load_case(changed_document(case.model_dump(mode="json", by_alias=True, exclude_none=True), change)[0])


def changed_document(raw: Mapping[str, Any], change: Mapping[str, Any]) -> tuple[dict[str, Any], Any, Any]:
    """A document with the change, and the first value before and after."""
    made: dict[str, Any] = {"schema": 1, **copy.deepcopy(dict(raw))}
    first: list[tuple[Any, Any]] = []
    for path, new in change.items():
        place: Any = made
        *parts, last = [int(part) if part.isdigit() else part for part in path.split(".")]
        try:
            for part in parts:
                place = place[part]
            if last == "+":
                old = None
                place.append(new)
                first.append((old, new))
                continue
            old = place[last] if isinstance(last, int) or last in place else None
            if new == LEFT_OUT:
                del place[last]
            else:
                place[last] = new
        except (KeyError, IndexError, TypeError, AttributeError):
            raise PathwaysError(
                f"{shown(path)} leads to no key of the case; accepted: a path as lesions.0.size_mm, or history.+ for one more"
            ) from None
        first.append((old, new))
    return made, *first[0]
