"""Treatments that bring everything of themselves in one module: steps, facts, and the record of their rule.

A module in this folder with a `TREATMENT` is part of the process; what judges its facts stands under the same name in
`pathways.facts.treatments`. Nothing else has to be told that it is there.
"""

from __future__ import annotations

from importlib import import_module
from pkgutil import iter_modules

from pathways.process.treatments.vocabulary import Treatment

NAMES = tuple(sorted(one.name for one in iter_modules(__path__) if one.name != "vocabulary"))
TREATMENTS: tuple[Treatment, ...] = tuple(import_module(f"{__name__}.{name}").TREATMENT for name in NAMES)
