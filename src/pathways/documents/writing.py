"""Plain values as YAML: readable, and the same bytes for the same values. What is written is read again as it was."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from typing import Any

WIDTH = 118
PLAIN = re.compile(r"[A-Za-z][A-Za-z0-9_./-]*(?: [A-Za-z0-9_./()-]+)*")
# Words that YAML reads as something else than a word.
NOT_PLAIN = ("true", "false", "null")


def mapping(node: Mapping[str, Any], depth: int = 0) -> list[str]:
    """A mapping as lines of YAML, indented by `depth`: on one line what fits, else as a block."""
    lines = []
    for name, value in node.items():
        lines += _entry(f"{' ' * depth}{name}:", value, depth + 2)
    return lines


def _entry(head: str, value: Any, depth: int) -> list[str]:
    line = f"{head} {flow(value)}"
    if len(line) <= WIDTH or not isinstance(value, (Mapping, Sequence)) or isinstance(value, str):
        return [line]
    if isinstance(value, Mapping):
        return [head, *mapping(value, depth)]
    return [head, *(line for one in value for line in _item(one, depth))]


def _item(value: Any, depth: int) -> list[str]:
    """One entry of a list, on a line of its own or as a block."""
    line = f"{' ' * depth}- {flow(value)}"
    if len(line) <= WIDTH or not isinstance(value, Mapping):
        return [line]
    first, *rest = mapping(value, depth + 2)
    return [f"{' ' * depth}- {first.strip()}", *rest]


def flow(value: Any) -> str:
    """A value on one line."""
    if isinstance(value, Mapping):
        return "{" + ", ".join(f"{_key(name)}: {flow(one)}" for name, one in value.items()) + "}"
    if isinstance(value, (list, tuple)):
        return "[" + ", ".join(flow(one) for one in value) + "]"
    return _scalar(value)


def _key(name: str) -> str:
    return name if PLAIN.fullmatch(name) else json.dumps(name, ensure_ascii=False)


def _scalar(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float):
        return f"{value:g}" if float(f"{value:g}") == value else repr(value)
    if isinstance(value, str) and (not PLAIN.fullmatch(value) or value.lower() in NOT_PLAIN):
        return json.dumps(value, ensure_ascii=False)
    return str(value)
