"""Words by id: English as the records have it, another language from a file beside this one.

A record (a step, a rule, a property) keeps its English where it is declared; `worded` collects it under an id and gives back the
record in the language in use. Sentences that are made on the way stand as templates in `english`; `say` fills them in.
`PATHWAYS_LANGUAGE=xx` reads `xx.yaml` from this folder, or the file of that path: ids with their words; what is missing stays English.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from dataclasses import is_dataclass, replace
from functools import lru_cache
from pathlib import Path
from typing import Any, TypeVar

from pathways.documents.problems import PathwaysError

Record = TypeVar("Record")
HERE = Path(__file__).parent
_collected: dict[str, str] = {}


@lru_cache(maxsize=1)
def language() -> Mapping[str, str]:
    """Words by id in the language in use; none for English. Raises PathwaysError where the file is none of such words."""
    name = os.environ.get("PATHWAYS_LANGUAGE", "")
    if not name or name == "en":
        return {}
    from pathways.documents.reader import read_file

    file = Path(name) if name.endswith((".yaml", ".yml")) else HERE / f"{name}.yaml"
    if not file.is_file():
        known = ", ".join(sorted(one.stem for one in HERE.glob("*.yaml"))) or "none yet"
        raise PathwaysError(
            f'PATHWAYS_LANGUAGE="{name}": no such language; accepted: en, the name of a file, or: {known}'
        )
    found = read_file(file).value
    if not isinstance(found, dict) or not all(isinstance(one, str) for one in found.values()):
        raise PathwaysError(f"{file.name}: accepted: ids with their words, such as step.discuss.title: ...")
    return found


def words(identity: str, english: str) -> str:
    """What `identity` is called in the language in use; its English is kept for whoever translates."""
    if not english:
        return english
    _collected[identity] = english
    return language().get(identity, english)


def worded(identity: str, record: Record, *fields: str) -> Record:
    """`record` with its `fields` (text, or text by key) in the language in use; the id of each is `identity.field`."""
    assert is_dataclass(record)
    assert not isinstance(record, type)
    changed: dict[str, Any] = {}
    for field in fields:
        value = getattr(record, field)
        if isinstance(value, Mapping):
            said: Any = {key: words(f"{identity}.{field}.{key}", one) for key, one in value.items()}
        else:
            said = words(f"{identity}.{field}", value)
        if said != value:
            changed[field] = said
    return replace(record, **changed) if changed else record


def collected() -> Iterator[tuple[str, str]]:
    """Ids and English of every record that has been put together so far, in alphabetical order."""
    yield from sorted(_collected.items())
