"""A scenario as the text of a file: readable, and the same bytes for the same scenario."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from typing import Any

from pathways.teaching.scenarios.model import Scenario

WIDTH = 118
MODELINE = "# yaml-language-server: $schema=../../docs/schemas/scenario.schema.json"
PLAIN = re.compile(r"[A-Za-z][A-Za-z0-9_./-]*(?: [A-Za-z0-9_./()-]+)*")
# Words that YAML reads as something else than a word.
NOT_PLAIN = ("true", "false", "null")


def scenario_text(scenario: Scenario, remark: str = "") -> str:
    """`scenario` as YAML, with `remark` as a comment on top."""
    plain = scenario.model_dump(mode="json", by_alias=True, exclude_none=True, exclude_defaults=True)
    ordered = {"schema": 1, **{name: value for name, value in plain.items() if name not in ("case", "decisions")}}
    ordered |= {"decisions": plain["decisions"], "case": {"schema": 1, **plain["case"]}}
    head = [MODELINE, *(f"# {line}" for line in remark.splitlines())]
    return "\n".join([*head, *_mapping(ordered, 0)]) + "\n"


def _mapping(node: Mapping[str, Any], depth: int) -> list[str]:
    lines = []
    for name, value in node.items():
        lines += _entry(f"{' ' * depth}{name}:", value, depth + 2)
    return lines


def _entry(head: str, value: Any, depth: int) -> list[str]:
    flow = f"{head} {_flow(value)}"
    if len(flow) <= WIDTH or not isinstance(value, (Mapping, Sequence)) or isinstance(value, str):
        return [flow]
    if isinstance(value, Mapping):
        return [head, *_mapping(value, depth)]
    return [head, *(line for one in value for line in _item(one, depth))]


def _item(value: Any, depth: int) -> list[str]:
    """One entry of a list, on a line of its own or as a block."""
    flow = f"{' ' * depth}- {_flow(value)}"
    if len(flow) <= WIDTH or not isinstance(value, Mapping):
        return [flow]
    first, *rest = _mapping(value, depth + 2)
    return [f"{' ' * depth}- {first.strip()}", *rest]


def _flow(value: Any) -> str:
    if isinstance(value, Mapping):
        return "{" + ", ".join(f"{_key(name)}: {_flow(one)}" for name, one in value.items()) + "}"
    if isinstance(value, (list, tuple)):
        return "[" + ", ".join(_flow(one) for one in value) + "]"
    return _scalar(value)


def _key(name: str) -> str:
    return name if PLAIN.fullmatch(name) else json.dumps(name, ensure_ascii=False)


def _scalar(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float):
        return f"{value:g}"
    if isinstance(value, str) and (not PLAIN.fullmatch(value) or value.lower() in NOT_PLAIN):
        return json.dumps(value, ensure_ascii=False)
    return str(value)
