"""A case as the file that was written, changed and read again: what is absent stays absent, what contradicts itself is no case."""

from __future__ import annotations

import copy
import random
from collections.abc import Iterator
from typing import Any

from pydantic import ValidationError

from pathways.case import contradictions
from pathways.case.models import Case
from pathways.knowledge.model import Protocol
from pathways.quick_dataclass import dataclass

Path = tuple[str | int, ...]
Raw = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Neighbour:
    """A patient, or the protocol he is judged by, with one thing otherwise. `key`: where; `words`: what, as a person reads it.

    `beside`: the case it is compared with, where that is not the case at hand (a larger remnant is compared with one measured too).
    """

    key: str
    words: str
    case: Case
    protocol: Protocol
    beside: Case | None = None


def written(case: Case) -> Raw:
    """What the file of `case` said: keys that it did not name are not in it."""
    return case.model_dump(mode="json", by_alias=True, exclude_unset=True)


def read(raw: Raw) -> Case | None:
    """The case of a changed file; None where nobody could have written it."""
    try:
        case = Case.model_validate(raw)
    except ValidationError:
        return None
    return None if any(True for _ in contradictions.of_case(case)) else case


def at(raw: Raw, path: Path) -> Any:
    """What stands at `path`; None where nothing does."""
    here: Any = raw
    for step in path:
        if isinstance(here, dict):
            here = here.get(step)
        elif isinstance(here, list) and isinstance(step, int) and step < len(here):
            here = here[step]
        else:
            return None
    return here


def put(raw: Raw, path: Path, value: Any) -> Raw:
    """A copy of `raw` with `value` at `path`; mappings on the way are made."""
    changed = copy.deepcopy(raw)
    here: Any = changed
    for step in path[:-1]:
        here = here.setdefault(step, {}) if isinstance(here, dict) else here[step]
    here[path[-1]] = value
    return changed


def taken_out(raw: Raw, path: Path) -> Raw:
    """A copy of `raw` without what stands at `path`."""
    changed = copy.deepcopy(raw)
    del at(changed, path[:-1])[path[-1]]
    return changed


def dotted(path: Path) -> str:
    """A path as a person reads it: lesions[0].size_mm."""
    words = ""
    for step in path:
        words += f"[{step}]" if isinstance(step, int) else f".{step}" if words else step
    return words


def key_of(path: Path) -> str:
    """The key of the case format that stands at `path`: without the places in lists."""
    return ".".join(step for step in path if isinstance(step, str))


def entries(raw: Raw, *names: str) -> Iterator[tuple[Path, Raw]]:
    """The entries of the lists `names` at the top of the file, each with its path."""
    for name in names:
        for index, entry in enumerate(raw.get(name) or ()):
            yield (name, index), entry


def drawn_by(name: str) -> random.Random:
    """A source of order and choice that depends on a name alone: the same everywhere, and nothing to keep secret."""
    return random.Random(name)  # noqa: S311
