"""What kind of value a key of a model takes: read off the model, so that a new key is understood without a line of code."""

from __future__ import annotations

import types
from collections.abc import Iterator
from functools import lru_cache
from typing import Any, Literal, Union, get_args, get_origin

from pydantic import BaseModel
from pydantic.fields import FieldInfo

from pathways.quick_dataclass import dataclass
from pathways.ward.table import table, vocabulary_of

SEGMENTS = (1, 8)


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of value. `what`: word place number yes_no text list mapping model, or other for what is left alone.

    `vocabulary`: of a word, and of the words that may stand beside segment numbers; `item`: of a list; `empty`: whether a list may
    hold nothing; `unit`: the names in the table of units.
    """

    what: str
    vocabulary: str = ""
    item: Kind | None = None
    empty: bool = False
    model: type[BaseModel] | None = None
    units: tuple[str, ...] = ()
    whole: bool = False


@dataclass(frozen=True, slots=True)
class Key:
    """A key of a model: its kind, and whether it may be left out."""

    name: str
    kind: Kind
    required: bool


@lru_cache(maxsize=256)
def keys_of(model: type[BaseModel]) -> dict[str, Key]:
    """The keys of a model as a file writes them."""
    found = {}
    for name, info in model.model_fields.items():
        key = info.alias or name
        found[key] = Key(key, _kind(info.annotation, key, info.metadata), info.is_required())
    return found


def lineage(model: type[BaseModel]) -> tuple[str, ...]:
    """The names under which a model is found in the tables: its own, and those of what it stands on."""
    return tuple(one.__name__ for one in model.__mro__)


def units_of(key: str) -> tuple[str, ...]:
    """The names in the table of units for a key: its own, and the longest that ends it (`ng_per_ml`, never `ml`)."""
    ends = sorted((name for name in table().units if key.endswith(f"_{name}")), key=len)
    return (*((key,) if key in table().units else ()), *ends[-1:])


def _kind(annotation: Any, key: str, metadata: Any = ()) -> Kind:
    members = [one for one in _members(annotation) if one is not type(None)]
    if len(members) == 1:
        return _single(members[0], key, metadata)
    kinds = [_single(one, key, metadata) for one in members]
    literal = next((one for one in kinds if one.what == "word"), None)
    if literal and any(one.what == "place" for one in kinds):
        return Kind("place", vocabulary=literal.vocabulary)
    if literal and all(one.what == "word" for one in kinds):
        return Kind("word", vocabulary="|".join(one.vocabulary for one in kinds))
    # A case, or the name of its file: a mapping is the case.
    return next((one for one in kinds if one.what in ("model", "list")), Kind("other"))


def _members(annotation: Any) -> Iterator[Any]:
    if get_origin(annotation) in (Union, types.UnionType):
        for one in get_args(annotation):
            yield from _members(one)
    else:
        yield annotation


def _single(annotation: Any, key: str, metadata: Any) -> Kind:
    if hasattr(annotation, "__metadata__"):
        return _single(annotation.__origin__, key, (*metadata, *_spread(annotation.__metadata__)))
    origin = get_origin(annotation)
    if origin is Literal:
        words = get_args(annotation)
        name = vocabulary_of(words) if all(isinstance(one, str) for one in words) else ""
        return Kind("word", vocabulary=name) if name else Kind("other")
    if origin is tuple:
        return _list(annotation, key, metadata)
    if origin is dict:
        return Kind("mapping") if set(get_args(get_args(annotation)[0])) >= {"1", "8"} else Kind("other")
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return Kind("model", model=annotation)
    return _scalar(annotation, key, metadata)


def _spread(metadata: Any) -> Iterator[Any]:
    for one in metadata:
        yield from one.metadata if isinstance(one, FieldInfo) else (one,)


def _list(annotation: Any, key: str, metadata: Any) -> Kind:
    item, *rest = get_args(annotation)
    if rest != [...]:
        return Kind("other")
    least = max((getattr(one, "min_length", 0) for one in metadata), default=0)
    return Kind("list", item=_kind(item, key), empty=not least)


def _scalar(annotation: Any, key: str, metadata: Any) -> Kind:
    if annotation is bool:
        return Kind("yes_no")
    if annotation is str:
        return Kind("text")
    if annotation not in (int, float):
        return Kind("other")
    bounds = (
        next((one.ge for one in metadata if hasattr(one, "ge")), None),
        next((one.le for one in metadata if hasattr(one, "le")), None),
    )
    if annotation is int and bounds == SEGMENTS:
        return Kind("place")
    return Kind("number", units=units_of(key), whole=annotation is int)
