"""What judges the facts of `pathways.process.treatments`: for each of them a module of the same name, with its `answers`."""

from __future__ import annotations

from importlib import import_module

from pathways.process.treatments import NAMES

JUDGES = tuple(import_module(f"{__name__}.{name}") for name in NAMES)
