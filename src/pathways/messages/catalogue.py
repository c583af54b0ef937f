"""Words by id: English as the records have it, another language from a file beside this one.

A record (a step, a rule, a property) keeps its English where it is declared; `worded` collects it under an id and gives back the
record in the language in use. Sentences that are made on the way stand as templates in `english`; `say` fills them in.
`PATHWAYS_LANGUAGE=xx` reads `xx.yaml` from this folder, or the file of that path: ids with their words; what is missing stays English.
"""

from __future__ import annotations

import os
import string
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import is_dataclass, replace
from functools import lru_cache, reduce
from pathlib import Path
from typing import Any, TypeVar

from pathways.documents.problems import PathwaysError, nearest, shown

Record = TypeVar("Record")
HERE = Path(__file__).parent
_collected: dict[str, str] = {}


@lru_cache(maxsize=1)
def language() -> Mapping[str, str]:
    """Words by id in the language in use; none for English. Raises PathwaysError where the file is none of such words."""
    name = os.environ.get("PATHWAYS_LANGUAGE", "")
    if not name or name == "en":
        return {}
    from pathways.documents.reader import is_file, read_file

    file = Path(name) if name.endswith((".yaml", ".yml")) else HERE / f"{name}.yaml"
    if not is_file(file):
        known = ", ".join(sorted(one.stem for one in HERE.glob("*.yaml"))) or "none yet"
        raise PathwaysError(
            f"PATHWAYS_LANGUAGE={shown(name)}: no such language; accepted: en, the name of a file, or: {known}"
        )
    found = read_file(file).value
    if not isinstance(found, dict) or not all(isinstance(one, str) for one in found.values()):
        raise PathwaysError(f"{file.name}: accepted: ids with their words, such as step.discuss.title: ...")
    told = [(one, english, found[one]) for one, english in sentences() if one in found]
    problems = [f"{file.name}: {problem}" for one in told for problem in _problems(*one)]
    if problems:
        raise PathwaysError("\n".join(problems))
    return found


def _problems(identity: str, english: str, said: str) -> Iterator[str]:
    """What is wrong with a template in another language: it takes the fields of the English one, written alike."""
    wanted = fields_of(english)
    try:
        given = fields_of(said)
    except ValueError as error:
        yield f"{identity}: {error}; accepted: text with fields in braces, such as {{limit:.0%}}; a brace itself is doubled"
        return
    for field in sorted(given - wanted):
        yield f"{identity}: got the field {field}; accepted: {_listed(wanted)}{nearest(field, wanted)}"
    for field in sorted(wanted - given):
        yield f"{identity}: lacks the field {field}{nearest(field, given - wanted)}"


def fields_of(template: str) -> frozenset[str]:
    """The fields of a template as they are written: `{value:.0%}`. Raises ValueError where it is no template."""
    written = set()
    for _, name, form, conversion in string.Formatter().parse(template):
        if name is not None:
            written.add("{" + name + (f"!{conversion}" if conversion else "") + (f":{form}" if form else "") + "}")
    return frozenset(written)


def _listed(fields: Iterable[str]) -> str:
    return ", ".join(sorted(fields)) or "no field"


@lru_cache(maxsize=1)
def _templates() -> Mapping[str, str]:
    """Every template by id, in the language in use."""
    return {identity: language().get(identity, english) for identity, english in sentences()}


def sentences() -> Iterator[tuple[str, str]]:
    """Ids and English templates of every sentence that is made on the way, in alphabetical order."""
    from pathways.messages.english import TEMPLATES

    yield from sorted(TEMPLATES.items())


def say(identity: str, /, **values: object) -> str:
    """The sentence `identity` in the language in use, its fields filled in."""
    return _templates()[identity].format(**values)


def called(vocabulary: str, word: str) -> str:
    """What a word of a closed vocabulary is called inside a sentence: `called("vessel", "vena_cava")`."""
    return _templates()[f"{vocabulary}.{word}"]


def joined(words: Iterable[str]) -> str:
    """`a and b`; nothing for no words."""
    found = [*words]
    return reduce(lambda before, last: say("list.and", before=before, last=last), found) if found else ""


def words(identity: str, english: str) -> str:
    """What `identity` is called in the language in use; its English is kept for whoever translates."""
    if not english:
        return english
    _collected[identity] = english
    said = language().get(identity, english)
    if said is not english:
        for problem in _problems(identity, english, said):
            # A note of a step is filled in with cited figures.
            raise PathwaysError(f"{os.environ['PATHWAYS_LANGUAGE']}: {problem}")
    return said


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
