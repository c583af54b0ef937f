"""JSON Schema of case and course files, for editors: draft-07, with the editor's modeline."""

from __future__ import annotations

import json
from typing import Any

from pydantic import BaseModel

DRAFT = "http://json-schema.org/draft-07/schema#"


def json_schema(model: type[BaseModel], name: str) -> dict[str, Any]:
    """The draft-07 schema of `model`. `#/$defs/X` references resolve as plain JSON pointers in draft-07 too."""
    schema = _draft07(model.model_json_schema(by_alias=True, mode="validation"))
    return {"$schema": DRAFT, "$id": f"{name}.schema.json", **schema}


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
        return out
    if isinstance(node, list):
        return [_draft07(one) for one in node]
    return node
