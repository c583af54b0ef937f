"""From a document to a pydantic model, with every complaint placed in the document.

Decides how a pydantic error is worded for a clinician: what stood there, what is accepted, the nearest valid name.
"""

from __future__ import annotations

import re
import types
from typing import Any, Literal, TypeVar, Union, get_args, get_origin

from pydantic import BaseModel, RootModel, ValidationError

from pathways.documents.problems import DocumentError, same_word, shown
from pathways.documents.reader import Document, Path

Model = TypeVar("Model", bound=BaseModel)

KINDS = {
    "int_type": "a whole number",
    "int_from_float": "a whole number",
    "int_parsing": "a whole number",
    "float_type": "a number",
    "float_parsing": "a number",
    "bool_type": "true or false",
    "bool_parsing": "true or false",
    "string_type": "text",
    "finite_number": "a finite number",
    "tuple_type": "a list, as in {example}",
    "list_type": "a list, as in {example}",
    "dict_type": "a mapping, as in {{key: value}}",
    "model_type": "a mapping, as in {{key: value}}",
    "model_attributes_type": "a mapping, as in {{key: value}}",
    "greater_than_equal": "{ge:g} or more",
    "greater_than": "more than {gt:g}",
    "less_than_equal": "{le:g} or less",
    "less_than": "less than {lt:g}",
    "too_short": "at least {min_length} entries",
    "too_long": "at most {max_length} entries",
    "string_too_short": "text of at least {min_length} characters",
    "string_too_long": "text of at most {max_length} characters",
}


def to_model(document: Document, model: type[Model]) -> Model:
    """`document` as a `model`. Raises DocumentError with every problem, in the order of the file."""
    if not isinstance(document.value, dict):
        message = f"got {shown(document.value)}; accepted: keys such as {', '.join(list(_fields(model, ()))[:4])}"
        raise DocumentError([document.problem((), message)])
    try:
        return model.model_validate(document.value)
    except ValidationError as error:
        problems = _problems(document, model, error)
    except RecursionError:
        problems = [document.problem((), "nested too deep")]
    raise DocumentError(sorted(problems, key=lambda problem: (problem.line, problem.column)))


def _problems(document: Document, model: type[BaseModel], error: ValidationError) -> list[Any]:
    grouped: dict[Path, list[Any]] = {}
    for one in error.errors(include_url=False):
        path = _path_in(document, one["loc"], missing=one["type"] == "missing")
        grouped.setdefault(path, []).append(one)
    # A list that lost its wrong entries looks too short to pydantic: the entries are the mistake.
    parents = {path[:length] for path in grouped for length in range(len(path))}
    return [
        _problem(document, model, path, errors)
        for path, errors in grouped.items()
        if path not in parents or errors[0]["type"] not in ("too_short", "missing")
    ]


def _path_in(document: Document, location: tuple[str | int, ...], *, missing: bool) -> Path:
    """`location` without the names pydantic adds for the members of a union; the last key stays where it is `missing`."""
    path: Path = ()
    value = document.value
    for index, part in enumerate(location):
        if isinstance(value, dict) and (part in value or (missing and index == len(location) - 1)):
            path, value = (*path, part), value.get(part)
        elif isinstance(value, tuple) and isinstance(part, int) and 0 <= part < len(value):
            path, value = (*path, part), value[part]
    return path


