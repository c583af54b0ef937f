"""JSON Schema of the file formats, for editors: draft-07, with a title, an example and what is also understood for each key."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any, get_args

from pydantic import BaseModel

from pathways.case.examples_of_keys import EXAMPLES
from pathways.ward.kinds import Kind, keys_of, lineage, units_of
from pathways.ward.words_listed import also_written

DRAFT = "http://json-schema.org/draft-07/schema#"
# How the unit at the end of a key is written.
UNITS = {
    "years": "years", "cm": "cm", "mm": "mm", "kg": "kg", "ml": "ml", "months": "months", "percent": "%", "ng_per_ml": "ng/ml", "u_per_l": "U/l",
    "e9_per_l": "10⁹/l", "g_per_l": "g/l", "umol_per_l": "µmol/l",
}  # fmt: skip


def json_schema(model: type[BaseModel], name: str) -> dict[str, Any]:
    """The draft-07 schema of `model`. `#/$defs/X` references resolve as plain JSON pointers in draft-07 too."""
    schema = _draft07(model.model_json_schema(by_alias=True, mode="validation"))
    models = {one.__name__: one for one in _models(model)}
    for title, part in (schema.get("$defs", {}) | {model.__name__: schema}).items():
        if title in models:
            _for_editors(models[title], part)
    return {"$schema": DRAFT, "$id": f"{name}.schema.json", **schema}


def _models(annotation: Any) -> Iterator[type[BaseModel]]:
    """A model and every model that stands in it."""
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        yield annotation
        for info in annotation.model_fields.values():
            yield from _models(info.annotation)
    for one in get_args(annotation):
        yield from _models(one)


def _for_editors(model: type[BaseModel], part: dict[str, Any]) -> None:
    """Titles, examples, and what else is understood for each word of a list."""
    examples = {key: value for name in reversed(lineage(model)) for key, value in EXAMPLES.get(name, {}).items()}
    for key, found in part.get("properties", {}).items():
        found["title"] = title_of(key)
        if key in examples:
            found["examples"] = list(examples[key]) if isinstance(examples[key], tuple) else [examples[key]]
        kind = keys_of(model)[key].kind
        for place in _enums(found):
            place["enumDescriptions"] = [_described(kind.item or kind, word) for word in place["enum"]]


def _enums(found: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """Every list of words in a property."""
    if all(isinstance(word, str) for word in found.get("enum", (0,))):
        yield found
    for inner in (found.get("items"), *found.get("anyOf", ())):
        if isinstance(inner, dict):
            yield from _enums(inner)


def _described(kind: Kind, word: str) -> str:
    written = also_written(kind.vocabulary, word)
    return f"also understood: {', '.join(written)}" if written else word.replace("_", " ")


def title_of(key: str) -> str:
    """`size_mm` as `size (mm)`."""
    for unit in units_of(key):
        if unit in UNITS and key.endswith(f"_{unit}"):
            return f"{key.removesuffix(f'_{unit}').replace('_', ' ')} ({UNITS[unit]})"
    return key.replace("_", " ")


def schema_text(model: type[BaseModel], name: str) -> str:
    """The schema as the text of a file, one trailing newline."""
    return json.dumps(json_schema(model, name), indent=2, ensure_ascii=False) + "\n"


def _draft07(node: Any) -> Any:
    """Tuples of one type are written with `items`; pydantic's 2020-12 words have draft-07 twins."""
    if isinstance(node, dict):
        out = {key: _draft07(value) for key, value in node.items()}
        # An optional key is left out, not written as null: say so to the editor.
        if isinstance(out.get("anyOf"), list):
            kept = [one for one in out["anyOf"] if one != {"type": "null"}]
            if len(kept) == 1 and "default" in out and out["default"] is None:
                del out["anyOf"], out["default"]
                out = {**kept[0], **out}
            else:
                out["anyOf"] = kept
                if out.get("default", 0) is None:
                    del out["default"]
        # What stands beside a reference is passed over in draft-07.
        if "$ref" in out and len(out) > 1:
            out = {"allOf": [{"$ref": out.pop("$ref")}], **out}
        return out
    if isinstance(node, list):
        return [_draft07(one) for one in node]
    return node
