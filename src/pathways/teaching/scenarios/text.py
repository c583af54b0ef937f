"""A scenario as the text of a file: readable, and the same bytes for the same scenario."""

from __future__ import annotations

from pathways.documents.writing import mapping
from pathways.teaching.scenarios.model import Scenario

MODELINE = "# yaml-language-server: $schema=../../docs/schemas/scenario.schema.json"


def scenario_text(scenario: Scenario, remark: str = "") -> str:
    """`scenario` as YAML, with `remark` as a comment on top."""
    plain = scenario.model_dump(mode="json", by_alias=True, exclude_none=True, exclude_defaults=True)
    ordered = {"schema": 1, **{name: value for name, value in plain.items() if name not in ("case", "decisions")}}
    ordered |= {"decisions": plain["decisions"], "case": {"schema": 1, **plain["case"]}}
    head = [MODELINE, *(f"# {line}" for line in remark.splitlines())]
    return "\n".join([*head, *mapping(ordered)]) + "\n"