def _problem(document: Document, model: type[BaseModel], path: Path, errors: list[Any]) -> Any:
    first = errors[0]
    names = list(_fields(model, path[:-1]))
    unknown = first["type"] == "extra_forbidden"
    if path in document.answers:
        got = f"unknown key {shown(path[-1])}" if unknown else f"got {shown(document.written_at(path))}"
        place = path[:-1] if first["type"] == "missing" else path
        return document.problem(place, f"{got}; {document.answers[path]}", at_key=unknown)
    if unknown:
        message = f"unknown key {shown(path[-1])}; accepted: {', '.join(names)}{same_word(path[-1], names)}"
        return document.problem(path, message, at_key=True)
    if first["type"] == "missing":
        return document.problem(path[:-1], f'the required key "{path[-1]}" is missing; accepted: {", ".join(names)}')
    if first["loc"][-1] == "[key]":
        words = _choices(first.get("ctx", {}))
        hint = same_word(path[-1], words)
        return document.problem(path, f"unknown key {shown(path[-1])}; accepted: {', '.join(words)}{hint}", at_key=True)
    value = document.written_at(path)
    if first["type"] == "value_error":
        return document.problem(path, str(first["ctx"]["error"]))
    example = _example(model, path, value)
    accepted = [_accepted(one["type"], {**one.get("ctx", {}), "example": example}, one["msg"]) for one in errors]
    words = [word for one in errors if one["type"] == "literal_error" for word in _choices(one.get("ctx", {}))]
    described = _description(model, path)
    unique = " or ".join(dict.fromkeys(accepted))
    hint = same_word(value, words) if words and isinstance(value, str) else ""
    only_words = all(one["type"] == "literal_error" for one in errors)
    meaning = f" ({described})" if described and not only_words else ""
    return document.problem(path, f"got {shown(value)}; accepted: {unique}{meaning}{hint}")


def _accepted(error_type: str, context: dict[str, Any], message: str) -> str:
    if error_type == "literal_error":
        return ", ".join(_choices(context))
    template = KINDS.get(error_type, "")
    return template.format(**context) if template else message.lower()


def _choices(context: dict[str, Any]) -> list[str]:
    expected = str(context.get("expected", ""))
    return re.findall(r"'([^']*)'", expected) or [part.strip() for part in re.split(r" or |,", expected)]


def _example(model: type[BaseModel], path: Path, value: Any) -> str:
    """How a list is written where `value` stood in its place."""
    info = _fields(model, path[:-1]).get(str(path[-1])) if path else None
    annotation = info.annotation if info else None
    if _models(annotation):
        return "[{key: value}]"
    words = _words(annotation)
    if words:
        return f"[{value if value in words else words[0]}]"
    return "[1, 2]"


def _words(annotation: Any) -> list[str]:
    """The words that may stand in a list of this annotation; none where numbers may."""
    if get_origin(annotation) is Literal:
        return [str(word) for word in get_args(annotation)]
    if annotation is int:
        return ["1"]
    return [word for argument in get_args(annotation) for word in _words(argument)]


def _models(annotation: Any) -> list[Any]:
    """The models and mappings that may stand under `annotation`, looking through optional, lists and unions."""
    if isinstance(annotation, type) and issubclass(annotation, RootModel):
        return _models(annotation.model_fields["root"].annotation)
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return [annotation]
    if get_origin(annotation) is dict:
        return [annotation]
    if get_origin(annotation) in (Union, types.UnionType, tuple, list) or hasattr(annotation, "__metadata__"):
        return [found for argument in get_args(annotation) for found in _models(argument)]
    return []


def _fields(model: type[BaseModel], path: Path) -> dict[str, Any]:
    models = _models(model)
    for part in path:
        if isinstance(part, str):
            models = [found for one in models for found in _models(_under(one, part))]
    known = [one for one in models if get_origin(one) is not dict]
    return {info.alias or name: info for one in known for name, info in one.model_fields.items()}


def _under(one: Any, key: str) -> Any:
    """The annotation of what stands under `key` of a model or a mapping; nothing where there is no such key."""
    if get_origin(one) is dict:
        return get_args(one)[1]
    info = one.model_fields.get(key)
    return info.annotation if info else None


def _description(model: type[BaseModel], path: Path) -> str:
    named = [part for part in path if isinstance(part, str)]
    if not named:
        return ""
    index = len(path) - 1 - next(i for i, part in enumerate(reversed(path)) if isinstance(part, str))
    info = _fields(model, path[:index]).get(named[-1])
    return (info.description or "") if info else ""
